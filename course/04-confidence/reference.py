"""Probabilities and losses computed from logits, and what each loss tells a logit to do. Results are in nats."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from .inputs import Array, in_unit_interval, numbers, pair


def sigmoid(z: ArrayLike) -> Array:
    """The probability that belongs to a logit, 1 / (1 + exp(−z)), for each entry.

    z: logits, log(p / (1 − p)), any shape.  Returns probabilities from 0 to 1 in the shape of z.
    Raises `ValueError` where z is not finite.
    Source: Bishop, Pattern Recognition and Machine Learning (2006), equation 4.59.
    """
    z = numbers(z, "z")
    # exp sees no positive argument, so it cannot overflow; on the other side the quotient is e^z / (1 + e^z).
    small = np.exp(-np.abs(z))
    return np.where(z >= 0, 1.0, small) / (1.0 + small)


def bce_with_logits(y: ArrayLike, z: ArrayLike) -> float:
    """Mean binary cross-entropy of the forecasts sigmoid(z), computed without forming them.

    y: hard or soft labels in [0, 1], shape (n,).  z: logits, shape (n,).
    Returns nats per entry, at least 0; near |z| it stays exact where the probability has long been rounded to 1.
    Raises `ValueError` for unequal or not 1-D shapes, no data, non-finite values, y outside [0, 1].
    Source: −y log σ(z) − (1 − y) log(1 − σ(z)), rewritten as in Murphy, Probabilistic Machine Learning (2022), 10.2.3.
    """
    y, z = _labels_and_logits(y, z)
    # y·softplus(−z) + (1 − y)·softplus(z): two sums without a difference, so nothing cancels.
    tail = np.log1p(np.exp(-np.abs(z)))
    return float(np.mean(y * np.maximum(-z, 0.0) + (1 - y) * np.maximum(z, 0.0) + tail))


def bce_grad_logits(y: ArrayLike, z: ArrayLike) -> Array:
    """Gradient of `bce_with_logits` with respect to z: (sigmoid(z) − y) / n for each entry.

    y: labels in [0, 1], shape (n,).  z: logits, shape (n,).  Returns nats per unit of logit, shape (n,).
    Raises `ValueError` as `bce_with_logits` does.
    Source: Bishop, Pattern Recognition and Machine Learning (2006), equation 4.91, divided by n.
    """
    y, z = _labels_and_logits(y, z)
    return (sigmoid(z) - y) / y.size


def mse_grad_logits(y: ArrayLike, z: ArrayLike) -> Array:
    """Gradient of mean (sigmoid(z) − y)² with respect to z: 2 (p − y) p (1 − p) / n with p = sigmoid(z).

    y: labels in [0, 1], shape (n,).  z: logits, shape (n,).  Returns squared probability per unit of logit, (n,).
    Raises `ValueError` as `bce_with_logits` does.
    Source: chain rule with dp/dz = p (1 − p), Bishop (2006), equation 4.88.
    """
    y, z = _labels_and_logits(y, z)
    p = sigmoid(z)
    # sigmoid(−z) rather than 1 − p: a saturated entry keeps the little slope that it has.
    return 2 * (p - y) * p * sigmoid(-z) / y.size + 0.0  # a slope of -0.0 reads as if it had a direction


def _labels_and_logits(y: ArrayLike, z: ArrayLike) -> tuple[Array, Array]:
    y, z = pair(y, z, ("y", "z"))
    in_unit_interval(y, "y")
    return y, z
