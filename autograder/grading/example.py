"""The calls that a student may see: what was called, what is right, and what the student's function made of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal

import numpy as np

from autograder import kit
from autograder import words as text
from autograder.session.dialogue import (
    Ended,
    Lost,
    NotThere,
    Raised,
    Respondent,
    StudentError,
    StudentValueError,
    Timeout,
)
from autograder.session.kept import Kept

Verdict = Literal["passed", "wrong", "error", "timeout", "ended", "missing", "fault", "unjudged", "lost", "odd"]
"""The last two are none for a student: what was `lost` is asked once more, and what is `odd` is looked into."""


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
    steps: tuple[Step, ...] = ()
    """What is done with the object that the call returns, and with what that returns, one after the other."""

    @property
    def text(self) -> str:
        """The call as a student would type it."""
        return self.text_to(len(self.steps))

    def text_to(self, steps: int) -> str:
        """The call with so many of its steps."""
        return text.call(self.name, self.args, self.kwargs) + "".join(step.text for step in self.steps[:steps])

    def returning(self, value: Any, verdict: Verdict) -> Example:
        """The example with what came back, as far as anybody is told."""
        numbers = not self.raises and not isinstance(self.expected, str | tuple | Kept)
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
        if isinstance(self.expected, Kept):
            return "an object"
        parts = self.expected if isinstance(self.expected, tuple) else (self.expected,)
        clean = tuple(part if isinstance(part, str) else _without_noise(np.asarray(part)) for part in parts)
        return text.shown(clean if isinstance(self.expected, tuple) else clean[0], digits=digits or self.digits)

    def stopping(self, value: Any, steps: int) -> Example:
        """The example whose next step needs an object, and which came to this value instead."""
        return replace(self, verdict="wrong", returned=Returned(text.shown(value), _kind(value), False, steps))


@dataclass(frozen=True, slots=True)
class Returned:
    """What came back from a visible call, as far as anybody is told: the value itself may be large."""

    text: str
    kind: str
    """What it is where that is no number and no array: `nothing`, `text`, `function` …"""
    other_shape: bool
    """Whether it is a list or an array, and of another shape than the right number or array."""
    steps: int | None = None
    """After so many steps there was no object for the next one; None where all were taken."""


@dataclass(frozen=True, slots=True)
class Step:
    """One method that is called, or one attribute that is read."""

    name: str
    args: tuple[Any, ...] | None = None
    """None for an attribute."""
    kwargs: Mapping[str, Any] = field(default_factory=dict)

    @property
    def text(self) -> str:
        return f".{self.name}" if self.args is None else f".{text.call(self.name, self.args, self.kwargs)}"

    def take(self, session: Respondent, kept: Kept) -> Any:
        if self.args is None:
            return session.use(kept, ".", (self.name,), {})
        return session.use(kept, self.name, self.args, self.kwargs)


def stopped(error: BaseException) -> Verdict | None:
    """How a student's process did not answer at all, None where it is another error."""
    for kind, verdict in _STOPPED.items():
        if isinstance(error, kind):
            return verdict
    return None


_STOPPED: dict[type[Exception], Verdict] = {Timeout: "timeout", Lost: "lost", Ended: "ended", NotThere: "missing"}


def visible(name: str, reference: Callable[..., Any], args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> Example:
    """The visible call and what is right, before anybody was asked."""
    try:
        return Example(name, args, kwargs, expected=reference(*args, **kwargs))
    except ValueError:
        return Example(name, args, kwargs, raises=True)


def chain(example: Callable[[Any], Any], right: Respondent) -> Example:
    """The visible chain of calls that a lambda makes of `student`, and what is right. Raises `TypeError` where it is
    none."""
    traced = example(_Trace(()))
    steps: tuple[Step, ...] = traced._steps if type(traced) is _Trace else ()
    called = [place for place, step in enumerate(steps) if step.args is not None]
    if not called:
        raise TypeError("a visible example is one chain of calls, such as lambda student: student.Line(2).at(3)")
    whole, rest = steps[: called[0] + 1], steps[called[0] + 1 :]
    shown = Example(".".join(step.name for step in whole), whole[-1].args or (), whole[-1].kwargs, steps=rest)
    try:
        value = right.call(shown.name, shown.args, shown.kwargs)
        for taken, step in enumerate(shown.steps):
            if not isinstance(value, Kept):
                raise TypeError(f"{shown.text_to(taken)} of the reference is no object")
            value = step.take(right, value)
    except StudentValueError:
        return replace(shown, raises=True)
    return replace(shown, expected=value)


class _Trace:
    """Notes what is done with it."""

    def __init__(self, steps: tuple[Step, ...]) -> None:
        self._steps = steps

    def __getattr__(self, name: str) -> _Trace:
        if name.startswith("_"):
            raise AttributeError(name)
        return _Trace((*self._steps, Step(name)))

    def __call__(self, *args: Any, **kwargs: Any) -> _Trace:
        *before, last = self._steps
        if last.args is not None:
            raise TypeError("a visible example calls what has a name")
        return _Trace((*before, Step(last.name, args, kwargs)))


def attempt(session: Respondent, example: Example) -> Example:
    """The visible call with what the student's function makes of it."""
    tried = _attempt(session, example)
    return _attempt(session, example) if tried.verdict == "lost" else tried


def _attempt(session: Respondent, example: Example) -> Example:
    try:
        returned = session.call(example.name, example.args, example.kwargs)
        for taken, step in enumerate(example.steps):
            if not isinstance(returned, Kept):
                return example.stopping(returned, taken)
            returned = step.take(session, returned)
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
    if isinstance(expected, Kept):
        return isinstance(returned, Kept)
    if isinstance(expected, tuple):
        parts = list(map(np.asarray, returned)) if isinstance(returned, np.ndarray) and returned.ndim else returned
        return isinstance(parts, list | tuple) and len(parts) == len(expected) and all(map(_matches, parts, expected))
    if isinstance(expected, str):
        return kit.said(returned, expected)
    return kit.same(returned, expected)
