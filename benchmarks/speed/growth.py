"""Whether time a submission and the command's memory stay as they are while the class grows."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

from benchmarks.speed import courses, measure
from benchmarks.speed.compare import Result
from benchmarks.speed.mix import members


def grow(sizes: tuple[int, ...], seed: int, *, workers: int, figures: str) -> Iterator[Result]:
    """Each size from an empty gradebook to a full one."""
    with tempfile.TemporaryDirectory(prefix="benchmark-") as folder:
        course = courses.ours(Path(folder, "ours"))
        for number in sizes:
            course.fill(members(number, seed, courses.SOURCE))
            command = course.grade("--workers", str(workers))
            course.draw(figures)
            yield Result(f"{number} submissions", number, measure.run(command, course.root, course.environment))
            course.empty()
