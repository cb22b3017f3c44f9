"""Where an assignment's scores and comments have their place in the gradebook, made for each student who has none."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import sqlalchemy as sa
from nbgrader.api import BaseCell, GradeCell, Notebook, SolutionCell, TaskCell

from autograder.nbgrader.row import Row
from autograder.nbgrader.tables import COMMENT, GRADE, NOTEBOOK, STUDENT, WORK, insert, update


@dataclass(frozen=True, slots=True)
class Places:
    """One assignment's notebooks and cells, as the gradebook knows them."""

    assignment: str
    notebooks: Sequence[str]
    ours: str
    """The notebook that is graded here."""
    graded: Mapping[str, Mapping[str, str]]
    """The cells that have a score, by notebook: each one's name by its id."""
    commented: Mapping[str, Mapping[str, str]]
    """The cells that have a comment."""

    @classmethod
    def of(cls, connection: sa.Connection, assignment: str, name: str) -> Places:
        """Those of the assignment with this id and name."""
        found = connection.execute(
            sa.select(Notebook.id, Notebook.name).where(Notebook.assignment_id == assignment)
        ).all()
        notebooks = [notebook.id for notebook in found]
        ours = next(notebook.id for notebook in found if notebook.name == name)
        graded = _named(connection, notebooks, GradeCell, TaskCell)
        return cls(assignment, notebooks, ours, graded, _named(connection, notebooks, SolutionCell, TaskCell))

    def make(self, connection: sa.Connection, rows: Mapping[str, Row]) -> dict[str, str]:
        """See to it that there is a place for each score and comment of these students. Returns the students by the ids
        of their submitted notebooks."""
        self._students(connection, rows)
        return self._submissions(connection, self._works(connection, rows))

    def _students(self, connection: sa.Connection, rows: Mapping[str, Row]) -> None:
        known = set(connection.scalars(sa.select(STUDENT.c.id).where(STUDENT.c.id.in_(rows))))
        insert(connection, STUDENT, ({"id": student} for student in rows if student not in known))

    def _works(self, connection: sa.Connection, rows: Mapping[str, Row]) -> dict[str, str]:
        """The submitted assignments' ids by student. The time of one that is new, or newly known, is noted."""
        mine = WORK.c.assignment_id == self.assignment
        found = connection.execute(
            sa.select(WORK.c.student_id, WORK.c.id).where(mine, WORK.c.student_id.in_(rows))
        ).all()
        works: dict[str, str] = {work.student_id: work.id for work in found}
        new = {student: uuid4().hex for student in rows if student not in works}
        insert(
            connection,
            WORK,
            (
                {
                    "id": id,
                    "assignment_id": self.assignment,
                    "student_id": student,
                    "timestamp": rows[student].timestamp,
                }
                for student, id in new.items()
            ),
        )
        update(
            connection,
            WORK.update().where(WORK.c.id == sa.bindparam("of")).values(timestamp=sa.bindparam("at")),
            ({"of": id, "at": at} for student, id in works.items() if (at := rows[student].timestamp) is not None),
        )
        return works | new

    def _submissions(self, connection: sa.Connection, works: Mapping[str, str]) -> dict[str, str]:
        """The students by the ids of their submitted notebooks, with a place for each grade and comment."""
        students = {work: student for student, work in works.items()}
        found = connection.execute(
            sa.select(NOTEBOOK.c.id, NOTEBOOK.c.assignment_id, NOTEBOOK.c.notebook_id).where(
                NOTEBOOK.c.assignment_id.in_(students)
            )
        ).all()
        places = {(row.assignment_id, row.notebook_id): row.id for row in found}
        new = {
            (work, notebook): uuid4().hex
            for work in students
            for notebook in self.notebooks
            if (work, notebook) not in places
        }
        insert(
            connection,
            NOTEBOOK,
            ({"id": id, "assignment_id": work, "notebook_id": notebook} for (work, notebook), id in new.items()),
        )
        places |= new
        self._cells(connection, GRADE, self.graded, places, {"needs_manual_grade": True})
        self._cells(connection, COMMENT, self.commented, places, {})
        return {place: students[work] for (work, notebook), place in places.items() if notebook == self.ours}

    def _cells(
        self,
        connection: sa.Connection,
        table: sa.Table,
        cells: Mapping[str, Mapping[str, str]],
        places: Mapping[tuple[str, str], str],
        values: Mapping[str, Any],
    ) -> None:
        held = sa.select(table.c.notebook_id, table.c.cell_id).where(table.c.notebook_id.in_(places.values()))
        known = {tuple(row) for row in connection.execute(held)}
        insert(
            connection,
            table,
            (
                {"id": uuid4().hex, "notebook_id": place, "cell_id": cell, **values}
                for (_, notebook), place in places.items()
                for cell in cells[notebook]
                if (place, cell) not in known
            ),
        )


def _named(connection: sa.Connection, notebooks: Sequence[str], *kinds: type[BaseCell]) -> dict[str, dict[str, str]]:
    """The cells of these kinds, by notebook: each one's name by its id."""
    found: dict[str, dict[str, str]] = {notebook: {} for notebook in notebooks}
    for kind in kinds:
        for cell in connection.execute(
            sa.select(kind.id, kind.name, kind.notebook_id).where(kind.notebook_id.in_(notebooks))
        ):
            found[cell.notebook_id][cell.id] = cell.name
    return found
