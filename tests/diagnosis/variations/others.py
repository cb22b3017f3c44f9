"""Wrong implementations of units 2 to 7 that are not in their catalogues, and the names that would be right to say."""

from __future__ import annotations

import functools
import math

import numpy as np

from benchmarks.naming import variation

NLL = functools.partial(variation, "rmse", "gaussian_nll")
RMSE = functools.partial(variation, "rmse", "rmse")
MAE = functools.partial(variation, "rmse", "mae")
BASELINE = functools.partial(variation, "ranges", "baseline_loss")
SKILL = functools.partial(variation, "ranges", "skill_score")
SIGMOID = functools.partial(variation, "confidence", "sigmoid")
LOGITS = functools.partial(variation, "confidence", "bce_with_logits")
SLOPE = functools.partial(variation, "confidence", "bce_grad_logits")
NRMSE = functools.partial(variation, "scale", "nrmse")
POOL = functools.partial(variation, "scale", "pool_rmse")
STOP = functools.partial(variation, "overfitting", "early_stopping")
GAP = functools.partial(variation, "overfitting", "gap_interval")
COUNTS = functools.partial(variation, "choosing", "confusion_counts")
PRECISION = functools.partial(variation, "choosing", "precision_recall")
BRIER = functools.partial(variation, "choosing", "brier_score")
SOFTMAX = functools.partial(variation, "choosing", "softmax_cross_entropy")


def paired(y, z):
    y, z = np.array(y, dtype=np.float64), np.array(z, dtype=np.float64)
    if y.shape != z.shape or y.ndim != 1 or y.size == 0 or not (np.isfinite(y).all() and np.isfinite(z).all()):
        raise ValueError("two vectors of one length")
    return y, z


# units 2 and 3


@RMSE("mean_absolute_error")
def sizes_in_a_loop(y, y_hat):
    return math.fsum(abs(a - b) for a, b in zip(*paired(y, y_hat), strict=True)) / len(y)


@RMSE("missing_root")
def squares_with_dot(y, y_hat):
    y, y_hat = paired(y, y_hat)
    return (y - y_hat) @ (y - y_hat) / len(y)


@RMSE("root_of_the_sum")
def euclidean_norm(y, y_hat):
    y, y_hat = paired(y, y_hat)
    return np.linalg.norm(y - y_hat)


@RMSE("standard_deviation")
def spread_of_the_errors(y, y_hat):
    y, y_hat = paired(y, y_hat)
    return np.sqrt(np.var(y_hat - y))


@RMSE("negative", "missing_root")
def negative_mean_of_squares(y, y_hat):
    y, y_hat = paired(y, y_hat)
    return -np.mean((y - y_hat) ** 2)


@RMSE("in_the_given_type", "converted_too_late")
def nothing_converted(y, y_hat):
    y, y_hat = np.array(y), np.array(y_hat)
    paired(y, y_hat)
    return np.sqrt(np.mean((y - y_hat) ** 2))


@RMSE()
def maximum_error(y, y_hat):
    y, y_hat = paired(y, y_hat)
    return np.abs(y - y_hat).max()


@RMSE()
def cubes(y, y_hat):
    y, y_hat = paired(y, y_hat)
    return np.cbrt(np.mean(np.abs(y - y_hat) ** 3))


@RMSE()
def logarithms_of_errors(y, y_hat):
    y, y_hat = paired(y, y_hat)
    return np.sqrt(np.mean(np.log1p(np.abs(y - y_hat)) ** 2))


@MAE("root_mean_square")
def rmse_by_hand(y, y_hat):
    return math.sqrt(sum((a - b) ** 2 for a, b in zip(*paired(y, y_hat), strict=True)) / len(y))


@MAE("sum_of_sizes")
def total_of_sizes(y, y_hat):
    y, y_hat = paired(y, y_hat)
    return np.linalg.norm(y - y_hat, 1)


@MAE("signed_mean", "median_size")
def median_of_signed_errors(y, y_hat):
    y, y_hat = paired(y, y_hat)
    return np.median(y - y_hat)


@NLL("without_two_pi")
def constant_dropped(y, mu, sigma):
    y, mu = paired(y, mu)
    return np.mean(((y - mu) / sigma) ** 2) / 2 + math.log(sigma)


@NLL("sigma_as_variance")
def variance_passed(y, mu, sigma):
    y, mu = paired(y, mu)
    return np.mean((y - mu) ** 2) / (2 * sigma) + 0.5 * math.log(2 * math.pi * sigma)


@NLL("log_likelihood")
def log_density_averaged(y, mu, sigma):
    y, mu = paired(y, mu)
    return np.mean(-0.5 * ((y - mu) / sigma) ** 2 - math.log(sigma * math.sqrt(2 * math.pi)))


@NLL("summed", "log_likelihood")
def log_densities_added(y, mu, sigma):
    y, mu = paired(y, mu)
    return np.sum(-0.5 * ((y - mu) / sigma) ** 2 - math.log(sigma * math.sqrt(2 * math.pi)))


@NLL()
def laplace_density(y, mu, sigma):
    y, mu = paired(y, mu)
    return np.mean(np.abs(y - mu) / sigma) + math.log(2 * sigma)


@SKILL("ratio", "share_of_the_loss")
def loss_over_baseline(loss, baseline):
    return float(loss) / float(baseline)


@SKILL("percent")
def out_of_a_hundred(loss, baseline):
    return 100.0 - 100.0 * loss / baseline


@SKILL("sign_turned")
def minus_one(loss, baseline):
    return loss / baseline - 1


@SKILL()
def root_of_the_skill(loss, baseline):
    return math.copysign(math.sqrt(abs(1 - loss / baseline)), 1 - loss / baseline)


# units 4 and 5


@SIGMOID("falling_sigmoid")
def minus_sign_lost(z):
    return np.exp(-np.logaddexp(0, np.array(z, dtype=float)))


@SIGMOID("tanh_itself")
def two_exponentials(z):
    z = np.array(z, dtype=float)
    return 1 - 2 / (1 + np.exp(2 * z))


@SIGMOID("derivative_of_sigmoid")
def bell_shape(z):
    z = np.abs(np.array(z, dtype=float))
    return np.exp(-z) / (1 + np.exp(-z)) ** 2


@SIGMOID()
def normal_distribution(z):
    return np.vectorize(lambda value: 0.5 * (1 + math.erf(value / math.sqrt(2))), otypes=[float])(z)


@SIGMOID()
def one_half(z):
    return np.full(np.shape(z), 0.5)


@LOGITS("sum_of_losses")
def softplus_added(y, z):
    y, z = paired(y, z)
    return np.sum(np.logaddexp(0, z) - y * z)


@LOGITS("one_loss_per_entry")
def softplus_of_each(y, z):
    y, z = paired(y, z)
    return list(np.logaddexp(0, z) - y * z)


@LOGITS("plus_y_z")
def wrong_sign_of_the_label(y, z):
    y, z = paired(y, z)
    return np.mean(np.logaddexp(0, z) + y * z)


@LOGITS("classes_swapped")
def label_zero_is_one(y, z):
    y, z = paired(y, z)
    return np.mean(np.logaddexp(0, z) - (1 - y) * z)


@LOGITS("logits_in_bits", "sum_of_losses")
def total_of_bits(y, z):
    y, z = paired(y, z)
    return np.sum(np.logaddexp(0, z) - y * z) / np.log(2)


@LOGITS()
def hinge_with_margin(y, z):
    y, z = paired(y, z)
    return np.mean(np.maximum(0, 1 - (2 * y - 1) * z))


@SLOPE("gradient_of_the_sum")
def not_divided_by_n(y, z):
    y, z = paired(y, z)
    return [0.5 * (1 + math.tanh(b / 2)) - a for a, b in zip(y, z, strict=True)]


@SLOPE("sign_reversed")
def label_minus_forecast(y, z):
    y, z = paired(y, z)
    return (y - 0.5 * (1 + np.tanh(z / 2))) / y.size


@SLOPE("sign_reversed", "gradient_of_the_sum")
def label_minus_forecast_of_the_sum(y, z):
    y, z = paired(y, z)
    return y - 0.5 * (1 + np.tanh(z / 2))


@SLOPE()
def gradient_of_nothing(y, z):
    return np.zeros(len(y))


@NRMSE("not_divided")
def plain_rmse(y, y_hat, method="std"):
    y, y_hat = paired(y, y_hat)
    return math.sqrt(((y - y_hat) ** 2).mean())


@NRMSE("in_percent")
def times_a_hundred(y, y_hat, method="std"):
    y, y_hat = paired(y, y_hat)
    size = {"std": np.std, "range": np.ptp, "mean": lambda v: abs(v.mean())}[method](y)
    return 1e2 * np.sqrt(np.mean((y - y_hat) ** 2)) / size


@NRMSE("mae_divided")
def mean_size_over_size(y, y_hat, method="std"):
    y, y_hat = paired(y, y_hat)
    size = {"std": np.std, "range": np.ptp, "mean": lambda v: abs(v.mean())}[method](y)
    return sum(abs(y - y_hat)) / len(y) / size


@NRMSE()
def divided_by_the_median(y, y_hat, method="std"):
    y, y_hat = paired(y, y_hat)
    return np.sqrt(np.mean((y - y_hat) ** 2)) / np.median(np.abs(y))


@POOL("mean_of_rmses", "counts_ignored")
def average_of_folds(rmses, counts):
    return sum(map(float, rmses)) / len(rmses)


@POOL("weighted_mean_of_rmses")
def average_with_weights(rmses, counts):
    return np.average(np.array(rmses, float), weights=np.array(counts, float))


@POOL("root_missing")
def pooled_squares(rmses, counts):
    return np.average(np.array(rmses, float) ** 2, weights=np.array(counts, float))


@POOL()
def geometric_mean(rmses, counts):
    return float(np.exp(np.mean(np.log(np.array(rmses, float) + 1e-9))))


# units 6 and 7


@STOP("min_delta_ignored")
def any_improvement(val_losses, patience, min_delta=0.0):
    best, waited = 0, 0
    for epoch, loss in enumerate(val_losses):
        if epoch == 0 or loss < val_losses[best]:
            best, waited = epoch, 0
        else:
            waited += 1
            if waited == patience:
                return best, epoch
    return best, len(val_losses) - 1


@STOP("larger_is_better")
def as_for_accuracy(val_losses, patience, min_delta=0.0):
    best, waited = 0, 0
    for epoch in range(1, len(val_losses)):
        if val_losses[epoch] > val_losses[best] + min_delta:
            best, waited = epoch, 0
        else:
            waited += 1
        if waited >= patience:
            return best, epoch
    return best, len(val_losses) - 1


@STOP("any_large_change", "equal_counts_as_improvement")  # in each epoch something has changed, or nothing
def always_the_last(val_losses, patience, min_delta=0.0):
    return len(val_losses) - 1, len(val_losses) - 1


@GAP("training_minus_validation")
def the_other_difference(train_losses, val_losses, z=1.96):
    t, v = np.array(train_losses, float), np.array(val_losses, float)
    gap, error = t.mean() - v.mean(), math.hypot(t.std(ddof=1) / len(t) ** 0.5, v.std(ddof=1) / len(v) ** 0.5)
    return gap, gap - z * error, gap + z * error


@GAP("z_ignored")
def always_95_percent(train_losses, val_losses, z=1.96):
    t, v = np.array(train_losses, float), np.array(val_losses, float)
    gap, error = v.mean() - t.mean(), np.sqrt(t.var(ddof=1) / len(t) + v.var(ddof=1) / len(v))
    return [gap, gap - 1.96 * error, gap + 1.96 * error]


@GAP()
def smallest_and_largest_difference(train_losses, val_losses, z=1.96):
    t, v = np.array(train_losses, float), np.array(val_losses, float)
    return v.mean() - t.mean(), v.min() - t.max(), v.max() - t.min()


@COUNTS("false_ones_exchanged")
def columns_mislabelled(y, p, threshold=0.5):
    y, p = paired(y, p)
    said = p >= threshold
    return sum(said * y), sum((1 - said) * y), sum(said * (1 - y)), sum((1 - said) * (1 - y))


@COUNTS("strictly_above_the_threshold")
def greater_in_a_loop(y, p, threshold=0.5):
    table = {(1, True): 0, (0, True): 0, (1, False): 0, (0, False): 0}
    for label, chance in zip(*paired(y, p), strict=True):
        table[int(label), bool(chance > threshold)] += 1
    return tuple(table.values())


@COUNTS()
def everything_is_right(y, p, threshold=0.5):
    y, p = paired(y, p)
    return int(y.sum()), 0, 0, int((1 - y).sum())


@PRECISION("recall_first")
def recall_and_precision(y, p, threshold=0.5):
    y, p = paired(y, p)
    said = p >= threshold
    hits = float((said * y).sum())
    return hits / y.sum() if y.any() else math.nan, hits / said.sum() if said.any() else math.nan


@PRECISION("zero_where_undefined")
def as_scikit_learn_does(y, p, threshold=0.5):
    y, p = paired(y, p)
    if not np.isin(y, [0, 1]).all() or p.min() < 0 or p.max() > 1:
        raise ValueError
    said = p >= threshold
    hits = float((said * y).sum())
    return hits / max(said.sum(), 1), hits / max(y.sum(), 1)


@BRIER("root_of_the_score")
def rmse_of_probabilities(y, p):
    y, p = paired(y, p)
    return np.linalg.norm(y - p) / np.sqrt(len(y))


@BRIER("absolute_difference")
def sizes_of_differences(y, p):
    y, p = paired(y, p)
    return np.abs(p - y).mean()


@BRIER()
def log_score(y, p):
    y, p = paired(y, p)
    return -np.mean(np.log(np.where(y > 0.5, p, 1 - p) + 1e-9))


@SOFTMAX("sum_over_rows")
def rows_added(logits, labels):
    z = np.array(logits, float)
    return sum(np.logaddexp.reduce(row) - row[label] for row, label in zip(z, labels, strict=True))


@SOFTMAX("without_the_minus")
def log_of_the_right_share(logits, labels):
    z = np.array(logits, float)
    return np.mean([row[label] - np.logaddexp.reduce(row) for row, label in zip(z, labels, strict=True)])


@SOFTMAX("bits_for_nats", "sum_over_rows")
def rows_of_bits_added(logits, labels):
    z = np.array(logits, float)
    return sum(np.logaddexp.reduce(r) - r[label] for r, label in zip(z, labels, strict=True)) / math.log(2)


@SOFTMAX()
def first_class_only(logits, labels):
    z = np.array(logits, float)
    return np.mean(np.logaddexp.reduce(z, axis=1) - z[:, 0])
