"""What a class said, test for test: a mistake is named that says the same, and that alone.

With objects, what is asked next depends on what was said before. So whole conversations are compared, and not single
calls: the student's with that of each known wrong class, on the same hidden inputs."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any

import numpy as np

from autograder.grading.conversation import Turn, conversation
from autograder.grading.explanation import first_failed
from autograder.grading.hidden import Outcome
from autograder.grading.local import Local
from autograder.misconception import Misconception
from autograder.notebooks.units import Unit
from autograder.report import Kind
from autograder.session.dialogue import Respondent, StudentError
from autograder.session.kept import Kept

_EXACT = 1e-9
"""Two ways to write one formula differ by rounding only."""

_LEAST = {"value": 2, "numerical": 2, "contract": 1}
"""How much of a conversation must be wrong before the same in another one says anything."""

Said = Sequence[object]


def diagnose_class(
    unit: Unit, cell: str, outcomes: Sequence[Outcome], session: Respondent, seed: int
) -> Misconception | None:
    """The known wrong class that says all that the student's says, None where it is not exactly one."""
    name = cell.removeprefix("test_")
    failed = first_failed(outcomes)
    if failed is None or failed.verdict not in ("wrong", "error"):
        return None
    suspects = [entry for entry in unit.misconceptions if entry.function == name and entry.breaks == failed.kind]
    if not suspects:
        return None
    theirs = _said_in(unit, cell, failed.kind, seed, session)
    right = _known(unit, cell, failed.kind, seed, getattr(unit.reference, name))
    found = []
    for entry in suspects:
        said = _known(unit, cell, failed.kind, seed, entry.wrong)
        if _differing(said, right) >= _LEAST[entry.breaks] and not _differing(said, theirs):
            found.append(entry)
    return found[0] if len(found) == 1 else None


@lru_cache(maxsize=512)
def _known(unit: Unit, cell: str, kind: Kind, seed: int, wrong: Callable[..., Any]) -> Said:
    functions = {**vars(unit.reference), cell.removeprefix("test_"): wrong}
    return _said_in(unit, cell, kind, seed, Local(functions))


def _said_in(unit: Unit, cell: str, kind: Kind, seed: int, respondent: Respondent) -> Said:
    """What is said in the tests of this kind."""
    turns = conversation(unit, respondent, cell, seed, kind).turns
    return [(turn.test, _came_of(turn)) for turn in turns if turn.kind == kind]


def _came_of(turn: Turn) -> tuple[object, ...]:
    match turn.raised:
        case None:
            return ("returned", turn.returned)
        case StudentError():
            return ("raised", isinstance(turn.raised, ValueError))
        case _:
            return ("stopped", type(turn.raised).__name__)


def _differing(one: Said, other: Said) -> int:
    """In how many numbers and other replies two conversations differ, and where one is longer, all the rest."""
    return abs(len(one) - len(other)) + sum(_unlike(a, b) for a, b in zip(one, other, strict=False))


def _unlike(one: object, other: object) -> int:
    a, b = _numbers(one), _numbers(other)
    if a is not None and b is not None:
        return int(np.sum(~np.isclose(b, a, rtol=_EXACT, atol=1e-12, equal_nan=True))) if a.shape == b.shape else 1
    if isinstance(one, list | tuple) and isinstance(other, list | tuple):
        return _differing(one, other)
    if isinstance(one, Kept) or isinstance(other, Kept):
        return int(type(one) is not type(other))
    return int(a is not None or b is not None or type(one) is not type(other) or bool(one != other))


def _numbers(value: object) -> np.ndarray | None:
    """A number, or a rectangular block of them, in any form."""
    try:
        array = np.asarray(value)
    except Exception:  # a list can hold anything, and NumPy has many ways to refuse it
        return None
    return array.astype(np.float64) if array.dtype.kind in "iuf" else None
