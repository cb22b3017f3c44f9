"""A grader for Jupyter notebooks that keeps a student's code on the other side of a wall.

    from autograder import check, grade, misconceptions, Report, kit

`check` grades one notebook, `grade` a class, and `misconceptions` says what a unit knows of wrong answers. `kit` is
what hidden tests are written with. Importing this package alone loads none of it.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable

    from IPython.core.interactiveshell import InteractiveShell

    from autograder import kit
    from autograder.classes.tally import Tally
    from autograder.misconception import Misconception
    from autograder.report import Report

__all__ = ["Report", "__version__", "check", "grade", "kit", "load_ipython_extension", "misconceptions"]
__version__ = "0.1.0"


def check(
    notebook: str | Path,
    *,
    course: str | Path | None = None,
    unit: str | None = None,
    seed: int | None = None,
    own: bool = False,
) -> Report:
    """The Report on one notebook. What keeps it from being graded is a Report, too, and says why.

    `course` is the course's folder, by default the one that you are in; `unit` is asked for where the notebook does not
    tell; `seed` repeats an earlier run. With `own`, a notebook that is your own work also runs where there is no wall.
    """
    from autograder.screens import check as checking

    folder = None if course is None else Path(course)
    return checking.check(Path(notebook), folder, unit=unit, seed=seed, own=lambda: own)[0]


def grade(
    assignment: str,
    *,
    course: str | Path | None = None,
    students: Iterable[str] = (),
    workers: int | None = None,
    scheduler: str | None = None,
    force: bool = False,
) -> Tally:
    """Grade a class into the course's gradebook, and say how it went.

    What is graded already is not graded again unless forced. Raises `autograder.grading.preflight.hold.Refused` where
    the assignment itself is wrong, and LookupError where there is no such course, assignment or student, or nothing was
    handed in."""
    import contextlib
    import functools

    from autograder.classes import fleet, run
    from autograder.notebooks import units

    folder = units.course_at(Path.cwd()) if course is None else Path(course).resolve()
    connect = functools.partial(fleet.fleet, scheduler, workers)
    with contextlib.closing(run.run(folder, assignment, tuple(students), connect, force=force)) as tallies:
        return list(tallies)[-1]


def misconceptions(unit: str, *, course: str | Path | None = None) -> tuple[Misconception, ...]:
    """The wrong functions that a unit knows, with what somebody who writes them believes."""
    from autograder.notebooks import units

    folder = units.course_at(Path.cwd()) if course is None else Path(course)
    return units.find(folder, unit).misconceptions


def load_ipython_extension(shell: InteractiveShell) -> None:
    """`%load_ext autograder` in a notebook: `%check NAME`, `%hint NAME`, `%progress` and more."""
    from autograder.screens.magics import CourseMagics

    shell.register_magics(CourseMagics)


def __getattr__(name: str) -> Any:
    if name == "Report":
        from autograder.report import Report

        return Report
    if name == "kit":
        import autograder.kit

        return autograder.kit
    if name == "folder":
        from autograder.nbgrader_plugin import folder

        return folder
    if name == "nbgrader_pages":
        from autograder.nbgrader import pages

        return pages
    raise AttributeError(f"module 'autograder' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
