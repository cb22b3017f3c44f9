"""A unit is its files, wherever they lie: found, told apart by what is in them, and whole on any machine."""

from __future__ import annotations

import pickle
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from miniature import COURSE, unit_of

from autograder.grading import suite
from autograder.grading.local import Local
from autograder.notebooks import units

REFERENCE = "from pathlib import Path\n\nSLOPE = float(Path(__file__).with_name('slope.txt').read_text())\n"
REFERENCE += "def line(x): return SLOPE * x\n"
SUITE = """
from autograder import kit

class Test_line:
    @kit.value
    def test_values(self, student, rng, reference):
        x = rng.uniform(1, 2)
        assert kit.same(student.line(x), reference.line(x))
"""


def made(folder: Path, slope: float) -> units.Unit:
    place = folder / "course" / "made"
    (place / "tables").mkdir(parents=True)
    (place / "slope.txt").write_text(str(slope))
    (place / "tables" / "more.csv").write_text("1,2")
    (folder / "course" / "shared.py").write_text("")
    return unit_of(folder, suite=SUITE, reference=REFERENCE, misconceptions="", accepted="")


def passes(unit: units.Unit, slope: float) -> bool:
    student = Local({"line": lambda x: slope * x})
    return [o.verdict for o in suite.run(unit, student, seed=0, cells=frozenset({"test_line"}))] == ["passed"]


def test_two_courses_have_units_of_one_name(tmp_path):
    one, other = made(tmp_path / "one", 1.0), made(tmp_path / "other", 2.0)
    assert (passes(one, 1.0), passes(one, 2.0)) == (True, False)
    assert (passes(other, 1.0), passes(other, 2.0)) == (False, True)
    assert one.suite is not other.suite


@pytest.mark.parametrize(
    "file",
    [
        "course/made/suite.py",
        "course/made/reference.py",
        "course/made/misconceptions.py",
        "course/made/accepted.py",
        "course/made/slope.txt",
        "course/made/tables/more.csv",
        "course/shared.py",
        "autograder.toml",
    ],
)
def test_the_digest_is_of_all_that_decides(tmp_path, file):
    before = made(tmp_path, 1.0)
    with (tmp_path / file).open("a") as changed:
        changed.write("\npackages = ['numpy']\n")
    after = units.find(tmp_path, "made")
    assert before.digest != after.digest
    assert before != after


def test_nothing_else_changes_the_digest(tmp_path):
    before = made(tmp_path, 1.0)
    assert passes(before, 1.0), "Python leaves its own files behind"
    (tmp_path / "course" / "made" / "made.md").write_text("The lesson as text.")
    (tmp_path / "course" / "other").mkdir()
    (tmp_path / "course" / "other" / "suite.py").write_text("")
    assert units.find(tmp_path, "made").digest == before.digest


def test_a_worker_gets_the_whole_unit(tmp_path):
    """What is sent is used in another process, after the course is gone."""
    sent = tmp_path / "sent"
    sent.write_bytes(pickle.dumps(made(tmp_path / "home", 3.0)))
    shutil.rmtree(tmp_path / "home")
    code = (
        "import pickle, sys, pathlib; unit = pickle.loads(pathlib.Path(sys.argv[1]).read_bytes());"
        "print(unit.reference.line(2.0), (unit.path.parent / 'tables' / 'more.csv').read_text())"
    )
    ran = subprocess.run([sys.executable, "-c", code, str(sent)], capture_output=True, text=True, check=True)
    assert ran.stdout == "6.0 1,2\n"


@pytest.mark.parametrize("file", ["words.py", "nbgrader/templates/guarded.html.j2", "notebooks/nbgrader_config.txt"])
def test_the_graders_version_is_of_every_file_of_it(tmp_path, file):
    shutil.copytree(COURSE / "autograder", tmp_path / "autograder", ignore=shutil.ignore_patterns("__pycache__"))
    code = "from autograder.notebooks import units; print(units.engine().hex())"

    def version() -> str:
        return subprocess.run(
            [sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=True
        ).stdout

    before = version()
    assert before == version(), "Python leaves its own files behind"
    with (tmp_path / "autograder" / file).open("a") as changed:
        changed.write("\n")
    assert version() != before
