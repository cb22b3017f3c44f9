"""What similar code a class has, as records: the page, the table and the JSON are made from these."""

from __future__ import annotations

import msgspec


class Student(msgspec.Struct, frozen=True, kw_only=True):
    """A number, and a name only in the file with names."""

    number: int
    id: str = ""
    name: str = ""


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """A line that is shared, by its place in the student's own code."""

    number: int
    text: str


class Group(msgspec.Struct, frozen=True, kw_only=True):
    """Students who share rare code, and what the first two of them share."""

    students: tuple[Student, ...]
    pairs: tuple[tuple[int, int, float], ...]
    """Two students' numbers, and the share of the rare code of the one who has less."""
    one: tuple[Line, ...]
    other: tuple[Line, ...]


class Similar(msgspec.Struct, frozen=True, kw_only=True):
    """What was found in one assignment."""

    schema: int = 1
    assignment: str
    students: int
    at_most: int
    """What more students than this have in common is taken out."""
    named: bool
    groups: tuple[Group, ...]

    @property
    def json(self) -> str:
        return msgspec.json.format(msgspec.json.encode(self)).decode()
