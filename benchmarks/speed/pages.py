"""Feedback pages of one class: by nbgrader's own command and by ours, after ours has graded it."""

from __future__ import annotations

import shutil
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from benchmarks.speed import courses, measure
from benchmarks.speed.compare import Result
from benchmarks.speed.mix import UNIT, members


def feedback(number: int, stock: int, seed: int) -> Iterator[Result]:
    """The class's pages by `autograder feedback`, and of some of its members by nbgrader as it comes."""
    with tempfile.TemporaryDirectory(prefix="benchmark-") as folder:
        course = courses.ours(Path(folder, "ours"))
        course.fill(members(number, seed, courses.SOURCE))
        measure.run(course.grade(), course.root, course.environment)
        ours = [sys.executable, "-m", "autograder", "feedback", UNIT]
        yield Result("autograder feedback", number, measure.run(ours, course.root, course.environment))
        shutil.rmtree(course.root / "feedback")
        pages = sorted((course.root / "autograded").iterdir())
        for page in pages[stock:]:
            shutil.rmtree(page)
        courses.configure_stock(course.root)
        theirs = course.nbgrader("generate_feedback", UNIT)
        yield Result("stock nbgrader generate_feedback", stock, measure.run(theirs, course.root, course.environment))
