"""What four learning management systems export for a class, and what each of them reads when it gets the file back.

The readers follow the systems' own importers: a student is told by what the importer looks at, and by nothing else.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from autograder.demo.crowd import Member


@dataclass(frozen=True, slots=True)
class Exported:
    """One system's file."""

    suffix: str
    made: Callable[[Sequence[Member], str, float], bytes]
    """For a class, an assignment and the points it has."""
    reads: Callable[[bytes], dict[str, str]]
    """The grades by what the system calls a student."""
    called: Callable[[Member], str]
    encoding: str = "utf-8-sig"
    delimiter: str = ","

    def rows(self, data: bytes) -> list[list[str]]:
        return list(csv.reader(io.StringIO(data.decode(self.encoding), newline=""), delimiter=self.delimiter))


def number(member: Member) -> str:
    """The student's number in a system."""
    return str(90_000 + int(member.id[1:]))


def address(member: Member) -> str:
    return f"{member.id}@example.org"


def _table(rows: Sequence[Sequence[str]], delimiter: str = ",", *, quoted: bool = False) -> str:
    made = io.StringIO()
    quoting = csv.QUOTE_ALL if quoted else csv.QUOTE_MINIMAL
    csv.writer(made, delimiter=delimiter, lineterminator="\r\n", quoting=quoting).writerows(rows)
    return made.getvalue()


def _canvas(members: Sequence[Member], name: str, most: float) -> bytes:
    head = ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", "Other (1)", f"{name} (2)", "Current Score"]
    possible = ["    Points Possible", "", "", "", "", "10", f"{most:g}", "(read only)"]
    rows = [[f"{m.last}, {m.first}", number(m), "", address(m), "A, 1", "3.5", "", "(read only)"] for m in members]
    return _table([head, possible, *rows]).encode("utf-8-sig")


def _canvas_reads(data: bytes) -> dict[str, str]:
    head, _, *rows = CANVAS.rows(data)
    [place] = [place for place, title in enumerate(head) if re.search(r"\(2\)$", title)]
    return {row[1]: row[place] for row in rows}


def _moodle(members: Sequence[Member], name: str, most: float) -> bytes:
    del name  # the worksheet is of one assignment
    head = ["Identifier", "Full name", "ID number", "Email address", "Status", "Grade", "Maximum Grade"]
    head += ["Grade can be changed", "Last modified (submission)", "Feedback comments"]
    rows = []
    for m in members:
        who = [f"Participant {number(m)}", f"{m.first} {m.last}", m.id, address(m)]
        rows.append([*who, "Submitted\nfor grading", "", f"{most:g}", "Yes", "Monday, 1 June 2026", ""])
    return _table([head, *rows]).encode()


def _moodle_reads(data: bytes) -> dict[str, str]:
    return {re.sub(r"\D", "", row[0]): row[5] for row in MOODLE.rows(data)[1:]}


def _brightspace(members: Sequence[Member], name: str, most: float) -> bytes:
    head = ["OrgDefinedId", "Username", "Last Name", "First Name", "Email"]
    head += [f"{name} Points Grade <Numeric MaxPoints:{most:g}>", "End-of-Line Indicator"]
    rows = [[f"#{number(m)}", f"#{m.id}", m.last, m.first, address(m), "", "#"] for m in members]
    return _table([head, *rows]).encode()


def _brightspace_reads(data: bytes) -> dict[str, str]:
    _, *rows = BRIGHTSPACE.rows(data)
    assert all(row[-1] == "#" for row in rows)
    return {row[1].removeprefix("#"): row[5] for row in rows}


def _blackboard(members: Sequence[Member], name: str, most: float) -> bytes:
    head = ["Last Name", "First Name", "Username", "Student ID", "Last Access", "Availability"]
    rows = [[m.last, m.first, m.id, number(m), "", "Yes", ""] for m in members]
    head += [f"{name} [Total Pts: {most:g} Score] |4711"]
    return _table([head, *rows], "\t", quoted=True).encode("utf-16")


def _blackboard_reads(data: bytes) -> dict[str, str]:
    head, *rows = BLACKBOARD.rows(data)
    assert re.search(r"\|\d+$", head[6])
    return {row[2]: row[6] for row in rows}


CANVAS = Exported(".csv", _canvas, _canvas_reads, number)
MOODLE = Exported(".csv", _moodle, _moodle_reads, number)
BRIGHTSPACE = Exported(".csv", _brightspace, _brightspace_reads, lambda member: member.id)
BLACKBOARD = Exported(".xls", _blackboard, _blackboard_reads, lambda member: member.id, "utf-16", "\t")
SYSTEMS = {"canvas": CANVAS, "moodle": MOODLE, "brightspace": BRIGHTSPACE, "blackboard": BLACKBOARD}
