"""Grades one notebook that somebody points at: a learner's own, or one that an instructor is looking into."""

from __future__ import annotations

import sys
from functools import partial
from pathlib import Path

from autograder import report
from autograder.grading.mark import mark
from autograder.notebooks import assignment, submission
from autograder.notebooks.assignment import COURSE, NoSuchAssignment
from autograder.notebooks.submission import Unreadable
from autograder.preflight import hold
from autograder.preflight.hold import Refused
from autograder.report import Report
from autograder.wall.outside.lane import Lane, NoWall, UnwalledLane
from autograder.words import one_line

_WITHOUT_WALL = "Without a wall: this runs the notebook like Jupyter does. Use it for your own notebooks only."


def check(
    notebook: Path, *, seed: int | None = None, unit: str | None = None, course: Path | None = None
) -> tuple[Report, str]:
    """The Report on a notebook, and a remark on how it was made. Nothing is written next to the notebook.

    Whatever keeps the notebook from being graded comes back as an ungraded Report that says why."""
    root = (course or COURSE).resolve()
    try:
        cells, notes = submission.parse(submission.read_bytes(notebook))
        found = (
            assignment.load(unit, root) if unit else assignment.of({c.id for c in cells if c.id}, notebook.name, root)
        )
        if found is None:
            known = ", ".join(assignment.names(root)) or "none"
            raise Unreadable(f"This notebook is of no unit of the course ({known}). Say which with --unit.")
        lane, remark = _lane()
        hold.hold(found, root, lane)
        read = partial(submission.merge, cells, notes=notes)
        return mark(found, read, lane, seed=seed, paged=False).report, remark
    except (Unreadable, NoSuchAssignment, NoWall, Refused) as error:
        return report.ungraded(unit or one_line(notebook.stem), str(error)), ""


def _lane() -> tuple[Lane, str]:
    """The wall, and where the operating system has none, a plain process for a learner's own work."""
    if sys.platform != "linux":
        return UnwalledLane(), _WITHOUT_WALL
    from autograder.wall.outside import doctor

    return doctor.best(), ""
