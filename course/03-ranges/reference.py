"""What a loss value means: the best constant forecast, its loss, and the skill of a model against it."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import ArrayLike

from .entropy import binary_entropy
from .inputs import Array, in_unit_interval, pair

LOSSES = ("bce", "rmse", "mae")


def best_constant(y: ArrayLike, loss: str) -> float:
    """The constant with the lowest loss on y: the mean for 'bce' and 'rmse', the median for 'mae'.

    y: targets, shape (n,); in [0, 1] for 'bce'.  loss: 'bce', 'rmse' or 'mae'.
    Returns a number in the unit of y. Between the two middle values every number is a median; this is the half-way one.
    Raises `ValueError` for y that is not 1-D, has no data or non-finite values, labels outside [0, 1], an unknown loss.
    Source: Gneiting, Making and Evaluating Point Forecasts, JASA 106 (2011), 746–762.
    """
    y = _targets(y, loss)
    return float(np.median(y) if loss == "mae" else np.mean(y))


def baseline_loss(y: ArrayLike, loss: str) -> float:
    """The loss of the best constant on y: entropy of the mean, standard deviation, or deviation from the median.

    y: targets, shape (n,); in [0, 1] for 'bce'.  loss: 'bce', 'rmse' or 'mae'.
    Returns nats per entry for 'bce', else a number in the unit of y; at least 0. The standard deviation divides by n.
    Raises `ValueError` as `best_constant` does.
    Source: Gneiting and Raftery, Strictly Proper Scoring Rules, JASA 102 (2007), 359–378.
    """
    y = _targets(y, loss)
    if loss == "rmse":
        return float(np.std(y))
    if loss == "mae":
        return float(np.mean(np.abs(y - np.median(y))))
    return float(binary_entropy(min(float(np.mean(y)), 1.0)))


def skill_score(loss: float, baseline: float) -> float:
    """Skill of a model against a baseline: 1 − loss / baseline. 1 is perfect, 0 is no better than the baseline.

    loss: finite, at least 0.  baseline: finite, above 0, for the same data in the same unit.
    Returns a number without unit, at most 1 and without a lower end.
    Raises `ValueError` for anything else.
    Source: Murphy, Skill Scores Based on the Mean Square Error, Monthly Weather Review 116 (1988), 2417–2424.
    """
    if not 0 <= loss < math.inf:
        raise ValueError(f"loss must be finite and at least 0, got {loss}")
    if not 0 < baseline < math.inf:
        raise ValueError(f"baseline must be finite and above 0, got {baseline}")
    return 1 - float(loss) / float(baseline)


def _targets(y: ArrayLike, loss: str) -> Array:
    if loss not in LOSSES:
        raise ValueError(f"loss must be one of {', '.join(LOSSES)}, got {loss!r}")
    targets, _ = pair(y, y, ("y", "y"))
    if loss == "bce":
        in_unit_interval(targets, "y")
    return targets
