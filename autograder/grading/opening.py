"""What a submission said before its first hidden input: how its cells ran, what its names are, what it answered.

Sentences for the student are written from this record alone, and not from the process, which by then has seen hidden
inputs and may hold one wherever it is asked to look.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from autograder.grading.cells import place, what_stopped
from autograder.notebooks.assignment import Assignment, Cell, Task
from autograder.notebooks.submission import Submission
from autograder.session.dialogue import CellRun, Described, Held
from autograder.session.session import Session

_MOST_OTHERS = 20
"""So many other names of a student's are looked at where the right one is missing."""


@dataclass(frozen=True, slots=True)
class Opened:
    """Names and answers are there for each task that somebody attempted."""

    submission: Submission
    fault: str
    """Why the assignment's own beginning does not run, empty where it does. With a fault nothing more is asked."""
    runs: Mapping[int, CellRun]
    described: Mapping[str, Described]
    answers: Mapping[str, Held]
    others: Mapping[str, tuple[str, ...]]
    """By task whose name is not what it should be: what else its cells give a name to."""

    def stopped(self, task: Task) -> int | None:
        """The first cell of a task that did not run to its end."""
        return _first_stopped(self.submission.attempts[task.name], self.runs)

    def failed(self) -> Iterator[tuple[int, Cell, CellRun]]:
        """The student's cells that did not run to their end, in order."""
        for index, run in sorted(self.runs.items()):
            cell = self.submission.cells[index]
            if run.state != "ran" and not cell.locked:
                yield index, cell, run


def opened(assignment: Assignment, submission: Submission, session: Session) -> Opened:
    """Ask all that may be wanted for a sentence."""
    fault = _fault(assignment, submission, session.runs)
    tasks = () if fault else assignment.tasks
    described: dict[str, Described] = {}
    answers: dict[str, Held] = {}
    others: dict[str, tuple[str, ...]] = {}
    for task in tasks:
        places = submission.attempts[task.name]
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
    return Opened(submission, fault, dict(session.runs), described, answers, others)


def _fault(assignment: Assignment, submission: Submission, runs: Mapping[int, CellRun]) -> str:
    """Why the assignment's own beginning does not run, empty where it does.

    As long as nothing but the assignment's own cells has run, in their own order, what fails is no student's doing."""
    ours = [cell.source for cell in assignment.cells if cell.type == "code" and cell.source.strip()]
    for source, (index, run) in zip(ours, sorted(runs.items()), strict=False):
        cell = submission.cells[index]
        if cell.source != source or cell.nbgrader.get("solution"):
            break
        if cell.locked and run.state != "ran":
            words = f"{place(cell)} {what_stopped(run)}, before anything of the student's own has run"
            return f"The assignment itself does not work here: {words}. This is no fault of the submission."
    return ""


def _first_stopped(places: Iterable[int], runs: Mapping[int, CellRun]) -> int | None:
    return next((index for index in places if index in runs and runs[index].state != "ran"), None)


def _other_names(task: Task, places: Iterable[int], submission: Submission) -> tuple[str, ...]:
    defined = {name for index in places for name in submission.names[index]}
    return tuple(sorted(defined - {task.name})[:_MOST_OTHERS])
