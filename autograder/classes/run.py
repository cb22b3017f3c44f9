"""Grades a class: reads what was handed in, has it marked, and writes pages, ledger and gradebook, in this order.

What the gradebook holds decides. The ledger only saves the work of running a submission again.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Generator, Iterator
from contextlib import AbstractContextManager
from pathlib import Path

from distributed import Client
from msgspec.structs import replace

from autograder.classes import fleet
from autograder.classes.book import Book
from autograder.classes.fleet import Job, Order
from autograder.classes.tally import Tally
from autograder.grading.preflight import hold
from autograder.nbgrader import adoption, agreement, ledger
from autograder.nbgrader import entry as marking
from autograder.nbgrader.course_folder import CourseFolder, page_digest
from autograder.nbgrader.entry import Marked
from autograder.nbgrader.flags import Flags
from autograder.nbgrader.ledger import Ledger
from autograder.nbgrader.row import Row
from autograder.nbgrader.writer import Writer
from autograder.notebooks import assignment
from autograder.notebooks.assignment import Assignment
from autograder.notebooks.folder import Submitted
from autograder.notebooks.handed_in import HandedIn
from autograder.wall.outside import doctor
from autograder.wall.outside.lane import Lane, NoWall, Unfit, UnwalledLane


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
            book = Book(writer, self._ledger, self.tally)
            try:
                waiting = yield from self._plan(book)
                if waiting:
                    yield from self._grade(book, waiting, connect)
            finally:
                book.flush()
                writer.close()

    def _plan(self, book: Book) -> Generator[Tally, None, list[str]]:
        """The students who are still to be graded. For all others the gradebook is made to hold what came of it."""
        waiting: list[str] = []
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
        return waiting

    def _grade(
        self, book: Book, waiting: list[str], connect: Callable[[], AbstractContextManager[Client]]
    ) -> Iterator[Tally]:
        version = marking.version(self.assignment.unit)
        order = Order(self.assignment, version, self.folder.figures, len(waiting))
        sent: dict[str, Submitted] = {}
        with connect() as client:
            jobs = self._jobs(waiting, sent)
            for marked in fleet.stream(client, order, jobs, meanwhile=book.flush_in_time):
                self._settle(book, marked, sent.pop(marked.entry.student))
                yield self.tally

    def _settle(self, book: Book, marked: Marked, found: Submitted) -> None:
        """Page first, ledger second, gradebook last: what the ledger knows has a page, whenever this is stopped."""
        earlier = self._ledger.get(marked.entry.student)
        told = earlier is not None and earlier.recorded and earlier.key == marked.entry.key
        entry = replace(marked.entry, recorded=told, page=page_digest(marked.page.encode()))
        self.folder.write_page(entry.student, found, marked.page)
        self._ledger.put(entry)
        self.tally.add(entry)
        book.tell(Row(entry, found.timestamp, found.timed))

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
    except Unfit as error:
        raise hold.Refused(str(error)) from error
    except NoWall:
        return UnwalledLane()
