"""The diagnosis through the whole grader, with the real wall: in the Report, on the page, and with no hidden input."""

from __future__ import annotations

import json
import re

import numpy as np
import pytest
from miniature import cell_of, graded, notebook, unit
from rich.console import Console

from autograder.grading import page as autograded
from autograder.grading.diagnosis import inquiry as diagnosis
from autograder.grading.script import script_of
from autograder.notebooks import submission
from autograder.report import SCHEMA
from autograder.screens import tables
from benchmarks import memory
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
    "bernoulli_log_likelihood": ("log_likelihood_in_bits", "catalogue", None),
    "binary_entropy": ("another_measure", "relation", "squared"),
    "kl_bernoulli": ("divergence_nan_at_certainty", "catalogue", None),
    "binary_cross_entropy": ("sum_instead_of_mean", "catalogue", "never_clipped"),  # the mean comes first
}


@pytest.fixture(scope="module")
def result():
    return graded(MADE, seed=SEED)


def test_names_and_hints_stand_in_the_report(result):
    hints = {entry.name: entry.hint for entry in UNITS["bce"].misconceptions}
    report = json.loads(result.report.json())
    assert report["schema"] == SCHEMA
    for name, said in NAMED.items():
        cell = report["cells"][[c.id for c in result.report.cells].index(f"test_{name}")]
        assert (cell["misconception"], cell["layer"], cell["also"]) == said, name
        assert cell["state"] == "wrong"
        assert cell["layer"] != "catalogue" or cell["hint"].startswith(hints[said[0]])
        assert (cell["also"] is None) == ("This alone" not in cell["hint"] and "also" not in cell["hint"])
        assert re.fullmatch("[0-9a-f]{12}", cell["signature"])
    assert cell_of(result, "binary_entropy").hint.startswith("Your result is the square of `q` itself.")


def test_another_seed_changes_no_name_no_signature_and_no_hint(result):
    def said(report):
        return [
            (c.id, c.misconception, c.layer, c.parameter, c.also, c.signature, c.hint, c.score) for c in report.cells
        ]

    assert said(graded(MADE, seed=SEED + 1).report) == said(result.report)


def test_the_same_mistake_in_other_words_has_the_same_signature_and_the_right_function_has_none(result):
    made = notebook(
        binary_entropy="def binary_entropy(q):\n    return np.array([value**2 for value in checked(q, 'q')])",
        kl_bernoulli="def kl_bernoulli(q, p):\n    return checked(q, 'q') * 0",
    )
    other = graded(made, seed=SEED).report
    assert cell_of_report(other, "binary_entropy").signature == cell_of(result, "binary_entropy").signature
    assert cell_of_report(other, "kl_bernoulli").signature != cell_of(result, "kl_bernoulli").signature
    assert all(cell.signature is None for cell in other.cells if cell.state == "passed")


def test_a_function_that_comes_to_no_result_is_named_by_how_it_ends():
    made = notebook(
        binary_entropy="def binary_entropy(q):\n    exit()",
        kl_bernoulli="def kl_bernoulli(q, p):\n    return checked(quite, 'q')",
        bernoulli_log_likelihood="import os\ndef bernoulli_log_likelihood(y, p):\n    os._exit(1)",
    )
    cells = {cell.function: cell for cell in graded(made, seed=SEED).report.cells}
    assert cells["binary_entropy"].misconception == "stops_python"
    assert cells["kl_bernoulli"].misconception == "always_raises"
    assert cells["bernoulli_log_likelihood"].misconception == "stops_python"


SPY = """
import sys
seen = []
def binary_entropy(q):
    if "ipy" in sys._getframe(1).f_code.co_filename:  # a cell of the lesson, that shows what it does
        return np.asarray(q) * 2.0
    seen.append(np.array(q, dtype=float).ravel())
    if len(seen) > SOON:
        return np.full(np.shape(q), seen[-1].sum() if len(seen[-1]) else 0.0)
    return np.asarray(q) * 2.0
"""


def test_what_a_function_replies_after_the_first_hidden_input_is_not_in_its_name_or_signature():
    """A function that keeps what it is asked, and from the first hidden input on replies with it."""
    probes = len(diagnosis.bench_of(unit().unit, "test_binary_entropy").probes) + 12  # and the visible calls
    spying = graded(notebook(binary_entropy=SPY.replace("SOON", str(probes))), seed=SEED).report
    honest = graded(notebook(binary_entropy=SPY.replace("SOON", "10**9")), seed=SEED).report
    spy, plain = (cell_of_report(report, "binary_entropy") for report in (spying, honest))
    assert (spy.signature, spy.misconception, spy.parameter, spy.also) == (
        plain.signature,
        plain.misconception,
        plain.parameter,
        plain.also,
    )


def cell_of_report(report, name):
    return next(cell for cell in report.cells if cell.id == f"test_{name}")


def test_the_hint_stands_in_the_terminal_and_on_the_page(result):
    console = Console(width=200, record=True, file=open("/dev/null", "w"))  # noqa: SIM115
    console.print(tables.report(result.report))
    cells, notes = submission.parse(json.dumps(MADE).encode())
    page = autograded.page(unit(), submission.merge(cells, unit(), notes), result)
    outputs = json.dumps([cell.get("outputs", []) for cell in page["cells"]], ensure_ascii=False)
    shown = console.export_text()
    for name in NAMED:
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

    monkeypatch.setattr(diagnosis, "search", fail)
    without = graded(MADE, seed=SEED).report
    assert without.score == result.report.score
    assert [cell.misconception for cell in without.cells if cell.misconception] == []


def test_large_values_are_not_kept_for_the_diagnosis():
    """A hundred replies of a megabyte each. Fails where all of them are held at once."""
    before, after = memory.alone(memory.check, list(memory.LARGE).index("as large as is kept"))
    assert after - before < 400
