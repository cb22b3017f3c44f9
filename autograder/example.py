"""The calls that a student may see: what was called, what is right, and what the student's function made of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal

import numpy as np

from autograder.answers import Answers, Ended, NotThere, StudentError, Timeout
from autograder.suites import kit

Verdict = Literal["passed", "wrong", "error", "timeout", "ended", "missing", "fault"]


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
    returned: Any = None
    raised: StudentError | None = None


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
        return replace(example, verdict="passed" if right else "error", raised=error)
    except (Timeout, Ended, NotThere) as error:
        return replace(example, verdict=stopped(error) or "fault")
    right = not example.raises and _matches(returned, example.expected)
    return replace(example, verdict="passed" if right else "wrong", returned=returned)


def _matches(returned: Any, expected: Any) -> bool:
    if isinstance(expected, tuple):
        parts = list(map(np.asarray, returned)) if isinstance(returned, np.ndarray) and returned.ndim else returned
        return isinstance(parts, list | tuple) and len(parts) == len(expected) and all(map(_matches, parts, expected))
    if isinstance(expected, str):
        return kit.said(returned, expected)
    return kit.same(returned, expected)
