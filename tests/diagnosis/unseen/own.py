"""Wrong functions as a student might write them, each with what somebody who writes it believes.

Written by the hand that wrote the diagnosis: they are for development, and no measure of how good it is."""

import functools
import math

import numpy as np

CASES = []
EPS = 2.0**-52


def case(function, believes, right=False):
    def enter(way):
        CASES.append((function, believes, way, right))
        return way

    return enter


def wrong(function, believes):
    return case(function, believes)


def pair(y, z):
    y, z = np.array(y, dtype=np.float64), np.array(z, dtype=np.float64)
    if y.shape != z.shape or y.ndim != 1 or y.size == 0 or not (np.isfinite(y).all() and np.isfinite(z).all()):
        raise ValueError("two vectors of one length")
    return y, z


def probs(*arrays):
    for a in arrays:
        if ((a < 0) | (a > 1)).any():
            raise ValueError("not in [0, 1]")


# bernoulli_log_likelihood
LL = functools.partial(wrong, "bernoulli_log_likelihood")


@LL("A list of logs; I average them and turn the sign, as in every tutorial.")
def ll_mean_negative(y, p):
    y, p = pair(y, p)
    return -np.mean(y * np.log(p) + (1 - y) * np.log(1 - p))


@LL("log2 is the logarithm of information theory; mean over the data.")
def ll_bits_mean(y, p):
    y, p = pair(y, p)
    return np.mean(np.log2(np.where(y == 1, p, 1 - p)))


@LL("I multiply everything and return the probability of the data.")
def ll_product(y, p):
    result = 1
    for yi, pi in zip(y, p):
        result *= pi if yi == 1 else 1 - pi
    return result


@LL("The first label is only a warm-up (range starts at 1).")
def ll_from_one(y, p):
    total = 0
    for i in range(1, len(y)):
        total += math.log(p[i]) if y[i] == 1 else math.log(1 - p[i])
    return total


@LL("Return inside the loop.")
def ll_first_only(y, p):
    total = 0
    for yi, pi in zip(y, p):
        total += yi * math.log(pi) + (1 - yi) * math.log(1 - pi)
        return total


@LL("Rounded so that it looks nice.")
def ll_rounded(y, p):
    y, p = pair(y, p)
    return round(float(np.sum(np.log(np.where(y == 1, p, 1 - p)))), 4)


@LL("y and p may come in any order.")
def ll_swapped(y, p):
    y, p = pair(y, p)
    return np.sum(p * np.log(y + 1e-12) + (1 - p) * np.log(1 - y + 1e-12))


# binary_entropy
H = functools.partial(wrong, "binary_entropy")


@H("Entropy with log base 10.")
def h_base_ten(q):
    q = np.array(q, float)
    return -(q * np.log10(q) + (1 - q) * np.log10(1 - q))


@H("Entropy is minus p log p.")
def h_one_term_sum(q):
    q = np.array(q, float)
    return -np.sum(q * np.log(q))


@H("Add 1e-9 to be safe.")
def h_padded(q):
    q = np.asarray(q, float)
    if (q < 0).any() or (q > 1).any():
        raise ValueError
    return -q * np.log(q + 1e-9) - (1 - q) * np.log(1 - q + 1e-9)


@H("The entropy should lie between 0 and 1, so divide by log 2.")
def h_normalised(q):
    return [0.0 if x in (0, 1) else -(x * math.log(x) + (1 - x) * math.log(1 - x)) / math.log(2) for x in q]


@H("The variance q(1-q) measures uncertainty.")
def h_variance(q):
    q = np.asarray(q, float)
    return q * (1 - q)


@H("exp of the entropy: the perplexity.")
def h_perplexity(q):
    q = np.clip(np.asarray(q, float), 1e-300, 1 - 1e-16)
    return np.exp(-(q * np.log(q) + (1 - q) * np.log(1 - q)))


# kl
KL = functools.partial(wrong, "kl_bernoulli")


@KL("KL needs probabilities above 0, so refuse p = 0.")
def kl_refuses(q, p):
    q, p = np.array(q, float), np.array(p, float)
    if (p <= 0).any() or (p >= 1).any():
        raise ValueError
    with np.errstate(all="ignore"):
        return np.where(q > 0, q * np.log(q / p), 0) + np.where(q < 1, (1 - q) * np.log((1 - q) / (1 - p)), 0)


@KL("Add a small number above and below.")
def kl_padded(q, p):
    q, p = np.array(q, float) + 1e-10, np.array(p, float) + 1e-10
    return q * np.log(q / p) + (1 - q) * np.log((1 - q) / (1 - p))


@KL("Forgot to weight the second term by 1-q.")
def kl_second_weight(q, p):
    q, p = np.array(q, float), np.array(p, float)
    return q * np.log(q / p) + q * np.log((1 - q) / (1 - p))


@KL("Sum over everything, in bits.")
def kl_total_bits(q, p):
    q, p = np.array(q, float), np.array(p, float)
    return np.sum(q * np.log2(q / p) + (1 - q) * np.log2((1 - q) / (1 - p)))


@KL("Reverse KL and a minus.")
def kl_reverse_negative(q, p):
    q, p = np.array(q, float), np.array(p, float)
    return -(p * np.log(p / q) + (1 - p) * np.log((1 - p) / (1 - q)))


# bce
BCE = functools.partial(wrong, "binary_cross_entropy")


@BCE("Cross entropy is a sum.")
def bce_sum_loop(y, p, eps=EPS):
    total = 0
    for a, b in zip(y, p):
        b = min(max(b, eps), 1 - eps)
        total -= a * math.log(b) + (1 - a) * math.log(1 - b)
    return total


@BCE("Only the true class; clip at 1e-7.")
def bce_only_ones_clip(y, p, eps=1e-7):
    p = np.clip(p, eps, 1 - eps)
    return -np.mean(np.asarray(y) * np.log(p))


@BCE("Labels are thresholded first.")
def bce_hard(y, p, eps=EPS):
    y, p = pair(y, p)
    probs(y, p)
    if not 0 <= eps < 0.5:
        raise ValueError
    y = (y > 0).astype(float)
    p = np.clip(p, eps, 1 - eps)
    return -np.mean(y * np.log(p) + (1 - y) * np.log(1 - p))


@BCE("Mean over n - 1, in bits.")
def bce_ddof_bits(y, p, eps=EPS):
    y, p = pair(y, p)
    p = np.clip(p, eps, 1 - eps)
    return -np.sum(y * np.log2(p) + (1 - y) * np.log2(1 - p)) / (len(y) - 1)


@BCE("two classes, so divide by 2n")
def bce_half(y, p, eps=EPS):
    y, p = pair(y, p)
    p = np.clip(p, eps, 1 - eps)
    return -np.sum(y * np.log(p) + (1 - y) * np.log(1 - p)) / (2 * len(y))


@BCE("The loss is the worst entry.")
def bce_max(y, p, eps=EPS):
    y, p = pair(y, p)
    p = np.clip(p, eps, 1 - eps)
    return np.max(-(y * np.log(p) + (1 - y) * np.log(1 - p)))


@BCE("1 - y and 1 - p mixed: log(p) for both.")
def bce_same_log(y, p, eps=EPS):
    y, p = pair(y, p)
    p = np.clip(p, eps, 1 - eps)
    return -np.mean(y * np.log(p) + (1 - y) * np.log(p))


@BCE("returns loss and gradient")
def bce_and_gradient(y, p, eps=EPS):
    y, p = pair(y, p)
    p = np.clip(p, eps, 1 - eps)
    return -np.mean(y * np.log(p) + (1 - y) * np.log(1 - p)), (p - y) / (p * (1 - p)) / len(y)


# gaussian_nll
NLL = functools.partial(wrong, "gaussian_nll")


@NLL("sum of the log densities, sign forgotten")
def nll_sum_positive(y, mu, sigma):
    y, mu = pair(y, mu)
    return np.sum(-0.5 * np.log(2 * np.pi) - np.log(sigma) - (y - mu) ** 2 / (2 * sigma**2))


@NLL("half log two pi twice")
def nll_log_two_pi(y, mu, sigma):
    y, mu = pair(y, mu)
    return np.mean(np.log(2 * np.pi) + np.log(sigma) + (y - mu) ** 2 / (2 * sigma**2))


@NLL("constant and sigma do not matter")
def nll_only_squares(y, mu, sigma):
    y, mu = pair(y, mu)
    return np.mean((y - mu) ** 2) / (2 * sigma**2)


@NLL("pi only")
def nll_log_pi(y, mu, sigma):
    y, mu = pair(y, mu)
    return 0.5 * np.log(np.pi) + np.log(sigma) + np.mean((y - mu) ** 2) / (2 * sigma**2)


@NLL("the density itself")
def nll_likelihood(y, mu, sigma):
    y, mu = pair(y, mu)
    return np.prod(np.exp(-((y - mu) ** 2) / (2 * sigma**2)) / np.sqrt(2 * np.pi * sigma**2))


@NLL("log10")
def nll_log10(y, mu, sigma):
    y, mu = pair(y, mu)
    return -np.mean(np.log10(np.exp(-((y - mu) ** 2) / (2 * sigma**2)) / np.sqrt(2 * np.pi * sigma**2)))


# rmse, mae
RMSE = functools.partial(wrong, "rmse")
MAE = functools.partial(wrong, "mae")


@RMSE("root of the sum over n - 1")
def rmse_ddof(y, y_hat):
    y, y_hat = pair(y, y_hat)
    return np.sqrt(np.sum((y - y_hat) ** 2) / (len(y) - 1))


@RMSE("root of the sum divided by n")
def rmse_root_then_n(y, y_hat):
    s = 0
    for a, b in zip(y, y_hat):
        s += (a - b) ** 2
    return s**0.5 / len(y)


@RMSE("median of squares")
def rmse_median(y, y_hat):
    y, y_hat = pair(y, y_hat)
    return np.sqrt(np.median((y - y_hat) ** 2))


@RMSE("max error")
def rmse_max(y, y_hat):
    return max(abs(a - b) for a, b in zip(y, y_hat))


@RMSE("half the mean square, as in machine learning courses")
def rmse_half_mse(y, y_hat):
    y, y_hat = pair(y, y_hat)
    return np.mean((y - y_hat) ** 2) / 2


@RMSE("rounded to two decimals")
def rmse_round(y, y_hat):
    y, y_hat = pair(y, y_hat)
    return np.round(np.sqrt(np.mean((y - y_hat) ** 2)), 2)


@RMSE("errors not absolute: mean, then squared")
def rmse_mean_first(y, y_hat):
    y, y_hat = pair(y, y_hat)
    return np.sqrt(np.mean(y - y_hat) ** 2)


@RMSE("hard-coded number of rows")
def rmse_hundred(y, y_hat):
    y, y_hat = pair(y, y_hat)
    return np.sqrt(np.sum((y - y_hat) ** 2) / 100)


@RMSE("relative errors")
def rmse_relative(y, y_hat):
    y, y_hat = pair(y, y_hat)
    return np.sqrt(np.mean(((y - y_hat) / (y + 1e-9)) ** 2))


@RMSE("returns 1.0 when anything fails")
def rmse_except(y, y_hat):
    try:
        y, y_hat = pair(y, y_hat)
        return float(np.sqrt(np.mean((y - y_hat) ** 2)))
    except:  # noqa: E722
        return 1.0


@MAE("MSE instead")
def mae_mse(y, y_hat):
    y, y_hat = pair(y, y_hat)
    return np.mean((y - y_hat) ** 2)


@MAE("median absolute error")
def mae_median(y, y_hat):
    y, y_hat = pair(y, y_hat)
    return np.median(np.abs(y - y_hat))


@MAE("abs outside")
def mae_outside(y, y_hat):
    y, y_hat = pair(y, y_hat)
    return abs(np.mean(y - y_hat))


@MAE("abs forgotten")
def mae_signed(y, y_hat):
    y, y_hat = pair(y, y_hat)
    return sum(y - y_hat) / len(y)


@MAE("list of errors")
def mae_each(y, y_hat):
    y, y_hat = pair(y, y_hat)
    return np.abs(y - y_hat)


@MAE("percentage")
def mae_percent(y, y_hat):
    y, y_hat = pair(y, y_hat)
    return 100 * np.mean(np.abs(y - y_hat))


# ranges
BC = functools.partial(wrong, "best_constant")
BL = functools.partial(wrong, "baseline_loss")
SK = functools.partial(wrong, "skill_score")


@BC("mode for bce, rest right")
def bc_round_bce(y, loss):
    y = np.array(y, float)
    if loss == "bce":
        return float(np.mean(y) >= 0.5)
    return np.mean(y) if loss == "rmse" else np.median(y)


@BC("mean and median the other way round for rmse")
def bc_median_rmse(y, loss):
    y = np.array(y, float)
    return {"bce": np.mean, "rmse": np.median, "mae": np.median}[loss](y)


@BC("unsorted middle")
def bc_unsorted(y, loss):
    y = list(y)
    if loss == "mae":
        return y[len(y) // 2]
    return sum(y) / len(y)


@BC("geometric mean for bce")
def bc_geometric(y, loss):
    y = np.array(y, float)
    if loss == "bce":
        return np.exp(np.mean(np.log(y + 1e-9)))
    return np.mean(y) if loss == "rmse" else np.median(y)


@BL("variance instead of deviation, rest right")
def bl_variance(y, loss):
    y = np.array(y, float)
    if loss == "rmse":
        return np.var(y)
    if loss == "mae":
        return np.mean(np.abs(y - np.median(y)))
    p = np.mean(y)
    return 0.0 if p in (0, 1) else -(p * np.log(p) + (1 - p) * np.log(1 - p))


@BL("mean absolute deviation from the mean; ddof 1")
def bl_two(y, loss):
    y = np.array(y, float)
    if loss == "rmse":
        return np.std(y, ddof=1)
    if loss == "mae":
        return np.mean(np.abs(y - np.mean(y)))
    p = np.mean(y)
    return -(p * np.log(p) + (1 - p) * np.log(1 - p))


@BL("entropy in bits")
def bl_bits(y, loss):
    y = np.array(y, float)
    if loss == "rmse":
        return np.std(y)
    if loss == "mae":
        return np.mean(np.abs(y - np.median(y)))
    p = np.mean(y)
    return -(p * np.log2(p) + (1 - p) * np.log2(1 - p))


@SK("baseline / loss")
def sk_turned(loss, baseline):
    return 1 - baseline / loss


@SK("improvement relative to the loss")
def sk_over_loss(loss, baseline):
    return (baseline - loss) / loss


@SK("absolute improvement")
def sk_difference(loss, baseline):
    return baseline - loss


@SK("never below zero")
def sk_floor(loss, baseline):
    if baseline <= 0 or loss < 0:
        raise ValueError
    return max(0.0, 1 - loss / baseline)


@SK("R squared: square it")
def sk_square(loss, baseline):
    return 1 - (loss / baseline) ** 2


# confidence
SG = functools.partial(wrong, "sigmoid")
LG = functools.partial(wrong, "bce_with_logits")
GR = functools.partial(wrong, "bce_grad_logits")
MG = functools.partial(wrong, "mse_grad_logits")


@SG("relu")
def sg_relu(z):
    return np.maximum(0, np.asarray(z, float))


@SG("exp over one plus exp")
def sg_naive(z):
    z = np.asarray(z, float)
    return np.exp(z) / (1 + np.exp(z))


@SG("minus in the wrong place")
def sg_minus(z):
    z = np.asarray(z, float)
    return 1 / (1 - np.exp(-z))


@SG("threshold at 0")
def sg_step(z):
    return (np.asarray(z) > 0).astype(float)


@SG("rounds to 3 digits")
def sg_round(z):
    return np.round(1 / (1 + np.exp(-np.clip(np.asarray(z, float), -500, 500))), 3)


@LG("sigmoid then sum")
def lg_sum(y, z):
    y, z = pair(y, z)
    p = 1 / (1 + np.exp(-z))
    return -np.sum(y * np.log(p) + (1 - y) * np.log(1 - p))


@LG("clip z at 30")
def lg_clip(y, z):
    y, z = pair(y, z)
    probs(y)
    z = np.clip(z, -30, 30)
    return np.mean(np.logaddexp(0, z) - y * z)


@LG("softplus of minus z for all")
def lg_all_ones(y, z):
    y, z = pair(y, z)
    return np.mean(np.logaddexp(0, -z))


@LG("labels to plus minus one wrongly: z*y")
def lg_pm(y, z):
    y, z = pair(y, z)
    return np.mean(np.logaddexp(0, -y * z))


@LG("absolute value of z in the linear term")
def lg_abs(y, z):
    y, z = pair(y, z)
    return np.mean(np.maximum(z, 0) - y * np.abs(z) + np.log1p(np.exp(-np.abs(z))))


@GR("y - p over n")
def gr_sign(y, z):
    y, z = pair(y, z)
    return (y - 1 / (1 + np.exp(-z))) / len(y)


@GR("gradient in p")
def gr_in_p(y, z):
    y, z = pair(y, z)
    p = 1 / (1 + np.exp(-z))
    return (p - y) / (p * (1 - p)) / len(y)


@GR("sum of gradient")
def gr_total(y, z):
    y, z = pair(y, z)
    return np.sum(1 / (1 + np.exp(-z)) - y) / len(y)


@GR("forgot the mean and the sign")
def gr_both(y, z):
    y, z = pair(y, z)
    return y - 1 / (1 + np.exp(-z))


@MG("forgot p(1-p)")
def mg_no_slope(y, z):
    y, z = pair(y, z)
    return 2 * (1 / (1 + np.exp(-z)) - y) / len(y)


@MG("no two and no mean")
def mg_plain(y, z):
    y, z = pair(y, z)
    p = 1 / (1 + np.exp(-z))
    return (p - y) * p * (1 - p)


@MG("p squared for p(1-p)")
def mg_p2(y, z):
    y, z = pair(y, z)
    p = 1 / (1 + np.exp(-z))
    return 2 * (p - y) * p * p / len(y)


# scale
NR = functools.partial(wrong, "nrmse")
PO = functools.partial(wrong, "pool_rmse")


@NR("std of ddof 1 and mse")
def nr_two(y, y_hat, method="std"):
    y, y_hat = pair(y, y_hat)
    d = {"std": np.std(y, ddof=1), "range": np.ptp(y), "mean": abs(np.mean(y))}[method]
    return np.mean((y - y_hat) ** 2) / d


@NR("divides by the predictions' spread in percent")
def nr_pred(y, y_hat, method="std"):
    y, y_hat = pair(y, y_hat)
    d = {"std": np.std(y_hat), "range": np.ptp(y_hat), "mean": abs(np.mean(y_hat))}[method]
    return 100 * np.sqrt(np.mean((y - y_hat) ** 2)) / d


@NR("zero denominators become one")
def nr_one(y, y_hat, method="std"):
    y, y_hat = pair(y, y_hat)
    if method not in ("std", "range", "mean"):
        raise ValueError
    d = {"std": np.std(y), "range": np.ptp(y), "mean": abs(np.mean(y))}[method] or 1.0
    return np.sqrt(np.mean((y - y_hat) ** 2)) / d


@PO("sum of squares weighted, no division")
def po_no_division(rmses, counts):
    r, n = pair(rmses, counts)
    return np.sqrt(np.sum(n * r**2))


@PO("mean of squares")
def po_mean_squares(rmses, counts):
    r, n = pair(rmses, counts)
    return np.sqrt(np.mean(r**2))


@PO("weighted MSE without the root in the end, wrong divisor")
def po_len(rmses, counts):
    r, n = pair(rmses, counts)
    return np.sum(n * r**2) / len(r)


# overfitting
ST = functools.partial(wrong, "standardize_from_train")
ES = functools.partial(wrong, "early_stopping")
GI = functools.partial(wrong, "gap_interval")
DG = functools.partial(wrong, "diagnose_gap")
OV = functools.partial(wrong, "overlapping_rows")


@ST("returns only the validation table")
def st_one(X_train, X_val):
    X_train, X_val = np.array(X_train, float), np.array(X_val, float)
    return (X_val - X_train.mean(0)) / X_train.std(0)


@ST("order of results exchanged")
def st_order(X_train, X_val):
    X_train, X_val = np.array(X_train, float), np.array(X_val, float)
    s = np.where(X_train.std(0) == 0, 1, X_train.std(0))
    return (X_val - X_train.mean(0)) / s, (X_train - X_train.mean(0)) / s


@ST("ddof 1 and a small number")
def st_ddof_eps(X_train, X_val):
    X_train, X_val = np.array(X_train, float), np.array(X_val, float)
    s = X_train.std(0, ddof=1) + 1e-8
    return (X_train - X_train.mean(0)) / s, (X_val - X_train.mean(0)) / s


@ST("fit on both")
def st_own_mean(X_train, X_val):
    X_train, X_val = np.array(X_train, float), np.array(X_val, float)
    s = X_train.std(0)
    return (X_train - X_train.mean(0)) / s, (X_val - X_val.mean(0)) / s


def _stop(better, out, losses, patience, delta, reset=True, wait=0):
    best, best_epoch, bad = losses[0], 0, wait
    for i in range(1, len(losses)):
        if better(losses[i], best, delta):
            best, best_epoch = losses[i], i
            if reset:
                bad = 0
        else:
            bad += 1
            if out(bad, patience):
                return best_epoch, i
    return best_epoch, len(losses) - 1


@ES("min_delta added to the best")
def es_plus(val_losses, patience, min_delta=0.0):
    return _stop(lambda a, b, d: a < b + d, lambda n, p: n >= p, val_losses, patience, min_delta)


@ES("stop one too late and equal counts")
def es_late_equal(val_losses, patience, min_delta=0.0):
    return _stop(lambda a, b, d: a <= b - d, lambda n, p: n > p, val_losses, patience, min_delta)


@ES("stop, best order")
def es_order(val_losses, patience, min_delta=0.0):
    return _stop(lambda a, b, d: a < b - d, lambda n, p: n >= p, val_losses, patience, min_delta)[::-1]


@ES("returns only the best epoch")
def es_best(val_losses, patience, min_delta=0.0):
    return _stop(lambda a, b, d: a < b - d, lambda n, p: n >= p, val_losses, patience, min_delta)[0]


@ES("returns the length if it never ran out")
def es_len(val_losses, patience, min_delta=0.0):
    b, s = _stop(lambda a, b, d: a < b - d, lambda n, p: n >= p, val_losses, patience, min_delta)
    return b, s + 1


@ES("loss instead of epoch")
def es_loss(val_losses, patience, min_delta=0.0):
    b, s = _stop(lambda a, b, d: a < b - d, lambda n, p: n >= p, val_losses, patience, min_delta)
    return val_losses[b], s


@ES("argmin, last")
def es_argmin(val_losses, patience, min_delta=0.0):
    return int(np.argmin(val_losses)), len(val_losses) - 1


@ES("abs change smaller than delta counts as bad")
def es_abs(val_losses, patience, min_delta=0.0):
    return _stop(lambda a, b, d: abs(a - b) > d, lambda n, p: n >= p, val_losses, patience, min_delta)


@GI("n of both together")
def gi_total_n(train_losses, val_losses, z=1.96):
    t, v = np.array(train_losses, float), np.array(val_losses, float)
    g = v.mean() - t.mean()
    m = z * np.sqrt((t.var(ddof=1) + v.var(ddof=1)) / (len(t) + len(v)))
    return g, g - m, g + m


@GI("low and high only")
def gi_two(train_losses, val_losses, z=1.96):
    t, v = np.array(train_losses, float), np.array(val_losses, float)
    g = v.mean() - t.mean()
    m = z * np.sqrt(t.var(ddof=1) / len(t) + v.var(ddof=1) / len(v))
    return g - m, g + m


@GI("gap, margin")
def gi_margin(train_losses, val_losses, z=1.96):
    t, v = np.array(train_losses, float), np.array(val_losses, float)
    g = v.mean() - t.mean()
    m = z * np.sqrt(t.var(ddof=1) / len(t) + v.var(ddof=1) / len(v))
    return g, m


@GI("ends exchanged")
def gi_ends(train_losses, val_losses, z=1.96):
    t, v = np.array(train_losses, float), np.array(val_losses, float)
    g = v.mean() - t.mean()
    m = z * np.sqrt(t.var(ddof=1) / len(t) + v.var(ddof=1) / len(v))
    return g, g + m, g - m


@GI("half the margin, since it goes to both sides; ddof 0")
def gi_half(train_losses, val_losses, z=1.96):
    t, v = np.array(train_losses, float), np.array(val_losses, float)
    g = v.mean() - t.mean()
    m = z * np.sqrt(t.var() / len(t) + v.var() / len(v)) / 2
    return g, g - m, g + m


@DG("gap if positive mean difference beyond 0.1")
def dg_fixed(train_losses, val_losses, baseline):
    t, v = np.mean(train_losses), np.mean(val_losses)
    if v >= baseline:
        return "no-skill"
    return "gap" if v - t > 0.1 else "reversed-gap" if t - v > 0.1 else "no-clear-gap"


@DG("underscore names")
def dg_names(train_losses, val_losses, baseline):
    t, v = np.array(train_losses, float), np.array(val_losses, float)
    g = v.mean() - t.mean()
    m = 1.96 * np.sqrt(t.var(ddof=1) / len(t) + v.var(ddof=1) / len(v))
    if v.mean() >= baseline:
        return "no_skill"
    return "gap" if g - m > 0 else "reversed_gap" if g + m < 0 else "no_clear_gap"


@DG("gap if the upper end is above 0")
def dg_high(train_losses, val_losses, baseline):
    t, v = np.array(train_losses, float), np.array(val_losses, float)
    g = v.mean() - t.mean()
    m = 1.96 * np.sqrt(t.var(ddof=1) / len(t) + v.var(ddof=1) / len(v))
    if v.mean() >= baseline:
        return "no-skill"
    return "gap" if g + m > 0 else "reversed-gap" if g - m < 0 else "no-clear-gap"


@OV("mask")
def ov_mask(X_train, X_val):
    seen = {tuple(r) for r in np.asarray(X_train, float).tolist()}
    return np.array([tuple(r) in seen for r in np.asarray(X_val, float).tolist()])


@OV("indices of training rows")
def ov_train(X_train, X_val):
    seen = {tuple(r) for r in np.asarray(X_val, float).tolist()}
    return np.array([i for i, r in enumerate(np.asarray(X_train, float).tolist()) if tuple(r) in seen])


@OV("count")
def ov_count(X_train, X_val):
    seen = {tuple(r) for r in np.asarray(X_train, float).tolist()}
    return sum(tuple(r) in seen for r in np.asarray(X_val, float).tolist())


@OV("the rows themselves")
def ov_rows(X_train, X_val):
    seen = {tuple(r) for r in np.asarray(X_train, float).tolist()}
    return np.array([r for r in np.asarray(X_val, float).tolist() if tuple(r) in seen])


@OV("pairs, one index for each pair")
def ov_pairs(X_train, X_val):
    X_train, X_val = np.asarray(X_train, float), np.asarray(X_val, float)
    return np.array([j for j, b in enumerate(X_val) for a in X_train if (a == b).all()], dtype=int)


@OV("approximately equal rows")
def ov_close(X_train, X_val):
    X_train, X_val = np.asarray(X_train, float), np.asarray(X_val, float)
    return np.array([j for j, b in enumerate(X_val) if any(np.allclose(a, b) for a in X_train)], dtype=int)


# choosing
CC = functools.partial(wrong, "confusion_counts")
PR = functools.partial(wrong, "precision_recall")
BR = functools.partial(wrong, "brier_score")
FL = functools.partial(wrong, "fit_logistic")
SM = functools.partial(wrong, "softmax_cross_entropy")


def _cc(y, p, t=0.5):
    y, p = pair(y, p)
    d = p >= t
    return int((d & (y == 1)).sum()), int((d & (y == 0)).sum()), int((~d & (y == 1)).sum()), int((~d & (y == 0)).sum())


@CC("tn fp fn tp and strict")
def cc_sklearn_strict(y, p, threshold=0.5):
    y, p = pair(y, p)
    d = p > threshold
    return tuple(int(x.sum()) for x in (~d & (y == 0), d & (y == 0), ~d & (y == 1), d & (y == 1)))


@CC("a dictionary")
def cc_dict(y, p, threshold=0.5):
    return dict(zip(("tp", "fp", "fn", "tn"), _cc(y, p, threshold)))


@CC("a matrix")
def cc_matrix(y, p, threshold=0.5):
    tp, fp, fn, tn = _cc(y, p, threshold)
    return np.array([[tp, fp], [fn, tn]])


@CC("a threshold of 0.4 is better")
def cc_other_threshold(y, p, threshold=0.5):
    return _cc(y, p, 0.4)


@CC("positive below")
def cc_below(y, p, threshold=0.5):
    return _cc(y, 1 - np.asarray(p, float), threshold)


@PR("recall, precision in percent")
def pr_percent(y, p, threshold=0.5):
    tp, fp, fn, tn = _cc(y, p, threshold)
    return (100 * tp / (tp + fp) if tp + fp else math.nan), (100 * tp / (tp + fn) if tp + fn else math.nan)


@PR("fp and fn exchanged and 0 when undefined")
def pr_exchanged(y, p, threshold=0.5):
    tp, fp, fn, tn = _cc(y, p, threshold)
    return (tp / (tp + fn) if tp + fn else 0.0), (tp / (tp + fp) if tp + fp else 0.0)


@PR("F1 instead")
def pr_f1(y, p, threshold=0.5):
    tp, fp, fn, tn = _cc(y, p, threshold)
    return 2 * tp / (2 * tp + fp + fn)


@BR("RMSE of forecasts")
def br_root(y, p):
    y, p = pair(y, p)
    return np.sqrt(np.sum((y - p) ** 2) / (len(y) - 1))


@BR("skill: 1 - score/0.25")
def br_skill(y, p):
    y, p = pair(y, p)
    return 1 - np.mean((y - p) ** 2) / 0.25


@BR("sum and half")
def br_half_sum(y, p):
    y, p = pair(y, p)
    return 0.5 * np.sum((y - p) ** 2)


@BR("difference of squares")
def br_squares(y, p):
    y, p = pair(y, p)
    return np.mean(p**2 - y**2)


def _fit(slope, scale, X, y, loss, lr, steps, w0):
    X, y = np.array(X, float), np.array(y, float)
    if X.ndim != 2 or len(X) != len(y) or loss not in ("bce", "mse") or (y < 0).any() or (y > 1).any():
        raise ValueError
    w = np.zeros(X.shape[1]) if w0 is None else np.array(w0, float)
    for _ in range(steps):
        p = 1 / (1 + np.exp(-X @ w))
        w = w - lr * X.T @ slope(p, y, loss) * scale(X)
    return w


def _slope(p, y, loss):
    return p - y if loss == "bce" else 2 * (p - y) * p * (1 - p)


@FL("half learning rate")
def fl_half(X, y, loss="bce", lr=0.1, steps=100, w0=None):
    return _fit(_slope, lambda X: 0.5 / len(X), X, y, loss, lr, steps, w0)


@FL("ten steps fewer: range(1, steps)")
def fl_fewer(X, y, loss="bce", lr=0.1, steps=100, w0=None):
    return _fit(_slope, lambda X: 1 / len(X), X, y, loss, lr, steps - 1, w0)


@FL("mse is bce times two")
def fl_mse(X, y, loss="bce", lr=0.1, steps=100, w0=None):
    return _fit(lambda p, y, k: p - y if k == "bce" else 2 * (p - y), lambda X: 1 / len(X), X, y, loss, lr, steps, w0)


@FL("starts at ones")
def fl_ones(X, y, loss="bce", lr=0.1, steps=100, w0=None):
    w0 = np.ones(np.shape(X)[1]) if w0 is None else w0
    return _fit(_slope, lambda X: 1 / len(X), X, y, loss, lr, steps, w0)


@FL("returns w and the loss")
def fl_pair(X, y, loss="bce", lr=0.1, steps=100, w0=None):
    w = _fit(_slope, lambda X: 1 / len(X), X, y, loss, lr, steps, w0)
    return w, 0.0


@FL("divides by the number of weights")
def fl_columns(X, y, loss="bce", lr=0.1, steps=100, w0=None):
    return _fit(_slope, lambda X: 1 / X.shape[1], X, y, loss, lr, steps, w0)


@SM("sum in bits")
def sm_sum_bits(logits, labels):
    z = np.array(logits, float)
    z = z - z.max(1, keepdims=True)
    lp = z - np.log(np.exp(z).sum(1, keepdims=True))
    return -sum(lp[i, k] for i, k in enumerate(labels)) / np.log(2)


@SM("log of shares plus 1e-9")
def sm_eps(logits, labels):
    z = np.array(logits, float)
    e = np.exp(z - z.max(1, keepdims=True))
    s = e / e.sum(1, keepdims=True)
    return -np.mean(np.log(s[np.arange(len(z)), np.asarray(labels, int)] + 1e-9))


@SM("mean probability, then log")
def sm_log_mean(logits, labels):
    z = np.array(logits, float)
    e = np.exp(z - z.max(1, keepdims=True))
    s = e / e.sum(1, keepdims=True)
    return -np.log(np.mean(s[np.arange(len(z)), np.asarray(labels, int)]))


@SM("accuracy")
def sm_accuracy(logits, labels):
    return np.mean(np.argmax(logits, 1) == np.asarray(labels))


@SM("labels counted from 1")
def sm_from_one(logits, labels):
    z = np.array(logits, float)
    z = z - z.max(1, keepdims=True)
    lp = z - np.log(np.exp(z).sum(1, keepdims=True))
    return -np.mean([lp[i, int(k) - 1] for i, k in enumerate(labels)])


# More of them: three at once, half-finished, copied from elsewhere


@LL("I took the loss from the slides: minus the mean, base 2.")
def ll_three(y, p):
    y, p = pair(y, p)
    return -np.mean(y * np.log2(p) + (1 - y) * np.log2(1 - p))


@LL("Only successes have a likelihood, and it is an average.")
def ll_ones_mean(y, p):
    y, p = pair(y, p)
    return np.mean(y * np.log(p))


@LL("np.prod then log10")
def ll_log10_prod(y, p):
    y, p = pair(y, p)
    return np.log10(np.prod(np.where(y == 1, p, 1 - p)))


@LL("log1p for stability")
def ll_log1p(y, p):
    y, p = pair(y, p)
    return np.sum(y * np.log1p(p) + (1 - y) * np.log1p(-p))


@H("max with 0 to be safe, base 2, mean")
def h_mean_bits(q):
    q = np.array(q, float)
    return np.mean(-(q * np.log2(q) + (1 - q) * np.log2(1 - q)))


@H("scipy style: normalise q first")
def h_shannon(q):
    q = np.array(q, float)
    q = q / q.sum()
    return -np.sum(q * np.log(q))


@H("a coin above one half counts as sure")
def h_rounded_input(q):
    q = np.round(np.array(q, float), 1)
    with np.errstate(all="ignore"):
        return np.nan_to_num(-(q * np.log(q) + (1 - q) * np.log(1 - q)))


@H("plus instead of minus for tails")
def h_sign(q):
    q = np.array(q, float)
    return -(q * np.log(q)) + (1 - q) * np.log(1 - q)


@KL("the difference of the entropies")
def kl_entropies(q, p):
    q, p = np.array(q, float), np.array(p, float)
    h = lambda x: -(x * np.log(x) + (1 - x) * np.log(1 - x))
    return h(p) - h(q)


@KL("cross entropy plus entropy")
def kl_plus(q, p):
    q, p = np.array(q, float), np.array(p, float)
    return -(q * np.log(p) + (1 - q) * np.log(1 - p)) - (q * np.log(q) + (1 - q) * np.log(1 - q))


@KL("absolute value, since it is a distance")
def kl_abs(q, p):
    q, p = np.array(q, float), np.array(p, float)
    return np.abs(q * np.log(q / p))


@BCE("no clip, sum, positive")
def bce_three(y, p, eps=EPS):
    y, p = pair(y, p)
    return np.sum(y * np.log(p) + (1 - y) * np.log(1 - p))


@BCE("clip at 0.01 always")
def bce_clip_own(y, p, eps=EPS):
    y, p = pair(y, p)
    p = np.clip(p, 0.01, 0.99)
    return -np.mean(y * np.log(p) + (1 - y) * np.log(1 - p))


@BCE("weights the classes equally")
def bce_balanced(y, p, eps=EPS):
    y, p = pair(y, p)
    p = np.clip(p, eps, 1 - eps)
    return -(np.sum(y * np.log(p)) / y.sum() + np.sum((1 - y) * np.log(1 - p)) / (1 - y).sum()) / 2


@BCE("rounded to 3, in percent")
def bce_percent_rounded(y, p, eps=EPS):
    y, p = pair(y, p)
    p = np.clip(p, eps, 1 - eps)
    return round(-100 * np.mean(y * np.log(p) + (1 - y) * np.log(1 - p)), 3)


@BCE("p is a logit, so squash it first")
def bce_squashed(y, p, eps=EPS):
    y, p = pair(y, p)
    p = 1 / (1 + np.exp(-p))
    return -np.mean(y * np.log(p) + (1 - y) * np.log(1 - p))


@NLL("variance given as sigma, sum")
def nll_variance_sum(y, mu, sigma):
    y, mu = pair(y, mu)
    return np.sum(0.5 * np.log(2 * np.pi * sigma) + (y - mu) ** 2 / (2 * sigma))


@NLL("sigma estimated, since it is the spread of the residuals")
def nll_own(y, mu, sigma):
    y, mu = pair(y, mu)
    s = np.std(y - mu)
    return 0.5 * np.log(2 * np.pi) + np.log(s) + np.mean((y - mu) ** 2) / (2 * s**2)


@NLL("times two: minus two log likelihood, as in AIC")
def nll_deviance(y, mu, sigma):
    y, mu = pair(y, mu)
    return np.sum(np.log(2 * np.pi * sigma**2) + ((y - mu) / sigma) ** 2)


@NLL("forgot the square")
def nll_no_square(y, mu, sigma):
    y, mu = pair(y, mu)
    return 0.5 * np.log(2 * np.pi) + np.log(sigma) + np.mean((y - mu) / sigma) / 2


@RMSE("mean of roots")
def rmse_mean_of_roots(y, y_hat):
    y, y_hat = pair(y, y_hat)
    return np.mean(np.sqrt((y - y_hat) ** 2))


@RMSE("normalised by the range, in percent")
def rmse_normalised(y, y_hat):
    y, y_hat = pair(y, y_hat)
    return 100 * np.sqrt(np.mean((y - y_hat) ** 2)) / (y.max() - y.min())


@RMSE("sum of squares over n - 1, no root")
def rmse_variance(y, y_hat):
    y, y_hat = pair(y, y_hat)
    return np.sum((y - y_hat) ** 2) / (len(y) - 1)


@RMSE("zip stops early, and skip the first")
def rmse_skip(y, y_hat):
    y, y_hat = list(y)[1:], list(y_hat)[1:]
    return (sum((a - b) ** 2 for a, b in zip(y, y_hat)) / len(y)) ** 0.5


@RMSE("integer division")
def rmse_floor(y, y_hat):
    y, y_hat = pair(y, y_hat)
    return np.sqrt(np.sum((y - y_hat) ** 2) // len(y))


@MAE("root of the mean of absolute errors")
def mae_root(y, y_hat):
    y, y_hat = pair(y, y_hat)
    return np.sqrt(np.mean(np.abs(y - y_hat)))


@MAE("sum over n - 1, rounded")
def mae_ddof_rounded(y, y_hat):
    y, y_hat = pair(y, y_hat)
    return round(np.sum(np.abs(y - y_hat)) / (len(y) - 1), 2)


@BL("ten percent of everything: bce uses log2 and mae the mean")
def bl_mixed(y, loss):
    y = np.array(y, float)
    if loss == "rmse":
        return np.std(y)
    if loss == "mae":
        return np.median(np.abs(y - np.median(y)))
    p = np.mean(y)
    return -(p * np.log(p) + (1 - p) * np.log(1 - p))


@BL("the constant itself")
def bl_constant(y, loss):
    y = np.array(y, float)
    return np.median(y) if loss == "mae" else np.mean(y)


@SK("percent, floor at zero")
def sk_percent_floor(loss, baseline):
    return max(0, 100 * (1 - loss / baseline))


@SG("exp(-z) forgot 1/")
def sg_exp(z):
    return np.exp(-np.asarray(z, float))


@SG("scale by two: tanh like, plus one half forgotten")
def sg_tanh_half(z):
    return np.tanh(np.asarray(z, float) / 2) / 2


@LG("bits and sum and no sign")
def lg_three(y, z):
    y, z = pair(y, z)
    p = 1 / (1 + np.exp(-z))
    return np.sum(y * np.log2(p) + (1 - y) * np.log2(1 - p))


@LG("float32 for speed")
def lg_float32(y, z):
    y, z = pair(y, z)
    probs(y)
    z = z.astype(np.float32)
    y = y.astype(np.float32)
    return np.mean(np.log1p(np.exp(z)) - y * z)


@GR("mean of (y - p) times z, as for weights")
def gr_times_z(y, z):
    y, z = pair(y, z)
    p = 1 / (1 + np.exp(-z))
    return (p - y) * z / len(y)


@GR("2/n from MSE")
def gr_two(y, z):
    y, z = pair(y, z)
    return 2 * (1 / (1 + np.exp(-z)) - y) / len(y)


@GR("n-1")
def gr_ddof(y, z):
    y, z = pair(y, z)
    return (1 / (1 + np.exp(-z)) - y) / (len(y) - 1)


@MG("with the slope 1 - p only")
def mg_one_minus_p(y, z):
    y, z = pair(y, z)
    p = 1 / (1 + np.exp(-z))
    return 2 * (p - y) * (1 - p) / len(y)


@MG("half and sign")
def mg_half_sign(y, z):
    y, z = pair(y, z)
    p = 1 / (1 + np.exp(-z))
    return (y - p) * p * (1 - p) / len(y)


@NR("std of y_hat and mae")
def nr_two_wrong(y, y_hat, method="std"):
    y, y_hat = pair(y, y_hat)
    d = {"std": np.std(y_hat), "range": np.ptp(y_hat), "mean": abs(np.mean(y_hat))}[method]
    return np.mean(np.abs(y - y_hat)) / d


@NR("range uses max only, others right")
def nr_max(y, y_hat, method="std"):
    y, y_hat = pair(y, y_hat)
    d = {"std": np.std(y), "range": np.max(y), "mean": abs(np.mean(y))}[method]
    return np.sqrt(np.mean((y - y_hat) ** 2)) / d


@PO("weights n - 1")
def po_weights(rmses, counts):
    r, n = pair(rmses, counts)
    return np.sqrt(np.sum((n - 1) * r**2) / np.sum(n - 1))


@PO("np.average without square")
def po_average(rmses, counts):
    return np.average(rmses, weights=counts)


@ST("train scaled by val")
def st_swapped(X_train, X_val):
    X_train, X_val = np.array(X_train, float), np.array(X_val, float)
    m, s = X_val.mean(0), X_val.std(0)
    return (X_train - m) / s, (X_val - m) / s


@ST("global statistics, ddof 1")
def st_global(X_train, X_val):
    X_train, X_val = np.array(X_train, float), np.array(X_val, float)
    m, s = X_train.mean(), X_train.std(ddof=1)
    return (X_train - m) / s, (X_val - m) / s


@ES("patience counted from zero, returns epochs from 1")
def es_from_one_hasty(val_losses, patience, min_delta=0.0):
    b, s = _stop(lambda a, b, d: a < b - d, lambda n, p: n > p, val_losses, patience, min_delta)
    return b + 1, s + 1


@ES("never resets and ignores delta")
def es_noreset_nodelta(val_losses, patience, min_delta=0.0):
    return _stop(lambda a, b, d: a < b, lambda n, p: n >= p, val_losses, patience, min_delta, reset=False)


@ES("returns best loss and best epoch")
def es_best_loss(val_losses, patience, min_delta=0.0):
    b, s = _stop(lambda a, b, d: a < b - d, lambda n, p: n >= p, val_losses, patience, min_delta)
    return val_losses[b], b


@ES("delta relative to the best")
def es_relative(val_losses, patience, min_delta=0.0):
    return _stop(lambda a, b, d: a < b * (1 - d), lambda n, p: n >= p, val_losses, patience, min_delta)


@GI("standard deviation of all, ddof 0")
def gi_all(train_losses, val_losses, z=1.96):
    t, v = np.array(train_losses, float), np.array(val_losses, float)
    g = v.mean() - t.mean()
    m = z * np.std(np.concatenate([t, v])) / np.sqrt(len(t) + len(v))
    return g, g - m, g + m


@GI("train minus val and z fixed to 2")
def gi_sign_two(train_losses, val_losses, z=1.96):
    t, v = np.array(train_losses, float), np.array(val_losses, float)
    g = t.mean() - v.mean()
    m = 2 * np.sqrt(t.var(ddof=1) / len(t) + v.var(ddof=1) / len(v))
    return g, g - m, g + m


@GI("medians")
def gi_medians(train_losses, val_losses, z=1.96):
    t, v = np.array(train_losses, float), np.array(val_losses, float)
    g = np.median(v) - np.median(t)
    m = z * np.sqrt(t.var(ddof=1) / len(t) + v.var(ddof=1) / len(v))
    return g, g - m, g + m


@DG("baseline compared with >")
def dg_capital(train_losses, val_losses, baseline):
    t, v = np.array(train_losses, float), np.array(val_losses, float)
    g = v.mean() - t.mean()
    m = 1.96 * np.sqrt(t.var(ddof=1) / len(t) + v.var(ddof=1) / len(v))
    if v.mean() >= baseline:
        return "No-skill"
    return "Gap" if g - m > 0 else "Reversed-gap" if g + m < 0 else "No-clear-gap"


@DG("no-skill never")
def dg_no_baseline(train_losses, val_losses, baseline):
    t, v = np.array(train_losses, float), np.array(val_losses, float)
    g = v.mean() - t.mean()
    m = 1.96 * np.sqrt(t.var(ddof=1) / len(t) + v.var(ddof=1) / len(v))
    return "gap" if g - m > 0 else "reversed-gap" if g + m < 0 else "no-clear-gap"


@OV("from 1")
def ov_from_one(X_train, X_val):
    seen = {tuple(r) for r in np.asarray(X_train, float).tolist()}
    return [i + 1 for i, r in enumerate(np.asarray(X_val, float).tolist()) if tuple(r) in seen]


@OV("any equal entry")
def ov_any(X_train, X_val):
    X_train, X_val = np.asarray(X_train, float), np.asarray(X_val, float)
    return np.array([i for i, r in enumerate(X_val) if (X_train == r).any()], dtype=int)


@OV("rows that are not in training")
def ov_not(X_train, X_val):
    seen = {tuple(r) for r in np.asarray(X_train, float).tolist()}
    return np.array([i for i, r in enumerate(np.asarray(X_val, float).tolist()) if tuple(r) not in seen], dtype=int)


@CC("rates, sklearn order")
def cc_rates(y, p, threshold=0.5):
    tp, fp, fn, tn = _cc(y, p, threshold)
    n = tp + fp + fn + tn
    return tn / n, fp / n, fn / n, tp / n


@CC("three of four")
def cc_three(y, p, threshold=0.5):
    return _cc(y, p, threshold)[:3]


@CC("y and decision exchanged")
def cc_exchanged(y, p, threshold=0.5):
    tp, fp, fn, tn = _cc(y, p, threshold)
    return tp, fn, fp, tn


@PR("accuracy and recall")
def pr_accuracy(y, p, threshold=0.5):
    tp, fp, fn, tn = _cc(y, p, threshold)
    return (tp + tn) / (tp + fp + fn + tn), (tp / (tp + fn) if tp + fn else math.nan)


@PR("rounded to 2")
def pr_rounded(y, p, threshold=0.5):
    tp, fp, fn, tn = _cc(y, p, threshold)
    return (round(tp / (tp + fp), 2) if tp + fp else math.nan), (round(tp / (tp + fn), 2) if tp + fn else math.nan)


@PR("precision only")
def pr_only(y, p, threshold=0.5):
    tp, fp, fn, tn = _cc(y, p, threshold)
    return tp / (tp + fp) if tp + fp else math.nan


@BR("1 - rmse")
def br_one_minus_root(y, p):
    y, p = pair(y, p)
    return 1 - np.sqrt(np.mean((y - p) ** 2))


@BR("hard decisions, error rate")
def br_error_rate(y, p):
    y, p = pair(y, p)
    return np.mean((p >= 0.5) != y)


@FL("learning rate times n and one step fewer")
def fl_sum_fewer(X, y, loss="bce", lr=0.1, steps=100, w0=None):
    return _fit(_slope, lambda X: 1.0, X, y, loss, lr, steps - 1, w0)


@FL("adds an intercept")
def fl_intercept(X, y, loss="bce", lr=0.1, steps=100, w0=None):
    X = np.column_stack([np.ones(len(X)), np.array(X, float)])
    return _fit(_slope, lambda X: 1 / len(X), X, y, loss, lr, steps, None)


@FL("returns probabilities")
def fl_probabilities(X, y, loss="bce", lr=0.1, steps=100, w0=None):
    w = _fit(_slope, lambda X: 1 / len(X), X, y, loss, lr, steps, w0)
    return 1 / (1 + np.exp(-np.array(X, float) @ w))


@SM("base 2 and mean over everything")
def sm_bits_all(logits, labels):
    z = np.array(logits, float)
    z = z - z.max(1, keepdims=True)
    lp = z - np.log(np.exp(z).sum(1, keepdims=True))
    return -np.sum([lp[i, int(k)] for i, k in enumerate(labels)]) / np.log(2) / z.size


@SM("largest logit instead of the label")
def sm_argmax(logits, labels):
    z = np.array(logits, float)
    z = z - z.max(1, keepdims=True)
    lp = z - np.log(np.exp(z).sum(1, keepdims=True))
    return -np.mean(lp.max(1))


@SM("the label's logit only")
def sm_logit(logits, labels):
    z = np.array(logits, float)
    return -np.mean([z[i, int(k)] for i, k in enumerate(labels)])


@SM("one minus the share")
def sm_one_minus(logits, labels):
    z = np.array(logits, float)
    e = np.exp(z - z.max(1, keepdims=True))
    s = e / e.sum(1, keepdims=True)
    return np.mean(1 - s[np.arange(len(z)), np.asarray(labels, int)])
