"""What is refused before anybody is graded, once more: each fault planted in a real unit, and in another one each time.

test_preflight.py has them all, with their sentences, in a unit of its own and through the command.
"""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from miniature import COURSE

from autograder.grading.preflight import hold
from autograder.notebooks import assignment
from autograder.wall.outside import doctor
from autograder.wall.outside.process import Lane


@dataclass(frozen=True)
class Unit:
    root: Path
    name: str

    def text(self, file: str, change: Callable[[str], str]) -> None:
        path = self.root / "course" / self.name / f"{file}.py"
        before = path.read_text()
        path.write_text(change(before))
        assert path.read_text() != before

    def cell(self, name: str, change: Callable[[dict[str, Any]], None], *tops: str) -> None:
        """Change the cell with this id in the solution and in what was given out, or in one of them."""
        for top in tops or ("source", "release"):
            path = self.root / top / self.name / f"{self.name}.ipynb"
            document = json.loads(path.read_text())
            [one] = [c for c in document["cells"] if c["metadata"].get("nbgrader", {}).get("grade_id") == name]
            change(one)
            path.write_text(json.dumps(document))


def says(text: str) -> Callable[[dict[str, Any]], None]:
    """The cell says this, and then what it said."""
    return lambda cell: cell.update(source=text + "".join(cell["source"]))


def named(name: str) -> Callable[[dict[str, Any]], None]:
    return lambda cell: cell["metadata"]["nbgrader"].update(grade_id=name)


def second_notebook(unit: Unit) -> None:
    folder = unit.root / "source" / unit.name
    shutil.copy(folder / f"{unit.name}.ipynb", folder / "old.ipynb")


def give_away(unit: Unit) -> None:
    path = unit.root / "source" / unit.name / f"{unit.name}.ipynb"
    [solution] = [
        "".join(cell["source"])
        for cell in json.loads(path.read_text())["cells"]
        if cell["metadata"].get("nbgrader", {}).get("grade_id") == "skill_score"
    ]
    unit.cell("skill_score", lambda cell: cell.update(source=solution), "release")


FAULTS: dict[str, tuple[str, Callable[[Unit], None], str]] = {
    "an id that no class can bear": (
        "02-rmse",
        lambda unit: unit.cell("test_mae", named("cell-3f7ab2")),
        "The points of the cell `cell-3f7ab2`",
    ),
    "no solution cell": (
        "03-ranges",
        lambda unit: unit.cell("best_constant", named("constant")),
        "no solution cell with the id `best_constant`",
    ),
    "no hidden test": (
        "05-scale",
        lambda unit: unit.text("suite", lambda text: text.replace("class Test_nrmse", "class Other_nrmse")),
        "`test_nrmse` in 05-scale carries points, but no hidden test grades it",
    ),
    "two notebooks": ("06-overfitting", second_notebook, "holds 2 notebooks (06-overfitting.ipynb, old.ipynb)"),
    "tests of nbgrader's": (
        "06-overfitting",
        lambda unit: unit.cell("test_early_stopping", says("### BEGIN HIDDEN TESTS\n### END HIDDEN TESTS\n"), "source"),
        "has hidden tests of nbgrader's",
    ),
    "a function that is not there": (
        "07-choosing",
        lambda unit: unit.text("suite", lambda text: text.replace("student.brier_score(", "student.brier_scores(", 1)),
        "`student.brier_scores`, and there is no such function",
    ),
    "a keyword that is not there": (
        "07-choosing",
        lambda unit: unit.text(
            "suite", lambda text: re.sub(r"(student\.fit_logistic\([^)]*)\bsteps=", r"\1stepz=", text)
        ),
        "unexpected keyword",
    ),
    "a suite against its reference": (
        "02-rmse",
        lambda unit: unit.text("suite", lambda text: text.replace("reference.mae(", "1 + reference.mae(", 1)),
        "what the reference returns is wrong",
    ),
    "a suite that is no Python": (
        "03-ranges",
        lambda unit: unit.text("suite", lambda text: text + "\nclass Test_x\n"),
        "SyntaxError",
    ),
    "a solution without full marks": (
        "02-rmse",
        lambda unit: unit.cell("mae", says("from math import fsum as mae\n0 and '''"), "source"),
        "`mae`",
    ),
    "a solution that was given out": ("03-ranges", give_away, "gives the solution of `skill_score` away"),
    "a locked cell that fails": (
        "03-ranges",
        lambda unit: unit.cell("setup", says("open('points.parquet')\n")),
        "The locked cell `setup`",
    ),
}


@pytest.fixture(scope="module")
def lane() -> Iterator[Lane]:
    lane = doctor.fastest()
    yield lane
    lane.close()  # type: ignore[attr-defined]


@pytest.mark.parametrize("fault", FAULTS)
def test_it_is_refused_in_another_unit_too(fault: str, tmp_path: Path, lane: Lane, monkeypatch: Any) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    name, plant, words = FAULTS[fault]
    for top in ("source", "release", "course"):
        shutil.copytree(COURSE / top / name, tmp_path / top / name, ignore=shutil.ignore_patterns("__pycache__"))
    for shared in (COURSE / "course").glob("*.py"):
        shutil.copy(shared, tmp_path / "course")
    released = tmp_path / "release" / name / f"{name}.ipynb"
    document = json.loads(released.read_text())
    assert document["metadata"].pop("autograder")  # the seal: without it the release is what it is now
    released.write_text(json.dumps(document))
    plant(Unit(tmp_path, name))
    with pytest.raises((hold.Refused, assignment.NoSuchAssignment), match=re.escape(words)):
        hold.hold(assignment.load(name, tmp_path), tmp_path, lane)
