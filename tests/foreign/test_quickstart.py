"""nbgrader's own example course. One assignment is adopted; the other stays nbgrader's."""

from __future__ import annotations

import json
import shutil
import sqlite3
from pathlib import Path

import pytest

SQUARES = "def squares(n):\n    if n < 1:\n        raise ValueError('n')\n    return [i * i for i in range(1, n + 1)]"
SUM = "def sum_of_squares(n):\n    return sum(squares(n))"
ESCAPE = f"open({{path!r}}, 'w').close()\n{SQUARES}"
LIAR = "class Yes(list):\n    def __eq__(self, other):\n        return True\ndef squares(n):\n    return Yes()"


def scores(course: Path, assignment: str) -> dict[str, dict[str, float | None]]:
    """Each student's automatic points by cell."""
    with sqlite3.connect(course / "gradebook.db") as book:
        rows = book.execute(
            "select w.student_id, c.name, g.auto_score from submitted_assignment w "
            "join submitted_notebook n on n.assignment_id = w.id join grade g on g.notebook_id = n.id "
            "join base_cell c on c.id = g.cell_id join assignment a on a.id = w.assignment_id where a.name = ?",
            (assignment,),
        ).fetchall()
    found: dict[str, dict[str, float | None]] = {}
    for student, cell, score in rows:
        found.setdefault(student, {})[cell] = score
    return found


def submit(course: Path, student: str, assignment: str, notebook: str, **cells: str) -> Path:
    """The released notebook with some cells filled in, and a file beside it."""
    document = json.loads((course / "release" / assignment / f"{notebook}.ipynb").read_text())
    for cell in document["cells"]:
        name = cell["metadata"].get("nbgrader", {}).get("grade_id")
        cell["source"] = cells.pop(name, cell["source"])
    assert not cells
    folder = course / "submitted" / student / assignment
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{notebook}.ipynb").write_text(json.dumps(document))
    (folder / "notes.txt").write_text("mine")
    return folder / f"{notebook}.ipynb"


@pytest.fixture(scope="module")
def course(machine, tmp_path_factory) -> Path:
    """The quickstart course, with the assignment ps2 made of its first problem and adopted by the author's commands."""
    home = tmp_path_factory.mktemp("elsewhere")
    machine.run("nbgrader quickstart world", home)
    course = home / "world"
    document = json.loads((course / "source" / "ps1" / "problem1.ipynb").read_text())
    names = {"correct_squares": "test_squares", "correct_sum_of_squares": "test_sum_of_squares"}
    kept = ("jupyter", "squares", "sum_of_squares", "sum_of_squares_equation", *names)
    cells = [c for c in document["cells"] if c["metadata"].get("nbgrader", {}).get("grade_id", "squares") in kept]
    for cell in cells:
        if settings := cell["metadata"].get("nbgrader"):
            settings["grade_id"] = names.get(settings["grade_id"], settings["grade_id"])
    (course / "source" / "ps2").mkdir()
    (course / "source" / "ps2" / "ps2.ipynb").write_text(json.dumps({**document, "cells": cells}))
    shutil.copy(course / "source" / "ps1" / "jupyter.png", course / "source" / "ps2")
    said = machine.run("autograder new ps2", course).stdout
    lines = said[said.index("# ---- The autograder") : said.index("Next:")]
    with (course / "nbgrader_config.py").open("a") as file:
        file.write(f"\n{lines}")
    for name in ("ps1", "ps2"):
        machine.run(f"nbgrader generate_assignment {name}", course)
    return course


def test_the_adopted_assignment_keeps_its_promises(machine, course):
    proof = json.loads(machine.run("autograder prove ps2 --json", course).stdout)
    assert proof["kept"], proof


def test_one_is_graded_behind_the_wall_and_the_other_by_nbgrader(machine, course, tmp_path):
    trace = tmp_path / "was here"
    right = submit(course, "ben", "ps2", "ps2", squares=SQUARES, sum_of_squares=SUM)
    submit(course, "eve", "ps2", "ps2", squares=ESCAPE.format(path=str(trace)), sum_of_squares=SUM)
    liar = submit(course, "lou", "ps2", "ps2", squares=LIAR, sum_of_squares=SUM)
    report = json.loads(machine.run(f"autograder check {right} --json", course).stdout)
    assert report["score"] == report["max_score"] == 1.5
    report = json.loads(machine.run(f"autograder check {liar} --json", course, status=1).stdout)
    assert report["score"] == 0

    machine.run("nbgrader autograde ps2", course)
    assert not trace.exists()
    by_nbgrader = scores(course, "ps2")
    assert by_nbgrader["ben"] == {"test_squares": 1.0, "test_sum_of_squares": 0.5, "sum_of_squares_equation": 0.0}
    assert by_nbgrader["lou"]["test_squares"] == by_nbgrader["eve"]["test_squares"] == 0
    assert not (course / "autograded" / "ben" / "ps2" / "notes.txt").exists()
    machine.run("autograder grade ps2 --workers 1 --force", course)
    assert scores(course, "ps2") == by_nbgrader

    for problem in ("problem1", "problem2"):
        cells = {"squares": SQUARES, "sum_of_squares": SUM} if problem == "problem1" else {}
        mine = submit(course, "ben", "ps1", problem, **cells)
    before = {path: path.read_bytes() for path in mine.parent.iterdir()}
    ran = machine.run("nbgrader autograde ps1", course)
    assert "ps1 has no hidden tests here: nbgrader itself grades it" in ran.stderr
    assert ran.stderr.count("no hidden tests") == 1
    assert {path: path.read_bytes() for path in mine.parent.iterdir()} == before
    stock = scores(course, "ps1")["ben"]
    assert (stock["correct_squares"], stock["sum_of_squares_uses_squares"]) == (1.0, 0.5)
    assert (course / "autograded" / "ben" / "ps1" / "notes.txt").read_text() == "mine"
    refused = machine.run("autograder grade ps1", course, status=2)
    assert "nbgrader itself grades it. Run: nbgrader autograde ps1" in refused.stderr
    machine.run("nbgrader generate_feedback ps1", course)
    machine.run("nbgrader generate_feedback ps2", course)
    assert "squares" in (course / "feedback" / "ben" / "ps1" / "problem1.html").read_text()
    assert "For some inputs the result is not right." in (course / "feedback" / "lou" / "ps2" / "ps2.html").read_text()


@pytest.fixture
def copied(course, tmp_path) -> Path:
    """A course of which nothing has been graded, with one submission that leaves a trace where it is run freely."""
    place = tmp_path / "world"
    ignored = shutil.ignore_patterns("submitted", "autograded", "feedback", ".autograder")
    shutil.copytree(course, place, ignore=ignored)
    with sqlite3.connect(place / "gradebook.db") as book:
        book.execute("update grade set auto_score = -1")
    submit(place, "eve", "ps2", "ps2", squares=ESCAPE.format(path=str(tmp_path / "trace")))
    return place


def nothing_graded(place: Path) -> bool:
    ran = (place.parent / "trace").exists()
    known = [score for grades in scores(place, "ps2").values() for score in grades.values()]
    return not ran and not (place / "autograded").exists() and set(known) <= {-1}


def test_an_adopted_assignment_does_not_fall_back_when_its_tests_are_gone(machine, copied):
    (copied / "course" / "ps2" / "suite.py").unlink()
    said = machine.run("nbgrader autograde ps2", copied, status=None).stderr
    assert "its hidden tests, course/ps2/suite.py, are missing" in said
    (copied / ".autograder" / "adopted").mkdir(parents=True)
    (copied / ".autograder" / "adopted" / "ps2").touch()
    shutil.rmtree(copied / "course" / "ps2")
    said = machine.run("nbgrader autograde ps2", copied, status=None).stderr
    assert "was graded by hidden tests before" in said
    shutil.rmtree(copied / "course")
    said = machine.run("nbgrader autograde ps2", copied, status=None).stderr
    assert "the folder of the hidden tests, is missing" in said
    assert nothing_graded(copied)


@pytest.mark.parametrize("broken", ["autograder/__init__.py", "msgspec/__init__.py"])
def test_with_a_broken_installation_nothing_is_graded(machine, copied, tmp_path, broken):
    """nbgrader logs a configuration that fails, and would go on with its own settings and without a wall."""
    (tmp_path / "broken" / Path(broken).parent).mkdir(parents=True)
    (tmp_path / "broken" / broken).write_text("raise ImportError('half installed')")
    ran = machine.run("nbgrader autograde ps2", copied, {"PYTHONPATH": str(tmp_path / "broken")}, status=None)
    assert ran.returncode != 0
    assert "half installed" in ran.stdout + ran.stderr
    assert nothing_graded(copied)


def test_control_with_a_whole_installation_the_same_command_grades(machine, copied):
    machine.run("nbgrader autograde ps2", copied)
    assert (copied / "autograded").exists()
