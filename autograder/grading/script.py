"""What a hidden suite asks of a right function: its calls for a seed, in order, learned from the reference."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np

from autograder.grading import suite
from autograder.grading.local import Local
from autograder.notebooks.units import Unit
from autograder.report import Kind
from autograder.session.dialogue import Call, call_of
from autograder.session.kept import Kept, holds, swapped


@dataclass(frozen=True, slots=True, eq=False)
class Line:
    """One call that a hidden test makes. Each equals only itself: arrays have no truth value."""

    test: str
    kind: Kind
    call: Call


@lru_cache(maxsize=32)
def script_of(unit: Unit, cell: str, seed: int, kind: Kind | None = None) -> tuple[Line, ...]:
    """All calls that the hidden tests of a function's cell, or those of one kind, make of a right function."""
    right = _Writing(vars(unit.reference), cell.removeprefix("test_"))
    suite.run(unit, right, seed=seed, cells=frozenset({cell}), kind=kind, on_test=right.begin, examples={})
    return tuple(right.lines)


class _Writing(Local):
    """The reference, which writes down what it is asked."""

    def __init__(self, functions: Mapping[str, Any], name: str) -> None:
        super().__init__(functions)
        self._name = name
        self._test: tuple[str, Kind] | None = None
        self.lines: list[Line] = []

    def begin(self, test: str, kind: Kind) -> None:
        self._test = (test, kind)

    def call(self, name: str, args: tuple[Any, ...], kwargs: Mapping[str, Any], *, after: bool = False) -> Any:
        # An object of the reference's is none of a student's.
        if name == self._name and self._test is not None and not holds((args, dict(kwargs)), Kept):
            own, by_name = swapped((args, dict(kwargs)), np.ndarray, np.copy)  # the test may change them later
            self.lines.append(Line(*self._test, call_of(name, own, by_name, after=after)))
        return super().call(name, args, kwargs, after=after)
