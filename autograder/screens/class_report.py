"""What a class understood, in the terminal: what to read first, and where the rest lies."""

from __future__ import annotations

from pathlib import Path

from rich.console import Console
from rich.text import Text

from autograder.classes.report import command, sentences
from autograder.classes.report.command import Written
from autograder.classes.report.gather import NothingGraded
from autograder.grading.preflight.hold import Refused
from autograder.notebooks.assignment import NoSuchAssignment
from autograder.screens.class_tables import Stopped
from autograder.screens.tables import lines

__all__ = ["Stopped", "report", "show"]


def report(course: Path, names: tuple[str, ...], *, named: bool, catalogue: bool) -> Written:
    """Write the report on these assignments, or on all. Raises `Stopped`."""
    try:
        return command.report(course, names or command.assignments(course), named=named, catalogue=catalogue)
    except NothingGraded as error:
        raise Stopped(str(error)) from error
    except (Refused, NoSuchAssignment) as error:
        raise Stopped(str(error), status=2) from error
    except OSError as error:
        raise Stopped(f"The report could not be written: {error}.") from error


def show(console: Console, written: Written) -> None:
    """The first sentences of each assignment, and the files."""
    several = len(written.report.assignments) > 1
    for one in written.report.assignments:
        lines(console, [f"{one.assignment}:"] if several else [])
        lines(console, one.first)
        for place, lesson in enumerate(one.teach, 1):
            of = f", {sentences.of(lesson.share)}" if lesson.share is not None else ""
            lines(console, [f"  {place}. {lesson.words} ({lesson.task}{of})"])
    others = [path.name for path in written.files if path != written.page]
    lines(console, [f"Beside the page: {', '.join(others)}"])
    console.print(Text(f"Report: {written.page}"), soft_wrap=True)  # a path is one line, so that it can be copied
