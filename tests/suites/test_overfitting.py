"""The hidden suite of unit 6: right answers of any style pass on every seed, known mistakes lose points."""

from __future__ import annotations

import runpy
from pathlib import Path

import numpy as np
import pytest

CORRECT = runpy.run_path(str(Path(__file__).parents[1] / "correct" / "overfitting.py"))["CORRECT"]
ANSWERS = {
    "verdict_on_two_numbers": "c",
    "eight_validation_samples": "d",
    "worse_than_a_constant": "a",
    "stop_by_hand": 4,
    "zero_training_error": "b",
    "larger_leak": "c",
    "reversed_gap_cause": "d",
}
CONSTANTS = {
    "None": lambda *_, **__: None,
    "0": lambda *_, **__: 0,
    "zeros": lambda *_, **__: (0, 0),
    "three zeros": lambda *_, **__: (0.0, 0.0, 0.0),
    "empty": lambda *_, **__: [],
    "first": lambda first, *_, **__: first,
    "both": lambda first, second, *_, **__: (first, second),
    "all indices": lambda _, second, *__, **___: list(range(len(np.atleast_1d(second)))),
    "lowest and last": lambda losses, *_, **__: (int(np.argmin(losses)), len(losses) - 1),
    "gap": lambda *_, **__: "gap",
    "reversed-gap": lambda *_, **__: "reversed-gap",
    "no-skill": lambda *_, **__: "no-skill",
    "no-clear-gap": lambda *_, **__: "no-clear-gap",
}


@pytest.mark.parametrize("name", CORRECT)
def test_right_implementations_keep_full_marks(promises, name):
    assert len(CORRECT[name]) >= 6
    promises.right_ones_keep_full_marks("overfitting", name, CORRECT[name])


@pytest.mark.parametrize("name", CORRECT)
def test_known_mistakes_fail_where_they_break(promises, name):
    promises.known_mistakes_fail_where_they_break("overfitting", name)


@pytest.mark.parametrize("name", CORRECT)
def test_constants_pass_no_value_test(promises, name):
    promises.constants_pass_no_value_test("overfitting", name, CONSTANTS)


def test_right_answers_and_no_others_pass(promises):
    promises.right_answers_and_no_others_pass("overfitting", ANSWERS)
