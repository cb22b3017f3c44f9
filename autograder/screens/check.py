"""Grades one notebook that somebody points at: a learner's own, or one that an instructor is looking into."""

from __future__ import annotations

import contextlib
import re
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from autograder import report
from autograder.grading.preflight.refusal import Refused
from autograder.notebooks import assignment, submission, units
from autograder.notebooks.assignment import Assignment, NoSuchAssignment
from autograder.notebooks.handed_in import HandedIn
from autograder.notebooks.submission import Unreadable
from autograder.notebooks.units import NoCourse, NoSuchUnit
from autograder.report import Report
from autograder.wall.outside.process import Lane, NoWall, Unfit
from autograder.words import one_line

if TYPE_CHECKING:
    from autograder.wall.outside.lane import EarlyLane

QUESTION = "Nothing here keeps a notebook away from your files: it would run as in Jupyter. Is it your own work?"

IN_BROWSER = sys.platform == "emscripten"

NEVER_COUNTS = "Checked in a browser, next to your own code: for you to learn from, and no points that count."

_NO_SIGNALS = (
    "In a browser NumPy never raises a FloatingPointError, whatever np.errstate says: the processor that a page has "
    "gives no such signal. A function that depends on it can be right and fail here."
)

_WITHOUT_WALL = "Without a wall: this ran the notebook as Jupyter does. Do that with your own notebooks only."
_HOW = "Your own notebook can be checked all the same, as Jupyter would run it: autograder check --own NOTEBOOK"


def check(
    notebook: Path,
    course: Path | None = None,
    *,
    seed: int | None = None,
    unit: str | None = None,
    only: str | None = None,
    own: Callable[[], bool] = lambda: False,
) -> tuple[Report, str]:
    """What `Checker.check` says, where one notebook is all there is to check."""
    with contextlib.closing(Checker()) as checker:
        return checker.check(notebook, course, seed=seed, unit=unit, only=only, own=own)


class Checker:
    """Checks one notebook after the other."""

    def __init__(self) -> None:
        self._lanes: dict[tuple[str, ...], EarlyLane] = {}

    def check(
        self,
        notebook: Path,
        course: Path | None = None,
        *,
        seed: int | None = None,
        unit: str | None = None,
        only: str | None = None,
        own: Callable[[], bool] = lambda: False,
    ) -> tuple[Report, str]:
        """The Report on a notebook, and a remark on how it was made. Nothing is written next to the notebook.

        Without a course it is the one that somebody stands in. A notebook that lies in another one is not graded. With
        `only`, nothing but this task is tested, and what its tests depend on.

        Where there is no wall, `own` is asked whether this is the learner's own work, before anything of it runs.

        Whatever keeps the notebook from being graded comes back as an ungraded Report that says why."""
        try:
            root = course.resolve() if course is not None else _course(notebook)
            handed_in = HandedIn(submission.read_bytes(notebook))
            found = assignment.load(unit, root) if unit else _of(handed_in, notebook, root)
            if IN_BROWSER:
                return _in_browser(found, handed_in, seed, only), NEVER_COUNTS
            lane, remark = self._lane(own, found)
            from autograder.grading.mark import mark  # only now, while a process beyond the wall starts: it is the most

            _hold(found, root, lane)
            result = mark(found, handed_in, lane, seed=seed, only=only, paged=False).report
        except (Unreadable, NoCourse, NoSuchAssignment, NoSuchUnit, NoWall, Refused) as error:
            self.close()
            return report.ungraded(unit or one_line(notebook.stem), str(error)), ""
        if result.status == "ungraded":
            self.close()  # it may be the machine
        return replace(result, wall=not remark), remark

    def prepare(self) -> None:
        """Start what the next check will want, while nobody waits."""
        for lane in self._lanes.values():
            lane.begin()

    def close(self) -> None:
        """End what nobody will want."""
        for lane in self._lanes.values():
            lane.close()
        self._lanes.clear()

    def _lane(self, own: Callable[[], bool], its: Assignment) -> tuple[Lane, str]:
        """The wall, and where there is none a plain process for a learner's own work. Raises `NoWall` for all other."""
        from autograder.wall.outside import doctor
        from autograder.wall.outside.lane import EarlyLane, UnwalledLane

        try:
            if its.packages not in self._lanes:
                self._lanes[its.packages] = EarlyLane(doctor.best(its.packages))
            return self._lanes[its.packages].begin(), ""
        except Unfit:
            raise
        except NoWall as error:
            if own():
                return UnwalledLane(), _WITHOUT_WALL
            raise NoWall(f"{error}\n{_HOW}") from error


def _in_browser(found: Assignment, handed_in: HandedIn, seed: int | None, only: str | None) -> Report:
    """The same verdict, in this very process. Whoever put the course there has held its parts to each other before."""
    from autograder.grading.mark import mark
    from autograder.wall.browser import CANNOT_HOLD, BrowserLane

    if found.unit is None:
        raise NoSuchUnit(f"This course keeps the hidden tests of {found.name} to itself: nothing can be checked here.")
    result = mark(found, handed_in, BrowserLane(), seed=seed, only=only, paged=False).report
    also = [NEVER_COUNTS]
    if not result.full_marks and re.search(rb"\b(errstate|seterr)\b[^#]{0,80}raise", handed_in.data):
        also.append(_NO_SIGNALS)
    if any(cell.state == "timeout" for cell in result.cells):
        also.append(CANNOT_HOLD)
    return replace(result, wall=False, notes=(*result.notes, *also))


def _hold(found: Assignment, course: Path, lane: Lane) -> None:
    """Raise `Refused` where this assignment would be graded wrongly, or nbgrader adds up other points. A learner has no
    gradebook, and waits for no nbgrader."""
    from autograder.grading.preflight import hold

    settings = course / units.CONFIGURATION
    elsewhere = settings.is_file() and "db_url" in settings.read_text(encoding="utf-8", errors="replace")
    if elsewhere or (course / "gradebook.db").is_file():
        from autograder.nbgrader import agreement

        agreement.hold_known(found, course)
    hold.hold(found, course, lane)


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
