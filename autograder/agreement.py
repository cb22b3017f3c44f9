"""What must agree before a class is graded: the release, the hidden suite and nbgrader's gradebook."""

from __future__ import annotations

from nbgrader.api import Gradebook, MissingEntry

from autograder.assignment import Assignment


class Refused(RuntimeError):
    """Grading would make a whole class's grades wrong. The message says what to do."""


def hold_to_suite(assignment: Assignment) -> None:
    """Raises `Refused` where points are to be had without a person, and no hidden suite to find out."""
    if assignment.suite.is_file() or all(task.kind == "manual" for task in assignment.tasks):
        return
    raise Refused(
        f"There is no hidden suite for {assignment.name}, so nothing here can grade it. Write "
        f"autograder/suites/{assignment.topic}.py, or let nbgrader itself grade this assignment, in a course "
        "folder whose nbgrader_config.py has no line that begins with c.Autograde."
    )


def hold_to_points(assignment: Assignment, url: str, course: str) -> None:
    """Raises `Refused` where release/, by which we grade, and the gradebook, which nbgrader adds up, do not agree."""
    name = assignment.name
    with Gradebook(url, course) as book:
        try:
            points = {cell.name: cell.max_score for cell in book.find_notebook(name, name).grade_cells}
        except MissingEntry:
            points = {}
    if points != {task.cell: task.points for task in assignment.tasks}:
        raise Refused(
            f"The gradebook does not know {name} as it is in release/. Run: nbgrader generate_assignment {name} --force"
        )
