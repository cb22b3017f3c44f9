"""A cluster that grades 100,000 submissions, simulated with the costs that were measured, to see what ends its growth.

Three stations stand in a row: workers mark tasks of several submissions, the scheduler hands each task out and takes
it back, and one command writes pages, ledger and gradebook. Each is busy for a measured time; a queue is in front of
each. Whoever is busy all the time is the limit.
"""

from __future__ import annotations

import heapq
import json
import random
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from distributed import as_completed
from msgspec.structs import replace

from autograder.classes import fleet
from autograder.grading import mark as core
from autograder.nbgrader import entry as marking
from autograder.nbgrader.course_folder import CourseFolder
from autograder.nbgrader.flags import Flags
from autograder.nbgrader.ledger import Ledger
from autograder.nbgrader.row import Row
from autograder.nbgrader.writer import BATCH, Writer
from autograder.notebooks import assignment
from autograder.notebooks.folder import Submitted
from autograder.notebooks.handed_in import HandedIn
from autograder.wall.outside import doctor
from benchmarks.speed import courses
from benchmarks.speed.mix import UNIT, hand_in, members


@dataclass(frozen=True, slots=True)
class Costs:
    """Seconds: of a worker and of the command for one submission, of the scheduler for one task."""

    mark: tuple[float, ...]
    write: float
    task: float


@dataclass(frozen=True, slots=True)
class Outlook:
    workers: int
    seconds: float
    scheduler: float
    """The share of the time in which the scheduler is busy."""
    writer: float

    @property
    def limit(self) -> str:
        busy = {"the scheduler": self.scheduler, "the writer": self.writer}
        name = max(busy, key=busy.__getitem__)
        return name if busy[name] > 0.9 else "the number of workers"


def measured(seed: int, number: int = 40) -> Costs:
    """The costs on this machine, each measured with the code that grades."""
    with tempfile.TemporaryDirectory(prefix="benchmark-") as folder:
        course = courses.ours(Path(folder, "ours"))
        unit = assignment.load(UNIT, course.root)
        released = json.loads((course.root / "release" / UNIT / f"{UNIT}.ipynb").read_bytes())
        lane = doctor.fastest()
        marked, seconds = [], []
        for member in members(number, seed, courses.SOURCE):
            data = hand_in(member, released)
            began = time.perf_counter()
            mark = core.mark(unit, HandedIn(data), lane, seed=seed, figures="own")
            marked.append(marking.marked(member.student, "key", mark))
            seconds.append(time.perf_counter() - began)
        write = _writing(CourseFolder(course.root, UNIT), marked)
    return Costs(tuple(seconds[2:]), write, _task())


def simulate(costs: Costs, workers: int, submissions: int, seed: int) -> Outlook:
    """Tasks go out as workers become free; their results queue for the writer."""
    draw = random.Random(seed)
    tasks = -(-submissions // fleet.MOST)
    free = [0.0] * workers
    scheduler = writer = 0.0
    for _ in range(tasks):
        ready = heapq.heappop(free)
        scheduler = max(scheduler, ready) + costs.task
        done = scheduler + sum(draw.choices(costs.mark, k=fleet.MOST))
        heapq.heappush(free, done)
        # One after the other in the order in which they were sent: a bound that the command keeps to on the whole.
        writer = max(writer, done) + costs.write * fleet.MOST
    seconds = max(writer, max(free))
    return Outlook(workers, seconds, tasks * costs.task / seconds, submissions * costs.write / seconds)


def _writing(folder: CourseFolder, marked: list[marking.Marked]) -> float:
    """Page, ledger and gradebook for one submission, as the command does it."""
    entries = Ledger(folder.root, UNIT)
    writer = Writer(folder.database, UNIT, folder.penalty(), Flags(folder.root, UNIT))
    rows = []
    number = 4 * BATCH
    began = time.perf_counter()
    for index in range(number):
        one = marked[index % len(marked)]
        entry = replace(one.entry, student=f"member-{index}")
        folder.autograded.write(entry.student, Submitted(HandedIn()), one.page)
        entries.put(entry)
        rows.append(Row(entry, datetime(2026, 1, 1)))
        if len(rows) == BATCH:
            writer.write(rows)
            for row in rows:
                entries.put(replace(row.entry, recorded=True))
            rows = []
    writer.close()
    return (time.perf_counter() - began) / number


def _task() -> float:
    """What the scheduler adds to a task with as many bytes as ours have, on a cluster whose workers do nothing."""
    payload = b"x" * (40_000 * fleet.MOST)
    with fleet.fleet(None, 2) as client:
        for number in (20, 200):
            began = time.perf_counter()
            futures = [client.submit(len, payload + bytes([i % 256, i // 256]), pure=False) for i in range(number)]
            for _ in as_completed(futures, loop=client.loop):
                pass
        return (time.perf_counter() - began) / number


def outlook(costs: Costs, seed: int, submissions: int = 100_000) -> Iterator[Outlook]:
    for workers in (2, 8, 32, 64, 128, 256, 512):
        yield simulate(costs, workers, submissions, seed)
