"""Classes of any size in a course folder, without the time that it would take to grade each student.

Every way to fill in a task is really graded once, and a student's Report is put together from those: a task's verdict
does not depend on the other tasks.
"""

from __future__ import annotations

import functools
import json
import shutil
from collections.abc import Mapping
from pathlib import Path

from miniature import COURSE, UNIT, unit, wall

from autograder.demo.crowd import Crowd, Maker, Member, Way
from autograder.grading.mark import mark
from autograder.nbgrader.entry import Entry
from autograder.nbgrader.ledger import Ledger
from autograder.notebooks import units
from autograder.notebooks.handed_in import HandedIn
from autograder.report import CellReport, graded

SEED = 5


@functools.cache
def maker(name: str = UNIT) -> Maker:
    return Maker(unit(name), COURSE)


@functools.cache
def verdicts(name: str = UNIT) -> Mapping[tuple[str, str], CellReport]:
    """What each way to fill in each task of a unit comes to, by the names of task and way."""
    makes, its = maker(name), unit(name)
    by_task = {task.name: makes.ways(task) for task in makes.tasks}
    found: dict[tuple[str, str], CellReport] = {}
    for row in range(max(map(len, by_task.values()))):
        ways = {task: some[min(row, len(some) - 1)] for task, some in by_task.items()}
        document = makes.notebook(Member("m", "", "", ways))
        report = mark(its, HandedIn(json.dumps(document).encode()), wall(), seed=SEED, paged=False).report
        assert report.status == "graded", report.reason
        for cell in report.cells:
            task = cell.id.removeprefix("test_")
            found[task, ways[task].name if task in ways else ""] = cell
    return found


def folder(place: Path, name: str = UNIT) -> Path:
    """A course folder with everything that a report needs but a gradebook."""
    place.mkdir(parents=True, exist_ok=True)
    shutil.copy(COURSE / "nbgrader_config.py", place)
    (place / "autograder.toml").write_text(f"units = {str(COURSE / 'course')!r}\n")
    if not (place / "release" / name).exists():
        shutil.copytree(COURSE / "release" / name, place / "release" / name)
    return place


def put(place: Path, crowd: Crowd, name: str = UNIT, *, pages: bool = True) -> Crowd:
    """Write down what these students came to, as if they had been graded in this folder."""
    its, known, ledger = unit(name), verdicts(name), Ledger(place, name)
    assert its.unit is not None
    version = units.version(its.unit)
    for member in crowd.members:
        cells = tuple(
            known[task.name, member.ways[task.name].name if task.name in member.ways else ""] for task in its.tasks
        )
        report = graded(name, cells, seed=SEED)
        ledger.put(Entry(student=member.id, key="made", report=report, recorded=True, version=version))
        if pages:
            page = place / "autograded" / member.id / name / f"{name}.ipynb"
            page.parent.mkdir(parents=True)
            page.write_text(json.dumps(maker(name).notebook(member)))
    return crowd


def everybody(size: int, name: str = UNIT, **ways: Way) -> Crowd:
    """A class that is right everywhere but where it is said to be otherwise."""
    makes = maker(name)
    filled = {task.name: makes.ways(task)[0] for task in makes.tasks} | ways
    return Crowd(tuple(Member(f"s{number:04d}", "Ada", "Ames", filled) for number in range(size)), ())
