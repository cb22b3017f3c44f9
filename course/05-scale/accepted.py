"""Right ways to write the functions of unit 5, as differently as people write."""

from __future__ import annotations

import math
import statistics
from fractions import Fraction
from functools import reduce
from itertools import chain, repeat

import numpy as np


def _pair(a, b):
    a, b = np.array(a, dtype=np.float64), np.array(b, dtype=np.float64)
    if a.ndim != 1 or a.size == 0 or a.shape != b.shape or not np.isfinite([a, b]).all():
        raise ValueError("two finite vectors of one length, please")
    return a, b


def _lists(a, b):
    """The same without arrays of float64."""
    if np.shape(a) != np.shape(b) or np.ndim(a) != 1 or len(a) == 0:
        raise ValueError
    a, b = [float(value) for value in a], [float(value) for value in b]
    if not all(map(math.isfinite, chain(a, b))):
        raise ValueError
    return a, b


# nrmse


def by_dictionary(y, y_hat, method="std"):
    y, y_hat = _pair(y, y_hat)
    sizes = {"std": np.std, "range": np.ptp, "mean": lambda values: abs(values.mean())}
    if method not in sizes:
        raise ValueError(method)
    size = sizes[method](y)
    if size == 0 or (method == "std" and len(np.unique(y)) == 1):
        raise ValueError("nothing to divide by")
    return np.sqrt(np.mean((y - y_hat) ** 2)) / size


def by_branches(y, y_hat, method="std"):
    y, y_hat = _pair(y, y_hat)
    if method == "std":
        size = np.sqrt(np.mean((y - y.mean()) ** 2)) if y.max() > y.min() else 0
    elif method == "range":
        size = y.max() - y.min()
    elif method == "mean":
        size = np.abs(np.mean(y))
    else:
        raise ValueError("std, range or mean")
    if not size > 0:
        raise ValueError("size is zero")
    return float(np.linalg.norm(y_hat - y) / np.sqrt(y.size) / size)


def by_match(y, y_hat, method="std"):
    y, y_hat = _lists(y, y_hat)
    match method:
        case "std":
            size = statistics.pstdev(y)
        case "range":
            size = max(y) - min(y)
        case "mean":
            size = abs(statistics.fmean(y))
        case _:
            raise ValueError(method)
    try:
        return math.sqrt(sum((a - b) ** 2 for a, b in zip(y, y_hat, strict=True)) / len(y)) / size
    except ZeroDivisionError as error:
        raise ValueError("nothing to divide by") from error


def by_loops(y, y_hat, method="std"):
    if method not in ("std", "range", "mean"):
        raise ValueError
    y, y_hat = _lists(y, y_hat)
    n, squares, centre = len(y), 0.0, sum(y) / len(y)
    for target, guess in zip(y, y_hat, strict=True):
        squares += (target - guess) * (target - guess)
    spread = 0.0
    for target in y:
        spread += (target - centre) ** 2
    size = (spread / n) ** 0.5 if set(y) != {y[0]} else 0.0
    if method == "range":
        ordered = sorted(y)
        size = ordered[-1] - ordered[0]
    if method == "mean":
        size = math.fabs(centre)
    if size == 0.0:
        raise ValueError
    return (squares / n) ** 0.5 / size


def by_ratio_of_norms(y, y_hat, method="std"):
    """For 'std' the two roots of n cancel."""
    y, y_hat = _pair(y, y_hat)
    centred = y - np.average(y) if np.ptp(y) else np.zeros_like(y)
    sizes = {"std": math.sqrt(centred @ centred), "range": np.ptp(y), "mean": abs(np.average(y))}
    if not sizes.get(method):
        raise ValueError(f"no method {method} for these targets")
    error = math.sqrt(np.dot(y - y_hat, y - y_hat))
    return np.asarray(error / sizes[method] / (1 if method == "std" else len(y) ** 0.5))


def in_float32(y, y_hat, method="std"):
    return np.float32(by_dictionary(y, y_hat, method=method))


class Normalised:
    """An object that is called."""

    def __call__(self, y, y_hat, method="std"):
        y, y_hat = _pair(y, y_hat)
        size = getattr(self, f"size_by_{method}", self.refuse)(y)
        if size == 0:
            self.refuse(y)
        return np.einsum("i,i->", y - y_hat, y - y_hat) ** 0.5 / np.sqrt(len(y)) / size

    def size_by_std(self, y):
        return y.std(ddof=0) * (y != y[0]).any()

    def size_by_range(self, y):
        return max(y) - min(y)

    def size_by_mean(self, y):
        return abs(y.sum() / len(y))

    def refuse(self, y):
        raise ValueError("unknown method, or nothing to divide by")


# pool_rmse


def _parts(rmses, counts):
    rmses, counts = _pair(rmses, counts)
    if np.any(rmses < 0) or np.any(counts <= 0):
        raise ValueError("no negative RMSE, no empty part")
    return rmses, counts


def pooled_in_one_line(rmses, counts):
    rmses, counts = _parts(rmses, counts)
    return np.sqrt(np.sum(counts * rmses**2) / np.sum(counts))


def pooled_by_average(rmses, counts):
    rmses, counts = _parts(rmses, counts)
    return np.average(np.square(rmses), weights=counts) ** 0.5


def pooled_by_dot(rmses, counts):
    rmses, counts = _parts(rmses, counts)
    return np.asarray(np.sqrt(counts @ (rmses * rmses) / counts.sum()))


def pooled_by_norm(rmses, counts):
    rmses, counts = _parts(rmses, counts)
    return np.float32(np.linalg.norm(np.sqrt(counts) * rmses) / np.sqrt(counts.sum()))


def pooled_in_a_loop(rmses, counts):
    rmses, counts = _lists(rmses, counts)
    squares = entries = 0.0
    for rmse, count in zip(rmses, counts, strict=True):
        if rmse < 0 or count <= 0:
            raise ValueError(rmse, count)
        squares += count * rmse**2
        entries += count
    return math.sqrt(squares / entries)


def pooled_by_shares(rmses, counts):
    """Shares first, so that no number gets large."""
    rmses, counts = _parts(rmses, counts)
    shares = counts / counts.sum()
    return math.hypot(*(np.sqrt(shares) * rmses))


def pooled_two_at_a_time(rmses, counts):
    """Merge the first two parts into one, then go on."""
    rmses, counts = _lists(rmses, counts)
    if min(rmses) < 0 or min(counts) <= 0:
        raise ValueError

    def merge(one, other):
        (r, n), (s, m) = one, other
        return math.sqrt((n * r * r + m * s * s) / (n + m)), n + m

    return reduce(merge, zip(rmses, counts, strict=True))[0]


def pooled_with_einsum(rmses, counts):
    rmses, counts = _parts(rmses, counts)
    weights = list(map(np.divide, counts, repeat(sum(counts))))
    return float(np.einsum("i,i,i->", weights, rmses, rmses)) ** 0.5


# more of them, less usual


def by_fractions(y, y_hat, method="std"):
    """Exact until the roots."""
    y, y_hat = ([Fraction(value) for value in values] for values in _lists(y, y_hat))
    n = len(y)
    centre = sum(y) / n
    sizes = {"std": sum((v - centre) ** 2 for v in y) / n, "range": (max(y) - min(y)) ** 2, "mean": centre**2}
    if not sizes.get(method):
        raise ValueError(method)
    return math.sqrt(sum((a - b) ** 2 for a, b in zip(y, y_hat, strict=True)) / n / sizes[method])


def by_stretching(y, y_hat, method="std"):
    """The spread of targets that were stretched to the unit interval first."""
    y, y_hat = _pair(y, y_hat)
    reach = y.max() - y.min()
    if method not in ("std", "range", "mean") or (reach == 0 and method != "mean"):
        raise ValueError(method)
    size = np.abs(y.mean()) if method == "mean" else reach
    if method == "std":
        size *= ((y - y.min()) / reach).std()
    if not size:
        raise ValueError("zero")
    return np.float64(math.dist(y, y_hat) / math.sqrt(len(y)) / size)


def by_pairs_of_targets(y, y_hat, method="std"):
    """The variance is half the mean squared difference of two targets."""
    y, y_hat = _pair(y, y_hat)
    apart = np.subtract.outer(y, y)
    sizes = {"std": np.sqrt(np.mean(apart**2) / 2), "range": apart.max(), "mean": np.hypot(y.mean(), 0)}
    try:
        with np.errstate(divide="raise", invalid="raise"):
            return np.linalg.norm(y - y_hat) / (sizes[method] * len(y) ** 0.5)
    except (KeyError, FloatingPointError) as error:
        raise ValueError(method) from error


def pooled_in_fractions(rmses, counts):
    rmses, counts = _parts(rmses, counts)
    squares = sum(Fraction(n) * Fraction(r) ** 2 for r, n in zip(rmses, counts, strict=True))
    return math.sqrt(squares / sum(map(Fraction, counts)))


def pooled_by_running_mean(rmses, counts):
    mean = seen = 0.0
    for r, n in zip(*_parts(rmses, counts), strict=True):
        seen += n
        mean += (r * r - mean) * n / seen
    return np.asarray(mean**0.5)


def pooled_by_largest(rmses, counts):
    """Relative to the largest part, so that no square is large."""
    rmses, counts = _parts(rmses, counts)
    most = rmses.max() or 1.0
    return most * np.sqrt(np.dot(counts / counts.sum(), (rmses / most) ** 2))


ACCEPTED = {
    "nrmse": (by_dictionary, by_branches, by_match, by_loops, by_ratio_of_norms, in_float32, Normalised()),
    "pool_rmse": (
        pooled_in_one_line,
        pooled_by_average,
        pooled_by_dot,
        pooled_by_norm,
        pooled_in_a_loop,
        pooled_by_shares,
        pooled_two_at_a_time,
        pooled_with_einsum,
    ),
}

MORE = {
    "nrmse": (by_fractions, by_stretching, by_pairs_of_targets),
    "pool_rmse": (pooled_in_fractions, pooled_by_running_mean, pooled_by_largest),
}
ACCEPTED = {name: (*ways, *MORE[name]) for name, ways in ACCEPTED.items()}
