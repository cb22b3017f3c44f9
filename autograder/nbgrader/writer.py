"""The writer of nbgrader's gradebook: the one way in which a score gets there, for one submission or for many.

It leaves the rows that nbgrader's own steps would leave, in a few statements for a hundred submissions instead of
nineteen and seven commits for each. It works on any database that nbgrader works on.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import sqlalchemy as sa
from nbgrader.api import Assignment as AssignmentRow

from autograder.nbgrader.flags import Flags
from autograder.nbgrader.lateness import Lateness, Penalty
from autograder.nbgrader.places import Places
from autograder.nbgrader.row import Held, Row
from autograder.nbgrader.tables import COMMENT, GRADE, NOTEBOOK, STUDENT, WORK, update

BATCH = 100
"""Submissions in one transaction."""


class Writer:
    """Writes the submissions of one assignment, batch by batch. Each batch is there wholly or not at all."""

    def __init__(self, url: str, assignment: str, penalty: Penalty | None, flags: Flags) -> None:
        """`penalty` is None where the course's configuration has no step for late work."""
        waiting = {"timeout": 60} if sa.make_url(url).get_backend_name() == "sqlite" else {}
        self._engine = sa.create_engine(url, connect_args=waiting)
        self._flags = flags
        with self._engine.connect() as connection:
            found = connection.execute(
                sa.select(AssignmentRow.id, AssignmentRow.duedate).where(AssignmentRow.name == assignment)
            ).one()
            self._places = Places.of(connection, found.id, assignment)
        self._lateness = Lateness(penalty, found.duedate)

    def close(self) -> None:
        self._engine.dispose()

    def students(self) -> frozenset[str]:
        """Everybody whom the gradebook knows."""
        with self._engine.connect() as connection:
            return frozenset(connection.scalars(sa.select(STUDENT.c.id)))

    def held(self) -> dict[str, Held]:
        """What the gradebook holds, for everybody who has a submission to this assignment in it."""
        with self._engine.connect() as connection:
            works = connection.execute(
                sa.select(WORK.c.student_id, WORK.c.timestamp, NOTEBOOK.c.id)
                .join(NOTEBOOK, NOTEBOOK.c.assignment_id == WORK.c.id)
                .where(WORK.c.assignment_id == self._places.assignment, NOTEBOOK.c.notebook_id == self._places.ours)
            ).all()
            held = {work.id: Held(work.timestamp, {}, {}) for work in works}
            for table, column, cells, kept in (
                (GRADE, GRADE.c.auto_score, self._places.graded, "scores"),
                (COMMENT, COMMENT.c.auto_comment, self._places.commented, "comments"),
            ):
                names = cells[self._places.ours]
                wanted = sa.select(table.c.notebook_id, table.c.cell_id, column).where(table.c.cell_id.in_(names))
                for notebook, cell, value in connection.execute(wanted):
                    if notebook in held:
                        getattr(held[notebook], kept)[names[cell]] = value
        return {work.student_id: held[work.id] for work in works}

    def agrees(self, row: Row, held: Held | None) -> bool:
        """Whether that is what `write` would make it say."""
        if held is None or (row.timestamp is not None and row.timestamp != held.timestamp):
            return False
        scores = {name: row.points(name) for name in self._places.graded[self._places.ours].values()}
        comments = {name: row.comment(name) for name in self._places.commented[self._places.ours].values()}
        return held.scores == scores and (not row.timed or held.comments == comments)

    def write(self, rows: Sequence[Row]) -> None:
        """Make the gradebook say what these entries say. What a person gave stays: scores, extra credit, comments."""
        by_student = {row.entry.student: row for row in rows}
        with self._engine.begin() as connection:
            notebooks = self._places.make(connection, by_student)
            ours = {notebook: by_student[student] for notebook, student in notebooks.items()}
            self._write_grades(connection, ours)
            self._write_comments(connection, ours)
            self._write_flags(connection, ours)
            self._lateness.write(connection, {notebook for notebook, row in ours.items() if row.timed})
        for row in rows:
            if row.entry.report.status == "graded":
                self._flags.forget(row.entry.student)

    def settle_penalties(self, students: Sequence[str]) -> int:
        """Compute these students' penalties for late work anew, and tell how many have changed."""
        changed = 0
        for start in range(0, len(students), BATCH):
            with self._engine.begin() as connection:
                mine = (
                    sa.select(NOTEBOOK.c.id)
                    .join(WORK, WORK.c.id == NOTEBOOK.c.assignment_id)
                    .where(NOTEBOOK.c.notebook_id == self._places.ours)
                    .where(WORK.c.student_id.in_(students[start : start + BATCH]))
                )
                changed += self._lateness.write(connection, set(connection.scalars(mine)))
        return changed

    def _write_grades(self, connection: sa.Connection, rows: Mapping[str, Row]) -> None:
        # A score that somebody overrode is to be looked at again, as nbgrader has it.
        waits = sa.or_(sa.bindparam("waits", type_=sa.Boolean), GRADE.c.manual_score.is_not(None))
        update(
            connection,
            GRADE.update()
            .where(GRADE.c.notebook_id == sa.bindparam("of"), GRADE.c.cell_id == sa.bindparam("cell"))
            .values(auto_score=sa.bindparam("score"), needs_manual_grade=waits),
            (
                {"of": notebook, "cell": cell, "score": row.points(name), "waits": row.points(name) is None}
                for notebook, row in rows.items()
                for cell, name in self._places.graded[self._places.ours].items()
            ),
        )

    def _write_comments(self, connection: sa.Connection, rows: Mapping[str, Row]) -> None:
        update(
            connection,
            COMMENT.update()
            .where(COMMENT.c.notebook_id == sa.bindparam("of"), COMMENT.c.cell_id == sa.bindparam("cell"))
            .values(auto_comment=sa.bindparam("said")),
            (
                {"of": notebook, "cell": cell, "said": row.comment(name)}
                for notebook, row in rows.items()
                if row.timed
                for cell, name in self._places.commented[self._places.ours].items()
            ),
        )

    def _write_flags(self, connection: sa.Connection, rows: Mapping[str, Row]) -> None:
        found = connection.execute(sa.select(NOTEBOOK.c.id, NOTEBOOK.c.flagged).where(NOTEBOOK.c.id.in_(rows))).all()
        for notebook in found:
            entry = rows[notebook.id].entry
            graded = entry.report.status == "graded"
            flagged = self._flags.after(entry.student, graded=graded, flagged=bool(notebook.flagged))
            if flagged != notebook.flagged:
                connection.execute(NOTEBOOK.update().where(NOTEBOOK.c.id == notebook.id).values(flagged=flagged))
