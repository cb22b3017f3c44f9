"""What must agree before a class is graded: the release and nbgrader's gradebook."""

from __future__ import annotations

from pathlib import Path

from nbgrader.api import Gradebook, MissingEntry

from autograder.grading.preflight.hold import Refused
from autograder.notebooks import given
from autograder.notebooks.assignment import Assignment


def hold_to_release(course: Path, name: str) -> None:
    """Raises `Refused` where graded cells of release/ were edited, so that nobody knows what students were given."""
    if given.is_edited(given.released(course, name)):
        raise Refused(
            f"Graded cells of release/{name}/{name}.ipynb were edited after it was made. What is to change, change in "
            f"source/{name}. Run: nbgrader generate_assignment {name} --force"
        )


def hold_to_points(assignment: Assignment, url: str, course: str) -> None:
    """Raises `Refused` where release/, by which we grade, and the gradebook, which nbgrader adds up, do not agree."""
    name = assignment.name
    with Gradebook(url, course) as book:
        try:
            notebooks = {
                notebook.name: {cell.name: cell.max_score for cell in notebook.grade_cells}
                for notebook in book.find_assignment(name).notebooks
            }
        except MissingEntry:
            notebooks = {}
    others = sorted(notebooks.keys() - {name})
    if name in notebooks and others:
        raise Refused(
            f"The gradebook has {len(notebooks)} notebooks in {name}, and only {name}.ipynb would be graded. Move "
            f"{', '.join(f'{other}.ipynb' for other in others)} out of source/{name} and run: "
            f"nbgrader generate_assignment {name} --force"
        )
    if notebooks.get(name) != {task.cell: task.points for task in assignment.tasks}:
        raise Refused(
            f"The gradebook does not know {name} as it is in release/. Run: nbgrader generate_assignment {name} --force"
        )
