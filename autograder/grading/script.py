"""What a hidden suite asks of a right function: its calls for a seed, in order, learned from the reference."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from autograder.grading.conversation import conversation
from autograder.grading.local import Local
from autograder.notebooks.units import Unit
from autograder.report import Kind
from autograder.session.dialogue import Call, call_of
from autograder.session.kept import Kept, holds


@dataclass(frozen=True, slots=True, eq=False)
class Line:
    """One call that a hidden test makes. Each equals only itself: arrays have no truth value."""

    test: str
    kind: Kind
    call: Call


@lru_cache(maxsize=32)
def script_of(unit: Unit, cell: str, seed: int, kind: Kind | None = None) -> tuple[Line, ...]:
    """All calls that the hidden tests of a function's cell, or those of one kind, make of a right function."""
    name = cell.removeprefix("test_")
    turns = conversation(unit, Local(vars(unit.reference)), cell, seed, kind).turns
    return tuple(
        Line(turn.test, turn.kind, call_of(name, turn.args, turn.kwargs, after=turn.after))
        for turn in turns
        # An object of the reference's is none of a student's.
        if turn.name == name and not holds((turn.args, turn.kwargs), Kept)
    )
