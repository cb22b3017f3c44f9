"""Which assignments of an nbgrader course are graded behind the wall, and which by nbgrader itself.

A course adopts this grader assignment by assignment: those with a folder of hidden tests are its own. One that had such
a folder stays its own, whatever became of the folder since: nbgrader itself would run its submissions without a wall,
and grade them by what their cells print.
"""

from __future__ import annotations

from pathlib import Path

from autograder.grading.preflight.hold import Refused
from autograder.notebooks import units

FOLDER = Path(".autograder", "adopted")
"""Notes of the assignments that were graded here."""


def is_ours(course: Path, name: str) -> bool:
    """Whether hidden tests grade this assignment. Raises `Refused` where they should and are not there."""
    folder = units.folder(course)
    shown = folder.relative_to(course) if folder.is_relative_to(course) else folder
    note = course / FOLDER / name
    if units.has(course, name):
        note.parent.mkdir(parents=True, exist_ok=True)
        note.touch()
        return True
    if not folder.is_dir():
        raise Refused(
            f"Nothing can be graded: {shown}, the folder of the hidden tests, is missing. Put it back, or say in "
            f"{units.SETTINGS} where it is."
        )
    if (folder / name).exists():
        raise Refused(f"{name} cannot be graded: its hidden tests, {shown}/{name}/suite.py, are missing.")
    if note.exists():
        raise Refused(
            f"{name} was graded by hidden tests before, and {shown}/{name} is gone. Put it back. If nbgrader itself is "
            f"to grade it from now on, without a wall, delete {note.relative_to(course)}."
        )
    return not any((course / top / name).is_dir() for top in ("release", "source"))  # then it is refused, by name


def hold(course: Path, name: str) -> None:
    """Raise `Refused` where this assignment is for nbgrader itself to grade."""
    if not is_ours(course, name):
        raise Refused(
            f"{name} has no hidden tests, so nbgrader itself grades it. Run: nbgrader autograde {name}. To have it "
            f"graded here, write {units.folder(course).name}/{name}/suite.py."
        )
