"""What would make a whole class's grades wrong ends the command, with a sentence, before it touches one of them."""

from __future__ import annotations

import json
import shutil
import sqlite3
import subprocess
import sys
from typing import Any

from autograder.screens.check import check

FILTERED = """
import errno, sys
import pyseccomp
from autograder.wall.outside import doctor
if sys.argv.pop(1) == "after":
    doctor.fastest()
rules = pyseccomp.SyscallFilter(pyseccomp.ALLOW)
for name in sys.argv.pop(1).split():
    rules.add_rule(pyseccomp.ERRNO(errno.EPERM), name)
rules.load()
from nbgrader.apps.nbgraderapp import main
main()
"""
"""nbgrader under a kernel filter like a container's, before or after a sandbox was found."""


def filtered(course: Any, when: str, calls: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", FILTERED, when, calls, "autograde", "01-bce", "--force"]
    return subprocess.run(command, cwd=course.root, capture_output=True, text=True, check=False)


def test_a_machine_without_a_sandbox_grades_nobody_and_flags_nobody(course_with_ada: Any) -> None:
    course = course_with_ada
    before = course.rows("ada")
    course.submit("ada", course.blank)
    done = filtered(course, "before", "mount move_mount open_tree fsopen")
    assert done.returncode == 1
    assert "Student code cannot be kept behind a wall on this machine" in done.stderr
    assert "Traceback" not in done.stderr
    assert course.rows("ada") == before
    assert (course.root / "autograded" / "ada" / "01-bce" / "01-bce.ipynb").exists()


def test_a_grader_that_breaks_down_costs_nobody_a_point_and_flags_everybody(course_with_ada: Any) -> None:
    course = course_with_ada
    course.submit("bob", course.blank)
    done = filtered(course, "after", "sendmsg clone clone3 fork vfork")
    assert done.returncode == 0, done.stderr
    for student in ("ada", "bob"):
        assert course.automatic(student) == (None, True)
        assert "Not graded" in "".join(course.autograded(student)["cells"][0]["source"])


def with_own_function(course: Any) -> dict[str, Any]:
    """An own graded function, written the nbgrader way and released; no hidden suite knows it."""
    path = course.root / "source" / "01-bce" / "01-bce.ipynb"
    document = json.loads(path.read_text())
    for name, grade in (("double", False), ("test_double", True)):
        marks = {"grade_id": name, "grade": grade, "solution": not grade, "locked": grade, "schema_version": 3}
        marks |= {"points": 3, "task": False} if grade else {"task": False}
        solution = "def double(x):\n    ### BEGIN SOLUTION\n    return 2 * x\n    ### END SOLUTION"
        source = "assert double(1) == 2" if grade else solution
        code = {"cell_type": "code", "outputs": [], "execution_count": None, "id": name.replace("_", "-")}
        document["cells"].append({**code, "metadata": {"nbgrader": marks}, "source": source})
    path.write_text(json.dumps(document))
    assert course.nbgrader("generate_assignment", "01-bce", "--force").returncode == 0
    return document


def test_an_own_function_that_no_hidden_test_knows_is_refused_before_anybody_is_graded(course: Any) -> None:
    """By all three commands, for those who attempted it and for those who did not."""
    document = with_own_function(course)
    course.submit("ada", document)
    course.submit("bob", course.blank)
    sentence = "The cell `test_double` in 01-bce carries points, but no hidden test grades it"
    [done] = course.autograde("ada")
    assert not done["success"]
    assert sentence in f"{done}"
    done = course.nbgrader("autograde", "01-bce")
    assert done.returncode == 1
    assert sentence in done.stderr
    done = course.autograder("grade", "01-bce")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith(sentence)
    assert "Traceback" not in done.stderr
    path = course.root / "submitted" / "ada" / "01-bce" / "01-bce.ipynb"
    done = course.autograder("check", str(path), "--course-dir", str(course.root), "--json")
    report = json.loads(done.stdout)
    assert (done.returncode, report["status"], report["score"]) == (2, "ungraded", None)
    assert report["reason"].startswith(sentence)
    assert not (course.root / "autograded").exists()


def test_two_notebooks_in_one_assignment_are_refused(course: Any) -> None:
    source = course.root / "source" / "01-bce"
    document = json.loads((source / "01-bce.ipynb").read_text())
    (source / "00-warm-up.ipynb").write_text(json.dumps(document))
    assert course.nbgrader("generate_assignment", "01-bce", "--force").returncode == 0
    course.submit("ada", course.right)
    for command in (course.nbgrader("autograde", "01-bce"), course.autograder("grade", "01-bce")):
        assert command.returncode in (1, 2)
        assert "The gradebook has 2 notebooks in 01-bce" in command.stderr
        assert "00-warm-up.ipynb out of source/01-bce" in command.stderr
    (source / "00-warm-up.ipynb").unlink()
    done = course.autograder("grade", "01-bce")
    assert "The gradebook has 2 notebooks in 01-bce" in done.stderr, "until it is released anew"
    assert course.nbgrader("generate_assignment", "01-bce", "--force").returncode == 0
    assert course.nbgrader("autograde", "01-bce").returncode == 0
    assert course.automatic("ada") == (course.most, False)


def test_a_solution_without_full_marks_is_refused(course: Any) -> None:
    course.submit("ada", course.right)
    path = course.root / "source" / "01-bce" / "01-bce.ipynb"
    wrong = "### BEGIN SOLUTION\ngrowth_of_confident_error = 5\n### END SOLUTION"
    path.write_text(json.dumps(course.edited(json.loads(path.read_text()), {"growth_of_confident_error": wrong})))
    for command in (course.nbgrader("autograde", "01-bce"), course.autograder("grade", "01-bce")):
        assert command.returncode in (1, 2)
        assert "does not get full marks for `growth_of_confident_error`" in command.stderr
    assert not (course.root / "autograded").exists()


def own_assignment(course: Any, name: str) -> None:
    shutil.copytree(course.root / "source" / "01-bce", course.root / "source" / name)
    shutil.move(course.root / "source" / name / "01-bce.ipynb", course.root / "source" / name / f"{name}.ipynb")
    assert course.nbgrader("generate_assignment", name).returncode == 0
    folder = course.root / "submitted" / "ada" / name
    folder.mkdir(parents=True)
    shutil.copy(course.root / "release" / name / f"{name}.ipynb", folder)


def test_an_assignment_without_a_hidden_suite_is_nbgraders(course: Any) -> None:
    own_assignment(course, "homework")
    done = course.autograder("grade", "homework")
    assert done.returncode == 2
    assert "nbgrader itself grades it. Run: nbgrader autograde homework" in done.stderr
    assert not (course.root / "autograded").exists()


def test_points_that_were_changed_after_the_release_are_refused(course: Any) -> None:
    course.submit("ada", course.right)
    path = course.root / "release" / "01-bce" / "01-bce.ipynb"
    document = json.loads(path.read_text())
    next(c for c in document["cells"] if c["metadata"].get("nbgrader", {}).get("grade"))["metadata"]["nbgrader"][
        "points"
    ] = 40
    path.write_text(json.dumps(document))
    done = course.nbgrader("autograde", "01-bce")
    assert done.returncode == 1
    assert "Run: nbgrader generate_assignment 01-bce --force" in done.stderr
    assert not (course.root / "autograded").exists()


def test_a_check_holds_to_the_gradebook_where_it_knows_the_assignment(course: Any) -> None:
    """The same file has the same verdict, whichever command grades it. Fails where only a class is held to it."""
    notebook = course.submit("ada", course.right)
    assert check(notebook, course.root)[0].status == "graded"
    for change, reason in (
        ("update grade_cells set max_score = 40", "Run: nbgrader generate_assignment 01-bce --force"),
        ("delete from notebook", "Run: nbgrader generate_assignment 01-bce --force"),
        ("delete from assignment", None),
    ):
        with sqlite3.connect(course.root / "gradebook.db") as book:
            book.execute(change)
        report = check(notebook, course.root)[0]
        assert (report.status == "graded") is (reason is None), report.reason
        assert reason is None or reason in report.reason


def test_a_gradebook_that_does_not_know_the_assignment_says_what_to_run(course: Any) -> None:
    (course.root / "gradebook.db").unlink()
    course.submit("ada", course.right)
    done = course.nbgrader("autograde", "01-bce")
    assert done.returncode == 1
    assert "Run: nbgrader generate_assignment 01-bce --force" in done.stderr
    assert course.nbgrader("generate_assignment", "01-bce", "--force").returncode == 0
    assert course.nbgrader("autograde", "01-bce").returncode == 0
    assert course.automatic("ada") == (course.most, False)


def test_an_assignment_that_was_never_released_is_refused(course: Any) -> None:
    (course.root / "submitted" / "ada" / "99-none").mkdir(parents=True)
    (course.root / "submitted" / "ada" / "99-none" / "99-none.ipynb").write_text("{}")
    done = course.nbgrader("autograde", "99-none")
    assert done.returncode == 1
    assert "There is no assignment '99-none'" in done.stderr
