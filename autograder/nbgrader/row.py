"""One submission as the gradebook has it: what is to stand there, and what does."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from autograder.nbgrader.entry import Entry

NO_RESPONSE = "No response."
"""nbgrader's own comment on a cell that was left as it was given out."""


@dataclass(frozen=True, slots=True)
class Row:
    """One submission, as the gradebook needs it."""

    entry: Entry
    timestamp: datetime | None = None
    timed: bool = True
    """False where its time could not be read: it is not known whether it is late."""

    def points(self, cell: str) -> float | None:
        """What the gradebook gets for a cell: the Report's points, zero for an answer that nobody wrote, else None."""
        return 0.0 if cell in self.entry.unanswered else self.entry.report.points(cell)

    def comment(self, cell: str) -> str | None:
        """The automatic comment on a cell."""
        return NO_RESPONSE if cell in self.entry.unanswered else None


@dataclass(frozen=True, slots=True)
class Held:
    """What the gradebook holds for one submission, of what the grader writes there."""

    timestamp: datetime | None
    scores: Mapping[str, float | None]
    comments: Mapping[str, str | None]
    """The automatic ones."""

    @property
    def has_score(self) -> bool:
        return any(score is not None for score in self.scores.values())
