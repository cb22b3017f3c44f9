"""What would make a whole class's grades wrong ends the command, with a sentence, before it touches one of them."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from typing import Any

WITHOUT_MOUNTS = """
import errno, sys
import pyseccomp
rules = pyseccomp.SyscallFilter(pyseccomp.ALLOW)
for name in ("mount", "move_mount", "open_tree", "fsopen"):
    rules.add_rule(pyseccomp.ERRNO(errno.EPERM), name)
rules.load()
from nbgrader.apps.nbgraderapp import main
sys.argv = ["nbgrader", *sys.argv[1:]]
main()
"""
"""nbgrader under a kernel filter like a container's, under which no sandbox can be built."""


def test_a_machine_without_a_sandbox_grades_nobody_and_flags_nobody(course_with_ada: Any) -> None:
    course = course_with_ada
    before = course.rows("ada")
    course.submit("ada", course.blank)
    done = subprocess.run(
        [sys.executable, "-c", WITHOUT_MOUNTS, "autograde", "01-bce", "--force"],
        cwd=course.root,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert "Student code cannot be kept behind a wall on this machine" in done.stderr
    assert "Traceback" not in done.stderr
    assert course.rows("ada") == before
    assert (course.root / "autograded" / "ada" / "01-bce" / "01-bce.ipynb").exists()


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
