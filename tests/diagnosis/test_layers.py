"""The three layers, on functions that are in no catalogue: what is said, with which number, and how it reads."""

from __future__ import annotations

import re
import runpy
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from autograder.grading.diagnosis.bench import bench
from autograder.grading.diagnosis.change import changes
from autograder.grading.diagnosis.edge import Failure
from autograder.grading.diagnosis.inquiry import bench_of
from autograder.grading.diagnosis.probe import replied
from autograder.grading.diagnosis.promise import HINTS, PROMISES
from autograder.grading.diagnosis.relation import BY_FORM, BY_SIZE
from autograder.grading.diagnosis.search import search
from autograder.grading.preflight.wording import bare, solution_lines
from autograder.misconception import misconception
from benchmarks.naming import finding_for
from benchmarks.trials import UNITS, outcomes
from benchmarks.written import catalogued, graded_functions

TOPIC = {function: topic for topic, function in graded_functions()}
CASES = {
    way.__name__: (function, way)
    for function, _, way, _ in runpy.run_path(str(Path(__file__).with_name("unseen") / "own.py"))["CASES"]
}

SAID = {
    "ll_mean_negative": ("relation", "another_function", None, None),
    "ll_from_one": ("relation", "without_the_first", None, None),
    "ll_first_only": ("relation", "first_only", None, None),
    "ll_rounded": ("relation", "rounded", 4.0, None),
    "ll_log1p": ("relation", "another_formula", None, None),
    "h_base_ten": ("relation", "logarithm_base", 10.0, None),
    "h_perplexity": ("relation", "exponential_taken", None, None),
    "kl_total_bits": ("catalogue", "divergence_in_bits", None, "total_divergence"),
    "bce_hard": ("catalogue", "soft_labels_taken_for_one", None, None),
    "bce_half": ("relation", "half", 0.5, None),
    "bce_and_gradient": ("relation", "more_than_asked", None, None),
    "bce_percent_rounded": ("relation", "in_percent", 100.0, "rounded"),
    "bce_squashed": ("relation", "squashed", None, None),
    "nll_log_two_pi": ("relation", "plus_constant", 0.9189, None),
    "nll_no_square": ("relation", "another_formula", None, None),
    "rmse_hundred": ("catalogue", "fixed_number_of_rows", 100.0, None),
    "rmse_ddof": ("catalogue", "divided_by_n_minus_1", None, None),
    "rmse_normalised": ("relation", "scaled_by_an_argument", 100.0, "in_percent"),
    "rmse_except": ("catalogue", "errors_become_one", None, None),
    "mae_mse": ("relation", "another_measure", None, None),
    "sg_round": ("relation", "rounded", 3.0, None),
    "lg_clip": ("relation", "clipped", 30.0, None),
    "gr_both": ("catalogue", "gradient_of_the_sum", None, "sign_reversed"),
    "st_order": ("relation", "another_order", None, None),
    "es_order": ("relation", "another_order", None, None),
    "es_late_equal": ("catalogue", "one_epoch_too_patient", None, "equal_counts_as_improvement"),
    "gi_two": ("relation", "part_missing", None, None),
    "dg_names": ("relation", "other_words", None, None),
    "cc_matrix": ("relation", "other_arrangement", None, None),
    "cc_other_threshold": ("relation", "fixed_argument", 0.4, None),
    "fl_half": ("relation", "scaled_argument", 0.5, None),
    "fl_fewer": ("relation", "off_by_one", -1.0, None),
    "sm_log_mean": ("relation", "log_of_the_mean", None, None),
    "sm_eps": ("catalogue", "small_number_in_the_logarithm", 1e-9, "accepts_out_of_range"),
    "cc_dict": ("promise", "not_numbers", None, None),
}


@cache
def finding(name):
    function, way = CASES[name]
    return finding_for(TOPIC[function], function, way, 3)


@pytest.mark.parametrize("name", SAID)
def test_what_is_said_of_a_function_that_nobody_wrote_down(name):
    found = finding(name)
    assert (found.layer, found.name, found.parameter, found.also) == SAID[name]


def test_hints_of_relations_are_sentences_that_ask_and_give_no_line_away():
    for name, (layer, *_) in SAID.items():
        if layer != "relation":
            continue
        hint, topic = finding(name).hint, TOPIC[CASES[name][0]]
        assert hint[0].isupper()
        assert hint[-1] in ".?", hint
        assert len(hint) <= 300
        assert "{" not in hint
        assert not [line for line in set(solution_lines(UNITS[topic])) if line in bare(hint)]


@cache
def uncatalogued(topic, function):
    """The bench of a function about which no mistake is written down."""
    reference, probes = getattr(UNITS[topic].reference, function), bench_of(UNITS[topic], f"test_{function}").probes
    return bench(reference, {}, (), probes)


def test_every_failed_promise_has_a_name_without_any_catalogue():
    """All known mistakes that break contract or numerical tests, as if nobody had written them down."""
    tried = 0
    for topic in catalogued():
        for entry in UNITS[topic].misconceptions:
            if entry.breaks == "value":
                continue
            plain = uncatalogued(topic, entry.function)
            replies = [replied(entry.wrong, probe.call) for probe in plain.probes]
            said = outcomes(topic, entry.function, entry.wrong, 5)
            failed = [Failure(one.name, one.kind) for one in said if one.verdict != "passed"]
            found = search(plain, replies, failed, {one.name for one in said if one.verdict == "passed"})
            assert found is not None, entry.name
            assert found.layer == "relation" or found.name in PROMISES, entry.name
            tried += 1
    assert tried > 150


def test_names_are_ids_and_words_are_for_people():
    names = {*PROMISES, *(relation.name for relation, _ in (*BY_FORM, *BY_SIZE))}
    assert all(re.fullmatch("[a-z0-9_]+", name) for name in names)
    assert set(HINTS) == set(PROMISES)
    assert all(words[0].islower() and words[-1].isalnum() for words in PROMISES.values())


def test_changes_of_arguments_leave_the_arguments_alone():
    given = {"y": np.array([0.2, 0.9, 0.4]), "p": np.array([0.3, 0.6, 0.5]), "eps": 0.25}
    before = {name: np.copy(value) for name, value in given.items()}
    made = list(changes([given], {"eps": 0.125}))
    assert len({(change.name, change.what) for change in made}) == len(made) > 50
    for change in made:
        change.make(given)
    assert all(np.array_equal(given[name], before[name]) for name in given)


def test_a_family_is_one_entry_whose_parameter_is_found_and_said():
    reference = UNITS["rmse"].reference.rmse

    @misconception("rmse", believes="Fewer digits.", hint="Why {parameter} decimals?", values=(2, 3, 4))
    def short(y, y_hat, *, parameter=2):
        return round(reference(y, y_hat), parameter)

    probes = bench_of(UNITS["rmse"], "test_rmse").probes
    replies = [replied(lambda y, y_hat: round(reference(y, y_hat), 3), probe.call) for probe in probes]
    found = search(bench(reference, {}, [short], probes), replies, [Failure("test_two_errors", "value")])
    assert (found.name, found.layer, found.parameter, found.hint) == ("short", "catalogue", 3.0, "Why 3 decimals?")
