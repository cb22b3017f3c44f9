"""Right ways to write the functions of unit 4, as differently as people write."""

from __future__ import annotations

import cmath
import math
from fractions import Fraction

import numpy as np


def _pair(y, z):
    y, z = np.array(y, dtype=np.float64), np.array(z, dtype=np.float64)
    if y.ndim != 1 or y.size == 0 or y.shape != z.shape:
        raise ValueError("two vectors of one length, please")
    if not (np.isfinite(y).all() and np.isfinite(z).all()):
        raise ValueError("finite numbers only")
    if y.min() < 0 or y.max() > 1:
        raise ValueError("labels lie in [0, 1]")
    return y, z


class LabelError(ValueError):
    """A subclass of ValueError is a ValueError."""


def _pairs(y, z):
    """The same without arrays of float64."""
    if np.shape(y) != np.shape(z) or np.ndim(y) != 1 or len(y) == 0:
        raise ValueError
    both = [(float(a), float(b)) for a, b in zip(y, z, strict=True)]
    for a, b in both:
        if not math.isfinite(b) or not 0 <= a <= 1:
            raise LabelError(a, b)
    return both


# sigmoid


def sigmoid_with_a_warning(z):
    return 1 / (1 + np.exp(-np.asarray(z, dtype=float)))


def sigmoid_by_halves(z):
    z = np.asarray(z, dtype=float)
    p = np.empty_like(z)
    up = z >= 0
    p[up] = 1 / (1 + np.exp(-z[up]))
    e = np.exp(z[~up])
    p[~up] = e / (1 + e)
    return p


def sigmoid_by_tanh(z):
    return 0.5 * (1 + np.tanh(0.5 * np.asarray(z, dtype=float)))


def sigmoid_by_logaddexp(z):
    return np.exp(-np.logaddexp(0.0, -np.asarray(z, dtype=float)))


def sigmoid_where(z):
    z = np.asarray(z, dtype=float)
    e = np.exp(-abs(z))
    return np.where(z < 0, e, 1) / (1 + e)


def sigmoid_clipped_far_out(z):
    return 1 / (1 + np.exp(-np.clip(np.asarray(z, dtype=float), -500, 500)))


def sigmoid_recursive(z):
    """Nested lists in, nested lists out."""
    if np.ndim(z):
        return [sigmoid_recursive(entry) for entry in z]
    z = float(z)
    return 1 / (1 + math.exp(-z)) if z >= 0 else 1 - sigmoid_recursive(-z)


def sigmoid_of_any_length(z):
    """A one-number loop with np.nditer; a Python float for a single number."""
    z = np.array(z, dtype=float)
    flat = [0.0 if value < -700 else 1 / (1 + math.exp(-value)) for value in np.nditer(z)]
    return flat[0] if z.ndim == 0 else np.reshape(flat, z.shape)


# bce_with_logits


def loss_in_one_line(y, z):
    y, z = _pair(y, z)
    return np.mean(np.maximum(z, 0) - y * z + np.log1p(np.exp(-np.abs(z))))


def loss_by_logaddexp(y, z):
    y, z = _pair(y, z)
    return np.logaddexp(0, z).mean() - np.mean(y * z)


def loss_in_two_parts(y, z):
    y, z = _pair(y, z)
    return np.average(y * np.logaddexp(0, -z) + (1 - y) * np.logaddexp(0, z))


def loss_in_a_loop(y, z):
    total = 0.0
    both = _pairs(y, z)
    for label, logit in both:
        if logit > 0:
            total += (1 - label) * logit + math.log(1 + math.exp(-logit))
        else:
            total += -label * logit + math.log(1 + math.exp(logit))
    return total / len(both)


def loss_with_fsum(y, z):
    both = _pairs(y, z)
    return math.fsum(max(z, 0.0) - y * z + math.log1p(math.exp(-abs(z))) for y, z in both) / len(both)


def loss_with_masks(y, z):
    y, z = _pair(y, z)
    softplus = z.copy()
    small = z < 30
    softplus[small] = np.log(1 + np.exp(z[small]))
    return np.asarray(np.mean(softplus - y * z))


def loss_with_einsum(y, z):
    y, z = _pair(y, z)
    return np.float32((np.logaddexp(z, 0).sum() - np.einsum("i,i->", y, z)) / y.size)


class LossWithLogits:
    """An object that is called."""

    def softplus(self, z):
        return np.where(z > 0, z, 0) + np.log1p(np.exp(-np.abs(z)))

    def __call__(self, y, z):
        y, z = _pair(y, z)
        return float(np.dot(y, self.softplus(-z)) + np.dot(1 - y, self.softplus(z))) / len(y)


# bce_grad_logits


def slope_vectorised(y, z):
    y, z = _pair(y, z)
    return (sigmoid_with_a_warning(z) - y) / len(y)


def slope_as_a_list(y, z):
    both = _pairs(y, z)
    return [(sigmoid_recursive(logit) - label) / len(both) for label, logit in both]


def slope_as_a_tuple(y, z):
    both = _pairs(y, z)
    return tuple((0.5 + 0.5 * math.tanh(logit / 2) - label) / len(both) for label, logit in both)


def slope_in_float32(y, z):
    y, z = _pair(y, z)
    return ((sigmoid_by_tanh(z) - y) / y.size).astype(np.float32)


def slope_of_two_softplus(y, z):
    """Differentiates y softplus(−z) + (1 − y) softplus(z) term by term."""
    y, z = _pair(y, z)
    return np.mean([1.0]) * (-y * sigmoid_where(-z) + (1 - y) * sigmoid_where(z)) / y.size


def slope_by_complex_step(y, z):
    """An exact derivative without a formula for it: the imaginary part of the loss at z + ih."""
    both, h = _pairs(y, z), 1e-30
    slopes = []
    for label, logit in both:
        side = 1 if logit >= 0 else -1
        shifted = complex(logit, h)
        loss = (shifted if side > 0 else 0) - label * shifted + cmath.log(1 + cmath.exp(-side * shifted))
        slopes.append(loss.imag / h / len(both))
    return np.array(slopes)


class Slope:
    def __call__(self, y, z):
        y, z = _pair(y, z)
        gradient = np.zeros(len(y))
        for index in range(len(y)):
            gradient[index] = (sigmoid_by_logaddexp(z[index]) - y[index]) * (1 / len(y))
        return gradient


# mse_grad_logits


def square_slope_vectorised(y, z):
    y, z = _pair(y, z)
    p = sigmoid_with_a_warning(z)
    return 2 * (p - y) * p * (1 - p) / y.size


def square_slope_as_a_list(y, z):
    slopes = []
    both = _pairs(y, z)
    for label, logit in both:
        p = sigmoid_recursive(logit)
        slopes.append((p - label) * 2 * p * (1 - p) / len(both))
    return slopes


def square_slope_by_cosh(y, z):
    """The slope of the sigmoid as 1 / (4 cosh²(z / 2))."""
    y, z = _pair(y, z)
    slope = 0.25 / np.cosh(np.clip(z, -600, 600) / 2) ** 2
    return (2 / y.size) * (sigmoid_by_tanh(z) - y) * slope


def square_slope_in_float32(y, z):
    return np.asarray(square_slope_vectorised(y, z), dtype=np.float32)


def square_slope_by_jacobian(y, z):
    y, z = _pair(y, z)
    p = sigmoid_by_halves(z)
    jacobian = np.diag(p * (1 - p))
    return jacobian @ (2 * (p - y) / y.size)


def square_slope_with_einsum(y, z):
    y, z = _pair(y, z)
    p, q = sigmoid_where(z), sigmoid_where(-z)
    return tuple(np.einsum("i,i,i->i", p - y, p, q) * 2 / len(y))


def square_slope_in_fractions(y, z):
    """The last step in exact arithmetic."""
    both = _pairs(y, z)
    out = []
    for label, logit in both:
        p = Fraction(sigmoid_recursive(logit))
        out.append(float(2 * (p - Fraction(label)) * p * (1 - p) / len(both)))
    return out


# more of them, less usual


def sigmoid_of_minimum(z):
    z = np.asarray(z, dtype=float)
    return np.exp(np.minimum(z, 0)) / (1 + np.exp(-np.abs(z)))


def sigmoid_with_expm1(z):
    return -np.expm1(-np.logaddexp(0, np.asarray(z, dtype=float)))


def sigmoid_in_long_doubles(z):
    return 1 / (1 + np.exp(-np.asarray(z, dtype=np.longdouble)))


def loss_of_two_sides(y, z):
    y, z = _pair(y, z)
    return np.einsum("sn,sn->", np.stack([y, 1 - y]), np.logaddexp(0, np.stack([-z, z]))) / len(y)


def loss_with_where(y, z):
    y, z = _pair(y, z)
    return np.asarray(np.mean(np.where(z > 0, (1 - y) * z, -y * z) + np.log1p(np.exp(-np.abs(z)))))


def loss_by_entries(y, z):
    pairs = _pairs(y, z)
    return math.fsum(max(b, 0) - a * b + math.log1p(math.exp(-abs(b))) for a, b in pairs) / len(pairs)


def slope_with_tanh(y, z):
    y, z = _pair(y, z)
    return ((np.tanh(z / 2) + 1 - 2 * y) / (2 * len(y))).tolist()


def slope_by_entries(y, z):
    pairs = _pairs(y, z)
    return tuple((sigmoid_recursive(b) - a) / len(pairs) for a, b in pairs)


def slope_weighing_both_sides(y, z):
    y, z = _pair(y, z)
    return np.divide((1 - y) * sigmoid_of_minimum(z) - y * sigmoid_of_minimum(-z), y.size)


def square_slope_with_cosh(y, z):
    y, z = _pair(y, z)
    with np.errstate(over="ignore"):
        return (sigmoid_by_halves(z) - y) / (2 * np.cosh(z / 2) ** 2 * y.size)


def square_slope_by_entries(y, z):
    pairs = _pairs(y, z)
    return [
        2 * (sigmoid_recursive(b) - a) * math.exp(-abs(b)) / (1 + math.exp(-abs(b))) ** 2 / len(pairs) for a, b in pairs
    ]


def square_slope_of_both_sides(y, z):
    y, z = _pair(y, z)
    up, down = sigmoid_of_minimum(z), sigmoid_of_minimum(-z)
    return tuple(2 / len(y) * np.subtract((1 - y) * up, y * down) * up * down)


ACCEPTED = {
    "sigmoid": (
        sigmoid_with_a_warning,
        sigmoid_by_halves,
        sigmoid_by_tanh,
        sigmoid_by_logaddexp,
        sigmoid_where,
        sigmoid_clipped_far_out,
        sigmoid_recursive,
        sigmoid_of_any_length,
    ),
    "bce_with_logits": (
        loss_in_one_line,
        loss_by_logaddexp,
        loss_in_two_parts,
        loss_in_a_loop,
        loss_with_fsum,
        loss_with_masks,
        loss_with_einsum,
        LossWithLogits(),
    ),
    "bce_grad_logits": (
        slope_vectorised,
        slope_as_a_list,
        slope_as_a_tuple,
        slope_in_float32,
        slope_of_two_softplus,
        slope_by_complex_step,
        Slope(),
    ),
    "mse_grad_logits": (
        square_slope_vectorised,
        square_slope_as_a_list,
        square_slope_by_cosh,
        square_slope_in_float32,
        square_slope_by_jacobian,
        square_slope_with_einsum,
        square_slope_in_fractions,
    ),
}

MORE = {
    "sigmoid": (sigmoid_of_minimum, sigmoid_with_expm1, sigmoid_in_long_doubles),
    "bce_with_logits": (loss_of_two_sides, loss_with_where, loss_by_entries),
    "bce_grad_logits": (slope_with_tanh, slope_by_entries, slope_weighing_both_sides),
    "mse_grad_logits": (square_slope_with_cosh, square_slope_by_entries, square_slope_of_both_sides),
}
ACCEPTED = {name: (*ways, *MORE[name]) for name, ways in ACCEPTED.items()}
