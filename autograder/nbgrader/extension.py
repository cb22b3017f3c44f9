"""More time for a student: nbgrader's own extensions, given before or after something was handed in."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from nbgrader.api import Assignment as AssignmentRow
from nbgrader.api import Gradebook, MissingEntry

from autograder.grading.preflight.hold import Refused
from autograder.nbgrader.course_folder import CourseFolder
from autograder.nbgrader.flags import Flags
from autograder.nbgrader.roll import Roll
from autograder.nbgrader.tables import NOTEBOOK, WORK, opened
from autograder.nbgrader.writer import Writer


@dataclass(frozen=True, slots=True)
class Extension:
    """How much more time a student has for an assignment."""

    student: str
    more: timedelta
    due: datetime | None
    """With the extension; None where the assignment has no due date."""
    handed_in: datetime | None
    penalty: float
    """What lateness costs now."""


def extensions(folder: CourseFolder) -> tuple[Extension, ...]:
    """All that were given for an assignment, by student. Raises `NotInGradebook`."""
    Roll.of(folder.database, folder.assignment)
    return tuple(one for one in _all(folder) if one.more)


def extend(folder: CourseFolder, student: str, more: timedelta) -> Extension:
    """Give a student so much time in all, or take it back with none, and settle what lateness costs.

    A student who has handed in nothing yet gets an empty row in the gradebook, where nbgrader keeps extensions: without
    a score and a time, it counts as nothing handed in. Raises `NotInGradebook`, and `Refused` for an unknown student.
    """
    if student not in Roll.of(folder.database, folder.assignment).people:
        raise Refused(f"The gradebook knows no student {student!r}. Add them first: nbgrader db student add {student}")
    if more < timedelta(0):
        raise Refused("An extension cannot be negative. To take one back give none: --days 0")
    with warnings.catch_warnings(), Gradebook(folder.database, folder.directory.course_id) as book:
        warnings.simplefilter("ignore")  # nbgrader's own, about how it makes a row
        try:
            book.find_submission(folder.assignment, student)
        except MissingEntry:
            book.add_submission(folder.assignment, student)
        book.grant_extension(folder.assignment, student, minutes=more.total_seconds() / 60)
    writer = Writer(folder.database, folder.assignment, folder.penalty(), Flags(folder.root, folder.assignment))
    try:
        writer.settle_penalties([student])
    finally:
        writer.close()
    return next(one for one in _all(folder) if one.student == student)


def _all(folder: CourseFolder) -> Sequence[Extension]:
    engine = sa.create_engine(folder.database)
    cost = sa.func.sum(sa.func.coalesce(NOTEBOOK.c.late_submission_penalty, 0.0))
    due = AssignmentRow.duedate
    try:
        with opened(folder.database), engine.connect() as connection:
            rows = connection.execute(
                sa.select(WORK.c.student_id, WORK.c.extension, due, WORK.c.timestamp, cost)
                .join(AssignmentRow, AssignmentRow.id == WORK.c.assignment_id)
                .outerjoin(NOTEBOOK, NOTEBOOK.c.assignment_id == WORK.c.id)
                .where(AssignmentRow.name == folder.assignment)
                .group_by(WORK.c.student_id, WORK.c.extension, due, WORK.c.timestamp)
                .order_by(WORK.c.student_id)
            ).all()
    finally:
        engine.dispose()
    nothing = timedelta(0)
    return [
        Extension(student, more or nothing, None if due is None else due + (more or nothing), handed_in, cost or 0.0)
        for student, more, due, handed_in, cost in rows
    ]
