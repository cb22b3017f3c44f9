"""The magics as a reader has them in a browser's kernel, with the course that the website brings along."""

from __future__ import annotations

import pytest

KERNEL = """
import contextlib, io, json, os, pathlib
from IPython.core.interactiveshell import InteractiveShell

pathlib.Path("/drive/01-bce").mkdir(parents=True, exist_ok=True)
os.chdir("/drive/01-bce")
kernel = InteractiveShell.instance()
kernel.run_cell("%load_ext autograder", store_history=True)

def said(source):
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        kernel.run_cell(source, store_history=True)
    return printed.getvalue()

"null"
"""
HALF = "import numpy as np\ndef binary_entropy(q):\n    return -np.asarray(q) * np.log(q)"
RIGHT = """
def binary_entropy(q):
    q = np.array(q, dtype=float)
    if q.size == 0 or not np.isfinite(q).all() or (q < 0).any() or (q > 1).any():
        raise ValueError("q must lie in [0, 1]")
    sides = np.stack([q, 1 - q])
    return -(sides * np.log(np.where(sides > 0, sides, 1))).sum(axis=0)
"""
ENDLESS = "def binary_entropy(q):\n    while True:\n        pass"


@pytest.fixture(scope="module")
def kernel(browser):
    browser.run(KERNEL)
    return lambda *cells: browser.run(f"json.dumps([said(cell) for cell in {list(cells)!r}])")


def test_a_reader_checks_takes_a_hint_fixes_and_sees_and_exports_the_progress(kernel):
    _, wrong, hint, _, right, table, _ = kernel(
        HALF, "%check binary_entropy", "%hint binary_entropy", RIGHT, "%check binary_entropy", "%progress", "%export"
    )
    assert "binary_entropy: wrong" in wrong
    assert "Hint:" in wrong
    assert "no points that count" in " ".join(wrong.split())
    assert hint.startswith("Hint 1 of ")
    assert "binary_entropy: passed" in right
    assert "not checked yet" in table
    assert "passed" in table


def test_a_loop_that_never_ends_is_said_in_a_sentence(kernel):
    _, late = kernel(ENDLESS, "%check binary_entropy")
    assert "binary_entropy: timed out" in late
    assert "cannot be interrupted" in " ".join(late.split())


def test_a_new_kernel_knows_the_progress(kernel, browser):
    kernel(RIGHT, "%check binary_entropy")
    kept = browser.run("json.dumps(json.loads(pathlib.Path('/drive/progress.json').read_text()))")
    assert kept["01-bce"]["test_binary_entropy"]["state"] == "passed"


def test_check_is_there_without_magics_and_says_what_it_is_not(browser):
    said = browser.run(
        """
from autograder import check
import self_study
made = pathlib.Path(self_study.__file__).parent / "release" / "02-rmse" / "02-rmse.ipynb"
checked = check(made, course=made.parents[2])
json.dumps([checked.status, checked.wall, checked.score, checked.notes, checked.reason])
"""
    )
    assert said[:3] == ["graded", False, 0.0], said
    assert "no points that count" in said[3][-1]
