"""The reference of unit 1 against scikit-learn and SciPy, on random and extreme inputs."""

from __future__ import annotations

import math
import warnings

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from scipy.special import entr, rel_entr, xlog1py, xlogy
from sklearn.metrics import log_loss

from benchmarks.trials import UNITS

bce = UNITS["bce"].reference

# Anything a probability can be: ordinary, exactly 0 or 1, next to them, and as small as a normal float64.
PROBABILITY = st.one_of(
    st.floats(0, 1, allow_subnormal=False),
    st.sampled_from([0.0, 1.0, 0.5, 1e-300, 1e-16, 1 - 1e-16, np.finfo(float).eps, 1 - np.finfo(float).eps]),
)
LABEL = st.sampled_from([0.0, 1.0])


def pairs(first: st.SearchStrategy[float], second: st.SearchStrategy[float]):
    """Two vectors of one length."""
    both = st.integers(1, 30).map(lambda n: (n,))
    return both.flatmap(
        lambda shape: st.tuples(
            hnp.arrays(np.float64, shape, elements=first), hnp.arrays(np.float64, shape, elements=second)
        )
    )


def agree(ours: object, theirs: object) -> bool:
    return bool(np.allclose(ours, theirs, rtol=1e-12, atol=1e-12))


@given(pairs(LABEL, PROBABILITY))
def test_log_likelihood_is_the_sum_of_scipys_terms(data):
    y, p = data
    assert agree(bce.bernoulli_log_likelihood(y, p), np.sum(xlogy(y, p) + xlog1py(1 - y, -p)))


@given(pairs(PROBABILITY, PROBABILITY))
def test_entropy_agrees_with_scipy(data):
    q, _ = data
    ours = bce.binary_entropy(q)
    assert ours.shape == q.shape
    assert agree(ours, entr(q) + entr(1 - q))
    assert ((ours >= 0) & (ours <= math.log(2) + 1e-15)).all()


@given(pairs(PROBABILITY, PROBABILITY))
def test_divergence_agrees_with_scipy(data):
    q, p = data
    ours = bce.kl_bernoulli(q, p)
    assert agree(ours, rel_entr(q, p) + rel_entr(1 - q, 1 - p))
    assert (ours >= 0).all()
    assert np.isinf(ours[((p == 0) & (q > 0)) | ((p == 1) & (q < 1))]).all()


@given(pairs(LABEL, PROBABILITY))
def test_loss_agrees_with_scikit_learn(data):
    y, p = data
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)
        theirs = log_loss(y, p, labels=[0, 1])
    assert agree(bce.binary_cross_entropy(y, p), theirs)


@given(pairs(PROBABILITY, PROBABILITY), st.sampled_from([0.0, 1e-15, 1e-7, 0.01, 0.3, 0.4999]))
def test_loss_is_the_mean_of_scipys_terms_for_soft_labels_and_any_eps(data, eps):
    y, p = data
    clipped = np.clip(p, eps, 1 - eps)
    assert agree(bce.binary_cross_entropy(y, p, eps), -np.mean(xlogy(y, clipped) + xlog1py(1 - y, -clipped)))


@given(pairs(PROBABILITY, PROBABILITY))
def test_loss_without_clip_is_entropy_plus_divergence(data):
    q, p = data
    parts = bce.binary_entropy(q) + bce.kl_bernoulli(q, p)
    assert agree(bce.binary_cross_entropy(q, p, eps=0), parts.mean())


@given(pairs(LABEL, PROBABILITY))
def test_loss_without_clip_is_the_log_likelihood_per_outcome(data):
    y, p = data
    assert agree(bce.binary_cross_entropy(y, p, eps=0), -bce.bernoulli_log_likelihood(y, p) / len(y))


def test_certain_mistakes():
    assert math.isclose(bce.binary_cross_entropy([1], [0]), 36.04365338911715, rel_tol=1e-12)
    assert math.isclose(bce.binary_cross_entropy([0], [1]), 36.04365338911715, rel_tol=1e-12)
    assert bce.binary_cross_entropy([1], [0], eps=0) == math.inf
    assert bce.bernoulli_log_likelihood([1], [0]) == -math.inf


@pytest.mark.parametrize("kind", [bool, np.uint8, np.int8, np.int64, np.float16, np.float32, list, tuple])
def test_any_type_of_number_is_computed_in_float64(kind):
    y, p = np.array([1.0, 0.0, 1.0]), np.array([0.1, 0.7, 0.3], dtype=np.float16)
    labels = kind(y.tolist()) if kind in (list, tuple) else y.astype(kind)
    exact = p.astype(np.float64)
    assert bce.bernoulli_log_likelihood(labels, p) == bce.bernoulli_log_likelihood(y, exact)
    assert bce.binary_cross_entropy(labels, p) == bce.binary_cross_entropy(y, exact)
    assert (bce.kl_bernoulli(labels, p) == bce.kl_bernoulli(y, exact)).all()
    assert (bce.binary_entropy(p) == bce.binary_entropy(exact)).all()


PAIRED = [bce.bernoulli_log_likelihood, bce.kl_bernoulli, bce.binary_cross_entropy]
BAD = {
    "lengths": ([1, 0], [0.5]),
    "one against many": ([1, 0], [0.5, 0.5, 0.5]),
    "column": ([1, 0], [[0.5], [0.5]]),
    "2-D": ([[1, 0]], [[0.5, 0.5]]),
    "scalars": (1, 0.5),
    "empty": ([], []),
    "ragged": ([[1], [1, 0]], [0.5, 0.5]),
    "nan in the first": ([math.nan, 1], [0.5, 0.5]),
    "nan in the second": ([1, 0], [0.5, math.nan]),
    "inf": ([1, 0], [0.5, math.inf]),
    "first below 0": ([-1, 0], [0.5, 0.5]),
    "first above 1": ([2, 0], [0.5, 0.5]),
    "second below 0": ([1, 0], [-1e-9, 0.5]),
    "second above 1": ([1, 0], [0.5, 1 + 1e-9]),
    "text": (["1", "0"], [0.5, 0.5]),
    "complex": ([1, 0], [0.5 + 1j, 0.5]),
}


@pytest.mark.parametrize("function", PAIRED, ids=lambda function: function.__name__)
@pytest.mark.parametrize("case", BAD)
def test_bad_pairs_are_refused(function, case):
    with pytest.raises(ValueError):
        function(*BAD[case])


@pytest.mark.parametrize("q", [[-1e-9], [1 + 1e-9], [math.nan], [math.inf], ["0.5"]])
def test_bad_coins_are_refused(q):
    with pytest.raises(ValueError):
        bce.binary_entropy(q)


def test_a_likelihood_refuses_soft_labels_and_a_loss_takes_them():
    with pytest.raises(ValueError, match="only 0 and 1"):
        bce.bernoulli_log_likelihood([0.5], [0.5])
    assert bce.binary_cross_entropy([0.5], [0.5]) == math.log(2)


@pytest.mark.parametrize("eps", [-1e-12, 0.5, 1.0, math.nan])
def test_eps_out_of_range_is_refused(eps):
    with pytest.raises(ValueError, match="eps"):
        bce.binary_cross_entropy([1, 0], [0.5, 0.5], eps)


def test_inputs_stay_as_they_were():
    y, p = np.array([1.0, 0.0]), np.array([0.0, 1.0])
    for function in PAIRED:
        function(y, p)
    bce.binary_entropy(p)
    assert y.tolist() == [1.0, 0.0]
    assert p.tolist() == [0.0, 1.0]
