"""The hidden suite of unit 7: right answers of any style pass on every seed, wrong ones lose points."""

from __future__ import annotations

import math

import numpy as np
import pytest

ANSWERS = {
    "where_false_positives_stand": "b",
    "lower_bce_higher_accuracy": "d",
    "proper_scores": "a",
    "recall_of_zero": "c",
    "best_threshold": 0.0909,
    "label_of_two": "d",
    "softmax_of_two": 0.8808,
}
TRIVIAL = {
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


@pytest.fixture(scope="module")
def suite(promises):
    return promises("choosing")


def test_reference_passes_on_every_seed(suite):
    assert suite.reference_fails(seeds=range(50)) == set()


def test_every_right_way_passes_on_every_seed(suite):
    assert suite.right_ways_fail(seeds=range(20)) == set()


def test_known_mistakes_fail_a_test_of_their_kind_on_every_seed(suite):
    assert suite.mistakes_survive(seeds=range(5)) == set()


def test_mistakes_of_every_kind_are_known(suite):
    assert suite.mistakes_lack() == []


def test_constants_and_identities_pass_no_value_test(suite):
    assert suite.trivial_passes(TRIVIAL) == set()


def test_right_answers_pass_and_wrong_ones_do_not(suite):
    assert suite.right_answers_fail(ANSWERS) == set()
    assert suite.wrong_answers_pass(ANSWERS) == set()


def test_every_hidden_test_is_written_for_its_reader(suite):
    assert suite.sentences_lack() == []
