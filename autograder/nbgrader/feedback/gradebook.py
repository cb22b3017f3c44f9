"""What the gradebook says of a submission: points, comments, and when it came."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import sqlalchemy as sa
from nbgrader.api import Assignment, BaseCell, GradeCell, MissingEntry, Notebook, SubmittedNotebook, TaskCell

from autograder.nbgrader.tables import COMMENT, GRADE, NOTEBOOK, STUDENT, WORK


@dataclass(frozen=True, slots=True)
class Points:
    """One cell's: None where neither the grader nor a person has judged."""

    automatic: float | None
    manual: float | None
    extra: float
    most: float

    @property
    def waits(self) -> bool:
        return self.automatic is None and self.manual is None

    @property
    def got(self) -> float:
        own = self.automatic if self.manual is None else self.manual
        return (own or 0.0) + self.extra


@dataclass(frozen=True, slots=True)
class Judged:
    """One submitted notebook."""

    student: str
    name: str = ""
    points: Mapping[str, Points] = field(default_factory=dict)
    """By the name of the cell."""
    comments: Mapping[str, str] = field(default_factory=dict)
    handed_in: datetime | None = None
    due: datetime | None = None
    """With the student's extension."""
    penalty: float = 0.0

    @property
    def got(self) -> float:
        return sum(points.got for points in self.points.values()) - self.penalty

    @property
    def most(self) -> float:
        return sum(points.most for points in self.points.values())

    @property
    def waiting(self) -> int:
        return sum(points.waits for points in self.points.values())

    @property
    def late(self) -> timedelta:
        if self.handed_in is None or self.due is None:
            return timedelta(0)
        return max(self.handed_in - self.due, timedelta(0))


@functools.lru_cache(maxsize=4)
def _engine(url: str) -> sa.Engine:
    # Nothing is kept open: a gradebook may be moved or put back between two runs of one process.
    return sa.create_engine(url, poolclass=sa.NullPool)


def judged(url: str, assignment: str, notebook: str, student: str) -> Judged:
    """What the gradebook says of this student's notebook. Raises nbgrader's `MissingEntry` where it says nothing."""
    with _engine(url).connect() as connection:
        work = connection.execute(
            sa.select(
                NOTEBOOK.c.id,
                WORK.c.timestamp,
                WORK.c.extension,
                STUDENT.c.first_name,
                STUDENT.c.last_name,
                Assignment.duedate,
                SubmittedNotebook.late_submission_penalty,
            )
            .select_from(SubmittedNotebook)
            .join(WORK, WORK.c.id == NOTEBOOK.c.assignment_id)
            .join(STUDENT, STUDENT.c.id == WORK.c.student_id)
            .join(Assignment, Assignment.id == WORK.c.assignment_id)
            .join(Notebook, Notebook.id == NOTEBOOK.c.notebook_id)
            .where(Assignment.name == assignment, Notebook.name == notebook, WORK.c.student_id == student)
        ).one_or_none()
        if work is None:
            raise MissingEntry(f"The gradebook has no {assignment}/{notebook} of {student}.")
        return Judged(
            student=student,
            name=" ".join(filter(None, (work.first_name, work.last_name))),
            points=_points(connection, work.id),
            comments=_comments(connection, work.id),
            handed_in=work.timestamp,
            due=None if work.duedate is None else work.duedate + (work.extension or timedelta(0)),
            penalty=work.late_submission_penalty or 0.0,
        )


def _points(connection: sa.Connection, notebook: str) -> dict[str, Points]:
    base, grades, tasks = BaseCell.__table__, GradeCell.__table__, TaskCell.__table__
    most = sa.func.coalesce(grades.c.max_score, tasks.c.max_score, 0.0).label("most")
    found = connection.execute(
        sa.select(base.c.name, GRADE.c.auto_score, GRADE.c.manual_score, GRADE.c.extra_credit, most)
        .join(base, base.c.id == GRADE.c.cell_id)
        .outerjoin(grades, grades.c.id == base.c.id)
        .outerjoin(tasks, tasks.c.id == base.c.id)
        .where(GRADE.c.notebook_id == notebook)
    )
    return {one.name: Points(one.auto_score, one.manual_score, one.extra_credit or 0.0, one.most) for one in found}


def _comments(connection: sa.Connection, notebook: str) -> dict[str, str]:
    """A person's comment where there is one, else the automatic one."""
    base = BaseCell.__table__
    said = sa.func.coalesce(COMMENT.c.manual_comment, COMMENT.c.auto_comment).label("said")
    found = connection.execute(
        sa.select(base.c.name, said)
        .join(base, base.c.id == COMMENT.c.cell_id)
        .where(COMMENT.c.notebook_id == notebook, said.is_not(None))
    )
    return {one.name: one.said for one in found}
