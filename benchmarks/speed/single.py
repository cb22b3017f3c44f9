"""What one submission costs in a worker that is warm, by the side of the wall on which the time is spent."""

from __future__ import annotations

import json
import statistics
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from autograder.grading.mark import mark
from autograder.notebooks import assignment
from autograder.notebooks.handed_in import HandedIn
from autograder.wall.outside import doctor
from autograder.wall.outside.policy import Figures
from benchmarks.speed import courses, measure
from benchmarks.speed.mix import UNIT, hand_in, members


@dataclass(frozen=True, slots=True)
class Single:
    """Medians of milliseconds of processor time."""

    whole: float
    """From the file's bytes to the Report and the autograded notebook."""
    trusted: float
    """The part that this process takes itself."""
    sandbox: float
    """To make and to end a sandbox in which nothing runs."""


def single(number: int, seed: int, figures: Figures) -> Single:
    """The cost of one submission of a class like that of the other benchmarks. Raises `measure.Failed`."""
    with tempfile.TemporaryDirectory(prefix="benchmark-") as folder, measure.account() as (join, used):
        course = courses.ours(Path(folder, "ours"))
        unit = assignment.load(UNIT, course.root)
        released = json.loads((course.root / "release" / UNIT / f"{UNIT}.ipynb").read_bytes())
        join()  # before the warm parent starts, so that it and all of its children are counted
        lane = doctor.fastest()
        costs = []
        for member in members(number + 2, seed, courses.SOURCE, hostile=0.1):
            one = unit, HandedIn(hand_in(member, released)), lane
            costs.append(_cost(used, lambda one=one: mark(*one, seed=seed, figures=figures)))
        empty = [_cost(used, lambda: lane.open().end()) for _ in range(number)]
        lane.close()
        measure.leave()
    whole, own = zip(*costs[2:], strict=True)  # the first ones learn what the suites ask
    return Single(statistics.median(whole), statistics.median(own), statistics.median(all_ for all_, _ in empty))


def _cost(used: Callable[[], float], step: Callable[[], object]) -> tuple[float, float]:
    """Milliseconds of processor time of all processes, and of this one."""
    whole, own = used(), time.process_time()
    step()
    return (used() - whole) * 1000, (time.process_time() - own) * 1000
