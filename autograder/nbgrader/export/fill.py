"""Fills one column of a system's own file from the gradebook, and says of whom it could not."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from autograder.nbgrader.export.sheet import Sheet
from autograder.nbgrader.export.system import Layout, System, layout
from autograder.nbgrader.roll import Person, Roll


class Differs(ValueError):
    """The system's column holds another number of points than the assignment has. The message says what to do."""


@dataclass(frozen=True, slots=True)
class Filled:
    """The new file, and what became of everybody."""

    data: bytes
    filled: tuple[str, ...]
    """Ids of the students whose grade is in it."""
    strangers: tuple[str, ...]
    """Rows of nobody whom the gradebook knows, or of more than one, or without the cell."""
    waiting: tuple[str, ...]
    """Students in whose work something is not judged yet: a person has to read it, or to look at it."""
    nothing: tuple[str, ...]
    """Students in the file who have handed in nothing. Their cells are as they were: a zero is a decision."""
    absent: tuple[str, ...]
    """Students with a grade who are not in the file."""
    remark: str = ""
    """That the column is for another number of points, where it is."""


def fill(system: System, data: bytes, roll: Roll, assignment: str, column: str | None = None) -> Filled:
    """Raises `NoSheet`, `NoColumn` and `Differs`."""
    sheet = Sheet.read(data)
    where = layout(system, sheet, assignment, column)
    remark = ""
    if where.most is not None and abs(where.most - roll.most) > 1e-6:
        remark = (
            f"The column {sheet.head[where.column]!r} is for {number(where.most)} points, and {assignment} has "
            f"{number(roll.most)}: change that in your system, or the points mean something else there."
        )
        if any(standing.points > where.most for standing in roll.standings.values()):
            raise Differs(f"{remark} Some have more points than it can hold, so nothing was written.")
    known = People(roll.people.values())
    values: dict[int, str] = {}
    strangers: list[str] = []
    waiting: list[str] = []
    nothing: list[str] = []
    filled: list[str] = []
    met: set[str] = set()
    for row in where.rows:
        person = known.find(sheet, row, where)
        if person is None or where.column >= len(sheet.lines[row].cells):  # a row that is cut off has no such cell
            strangers.append(_shown(sheet, row, where))
            continue
        met.add(person.id)
        standing = roll.standings.get(person.id)
        if standing is None:
            nothing.append(person.id)
        elif standing.waits:
            waiting.append(person.id)
        else:
            values[row] = number(standing.points)
            filled.append(person.id)
    return Filled(
        sheet.filled(where.column, values).data(),
        tuple(filled),
        tuple(strangers),
        tuple(waiting),
        tuple(nothing),
        tuple(sorted(set(roll.standings) - met)),
        remark,
    )


def number(points: float) -> str:
    """Points as every importer reads them: a full stop, no exponent, and as many decimals as there are."""
    return f"{points:.4f}".rstrip("0").rstrip(".")


class People:
    """Students by all that a system may call them. What two have in common tells nobody."""

    def __init__(self, people: Iterable[Person]) -> None:
        self._by: dict[str, set[str]] = {}
        self._names: dict[str, set[str]] = {}
        self._people: dict[str, Person] = {}
        for person in people:
            self._people[person.id] = person
            for key in {person.id, person.email, person.lms} - {""}:
                self._by.setdefault(_plain(key), set()).add(person.id)
            if person.first or person.last:
                self._names.setdefault(_name(f"{person.first} {person.last}"), set()).add(person.id)

    def find(self, sheet: Sheet, row: int, where: Layout) -> Person | None:
        """Whose row it is: by an id or an address first, by the name only where nothing else is known here."""
        line = sheet.lines[row]
        known: set[str] = set()
        for place in where.keys:
            value = _plain(line.value(place))
            known |= self._by.get(value, set()) or self._by.get(value.partition("@")[0] if "@" in value else "", set())
        if not known and where.names:
            known = self._names.get(_name(" ".join(_first_last(line.value(place)) for place in where.names)), set())
        return self._people[next(iter(known))] if len(known) == 1 else None


def _plain(value: str) -> str:
    """An id as it is compared. Brightspace puts a # before it, so that spreadsheets leave it alone."""
    return value.strip().removeprefix("#").casefold()


def _name(text: str) -> str:
    return " ".join(text.casefold().split())


def _first_last(text: str) -> str:
    """Canvas writes `Last, First`."""
    last, comma, first = text.partition(",")
    return f"{first} {last}" if comma else text


def _shown(sheet: Sheet, row: int, where: Layout) -> str:
    line = sheet.lines[row]
    parts = [line.value(place) for place in dict.fromkeys((*where.names, *where.keys[:2]))]
    return " ".join(part for part in parts if part.strip()) or f"row {row + 1}"
