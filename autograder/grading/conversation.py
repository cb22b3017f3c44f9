"""All that the hidden tests of a cell ask of somebody, and what they are told: a student, or a stand-in for one."""

from __future__ import annotations

import copy
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from autograder.grading import suite
from autograder.grading.hidden import Outcome
from autograder.notebooks.units import Unit
from autograder.report import Kind
from autograder.session.dialogue import Call, Respondent
from autograder.session.kept import Kept


@dataclass(frozen=True, slots=True, eq=False)
class Turn:
    """One thing that a hidden test asked, and what came of it."""

    test: str
    kind: Kind
    name: str
    """The function, or of an object what it came from and what was used: `Line.fit`."""
    args: tuple[Any, ...]
    kwargs: Mapping[str, Any]
    after: bool
    returned: Any
    raised: Exception | None


@dataclass(frozen=True, slots=True)
class Conversation:
    turns: Sequence[Turn]
    """What was said before the first hidden test, on the visible examples, is none of them."""
    outcomes: Sequence[Outcome]


def conversation(unit: Unit, respondent: Respondent, cell: str, seed: int, kind: Kind | None = None) -> Conversation:
    """Run the hidden tests of a cell, or those of one kind, and note what is said. Raises `BrokenSuite`."""
    noted = _Noted(respondent)
    outcomes = suite.run(unit, noted, seed=seed, cells=frozenset({cell}), kind=kind, on_test=noted.begin)
    return Conversation(noted.turns, outcomes)


class _Noted:
    """Passes on what is asked, and notes what is said to it."""

    def __init__(self, respondent: Respondent) -> None:
        self._respondent = respondent
        self._test: tuple[str, Kind] | None = None
        self.turns: list[Turn] = []

    def begin(self, test: str, kind: Kind) -> None:
        self._test = (test, kind)

    def call(self, name: str, args: tuple[Any, ...], kwargs: Mapping[str, Any], *, after: bool = False) -> Any:
        ask = self._respondent.call
        return self._note(lambda: ask(name, args, kwargs, after=after), name, args, kwargs, after=after)

    def use(
        self, kept: Kept, what: str, args: tuple[Any, ...], kwargs: Mapping[str, Any], *, after: bool = False
    ) -> Any:
        ask = self._respondent.use
        name = f"{kept.whose}.{args[0] if what == '.' else what}"
        return self._note(lambda: ask(kept, what, args, kwargs, after=after), name, args, kwargs, after=after)

    def answer(self, name: str) -> Any:
        return self._respondent.answer(name)

    def ahead(self, calls: Sequence[Call]) -> None:
        """Each is asked when it is asked for."""

    def _note(
        self, ask: Callable[[], Any], name: str, args: tuple[Any, ...], kwargs: Mapping[str, Any], *, after: bool
    ) -> Any:
        own, named = copy.deepcopy((args, dict(kwargs)))  # the test may change them later
        returned, raised = None, None
        try:
            returned = ask()
        except Exception as error:
            raised = error
            raise
        finally:
            if self._test is not None:
                self.turns.append(Turn(*self._test, name, own, named, after, returned, raised))
        return returned
