"""The few statistics of a class report, each with its interval, and the class sizes that allow them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from enum import IntEnum
from statistics import NormalDist

import numpy as np

Z = NormalDist().inv_cdf(0.975)
"""All intervals are at 95 %."""


class Size(IntEnum):
    """What the number of graded students allows to be said about the class. The larger, the more."""

    TINY = 0
    """No statistic: a share of six students says more about these six than about what was taught."""
    SMALL = 10
    """Counts and shares, with intervals."""
    USUAL = 30
    """Correlations as well, and what is compared between parts of the class."""
    LARGE = 50
    """And the reliability of the whole, where there are tasks enough."""

    @classmethod
    def of(cls, students: int) -> Size:
        return max(size for size in cls if size <= students)


TASKS_FOR_ALPHA = 8


def wilson(count: int, of: int) -> tuple[float, float]:
    """The interval for a share: E. B. Wilson, Probable inference, Journal of the American Statistical Association 22
    (1927). It stays within 0 and 1, and holds its level for few students and rare events."""
    share, square = count / of, Z**2 / of
    middle = (share + square / 2) / (1 + square)
    half = Z * math.sqrt(share * (1 - share) / of + square / (4 * of)) / (1 + square)
    # Rounding could take a share of exactly 0 or 1 out of its own interval.
    return min(share, max(0.0, middle - half)), max(share, min(1.0, middle + half))


def correlation(one: np.ndarray, other: np.ndarray) -> tuple[float, float, float] | None:
    """Pearson's correlation and its interval by the inverse hyperbolic tangent, after which it is about normal with
    standard error 1/√(n − 3): R. A. Fisher, On the "probable error" of a coefficient of correlation, Metron 1 (1921).

    None where one of the two is the same for everybody."""
    if len(one) < 4 or np.ptp(one) == 0 or np.ptp(other) == 0:
        return None
    found = float(np.clip(np.corrcoef(one, other)[0, 1], -1, 1))
    if abs(found) > 1 - 1e-9:
        return found, found, found
    half = Z / math.sqrt(len(one) - 3)
    return found, math.tanh(math.atanh(found) - half), math.tanh(math.atanh(found) + half)


def alpha(scores: np.ndarray) -> tuple[float, float, float] | None:
    """Cronbach's alpha of the columns, and its interval, in which log(1 − α) is about normal with variance
    2k / ((k − 1)(n − 2)): D. G. Bonett, Sample size requirements for testing and estimating coefficient alpha, Journal
    of Educational and Behavioral Statistics 27 (2002). None where the sums are the same for everybody."""
    students, tasks = scores.shape
    whole = scores.sum(axis=1).var(ddof=1)
    if whole == 0:
        return None
    found = tasks / (tasks - 1) * (1 - scores.var(axis=0, ddof=1).sum() / whole)
    half = Z * math.sqrt(2 * tasks / ((tasks - 1) * (students - 2)))
    rest = 1 - float(found)
    return float(found), 1 - rest * math.exp(half), 1 - rest * math.exp(-half)


def by_fifths(item: np.ndarray, total: np.ndarray) -> tuple[float, ...]:
    """The mean of an item in each fifth of the class by the total, from the lowest. Those with equal totals count with
    the mean of their own, so that nothing depends on the order of students."""
    totals, places = np.unique(total, return_inverse=True)
    alike = np.bincount(places, item) / np.bincount(places)
    ordered = alike[np.sort(places)]
    assert len(totals)
    return tuple(float(part.mean()) for part in np.array_split(ordered, 5))


def half_have(totals: Sequence[float] | np.ndarray) -> float:
    """The largest score that at least half of the class reached."""
    ordered = np.sort(np.asarray(totals))[::-1]
    return float(ordered[(len(ordered) + 1) // 2 - 1])
