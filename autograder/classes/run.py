"""Grades a class: plans who is to be graded, has them marked, and settles what came of each.

What the gradebook holds decides. The ledger only saves the work of running a submission again.
"""

from __future__ import annotations

from collections.abc import Callable, Generator
from contextlib import AbstractContextManager, closing
from pathlib import Path

from distributed import Client

from autograder.classes import fleet
from autograder.classes.book import Book
from autograder.classes.fleet import Order
from autograder.classes.inbox import Inbox
from autograder.classes.tally import Tally
from autograder.grading.preflight import hold
from autograder.grading.preflight.hold import Refused
from autograder.nbgrader import adoption, agreement, fingerprint
from autograder.nbgrader.course_folder import CourseFolder
from autograder.nbgrader.ledger import Ledger
from autograder.notebooks import assignment, units
from autograder.notebooks.assignment import Assignment
from autograder.wall.outside import doctor
from autograder.wall.outside.lane import UnwalledLane
from autograder.wall.outside.process import Lane, NoWall, Unfit


def run(
    course: Path,
    name: str,
    students: tuple[str, ...],
    connect: Callable[[], AbstractContextManager[Client]],
    *,
    force: bool = False,
) -> Generator[Tally, None, None]:
    """Grade what is not graded yet. The Tally comes once before anything is written, and after each submission.

    Where this ends early (a full disk, a lost cluster, a signal) what is done is done, and the next run goes on. A
    cluster is only asked for where there is something to grade. Raises `Refused` where all grades would be wrong."""
    folder = CourseFolder(course, name)  # first: a configuration that cannot be read changes nothing
    adoption.hold(course, name)
    its = assignment.load(name, course)
    wanted = folder.students(students)
    agreement.hold_class(its, folder.directory)
    hold.hold(its, course, _lane(its))
    entries = Ledger(course, name)
    inbox = Inbox(folder, entries, fingerprint.of_grader(its, figures=folder.figures))
    tally = Tally(len(wanted), odd=() if students else folder.odd)
    yield tally
    with entries.mine(), closing(Book(folder, entries, tally)) as book:
        tally.absent = () if students else folder.absent(book.scored())
        waiting = []
        for student in book.admitted(wanted):
            row = None if force else inbox.graded_before(student)
            if row is None:
                waiting.append(student)
            else:
                book.keep(row)
                yield tally
        book.settle_penalties()
        if waiting:
            order = Order(its, units.version(its.unit), folder.figures, len(waiting))
            with connect() as client:
                for marked in fleet.stream(client, order, inbox.jobs(waiting), meanwhile=book.flush_in_time):
                    book.settle(marked, inbox.sent.pop(marked.entry.student))
                    yield tally


def _lane(its: Assignment) -> Lane:
    """Where the assignment itself is tried. It is the instructor's own, so a machine that only sends work to others
    needs no wall for it."""
    try:
        return doctor.best(its.packages)
    except Unfit as error:
        raise Refused(str(error)) from error
    except NoWall:
        return UnwalledLane()
