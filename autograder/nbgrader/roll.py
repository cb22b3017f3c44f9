"""The roll: who is in the class, and how each stands in one assignment, as the gradebook has it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import sqlalchemy as sa
from nbgrader.api import Assignment as AssignmentRow
from nbgrader.api import BaseCell, GradeCell, Notebook, TaskCell

from autograder.nbgrader.points import JUDGED, POINTS
from autograder.nbgrader.tables import GRADE, NOTEBOOK, STUDENT, WORK, opened


class NotInGradebook(LookupError):
    """The gradebook does not know the assignment. The message says what to do."""


@dataclass(frozen=True, slots=True)
class Person:
    """A student, as the gradebook knows them."""

    id: str
    first: str = ""
    last: str = ""
    email: str = ""
    lms: str = ""
    """Their id in a learning management system, where somebody has entered one."""

    @property
    def name(self) -> str:
        return " ".join(part for part in (self.first, self.last) if part) or self.id


@dataclass(frozen=True, slots=True)
class Standing:
    """What a student has in an assignment, a person's points and the penalty included."""

    points: float
    """After the penalty for late work, as nbgrader exports it."""
    penalty: float
    waits: int
    """Cells that nobody has judged yet: their points are not known, and are no zero."""
    by_hand: int
    """Automatic scores that a person has changed."""


@dataclass(frozen=True, slots=True)
class Roll:
    """A class and one assignment."""

    people: Mapping[str, Person]
    standings: Mapping[str, Standing]
    """Of those who have handed in."""
    most: float

    @classmethod
    def of(cls, url: str, assignment: str) -> Roll:
        """Raises `NotInGradebook`, and `Refused` where the gradebook cannot be opened."""
        address = sa.make_url(url)
        unknown = f"The gradebook does not know {assignment}. Grade it first: autograder grade {assignment}"
        if address.get_backend_name() == "sqlite" and address.database and not Path(address.database).is_file():
            raise NotInGradebook(unknown)  # to look into it would make it
        engine = sa.create_engine(url)
        try:
            with opened(url), engine.connect() as connection:
                found = connection.scalar(sa.select(AssignmentRow.id).where(AssignmentRow.name == assignment))
                if found is None:
                    raise NotInGradebook(unknown)
                return cls(_people(connection), _standings(connection, found), _most(connection, found))
        finally:
            engine.dispose()


def _people(connection: sa.Connection) -> dict[str, Person]:
    columns = (STUDENT.c.id, STUDENT.c.first_name, STUDENT.c.last_name, STUDENT.c.email, STUDENT.c.lms_user_id)
    rows = connection.execute(sa.select(*columns).order_by(STUDENT.c.id))
    return {row[0]: Person(*(str(part or "") for part in row)) for row in rows}


def _standings(connection: sa.Connection, assignment: str) -> dict[str, Standing]:
    changed = sa.and_(
        GRADE.c.manual_score.is_not(None),
        GRADE.c.auto_score.is_not(None),
        GRADE.c.manual_score != GRADE.c.auto_score,
    )
    grades = (
        sa.select(
            GRADE.c.notebook_id,
            sa.func.sum(POINTS).label("points"),
            sa.func.sum(sa.case((JUDGED, 0), else_=1)).label("waits"),
            sa.func.sum(sa.case((JUDGED, 1), else_=0)).label("judged"),
            sa.func.sum(sa.case((changed, 1), else_=0)).label("by_hand"),
        )
        .group_by(GRADE.c.notebook_id)
        .subquery()
    )
    rows = connection.execute(
        sa.select(
            WORK.c.student_id,
            sa.func.sum(grades.c.points),
            sa.func.sum(sa.func.coalesce(NOTEBOOK.c.late_submission_penalty, 0.0)),
            sa.func.sum(grades.c.waits),
            sa.func.sum(grades.c.by_hand),
        )
        .join(NOTEBOOK, NOTEBOOK.c.assignment_id == WORK.c.id)
        .join(grades, grades.c.notebook_id == NOTEBOOK.c.id)
        .where(WORK.c.assignment_id == assignment)
        # A row with none of these is only there for an extension: nothing was handed in.
        .where(sa.or_(WORK.c.timestamp.is_not(None), grades.c.judged > 0, NOTEBOOK.c.flagged))
        .group_by(WORK.c.student_id)
    )
    return {
        student: Standing(round(max(0.0, float(points) - float(penalty)), 6), float(penalty), int(waits), int(by_hand))
        for student, points, penalty, waits, by_hand in rows
    }


def _most(connection: sa.Connection, assignment: str) -> float:
    total = 0.0
    for kind in (GradeCell, TaskCell):
        table = kind.__table__
        wanted = (
            sa.select(sa.func.sum(table.c.max_score))
            .join(BaseCell.__table__, BaseCell.__table__.c.id == table.c.id)
            .join(Notebook, Notebook.id == BaseCell.__table__.c.notebook_id)
            .where(Notebook.assignment_id == assignment)
        )
        total += float(connection.scalar(wanted) or 0.0)
    return round(total, 6)
