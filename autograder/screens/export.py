"""Grades for other systems, in the terminal: what was written, and who is not in it."""

from __future__ import annotations

from pathlib import Path
from typing import cast, get_args

from rich.console import Console

from autograder.grading.preflight.hold import Refused
from autograder.nbgrader import spreadsheet
from autograder.nbgrader.course_folder import CourseFolder
from autograder.nbgrader.export import feedback_zip, questions, told
from autograder.nbgrader.export.fill import Differs, fill
from autograder.nbgrader.export.sheet import NoSheet
from autograder.nbgrader.export.system import NoColumn, System
from autograder.nbgrader.ledger import write_whole
from autograder.nbgrader.points import points
from autograder.nbgrader.roll import NotInGradebook, Roll
from autograder.screens.class_tables import Stopped
from autograder.screens.tables import lines

__all__ = ["Stopped", "export"]

FOLDER = "exports"
_ZIP, _QUESTIONS = "moodle-feedback", "questions"


def export(
    course: Path, name: str, to: str, source: Path | None, out: Path | None, column: str | None, console: Console
) -> int:
    """Write the file, say who is not in it, and return the exit status. Raises `Stopped`, with nothing written."""
    systems = (*get_args(System), _ZIP, _QUESTIONS)
    if to not in systems:
        raise Stopped(f"--to {to} is not known. It may be {', '.join(systems)}.", status=2)
    if source is None and to != _QUESTIONS:
        raise Stopped("Name the file that your system exported, with --from FILE.", status=2)
    try:
        if source is None or to == _QUESTIONS:
            return _questions(course, name, out, console)
        folder = CourseFolder(course, name)
        roll = Roll.of(folder.database, name)
        target = _target(course, name, source, out, ".zip" if to == _ZIP else source.suffix)
        if to == _ZIP:
            zipped = feedback_zip.pack(source.read_bytes(), roll, name, folder.feedback, column)
            write_whole(target, zipped.data, 0o600)
            lines(console, [f"{len(zipped.packed)} pages are in {target}."])
            lines(console, told.left_out(zipped, name))
            return 1 if zipped.strangers or zipped.missing else 0
        filled = fill(cast(System, to), source.read_bytes(), roll, name, column)
        write_whole(target, filled.data, 0o600)
        lines(console, [*told.lines(filled, target), *told.left(filled)])
        return 1 if any(True for _ in told.left(filled)) else 0
    except (NoSheet, NoColumn, Differs, NotInGradebook, Refused) as error:
        raise Stopped(str(error), status=2) from error
    except OSError as error:
        raise Stopped(f"{error}.", status=2) from error


def _target(course: Path, name: str, source: Path, out: Path | None, suffix: str) -> Path:
    """Where to write: never over what is read."""
    target = out or course / FOLDER / name / source.with_suffix(suffix).name
    if target.exists() and source.exists() and target.samefile(source):
        raise Stopped(f"{target} is the file that is read. Name another one with --out, so that it stays.", status=2)
    target.parent.mkdir(parents=True, exist_ok=True)
    return target


def _questions(course: Path, name: str, out: Path | None, console: Console) -> int:
    folder = CourseFolder(course, name)
    Roll.of(folder.database, name)  # which says so where the gradebook knows nothing of it
    rows = list(questions.rows(course, name, points(folder.database, name)))
    if not rows:
        raise Stopped(f"Nothing of {name} has been graded yet. Run: autograder grade {name}", status=2)
    target = out or course / FOLDER / name / "questions.csv"
    target.parent.mkdir(parents=True, exist_ok=True)
    write_whole(target, spreadsheet.text(questions.HEAD, rows).encode(), 0o600)
    lines(console, [f"{len({row[0] for row in rows})} students are in {target}."])
    return 0
