"""What is wrong with an assignment is refused with one sentence, before it costs anybody a point.

A course with a unit of its own: one function, one question, one written answer. Each test breaks one thing.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import courses
import pytest

from autograder.grading.preflight import cleared

pytestmark = pytest.mark.usefixtures("nothing_left")

PACKAGE = Path(__file__).resolve().parents[1] / "autograder"
UNIT = "09-huber"
STUB = "raise NotImplementedError  # YOUR CODE HERE"
SUITE = '''
import numpy as np

from autograder import kit

from . import reference


class Test_huber:
    @kit.value
    @kit.example(2.0)
    @kit.hint("Which of the two branches is this?")
    def test_large(self, student, rng):
        """A large residual costs another amount."""
        r = rng.uniform(2, 9)
        assert kit.same(student.huber(r, delta=1.5), reference.huber(r, delta=1.5))

    @kit.contract
    @kit.example(1.0, -1.0)
    @kit.hint("Ask about delta.")
    def test_delta(self, student, rng):
        """A delta that is not positive must raise ValueError."""
        kit.refused(student.huber, 1.0, -1.0)


class Test_corner:
    meanings = {0.0: "There it is smooth."}

    @kit.value
    @kit.hint("Where do the branches meet?")
    def test_answer(self, student, rng):
        """The branches meet elsewhere."""
        assert kit.close(student.answer("corner"), 1.0)
'''
REFERENCE = """
def huber(r, delta=1.0):
    if not delta > 0:
        raise ValueError("delta")
    return r * r / 2 if abs(r) <= delta else delta * (abs(r) - delta / 2)
"""
HUBER = (
    "def huber(r, delta=1.0):\n    ### BEGIN SOLUTION\n"
    + "".join(f"    {line}\n" for line in REFERENCE.strip().splitlines()[1:])
    + "    ### END SOLUTION"
)


def cell(name: str, source: str, *, points: float | None = None, solution: bool = False, kind: str = "code") -> Any:
    marks = {"grade_id": name, "solution": solution, "grade": points is not None, "locked": not solution, "task": False}
    marks |= {"schema_version": 3} | ({} if points is None else {"points": points})
    code = {"outputs": [], "execution_count": None} if kind == "code" else {}
    return {"cell_type": kind, "id": name.replace("_", "-"), "metadata": {"nbgrader": marks}, "source": source, **code}


@dataclass
class Course:
    root: Path
    cells: dict[str, Any] = field(default_factory=dict)
    suite: str = SUITE
    reference: str = REFERENCE

    def write(self) -> None:
        for top in ("source", "release"):
            folder = self.root / top / UNIT
            folder.mkdir(parents=True, exist_ok=True)
            cells = [dict(one) for one in self.cells.values()]
            for one in cells if top == "release" else ():
                before, begin, rest = one["source"].partition("### BEGIN SOLUTION")
                one["source"] = before + (STUB if begin else "") + rest.partition("### END SOLUTION")[2]
            document = {"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": cells}
            (folder / f"{UNIT}.ipynb").write_text(json.dumps(document))
        unit = self.root / "course" / UNIT
        unit.mkdir(parents=True, exist_ok=True)
        for name, text in (("suite", self.suite), ("reference", self.reference)):
            (unit / f"{name}.py").write_text(text)

    def check(self) -> tuple[int, str]:
        """The command as an instructor runs it on the instructor's own notebook: exit status, and all that it says."""
        self.write()
        return self.checked(self.root / "source" / UNIT / f"{UNIT}.ipynb")

    def checked(self, notebook: Path) -> tuple[int, str]:
        ran = courses.Course(self.root).here("check", str(notebook), "--course-dir", str(self.root))
        return ran.returncode, ran.stdout + ran.stderr

    def marks(self) -> list[Path]:
        return sorted((self.root / "cache" / "autograder" / "cleared").glob("*"))


@pytest.fixture
def course(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Course:
    """Nothing is known of it yet, neither on the disk nor in this process."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setenv("COLUMNS", "2000")
    monkeypatch.setattr(cleared, "_here", set())
    cells = [
        cell("setup", "import math"),
        cell("huber", HUBER, solution=True),
        cell("test_huber", "assert huber(1.0) == 0.5", points=4),
        cell("corner", "# corner = a number\n### BEGIN SOLUTION\ncorner = 1\n### END SOLUTION", solution=True),
        cell("test_corner", "assert corner == corner", points=1),
        cell("why", "### BEGIN SOLUTION\nOutliers.\n### END SOLUTION", points=2, solution=True, kind="markdown"),
    ]
    return Course(tmp_path, {one["metadata"]["nbgrader"]["grade_id"]: one for one in cells})


def test_an_assignment_in_order_is_graded_and_tried_once(course: Course) -> None:
    assert course.check() == (0, course.check()[1])
    assert len(course.marks()) == 1
    assert course.marks()[0].stat().st_mode & 0o777 == 0o600
    assert course.marks()[0].parent.stat().st_mode & 0o777 == 0o700


@pytest.mark.parametrize("what", ["suite", "reference", "release", "solution"])
def test_whatever_the_verdict_depends_on_is_tried_again_when_it_changes(course: Course, what: str) -> None:
    """Fails where an old verdict outlives the thing it was about."""
    assert course.check()[0] == 0
    match what:
        case "suite":
            course.suite += "\n# changed"
        case "reference":
            course.reference += "\n# changed"
        case "release":
            course.cells["setup"]["source"] += "\n# changed"
        case "solution":
            course.cells["huber"]["source"] = HUBER.replace("### END", "# changed\n    ### END")
    assert course.check()[0] == 0
    assert len(course.marks()) == 2


def test_another_grader_tries_it_again(course: Course) -> None:
    """Fails where an old verdict outlives the grader that came to it: this one is a copy, of which one line changes."""
    shutil.copytree(PACKAGE, course.root / "grader" / "autograder")
    course.write()
    command = [sys.executable, "-m", "autograder", "check", f"source/{UNIT}/{UNIT}.ipynb", "--course-dir", "."]
    environment = {**os.environ, "PYTHONPATH": str(course.root / "grader")}
    for times in (1, 2):
        ran = subprocess.run(command, cwd=course.root, env=environment, capture_output=True, text=True, check=False)
        assert ran.returncode == 0, ran.stdout + ran.stderr
        assert len(course.marks()) == times
        (course.root / "grader" / "autograder" / "words.py").open("a").write("\n# changed\n")


def test_a_mark_in_a_folder_that_others_may_write_to_is_none(course: Course) -> None:
    """Fails where another user of the machine can say that an assignment is in order."""
    assert course.check()[0] == 0
    course.marks()[0].parent.chmod(0o777)
    course.suite = course.suite.replace("1.0)\n", "2.0)\n")
    status, said = course.check()
    assert (status, "does not get full marks for `corner`" in said) == (2, True)
    assert len(course.marks()) == 1


def test_a_home_that_cannot_be_written_to_is_no_error(course: Course, monkeypatch: pytest.MonkeyPatch) -> None:
    (course.root / "file").write_text("")
    monkeypatch.setenv("XDG_CACHE_HOME", str(course.root / "file"))
    assert course.check()[0] == 0


def refused(course: Course, *words: str) -> None:
    status, said = course.check()
    assert "Traceback" not in said
    for word in words:
        assert word in said
    assert status == 2
    assert course.marks() == []


@pytest.mark.parametrize("name", ["cell-3f7ab2", "points_of_huber", "test_huber-2", "test_"])
def test_a_points_cell_whose_id_no_class_can_bear(course: Course, name: str) -> None:
    course.cells["test_huber"]["metadata"]["nbgrader"]["grade_id"] = name
    refused(course, f"`{name}`", "the id test_NAME")


def test_a_points_cell_without_a_solution_cell(course: Course) -> None:
    course.cells["huber"]["metadata"]["nbgrader"]["grade_id"] = "hubert"
    refused(course, "`test_huber`", "no solution cell with the id `huber`")


def test_a_solution_cell_without_a_points_cell(course: Course) -> None:
    course.cells["helper"] = cell("helper", "### BEGIN SOLUTION\nhelper = 1\n### END SOLUTION", solution=True)
    refused(course, "The solution cell `helper`", "no cell that carries its points", "`test_helper`")


def test_the_folder_is_named_as_the_course_calls_it(course: Course) -> None:
    course.write()
    (course.root / "autograder.toml").write_text('units = "hidden"\n')
    shutil.move(course.root / "course", course.root / "hidden")
    suite = course.root / "hidden" / UNIT / "suite.py"
    suite.write_text(SUITE.replace("class Test_corner", "class Test_korner"))
    refused(course, "Write a class Test_corner in hidden/09-huber/suite.py")


def test_a_points_cell_without_a_class(course: Course) -> None:
    course.suite = course.suite.replace("class Test_corner", "class Test_korner")
    refused(course, "`test_corner`", "no hidden test grades it", "Write a class Test_corner")


def test_a_class_under_another_name(course: Course) -> None:
    """Its visible example cannot be computed either, but that is not what is wrong."""
    course.suite = course.suite.replace("class Test_huber", "class Test_hubert")
    refused(course, "The cell `test_huber`", "no hidden test grades it", "Write a class Test_huber in course/09-huber")


def test_a_class_without_a_points_cell(course: Course) -> None:
    course.suite += '\n\nclass Test_other(Test_corner):\n    """Nobody asks this."""\n'
    refused(course, "The class Test_other", "has none that carries points")


def test_a_stub_under_another_name(course: Course) -> None:
    course.cells["huber"]["source"] = HUBER.replace("def huber", "def huberr")
    refused(course, "The cell `huber` defines `huberr`", "`test_huber`")


def test_a_test_that_is_never_run(course: Course) -> None:
    """Fails where its points go to the other tests without a word."""
    course.suite = course.suite.replace("def test_large", "def tset_large")
    refused(course, "`tset_large` of Test_huber", "is never run", "test_")


def test_an_example_that_the_reference_refuses(course: Course) -> None:
    """A student would be told that an error is the right value."""
    assert "@kit.example(2.0)" in course.suite
    course.suite = course.suite.replace("@kit.example(2.0)", "@kit.example(2.0, delta=-1.0)", 1)
    refused(course, "`test_large` of Test_huber", "the reference raises ValueError for its visible example")


@pytest.mark.parametrize("example", ["1.0", "lambda student: student.huber(1.0)"])
def test_an_example_of_a_question(course: Course, example: str) -> None:
    """A question has no call that could be shown."""
    asks = '    @kit.hint("Where do the branches meet?")'
    course.suite = course.suite.replace(asks, f"    @kit.example({example})\n{asks}")
    refused(course, "`test_answer` of Test_corner has a visible example, but `corner` is a question", "Delete")


def test_hidden_tests_of_nbgraders(course: Course) -> None:
    course.cells["test_huber"]["source"] += "\n### BEGIN HIDDEN TESTS\nassert huber(3) == 2.5\n### END HIDDEN TESTS"
    refused(course, "`test_huber`", "hidden tests of nbgrader's, which are never run", "course/09-huber/suite.py")


def test_two_notebooks(course: Course) -> None:
    course.write()
    shutil.copy(course.root / "source" / UNIT / f"{UNIT}.ipynb", course.root / "source" / UNIT / "08-old.ipynb")
    refused(course, "holds 2 notebooks (08-old.ipynb, 09-huber.ipynb)")


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ("student.huberr(r, delta=1.5)", "it calls `student.huberr`, and there is no such function"),
        ("student.huber(r, detla=1.5)", "its call of `huber` raised TypeError: huber() got an unexpected keyword"),
        ("student.huber(r, delta=1.25)", "it says that what the reference returns is wrong"),
        ("student.huber(q, delta=1.5)", "NameError: name 'q' is not defined"),
        ("student.huber(r, delta=object())", "Unencodable"),
        ("student.answer('huber')", "does not pass the hidden test `test_large`"),
        ("request.of(r)", "there is no fixture `requst`; a test takes self, student, rng and reference"),
    ],
)
def test_a_suite_with_a_slip(course: Course, wrong: str, words: str) -> None:
    course.suite = course.suite.replace("student.huber(r, delta=1.5)", wrong)
    if "request" in wrong:
        course.suite = course.suite.replace("def test_large(self, student", "def test_large(self, requst, student")
    refused(course, "the hidden test `test_large` of Test_huber", words)


@pytest.mark.parametrize(
    ("right", "wrong", "words"),
    [
        ("@kit.example(2.0)", "@kit.example(2.0, detla=1)", "the visible example of `test_large` of Test_huber"),
        ("    @kit.contract\n", "", "`test_delta` of Test_huber must have exactly one of the marks"),
        (
            "    @kit.contract\n",
            "    @kit.contract\n    @__import__('pytest').mark.skip\n",
            "`test_delta` of Test_huber has the mark skip. A hidden test runs for everybody",
        ),
        ("import numpy as np", "import nunpy as np", "ModuleNotFoundError: No module named 'nunpy'"),
        ("class Test_huber:", "class Test_huber\n", "SyntaxError"),
        ("import numpy as np", "import numpy as np\n1 / 0", "course/09-huber/suite.py, line 3, cannot be imported"),
        ("from . import reference", "from . import refrence", "there is no `refrence` in course/09-huber"),
    ],
)
def test_a_suite_that_cannot_be_used(course: Course, right: str, wrong: str, words: str) -> None:
    course.suite = course.suite.replace(right, wrong)
    refused(course, "the hidden suite of 09-huber cannot be used", words)


def test_a_reference_that_lacks_the_function(course: Course) -> None:
    course.reference = course.reference.replace("def huber", "def hubert")
    refused(course, "`test_huber` carries points, and course/09-huber/reference.py has no function `huber`")


def test_a_question_whose_name_is_mistyped(course: Course) -> None:
    course.suite = course.suite.replace('student.answer("corner")', 'student.answer("korner")')
    refused(course, "does not get full marks for `corner`", "`test_answer`")


def test_a_solution_that_is_wrong(course: Course) -> None:
    course.cells["huber"]["source"] = HUBER.replace("delta / 2", "delta")
    refused(course, "does not get full marks for `huber`", "`test_large`", "A large residual costs another amount.")


def test_a_solution_that_was_given_out(course: Course) -> None:
    course.cells["huber"]["source"] = HUBER.replace("###", "#")
    refused(course, "gives the solution of `huber` away", "### BEGIN SOLUTION")


def test_a_solution_that_was_not_written(course: Course) -> None:
    course.cells["huber"]["source"] = f"def huber(r, delta=1.0):\n    {STUB}"
    refused(course, "for `huber`", "is as empty there as in the release")


def test_a_stub_that_earns_points(course: Course) -> None:
    begun = "    if r > 1.5:\n        return 1.5 * (r - 0.75)\n    ### BEGIN"
    course.cells["huber"]["source"] = HUBER.replace("    ### BEGIN", begun)
    refused(course, "The stub of `huber`", "earns points as it is given out: it passes `test_large`")


def test_a_set_up_cell_that_cannot_run_in_the_sandbox(course: Course) -> None:
    course.cells["setup"]["source"] = "data = open('points.parquet').read()"
    refused(course, "The locked cell `setup`", "stops with FileNotFoundError", "beside the notebook")


def test_a_visible_test_that_the_solution_fails(course: Course) -> None:
    course.cells["test_huber"]["source"] = "assert huber(1.0) == 0.6"
    refused(course, "The locked cell `test_huber` stops with AssertionError", "in the solution")


def test_a_locked_cell_that_uses_the_students_function_is_in_order(course: Course) -> None:
    course.cells["use"] = cell("use", "print(huber(3.0), corner)")
    assert course.check()[0] == 0


def test_a_release_whose_own_page_cannot_be_written(course: Course) -> None:
    """It is what everybody gets whose notebook cannot be read."""
    course.cells["setup"]["metadata"]["nbgrader"]["note"] = "\ud800"
    refused(course, "the page of the untouched notebook cannot be written", "UnicodeEncodeError")


def test_a_course_folder_without_the_solution_is_graded(course: Course) -> None:
    """A learner's own copy, or a machine that only grades."""
    course.write()
    notebook = course.root / "mine.ipynb"
    (course.root / "source" / UNIT / f"{UNIT}.ipynb").rename(notebook)
    assert course.checked(notebook)[0] == 0
