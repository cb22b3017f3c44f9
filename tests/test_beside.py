"""What lies beside the notebook travels with it, and a lesson that does not run costs no student a point."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from miniature import COURSE, UNIT, add, find, right, wall

from autograder.grading.grade import grade
from autograder.notebooks import assignment, beside
from autograder.notebooks.assignment import NoSuchAssignment
from autograder.notebooks.submission import merge, parse
from autograder.report import Report

pytestmark = pytest.mark.usefixtures("nothing_left")

READS = 'rows = [line.split("\\t") for line in open("points.tsv")]\nassert open("pictures/map.png", "rb").read(4)\n'
FILES = {"points.tsv": b"1\t2\n", "pictures/map.png": b"\x89PNG", "more.parquet": b"PAR1", "notes": b"", "a.py": b"a ="}


@pytest.fixture
def course(tmp_path: Path) -> Path:
    """A course whose locked first cell reads files that lie beside the notebook."""
    folder = tmp_path / "release" / UNIT
    shutil.copytree(COURSE / "release" / UNIT, folder, ignore=shutil.ignore_patterns("__pycache__", ".*"))
    shutil.copytree(COURSE / "course", tmp_path / "course", ignore=shutil.ignore_patterns("__pycache__"))
    path = folder / f"{UNIT}.ipynb"
    made = json.loads(path.read_bytes())
    setup = find(made, "setup")
    setup["source"] = READS + "".join(setup["source"])
    made["metadata"].pop("autograder", None)
    path.write_text(json.dumps(made))
    return tmp_path


def put(course: Path, name: str, data: bytes) -> None:
    path = course / "release" / UNIT / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)


def graded(course: Path, change: Callable[[dict], object] = lambda made: None, **answers: str) -> Report:
    unit = assignment.load(UNIT, course)
    made = json.loads((course / "release" / UNIT / f"{UNIT}.ipynb").read_bytes())
    for name, text in {**right(), **answers}.items():
        find(made, name)["source"] = text
    change(made)
    return grade(unit, merge(parse(json.dumps(made).encode())[0], unit), wall(), seed=1).report


def test_files_travel_whatever_their_suffix(course):
    for name, data in FILES.items():
        put(course, name, data)
    for name in (".hidden/x", "__pycache__/x.pyc", "predictions.json", "other.ipynb", ".ipynb_checkpoints/a.py"):
        put(course, name, b"{}")
    found = assignment.load(UNIT, course).files
    assert {name: found[name] for name in FILES} == FILES
    assert set(found) - set(FILES) <= {"lesson.py", "breast_cancer.csv"}
    assert graded(course).full_marks


def test_too_much_beside_the_notebook_is_refused_in_words(course):
    put(course, "large.bin", bytes(beside.MAX_BYTES))
    with pytest.raises(NoSuchAssignment, match=r"20 MB is the most .* the largest is large\.bin"):
        assignment.load(UNIT, course)


def test_a_locked_cell_that_fails_before_anything_of_the_students_ran_is_no_lost_point(course):
    report = graded(course)
    assert (report.status, report.score) == ("ungraded", None)
    assert "the cell `setup` stops with FileNotFoundError" in (report.reason or "")
    assert "no fault of the submission" in (report.reason or "")


@pytest.mark.parametrize("first", ["a cell of their own", "another order"])
def test_what_fails_after_something_of_theirs_ran_is_theirs(course, first):
    def change(made: dict) -> None:
        if first == "another order":
            made["cells"].reverse()
        else:
            add(made, "import os", before="setup")

    assert graded(course, change).status == "graded"


def test_a_visible_test_of_a_function_that_nobody_wrote_is_no_fault_of_the_assignment(course):
    for name, data in FILES.items():
        put(course, name, data)
    stubs = dict.fromkeys(right(), "raise NotImplementedError")
    report = graded(course, **stubs)
    assert (report.status, report.score) == ("graded", 0.0)
