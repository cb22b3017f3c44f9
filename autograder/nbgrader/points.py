"""What nbgrader counts of each cell: a person's score before the automatic one, and extra credit where there is one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

import sqlalchemy as sa
from nbgrader.api import Assignment as AssignmentRow
from nbgrader.api import BaseCell, GradeCell, TaskCell

from autograder.nbgrader.tables import GRADE, NOTEBOOK, WORK, opened

JUDGED = sa.or_(GRADE.c.manual_score.is_not(None), GRADE.c.auto_score.is_not(None))
_EXTRA = sa.case((JUDGED, sa.func.coalesce(GRADE.c.extra_credit, 0.0)), else_=0.0)
POINTS = sa.func.coalesce(GRADE.c.manual_score, GRADE.c.auto_score, 0.0) + _EXTRA


@dataclass(frozen=True, slots=True)
class Points:
    """Of one cell of one submission."""

    have: float | None
    """None where nobody has judged it."""
    most: float


def points(url: str, assignment: str) -> Mapping[str, Mapping[str, Points]]:
    """Everybody's points, by student and cell. Raises `Refused` where the gradebook cannot be opened."""
    cell, code, task = BaseCell.__table__, GradeCell.__table__, TaskCell.__table__
    wanted = (
        sa.select(
            WORK.c.student_id,
            cell.c.name,
            sa.case((JUDGED, POINTS), else_=None),
            sa.func.coalesce(code.c.max_score, task.c.max_score, 0.0),
        )
        .join(NOTEBOOK, NOTEBOOK.c.assignment_id == WORK.c.id)
        .join(GRADE, GRADE.c.notebook_id == NOTEBOOK.c.id)
        .join(cell, cell.c.id == GRADE.c.cell_id)
        .join(AssignmentRow.__table__, AssignmentRow.__table__.c.id == WORK.c.assignment_id)
        .outerjoin(code, code.c.id == cell.c.id)
        .outerjoin(task, task.c.id == cell.c.id)
        .where(AssignmentRow.__table__.c.name == assignment)
    )
    found: defaultdict[str, dict[str, Points]] = defaultdict(dict)
    engine = sa.create_engine(url)
    try:
        with opened(url), engine.connect() as connection:
            for student, name, have, most in connection.execute(wanted):
                found[student][name] = Points(None if have is None else float(have), float(most))
    finally:
        engine.dispose()
    return found
