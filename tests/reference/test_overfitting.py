"""The reference of unit 6 against scikit-learn, SciPy and an independent count."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from scipy import stats
from sklearn.preprocessing import StandardScaler

from benchmarks.trials import UNITS

overfitting = UNITS["overfitting"].reference

REAL = st.floats(-1e6, 1e6, allow_subnormal=False).map(lambda x: round(x, 6))
LOSS = st.one_of(st.floats(0, 1e6, allow_subnormal=False), st.integers(0, 5).map(float))


def tables(elements: st.SearchStrategy[float]):
    """Two tables with one number of columns."""
    sizes = st.tuples(st.integers(1, 8), st.integers(1, 8), st.integers(1, 4))
    return sizes.flatmap(
        lambda s: st.tuples(
            hnp.arrays(np.float64, (s[0], s[2]), elements=elements),
            hnp.arrays(np.float64, (s[1], s[2]), elements=elements),
        )
    )


def losses(least: int = 2):
    return hnp.arrays(np.float64, st.integers(least, 30), elements=LOSS)


@given(tables(REAL))
def test_scaling_agrees_with_scikit_learn(data):
    train, val = data
    constant = train.min(axis=0) == train.max(axis=0)
    # scikit-learn counts a column as constant from a relative spread of about 1e-8 on; we ask for equality.
    assume((constant | (np.ptp(train, axis=0) > 1e-6 * np.abs(train).max(axis=0))).all())
    scaler = StandardScaler().fit(train)
    ours = overfitting.standardize_from_train(train, val)
    for mine, table in zip(ours, (train, val), strict=True):
        theirs = scaler.transform(table)
        assert np.allclose(mine, theirs, rtol=1e-8, atol=1e-8)


@given(tables(REAL))
def test_scaled_training_columns_have_mean_0_and_deviation_1(data):
    train, val = data
    scaled, _ = overfitting.standardize_from_train(train, val)
    spread = np.ptp(train, axis=0)
    fine = spread > 1e-3 * np.abs(train).max(axis=0)
    assert np.allclose(scaled[:, fine].mean(axis=0), 0, atol=1e-10)
    assert np.allclose(scaled[:, fine].std(axis=0), 1, rtol=1e-10)
    assert (scaled[:, spread == 0] == 0).all()


@pytest.mark.parametrize("number", [0.1, 5.0, 1e300, -1e-300, 1 / 3])
def test_a_constant_column_is_divided_by_1(number):
    train, val = overfitting.standardize_from_train([[number]] * 7, [[number], [number + 1]])
    assert (train == 0).all()
    assert val.ravel().tolist() == [0, number + 1 - number]


@given(hnp.arrays(np.float64, st.integers(1, 25), elements=LOSS), st.integers(1, 5), st.sampled_from([0, 0.5, 1]))
def test_early_stopping_against_its_definition(run, patience, min_delta):
    best, stop = overfitting.early_stopping(run, patience, min_delta)
    improving = [0]  # the epochs that improve on the one that improved before them
    for epoch in range(1, len(run)):
        if run[epoch] < run[improving[-1]] - min_delta:
            improving.append(epoch)
    ends = [here + patience for here, there in zip(improving, [*improving[1:], math.inf], strict=True)
            if there - here > patience]  # fmt: skip
    assert stop == min([*ends, len(run) - 1])
    assert best == max(epoch for epoch in improving if epoch <= stop)
    assert isinstance(best, int)
    assert isinstance(stop, int)


@given(losses(), losses())
def test_the_gap_and_its_error_are_those_of_welchs_test(train, val):
    gap, low, high = overfitting.gap_interval(train, val, z=1)
    assert math.isclose(gap, val.mean() - train.mean(), rel_tol=1e-12, abs_tol=1e-12)
    assert low <= gap <= high
    if high - low > 1e-9 * max(train.max(), val.max()):
        theirs = stats.ttest_ind(val, train, equal_var=False)
        assert math.isclose(gap / ((high - low) / 2), theirs.statistic, rel_tol=1e-6, abs_tol=1e-9)


def test_the_interval_covers_the_true_gap_in_19_of_20_cases():
    rng = np.random.default_rng(6)
    held = 0
    for _ in range(2000):
        _, low, high = overfitting.gap_interval(rng.normal(0, 1, 60), rng.normal(0.5, 3, 90))
        held += low <= 0.5 <= high
    assert 0.93 < held / 2000 < 0.97


@given(losses(), losses(), st.floats(0.01, 1e6))
def test_the_diagnosis_follows_its_questions_in_order(train, val, baseline):
    word = overfitting.diagnose_gap(train, val, baseline)
    _, low, high = overfitting.gap_interval(train, val)
    assert (word == "no-skill") == (val.mean() >= baseline)
    if word != "no-skill":
        assert word == ("gap" if low > 0 else "reversed-gap" if high < 0 else "no-clear-gap")


@given(tables(st.sampled_from([0.0, -0.0, 1.0, 2.0, 0.1, 0.1 + 1e-12])))
def test_overlap_against_comparing_all_pairs(data):
    train, val = data
    found = overfitting.overlapping_rows(train, val)
    assert found.dtype.kind == "i"
    assert found.tolist() == [i for i in range(len(val)) if any((row == val[i]).all() for row in train)]


TWO_D = [overfitting.standardize_from_train, overfitting.overlapping_rows]
BAD_TABLES = {
    "columns": ([[1.0, 2.0]], [[1.0]]),
    "1-D": ([1.0, 2.0], [1.0, 2.0]),
    "one of them 1-D": ([[1.0, 2.0]], [1.0, 2.0]),
    "no rows": (np.zeros((0, 2)), [[1.0, 2.0]]),
    "no columns": (np.zeros((2, 0)), np.zeros((2, 0))),
    "ragged": ([[1.0], [1.0, 2.0]], [[1.0]]),
    "nan": ([[math.nan]], [[1.0]]),
    "inf": ([[1.0]], [[math.inf]]),
    "text": ([["1"]], [["1"]]),
}


@pytest.mark.parametrize("function", TWO_D, ids=lambda function: function.__name__)
@pytest.mark.parametrize("case", BAD_TABLES)
def test_bad_tables_are_refused(function, case):
    with pytest.raises(ValueError):
        function(*BAD_TABLES[case])


@pytest.mark.parametrize("bad", [[], [1.0], [[1.0, 2.0]], [math.nan, 1.0], [math.inf, 1.0], ["a", "b"]])
def test_bad_losses_are_refused(bad):
    for call in (
        lambda: overfitting.gap_interval(bad, [1.0, 2.0]),
        lambda: overfitting.gap_interval([1.0, 2.0], bad),
        lambda: overfitting.diagnose_gap(bad, [1.0, 2.0], 3.0),
        lambda: overfitting.diagnose_gap([1.0, 2.0], bad, 3.0),
    ):
        with pytest.raises(ValueError):
            call()


@pytest.mark.parametrize("baseline", [0.0, -1.0, math.nan, math.inf])
def test_bad_baselines_are_refused(baseline):
    with pytest.raises(ValueError, match="baseline"):
        overfitting.diagnose_gap([1.0, 2.0], [1.0, 2.0], baseline)


@pytest.mark.parametrize(
    ("run", "patience", "min_delta"),
    [([], 1, 0), ([1.0], 0, 0), ([1.0], 1, -1e-9), ([math.nan], 1, 0), ([[1.0]], 1, 0), ([1.0], math.nan, 0)],
)
def test_bad_runs_are_refused(run, patience, min_delta):
    with pytest.raises(ValueError):
        overfitting.early_stopping(run, patience, min_delta)


def test_inputs_stay_as_they_were():
    train, val = np.array([[1.0, 5.0], [3.0, 5.0]]), np.array([[2.0, 5.0]])
    for function in TWO_D:
        function(train, val)
    assert train.tolist() == [[1, 5], [3, 5]]
    assert val.tolist() == [[2, 5]]
