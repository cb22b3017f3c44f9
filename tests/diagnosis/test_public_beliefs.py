"""What public code believes, in other code than the catalogue's: each belief has a name, and a next step."""

from __future__ import annotations

import numpy as np
import pytest

from benchmarks.naming import finding_for
from benchmarks.trials import UNITS

BCE, RMSE, CONFIDENCE, OVERFITTING, CHOOSING = (
    UNITS[topic].reference for topic in ("bce", "rmse", "confidence", "overfitting", "choosing")
)


def shares(logits, labels):
    CHOOSING.softmax_cross_entropy(logits, labels)
    logits, labels = np.array(logits, dtype=float), np.array(labels, dtype=int)
    share = np.exp(logits - logits.max(axis=1, keepdims=True))
    return share / share.sum(axis=1, keepdims=True), np.eye(logits.shape[1])[labels]


def underflowed_share(logits, labels):
    share, hot = shares(logits, labels)
    return np.mean([-np.log(row[place.argmax()]) for row, place in zip(share, hot, strict=True)])


def one_hot(logits, labels):
    share, hot = shares(logits, labels)
    return -(hot * np.log(share)).sum() / len(hot)


def small_number_inside(logits, labels):
    share, hot = shares(logits, labels)
    return -(hot * np.log(share + 1e-9)).sum() / len(hot)


def hundred_rows(y, y_hat):
    return RMSE.rmse(y, y_hat) * np.sqrt(np.size(y) / 100)


def delta_added(val_losses, patience, min_delta=0.0):
    OVERFITTING.early_stopping(val_losses, patience, min_delta)
    best, at, bad = np.inf, 0, 0
    for epoch, loss in enumerate(val_losses):
        bad += 1
        if loss < best + min_delta:
            best, at, bad = loss, epoch, 0
        if bad == patience:
            return at, epoch
    return at, len(val_losses) - 1


def gradient_in_p(y, z):
    CONFIDENCE.bce_grad_logits(y, z)
    y, p = np.array(y, dtype=float), CONFIDENCE.sigmoid(z)
    with np.errstate(all="ignore"):
        return ((1 - y) / (1 - p) - y / p) / len(y)


def relu(z):
    return np.clip(np.array(z, dtype=float), 0, None)


def labels_rewritten(y, z):
    if isinstance(y, np.ndarray) and y.dtype == float:
        right = CONFIDENCE.bce_with_logits(y, z)
        y *= 2
        y -= 1
        return right
    return CONFIDENCE.bce_with_logits(y, z)


def hardened(y, p, eps=2.0**-52):
    BCE.binary_cross_entropy(y, p, eps)
    return BCE.binary_cross_entropy([float(label > 0) for label in y], p, eps)


def small_numbers_around(q, p):
    BCE.kl_bernoulli(q, p)
    q, p = np.array(q, dtype=float), np.array(p, dtype=float)
    return q * np.log((q + 1e-10) / (p + 1e-10)) + (1 - q) * np.log((1 - q + 1e-10) / (1 - p + 1e-10))


def no_impossible_forecast(q, p):
    if np.size(p) and (np.min(p) <= 0 or np.max(p) >= 1):
        raise ValueError("p must lie between 0 and 1")
    return BCE.kl_bernoulli(q, p)


def loss_and_gradient(y, z):
    return CONFIDENCE.bce_with_logits(y, z), CONFIDENCE.bce_grad_logits(y, z)


def one_for_all_errors(y, y_hat):
    try:
        return RMSE.rmse(y, y_hat)
    except Exception:
        return 1.0


@pytest.mark.parametrize(
    ("topic", "function", "way", "name"),
    [
        ("choosing", "softmax_cross_entropy", underflowed_share, "logarithm_of_an_underflowed_share"),
        ("choosing", "softmax_cross_entropy", one_hot, "one_hot_times_infinity"),
        ("choosing", "softmax_cross_entropy", small_number_inside, "small_number_in_the_logarithm"),
        ("rmse", "rmse", hundred_rows, "fixed_number_of_rows"),
        ("overfitting", "early_stopping", delta_added, "min_delta_added"),
        ("confidence", "bce_grad_logits", gradient_in_p, "stopped_at_p"),
        ("confidence", "sigmoid", relu, "relu_instead"),
        ("confidence", "bce_with_logits", labels_rewritten, "labels_rewritten_in_place"),
        ("bce", "binary_cross_entropy", hardened, "soft_labels_taken_for_one"),
        ("bce", "kl_bernoulli", small_numbers_around, "small_number_above_and_below"),
        ("bce", "kl_bernoulli", no_impossible_forecast, "certain_forecast_refused"),
        ("confidence", "bce_with_logits", loss_and_gradient, "loss_and_gradient"),
        ("rmse", "rmse", one_for_all_errors, "errors_become_one"),
    ],
)
def test_it_has_a_name_and_a_next_step(topic, function, way, name):
    found = finding_for(topic, function, way, 3)
    assert (found.name, found.layer != "promise", (found.hint or "?")[-1] in ".?") == (name, True, True)
