"""More time for a student, from the terminal."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

from autograder.grading.preflight.hold import Refused
from autograder.nbgrader import extension
from autograder.nbgrader.course_folder import CourseFolder
from autograder.nbgrader.extension import Extension
from autograder.nbgrader.feedback.page import date_of, duration_of
from autograder.nbgrader.feedback.tasks import number
from autograder.nbgrader.roll import NotInGradebook
from autograder.screens.class_tables import Stopped

__all__ = ["Stopped", "give", "given"]


def give(course: Path, name: str, student: str, more: timedelta) -> Iterator[str]:
    """Give the extension and say what it comes to. Raises `Stopped`."""
    try:
        made = extension.extend(CourseFolder(course, name), student, more)
    except (NotInGradebook, Refused) as error:
        raise Stopped(str(error), status=2) from error
    yield _said(made)
    if made.due is None:
        yield f'{name} has no due date. Set one: nbgrader db assignment add {name} --duedate="2027-01-31 23:59 UTC"'
    if made.handed_in is not None:
        yield f"What was handed in costs {number(made.penalty)} points for lateness now. A page that says otherwise is "
        yield f"made anew: autograder feedback {name} --student {student}"


def given(course: Path, name: str) -> Iterator[str]:
    """All extensions of an assignment. Raises `Stopped`."""
    try:
        found = extension.extensions(CourseFolder(course, name))
    except (NotInGradebook, Refused) as error:
        raise Stopped(str(error), status=2) from error
    if not found:
        yield f"Nobody has more time for {name}."
    yield from map(_said, found)


def _said(one: Extension) -> str:
    due = date_of(one.due) if one.due is not None else ""
    if not one.more:
        return f"{one.student} has no extension" + (f"; it is due on {due}." if due else ".")
    return f"{one.student} has {duration_of(one.more)} more" + (f", until {due}." if due else ".")
