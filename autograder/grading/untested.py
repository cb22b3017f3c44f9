"""What can be said of a task before any hidden test: nobody tried, the cell stopped, there is no such function."""

from __future__ import annotations

from dataclasses import dataclass

from autograder.grading import steps
from autograder.grading.cells import place, what_stopped
from autograder.grading.opening import Opened
from autograder.notebooks.assignment import Task
from autograder.report import State
from autograder.session.dialogue import NotThere, OutOfTime, Unusable
from autograder.words import one_line


@dataclass(frozen=True, slots=True)
class Notice:
    state: State
    message: str
    hint: str | None = None


def before_tests(task: Task, opened: Opened) -> Notice | None:
    """Why this task need not be tested, None where it should be."""
    if task.kind == "manual":
        return _manual(task, opened)
    if not opened.submission.attempts[task.name]:
        return Notice("not-attempted", f"{task.name} has not been attempted yet.", _begin(task, opened))
    if task.kind == "answer":
        return _answer(task, opened)
    if opened.described[task.name].callable:
        return None
    return _stopped(task, opened) or _missing(task, opened)


def out_of_time(task: Task) -> Notice:
    """What there is to say where the whole submission used up the time for its functions and answers."""
    return Notice(
        "timeout",
        f"{task.name} was not tested to its end: cells, functions and answers of this notebook together took too long.",
        "Make the slowest function faster first. Each call should take well under a second.",
    )


def _begin(task: Task, opened: Opened) -> str:
    cell = opened.submission.solution(task.name)
    if cell is not None and "YOUR CODE HERE" in cell.source:
        return "Replace the line that says YOUR CODE HERE."
    return f"Write your answer in the cell `{task.name}`, and run it."


def _manual(task: Task, opened: Opened) -> Notice:
    cell = opened.submission.solution(task.name)
    if cell is None or cell.source.strip() in ("", task.stub.strip()):
        return Notice("manual", "No answer was written here.")
    return Notice("manual", "A person reads and grades this answer.")


def _answer(task: Task, opened: Opened) -> Notice | None:
    held = opened.answers[task.name]
    if held.failed is NotThere:
        return _stopped(task, opened) or Notice(
            "missing",
            f"There is no variable named `{task.name}`.",
            f"Write your answer as `{task.name} = …`, with exactly this name.",
        )
    if held.failed is OutOfTime:
        return out_of_time(task)
    if held.failed is not None:
        return Notice(
            "error", f"Looking at the value of `{task.name}` ends Python or never finishes.", "Write a plain value."
        )
    if held.value is None or (isinstance(held.value, Unusable) and held.value.category == "unfinished"):
        return Notice(
            "not-attempted", f"{task.name} has no value yet.", "Give it a number or a letter, as the cell says."
        )
    return None


def _stopped(task: Task, opened: Opened) -> Notice | None:
    """The cell that should define it did not get there."""
    index = opened.stopped(task)
    if index is None:
        return None
    run = opened.runs[index]
    state: State = "timeout" if run.state in ("timeout", "left out") else "error"
    words = f"`{task.name}` was not defined, because {place(opened.submission.cells[index])} {what_stopped(run)}."
    step = steps.in_an_answer(task.name, run.raised) if task.kind == "answer" else steps.RUN_AGAIN
    return Notice(state, words, step)


def _missing(task: Task, opened: Opened) -> Notice:
    others = [name for name in opened.others.get(task.name, ()) if opened.described[name].callable]
    words = f"There is no {task.kind} named `{task.name}`."
    if opened.answers[task.name].failed is not NotThere:
        words = f"`{task.name}` is not a {task.kind}: a cell gives this name another value."
    elif any(task.name in opened.submission.names[index] for index in opened.submission.attempts[task.name]):
        words += " A cell defines it, and it is deleted afterwards."
    elif others:
        words += f" The cell defines `{one_line(others[0], 60)}`."
    return Notice(
        "missing", words, f"The name must be exactly `{task.name}`, with the parameters ({', '.join(task.parameters)})."
    )
