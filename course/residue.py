"""Equal numbers whose mean a computer gets wrong in the last digit, however it adds: so a deviation is left."""

from __future__ import annotations

import math

import numpy as np


def leaves_residue(column: np.ndarray) -> bool:
    """Whether the mean of these equal numbers differs from each of them, in whatever order they are added."""
    values = column.tolist()
    sums = column.sum(), sum(values), math.fsum(values), np.column_stack([column, column]).sum(axis=0)[0]
    products = len(values) * values[0]
    return all(total / len(values) != values[0] for total in (*sums, products))


def squares_leave_residue(column: np.ndarray) -> bool:
    """Whether the mean of the squares of these equal numbers, less the squared mean, is as much as its root shows. What
    is below 0 is not: some put a 0 in its place."""
    return bool(np.mean(column**2) - np.mean(column) ** 2 > 5e-17)
