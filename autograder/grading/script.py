"""What a hidden suite asks of a right function: its calls for a seed, in order, learned from the reference."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from autograder.grading import suite
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
def script_of(unit: Unit, cell: str, seed: int) -> tuple[Line, ...]:
    """All calls that the hidden tests of a function's cell make of a right function."""
    name = cell.removeprefix("test_")
    recorder = _Recorder(name, vars(unit.reference))
    suite.run(unit, recorder, seed=seed, cells=frozenset({cell}), on_test=recorder.begin)
    return tuple(recorder.lines)


class _Recorder(Local):
    """Stands where a student stands and replies with the reference, to learn what the suite asks."""

    def __init__(self, name: str, reference: Mapping[str, Any]) -> None:
        super().__init__(reference)
        self._name = name
        self._test: tuple[str, Kind] | None = None
        self.lines: list[Line] = []

    def begin(self, test: str, kind: Kind) -> None:
        self._test = (test, kind)

    def call(self, name: str, args: tuple[Any, ...], kwargs: Mapping[str, Any], *, after: bool = False) -> Any:
        # Before the first test come the visible examples. An object of the reference's is none of a student's.
        if name == self._name and self._test is not None and not holds((args, dict(kwargs)), Kept):
            call = call_of(name, copy.deepcopy(args), copy.deepcopy(dict(kwargs)), after=after)
            self.lines.append(Line(*self._test, call))
        return super().call(name, args, kwargs, after=after)
