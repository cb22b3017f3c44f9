"""What late work costs, by the course's own rule."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from nbgrader.api import SubmittedNotebook

from autograder.nbgrader.tables import NOTEBOOK, WORK, update

Penalty = Callable[[str, float, float], float | None]
"""The course's rule for late work: the student, the score and the seconds, and what it costs."""


@dataclass(frozen=True, slots=True)
class Lateness:
    """The rule of one assignment."""

    rule: Penalty | None
    """None where the course's configuration has no step for late work."""
    due: datetime | None

    def write(self, connection: sa.Connection, notebooks: set[str]) -> int:
        """What lateness costs these submitted notebooks, and how many of them it cost something else before."""
        if self.rule is None:
            return 0
        changed = []
        for found in connection.execute(
            sa.select(
                SubmittedNotebook.id,
                SubmittedNotebook.score.label("score"),
                SubmittedNotebook.late_submission_penalty.label("cost"),
                WORK.c.student_id,
                WORK.c.timestamp,
                WORK.c.extension,
            )
            .join(WORK, WORK.c.id == SubmittedNotebook.assignment_id)
            .where(SubmittedNotebook.id.in_(notebooks))
        ):
            cost = self._cost(self.rule, found.student_id, found.score, found.timestamp, found.extension)
            if cost != found.cost:
                changed.append({"of": found.id, "cost": cost})
        update(
            connection,
            NOTEBOOK.update()
            .where(NOTEBOOK.c.id == sa.bindparam("of"))
            .values(late_submission_penalty=sa.bindparam("cost")),
            changed,
        )
        return len(changed)

    def _cost(
        self, rule: Penalty, student: str, score: float, handed_in: datetime | None, extension: timedelta | None
    ) -> float | None:
        if self.due is None or handed_in is None:
            return None
        due = self.due + extension if extension is not None else self.due
        seconds = (handed_in - due).total_seconds()
        cost = rule(student, score, seconds) if seconds > 0 else None
        return None if cost is None else min(max(cost, 0), score)
