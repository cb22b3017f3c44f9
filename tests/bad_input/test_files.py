"""Files that are no notebook, or hardly one: each is told apart in words, none stops anything or is touched."""

from __future__ import annotations

import json
import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
from miniature import COURSE, blank, notebook, unit

from autograder.notebooks import submission
from autograder.report import Report
from autograder.screens import check as checking

pytestmark = pytest.mark.usefixtures("nothing_left")

OLD_CELL = {"cell_type": "code", "input": "x = 1", "language": "python", "metadata": {}, "outputs": []}
V3 = {"metadata": {}, "nbformat": 3, "nbformat_minor": 0, "worksheets": [{"metadata": {}, "cells": [OLD_CELL]}]}


def check(path: Path, **options: object) -> Report:
    return checking.check(path, COURSE, seed=1, **options)[0]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "not valid JSON"),
        (b"My notebook is on my other laptop", "not valid JSON (line 1)"),
        (json.dumps(notebook()).encode()[:-500], "Perhaps it was cut off"),
        (b"\x89PNG\r\n\x1a\n", "not text in UTF-8"),
        (json.dumps(notebook()).encode("utf-16"), "not text in UTF-8"),
        (b"[" * 100_000, "not valid JSON"),
        (b"[1, 2]", "not a notebook"),
        (b'{"a": 1}', "no cells"),
        (b'{"cells": {}}', "not a list"),
        (json.dumps({"cells": [{}] * 2_001}).encode(), "more than 2000"),
        (b'{"nbformat": 3, "worksheets": 7}', "old format"),
        (
            json.dumps({"cells": [1, {"cell_type": "code", "source": 5}, {"cell_type": "alien"}]}).encode(),
            "belongs to no unit",
        ),
    ],
)
def test_what_is_no_notebook_is_ungraded_in_words(tmp_path, data, words):
    path = tmp_path / "hw.ipynb"
    path.write_bytes(data)
    report = check(path)
    assert (report.status, report.score) == ("ungraded", None)
    assert words in (report.reason or "")


def test_200_mb(tmp_path):
    path = tmp_path / "01-bce.ipynb"
    with path.open("wb") as file:
        file.truncate(200 << 20)  # sparse: it takes no room on the disk
    report = check(path)
    assert report.status == "ungraded"
    assert "200 MB" in (report.reason or "")
    assert "Clear its outputs" in (report.reason or "")


@pytest.fixture
def bounded() -> Iterator[None]:
    """A test that would wait for ever ends, and fails."""

    def stop(*_: object) -> None:
        raise TimeoutError("it waits for somebody who never comes")

    before = signal.signal(signal.SIGALRM, stop)
    signal.alarm(20)
    yield
    signal.alarm(0)
    signal.signal(signal.SIGALRM, before)


@pytest.mark.usefixtures("bounded")
def test_what_is_no_file(tmp_path):
    """A classmate's notebook behind a link, a folder, a pipe that nobody writes to, nothing at all."""
    theirs = tmp_path / "classmate.ipynb"
    theirs.write_text(json.dumps(notebook()))
    (tmp_path / "link.ipynb").symlink_to(theirs)
    (tmp_path / "loop.ipynb").symlink_to(tmp_path / "loop.ipynb")
    (tmp_path / "folder.ipynb").mkdir()
    os.mkfifo(tmp_path / "pipe.ipynb")
    reasons = {
        name: check(tmp_path / f"{name}.ipynb").reason or "" for name in ("link", "loop", "folder", "pipe", "gone")
    }
    assert "link to another file" in reasons["link"]
    assert "link to another file" in reasons["loop"]
    assert "not a file" in reasons["folder"]
    assert "not a file" in reasons["pipe"]
    assert "No such file" in reasons["gone"]


def test_a_notebook_of_2012_is_converted():
    cells, notes = submission.parse(json.dumps(V3).encode())
    assert [cell.source for cell in cells] == ["x = 1"]
    assert "old format" in notes[0]


def test_an_empty_notebook_is_not_attempted(tmp_path):
    path = tmp_path / "01-bce.ipynb"
    path.write_text(json.dumps({"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}))
    report = check(path)
    assert report.status == "graded"
    assert report.score == 0
    assert {cell.state for cell in report.cells} == {"not-attempted", "manual"}
    assert report.notes[0] == "The notebook is empty."
    assert "missing cells were put back" in report.notes[1]


def test_damaged_cells_cost_only_themselves():
    made = notebook()
    made["cells"][3:3] = [
        None,
        5,
        {"cell_type": "code"},
        {"cell_type": "code", "source": [1]},
        {"cell_type": []},
        {"source": "x"},
    ]
    cells, notes = submission.parse(json.dumps(made).encode())
    assert notes == ("5 damaged cells were left out.",)
    merged = submission.merge(cells, unit())
    assert [cell.id for cell in merged.cells if cell.id] == [cell.id for cell in unit().cells if cell.id]


def test_text_that_no_file_can_hold_is_replaced():
    """A lone surrogate is legal JSON; written to a database or a page it would stop the whole class."""
    made = blank(binary_entropy="x = '\ud800'")
    cells, _ = submission.parse(json.dumps(made).encode())
    assert all(cell.source.encode() for cell in cells)


@pytest.mark.parametrize("name", ["01-bce.ipynb", "my homework (final) [2].txt", "-rf", b"\xff\x1b[31m.ipynb"])
def test_any_name_in_a_folder_that_cannot_be_written_to(tmp_path, name):
    """Graded where it lies: nothing is written beside it, and neighbours that could be imported are not."""
    folder = tmp_path / "read only"
    folder.mkdir()
    path = folder / os.fsdecode(name)
    path.write_text(json.dumps(notebook()))
    (folder / "numpy.py").write_text("raise SystemExit('the wrong numpy')")
    folder.chmod(0o555)
    before = {entry.name: entry.stat().st_mtime_ns for entry in folder.iterdir()}
    report = check(path)
    assert report.full_marks
    assert {entry.name: entry.stat().st_mtime_ns for entry in folder.iterdir()} == before
    folder.chmod(0o755)


def test_a_broken_file_with_a_name_that_is_no_text(tmp_path):
    path = tmp_path / os.fsdecode(b"\xff\x1b[31m.ipynb")
    path.write_bytes(b"nothing")
    printed = check(path).json()
    assert "\x1b" not in printed
    assert printed.encode()


def test_only_the_missing_points_are_missing(tmp_path):
    """The control of this module: the same road, for a notebook that is as it should be."""
    path = tmp_path / "x.ipynb"
    path.write_text(json.dumps(notebook(binary_entropy="def binary_entropy(q):\n    return 0")))
    report = check(path)
    assert [cell.id for cell in report.cells if cell.state == "wrong"] == ["test_binary_entropy"]
    assert report.score == report.max_score - 4
