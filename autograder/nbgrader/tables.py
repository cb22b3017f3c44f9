"""The tables of nbgrader's gradebook that the grader writes to, many rows in one statement, and one sentence where it
cannot be opened."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import sqlalchemy as sa
from nbgrader.api import Comment, Grade, Student, SubmittedAssignment, SubmittedNotebook
from sqlalchemy.exc import DBAPIError

from autograder.grading.preflight.hold import Refused
from autograder.words import one_line

STUDENT, WORK = Student.__table__, SubmittedAssignment.__table__
NOTEBOOK, GRADE, COMMENT = SubmittedNotebook.__table__, Grade.__table__, Comment.__table__


def insert(connection: sa.Connection, table: sa.Table, rows: Iterable[Mapping[str, Any]]) -> None:
    rows = list(rows)
    if rows:
        connection.execute(table.insert(), rows)


def update(connection: sa.Connection, statement: sa.Update, rows: Iterable[Mapping[str, Any]]) -> None:
    rows = list(rows)
    if rows:
        connection.execute(statement, rows)


@contextlib.contextmanager
def opened(url: str) -> Iterator[None]:
    """What the database says where it cannot be opened, as `Refused`."""
    try:
        yield
    except DBAPIError as error:
        place = sa.make_url(url).render_as_string(hide_password=True)
        said = one_line(str(error.orig), 300)
        raise Refused(f"Nothing was done, since the gradebook {place} cannot be opened: {said}.") from error
