"""Known wrong ways to write the functions of unit 5."""

from __future__ import annotations

import numpy as np

from autograder.misconception import about

from .inputs import pair as _pair


def _size(y, method):
    """The right denominator, for those who got that part right."""
    if method not in ("std", "range", "mean"):
        raise ValueError(f"unknown method {method!r}")
    size = {"std": np.std(y) if np.ptp(y) else 0.0, "range": np.ptp(y), "mean": abs(np.mean(y))}[method]
    if size == 0:
        raise ValueError("nothing to divide by")
    return size


def _rmse(y, y_hat):
    return np.sqrt(np.mean((y - y_hat) ** 2))


def _parts(rmses, counts):
    """What a student's validation does who got that part right."""
    rmses, counts = _pair(rmses, counts, ("rmses", "counts"))
    if (rmses < 0).any() or (counts <= 0).any():
        raise ValueError("rmses below 0 or counts not above 0")
    return rmses, counts


nrmse = about("nrmse")


@nrmse(
    believes="The mean squared error is what is divided.",
    hint="Multiply all data by 100. A square grows faster than what you divide it by.",
)
def mse_divided(y, y_hat, method="std"):
    y, y_hat = _pair(y, y_hat, ("y", "y_hat"))
    return np.mean((y - y_hat) ** 2) / _size(y, method)


@nrmse(
    believes="The mean absolute error is an RMSE.",
    hint="Errors of 0, 0, 0 and 4 have a mean size of 1. What is their RMSE?",
)
def mae_divided(y, y_hat, method="std"):
    y, y_hat = _pair(y, y_hat, ("y", "y_hat"))
    return np.mean(np.abs(y - y_hat)) / _size(y, method)


@nrmse(
    believes="The result is the RMSE; the method only names it.",
    hint="Compare your results for the methods 'std' and 'range'.",
)
def not_divided(y, y_hat, method="std"):
    y, y_hat = _pair(y, y_hat, ("y", "y_hat"))
    _size(y, method)
    return _rmse(y, y_hat)


@nrmse(
    believes="A standard deviation is divided by n - 1.",
    hint="A model that predicts the mean of the targets must get exactly 1. With which ddof does it?",
)
def sample_standard_deviation(y, y_hat, method="std"):
    y, y_hat = _pair(y, y_hat, ("y", "y_hat"))
    _size(y, method)
    return _rmse(y, y_hat) / (np.std(y, ddof=1) if method == "std" else _size(y, method))


@nrmse(
    believes="'std' means the variance.",
    hint="Multiply all data by 100. The RMSE grows by 100; by how much does your denominator grow?",
)
def variance_as_size(y, y_hat, method="std"):
    y, y_hat = _pair(y, y_hat, ("y", "y_hat"))
    return _rmse(y, y_hat) / (_size(y, method) ** (2 if method == "std" else 1))


@nrmse(
    believes="The predictions' spread is what the error is compared with.",
    hint="A model that predicts a constant has no spread at all. Whose spread is a fair yardstick?",
)
def size_of_predictions(y, y_hat, method="std"):
    y, y_hat = _pair(y, y_hat, ("y", "y_hat"))
    return _rmse(y, y_hat) / _size(y_hat, method)


@nrmse(
    believes="Targets and predictions together set the size.",
    hint="A wild prediction should not make its own error look smaller.",
)
def size_of_both(y, y_hat, method="std"):
    y, y_hat = _pair(y, y_hat, ("y", "y_hat"))
    _size(y, method)
    return _rmse(y, y_hat) / _size(np.concatenate([y, y_hat]), method)


@nrmse(
    believes="Errors are divided by their own standard deviation.",
    hint="Then a model with twice the error would get the same score. What should the errors be compared with?",
)
def size_of_errors(y, y_hat, method="std"):
    y, y_hat = _pair(y, y_hat, ("y", "y_hat"))
    _size(y, method)
    return _rmse(y, y_hat) / (np.std(y - y_hat) if method == "std" else _size(y, method))


@nrmse(
    believes="The mean is the mean, whatever its sign.",
    hint="Try targets of -1, -2 and -3. Can an error be negative?",
)
def mean_with_its_sign(y, y_hat, method="std"):
    y, y_hat = _pair(y, y_hat, ("y", "y_hat"))
    size = _size(y, method)
    return _rmse(y, y_hat) / (np.mean(y) if method == "mean" else size)


@nrmse(
    believes="The size of the mean is the mean of the sizes.",
    hint="Compare |mean y| and mean |y| for the targets -1, 2 and 3.",
)
def mean_of_absolute_targets(y, y_hat, method="std"):
    y, y_hat = _pair(y, y_hat, ("y", "y_hat"))
    size = _size(y, method)
    return _rmse(y, y_hat) / (np.mean(np.abs(y)) if method == "mean" else size)


@nrmse(
    believes="The range is the largest target.",
    hint="Targets between 90 and 100 have a range of 10.",
)
def maximum_as_range(y, y_hat, method="std"):
    y, y_hat = _pair(y, y_hat, ("y", "y_hat"))
    size = _size(y, method)
    return _rmse(y, y_hat) / (np.max(y) if method == "range" else size)


@nrmse(
    believes="The range runs from the first to the last target.",
    hint="Shuffle the data. Does your denominator change?",
)
def last_minus_first(y, y_hat, method="std"):
    y, y_hat = _pair(y, y_hat, ("y", "y_hat"))
    size = _size(y, method)
    with np.errstate(all="ignore"):
        return _rmse(y, y_hat) / (abs(y[-1] - y[0]) if method == "range" else size)


@nrmse(
    believes="The range is the interquartile range.",
    hint="'range' here means largest minus smallest, outliers included. That is its weakness, too.",
)
def quartiles_as_range(y, y_hat, method="std"):
    y, y_hat = _pair(y, y_hat, ("y", "y_hat"))
    size = _size(y, method)
    return _rmse(y, y_hat) / (np.subtract(*np.percentile(y, [75, 25])) if method == "range" else size)


@nrmse(
    believes="The result is a percentage.",
    hint="A model that always predicts the mean target gets 1 with method 'std'. What does it get from you?",
)
def in_percent(y, y_hat, method="std"):
    y, y_hat = _pair(y, y_hat, ("y", "y_hat"))
    return 100 * _rmse(y, y_hat) / _size(y, method)


@nrmse(
    believes="The division belongs under the root.",
    hint="Multiply all data by 100. Your result should stay the same.",
)
def divided_under_the_root(y, y_hat, method="std"):
    y, y_hat = _pair(y, y_hat, ("y", "y_hat"))
    return np.sqrt(np.mean((y - y_hat) ** 2) / _size(y, method))


@nrmse(
    believes="Without a method the range is meant.",
    hint="Read the signature again: which method is the default?",
)
def range_by_default(y, y_hat, method="range"):
    y, y_hat = _pair(y, y_hat, ("y", "y_hat"))
    return _rmse(y, y_hat) / _size(y, method)


@nrmse(
    believes="A little eps in the denominator does no harm and saves the check.",
    hint="In light-years all your targets are tiny. How large is eps next to them?",
    breaks="numerical",
)
def eps_in_the_denominator(y, y_hat, method="std"):
    y, y_hat = _pair(y, y_hat, ("y", "y_hat"))
    return _rmse(y, y_hat) / (_size(y, method) + 1e-10)


@nrmse(
    believes="A denominator below 1e-8 is as good as zero.",
    hint="The same data in another unit would pass your check. What is special about exactly 0?",
    breaks="numerical",
)
def tiny_taken_for_zero(y, y_hat, method="std"):
    y, y_hat = _pair(y, y_hat, ("y", "y_hat"))
    if np.isclose(_size(y, method), 0):
        raise ValueError("nothing to divide by")
    return _rmse(y, y_hat) / _size(y, method)


@nrmse(
    believes="Mean of squares minus square of the mean is as good as any way to a variance.",
    hint="Add ten million to all targets and print the two terms. How many digits does their difference keep?",
    breaks="numerical",
)
def variance_by_difference(y, y_hat, method="std"):
    y, y_hat = _pair(y, y_hat, ("y", "y_hat"))
    size = _size(y, method)
    if method == "std":
        size = np.sqrt(max(np.mean(y**2) - np.mean(y) ** 2, 1e-300))
    return _rmse(y, y_hat) / size


@nrmse(
    believes="NumPy computes in float64 whatever came in.",
    hint="Print np.uint8(0) - np.uint8(10). Convert before you subtract.",
    breaks="numerical",
)
def subtracted_in_the_type_given(y, y_hat, method="std"):
    _pair(y, y_hat, ("y", "y_hat"))
    y, y_hat = np.asarray(y), np.asarray(y_hat)
    error = y - y_hat if y.dtype != bool else y.astype(float) - y_hat
    return np.sqrt(np.mean(error**2)) / _size(y.astype(float), method)


@nrmse(
    believes="Dividing by zero gives inf, and everybody understands that.",
    hint="What does a report show when one of its twenty scores is inf? Raise a ValueError instead.",
    breaks="contract",
)
def inf_for_equal_targets(y, y_hat, method="std"):
    y, y_hat = _pair(y, y_hat, ("y", "y_hat"))
    if method not in ("std", "range", "mean"):
        raise ValueError
    size = {"std": np.std(y), "range": np.ptp(y), "mean": abs(np.mean(y))}[method]
    with np.errstate(all="ignore"):
        return _rmse(y, y_hat) / size


@nrmse(
    believes="Where there is nothing to divide by, the error itself, or 0, will do.",
    hint="A reader cannot see that this score has another meaning than the others.",
    breaks="contract",
)
def rmse_for_equal_targets(y, y_hat, method="std"):
    y, y_hat = _pair(y, y_hat, ("y", "y_hat"))
    if method not in ("std", "range", "mean"):
        raise ValueError
    size = {"std": np.std(y), "range": np.ptp(y), "mean": abs(np.mean(y))}[method]
    return _rmse(y, y_hat) / (size if size else 1.0)


@nrmse(
    believes="The standard deviation of equal numbers is computed as 0.",
    hint="Print np.std([0.1] * 6). Which question about the targets themselves has no rounding in it?",
    breaks="contract",
)
def rounding_taken_for_spread(y, y_hat, method="std"):
    y, y_hat = _pair(y, y_hat, ("y", "y_hat"))
    if method != "std":
        return _rmse(y, y_hat) / _size(y, method)
    if np.std(y) == 0:
        raise ValueError
    return _rmse(y, y_hat) / np.std(y)


@nrmse(
    believes="An unknown method means the default.",
    hint="Somebody writes 'stdev' or 'iqr'. What do they get from you, and will they notice?",
    breaks="contract",
)
def unknown_method_accepted(y, y_hat, method="std"):
    y, y_hat = _pair(y, y_hat, ("y", "y_hat"))
    return _rmse(y, y_hat) / _size(y, method if method in ("range", "mean") else "std")


@nrmse(
    believes="NumPy refuses shapes that do not fit.",
    hint="Subtract a column of shape (3, 1) from an array of shape (3,) and look at the result.",
    breaks="contract",
)
def broadcast_errors(y, y_hat, method="std"):
    y, y_hat = np.asarray(y, dtype=float), np.asarray(y_hat, dtype=float)
    return _rmse(y, y_hat) / _size(y, method)


pool_rmse = about("pool_rmse")


@pool_rmse(
    believes="The pooled RMSE is the mean of the RMSEs.",
    hint="Two folds of one entry each, with errors 1 and 7: what is the RMSE of the two entries together?",
)
def mean_of_rmses(rmses, counts):
    rmses, counts = _parts(rmses, counts)
    return np.mean(rmses)


@pool_rmse(
    believes="Weighting the mean of the RMSEs by their counts makes it right.",
    hint="The weights are fine. Which quantity can be averaged: an RMSE, or its square?",
)
def weighted_mean_of_rmses(rmses, counts):
    rmses, counts = _parts(rmses, counts)
    return np.average(rmses, weights=counts)


@pool_rmse(
    believes="All folds count alike.",
    hint="One fold has 10 entries, another 1000. How many squared errors does each of them bring?",
)
def counts_ignored(rmses, counts):
    rmses, counts = _parts(rmses, counts)
    return np.sqrt(np.mean(rmses**2))


@pool_rmse(
    believes="The pooled mean square is the answer.",
    hint="The result has the unit of the targets. Which unit does yours have?",
)
def root_missing(rmses, counts):
    rmses, counts = _parts(rmses, counts)
    return np.sum(counts * rmses**2) / np.sum(counts)


@pool_rmse(
    believes="The sum is divided by the number of folds.",
    hint="Squared errors are added up over all entries. How many entries are there in all?",
)
def divided_by_folds(rmses, counts):
    rmses, counts = _parts(rmses, counts)
    return np.sqrt(np.sum(counts * rmses**2) / counts.size)


@pool_rmse(
    believes="The root is taken of the sum only, before the division.",
    hint="If all folds have RMSE 2, the result must be 2. Where does the root end in your code?",
)
def root_before_division(rmses, counts):
    rmses, counts = _parts(rmses, counts)
    return np.sqrt(np.sum(counts * rmses**2)) / np.sum(counts)


@pool_rmse(
    believes="Weights are squared together with what they weigh.",
    hint="How often does each squared error occur: n times, or n² times?",
)
def counts_squared(rmses, counts):
    rmses, counts = _parts(rmses, counts)
    return np.sqrt(np.sum((counts * rmses) ** 2) / np.sum(counts**2))


@pool_rmse(
    believes="Squares of RMSEs add up like independent errors.",
    hint="Two folds with RMSE 2 pool to 2, not to more. What is missing after the sum?",
)
def root_of_sum_of_squares(rmses, counts):
    rmses, counts = _parts(rmses, counts)
    return np.sqrt(np.sum(rmses**2))


@pool_rmse(
    believes="The first argument holds the counts.",
    hint="Print both arguments at the start of your function. Which one is squared?",
)
def arguments_swapped(rmses, counts):
    rmses, counts = _parts(rmses, counts)
    total = np.sum(rmses)
    return np.sqrt(np.sum(rmses * counts**2) / total) if total else 0.0


@pool_rmse(
    believes="Each fold has n - 1 degrees of freedom.",
    hint="That is for estimating a variance. An RMSE is the root of a plain mean over n entries.",
)
def degrees_of_freedom(rmses, counts):
    rmses, counts = _parts(rmses, counts)
    with np.errstate(all="ignore"):
        return np.sqrt(np.sum((counts - 1) * rmses**2) / np.sum(counts - 1))


@pool_rmse(
    believes="The worst fold speaks for all.",
    hint="A bound is not the value itself. How much do the other folds contribute?",
)
def worst_fold(rmses, counts):
    rmses, counts = _parts(rmses, counts)
    return np.max(rmses)


@pool_rmse(
    believes="The median of the RMSEs is robust, and therefore the right summary.",
    hint="It may be a good summary of folds, but it is not the RMSE of all data together.",
)
def median_fold(rmses, counts):
    rmses, counts = _parts(rmses, counts)
    return np.median(rmses)


@pool_rmse(
    believes="RMSEs are squared in whatever type they come.",
    hint="Print np.uint8(20) * np.uint8(20). Convert before you square.",
    breaks="numerical",
)
def squared_in_the_type_given(rmses, counts):
    _parts(rmses, counts)
    rmses, counts = np.asarray(rmses), np.asarray(counts)
    return float(np.sqrt(np.sum(counts * rmses**2) / np.sum(counts)))


@pool_rmse(
    believes="A count fits into 32 bits.",
    hint="Print np.iinfo(np.int32).max. Which type do your counts have when you multiply?",
    breaks="numerical",
)
def counts_in_32_bits(rmses, counts):
    rmses, counts = _parts(rmses, counts)
    with np.errstate(all="ignore"):
        counts = counts.astype(np.int64).astype(np.int32).astype(float)
        return np.sqrt(np.sum(counts * rmses**2) / np.sum(counts))


@pool_rmse(
    believes="Squaring takes care of negative values.",
    hint="A negative RMSE is somebody's bug. Would your function tell them?",
    breaks="contract",
)
def negative_rmse_accepted(rmses, counts):
    rmses, counts = _pair(rmses, counts, ("rmses", "counts"))
    if (counts <= 0).any():
        raise ValueError
    return np.sqrt(np.sum(counts * rmses**2) / np.sum(counts))


@pool_rmse(
    believes="An empty fold has weight 0, so it does no harm.",
    hint="An empty fold has no RMSE, so the number beside it comes from a mistake elsewhere.",
    breaks="contract",
)
def empty_fold_accepted(rmses, counts):
    rmses, counts = _pair(rmses, counts, ("rmses", "counts"))
    if (rmses < 0).any() or (counts < 0).any() or not counts.any():
        raise ValueError
    return np.sqrt(np.sum(counts * rmses**2) / np.sum(counts))


@pool_rmse(
    believes="Folds without an RMSE above 0 hold no information.",
    hint="A perfect fold lowers the pooled value. Is 0 a valid RMSE?",
    breaks="contract",
)
def perfect_fold_refused(rmses, counts):
    rmses, counts = _parts(rmses, counts)
    if (rmses <= 0).any():
        raise ValueError
    return np.sqrt(np.sum(counts * rmses**2) / np.sum(counts))


@pool_rmse(
    believes="One count for all folds may be given once.",
    hint="A list of one count and a list of three RMSEs do not fit. The helper vectors says so.",
    breaks="contract",
)
def counts_stretched(rmses, counts):
    rmses, counts = np.asarray(rmses, dtype=float), np.asarray(counts, dtype=float)
    rmses, counts = np.broadcast_arrays(rmses, counts)
    return _pooled(rmses, counts)


@pool_rmse(
    believes="Squaring in place saves memory and does no harm.",
    hint="Print the caller's rmses before and after the call.",
    breaks="contract",
)
def rmses_squared_in_place(rmses, counts):
    checked, counts = _parts(rmses, counts)
    if isinstance(rmses, np.ndarray) and rmses.dtype == float:
        rmses **= 2
    return _pooled(checked, counts)


def _pooled(rmses, counts):
    """The right formula, for those whose mistake is elsewhere."""
    if (rmses < 0).any() or (counts <= 0).any() or not rmses.size:
        raise ValueError
    return np.sqrt(np.sum(counts * rmses**2) / np.sum(counts))
