"""Whether a call that a reader hands in unmasks a wrong function: both that and a right one are tried on it."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

MOST = 100
"""Entries of one argument. A few are enough, and what is handed in must not cost time."""


def arrays(answer: object, number: int) -> list[np.ndarray] | None:
    """The arguments that were handed in before the letter, as arrays; None where the answer has another form."""
    if not isinstance(answer, list | tuple) or len(answer) != number + 1:
        return None
    try:
        found = [np.array(part, dtype=np.float64) for part in answer[:number]]
    except (TypeError, ValueError, OverflowError):
        return None
    return found if all(0 < part.size <= MOST and np.isfinite(part).all() for part in found) else None


def letter(answer: object) -> object:
    """What was said of the author's belief: the last part."""
    return answer[-1] if isinstance(answer, list | tuple) and len(answer) > 0 else None


def differs(arguments: list[np.ndarray], wrong: Callable, right: Callable, by: float) -> bool:
    """Whether the two give finite results that far apart. What a right function refuses is no call."""
    with np.errstate(all="ignore"):
        try:
            truth, other = (np.asarray(function(*map(np.copy, arguments)), float) for function in (right, wrong))
        except ValueError:
            return False
    return truth.shape != other.shape or bool(np.isfinite(truth).all() and np.max(np.abs(truth - other)) >= by)
