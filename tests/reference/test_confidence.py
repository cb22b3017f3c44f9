"""The reference of unit 4 against SciPy, scikit-learn and differences, on random and extreme inputs."""

from __future__ import annotations

import math
import warnings

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from scipy.optimize import approx_fprime
from scipy.special import expit, log_expit
from sklearn.metrics import log_loss

from benchmarks.trials import UNITS

confidence = UNITS["confidence"].reference

EDGES = [0.0, 1.0, -1.0, 17.0, 36.0, 37.0, 40.0, 709.0, 710.0, 745.0, 1000.0, -37.0, -710.0, -1000.0, 1e4, -1e4]
LOGIT = st.one_of(st.floats(-40, 40), st.floats(-1e4, 1e4), st.sampled_from(EDGES))
MILD = st.floats(-6, 6)
LABEL = st.sampled_from([0.0, 1.0])
SOFT = st.one_of(st.floats(0, 1, allow_subnormal=False), LABEL)


def pairs(first: st.SearchStrategy[float], second: st.SearchStrategy[float]):
    """Two vectors of one length."""
    both = st.integers(1, 20).map(lambda n: (n,))
    return both.flatmap(
        lambda shape: st.tuples(
            hnp.arrays(np.float64, shape, elements=first), hnp.arrays(np.float64, shape, elements=second)
        )
    )


def agree(ours: object, theirs: object, tolerance: float = 1e-12) -> bool:
    return bool(np.allclose(ours, theirs, rtol=tolerance, atol=tolerance))


@given(hnp.arrays(np.float64, hnp.array_shapes(min_dims=0, max_dims=3, min_side=1), elements=LOGIT))
def test_sigmoid_agrees_with_scipy_in_any_shape(z):
    ours = confidence.sigmoid(z)
    assert np.shape(ours) == z.shape
    assert agree(ours, expit(z))
    assert ((ours >= 0) & (ours <= 1)).all()


@given(st.floats(-700, 36))
def test_sigmoid_keeps_its_digits_in_the_tail(z):
    assert math.isclose(float(confidence.sigmoid(z)), float(expit(z)), rel_tol=1e-13)


@given(pairs(SOFT, LOGIT))
def test_loss_is_the_mean_of_scipys_logarithms(data):
    y, z = data
    ours = confidence.bce_with_logits(y, z)
    assert agree(ours, -np.mean(y * log_expit(z) + (1 - y) * log_expit(-z)))
    assert ours >= 0


@given(pairs(LABEL, MILD))
def test_loss_agrees_with_scikit_learn_where_probabilities_can_carry_it(data):
    y, z = data
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)
        assert agree(confidence.bce_with_logits(y, z), log_loss(y, expit(z), labels=[0, 1]))


@given(pairs(SOFT, LOGIT))
def test_gradients_agree_with_scipys_sigmoid(data):
    y, z = data
    p, q = expit(z), expit(-z)
    assert agree(confidence.bce_grad_logits(y, z), (y * -q + (1 - y) * p) / y.size)
    assert agree(confidence.mse_grad_logits(y, z), 2 * (p - y) * p * q / y.size)


@given(pairs(SOFT, MILD))
def test_gradients_agree_with_differences_of_the_losses(data):
    y, z = data
    step = 6e-6

    def central(loss):
        forward, backward = approx_fprime(z, loss, step), approx_fprime(z, loss, -step)
        return (forward + backward) / 2

    assert agree(confidence.bce_grad_logits(y, z), central(lambda at: confidence.bce_with_logits(y, at)), 1e-8)
    assert agree(confidence.mse_grad_logits(y, z), central(lambda at: np.mean((expit(at) - y) ** 2)), 1e-8)


def test_confident_errors_are_exact():
    assert confidence.bce_with_logits([1, 0], [-1e4, 1e4]) == 1e4
    assert confidence.bce_with_logits([1, 0], [1e4, -1e4]) == 0
    assert confidence.bce_with_logits([0], [40]) == 40
    assert confidence.sigmoid(1000) == 1
    assert confidence.sigmoid(-1000) == 0
    assert confidence.bce_grad_logits([1, 0], [-1e4, 1e4]).tolist() == [-0.5, 0.5]
    assert confidence.mse_grad_logits([1, 0], [-1e4, 1e4]).tolist() == [0, 0]


def test_a_small_loss_and_a_small_slope_keep_their_digits():
    assert math.isclose(confidence.bce_with_logits([1], [50]), math.exp(-50), rel_tol=1e-12)
    (slope,) = confidence.mse_grad_logits([0], [50.0])
    assert math.isclose(slope, 2 * math.exp(-50), rel_tol=1e-12)


def test_no_warning_is_given():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        confidence.sigmoid(EDGES)
        for function in PAIRED:
            function(np.ones(len(EDGES)), EDGES)


def test_the_numbers_of_the_lesson():
    (bce,), (mse,) = confidence.bce_grad_logits([1], [-5.0]), confidence.mse_grad_logits([1], [-5.0])
    assert round(bce / mse, 1) == 75.2
    z = np.linspace(-3, 3, 60001)
    steepest = z[np.abs([confidence.mse_grad_logits([1.0], [at])[0] for at in z[::100]]).argmax() * 100]
    assert abs(confidence.sigmoid(steepest) - 1 / 3) < 2e-3


@pytest.mark.parametrize("kind", [bool, np.uint8, np.int8, np.int64, np.float16, np.float32, list, tuple])
def test_any_type_of_number_is_computed_in_float64(kind):
    y, z = np.array([1.0, 0.0, 1.0]), np.array([3.0, 5.0, 100.0])
    convert = kind if kind in (list, tuple) else lambda values: values.astype(kind)
    exact = np.asarray(convert(z), dtype=float)
    assert (confidence.sigmoid(convert(z)) == confidence.sigmoid(exact)).all()
    for function in PAIRED:
        assert np.array_equal(function(convert(y), convert(z)), function(y, exact))


PAIRED = [confidence.bce_with_logits, confidence.bce_grad_logits, confidence.mse_grad_logits]
BAD = {
    "lengths": ([1, 0], [0.5]),
    "one against many": ([1, 0], [0.5, 0.5, 0.5]),
    "column": ([1, 0], [[0.5], [0.5]]),
    "2-D": ([[1, 0]], [[0.5, 0.5]]),
    "scalars": (1, 0.5),
    "empty": ([], []),
    "nan in y": ([math.nan, 1], [0.5, 0.5]),
    "nan in z": ([1, 0], [0.5, math.nan]),
    "inf in z": ([1, 0], [0.5, math.inf]),
    "y below 0": ([-1, 1], [0.5, 0.5]),
    "y above 1": ([2, 0], [0.5, 0.5]),
    "text": (["1", "0"], [0.5, 0.5]),
}


@pytest.mark.parametrize("function", PAIRED, ids=lambda function: function.__name__)
@pytest.mark.parametrize("case", BAD)
def test_bad_pairs_are_refused(function, case):
    with pytest.raises(ValueError):
        function(*BAD[case])


@pytest.mark.parametrize("z", [math.nan, [math.inf], ["1"], [1j]])
def test_bad_logits_are_refused(z):
    with pytest.raises(ValueError):
        confidence.sigmoid(z)


def test_inputs_stay_as_they_were():
    y, z = np.array([1.0, 0.0]), np.array([-800.0, 3.0])
    for function in PAIRED:
        function(y, z)
    confidence.sigmoid(z)
    assert y.tolist() == [1.0, 0.0]
    assert z.tolist() == [-800.0, 3.0]
