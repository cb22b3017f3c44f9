"""The hidden suite of unit 7: right answers of any style pass on every seed, known mistakes lose points."""

from __future__ import annotations

import math
import runpy
from pathlib import Path

import numpy as np
import pytest

CORRECT = runpy.run_path(str(Path(__file__).parents[1] / "correct" / "choosing.py"))["CORRECT"]
ANSWERS = {
    "where_false_positives_stand": "b",
    "lower_bce_higher_accuracy": "d",
    "proper_scores": "a",
    "recall_of_zero": "c",
    "best_threshold": 0.0909,
    "label_of_two": "d",
    "softmax_of_two": 0.8808,
}
CONSTANTS = {
    "None": lambda *_, **__: None,
    "0": lambda *_, **__: 0.0,
    "quarter": lambda *_, **__: 0.25,
    "log 2": lambda *_, **__: math.log(2),
    "nan": lambda *_, **__: math.nan,
    "two halves": lambda *_, **__: (0.5, 0.5),
    "ones": lambda *_, **__: (1.0, 1.0),
    "four ones": lambda *_, **__: (1, 1, 1, 1),
    "first": lambda first, *_, **__: first,
    "second": lambda _, second, *__, **___: second,
    "mean of the first": lambda first, *_, **__: float(np.mean(first)),
    "zeros": lambda X, *_, **__: [0.0] * np.shape(X)[-1],
    "start": lambda X, *_, w0=None, **__: [0.0] * np.shape(X)[-1] if w0 is None else w0,
}


@pytest.mark.parametrize("name", CORRECT)
def test_right_implementations_keep_full_marks(promises, name):
    assert len(CORRECT[name]) >= 6
    promises.right_ones_keep_full_marks("choosing", name, CORRECT[name])


@pytest.mark.parametrize("name", CORRECT)
def test_known_mistakes_fail_where_they_break(promises, name):
    promises.known_mistakes_fail_where_they_break("choosing", name)


@pytest.mark.parametrize("name", CORRECT)
def test_constants_pass_no_value_test(promises, name):
    promises.constants_pass_no_value_test("choosing", name, CONSTANTS)


def test_right_answers_and_no_others_pass(promises):
    promises.right_answers_and_no_others_pass("choosing", ANSWERS)
