"""A course on linear regression, on a machine that has the wheel alone: data beside the notebook, SciPy allowed."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

pytest.importorskip("scipy")

SETUP = "import numpy as np\nfrom scipy import stats\n\nx, y = np.loadtxt('points.tsv', delimiter='\\t', unpack=True)"
SOLUTION = """def fit_line(x, y):
    \"\"\"Slope and intercept of the least squares line.\"\"\"
    ### BEGIN SOLUTION
    x, y = np.asarray(x, dtype=float), np.asarray(y, dtype=float)
    slope = ((x - x.mean()) * (y - y.mean())).sum() / ((x - x.mean()) ** 2).sum()
    return float(slope), float(y.mean() - slope * x.mean())
    ### END SOLUTION"""
VISIBLE = (
    "slope, intercept = fit_line([0, 1, 2], [1, 3, 5])\nassert abs(slope - 2) < 1e-9 and abs(intercept - 1) < 1e-9"
)
MISTAKES = """

@misconception(
    "fit_line",
    believes="The line goes through the origin.",
    hint="Take the points (0, 1) and (1, 1). Which line goes through both?",
)
def through_the_origin(x, y):
    x, y = np.asarray(x, dtype=float), np.asarray(y, dtype=float)
    return float((x * y).sum() / (x * x).sum()), 0.0
"""
WITH_SCIPY = "def fit_line(x, y):\n    line = stats.linregress(x, y)\n    return line.slope, line.intercept"
ORIGIN = "def fit_line(x, y):\n    x, y = np.asarray(x), np.asarray(y)\n    return (x * y).sum() / (x * x).sum(), 0.0"
PEEK = """import glob, sys
found = [path for top in ('/home', '/root', '/tmp') for path in glob.glob(top + '/**/suite.py', recursive=True)]
from autograder.notebooks.units import find

def fit_line(x, y):
    return find('.', 'ols').reference.fit_line(x, y)"""
LIAR = """class Always(float):
    __eq__ = __lt__ = __gt__ = lambda self, other: True
np.allclose = lambda *given, **named: True

def fit_line(x, y):
    return Always(1), Always(1)"""


def notebook() -> dict[str, object]:
    """As nbgrader's own extension makes it: cells that carry no function keep the ids that it gave them."""

    def cell(name: str, source: str, **settings: object) -> dict[str, object]:
        base = {"grade": False, "solution": False, "locked": False, "task": False, "schema_version": 3}
        metadata = {"nbgrader": {**base, "grade_id": name, "cell_type": "code", **settings}}
        return {"cell_type": "code", "id": name, "metadata": metadata, "source": source} | {
            "outputs": [],
            "execution_count": None,
        }

    return {
        "cells": [
            cell("cell-3f7a1bd02c91e6aa", SETUP, locked=True),
            cell("fit_line", SOLUTION, solution=True),
            cell("test_fit_line", VISIBLE, grade=True, locked=True, points=4),
            cell("cell-90c2d4e41b7d8833", "assert len(x) == 5, 'the data lie beside the notebook'", locked=True),
        ],
        "metadata": {"kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"}},
        "nbformat": 4,
        "nbformat_minor": 5,
    }


@pytest.fixture(scope="module")
def course(machine, tmp_path_factory) -> Path:
    home = tmp_path_factory.mktemp("elsewhere")
    machine.run("autograder new regression", home)
    course = home / "regression"
    (course / "autograder.toml").write_text('packages = ["numpy", "scipy"]\n')
    (course / "source" / "ols").mkdir(parents=True)
    (course / "source" / "ols" / "ols.ipynb").write_text(json.dumps(notebook()))
    (course / "source" / "ols" / "points.tsv").write_text("".join(f"{n}\t{2 * n + 1}\n" for n in range(5)))
    machine.run("autograder new ols", course)
    with (course / "course" / "ols" / "misconceptions.py").open("a") as file:
        file.write(MISTAKES)
    machine.run("nbgrader generate_assignment ols", course)
    return course


def submit(course: Path, student: str, answer: str) -> Path:
    folder = course / "submitted" / student / "ols"
    shutil.copytree(course / "release" / "ols", folder)
    path = folder / "ols.ipynb"
    document = json.loads(path.read_text())
    for cell in document["cells"]:
        if cell["metadata"].get("nbgrader", {}).get("grade_id") == "fit_line":
            cell["source"] = answer
    path.write_text(json.dumps(document))
    return path


def test_a_class_is_graded_from_start_to_end(machine, course):
    proof = json.loads(machine.run("autograder prove ols --json", course).stdout)
    assert proof["kept"], proof
    paths = {
        student: submit(course, student, answer)
        for student, answer in {"ada": WITH_SCIPY, "ben": ORIGIN, "eve": PEEK, "lou": LIAR}.items()
    }
    (paths["eve"].parent / "nbgrader_config.py").write_text("raise SystemExit('planted')")
    (paths["eve"].parent / "points.tsv").write_text("1\t1\n")
    report = json.loads(machine.run(f"autograder check {paths['ada']} --json", course).stdout)
    assert report["score"] == report["max_score"] == 4
    report = json.loads(machine.run("autograder check ols.ipynb --json", paths["ben"].parent, status=1).stdout)
    assert [cell["misconception"] for cell in report["cells"]] == ["through_the_origin"]
    machine.run("autograder check ols.ipynb", paths["eve"].parent, status=1)

    machine.run("nbgrader autograde ols", course)
    machine.run("nbgrader export --to first.csv", course)
    machine.run("autograder grade ols --workers 1 --force", course)
    machine.run("nbgrader export --to second.csv", course)
    rows = [line.split(",") for line in (course / "second.csv").read_text().splitlines()]
    score, student = rows[0].index("score"), rows[0].index("student_id")
    assert {row[student]: float(row[score]) for row in rows[1:]} == {"ada": 4, "ben": 0, "eve": 0, "lou": 0}
    assert (course / "first.csv").read_text() == (course / "second.csv").read_text()
    machine.run("autograder feedback ols --workers 1", course)
    assert "Which line goes through both?" in (course / "feedback" / "ben" / "ols" / "ols.html").read_text()


def test_a_package_that_the_course_does_not_name_cannot_be_imported(machine, course, tmp_path):
    copied = tmp_path / "regression"
    shutil.copytree(course, copied, ignore=shutil.ignore_patterns("submitted", "autograded", "feedback", "*.db"))
    (copied / "autograder.toml").write_text('packages = ["numpy"]\n')
    said = " ".join(machine.run("autograder check source/ols/ols.ipynb", copied, status=2).stdout.split())
    assert "The locked cell `cell-3f7a1bd02c91e6aa` of the untouched ols" in said
    assert "No module named 'scipy'" in said
