"""Right implementations of unit 7, written as differently as people write. Every one keeps full marks."""

from __future__ import annotations

import functools
import math
import statistics
from collections import Counter
from collections.abc import Callable

import numpy as np


def two_lines(y, p, *, hard):
    y, p = np.asarray(y, dtype=np.float64), np.asarray(p, dtype=np.float64)
    if y.shape != p.shape or y.ndim != 1 or y.size == 0:
        raise ValueError("shapes")
    if not (np.isfinite(y).all() and np.isfinite(p).all()) or p.min() < 0 or p.max() > 1 or y.min() < 0 or y.max() > 1:
        raise ValueError("range")
    if hard and not np.isin(y, (0, 1)).all():
        raise ValueError("hard labels only")
    return y, p


# confusion_counts


def counts_with_masks(y, p, threshold=0.5):
    y, p = two_lines(y, p, hard=True)
    yes, is_one = p >= threshold, y == 1
    return (yes & is_one).sum(), (yes & ~is_one).sum(), (~yes & is_one).sum(), (~yes & ~is_one).sum()


def counts_in_a_loop(y, p, threshold=0.5):
    y, p = two_lines(y, p, hard=True)
    tp = fp = fn = tn = 0
    for label, forecast in zip(y, p, strict=True):
        if forecast >= threshold:
            if label:
                tp += 1
            else:
                fp += 1
        elif label:
            fn += 1
        else:
            tn += 1
    return [tp, fp, fn, tn]


def counts_with_a_counter(y, p, threshold=0.5):
    y, p = two_lines(y, p, hard=True)
    found = Counter((bool(f >= threshold), bool(label)) for label, f in zip(y, p, strict=True))
    return tuple(found[key] for key in ((True, True), (True, False), (False, True), (False, False)))


def counts_with_bincount(y, p, threshold=0.5):
    y, p = two_lines(y, p, hard=True)
    return np.bincount(2 * (p < threshold) + (y == 0), minlength=4)


def counts_by_subtraction(y, p, threshold=0.5):
    y, p = two_lines(y, p, hard=True)
    decided = np.where(p < threshold, 0.0, 1.0)
    tp = float(decided @ y)
    return tp, decided.sum() - tp, y.sum() - tp, len(y) - decided.sum() - y.sum() + tp


class Confusion:
    def __call__(self, y, p, threshold=0.5):
        self.matrix = np.zeros((2, 2), dtype=np.float32)
        y, p = two_lines(y, p, hard=True)
        np.add.at(self.matrix, ((p < threshold).astype(int), (y < 0.5).astype(int)), 1)
        return tuple(np.asarray(count) for count in self.matrix.ravel())


# precision_recall


def from_counts(counts: Callable) -> Callable:
    def precision_recall(y, p, threshold=0.5):
        tp, fp, fn, _ = (float(count) for count in counts(y, p, threshold))
        precision = tp / (tp + fp) if tp + fp > 0 else float("nan")
        return precision, tp / (tp + fn) if tp + fn > 0 else float("nan")

    precision_recall.__name__ = f"shares_from_{counts.__name__}"
    return precision_recall


def shares_with_errstate(y, p, threshold=0.5):
    y, p = two_lines(y, p, hard=True)
    yes = p >= threshold
    with np.errstate(invalid="ignore"):
        return np.divide([np.sum(yes * y)] * 2, [yes.sum(), y.sum()])


def shares_as_means(y, p, threshold=0.5):
    y, p = two_lines(y, p, hard=True)
    labels = y[p >= threshold]
    decided = (p >= threshold)[y == 1]
    return [labels.mean() if labels.size else np.nan, decided.mean() if decided.size else np.nan]


def shares_with_statistics(y, p, threshold=0.5):
    y, p = two_lines(y, p, hard=True)

    def mean_of(numbers):
        numbers = list(numbers)
        return statistics.fmean(numbers) if numbers else math.nan

    rows = list(zip(y.tolist(), p.tolist(), strict=True))
    return mean_of(label for label, f in rows if f >= threshold), mean_of(f >= threshold for label, f in rows if label)


def shares_in_zero_d_arrays(y, p, threshold=0.5):
    return tuple(np.array(share, dtype=np.float32) for share in shares_as_means(y, p, threshold))


# brier_score


def brier_in_a_line(y, p):
    y, p = two_lines(y, p, hard=False)
    return np.mean((y - p) ** 2)


def brier_in_a_loop(y, p):
    y, p = two_lines(y, p, hard=False)
    total = 0.0
    for label, forecast in zip(y, p, strict=True):
        total += (forecast - label) * (forecast - label)
    return total / len(y)


def brier_with_fsum(y, p):
    y, p = two_lines(y, p, hard=False)
    return math.fsum(d**2 for d in (p - y).tolist()) / y.size


def brier_with_dot(y, p):
    y, p = two_lines(y, p, hard=False)
    return np.array(np.dot(p - y, p - y) / len(p))


def brier_with_einsum(y, p):
    y, p = two_lines(y, p, hard=False)
    return np.asarray(np.einsum("i,i->", p - y, p - y) / len(p), dtype=np.float32)


def brier_as_variance_and_bias(y, p):
    y, p = two_lines(y, p, hard=False)
    return float(np.var(p - y) + np.mean(p - y) ** 2)


def brier_by_recursion(y, p):
    y, p = two_lines(y, p, hard=False)

    def total(squares):
        if len(squares) == 1:
            return squares[0]
        middle = len(squares) // 2
        return total(squares[:middle]) + total(squares[middle:])

    return total(np.square(p - y)) / len(y)


# fit_logistic


def ready(X, y, loss, w0):
    X, y = np.asarray(X, dtype=np.float64), np.asarray(y, dtype=np.float64)
    if X.ndim != 2 or y.ndim != 1 or X.size == 0 or len(X) != len(y):
        raise ValueError("shapes")
    if not (np.isfinite(X).all() and np.isfinite(y).all()) or y.min() < 0 or y.max() > 1:
        raise ValueError("range")
    if loss not in {"bce", "mse"}:
        raise ValueError("loss")
    return X, y, np.zeros(X.shape[1]) if w0 is None else np.array(w0, dtype=np.float64)


def sigmoid(z):
    return np.exp(-np.logaddexp(0, -z))


def fit_in_matrices(X, y, loss="bce", lr=0.1, steps=100, w0=None):
    X, y, w = ready(X, y, loss, w0)
    for _ in range(steps):
        p = sigmoid(X @ w)
        g = p - y
        if loss == "mse":
            g = 2 * g * p * (1 - p)
        w -= lr * X.T @ g / len(y)
    return w


def fit_with_naive_sigmoid(X, y, loss="bce", lr=0.1, steps=100, w0=None):
    X, y, w = ready(X, y, loss, w0)
    for _ in range(steps):
        p = 1 / (1 + np.exp(-(X @ w)))  # overflows to inf where p is 0: only a warning
        slope = {"bce": p - y, "mse": 2 * (p - y) * p * (1 - p)}[loss]
        w = w - lr * np.mean(slope[:, None] * X, axis=0)
    return w


def fit_with_loops(X, y, loss="bce", lr=0.1, steps=100, w0=None):
    X, y, w = (part.tolist() for part in ready(X, y, loss, w0))
    for _ in range(steps):
        gradient = [0.0] * len(w)
        for row, label in zip(X, y, strict=True):
            z = sum(a * b for a, b in zip(row, w, strict=True))
            p = 1 / (1 + math.exp(-z)) if z >= 0 else math.exp(max(z, -745)) / (1 + math.exp(max(z, -745)))
            slope = p - label if loss == "bce" else 2 * (p - label) * p * (1 - p)
            for j, x in enumerate(row):
                gradient[j] += slope * x / len(y)
        w = [a - lr * g for a, g in zip(w, gradient, strict=True)]
    return w


def fit_with_tanh(X, y, loss="bce", lr=0.1, steps=100, w0=None):
    X, y, w = ready(X, y, loss, w0)
    while steps:
        p = 0.5 * (1 + np.tanh(X.dot(w) / 2))
        slope = (p - y) * (1 if loss == "bce" else 2 * p * (1 - p))
        w, steps = w - lr / len(X) * slope.dot(X), steps - 1
    return tuple(w)


def fit_with_einsum(X, y, loss="bce", lr=0.1, steps=100, w0=None):
    X, y, w = ready(X, y, loss, w0)
    for _ in range(steps):
        z = np.einsum("ij,j->i", X, w)
        p = np.where(z >= 0, 1 / (1 + np.exp(-np.abs(z))), np.exp(-np.abs(z)) / (1 + np.exp(-np.abs(z))))
        slope = p - y if loss == "bce" else np.multiply.reduce([2 * (p - y), p, 1 - p])
        w = w - lr * np.einsum("ij,i->j", X, slope) / len(y)
    return w


class Descent:
    slopes = {"bce": lambda p, y: p - y, "mse": lambda p, y: 2 * (p - y) * (p - p * p)}  # noqa: RUF012

    def __call__(self, X, y, loss="bce", lr=0.1, steps=100, w0=None):
        self.X, self.y, w = ready(X, y, loss, w0)
        return self.walk(w, lr, steps, self.slopes[loss])

    def walk(self, w, lr, steps, slope):
        if steps == 0:
            return w
        return self.walk(w - lr * self.X.T @ slope(sigmoid(self.X @ w), self.y) / len(self.y), lr, steps - 1, slope)


# softmax_cross_entropy


def scores_and_classes(logits, labels):
    logits, labels = np.asarray(logits, dtype=np.float64), np.asarray(labels)
    if logits.ndim != 2 or logits.size == 0 or not np.isfinite(logits).all() or labels.shape != (len(logits),):
        raise ValueError("shapes")
    classes = labels.astype(np.float64)
    if not np.isin(classes, np.arange(logits.shape[1])).all():
        raise ValueError("labels")
    return logits, classes.astype(int)


def softmax_with_maximum(logits, labels):
    logits, labels = scores_and_classes(logits, labels)
    top = logits.max(axis=1)
    return np.mean(top + np.log(np.exp(logits - top[:, None]).sum(axis=1)) - logits[np.arange(len(labels)), labels])


def softmax_with_logaddexp(logits, labels):
    logits, labels = scores_and_classes(logits, labels)
    return float(np.mean(np.logaddexp.reduce(logits, axis=1) - np.take_along_axis(logits, labels[:, None], 1)[:, 0]))


def softmax_in_loops(logits, labels):
    logits, labels = scores_and_classes(logits, labels)
    total = 0.0
    for row, label in zip(logits.tolist(), labels.tolist(), strict=True):
        top = max(row)
        total += top + math.log(sum(math.exp(z - top) for z in row)) - row[label]
    return total / len(labels)


def softmax_of_differences(logits, labels):
    logits, labels = scores_and_classes(logits, labels)
    behind = logits - logits[np.arange(len(labels)), labels][:, None]
    return np.array(np.logaddexp.reduce(behind, axis=1).mean())


def softmax_with_one_hot(logits, labels):
    logits, labels = scores_and_classes(logits, labels)
    one_hot = np.eye(logits.shape[1])[labels]
    shifted = logits - logits.max(1, keepdims=True)
    log_share = shifted - np.log(np.einsum("ij->i", np.exp(shifted)))[:, None]
    return -(one_hot * log_share).sum() / len(labels)


class Softmax:
    def row(self, row, label):
        row = sorted(row - row[label])
        total = row[0]
        for z in row[1:]:
            total = max(total, z) + math.log1p(math.exp(-abs(total - z)))
        return total

    def __call__(self, logits, labels):
        return np.float64(statistics.fmean(map(self.row, *scores_and_classes(logits, labels))))


# more of them, less usual


def _outcomes_and_forecasts(y, p, *, soft=False):
    if np.shape(y) != np.shape(p) or np.ndim(y) != 1 or not len(y):
        raise ValueError("two vectors of one length")
    pairs = [(float(a), float(b)) for a, b in zip(y, p, strict=True)]
    for label, chance in pairs:
        if not 0 <= chance <= 1 or not 0 <= label <= 1 or (not soft and label not in (0, 1)):
            raise ValueError((label, chance))
    return pairs


def counts_of_kinds(y, p, threshold=0.5):
    seen = Counter((label == 1, chance >= threshold) for label, chance in _outcomes_and_forecasts(y, p))
    return tuple(seen[kind] for kind in ((True, True), (False, True), (True, False), (False, False)))


def counts_of_numbered_kinds(y, p, threshold=0.5):
    labels, chances = np.array(_outcomes_and_forecasts(y, p)).T
    tn, fn, fp, tp = np.bincount((labels + 2 * (chances >= threshold)).astype(int), minlength=4)
    return [tp, fp, fn, tn]


def counts_by_product(y, p, threshold=0.5):
    labels, chances = np.array(_outcomes_and_forecasts(y, p)).T
    yes = np.greater_equal(chances, threshold).astype(float)
    (tp, fp), (fn, tn) = np.stack([yes, 1 - yes]) @ np.stack([labels, 1 - labels]).T
    return np.array([tp, fp, fn, tn])


def _shares(counts):
    def precision_and_recall(y, p, threshold=0.5):
        tp, fp, fn, _ = map(float, counts(y, p, threshold))
        return tuple(
            np.divide(tp, np.array([tp + fp, tp + fn]), where=np.array([tp + fp, tp + fn]) > 0, out=np.full(2, np.nan))
        )

    precision_and_recall.__name__ = f"shares_of_{counts.__name__}"
    return precision_and_recall


def brier_by_distance(y, p):
    pairs = _outcomes_and_forecasts(y, p, soft=True)
    return math.dist(*zip(*pairs, strict=True)) ** 2 / len(pairs)


def brier_by_entries(y, p):
    pairs = _outcomes_and_forecasts(y, p, soft=True)
    return math.fsum((label - chance) ** 2 for label, chance in pairs) / len(pairs)


def brier_of_moments(y, p):
    errors = np.subtract(*np.array(_outcomes_and_forecasts(y, p, soft=True)).T)
    return np.asarray(errors.var() + errors.mean() ** 2)


def _rows(X, y, loss):
    X, y = np.array(X, dtype=np.float64), np.array(y, dtype=np.float64)
    if X.ndim != 2 or y.ndim != 1 or len(X) != len(y) or not X.size or loss not in ("bce", "mse"):
        raise ValueError("X, y or loss")
    if not (np.isfinite(X).all() and (y >= 0).all() and (y <= 1).all()):
        raise ValueError("X or y")
    return X, y


def _chance(z):
    return 0.5 * (1 + np.tanh(z / 2))


def fit_by_reduce(X, y, loss="bce", lr=0.1, steps=100, w0=None):
    X, y = _rows(X, y, loss)

    def step(w, _):
        p = _chance(X @ w)
        slope = {"bce": p - y, "mse": 2 * (p - y) * p * (1 - p)}[loss]
        return w - lr / len(y) * np.einsum("nd,n->d", X, slope)

    start = np.zeros(X.shape[1]) if w0 is None else np.asarray(w0, dtype=np.float64)
    return functools.reduce(step, range(steps), start)


def fit_in_lists(X, y, loss="bce", lr=0.1, steps=100, w0=None):
    X, y = (values.tolist() for values in _rows(X, y, loss))
    w = [0.0] * len(X[0]) if w0 is None else [float(value) for value in w0]
    for _ in range(steps):
        slopes = []
        for row, label in zip(X, y, strict=True):
            p = float(_chance(sum(a * b for a, b in zip(row, w, strict=True))))
            slopes.append((p - label) * (2 * p * (1 - p) if loss == "mse" else 1))
        downhill = [sum(s * row[j] for s, row in zip(slopes, X, strict=True)) / len(y) for j in range(len(w))]
        w = [a - lr * b for a, b in zip(w, downhill, strict=True)]
    return w


class Walk:
    """Keeps its weights in the object."""

    def __call__(self, X, y, loss="bce", lr=0.1, steps=100, w0=None):
        self.X, self.y = _rows(X, y, loss)
        self.w = np.copy(np.zeros(self.X.shape[1]) if w0 is None else w0).astype(float)
        while steps > 0:
            self.w += lr * np.mean(self.X * self.pull(loss)[:, None], axis=0)
            steps -= 1
        return self.w.tolist()

    def pull(self, loss):
        z = self.X @ self.w
        p, rest = np.exp(-np.logaddexp(0, -z)), np.exp(-np.logaddexp(0, z))
        return (self.y - p) * (1 if loss == "bce" else 2 * p * rest)


def _scores(logits, labels):
    logits, labels = np.array(logits, dtype=np.float64), np.array(labels, dtype=np.float64)
    if logits.ndim != 2 or labels.shape != logits.shape[:1] or not logits.size or not np.isfinite(logits).all():
        raise ValueError("logits or labels")
    if not set(labels.tolist()) <= set(range(logits.shape[1])):
        raise ValueError("labels")
    return logits, labels.astype(int)


def surprise_by_logaddexp(logits, labels):
    logits, labels = _scores(logits, labels)
    return np.mean(np.logaddexp.reduce(logits, axis=1) - np.take_along_axis(logits, labels[:, None], axis=1)[:, 0])


def surprise_column_by_column(logits, labels):
    logits, labels = _scores(logits, labels)
    total = functools.reduce(np.logaddexp, logits.T)
    return float(np.average(total - logits.T[labels, range(len(labels))]))


def surprise_row_by_row(logits, labels):
    losses = []
    for row, label in zip(*_scores(logits, labels), strict=True):
        top = max(row)
        losses.append(math.log(math.fsum(math.exp(value - top) for value in row)) + top - row[label])
    return math.fsum(losses) / len(losses)


ACCEPTED: dict[str, tuple[Callable, ...]] = {
    "confusion_counts": (
        counts_with_masks,
        counts_in_a_loop,
        counts_with_a_counter,
        counts_with_bincount,
        counts_by_subtraction,
        Confusion(),
    ),
    "precision_recall": (
        from_counts(counts_with_masks),
        from_counts(counts_in_a_loop),
        shares_with_errstate,
        shares_as_means,
        shares_with_statistics,
        shares_in_zero_d_arrays,
    ),
    "brier_score": (
        brier_in_a_line,
        brier_in_a_loop,
        brier_with_fsum,
        brier_with_dot,
        brier_with_einsum,
        brier_as_variance_and_bias,
        brier_by_recursion,
    ),
    "fit_logistic": (
        fit_in_matrices,
        fit_with_naive_sigmoid,
        fit_with_loops,
        fit_with_tanh,
        fit_with_einsum,
        Descent(),
    ),
    "softmax_cross_entropy": (
        softmax_with_maximum,
        softmax_with_logaddexp,
        softmax_in_loops,
        softmax_of_differences,
        softmax_with_one_hot,
        Softmax(),
    ),
}

MORE = {
    "confusion_counts": (counts_of_kinds, counts_of_numbered_kinds, counts_by_product),
    "precision_recall": (_shares(counts_of_kinds), _shares(counts_of_numbered_kinds), _shares(counts_by_product)),
    "brier_score": (brier_by_distance, brier_by_entries, brier_of_moments),
    "fit_logistic": (fit_by_reduce, fit_in_lists, Walk()),
    "softmax_cross_entropy": (surprise_by_logaddexp, surprise_column_by_column, surprise_row_by_row),
}
ACCEPTED = {name: (*ways, *MORE[name]) for name, ways in ACCEPTED.items()}
