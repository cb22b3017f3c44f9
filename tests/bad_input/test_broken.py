"""A corpus of broken notebooks: each one is graded or flagged in words, and its page can be written."""

from __future__ import annotations

import itertools
import json
import time
from collections.abc import Iterator
from pathlib import Path

import nbformat
import pytest
from broken import notebooks
from miniature import COURSE, QUICK, unit

from autograder.grading import page as autograded
from autograder.grading.mark import Mark, mark
from autograder.notebooks import assignment
from autograder.notebooks.handed_in import HandedIn
from autograder.notebooks.submission import Unreadable, merge, parse
from autograder.screens import check
from autograder.wall.outside import doctor
from autograder.wall.outside.process import Lane

pytestmark = pytest.mark.usefixtures("nothing_left")

READ, RUN, CHECKED, SECONDS = 430, 40, 15, 15.0
"""How many of a unit are read, run and checked at most, and for how long at most each of the three goes on."""

RUN_UNITS = ("01-bce", "02-rmse")


@pytest.fixture(scope="module")
def lane() -> Iterator[Lane]:
    """The lane of a class, whose parent runs already, so that no test takes it for something left behind."""
    lane = doctor.fastest()
    lane.open().end()
    yield lane
    lane.close()  # type: ignore[attr-defined]


@pytest.mark.parametrize("name", assignment.names(COURSE))
def test_every_one_is_read_or_refused_in_words_and_has_a_page(name):
    seen = {"read": 0, "refused": 0}
    names = {cell.id for cell in unit(name).cells if cell.id}
    end = time.monotonic() + SECONDS
    for data in itertools.islice(notebooks(1, name), READ):
        try:
            cells, notes = parse(data)
        except Unreadable as error:
            str(error).encode()
            seen["refused"] += 1
            continue
        page = autograded.text(autograded.page(unit(name), merge(cells, unit(name), notes))).encode()
        document = json.loads(page)
        assert names == {cell["metadata"].get("nbgrader", {}).get("grade_id") for cell in document["cells"]} - {None}
        seen["read"] += 1
        if time.monotonic() > end:
            break
    assert min(seen.values()) > 10, seen


@pytest.mark.parametrize("name", RUN_UNITS)
def test_every_one_is_marked(lane, name):
    states = set()
    end = time.monotonic() + SECONDS
    for data in itertools.islice(notebooks(2, name), RUN):
        found = mark(unit(name), HandedIn(data), lane, seed=1, limits=QUICK)
        holds(found)
        states.add(found.report.status)
        if time.monotonic() > end:
            break
    assert states == {"graded", "ungraded"}


@pytest.mark.parametrize("name", RUN_UNITS)
def test_every_one_can_be_checked(lane, tmp_path, monkeypatch, name):
    monkeypatch.setattr(check.Checker, "_lane", lambda *_: (lane, ""))
    path = Path(tmp_path, f"{name}.ipynb")
    end = time.monotonic() + SECONDS
    for data in itertools.islice(notebooks(3, name), CHECKED):
        path.write_bytes(data)
        report, _ = check.check(path, COURSE, seed=1)
        assert (report.status == "graded") == (report.score is not None)
        report.json().encode()
        if time.monotonic() > end:
            break


def holds(found: Mark) -> None:
    report = found.report
    assert (report.status == "graded") == (report.score is not None)
    assert report.score is None or 0 <= report.score <= report.max_score
    assert report.status == "graded" or report.reason
    assert "grader failed" not in (report.reason or ""), report.reason
    report.json().encode()
    nbformat.validate(nbformat.reads(found.page.encode().decode(), as_version=4))
