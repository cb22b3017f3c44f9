"""The promises around a formula, in fixed words: what a function that breaks one accepts, refuses or loses."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from autograder.grading.diagnosis.probe import Probe, shapes_of
from autograder.grading.diagnosis.reply import ARGUMENTS, Reply, close

PROMISES: Mapping[str, str] = {
    "accepts_nan": "accepts nan",
    "accepts_infinity": "accepts infinity",
    "accepts_another_shape": "accepts arrays of another shape than asked for",
    "broadcasts": "stretches one array to fit the other",
    "accepts_nothing": "takes empty arrays for data",
    "accepts_too_few": "accepts fewer entries than it needs",
    "accepts_out_of_range": "accepts values out of range",
    "accepts_fractions": "accepts fractions where whole numbers are asked for",
    "accepts_undefined": "gives a result for data that have none",
    "accepts_unknown_option": "accepts an option that there is not",
    "cuts_to_the_shorter": "drops the entries of the longer array that have no partner",
    "changes_its_input": "changes its input",
    "refuses_valid_input": "refuses what it should take",
    "ends_in_error": "ends in an error where a result is right",
    "always_raises": "raises an error for every ordinary input",
    "stops_python": "stops Python",
    "takes_other_arguments": "takes other arguments than it is called with",
    "arguments_exchanged": "takes its arguments in another order",
    "wrong_kind_of_error": "refuses with another error than a ValueError",
    "not_finite": "gives inf or nan where a number is right",
    "hides_infinity": "gives a number where inf or nan is right",
    "another_infinity": "takes inf, -inf and nan for one another",
    "lost_digits": "loses digits",
    "wrapped_integers": "computes in the type of its input, which is too small",
    "cuts_decimals": "cuts off decimals",
    "another_shape": "returns another shape than asked for",
    "too_few_entries": "returns too few entries",
    "too_many_entries": "returns too many entries",
    "returns_nothing": "returns nothing",
    "not_numbers": "returns something else than numbers",
    "single_entry": "goes wrong for a single entry",
    "equal_entries": "goes wrong where all entries are equal",
    "constant_column": "goes wrong where a column has one value only",
    "certain": "goes wrong for probabilities of 0 or 1",
    "no_error": "goes wrong where two arguments are equal",
    "always_the_same": "gives the same result whatever it is given",
    "hides_errors": "gives one and the same number where it should refuse",
    "another_word": "returns another word than the right one",
    "extreme_input": "goes wrong for extreme inputs",
}
"""By name, what a class report says of it."""

HINTS: Mapping[str, str] = {
    "accepts_nan": "Call your function with nan among the numbers. Which line should stop it? What is nan > 0?",
    "accepts_infinity": "Call your function with an infinity among the numbers. Which line should stop it?",
    "accepts_another_shape": "Call your function with a column, and with a table. Which line should stop them?",
    "broadcasts": "Call your function with a vector and a column of the same length. What does NumPy make of the two?",
    "accepts_nothing": "Call your function with empty arrays. Which line should stop them?",
    "accepts_too_few": "Call your function with fewer entries than it needs. Which line should stop them?",
    "accepts_out_of_range": "Call your function with a value just outside of what is allowed, on either side.",
    "accepts_fractions": "Call your function with 0.5 where only whole numbers make sense. Which line should stop it?",
    "accepts_undefined": "For which allowed-looking data is there no result at all? Call your function with them.",
    "accepts_unknown_option": "Call your function with an option that is not in the docstring. Which line stops it?",
    "cuts_to_the_shorter": "Call your function with arrays of 3 and of 2 entries. What becomes of the third?",
    "changes_its_input": "Print the array that you hand in, before the call and after it. Which line writes into it?",
    "always_the_same": "Call your function twice with different arguments. Which line makes the results differ?",
    "hides_errors": "Some input should end in a ValueError, and one number comes back instead. Which line returns it?",
    "wrong_kind_of_error": "What your function should refuse ends in another error. Which kind of error is asked for?",
    "not_finite": "Where a number is right, inf or nan comes out. Which step, for which value, gives it first?",
    "hides_infinity": "Where inf or nan is right, a number comes out. Which of your lines keeps it finite?",
    "another_infinity": "Which of inf, -inf and nan is right here? Go through the limit step by step.",
    "lost_digits": "Your result is right in its first digits only. Which line rounds, or uses a shorter number type?",
    "wrapped_integers": "Call your function with arrays of a small integer type, say int8. Which line computes in it?",
    "cuts_decimals": "Your result has its decimals cut off. Which line makes whole numbers of it?",
    "another_word": "For which arguments does another word come back? Write down which condition each of them meets.",
    "extreme_input": "Call your function with very large and very small numbers. Which step overflows, or becomes 0?",
    "another_shape": "Print the shape of what you return, and compare it with the docstring.",
    "returns_nothing": "Does every way through your function end with a return?",
    "not_numbers": "Compare the type of what you return with the docstring.",
    "refuses_valid_input": "An allowed input ends in a ValueError here. Which line raises it, and for which value?",
    "ends_in_error": "An allowed input ends in an error here. Which line raises it, and for which value?",
    "always_raises": "Call your function once and read the last line of the error. Which of your lines does it name?",
    "stops_python": "Return a value, or raise an error; do not end Python with exit.",
    "takes_other_arguments": "Compare the parameters of your function with those in the given `def` line, by name.",
    "arguments_exchanged": "In which order come the arguments in the given `def` line, and in which in yours?",
    "too_few_entries": "How many entries should come out, and how many do? Count them in a small example.",
    "too_many_entries": "How many entries should come out? Count them in a small example.",
    "single_entry": "Call your function with one entry and go through it line by line.",
    "equal_entries": "Call your function with entries that are all equal. What is divided by what?",
    "constant_column": "Call your function with a column of equal numbers. What is divided by what?",
    "certain": "Call your function with a probability of exactly 0, then of exactly 1.",
    "no_error": "Call your function with two equal arguments. What becomes 0 on the way?",
}
"""What to ask of each where the hint of the test that failed first is about something else."""

_CUT = 1e-2
"""What is nearer to a whole number comes out as one for other reasons than that its decimals are cut off."""

EDGES = ("constant_column", "single_entry", "equal_entries", "certain", "no_error")


def broken(probe: Probe, theirs: Reply) -> str | None:
    """The promise that this reply breaks, None where it is right."""
    right = probe.right
    if theirs.failed and (not right.failed or theirs.form[1:] in (("SystemExit",), (ARGUMENTS,))):
        return _failed(theirs)
    if right.kind == "left":
        return "changes_its_input" if theirs.kind == "left" and theirs.form != right.form else None
    if right.failed:
        return None if theirs.kind == "refused" else _accepted(probe, theirs)
    if theirs.kind == "nothing":
        return "returns_nothing"
    if _has_no_number(theirs.form) and not _has_no_number(right.form):
        return "not_numbers"
    if theirs.form != right.form:
        return "another_word" if right.kind == "text" else _shape(theirs, right)
    return _numbers(probe, theirs.numbers, right.numbers)


def _has_no_number(form: Sequence[Any]) -> bool:
    """Whether it is, or holds, None or a word or a thing of another kind."""
    if form[0] == "parts":
        return any(map(_has_no_number, form[1]))
    return form[0] in ("other", "text", "nothing")


def _failed(theirs: Reply) -> str:
    """What to call a failure where a result is right."""
    if theirs.kind == "refused":
        return "refuses_valid_input"
    return {"SystemExit": "stops_python", ARGUMENTS: "takes_other_arguments"}.get(str(theirs.form[1]), "ends_in_error")


def _shape(theirs: Reply, right: Reply) -> str:
    if all(reply.shape is not None and len(reply.shape) == 1 for reply in (theirs, right)):
        return "too_few_entries" if theirs.numbers.size < right.numbers.size else "too_many_entries"
    return "another_shape"


def _numbers(probe: Probe, theirs: np.ndarray, right: np.ndarray) -> str | None:
    wrong = ~close(theirs, right)
    if not wrong.any():
        return None
    theirs, right = theirs[wrong], right[wrong]
    finite, should = np.isfinite(theirs), np.isfinite(right)
    if (~finite & should).any():
        return "not_finite"
    if (finite & ~should).any():
        return "hides_infinity"
    if (~finite & ~should).any():
        return "another_infinity"
    edge = next((trait for trait in EDGES if trait in probe.traits), None)
    if probe.kind == "value":
        return edge
    missing = np.abs(theirs - right)
    if (theirs == np.round(theirs)).all() and (missing < 1).all() and (missing > _CUT).any():
        return "cuts_decimals"
    if _is_near(theirs, right):
        return "lost_digits"
    if any(_is_short(value, "iu") and np.any(np.abs(value) > 1) for value in probe.given.values()):
        return "wrapped_integers"
    return edge or ("lost_digits" if (np.abs(right) < _CUT).all() and (theirs == 0).all() else "extreme_input")


def _is_near(theirs: np.ndarray, right: np.ndarray) -> bool:
    with np.errstate(all="ignore"):
        return bool((np.abs(theirs - right) <= 0.02 * np.abs(right) + 1e-4).all())


def is_short(probe: Probe) -> bool:
    """Whether an argument came in a type with fewer digits than a float has."""
    return any(_is_short(value, "biuf") for value in probe.given.values())


def _is_short(value: Any, kinds: str) -> bool:
    return isinstance(value, np.ndarray) and value.dtype.kind in kinds and value.dtype != np.float64


def _accepted(probe: Probe, theirs: Reply) -> str:
    """What was wrong with the arguments of a call that the right function refuses, and this one did not."""
    if theirs.kind == "raised":
        return "wrong_kind_of_error"
    texts = [value for value in probe.given.values() if isinstance(value, str)]
    arrays = [
        array
        for value in probe.given.values()
        if not isinstance(value, str)
        for array in [_floats(value)]
        if array is not None
    ]
    if any(array.size == 0 for array in arrays):
        return "accepts_nothing"
    if any(not np.isfinite(array).all() for array in arrays):
        return "accepts_nan" if any(np.isnan(array).any() for array in arrays) else "accepts_infinity"
    shaped = [array.shape for array in arrays if array.ndim]
    shapes, usual = shapes_of(probe.given), probe.usual
    if usual is not None and shapes != usual:
        if usual.one_shape and not shapes.one_shape:
            return _made_alike(probe, theirs)
        if shapes.dimensions != usual.dimensions or (usual.one_length and not shapes.one_length):
            return "accepts_another_shape"
    if len(shaped) > 1 and min(map(len, shaped)) > 1 and len({shape[1:] for shape in shaped}) > 1:
        return "accepts_another_shape"
    if usual is not None and not usual.one_length and any(shape[0] == 1 for shape in shaped):
        return "accepts_too_few"
    if not shaped and len(arrays) > 1 and not texts:
        return "accepts_out_of_range"
    return _unlike_allowed(probe)


def _unlike_allowed(probe: Probe) -> str:
    """What these arguments are that those of ordinary calls are not."""
    fractions = False
    for name, value in probe.given.items():
        allowed, numbers = probe.allowed.get(name), None if value is None or isinstance(value, str) else _floats(value)
        if allowed is None:
            continue
        if isinstance(value, str) and value not in allowed.words:
            return "accepts_unknown_option"
        if numbers is None or not numbers.size:
            continue
        low = numbers.min() < allowed.least and allowed.least >= 0
        if low or (numbers.max() > allowed.most and (allowed.most <= 1 or allowed.whole)):
            return "accepts_out_of_range"
        fractions |= allowed.whole and bool((numbers != np.round(numbers)).any())
    if fractions:
        return "accepts_fractions"
    return "accepts_undefined" if probe.allowed else "accepts_out_of_range"


def _made_alike(probe: Probe, theirs: Reply) -> str:
    """How arrays of unequal shapes were made alike, as far as the result says so."""
    for name, reply in probe.alike.items():
        if reply.numbers.size == theirs.numbers.size and close(reply.numbers, theirs.numbers).all():
            return name
    return "accepts_another_shape"


def _floats(value: Any) -> np.ndarray | None:
    try:
        return np.asarray(value, dtype=np.float64)
    except (TypeError, ValueError):
        return None
