"""Grades a class: reads what was handed in, has it marked, and writes pages, ledger and gradebook, in this order."""

from __future__ import annotations

import contextlib
import dataclasses
import itertools
import time
from collections import Counter, deque
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from pathlib import Path

from distributed import Client
from msgspec.structs import replace
from sqlalchemy.exc import DataError, IntegrityError

from autograder.classes import entry as marking
from autograder.classes import fleet, ledger
from autograder.classes.entry import Entry, Marked
from autograder.classes.fleet import Job, Order
from autograder.classes.ledger import Ledger
from autograder.grading.mark import ungraded
from autograder.nbgrader import agreement
from autograder.nbgrader import writer as gradebook
from autograder.nbgrader.course_folder import CourseFolder, Submitted
from autograder.nbgrader.writer import Row, Writer
from autograder.notebooks import assignment
from autograder.preflight import hold
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
    full: int = 0
    ungraded: dict[str, str] = field(default_factory=dict)
    """The reasons, by student."""
    unknown: list[str] = field(default_factory=list)
    """Whom the gradebook does not know, where the course admits nobody new."""
    lost: Counter[tuple[str, str]] = field(default_factory=Counter)
    """Points lost, by function and by misconception or else state."""
    unwritten: dict[str, str] = field(default_factory=dict)
    """Whose row the database refused, and why."""
    times: Counter[tuple[str, str]] = field(default_factory=Counter)

    def add(self, entry: Entry) -> None:
        self.done += 1
        self.full += entry.report.full_marks
        if entry.report.status == "ungraded":
            self.ungraded[entry.student] = entry.report.reason or ""
            return
        for cell in entry.report.cells:
            if cell.score is not None and cell.score < cell.max_score:
                what = cell.function or cell.id.removeprefix("test_"), cell.misconception or cell.state
                self.lost[what] += cell.max_score - cell.score
                self.times[what] += 1


class ClassWork:
    """One run over an assignment in a course folder. Raises `Refused` where all of its grades would be wrong."""

    def __init__(self, course: Path, name: str, students: tuple[str, ...] = ()) -> None:
        self.assignment = assignment.load(name, course)
        agreement.hold_to_release(course, name)
        self.folder = CourseFolder(course, name)
        agreement.hold_to_points(self.assignment, self.folder.database, self.folder.directory.course_id)
        hold.hold(self.assignment, course, _lane())
        self._ledger = Ledger(course, name)
        self._students = self.folder.students(students)
        self._order = Order(
            self.assignment, marking.version(self.assignment.unit), self.folder.figures, len(self._students)
        )
        self._grader = ledger.fingerprint(self.assignment, figures=self.folder.figures)
        self.tally = Tally(len(self._students))

    def run(self, connect: Callable[[], AbstractContextManager[Client]]) -> Iterator[Tally]:
        """Grade whatever is not graded yet, and tell after each submission how far it is.

        Where this ends early (a full disk, a lost cluster, a signal) what is done is done, and the next run goes on. A
        cluster is only asked for where there is something to grade."""
        with self._ledger.mine():
            writer = Writer(self.folder.database, self.assignment.name, self.folder.penalty())
            try:
                yield from self._run(connect, _Book(writer, self._ledger, self.tally))
            finally:
                writer.close()

    def _run(self, connect: Callable[[], AbstractContextManager[Client]], book: _Book) -> Iterator[Tally]:
        admitted = None if self.folder.admits_new_students else book.writer.students()
        held = book.writer.submitted()
        settled: deque[Marked | Row] = deque()
        sent: dict[str, Submitted] = {}
        jobs = self._jobs(admitted, held, settled, sent)
        with contextlib.ExitStack() as stack:
            stack.callback(book.flush)
            results: Iterator[Marked] = iter(())
            if (first := next(jobs, None)) is not None:
                results = fleet.stream(stack.enter_context(connect()), self._order, itertools.chain([first], jobs))
            for marked in itertools.chain(results, [None]):
                while settled:
                    self._settle(settled.popleft(), sent, held, book)
                    yield self.tally
                if marked is not None:
                    self._settle(marked, sent, held, book)
                    yield self.tally

    def _jobs(
        self,
        admitted: frozenset[str] | None,
        held: frozenset[str],
        settled: deque[Marked | Row],
        sent: dict[str, Submitted],
    ) -> Iterator[Job]:
        """What needs a worker. The others are settled on the way: graded before, or nothing that could be graded."""
        for student in self._students:
            if admitted is not None and student not in admitted:
                self.tally.unknown.append(student)
                continue
            found = self.folder.submitted(student)
            key = ledger.key(found.handed_in, found.sidecars, self._grader)
            entry = self._ledger.get(student)
            if entry is not None and entry.final and entry.key == key and self.folder.has_page(student):
                recorded = entry.recorded and student in held
                settled.append(Row(replace(entry, recorded=recorded), found.timestamp, found.timed))
                continue
            sent[student] = dataclasses.replace(found, handed_in=None)  # its bytes are needed no longer than its task
            if found.handed_in is None:
                settled.append(marking.marked(student, key, ungraded(self.assignment, found.reason)))
            else:
                yield Job(student, key, found.handed_in)

    def _settle(self, result: Marked | Row, sent: dict[str, Submitted], held: frozenset[str], book: _Book) -> None:
        """Page first, ledger second, gradebook last: what the ledger knows has a page, whenever this is stopped."""
        if isinstance(result, Row):
            self.tally.before += 1
            self.tally.add(result.entry)
            if not result.entry.recorded:
                book.add(result)
            return
        entry, found = result.entry, sent.pop(result.entry.student)
        earlier = self._ledger.get(entry.student)
        self._ledger.forget(entry.student)
        self.folder.write_page(found, result.page)
        same = earlier is not None and earlier.recorded and entry.student in held and _is_same(earlier, entry)
        self._ledger.put(replace(entry, recorded=same))
        self.tally.add(entry)
        if not same:
            book.add(Row(entry, found.timestamp, found.timed))


def _lane() -> Lane:
    """Where the assignment itself is tried. It is the instructor's own, so a machine that only sends work to others
    needs no wall for it."""
    try:
        return doctor.best()
    except NoWall:
        return UnwalledLane()


class _Book:
    """Gathers rows for the gradebook and writes them in batches."""

    def __init__(self, writer: Writer, entries: Ledger, tally: Tally) -> None:
        self.writer, self._ledger, self._tally = writer, entries, tally
        self._rows: list[Row] = []
        self._since = 0.0

    def add(self, row: Row) -> None:
        self._since = self._since if self._rows else time.monotonic()
        self._rows.append(row)
        if len(self._rows) >= gradebook.BATCH or time.monotonic() - self._since > _LONGEST:
            self.flush()

    def flush(self) -> None:
        rows, self._rows = self._rows, []
        if not rows:
            return
        try:
            self.writer.write(rows)
        except (IntegrityError, DataError):  # one of them, or somebody else who wrote in between
            rows = [row for row in rows if self._write_alone(row)]
        for row in rows:
            self._ledger.put(replace(row.entry, recorded=True))

    def _write_alone(self, row: Row) -> bool:
        try:
            self.writer.write([row])
        except (IntegrityError, DataError) as error:
            self._tally.unwritten[row.entry.student] = f"The gradebook does not take it: {type(error).__name__}."
            return False
        return True


def _is_same(one: Entry, other: Entry) -> bool:
    """Whether both say the same to the gradebook. Telling it again would flag anew what a person has dealt with."""
    points = [[(cell.id, cell.score) for cell in entry.report.cells] for entry in (one, other)]
    return (
        one.key == other.key
        and one.report.status == other.report.status
        and one.unanswered == other.unanswered
        and points[0] == points[1]
    )
