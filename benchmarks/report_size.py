"""Does the class report grow with the class? `python -m benchmarks.report_size FOLDER [--sizes 400,1000,3000,10000]`

FOLDER is what `python -m benchmarks.class_of_400 --folder FOLDER` has left. Its 400 were really graded; here they come
again under other names, written by the grader's own ledger and writer, each with an autograded notebook to be read.
"""

from __future__ import annotations

import argparse
import os
import shutil
import tempfile
from pathlib import Path

from msgspec.structs import replace

from autograder.nbgrader import ledger
from autograder.nbgrader.course_folder import CourseFolder
from autograder.nbgrader.entry import Entry
from autograder.nbgrader.flags import Flags
from autograder.nbgrader.ledger import Ledger
from autograder.nbgrader.row import Row
from autograder.nbgrader.writer import BATCH, Writer
from benchmarks.class_of_400.command import Run

UNIT = "01-bce"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--sizes", default="400,1000,3000,10000")
    given = parser.parse_args()
    print("| students | seconds | CPU seconds | MB |", "| ---: | ---: | ---: | ---: |", sep="\n")
    # Beside it, so that a notebook can have a second name in the place of a copy.
    with tempfile.TemporaryDirectory(prefix="report-size-", dir=given.folder.resolve().parent) as scratch:
        root = Path(scratch, "course")
        shutil.copytree(given.folder, root, ignore=shutil.ignore_patterns("submitted", "feedback"))
        graded = tuple(ledger.entries(root, UNIT))
        size = len(graded)
        for wanted in map(int, given.sizes.split(",")):
            _grow(root, graded, range(size, wanted))
            size = max(size, wanted)
            run = Run(root)
            run.command("autograder", "report", UNIT)
            [took] = run.took
            print(f"| {size:,} | {took.seconds:.1f} | {took.cpu:.1f} | {took.most:.0f} |", flush=True)


def _grow(root: Path, graded: tuple[Entry, ...], numbers: range) -> None:
    """More students, who handed in what those did."""
    folder, book = CourseFolder(root, UNIT), Ledger(root, UNIT)
    writer = Writer(folder.database, UNIT, folder.penalty(), Flags(root, UNIT))
    for start in range(numbers.start, numbers.stop, BATCH):
        batch = range(start, min(start + BATCH, numbers.stop))
        entries = [replace(graded[n % len(graded)], student=f"x{n:06d}") for n in batch]
        for number, entry in zip(batch, entries, strict=True):
            book.put(entry)
            page = folder.autograded.page(entry.student)
            page.parent.mkdir(parents=True)
            os.link(folder.autograded.page(graded[number % len(graded)].student), page)
        writer.write([Row(entry) for entry in entries])
    writer.close()


if __name__ == "__main__":
    main()
