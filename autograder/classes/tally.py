"""What has become of a class so far, in numbers."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from autograder.nbgrader.entry import Entry


@dataclass(slots=True)
class Tally:
    """What has become of a class so far."""

    total: int
    done: int = 0
    before: int = 0
    """Of those done, how many were graded in an earlier run."""
    rewritten: int = 0
    """Of those graded before, how many the gradebook held otherwise, or not at all."""
    penalties: int = 0
    """Of those graded before, for how many only the penalty for late work has changed."""
    full: int = 0
    ungraded: dict[str, str] = field(default_factory=dict)
    """The reasons, by student."""
    faults: int = 0
    """Of those ungraded, how many failed by the grader's own fault."""
    odd: tuple[str, ...] = ()
    """What nobody's work can be found in, and why."""
    absent: tuple[str, ...] = ()
    """Who has a score in the gradebook, and nothing in submitted/."""
    unknown: list[str] = field(default_factory=list)
    """Students who are not in the gradebook, where the course admits nobody new."""
    lost: dict[tuple[str, str], float] = field(default_factory=dict)
    """Points lost, by function and by misconception or else state."""
    unwritten: dict[str, str] = field(default_factory=dict)
    """Whose row the database refused, and why."""
    times: Counter[tuple[str, str]] = field(default_factory=Counter)

    def add(self, entry: Entry) -> None:
        self.done += 1
        self.full += entry.report.full_marks
        if entry.report.status == "ungraded":
            self.ungraded[entry.student] = entry.report.reason or ""
            self.faults += not entry.final
            return
        for cell in entry.report.cells:
            if cell.score is not None and cell.score < cell.max_score:
                what = cell.function or cell.id.removeprefix("test_"), cell.misconception or cell.state
                self.lost[what] = self.lost.get(what, 0) + cell.max_score - cell.score
                self.times[what] += 1
