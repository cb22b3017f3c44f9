"""A course is where somebody stands, and says itself what its students may import."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import pytest
from courses import Course
from miniature import COURSE, QUICK, UNIT, unit, wall

from autograder.grading.preflight import hold
from autograder.grading.preflight.hold import Refused
from autograder.nbgrader import plugin  # noqa: F401  (the whole chain imports)
from autograder.notebooks import units
from autograder.notebooks.assignment import Cell
from autograder.notebooks.submission import Submission
from autograder.notebooks.units import NoSuchUnit
from autograder.session.session import Session
from autograder.wall.outside import distributions, doctor
from autograder.wall.outside.lane import ColdLane
from autograder.wall.outside.process import Lane


def autograder(*arguments: str | Path, cwd: Path) -> subprocess.CompletedProcess[str]:
    """What the command does in this folder, in this process."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("COLUMNS", "200")
        return Course(cwd).here(*map(str, arguments))


def course(folder: Path, settings: str = "") -> Path:
    """A course that has a unit `ps1` and nothing else."""
    (folder / "course" / "ps1").mkdir(parents=True)
    (folder / "course" / "ps1" / "suite.py").write_text("")
    (folder / "nbgrader_config.py").write_text("")
    (folder / "autograder.toml").write_text(settings)
    return folder


def test_a_course_is_the_nearest_folder_upwards_with_a_configuration(tmp_path):
    outer = course(tmp_path / "outer")
    inner = course(outer / "inner")
    (inner / "work" / "ps1").mkdir(parents=True)
    assert units.course_at(inner / "work" / "ps1") == inner
    assert units.course_at(outer / "course") == outer


def test_what_was_handed_in_is_no_course(tmp_path):
    outer = course(tmp_path)
    planted = course(outer / "submitted" / "eve" / "ps1")
    assert units.course_at(planted) == outer
    assert units.course_at(planted / "course") == outer


@pytest.mark.parametrize(
    "command",
    [["check", "x.ipynb"], ["grade", "ps1"], ["feedback", "ps1"], ["prove", "ps1"], ["build"], ["demo"], ["work"]],
    ids=lambda command: command[0],
)
def test_where_there_is_no_course_one_sentence_says_so(tmp_path, command):
    (tmp_path / "x.ipynb").write_text(json.dumps({"cells": [], "nbformat": 4, "nbformat_minor": 5, "metadata": {}}))
    ran = autograder(*command, cwd=tmp_path)
    assert ran.returncode == 2, ran
    said = " ".join((ran.stdout + ran.stderr).split())
    assert "No course here" in said
    assert "--course-dir" in said
    assert "Traceback" not in said


def test_a_notebooks_own_course_is_not_trusted_unless_it_is_named(tmp_path):
    """Somebody downloads a folder to look into the notebook in it. The hidden tests in that folder do not run."""
    theirs = tmp_path / "download"
    shutil.copytree(COURSE / "release" / UNIT, theirs / "release" / UNIT)
    course(theirs)
    (theirs / "course" / UNIT).mkdir()
    (theirs / "course" / UNIT / "suite.py").write_text(f"open({str(tmp_path / 'ran')!r}, 'w').close()")
    path = theirs / "release" / UNIT / f"{UNIT}.ipynb"
    ran = autograder("check", path, "--json", cwd=tmp_path)
    assert ran.returncode == 2
    assert str(theirs) in json.loads(ran.stdout)["reason"]
    assert not (tmp_path / "ran").exists()
    ran = autograder("check", path, "--json", cwd=COURSE)  # and by another course it gets no other points unasked
    assert ran.returncode == 2
    reason = json.loads(ran.stdout)["reason"]
    assert reason.startswith(f"You are in the course {COURSE}, and the notebook lies in the course {theirs}.")
    assert f"--course-dir {theirs}, or for the one you are in: --course-dir {COURSE}" in reason
    assert not (tmp_path / "ran").exists()
    autograder("check", path, "--json", "--course-dir", theirs, cwd=tmp_path)
    assert (tmp_path / "ran").exists()


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ('packages = "numpy"', "must be a list"),
        ("packages = [1]", "must be a list"),
        ("units = 1", "must be a folder's path"),
        ('package = ["numpy"]', "'package' is not a setting"),
        ("packages = [", "cannot be read"),
    ],
)
def test_a_slip_in_the_settings_is_one_sentence(tmp_path, settings, words):
    with pytest.raises(NoSuchUnit, match=words):
        units.find(course(tmp_path, settings), "ps1")


def said(lane: Lane, *sources: str) -> list[str]:
    """What each of these cells raised beyond the wall, in words."""
    cells = tuple(Cell("code", source) for source in sources)
    with Session(lane, Submission(cells=cells), {}, QUICK) as session:
        runs = session.runs
    return [run.raised.kind if run.raised is not None else run.state for _, run in sorted(runs.items())]


@pytest.mark.parametrize("make", [doctor.best, doctor.fastest])
def test_a_course_decides_what_can_be_imported(make):
    pytest.importorskip("scipy")
    imports = "import scipy.stats", "import matplotlib.pyplot", "import IPython, numpy", "import msgspec"
    assert said(make(("scipy",)), *imports) == ["ran", "ModuleNotFoundError", "ran", "ModuleNotFoundError"]
    assert said(make(), *imports) == ["ModuleNotFoundError", "ran", "ran", "ModuleNotFoundError"]


def test_the_names_of_modules_are_those_that_can_be_imported():
    pytest.importorskip("sklearn")
    assert {"sklearn", "scipy"} <= set(distributions.modules(("scikit-learn", "scipy")))


def test_packages_that_are_not_there_are_named_before_anybody_is_graded(tmp_path):
    assert units.find(course(tmp_path, 'packages = ["scipy", "no-such-thing"]'), "ps1").packages == (
        "scipy",
        "no-such-thing",
    )
    from dataclasses import replace

    its = unit()
    bare = replace(its, unit=replace(its.unit, packages=("numpy", "no-such-thing")))
    with pytest.raises(Refused, match=r"no-such-thing is not installed here\. Run: pip install no-such-thing"):
        hold.hold(bare, COURSE, wall())


def test_doctor_says_what_students_may_import(tmp_path):
    ran = autograder("doctor", cwd=course(tmp_path, 'packages = ["numpy", "no-such-thing"]'))
    assert ran.returncode == 1
    assert "no-such-thing" in ran.stdout
    assert "pip install no-such-thing" in ran.stdout


def test_another_set_of_packages_is_another_lane():
    assert isinstance(doctor.best(), ColdLane)
    assert doctor.fastest(("numpy",)) is doctor.fastest(("numpy",))
    assert doctor.fastest(("numpy",)) is not doctor.fastest()


def test_building_leaves_alone_what_was_made_by_hand(tmp_path):
    """A course without a lesson as text, and without a helper."""
    place = course(tmp_path)
    by_hand = place / "source" / "ps1" / "ps1.ipynb"
    by_hand.parent.mkdir(parents=True)
    by_hand.write_text("made by hand")
    shutil.copy(COURSE / "nbgrader_config.py", place)
    lesson = (COURSE / "course" / UNIT / f"{UNIT}.md").read_text()
    (place / "course" / "ps2").mkdir()
    (place / "course" / "ps2" / "ps2.md").write_text(lesson)
    ran = autograder("build", cwd=place)
    assert ran.returncode == 0, ran.stderr
    assert by_hand.read_text() == "made by hand"
    assert (place / "release" / "ps2" / "ps2.ipynb").is_file()
    assert not (place / "release" / "ps1").exists()
