"""What must agree before a class is graded: the release and nbgrader's gradebook."""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa
from nbgrader.api import Assignment as AssignmentRow
from nbgrader.api import Gradebook, MissingEntry
from nbgrader.coursedir import CourseDirectory

from autograder.grading.preflight.hold import Refused
from autograder.nbgrader.course_folder import CourseFolder
from autograder.nbgrader.tables import opened
from autograder.notebooks import given
from autograder.notebooks.assignment import Assignment


def hold_class(assignment: Assignment, directory: CourseDirectory) -> None:
    """Raises `Refused` where graded cells of release/ were edited, so that nobody knows what students were given, or
    where the gradebook has other points."""
    name = assignment.name
    if given.is_edited(given.released(Path(directory.root), name)):
        raise Refused(
            f"Graded cells of release/{name}/{name}.ipynb were edited after it was made. What is to change, change in "
            f"source/{name}. Run: nbgrader generate_assignment {name} --force"
        )
    _hold_to_points(assignment, directory)


def hold_known(assignment: Assignment, course: Path) -> None:
    """Raises `Refused` where this course has a gradebook that knows the assignment with other points. Makes none."""
    directory = CourseFolder(course, assignment.name).directory
    if _is_there(directory):
        _hold_to_points(assignment, directory, unknown=True)


def hold_readable(directory: CourseDirectory) -> None:
    """Raises `Refused` where something lies in the gradebook's place that cannot be read. Makes none."""
    if _is_there(directory):
        engine = sa.create_engine(directory.db_url)
        try:
            with opened(directory.db_url), engine.connect() as connection:
                connection.execute(sa.select(AssignmentRow.id).limit(1))
        finally:
            engine.dispose()


def _is_there(directory: CourseDirectory) -> bool:
    address = sa.make_url(directory.db_url)
    return address.get_backend_name() != "sqlite" or Path(directory.root, address.database or "").is_file()


def _hold_to_points(assignment: Assignment, directory: CourseDirectory, *, unknown: bool = False) -> None:
    """Raises `Refused` where release/, by which we grade, and the gradebook, which nbgrader adds up, do not agree; with
    `unknown`, not where it does not know the assignment."""
    name = assignment.name
    with opened(directory.db_url), Gradebook(directory.db_url, directory.course_id) as book:
        try:
            notebooks = {
                notebook.name: {cell.name: cell.max_score for cell in notebook.grade_cells}
                for notebook in book.find_assignment(name).notebooks
            }
        except MissingEntry:
            if unknown:
                return
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
