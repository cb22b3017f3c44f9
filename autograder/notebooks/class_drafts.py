"""A first suite for a class: its methods one after the other, in the order in which they are written.

The author's own solution is run here, to find inputs that the methods take.
"""

from __future__ import annotations

import contextlib
import copy
import inspect
import io
import itertools
import re
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from autograder import kit

_MOST = 300
"""Ways to choose a method's arguments that are tried."""

_SEEDS = range(4)


@dataclass(frozen=True, slots=True)
class _Method:
    name: str
    """Empty for the call of the class itself."""
    kinds: tuple[str, ...]
    compare: str = ""
    """How what it returns is compared, where it can be."""


def tests(kind: type, drawn: Mapping[str, str]) -> tuple[str, bool]:
    """The classes' tests as text, and whether inputs were found for all that it does. `drawn` says how each kind of
    argument is made."""
    names = [name for name, found in vars(kind).items() if inspect.isfunction(found) and not name.startswith("_")]
    wanted = {"": _required(kind), **{name: _required(vars(kind)[name])[1:] for name in names}}
    steps: list[_Method] = []
    for name, parameters in wanted.items():
        ways = (_sorted(drawn, parameter) for parameter in parameters)
        options = itertools.islice(itertools.product(*ways), _MOST)
        found = next((step for kinds in options if (step := _working(kind, steps, name, kinds, drawn))), None)
        if found is None and not name:
            return _text(kind, [], {}, drawn), False
        steps += [found] if found else []
    return _text(kind, steps, _attributes(kind, steps, drawn), drawn), len(steps) == len(wanted)


def _required(function: Callable[..., Any]) -> list[str]:
    return [
        parameter.name
        for parameter in inspect.signature(function).parameters.values()
        if parameter.default is parameter.empty and parameter.kind in (0, 1)
    ]


def _sorted(drawn: Mapping[str, str], parameter: str) -> list[str]:
    return sorted(drawn, key=lambda kind: (kind != "matrix") if parameter.isupper() else (kind == "matrix"))


def _working(
    kind: type, steps: Sequence[_Method], name: str, kinds: tuple[str, ...], drawn: Mapping[str, str]
) -> _Method | None:
    """The method with arguments of these kinds, None where it does not take them after the steps before it."""
    tried = [*steps, _Method(name, kinds)]
    compares = set()
    for seed in _SEEDS:
        try:
            with warnings.catch_warnings(), contextlib.redirect_stdout(io.StringIO()):
                warnings.simplefilter("error")
                *_, (_, result) = _walk(kind, tried, seed, drawn)
        except Exception:
            return None
        compares.add(_comparison(result))
    return _Method(name, kinds, compares.pop() if len(compares) == 1 and name else "")


def _takes_lists(kind: type, steps: Sequence[_Method], drawn: Mapping[str, str]) -> bool:
    """Whether lists are as good to it as arrays."""
    if not any(drawn[one].startswith("rng.") for step in steps for one in step.kinds):
        return False
    for seed in _SEEDS:
        try:
            with contextlib.redirect_stdout(io.StringIO()):
                arrays, lists = (list(_walk(kind, steps, seed, drawn, lists=lists)) for lists in (False, True))
        except Exception:
            return False
        pairs = [(one, other) for (_, one), (_, other) in zip(arrays, lists, strict=True)]
        attributes = _attributes(kind, steps, drawn)
        pairs += [(getattr(arrays[-1][0], name), getattr(lists[-1][0], name, None)) for name in attributes]
        if not all(kit.same(other, one) for one, other in pairs if _comparison(one) == "kit.same"):
            return False
    return True


def _walk(
    kind: type, steps: Sequence[_Method], seed: int, drawn: Mapping[str, str], *, lists: bool = False
) -> Iterator[tuple[Any, Any]]:
    """The object and what each step gives, one after the other."""
    rng = np.random.default_rng(seed)
    names = {"rng": rng, "n": int(rng.integers(4, 9))}
    it: Any = None
    for step in steps:
        arguments = [eval(drawn[one], names) for one in step.kinds]  # our own words for how to draw
        if lists:
            arguments = [one.tolist() if isinstance(one, np.ndarray) else one for one in arguments]
        result = getattr(it, step.name)(*copy.deepcopy(arguments)) if step.name else kind(*arguments)
        it = it if step.name else result
        yield it, result


def _attributes(kind: type, steps: Sequence[_Method], drawn: Mapping[str, str]) -> dict[str, str]:
    """What the object holds in the end that can be compared, and how."""
    *_, (it, _) = _walk(kind, steps, 0, drawn)
    held = {name: value for name, value in getattr(it, "__dict__", {}).items() if not name.startswith("_")}
    return {name: how for name, value in held.items() if (how := _comparison(value))}


def _comparison(value: object) -> str:
    if isinstance(value, str):
        return "kit.said"
    with contextlib.suppress(Exception):
        if np.asarray(value).size and kit.same(value, value):
            return "kit.same"
    return ""


def _text(kind: type, steps: Sequence[_Method], attributes: Mapping[str, str], drawn: Mapping[str, str]) -> str:
    name = kind.__name__
    lines = [f"({''.join(f'{drawn[one]}, ' for one in step.kinds)})," for step in steps] or ["(),"]
    methods = [f"{step.name}_" for step in steps if step.name]
    uses = []
    for place, step in enumerate(steps[1:], 1):
        call = f"{step.name}(*given[{place}])"
        uses += [f"assert {step.compare}(it.{call}, right.{call})"] if step.compare else [f"it.{call}", f"right.{call}"]
    uses += [f"assert {how}(it.{attribute}, right.{attribute})" for attribute, how in attributes.items()]
    if not uses:
        uses = ["assert it != right  # what is right about the object?"]
    stay = next((place for place, step in enumerate(steps) if step.name and step.kinds), None)
    contract = (
        _STAY.format(name=name, before=_before(steps, stay), method=steps[stay].name, place=stay) if stay else _TWO
    )
    return _CLASS.format(
        name=name,
        size="    n = int(rng.integers(4, 9))\n" if re.search(r"\bn\b", "".join(lines)) else "",
        drawn="\n        ".join(lines),
        order=", ".join(["how it is made", *(word[:-1] for word in methods)]),
        uses="".join(f"            {use}\n" for use in uses),
        care=(_LISTS if _takes_lists(kind, steps, drawn) else _MORE).format(name=name),
        again="".join(f"        {use}\n" for use in uses),
        contract=contract,
    )


def _before(steps: Sequence[_Method], stay: int | None) -> str:
    earlier = [step.name for step in steps[1:stay]]
    return "".join(f"        it.{name}(*given[{place}])\n" for place, name in enumerate(earlier, 1))


_LISTS = '''    @kit.hint("Convert what comes in first. A list counts as much as an array.")
    def test_lists(self, student, rng):
        """For lists in the place of arrays the object does not say what is right."""
        given = [[one.tolist() if hasattr(one, "tolist") else one for one in step] for step in given_to_{name}(rng)]
'''

_MORE = '''    @kit.hint("What happens for very large, very small and equal numbers?")
    def test_unusual_numbers(self, student, rng):
        """For unusual inputs the object does not say what is right."""
        given = given_to_{name}(rng)  # which inputs are unusual here?
'''

_STAY = '''    @kit.hint("Work on a copy of what comes in, and change only that.")
    def test_inputs_stay(self, student, rng):
        """The inputs are not what they were before the call."""
        given = given_to_{name}(rng)
        it = student.{name}(*given[0])
{before}        assert kit.identical(given[{place}], tuple(it.{method}.after(*given[{place}])))
'''

_TWO = '''    @kit.hint("What belongs to one object is kept in self, and set when it is made.")
    def test_two_objects(self, student, rng):
        """Two objects must not be one and the same."""
        given = given_to_{name}(rng)
        assert student.{name}(*given[0]) != student.{name}(*given[0])
'''

_CLASS = '''

def given_to_{name}(rng):
    """Inputs that nobody sees, in this order: {order}."""
{size}    return (
        {drawn}
    )


class Test_{name}:
    @kit.value
    @kit.hint("Go through one small case by hand. Does your object say the same?")
    def test_values(self, student, rng):
        """For some inputs the object does not say what is right."""
        for _ in range(5):
            given = given_to_{name}(rng)
            it, right = student.{name}(*given[0]), reference.{name}(*given[0])
{uses}
    @kit.numerical
{care}        it, right = student.{name}(*given[0]), reference.{name}(*given[0])
{again}
    @kit.contract
{contract}'''
