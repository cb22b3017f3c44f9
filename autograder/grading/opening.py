"""What a submission said before its first hidden input: how its cells ran, what its names are, what it answered.

Sentences for the student are written from this record alone, and not from the process, which by then has seen hidden
inputs and may hold one wherever it is asked to look.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from autograder.notebooks.assignment import Task
from autograder.notebooks.submission import Submission
from autograder.notebooks.syntax import is_untouched
from autograder.session.answers import CellRun, Described, Held
from autograder.session.session import Session

_MOST_OTHERS = 20
"""So many other names of a student's are looked at where the right one is missing."""


@dataclass(frozen=True, slots=True)
class Opened:
    """Names and answers are there for each task that somebody attempted."""

    runs: Mapping[int, CellRun]
    described: Mapping[str, Described]
    answers: Mapping[str, Held]


def opened(tasks: Iterable[Task], submission: Submission, session: Session) -> Opened:
    """Ask all that may be wanted for a sentence."""
    described: dict[str, Described] = {}
    answers: dict[str, Held] = {}
    for task in tasks:
        places = attempts(task, submission)
        if not places:
            continue
        if task.kind == "answer":
            answers[task.name] = session.held(task.name)
            continue
        described[task.name] = session.describe(task.name)
        if not described[task.name].callable and first_stopped(places, session.runs) is None:
            described |= {name: session.describe(name) for name in other_names(task, places, submission)}
            answers[task.name] = session.held(task.name)
    return Opened(dict(session.runs), described, answers)


def attempts(task: Task, submission: Submission) -> list[int]:
    """The cells that try to answer a task that no person reads."""
    if task.kind == "manual":
        return []
    return [index for index in range(len(submission.cells)) if _is_attempt(index, task, submission)]


def first_stopped(places: Iterable[int], runs: Mapping[int, CellRun]) -> int | None:
    """The first of these cells that did not run to its end."""
    return next((index for index in places if index in runs and runs[index].state != "ran"), None)


def other_names(task: Task, places: Iterable[int], submission: Submission) -> list[str]:
    """What these cells give a name to, but for the task's own."""
    defined = {name for index in places for name in submission.names[index]}
    return sorted(defined - {task.name})[:_MOST_OTHERS]


def _is_attempt(index: int, task: Task, submission: Submission) -> bool:
    """Whether this cell tries to answer the task: its own solution cell, changed, or another that defines the name."""
    cell = submission.cells[index]
    if cell.type != "code" or cell.locked or not cell.runs:
        return False
    named = cell.id == task.name or task.name in submission.names[index]
    return named and not is_untouched(cell.source, task.stub)
