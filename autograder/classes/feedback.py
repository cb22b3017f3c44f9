"""Feedback pages for a class: nbgrader's own converter, in several processes on this machine.

It reads the gradebook and the autograded notebooks, so that its workers have to be where these are.
"""

from __future__ import annotations

import logging
from collections.abc import Generator
from dataclasses import dataclass, field
from pathlib import Path

from distributed import KilledWorker, as_completed
from nbgrader.converters import GenerateFeedback, NbGraderException

from autograder.classes import fleet
from autograder.nbgrader import agreement
from autograder.nbgrader.course_folder import CourseFolder
from autograder.notebooks import assignment

_BATCH = 10


@dataclass(slots=True)
class Pages:
    """How far a run is."""

    total: int
    done: int = 0
    failed: list[str] = field(default_factory=list)


class _ForThese(GenerateFeedback):
    """nbgrader's converter for a few students by name, made once for all of them. Pages are always made anew: what a
    person changed in the gradebook leaves no trace in the files that nbgrader would look at."""

    def __init__(self, folder: CourseFolder, students: tuple[str, ...]) -> None:
        super().__init__(coursedir=folder.directory, parent=folder.app)
        self.force = True
        pages = folder.autograded
        self._pages = {str(pages.place(student)): [str(pages.page(student))] for student in students}

    def init_notebooks(self) -> None:
        self.assignments = self._pages


def run(
    course: Path, name: str, students: tuple[str, ...] = (), workers: int | None = None
) -> Generator[Pages, None, None]:
    """Make the pages of everybody who has an autograded notebook, or of these, and tell how far it is.

    Raises `Refused`, `NoSuchAssignment`, `NotGraded` and `FleetLost`."""
    folder = CourseFolder(course, name)
    assignment.hold_known(name, course)
    agreement.hold_readable(folder.directory)
    graded = folder.graded(students)
    pages = Pages(len(graded))
    yield pages
    if not graded:
        return
    batches = [graded[start : start + _BATCH] for start in range(0, len(graded), _BATCH)]
    # To start a process takes longer than a page, so nobody starts one that will have nothing to do.
    with fleet.fleet(None, min(workers or fleet.cores(), len(batches))) as client:
        futures = {client.submit(make, str(course), name, batch, pure=False): batch for batch in batches}
        for future in as_completed(list(futures), loop=client.loop):
            batch = futures.pop(future)
            try:
                pages.failed += future.result()
            except KilledWorker:
                pages.failed += batch
            pages.done += len(batch)
            yield pages


def make(course: str, name: str, students: tuple[str, ...]) -> list[str]:
    """What a worker does: the pages of these students. Returns those for whom it could not be done."""
    folder = CourseFolder(Path(course), name)
    converter = _ForThese(folder, students)
    converter.log.setLevel(logging.CRITICAL)
    try:
        converter.start()
    except NbGraderException:  # raised at the end, when all others have their pages
        return [student for student in students if not folder.has_feedback(student)]
    return []
