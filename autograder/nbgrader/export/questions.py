"""One row a question, for a spreadsheet: student, task, state, points and misconception."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from autograder.nbgrader import ledger
from autograder.nbgrader.points import Points

HEAD = ("student", "task", "state", "points", "of", "misconception")
Row = tuple[str, str, str, float | None, float, str | None]


def rows(course: Path, assignment: str, points: Mapping[str, Mapping[str, Points]]) -> Iterator[Row]:
    """Of everybody who was graded: what the grader says, and the points that the gradebook has, a person's before the
    grader's. Where nobody has judged there are none, and no zero."""
    for entry in sorted(ledger.entries(course, assignment), key=lambda entry: entry.student):
        cells = {cell.id: cell for cell in entry.report.cells}
        has = points.get(entry.student, {})
        for name in (*cells, *sorted(has.keys() - cells.keys())):
            cell, held = cells.get(name), has.get(name)
            yield (
                entry.student,
                name.removeprefix("test_"),
                cell.state if cell is not None and entry.report.status == "graded" else "ungraded",
                held.have if held is not None else None,
                held.most if held is not None else cell.max_score if cell is not None else 0.0,
                cell.misconception if cell is not None else None,
            )
