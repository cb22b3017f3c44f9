"""The small statistics agree with those of a large library, and say nothing that they cannot know."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from autograder.classes.report import statistics
from autograder.classes.report.statistics import Size


@pytest.mark.parametrize(("count", "of"), [(0, 10), (1, 10), (5, 10), (10, 10), (41, 188), (0, 3000), (3000, 3000)])
def test_the_interval_of_a_share_is_wilsons(count: int, of: int) -> None:
    theirs = stats.binomtest(count, of).proportion_ci(0.95, method="wilson")
    assert statistics.wilson(count, of) == pytest.approx((theirs.low, theirs.high), abs=1e-9)


@pytest.mark.parametrize("slope", [-1.0, 0.0, 0.3, 2.0])
def test_the_interval_of_a_correlation_is_fishers(slope: float) -> None:
    rng = np.random.default_rng(1)
    x = rng.normal(size=47)
    y = slope * x + rng.normal(size=47)
    theirs = stats.pearsonr(x, y)
    interval = theirs.confidence_interval(0.95)
    assert statistics.correlation(x, y) == pytest.approx((theirs.statistic, interval.low, interval.high), abs=1e-9)


def test_what_is_the_same_for_everybody_has_no_correlation() -> None:
    assert statistics.correlation(np.ones(40), np.arange(40.0)) is None
    assert statistics.alpha(np.ones((60, 8))) is None


def test_alpha_is_one_for_copies_and_about_zero_for_noise() -> None:
    rng = np.random.default_rng(2)
    once = rng.normal(size=(80, 1))
    assert statistics.alpha(np.repeat(once, 8, axis=1)) == pytest.approx((1, 1, 1))
    found = statistics.alpha(rng.normal(size=(5_000, 10)))
    assert found is not None
    assert found[1] < 0 < found[2]


def test_the_interval_of_alpha_holds_its_level() -> None:
    """Of parallel tasks whose alpha is known by construction, 95 in a hundred classes' intervals hold it."""
    rng = np.random.default_rng(3)
    tasks, students, trials = 8, 60, 400
    known = tasks * 0.5 / (1 + (tasks - 1) * 0.5)
    held = 0
    for _ in range(trials):
        scores = rng.normal(size=(students, 1)) + rng.normal(size=(students, tasks))
        found = statistics.alpha(scores)
        assert found is not None
        held += found[1] < known < found[2]
    low, high = statistics.wilson(held, trials)
    assert low < 0.95 < high + 0.02, held / trials


def test_fifths_do_not_depend_on_the_order_of_students() -> None:
    rng = np.random.default_rng(4)
    item, total = rng.integers(0, 2, 53).astype(float), rng.integers(0, 6, 53).astype(float)
    order = rng.permutation(53)
    assert statistics.by_fifths(item, total) == pytest.approx(statistics.by_fifths(item[order], total[order]))
    assert np.mean(statistics.by_fifths(np.ones(53), total)) == 1


def test_half_have_so_much_or_more() -> None:
    assert statistics.half_have([1.0, 2.0, 3.0]) == 2.0
    assert statistics.half_have([1.0, 2.0, 3.0, 4.0]) == 3.0
    assert statistics.half_have([5.0]) == 5.0


@pytest.mark.parametrize(("students", "size"), [(0, 0), (9, 0), (10, 10), (29, 10), (30, 30), (49, 30), (50, 50)])
def test_the_size_of_a_class_decides_what_may_be_said(students: int, size: int) -> None:
    assert Size.of(students) == size
