"""Binary cross-entropy and what it is made of. All results are in nats (natural logarithm), and 0·log 0 = 0."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from .entropy import binary_entropy, log_probability
from .inputs import Array, binary, in_unit_interval, pair

__all__ = ["EPS", "bernoulli_log_likelihood", "binary_cross_entropy", "binary_entropy", "kl_bernoulli"]

EPS = float(np.finfo(np.float64).eps)
"""How close to 0 and 1 a probability may come before it is clipped: scikit-learn's rule for float64."""


def bernoulli_log_likelihood(y: ArrayLike, p: ArrayLike) -> float:
    """Log-likelihood of independent outcomes: the sum over i of log p_i where y_i = 1 and log(1 − p_i) where y_i = 0.

    y: outcomes, each 0 or 1, shape (n,).  p: probability of 1 that was given to each, shape (n,).
    Returns nats, at most 0; −inf where an impossible event happened.
    Raises `ValueError` for unequal or not 1-D shapes, no data, non-finite values, y not 0 or 1, p outside [0, 1].
    Source: Murphy, Probabilistic Machine Learning: An Introduction (2022), section 4.2.
    """
    y, p = pair(y, p, ("y", "p"))
    binary(y, "y")
    in_unit_interval(p, "p")
    return float(np.sum(log_probability(y, p)))


def kl_bernoulli(q: ArrayLike, p: ArrayLike) -> Array:
    """Kullback-Leibler divergence KL(q‖p) of two coins, for each pair: nats lost by believing p where q is true.

    q, p: probabilities, shape (n,).  Returns shape (n,), at least 0; +inf where p excludes what q allows.
    Raises `ValueError` for unequal or not 1-D shapes, no data, non-finite values, anything outside [0, 1].
    Source: Cover and Thomas, Elements of Information Theory (2006), equation 2.26.
    """
    q, p = pair(q, p, ("q", "p"))
    in_unit_interval(q, "q")
    in_unit_interval(p, "p")
    return np.maximum(log_probability(q, q) - log_probability(q, p), 0.0)


def binary_cross_entropy(y: ArrayLike, p: ArrayLike, eps: float = EPS) -> float:
    """Mean binary cross-entropy of predictions p clipped to [eps, 1 − eps]: −mean(y log p + (1 − y) log(1 − p)).

    y: hard or soft labels in [0, 1], shape (n,).  p: predicted probability of 1, shape (n,).
    eps: 0 ≤ eps < 0.5; with eps = 0 nothing is clipped and the result may be inf.
    Returns nats per entry, at least 0.
    Raises `ValueError` for unequal or not 1-D shapes, no data, non-finite values, y or p outside [0, 1], such an eps.
    Source: Bishop, Pattern Recognition and Machine Learning (2006), equation 4.90; clip as in scikit-learn's log_loss.
    """
    y, p = pair(y, p, ("y", "p"))
    in_unit_interval(y, "y")
    in_unit_interval(p, "p")
    if not 0 <= eps < 0.5:
        raise ValueError(f"eps must lie in [0, 0.5), got {eps}")
    return float(0.0 - np.mean(log_probability(y, np.clip(p, eps, 1 - eps))))
