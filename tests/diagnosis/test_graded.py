"""The diagnosis through the whole grader, with the real wall: in the Report, on the page, and with no hidden input."""

from __future__ import annotations

import json
import re

import numpy as np
import pytest
from miniature import cell_of, graded, notebook, unit
from rich.console import Console

from autograder.grading import diagnosis
from autograder.grading import page as autograded
from autograder.grading.script import script_of
from autograder.notebooks import submission
from autograder.screens import tables
from benchmarks.trials import UNITS

SEED = 7
CHECK = """
    y, p = checked(y, "y"), checked(p, "p")
    if y.shape != p.shape or min(y.min(), p.min()) < 0 or max(y.max(), p.max()) > 1 or not 0 <= eps < 0.5:
        raise ValueError("y and p must be probabilities of one shape")
"""
MADE = notebook(
    bernoulli_log_likelihood="""
def bernoulli_log_likelihood(y, p):
    return sum(np.log2(b) if a else np.log2(1 - b) for a, b in zip(checked(y, "y"), checked(p, "p")))
""",
    binary_entropy="""
def binary_entropy(q):
    q = checked(q, "q")
    return q * q
""",
    kl_bernoulli="""
def kl_bernoulli(q, p):
    q, p = checked(q, "q"), checked(p, "p")
    if q.shape != p.shape or min(q.min(), p.min()) < 0 or max(q.max(), p.max()) > 1:
        raise ValueError("q and p must be probabilities of one shape")
    return q * np.log(q) + (1 - q) * np.log(1 - q) - q * np.log(p) - (1 - q) * np.log(1 - p)
""",
    binary_cross_entropy=f"""
def binary_cross_entropy(y, p, eps=2**-52):{CHECK}
    return -sum(a * np.log(b) + (1 - a) * np.log(1 - b) for a, b in zip(y, p))
""",
)
NAMED = {
    "bernoulli_log_likelihood": "log_likelihood_in_bits",
    "binary_entropy": None,
    "kl_bernoulli": "divergence_nan_at_certainty",
    "binary_cross_entropy": "sum_instead_of_mean",  # and no clip: the mean comes first
}


@pytest.fixture(scope="module")
def result():
    return graded(MADE, seed=SEED)


def test_names_and_hints_stand_in_the_report(result):
    hints = {entry.name: entry.hint for entry in UNITS["bce"].misconceptions}
    for name, said in NAMED.items():
        cell = json.loads(result.report.json())["cells"][[c.id for c in result.report.cells].index(f"test_{name}")]
        assert cell["misconception"] == said, name
        assert cell["state"] == "wrong"
        assert said is None or cell["hint"] == hints[said]


def test_the_hint_stands_in_the_terminal_and_on_the_page(result):
    console = Console(width=200, record=True, file=open("/dev/null", "w"))  # noqa: SIM115
    console.print(tables.report(result.report))
    cells, notes = submission.parse(json.dumps(MADE).encode())
    page = autograded.page(unit(), submission.merge(cells, unit(), notes), result)
    outputs = json.dumps([cell.get("outputs", []) for cell in page["cells"]], ensure_ascii=False)
    shown = console.export_text()
    for name, said in NAMED.items():
        if said:
            assert cell_of(result, name).hint in " ".join(shown.split())
            assert cell_of(result, name).hint in outputs


def test_no_number_in_the_report_comes_from_a_hidden_input(result):
    """The same seed gives the hidden inputs; none of their numbers, to five digits, is in the Report."""
    numbers = {
        f"{abs(number):.5g}"
        for name in NAMED
        for line in script_of(unit().unit, f"test_{name}", SEED)
        for argument in (*line.call.args, *line.call.kwargs.values())
        for number in np.ravel(np.asarray(argument, dtype=float))
        if np.isfinite(number)
    }
    hidden = {number for number in numbers if len(number.lstrip("0.")) >= 5}
    assert len(hidden) > 1000
    told = {f"{float(number):.5g}" for number in re.findall(r"\d+\.?\d*(?:e-?\d+)?", result.report.json())}
    assert told & hidden == set()


def test_a_diagnosis_that_fails_costs_nothing(monkeypatch, result):
    def fail(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(diagnosis, "_suspects", fail)
    without = graded(MADE, seed=SEED).report
    assert without.score == result.report.score
    assert [cell.misconception for cell in without.cells if cell.misconception] == []
