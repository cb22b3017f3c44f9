"""The way from a result into page, ledger and gradebook, in this order. The gradebook is written in batches."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator

from msgspec.structs import replace
from sqlalchemy.exc import DataError, IntegrityError

from autograder.classes.tally import Tally
from autograder.nbgrader import writer as gradebook
from autograder.nbgrader.autograded import page_digest
from autograder.nbgrader.course_folder import CourseFolder
from autograder.nbgrader.entry import Marked
from autograder.nbgrader.flags import Flags
from autograder.nbgrader.ledger import Ledger
from autograder.nbgrader.row import Held, Row
from autograder.nbgrader.writer import Writer
from autograder.notebooks.folder import Submitted

_LONGEST = 2.0
"""Seconds that a result may wait for others before it goes into the gradebook."""


class Book:
    """One assignment's book while a class is graded. To be closed at the end, however that comes."""

    def __init__(self, folder: CourseFolder, entries: Ledger, tally: Tally) -> None:
        self._folder, self._ledger, self._tally = folder, entries, tally
        flags = Flags(folder.root, folder.assignment)
        self._writer = Writer(folder.database, folder.assignment, folder.penalty(), flags)
        self._held: dict[str, Held] = self._writer.held()
        self._rows: list[Row] = []
        self._since = 0.0
        self._same: list[str] = []

    def scored(self) -> list[str]:
        """Who had an automatic score when this began."""
        return [student for student, held in self._held.items() if held.has_score]

    def admitted(self, students: Iterable[str]) -> Iterator[str]:
        """Those of the students whom the course admits."""
        known = None if self._folder.admits_new_students else self._writer.students()
        for student in students:
            if known is None or student in known:
                yield student
            else:
                self._tally.unknown.append(student)

    def keep(self, row: Row) -> None:
        """Have the gradebook hold what came of a submission in an earlier run."""
        self._tally.before += 1
        self._tally.add(row.entry)
        if self._tell(row):
            self._tally.rewritten += 1
        elif row.timed:
            self._same.append(row.entry.student)

    def settle_penalties(self) -> None:
        """For those whose row stays as it is, the penalty for late work may be another by now."""
        self.flush()
        self._tally.penalties = self._writer.settle_penalties(self._same)

    def settle(self, marked: Marked, found: Submitted) -> None:
        """Page first, ledger second, gradebook last: what the ledger knows has a page, whenever this is stopped."""
        earlier = self._ledger.get(marked.entry.student)
        told = earlier is not None and earlier.recorded and earlier.key == marked.entry.key
        entry = replace(marked.entry, recorded=told, page=page_digest(marked.page.encode()))
        self._folder.autograded.write(entry.student, found, marked.page)
        self._ledger.put(entry)
        self._tally.add(entry)
        self._tell(Row(entry, found.timestamp, found.timed))

    def close(self) -> None:
        self.flush()
        self._writer.close()

    def _tell(self, row: Row) -> bool:
        """Have the row written, unless the gradebook was told of this submission and holds what it was told. Telling
        it again would flag anew what a person has dealt with."""
        if row.entry.recorded and self._writer.agrees(row, self._held.get(row.entry.student)):
            return False
        self._since = self._since if self._rows else time.monotonic()
        self._rows.append(row)
        if len(self._rows) >= gradebook.BATCH:
            self.flush()
        self.flush_in_time()
        return True

    def flush_in_time(self) -> None:
        """Let no row wait for long: the next result may take its time."""
        if self._rows and time.monotonic() - self._since > _LONGEST:
            self.flush()

    def flush(self) -> None:
        rows = self._rows
        if not rows:
            return
        try:
            self._writer.write(rows)
        except (IntegrityError, DataError):  # one of them, or another process that wrote in between
            rows = [row for row in rows if self._write_alone(row)]
        except Exception:
            self._rows = []  # to try again would take as long and end as before
            raise
        self._rows = []  # only now: Ctrl-C may come at any time, and what is graded is written all the same
        for row in rows:
            self._ledger.put(replace(row.entry, recorded=True))

    def _write_alone(self, row: Row) -> bool:
        try:
            self._writer.write([row])
        except (IntegrityError, DataError) as error:
            self._tally.unwritten[row.entry.student] = (
                f"It could not be written to the gradebook: {type(error).__name__}."
            )
            return False
        return True
