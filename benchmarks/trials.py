"""Hidden suites held against functions of this very process. Nothing here needs a wall: all of it is our own code.

Thousands of candidates and seeds are tried, so the tests are called without pytest's machinery around each of them. The
numbers that a test draws for a seed are those that it draws in a real run.
"""

from __future__ import annotations

import inspect
import zlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, get_args

import numpy as np
import pytest

from autograder import units
from autograder.grading.student import Student
from autograder.report import Kind
from autograder.session.answers import Call, NotThere, Raised, StudentError, StudentValueError, Unusable

COURSE = Path(__file__).resolve().parents[1]
UNITS = {
    name.partition("-")[2]: units.find(COURSE, name)
    for name in sorted(path.name for path in (COURSE / "course").iterdir() if units.has(COURSE, path.name))
}
"""The units of this course, by topic: `rmse` for `02-rmse`."""


class Local:
    """Stands where a `Session` stands: calls functions of this process and copies what goes in and out."""

    def __init__(self, functions: Mapping[str, Callable[..., Any]]) -> None:
        self._functions = functions

    def call(self, name: str, args: tuple[Any, ...], kwargs: Mapping[str, Any], *, after: bool = False) -> Any:
        if name not in self._functions:
            raise NotThere(name)
        given = tuple(map(_across, args))
        with np.errstate(all="ignore"):
            try:
                returned = self._functions[name](*given, **{key: _across(value) for key, value in kwargs.items()})
            except Exception as error:
                kinds = tuple(kind.__name__ for kind in type(error).__mro__)
                raised = Raised(kinds[0], kinds, str(error), "")
                raise (StudentValueError if isinstance(error, ValueError) else StudentError)(raised) from None
        return tuple(map(_across, given)) if after else _across(returned)

    def answer(self, name: str) -> Any:
        raise NotThere(name)

    def ahead(self, calls: Sequence[Call]) -> None:
        """Nobody has to be waited for here."""


@dataclass(frozen=True, slots=True)
class HiddenTest:
    """One hidden test, ready to be held against anything."""

    function: str
    name: str
    kind: Kind
    number: int
    """What this test's random numbers depend on beside the seed."""
    body: Callable[[Student, np.random.Generator], None]

    def passes(self, candidate: Local, seed: int) -> bool:
        """Whether the candidate passes. What goes wrong in the test itself is raised."""
        try:
            self.body(Student(candidate), np.random.default_rng([seed, self.number]))
        except (AssertionError, pytest.fail.Exception, StudentError):
            return False
        return True


def topics() -> tuple[str, ...]:
    """The topics that have a hidden suite."""
    return tuple(UNITS)


def hidden_tests(topic: str) -> tuple[HiddenTest, ...]:
    """The hidden tests of all functions of a topic, by function and kind, in the order in which they are asked."""
    module = UNITS[topic].suite
    found = []
    for cls in (value for name, value in vars(module).items() if name.startswith("Test_")):
        if hasattr(cls, "meanings"):
            continue  # a question, not a function
        for name, test in inspect.getmembers(cls, inspect.isfunction):
            if name.startswith("test_"):
                (kind,) = (mark.name for mark in test.pytestmark if mark.name in get_args(Kind))
                number = zlib.crc32(f"suite.py::{cls.__name__}::{name}".encode())
                found.append(HiddenTest(cls.__name__.removeprefix("Test_"), name, kind, number, _bound(cls, test)))
    return tuple(sorted(found, key=lambda test: (test.function, get_args(Kind).index(test.kind))))


def functions(topic: str) -> tuple[str, ...]:
    """The functions that a topic grades."""
    return tuple(dict.fromkeys(test.function for test in hidden_tests(topic)))


def _bound(cls: type, test: Callable[..., None]) -> Callable[[Student, np.random.Generator], None]:
    """The test as a function of a student and random numbers, whichever of the two it asks for."""
    wanted = list(inspect.signature(test).parameters)[1:]

    def body(student: Student, rng: np.random.Generator) -> None:
        test(cls(), **{name: value for name, value in (("student", student), ("rng", rng)) if name in wanted})

    return body


def _across(value: Any) -> Any:
    """The value as it is on the other side of the wall, see `autograder.wall.both.wire`."""
    if value is None or type(value) in (bool, int, float):
        return value
    if type(value) is str:
        return value.encode().decode()  # equal, and another object
    if isinstance(value, np.ndarray | np.generic):
        array = np.array(value)
        if array.dtype.kind in "UT":
            return array.tolist()
        return array if array.dtype.kind in "biuf" else Unusable("other")
    if isinstance(value, list | tuple):
        return type(value)(map(_across, value)) if type(value) in (list, tuple) else tuple(map(_across, value))
    if isinstance(value, bool | int | float | str):
        return next(plain(value) for plain in (bool, int, float, str) if isinstance(value, plain))
    return Unusable("other")
