"""Loss functions of real numbers that come from a Gaussian or a Laplace likelihood."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import ArrayLike

from .inputs import pair


def gaussian_nll(y: ArrayLike, mu: ArrayLike, sigma: float) -> float:
    """Mean negative log density of y under a Gaussian around mu: ½ log 2π + log σ + mean((y − mu)²) / (2 σ²).

    y: outcomes, shape (n,).  mu: predictions, shape (n,).  sigma: one standard deviation, in the unit of y.
    Returns nats per entry; below 0 where the density is above 1.
    Raises `ValueError` for unequal or not 1-D shapes, no data, non-finite values, or a sigma that is not one positive
    finite number.
    Source: Bishop, Pattern Recognition and Machine Learning (2006), equation 1.54.
    """
    y, mu = pair(y, mu, ("y", "mu"))
    width = np.asarray(sigma, dtype=np.float64)
    if width.ndim != 0 or not 0 < width < math.inf:
        raise ValueError(f"sigma must be one positive finite number, got {sigma}")
    z = (y - mu) / float(width)  # before the square, which would underflow for a small sigma
    return 0.5 * math.log(2 * math.pi) + math.log(float(width)) + 0.5 * float(np.mean(z**2))


def rmse(y: ArrayLike, y_hat: ArrayLike) -> float:
    """Root mean squared error, sqrt(mean((y − y_hat)²)): the standard deviation of the best-fitting Gaussian around 0.

    y: true values, shape (n,).  y_hat: predictions, shape (n,).
    Returns a number in the unit of y, at least 0.
    Raises `ValueError` for unequal or not 1-D shapes, no data, non-finite values.
    Source: Bishop, Pattern Recognition and Machine Learning (2006), equation 1.3.
    """
    y, y_hat = pair(y, y_hat, ("y", "y_hat"))
    return float(np.sqrt(np.mean((y - y_hat) ** 2)))


def mae(y: ArrayLike, y_hat: ArrayLike) -> float:
    """Mean absolute error, mean(|y − y_hat|): the scale of the best-fitting Laplace density around 0.

    y: true values, shape (n,).  y_hat: predictions, shape (n,).
    Returns a number in the unit of y, from 0 to the RMSE.
    Raises `ValueError` for unequal or not 1-D shapes, no data, non-finite values.
    Source: Willmott and Matsuura, Climate Research 30 (2005), 79–82.
    """
    y, y_hat = pair(y, y_hat, ("y", "y_hat"))
    return float(np.mean(np.abs(y - y_hat)))
