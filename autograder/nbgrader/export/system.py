"""The files of four learning management systems: which column is the assignment's, and which rows are students.

Each has the rules of the system's own importer, which reads the file again.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from autograder.nbgrader.export.sheet import Sheet

System = Literal["canvas", "moodle", "brightspace", "blackboard"]


class NoColumn(LookupError):
    """The assignment has no column in the file, or several. The message says what to do."""


@dataclass(frozen=True, slots=True)
class Layout:
    """Where things are in one file."""

    column: int
    rows: tuple[int, ...]
    """Those of students."""
    most: float | None
    """What the file says is the most that the column may hold."""
    keys: tuple[int, ...]
    """The columns that tell a student by an id or an address."""
    names: tuple[int, ...]
    """And those that together are the name, first name first."""


def layout(system: System, sheet: Sheet, assignment: str, column: str | None = None) -> Layout:
    """Raises `NoColumn`. `column` is the title of the assignment in the system, where it is another one."""
    return _LAYOUTS[system](sheet, assignment, column)


_CANVAS = re.compile(r"(.+) \((\d+)\)\s*")
"""A title and the assignment's number. Without the number Canvas would make a new assignment."""


def _canvas(sheet: Sheet, assignment: str, column: str | None) -> Layout:
    found = {place: match[1] for place, head in enumerate(sheet.head) if (match := _CANVAS.fullmatch(head))}
    place = _one(sheet, found, assignment, column, "a title and its number in brackets, such as", f"{assignment} (123)")
    limits = [row for row, line in enumerate(sheet.lines) if line.value(0).strip().lower() == "points possible"]
    most = _number(sheet.lines[limits[0]].value(place)) if limits else None
    # Above the row of points there may be one that says how grades are posted. Neither is a student's.
    first = limits[0] + 1 if limits else 1
    rows = tuple(
        row for row in range(first, len(sheet.lines)) if sheet.lines[row].value(0).strip() not in ("", "Student, Test")
    )
    keys = _places(sheet, "id", "sis user id", "sis login id", "integration id")
    return Layout(place, rows, most, keys, _places(sheet, "student"))


_BRIGHTSPACE = re.compile(r"(.+?) Points Grade(?: <.*?MaxPoints:([\d.,]+).*>)?\s*")


def _brightspace(sheet: Sheet, assignment: str, column: str | None) -> Layout:
    last = sheet.head[-1].strip()
    if last != "End-of-Line Indicator":
        raise NoColumn(
            "The last column is not 'End-of-Line Indicator', without which Brightspace reads nothing. Export the "
            "grades from Brightspace again, with the key 'Both' or 'Org Defined ID' and points."
        )
    found = {place: match for place, head in enumerate(sheet.head) if (match := _BRIGHTSPACE.fullmatch(head))}
    titles = {place: match[1] for place, match in found.items()}
    place = _one(
        sheet, titles, assignment, column, "points, such as", f"{assignment} Points Grade <Numeric MaxPoints:20>"
    )
    most = _number(found[place][2] or "")
    keys = _places(sheet, "orgdefinedid", "username", "email")
    return Layout(place, _filled_rows(sheet), most, keys, _places(sheet, "first name", "last name"))


_BLACKBOARD = re.compile(r"(.+?) \[Total Pts: (?:up to )?([\d.,]+)[^\]]*\] ?\|(\d+)\s*")
"""A title, the points and the column's number. Without the number Blackboard makes a column of text that is worth 0."""


def _blackboard(sheet: Sheet, assignment: str, column: str | None) -> Layout:
    found = {place: match for place, head in enumerate(sheet.head) if (match := _BLACKBOARD.fullmatch(head))}
    titles = {place: match[1] for place, match in found.items()}
    example = f"{assignment} [Total Pts: 20 Score] |12345"
    place = _one(sheet, titles, assignment, column, "a title, points and a number, such as", example)
    keys = _places(sheet, "username", "student id")
    return Layout(place, _filled_rows(sheet), _number(found[place][2]), keys, _places(sheet, "first name", "last name"))


_GRADE = set(
    "grade bewertung note calificación valutazione voto cijfer nota avaliação ocena arvosana betyg karakter karakteri "
    "hodnocení známka hodnotenie értékelés оценка оцінка not βαθμός 成绩 評点 성적 الدرجة ציון qualificació "
    "punteggio".split()
)
"""What Moodle calls the column in the languages that are most in use. `--column` names any other."""


def _moodle(sheet: Sheet, assignment: str, column: str | None) -> Layout:
    """The offline grading worksheet: one assignment, and its column names are in the language of the site."""
    wanted = {column.strip().casefold()} if column else _GRADE
    found = [place for place, head in enumerate(sheet.head) if head.strip().casefold() in wanted]
    if len(found) != 1:
        raise NoColumn(
            f"Which of these columns is for the grade? {_listed(sheet.head)}. Moodle names them in the site's "
            "language. Say it with --column, such as: --column Grade"
        )
    place = found[0]
    rows = tuple(row for row in _filled_rows(sheet) if participant(sheet, row) is not None)
    # The most that can be had stands in the next column, the same for everybody.
    limits = {_number(sheet.lines[row].value(place + 1)) for row in rows}
    most = limits.pop() if len(limits) == 1 else None
    return Layout(place, rows, most, tuple(range(1, place)), (1,) if place > 1 else ())


def participant(sheet: Sheet, row: int) -> int | None:
    """The number in Moodle's first column, after a word in the language of the site."""
    match = re.fullmatch(r"\D*?(\d+)\s*", sheet.lines[row].value(0))
    return int(match[1]) if match else None


_LAYOUTS: Mapping[System, Callable[[Sheet, str, str | None], Layout]] = {
    "canvas": _canvas,
    "moodle": _moodle,
    "brightspace": _brightspace,
    "blackboard": _blackboard,
}


def _one(sheet: Sheet, titles: Mapping[int, str], assignment: str, column: str | None, what: str, example: str) -> int:
    """The one column with this title."""
    wanted = (column or assignment).strip().casefold()
    found = [
        place
        for place, title in titles.items()
        if wanted in (title.strip().casefold(), sheet.head[place].strip().casefold())
    ]
    if len(found) == 1:
        return found[0]
    there = _listed([sheet.head[place] for place in titles]) or "none"
    how = "Several columns are" if found else "No column is"
    raise NoColumn(
        f"{how} called {column or assignment}. A column must have {what} {example!r}. Those in the file: {there}. Make "
        "the assignment in your system, export again, or name its title with --column."
    )


def _filled_rows(sheet: Sheet) -> tuple[int, ...]:
    return tuple(row for row, line in enumerate(sheet.lines) if row and any(cell.value.strip() for cell in line.cells))


def _places(sheet: Sheet, *names: str) -> tuple[int, ...]:
    heads = [head.strip().casefold() for head in sheet.head]
    return tuple(heads.index(name) for name in names if name in heads)


def _number(text: str) -> float | None:
    try:
        return float(text.strip().replace(",", "."))
    except ValueError:
        return None


def _listed(names: Iterator[str] | tuple[str, ...] | list[str]) -> str:
    return ", ".join(repr(name) for name in names)
