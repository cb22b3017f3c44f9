"""Functions by another hand are read from a folder, judged, and counted with what a person wrote down."""

from __future__ import annotations

import pytest

from benchmarks import foreign

TEXT = """
CASES = [
    {"id": "sum", "function": "rmse", "belief": "It is a sum.", "right": False,
     "code": "def rmse(y, y_hat):\\n    y, z = vectors(y, y_hat)\\n    return 3 * np.sqrt(np.mean((y - z) ** 2))"},
    {"id": "good", "function": "rmse", "belief": "As asked.", "verdict": "right",
     "code": "def rmse(y, y_hat):\\n    y, y_hat = vectors(y, y_hat)\\n    return np.sqrt(np.mean((y - y_hat) ** 2))"},
    {"id": "broken", "function": "rmse", "belief": "A slip.", "right": "wrong", "code": "def rmse(y, y_hat:"},
]
"""


@pytest.fixture
def said(tmp_path):
    (tmp_path / "some.py").write_text(TEXT)
    return foreign.judge(foreign.cases(tmp_path))


def test_cases_are_judged(said):
    assert [(one.case.ident, one.case.right, one.passed) for one in said] == [
        ("some.sum", False, False),
        ("some.good", True, True),
        ("some.broken", False, False),
    ]
    assert (said[0].column, said[0].name, said[0].finding.parameter) == ("described", "times_constant", 3.0)


def test_what_a_person_wrote_down_is_counted_for_the_name_that_was_judged(said, tmp_path):
    file = tmp_path / "judged.txt"
    file.write_text("# by hand\nsome.sum times_constant right\nsome.broken another_name wrong\n")
    text = foreign.tables(said, foreign.judged(file))
    assert "right ones accepted: 1 of 1" in text
    assert "names that another hand judged: 1, 1 of them right and 0 wrong" in text
    assert "named rightly or described rightly: 1 of 2" in text
    assert "named wrongly: 0 of 2" in text
    assert "| **all** | 2 |" in text


def test_the_sheet_has_the_code_the_belief_and_what_was_said(said):
    text = foreign.sheet(said)
    assert "## some.sum times_constant" in text
    assert "Believes: It is a sum." in text
    assert "relation, times_constant, parameter 3.0" in text
    assert "some.good" not in text
