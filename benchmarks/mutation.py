"""The reference, changed by machine: each change must lose points, or it changes nothing that was promised.

The changes are made by the mutation operators of cosmic-ray (`pip install cosmic-ray`; not among our dependencies, only
this command needs it), and by one operator that it lacks: a statement left out. The changed module plays the student;
the suite keeps the unchanged one to compare with.
"""

from __future__ import annotations

import ast
import contextlib
import copy
import inspect
import signal
import sys
import tomllib
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Literal

from benchmarks.trials import COURSE, UNITS, failed_tests, functions

EQUIVALENT = Path(__file__).parent / "equivalent.toml"
"""The changes that nobody who keeps to the contract can notice, each with the reason."""

SEEDS = (0, 1, 2)
PATIENCE = 10
"""Seconds for all tests of one changed module; who takes longer has an endless loop."""

Verdict = Literal["killed", "survived", "fault"]


@dataclass(frozen=True, slots=True)
class Mutant:
    """One change of one line, or one statement left out."""

    module: str
    function: str
    before: str
    after: str
    source: str

    @property
    def words(self) -> str:
        return f"{self.before} → {self.after}"


class _TooLong(Exception):
    pass


def mutants(module: str) -> Iterator[Mutant]:
    """All changes of one reference module that change what it does at all."""
    source = _path(module).read_text()
    seen = {_meaning(source)}
    for changed in (*_by_operators(source), *_by_omission(source)):
        meaning = _meaning(changed)
        if meaning is not None and meaning not in seen:
            seen.add(meaning)
            yield Mutant(module, *_difference(source, changed), changed)


def judge(mutant: Mutant, topics: tuple[str, ...]) -> Verdict:
    """Killed where the tests of some topic fail on every seed."""
    verdicts = [_judge(mutant, topic) for topic in topics]
    return "fault" if "fault" in verdicts else "killed" if "killed" in verdicts else "survived"


def known() -> dict[str, dict[str, str]]:
    """By module: the changes that are known to be equivalent, and why."""
    return tomllib.loads(EQUIVALENT.read_text()) if EQUIVALENT.is_file() else {}


def _judge(mutant: Mutant, topic: str) -> Verdict:
    with warnings.catch_warnings(), _limited():
        warnings.simplefilter("ignore")
        try:
            changed = _load(mutant, topic)
        except Exception:
            return "killed"
        try:
            noticed = [any(failed_tests(topic, n, getattr(changed, n), s) for n in functions(topic)) for s in SEEDS]
            return "killed" if all(noticed) else "survived"
        except _TooLong:
            return "killed"
        except Exception as error:
            print(f"{mutant.module}: {mutant.words}: the suite fails by itself: {error!r}", file=sys.stderr)
            return "fault"


def _path(module: str) -> Path:
    """Where a unit's reference lies, or a module that several references share."""
    if module in UNITS:
        return COURSE / "course" / UNITS[module].name / "reference.py"
    return COURSE / "course" / f"{module}.py"


def _load(mutant: Mutant, topic: str) -> ModuleType:
    """The topic's reference module with the change in it, or in the module that it imports."""
    package = UNITS[topic].reference.__package__
    if mutant.module == topic:
        return _executed(f"{package}.reference", mutant.source)
    name = f"{package}.{mutant.module}"
    with _in_place_of(name, _executed(name, mutant.source)):
        return _executed(f"{package}.reference", _path(topic).read_text())


def _executed(name: str, source: str) -> ModuleType:
    module = ModuleType(name)
    module.__package__ = name.rpartition(".")[0]
    exec(compile(source, name, "exec"), vars(module))  # noqa: S102  (our own reference, changed in one place)
    return module


@contextlib.contextmanager
def _in_place_of(name: str, module: ModuleType) -> Iterator[None]:
    original = sys.modules.get(name)
    sys.modules[name] = module
    try:
        yield
    finally:
        if original is None:
            del sys.modules[name]
        else:
            sys.modules[name] = original


@contextlib.contextmanager
def _limited() -> Iterator[None]:
    def stop(*_: object) -> None:
        raise _TooLong

    before = signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, PATIENCE)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def _by_operators(source: str) -> Iterator[str]:
    from cosmic_ray import plugins
    from cosmic_ray.mutating import mutate_code

    for name in sorted(plugins.operator_names()):
        operator = plugins.get_operator(name)
        if "operator_args" in inspect.signature(operator).parameters or name.startswith("core/Variable"):
            continue
        for occurrence in range(10_000):
            changed = mutate_code(source, operator(), occurrence)
            if changed is None:
                break
            yield changed


def _by_omission(source: str) -> Iterator[str]:
    """The source without one statement of a function; a branch or a loop goes as a whole."""
    places = [
        (number, field, place)
        for number, node in enumerate(ast.walk(ast.parse(source)))
        if isinstance(node, ast.FunctionDef | ast.For | ast.While | ast.If | ast.With)
        for field in ("body", "orelse")
        for place, _ in enumerate(getattr(node, field, ()))
    ]
    for number, field, place in places:
        tree = ast.parse(source)
        node = next(node for count, node in enumerate(ast.walk(tree)) if count == number)
        statement = getattr(node, field)[place]
        if not (isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)):
            getattr(node, field)[place] = ast.copy_location(ast.Pass(), statement)
            yield ast.unparse(tree)


def _meaning(source: str) -> str | None:
    """What the source says to Python, without annotations, docstrings and the words of errors.

    None where it is no Python."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            tree = ast.parse(source)
        except SyntaxError:
            return None
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef):
            node.returns = None
            node.body = [s for s in node.body if not (isinstance(s, ast.Expr) and isinstance(s.value, ast.Constant))]
        elif isinstance(node, ast.arg):
            node.annotation = None
        elif isinstance(node, ast.Raise) and isinstance(node.exc, ast.Call):
            node.exc.args = []  # the words of an error are nobody's promise
    return ast.dump(tree)


def _difference(source: str, changed: str) -> tuple[str, str, str]:
    """The function in which the two differ, and its differing lines."""
    before, after = _functions(source), _functions(changed)
    name = next((name for name in before if before[name] != after.get(name)), "")
    lines = (before.get(name, []), after.get(name, []))
    old = [line for line in lines[0] if line not in lines[1]]
    new = [line for line in lines[1] if line not in lines[0]]
    if not old and not new and len(lines[0]) != len(lines[1]):  # a line that stands there twice
        old = ["a line that stands there twice"]
    return name, "; ".join(map(str.strip, old)), "; ".join(map(str.strip, new)) or "nothing"


def _functions(source: str) -> dict[str, list[str]]:
    """The lines of each function, in one layout and without docstring, and those outside of all functions."""
    tree = ast.parse(source)
    found = {"": [ast.unparse(node) for node in tree.body if not isinstance(node, ast.FunctionDef)]}
    for node in tree.body:
        if isinstance(node, ast.FunctionDef):
            plain = copy.deepcopy(node)
            if ast.get_docstring(plain) is not None:
                plain.body = plain.body[1:] or [ast.Pass()]
            found[node.name] = ast.unparse(plain).splitlines()
    return found


def main() -> int:
    """Print the mutants that are neither killed nor known to be equivalent."""
    from benchmarks.written import catalogued

    wanted = tuple(sys.argv[1:]) or (*catalogued(), "inputs")
    lists = known()
    bad = 0
    for module in wanted:
        counts = {"killed": 0, "equivalent": 0, "survived": 0, "fault": 0}
        for mutant in mutants(module):
            verdict: str = judge(mutant, catalogued() if module == "inputs" else (module,))
            if verdict == "survived" and mutant.words in lists.get(module, {}):
                verdict = "equivalent"
            counts[verdict] += 1
            if verdict in ("survived", "fault"):
                print(f"{verdict} in {module}.{mutant.function}: {mutant.words}")
                bad += 1
        print(module, counts)
    return min(bad, 1)


if __name__ == "__main__":
    sys.exit(main())
