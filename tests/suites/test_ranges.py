"""The hidden suite of unit 3: right answers of any style pass on every seed, wrong ones lose points."""

from __future__ import annotations

import numpy as np
import pytest

ANSWERS = {
    "max_rmse_of_stars": 4.0,
    "baseline_rmse_at_ten_percent": 0.3,
    "mae_constant_of_rare_labels": 0.0,
    "always_negative": "a",
    "below_the_floor": "b",
    "skill_at_five_percent": -0.51,
    "skill_of_a_disaster": -9.0,
}


@pytest.fixture(scope="module")
def suite(promises):
    return promises("ranges")


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
    assert suite.right_answers_fail({**ANSWERS, "skill_at_five_percent": -0.5112}) == set()


def test_every_hidden_test_is_written_for_its_reader(suite):
    assert suite.sentences_lack() == []


@pytest.mark.parametrize("result", [2, 2.0, 6.0, np.array(4, dtype=np.float32), np.array(3.3)])
def test_any_median_is_right(suite, result):
    assert suite.suite.is_median(result, np.array([9.0, 1.0, 6.0, 2.0]))


@pytest.mark.parametrize("result", [1.99, 6.01, [4.0], np.array([4.0]), None, "4", float("nan"), True], ids=str)
def test_anything_else_is_no_median(suite, result):
    assert not suite.suite.is_median(result, np.array([9.0, 1.0, 6.0, 2.0]))
