"""What would make a whole class's grades wrong ends the command, with a sentence, before it touches one of them."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from typing import Any

FILTERED = """
import errno, sys
import pyseccomp
from autograder.sandbox import doctor
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


def test_a_graded_cell_without_a_hidden_test_leaves_the_submission_to_a_person(course: Any) -> None:
    """The rest of it was graded, but a sum that lacks a question is no score."""
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
    course.submit("ada", document)
    [done] = course.autograde("ada")
    assert done["success"], done
    assert all(row.auto is None and row.waits for row in course.rows("ada").values())


def own_assignment(course: Any, name: str) -> None:
    shutil.copytree(course.root / "source" / "01-bce", course.root / "source" / name)
    shutil.move(course.root / "source" / name / "01-bce.ipynb", course.root / "source" / name / f"{name}.ipynb")
    assert course.nbgrader("generate_assignment", name).returncode == 0
    folder = course.root / "submitted" / "ada" / name
    folder.mkdir(parents=True)
    shutil.copy(course.root / "release" / name / f"{name}.ipynb", folder)


def test_an_assignment_without_a_hidden_suite_is_refused(course: Any) -> None:
    own_assignment(course, "homework")
    done = course.nbgrader("autograde", "homework")
    assert done.returncode == 1
    assert "There is no hidden suite for homework" in done.stderr
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
