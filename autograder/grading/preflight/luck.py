"""What somebody gets right who has understood nothing: constants, an argument handed back, an obvious guess."""

from __future__ import annotations

import inspect
import itertools
import math
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from autograder.grading.diagnosis.probe import replied
from autograder.grading.diagnosis.reply import same
from autograder.grading.script import script_of
from autograder.notebooks.units import Unit
from autograder.session.dialogue import Call

Function = Callable[..., Any]

_CONSTANTS = (0.0, 0.5, 1.0, -1.0, math.log(2), math.inf, math.nan, None, "a")

_GUESSES: Mapping[str, Function] = {
    "the first argument": lambda *given, **_: given[0],
    "the last one": lambda *given, **_: given[-1],
    "the mean of the first": lambda *given, **_: float(np.mean(given[0])),
}


def ways(unit: Unit, name: str) -> dict[str, Function]:
    """Lucky functions and classes, by what they do. A guess that is right is none of them."""
    right = getattr(unit.reference, name)
    return {**_constants(), **_guesses(unit, name, right), **_classes(right)}


def _constants() -> dict[str, Function]:
    always: dict[str, Function] = {f"always {value}": lambda *_, v=value, **__: v for value in _CONSTANTS}
    numbers = [value for value in _CONSTANTS if isinstance(value, float)]
    return always | {
        f"always {value} in shape": lambda first, *_, v=value, **__: np.full(np.shape(first), v) for value in numbers
    }


def _guesses(unit: Unit, name: str, right: Function) -> dict[str, Function]:
    """In a unit about means a mean is no luck."""
    lines = script_of(unit, f"test_{name}", 0)
    calls = [_redrawn(line.call) for line in lines if line.kind == "value" and not line.call.kwargs]
    return {words: guess for words, guess in _GUESSES.items() if not _agree(guess, right, calls)}


def _redrawn(call: Call) -> Call:
    """A call like this one, with other numbers, and more of them."""
    rng = np.random.default_rng(len(call.args))

    def another(given: Any) -> Any:
        array = np.asarray(given)
        if array.dtype.kind not in "iuf":
            return given
        more = np.resize(array, (len(array) + 3, *array.shape[1:])) if array.ndim else array
        return more * rng.uniform(0.5, 1.0, size=more.shape)

    return replace(call, args=tuple(map(another, call.args)))


def _agree(one: Function, other: Function, calls: list[Call]) -> bool:
    """Whether two functions return the same, wherever both return something: the arguments are made up."""
    replies = [(replied(one, call), replied(other, call)) for call in calls]
    returned = [pair for pair in replies if not any(reply.failed for reply in pair)]
    return bool(returned) and all(same(*pair) for pair in returned)


def _classes(right: object) -> dict[str, Function]:
    """Classes whose methods all return one constant, or the object itself, and whose attributes are that constant."""
    if not inspect.isclass(right):
        return {}
    methods = {name for name, found in inspect.getmembers(right) if callable(found)}

    def lucky(constant: object, *, chain: bool) -> type:
        class Lucky:
            def __init__(self, *_: object, **__: object) -> None:
                """Takes anything."""

            def __getattr__(self, name: str) -> object:
                if name.startswith("__"):
                    raise AttributeError(name)
                return (lambda *_, **__: self if chain else constant) if name in methods else constant

        return Lucky

    both = itertools.product(_CONSTANTS, (True, False))
    return {f"an object of {c}, {'chained' if chain else 'plain'}": lucky(c, chain=chain) for c, chain in both}
