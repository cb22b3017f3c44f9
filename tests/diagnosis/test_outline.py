"""What is said where no formula is known: errors by their kind, promises as they were broken, and pairs of calls."""

from __future__ import annotations

import numpy as np
import pytest

from autograder.grading.diagnosis.edge import Failure
from autograder.grading.diagnosis.inquiry import bench_of
from autograder.grading.diagnosis.probe import replied
from autograder.grading.diagnosis.search import search
from benchmarks.naming import finding_for
from benchmarks.trials import UNITS


def pair(y, y_hat):
    y, y_hat = np.array(y, dtype=float), np.array(y_hat, dtype=float)
    if y.ndim != 1 or y.shape != y_hat.shape or not y.size or not np.isfinite([y, y_hat]).all():
        raise ValueError("y and y_hat")
    return y, y_hat


def mae_unknown_name(y, y_hat):
    return nobody_knows(y - y_hat)  # noqa: F821


def mae_asserts(y, y_hat):
    y, y_hat = np.array(y, dtype=float), np.array(y_hat, dtype=float)
    assert y.ndim == 1
    assert y.shape == y_hat.shape
    assert y.size
    assert np.isfinite([y, y_hat]).all()
    return np.mean(np.abs(y - y_hat))


def mae_zipped(y, y_hat):
    y, y_hat = np.array(y, dtype=float), np.array(y_hat, dtype=float)
    if y.ndim != 1 or y_hat.ndim != 1 or not y.size or not y_hat.size:
        raise ValueError("no data")
    if not np.isfinite(y).all() or not np.isfinite(y_hat).all():
        raise ValueError("nan")
    return sum(abs(a - b) for a, b in zip(y, y_hat, strict=False)) / min(len(y), len(y_hat))


def mae_sorted(y, y_hat):
    y, y_hat = pair(y, y_hat)
    return np.mean(np.abs(np.sort(y) - np.sort(y_hat)))


def mae_saturates(y, y_hat):
    y, y_hat = pair(y, y_hat)
    return np.mean(np.arctan(np.abs(y - y_hat)))


def mae_first_weighs_double(y, y_hat):
    y, y_hat = pair(y, y_hat)
    errors = np.abs(y - y_hat) ** 1.1
    return (errors.sum() + errors[0]) / (len(errors) + 1)


def skill_log(loss, baseline):
    if not (np.isfinite(loss) and np.isfinite(baseline)) or loss < 0 or baseline <= 0:
        raise ValueError("no")
    return np.log(baseline / loss) if loss else 1.0


def fit_slower(X, y, loss="bce", lr=0.1, steps=100, w0=None):
    """The learning rate falls from step to step."""
    w = np.zeros(np.shape(X)[1]) if w0 is None else np.array(w0, dtype=float)
    for step in range(steps):
        w = CHOOSING.fit_logistic(X, y, loss, lr / (1 + step), 1, w)
    return w


def fit_in_turn(X, y, loss="bce", lr=0.1, steps=100, w0=None):
    """Each weight moves before the slope of the next one is known."""
    w = np.zeros(np.shape(X)[1]) if w0 is None else np.array(w0, dtype=float)
    for _ in range(steps):
        for place in range(len(w)):
            w[place] = CHOOSING.fit_logistic(X, y, loss, lr, 1, w)[place]
    return w


def shares_for_logits(logits, labels):
    right = CHOOSING.softmax_cross_entropy(logits, labels)
    shares = np.abs(logits) / np.abs(logits).sum(axis=1, keepdims=True)
    return right * 0 - np.mean(np.log(shares[np.arange(len(labels)), np.asarray(labels, dtype=int)]))


def turned_comparison(y, p, threshold=0.5):
    return CHOOSING.precision_recall(y, 1 - np.asarray(p), 1 - threshold)


def most_frequent(y, loss):
    right = UNITS["ranges"].reference.best_constant(y, loss)
    values, counts = np.unique(y, return_counts=True)
    return values[np.argmax(counts)] if loss == "mae" else right


def median_of_turned(y, z):
    right = UNITS["confidence"].reference.bce_with_logits
    right(y, z)
    return np.median([right([1 - a], [b]) for a, b in zip(y, z, strict=True)])


def clipped_share(y, z):
    right = UNITS["confidence"].reference
    right.bce_with_logits(y, z)
    y, p = np.array(y, dtype=float), np.clip(right.sigmoid(np.array(z, dtype=float)), 1e-12, 1 - 1e-12)
    return -np.mean(y * np.log(p) + (1 - y) * np.log(1 - p))


def late_constant_columns(X_train, X_val):
    """A constant training column makes a column of zeros of both tables."""
    train, val = UNITS["overfitting"].reference.standardize_from_train(X_train, X_val)
    flat = np.ptp(X_train, axis=0) == 0
    return np.where(flat, 0.0, train), np.where(flat, 0.0, val)


def coins_to_base_two(y, loss):
    """Almost the right one: both outcomes still count alike, but for the last digits."""
    right = UNITS["ranges"].reference.baseline_loss(y, loss)
    c = 1 - 1e-15 if np.mean(y) >= 0.5 else 1e-15
    return np.mean(-np.array(y) * np.log(c) - (1 - np.array(y)) * np.log(1 - c)) if loss == "bce" else right


CHOOSING = UNITS["choosing"].reference

SAID = [
    ("choosing", "fit_logistic", fit_slower, "relation", "right_in_small"),
    ("choosing", "fit_logistic", fit_in_turn, "relation", "right_in_small"),
    ("choosing", "softmax_cross_entropy", shares_for_logits, "relation", "depends_on_level"),
    ("choosing", "precision_recall", turned_comparison, "relation", "compared_the_other_way"),
    ("ranges", "best_constant", most_frequent, "relation", "another_measure"),
    ("ranges", "baseline_loss", coins_to_base_two, "relation", "wrong_for_an_option"),
    ("confidence", "bce_with_logits", median_of_turned, "catalogue", "classes_swapped"),
    ("confidence", "bce_with_logits", clipped_share, "relation", "clipped"),
    ("overfitting", "standardize_from_train", late_constant_columns, "promise", "constant_column"),
    ("rmse", "mae", mae_unknown_name, "promise", "always_raises"),
    ("rmse", "mae", mae_asserts, "promise", "wrong_kind_of_error"),
    ("rmse", "mae", mae_zipped, "promise", "cuts_to_the_shorter"),
    ("rmse", "mae", mae_sorted, "relation", "sorted_argument"),
    ("rmse", "mae", mae_saturates, "relation", "not_proportional"),
    ("rmse", "mae", mae_first_weighs_double, "relation", "depends_on_order"),
    ("ranges", "skill_score", skill_log, "relation", "another_formula"),
]


@pytest.mark.parametrize(("topic", "function", "way", "layer", "name"), SAID)
def test_what_is_said(topic, function, way, layer, name):
    found = finding_for(topic, function, way, 3)
    assert (found.layer, found.name) == (layer, name)


@pytest.mark.parametrize(
    ("topic", "function", "way", "begins"),
    [
        (
            "ranges",
            "best_constant",
            most_frequent,
            "With `loss` = 'mae', your result is the most frequent entry of `y`.",
        ),
        ("choosing", "fit_logistic", fit_slower, "Your result is right in a call with `steps` = 1, and wrong in the"),
        ("choosing", "fit_logistic", fit_in_turn, "Your result is right in a call with a single column, and wrong in"),
        ("confidence", "bce_with_logits", clipped_share, "Your result is the right one for `z` kept between -27.6"),
    ],
)
def test_the_sentence_says_where_it_holds(topic, function, way, begins):
    assert finding_for(topic, function, way, 3).hint.startswith(begins)


def test_a_number_in_a_list_and_numbers_in_another_shape_have_a_sentence_each():
    alone = finding_for("rmse", "mae", lambda y, y_hat: [np.mean(np.abs(np.subtract(*pair(y, y_hat))))], 3)
    assert alone.hint.startswith("Your result is the right number, but inside a list or an array.")
    rows = finding_for("bce", "binary_entropy", lambda q: np.atleast_2d(UNITS["bce"].reference.binary_entropy(q)), 3)
    assert rows.hint.startswith("Your result is made of the right numbers, but in another shape than asked for.")


def test_a_name_that_is_unknown_on_one_way_only_is_an_error_and_no_refusal():
    def half_finished(y, loss):
        return later(y) if loss == "mae" else UNITS["ranges"].reference.best_constant(y, loss)  # noqa: F821

    found = finding_for("ranges", "best_constant", half_finished, 3)
    assert (found.layer, found.name) == ("promise", "ends_in_error")


def test_a_function_of_other_parameters_is_said_to_be_one():
    def mae(y):
        return np.mean(np.abs(y))

    assert finding_for("rmse", "mae", mae_named(mae), 3).name == "takes_other_arguments"


def mae_named(function):
    function.__qualname__ = function.__name__ = "mae"
    return function


def test_the_second_mistake_has_a_sentence_of_its_own():
    def half_and_unchecked(y, y_hat):
        return np.mean(np.abs(np.array(y, dtype=float) - np.array(y_hat, dtype=float))) if np.size(y) else 0.0

    found = finding_for("rmse", "mae", half_and_unchecked, 3)
    assert found.also is not None
    assert found.besides.startswith(("Your function also ", "This alone does not explain your results"))
    assert found.besides[-1] in ".?"


def test_a_name_does_not_depend_on_which_of_the_tests_pass_by_luck():
    """A clip at 5 that a test of number types lets pass on some seeds is the same clip on all."""

    def clipped(y, z):
        return UNITS["confidence"].reference.mse_grad_logits(y, np.clip(np.asarray(z, dtype=float), -5, 5))

    its = bench_of(UNITS["confidence"], "test_mse_grad_logits")
    replies = [replied(clipped, probe.call) for probe in its.probes]
    failed = [Failure(test, "numerical") for test in dict.fromkeys(p.test for p in its.probes if p.kind == "numerical")]
    ordinary = {probe.test for probe in its.probes if probe.kind == "value"}
    lucky = [failure for failure in failed if failure.test != "test_any_number_type"]
    found = [search(its, replies, failed, ordinary), search(its, replies, lucky, {*ordinary, "test_any_number_type"})]
    assert [one.name for one in found] == ["clipped", "clipped"]
