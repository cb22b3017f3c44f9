"""The reference of unit 2 against SciPy and scikit-learn, on random and extreme inputs."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from scipy.stats import norm
from sklearn.metrics import mean_absolute_error, root_mean_squared_error

from benchmarks.trials import UNITS

rmse = UNITS["rmse"].reference

NUMBER = st.one_of(
    st.floats(-1e100, 1e100, allow_subnormal=False),
    st.floats(-10, 10, allow_subnormal=False),
    st.sampled_from([0.0, 1e8, 1e8 + 1, 1e-300, -1e16, 1e16 + 2]),
)
PAIRS = st.integers(1, 30).flatmap(
    lambda n: st.tuples(hnp.arrays(np.float64, n, elements=NUMBER), hnp.arrays(np.float64, n, elements=NUMBER))
)
SIGMA = st.one_of(st.floats(1e-3, 1e3), st.sampled_from([1e-200, 1e200, 1.0]))


def agree(ours: float, theirs: float) -> bool:
    return bool(np.allclose(ours, theirs, rtol=1e-12, atol=0, equal_nan=False)) or ours == theirs


@given(PAIRS)
def test_rmse_agrees_with_scikit_learn(data):
    assert agree(rmse.rmse(*data), root_mean_squared_error(*data))


@given(PAIRS)
def test_mae_agrees_with_scikit_learn(data):
    assert agree(rmse.mae(*data), mean_absolute_error(*data))


@given(PAIRS, SIGMA)
def test_gaussian_loss_agrees_with_scipy(data, sigma):
    y, mu = data
    with np.errstate(over="ignore"):
        theirs = -np.mean(norm.logpdf((y - mu) / sigma)) + math.log(sigma)
        assert np.allclose(rmse.gaussian_nll(y, mu, sigma), theirs, rtol=1e-12, atol=1e-12)


@given(PAIRS)
def test_squares_differ_by_the_variance_of_the_sizes(data):
    e = data[0] - data[1]
    parts = math.hypot(rmse.mae(*data), np.std(np.abs(e)))
    assert np.isclose(rmse.rmse(*data), parts, rtol=1e-12, atol=1e-150)  # below that, squares underflow
    assert rmse.mae(*data) <= rmse.rmse(*data) * (1 + 1e-12) + 1e-150


@given(PAIRS)
def test_the_likeliest_width_is_the_rmse(data):
    width = rmse.rmse(*data)
    if 1e-100 < width < 1e100:
        lowest = rmse.gaussian_nll(*data, width)
        assert np.isclose(lowest, 0.5 * math.log(2 * math.pi * math.e) + math.log(width), rtol=1e-12, atol=1e-12)
        assert lowest < min(rmse.gaussian_nll(*data, width * factor) for factor in (0.9, 1.1))


def test_numbers_that_the_lesson_states():
    assert rmse.rmse([0, 0, 0, 4], [0] * 4) == 2
    assert rmse.mae([0, 0, 0, 4], [0] * 4) == 1
    assert math.isclose(rmse.gaussian_nll([0.001, -0.001], [0, 0], 0.001), -5.488816746, rel_tol=1e-9)


@pytest.mark.parametrize("kind", [np.uint8, np.int32, np.int64, np.float16, np.float32, list, tuple])
def test_any_type_of_number_is_computed_in_float64(kind):
    y, y_hat = np.array([0.0, 200.0, 100.0]), np.array([10.0, 100.0, 250.0])
    given = [kind(v.tolist()) if kind in (list, tuple) else v.astype(kind) for v in (y, y_hat)]
    assert rmse.rmse(*given) == rmse.rmse(y, y_hat)
    assert rmse.mae(*given) == rmse.mae(y, y_hat)
    assert rmse.gaussian_nll(*given, 7) == rmse.gaussian_nll(y, y_hat, 7.0)


def test_truth_values_count_as_0_and_1():
    assert rmse.mae([True, False, True, True], np.array([False, False, True, True])) == 0.25


BAD = {
    "lengths": ([1, 2], [1]),
    "one against many": ([1], [1, 2]),
    "column": ([1, 2], [[1], [2]]),
    "2-D": ([[1, 2]], [[1, 2]]),
    "scalars": (1, 2),
    "empty": ([], []),
    "ragged": ([[1], [1, 0]], [1, 2]),
    "nan": ([math.nan, 1], [1, 2]),
    "equal infinities": ([math.inf, 1], [math.inf, 2]),
    "text": (["1", "2"], [1, 2]),
    "complex": ([1j, 2], [1, 2]),
}


@pytest.mark.parametrize("case", BAD)
@pytest.mark.parametrize("name", ["rmse", "mae", "gaussian_nll"])
def test_bad_pairs_are_refused(name, case):
    with pytest.raises(ValueError):
        getattr(rmse, name)(*BAD[case], *([1.0] if name == "gaussian_nll" else []))


@pytest.mark.parametrize("sigma", [0, -1.0, math.nan, math.inf, -math.inf, [1.0], np.array([1.0, 2.0])])
def test_bad_widths_are_refused(sigma):
    with pytest.raises(ValueError):
        rmse.gaussian_nll([1.0, 2.0], [1.0, 2.0], sigma)


def test_inputs_stay_as_they_were():
    y, y_hat = np.array([1.0, 0.0]), np.array([0.0, 3.0])
    for function in (rmse.rmse, rmse.mae, lambda *pair: rmse.gaussian_nll(*pair, 2.0)):
        function(y, y_hat)
    assert y.tolist() == [1.0, 0.0]
    assert y_hat.tolist() == [0.0, 3.0]
