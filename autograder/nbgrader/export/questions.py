"""One row a question, for a spreadsheet: student, task, state, points and misconception."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from autograder.nbgrader import ledger

HEAD = ("student", "task", "state", "points", "of", "misconception")
Row = tuple[str, str, str, float | None, float, str | None]


def rows(course: Path, assignment: str) -> Iterator[Row]:
    """Of everybody who was graded. Where nobody knows the points there is none, and no zero."""
    for entry in sorted(ledger.entries(course, assignment), key=lambda entry: entry.student):
        report = entry.report
        if report.status == "ungraded":
            yield entry.student, "", "ungraded", None, report.max_score, None
            continue
        for cell in report.cells:
            name = cell.id.removeprefix("test_")
            yield entry.student, name, cell.state, cell.score, cell.max_score, cell.misconception
