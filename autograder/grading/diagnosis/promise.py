"""The promises around a formula, in fixed words: what a function that breaks one accepts, refuses or loses."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from autograder.grading.diagnosis.probe import Probe
from autograder.grading.diagnosis.reply import Reply, close

PROMISES: Mapping[str, str] = {
    "accepts_nan": "accepts nan or infinity",
    "accepts_another_shape": "accepts arrays of another shape than asked for",
    "broadcasts": "stretches one array to fit the other",
    "accepts_nothing": "accepts no data at all",
    "accepts_out_of_range": "accepts values out of range",
    "accepts_unknown_option": "accepts an option that there is not",
    "changes_its_input": "changes its input",
    "refuses_valid_input": "refuses what it should take",
    "wrong_kind_of_error": "raises another error than a ValueError",
    "not_finite": "gives inf or nan where a number is right",
    "hides_infinity": "gives a number where inf or nan is right",
    "lost_digits": "loses digits",
    "wrapped_integers": "computes in the type of its input, which is too small",
    "another_shape": "returns another shape than asked for",
    "returns_nothing": "returns nothing",
    "not_numbers": "returns something else than numbers",
    "single_entry": "goes wrong for a single entry",
    "equal_entries": "goes wrong where all entries are equal",
    "certain": "goes wrong for probabilities of 0 or 1",
    "no_error": "goes wrong where two arguments are equal",
    "always_the_same": "gives the same result whatever it is given",
    "hides_errors": "gives one and the same number where it should refuse",
    "another_word": "says another word than the right one",
    "extreme_input": "goes wrong for extreme inputs",
}
"""By name, what a class report says of it."""

HINTS: Mapping[str, str] = {
    "always_the_same": "Call your function twice with different arguments. Which line makes the results differ?",
    "another_shape": "Print the shape of what you return, and compare it with the docstring.",
    "returns_nothing": "Does every way through your function end with a return?",
    "not_numbers": "Compare the type of what you return with the docstring.",
    "refuses_valid_input": "An input that is allowed ends in an error here. Which line raises it, and for which value?",
    "single_entry": "Call your function with one entry and go through it line by line.",
    "equal_entries": "Call your function with entries that are all equal. What is divided by what?",
    "certain": "Call your function with a probability of exactly 0, then of exactly 1.",
    "no_error": "Call your function with two equal arguments. What becomes 0 on the way?",
}
"""What to ask where the test's own hint is about something else."""

_EDGES = ("single_entry", "equal_entries", "certain", "no_error")


def broken(probe: Probe, theirs: Reply) -> str | None:
    """The promise that this reply breaks, None where it is right."""
    right = probe.right
    if right.kind == "left":
        if theirs.kind == "left":
            return None if theirs.form == right.form else "changes_its_input"
        return "refuses_valid_input" if theirs.failed else None
    if right.failed:
        if theirs.kind == "refused":
            return None
        # What raises another error has not been checked either: the name says what was not seen.
        return _accepted(probe.given)
    if theirs.failed:
        return "refuses_valid_input"
    if theirs.kind == "nothing":
        return "returns_nothing"
    if theirs.kind in ("other", "text") and right.kind != "text":
        return "not_numbers"
    if theirs.form != right.form:
        if right.kind == "text":
            return "another_word"
        vectors = all(reply.shape is not None and len(reply.shape) == 1 for reply in (theirs, right))
        return "another_shape" if probe.kind == "value" or not vectors else "lost_digits"
    return _numbers(probe, theirs.numbers, right.numbers)


def _numbers(probe: Probe, theirs: np.ndarray, right: np.ndarray) -> str | None:
    wrong = ~close(theirs, right)
    if not wrong.any():
        return None
    if (wrong & ~np.isfinite(theirs) & np.isfinite(right)).any():
        return "not_finite"
    if (wrong & np.isfinite(theirs) & ~np.isfinite(right)).any():
        return "hides_infinity"
    edge = next((trait for trait in _EDGES if trait in probe.traits), None)
    if probe.kind == "value":
        return edge
    short = any(_is_short(value) for value in probe.given.values())
    return "wrapped_integers" if short and not _is_near(theirs, right) else "lost_digits"


def _is_near(theirs: np.ndarray, right: np.ndarray) -> bool:
    with np.errstate(all="ignore"):
        return bool((np.abs(theirs - right) <= 0.02 * np.abs(right) + 1e-4).all())


def _is_short(value: Any) -> bool:
    return isinstance(value, np.ndarray) and value.dtype.kind in "biu"


def _accepted(given: Mapping[str, Any]) -> str:
    """What was wrong with these arguments that the right function refuses."""
    texts = [value for value in given.values() if isinstance(value, str)]
    arrays = [
        array
        for value in given.values()
        if not isinstance(value, str)
        for array in [_floats(value)]
        if array is not None
    ]
    if any(array.size == 0 for array in arrays):
        return "accepts_nothing"
    if any(not np.isfinite(array).all() for array in arrays):
        return "accepts_nan"
    shaped = [array.shape for array in arrays if array.ndim]
    if len(shaped) > 1 and len(set(shaped)) > 1:
        return "broadcasts" if _stretch(shaped) else "accepts_another_shape"
    if any(array.ndim > 1 for array in arrays) and len({array.ndim for array in arrays}) == 1:
        return "accepts_another_shape"
    if not shaped and len(arrays) > 1 and not texts:
        return "accepts_out_of_range"
    if texts and all(array.ndim for array in arrays):
        return "accepts_unknown_option"
    return "accepts_out_of_range"


def _stretch(shapes: Sequence[tuple[int, ...]]) -> bool:
    try:
        np.broadcast_shapes(*shapes)
    except ValueError:
        return False
    return True


def _floats(value: Any) -> np.ndarray | None:
    try:
        return np.asarray(value, dtype=np.float64)
    except (TypeError, ValueError):
        return None
