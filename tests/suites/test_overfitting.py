"""The hidden suite of unit 6: right answers of any style pass on every seed, wrong ones lose points."""

from __future__ import annotations

import numpy as np
import pytest

ANSWERS = {
    "verdict_on_two_numbers": "c",
    "eight_validation_samples": "d",
    "worse_than_a_constant": "a",
    "stop_by_hand": 4,
    "zero_training_error": "b",
    "larger_leak": "c",
    "reversed_gap_cause": "d",
}
TRIVIAL = {
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


@pytest.fixture(scope="module")
def suite(promises):
    return promises("overfitting")


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
