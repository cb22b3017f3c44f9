"""Right implementations of unit 6, written as differently as people write. Every one keeps full marks."""

from __future__ import annotations

import bisect
import functools
import itertools
import math
import statistics
from collections import Counter
from collections.abc import Callable
from fractions import Fraction

import numpy as np


def rows_of(table):
    """A list of lists of floats, or ValueError."""
    rows = [[float(entry) for entry in row] if np.ndim(row) == 1 else [] for row in table]
    if not rows or not rows[0] or any(len(row) != len(rows[0]) for row in rows):
        raise ValueError("not a table")
    if not all(math.isfinite(entry) for row in rows for entry in row):
        raise ValueError("not finite")
    return rows


def arrays(X_train, X_val):
    train, val = np.asarray(X_train, dtype=np.float64), np.asarray(X_val, dtype=np.float64)
    if train.ndim != 2 or val.ndim != 2 or not train.size or not val.size or train.shape[1] != val.shape[1]:
        raise ValueError("tables that do not fit")
    if not (np.isfinite(train).all() and np.isfinite(val).all()):
        raise ValueError("not finite")
    return train, val


def line_of(values, least=1):
    line = np.asarray(values, dtype=np.float64)
    if line.ndim != 1 or line.size < least or not np.isfinite(line).all():
        raise ValueError("not a vector of enough finite numbers")
    return line


# standardize_from_train


def standardize_with_where(X_train, X_val):
    train, val = arrays(X_train, X_val)
    mean, std = train.mean(0), train.std(0)
    std = np.where(np.ptp(train, axis=0) == 0, 1.0, std)
    return (train - mean) / std, (val - mean) / std


def standardize_column_by_column(X_train, X_val):
    train, val = arrays(X_train, X_val)
    out_train, out_val = np.empty_like(train), np.empty_like(val)
    for j in range(train.shape[1]):
        column = train[:, j]
        scale = 1.0 if len(set(column.tolist())) == 1 else column.std()
        out_train[:, j] = (column - column.mean()) / scale
        out_val[:, j] = (val[:, j] - column.mean()) / scale
    return [out_train, out_val]


def standardize_with_statistics(X_train, X_val):
    train, val = rows_of(X_train), rows_of(X_val)
    if len(train[0]) != len(val[0]):
        raise ValueError("columns")
    numbers = [(statistics.fmean(c), statistics.pstdev(c) or 1.0) for c in zip(*train, strict=True)]

    def scale(rows):
        return [[(entry - m) / s for entry, (m, s) in zip(row, numbers, strict=True)] for row in rows]

    return scale(train), scale(val)


def standardize_with_einsum(X_train, X_val):
    train, val = arrays(X_train, X_val)
    n = len(train)
    centred = train - np.einsum("ij->j", train) / n
    variance = np.einsum("ij,ij->j", centred, centred) / n
    variance[(train == train[0]).all(axis=0)] = 1
    return centred / variance**0.5, (val - np.einsum("ij->j", train) / n) / variance**0.5


def standardize_in_short(X_train, X_val):
    return tuple(np.float32(table) for table in standardize_with_where(X_train, X_val))


class Scaler:
    """As in scikit-learn: fit on one table, transform both; a tiny spread counts as none."""

    def fit(self, X):
        self.mean = np.mean(X, axis=0)
        self.scale = np.std(X, axis=0)
        self.scale[self.scale < 10 * np.finfo(float).eps * np.abs(self.mean)] = 1
        self.scale[self.scale == 0] = 1
        return self

    def transform(self, X):
        return (X - self.mean) / self.scale

    def __call__(self, X_train, X_val):
        train, val = arrays(X_train, X_val)
        self.fit(train)
        return self.transform(train), self.transform(val)


def standardize_with_sums_of_fractions(X_train, X_val):
    train, val = arrays(X_train, X_val)
    mean = np.array([math.fsum(column) / len(train) for column in train.T])
    spread = [math.sqrt(math.fsum((column - m) ** 2) / len(train)) for column, m in zip(train.T, mean, strict=True)]
    flat = train.max(axis=0) - train.min(axis=0) == 0
    spread = [1.0 if f else s for f, s in zip(flat, spread, strict=True)]
    return np.divide(np.subtract(train, mean), spread), np.divide(np.subtract(val, mean), spread)


# early_stopping


def checked_run(val_losses, patience, min_delta):
    losses = line_of(val_losses)
    if patience < 1 or min_delta < 0:
        raise ValueError("patience or min_delta")
    return losses


def stop_with_a_counter(val_losses, patience, min_delta=0.0):
    best, best_epoch, wait = np.inf, 0, 0
    for epoch, loss in enumerate(checked_run(val_losses, patience, min_delta)):
        if loss < best - min_delta:
            best, best_epoch, wait = loss, epoch, 0
        else:
            wait += 1
        if wait == patience:
            return best_epoch, epoch
    return best_epoch, epoch


def stop_with_while(val_losses, patience, min_delta=0.0):
    losses = checked_run(val_losses, patience, min_delta).tolist()
    best = epoch = 0
    while epoch < len(losses) - 1 and epoch - best < patience:
        epoch += 1
        if losses[best] - losses[epoch] > min_delta:
            best = epoch
    return [best, epoch]


def stop_by_recursion(val_losses, patience, min_delta=0.0):
    losses = checked_run(val_losses, patience, min_delta)

    def step(best, epoch):
        if epoch == len(losses):
            return best, epoch - 1
        if losses[epoch] < losses[best] - min_delta:
            return step(epoch, epoch + 1)
        return (best, epoch) if epoch - best == patience else step(best, epoch + 1)

    return step(0, 1)


def stop_as_array(val_losses, patience, min_delta=0.0):
    return np.array(stop_with_a_counter(val_losses, patience, min_delta), dtype=np.float32)


def stop_as_numpy_numbers(val_losses, patience, min_delta=0.0):
    return tuple(np.array(epoch) for epoch in stop_with_while(val_losses, patience, min_delta))


class Stopper:
    def __call__(self, val_losses, patience, min_delta=0.0):
        self.best, self.at, self.left = None, 0, patience
        for epoch, loss in enumerate(checked_run(val_losses, patience, min_delta)):
            if self.best is None or loss + min_delta < self.best:
                self.best, self.at, self.left = loss, epoch, patience
            else:
                self.left -= 1
            if not self.left:
                break
        return self.at, epoch


def stop_at_records(val_losses, patience, min_delta=0.0):
    losses = checked_run(val_losses, patience, min_delta)
    records = [0]
    for epoch in range(1, len(losses)):
        if losses[epoch] < losses[records[-1]] - min_delta:
            records.append(epoch)
    for here, there in itertools.pairwise([*records, np.inf]):
        if there - here > patience:
            return here, min(here + patience, len(losses) - 1)
    return records[-1], len(losses) - 1


# gap_interval and diagnose_gap


def gap_with_var(train_losses, val_losses, z=1.96):
    a, b = line_of(train_losses, 2), line_of(val_losses, 2)
    gap = np.mean(b) - np.mean(a)
    half = z * np.sqrt(np.var(a, ddof=1) / a.size + np.var(b, ddof=1) / b.size)
    return gap, gap - half, gap + half


def gap_with_statistics(train_losses, val_losses, z=1.96):
    a, b = line_of(train_losses, 2).tolist(), line_of(val_losses, 2).tolist()
    gap = statistics.fmean(b) - statistics.fmean(a)
    half = z * math.sqrt(statistics.variance(a) / len(a) + statistics.variance(b) / len(b))
    return [gap, gap - half, gap + half]


def gap_with_loops(train_losses, val_losses, z=1.96):
    means, errors = [], []
    for losses in (line_of(train_losses, 2), line_of(val_losses, 2)):
        total = 0.0
        for loss in losses:
            total += loss
        means.append(total / len(losses))
        squares = sum((loss - means[-1]) ** 2 for loss in losses)
        errors.append(squares / (len(losses) - 1) / len(losses))
    gap = means[1] - means[0]
    return np.array([gap, gap - z * sum(errors) ** 0.5, gap + z * sum(errors) ** 0.5])


def gap_with_hypot(train_losses, val_losses, z=1.96):
    sides = [line_of(losses, 2) for losses in (train_losses, val_losses)]
    a, b = (side.std(ddof=1) / len(side) ** 0.5 for side in sides)
    gap = sides[1].mean() - sides[0].mean()
    return tuple(gap + sign * z * math.hypot(a, b) for sign in (0, -1, 1))


def gap_in_zero_d_arrays(train_losses, val_losses, z=1.96):
    return tuple(np.asarray(number) for number in gap_with_var(train_losses, val_losses, z))


def gap_with_covariance(train_losses, val_losses, z=1.96):
    a, b = line_of(train_losses, 2), line_of(val_losses, 2)
    gap = np.average(b) - np.average(a)
    low, high = gap + np.array([-z, z]) * np.sqrt(np.cov(a) / len(a) + np.cov(b) / len(b))
    return gap, low, high


def diagnosis_from(interval: Callable) -> Callable:
    def diagnose(train_losses, val_losses, baseline):
        if not np.isfinite(baseline) or baseline <= 0:
            raise ValueError("baseline")
        _, low, high = interval(train_losses, val_losses)
        if np.mean(np.asarray(val_losses, dtype=float)) >= baseline:
            return "no-skill"
        return "gap" if low > 0 else "reversed-gap" if high < 0 else "no-clear-gap"

    diagnose.__name__ = f"diagnosis_from_{interval.__name__}"
    return diagnose


def diagnosis_by_match(train_losses, val_losses, baseline):
    if not 0 < baseline < math.inf:
        raise ValueError("baseline")
    a, b = line_of(train_losses, 2), line_of(val_losses, 2)
    half = 1.96 * (a.var(ddof=1) / len(a) + b.var(ddof=1) / len(b)) ** 0.5
    gap = b.mean() - a.mean()
    match (bool(b.mean() < baseline), bool(abs(gap) > half), bool(gap > 0)):
        case (False, _, _):
            return "no-skill"
        case (_, False, _):
            return "no-clear-gap"
        case (_, _, positive):
            return "gap" if positive else "reversed-gap"


class Word(str):
    """A string of one's own kind."""


def diagnosis_as_word(train_losses, val_losses, baseline):
    return Word(diagnosis_by_match(train_losses, val_losses, baseline))


WORDS = np.array(["no-clear-gap", "gap", "reversed-gap", "no-skill"])


def diagnosis_from_an_array_of_words(train_losses, val_losses, baseline):
    return WORDS[WORDS.tolist().index(diagnosis_by_match(train_losses, val_losses, baseline))]


def diagnosis_with_where(train_losses, val_losses, baseline):
    if not 0 < baseline < math.inf:
        raise ValueError("baseline")
    _, low, high = gap_with_var(train_losses, val_losses)
    clear = np.where(low > 0, "gap", np.where(high < 0, "reversed-gap", "no-clear-gap"))
    return np.where(np.mean(np.asarray(val_losses, dtype=float)) >= baseline, "no-skill", clear)


def diagnosis_with_select(train_losses, val_losses, baseline):
    if not 0 < baseline < math.inf:
        raise ValueError("baseline")
    _, low, high = gap_with_hypot(train_losses, val_losses)
    poor = np.mean(np.asarray(val_losses, dtype=float)) >= baseline
    return np.select([poor, low > 0, high < 0], ["no-skill", "gap", "reversed-gap"], "no-clear-gap")


# overlapping_rows


def overlap_with_loops(X_train, X_val):
    train, val = arrays(X_train, X_val)
    found = []
    for i in range(len(val)):
        for row in train:
            if np.array_equal(row, val[i]):
                found.append(i)
                break
    return found


def overlap_by_broadcasting(X_train, X_val):
    train, val = arrays(X_train, X_val)
    return np.flatnonzero((val[:, None, :] == train[None, :, :]).all(axis=2).any(axis=1))


def overlap_with_a_counter(X_train, X_val):
    train, val = arrays(X_train, X_val)
    seen = Counter(map(tuple, train))
    return tuple(i for i, row in enumerate(map(tuple, val)) if seen[row])


def overlap_with_unique(X_train, X_val):
    train, val = arrays(X_train, X_val)
    _, label = np.unique(np.concatenate([train, val]), axis=0, return_inverse=True)
    label = label.ravel()
    return np.nonzero(np.isin(label[len(train) :], label[: len(train)]))[0]


def overlap_with_lists(X_train, X_val):
    train, val = rows_of(X_train), rows_of(X_val)
    if len(train[0]) != len(val[0]):
        raise ValueError("columns")
    return [np.int16(i) for i, row in enumerate(val) if row in train]


def overlap_in_float32_indices(X_train, X_val):
    return overlap_by_broadcasting(X_train, X_val).astype(np.float32)


def overlap_with_argwhere(X_train, X_val):
    train, val = arrays(X_train, X_val)
    distances = np.abs(val[:, np.newaxis] - train).max(axis=-1).min(axis=-1)
    return np.argwhere(distances == 0)[:, 0]


# more of them, less usual


def standardize_by_matrices(X_train, X_val):
    train, val = arrays(X_train, X_val)
    differs = (train != train[0]).any(axis=0)
    spread = np.sqrt(((train - train.mean(axis=0)) ** 2).mean(axis=0))
    scale = np.diag(1 / np.where(differs, spread, 1))
    return tuple((table - train.mean(axis=0)) @ scale for table in (train, val))


def standardize_by_columns_of_lists(X_train, X_val):
    train, val = arrays(X_train, X_val)
    ready = []
    for column, new in zip(train.T.tolist(), val.T.tolist(), strict=True):
        center = math.fsum(column) / len(column)
        spread = math.dist(column, [center] * len(column)) / len(column) ** 0.5
        divisor = spread if min(column) < max(column) else 1.0
        ready.append([[(value - center) / divisor for value in values] for values in (column, new)])
    return [[list(row) for row in zip(*columns, strict=True)] for columns in zip(*ready, strict=True)]


def standardize_relative_to_the_first_row(X_train, X_val):
    """Differences from the first row: a constant column has none."""
    train, val = arrays(X_train, X_val)
    moved, other = train - train[0], val - train[0]
    spread = moved.std(axis=0)
    spread[~moved.any(axis=0)] = 1
    return (moved - moved.mean(axis=0)) / spread, (other - moved.mean(axis=0)) / spread


def _checked_losses(val_losses, patience, min_delta):
    if patience < 1 or min_delta < 0:
        raise ValueError("patience or min_delta")
    return line_of(val_losses).tolist()


def stop_with_else(val_losses, patience, min_delta=0.0):
    losses = _checked_losses(val_losses, patience, min_delta)
    best, left = 0, patience
    for epoch in range(1, len(losses)):
        better = losses[epoch] < losses[best] - min_delta
        best, left = (epoch, patience) if better else (best, left - 1)
        if left == 0:
            break
    else:
        epoch = len(losses) - 1
    return best, epoch


def stop_by_reduce(val_losses, patience, min_delta=0.0):
    losses = _checked_losses(val_losses, patience, min_delta)

    def step(state, epoch):
        best, stop = state
        if stop is not None:
            return state
        if losses[epoch] < losses[best] - min_delta:
            return epoch, None
        return best, epoch if epoch - best >= patience else None

    best, stop = functools.reduce(step, range(len(losses)), (0, None))
    return [best, len(losses) - 1 if stop is None else stop]


def stop_with_search(val_losses, patience, min_delta=0.0):
    """From each best epoch, look for the first one that improves on it."""
    losses = np.array(_checked_losses(val_losses, patience, min_delta))
    best = 0
    while (later := np.flatnonzero(losses[best + 1 : best + 1 + patience] < losses[best] - min_delta)).size:
        best += 1 + int(later[0])
    return np.array([best, min(best + patience, len(losses) - 1)])


def gap_with_running_moments(train_losses, val_losses, z=1.96):
    sides = []
    for losses in (train_losses, val_losses):
        mean = squares = 0.0
        for n, loss in enumerate(line_of(losses, 2).tolist(), start=1):
            before = loss - mean
            mean += before / n
            squares += before * (loss - mean)
        sides.append((mean, squares / (n - 1) / n))
    gap, half = sides[1][0] - sides[0][0], z * math.sqrt(sides[0][1] + sides[1][1])
    return gap, gap - half, gap + half


def gap_from_pairs(train_losses, val_losses, z=1.96):
    """The variance from all differences of two losses of one side."""
    sides = [line_of(losses, 2) for losses in (train_losses, val_losses)]
    error = sum(np.sum(np.subtract.outer(s, s) ** 2) / 2 / len(s) ** 2 / (len(s) - 1) for s in sides) ** 0.5
    gap = np.mean(sides[1]) - np.mean(sides[0])
    return np.float64(gap), np.asarray(gap - z * error), float(gap + z * error)


def gap_with_fractions(train_losses, val_losses, z=1.96):
    sides = [[Fraction(v) for v in line_of(losses, 2).tolist()] for losses in (train_losses, val_losses)]
    a, b = (sum(side) / len(side) for side in sides)
    error = math.sqrt(sum(statistics.variance(side) / len(side) for side in sides))
    return float(b - a), float(b - a) - z * error, float(b - a) + z * error


def overlap_by_bytes(X_train, X_val):
    """Adding 0.0 makes one zero of both, so equal rows have equal bytes."""
    train, val = (table + 0.0 for table in arrays(X_train, X_val))
    seen = {row.tobytes() for row in train}
    return np.array([i for i in range(len(val)) if val[i].tobytes() in seen], dtype=np.uint8)


def overlap_by_search(X_train, X_val):
    train, val = (sorted_or_not.tolist() for sorted_or_not in arrays(X_train, X_val))
    train.sort()
    places = [bisect.bisect_left(train, row) for row in val]
    return [i for i, place in enumerate(places) if place < len(train) and train[place] == val[i]]


def overlap_column_by_column(X_train, X_val):
    """Which training rows still agree after each column."""
    train, val = arrays(X_train, X_val)
    agree = functools.reduce(np.logical_and, (np.equal.outer(v, t) for v, t in zip(val.T, train.T, strict=True)))
    return tuple(np.nonzero(agree.any(axis=1))[0].tolist())


ACCEPTED: dict[str, tuple[Callable, ...]] = {
    "standardize_from_train": (
        standardize_with_where,
        standardize_column_by_column,
        standardize_with_statistics,
        standardize_with_einsum,
        standardize_in_short,
        Scaler(),
        standardize_with_sums_of_fractions,
    ),
    "early_stopping": (
        stop_with_a_counter,
        stop_with_while,
        stop_by_recursion,
        stop_as_array,
        stop_as_numpy_numbers,
        Stopper(),
        stop_at_records,
    ),
    "gap_interval": (
        gap_with_var,
        gap_with_statistics,
        gap_with_loops,
        gap_with_hypot,
        gap_in_zero_d_arrays,
        gap_with_covariance,
    ),
    "diagnose_gap": (
        diagnosis_from(gap_with_var),
        diagnosis_from(gap_with_statistics),
        diagnosis_from(gap_with_loops),
        diagnosis_from(gap_with_hypot),
        diagnosis_by_match,
        diagnosis_as_word,
        diagnosis_from_an_array_of_words,
        diagnosis_with_where,
        diagnosis_with_select,
    ),
    "overlapping_rows": (
        overlap_with_loops,
        overlap_by_broadcasting,
        overlap_with_a_counter,
        overlap_with_unique,
        overlap_with_lists,
        overlap_in_float32_indices,
        overlap_with_argwhere,
    ),
}

MORE = {
    "standardize_from_train": (
        standardize_by_matrices,
        standardize_by_columns_of_lists,
        standardize_relative_to_the_first_row,
    ),
    "early_stopping": (stop_with_else, stop_by_reduce, stop_with_search),
    "gap_interval": (gap_with_running_moments, gap_from_pairs, gap_with_fractions),
    "diagnose_gap": (
        diagnosis_from(gap_with_running_moments),
        diagnosis_from(gap_from_pairs),
        diagnosis_from(gap_with_fractions),
    ),
    "overlapping_rows": (overlap_by_bytes, overlap_by_search, overlap_column_by_column),
}
ACCEPTED = {name: (*ways, *MORE[name]) for name, ways in ACCEPTED.items()}
