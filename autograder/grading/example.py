"""The calls that a student may see: what was called, what is right, and what the student's function made of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal

import numpy as np

from autograder import kit
from autograder import words as text
from autograder.session.answers import Answers, Ended, NotThere, Raised, StudentError, Timeout

Verdict = Literal["passed", "wrong", "error", "timeout", "ended", "missing", "fault", "unjudged"]


_DIGITS = (6, 9, 12, 17)
"""Significant digits that are shown: more only where these do not tell the wrong value from the right one."""

_NOISE = 1e-15
"""No comparison tells such a number from 0, and rounding leaves some behind where 0 is meant."""


@dataclass(frozen=True, slots=True)
class Example:
    """A visible call: what was called, what is right, and what the student's function made of it."""

    name: str
    args: tuple[Any, ...]
    kwargs: Mapping[str, Any]
    expected: Any = None
    """The right value; where `raises` is set, there is none."""
    raises: bool = False
    verdict: Verdict = "passed"
    digits: int = _DIGITS[0]
    """So many tell what came back from what is right."""
    returned: Returned | None = None
    raised: Raised | None = None

    def returning(self, value: Any, verdict: Verdict) -> Example:
        """The example with what came back, as far as anybody is told."""
        numbers = not self.raises and not isinstance(self.expected, str | tuple)
        countable = isinstance(value, list | tuple | np.ndarray)
        other = countable and numbers and _shape(value) != np.shape(self.expected)
        told = (few for few in _DIGITS if self.raises or text.shown(value, digits=few) != self.right(few))
        digits = next(told, _DIGITS[0]) if verdict == "wrong" else _DIGITS[0]
        kind = "same numbers" if other and _same_numbers(value, self.expected) else _kind(value)
        return replace(
            self, verdict=verdict, digits=digits, returned=Returned(text.shown(value, digits=digits), kind, other)
        )

    def right(self, digits: int | None = None) -> str:
        """The right value, as far as anybody is told: as many digits as help, and 0 where rounding left a trace."""
        parts = self.expected if isinstance(self.expected, tuple) else (self.expected,)
        clean = tuple(part if isinstance(part, str) else _without_noise(np.asarray(part)) for part in parts)
        return text.shown(clean if isinstance(self.expected, tuple) else clean[0], digits=digits or self.digits)


@dataclass(frozen=True, slots=True)
class Returned:
    """What came back from a visible call, as far as anybody is told: the value itself may be large."""

    text: str
    kind: str
    """What it is where that is no number and no array: `nothing`, `text`, `function` …"""
    other_shape: bool
    """Whether it is a list or an array, and of another shape than the right number or array."""


def stopped(error: BaseException) -> Verdict | None:
    """How a student's process did not answer at all, None where it is another error."""
    for kind, verdict in _STOPPED.items():
        if isinstance(error, kind):
            return verdict
    return None


_STOPPED: dict[type[Exception], Verdict] = {Timeout: "timeout", Ended: "ended", NotThere: "missing"}


def visible(name: str, reference: Callable[..., Any], args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> Example:
    """The visible call and what is right, before anybody was asked."""
    try:
        return Example(name, args, kwargs, expected=reference(*args, **kwargs))
    except ValueError:
        return Example(name, args, kwargs, raises=True)


def attempt(session: Answers, example: Example) -> Example:
    """The visible call with what the student's function makes of it."""
    try:
        returned = session.call(example.name, example.args, example.kwargs)
    except StudentError as error:
        right = example.raises and isinstance(error, ValueError)
        return replace(example, verdict="passed" if right else "error", raised=error.raised)
    except (Timeout, Ended, NotThere) as error:
        return replace(example, verdict=stopped(error) or "fault")
    right = not example.raises and _matches(returned, example.expected)
    return example.returning(returned, "passed" if right else "wrong")


def _kind(value: Any) -> str:
    if value is None:
        return "nothing"
    return "text" if isinstance(value, str) else getattr(value, "category", "")


def _without_noise(right: np.ndarray) -> np.ndarray:
    return np.where(np.abs(right) < _NOISE, 0.0, right) if right.dtype.kind == "f" else right


def _same_numbers(value: Any, expected: Any) -> bool:
    """Whether only the shape is wrong."""
    try:
        return kit.same(np.ravel(np.asarray(value)), np.ravel(np.asarray(expected)))
    except Exception:  # as in `_shape`
        return False


def _shape(value: Any) -> tuple[int, ...] | None:
    try:
        shape: tuple[int, ...] = np.shape(value)
        return shape
    except Exception:  # a list of lists of several lengths, or of anything else
        return None


def _matches(returned: Any, expected: Any) -> bool:
    if isinstance(expected, tuple):
        parts = list(map(np.asarray, returned)) if isinstance(returned, np.ndarray) and returned.ndim else returned
        return isinstance(parts, list | tuple) and len(parts) == len(expected) and all(map(_matches, parts, expected))
    if isinstance(expected, str):
        return kit.said(returned, expected)
    return kit.same(returned, expected)
