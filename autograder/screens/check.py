"""Grades one notebook that somebody points at: a learner's own, or one that an instructor is looking into."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

from msgspec.structs import replace

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

QUESTION = "Nothing here keeps a notebook away from your files: it would run as in Jupyter. Is it your own work?"

_WITHOUT_WALL = "Without a wall: this ran the notebook as Jupyter does. Do that with your own notebooks only."
_HOW = "Your own notebook can be checked all the same, as Jupyter would run it: autograder check --own NOTEBOOK"


def check(
    notebook: Path,
    *,
    seed: int | None = None,
    unit: str | None = None,
    course: Path | None = None,
    own: Callable[[], bool] = lambda: False,
) -> tuple[Report, str]:
    """The Report on a notebook, and a remark on how it was made. Nothing is written next to the notebook.

    Where there is no wall, `own` is asked whether this is the learner's own work, before anything of it runs.

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
        lane, remark = _lane(own)
        hold.hold(found, root, lane)
        read = partial(submission.merge, cells, notes=notes)
        result = mark(found, read, lane, seed=seed, paged=False).report
        return replace(result, wall=not isinstance(lane, UnwalledLane)), remark
    except (Unreadable, NoSuchAssignment, NoWall, Refused) as error:
        return report.ungraded(unit or one_line(notebook.stem), str(error)), ""


def _lane(own: Callable[[], bool]) -> tuple[Lane, str]:
    """The wall, and where there is none, a plain process for a learner's own work. Raises `NoWall` for all other."""
    from autograder.wall.outside import doctor

    try:
        return doctor.best(), ""
    except NoWall as error:
        if own():
            return UnwalledLane(), _WITHOUT_WALL
        raise NoWall(f"{error}\n{_HOW}") from error
