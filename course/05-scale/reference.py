"""Errors that can be compared across units, and errors of several folds taken together."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from .inputs import pair


def nrmse(y: ArrayLike, y_hat: ArrayLike, method: str = "std") -> float:
    """Root mean squared error divided by a size of the targets, so that the unit cancels.

    y: targets, shape (n,).  y_hat: predictions in the same unit, shape (n,).
    method: what to divide by: 'std', the population standard deviation of y; 'range', max y − min y; 'mean', |mean y|.
    Returns a number without a unit, at least 0.
    Raises `ValueError` for unequal or not 1-D shapes, no data, non-finite values, an unknown method, or a size of
    exactly zero (all targets equal, or a mean of zero).
    Source: Botchkarev, Performance Metrics in Machine Learning Regression (2019), which lists all three divisors.
    """
    y, y_hat = pair(y, y_hat, ("y", "y_hat"))
    if not isinstance(method, str) or method not in ("std", "range", "mean"):
        raise ValueError(f"method must be 'std', 'range' or 'mean', got {method!r}")
    # Equal targets have no spread, even where rounding of their mean would leave a deviation of 1e-17.
    size = abs(float(np.mean(y))) if method == "mean" else float(np.ptp(y))
    if method == "std" and size:
        size = float(np.std(y))
    if size == 0:
        raise ValueError(f"the targets' {method} is zero, so there is nothing to divide by")
    return float(np.sqrt(np.mean((y_hat - y) ** 2))) / size


def pool_rmse(rmses: ArrayLike, counts: ArrayLike) -> float:
    """The RMSE of all data taken together, from the RMSE and the size of each part: sqrt(Σ n r² / Σ n).

    rmses: RMSE of each part, at least 0, in the targets' unit, shape (k,).  counts: entries in each part, shape (k,).
    Returns one number in the targets' unit, between the smallest and the largest of the rmses.
    Raises `ValueError` for unequal or not 1-D shapes, no data, non-finite values, r < 0, n ≤ 0.
    Source: the sum of squared errors is additive, and each part's is n r².
    """
    rmses, counts = pair(rmses, counts, ("rmses", "counts"))
    if (rmses < 0).any():
        raise ValueError("an RMSE is never negative")
    if (counts <= 0).any():
        raise ValueError("every part must hold at least one entry")
    return float(np.sqrt(np.sum(counts * rmses**2) / np.sum(counts)))
