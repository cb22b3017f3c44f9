"""Grades a class: reads what was handed in, has it marked, and writes pages, ledger and gradebook, in this order.

What the gradebook holds decides. The ledger only saves the work of running a submission again.
"""

from __future__ import annotations

import dataclasses
import time
from collections import Counter
from collections.abc import Callable, Generator, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from pathlib import Path

from distributed import Client
from msgspec.structs import replace
from sqlalchemy.exc import DataError, IntegrityError

from autograder.classes import fleet, ledger
from autograder.classes.fleet import Job, Order
from autograder.classes.ledger import Ledger
from autograder.grading.preflight import hold
from autograder.nbgrader import adoption, agreement
from autograder.nbgrader import entry as marking
from autograder.nbgrader import writer as gradebook
from autograder.nbgrader.course_folder import CourseFolder, page_digest
from autograder.nbgrader.entry import Entry
from autograder.nbgrader.flags import Flags
from autograder.nbgrader.writer import Held, Row, Writer
from autograder.notebooks import assignment
from autograder.notebooks.assignment import Assignment
from autograder.notebooks.handed_in import HandedIn, Submitted
from autograder.wall.outside import doctor
from autograder.wall.outside.lane import Lane, NoWall, UnwalledLane

_LONGEST = 2.0
"""Seconds that a result may wait for others before it goes into the gradebook."""


@dataclass(slots=True)
class Tally:
    """What has become of a class so far."""

    total: int
    done: int = 0
    before: int = 0
    """Of those done, how many were graded in an earlier run."""
    rewritten: int = 0
    """Of those graded before, how many the gradebook held otherwise, or not at all."""
    penalties: int = 0
    """Of those graded before, for how many only the penalty for late work has changed."""
    full: int = 0
    ungraded: dict[str, str] = field(default_factory=dict)
    """The reasons, by student."""
    faults: int = 0
    """Of those ungraded, how many failed by the grader's own fault."""
    odd: tuple[str, ...] = ()
    """Folders whose names are no student's."""
    unknown: list[str] = field(default_factory=list)
    """Students who are not in the gradebook, where the course admits nobody new."""
    lost: dict[tuple[str, str], float] = field(default_factory=dict)
    """Points lost, by function and by misconception or else state."""
    unwritten: dict[str, str] = field(default_factory=dict)
    """Whose row the database refused, and why."""
    times: Counter[tuple[str, str]] = field(default_factory=Counter)

    def add(self, entry: Entry) -> None:
        self.done += 1
        self.full += entry.report.full_marks
        if entry.report.status == "ungraded":
            self.ungraded[entry.student] = entry.report.reason or ""
            self.faults += not entry.final
            return
        for cell in entry.report.cells:
            if cell.score is not None and cell.score < cell.max_score:
                what = cell.function or cell.id.removeprefix("test_"), cell.misconception or cell.state
                self.lost[what] = self.lost.get(what, 0) + cell.max_score - cell.score
                self.times[what] += 1


class ClassWork:
    """One run over an assignment in a course folder. Raises `Refused` where all of its grades would be wrong."""

    def __init__(self, course: Path, name: str, students: tuple[str, ...] = (), *, force: bool = False) -> None:
        self.folder = CourseFolder(course, name)  # first: a configuration that cannot be read changes nothing
        adoption.hold(course, name)
        self.assignment = assignment.load(name, course)
        agreement.hold_to_release(course, name)
        self._students = self.folder.students(students)
        agreement.hold_to_points(self.assignment, self.folder.database, self.folder.directory.course_id)
        hold.hold(self.assignment, course, _lane(self.assignment))
        self._ledger = Ledger(course, name)
        self._force = force
        self._grader = ledger.fingerprint(self.assignment, figures=self.folder.figures)
        self.tally = Tally(len(self._students), odd=() if students else self.folder.odd)

    def run(self, connect: Callable[[], AbstractContextManager[Client]]) -> Generator[Tally, None, None]:
        """Grade what is not graded yet, and report progress after each submission.

        Where this ends early (a full disk, a lost cluster, a signal) what is done is done, and the next run goes on. A
        cluster is only asked for where there is something to grade."""
        with self._ledger.mine():
            name, flags = self.assignment.name, Flags(self.folder.root, self.assignment.name)
            writer = Writer(self.folder.database, name, self.folder.penalty(), flags)
            book = _Book(writer, self._ledger, self.tally)
            try:
                waiting: list[str] = []
                yield from self._settle(book, waiting)
                if waiting:
                    yield from self._grade(book, waiting, connect)
            finally:
                book.flush()
                writer.close()

    def _settle(self, book: _Book, waiting: list[str]) -> Iterator[Tally]:
        """See to it that the gradebook holds what was graded before. Whoever is to be graded is put among those who
        wait."""
        same: list[str] = []
        for student in self._admitted(book.writer):
            row = None if self._force else self._graded_before(student)
            if row is None:
                waiting.append(student)
                continue
            self.tally.before += 1
            self.tally.add(row.entry)
            if book.tell(row):
                self.tally.rewritten += 1
            elif row.timed:
                same.append(student)
            yield self.tally
        book.flush()
        self.tally.penalties = book.writer.settle_penalties(same)

    def _grade(
        self, book: _Book, waiting: list[str], connect: Callable[[], AbstractContextManager[Client]]
    ) -> Iterator[Tally]:
        """Page first, ledger second, gradebook last: what the ledger knows has a page, whenever this is stopped."""
        version = marking.version(self.assignment.unit)
        order = Order(self.assignment, version, self.folder.figures, len(waiting))
        sent: dict[str, Submitted] = {}
        with connect() as client:
            jobs = self._jobs(waiting, sent)
            for marked in fleet.stream(client, order, jobs, meanwhile=book.flush_in_time):
                entry, found = marked.entry, sent.pop(marked.entry.student)
                earlier = self._ledger.get(entry.student)
                told = earlier is not None and earlier.recorded and earlier.key == entry.key
                entry = replace(entry, recorded=told, page=page_digest(marked.page.encode()))
                self.folder.write_page(entry.student, found, marked.page)
                self._ledger.put(entry)
                self.tally.add(entry)
                book.tell(Row(entry, found.timestamp, found.timed))
                yield self.tally

    def _jobs(self, students: list[str], sent: dict[str, Submitted]) -> Iterator[Job]:
        for student in students:
            found = self.folder.submitted(student)
            # Its bytes are needed no longer than its task.
            sent[student] = dataclasses.replace(found, handed_in=HandedIn())
            yield Job(student, ledger.key(found.handed_in, found.sidecars, self._grader), found.handed_in)

    def _admitted(self, writer: Writer) -> Iterator[str]:
        """The students whom the course admits."""
        known = None if self.folder.admits_new_students else writer.students()
        for student in self._students:
            if known is None or student in known:
                yield student
            else:
                self.tally.unknown.append(student)

    def _graded_before(self, student: str) -> Row | None:
        """The result of what lies there now, if it has been graded and its page is there."""
        entry = self._ledger.get(student)
        if entry is None or not entry.final:
            return None
        found = self.folder.submitted(student)
        if entry.key != ledger.key(found.handed_in, found.sidecars, self._grader):
            return None
        return Row(entry, found.timestamp, found.timed) if entry.page == self.folder.digest(student) else None


def _lane(assignment: Assignment) -> Lane:
    """Where the assignment itself is tried. It is the instructor's own, so a machine that only sends work to others
    needs no wall for it."""
    try:
        return doctor.best(assignment.packages)
    except NoWall:
        return UnwalledLane()


class _Book:
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
