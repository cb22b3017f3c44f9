"""A notebook as it was handed in: bytes, until it is graded."""

from __future__ import annotations

from dataclasses import dataclass

from autograder.notebooks.assignment import Assignment
from autograder.notebooks.submission import Submission, Unreadable, merge, parse


@dataclass(frozen=True, slots=True)
class HandedIn:
    """Not looked into yet, and perhaps nothing at all."""

    data: bytes = b""
    named: bool = True
    """Whether the file has the assignment's name."""
    reason: str = ""
    """Why there is nothing to read."""

    def read(self, assignment: Assignment) -> Submission:
        """The submission. Raises `Unreadable`."""
        if self.reason:
            raise Unreadable(self.reason)
        cells, notes = parse(self.data)
        if not self.named:
            if not {cell.id for cell in cells} & {cell.id for cell in assignment.cells if cell.id}:
                raise Unreadable(
                    f"There is no {assignment.name}.ipynb, and the only notebook belongs to another assignment."
                )
            notes = (f"The file is not called {assignment.name}.ipynb; it was graded all the same.", *notes)
        return merge(cells, assignment, notes)


def stand_in(submitted: str) -> None:
    """A step in nbgrader_config.py files of an earlier version, for folders that are submissions by now."""
