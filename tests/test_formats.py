"""What other systems read: each format's own rules, held by what a real check comes to."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from miniature import COURSE, UNIT, graded, notebook, unit

from autograder.report import CellReport, Report, ungraded
from autograder.report import graded as report_of
from autograder.screens import formats

WRONG = "def binary_entropy(q):\n    return q"
NOW = datetime(2026, 6, 1, 12, 30, 5, tzinfo=UTC)


@pytest.fixture(scope="module")
def lost() -> Report:
    return graded(notebook(binary_entropy=WRONG, kl_bernoulli="def kl_bernoulli(q, p):\n    return 0 / 0")).report


def automatic() -> list[Any]:
    return [task for task in unit().tasks if task.kind != "manual"]


def test_gradescope_has_one_entry_a_task_and_a_score(lost: Report) -> None:
    found = json.loads(formats.gradescope(lost))
    assert found["score"] == lost.score == sum(test["score"] for test in found["tests"])
    assert [test["name"] for test in found["tests"]] == [task.name for task in automatic()]
    assert sum(test["max_score"] for test in found["tests"]) == unit().most
    assert {test["status"] for test in found["tests"]} == {"passed", "failed"}
    assert all(test["visibility"] == "visible" and test["output"] for test in found["tests"])


def test_no_hidden_test_and_no_hidden_input_is_in_them(lost: Report) -> None:
    names = [test.name for cell in lost.cells for test in cell.tests]
    assert len(names) > 20
    for text in (formats.gradescope(lost), formats.classroom50(lost, {}, NOW) or ""):
        assert not [name for name in names if name in text]
        assert str(lost.seed) not in text
        assert "signature" not in text


def test_classroom50_has_its_fields_and_whole_numbers(lost: Report) -> None:
    environment = {"CLASSROOM": "cs", "ASSIGNMENT": "bce", "SUBMISSION_TAG": "submit/1", "COMMIT_URL": "https://c/1"}
    found = json.loads(formats.classroom50(lost, environment | {"RELEASE_URL": "https://r/1"}, NOW) or "")
    assert set(found) == {
        *("schema", "classroom", "assignment", "submission", "commit", "release", "review", "datetime"),
        *("score", "max-score", "tests"),
    }
    assert found["schema"] == "classroom50/result/v1"
    assert (found["classroom"], found["submission"], found["review"]) == ("cs", "submit/1", "https://c/1")
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", found["datetime"])
    for test in found["tests"]:
        assert set(test) == {"test-name", "passed", "score", "max-score"}
        assert type(test["score"]) is int
        assert type(test["max-score"]) is int
        assert (test["score"] == test["max-score"]) == test["passed"]
    assert found["score"] == sum(test["score"] for test in found["tests"])
    assert found["max-score"] == unit().most


def cell(score: float, most: float) -> CellReport:
    state = "passed" if score == most else "wrong"
    return CellReport(id="test_f", function="f", state=state, score=score, max_score=most, message="It is so.")


@pytest.mark.parametrize(
    ("score", "most", "whole"),
    [(3.99, 4, (3, 4)), (4, 4, (4, 4)), (2.62, 5, (3, 5)), (0, 1, (0, 1)), (0.9, 1, (0, 1)), (1.25, 2.5, (3, 5))],
)
def test_a_share_of_points_is_rounded_and_never_up_to_all(score: float, most: float, whole: tuple[int, int]) -> None:
    found = json.loads(formats.classroom50(report_of("x", (cell(score, most),), seed=1), {}, NOW) or "")
    assert (found["score"], found["max-score"]) == whole


def test_what_could_not_be_graded_is_no_zero() -> None:
    failed = ungraded(UNIT, "It is no notebook.", max_score=23)
    found = json.loads(formats.gradescope(failed))
    assert "score" not in found
    assert "tests" not in found
    assert "It is no notebook." in found["output"]
    assert formats.classroom50(failed, {}, NOW) is None


def check(path: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "autograder", "check", str(path), *arguments]
    return subprocess.run(command, cwd=COURSE, capture_output=True, text=True, env=os.environ, timeout=120)


def test_the_command_prints_nothing_else(tmp_path: Path) -> None:
    path = tmp_path / f"{UNIT}.ipynb"
    path.write_text(json.dumps(notebook(binary_entropy=WRONG)))
    done = check(path, "--format", "gradescope")
    assert (done.returncode, json.loads(done.stdout)["score"]) == (1, unit().most - 4)
    path.write_text("no notebook")
    done = check(path, "--format", "classroom50")
    assert (done.returncode, done.stdout) == (2, "")
    assert "Not graded" in done.stderr
    assert check(path, "--format", "other").returncode == 2
