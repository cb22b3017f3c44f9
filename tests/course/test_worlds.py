"""The detective story of unit 6: the evidence is what its stories say, and its source tells nothing."""

from __future__ import annotations

import importlib
import re
import sys
from pathlib import Path

import numpy as np
import pytest
from lesson_code import lesson

DATA = Path(__file__).parents[2] / "course" / "data"


@pytest.fixture
def case(monkeypatch):
    """The module as it lies beside a notebook, without anything asked or said."""
    monkeypatch.chdir(DATA)
    monkeypatch.syspath_prepend(DATA.parent)
    monkeypatch.syspath_prepend(DATA)
    monkeypatch.delenv("LESSON_OPEN", raising=False)
    for name in ("worlds", "lesson"):
        monkeypatch.delitem(sys.modules, name, raising=False)
    yield importlib.import_module("worlds")
    for name in ("worlds", "lesson"):
        sys.modules.pop(name, None)


def mean_square(errors: np.ndarray) -> float:
    return float(np.mean(np.square(errors)))


def made() -> dict[str, tuple[np.ndarray, np.ndarray]]:
    """The six worlds as the lesson makes them: targets and residuals by story."""
    unit = lesson("06-overfitting")
    return {
        "A": unit.many_features(79, 0),
        "B": unit.noisier_labels(4),
        "C": unit.shifted_inputs(97),
        "D": unit.leaked_feature(32),
        "E": unit.one_outlier(69),
        "F": unit.many_features(79, 2.4),
    }


def test_the_evidence_is_what_the_lesson_makes(case):
    worlds = made()
    assert sorted(map(case.story_of, case.NAMES)) == sorted(worlds) == sorted(case.STORIES)
    for name in case.NAMES:
        y, e = worlds[case.story_of(name)]
        n = 8 if case.story_of(name) == "E" else 400
        for part, rows in zip(case.residuals(name), (e[:200], e[200 : 200 + n], e[600:1000]), strict=True):
            assert part == pytest.approx(rows, abs=0.00051)
        baseline = mean_square(y[200 : 200 + n] - y[:200].mean())
        assert case.ask(name, "baseline") == pytest.approx(baseline, abs=0.0001)
        curve = case.ask(name, "capacity curve")
        if isinstance(curve, list):
            nearest = min(abs(loss - mean_square(e[200:600])) for _, loss in curve)
            assert nearest < 0.0001, "the model itself is on its curve"
        assert isinstance(curve, str) == (case.story_of(name) in "BE"), "nothing was fitted there"


def test_the_curves_of_a_and_f_are_those_of_smaller_models(case):
    fit = lesson("06-overfitting").many_features
    for name in case.NAMES:
        signal = {"A": 0, "F": 2.4}.get(case.story_of(name))
        for size, loss in case.ask(name, "capacity curve") if signal is not None else ():
            assert loss == pytest.approx(mean_square(fit(79, signal, size)[1][200:600]), abs=0.0001)


def test_evidence_costs_once(case, capsys):
    case.ask("Amber", "baseline")
    case.ask("Amber", "baseline")
    assert case.spent() == 1
    case.ask("Amber", "who measured")
    assert case.spent() == 4
    assert "Spent so far: 4" in capsys.readouterr().out
    with pytest.raises(ValueError, match="the questions are baseline"):
        case.ask("Amber", "everything")
    for name in case.NAMES:
        for question in case.PRICES:
            case.ask(name, question)
    assert case.spent() == 66, "as the lesson says"


@pytest.mark.parametrize("truth", [0.1, 0.5, 0.9])
def test_what_one_believes_earns_most(case, truth):
    said = np.linspace(0, 1, 101)
    earned = [truth * case.earned(True, p) + (1 - truth) * case.earned(False, p) for p in said]
    assert said[np.argmax(earned)] == pytest.approx(truth)
    assert (case.earned(True, 1.0), case.earned(False, 1.0)) == (10, -10)


def test_fifteen_points_are_enough(case):
    """Baselines name A and F, eight rows name E, and who measured tells B, C and D apart."""
    skill = {case.story_of(n): 1 - np.mean(case.residuals(n)[1] ** 2) / case.ask(n, "baseline") for n in case.NAMES}
    assert skill["A"] < 0
    assert skill["F"] > 0.99
    assert all(0.4 < skill[story] < 0.8 for story in "BCDE")
    assert [case.story_of(n) for n in case.NAMES if len(case.residuals(n)[1]) == 8] == ["E"]
    assert len({case.ask(n, "who measured") for n in case.NAMES if case.story_of(n) in "BCD"}) == 3


def test_the_case_stays_open_until_there_are_six_verdicts(case, capsys):
    case.close_the_case()
    case.all_evidence(None)
    assert "Missing: Amber, Coral" in capsys.readouterr().out
    for name in case.NAMES:
        case.verdict(name, "A", 0.5)
    case.verdict("Amber", "Z", 0.5)
    case.verdict("Coral", None, None)
    assert "not recorded" in capsys.readouterr().out
    case.close_the_case()
    out = capsys.readouterr().out
    assert "earned -5.0 points of 60" in out, "one right and five wrong at 50 %: 7.5 - 5 * 2.5"
    case.all_evidence(lesson("06-overfitting").gap_interval)
    assert "-0.49 to 1.49" in capsys.readouterr().out


def test_the_source_tells_nothing(case):
    source, table = (DATA / "worlds.py").read_text(), (DATA / "worlds.csv").read_text()
    for name in case.NAMES:
        assert name not in source
        assert not re.search(rf"{name}.*\b[A-F]\b", table.split("\n-")[0])
        assert case.ask(name, "who measured") not in source
