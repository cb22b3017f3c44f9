"""What a train/validation comparison can say: scaling, early stopping, the gap and its interval, repeated rows."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import ArrayLike

from .inputs import Array, columns, numbers, vector


def standardize_from_train(X_train: ArrayLike, X_val: ArrayLike) -> tuple[Array, Array]:
    """Both tables, column by column: minus the training mean, divided by the training standard deviation (ddof 0).

    X_train, X_val: shapes (n, d) and (m, d), any units.  Returns both without units, in their shapes.
    A column that is constant in the training rows is divided by 1.
    Raises `ValueError` for tables that are not 2-D, have no rows or no columns, differ in columns or are not finite.
    Source: scikit-learn's StandardScaler, fitted on the training rows only.
    """
    train, val = columns(X_train, X_val, ("X_train", "X_val"))
    center = train.mean(axis=0)
    constant = train.min(axis=0) == train.max(axis=0)
    # The mean and the deviation of equal numbers may be off in the last digit; a comparison is exact.
    center = np.where(constant, train[0], center)
    spread = np.where(constant, 1.0, np.sqrt(np.mean((train - center) ** 2, axis=0)))
    return (train - center) / spread, (val - center) / spread


def early_stopping(val_losses: ArrayLike, patience: int, min_delta: float = 0.0) -> tuple[int, int]:
    """The best epoch, and the epoch at which training stops, both counted from 0.

    val_losses: one validation loss an epoch, shape (n,).  patience: epochs without improvement that end training.
    An epoch improves if its loss is strictly below best − min_delta, `best` being the loss of the last one that did.
    Returns (best_epoch, stop_epoch); the last epoch where patience never ran out.
    Raises `ValueError` for bad losses, patience < 1 or min_delta < 0.
    Source: Prechelt, Early Stopping – But When? (1998); the counting is that of Keras' EarlyStopping.
    """
    losses = vector(val_losses, "val_losses")
    if not patience >= 1:
        raise ValueError(f"patience must be at least 1, got {patience}")
    if not min_delta >= 0:
        raise ValueError(f"min_delta must not be negative, got {min_delta}")
    best_epoch, best = 0, losses[0]
    for epoch, loss in enumerate(losses):
        if loss < best - min_delta:
            best_epoch, best = epoch, loss
        elif epoch - best_epoch >= patience:
            return best_epoch, epoch
    return best_epoch, len(losses) - 1


def gap_interval(train_losses: ArrayLike, val_losses: ArrayLike, z: float = 1.96) -> tuple[float, float, float]:
    """The gap mean(val) − mean(train) and an interval around it, ± z times Welch's standard error.

    train_losses, val_losses: one loss a sample, shapes (n,) and (m,), n and m at least 2; variances with ddof 1.
    Returns (gap, low, high) in the unit of the losses.
    Raises `ValueError` for losses that are not 1-D, fewer than two, or not finite.
    Source: Welch, Biometrika 34 (1947), 28-35, for the standard error; a normal quantile z in place of his t makes it
    an approximation for many rows.
    """
    train, val = _two_or_more(train_losses, "train_losses"), _two_or_more(val_losses, "val_losses")
    gap = float(val.mean() - train.mean())
    margin = z * math.sqrt(train.var(ddof=1) / len(train) + val.var(ddof=1) / len(val))
    return gap, gap - margin, gap + margin


def diagnose_gap(train_losses: ArrayLike, val_losses: ArrayLike, baseline: float) -> str:
    """What the two sets of losses support: 'no-skill', 'gap', 'reversed-gap' or 'no-clear-gap'.

    train_losses, val_losses: as for `gap_interval`.  baseline: the validation loss of the constant that fits
    the *training* rows best, positive and finite.
    'no-skill' if mean(val) ≥ baseline; else by the interval of the gap, which promises 95 %: above 0, below 0, neither.
    Raises `ValueError` for such losses, or a baseline that is not positive and finite.
    Source: the order of the questions is this course's own.
    """
    if not (math.isfinite(baseline) and baseline > 0):
        raise ValueError(f"baseline must be positive and finite, got {baseline}")
    _, low, high = gap_interval(train_losses, val_losses)
    if numbers(val_losses, "val_losses").mean() >= baseline:
        return "no-skill"
    if low > 0:
        return "gap"
    return "reversed-gap" if high < 0 else "no-clear-gap"


def overlapping_rows(X_train: ArrayLike, X_val: ArrayLike) -> Array:
    """Indices of the validation rows that equal some training row in every column, ascending.

    X_train, X_val: shapes (n, d) and (m, d).  Returns integers, shape (k,) with k from 0 to m.
    Raises `ValueError` as `standardize_from_train`.
    Source: Kapoor and Narayanan, Patterns 4 (2023), 100804, on duplicates as a kind of leakage.
    """
    train, val = columns(X_train, X_val, ("X_train", "X_val"))
    seen = set(map(tuple, train.tolist()))
    return np.array([i for i, row in enumerate(val.tolist()) if tuple(row) in seen], dtype=np.int64)


def _two_or_more(values: ArrayLike, name: str) -> Array:
    losses = vector(values, name)
    if losses.size < 2:
        raise ValueError(f"{name} must hold at least two losses, or their spread is unknown")
    return losses
