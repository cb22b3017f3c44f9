"""The hidden suite of unit 2: right answers of any style pass on every seed, wrong ones lose points."""

from __future__ import annotations

import math

import numpy as np
import pytest

CASES = [
    ([0, 3], [0, 0], 2.1213),
    ([1, 2, 3], [3, 4, 5], 2.0),
    ([1, -1], [0, 0], 1.0),
    ([7], [2], 5.0),
]
ANSWERS = {
    "rmse_cases": CASES,
    "nll_of_tiny_errors": -5.4888,
    "unit_of_mse": "b",
    "order_of_steps": "c",
    "uint8_trap": 246,
    "rmse_of_four_errors": 5.0,
    "std_of_constant_bias": 0.0,
}


@pytest.fixture(scope="module")
def suite(promises):
    return promises("rmse")


@pytest.fixture(scope="module")
def caught(trial):
    """What a list of test cases catches, by the names of the hidden tests that it passes."""

    def passed(cases):
        outcomes = trial("rmse", {"cases": {"rmse_cases": cases}}, [1])
        return {o.test.removeprefix("test_catches_") for o in outcomes if o.passed}

    return passed


def test_reference_passes_on_every_seed(suite):
    assert suite.reference_fails(seeds=range(50)) == set()


def test_every_right_way_passes_on_every_seed(suite):
    assert suite.right_ways_fail(seeds=range(20)) == set()


def test_known_mistakes_fail_a_test_of_their_kind_on_every_seed(suite):
    assert suite.mistakes_survive(seeds=range(5)) == set()


def test_mistakes_of_every_kind_are_known(suite):
    assert suite.mistakes_lack() == []


def test_constants_and_identities_pass_no_value_test(suite):
    assert suite.trivial_passes() == set()


def test_right_answers_pass_and_wrong_ones_do_not(suite):
    assert suite.right_answers_fail(ANSWERS) == set()
    assert suite.wrong_answers_pass(ANSWERS) == set()


def test_every_hidden_test_is_written_for_its_reader(suite):
    assert suite.sentences_lack() == []


@pytest.mark.parametrize(
    "cases",
    [
        [list(case) for case in CASES],
        tuple(CASES),
        [(np.array(y), np.array(y_hat, dtype=float), np.float64(right)) for y, y_hat, right in CASES],
        [(y, y_hat, round(right, 3)) for y, y_hat, right in CASES],
        CASES * 10,
    ],
    ids=["lists", "tuples", "arrays", "three decimals", "many"],
)
def test_good_test_cases_in_any_form(caught, cases):
    assert len(caught(cases)) == 9


@pytest.mark.parametrize(
    "cases",
    [
        [],
        None,
        5,
        "cases",
        {"a": 1},
        [1, 2, 3],
        [[]],
        [([1], [1])],
        [([1], [1, 2], 0.0)],
        [([], [], 0.0)],
        [([[1]], [[2]], 1.0)],
        [(["a"], ["b"], 1.0)],
        [([1], [2], "1")],
        [([1], [2], True)],
        [([math.nan], [2], 1.0)],
        [([1], [2], math.nan)],
        [([1], [2], 99.0)],
        [([[1], [1, 2]], [1, 2], 1.0)],
    ],
    ids=str,
)
def test_bad_test_cases_earn_nothing(caught, cases):
    assert caught(cases) == set()


def test_each_case_catches_what_it_can(caught):
    assert caught([([1, 2], [1, 2], 0.0)]) == {"test_every_case_is_right"}
    assert caught([([3, 3], [1, 1], 2.0)]) == {
        "test_every_case_is_right",
        "a_missing_root",
        "a_sum",
        "the_root_before_dividing",
        "the_standard_deviation",
        "n_minus_1",
    }
    assert "a_sum" in caught([([0, 3], [0, 0], 2.1213), ([1], [0], 7.0)]), "a wrong case does not spoil a right one"
