"""Right ways to write the functions of unit 2, as differently as people write."""

from __future__ import annotations

import itertools
import math
import statistics
from collections.abc import Callable
from fractions import Fraction
from functools import reduce

import numpy as np


def _vectors(*arrays):
    copies = tuple(np.array(values, dtype=np.float64) for values in arrays)
    for copy in copies:
        if copy.ndim != 1 or copy.size == 0 or copy.shape != copies[0].shape or not np.isfinite(copy).all():
            raise ValueError("finite vectors of one length, please")
    return copies


def _pairs(a, b):
    """The same without arrays: a list of pairs of floats."""
    if np.ndim(a) != 1 or np.shape(a) != np.shape(b) or len(a) < 1:
        raise ValueError("shapes")
    pairs = [(float(left), float(right)) for left, right in zip(a, b, strict=True)]
    if any(math.isnan(value) or math.isinf(value) for pair in pairs for value in pair):
        raise ValueError("not finite")
    return pairs


class BadSigma(ValueError):
    pass


# gaussian_nll


def nll_by_formula(y, mu, sigma):
    y, mu = _vectors(y, mu)
    if not 0 < sigma < np.inf:
        raise BadSigma("sigma")
    return 0.5 * np.log(2 * np.pi) + np.log(sigma) + 0.5 * np.mean(((y - mu) / sigma) ** 2)


def nll_in_loops(y, mu, sigma):
    pairs = _pairs(y, mu)
    if sigma <= 0 or math.isnan(sigma) or math.isinf(sigma):
        raise ValueError(f"bad sigma {sigma}")
    total = 0.0
    for outcome, centre in pairs:
        z = outcome / sigma - centre / sigma if sigma > 1 else (outcome - centre) / sigma
        total += z * z / 2 + math.log(sigma) + math.log(2 * math.pi) / 2
    return total / len(pairs)


def nll_of_each(y, mu, sigma):
    y, mu = _vectors(y, mu)
    if not (np.isfinite(sigma) and sigma > 0):
        raise ValueError
    z = np.divide(np.subtract(y, mu), sigma)
    return np.mean(np.log(np.sqrt(2 * np.pi)) + np.log(sigma) + z**2 / 2)


def nll_by_statistics(y, mu, sigma):
    pairs = _pairs(y, mu)
    if not math.isfinite(sigma) or sigma <= 0:
        raise ValueError
    return statistics.fmean(((a - b) / sigma) ** 2 * 0.5 + math.log(sigma) + 0.5 * math.log(math.tau) for a, b in pairs)


def nll_as_0d_array(y, mu, sigma):
    y, mu = _vectors(y, mu)
    sigma = np.asarray(sigma, dtype=float)
    if not sigma > 0 or sigma == np.inf:
        raise ValueError
    e = (y - mu) / sigma
    return np.array(np.log(sigma * np.sqrt(2 * np.pi)) + np.einsum("i,i->", e, e) / (2 * len(e)))


class NLL:
    """Width first, then the data."""

    half_log_tau = 0.5 * math.log(math.tau)

    def __call__(self, y, mu, sigma):
        y, mu = _vectors(y, mu)
        if np.isnan(sigma) or sigma <= 0 or np.isinf(sigma):
            raise ValueError
        return np.float32(self.half_log_tau + np.log(sigma) + self.energy((y - mu) / sigma))

    def energy(self, z):
        return z.dot(z) / z.size / 2


# rmse


def rmse_one_line(y, y_hat):
    y, y_hat = _vectors(y, y_hat)
    return np.sqrt(np.mean((y - y_hat) ** 2))


def rmse_in_loops(y, y_hat):
    total = 0.0
    pairs = _pairs(y, y_hat)
    for i in range(len(pairs)):
        total += (pairs[i][0] - pairs[i][1]) ** 2
    return math.sqrt(total / len(pairs))


def rmse_by_norm(y, y_hat):
    y, y_hat = _vectors(y, y_hat)
    return np.linalg.norm(y_hat - y) / np.sqrt(y.size)


def rmse_by_einsum(y, y_hat):
    y, y_hat = _vectors(y, y_hat)
    e = y - y_hat
    return float(np.einsum("i,i", e, e) / e.shape[0]) ** 0.5


def rmse_of_bias_and_spread(y, y_hat):
    y, y_hat = _vectors(y, y_hat)
    return np.hypot(np.mean(y - y_hat), np.std(y - y_hat))


def rmse_by_reduce(y, y_hat):
    pairs = _pairs(y, y_hat)
    return (reduce(lambda total, pair: total + (pair[0] - pair[1]) ** 2, pairs, 0.0) / len(pairs)) ** 0.5


def rmse_recursive(y, y_hat):
    def squares(pairs):
        return 0.0 if not pairs else (pairs[0][0] - pairs[0][1]) ** 2 + squares(pairs[1:])

    pairs = _pairs(y, y_hat)
    return math.sqrt(squares(pairs) / len(pairs))


def rmse_by_dist(y, y_hat):
    pairs = _pairs(y, y_hat)
    return math.dist(*zip(*pairs, strict=True)) / math.sqrt(len(pairs))


class RMSE:
    def __call__(self, y, y_hat):
        y, y_hat = _vectors(y, y_hat)
        return np.asarray(np.sqrt(np.average(np.square(y - y_hat))), dtype=np.float32)


# mae


def mae_one_line(y, y_hat):
    y, y_hat = _vectors(y, y_hat)
    return np.abs(y - y_hat).mean()


def mae_in_loops(y, y_hat):
    sizes = []
    for true, guess in _pairs(y, y_hat):
        sizes.append(true - guess if true > guess else guess - true)
    return sum(sizes) / len(sizes)


def mae_by_where(y, y_hat):
    y, y_hat = _vectors(y, y_hat)
    e = y - y_hat
    return np.sum(np.where(e < 0, -e, e)) / e.size


def mae_by_masks(y, y_hat):
    y, y_hat = _vectors(y, y_hat)
    e = y - y_hat
    e[e < 0] *= -1
    return np.float32(e.mean())


def mae_by_fsum(y, y_hat):
    pairs = _pairs(y, y_hat)
    return math.fsum(abs(a - b) for a, b in pairs) / len(pairs)


def mae_by_fractions(y, y_hat):
    pairs = _pairs(y, y_hat)
    return float(sum(abs(Fraction(a) - Fraction(b)) for a, b in pairs) / len(pairs))


class MAE:
    def __call__(self, y, y_hat):
        y, y_hat = _vectors(y, y_hat)
        return np.array(np.linalg.norm(y - y_hat, ord=1) / len(y))


# more of them, less usual


def _both(y, other):
    if np.ndim(y) != 1 or np.shape(y) != np.shape(other) or len(y) == 0:
        raise ValueError("two vectors of one length")
    both = [[float(value) for value in values] for values in (y, other)]
    if not all(map(math.isfinite, itertools.chain(*both))):
        raise ValueError("finite numbers only")
    return both


def nll_with_fsum(y, mu, sigma):
    sigma = float(sigma)
    if not 0 < sigma < math.inf:
        raise ValueError("sigma")
    squares = math.fsum(((a - b) / sigma) ** 2 for a, b in zip(*_both(y, mu), strict=True))
    return math.log(math.sqrt(2 * math.pi)) + math.log(sigma) + squares / len(y) / 2


def nll_with_hypot(y, mu, sigma):
    if not (math.isfinite(sigma) and sigma > 0):
        raise ValueError("sigma")
    length = math.hypot(*((a - b) / sigma for a, b in zip(*_both(y, mu), strict=True)))
    return math.log(sigma) + (math.log(math.tau) + length**2 / len(y)) / 2


def nll_entry_by_entry(y, mu, sigma):
    if np.isnan(sigma) or np.isinf(sigma) or sigma <= 0:
        raise ValueError("sigma")
    z = np.subtract(*map(np.asarray, _both(y, mu))) / np.float64(sigma)
    return np.mean(0.5 * (np.log(2 * np.pi) + z * z) + np.log(np.float64(sigma)), dtype=np.longdouble)


def root_of_distance(y, y_hat):
    return math.dist(*_both(y, y_hat)) / math.sqrt(len(y))


def root_of_moments(y, y_hat):
    """Bias squared plus variance."""
    errors = np.subtract(*map(np.asarray, _both(y, y_hat)))
    return np.asarray((errors.mean() ** 2 + errors.var()) ** 0.5)


def root_by_running_mean(y, y_hat):
    mean = 0.0
    for n, (a, b) in enumerate(zip(*_both(y, y_hat), strict=True), start=1):
        mean += ((a - b) ** 2 - mean) / n
    return np.float64(mean**0.5)


def size_with_norm(y, y_hat):
    return np.linalg.norm(np.subtract(*map(np.asarray, _both(y, y_hat))), ord=1) / len(y)


def size_with_fsum(y, y_hat):
    return math.fsum(map(abs, map(float.__sub__, *_both(y, y_hat)))) / len(y)


def size_by_larger_and_smaller(y, y_hat):
    y, y_hat = map(np.asarray, _both(y, y_hat))
    return (np.maximum(y, y_hat) - np.minimum(y, y_hat)).mean()


ACCEPTED: dict[str, tuple[Callable, ...]] = {
    "gaussian_nll": (
        nll_by_formula,
        nll_in_loops,
        nll_of_each,
        nll_by_statistics,
        nll_as_0d_array,
        NLL(),
    ),
    "rmse": (
        rmse_one_line,
        rmse_in_loops,
        rmse_by_norm,
        rmse_by_einsum,
        rmse_of_bias_and_spread,
        rmse_by_reduce,
        rmse_recursive,
        rmse_by_dist,
        RMSE(),
    ),
    "mae": (mae_one_line, mae_in_loops, mae_by_where, mae_by_masks, mae_by_fsum, mae_by_fractions, MAE()),
}

MORE = {
    "gaussian_nll": (nll_with_fsum, nll_with_hypot, nll_entry_by_entry),
    "rmse": (root_of_distance, root_of_moments, root_by_running_mean),
    "mae": (size_with_norm, size_with_fsum, size_by_larger_and_smaller),
}
ACCEPTED = {name: (*ways, *MORE[name]) for name, ways in ACCEPTED.items()}
