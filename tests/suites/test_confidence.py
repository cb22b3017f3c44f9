"""The hidden suite of unit 4: right answers of any style pass on every seed, wrong ones lose points."""

from __future__ import annotations

import pytest

ANSWERS = {
    "who_jumps_first": "c",
    "gradient_ratio": 75,
    "steepest_probability": 0.3333,
    "mse_from_far": "d",
    "sigmoid_of_minus_1000": "a",
    "naive_loss_at_40": "c",
}


@pytest.fixture(scope="module")
def suite(promises):
    return promises("confidence")


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
