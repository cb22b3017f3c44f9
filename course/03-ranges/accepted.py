"""Right ways to write the functions of unit 3, as differently as people write."""

from __future__ import annotations

import functools
import math
import statistics
from collections.abc import Callable
from fractions import Fraction

import numpy as np

LOSSES = {"bce", "rmse", "mae"}


def _vector(y, loss):
    y = np.array(y, dtype=np.float64)
    if y.ndim != 1 or y.size == 0 or not np.isfinite(y).all():
        raise ValueError("one finite vector, please")
    if loss not in LOSSES:
        raise ValueError(loss)
    if loss == "bce" and ((y < 0) | (y > 1)).any():
        raise ValueError("labels")
    return y


def _list(y, loss):
    """The same without arrays."""
    if loss not in ("bce", "rmse", "mae") or np.ndim(y) != 1 or len(y) == 0:
        raise ValueError
    values = [float(value) for value in y]
    if not all(math.isfinite(value) for value in values):
        raise ValueError
    if loss == "bce" and not all(0 <= value <= 1 for value in values):
        raise ValueError
    return values


# best_constant


def constant_by_branches(y, loss):
    y = _vector(y, loss)
    if loss == "mae":
        return np.median(y)
    return y.mean()


def constant_by_dictionary(y, loss):
    y = _vector(y, loss)
    return {"bce": np.mean, "rmse": np.average, "mae": functools.partial(np.quantile, q=0.5)}[loss](y)


def constant_by_match(y, loss):
    values = _list(y, loss)
    match loss:
        case "mae":
            return statistics.median_low(values)
        case _:
            return math.fsum(values) / len(values)


def constant_in_loops(y, loss):
    values = _list(y, loss)
    if loss == "mae":
        values = sorted(values)
        return values[len(values) // 2]
    total = 0.0
    for value in values:
        total += value
    return total / len(values)


def constant_as_0d_float32(y, loss):
    y = _vector(y, loss)
    return np.asarray(np.median(y) if loss == "mae" else np.einsum("i->", y) / len(y), dtype=np.float32)


def constant_by_trying(y, loss):
    """The lowest MAE is always reached at one of the values."""
    y = _vector(y, loss)
    if loss != "mae":
        return float(np.dot(y, np.full(y.shape, 1 / y.size)))
    return y[np.abs(y[:, None] - y).mean(axis=0).argmin()]


class BestConstant:
    def __call__(self, y, loss):
        return getattr(self, loss if isinstance(loss, str) and loss in LOSSES else "unknown")(_vector(y, loss))

    def unknown(self, y):
        raise ValueError("unknown loss")

    def bce(self, y):
        return np.mean(y)

    rmse = bce

    def mae(self, y):
        return np.partition(y, len(y) // 2)[len(y) // 2]


# baseline_loss


def _log(q):
    return math.log(q) if q > 0 else 0.0


def baseline_by_branches(y, loss):
    y = _vector(y, loss)
    if loss == "rmse":
        return y.std()
    if loss == "mae":
        return np.abs(y - np.median(y)).mean()
    q = y.mean()
    if q in (0, 1):
        return 0
    return -q * np.log(q) - (1 - q) * np.log(1 - q)


def baseline_in_loops(y, loss):
    values = _list(y, loss)
    n, mean = len(values), sum(values) / len(values)
    if loss == "rmse":
        return math.sqrt(sum((value - mean) ** 2 for value in values) / n)
    if loss == "mae":
        low = sorted(values)[(n - 1) // 2]
        return sum(abs(value - low) for value in values) / n
    return 0.0 - mean * _log(mean) - (1 - mean) * _log(1 - mean)


def baseline_by_statistics(y, loss):
    values = _list(y, loss)
    if loss == "rmse":
        return statistics.pstdev(values)
    if loss == "mae":
        middle = statistics.median(values)
        return statistics.fmean(abs(value - middle) for value in values)
    mean = statistics.fmean(values)
    return sum(-side * math.log(side) for side in (mean, 1 - mean) if side > 0)


def baseline_by_definition(y, loss):
    """The loss of the best constant, as the words say."""
    y = _vector(y, loss)
    c = np.full_like(y, np.median(y) if loss == "mae" else np.mean(y))
    if loss == "bce":
        with np.errstate(all="ignore"):
            one = np.where(y > 0, y * np.log(c), 0.0)
            zero = np.where(y < 1, (1 - y) * np.log1p(-c), 0.0)
        return -np.mean(one + zero)
    return np.sqrt(np.mean((y - c) ** 2)) if loss == "rmse" else np.mean(np.abs(y - c))


def baseline_as_0d_float32(y, loss):
    y = _vector(y, loss)
    if loss == "bce":
        sides = np.array([y.mean(), 1 - y.mean()])
        return np.array(-np.dot(sides, np.log(np.where(sides > 0, sides, 1))), dtype=np.float32)
    e = y - (np.median(y) if loss == "mae" else y.mean())
    return np.array(np.sqrt(e @ e / len(e)) if loss == "rmse" else np.linalg.norm(e, 1) / e.size, dtype=np.float32)


class Baseline:
    def __init__(self):
        self.ways = {
            "bce": lambda y: sum(q * -math.log(q) for q in (y.mean(), 1 - y.mean()) if q),
            "rmse": lambda y: np.sqrt(np.var(y)),
            "mae": lambda y: np.mean(np.maximum(y - np.median(y), np.median(y) - y)),
        }

    def __call__(self, y, loss):
        return self.ways[loss](_vector(y, loss)) if loss in self.ways else self.refuse(loss)

    def refuse(self, loss):
        raise ValueError(loss)


# skill_score


def skill_by_formula(loss, baseline):
    if not (math.isfinite(loss) and math.isfinite(baseline)) or loss < 0 or baseline <= 0:
        raise ValueError("out of range")
    return 1 - loss / baseline


def skill_by_gain(loss, baseline):
    if not 0 < baseline < float("inf"):
        raise ValueError("baseline")
    if not 0 <= loss < float("inf"):
        raise ValueError("loss")
    return (baseline - loss) / baseline


def skill_by_numpy(loss, baseline):
    loss, baseline = np.float64(loss), np.float64(baseline)
    if not np.isfinite([loss, baseline]).all() or np.sign(loss) < 0 or np.sign(baseline) < 1:
        raise ValueError
    return np.subtract(1, np.divide(loss, baseline))


def skill_as_0d_float32(loss, baseline):
    pair = np.array([loss, baseline], dtype=float)
    if np.isnan(pair).any() or np.isinf(pair).any() or pair[0] < 0 or pair[1] <= 0:
        raise ValueError
    return np.array(1 - pair[0] / pair[1], dtype=np.float32)


def skill_by_exceptions(loss, baseline):
    try:
        if math.isnan(loss) or math.isinf(loss) or math.isnan(baseline) or math.isinf(baseline) or baseline < 0:
            raise ArithmeticError
        share = float(loss) / float(baseline)
        if math.copysign(1, share) < 0 and loss != 0:
            raise ArithmeticError
    except ArithmeticError as error:
        raise ValueError("out of range") from error
    return 1.0 - share


class Skill:
    class OutOfRange(ValueError):
        pass

    def __call__(self, loss: float, baseline: float) -> float:
        for value, lowest in ((loss, 0.0), (baseline, 5e-324)):
            if not lowest <= value <= 1.8e308 or value == np.inf:
                raise self.OutOfRange(value)
        return -(loss / baseline - 1)


# more of them, less usual


def _numbers(y, loss):
    """A sorted list of floats."""
    if loss not in {"bce", "rmse", "mae"} or np.ndim(y) != 1 or not np.size(y):
        raise ValueError("an unknown loss, or no vector")
    values = sorted(map(float, y))
    if not all(map(math.isfinite, values)):
        raise ValueError("finite numbers only")
    if loss == "bce" and (values[0] < 0 or values[-1] > 1):
        raise ValueError("labels")
    return values


def constant_from_sorted(y, loss):
    values = _numbers(y, loss)
    return values[len(values) // 2] if loss == "mae" else math.fsum(values) / len(values)


def constant_with_partition(y, loss):
    values = np.array(_numbers(y, loss))
    half = (len(values) - 1) // 2
    return np.asarray(np.partition(values, half)[half] if loss == "mae" else values.mean())


def constant_by_percentile(y, loss):
    values = _numbers(y, loss)
    return np.percentile(values, 50) if loss == "mae" else np.average(values)


def _cost(values, c, loss):
    if loss == "mae":
        return sum(abs(v - c) for v in values) / len(values)
    if loss == "rmse":
        return math.sqrt(sum((v - c) ** 2 for v in values) / len(values))
    return -sum(w * math.log(w) for w in (c, 1 - c) if w > 0)


def baseline_as_cost(y, loss):
    return _cost(_numbers(y, loss), constant_from_sorted(y, loss), loss)


def baseline_with_cov(y, loss):
    values = np.array(_numbers(y, loss))
    if loss == "rmse":
        return np.sqrt(np.cov(values, ddof=0))
    return np.float64(_cost(values, np.median(values) if loss == "mae" else np.mean(values), loss))


def baseline_from_halves(y, loss):
    """What is above the median minus what is below it, for 'mae'."""
    values = _numbers(y, loss)
    n = len(values)
    if loss == "mae":
        return (math.fsum(values[(n + 1) // 2 :]) - math.fsum(values[: n // 2])) / n
    centre = math.fsum(values) / n
    return math.dist(values, [centre] * n) / n**0.5 if loss == "rmse" else _cost(values, min(centre, 1.0), loss)


def _checked(loss, baseline):
    loss, baseline = float(loss), float(baseline)
    if not (math.isfinite(loss) and math.isfinite(baseline) and loss >= 0 and baseline > 0):
        raise ValueError("loss or baseline")
    return loss, baseline


def skill_as_share_removed(loss, baseline):
    loss, baseline = _checked(loss, baseline)
    return (baseline - loss) / baseline


def skill_in_fractions(loss, baseline):
    loss, baseline = map(Fraction, _checked(loss, baseline))
    return float(1 - loss / baseline)


def skill_from_logarithms(loss, baseline):
    loss, baseline = _checked(loss, baseline)
    return np.float64(-math.expm1(math.log(loss) - math.log(baseline)) if loss else 1)


ACCEPTED: dict[str, tuple[Callable, ...]] = {
    "best_constant": (
        constant_by_branches,
        constant_by_dictionary,
        constant_by_match,
        constant_in_loops,
        constant_as_0d_float32,
        constant_by_trying,
        BestConstant(),
    ),
    "baseline_loss": (
        baseline_by_branches,
        baseline_in_loops,
        baseline_by_statistics,
        baseline_by_definition,
        baseline_as_0d_float32,
        Baseline(),
    ),
    "skill_score": (
        skill_by_formula,
        skill_by_gain,
        skill_by_numpy,
        skill_as_0d_float32,
        skill_by_exceptions,
        Skill(),
    ),
}

MORE = {
    "best_constant": (constant_from_sorted, constant_with_partition, constant_by_percentile),
    "baseline_loss": (baseline_as_cost, baseline_with_cov, baseline_from_halves),
    "skill_score": (skill_as_share_removed, skill_in_fractions, skill_from_logarithms),
}
ACCEPTED = {name: (*ways, *MORE[name]) for name, ways in ACCEPTED.items()}
