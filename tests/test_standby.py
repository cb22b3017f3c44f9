"""The grader that stands by for a kernel: one process for many checks, which says what the command says."""

from __future__ import annotations

import dataclasses
import json
import os
import signal
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
from miniature import COURSE, notebook

from autograder.report import CellReport, Report
from autograder.screens import check as checking
from autograder.screens.standby import NoAnswer, Question, Standby

WRONG = "def binary_entropy(q):\n    return np.asarray(q, dtype=float)"
TASKS = ("binary_entropy", "kl_bernoulli")


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("handed in") / "work.ipynb"
    path.write_text(json.dumps(notebook(binary_entropy=WRONG)))
    return path


@pytest.fixture
def standby() -> Iterator[Standby]:
    standby = Standby()
    yield standby
    standby.stop()


def question(path: Path, task: str) -> Question:
    return Question(notebook=str(path), unit="01-bce", task=task, course=str(COURSE))


def cell(report: Report, name: str) -> CellReport:
    return next(cell for cell in report.cells if cell.function == name)


def asked(standby: Standby, path: Path, task: str) -> Report:
    report = msgspec.json.decode(standby.ask(question(path, task), lambda: None), type=Report)
    assert report.status == "graded", report.reason
    return report


@pytest.mark.usefixtures("nothing_left")
def test_one_process_says_of_each_task_what_the_command_says(standby: Standby, path: Path) -> None:
    whole, _ = checking.check(path, COURSE)
    numbers = set()
    for task in TASKS:
        report = asked(standby, path, task)
        assert [found.function for found in report.cells] == [task], "nothing else is tested"
        said, expected = cell(report, task), cell(whole, task)
        assert dataclasses.replace(said, tests=()) == dataclasses.replace(expected, tests=())
        assert [(test.name, test.passed) for test in said.tests] == [
            (test.name, test.passed) for test in expected.tests
        ]
        assert standby._process is not None
        numbers.add(standby._process.pid)
    assert len(numbers) == 1
    standby.stop()


@pytest.mark.usefixtures("nothing_left")
def test_a_grader_that_was_killed_is_started_again(standby: Standby, path: Path) -> None:
    asked(standby, path, TASKS[0])
    assert standby._process is not None
    standby._process.kill()
    standby._process.wait()
    assert asked(standby, path, TASKS[0]).max_score == 4
    standby.stop()


@pytest.mark.usefixtures("nothing_left")
@pytest.mark.skipif(sys.platform == "win32", reason="there is no such signal")
def test_one_that_ends_while_somebody_waits_says_so(standby: Standby, path: Path) -> None:
    asked(standby, path, TASKS[0])
    assert standby._process is not None
    os.kill(standby._process.pid, signal.SIGSTOP)
    process = standby._process

    def end() -> None:
        os.kill(process.pid, signal.SIGKILL)

    with pytest.raises(NoAnswer):
        standby.ask(question(path, TASKS[0]), end)


@pytest.mark.usefixtures("nothing_left")
def test_it_ends_with_whoever_asks(standby: Standby, path: Path) -> None:
    asked(standby, path, TASKS[0])
    process = standby._process
    assert process is not None
    assert process.stdin is not None
    process.stdin.close()
    end = time.monotonic() + 30
    while process.poll() is None and time.monotonic() < end:
        time.sleep(0.05)
    assert process.returncode == 0
