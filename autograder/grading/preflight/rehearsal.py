"""A hidden suite held against its own reference: a test that its reference fails is wrong, whatever students write."""

from __future__ import annotations

import contextlib
import logging
from collections.abc import Iterable, Iterator

import pytest

from autograder.grading.conversation import Turn, conversation
from autograder.grading.explanation import first_failed
from autograder.grading.local import Local
from autograder.notebooks.assignment import Assignment
from autograder.session.dialogue import NotThere, StudentError


class Failed(Exception):
    """The suite and its reference do not agree. The message names the test, and says why."""


def hold(assignment: Assignment, seed: int) -> None:
    """Raise `Failed` where the reference does not pass a test of its functions."""
    tasks = [task for task in assignment.tasks if task.is_code]
    if not tasks or assignment.unit is None:
        return
    place = f"{assignment.unit.place}/reference.py"
    module = assignment.unit.reference
    for task in tasks:
        cell, name = task.cell, task.name
        if not callable(getattr(module, name, None)):
            raise Failed(f"`{cell}` carries points, and {place} has no {task.kind} `{name}`.")
        with _kept_quiet() as errors:
            said = conversation(assignment.unit, Local(vars(module)), cell, seed)
        failed = first_failed(said.outcomes)
        if failed is not None:
            own = _words(errors[0]) if failed.verdict == "fault" and errors else ""
            trouble = _trouble(turn for turn in said.turns if turn.test == failed.name)
            reason = own or trouble or "it says that what the reference returns is wrong"
            raise Failed(
                f"the course's own reference does not pass the hidden test `{failed.name}` of Test_{name}: {reason}. "
                f"Correct the test, or {place}."
            )


def _trouble(turns: Iterable[Turn]) -> str:
    """What went wrong last in these turns of a test."""
    words = ""
    for turn in turns:
        if isinstance(turn.raised, NotThere):
            words = f"it calls `student.{turn.name}`, and there is no such function or class"
        elif isinstance(turn.raised, StudentError):
            said = f"{turn.raised.raised.kind}: {turn.raised.raised.message}".rstrip(": ")
            words = f"its call of `{turn.name}` raised {said}"
    return words


@contextlib.contextmanager
def _kept_quiet() -> Iterator[list[BaseException]]:
    """The errors that tests raised by themselves, which are logged for a grader and become a sentence here."""
    errors: list[BaseException] = []

    def note(record: logging.LogRecord) -> bool:
        if record.exc_info and record.exc_info[1] is not None:
            errors.append(record.exc_info[1])
        return False

    logger = logging.getLogger("autograder.grading.hidden")
    logger.addFilter(note)
    try:
        yield errors
    finally:
        logger.removeFilter(note)


def _words(error: BaseException) -> str:
    if isinstance(error, pytest.FixtureLookupError):
        return f"there is no fixture `{error.argname}`; a test takes self, student, rng and reference"
    return f"{type(error).__name__}: {error}".rstrip(": ").splitlines()[0]
