"""Wrong answers → the misconception that gives the same answers.

What a student's function returned for the suite's inputs is compared, value for value, with what each catalogued
mistake returns for them. Only evidence that is exact, and that fits one mistake alone, names anything.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial
from itertools import combinations
from typing import Any

import numpy as np

from autograder.grading.hidden import Outcome
from autograder.grading.script import script_of
from autograder.misconception import Misconception
from autograder.notebooks.units import Unit
from autograder.report import Kind
from autograder.session.answers import Call, Ended, NotThere, StudentError, Timeout
from autograder.session.session import Session

RTOL = 1e-9
"""Two ways to write one formula differ by rounding only; two formulas differ by more."""

MIN_WRONG = {"value": 2, "numerical": 2, "contract": 1}
"""How many answers of a mistake must be wrong before the same answers of a student say anything. Where the formula is
right, each wrong number of a vector is one."""

MIN_WRONG_OF_TWO = 3
"""The same for one of two mistakes at once, where not every answer is accounted for."""


@dataclass(frozen=True, slots=True)
class Suspect:
    """A catalogued mistake, its answers to the calls in evidence, and which of them are wrong."""

    entry: Misconception
    answers: Sequence[Any]
    wrong: frozenset[int]
    wrong_numbers: int


def diagnose(
    unit: Unit, task_cell: str, failed: Outcome, session: Session, entries: tuple[Misconception, ...], seed: int
) -> Misconception | None:
    """The misconception behind a wrong function, None where the evidence does not single one out.

    `failed` is the first test that the function failed; only mistakes that break tests of its kind are suspects."""
    name = task_cell.removeprefix("test_")
    candidates = tuple(entry for entry in entries if entry.function == name and entry.breaks == failed.kind)
    if not candidates or failed.verdict not in ("wrong", "error"):
        return None
    lines = script_of(unit, task_cell, seed)
    evidence = [line.call for line in lines if line.kind == failed.kind]
    theirs = _asked(session, name, evidence)
    if theirs is None:
        return None
    right, suspects = _suspects(unit, task_cell, failed.kind, seed, candidates)
    if failed.kind != "value":
        tests = [line.test for line in lines if line.kind == failed.kind]
        here = {place for place, test in enumerate(tests) if test == failed.name}
        return _only(_largest([s for s in suspects if s.wrong & here and _has(theirs, s)]))
    everywhere = range(len(evidence))
    exact = [s for s in suspects if _tells(s, everywhere, MIN_WRONG["value"]) and all(map(_equal, theirs, s.answers))]
    if len(exact) > 1:
        return _told_apart(exact, [line.call for line in lines if line.kind == "numerical"], session, name)
    return _only(exact) if exact else _first_of_two(suspects, theirs, right)


@lru_cache(maxsize=64)
def _suspects(
    unit: Unit, cell: str, kind: Kind, seed: int, entries: tuple[Misconception, ...]
) -> tuple[Sequence[Any], Sequence[Suspect]]:
    """The right answers to the calls of a cell's tests of this kind, and the suspects with theirs."""
    evidence = [line.call for line in script_of(unit, cell, seed) if line.kind == kind]
    reference = getattr(unit.reference, cell.removeprefix("test_"))
    right = [_local(reference, call) for call in evidence]
    return right, [_suspect(entry, evidence, right) for entry in entries]


def _suspect(entry: Misconception, evidence: Sequence[Call], right: Sequence[Any]) -> Suspect:
    answers = [_local(entry, call) for call in evidence]
    differing = [_differing(one, truth) for one, truth in zip(answers, right, strict=True)]
    wrong = frozenset(place for place, numbers in enumerate(differing) if numbers)
    return Suspect(entry, answers, wrong, sum(differing))


def _only(suspects: Sequence[Suspect]) -> Misconception | None:
    return suspects[0].entry if len(suspects) == 1 else None


def _tells(suspect: Suspect, places: Sequence[int], least: int) -> bool:
    """Whether the same answers at these places are evidence: enough of them wrong, and not one answer to everything."""
    first = suspect.answers[places[0]] if places else None
    return len(suspect.wrong.intersection(places)) >= least and not all(
        _equal(first, suspect.answers[place]) for place in places
    )


def _has(theirs: Sequence[Any], suspect: Suspect) -> bool:
    """Whether the function makes at least this mistake: its answers are the mistake's wherever that is wrong.

    Enough where the formula is right: one function may well forget three checks, and each of them is one mistake."""
    enough = suspect.wrong_numbers >= MIN_WRONG[suspect.entry.breaks]
    return enough and all(_equal(theirs[place], suspect.answers[place]) for place in suspect.wrong)


def _largest(suspects: Sequence[Suspect]) -> Sequence[Suspect]:
    """The suspects whose wrong answers include those of all others: who checks nothing checks no single thing."""
    return [s for s in suspects if all(other.wrong <= s.wrong for other in suspects)]


def _told_apart(suspects: list[Suspect], calls: Sequence[Call], session: Session, name: str) -> Misconception | None:
    """The one of several mistakes with the same values that also fits where they differ."""
    answers = [[_local(suspect.entry, call) for call in calls] for suspect in suspects]
    places = [
        place
        for place in range(len(calls))
        if not all(_equal(answers[0][place], others[place]) for others in answers[1:])
    ]
    theirs = _asked(session, name, [calls[place] for place in places])
    if not places or theirs is None:
        return None
    fitting = [
        suspect
        for suspect, own in zip(suspects, answers, strict=True)
        if all(_equal(own[place], answer) for place, answer in zip(places, theirs, strict=True))
    ]
    return _only(fitting)


def _first_of_two(suspects: Sequence[Suspect], theirs: Sequence[Any], right: Sequence[Any]) -> Misconception | None:
    """What to mend first where two mistakes together explain the answers.

    The catalogue goes from the plain to the subtle, so of two mistakes that show alike the earlier one comes first."""
    pairs = []
    for one, other in combinations(suspects, 2):
        first = _first_of(one, other, theirs, right)
        if first is not None:
            pairs.append((first, {one.entry.name, other.entry.name}))
    firsts = {first.entry.name: first for first, _ in pairs}
    shared = [name for name in firsts if all(name in pair for _, pair in pairs)]
    return firsts[shared[0]].entry if len(shared) == 1 or (len(firsts) == 1 and shared) else None


def _first_of(one: Suspect, other: Suspect, theirs: Sequence[Any], right: Sequence[Any]) -> Suspect | None:
    """Which of the two to mend first, if both were made, else None.

    Where one of two mistakes changes nothing, the answers are exactly those of the other. Where both change something,
    the answers are changed by both factors; or else these places are few, and the others are evidence enough."""
    places = range(len(theirs))
    alone = {
        suspect.entry.name: [place for place in places if place not in neutral.wrong]
        for suspect, neutral in ((one, other), (other, one))
    }
    for suspect in (one, other):
        if not all(_equal(theirs[place], suspect.answers[place]) for place in alone[suspect.entry.name]):
            return None
    both = one.wrong & other.wrong
    factors = all(
        _equal(theirs[place], _by_both(one.answers[place], other.answers[place], right[place])) for place in both
    )
    if factors and len(both) >= MIN_WRONG_OF_TWO:
        return one
    if 2 * len(both) < len(places):
        return next((s for s in (one, other) if _tells(s, alone[s.entry.name], MIN_WRONG_OF_TWO)), None)
    return None


def _by_both(one: Any, other: Any, truth: Any) -> Any:
    """The right answer, changed by the factors by which two mistakes change it: the sum for the mean, and in bits."""
    numbers = [outcome[1] for outcome in (one, other, truth)]
    if not all(isinstance(number, np.ndarray) for number in numbers) or numbers[0].shape != numbers[1].shape:
        return "unknown", None
    if numbers[2].shape != numbers[0].shape:
        return "unknown", None
    with np.errstate(all="ignore"):
        changed = numbers[0] * numbers[1] / numbers[2]
    return "returned", np.where(numbers[2] == 0, numbers[0], changed)


def _asked(session: Session, name: str, calls: Sequence[Call]) -> list[Any] | None:
    """The student's answers, None if the function does not answer all of the calls."""
    answers = []
    session.ahead(calls)
    for call in calls:
        answer = _outcome(partial(session.call, name, call.args, call.kwargs, after=call.after), exact=call.after)
        if answer[0] == "stopped":
            return None
        answers.append(answer)
    return answers


def _local(function: Callable[..., Any], call: Call) -> Any:
    args, kwargs = copy.deepcopy(call.args), copy.deepcopy(dict(call.kwargs))

    def ask() -> Any:
        returned = function(*args, **kwargs)
        return args if call.after else returned

    with np.errstate(all="ignore"):
        return _outcome(ask, exact=call.after)


def _outcome(ask: Callable[[], Any], *, exact: bool) -> tuple[str, Any]:
    """What a call came to: what it returned, or how it failed. With `exact`, the last digit counts, too."""
    try:
        returned = ask()
        return (
            ("left", repr([np.asarray(each).tolist() for each in returned]))
            if exact
            else ("returned", _plain(returned))
        )
    except (Timeout, Ended, NotThere):
        return "stopped", None
    except StudentError as error:
        return ("refused", None) if isinstance(error, ValueError) else ("raised", error.raised.kind)
    except ValueError:
        return "refused", None
    except Exception as error:
        return "raised", type(error).__name__


def _plain(value: Any) -> Any:
    """Numbers as float64 arrays, so that a list equals an array; anything else as it is."""
    if isinstance(value, bool | int | float | np.ndarray | np.generic):
        return np.asarray(value, dtype=np.float64) if np.asarray(value).dtype.kind in "biuf" else "no number"
    if isinstance(value, list | tuple):
        parts = [_plain(item) for item in value]
        shapes = {part.shape if isinstance(part, np.ndarray) else None for part in parts}
        if parts and len(shapes) == 1 and None not in shapes:
            return np.stack(parts)
        return tuple(parts)
    return value if isinstance(value, str) or value is None else "no number"


def _equal(one: Any, other: Any) -> bool:
    if isinstance(one, np.ndarray) and isinstance(other, np.ndarray):
        return one.shape == other.shape and bool(np.all(_close(one, other)))
    if isinstance(one, tuple) and isinstance(other, tuple):
        return len(one) == len(other) and all(map(_equal, one, other))
    if isinstance(one, np.ndarray) or isinstance(other, np.ndarray):
        return False
    return bool(one == other)


def _differing(one: Any, truth: Any) -> int:
    """In how many numbers an outcome is not the right one; 1 where it is of another kind or shape."""
    if isinstance(one, tuple) and isinstance(truth, tuple) and len(one) == len(truth):
        return sum(map(_differing, one, truth))
    if isinstance(one, np.ndarray) and isinstance(truth, np.ndarray) and one.shape == truth.shape:
        return int(np.sum(~_close(one, truth)))
    return int(not _equal(one, truth))


def _close(one: np.ndarray, other: np.ndarray) -> np.ndarray:
    close: np.ndarray = np.isclose(one, other, rtol=RTOL, atol=1e-12, equal_nan=True)
    return close
