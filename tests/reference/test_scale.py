"""The reference of unit 5 against scikit-learn and exact fractions, on random and extreme inputs."""

from __future__ import annotations

import math
import statistics
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from sklearn.metrics import r2_score, root_mean_squared_error

from benchmarks.trials import UNITS

scale = UNITS["scale"].reference

NUMBER = st.floats(-1e6, 1e6, allow_subnormal=False)
PAIR = (
    st.integers(2, 30)
    .map(lambda n: (n,))
    .flatmap(
        lambda shape: st.tuples(
            hnp.arrays(np.float64, shape, elements=NUMBER), hnp.arrays(np.float64, shape, elements=NUMBER)
        )
    )
)
PARTS = st.lists(hnp.arrays(np.float64, st.integers(1, 12), elements=st.floats(-1e3, 1e3)), min_size=1, max_size=6)
SIZES = {
    "std": lambda y: statistics.pstdev(map(Fraction, y.tolist())),
    "range": lambda y: max(y.tolist()) - min(y.tolist()),
    "mean": lambda y: abs(float(statistics.mean(map(Fraction, y.tolist())))),
}


def has_size(y: np.ndarray, method: str) -> bool:
    """Whether floats can tell this size: next to far larger targets its last digits are lost, and the square of a
    number below 1e-150 is no number any more."""
    return SIZES[method](y) > max(1e-2 * np.abs(y).max(), 1e-90)


def close(ours: float, theirs: float) -> bool:
    return math.isclose(ours, theirs, rel_tol=1e-12, abs_tol=1e-300)


@given(PAIR, st.sampled_from(sorted(SIZES)))
def test_nrmse_is_scikit_learns_rmse_divided_by_an_exact_size(data, method):
    y, y_hat = data
    assume(has_size(y, method))
    assert close(scale.nrmse(y, y_hat, method), root_mean_squared_error(y, y_hat) / SIZES[method](y))


@given(PAIR)
def test_by_standard_deviation_it_is_the_root_of_what_r2_leaves(data):
    y, y_hat = data
    assume(has_size(y, "std"))
    assert math.isclose(scale.nrmse(y, y_hat) ** 2, 1 - r2_score(y, y_hat), rel_tol=1e-9, abs_tol=1e-9)


@given(PAIR, st.sampled_from(sorted(SIZES)), st.sampled_from([2.0**-60, 2.0**40, -(2.0**7)]))
def test_another_unit_changes_nothing(data, method, factor):
    """Powers of two, so that the unit adds no rounding of its own."""
    y, y_hat = data
    assume(has_size(y, method) and np.abs(y - y_hat).max() > 1e-90)
    assert close(scale.nrmse(factor * y, factor * y_hat, method), scale.nrmse(y, y_hat, method))


@given(PARTS)
def test_pooling_gives_scikit_learns_rmse_of_everything(parts):
    rmses = [root_mean_squared_error(np.zeros(len(part)), part) for part in parts]
    everything = np.concatenate(parts)
    pooled = scale.pool_rmse(rmses, [len(part) for part in parts])
    assert math.isclose(
        pooled, root_mean_squared_error(np.zeros(len(everything)), everything), rel_tol=1e-12, abs_tol=1e-150
    )


@given(st.lists(st.tuples(st.floats(0, 1e8), st.integers(1, 10**12)), min_size=1, max_size=20))
def test_pooling_agrees_with_exact_fractions(folds):
    rmses, counts = zip(*folds, strict=True)
    squares = sum(count * Fraction(rmse) ** 2 for rmse, count in folds)
    pooled = scale.pool_rmse(rmses, counts)
    assert math.isclose(pooled, math.sqrt(squares / sum(counts)), rel_tol=1e-12, abs_tol=1e-150)
    assert min(rmses) * (1 - 1e-12) - 1e-150 <= pooled <= max(rmses) * (1 + 1e-12) + 1e-150


def test_the_numbers_of_the_lesson():
    assert round(scale.pool_rmse([1, 5], [10, 10]), 3) == 3.606
    assert math.isclose(scale.pool_rmse([2, 6], [50, 50]), math.sqrt(20))
    targets = np.array([40.0, 45.0, 52.0, 55.0, 60.0, 66.0])
    every_pair = np.repeat(targets, 6), np.tile(targets, 6)
    assert math.isclose(scale.nrmse(*every_pair), math.sqrt(2))


def test_targets_far_from_zero_keep_their_spread():
    y = 1e9 + np.array([0.0, 1.0, 2.0, 3.0])
    assert math.isclose(scale.nrmse(y, y + 1), 1 / math.sqrt(1.25), rel_tol=1e-12)


@pytest.mark.parametrize("kind", [np.uint8, np.int64, np.float16, np.float32, list, tuple])
def test_any_type_of_number_is_computed_in_float64(kind):
    y, y_hat, n = np.array([0.0, 200.0, 30.0]), np.array([10.0, 100.0, 240.0]), np.array([250.0, 100.0, 7.0])
    convert = kind if kind in (list, tuple) else lambda values: values.astype(kind)
    for method in SIZES:
        assert scale.nrmse(convert(y), convert(y_hat), method) == scale.nrmse(y, y_hat, method)
    assert scale.pool_rmse(convert(y_hat), convert(n)) == scale.pool_rmse(y_hat, n)


@pytest.mark.parametrize("value", [0.0, 5.0, 0.1, -1 / 3, 1e-300])
@pytest.mark.parametrize("method", ["std", "range"])
def test_equal_targets_are_refused_even_where_rounding_would_hide_it(value, method):
    for n in (1, 3, 7, 10):
        with pytest.raises(ValueError, match="zero"):
            scale.nrmse([value] * n, [value + 1] * n, method)


def test_a_mean_of_zero_is_refused():
    with pytest.raises(ValueError, match="zero"):
        scale.nrmse([-2, 2], [0, 0], "mean")
    assert scale.nrmse([-2, 2], [0, 0], "std") == 1
    assert scale.nrmse([-1, -3], [-2, -2], "mean") == 0.5


@pytest.mark.parametrize("method", ["median", "STD", "", None, 0, ["std"]])
def test_an_unknown_method_is_refused(method):
    with pytest.raises(ValueError, match="method"):
        scale.nrmse([1, 2], [1, 2], method)


BAD = {
    "lengths": ([1, 2], [1]),
    "one against many": ([1, 2], [1, 2, 3]),
    "column": ([1, 2], [[1], [2]]),
    "2-D": ([[1, 2]], [[1, 2]]),
    "scalars": (1, 2),
    "empty": ([], []),
    "nan in the first": ([math.nan, 1], [1, 2]),
    "nan in the second": ([1, 2], [1, math.nan]),
    "inf": ([1, 2], [1, math.inf]),
    "text": (["1", "2"], [1, 2]),
}


@pytest.mark.parametrize("function", [scale.nrmse, scale.pool_rmse], ids=lambda function: function.__name__)
@pytest.mark.parametrize("case", BAD)
def test_bad_pairs_are_refused(function, case):
    with pytest.raises(ValueError):
        function(*BAD[case])


@pytest.mark.parametrize(("rmses", "counts"), [([-1e-9, 1], [1, 1]), ([1, 1], [1, 0]), ([1, 1], [-1, 3])])
def test_impossible_parts_are_refused(rmses, counts):
    with pytest.raises(ValueError):
        scale.pool_rmse(rmses, counts)


def test_inputs_stay_as_they_were():
    a, b = np.array([1.0, 4.0]), np.array([2.0, 3.0])
    for method in SIZES:
        scale.nrmse(a, b, method)
    scale.pool_rmse(a, b)
    assert a.tolist() == [1.0, 4.0]
    assert b.tolist() == [2.0, 3.0]
