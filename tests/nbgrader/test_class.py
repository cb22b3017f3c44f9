"""A small class from release to grades, with nbgrader's own commands."""

from __future__ import annotations

import csv
from typing import Any

import pytest

HALF = {
    "bernoulli_log_likelihood": "def bernoulli_log_likelihood(y, p):\n    return sum(np.log(p) * y)",
    "lowest_bce": "lowest_bce = 0.0",
}
HOSTILE = {
    "binary_entropy": "import os\nos._exit(0)",
    "kl_bernoulli": "def kl_bernoulli(q, p):\n    while True:\n        pass",
    "binary_cross_entropy": "class Always(float):\n    def __eq__(self, other):\n        return True\n"
    "def binary_cross_entropy(y, p, eps=0):\n    return Always(0)",
    "test_binary_entropy": "4",
}
STUDENTS = ("bad", "blank", "eve", "half", "right")


@pytest.fixture(scope="module")
def graded(fresh_course: Any) -> Any:
    course = fresh_course
    course.submit("right", course.right)
    course.submit("blank", course.blank)
    course.submit("half", course.edited(course.right, HALF))
    course.submit("eve", course.edited(course.blank, HOSTILE))
    course.submit("bad", b"{")
    for command in ("autograde", "generate_feedback"):
        done = course.nbgrader(command, "01-bce")
        assert done.returncode == 0, done.stderr
    assert course.nbgrader("export").returncode == 0
    return course


def test_everybody_has_what_the_grader_gives(graded: Any) -> None:
    from autograder.grading.grade import grade
    from autograder.notebooks import assignment, submission
    from autograder.wall.outside import doctor

    unit = assignment.load("01-bce", graded.root)
    for student in ("right", "blank", "half"):
        path = graded.root / "submitted" / student / "01-bce" / "01-bce.ipynb"
        report = grade(unit, submission.read(path, unit), doctor.best()).report
        rows = graded.rows(student)
        assert {cell.id: (cell.score, cell.max_score) for cell in report.cells if cell.state != "manual"} == {
            name: (row.auto, row.most) for name, row in rows.items() if name.startswith("test_")
        }
        assert {cell.id for cell in report.cells} == set(rows)


def test_the_instructors_notebook_has_full_marks_and_the_untouched_one_none(graded: Any) -> None:
    assert graded.automatic("right") == (graded.most, False)
    assert graded.automatic("blank") == (0.0, False)
    assert 0 < graded.automatic("half")[0] < graded.most
    assert graded.automatic("eve") == (0.0, False)
    assert graded.automatic("bad") == (None, True)
    assert graded.flagged() == {"bad"}


def test_the_exported_table_holds_the_same_points(graded: Any) -> None:
    with (graded.root / "grades.csv").open() as file:
        rows = {row["student_id"]: row for row in csv.DictReader(file)}
    assert sorted(rows) == sorted(STUDENTS)
    for student in STUDENTS:
        assert float(rows[student]["score"]) == (graded.automatic(student)[0] or 0.0)
        assert float(rows[student]["max_score"]) == graded.most + 2


def test_everybody_gets_feedback_with_a_verdict_at_each_graded_cell(graded: Any) -> None:
    for student in STUDENTS:
        cells = [c for c in graded.autograded(student)["cells"] if c["metadata"].get("nbgrader", {}).get("grade")]
        code = [cell for cell in cells if cell["cell_type"] == "code"]
        verdicts = ["".join(cell["outputs"][0]["data"]["text/plain"]) for cell in code]
        assert len(verdicts) == 11
        words = "Not graded" if student == "bad" else " points"
        assert all(words in verdict.splitlines()[0] for verdict in verdicts), verdicts
        assert graded.feedback(student).count(">Not graded yet<") == (23 if student == "bad" else 0)


def test_the_class_leaves_nothing_behind_and_nobody_runs_on(graded: Any) -> None:
    top = {path.name for path in graded.root.iterdir()} - {"__pycache__"}
    assert top <= {"source", "release", "submitted", "autograded", "feedback", "gradebook.db", "grades.csv"} | {
        "nbgrader_config.py",
        "autograder.toml",
        ".nbgrader.log",
        ".autograder",
    }
