"""The checks that all functions of the course make before they compute."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

Array = np.ndarray


def numbers(values: ArrayLike, name: str) -> Array:
    """A float64 copy of real, finite numbers in any shape; `ValueError` for anything else."""
    array = np.asarray(values)
    if array.dtype.kind not in "biuf" and array.size:
        raise ValueError(f"{name} must hold real numbers")
    array = array.astype(np.float64)
    if not np.isfinite(array).all():
        raise ValueError(f"{name} must be finite")
    return array


def pair(first: ArrayLike, second: ArrayLike, names: tuple[str, str]) -> tuple[Array, Array]:
    """Two float64 vectors of one shape (n,) with n > 0; `ValueError` for anything else, so nothing is broadcast."""
    left, right = numbers(first, names[0]), numbers(second, names[1])
    if left.shape != right.shape:
        raise ValueError(f"{names[0]} and {names[1]} must have the same shape, got {left.shape} and {right.shape}")
    if left.ndim != 1 or left.size == 0:
        raise ValueError(f"{names[0]} and {names[1]} must be 1-D with at least one entry, got shape {left.shape}")
    return left, right


def in_unit_interval(values: Array, name: str) -> None:
    """`ValueError` unless every entry is a probability."""
    if ((values < 0) | (values > 1)).any():
        raise ValueError(f"{name} must lie in [0, 1]")


def binary(values: Array, name: str) -> None:
    """`ValueError` unless every entry is exactly 0 or 1."""
    if ((values != 0) & (values != 1)).any():
        raise ValueError(f"{name} must hold only 0 and 1")


def vector(values: ArrayLike, name: str) -> Array:
    """A float64 copy of real, finite numbers of shape (n,) with n > 0; `ValueError` for anything else."""
    array = numbers(values, name)
    if array.ndim != 1 or array.size == 0:
        raise ValueError(f"{name} must be 1-D with at least one entry, got shape {array.shape}")
    return array


def table(values: ArrayLike, name: str) -> Array:
    """A float64 copy of real, finite numbers of shape (n, d) with n, d > 0; `ValueError` for anything else."""
    array = numbers(values, name)
    if array.ndim != 2 or array.size == 0:
        raise ValueError(f"{name} must be 2-D with at least one row and one column, got shape {array.shape}")
    return array


def columns(first: ArrayLike, second: ArrayLike, names: tuple[str, str]) -> tuple[Array, Array]:
    """Two float64 tables with the same number of columns; `ValueError` for anything else."""
    left, right = table(first, names[0]), table(second, names[1])
    if left.shape[1] != right.shape[1]:
        raise ValueError(f"{names[0]} has {left.shape[1]} columns, {names[1]} has {right.shape[1]}")
    return left, right
