"""Right ways to write the functions of unit 1, as differently as people write."""

from __future__ import annotations

import functools
import math
from fractions import Fraction

import numpy as np


class NotAProbability(ValueError):
    """A subclass of ValueError is a ValueError."""


def _checked(*arrays):
    """Vectors of one length with entries between 0 and 1."""
    arrays = [np.array(array, dtype=np.float64) for array in arrays]
    if any(array.ndim != 1 or array.size == 0 or array.shape != arrays[0].shape for array in arrays):
        raise ValueError("vectors of one length, please")
    if not all(((array >= 0) & (array <= 1)).all() for array in arrays):  # nan is in no range
        raise NotAProbability("between 0 and 1, please")
    return arrays


def _labels_and_forecasts(y, p):
    y, p = _checked(y, p)
    if not np.isin(y, (0.0, 1.0)).all():
        raise ValueError("hard labels only")
    return y, p


def _pairs(y, p):
    """The same without arrays."""
    if np.shape(y) != np.shape(p) or np.ndim(y) != 1 or len(y) == 0:
        raise ValueError
    both = [(float(a), float(b)) for a, b in zip(y, p, strict=True)]
    for pair in both:
        for number in pair:
            if math.isnan(number) or number < 0 or number > 1:
                raise NotAProbability(number)
    return both


def _xlogy(x, y):
    if x == 0:
        return 0.0
    return x * math.log(y) if y > 0 else -math.inf


# bernoulli_log_likelihood


def likelihood_by_choice(y, p):
    y, p = _labels_and_forecasts(y, p)
    with np.errstate(divide="ignore"):
        return np.log(np.where(y == 1, p, 1 - p)).sum()


def likelihood_by_masks(y, p):
    y, p = _labels_and_forecasts(y, p)
    return np.log(p[y == 1]).sum() + np.log1p(-p[y == 0]).sum()


def likelihood_in_a_loop(y, p):
    total = 0.0
    for label, chance in _pairs(y, p):
        if label not in (0, 1):
            raise ValueError("labels")
        happened = chance if label else 1 - chance
        total += math.log(happened) if happened > 0 else float("-inf")
    return total


def likelihood_with_fsum(y, p):
    both = _pairs(y, p)
    if {label for label, _ in both} - {0.0, 1.0}:
        raise ValueError
    return math.fsum(_xlogy(a, b) + _xlogy(1 - a, 1 - b) for a, b in both)


def likelihood_by_the_mass_function(y, p):
    """The mass function p^y (1 - p)^(1 - y), whose 0 to the power of 0 is 1, and then the logarithms."""
    y, p = _labels_and_forecasts(y, p)
    return np.asarray(np.log(p**y * (1 - p) ** (1 - y)).sum())


def likelihood_by_halves(y, p):
    """Divide and conquer, so that the recursion stays shallow."""
    y, p = _labels_and_forecasts(y, p)

    def total(start, stop):
        if stop - start == 1:
            return math.log(happened) if (happened := p[start] if y[start] == 1 else 1 - p[start]) > 0 else -np.inf
        middle = (start + stop) // 2
        return total(start, middle) + total(middle, stop)

    return total(0, len(y))


def likelihood_by_distance(y, p):
    """What was given to the truth is 1 - |y - p|."""
    y, p = _labels_and_forecasts(y, p)
    return (
        np.float32(np.log(1 - np.abs(y - p)).sum()) if 0.0 < np.abs(y - p).max() < 0.99 else likelihood_by_masks(y, p)
    )


class Likelihood:
    """An object that is called."""

    def __call__(self, y, p):
        return functools.reduce(lambda total, term: total + term, self.terms(*_labels_and_forecasts(y, p)), 0.0)

    def terms(self, y, p):
        yield from np.log(p[y > 0.5])
        yield from np.log(1 - p[y < 0.5])


# binary_entropy


def entropy_with_where(q):
    (q,) = _checked(q)
    with np.errstate(all="ignore"):
        return -np.where(q > 0, q * np.log(q), 0) - np.where(q < 1, (1 - q) * np.log(1 - q), 0)


def entropy_with_nan_to_num(q):
    """For an entropy, 0 for nan is exactly right."""
    (q,) = _checked(q)
    return np.nan_to_num(-q * np.log(q)) + np.nan_to_num(-(1 - q) * np.log1p(-q))


def entropy_inside_only(q):
    (q,) = _checked(q)
    h = np.zeros(len(q))
    inside = (q > 0) & (q < 1)
    r = q[inside]
    h[inside] = r * np.log(1 / r) + (1 - r) * np.log(1 / (1 - r))
    return h


def entropy_in_a_list(q):
    result = []
    for number in q:
        chance = float(number)
        if not 0 <= chance <= 1:
            raise ValueError(chance)
        result.append(-sum(_xlogy(side, side) for side in (chance, 1 - chance)))
    return result


def entropy_barely_clipped(q):
    """The clip is so narrow that it leaves no trace within the tolerance."""
    (q,) = _checked(q)
    q = np.clip(q, 1e-300, 1 - 1e-16)
    return -(q * np.log(q) + (1 - q) * np.log(1 - q))


def entropy_from_bits(q):
    (q,) = _checked(q)
    sides = np.stack([q, 1 - q], axis=1)
    bits = -np.einsum("ij,ij->i", sides, np.log2(np.where(sides > 0, sides, 1)))
    return np.log(2) * bits


def entropy_recursive(q):
    if np.ndim(q) == 1:
        return tuple(entropy_recursive(number) for number in q)
    q = float(q)
    if math.isnan(q) or abs(q - 0.5) > 0.5:
        raise NotAProbability(q)
    return entropy_recursive(1 - q) if q > 0.5 else -_xlogy(q, q) - (1 - q) * math.log1p(-q)


def entropy_in_float32(q):
    return np.asarray(entropy_with_where(q), dtype=np.float32)


# kl_bernoulli


def divergence_by_sides(q, p):
    q, p = _checked(q, p)

    def side(weight, chance):
        return np.where(weight > 0, weight * np.log(np.where(weight > 0, weight, 1) / chance), 0)

    with np.errstate(all="ignore"):
        return side(q, p) + side(1 - q, 1 - p)


def divergence_in_a_loop(q, p):
    return [_xlogy(a, a) + _xlogy(1 - a, 1 - a) - _xlogy(a, b) - _xlogy(1 - a, 1 - b) for a, b in _pairs(q, p)]


def divergence_as_a_difference(q, p):
    """Cross-entropy minus entropy."""
    q, p = _checked(q, p)
    cross = [-_xlogy(a, b) - _xlogy(1 - a, 1 - b) for a, b in zip(q, p, strict=True)]
    return np.array(cross) - entropy_with_where(q)


def divergence_by_masks(q, p):
    q, p = _checked(q, p)
    result = np.zeros_like(q)
    for weight, chance in ((q, p), (1 - q, 1 - p)):
        some = weight > 0
        result[some] += weight[some] * (np.log(weight[some]) - np.log(chance[some]))
    return result


def divergence_with_nan_to_num(q, p):
    q, p = _checked(q, p)
    heads = np.nan_to_num(q * np.log(q / p), nan=0.0, posinf=np.inf)
    tails = np.nan_to_num((1 - q) * np.log((1 - q) / (1 - p)), nan=0.0, posinf=np.inf)
    return heads + tails


def divergence_of_generators(q, p):
    pairs = _pairs(q, p)
    sides = (((a, b), (1 - a, 1 - b)) for a, b in pairs)
    infinite = math.inf

    def cost(weight, chance):
        if weight == 0:
            return 0
        return infinite if chance == 0 else weight * (math.log(weight) - math.log(chance))

    return tuple(sum(cost(*side) for side in both) for both in sides)


class Divergence:
    """An object that is called."""

    def term(self, weight, chance):
        return np.multiply(weight, np.log(weight / chance), out=np.zeros_like(weight), where=weight > 0)

    def __call__(self, q, p):
        q, p = _checked(q, p)
        return np.maximum(self.term(q, p) + self.term(1 - q, 1 - p), 0).tolist()


def divergence_in_float32(q, p):
    result = np.asarray(divergence_by_sides(q, p))
    return result.astype(np.float32)


# binary_cross_entropy

EPS = np.finfo(float).eps


def _range_of(eps):
    if not 0 <= eps < 0.5:
        raise ValueError("eps out of range")


def loss_with_where(y, p, eps=EPS):
    y, p = _checked(y, p)
    _range_of(eps)
    p = np.clip(p, eps, 1 - eps)
    with np.errstate(all="ignore"):
        ones, zeros = np.where(y > 0, y * np.log(p), 0), np.where(y < 1, (1 - y) * np.log(1 - p), 0)
    return -(ones + zeros).mean()


def loss_in_a_loop(y, p, eps=2**-52):
    _range_of(eps)
    both = _pairs(y, p)
    total = 0
    for label, chance in both:
        chance = min(max(chance, eps), 1 - eps)
        total -= _xlogy(label, chance) + _xlogy(1 - label, 1 - chance)
    return total / len(both)


def loss_with_nan_to_num(y, p, eps=EPS):
    y, p = _checked(y, p)
    if not (0 <= eps < 0.5):
        raise ValueError
    p = p.clip(eps, 1 - eps)
    ones = np.nan_to_num(-y * np.log(p), nan=0.0, posinf=np.inf)
    zeros = np.nan_to_num(-(1 - y) * np.log1p(-p), nan=0.0, posinf=np.inf)
    return np.average(ones + zeros)


def loss_by_masks(y, p, eps=EPS):
    y, p = _checked(y, p)
    _range_of(eps)
    p[p < eps] = eps
    p[p > 1 - eps] = 1 - eps
    heads, tails = y > 0, y < 1
    costs = np.zeros(len(y))
    costs[heads] -= y[heads] * np.log(p[heads])
    costs[tails] -= (1 - y[tails]) * np.log(1 - p[tails])
    return np.asarray(sum(costs) / costs.size)


def loss_with_dot(y, p, eps=EPS):
    """The logarithms of unused sides are never taken."""
    y, p = _checked(y, p)
    _range_of(eps)
    p = np.minimum(np.maximum(p, eps), 1 - eps)
    log_p = np.log(np.where(y > 0, p, 1.0))
    log_rest = np.log(np.where(y < 1, 1 - p, 1.0))
    return -(np.dot(y, log_p) if (p[y > 0] > 0).all() else -np.inf) / y.size - np.mean((1 - y) * log_rest)


def loss_in_both_classes(y, p, eps=EPS):
    """Labels and forecasts as tables of two columns."""
    y, p = _checked(y, p)
    _range_of(eps)
    p = np.clip(p, eps, 1 - eps)
    weights, chances = np.column_stack([1 - y, y]), np.column_stack([1 - p, p])
    logs = np.log(chances, where=weights > 0, out=np.zeros_like(chances))
    return np.float64(-np.einsum("ij,ij->", weights, logs) / len(y))


def loss_recursive(y, p, eps=EPS):
    _range_of(eps)
    both = _pairs(y, p)

    def total(pairs):
        if not pairs:
            return 0.0
        (label, chance), *rest = pairs
        chance = sorted([eps, chance, 1 - eps])[1]
        return -_xlogy(label, chance) - _xlogy(1 - label, 1 - chance) + total(rest)

    return total(both) / len(both)


class BinaryCrossEntropy:
    """An object that is called, with a generator inside."""

    def costs(self, pairs, low, high):
        for label, chance in pairs:
            kept = low if chance < low else high if chance > high else chance
            yield -_xlogy(label, kept) - _xlogy(1 - label, 1 - kept)

    def __call__(self, y, p, eps=EPS):
        _range_of(eps)
        pairs = _pairs(y, p)
        return np.float32(math.fsum(self.costs(pairs, eps, 1 - eps)) / len(pairs))


def loss_with_an_exact_mean(y, p, eps=EPS):
    """The mean as a fraction, where there is no infinity."""
    _range_of(eps)
    costs = []
    for label, chance in _pairs(y, p):
        chance = max(eps, min(1 - eps, chance))
        costs.append(-_xlogy(label, chance) - _xlogy(1.0 - label, 1 - chance))
    if math.inf in costs:
        return math.inf
    return float(sum(map(Fraction, costs)) / len(costs))


# more of them, less usual


def _two(first, second):
    """Two lists of floats, entry by entry."""
    first, second = np.asarray(first), np.asarray(second)
    if first.ndim != 1 or first.shape != second.shape or not first.size:
        raise ValueError("two vectors of one length")
    pairs = [(float(a), float(b)) for a, b in zip(first.tolist(), second.tolist(), strict=True)]
    if not all(0 <= a <= 1 and 0 <= b <= 1 for a, b in pairs):
        raise ValueError("all of them lie in [0, 1]")
    return pairs


EPSILON = math.ulp(1.0)


def _surprise(chance):
    return -math.log(chance) if chance else math.inf


def likelihood_of_distances(y, p):
    """The distance of p from what did not happen is the probability of what did."""
    pairs = np.array(_two(y, p))
    if not np.isin(pairs[:, 0], (0, 1)).all():
        raise ValueError("hard labels")
    with np.errstate(divide="ignore"):
        return np.add.reduce(np.log(np.abs((1 - pairs[:, 0]) - pairs[:, 1])))


def likelihood_of_surprises(y, p):
    pairs = _two(y, p)
    if {label for label, _ in pairs} - {0.0, 1.0}:
        raise ValueError("hard labels")
    return -math.fsum(_surprise(chance if label else 1 - chance) for label, chance in pairs)


def likelihood_with_choose(y, p):
    y, p = np.array(_two(y, p)).T
    if ((y != 0) & (y != 1)).any():
        raise ValueError("hard labels")
    with np.errstate(divide="ignore"):
        return np.log(np.choose(y.astype(int), [1 - p, p])).sum(dtype=np.longdouble)


def entropy_where_there_is_any(q):
    q = np.array(q, dtype=np.float64)
    if not ((q >= 0) & (q <= 1)).all():
        raise ValueError("q")
    sides = np.stack([q, 1 - q])
    return -(sides * np.log(np.where(sides > 0, sides, 1))).sum(axis=0) + 0.0


def entropy_vectorised(q):
    q = np.asarray(q, dtype=float)
    if np.isnan(q).any() or q.min() < 0 or q.max() > 1:
        raise ValueError("q")
    return np.vectorize(lambda one: sum(w * _surprise(w) for w in (one, 1 - one) if w), otypes=[float])(q)


def entropy_in_bits_first(q):
    q = np.array(q, dtype=np.float64)
    if (~np.isfinite(q)).any() or (np.clip(q, 0, 1) != q).any():
        raise ValueError("q")
    with np.errstate(divide="ignore", invalid="ignore"):
        bits = -q * np.log2(q) - (1 - q) * np.log1p(-q) / np.log(2)
    bits[(q == 0) | (q == 1)] = 0
    return (bits * np.log(2)).tolist()


def divergence_of_ratios(q, p):
    q, p = np.array(_two(q, p)).T
    with np.errstate(all="ignore"):
        one = np.where(q > 0, q * np.log(q / p), 0)
        return one + np.where(q < 1, (1 - q) * np.log((1 - q) / (1 - p)), 0)


def divergence_by_entries(q, p):
    sides = lambda a, b: ((a, b), (1 - a, 1 - b))  # noqa: E731
    return [
        sum(w * (_surprise(b) - _surprise(w)) for w, b in sides(*pair) if w) if pair[0] != pair[1] else 0
        for pair in _two(q, p)
    ]


def divergence_as_extra_cost(q, p):
    """What p costs, minus what q itself costs."""
    q, p = np.array(_two(q, p)).T

    def cost(chance):
        total = np.zeros_like(q)
        for weight, side in ((q, chance), (1 - q, 1 - chance)):
            some = weight > 0
            with np.errstate(divide="ignore"):
                total[some] -= weight[some] * np.log(side[some])
        return total

    return np.maximum(cost(p) - cost(q), 0)


def loss_of_surprises(y, p, eps=2.0**-52):
    if eps < 0 or eps >= 0.5:
        raise ValueError("eps")
    total = []
    for label, chance in _two(y, p):
        chance = min(max(chance, eps), 1 - eps)
        total += [w * _surprise(c) for w, c in ((label, chance), (1 - label, 1 - chance)) if w]
    return math.fsum(total) / len(np.asarray(y))


def loss_by_matrix(y, p, eps=EPSILON):
    if not 0 <= eps < 0.5:
        raise ValueError("eps")
    y, p = np.array(_two(y, p)).T
    weights, chances = np.stack([y, 1 - y]), np.clip(np.stack([p, 1 - p]), eps, 1 - eps)
    with np.errstate(divide="ignore"):
        surprises = np.where(weights > 0, -np.log(np.where(weights > 0, chances, 1)), 0)
    return np.asarray(np.vdot(weights, surprises) / y.size) if np.isfinite(surprises).all() else np.inf


def loss_with_median_clip(y, p, eps=EPSILON):
    if not (eps >= 0 and eps < 0.5):
        raise ValueError("eps")
    return sum(
        (label and label * _surprise(sorted((eps, chance, 1 - eps))[1]))
        + ((1 - label) and (1 - label) * _surprise(1 - sorted((eps, chance, 1 - eps))[1]))
        for label, chance in _two(y, p)
    ) / np.size(y)


ACCEPTED = {
    "bernoulli_log_likelihood": (
        likelihood_by_choice,
        likelihood_by_masks,
        likelihood_in_a_loop,
        likelihood_with_fsum,
        likelihood_by_the_mass_function,
        likelihood_by_halves,
        likelihood_by_distance,
        Likelihood(),
    ),
    "binary_entropy": (
        entropy_with_where,
        entropy_with_nan_to_num,
        entropy_inside_only,
        entropy_in_a_list,
        entropy_barely_clipped,
        entropy_from_bits,
        entropy_recursive,
        entropy_in_float32,
    ),
    "kl_bernoulli": (
        divergence_by_sides,
        divergence_in_a_loop,
        divergence_as_a_difference,
        divergence_by_masks,
        divergence_with_nan_to_num,
        divergence_of_generators,
        Divergence(),
        divergence_in_float32,
    ),
    "binary_cross_entropy": (
        loss_with_where,
        loss_in_a_loop,
        loss_with_nan_to_num,
        loss_by_masks,
        loss_with_dot,
        loss_in_both_classes,
        loss_recursive,
        BinaryCrossEntropy(),
        loss_with_an_exact_mean,
    ),
}

MORE = {
    "bernoulli_log_likelihood": (likelihood_of_distances, likelihood_of_surprises, likelihood_with_choose),
    "binary_entropy": (entropy_where_there_is_any, entropy_vectorised, entropy_in_bits_first),
    "kl_bernoulli": (divergence_of_ratios, divergence_by_entries, divergence_as_extra_cost),
    "binary_cross_entropy": (loss_of_surprises, loss_by_matrix, loss_with_median_clip),
}
ACCEPTED = {name: (*ways, *MORE[name]) for name, ways in ACCEPTED.items()}
