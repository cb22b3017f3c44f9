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
    returned: Returned | None = None
    raised: Raised | None = None

    def returning(self, value: Any, verdict: Verdict) -> Example:
        """The example with what came back, as far as anybody is told."""
        numbers = not self.raises and not isinstance(self.expected, str | tuple)
        countable = isinstance(value, list | tuple | np.ndarray)
        other = countable and numbers and _shape(value) != np.shape(self.expected)
        return replace(self, verdict=verdict, returned=Returned(text.shown(value), value is None, other))


@dataclass(frozen=True, slots=True)
class Returned:
    """What came back from a visible call, as far as anybody is told: the value itself may be large."""

    text: str
    is_none: bool
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
