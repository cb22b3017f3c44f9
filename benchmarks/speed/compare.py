"""Stock `nbgrader autograde`, ours through `nbgrader autograde`, and ours through `autograder grade`, on one class."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from benchmarks.speed import courses, measure
from benchmarks.speed.courses import Scratch
from benchmarks.speed.measure import Cost
from benchmarks.speed.mix import UNIT, members

STOCK, STOCK_ALIKE = "stock nbgrader autograde", "stock, without the lesson's figures"
"""The second does the work that ours does as it is configured: the comparison that counts."""


@dataclass(frozen=True, slots=True)
class Result:
    way: str
    submissions: int
    cost: Cost

    @property
    def per_minute(self) -> float:
        return self.submissions / self.cost.seconds * 60

    @property
    def cpu_each(self) -> float:
        """Milliseconds of processor time a submission, the start of the command included."""
        return self.cost.cpu_seconds / self.submissions * 1000


def compare(number: int, seed: int, *, hostile: float, slow: int, stock: int) -> Iterator[Result]:
    """Each way in turn; `stock` nbgrader and ours through it get only so many of the class, as they take longest."""
    with tempfile.TemporaryDirectory(prefix="benchmark-") as folder:
        roots = [Path(folder, name) for name in ("stock", "ours")]
        theirs, ours = courses.stock(roots[0]), courses.ours(roots[1])
        some = stock or number
        slow_ways = {
            STOCK: theirs,
            STOCK_ALIKE: replace(theirs, has_figures=False),
            "ours, nbgrader autograde": ours,
        }
        for way, course in slow_ways.items():
            course.fill(members(some, seed, courses.SOURCE, hostile=hostile, slow=min(slow, some)))
            yield Result(way, some, _run(course, course.nbgrader("autograde", UNIT)))
            course.empty()
        ours.fill(members(number, seed, courses.SOURCE, hostile=hostile, slow=slow))
        for figures in ("own", "all"):
            for workers in ("1", "2"):
                way = f"autograder grade, workers {workers}, {figures} figures"
                ours.draw(figures)
                yield Result(way, number, _run(ours, ours.grade("--workers", workers)))
                ours.forget()
            number = min(number, 10 * some)  # drawing takes long as well
            ours.empty()
            ours.fill(members(number, seed, courses.SOURCE, hostile=hostile, slow=min(slow, number)))


def _run(course: Scratch, command: list[str]) -> Cost:
    # Stock nbgrader ends with an error where a submission could not be graded, after having graded the others.
    return measure.run(command, course.root, course.environment, may_fail=True)
