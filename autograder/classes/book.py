"""The way from a result to the gradebook: rows are gathered, and written in batches."""

from __future__ import annotations

import time

from msgspec.structs import replace
from sqlalchemy.exc import DataError, IntegrityError

from autograder.classes.tally import Tally
from autograder.nbgrader import writer as gradebook
from autograder.nbgrader.ledger import Ledger
from autograder.nbgrader.row import Held, Row
from autograder.nbgrader.writer import Writer

_LONGEST = 2.0
"""Seconds that a result may wait for others before it goes into the gradebook."""


class Book:
    """Gathers rows for the gradebook and writes them in batches."""

    def __init__(self, writer: Writer, entries: Ledger, tally: Tally) -> None:
        self.writer, self._ledger, self._tally = writer, entries, tally
        self._held: dict[str, Held] = writer.held()
        self._rows: list[Row] = []
        self._since = 0.0

    def tell(self, row: Row) -> bool:
        """Have the row written, unless the gradebook was told of this submission and holds what it was told. Telling
        it again would flag anew what a person has dealt with."""
        if row.entry.recorded and self.writer.agrees(row, self._held.get(row.entry.student)):
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
            self.writer.write(rows)
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
            self.writer.write([row])
        except (IntegrityError, DataError) as error:
            self._tally.unwritten[row.entry.student] = (
                f"It could not be written to the gradebook: {type(error).__name__}."
            )
            return False
        return True
