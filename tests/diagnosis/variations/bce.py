"""Wrong implementations of unit 1 that are not in its catalogue, and the names that would be right to say of them."""

from __future__ import annotations

import functools
import math

import numpy as np

from benchmarks.naming import variation

LIKELIHOOD = functools.partial(variation, "bce", "bernoulli_log_likelihood")
ENTROPY = functools.partial(variation, "bce", "binary_entropy")
KL = functools.partial(variation, "bce", "kl_bernoulli")
LOSS = functools.partial(variation, "bce", "binary_cross_entropy")
EPS = 2.0**-52


def checked(*arrays):
    arrays = [np.array(array, dtype=np.float64) for array in arrays]
    if any(array.ndim != 1 or array.size == 0 or array.shape != arrays[0].shape for array in arrays):
        raise ValueError("shape")
    if not all(((array >= 0) & (array <= 1)).all() for array in arrays):
        raise ValueError("range")
    return arrays


def eps_checked(eps):
    if not 0 <= eps < 0.5:
        raise ValueError("eps")


def xlogy(x, y):
    with np.errstate(all="ignore"):
        return np.where(x > 0, x * np.log(y), 0.0)


def log_loss(y, p):
    """The loss of each entry, right where nothing is clipped."""
    return -xlogy(y, p) - xlogy(1 - y, 1 - p)


# bernoulli_log_likelihood


@LIKELIHOOD("mean_log_likelihood")
def averaged_in_a_loop(y, p):
    y, p = checked(y, p)
    return sum(math.log(b if a else 1 - b) for a, b in zip(y, p, strict=True)) / len(y)


@LIKELIHOOD("negative_log_likelihood")
def loss_instead(y, p):
    y, p = checked(y, p)
    return log_loss(y, p).sum()


@LIKELIHOOD("log_likelihood_in_bits")
def math_log_with_base_2(y, p):
    return sum(math.log(b, 2) if a == 1 else math.log(1 - b, 2) for a, b in zip(*checked(y, p), strict=True))


@LIKELIHOOD("log_likelihood_to_base_ten")
def calculator(y, p):
    return sum(math.log10(b) if a == 1 else math.log10(1 - b) for a, b in zip(*checked(y, p), strict=True))


@LIKELIHOOD("likelihood_of_ones_only")
def only_where_it_happened(y, p):
    y, p = checked(y, p)
    return np.log(p[y == 1]).sum()


@LIKELIHOOD("likelihood_of_zeros_only")
def only_where_it_did_not(y, p):
    y, p = checked(y, p)
    return np.log1p(-p[y == 0]).sum()


@LIKELIHOOD("likelihood_without_logarithm")
def product_in_a_loop(y, p):
    product = 1.0
    for a, b in zip(*checked(y, p), strict=True):
        product *= b if a else 1 - b
    return product


@LIKELIHOOD("likelihood_of_the_other_class")
def branches_exchanged(y, p):
    y, p = checked(y, p)
    return np.log(np.where(y == 0, p, 1 - p)).sum()


@LIKELIHOOD("log_of_the_sum")
def sum_before_log(y, p):
    return math.log(sum(b if a else 1 - b for a, b in zip(*checked(y, p), strict=True)))


@LIKELIHOOD("log_likelihood_of_each")
def list_of_logs(y, p):
    return [math.log(b if a else 1 - b) for a, b in zip(*checked(y, p), strict=True)]


@LIKELIHOOD("log_of_the_product")
def log_of_a_running_product(y, p):
    y, p = checked(y, p)
    if not np.isin(y, [0, 1]).all():
        raise ValueError
    product = functools.reduce(lambda one, other: one * other, np.where(y == 1, p, 1 - p))
    return np.log(product)


@LIKELIHOOD("likelihood_nan_at_certainty")
def dot_products(y, p):
    y, p = checked(y, p)
    return y @ np.log(p) + (1 - y) @ np.log(1 - p)


@LIKELIHOOD("soft_outcomes_accepted")
def labels_not_looked_at(y, p):
    y, p = checked(y, p)
    return -log_loss(y, p).sum()


@LIKELIHOOD("mean_log_likelihood", "negative_log_likelihood")
def mean_loss_instead(y, p):
    y, p = checked(y, p)
    return log_loss(y, p).mean()


@LIKELIHOOD("log_likelihood_in_bits", "negative_log_likelihood")
def total_loss_in_bits(y, p):
    y, p = checked(y, p)
    return log_loss(y, p).sum() / np.log(2)


@LIKELIHOOD()
def accuracy(y, p):
    y, p = checked(y, p)
    return np.mean((p > 0.5) == y)


@LIKELIHOOD()
def minus_infinity(y, p):
    return -math.inf


@LIKELIHOOD()
def rounded_to_three_decimals(y, p):
    y, p = checked(y, p)
    return round(float(-log_loss(y, p).sum()), 3)


@LIKELIHOOD("likelihood_without_logarithm")
def root_of_the_likelihood(y, p):
    y, p = checked(y, p)
    return np.sqrt(np.prod(np.where(y == 1, p, 1 - p)))


@LIKELIHOOD()
def minus_between_the_sides(y, p):
    y, p = checked(y, p)
    return np.sum(xlogy(y, p) - xlogy(1 - y, 1 - p))


# binary_entropy


@ENTROPY("entropy_in_bits")
def divided_by_log_2(q):
    (q,) = checked(q)
    return log_loss(q, q) / math.log(2)


@ENTROPY("negative_entropy")
def minus_signs_twice(q):
    (q,) = checked(q)
    return -log_loss(q, q)


@ENTROPY("entropy_of_heads_only")
def surprise_times_weight(q):
    (q,) = checked(q)
    return q * np.log(1 / q)


@ENTROPY("surprise_instead_of_entropy")
def log_of_the_inverse(q):
    return [math.log(1 / a) if a else math.inf for a in checked(q)[0]]


@ENTROPY("mean_entropy")
def averaged_over_coins(q):
    (q,) = checked(q)
    return float(log_loss(q, q).mean())


@ENTROPY("total_entropy")
def added_over_coins(q):
    return sum(-a * math.log(a) - (1 - a) * math.log(1 - a) for a in checked(q)[0] if 0 < a < 1)


@ENTROPY("gini_impurity")
def one_minus_squares(q):
    (q,) = checked(q)
    return 1 - q**2 - (1 - q) ** 2


@ENTROPY("entropy_nan_at_certainty")
def written_with_log1p(q):
    (q,) = checked(q)
    return -(q * np.log(q) + (1 - q) * np.log1p(-q))


@ENTROPY("entropy_of_clipped_coins")
def clipped_by_min_and_max(q):
    q = np.maximum(np.minimum(checked(q)[0], 1 - 1e-7), 1e-7)
    return log_loss(q, q)


@ENTROPY("entropy_mends_its_input")
def silent_clip(q):
    q = np.array(q, dtype=float)
    if np.isnan(q).any() or np.isinf(q).any():
        raise ValueError
    return log_loss(np.minimum(np.maximum(q, 0), 1), np.minimum(np.maximum(q, 0), 1))


@ENTROPY("entropy_in_bits", "negative_entropy")
def bits_without_minus(q):
    (q,) = checked(q)
    return q * np.log2(q) + (1 - q) * np.log2(1 - q)


@ENTROPY()
def the_coin_itself(q):
    return checked(q)[0]


@ENTROPY()
def entropy_of_a_die(q):
    return np.log(6) * np.ones(len(q))


@ENTROPY()
def distance_from_certainty(q):
    (q,) = checked(q)
    return np.minimum(q, 1 - q)


# kl_bernoulli


@KL("divergence_the_other_way")
def believed_and_true_exchanged(q, p):
    q, p = checked(q, p)
    return log_loss(p, q) - log_loss(p, p)


@KL("cross_entropy_instead_of_kl")
def loss_of_each_pair(q, p):
    q, p = checked(q, p)
    return log_loss(q, p)


@KL("divergence_of_heads_only")
def difference_of_logs(q, p):
    q, p = checked(q, p)
    return q * (np.log(q) - np.log(p))


@KL("negative_divergence")
def entropy_minus_cross_entropy(q, p):
    q, p = checked(q, p)
    return log_loss(q, q) - log_loss(q, p)


@KL("divergence_in_bits")
def scaled_at_the_end(q, p):
    q, p = checked(q, p)
    return (log_loss(q, p) - log_loss(q, q)) / np.log(2)


@KL("mean_divergence")
def averaged_over_pairs(q, p):
    q, p = checked(q, p)
    return np.average(log_loss(q, p) - log_loss(q, q))


@KL("squared_difference")
def distance_times_itself(q, p):
    return [(a - b) * (a - b) for a, b in zip(*checked(q, p), strict=True)]


@KL("divergence_of_absolute_sides")
def absolute_differences_of_logs(q, p):
    q, p = checked(q, p)
    return q * abs(np.log(q) - np.log(p)) + (1 - q) * abs(np.log(1 - q) - np.log(1 - p))


@KL("divergence_nan_at_certainty")
def four_terms(q, p):
    q, p = checked(q, p)
    return q * np.log(q) - q * np.log(p) + (1 - q) * np.log(1 - q) - (1 - q) * np.log(1 - p)


@KL("divergence_in_bits", "divergence_the_other_way")
def the_other_way_in_bits(q, p):
    q, p = checked(q, p)
    return (log_loss(p, q) - log_loss(p, p)) / np.log(2)


@KL("squared_difference")
def absolute_difference(q, p):
    q, p = checked(q, p)
    return abs(q - p)


@KL()
def hellinger(q, p):
    q, p = checked(q, p)
    return 1 - np.sqrt(q * p) - np.sqrt((1 - q) * (1 - p))


@KL()
def twice_the_divergence(q, p):
    q, p = checked(q, p)
    return 2 * (log_loss(q, p) - log_loss(q, q))


# binary_cross_entropy


@LOSS("sum_instead_of_mean")
def added_in_a_loop(y, p, eps=EPS):
    total = 0.0
    for a, b in zip(*checked(y, p), strict=True):
        b = min(max(b, eps), 1 - eps)
        total -= a * math.log(b) + (1 - a) * math.log(1 - b)
    return total


@LOSS("sum_instead_of_mean", "never_clipped")
def neither_mean_nor_clip(y, p, eps=EPS):
    y, p = checked(y, p)
    return log_loss(y, p).sum()


@LOSS("sum_instead_of_mean")
def sum_of_what_nobody_checked(y, p, eps=EPS):
    y, p = np.array(y), np.array(p).clip(eps, 1 - eps)
    return np.sum(-y * np.log(p) - (1 - y) * np.log(1 - p))


@LOSS("sign_forgotten")
def logs_averaged(y, p, eps=EPS):
    y, p = checked(y, p)
    return -np.mean(log_loss(y, p.clip(eps, 1 - eps)))


@LOSS("sign_forgotten", "own_eps_always", "never_clipped")
def no_sign_and_no_clip(y, p, eps=EPS):
    y, p = checked(y, p)
    return -np.mean(log_loss(y, p))


@LOSS("loss_in_bits")
def log2_in_a_loop(y, p, eps=EPS):
    pairs = [(a, min(max(b, eps), 1 - eps)) for a, b in zip(*checked(y, p), strict=True)]
    return sum(-a * math.log2(b) - (1 - a) * math.log2(1 - b) for a, b in pairs) / len(pairs)


@LOSS("loss_in_bits", "sum_instead_of_mean")
def total_in_bits(y, p, eps=EPS):
    y, p = checked(y, p)
    return log_loss(y, p.clip(eps, 1 - eps)).sum() / np.log(2)


@LOSS("loss_to_base_ten", "sign_forgotten")
def base_ten_without_sign(y, p, eps=EPS):
    y, p = checked(y, p)
    return np.mean(-log_loss(y, p.clip(eps, 1 - eps))) / np.log(10)


@LOSS("arguments_swapped")
def label_in_the_logarithm(y, p, eps=EPS):
    y, p = checked(y, p)
    return log_loss(p, np.clip(y, eps, 1 - eps)).mean()


@LOSS("loss_of_ones_only")
def only_positive_labels(y, p, eps=EPS):
    y, p = checked(y, p)
    return xlogy(y, p.clip(eps, 1 - eps)).sum() / -len(y)


@LOSS("loss_of_ones_only", "sum_instead_of_mean")
def sum_over_positive_labels(y, p, eps=EPS):
    y, p = checked(y, p)
    return -xlogy(y, p.clip(eps, 1 - eps)).sum()


@LOSS("loss_of_the_other_class")
def exchanged_logs(y, p, eps=EPS):
    y, p = checked(y, p)
    return log_loss(1 - y, np.clip(p, eps, 1 - eps)).mean()


@LOSS("soft_labels_rounded")
def labels_as_decisions(y, p, eps=EPS):
    y, p = checked(y, p)
    return log_loss((y > 0.5) * 1.0, np.clip(p, eps, 1 - eps)).mean()


@LOSS("soft_labels_rounded", "sum_instead_of_mean")
def sum_over_rounded_labels(y, p, eps=EPS):
    y, p = checked(y, p)
    return log_loss(y.round(), np.clip(p, eps, 1 - eps)).sum()


@LOSS("soft_labels_taken_for_zero")
def if_label_is_1(y, p, eps=EPS):
    p = np.clip(checked(y, p)[1], eps, 1 - eps)
    return np.mean([-math.log(b) if a == 1 else -math.log(1 - b) for a, b in zip(y, p, strict=True)])


@LOSS("divided_by_n_minus_one")
def sample_mean(y, p, eps=EPS):
    y, p = checked(y, p)
    return log_loss(y, np.clip(p, eps, 1 - eps)).sum() / np.float64(len(y) - 1)


@LOSS("entropy_of_labels_removed")
def mean_divergence(y, p, eps=EPS):
    y, p = checked(y, p)
    return np.mean(log_loss(y, p.clip(eps, 1 - eps)) - log_loss(y, y))


@LOSS("squared_error_of_probabilities")
def brier(y, p, eps=EPS):
    y, p = checked(y, p)
    return sum((a - b) ** 2 for a, b in zip(y, p.clip(eps, 1 - eps), strict=True)) / len(y)


@LOSS("own_eps_always")
def constant_clip(y, p, eps=EPS):
    y, p = checked(y, p)
    return log_loss(y, np.clip(p, EPS, 1 - EPS)).mean()


@LOSS("never_clipped")
def plain_formula(y, p, eps=EPS):
    eps_checked(eps)
    return float(np.mean(log_loss(*checked(y, p))))


@LOSS("eps_added_in_the_logarithm")
def logs_with_a_little_more(y, p, eps=EPS):
    y, p = checked(y, p)
    return np.mean(-xlogy(y, p + eps) - xlogy(1 - y, 1 - p + eps))


@LOSS("eps_added_in_the_logarithm", "sum_instead_of_mean")
def a_little_more_and_no_mean(y, p, eps=EPS):
    y, p = checked(y, p)
    return np.sum(-xlogy(y, p + eps) - xlogy(1 - y, 1 - p + eps))


@LOSS("clipped_below_only")
def max_without_min(y, p, eps=EPS):
    y, p = checked(y, p)
    p[p < eps] = eps
    return log_loss(y, p).mean()


@LOSS("median_instead_of_mean")
def statistics_median(y, p, eps=EPS):
    y, p = checked(y, p)
    costs = sorted(log_loss(y, p.clip(eps, 1 - eps)))
    return (costs[len(costs) // 2] + costs[(len(costs) - 1) // 2]) / 2


@LOSS("loss_of_each")
def costs_in_a_list(y, p, eps=EPS):
    y, p = checked(y, p)
    return log_loss(y, p.clip(eps, 1 - eps)).tolist()


@LOSS("clipped_like_keras")
def wide_clip_by_default(y, p, eps=1e-7):
    eps_checked(eps)
    y, p = checked(y, p)
    return np.mean(log_loss(y, np.minimum(np.maximum(p, eps), 1 - eps)))


@LOSS("clipped_at_1e_15")
def old_clip_in_a_loop(y, p, eps=1e-15):
    eps_checked(eps)
    pairs = [(a, min(max(b, eps), 1 - eps)) for a, b in zip(*checked(y, p), strict=True)]
    return sum(float(log_loss(a, b)) for a, b in pairs) / len(pairs)


@LOSS("loss_nan_without_clip")
def dot_products_of_logs(y, p, eps=EPS):
    eps_checked(eps)
    y, p = checked(y, p)
    p = p.clip(eps, 1 - eps)
    return -(y @ np.log(p) + (1 - y) @ np.log(1 - p)) / len(y)


@LOSS("zero_eps_replaced")
def if_not_eps(y, p, eps=None):
    if not eps:
        eps = EPS
    eps_checked(eps)
    y, p = checked(y, p)
    return log_loss(y, p.clip(eps, 1 - eps)).mean()


@LOSS("loss_of_stretched_arrays")
def shapes_left_to_numpy(y, p, eps=EPS):
    eps_checked(eps)
    y, p = np.array(y, float), np.array(p, float)
    if not y.size or not p.size or not (0 <= y.min() <= y.max() <= 1 and 0 <= p.min() <= p.max() <= 1):
        raise ValueError
    return log_loss(y, p.clip(eps, 1 - eps)).mean()


@LOSS("any_eps_accepted")
def eps_never_checked(y, p, eps=EPS):
    y, p = checked(y, p)
    return log_loss(y, p.clip(eps, 1 - eps)).mean()


@LOSS("caller_s_forecasts_clipped")
def mask_on_the_caller_s_array(y, p, eps=EPS):
    eps_checked(eps)
    checked(y, p)
    y, p = np.asarray(y, float), np.asarray(p, float)
    p[p < eps] = eps
    p[p > 1 - eps] = 1 - eps
    return log_loss(y, p).mean()


@LOSS()
def root_of_the_loss(y, p, eps=EPS):
    y, p = checked(y, p)
    return np.sqrt(log_loss(y, p.clip(eps, 1 - eps)).mean())


@LOSS()
def plus_before_one_side_only(y, p, eps=EPS):
    y, p = checked(y, p)
    p = p.clip(eps, 1 - eps)
    return np.mean(xlogy(1 - y, 1 - p) - xlogy(y, p))


@LOSS()
def largest_cost(y, p, eps=EPS):
    y, p = checked(y, p)
    return log_loss(y, p.clip(eps, 1 - eps)).max()


@LOSS()
def absolute_error(y, p, eps=EPS):
    y, p = checked(y, p)
    return abs(y - p).mean()


@LOSS()
def log_2_always(y, p, eps=EPS):
    return math.log(2)


@LOSS()
def half_of_it(y, p, eps=EPS):
    y, p = checked(y, p)
    return log_loss(y, p.clip(eps, 1 - eps)).mean() / 2


@LOSS()
def label_smoothing(y, p, eps=EPS):
    y, p = checked(y, p)
    return log_loss(0.9 * y + 0.05, p.clip(eps, 1 - eps)).mean()


@LOSS()
def focal_loss(y, p, eps=EPS):
    y, p = checked(y, p)
    p = p.clip(eps, 1 - eps)
    return np.mean((y * (1 - p) + (1 - y) * p) ** 2 * log_loss(y, p))


@LOSS()
def clipped_at_1e_12(y, p, eps=1e-12):
    eps_checked(eps)
    y, p = checked(y, p)
    return log_loss(y, p.clip(eps, 1 - eps)).mean()


@LOSS()
def none_at_all(y, p, eps=EPS):
    return None


@LOSS()
def an_error_of_its_own(y, p, eps=EPS):
    return undefined_name  # noqa: F821  (as students do)
