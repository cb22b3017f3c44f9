"""Which submissions have the grader's own flag in the gradebook, as opposed to one that a person has set.

The gradebook has one flag for both. The grader's own says that a submission could not be graded, and goes when one is
graded in its place; a person's stays as it is. So a note is kept of the grader's own, beside the ledger.
"""

from __future__ import annotations

import hashlib
from pathlib import Path

FOLDER = Path(".autograder", "flagged")


class Flags:
    """The notes of one assignment in a course folder."""

    def __init__(self, course: Path, assignment: str) -> None:
        self._folder = course / FOLDER / assignment

    def after(self, student: str, *, graded: bool, flagged: bool) -> bool:
        """Whether a submission is to be flagged from now on, if it is now."""
        note = self._note(student)
        if graded:
            return flagged and not note.exists()
        if not flagged:
            self._folder.parents[1].mkdir(mode=0o700, exist_ok=True)
            self._folder.mkdir(parents=True, exist_ok=True)
            note.touch()
        return True

    def forget(self, student: str) -> None:
        """Once the gradebook has it that this student's submission is graded."""
        self._note(student).unlink(missing_ok=True)

    def _note(self, student: str) -> Path:
        return self._folder / hashlib.sha256(student.encode()).hexdigest()[:40]
