"""Feedback pages as a zip file that Moodle's importer gives to each student."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from autograder.nbgrader.export.fill import People
from autograder.nbgrader.export.sheet import Sheet
from autograder.nbgrader.export.system import layout, participant
from autograder.nbgrader.roll import Roll

_DATE = (1980, 1, 1, 0, 0, 0)
"""The same each time, so that the same pages make the same file."""


@dataclass(frozen=True, slots=True)
class Zipped:
    """The file, and for whom there is nothing in it."""

    data: bytes
    packed: tuple[str, ...]
    strangers: tuple[str, ...]
    missing: tuple[str, ...]
    """Students in the worksheet who have no feedback page."""


def pack(data: bytes, roll: Roll, assignment: str, page: Callable[[str], Path], column: str | None = None) -> Zipped:
    """The pages of the students in an offline grading worksheet, which knows their numbers. Raises `NoSheet` and
    `NoColumn`."""
    sheet = Sheet.read(data)
    where = layout("moodle", sheet, assignment, column)
    known = People(roll.people.values())
    made = io.BytesIO()
    packed, strangers, missing = [], [], []
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as file:
        for row in where.rows:
            person, number = known.find(sheet, row, where), participant(sheet, row)
            if person is None or number is None:
                strangers.append(sheet.lines[row].value(1) or sheet.lines[row].value(0))
                continue
            try:
                content = page(person.id).read_bytes()
            except OSError:
                missing.append(person.id)
                continue
            folder = f"{_folder(sheet.lines[row].value(1) or person.name)}_{number}_assignsubmission_file"
            file.writestr(zipfile.ZipInfo(f"{folder}/{assignment.replace('_', '-')}.html", _DATE), content)
            packed.append(person.id)
    return Zipped(made.getvalue(), tuple(packed), tuple(strangers), tuple(missing))


def _folder(name: str) -> str:
    """A name in a path: the importer parts it at each underscore, and looks for the number after the first."""
    return "".join(" " if char in '_/\\:*?"<>|' or not char.isprintable() else char for char in name).strip(" .") or "-"
