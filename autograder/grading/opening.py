"""What a submission said before its first hidden input: how its cells ran, what its names are, what it answered.

Sentences for the student are written from this record alone, and not from the process, which by then has seen hidden
inputs and may hold one wherever it is asked to look.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from autograder.notebooks.assignment import Task
from autograder.notebooks.submission import Submission
from autograder.notebooks.syntax import is_untouched
from autograder.session.dialogue import CellRun, Described, Held
from autograder.session.session import Session

_MOST_OTHERS = 20
"""So many other names of a student's are looked at where the right one is missing."""


@dataclass(frozen=True, slots=True)
class Opened:
    """Names and answers are there for each task that somebody attempted."""

    runs: Mapping[int, CellRun]
    described: Mapping[str, Described]
    answers: Mapping[str, Held]
    attempts: Mapping[str, tuple[int, ...]]
    """By task, the cells that try to do it; none for a task that a person reads."""
    others: Mapping[str, tuple[str, ...]]
    """By task whose name is not what it should be: what else its cells give a name to."""

    def stopped(self, task: Task) -> int | None:
        """The first cell of a task that did not run to its end."""
        return _first_stopped(self.attempts[task.name], self.runs)


def opened(tasks: Sequence[Task], submission: Submission, session: Session) -> Opened:
    """Ask all that may be wanted for a sentence."""
    described: dict[str, Described] = {}
    answers: dict[str, Held] = {}
    others: dict[str, tuple[str, ...]] = {}
    attempts = {task.name: tuple(_attempts(task, submission)) for task in tasks}
    for task in tasks:
        places = attempts[task.name]
        if not places:
            continue
        if task.kind == "answer":
            answers[task.name] = session.held(task.name)
            continue
        described[task.name] = session.describe(task.name)
        if not described[task.name].callable and _first_stopped(places, session.runs) is None:
            others[task.name] = _other_names(task, places, submission)
            described |= {name: session.describe(name) for name in others[task.name]}
            answers[task.name] = session.held(task.name)
    return Opened(dict(session.runs), described, answers, attempts, others)


def _attempts(task: Task, submission: Submission) -> Iterator[int]:
    if task.kind != "manual":
        yield from (index for index in range(len(submission.cells)) if _is_attempt(index, task, submission))


def _first_stopped(places: Iterable[int], runs: Mapping[int, CellRun]) -> int | None:
    return next((index for index in places if index in runs and runs[index].state != "ran"), None)


def _other_names(task: Task, places: Iterable[int], submission: Submission) -> tuple[str, ...]:
    defined = {name for index in places for name in submission.names[index]}
    return tuple(sorted(defined - {task.name})[:_MOST_OTHERS])


def _is_attempt(index: int, task: Task, submission: Submission) -> bool:
    """Whether this cell tries to answer the task: its own solution cell, changed, or another that defines the name."""
    cell = submission.cells[index]
    if cell.type != "code" or cell.locked or not cell.runs:
        return False
    named = cell.id == task.name or task.name in submission.names[index]
    return named and not is_untouched(cell.source, task.stub)
