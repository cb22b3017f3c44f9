"""Grades one notebook that somebody points at: a learner's own, or one that an instructor is looking into."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from pathlib import Path

from msgspec.structs import replace

from autograder import report
from autograder.grading.preflight.refusal import Refused
from autograder.notebooks import assignment, submission, units
from autograder.notebooks.assignment import Assignment, NoSuchAssignment
from autograder.notebooks.handed_in import HandedIn
from autograder.notebooks.submission import Unreadable
from autograder.notebooks.units import NoCourse, NoSuchUnit
from autograder.report import Report
from autograder.wall.outside.lane import EarlyLane, Lane, NoWall, Unfit, UnwalledLane
from autograder.words import one_line

QUESTION = "Nothing here keeps a notebook away from your files: it would run as in Jupyter. Is it your own work?"

_WITHOUT_WALL = "Without a wall: this ran the notebook as Jupyter does. Do that with your own notebooks only."
_HOW = "Your own notebook can be checked all the same, as Jupyter would run it: autograder check --own NOTEBOOK"


def check(
    notebook: Path,
    course: Path | None = None,
    *,
    seed: int | None = None,
    unit: str | None = None,
    own: Callable[[], bool] = lambda: False,
) -> tuple[Report, str]:
    """The Report on a notebook, and a remark on how it was made. Nothing is written next to the notebook.

    Without a course it is the one that somebody stands in. A notebook that lies in another one is not graded.

    Where there is no wall, `own` is asked whether this is the learner's own work, before anything of it runs.

    Whatever keeps the notebook from being graded comes back as an ungraded Report that says why."""
    lane: Lane | None = None
    try:
        root = course.resolve() if course is not None else _course(notebook)
        handed_in = HandedIn(submission.read_bytes(notebook))
        found = assignment.load(unit, root) if unit else _of(handed_in, notebook, root)
        lane, remark = _lane(own, found)
        # Only now, while a process beyond the wall starts: this is most of what there is to import.
        from autograder.grading.mark import mark
        from autograder.grading.preflight import hold

        _hold_gradebook(found, root)
        hold.hold(found, root, lane)
        result = mark(found, handed_in, lane, seed=seed, paged=False).report
        return replace(result, wall=not isinstance(lane, UnwalledLane)), remark
    except (Unreadable, NoCourse, NoSuchAssignment, NoSuchUnit, NoWall, Refused) as error:
        return report.ungraded(unit or one_line(notebook.stem), str(error)), ""
    finally:
        if isinstance(lane, EarlyLane):
            lane.close()


def _hold_gradebook(found: Assignment, course: Path) -> None:
    """Raise `Refused` where nbgrader adds up other points. A learner has no gradebook, and waits for no nbgrader."""
    settings = course / units.CONFIGURATION
    elsewhere = settings.is_file() and "db_url" in settings.read_text(encoding="utf-8", errors="replace")
    if elsewhere or (course / "gradebook.db").is_file():
        from autograder.nbgrader import agreement

        agreement.hold_known(found, course)


def _course(notebook: Path) -> Path:
    """The course that somebody stands in, as for every command. The one that a notebook lies in may have come with it,
    hidden tests and all, and they run outside of the wall: so that one has to be named. Nor is the notebook graded by
    another course without a word: the same file has the same points, whichever command grades it."""
    here = its = None
    with contextlib.suppress(NoCourse):
        its = units.course_at(notebook.parent)
    try:
        here = units.course_at(Path.cwd())
    except NoCourse:
        if its is None:
            raise
    if here is not None and its in (None, here):
        return here
    where = f"in the course {here}" if here is not None else "in no course"
    other = f", or for the one you are in: --course-dir {here}" if here is not None else ""
    raise Unreadable(
        f"You are {where}, and the notebook lies in the course {its}. Its hidden tests would run as your own programs "
        f"do. If you trust them, go there, or say: --course-dir {its}{other}"
    )


def _of(handed_in: HandedIn, notebook: Path, course: Path) -> Assignment:
    """The assignment of the course that a notebook belongs to, by the ids of its cells, or else by its name."""
    cells, _ = submission.parse(handed_in.data)
    found = assignment.of({cell.id for cell in cells if cell.id}, notebook.name, course)
    if found is None:
        known = ", ".join(assignment.names(course)) or "none"
        raise Unreadable(f"This notebook belongs to no unit of the course ({known}). Say which with --unit.")
    return found


def _lane(own: Callable[[], bool], its: Assignment) -> tuple[Lane, str]:
    """The wall, and where there is none, a plain process for a learner's own work. Raises `NoWall` for all other."""
    from autograder.wall.outside import doctor

    try:
        return EarlyLane(doctor.best(its.packages)).begin(), ""
    except Unfit:
        raise
    except NoWall as error:
        if own():
            return UnwalledLane(), _WITHOUT_WALL
        raise NoWall(f"{error}\n{_HOW}") from error
