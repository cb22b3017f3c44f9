"""Whatever a process beyond the wall replies, it is a verdict on the student and never a fault of the grader's.

A fault leaves the whole notebook ungraded, which some would prefer to their points. The values are drawn by a seeded
generator from all that may cross the wall, and each one does cross it; some calls are answered rightly, so that tests
come as far as their last line."""

from __future__ import annotations

import copy
import json
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import fields, is_dataclass
from typing import Any, ClassVar, get_args

import handmade
import numpy as np
import pytest
from miniature import COURSE, add

from autograder import kit
from autograder.grading import suite
from autograder.grading.grade import grade
from autograder.grading.local import Local
from autograder.notebooks import assignment
from autograder.notebooks.submission import merge, parse
from autograder.session.dialogue import (
    Call,
    Ended,
    Lost,
    NotThere,
    Raised,
    StudentError,
    StudentValueError,
    Timeout,
    Unusable,
)
from autograder.session.kept import Kept, holds, swapped
from autograder.wall.both import protocol
from autograder.wall.both.objects import MOST, Thing
from autograder.wall.both.protocol import Done, Reply, Request
from autograder.wall.both.wire import decode, encode
from autograder.wall.outside.process import Gone

SCALARS: list[Any] = [None, True, False, 0, 1, -1, 3, 2**63, 2**64, -(2**70), 10**400, 0.0, -0.0, 0.5, 1e308, 5e-324]
SCALARS += [float("nan"), float("inf"), -float("inf"), "", "a", "b", "B ", "gap", "no-skill", "\ud800", "\0", "x" * 999]
DTYPES = "|b1 |i1 |u1 <i2 <u2 <f2 <i4 <u4 <f4 <i8 <u8 <f8".split()
SHAPES = [(), (0,), (1,), (2,), (3,), (7,), (1, 1), (2, 3), (3, 2), (0, 3), (3, 0), (2, 2, 2), (1,) * 9]


class Zoo:
    """Draws any value that may cross the wall."""

    def __init__(self, seed: int) -> None:
        self.rng = np.random.default_rng(seed)

    def one_of(self, values: Sequence[Any]) -> Any:
        return values[int(self.rng.integers(len(values)))]

    def value(self, depth: int = 0) -> Any:
        kind = int(self.rng.integers(6 if depth < 3 else 3))
        if self.rng.random() < 0.05:
            return Thing(
                int(self.rng.choice([0, 1, 2, 7, MOST - 1])), self.one_of(["Ridge", "", "a\x1b[2J\nb", "x" * 100])
            )
        if kind < 2:
            return self.one_of(SCALARS)
        if kind == 2:
            return self.array()
        parts = [self.value(depth + 1) for _ in range(self.rng.integers(5))]
        if kind == 3:
            return parts
        return tuple(parts) if kind == 4 else {f"{n}": part for n, part in enumerate(parts)}

    def array(self) -> np.ndarray:
        dtype, shape = np.dtype(self.one_of(DTYPES)), self.one_of(SHAPES)
        if dtype.kind == "b":
            return self.rng.integers(2, size=shape).astype(dtype)
        raw = self.rng.bytes(dtype.itemsize * int(np.prod(shape)))
        return np.frombuffer(raw, dtype).reshape(shape) if self.rng.random() < 0.5 else np.zeros(shape, dtype)

    def near(self, right: Any) -> Any:
        """A right value of which one part is something else."""
        if isinstance(right, np.ndarray) and right.ndim:
            right = list(right) if self.rng.random() < 0.5 else right.tolist()
        if isinstance(right, list | tuple) and len(right):
            place = int(self.rng.integers(len(right)))
            parts = [self.near(part) if index == place else part for index, part in enumerate(right)]
            return parts if isinstance(right, list) else tuple(parts)
        return self.value()


class Student:
    """Answers rightly, nearly, or with anything."""

    def __init__(self, zoo: Zoo, reference: Any, honest: float) -> None:
        self.zoo, self.reference, self.honest = zoo, reference, honest
        self.calls = 0

    def call(self, name: str, args: tuple[Any, ...], kwargs: dict[str, Any], *, after: bool = False) -> Any:
        self.calls += 1
        right = None
        try:
            right = args if after else getattr(self.reference, name)(*copy.deepcopy(args), **kwargs)
        except ValueError:
            if self.zoo.rng.random() < self.honest:
                raise StudentValueError(Raised("ValueError", True, "", "")) from None
        if self.zoo.rng.random() < self.honest:
            return decode(encode(right))
        return self.odd(right)

    def use(self, kept: Kept, what: str, args: tuple[Any, ...], kwargs: dict[str, Any], *, after: bool = False) -> Any:
        return self.odd(args if after else None)

    def odd(self, right: Any) -> Any:
        match int(self.zoo.rng.integers(12)):
            case 0:
                raise StudentError(Raised("KeyError", False, "", ""))
            case 1:
                raise StudentValueError(Raised("ValueError", True, "", ""))
            case 2:
                raise self.zoo.one_of([Timeout, Ended, NotThere])("name")
            case 3:
                return Unusable(self.zoo.one_of(["complex", "other"]))
            case 4 | 5 | 6:
                return self.crossed(self.zoo.value())
            case _:
                return self.crossed(self.zoo.near(right))

    def crossed(self, value: Any) -> Any:
        return swapped(decode(encode(value)), Thing, lambda thing: Kept(thing, 0, "f"))

    def answer(self, name: str) -> Any:
        return self.odd(self.zoo.value())

    def ahead(self, calls: Sequence[Call]) -> None:
        return None


class OddObjects(Local):
    """Classes that are right, but for some of their replies, which are anything."""

    def __init__(self, zoo: Zoo, reference: Any, honest: float) -> None:
        super().__init__(vars(reference))
        self.other = Student(zoo, reference, 0.0)
        self.honest = honest

    def call(self, name: str, args: tuple[Any, ...], kwargs: Any, *, after: bool = False) -> Any:
        return self.perhaps(lambda: super(OddObjects, self).call(name, args, kwargs, after=after))

    def use(self, kept: Kept, what: str, args: tuple[Any, ...], kwargs: Any, *, after: bool = False) -> Any:
        return self.perhaps(lambda: super(OddObjects, self).use(kept, what, args, kwargs, after=after))

    def perhaps(self, ask: Callable[[], Any]) -> Any:
        right = ask()
        if self.other.zoo.rng.random() < self.honest:
            return right
        if self.other.zoo.rng.random() < 0.1:
            raise Lost("Ridge")
        odd = swapped(self.other.zoo.value(), Thing, self.kept)
        return odd if self.other.zoo.rng.random() < 0.5 else self.other.odd(None if holds(right, Kept) else right)

    def kept(self, thing: Thing) -> Kept:
        """An object of its own, of nobody, or of another process."""
        return Kept(thing, self.other.zoo.one_of([self._life, self._life, 0]), "Ridge")


@pytest.fixture(scope="module")
def classes(tmp_path_factory):
    return handmade.course(tmp_path_factory.mktemp("classes"))


def test_no_object_is_a_fault_of_a_suite(classes):
    its = handmade.unit(classes)
    cells = frozenset(task.cell for task in its.tasks)
    verdicts = Counter()
    for seed in range(150):
        student = OddObjects(Zoo(seed), its.unit.reference, (0.5, 0.8, 0.95, 0.99)[seed % 4])
        outcomes = suite.run(its.unit, student, seed=seed, cells=cells)
        verdicts.update(outcome.verdict for outcome in outcomes)
        assert [(o.name, o.detail) for o in outcomes if o.verdict == "fault"] == [], seed
    assert verdicts.keys() == {"passed", "wrong", "error", "timeout", "ended", "missing", "unjudged"}
    assert min(verdicts.values()) >= 3, verdicts


NAMES = assignment.names(COURSE)
CALLS = 3_500
"""Strange calls of each unit's suite."""


def test_all_units_are_asked_often_enough():
    assert len(NAMES) == 7
    assert len(NAMES) * CALLS >= 20_000


@pytest.mark.parametrize("name", NAMES)
def test_no_value_is_a_fault_of_a_suite(name):
    its = assignment.load(name, COURSE)
    reference = its.unit.reference
    cells = frozenset(task.cell for task in its.tasks if task.kind != "manual")
    calls, seed, faults, asked = 0, 0, set(), set()
    while calls < CALLS:
        student = Student(Zoo(seed), reference, (0.0, 0.6, 0.9, 0.97)[seed % 4])
        outcomes = suite.run(its.unit, student, seed=seed, cells=cells)  # type: ignore[arg-type]
        faults |= {(seed, o.cell, o.name, o.detail) for o in outcomes if o.verdict == "fault"}
        asked |= {outcome.cell for outcome in outcomes}
        calls, seed = calls + student.calls, seed + 1
    assert faults == set()
    assert asked == cells


@pytest.mark.parametrize("seed", range(20))
def test_no_comparison_raises_whatever_it_compares(seed):
    zoo = Zoo(seed)
    for _ in range(300):
        value = decode(encode(zoo.value()))
        expected = zoo.one_of([0.5, np.array([1.0, 2.0]), np.zeros((2, 2)), [1, 0, 1], (1.0, [2, 3]), np.array([1])])
        changed = decode(encode(zoo.near(expected)))
        verdicts = [kit.identical(expected, value), kit.identical(expected, changed), kit.is_scalar(value)]
        verdicts += [kit.said(value, "gap"), kit.chose(value, "b"), kit.close(value, 0.5)]
        if not isinstance(expected, tuple):
            verdicts += [kit.same(value, expected), kit.same(changed, expected)]
        assert {type(verdict) for verdict in verdicts} == {bool}
        assert kit.identical(expected, decode(encode(expected)))


def test_an_input_is_what_it_was_only_where_every_entry_is():
    assert kit.identical([1.0, float("nan")], [1.0, float("nan")])
    assert kit.identical([np.float64(1.5), np.int64(2)], decode(encode([np.float64(1.5), np.int64(2)])))
    for changed in ([np.array([1.0, 2.0]), 2], [[1], 2], [1], (1, 2), [1, 3], [None, 2], [1, Unusable("other")], "12"):
        assert not kit.identical([1, 2], changed), changed


class Forged:
    """A process that replies to every request with a message of the right form and any content."""

    charged = 0.0
    KINDS = tuple(kind for kind in vars(protocol).values() if is_dataclass(kind) and issubclass(kind, Reply))
    FITTING: ClassVar = {
        "RunCell": (protocol.CellRan,),
        "CallFunction": (protocol.Value, protocol.Raised, protocol.Missing, protocol.Uncrossable),
        "UseObject": (protocol.Value, protocol.Value, protocol.Raised, protocol.Uncrossable),
        "ReadVariable": (protocol.Value, protocol.Missing, protocol.Uncrossable),
        "DescribeName": (protocol.Described,),
    }

    def __init__(self, zoo: Zoo) -> None:
        self.zoo = zoo

    @property
    def threads(self) -> int:
        """As many as it likes, another number each time."""
        return int(self.zoo.rng.integers(1, 4))

    def ask(self, request: Request, seconds: float) -> Reply:
        return Done()  # to the assignment's files, before a student's code is there

    def ask_all(self, requests: Sequence[bytes], seconds: float, budget: object = None) -> Iterator[bytes]:
        for request in requests:
            if self.zoo.rng.random() < 0.005:
                raise Gone("it ended")
            yield encode(self.reply(protocol.read(decode(request), Request)))

    def reply(self, request: Request) -> object:
        """Mostly of a kind that belongs to the request: anything else ends the process, and with it all others."""
        if self.zoo.rng.random() < 0.002:
            return self.zoo.value()
        fitting = self.FITTING.get(type(request).__name__, self.KINDS)
        return self.message(self.zoo.one_of(fitting if self.zoo.rng.random() < 0.995 else self.KINDS))

    def message(self, kind: type[Reply]) -> list[Any]:
        return [kind.__name__, *(self.content(str(field.type)) for field in fields(kind))]

    def content(self, kind: str) -> Any:
        if self.zoo.rng.random() < 0.001:
            return self.zoo.value()
        match kind:
            case "bool":
                return bool(self.zoo.rng.random() < 0.5)
            case "str":
                return self.zoo.one_of(["KeyError", "", "a\x1b[2J\nb", "\ud800", "x" * 9999])
            case "Category":
                return self.zoo.one_of(get_args(protocol.Category))
            case "tuple[str, ...] | None":
                return self.zoo.one_of([None, ("y", "p"), ["x" * 999] * 999])
            case "Raised | None":
                return None if self.zoo.rng.random() < 0.5 else self.message(protocol.Raised)
        text = json.dumps([{"output_type": self.zoo.one_of(["stream", "error", 3]), "text": self.zoo.one_of(SCALARS)}])
        outputs = np.frombuffer(text.encode("utf-8", "replace"), np.uint8)
        return outputs if self.zoo.rng.random() < 0.5 else self.zoo.value()

    def end(self) -> None:
        pass


class Forger:
    def __init__(self, seed: int) -> None:
        self.zoo = Zoo(seed)

    def open(self, *, figures: str) -> Forged:
        return Forged(self.zoo)


@pytest.mark.parametrize("name", [*assignment.names(COURSE), "ps1"])
def test_no_forged_reply_is_a_fault_of_the_grader(name, classes):
    course = classes if name == "ps1" else COURSE
    its = assignment.load(name, course)
    made = json.loads((course / "release" / name / f"{name}.ipynb").read_bytes())
    hostile = {"cell_type": "code", "metadata": {}, "source": "forge()"}
    made["cells"].insert(0, hostile)  # before which no process is
    for task in its.tasks:  # attempts, so that something is asked about each
        add(made, f"def {task.name}(*args): return 1" if task.is_code else f"{task.name} = 1")
    submission = merge(parse(json.dumps(made).encode())[0], its)
    for seed in range(6 if course == COURSE else 60):
        found = grade(its, submission, Forger(seed), seed=seed).report  # type: ignore[arg-type]
        assert found.status == "graded", (seed, found.reason)
        found.json().encode()
