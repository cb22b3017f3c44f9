"""The writer of nbgrader's gradebook for many submissions.

It leaves the same rows as nbgrader's own `autograde` with this course's configuration, in a few statements for
a hundred submissions instead of nineteen and seven commits for each. It works on any database that nbgrader works on.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import sqlalchemy as sa
from nbgrader.api import Assignment as AssignmentRow
from nbgrader.api import (
    BaseCell,
    Comment,
    Grade,
    GradeCell,
    Notebook,
    SolutionCell,
    Student,
    SubmittedAssignment,
    SubmittedNotebook,
    TaskCell,
)

from autograder.nbgrader.entry import Entry
from autograder.nbgrader.flags import Flags

BATCH = 100
NO_RESPONSE = "No response."
"""nbgrader's own comment on a cell that was left as it was given out."""

_student, _work = Student.__table__, SubmittedAssignment.__table__
_notebook, _grade, _comment = SubmittedNotebook.__table__, Grade.__table__, Comment.__table__

Penalty = Callable[[str, float, float], float | None]
"""The course's rule for late work: the student, the score and the seconds, and what it costs."""


@dataclass(frozen=True, slots=True)
class Row:
    """One submission, as the gradebook needs it."""

    entry: Entry
    timestamp: datetime | None = None
    timed: bool = True
    """False where its time could not be read: it is not known whether it is late."""


@dataclass(frozen=True, slots=True)
class Held:
    """What the gradebook holds for one submission, of what the grader writes there."""

    timestamp: datetime | None
    scores: Mapping[str, float | None]
    comments: Mapping[str, str | None]
    """The automatic ones."""


class Writer:
    """Writes the submissions of one assignment, batch by batch. Each batch is there wholly or not at all."""

    def __init__(self, url: str, assignment: str, penalty: Penalty | None, flags: Flags) -> None:
        """`penalty` is None where the course's configuration has no step for late work."""
        waiting = {"timeout": 60} if sa.make_url(url).get_backend_name() == "sqlite" else {}
        self._engine = sa.create_engine(url, connect_args=waiting)
        self._penalty, self._flags = penalty, flags
        with self._engine.connect() as connection:
            self._assignment, self._due = connection.execute(
                sa.select(AssignmentRow.id, AssignmentRow.duedate).where(AssignmentRow.name == assignment)
            ).one()
            notebooks = connection.execute(
                sa.select(Notebook.id, Notebook.name).where(Notebook.assignment_id == self._assignment)
            ).all()
            self._notebooks = [notebook.id for notebook in notebooks]
            self._ours = next(notebook.id for notebook in notebooks if notebook.name == assignment)
            self._graded = self._cells(connection, GradeCell, TaskCell)
            self._commented = self._cells(connection, SolutionCell, TaskCell)

    def close(self) -> None:
        self._engine.dispose()

    def students(self) -> frozenset[str]:
        """Everybody whom the gradebook knows."""
        with self._engine.connect() as connection:
            return frozenset(connection.scalars(sa.select(_student.c.id)))

    def held(self) -> dict[str, Held]:
        """What the gradebook holds, for everybody who has a submission to this assignment in it."""
        with self._engine.connect() as connection:
            works = connection.execute(
                sa.select(_work.c.student_id, _work.c.timestamp, _notebook.c.id)
                .join(_notebook, _notebook.c.assignment_id == _work.c.id)
                .where(_work.c.assignment_id == self._assignment, _notebook.c.notebook_id == self._ours)
            ).all()
            held = {work.id: Held(work.timestamp, {}, {}) for work in works}
            for table, column, cells, kept in (
                (_grade, _grade.c.auto_score, self._graded, "scores"),
                (_comment, _comment.c.auto_comment, self._commented, "comments"),
            ):
                names = cells[self._ours]
                wanted = sa.select(table.c.notebook_id, table.c.cell_id, column).where(table.c.cell_id.in_(names))
                for notebook, cell, value in connection.execute(wanted):
                    if notebook in held:
                        getattr(held[notebook], kept)[names[cell]] = value
        return {work.student_id: held[work.id] for work in works}

    def agrees(self, row: Row, held: Held | None) -> bool:
        """Whether that is what `write` would make it say."""
        if held is None or (row.timestamp is not None and row.timestamp != held.timestamp):
            return False
        scores = {name: points(row.entry, name) for name in self._graded[self._ours].values()}
        comments = {name: comment(row.entry, name) for name in self._commented[self._ours].values()}
        return held.scores == scores and (not row.timed or held.comments == comments)

    def write(self, rows: Sequence[Row]) -> None:
        """Make the gradebook say what these entries say. What a person gave stays: scores, extra credit, comments."""
        by_student = {row.entry.student: row for row in rows}
        with self._engine.begin() as connection:
            self._add_students(connection, by_student)
            works = self._add_works(connection, by_student)
            notebooks = self._add_notebooks(connection, works)
            ours = {notebook: by_student[student] for notebook, student in notebooks.items()}
            self._write_grades(connection, ours)
            self._write_comments(connection, ours)
            self._write_flags(connection, ours)
            self._write_penalties(connection, {notebook for notebook, row in ours.items() if row.timed})
        for row in rows:
            if row.entry.report.status == "graded":
                self._flags.forget(row.entry.student)

    def settle_penalties(self, students: Sequence[str]) -> int:
        """Compute these students' penalties for late work anew, and tell how many have changed."""
        changed = 0
        for start in range(0, len(students), BATCH):
            with self._engine.begin() as connection:
                mine = (
                    sa.select(_notebook.c.id)
                    .join(_work, _work.c.id == _notebook.c.assignment_id)
                    .where(_notebook.c.notebook_id == self._ours)
                    .where(_work.c.student_id.in_(students[start : start + BATCH]))
                )
                changed += self._write_penalties(connection, set(connection.scalars(mine)))
        return changed

    def _cells(self, connection: sa.Connection, *kinds: type[BaseCell]) -> dict[str, dict[str, str]]:
        """The cells of these kinds, by notebook: each one's name by its id."""
        found: dict[str, dict[str, str]] = {notebook: {} for notebook in self._notebooks}
        for kind in kinds:
            for cell in connection.execute(
                sa.select(kind.id, kind.name, kind.notebook_id).where(kind.notebook_id.in_(self._notebooks))
            ):
                found[cell.notebook_id][cell.id] = cell.name
        return found

    def _add_students(self, connection: sa.Connection, rows: Mapping[str, Row]) -> None:
        known = set(connection.scalars(sa.select(_student.c.id).where(_student.c.id.in_(rows))))
        _insert(connection, _student, ({"id": student} for student in rows if student not in known))

    def _add_works(self, connection: sa.Connection, rows: Mapping[str, Row]) -> dict[str, str]:
        """The submitted assignments' ids by student. The time of one that is new, or newly known, is noted."""
        mine = _work.c.assignment_id == self._assignment
        found = connection.execute(
            sa.select(_work.c.student_id, _work.c.id).where(mine, _work.c.student_id.in_(rows))
        ).all()
        works: dict[str, str] = {work.student_id: work.id for work in found}
        new = {student: uuid4().hex for student in rows if student not in works}
        _insert(
            connection,
            _work,
            (
                {
                    "id": id,
                    "assignment_id": self._assignment,
                    "student_id": student,
                    "timestamp": rows[student].timestamp,
                }
                for student, id in new.items()
            ),
        )
        _update(
            connection,
            _work.update().where(_work.c.id == sa.bindparam("of")).values(timestamp=sa.bindparam("at")),
            ({"of": id, "at": at} for student, id in works.items() if (at := rows[student].timestamp) is not None),
        )
        return works | new

    def _add_notebooks(self, connection: sa.Connection, works: Mapping[str, str]) -> dict[str, str]:
        """The students by the ids of their submitted notebooks, with a place for each grade and comment."""
        students = {work: student for student, work in works.items()}
        found = connection.execute(
            sa.select(_notebook.c.id, _notebook.c.assignment_id, _notebook.c.notebook_id).where(
                _notebook.c.assignment_id.in_(students)
            )
        ).all()
        places = {(row.assignment_id, row.notebook_id): row.id for row in found}
        new = {
            (work, notebook): uuid4().hex
            for work in students
            for notebook in self._notebooks
            if (work, notebook) not in places
        }
        _insert(
            connection,
            _notebook,
            ({"id": id, "assignment_id": work, "notebook_id": notebook} for (work, notebook), id in new.items()),
        )
        places |= new
        self._add_places(connection, _grade, self._graded, places, {"needs_manual_grade": True})
        self._add_places(connection, _comment, self._commented, places, {})
        return {place: students[work] for (work, notebook), place in places.items() if notebook == self._ours}

    def _add_places(
        self,
        connection: sa.Connection,
        table: sa.Table,
        cells: Mapping[str, Mapping[str, str]],
        places: Mapping[tuple[str, str], str],
        values: Mapping[str, Any],
    ) -> None:
        held = sa.select(table.c.notebook_id, table.c.cell_id).where(table.c.notebook_id.in_(places.values()))
        known = {tuple(row) for row in connection.execute(held)}
        _insert(
            connection,
            table,
            (
                {"id": uuid4().hex, "notebook_id": place, "cell_id": cell, **values}
                for (_, notebook), place in places.items()
                for cell in cells[notebook]
                if (place, cell) not in known
            ),
        )

    def _write_grades(self, connection: sa.Connection, rows: Mapping[str, Row]) -> None:
        # A score that somebody overrode is to be looked at again, as nbgrader has it.
        waits = sa.or_(sa.bindparam("waits", type_=sa.Boolean), _grade.c.manual_score.is_not(None))
        _update(
            connection,
            _grade.update()
            .where(_grade.c.notebook_id == sa.bindparam("of"), _grade.c.cell_id == sa.bindparam("cell"))
            .values(auto_score=sa.bindparam("score"), needs_manual_grade=waits),
            (
                {"of": notebook, "cell": cell, "score": score, "waits": score is None}
                for notebook, row in rows.items()
                for cell, name in self._graded[self._ours].items()
                for score in [points(row.entry, name)]
            ),
        )

    def _write_comments(self, connection: sa.Connection, rows: Mapping[str, Row]) -> None:
        _update(
            connection,
            _comment.update()
            .where(_comment.c.notebook_id == sa.bindparam("of"), _comment.c.cell_id == sa.bindparam("cell"))
            .values(auto_comment=sa.bindparam("said")),
            (
                {"of": notebook, "cell": cell, "said": comment(row.entry, name)}
                for notebook, row in rows.items()
                if row.timed
                for cell, name in self._commented[self._ours].items()
            ),
        )

    def _write_flags(self, connection: sa.Connection, rows: Mapping[str, Row]) -> None:
        found = connection.execute(sa.select(_notebook.c.id, _notebook.c.flagged).where(_notebook.c.id.in_(rows))).all()
        for notebook in found:
            entry = rows[notebook.id].entry
            graded = entry.report.status == "graded"
            flagged = self._flags.after(entry.student, graded=graded, flagged=bool(notebook.flagged))
            if flagged != notebook.flagged:
                connection.execute(_notebook.update().where(_notebook.c.id == notebook.id).values(flagged=flagged))

    def _write_penalties(self, connection: sa.Connection, notebooks: set[str]) -> int:
        """What lateness costs these submitted notebooks, and how many of them it cost something else before."""
        if self._penalty is None:
            return 0
        changed = []
        for found in connection.execute(
            sa.select(
                SubmittedNotebook.id,
                SubmittedNotebook.score.label("score"),
                SubmittedNotebook.late_submission_penalty.label("cost"),
                _work.c.student_id,
                _work.c.timestamp,
                _work.c.extension,
            )
            .join(_work, _work.c.id == SubmittedNotebook.assignment_id)
            .where(SubmittedNotebook.id.in_(notebooks))
        ):
            cost = self._cost(self._penalty, found.student_id, found.score, found.timestamp, found.extension)
            if cost != found.cost:
                changed.append({"of": found.id, "cost": cost})
        _update(
            connection,
            _notebook.update()
            .where(_notebook.c.id == sa.bindparam("of"))
            .values(late_submission_penalty=sa.bindparam("cost")),
            changed,
        )
        return len(changed)

    def _cost(
        self, penalty: Penalty, student: str, score: float, handed_in: datetime | None, extension: timedelta | None
    ) -> float | None:
        if self._due is None or handed_in is None:
            return None
        due = self._due + extension if extension is not None else self._due
        seconds = (handed_in - due).total_seconds()
        cost = penalty(student, score, seconds) if seconds > 0 else None
        return None if cost is None else min(max(cost, 0), score)


def points(entry: Entry, cell: str) -> float | None:
    """What the gradebook gets for a cell: the Report's points, zero for an answer that nobody wrote, else None."""
    if cell in entry.unanswered:
        return 0.0
    return entry.report.points(cell)


def comment(entry: Entry, cell: str) -> str | None:
    """The automatic comment on a cell."""
    return NO_RESPONSE if cell in entry.unanswered else None


def _insert(connection: sa.Connection, table: sa.Table, rows: Iterable[Mapping[str, Any]]) -> None:
    rows = list(rows)
    if rows:
        connection.execute(table.insert(), rows)


def _update(connection: sa.Connection, statement: sa.Update, rows: Iterable[Mapping[str, Any]]) -> None:
    rows = list(rows)
    if rows:
        connection.execute(statement, rows)
