"""Wrong answers → the misconception that gives the same answers.

What a student's function returned for the suite's inputs is compared, value for value, with what each catalogued
mistake returns for them. Only a match that is exact, and that fits one mistake alone, names anything.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from autograder import suite
from autograder.misconceptions import Misconception
from autograder.report import Kind
from autograder.session import Ended, NotThere, Session, StudentError, Timeout

RTOL = 1e-9
"""Two ways to write one formula differ by rounding only; two formulas differ by more."""

MIN_DIFFERENT = {"value": 3, "numerical": 1, "contract": 1}
"""On how many of the inputs a mistake must differ from the right answer before a match says anything."""


@dataclass(frozen=True, slots=True)
class Call:
    """One call that a hidden test makes of a right function."""

    test: str
    kind: Kind
    args: tuple[Any, ...]
    kwargs: Mapping[str, Any]
    after: bool


class Recorder:
    """Stands where a student stands and answers with the reference, to learn what the suite asks."""

    def __init__(self, name: str, reference: Callable[..., Any]) -> None:
        self._name = name
        self._reference = reference
        self._test: tuple[str, Kind] = ("", "value")
        self.calls: list[Call] = []

    def begin(self, test: str, kind: Kind) -> None:
        self._test = (test, kind)

    def call(self, name: str, args: tuple[Any, ...], kwargs: Mapping[str, Any], *, after: bool = False) -> Any:
        if name == self._name and self._test[0]:
            self.calls.append(Call(*self._test, copy.deepcopy(args), copy.deepcopy(dict(kwargs)), after))
        returned = self._reference(*args, **kwargs)
        return args if after else returned

    def answer(self, name: str) -> Any:
        raise NotThere(name)


def diagnose(
    path: Path, task_cell: str, failed: suite.Outcome, session: Session, entries: tuple[Misconception, ...], seed: int
) -> Misconception | None:
    """The misconception behind a wrong function, None where the evidence does not single one out."""
    name = task_cell.removeprefix("test_")
    candidates = [entry for entry in entries if entry.function == name and entry.breaks == failed.kind]
    if not candidates or failed.verdict not in ("wrong", "error"):
        return None
    reference = suite.reference_of(path, name)
    recorder = Recorder(name, reference)
    suite.run(path, recorder, seed=seed, cells=frozenset({task_cell}), on_test=recorder.begin)
    decisive = [c for c in recorder.calls if c.kind == failed.kind and (c.kind == "value" or c.test == failed.name)]
    evidence = [c for c in recorder.calls if c.kind == "value" or c in decisive]
    theirs = [_outcome(lambda c=call: session.call(name, c.args, c.kwargs, after=c.after)) for call in evidence]
    right = [_local(reference, call) for call in evidence]
    matching = []
    for entry in candidates:
        answers = [_local(entry, call) for call in evidence]
        differ = sum(
            not _equal(answer, truth)
            for call, answer, truth in zip(evidence, answers, right, strict=True)
            if call in decisive
        )
        if differ >= MIN_DIFFERENT[failed.kind] and all(map(_equal, theirs, answers)):
            matching.append(entry)
    if len(matching) > 1:
        rest = [call for call in recorder.calls if call not in evidence]
        more = [_outcome(lambda c=call: session.call(name, c.args, c.kwargs, after=c.after)) for call in rest]
        matching = [e for e in matching if all(map(_equal, more, (_local(e, call) for call in rest)))]
    return matching[0] if len(matching) == 1 else None


def _local(function: Callable[..., Any], call: Call) -> Any:
    args, kwargs = copy.deepcopy(call.args), copy.deepcopy(dict(call.kwargs))

    def ask() -> Any:
        returned = function(*args, **kwargs)
        return args if call.after else returned

    with np.errstate(all="ignore"):
        return _outcome(ask)


def _outcome(ask: Callable[[], Any]) -> Any:
    """What a call came to: what it returned, or one of a few words for how it failed."""
    try:
        return "returned", _plain(ask())
    except (Timeout, Ended, NotThere):
        return "stopped", None
    except StudentError as error:
        return "refused" if isinstance(error, ValueError) else "raised", None
    except ValueError:
        return "refused", None
    except Exception:
        return "raised", None


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
        return one.shape == other.shape and bool(np.allclose(one, other, rtol=RTOL, atol=1e-12, equal_nan=True))
    if isinstance(one, tuple) and isinstance(other, tuple):
        return len(one) == len(other) and all(map(_equal, one, other))
    if isinstance(one, np.ndarray) or isinstance(other, np.ndarray):
        return False
    return bool(one == other)
