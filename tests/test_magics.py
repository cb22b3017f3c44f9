"""The magics in a real kernel, as a learner meets them."""

from __future__ import annotations

import nbformat
import pytest
from nbclient import NotebookClient
from nbformat.v4 import new_code_cell, new_notebook

from autograder.notebooks.assignment import COURSE
from autograder.screens import progress

HALF = "import numpy as np\ndef binary_entropy(q):\n    return -np.asarray(q) * np.log(q)"
RIGHT = """
def binary_entropy(q):
    q = np.array(q, dtype=float)
    if q.size == 0 or not np.isfinite(q).all() or (q < 0).any() or (q > 1).any():
        raise ValueError("q must lie in [0, 1]")
    sides = np.stack([q, 1 - q])
    return -(sides * np.log(np.where(sides > 0, sides, 1))).sum(axis=0)
"""


def said(*cells: str) -> list[str]:
    """What each of these cells prints in a kernel that has loaded the extension."""
    page = new_notebook(cells=[new_code_cell(source) for source in ("%load_ext autograder", *cells)])
    NotebookClient(page, timeout=60, kernel_name="python3").execute()
    nbformat.validate(page)
    return ["".join(output.get("text", "") for output in cell.outputs) for cell in page.cells[1:]]


@pytest.fixture(autouse=True)
def kept(monkeypatch, tmp_path_factory):
    """The learner's own progress, if the tests run where somebody learns, is put back afterwards."""
    path = progress._path(COURSE)
    before = path.read_bytes() if path.exists() else None
    path.unlink(missing_ok=True)
    yield
    path.unlink(missing_ok=True)
    if before is not None:
        path.write_bytes(before)


def test_a_learner_checks_takes_hints_mends_and_sees_the_progress():
    wrong, first, second, right, table = (
        text
        for text in said(
            HALF,
            "%check binary_entropy",
            "%hint binary_entropy",
            "%hint binary_entropy",
            RIGHT,
            "%check binary_entropy",
            "%progress",
        )
        if text
    )
    assert "binary_entropy: wrong" in wrong
    assert "would be right" in wrong
    assert max(map(len, wrong.splitlines())) <= 80
    assert first.startswith("Hint 1 of ")
    assert second.startswith("Hint 2 of ")
    assert first != second
    assert right.startswith("binary_entropy: passed, 4/4 points")
    row = next(line for line in table.splitlines() if " binary_entropy " in line)
    assert "passed" in row
    assert "not checked yet" in table


def test_what_cannot_be_checked_is_said_in_a_sentence():
    nothing, unknown, untouched = said("%check", "%check rsme", "%check kl_bernoulli")
    assert nothing == "Say what to check, for example: %check rmse\n"
    assert unknown.startswith("There is no function or answer named 'rsme' in this course.")
    assert "has not been attempted yet" in untouched
