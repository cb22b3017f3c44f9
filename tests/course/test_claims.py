"""The table of claims leads to a section of a lesson for each of its rows."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

COURSE = Path(__file__).parents[2] / "course"
VERDICTS = ("correct", "incomplete", "misleading")
ROW = re.compile(r"\| (\d+) \| (.+?) \| \[(.+)\]\(([^#)]+)#([^)]+)\) \| (\w+) \|")


def claims() -> list[tuple[str, ...]]:
    text = (COURSE / "claims.md").read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if re.match(r"\| \d+ \|", line)]
    rows = [ROW.fullmatch(line) for line in lines]
    unread = [line for line, row in zip(lines, rows, strict=True) if row is None]
    assert not unread, f"not of the form '| no. | claim | [heading](UNIT/UNIT.md#anchor) | verdict |': {unread}"
    return [row.groups() for row in rows if row]


def anchor(heading: str) -> str:
    """The anchor that GitHub and JupyterLab's preview give a heading."""
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")


def headings(lesson: Path) -> list[str]:
    """The headings of a lesson's text, without the comments of its code."""
    text = re.sub(r"(?ms)^```.*?^```", "", lesson.read_text(encoding="utf-8"))
    return re.findall(r"(?m)^#{2,6} (.+)$", text)


def test_every_claim_has_a_row():
    assert [int(row[0]) for row in claims()] == list(range(1, 34))


def test_every_verdict_is_one_of_three():
    assert {row[5] for row in claims()} == set(VERDICTS)


@pytest.mark.parametrize("row", claims(), ids=lambda row: row[0])
def test_the_link_leads_to_a_section(row):
    number, claim, heading, path, target, _ = row
    lesson = COURSE / path
    assert lesson.is_file(), f"claim {number} ({claim}) links to {path}, which is not there"
    found = headings(lesson)
    nearest = "\n  ".join(found)
    assert heading in found, f"claim {number} ({claim}): {path} has no heading '{heading}'. It has:\n  {nearest}"
    assert target == anchor(heading), f"claim {number}: the anchor of '{heading}' is #{anchor(heading)}"
