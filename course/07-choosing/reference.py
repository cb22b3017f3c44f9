"""Decisions from probabilities, and models fitted by a loss. Natural logarithm throughout."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import ArrayLike

from .inputs import Array, binary, in_unit_interval, numbers, pair, table, vector


def confusion_counts(y: ArrayLike, p: ArrayLike, threshold: float = 0.5) -> tuple[int, int, int, int]:
    """How often a decision was right and wrong of each kind: (tp, fp, fn, tn).

    y: outcomes, 0 or 1, shape (n,).  p: probability of 1, shape (n,).  Decided positive where p ≥ threshold.
    Returns four counts that add up to n.
    Raises `ValueError` for unequal or not 1-D shapes, no data, non-finite values, y not 0 or 1, p outside [0, 1].
    Source: Fawcett, Pattern Recognition Letters 27 (2006), 861-874.
    """
    y, p = pair(y, p, ("y", "p"))
    binary(y, "y")
    in_unit_interval(p, "p")
    positive, happened = p >= threshold, y == 1
    counts = (positive & happened, positive & ~happened, ~positive & happened, ~positive & ~happened)
    tp, fp, fn, tn = (int(count.sum()) for count in counts)
    return tp, fp, fn, tn


def precision_recall(y: ArrayLike, p: ArrayLike, threshold: float = 0.5) -> tuple[float, float]:
    """Precision tp / (tp + fp) and recall tp / (tp + fn); nan where nothing stands below the line.

    Arguments and errors as for `confusion_counts`.  Returns two numbers in [0, 1], or nan.
    Source: Fawcett, Pattern Recognition Letters 27 (2006), 861-874. scikit-learn says 0.0 where we say nan.
    """
    tp, fp, fn, _ = confusion_counts(y, p, threshold)
    precision = tp / (tp + fp) if tp + fp else math.nan
    recall = tp / (tp + fn) if tp + fn else math.nan
    return precision, recall


def brier_score(y: ArrayLike, p: ArrayLike) -> float:
    """Mean squared difference of forecast and outcome, mean (p − y)².

    y: hard or soft labels in [0, 1], shape (n,).  p: forecasts in [0, 1], shape (n,).  Returns a number in [0, 1].
    Raises `ValueError` for unequal or not 1-D shapes, no data, non-finite values, y or p outside [0, 1].
    Source: Brier, Monthly Weather Review 78 (1950), 1-3; one column, as scikit-learn's brier_score_loss.
    """
    y, p = pair(y, p, ("y", "p"))
    in_unit_interval(y, "y")
    in_unit_interval(p, "p")
    return float(np.mean((p - y) ** 2))


def fit_logistic(
    X: ArrayLike,
    y: ArrayLike,
    loss: str = "bce",
    lr: float = 0.1,
    steps: int = 100,
    w0: ArrayLike | None = None,
) -> Array:
    """Weights of a logistic model after full-batch gradient descent on the mean loss.

    X: features, shape (n, d); no intercept is added.  y: hard or soft labels in [0, 1], shape (n,).
    loss: 'bce', or 'mse' for the mean of (sigmoid(Xw) − y)².  w0: start, shape (d,); zeros where None.
    Returns w of shape (d,).
    Raises `ValueError` for such X and y, unequal lengths, another loss, or a w0 that does not fit.
    Source: Bishop, Pattern Recognition and Machine Learning (2006), section 4.3.
    """
    X, y = table(X, "X"), vector(y, "y")
    if len(X) != len(y):
        raise ValueError(f"X has {len(X)} rows, y has {len(y)} entries")
    in_unit_interval(y, "y")
    if loss not in ("bce", "mse"):
        raise ValueError(f"loss must be 'bce' or 'mse', got {loss!r}")
    w = np.zeros(X.shape[1]) if w0 is None else vector(w0, "w0")
    if w.shape != (X.shape[1],):
        raise ValueError(f"w0 must have shape ({X.shape[1]},), got {w.shape}")
    for _ in range(steps):
        p = _sigmoid(X @ w)
        slope = p - y if loss == "bce" else 2 * (p - y) * p * (1 - p)
        w = w - lr * (X.T @ slope) / len(y)
    return w


def softmax_cross_entropy(logits: ArrayLike, labels: ArrayLike) -> float:
    """Mean cross-entropy of the softmax of each row: log Σ exp(row) − the label's logit.

    logits: real scores, shape (n, k).  labels: integers from 0 to k − 1, shape (n,).  Returns nats per row, at least 0.
    Raises `ValueError` for logits that are not 2-D or not finite, other labels, or unequal lengths.
    Source: Goodfellow, Bengio and Courville, Deep Learning (2016), section 6.2.2.3.
    """
    logits = table(logits, "logits")
    classes = vector(labels, "labels").astype(np.int64)
    if len(logits) != len(classes):
        raise ValueError(f"logits has {len(logits)} rows, labels has {len(classes)} entries")
    if (classes != numbers(labels, "labels")).any() or classes.min() < 0 or classes.max() >= logits.shape[1]:
        raise ValueError(f"labels must be integers from 0 to {logits.shape[1] - 1}")
    shifted = logits - logits.max(axis=1, keepdims=True)
    chosen = shifted[np.arange(len(classes)), classes]
    return float(np.mean(np.log(np.exp(shifted).sum(axis=1)) - chosen))


def _sigmoid(z: Array) -> Array:
    """1 / (1 + exp(−z)), without an overflow for z far below zero."""
    small = np.exp(-np.abs(z))
    return np.where(z >= 0, 1.0, small) / (1 + small)
