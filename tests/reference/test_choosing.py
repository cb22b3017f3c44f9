"""The reference of unit 7 against scikit-learn and SciPy, on random and extreme inputs."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from scipy.optimize import approx_fprime
from scipy.special import expit, logsumexp
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import brier_score_loss, confusion_matrix, precision_score, recall_score

from benchmarks.trials import UNITS

choosing = UNITS["choosing"].reference

PROBABILITY = st.one_of(st.floats(0, 1, allow_subnormal=False), st.sampled_from([0.0, 0.25, 0.5, 0.75, 1.0]))
LABEL = st.sampled_from([0.0, 1.0])
LOGIT = st.one_of(st.floats(-30, 30), st.sampled_from([-1e4, 0.0, 1e4, 709.0, -745.0]))


def pairs(first: st.SearchStrategy[float], second: st.SearchStrategy[float]):
    both = st.integers(1, 30).map(lambda n: (n,))
    return both.flatmap(
        lambda shape: st.tuples(
            hnp.arrays(np.float64, shape, elements=first), hnp.arrays(np.float64, shape, elements=second)
        )
    )


@given(pairs(LABEL, PROBABILITY), PROBABILITY)
def test_counts_agree_with_scikit_learn(data, threshold):
    y, p = data
    tp, fp, fn, tn = choosing.confusion_counts(y, p, threshold)
    assert [[tn, fp], [fn, tp]] == confusion_matrix(y, p >= threshold, labels=[0, 1]).tolist()
    assert all(type(count) is int for count in (tp, fp, fn, tn))


@given(pairs(LABEL, PROBABILITY), PROBABILITY)
def test_precision_and_recall_agree_with_scikit_learn_told_to_say_nan(data, threshold):
    y, p = data
    ours = choosing.precision_recall(y, p, threshold)
    decided = (p >= threshold).astype(float)
    theirs = [score(y, decided, zero_division=np.nan, pos_label=1) for score in (precision_score, recall_score)]
    assert np.allclose(ours, theirs, rtol=1e-15, atol=0, equal_nan=True)


@given(pairs(LABEL, PROBABILITY))
def test_brier_score_agrees_with_scikit_learn(data):
    y, p = data
    assert math.isclose(choosing.brier_score(y, p), brier_score_loss(y, p, pos_label=1), rel_tol=1e-12, abs_tol=1e-15)


@given(pairs(PROBABILITY, PROBABILITY))
def test_brier_score_of_soft_labels_is_variance_plus_bias(data):
    y, p = data
    assert math.isclose(choosing.brier_score(y, p), np.var(p - y) + np.mean(p - y) ** 2, rel_tol=1e-9, abs_tol=1e-15)


def bce(w, X, y):
    return np.mean(np.logaddexp(0, X @ w) - y * (X @ w))


def mse(w, X, y):
    return np.mean((expit(X @ w) - y) ** 2)


@pytest.mark.parametrize(("name", "loss"), [("bce", bce), ("mse", mse)])
def test_a_step_goes_down_the_difference_quotient(name, loss):
    rng = np.random.default_rng(7)
    for _ in range(50):
        X, y, w = rng.normal(size=(9, 3)), rng.uniform(size=9), rng.normal(size=3)
        step = choosing.fit_logistic(X, y, name, lr=1.0, steps=1, w0=w) - w
        assert np.allclose(step, -approx_fprime(w, loss, 1e-7, X, y), atol=1e-6)


def test_a_long_descent_ends_where_scikit_learn_ends():
    rng = np.random.default_rng(8)
    X = rng.normal(size=(200, 3))
    y = (rng.uniform(size=200) < expit(X @ [1.0, -2.0, 0.5])).astype(float)
    theirs = LogisticRegression(C=np.inf, fit_intercept=False, tol=1e-12, max_iter=1000).fit(X, y)
    assert np.allclose(choosing.fit_logistic(X, y, lr=1.0, steps=5000), theirs.coef_[0], atol=1e-6)


def test_fractions_are_fitted_as_they_are():
    w = choosing.fit_logistic(np.ones((3, 1)), [0.1, 0.2, 0.6], lr=1.0, steps=2000)
    assert math.isclose(expit(w[0]), 0.3, rel_tol=1e-9)


@pytest.mark.parametrize("loss", ["bce", "mse"])
def test_scores_of_a_million_do_not_overflow(loss):
    with np.errstate(all="raise", under="ignore"):
        w = choosing.fit_logistic([[1e6], [-1e6]], [0, 1], loss, lr=1e-9, steps=3, w0=[1.0])
    assert np.isfinite(w).all()


@given(
    st.tuples(st.integers(1, 8), st.integers(1, 5)).flatmap(
        lambda s: st.tuples(
            hnp.arrays(np.float64, s, elements=LOGIT), hnp.arrays(np.int64, s[:1], elements=st.integers(0, s[1] - 1))
        )
    )
)
def test_softmax_agrees_with_scipy(data):
    logits, labels = data
    theirs = np.mean(logsumexp(logits, axis=1) - logits[np.arange(len(labels)), labels])
    assert math.isclose(choosing.softmax_cross_entropy(logits, labels), theirs, rel_tol=1e-12, abs_tol=1e-11)


def test_two_classes_are_a_sigmoid_of_the_difference():
    logits = np.random.default_rng(9).normal(0, 3, (40, 2))
    labels = (np.arange(40) % 3 == 0).astype(int)
    z = logits[:, 1] - logits[:, 0]
    assert math.isclose(choosing.softmax_cross_entropy(logits, labels), np.mean(np.logaddexp(0, z) - labels * z))


BAD_PAIRS = {
    "lengths": ([1, 0], [0.5]),
    "column": ([1, 0], [[0.5], [0.5]]),
    "empty": ([], []),
    "nan label": ([math.nan, 1], [0.5, 0.5]),
    "nan forecast": ([1, 0], [0.5, math.nan]),
    "label of 2": ([2, 0], [0.5, 0.5]),
    "forecast above 1": ([1, 0], [0.5, 1 + 1e-9]),
    "forecast below 0": ([1, 0], [0.5, -1e-9]),
}


@pytest.mark.parametrize("name", ["confusion_counts", "precision_recall", "brier_score"])
@pytest.mark.parametrize("case", BAD_PAIRS)
def test_bad_pairs_are_refused(name, case):
    with pytest.raises(ValueError):
        getattr(choosing, name)(*BAD_PAIRS[case])


def test_soft_labels_are_scored_and_not_counted():
    assert choosing.brier_score([0.5], [0.5]) == 0
    for count in (choosing.confusion_counts, choosing.precision_recall):
        with pytest.raises(ValueError, match="only 0 and 1"):
            count([0.5], [0.5])


@pytest.mark.parametrize(
    ("X", "y", "more"),
    [
        ([1.0, 2.0], [1, 0], {}),
        ([[1.0]], [1, 0], {}),
        ([[1.0]], [[1]], {}),
        (np.zeros((0, 1)), [], {}),
        ([[math.nan]], [1], {}),
        ([[1.0]], [2], {}),
        ([[1.0]], [1], {"loss": "rmse"}),
        ([[1.0]], [1], {"w0": [1.0, 2.0]}),
    ],
)
def test_bad_data_are_not_fitted(X, y, more):
    with pytest.raises(ValueError):
        choosing.fit_logistic(X, y, **more)


@pytest.mark.parametrize("labels", [[2], [-1], [0.5], [math.nan], [0, 1], [[0]], []])
def test_bad_labels_are_refused(labels):
    with pytest.raises(ValueError):
        choosing.softmax_cross_entropy([[1.0, 2.0]], labels)


def test_inputs_stay_as_they_were():
    X, y, w0 = np.array([[1.0, 2.0], [3.0, 4.0]]), np.array([1.0, 0.0]), np.array([0.5, 0.5])
    choosing.fit_logistic(X, y, steps=3, w0=w0)
    choosing.softmax_cross_entropy(X, y)
    choosing.brier_score(y, w0)
    assert (X.tolist(), y.tolist(), w0.tolist()) == ([[1, 2], [3, 4]], [1, 0], [0.5, 0.5])
