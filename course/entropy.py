"""What units 1 and 3 share: the expected logarithm of a probability, and the entropy of a coin."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from .inputs import Array, in_unit_interval, numbers


def binary_entropy(q: ArrayLike) -> Array:
    """Entropy of a coin, H(q) = −q log q − (1 − q) log(1 − q), for each entry.

    q: probabilities, any shape.  Returns nats from 0 to log 2, in the shape of q.
    Raises `ValueError` where q is outside [0, 1] or not finite.
    Source: Cover and Thomas, Elements of Information Theory (2006), equation 2.5.
    """
    q = numbers(q, "q")
    in_unit_interval(q, "q")
    return 0.0 - log_probability(q, q)


def log_probability(q: Array, p: Array) -> Array:
    """q log p + (1 − q) log(1 − p) where a weight of zero silences its logarithm, even log 0."""
    one, zero = np.zeros_like(q), np.zeros_like(q)
    with np.errstate(divide="ignore"):
        np.log(p, out=one, where=q > 0)
        np.log1p(-p, out=zero, where=q < 1)
    return q * one + (1 - q) * zero
