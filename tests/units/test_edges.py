"""Wrong functions that are right nearly everywhere: off at one edge, or by a tolerance, a clip or a rounding.

Each is the reference with one slip. A suite that passes such a function gives full marks for a broken promise.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from benchmarks.trials import UNITS, functions, outcomes

bce, choosing, confidence, overfitting, ranges, rmse, scale = (
    UNITS[topic].reference for topic in "bce choosing confidence overfitting ranges rmse scale".split()
)

Function = Callable[..., Any]
EDGE = 1e-9
"""A tolerance as people choose one."""


def refuse(*_: object) -> Any:
    raise ValueError


def snapped(values: Any, low: float = 0.0, high: float = 1.0) -> Any:
    """Values a hair outside of their range are taken for its end."""
    values = np.array(values, dtype=np.float64)
    inside = (values >= low - EDGE) & (values <= high + EDGE)
    return np.where(inside, np.clip(values, low, high), values)


def rounded(values: Any) -> Any:
    """Values a hair from a whole number are taken for it."""
    values = np.array(values, dtype=np.float64)
    whole = np.round(values)
    return np.where(np.abs(values - whole) < 1e-6, whole, values)


def single(*arrays: Any) -> list[Any]:
    return [np.asarray(array, dtype=np.float64).astype(np.float32).astype(np.float64) for array in arrays]


def flat(values: Any) -> Any:
    return np.ravel(np.asarray(values, dtype=np.float64))


def any_at(values: Any, *marks: float) -> bool:
    return bool(np.isin(np.asarray(values, dtype=np.float64), marks).any())


def finite_only(values: Any) -> Any:
    """Infinities are let through as very large numbers."""
    return np.nan_to_num(np.asarray(values, dtype=np.float64), nan=np.nan)


def std_with(y: Any, y_hat: Any, method: str, size: Function) -> Any:
    """nrmse with another size for 'std'."""
    if method != "std":
        return scale.nrmse(y, y_hat, method)
    right = rmse.rmse(y, y_hat)
    divisor = size(np.asarray(y, dtype=np.float64))
    return right / divisor if divisor else refuse()


def scaled_by(spread: Function) -> Function:
    """standardize_from_train with another spread."""

    def standardize(X_train: Any, X_val: Any) -> Any:
        overfitting.standardize_from_train(X_train, X_val)
        train, val = np.asarray(X_train, dtype=np.float64), np.asarray(X_val, dtype=np.float64)
        with np.errstate(all="ignore"):
            divisor = spread(train)
            return (train - train.mean(axis=0)) / divisor, (val - train.mean(axis=0)) / divisor

    return standardize


def decided(train: Any, val: Any, baseline: float, *, skill: Function, gap: Function) -> str:
    """diagnose_gap with other comparisons."""
    overfitting.diagnose_gap(train, val, baseline)
    _, low, high = overfitting.gap_interval(train, val)
    if skill(float(np.mean(np.asarray(val, dtype=np.float64))), baseline):
        return "no-skill"
    return "gap" if gap(low, 0) else "reversed-gap" if gap(0, high) else "no-clear-gap"


def stopped(losses: Any, patience: int, min_delta: float, *, better: Function, enough: Function) -> tuple[int, int]:
    """early_stopping with other comparisons."""
    overfitting.early_stopping(losses, patience, min_delta)
    losses = np.asarray(losses, dtype=np.float64)
    best_epoch, best = 0, losses[0]
    for epoch, loss in enumerate(losses):
        if better(loss, best, min_delta):
            best_epoch, best = epoch, loss
        elif enough(epoch - best_epoch, patience):
            return best_epoch, epoch
    return best_epoch, len(losses) - 1


def counted(y: Any, p: Any, threshold: float, above: Function) -> tuple[int, ...]:
    """confusion_counts with another decision."""
    choosing.confusion_counts(y, p, threshold)
    yes, happened = above(np.asarray(p, dtype=np.float64), threshold), np.asarray(y) == 1
    return tuple(
        int(np.sum(a & b)) for a, b in ((yes, happened), (yes, ~happened), (~yes, happened), (~yes, ~happened))
    )


def shares(tp: int, fp: int, fn: int, _: int) -> tuple[float, float]:
    return tp / (tp + fp) if tp + fp else math.nan, tp / (tp + fn) if tp + fn else math.nan


def fitted(change: Function) -> Function:
    """fit_logistic with other arguments than it was given."""

    def fit(X: Any, y: Any, loss: str = "bce", lr: float = 0.1, steps: int = 100, w0: Any = None) -> Any:
        return choosing.fit_logistic(*change(X, y, loss, lr, steps, w0))

    return fit


def descended(X: Any, y: Any, loss: str, lr: float, steps: int, w0: Any, *, until: float) -> Any:
    """fit_logistic that stops early where the step is small."""
    w = choosing.fit_logistic(X, y, loss, lr, 0, w0)
    for _ in range(steps):
        new = choosing.fit_logistic(X, y, loss, lr, 1, w)
        if np.abs(new - w).max() < until:
            return w
        w = new
    return w


def thinned(function: Function, keep: Function) -> Function:
    """A loss of two vectors over some of its entries only."""

    def loss(y: Any, other: Any, *rest: Any) -> Any:
        function(y, other, *rest)
        y, other = np.asarray(y, dtype=np.float64), np.asarray(other, dtype=np.float64)
        kept = keep(y, other)
        return function(y[kept], other[kept], *rest) if len(y[kept]) else 0.0

    return loss


THINNED: tuple[Function, ...] = (
    lambda y, other: y != other,
    lambda y, other: y != 0,
    lambda y, other: other != 0,
    lambda y, other: np.unique(y - other, return_index=True)[1],
    lambda y, other: np.unique(np.abs(y - other), return_index=True)[1],
    lambda y, other: slice(64),
)
"""Which entries people keep by mistake: errors that are not 0, different ones, the first few."""


def within(p: Any, edge: float) -> Any:
    """Probabilities clipped, what is none left alone."""
    p = np.asarray(p, dtype=np.float64)
    return np.clip(p, edge, 1 - edge) if p.size and p.min() >= 0 and p.max() <= 1 else p


def typical(train: Any, val: Any, baseline: float) -> str:
    """diagnose_gap that compares the median of val with the baseline."""
    word = overfitting.diagnose_gap(train, val, baseline)
    if np.median(np.asarray(val, dtype=np.float64)) >= baseline:
        return "no-skill"
    return word if word != "no-skill" else str(overfitting.diagnose_gap(train, val, 1e300))


def first_columns(number: int) -> Function:
    """overlapping_rows that looks at the first few columns only."""

    def overlapping(X_train: Any, X_val: Any) -> Any:
        overfitting.overlapping_rows(X_train, X_val)
        return overfitting.overlapping_rows(*(np.asarray(X)[:, :number] for X in (X_train, X_val)))

    return overlapping


def some_logits(y: Any, z: Any) -> Any:
    """bce_with_logits that leaves out what is small for a large logit."""
    confidence.bce_with_logits(y, z)
    y, z = np.asarray(y, dtype=np.float64), np.asarray(z, dtype=np.float64)
    tail = np.where(np.abs(z) > 15, 0.0, np.log1p(np.exp(-np.abs(z))))
    return float(np.mean(np.maximum(z, 0) - y * z + tail))


def descent(*, until: float = 0.0, most: float = math.inf) -> Function:
    """fit_logistic that ends at a small gradient, or cuts a large one."""

    def fit(X: Any, y: Any, loss: str = "bce", lr: float = 0.1, steps: int = 100, w0: Any = None) -> Any:
        w = choosing.fit_logistic(X, y, loss, lr, 0, w0)
        for _ in range(steps):
            gradient = w - choosing.fit_logistic(X, y, loss, 1.0, 1, w)
            size = np.linalg.norm(gradient)
            if size < until:
                break
            w = w - lr * gradient * min(1.0, most / size if size else 1.0)
        return w

    return fit


EPS = bce.EPS
LOSSES = ("bce", "rmse", "mae")

WRONG: dict[str, dict[str, tuple[Function, ...]]] = {
    "bce": {
        "bernoulli_log_likelihood": (
            lambda y, p: bce.bernoulli_log_likelihood(y, np.clip(p, 1e-300, 1) if np.ndim(p) == 1 else p),
            lambda y, p: bce.bernoulli_log_likelihood(y, np.minimum(p, 1 - 1e-16) if np.max(p, initial=0) <= 1 else p),
            lambda y, p: refuse() if any_at(p, 0.0, 1.0) else bce.bernoulli_log_likelihood(y, p),
            lambda y, p: bce.bernoulli_log_likelihood(rounded(y), p),
            lambda y, p: bce.bernoulli_log_likelihood(y, snapped(p)),
            lambda y, p: 0.0 if np.size(y) == np.size(p) == 0 else bce.bernoulli_log_likelihood(y, p),
            lambda y, p: bce.bernoulli_log_likelihood(flat(y), flat(p)),
        ),
        "binary_entropy": (
            lambda q: bce.binary_entropy(snapped(q)),
            lambda q: refuse() if any_at(q, 0.0) else bce.binary_entropy(q),
            lambda q: refuse() if any_at(q, 1.0) else bce.binary_entropy(q),
            lambda q: bce.binary_entropy(np.clip(q, 1e-9, 1 - 1e-9) if np.min(q) >= 0 and np.max(q) <= 1 else q),
            lambda q: np.where(bce.binary_entropy(q) < 1e-5, 0.0, bce.binary_entropy(q)),
            lambda q: np.round(bce.binary_entropy(q), 8),
        ),
        "kl_bernoulli": (
            lambda q, p: bce.kl_bernoulli(q, snapped(p)),
            lambda q, p: bce.kl_bernoulli(snapped(q), p),
            lambda q, p: np.minimum(bce.kl_bernoulli(q, p), 700.0),
            lambda q, p: np.nan_to_num(bce.kl_bernoulli(q, p), posinf=1e300),
            lambda q, p: refuse() if any_at(p, 0.0, 1.0) else bce.kl_bernoulli(q, p),
            lambda q, p: refuse() if any_at(q, 0.0, 1.0) else bce.kl_bernoulli(q, p),
            lambda q, p: np.where(np.equal(q, p), np.nan, bce.kl_bernoulli(q, p)),
            lambda q, p: bce.kl_bernoulli(q, p) - 1e-6,
        ),
        "binary_cross_entropy": (
            lambda y, p, eps=1e-15: bce.binary_cross_entropy(y, p, eps),
            lambda y, p, eps=EPS: bce.binary_cross_entropy(y, p, eps or EPS),
            lambda y, p, eps=EPS: bce.binary_cross_entropy(y, snapped(p), eps),
            lambda y, p, eps=EPS: bce.binary_cross_entropy(snapped(y), p, eps),
            lambda y, p, eps=EPS: bce.binary_cross_entropy(y, p, min(eps, 0.4999)),
            lambda y, p, eps=EPS: bce.binary_cross_entropy(y, p, max(eps, 0.0)),
            lambda y, p, eps=EPS: refuse() if eps == 0 else bce.binary_cross_entropy(y, p, eps),
            lambda y, p, eps=EPS: min(bce.binary_cross_entropy(y, p, eps), 1e300),
        ),
    },
    "rmse": {
        "gaussian_nll": (
            lambda y, mu, sigma: rmse.gaussian_nll(y, mu, max(sigma, 1e-12) if sigma > 0 else sigma),
            lambda y, mu, sigma: refuse() if 0 < sigma < 1e-12 else rmse.gaussian_nll(y, mu, sigma),
            lambda y, mu, sigma: refuse() if sigma > 1e12 else rmse.gaussian_nll(y, mu, sigma),
            lambda y, mu, sigma: rmse.gaussian_nll(y, mu, sigma or 1e-12),
            lambda y, mu, sigma: np.nan if sigma != sigma else rmse.gaussian_nll(y, mu, sigma),
            lambda y, mu, sigma: np.inf if sigma == np.inf else rmse.gaussian_nll(y, mu, sigma),
            lambda y, mu, sigma: min(rmse.gaussian_nll(y, mu, sigma), 700.0),
            lambda y, mu, sigma: rmse.gaussian_nll(*single(y, mu), sigma),
            *(thinned(rmse.gaussian_nll, keep) for keep in THINNED),
        ),
        "rmse": (
            lambda y, y_hat: float(np.sqrt(rmse.rmse(y, y_hat) ** 2 + 1e-5)),
            lambda y, y_hat: rmse.rmse(*single(y, y_hat)),
            lambda y, y_hat: rmse.rmse(flat(y), flat(y_hat)),
            lambda y, y_hat: 0.0 if np.size(y) == 0 else rmse.rmse(y, y_hat),
            lambda y, y_hat: rmse.rmse(np.nan_to_num(y), np.nan_to_num(y_hat)),
            lambda y, y_hat: round(rmse.rmse(y, y_hat), 4),
            lambda y, y_hat: rmse.rmse(y, y_hat) if np.isfinite(y).all() else math.nan,
            lambda y, y_hat: float(np.sqrt(rmse.rmse(y, y_hat) ** 2 + 1e-8)),
            lambda y, y_hat: max(rmse.rmse(y, y_hat), 1e-7),
            lambda y, y_hat: rmse.rmse(np.atleast_1d(y), np.atleast_1d(y_hat)),
            *(thinned(rmse.rmse, keep) for keep in THINNED),
        ),
        "mae": (
            lambda y, y_hat: rmse.mae(y, y_hat) + 1e-5,
            lambda y, y_hat: round(rmse.mae(y, y_hat), 3),
            lambda y, y_hat: rmse.mae(flat(y), flat(y_hat)),
            lambda y, y_hat: 0.0 if np.size(y) == 0 else rmse.mae(y, y_hat),
            lambda y, y_hat: rmse.mae(np.nan_to_num(y), np.nan_to_num(y_hat)),
            lambda y, y_hat: rmse.mae(y, y_hat) if np.isfinite(y).all() else math.nan,
            lambda y, y_hat: max(rmse.mae(y, y_hat), 1e-7),
            lambda y, y_hat: round(rmse.mae(y, y_hat), 6),
            lambda y, y_hat: rmse.mae(*single(y, y_hat)),
            lambda y, y_hat: rmse.mae(np.atleast_1d(y), np.atleast_1d(y_hat)),
            *(thinned(rmse.mae, keep) for keep in THINNED),
        ),
    },
    "ranges": {
        "best_constant": (
            lambda y, loss: ranges.best_constant(snapped(y) if loss == "bce" else y, loss),
            lambda y, loss: refuse() if loss == "bce" and any_at(y, 1.0) else ranges.best_constant(y, loss),
            lambda y, loss: ranges.best_constant(y, loss if loss in LOSSES else "rmse"),
            lambda y, loss: ranges.best_constant(flat(y), loss),
            lambda y, loss: ranges.best_constant(np.asarray(y, dtype=np.float16), loss),
            lambda y, loss: round(ranges.best_constant(y, loss), 5),
            lambda y, loss: refuse() if loss == "rmse" and np.min(y, initial=0) < 0 else ranges.best_constant(y, loss),
            lambda y, loss: (
                within(ranges.best_constant(y, loss), 1e-6)[()] if loss == "bce" else ranges.best_constant(y, loss)
            ),
            lambda y, loss: ranges.best_constant(y, loss.lower()),
        ),
        "baseline_loss": (
            lambda y, loss: ranges.baseline_loss(snapped(y) if loss == "bce" else y, loss),
            lambda y, loss: ranges.baseline_loss(y, loss) or 1e-7,
            lambda y, loss: refuse() if loss == "rmse" and np.ptp(y) == 0 else ranges.baseline_loss(y, loss),
            lambda y, loss: math.nan if loss == "mae" and np.ptp(y) == 0 else ranges.baseline_loss(y, loss),
            lambda y, loss: round(ranges.baseline_loss(y, loss), 6),
            lambda y, loss: ranges.baseline_loss(flat(y), loss),
            lambda y, loss: ranges.baseline_loss(*single(y), loss),
            lambda y, loss: (
                max(ranges.baseline_loss(y, loss), 8e-9) if loss == "bce" else ranges.baseline_loss(y, loss)
            ),
            lambda y, loss: ranges.baseline_loss(y, loss.lower()),
        ),
        "skill_score": (
            lambda loss, baseline: ranges.skill_score(max(loss, 0.0) if loss > -EDGE else loss, baseline),
            lambda loss, baseline: 1 - loss / (baseline + 1e-12) if ranges.skill_score(loss, baseline) else 0.0,
            lambda loss, baseline: refuse() if loss == 0 else ranges.skill_score(loss, baseline),
            lambda loss, baseline: refuse() if baseline < 1e-12 else ranges.skill_score(loss, baseline),
            lambda loss, baseline: max(ranges.skill_score(loss, baseline), -10.0),
            lambda loss, baseline: 0.0 if loss == baseline == 0 else ranges.skill_score(loss, baseline),
            lambda loss, baseline: 1.0 if baseline == np.inf else ranges.skill_score(loss, baseline),
            lambda loss, baseline: round(ranges.skill_score(loss, baseline), 4),
        ),
    },
    "confidence": {
        "sigmoid": (
            lambda z: confidence.sigmoid(np.clip(z, -26, 26)),
            lambda z: confidence.sigmoid(z).astype(np.float32),
            lambda z: (1 / (1 + np.exp(-np.clip(z, -80, 80).astype(np.float32)))).astype(np.float64),
            lambda z: np.clip(confidence.sigmoid(z), 1e-11, 1 - 1e-11),
            lambda z: np.round(confidence.sigmoid(z), 11),
            lambda z: confidence.sigmoid(z) + 2e-12,
            lambda z: np.atleast_1d(confidence.sigmoid(z)),
        ),
        "bce_with_logits": (
            lambda y, z: confidence.bce_with_logits(snapped(y), z),
            lambda y, z: confidence.bce_with_logits(y, np.clip(z, -700, 700) if np.isfinite(z).all() else z),
            lambda y, z: refuse() if not any_at(y, 0.0, 1.0) else confidence.bce_with_logits(y, z),
            lambda y, z: confidence.bce_with_logits(flat(y), flat(z)),
            lambda y, z: confidence.bce_with_logits(y, z) or 1e-7,
            lambda y, z: math.nan if np.size(y) == 0 else confidence.bce_with_logits(y, z),
            lambda y, z: confidence.bce_with_logits(np.clip(y, 0, 1) if np.size(y) else y, z),
            some_logits,
        ),
        "bce_grad_logits": (
            lambda y, z: confidence.bce_grad_logits(snapped(y), z),
            lambda y, z: confidence.bce_grad_logits(np.clip(y, 0, 1) if np.size(y) else y, z),
            lambda y, z: np.where(np.abs(z) > 500, 0.0, confidence.bce_grad_logits(y, z)),
            lambda y, z: np.round(confidence.bce_grad_logits(y, z), 6),
            lambda y, z: confidence.bce_grad_logits(flat(y), flat(z)),
            lambda y, z: [] if np.size(y) == np.size(z) == 0 else confidence.bce_grad_logits(y, z),
        ),
        "mse_grad_logits": (
            lambda y, z: confidence.mse_grad_logits(snapped(y), z),
            lambda y, z: confidence.mse_grad_logits(np.clip(y, 0, 1) if np.size(y) else y, z),
            lambda y, z: confidence.mse_grad_logits(y, np.clip(z, -15, 15) if np.isfinite(z).all() else z),
            lambda y, z: np.where(np.max(np.abs(z)) > 100, 0.0, confidence.mse_grad_logits(y, z)),
            lambda y, z: np.round(confidence.mse_grad_logits(y, z), 7),
            lambda y, z: confidence.mse_grad_logits(flat(y), flat(z)),
            lambda y, z: [] if np.size(y) == np.size(z) == 0 else confidence.mse_grad_logits(y, z),
        ),
    },
    "scale": {
        "nrmse": (
            lambda y, y_hat, method="std": std_with(y, y_hat, method, np.std),
            lambda y, y_hat, method="std": std_with(
                y, y_hat, method, lambda v: 0 if np.isclose(v.std(), 0) else v.std()
            ),
            lambda y, y_hat, method="std": std_with(y, y_hat, method, lambda v: v.std() + 1e-12 if np.ptp(v) else 0),
            lambda y, y_hat, method="std": std_with(y, y_hat, method, lambda v: v.std() if v.std() > 1e-9 else 0),
            lambda y, y_hat, method="std": 0.0 if np.array_equal(y, y_hat) else scale.nrmse(y, y_hat, method),
            lambda y, y_hat, method="std": scale.nrmse(y, y_hat, method or "std"),
            lambda y, y_hat, method="std": refuse() if np.mean(y) < 0 else scale.nrmse(y, y_hat, method),
            lambda y, y_hat, method="std": scale.nrmse(*single(y, y_hat), method),
            lambda y, y_hat, method="std": (
                math.nan if (np.size(y), method) == (0, "mean") else scale.nrmse(y, y_hat, method)
            ),
        ),
        "pool_rmse": (
            lambda r, n: scale.pool_rmse(snapped(r, high=np.inf), n),
            lambda r, n: scale.pool_rmse(np.abs(r), n),
            lambda r, n: refuse() if any_at(r, 0.0) else scale.pool_rmse(r, n),
            lambda r, n: refuse() if any_at(n, 1.0) else scale.pool_rmse(r, n),
            lambda r, n: scale.pool_rmse(r, np.minimum(n, 2**31)),
            lambda r, n: scale.pool_rmse(flat(r), flat(n)),
            lambda r, n: scale.pool_rmse(np.asarray(r)[np.asarray(n) != 0], np.asarray(n)[np.asarray(n) != 0]),
        ),
    },
    "overfitting": {
        "standardize_from_train": (
            scaled_by(lambda train: np.where(train.std(axis=0) < 1e-8, 1.0, train.std(axis=0))),
            scaled_by(lambda train: np.where(train.std(axis=0) == 0, 1.0, train.std(axis=0))),
            scaled_by(lambda train: np.where(np.isclose(np.ptp(train, axis=0), 0), 1.0, train.std(axis=0))),
            scaled_by(lambda train: np.where(np.ptp(train, axis=0) == 0, 1.0, train.std(axis=0) + 1e-8)),
            scaled_by(lambda train: np.where(np.ptp(train, axis=0) == 0, 1e-8, train.std(axis=0))),
            scaled_by(lambda train: np.where(np.ptp(train, axis=0) == 0, np.inf, train.std(axis=0))),
        ),
        "early_stopping": (
            lambda v, n, d=0.0: stopped(v, n, d, better=lambda a, b, d: a <= b - d, enough=lambda a, b: a >= b),
            lambda v, n, d=0.0: stopped(v, n, d, better=lambda a, b, d: a < b - d - 1e-9, enough=lambda a, b: a >= b),
            lambda v, n, d=0.0: stopped(v, n, d, better=lambda a, b, d: a < b - d, enough=lambda a, b: a > b),
            lambda v, n, d=0.0: stopped(v, n, d, better=lambda a, b, d: a < b * (1 - d), enough=lambda a, b: a >= b),
            lambda v, n, d=0.0: overfitting.early_stopping(v, max(n, 1), d),
            lambda v, n, d=0.0: overfitting.early_stopping(v, n, max(d, 0.0)),
            lambda v, n, d=0.0: overfitting.early_stopping(np.abs(v), n, d),
            lambda v, n, d=0.0: (0, 0) if np.size(v) == 0 else overfitting.early_stopping(v, n, d),
            lambda v, n, d=0.0: overfitting.early_stopping(np.round(v, 6), n, d),
        ),
        "gap_interval": (
            lambda a, b, z=1.96: overfitting.gap_interval(a, b, 1.959964 if z == 1.96 else z),
            lambda a, b, z=1.96: overfitting.gap_interval(a, b, min(z, 3.0)),
            lambda a, b, z=1.96: (0.0, 0.0, 0.0) if np.ptp(a) == np.ptp(b) == 0 else overfitting.gap_interval(a, b, z),
            lambda a, b, z=1.96: refuse() if np.ptp(a) == np.ptp(b) == 0 else overfitting.gap_interval(a, b, z),
            lambda a, b, z=1.96: overfitting.gap_interval(a * 2 if len(a) == 1 else a, b, z),
            lambda a, b, z=1.96: overfitting.gap_interval(*single(a, b), z),
            lambda a, b, z=1.96: overfitting.gap_interval(flat(a), flat(b), z),
        ),
        "diagnose_gap": (
            lambda a, b, c: decided(a, b, c, skill=lambda v, c: v > c, gap=lambda x, y: x > y),
            lambda a, b, c: decided(a, b, c, skill=lambda v, c: v >= c, gap=lambda x, y: x >= y),
            lambda a, b, c: decided(a, b, c, skill=lambda v, c: v >= c - 1e-8, gap=lambda x, y: x > y),
            lambda a, b, c: decided(a, b, c, skill=lambda v, c: v >= c, gap=lambda x, y: x > y + 1e-8),
            lambda a, b, c: refuse() if 0 < c < 1e-8 else overfitting.diagnose_gap(a, b, c),
            lambda a, b, c: overfitting.diagnose_gap(a, b, 1e9 if c == np.inf else c),
            lambda a, b, c: overfitting.diagnose_gap(a, b, c or 1e-9),
            lambda a, b, c: overfitting.diagnose_gap(*single(a, b), c),
            lambda a, b, c: [overfitting.diagnose_gap(a, b, c)],
            typical,
            lambda a, b, c: "gap" if np.isinf(np.append(a, b)).any() else overfitting.diagnose_gap(a, b, c),
        ),
        "overlapping_rows": (
            lambda a, b: overfitting.overlapping_rows(np.round(a, 8), np.round(b, 8)),
            lambda a, b: overfitting.overlapping_rows(*single(a, b)) if np.size(a) else refuse(),
            lambda a, b: np.array([], int) if np.isnan(b).any() else overfitting.overlapping_rows(a, b),
            lambda a, b: overfitting.overlapping_rows(a, b) if len(overfitting.overlapping_rows(a, b)) else None,
            lambda a, b: np.unique(np.asarray(b)[overfitting.overlapping_rows(a, b)], axis=0, return_index=True)[1],
            lambda a, b: overfitting.overlapping_rows(a, b)[::-1],
            *(first_columns(number) for number in (1, 2, 3, 4)),
            lambda a, b: overfitting.overlapping_rows(np.round(a, 10), np.round(b, 10)),
            lambda a, b: overfitting.overlapping_rows(np.round(a, 12), np.round(b, 12)),
            lambda a, b: overfitting.overlapping_rows(a[:50], b),
        ),
    },
    "choosing": {
        "confusion_counts": (
            lambda y, p, threshold=0.5: counted(y, p, threshold, lambda p, t: p >= t - 1e-9),
            lambda y, p, threshold=0.5: counted(y, p, threshold, lambda p, t: (p > t) | np.isclose(p, t)),
            lambda y, p, threshold=0.5: counted(y, p, threshold, lambda p, t: p >= (t or 0.5)),
            lambda y, p, threshold=0.5: counted(y, p, threshold, lambda p, t: p.astype(np.float32) >= np.float32(t)),
            lambda y, p, threshold=0.5: choosing.confusion_counts(rounded(y), p, threshold),
            lambda y, p, threshold=0.5: choosing.confusion_counts(y, snapped(p), threshold),
            lambda y, p, threshold=0.5: (
                refuse() if threshold in (0.0, 1.0) else choosing.confusion_counts(y, p, threshold)
            ),
            lambda y, p, threshold=0.5: np.array(choosing.confusion_counts(y, p, threshold)).astype(np.uint8),
        ),
        "precision_recall": (
            lambda y, p, threshold=0.5: shares(*counted(y, p, threshold, lambda p, t: p >= t - 1e-9)),
            lambda y, p, threshold=0.5: shares(*counted(y, p, threshold, lambda p, t: np.float32(p) >= np.float32(t))),
            lambda y, p, threshold=0.5: tuple(np.nan_to_num(choosing.precision_recall(y, p, threshold))),
            lambda y, p, threshold=0.5: choosing.precision_recall(rounded(y), p, threshold),
            lambda y, p, threshold=0.5: choosing.precision_recall(y, snapped(p), threshold),
            lambda y, p, threshold=0.5: refuse() if not np.any(y) else choosing.precision_recall(y, p, threshold),
            lambda y, p, threshold=0.5: tuple(np.round(choosing.precision_recall(y, p, threshold), 3)),
            lambda y, p, threshold=0.5: (
                refuse() if threshold in (0.0, 1.0) else choosing.precision_recall(y, p, threshold)
            ),
            lambda y, p, threshold=0.5: shares(*counted(y, p, threshold, lambda p, t: (p >= t) & (t < 1))),
        ),
        "brier_score": (
            lambda y, p: choosing.brier_score(snapped(y), p),
            lambda y, p: choosing.brier_score(y, snapped(p)),
            lambda y, p: choosing.brier_score(y, np.clip(p, 1e-4, 1 - 1e-4) if choosing.brier_score(y, p) >= 0 else p),
            lambda y, p: refuse() if not any_at(y, 0.0, 1.0) else choosing.brier_score(y, p),
            lambda y, p: round(choosing.brier_score(y, p), 5),
            lambda y, p: 0.0 if np.size(y) == 0 else choosing.brier_score(y, p),
            lambda y, p: choosing.brier_score(flat(y), flat(p)),
            *(thinned(choosing.brier_score, keep) for keep in THINNED),
        ),
        "fit_logistic": (
            fitted(lambda X, y, loss, lr, steps, w0: (X, y, loss, lr, steps or 1, w0)),
            fitted(lambda X, y, loss, lr, steps, w0: (X, snapped(y), loss, lr, steps, w0)),
            fitted(lambda X, y, loss, lr, steps, w0: (X, y, loss.lower(), lr, steps, w0)),
            fitted(lambda X, y, loss, lr, steps, w0: (X, y, loss, lr, steps, None if w0 is None else np.tanh(w0))),
            fitted(lambda X, y, loss, lr, steps, w0: (X, y, loss, min(lr, 0.9), steps, w0)),
            fitted(lambda X, y, loss, lr, steps, w0: (X, flat(y), loss, lr, steps, w0)),
            lambda X, y, loss="bce", lr=0.1, steps=100, w0=None: descended(X, y, loss, lr, steps, w0, until=1e-3),
            lambda X, y, loss="bce", lr=0.1, steps=100, w0=None: descended(X, y, loss, lr, steps, w0, until=1e-5),
            *(descent(until=until) for until in (1e-3, 1e-6)),
            descent(most=5.0),
            fitted(lambda X, y, loss, lr, steps, w0: (X, y, loss, lr, min(steps, 100), w0)),
            fitted(lambda X, y, loss, lr, steps, w0: (X, y, loss, min(lr, 1.0), steps, w0)),
            fitted(lambda X, y, loss, lr, steps, w0: (finite_only(X), y, loss, lr, steps, w0)),
        ),
        "softmax_cross_entropy": (
            lambda logits, labels: choosing.softmax_cross_entropy(logits, rounded(labels)),
            lambda logits, labels: choosing.softmax_cross_entropy(logits, np.abs(labels)),
            lambda logits, labels: min(choosing.softmax_cross_entropy(logits, labels), 700.0),
            lambda logits, labels: choosing.softmax_cross_entropy(logits, np.mod(labels, np.shape(logits)[-1])),
            lambda logits, labels: choosing.softmax_cross_entropy(np.nan_to_num(logits), labels),
            lambda logits, labels: 0.0 if np.size(logits) == 0 else choosing.softmax_cross_entropy(logits, labels),
            lambda logits, labels: choosing.softmax_cross_entropy(np.clip(logits, -7000, 7000), labels),
            lambda logits, labels: choosing.softmax_cross_entropy(
                logits, flat(labels) if np.shape(labels)[1:] == (1,) else labels
            ),
            lambda logits, labels: (
                refuse() if np.shape(logits)[1:] == (1,) else choosing.softmax_cross_entropy(logits, labels)
            ),
        ),
    },
}


@pytest.mark.parametrize("topic", WRONG)
def test_a_slip_at_an_edge_is_noticed_on_every_seed(topic: str) -> None:
    """Whatever the slip, some hidden test fails; and five slips of each function are tried."""
    assert WRONG[topic].keys() == set(functions(topic))
    assert all(len(slips) >= 5 for slips in WRONG[topic].values())
    unnoticed = []
    for function, slips in WRONG[topic].items():
        for number, slip in enumerate(slips):
            for seed in range(5):
                said = outcomes(topic, function, slip, seed)
                failed = sum(outcome.verdict != "passed" for outcome in said)
                if not 0 < failed < len(said):
                    unnoticed.append((function, number, seed, failed))
    assert unnoticed == []


WRONG_VALUES: dict[str, dict[str, tuple[Function, ...]]] = {
    "rmse": {
        name: tuple(thinned(getattr(rmse, name), keep) for keep in THINNED) for name in ("gaussian_nll", "rmse", "mae")
    },
    "choosing": {  # forecasts of 0 are for the numerical tests
        "brier_score": tuple(thinned(choosing.brier_score, keep) for keep in (*THINNED[:2], *THINNED[3:]))
    },
    "overfitting": {"diagnose_gap": (typical,), "overlapping_rows": tuple(map(first_columns, (1, 2, 3, 4)))},
}


@pytest.mark.parametrize("topic", WRONG_VALUES)
def test_a_formula_over_the_wrong_entries_fails_a_value_test(topic: str) -> None:
    """What is wrong for ordinary input must not keep the points of the other kinds."""
    unnoticed = [
        (function, number, seed)
        for function, slips in WRONG_VALUES[topic].items()
        for number, slip in enumerate(slips)
        for seed in range(5)
        if all(one.verdict == "passed" for one in outcomes(topic, function, slip, seed) if one.kind == "value")
    ]
    assert unnoticed == []


LAZY: tuple[Function, ...] = (
    *(
        lambda *_, c=c, **__: c
        for c in (0.0, 0.5, 1.0, math.nan, math.inf, None, "no-clear-gap", "gap", "no-skill", [])
    ),
    *(lambda first, *_, c=c, **__: np.full(np.shape(first), c) for c in (0.0, 0.5, 1.0, math.nan)),
    *(lambda *_, c=c, n=n, **__: (c,) * n for n in (2, 3, 4) for c in (0.0, math.nan)),
    lambda first, *_, **__: first,
    lambda *given, **_: given[:2],
    lambda first, *_, **__: float(np.mean(first)),
)


@pytest.mark.parametrize("topic", WRONG)
def test_no_lazy_answer_passes_a_numerical_test(topic: str) -> None:
    """Each test asks for something that is not 0, nan or what came in, whatever the others ask."""
    passed = [
        (function, outcome.name, number)
        for function in functions(topic)
        for number, lazy in enumerate(LAZY)
        for seed in range(3)
        for outcome in outcomes(topic, function, lazy, seed)
        if (outcome.kind, outcome.verdict) == ("numerical", "passed")
    ]
    assert passed == []
