"""The page for an hour with a student, from the terminal."""

from __future__ import annotations

from pathlib import Path

from nbgrader.api import MissingEntry
from rich.console import Console
from rich.text import Text

from autograder.classes.talk import command
from autograder.classes.talk.command import Written
from autograder.grading.preflight.hold import Refused
from autograder.nbgrader.course_folder import NotGraded
from autograder.notebooks.assignment import NoSuchAssignment
from autograder.screens.class_tables import Stopped
from autograder.screens.tables import lines
from autograder.wall.outside.process import NoWall

__all__ = ["Stopped", "show", "talk"]


def talk(course: Path, name: str, student: str) -> Written:
    """Write the page. Raises `Stopped`."""
    try:
        return command.talk(course, name, student)
    except (NotGraded, MissingEntry) as error:
        raise Stopped(str(error)) from error
    except (NoSuchAssignment, Refused, NoWall) as error:
        raise Stopped(str(error), status=2) from error
    except OSError as error:
        raise Stopped(f"The page could not be written: {error}.") from error


def show(console: Console, written: Written) -> None:
    """The questions without their answers, since the student may look on, and where the page lies."""
    for number, question in enumerate(written.talk.questions, 1):
        lines(console, [f"{number}. {question.task}: {question.asks}"])
    lines(console, written.talk.not_asked)
    what = "With the answers, for you alone" if written.talk.questions else "Page"
    console.print(Text(f"{what}: {written.page}"), soft_wrap=True)  # a path is one line, so that it can be copied
