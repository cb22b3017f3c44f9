"""What can be imported from the package itself."""

from __future__ import annotations

import json
import subprocess
import sys
from importlib.metadata import version
from typing import get_type_hints

import pytest
from miniature import COURSE, UNIT, notebook

import autograder
from autograder import Report, check, grade, kit, misconceptions
from autograder.report import VERSION


def test_all_that_is_promised_is_there_and_described():
    assert set(autograder.__all__) <= set(dir(autograder))
    for name in set(autograder.__all__) - {"__version__"}:
        assert getattr(autograder, name).__doc__, name
    with pytest.raises(AttributeError, match="no attribute 'chekc'"):
        autograder.chekc  # noqa: B018


def test_the_version_is_the_one_that_is_installed():
    assert autograder.__version__ == VERSION == version("loss-metrics-course")


def test_importing_the_package_alone_loads_nothing_of_it():
    code = (
        "import sys, autograder; print(sorted(m for m in sys.modules if m.startswith('autograder.') or m == 'numpy'))"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=COURSE)
    assert ran.stdout.strip() == "[]"


def test_each_is_the_one_that_the_commands_use():
    from autograder import kit as module
    from autograder.report import Report as record

    assert (Report, kit) == (record, module)
    assert get_type_hints(misconceptions, vars(sys.modules["autograder.notebooks.units"]))["return"]


def test_a_notebook_is_checked(tmp_path, monkeypatch):
    path = tmp_path / "work.ipynb"
    path.write_text(json.dumps(notebook(binary_entropy="def binary_entropy(q):\n    return q")))
    report = check(path, course=COURSE, seed=1)
    assert isinstance(report, Report)
    assert (report.assignment, report.status, report.seed) == (UNIT, "graded", 1)
    assert report.score < report.max_score
    monkeypatch.chdir(tmp_path)
    assert "No course here" in check(path).reason
    monkeypatch.chdir(COURSE)
    assert check(path, seed=1).score == report.score
    assert "no assignment 'ps9'" in check(path, unit="ps9").reason


def test_a_units_misconceptions_are_listed():
    known = misconceptions(UNIT, course=COURSE)
    assert {"binary_entropy"} <= {mistake.function for mistake in known}
    assert all(mistake.believes and mistake.hint for mistake in known)


def test_a_class_without_a_course_or_without_work_is_a_lookup_error(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(LookupError, match="No course here"):
        grade(UNIT)
