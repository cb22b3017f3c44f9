"""A sentence holds of the function that it is said of, and not only of the calls that it was read off."""

from __future__ import annotations

import math

import numpy as np
import pytest

from autograder.grading.diagnosis.further import further
from autograder.grading.diagnosis.inquiry import bench_of
from benchmarks.naming import finding_for
from benchmarks.trials import UNITS
from benchmarks.written import graded_functions

TOPIC = {function: topic for topic, function in graded_functions()}
RIGHT = {function: getattr(UNITS[topic].reference, function) for function, topic in TOPIC.items()}


def said_of(way):
    name = way.__name__
    return finding_for(TOPIC[name], name, way, 3)


def names(finding):
    return {finding.name, finding.also} if finding is not None else set()


def column_for_vector():
    def mae(y, y_hat):
        return RIGHT["mae"](np.ravel(y), np.ravel(y_hat))

    return mae


def nan_alone():
    def rmse(y, y_hat):
        y, y_hat = np.array(y, dtype=float), np.array(y_hat, dtype=float)
        if y.ndim != 1 or y.shape != y_hat.shape or not y.size or np.isnan(y + y_hat).any():
            raise ValueError
        return np.sqrt(np.mean((y - y_hat) ** 2))

    return rmse


def zero_size():
    def nrmse(y, y_hat, method="std"):
        try:
            return RIGHT["nrmse"](y, y_hat, method)
        except ValueError:
            if method in ("std", "range", "mean") and np.ndim(y) == np.ndim(y_hat) == 1 and len(y) == len(y_hat) > 0:
                return 0.0
            raise

    return nrmse


def none_for_nan():
    def precision_recall(y, p, threshold=0.5):
        return tuple(None if math.isnan(value) else value for value in RIGHT["precision_recall"](y, p, threshold))

    return precision_recall


def one_number_only():
    def sigmoid(z):
        return 1 / (1 + math.exp(-z)) if z > -30 else math.exp(z)

    return sigmoid


def hard_only():
    def kl_bernoulli(q, p):
        if not np.isin(q, (0, 1)).all():
            raise ValueError
        return RIGHT["kl_bernoulli"](q, p)

    return kl_bernoulli


def goes_on_after_the_stop():
    def early_stopping(val_losses, patience, min_delta=0.0):
        RIGHT["early_stopping"](val_losses, patience, min_delta)
        best, at, waited, stop = math.inf, 0, 0, len(val_losses) - 1
        for epoch, loss in enumerate(val_losses):
            waited += 1
            if loss < best - min_delta:
                best, at, waited = loss, epoch, 0
            if waited >= patience:
                stop = epoch
        return at, stop

    return early_stopping


def no_squash():
    def fit_logistic(X, y, loss="bce", lr=0.1, steps=100, w0=None):
        w = np.array(RIGHT["fit_logistic"](X, y, loss, lr, 0, w0))
        if loss == "bce":
            return RIGHT["fit_logistic"](X, y, loss, lr, steps, w0)
        X, y = np.array(X, dtype=float), np.array(y, dtype=float)
        for _ in range(steps):
            w = w - 2 * lr * X.T @ (X @ w - y) / len(y)
        return w

    return fit_logistic


def short_curve():
    def sigmoid(z):
        z = np.asarray(z).astype(np.float32)
        return np.where(z < 0, np.exp(np.minimum(z, 0)), np.float32(1)) / (1 + np.exp(-np.abs(z)))

    return sigmoid


def less_the_largest():
    def sigmoid(z):
        return RIGHT["sigmoid"](np.asarray(z, dtype=float) - np.amax(z))

    return sigmoid


def tenths():
    def gaussian_nll(y, mu, sigma):
        RIGHT["gaussian_nll"](y, mu, sigma)
        squares = (np.asarray(y, dtype=float) - np.asarray(mu, dtype=float)) ** 2
        return (math.log10(2 * math.pi * float(sigma) ** 2) + squares.mean() / float(sigma) ** 2) / 2

    return gaussian_nll


def a_little_below():
    def skill_score(loss, baseline):
        RIGHT["skill_score"](loss, baseline)
        return 1 - float(loss) / (float(baseline) + 2e-8)

    return skill_score


def centred_by_the_mean():
    def softmax_cross_entropy(logits, labels):
        RIGHT["softmax_cross_entropy"](logits, labels)
        z = np.array(logits, dtype=float)
        z -= z.mean(axis=1)[:, None]
        with np.errstate(over="ignore"):
            total = np.exp(z).sum(axis=1)
        return float(np.mean(np.log(total) - z[range(len(z)), np.array(labels, dtype=int)]))

    return softmax_cross_entropy


def one_share_of_all():
    def precision_recall(y, p, threshold=0.5):
        recall = RIGHT["precision_recall"](y, p, threshold)[1]
        return float(np.mean((np.asarray(p) >= threshold) & (np.asarray(y) == 1))), recall

    return precision_recall


def one_epoch_late():
    def early_stopping(val_losses, patience, min_delta=0.0):
        at, stop = RIGHT["early_stopping"](val_losses, patience, min_delta)
        return at, min(stop + 1, len(val_losses) - 1)

    return early_stopping


def rounded_weights():
    def pool_rmse(rmses, counts):
        RIGHT["pool_rmse"](rmses, counts)
        weights = np.round(np.array(counts) / np.sum(counts), 2)
        return np.sqrt(weights @ np.square(np.array(rmses, dtype=float)))

    return pool_rmse


def soft_labels_cut():
    def confusion_counts(y, p, threshold=0.5):
        hard = (np.asarray(y, dtype=float) >= threshold).astype(float)
        if np.min(y, initial=0) < 0 or np.max(y, initial=0) > 1:
            raise ValueError
        return RIGHT["confusion_counts"](hard, p, threshold)

    return confusion_counts


UNTRUE = [
    (column_for_vector, "cuts_to_the_shorter"),
    (nan_alone, "accepts_nan"),
    (zero_size, "accepts_unknown_option"),
    (none_for_nan, "another_shape"),
    (one_number_only, "always_raises"),
    (hard_only, "always_raises"),
    (goes_on_after_the_stop, "ignores_argument"),
    (no_squash, "ignores_argument"),
    (short_curve, "extreme_input"),
    (less_the_largest, "too_small"),
    (a_little_below, "ratio"),
    (centred_by_the_mean, "logarithm_of_an_underflowed_share"),
    (one_share_of_all, "shares_of_all"),
    (one_epoch_late, "without_the_last"),
    (rounded_weights, "depends_on_count"),
    (soft_labels_cut, "certain"),
]


@pytest.mark.parametrize(("make", "name"), UNTRUE, ids=lambda value: getattr(value, "__name__", value))
def test_what_is_untrue_of_a_function_is_not_said_of_it(make, name):
    assert name not in names(said_of(make()))


TRUE = [
    (column_for_vector, "accepts_another_shape"),
    (nan_alone, "accepts_infinity"),
    (zero_size, "accepts_undefined"),
    (none_for_nan, "not_numbers"),
    (one_number_only, "refuses_valid_input"),
    (hard_only, "refuses_valid_input"),
    (short_curve, "lost_digits"),
    (a_little_below, "nearly_right"),
    (soft_labels_cut, "accepts_fractions"),
]


@pytest.mark.parametrize(("make", "name"), TRUE, ids=lambda value: getattr(value, "__name__", value))
def test_what_is_true_of_it_is_said_instead(make, name):
    assert name in names(said_of(make()))


def test_a_formula_is_printed_with_the_brackets_that_it_needs():
    hint = said_of(tenths()).hint
    assert "0.434294·(½ log 2π + log(sigma))" in hint


@pytest.mark.parametrize("function", ["sigmoid", "gaussian_nll", "mae", "bce_with_logits"])
def test_further_calls_leave_no_sign_and_no_number_untried(function):
    """Among the probes are calls with entries of one sign only, and with numbers clearly off 1."""
    its = bench_of(UNITS[TOPIC[function]], f"test_{function}")
    made = further(RIGHT[function], its.probes)
    assert made
    assert all(not probe.right.failed for probe in made)
    signs, numbers = set(), []
    for place in its.ordinary:
        for value in its.probes[place].given.values():
            if np.ndim(value) and not np.isin(value, (0, 1)).all():
                signs.add((bool(np.min(value) < 0), bool(np.max(value) > 0)))
            elif not np.ndim(value):
                numbers.append(float(value))
    assert function == "mae" or (True, False) in signs
    assert not numbers or (min(numbers) < 0.7 and max(numbers) > 1.4)
