"""From the ledger, the gradebook and the autograded notebooks to what a report says of one assignment."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import msgspec

from autograder.classes.report.count import Count
from autograder.classes.report.lesson import Lesson
from autograder.nbgrader import ledger
from autograder.nbgrader.course_folder import CourseFolder
from autograder.nbgrader.roll import NotInGradebook, Person, Roll
from autograder.notebooks import assignment, prediction

_MOST_BYTES = 64 << 20
"""Of an autograded notebook. The grader writes none that is larger."""


class NothingGraded(LookupError):
    """There is nothing to report on. The message says what to do."""


class _Cell(msgspec.Struct):
    cell_type: str
    source: str | list[str] = ""


class _Page(msgspec.Struct):
    cells: list[_Cell]


_page = msgspec.json.Decoder(_Page)


class Gathered(msgspec.Struct, frozen=True):
    """What was counted, and the class that it belongs to."""

    count: Count
    roll: Roll | None
    folder: CourseFolder


def gather(course: Path, name: str, *, named: bool) -> Gathered:
    """Count everything that is known of an assignment. Raises `NothingGraded` and what `assignment.load` raises."""
    lesson = Lesson(assignment.load(name, course))
    folder = CourseFolder(course, name)
    roll = _roll(folder)
    count = Count(lesson, named=named, ids=roll.people if roll is not None else ())
    asked = frozenset(question.name for question in lesson.questions)
    for entry in ledger.entries(course, name):
        person = roll.people.get(entry.student) if roll is not None else None
        count.add(entry.report, person or Person(entry.student), entry.version, final=entry.final)
        if asked and entry.report.status == "graded":
            count.foresee(prediction.guesses(sources(folder.autograded.page(entry.student)), asked))
    if not count.handed_in:
        raise NothingGraded(f"Nothing of {name} has been graded yet. Run: autograder grade {name}")
    return Gathered(count, roll, folder)


def sources(page: Path) -> Iterator[str]:
    """The code of an autograded notebook. Nothing where there is none that can be read."""
    try:
        if page.stat().st_size > _MOST_BYTES:
            return
        cells = _page.decode(page.read_bytes()).cells
    except (OSError, ValueError, RecursionError):
        return
    for cell in cells:
        if cell.cell_type == "code":
            yield cell.source if isinstance(cell.source, str) else "".join(cell.source)


def _roll(folder: CourseFolder) -> Roll | None:
    try:
        return Roll.of(folder.database, folder.assignment)
    except NotInGradebook:
        return None  # it was deleted; the ledger knows what was graded
