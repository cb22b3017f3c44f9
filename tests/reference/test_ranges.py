"""The reference of unit 3 against scikit-learn, SciPy and a search for the lowest loss."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from scipy.special import entr
from sklearn.dummy import DummyRegressor
from sklearn.metrics import d2_absolute_error_score, mean_absolute_error, r2_score, root_mean_squared_error

from benchmarks.trials import UNITS

ranges = UNITS["ranges"].reference
binary_cross_entropy = UNITS["bce"].reference.binary_cross_entropy
mae, rmse = UNITS["rmse"].reference.mae, UNITS["rmse"].reference.rmse

LABELS = hnp.arrays(
    np.float64, st.integers(1, 30), elements=st.floats(0, 1, allow_subnormal=False) | st.sampled_from([0.0, 1.0])
)
VALUES = hnp.arrays(
    np.float64,
    st.integers(1, 30),
    elements=st.floats(-1e6, 1e6, allow_subnormal=False) | st.sampled_from([0.0, 1e8, 1e8 + 1, -3.0]),
)
# Not eps=0: the mean of labels that are one but for the last digit may round to one, where a label costs infinity.
LOSS_OF = {"bce": lambda y, c: binary_cross_entropy(y, c, eps=1e-15), "rmse": rmse, "mae": mae}


def agree(ours: float, theirs: float) -> bool:
    return bool(np.isclose(ours, theirs, rtol=1e-12, atol=1e-12))


@given(VALUES)
@pytest.mark.parametrize(
    ("loss", "strategy", "score"), [("rmse", "mean", root_mean_squared_error), ("mae", "median", mean_absolute_error)]
)
def test_constant_and_baseline_agree_with_scikit_learn(loss, strategy, score, y):
    rows = np.zeros((len(y), 1))
    dummy = DummyRegressor(strategy=strategy).fit(rows, y)
    assert agree(ranges.best_constant(y, loss), dummy.constant_.item())
    assert np.isclose(ranges.baseline_loss(y, loss), score(y, dummy.predict(rows)), rtol=1e-12, atol=1e-7)


@given(LABELS)
def test_baseline_of_bce_agrees_with_scipy(y):
    q = min(float(np.mean(y)), 1.0)
    assert agree(ranges.baseline_loss(y, "bce"), entr(q) + entr(1 - q))
    assert agree(ranges.best_constant(y, "bce"), np.mean(y))


@given(LABELS, st.floats(0.001, 0.999))
@pytest.mark.parametrize("loss", ranges.LOSSES)
def test_no_other_constant_is_better(loss, y, other):
    loss_of, constant = LOSS_OF[loss], min(ranges.best_constant(y, loss), 1.0)
    lowest = loss_of(y, np.full_like(y, constant))
    assert np.isclose(lowest, ranges.baseline_loss(y, loss), rtol=1e-9, atol=1e-9)
    assert lowest <= loss_of(y, np.full_like(y, other)) + 1e-9


@given(VALUES.filter(lambda y: np.std(y) > 1e-3), st.floats(0.01, 3))
def test_skill_agrees_with_scikit_learn(y, size):
    y_hat = y + size * np.cos(np.arange(len(y)))
    squares = ranges.skill_score(rmse(y, y_hat) ** 2, ranges.baseline_loss(y, "rmse") ** 2)
    assert np.isclose(squares, r2_score(y, y_hat), rtol=1e-9, atol=1e-9)
    if ranges.baseline_loss(y, "mae") > 0:
        sizes = ranges.skill_score(mae(y, y_hat), ranges.baseline_loss(y, "mae"))
        assert np.isclose(sizes, d2_absolute_error_score(y, y_hat), rtol=1e-9, atol=1e-9)


def test_numbers_that_the_lesson_states():
    labels = {rate: [1] * rate + [0] * (100 - rate) for rate in (50, 10, 5, 1)}
    skills = [ranges.skill_score(0.30, ranges.baseline_loss(y, "bce")) for y in labels.values()]
    assert np.allclose(skills[:3], [0.567, 0.077, -0.511], atol=5e-4)
    assert np.allclose(
        [ranges.baseline_loss(y, "rmse") for y in labels.values()], [0.5, 0.3, 0.2179, 0.0995], atol=5e-5
    )
    assert math.isclose(ranges.skill_score(7, 0.7), -9)
    assert ranges.best_constant([1, 2, 3, 4, 100], "rmse") == 22
    assert ranges.best_constant([1, 2, 3, 4, 100], "mae") == 3


@pytest.mark.parametrize("label", [0, 1, True, 0.0, 1.0])
@pytest.mark.parametrize("loss", ranges.LOSSES)
def test_equal_targets_have_a_baseline_of_0(label, loss):
    assert ranges.baseline_loss([label] * 7, loss) == 0


@pytest.mark.parametrize("kind", [bool, np.uint8, np.int8, np.int64, np.float16, np.float32, list, tuple])
@pytest.mark.parametrize("loss", ranges.LOSSES)
def test_any_type_of_number_is_computed_in_float64(kind, loss):
    y = np.array([1.0, 0.0, 0.0, 1.0, 0.0])
    given = kind(y.tolist()) if kind in (list, tuple) else y.astype(kind)
    assert ranges.best_constant(given, loss) == ranges.best_constant(y, loss)
    assert ranges.baseline_loss(given, loss) == ranges.baseline_loss(y, loss)


@pytest.mark.parametrize("function", [ranges.best_constant, ranges.baseline_loss], ids=lambda f: f.__name__)
@pytest.mark.parametrize("loss", ranges.LOSSES)
@pytest.mark.parametrize("y", [[], 1.0, [[0.5]], [math.nan, 0.5], [math.inf], ["1"], [1j], [[1], [1, 0]]], ids=str)
def test_bad_targets_are_refused(function, loss, y):
    with pytest.raises(ValueError):
        function(y, loss)


@pytest.mark.parametrize("function", [ranges.best_constant, ranges.baseline_loss], ids=lambda f: f.__name__)
def test_bad_labels_and_losses_are_refused(function):
    for y in ([-1, 2], [0.5, 1 + 1e-9], [-1e-9, 0.5]):
        with pytest.raises(ValueError, match="lie in"):
            function(y, "bce")
        assert math.isfinite(function(y, "rmse"))
    for loss in ("mse", "", "accuracy", None, 1):
        with pytest.raises(ValueError, match="loss must be"):
            function([0, 1], loss)


@pytest.mark.parametrize(
    "pair", [(1, 0), (1, -1), (-1e-9, 1), (math.nan, 1), (1, math.nan), (math.inf, 1), (1, math.inf)]
)
def test_bad_losses_have_no_skill(pair):
    with pytest.raises(ValueError):
        ranges.skill_score(*pair)


def test_inputs_stay_as_they_were():
    y = np.array([0.9, 0.1, 0.5])
    for loss in ranges.LOSSES:
        ranges.best_constant(y, loss)
        ranges.baseline_loss(y, loss)
    assert y.tolist() == [0.9, 0.1, 0.5]
