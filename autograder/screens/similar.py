"""Similar code of a class, from the terminal."""

from __future__ import annotations

from pathlib import Path

from rich.console import Console
from rich.text import Text

from autograder.classes.similar import command
from autograder.classes.similar.command import Written
from autograder.grading.preflight.hold import Refused
from autograder.nbgrader.course_folder import NothingSubmitted
from autograder.notebooks.assignment import NoSuchAssignment
from autograder.screens.class_tables import Stopped
from autograder.screens.tables import lines

__all__ = ["Stopped", "show", "similar"]


def similar(course: Path, name: str, *, named: bool) -> Written:
    """Compare and write. Raises `Stopped`."""
    try:
        return command.similar(course, name, named=named)
    except NothingSubmitted as error:
        raise Stopped(str(error)) from error
    except (NoSuchAssignment, Refused) as error:
        raise Stopped(str(error), status=2) from error
    except OSError as error:
        raise Stopped(f"The page could not be written: {error}.") from error


def show(console: Console, written: Written) -> None:
    """How many groups there are, and where to look at them."""
    found = written.similar.groups
    sizes = ", ".join(str(len(group.students)) for group in found[:12]) + (", …" if len(found) > 12 else "")
    said = f"{len(found)} {'group' if len(found) == 1 else 'groups'} of students share rare code (of {sizes} students)."
    lines(console, [said if found else "No two students share code that hardly anybody else has."])
    lines(console, ["A place to look, and no verdict: short functions can be written in few ways."])
    for path in written.files:
        console.print(Text(str(path)), soft_wrap=True)
