"""Miniature submissions: a unit's notebook, filled in and mistreated as students do it, and graded. The unit is the
first where none is named."""

from __future__ import annotations

import copy
import functools
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from autograder.grading.grade import Graded, grade
from autograder.notebooks import assignment, submission, units
from autograder.notebooks.assignment import Assignment
from autograder.notebooks.units import Unit
from autograder.report import CellReport
from autograder.wall.outside import doctor
from autograder.wall.outside.policy import Figures, Limits
from autograder.wall.outside.process import Lane

COURSE = Path(__file__).resolve().parents[1]
"""The course that lies beside the grader."""

UNIT = "01-bce"
FUNCTIONS = ("bernoulli_log_likelihood", "binary_entropy", "kl_bernoulli", "binary_cross_entropy")
QUICK = Limits(cell_seconds=6.0, call_seconds=3.0, function_seconds=15.0, cpu_seconds=60)
"""Short enough for a test that has to wait for one of them, and long enough for a busy machine."""

Notebook = dict[str, Any]


@functools.cache
def unit(name: str = UNIT) -> Assignment:
    return assignment.load(name, COURSE)


def unit_of(folder: Path, **files: str) -> Unit:
    """A unit made of these files: `suite`, `reference` and so on."""
    place = folder / "course" / "made"
    place.mkdir(parents=True, exist_ok=True)
    for name, text in files.items():
        (place / f"{name}.py").write_text(text)
    return units.find(folder, "made")


chosen: Callable[[], Lane] = doctor.best
"""Makes the lane for all tests that ask for one; the attacks are tried on each kind of lane."""


def wall() -> Lane:
    """The lane that grades other people's work on this machine."""
    return chosen()


@functools.cache
def right(name: str = UNIT) -> dict[str, str]:
    """The course's own answers, by cell, as a student would type them."""
    answers = {}
    for cell in _file("source", name)["cells"]:
        if cell["metadata"].get("nbgrader", {}).get("solution") and cell["cell_type"] == "code":
            lines = "".join(cell["source"]).splitlines()
            answers[grade_id(cell)] = "\n".join(line for line in lines if "SOLUTION" not in line)
    return answers


def notebook(name: str = UNIT, /, **answers: str) -> Notebook:
    """A student's notebook of this unit with everything right but these answers."""
    return blank(name, **{**right(name), **answers})


def blank(name: str = UNIT, /, **answers: str) -> Notebook:
    """The notebook as students get it, with these answers typed in and nothing else."""
    made = copy.deepcopy(_file("release", name))
    for name, text in answers.items():
        find(made, name)["source"] = text
    return made


def lean(made: Notebook) -> Notebook:
    """The notebook without the cells of the lesson that only draw and print: they take their time, again in each
    process that is made anew."""
    code = [cell for cell in made["cells"] if cell["cell_type"] == "code"]
    kept = [cell for cell in code if grade_id(cell) or "import" in "".join(cell["source"])]
    return {**made, "cells": kept}


def find(made: Notebook, name: str) -> dict[str, Any]:
    """The cell with this grade id."""
    return next(cell for cell in made["cells"] if grade_id(cell) == name)


def grade_id(cell: dict[str, Any]) -> str:
    return cell["metadata"].get("nbgrader", {}).get("grade_id", "")


def add(made: Notebook, source: str, *, before: str | None = None, kind: str = "code") -> Notebook:
    """The notebook with a cell of the student's own, at the end or before another one."""
    cell: dict[str, Any] = {"cell_type": kind, "metadata": {}, "source": source}
    if kind == "code":
        cell |= {"outputs": [], "execution_count": None}
    place = len(made["cells"]) if before is None else made["cells"].index(find(made, before))
    made["cells"].insert(place, cell)
    return made


def graded(
    made: Notebook | bytes,
    *,
    limits: Limits = QUICK,
    lane: Lane | None = None,
    seed: int | None = None,
    figures: Figures = "none",
) -> Graded:
    """What the grader says of it, through the same reading, wall and suites as for everybody."""
    data = made if isinstance(made, bytes) else json.dumps(made).encode()
    cells, notes = submission.parse(data)
    its = assignment.of({cell.id for cell in cells if cell.id}, UNIT, COURSE) or unit()
    merged = submission.merge(cells, its, notes)
    return grade(its, merged, lane or wall(), limits=limits, seed=seed, figures=figures)


def cell_of(result: Graded, name: str) -> CellReport:
    """The verdict on one function or answer."""
    return next(cell for cell in result.report.cells if cell.id == f"test_{name}")


def lost(result: Graded) -> dict[str, tuple[str, float | None]]:
    """State and score of every cell that has not full marks, by its function or answer; manual ones left out."""
    return {
        cell.id.removeprefix("test_"): (cell.state, cell.score)
        for cell in result.report.cells
        if cell.state != "manual" and cell.score != cell.max_score
    }


@functools.cache
def _file(top: str, name: str) -> Notebook:
    return json.loads((Path(COURSE) / top / name / f"{name}.ipynb").read_bytes())
