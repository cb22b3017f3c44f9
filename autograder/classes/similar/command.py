"""Writes into the course folder who shares code that hardly anybody else has: reports/ASSIGNMENT/similar.html."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from autograder.classes.report.command import FOLDER
from autograder.classes.similar import page
from autograder.classes.similar.pairs import Pair, at_most, groups, pairs
from autograder.classes.similar.prints import SEPARATOR, Prints, bare, covered, names, prints
from autograder.classes.similar.record import Group, Line, Similar, Student
from autograder.nbgrader import spreadsheet
from autograder.nbgrader.course_folder import CourseFolder
from autograder.nbgrader.ledger import write_whole
from autograder.nbgrader.roll import NotInGradebook, Person, Roll
from autograder.notebooks import assignment, submission
from autograder.notebooks.assignment import Assignment
from autograder.notebooks.submission import Unreadable

PAGE, TABLE, NAMED = "similar.html", "similar.csv", "with-names-"
_MOST_GROUPS, _MOST_LINES = 100, 60
_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Written:
    """What was found, without names, and where it is written."""

    similar: Similar
    files: tuple[Path, ...]


def similar(course: Path, name: str, *, named: bool = False) -> Written:
    """Compare and write. Raises `NoSuchAssignment`, `NothingSubmitted` and `Refused`."""
    its = assignment.load(name, course)
    folder = CourseFolder(course, name)
    people = _people(folder)
    students = folder.students()
    known = names(cell.source for cell in its.cells if cell.type == "code")
    code = [_code(its, folder, student) for student in students]
    found = [prints(text, known) for text in code]
    given = [cell.source for cell in its.cells if cell.type == "code"]
    together = pairs(found, np.concatenate([prints([text], known, all_runs=True).hashes for text in ["", *given]]))
    view = _View(students, people, code, found, frozenset(line.strip() for text in given for line in text.split("\n")))
    target = course / FOLDER / name
    target.mkdir(parents=True, exist_ok=True)
    files, made_of = [], []
    for with_names in (False, True) if named else (False,):
        made = Similar(
            assignment=name,
            students=len(students),
            at_most=at_most(len(students)),
            named=with_names,
            groups=tuple(view.groups(together, named=with_names)),
        )
        made_of.append(made)
        for file, text in ((PAGE, page.page(made)), (TABLE, _table(made))):
            path = target / f"{NAMED if with_names else ''}{file}"
            write_whole(path, text.encode(), 0o600 if with_names else 0o644)  # names are for nobody else
            files.append(path)
    return Written(made_of[0], tuple(files))


def _people(folder: CourseFolder) -> Mapping[str, Person]:
    try:
        return Roll.of(folder.database, folder.assignment).people
    except NotInGradebook:
        return {}


def _code(its: Assignment, folder: CourseFolder, student: str) -> tuple[str, ...]:
    """All code cells of a student's own. None where they cannot be read."""
    locked = {cell.id for cell in its.cells if cell.id is not None and cell.locked}
    given = {cell.source.strip() for cell in its.cells}
    handed_in = folder.submitted(student).handed_in
    try:
        cells, _ = submission.parse(handed_in.data) if not handed_in.reason else ((), ())
    except Unreadable:
        return ()
    own = (cell for cell in cells if cell.type == "code" and cell.id not in locked)
    return tuple(cell.source for cell in own if cell.source.strip() not in given)


@dataclass(frozen=True, slots=True)
class _View:
    """A class, as the page shows it."""

    students: Sequence[str]
    people: Mapping[str, Person]
    code: Sequence[tuple[str, ...]]
    prints: Sequence[Prints]
    given: frozenset[str]
    """Lines of the release, which are not shown."""

    def groups(self, together: Sequence[Pair], *, named: bool) -> Iterator[Group]:
        numbers: dict[int, int] = {}
        hidden = frozenset() if named else self._hidden()
        for group in groups(together)[:_MOST_GROUPS]:
            for pair in group:
                numbers.setdefault(pair.one, len(numbers) + 1)
                numbers.setdefault(pair.other, len(numbers) + 1)
            members = sorted({place for pair in group for place in (pair.one, pair.other)}, key=numbers.__getitem__)
            first = group[0]
            yield Group(
                students=tuple(self._student(place, numbers[place], named=named) for place in members),
                pairs=tuple((numbers[pair.one], numbers[pair.other], round(pair.share, 4)) for pair in group),
                one=self._lines(first.one, first, hidden, named=named),
                other=self._lines(first.other, first, hidden, named=named),
            )

    def _student(self, place: int, number: int, *, named: bool) -> Student:
        if not named:
            return Student(number=number)
        id = self.students[place]
        return Student(number=number, id=id, name=self.people[id].name if id in self.people else id)

    def _lines(self, place: int, pair: Pair, hidden: frozenset[str], *, named: bool) -> tuple[Line, ...]:
        typed = SEPARATOR.join(self.code[place]).split("\n")
        source = typed if named else SEPARATOR.join(map(bare, self.code[place])).split("\n")
        shared = [number for number in covered(self.prints[place], pair.shared) if number <= len(source)]
        made = []
        for number in shared[:_MOST_LINES]:
            text = _without(source[number - 1], hidden).rstrip()
            if text.strip() and typed[number - 1].strip() not in self.given:
                made.append(Line(number=number, text=text[:160]))
        return tuple(made)

    def _hidden(self) -> frozenset[str]:
        """Words that would tell who somebody is."""
        told = " ".join([*self.students, *(f"{one.first} {one.last}" for one in self.people.values())])
        return frozenset(word.casefold() for word in _WORD.findall(told) if len(word) > 3)


def _without(text: str, hidden: frozenset[str]) -> str:
    return _WORD.sub(lambda match: "…" if match[0].casefold() in hidden else match[0], text) if hidden else text


def _table(found: Similar) -> str:
    by_number = {one.number: one for group in found.groups for one in group.students}

    def who(number: int) -> tuple[spreadsheet.Value, ...]:
        one = by_number[number]
        return (number, one.id, one.name) if found.named else (number,)

    columns = ("", " id", " name") if found.named else ("",)
    head = ("group", *(f"{who}{column}" for who in ("one", "other") for column in columns), "share of the rare code")
    rows: list[tuple[spreadsheet.Value, ...]] = [
        (place, *who(one), *who(other), share)
        for place, group in enumerate(found.groups, 1)
        for one, other, share in group.pairs
    ]
    return spreadsheet.text(head, rows)
