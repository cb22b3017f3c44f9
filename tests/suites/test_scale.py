"""The hidden suite of unit 5: right answers of any style pass on every seed, wrong ones lose points."""

from __future__ import annotations

import pytest

ANSWERS = {
    "mse_in_centimetres": 10_000,
    "changes_in_kelvin": "c",
    "equal_targets": "d",
    "two_folds": 3.606,
    "unit_of_bce": "a",
    "accidental_score": "b",
    "fell_to_a_hundredth": "c",
}


@pytest.fixture(scope="module")
def suite(promises):
    return promises("scale")


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
