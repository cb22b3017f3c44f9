"""What a hidden suite asks of a right function: its calls for a seed, in order, learned from the reference."""

from __future__ import annotations

import copy
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from autograder.grading import suite
from autograder.notebooks.units import Unit
from autograder.report import Kind
from autograder.session.answers import Call, NotThere, Raised, StudentValueError, call_of


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
    recorder = _Recorder(name, getattr(unit.reference, name))
    suite.run(unit, recorder, seed=seed, cells=frozenset({cell}), on_test=recorder.begin)
    return tuple(recorder.lines)


class _Recorder:
    """Stands where a student stands and answers with the reference, to learn what the suite asks."""

    def __init__(self, name: str, reference: Callable[..., Any]) -> None:
        self._name = name
        self._reference = reference
        self._test: tuple[str, Kind] | None = None
        self.lines: list[Line] = []

    def begin(self, test: str, kind: Kind) -> None:
        self._test = (test, kind)

    def call(self, name: str, args: tuple[Any, ...], kwargs: Mapping[str, Any], *, after: bool = False) -> Any:
        if name == self._name and self._test is not None:  # before the first test come the visible examples
            call = call_of(name, copy.deepcopy(args), copy.deepcopy(dict(kwargs)), after=after)
            self.lines.append(Line(*self._test, call))
        try:
            returned = self._reference(*args, **kwargs)
        except ValueError as error:  # as a session would say it
            raise StudentValueError(Raised("ValueError", True, "", "")) from error
        return args if after else returned

    def answer(self, name: str) -> Any:
        raise NotThere(name)

    def ahead(self, calls: Sequence[Call]) -> None:
        """Nobody has to be waited for here."""
