"""Known wrong ways to write the functions of unit 1. Each stands alone, so that its text can be pasted into a notebook.

Those that break `value` tests do not validate: what they get wrong comes before that. Those that break `numerical` or
`contract` tests have the right formula."""

from __future__ import annotations

import numpy as np

from autograder.misconception import about

bernoulli_log_likelihood = about("bernoulli_log_likelihood")


@bernoulli_log_likelihood(
    believes="A log-likelihood is an average over the data.",
    hint="Hand in the same data twice. Is there twice as much evidence, or as much as before?",
)
def mean_log_likelihood(y, p):
    y, p = np.asarray(y, dtype=float), np.asarray(p, dtype=float)
    return np.mean(y * np.log(p) + (1 - y) * np.log(1 - p))


@bernoulli_log_likelihood(
    believes="The log-likelihood already carries the minus sign of a loss.",
    hint="A probability is at most 1. What is the sign of its logarithm, and of your result?",
)
def negative_log_likelihood(y, p):
    y, p = np.asarray(y, dtype=float), np.asarray(p, dtype=float)
    return -np.sum(y * np.log(p) + (1 - y) * np.log(1 - p))


@bernoulli_log_likelihood(
    believes="Likelihoods are measured in bits.",
    hint="One outcome at p = 0.5 should give about -0.693. You give -1. Which logarithm gives which?",
)
def log_likelihood_in_bits(y, p):
    y, p = np.asarray(y, dtype=float), np.asarray(p, dtype=float)
    return np.sum(np.where(y == 1, np.log2(p), np.log2(1 - p)))


@bernoulli_log_likelihood(
    believes="Log stands for the logarithm to base 10, as on a calculator.",
    hint="One outcome at p = 0.5 should give about -0.693. Which base does your logarithm have?",
)
def log_likelihood_to_base_ten(y, p):
    y, p = np.asarray(y, dtype=float), np.asarray(p, dtype=float)
    return np.sum(np.where(y == 1, np.log10(p), np.log10(1 - p)))


@bernoulli_log_likelihood(
    believes="Only the outcomes that happened, the ones, are evidence.",
    hint="A forecast of 0.99 met an outcome of 0. What does that cost in your function?",
)
def likelihood_of_ones_only(y, p):
    return np.sum(np.asarray(y, dtype=float) * np.log(np.asarray(p, dtype=float)))


@bernoulli_log_likelihood(
    believes="The second term alone covers all outcomes.",
    hint="A forecast of 0.01 met an outcome of 1. What does that cost in your function?",
)
def likelihood_of_zeros_only(y, p):
    return np.sum((1 - np.asarray(y, dtype=float)) * np.log(1 - np.asarray(p, dtype=float)))


@bernoulli_log_likelihood(
    believes="The likelihood itself is wanted, as a product.",
    hint="You have the probability of all the data. What turns it into a log-likelihood, and a product into a sum?",
)
def likelihood_without_logarithm(y, p):
    y, p = np.asarray(y, dtype=float), np.asarray(p, dtype=float)
    return np.prod(np.where(y == 1, p, 1 - p))


@bernoulli_log_likelihood(
    believes="The forecast p is the probability of 0.",
    hint="Give the outcome 1 the forecast 0.9. Was that a good forecast? What does your function say?",
)
def likelihood_of_the_other_class(y, p):
    y, p = np.asarray(y, dtype=float), np.asarray(p, dtype=float)
    return np.sum((1 - y) * np.log(p) + y * np.log(1 - p))


@bernoulli_log_likelihood(
    believes="The logarithm of a sum is the sum of the logarithms.",
    hint="Independent outcomes multiply their probabilities. Which of logarithm and sum comes first, then?",
)
def log_of_the_sum(y, p):
    y, p = np.asarray(y, dtype=float), np.asarray(p, dtype=float)
    return np.log(np.sum(np.where(y == 1, p, 1 - p)))


@bernoulli_log_likelihood(
    believes="Each outcome keeps its own log-likelihood.",
    hint="You return one number for each outcome. How do independent pieces of evidence combine into one?",
)
def log_likelihood_of_each(y, p):
    y, p = np.asarray(y, dtype=float), np.asarray(p, dtype=float)
    return y * np.log(p) + (1 - y) * np.log(1 - p)


@bernoulli_log_likelihood(
    believes="The logarithm may as well be taken after the product.",
    hint="What is 0.5 to the power of 1200 on your computer? Which order of logarithm and product avoids that?",
    breaks="numerical",
)
def log_of_the_product(y, p):
    y, p = np.asarray(y, dtype=float), np.asarray(p, dtype=float)
    return np.log(np.prod(np.where(y == 1, p, 1 - p)))


@bernoulli_log_likelihood(
    believes="A term with weight 0 vanishes by itself.",
    hint="Compute 0 * np.log(0) in a cell. Which of the two terms should not be computed at all for this outcome?",
    breaks="numerical",
)
def likelihood_nan_at_certainty(y, p):
    y, p = np.asarray(y, dtype=float), np.asarray(p, dtype=float)
    return np.sum(y * np.log(p) + (1 - y) * np.log(1 - p))


@bernoulli_log_likelihood(
    believes="Probabilities have to be clipped before any logarithm.",
    hint="An impossible event that happened has likelihood 0. What is the logarithm of 0, and what do you return?",
    breaks="numerical",
)
def clipped_likelihood(y, p):
    y, p = np.asarray(y, dtype=float), np.clip(np.asarray(p, dtype=float), 1e-15, 1 - 1e-15)
    return np.sum(y * np.log(p) + (1 - y) * np.log(1 - p))


@bernoulli_log_likelihood(
    believes="What the logarithm of 0 breaks, nan_to_num repairs.",
    hint="It repairs too much: look at what it makes of -inf, and of a nan that stands for a whole sum.",
    breaks="numerical",
)
def likelihood_patched_after_the_sum(y, p):
    y, p = np.asarray(y, dtype=float), np.asarray(p, dtype=float)
    return np.nan_to_num(np.sum(y * np.log(p) + (1 - y) * np.log(1 - p)))


@bernoulli_log_likelihood(
    believes="Any number between 0 and 1 is an outcome.",
    hint="A coin does not land on 0.5. What should a likelihood of outcomes say to such a label?",
    breaks="contract",
)
def soft_outcomes_accepted(y, p):
    y, p = np.asarray(y, dtype=float), np.asarray(p, dtype=float)
    if y.shape != p.shape or y.ndim != 1 or y.size == 0:
        raise ValueError("two vectors of one length")
    if not ((y >= 0) & (y <= 1)).all() or not ((p >= 0) & (p <= 1)).all():
        raise ValueError("entries between 0 and 1")
    return np.sum(np.where(y > 0, y * np.log(p), 0.0) + np.where(y < 1, (1 - y) * np.log(1 - p), 0.0))


@bernoulli_log_likelihood(
    believes="Looking for entries below 0 or above 1 finds every bad number.",
    hint="Is nan below 0? Is it above 1? Ask Python both questions.",
    breaks="contract",
)
def likelihood_lets_nan_pass(y, p):
    y, p = np.asarray(y, dtype=float), np.asarray(p, dtype=float)
    if y.shape != p.shape or y.ndim != 1 or y.size == 0:
        raise ValueError("two vectors of one length")
    if (p < 0).any() or (p > 1).any() or ((y != 0) & (y != 1) & ~np.isnan(y)).any():
        raise ValueError("outcomes are 0 or 1 and forecasts lie between them")
    return np.sum(np.log(np.where(y == 1, p, 1 - p)))


@bernoulli_log_likelihood(
    believes="NumPy complains about shapes that do not fit.",
    hint="Subtract an array of shape (3, 1) from one of shape (3,) and look at the shape of the result.",
    breaks="contract",
)
def likelihood_of_stretched_arrays(y, p):
    y, p = np.asarray(y, dtype=float), np.asarray(p, dtype=float)
    if y.size == 0 or not np.isin(y, [0, 1]).all() or not ((p >= 0) & (p <= 1)).all():
        raise ValueError("outcomes are 0 or 1 and forecasts lie between them")
    return np.sum(np.log(np.where(y == 1, p, 1 - p)))


binary_entropy = about("binary_entropy")


@binary_entropy(
    believes="Entropy is always measured in bits.",
    hint="A fair coin holds log 2 = 0.693 nats, which is 1 bit. In which unit is your result?",
)
def entropy_in_bits(q):
    q = np.asarray(q, dtype=float)
    return -q * np.log2(q) - (1 - q) * np.log2(1 - q)


@binary_entropy(
    believes="The logarithm already has the right sign, so no minus is needed.",
    hint="Uncertainty is never negative. What is the sign of the logarithm of a number below 1?",
)
def negative_entropy(q):
    q = np.asarray(q, dtype=float)
    return q * np.log(q) + (1 - q) * np.log(1 - q)


@binary_entropy(
    believes="The formula is just q log q.",
    hint="Exchange heads and tails: 0.1 becomes 0.9. Is your result still the same?",
)
def entropy_of_heads_only(q):
    q = np.asarray(q, dtype=float)
    return -q * np.log(q)


@binary_entropy(
    believes="The formula is just (1 - q) log(1 - q).",
    hint="Exchange heads and tails: 0.1 becomes 0.9. Is your result still the same?",
)
def entropy_of_tails_only(q):
    q = np.asarray(q, dtype=float)
    return -(1 - q) * np.log(1 - q)


@binary_entropy(
    believes="Entropy is the surprise at heads.",
    hint="A surprise that comes rarely counts rarely. What should each surprise be weighted by?",
)
def surprise_instead_of_entropy(q):
    return -np.log(np.asarray(q, dtype=float))


@binary_entropy(
    believes="The surprises at both outcomes count alike, without weights.",
    hint="Try q = 0.01: how often does the large surprise happen? Weigh each surprise by how often it comes.",
)
def surprises_without_weights(q):
    q = np.asarray(q, dtype=float)
    return -np.log(q) - np.log(1 - q)


@binary_entropy(
    believes="One number sums up all coins.",
    hint="Three coins went in. How many entropies should come out?",
)
def mean_entropy(q):
    q = np.asarray(q, dtype=float)
    return np.mean(-q * np.log(q) - (1 - q) * np.log(1 - q))


@binary_entropy(
    believes="The entropies of all coins are added up.",
    hint="Three coins went in. How many entropies should come out?",
)
def total_entropy(q):
    q = np.asarray(q, dtype=float)
    return np.sum(-q * np.log(q) - (1 - q) * np.log(1 - q))


@binary_entropy(
    believes="The Gini impurity of decision trees is the entropy.",
    hint="Both are largest for a fair coin, but how large? Where is the logarithm in yours?",
)
def gini_impurity(q):
    q = np.asarray(q, dtype=float)
    return 2 * q * (1 - q)


@binary_entropy(
    believes="0 times anything is 0, also on the computer.",
    hint="How much does a coin that always shows the same side tell you? Compute 0 * np.log(0) in a cell, too.",
    breaks="numerical",
)
def entropy_nan_at_certainty(q):
    q = np.asarray(q, dtype=float)
    return -q * np.log(q) - (1 - q) * np.log(1 - q)


@binary_entropy(
    believes="Clipping by a ten-millionth leaves no trace.",
    hint="A coin that always shows the same side has entropy 0, exactly. What does your clip make of it?",
    breaks="numerical",
)
def entropy_of_clipped_coins(q):
    q = np.clip(np.asarray(q, dtype=float), 1e-7, 1 - 1e-7)
    return -q * np.log(q) - (1 - q) * np.log(1 - q)


@binary_entropy(
    believes="A little something added inside the logarithm does no harm.",
    hint="Print the entropy for q = 1 with all its digits. Can an entropy be below 0?",
    breaks="numerical",
)
def entropy_with_padded_logarithm(q):
    q = np.asarray(q, dtype=float)
    return -q * np.log(q + 1e-9) - (1 - q) * np.log(1 - q + 1e-9)


@binary_entropy(
    believes="NumPy computes in full precision whatever type comes in.",
    hint="Look at the dtype of your result for an array of float16. What was the first thing to do with q?",
    breaks="numerical",
)
def entropy_in_the_type_given(q):
    q = np.asarray(q)
    return -np.where(q > 0, q * np.log(q), 0) - np.where(q < 1, (1 - q) * np.log(1 - q), 0)


@binary_entropy(
    believes="A coin of -0.1 was meant to be 0.",
    hint="Who passes -0.1 has a bug elsewhere. Does your function tell them?",
    breaks="contract",
)
def entropy_mends_its_input(q):
    q = np.asarray(q, dtype=float)
    if not np.isfinite(q).all():
        raise ValueError("q must be finite")
    q = np.clip(q, 0, 1)
    return -np.where(q > 0, q * np.log(q), 0) - np.where(q < 1, (1 - q) * np.log(1 - q), 0)


@binary_entropy(
    believes="The logarithm of a bad number is nan, and that says enough.",
    hint="A nan travels far before anybody sees it. What did the task ask for where q is not a probability?",
    breaks="contract",
)
def entropy_without_checks(q):
    q = np.asarray(q, dtype=float)
    return -np.where(q == 0, 0, q * np.log(q)) - np.where(q == 1, 0, (1 - q) * np.log(1 - q))


@binary_entropy(
    believes="An assert is as good as an error of the right kind.",
    hint="Which type of error does a failing assert raise, and which one did the task ask for?",
    breaks="contract",
)
def entropy_that_asserts(q):
    q = np.asarray(q, dtype=float)
    assert ((q >= 0) & (q <= 1)).all(), "q must lie between 0 and 1"
    return -np.where(q > 0, q * np.log(q), 0) - np.where(q < 1, (1 - q) * np.log(1 - q), 0)


kl_bernoulli = about("kl_bernoulli")


@kl_bernoulli(
    believes="The divergence is the same in both directions, so the order is free.",
    hint="The weights say what is true. Which of q and p does your function use as the weights?",
)
def divergence_the_other_way(q, p):
    q, p = np.asarray(q, dtype=float), np.asarray(p, dtype=float)
    return p * np.log(p / q) + (1 - p) * np.log((1 - p) / (1 - q))


@kl_bernoulli(
    believes="KL divergence is another word for cross-entropy.",
    hint="What does your function say where p equals q? Which part of the cross-entropy would have to go?",
)
def cross_entropy_instead_of_kl(q, p):
    q, p = np.asarray(q, dtype=float), np.asarray(p, dtype=float)
    return -q * np.log(p) - (1 - q) * np.log(1 - p)


@kl_bernoulli(
    believes="The whole sum is q log(q / p).",
    hint="A divergence is never negative. Try q = 0.2 and p = 0.6: which outcome is missing?",
)
def divergence_of_heads_only(q, p):
    q, p = np.asarray(q, dtype=float), np.asarray(p, dtype=float)
    return q * np.log(q / p)


@kl_bernoulli(
    believes="It makes no difference whether the ratio is q / p or p / q.",
    hint="A divergence is never negative. Which of the two belongs above the other in the ratio?",
)
def negative_divergence(q, p):
    q, p = np.asarray(q, dtype=float), np.asarray(p, dtype=float)
    return q * np.log(p / q) + (1 - q) * np.log((1 - p) / (1 - q))


@kl_bernoulli(
    believes="Divergences are measured in bits.",
    hint="Your results are 1.44 times too large for all pairs. Which logarithm does the course use?",
)
def divergence_in_bits(q, p):
    q, p = np.asarray(q, dtype=float), np.asarray(p, dtype=float)
    return q * np.log2(q / p) + (1 - q) * np.log2((1 - q) / (1 - p))


@kl_bernoulli(
    believes="One mean divergence for all pairs is wanted.",
    hint="Three pairs went in. How many divergences should come out?",
)
def mean_divergence(q, p):
    q, p = np.asarray(q, dtype=float), np.asarray(p, dtype=float)
    return np.mean(q * np.log(q / p) + (1 - q) * np.log((1 - q) / (1 - p)))


@kl_bernoulli(
    believes="The divergences of all pairs are added up.",
    hint="Three pairs went in. How many divergences should come out?",
)
def total_divergence(q, p):
    q, p = np.asarray(q, dtype=float), np.asarray(p, dtype=float)
    return np.sum(q * np.log(q / p) + (1 - q) * np.log((1 - q) / (1 - p)))


@kl_bernoulli(
    believes="A difference should be symmetric, so both directions are averaged.",
    hint="The table in section 5 has two different numbers for the two directions. Which one is KL(q‖p)?",
)
def symmetric_divergence(q, p):
    q, p = np.asarray(q, dtype=float), np.asarray(p, dtype=float)
    forth = q * np.log(q / p) + (1 - q) * np.log((1 - q) / (1 - p))
    back = p * np.log(p / q) + (1 - p) * np.log((1 - p) / (1 - q))
    return (forth + back) / 2


@kl_bernoulli(
    believes="Each term has to be made positive.",
    hint="One term may well be negative; only their sum cannot be. Where do you take an absolute value?",
)
def divergence_of_absolute_sides(q, p):
    q, p = np.asarray(q, dtype=float), np.asarray(p, dtype=float)
    return np.abs(q * np.log(q / p)) + np.abs((1 - q) * np.log((1 - q) / (1 - p)))


@kl_bernoulli(
    believes="The log of the ratio counts, without weights.",
    hint="How often does each of the two outcomes happen if q is true? Weigh the two terms by that.",
)
def log_ratios_without_weights(q, p):
    q, p = np.asarray(q, dtype=float), np.asarray(p, dtype=float)
    return np.log(q / p) + np.log((1 - q) / (1 - p))


@kl_bernoulli(
    believes="The squared difference of two probabilities is their divergence.",
    hint="What should happen when p excludes what q allows? Your function stays finite.",
)
def squared_difference(q, p):
    return (np.asarray(q, dtype=float) - np.asarray(p, dtype=float)) ** 2


@kl_bernoulli(
    believes="A term with weight 0 vanishes by itself.",
    hint="Compute 0 * np.log(0 / 0.3) in a cell. What should this term contribute?",
    breaks="numerical",
)
def divergence_nan_at_certainty(q, p):
    q, p = np.asarray(q, dtype=float), np.asarray(p, dtype=float)
    return q * np.log(q / p) + (1 - q) * np.log((1 - q) / (1 - p))


@kl_bernoulli(
    believes="Both coins have to be clipped before any logarithm.",
    hint="If p excludes what q allows, no finite number is large enough. What does your clip make of it?",
    breaks="numerical",
)
def clipped_divergence(q, p):
    q, p = np.clip(np.asarray(q, dtype=float), 1e-15, 1 - 1e-15), np.clip(np.asarray(p, dtype=float), 1e-15, 1 - 1e-15)
    return q * np.log(q / p) + (1 - q) * np.log((1 - q) / (1 - p))


@kl_bernoulli(
    believes="What the logarithm of 0 breaks, nan_to_num repairs.",
    hint="It repairs nan, but look at what it makes of inf.",
    breaks="numerical",
)
def divergence_patched_at_the_end(q, p):
    q, p = np.asarray(q, dtype=float), np.asarray(p, dtype=float)
    heads, tails = q * np.log(q / p), (1 - q) * np.log((1 - q) / (1 - p))
    return np.nan_to_num(np.nan_to_num(heads, posinf=np.inf) + np.nan_to_num(tails, posinf=np.inf))


@kl_bernoulli(
    believes="NumPy complains about shapes that do not fit.",
    hint="Subtract an array of shape (3, 1) from one of shape (3,) and look at the shape of the result.",
    breaks="contract",
)
def divergence_of_stretched_arrays(q, p):
    q, p = np.asarray(q, dtype=float), np.asarray(p, dtype=float)
    if q.size == 0 or not ((q >= 0) & (q <= 1)).all() or not ((p >= 0) & (p <= 1)).all():
        raise ValueError("two coins")
    return np.where(q > 0, q * np.log(q / p), 0) + np.where(q < 1, (1 - q) * np.log((1 - q) / (1 - p)), 0)


@kl_bernoulli(
    believes="Only what is believed needs a check; q is the truth.",
    hint="Pass q = -0.1. Which of your checks notices?",
    breaks="contract",
)
def truth_unchecked(q, p):
    q, p = np.asarray(q, dtype=float), np.asarray(p, dtype=float)
    if q.shape != p.shape or q.ndim != 1 or q.size == 0 or not ((p >= 0) & (p <= 1)).all():
        raise ValueError("two coins")
    if not np.isfinite(q).all():
        raise ValueError("finite numbers")
    return np.where(q > 0, q * np.log(q / p), 0) + np.where(q < 1, (1 - q) * np.log((1 - q) / (1 - p)), 0)


@kl_bernoulli(
    believes="Looking for entries below 0 or above 1 finds every bad number.",
    hint="Is nan below 0? Is it above 1? Ask Python both questions.",
    breaks="contract",
)
def divergence_lets_nan_pass(q, p):
    q, p = np.asarray(q, dtype=float), np.asarray(p, dtype=float)
    if q.shape != p.shape or q.ndim != 1 or q.size == 0 or np.isinf(q).any() or np.isinf(p).any():
        raise ValueError("two coins")
    if (q < 0).any() or (q > 1).any() or (p < 0).any() or (p > 1).any():
        raise ValueError("between 0 and 1")
    return np.where(q == 0, 0, q * np.log(q / p)) + np.where(q == 1, 0, (1 - q) * np.log((1 - q) / (1 - p)))


@kl_bernoulli(
    believes="Both sides carry the same weight q.",
    hint="Which of the two coins decides how often tails come up, and how often is that?",
)
def same_weight_for_both_sides(q, p):
    q, p = np.asarray(q, dtype=float), np.asarray(p, dtype=float)
    return q * np.log(q / p) + q * np.log((1 - q) / (1 - p))


@kl_bernoulli(
    believes="A small number above and below the fraction bar keeps every logarithm finite.",
    hint="What is KL where p excludes what q allows? And what does your small number make of it?",
    breaks="numerical",
    values=(1e-10, 1e-6, 1e-7, 1e-8, 1e-9, 1e-12, 1e-15, 1e-16, 2.0**-52),
)
def small_number_above_and_below(q, p, *, parameter=1e-10):
    q, p = np.asarray(q, dtype=float), np.asarray(p, dtype=float)
    if q.ndim == 0 or q.shape != p.shape or q.size == 0 or not ((q >= 0) & (q <= 1) & (p >= 0) & (p <= 1)).all():
        raise ValueError("not two arrays of probabilities")
    heads = q * np.log((q + parameter) / (p + parameter))
    return heads + (1 - q) * np.log((1 - q + parameter) / (1 - p + parameter))


@kl_bernoulli(
    believes="A p of 0 or 1 is bad input, since its logarithm is infinite.",
    hint="p = 0 is an honest claim that something never happens. What does it cost if q agrees, and what if not?",
    breaks="numerical",
)
def certain_forecast_refused(q, p):
    q, p = np.asarray(q, dtype=float), np.asarray(p, dtype=float)
    if q.shape != p.shape or q.size == 0 or not ((q >= 0) & (q <= 1) & (p > 0) & (p < 1)).all():
        raise ValueError("p must lie between 0 and 1")
    with np.errstate(all="ignore"):
        heads = np.where(q > 0, q * np.log(q / p), 0)
        return heads + np.where(q < 1, (1 - q) * np.log((1 - q) / (1 - p)), 0)


binary_cross_entropy = about("binary_cross_entropy")


@binary_cross_entropy(
    believes="A loss is the sum over all entries.",
    hint="Hand in the same data twice. Did the model become twice as bad?",
)
def sum_instead_of_mean(y, p, eps=2.0**-52):
    y, p = np.asarray(y, dtype=float), np.clip(np.asarray(p, dtype=float), eps, 1 - eps)
    return -np.sum(y * np.log(p) + (1 - y) * np.log(1 - p))


@binary_cross_entropy(
    believes="The logarithm already has the right sign, so no minus is needed.",
    hint="BCE is never negative. What is the sign of the logarithm of a probability?",
)
def sign_forgotten(y, p, eps=2.0**-52):
    y, p = np.asarray(y, dtype=float), np.clip(np.asarray(p, dtype=float), eps, 1 - eps)
    return np.mean(y * np.log(p) + (1 - y) * np.log(1 - p))


@binary_cross_entropy(
    believes="Entropies are measured in bits.",
    hint="All forecasts 0.5 should cost log 2 = 0.693 nats, which is 1 bit. In which unit is your result?",
)
def loss_in_bits(y, p, eps=2.0**-52):
    y, p = np.asarray(y, dtype=float), np.clip(np.asarray(p, dtype=float), eps, 1 - eps)
    return -np.mean(y * np.log2(p) + (1 - y) * np.log2(1 - p))


@binary_cross_entropy(
    believes="Log stands for the logarithm to base 10, as on a calculator.",
    hint="All forecasts 0.5 should cost log 2 = 0.693. Which base does your logarithm have?",
)
def loss_to_base_ten(y, p, eps=2.0**-52):
    y, p = np.asarray(y, dtype=float), np.clip(np.asarray(p, dtype=float), eps, 1 - eps)
    return -np.mean(y * np.log10(p) + (1 - y) * np.log10(1 - p))


@binary_cross_entropy(
    believes="Label and forecast may change places.",
    hint="One of the two is a weight, the other goes into the logarithm. Which logarithm can always be taken?",
)
def arguments_swapped(y, p, eps=2.0**-52):
    y, p = np.clip(np.asarray(y, dtype=float), eps, 1 - eps), np.asarray(p, dtype=float)
    return -np.mean(p * np.log(y) + (1 - p) * np.log(1 - y))


@binary_cross_entropy(
    believes="Only the entries with label 1 cost something.",
    hint="A forecast of 0.99 met a label of 0. What does that cost in your function?",
)
def loss_of_ones_only(y, p, eps=2.0**-52):
    y, p = np.asarray(y, dtype=float), np.clip(np.asarray(p, dtype=float), eps, 1 - eps)
    return -np.mean(y * np.log(p))


@binary_cross_entropy(
    believes="Only the entries with label 0 cost something.",
    hint="A forecast of 0.01 met a label of 1. What does that cost in your function?",
)
def loss_of_zeros_only(y, p, eps=2.0**-52):
    y, p = np.asarray(y, dtype=float), np.clip(np.asarray(p, dtype=float), eps, 1 - eps)
    return -np.mean((1 - y) * np.log(1 - p))


@binary_cross_entropy(
    believes="The forecast p is the probability of 0.",
    hint="Give the label 1 the forecast 0.9. Was that a good forecast? What does your function say?",
)
def loss_of_the_other_class(y, p, eps=2.0**-52):
    y, p = np.asarray(y, dtype=float), np.clip(np.asarray(p, dtype=float), eps, 1 - eps)
    return -np.mean((1 - y) * np.log(p) + y * np.log(1 - p))


@binary_cross_entropy(
    believes="Every label is 0 or 1 in the end, so it may be rounded.",
    hint="A label of 0.7 says 70 % one and 30 % zero. What is left of that in your function?",
)
def soft_labels_rounded(y, p, eps=2.0**-52):
    y, p = np.round(np.asarray(y, dtype=float)), np.clip(np.asarray(p, dtype=float), eps, 1 - eps)
    return -np.mean(y * np.log(p) + (1 - y) * np.log(1 - p))


@binary_cross_entropy(
    believes="Whatever is above 0 is a 1.",
    hint="Which loss does a label of 0.2 have in your function, and which one a label of 1?",
)
def soft_labels_taken_for_one(y, p, eps=2.0**-52):
    y, p = np.asarray(y, dtype=float), np.clip(np.asarray(p, dtype=float), eps, 1 - eps)
    return np.mean(np.where(y > 0, -np.log(p), -np.log(1 - p)))


@binary_cross_entropy(
    believes="What is not 1 is 0.",
    hint="Which branch does a label of 0.7 take in your function? It should weigh both.",
)
def soft_labels_taken_for_zero(y, p, eps=2.0**-52):
    y, p = np.asarray(y, dtype=float), np.clip(np.asarray(p, dtype=float), eps, 1 - eps)
    return np.mean(np.where(y == 1, -np.log(p), -np.log(1 - p)))


@binary_cross_entropy(
    believes="The loss is averaged over the positive entries.",
    hint="How many entries contribute to the sum, and by how many do you divide?",
)
def divided_by_the_ones(y, p, eps=2.0**-52):
    y, p = np.asarray(y, dtype=float), np.clip(np.asarray(p, dtype=float), eps, 1 - eps)
    return -np.sum(y * np.log(p) + (1 - y) * np.log(1 - p)) / np.sum(y)


@binary_cross_entropy(
    believes="Means of samples are divided by n - 1.",
    hint="One entry only: by how much do you divide then? A mean over n entries is divided by n.",
)
def divided_by_n_minus_one(y, p, eps=2.0**-52):
    y, p = np.asarray(y, dtype=float), np.clip(np.asarray(p, dtype=float), eps, 1 - eps)
    return -np.sum(y * np.log(p) + (1 - y) * np.log(1 - p)) / (len(y) - 1)


@binary_cross_entropy(
    believes="A perfect forecast costs 0, whatever the label.",
    hint="Section 5 splits the cross-entropy into two parts. You took one of them away.",
)
def entropy_of_labels_removed(y, p, eps=2.0**-52):
    y, p = np.asarray(y, dtype=float), np.clip(np.asarray(p, dtype=float), eps, 1 - eps)
    own = np.clip(y, eps, 1 - eps)
    return np.mean(y * np.log(own / p) + (1 - y) * np.log((1 - own) / (1 - p)))


@binary_cross_entropy(
    believes="The squared error of probabilities is the cross-entropy.",
    hint="A forecast of 0 costs 1 here when the event happens. How much should it cost? Where is the logarithm?",
)
def squared_error_of_probabilities(y, p, eps=2.0**-52):
    y, p = np.asarray(y, dtype=float), np.clip(np.asarray(p, dtype=float), eps, 1 - eps)
    return np.mean((p - y) ** 2)


@binary_cross_entropy(
    believes="The surprises are averaged after the logarithm or before it, all the same.",
    hint="Compare the log of a mean with the mean of the logs, for 0.1 and 0.9. Which one is a mean of surprises?",
)
def log_of_the_mean(y, p, eps=2.0**-52):
    y, p = np.asarray(y, dtype=float), np.clip(np.asarray(p, dtype=float), eps, 1 - eps)
    return -np.log(np.mean(y * p + (1 - y) * (1 - p)))


@binary_cross_entropy(
    believes="Each entry keeps its own loss.",
    hint="You return one number for each entry. The task asks for one number for all of them.",
)
def loss_of_each(y, p, eps=2.0**-52):
    y, p = np.asarray(y, dtype=float), np.clip(np.asarray(p, dtype=float), eps, 1 - eps)
    return -(y * np.log(p) + (1 - y) * np.log(1 - p))


@binary_cross_entropy(
    believes="The median is a safer mean.",
    hint="One forecast of 0 that turns out wrong should be felt among many good ones. Does the median feel it?",
)
def median_instead_of_mean(y, p, eps=2.0**-52):
    y, p = np.asarray(y, dtype=float), np.clip(np.asarray(p, dtype=float), eps, 1 - eps)
    return -np.median(y * np.log(p) + (1 - y) * np.log(1 - p))


@binary_cross_entropy(
    believes="The caller's eps changes nothing; it is a constant of the machine.",
    hint="Pass eps=0.1 and then eps=0.2 with a forecast of 0.01. Does anything change?",
)
def own_eps_always(y, p, eps=None):
    eps = np.finfo(np.float64).eps
    y, p = np.asarray(y, dtype=float), np.clip(np.asarray(p, dtype=float), eps, 1 - eps)
    return -np.mean(y * np.log(p) + (1 - y) * np.log(1 - p))


@binary_cross_entropy(
    believes="Nothing needs to be clipped.",
    hint="Pass eps=0.1 with a forecast of 0.01, then a forecast of exactly 0. Where does eps enter your function?",
)
def never_clipped(y, p, eps=2.0**-52):
    y, p = np.asarray(y, dtype=float), np.asarray(p, dtype=float)
    return -np.mean(np.where(y > 0, y * np.log(p), 0.0) + np.where(y < 1, (1 - y) * np.log(1 - p), 0.0))


@binary_cross_entropy(
    believes="Adding eps inside the logarithm is the same as clipping.",
    hint="With eps=0.1, which number goes into the logarithm for p = 0.5? A clip would leave it alone.",
)
def eps_added_in_the_logarithm(y, p, eps=2.0**-52):
    y, p = np.asarray(y, dtype=float), np.asarray(p, dtype=float)
    return -np.mean(y * np.log(p + eps) + (1 - y) * np.log(1 - p + eps))


@binary_cross_entropy(
    believes="Only a probability of 0 is dangerous.",
    hint="Which logarithm is in danger where p is 1? Your clip has one end; it needs two.",
)
def clipped_below_only(y, p, eps=2.0**-52):
    y, p = np.asarray(y, dtype=float), np.maximum(np.asarray(p, dtype=float), eps)
    return -np.mean(np.where(y > 0, y * np.log(p), 0.0) + np.where(y < 1, (1 - y) * np.log(1 - p), 0.0))


@binary_cross_entropy(
    believes="The labels need the clip as much as the forecasts.",
    hint="With eps=0.1, what becomes of a label of 1 in your function? Nobody takes the logarithm of a label.",
)
def labels_clipped_too(y, p, eps=2.0**-52):
    y, p = np.clip(np.asarray(y, dtype=float), eps, 1 - eps), np.clip(np.asarray(p, dtype=float), eps, 1 - eps)
    return -np.mean(y * np.log(p) + (1 - y) * np.log(1 - p))


@binary_cross_entropy(
    believes="The clip at 1e-7 that some libraries use is the rule.",
    hint="A forecast of 0 for what happened costs 16.12 here, not 36.04. Which default does the signature name?",
    breaks="numerical",
)
def clipped_like_keras(y, p, eps=1e-7):
    y, p = np.asarray(y, dtype=float), np.clip(np.asarray(p, dtype=float), eps, 1 - eps)
    return -np.mean(np.where(y > 0, y * np.log(p), 0.0) + np.where(y < 1, (1 - y) * np.log(1 - p), 0.0))


@binary_cross_entropy(
    believes="The clip at 1e-15 of older examples is the rule.",
    hint="A forecast of 0 for what happened costs 34.54 here, not 36.04. Which default does the signature name?",
    breaks="numerical",
)
def clipped_at_1e_15(y, p, eps=1e-15):
    y, p = np.asarray(y, dtype=float), np.clip(np.asarray(p, dtype=float), eps, 1 - eps)
    return -np.mean(np.where(y > 0, y * np.log(p), 0.0) + np.where(y < 1, (1 - y) * np.log(1 - p), 0.0))


@binary_cross_entropy(
    believes="With a clip, no logarithm of 0 is left.",
    hint="The caller may pass eps=0. Which of your terms is 0 * log(0) then?",
    breaks="numerical",
)
def loss_nan_without_clip(y, p, eps=2.0**-52):
    y, p = np.asarray(y, dtype=float), np.clip(np.asarray(p, dtype=float), eps, 1 - eps)
    return -np.mean(y * np.log(p) + (1 - y) * np.log(1 - p))


@binary_cross_entropy(
    believes="An eps of 0 means that none was given.",
    hint="In Python, 0 counts as false. What does `eps or ...` make of eps=0?",
    breaks="numerical",
)
def zero_eps_replaced(y, p, eps=0):
    eps = eps or np.finfo(np.float64).eps
    y, p = np.asarray(y, dtype=float), np.clip(np.asarray(p, dtype=float), eps, 1 - eps)
    return -np.mean(y * np.log(p) + (1 - y) * np.log(1 - p))


@binary_cross_entropy(
    believes="What the logarithm of 0 breaks, nan_to_num repairs.",
    hint="Use eps=0 and a forecast of 0 for what happened. The loss should be inf. What does your repair make of it?",
    breaks="numerical",
)
def loss_patched_after_the_mean(y, p, eps=2.0**-52):
    y, p = np.asarray(y, dtype=float), np.clip(np.asarray(p, dtype=float), eps, 1 - eps)
    return np.nan_to_num(-np.mean(y * np.log(p) + (1 - y) * np.log(1 - p)))


@binary_cross_entropy(
    believes="The smallest positive number is the eps of float64.",
    hint="Subtract your eps from 1 and compare with 1. What is left of the upper end of the clip?",
    breaks="numerical",
)
def smallest_number_as_eps(y, p, eps=2.0**-1022):
    y, p = np.asarray(y, dtype=float), np.clip(np.asarray(p, dtype=float), eps, 1 - eps)
    return -np.mean(np.where(y > 0, y * np.log(p), 0.0) + np.where(y < 1, (1 - y) * np.log(1 - p), 0.0))


@binary_cross_entropy(
    believes="NumPy complains about shapes that do not fit.",
    hint="Subtract an array of shape (3, 1) from one of shape (3,) and look at the shape of the result.",
    breaks="contract",
)
def loss_of_stretched_arrays(y, p, eps=2.0**-52):
    y, p = np.asarray(y, dtype=float), np.asarray(p, dtype=float)
    if y.size == 0 or not ((y >= 0) & (y <= 1)).all() or not ((p >= 0) & (p <= 1)).all() or not 0 <= eps < 0.5:
        raise ValueError("labels and forecasts lie between 0 and 1")
    p = np.clip(p, eps, 1 - eps)
    return -np.mean(np.where(y > 0, y * np.log(p), 0.0) + np.where(y < 1, (1 - y) * np.log(1 - p), 0.0))


@binary_cross_entropy(
    believes="After the clip every forecast is a probability, so no check is needed.",
    hint="A forecast of 3 is a mistake of the caller. When can your function still see it: before or after the clip?",
    breaks="contract",
)
def range_hidden_by_the_clip(y, p, eps=2.0**-52):
    y, p = np.asarray(y, dtype=float), np.asarray(p, dtype=float)
    if y.shape != p.shape or y.ndim != 1 or y.size == 0 or not 0 <= eps < 0.5 or np.isinf(p).any():
        raise ValueError("two vectors of one length")
    p = np.clip(p, eps, 1 - eps)
    if not ((y >= 0) & (y <= 1)).all() or not ((p >= 0) & (p <= 1)).all():
        raise ValueError("labels and forecasts lie between 0 and 1")
    return -np.mean(np.where(y > 0, y * np.log(p), 0.0) + np.where(y < 1, (1 - y) * np.log(1 - p), 0.0))


@binary_cross_entropy(
    believes="A caller who passes an eps knows what it does.",
    hint="With eps=0.6 the lower end of the clip is 0.6 and the upper end 0.4. What should happen?",
    breaks="contract",
)
def any_eps_accepted(y, p, eps=2.0**-52):
    y, p = np.asarray(y, dtype=float), np.asarray(p, dtype=float)
    if y.shape != p.shape or y.ndim != 1 or y.size == 0:
        raise ValueError("two vectors of one length")
    if not ((y >= 0) & (y <= 1)).all() or not ((p >= 0) & (p <= 1)).all():
        raise ValueError("labels and forecasts lie between 0 and 1")
    p = np.clip(p, eps, 1 - eps)
    return -np.mean(np.where(y > 0, y * np.log(p), 0.0) + np.where(y < 1, (1 - y) * np.log(1 - p), 0.0))


@binary_cross_entropy(
    believes="Clipping in place saves a line and harms nobody.",
    hint="Print p before and after the call. Whose array did you clip?",
    breaks="contract",
)
def caller_s_forecasts_clipped(y, p, eps=2.0**-52):
    y, p = np.asarray(y, dtype=float), np.asarray(p, dtype=float)
    if y.shape != p.shape or y.ndim != 1 or y.size == 0 or not 0 <= eps < 0.5:
        raise ValueError("two vectors of one length")
    if not ((y >= 0) & (y <= 1)).all() or not ((p >= 0) & (p <= 1)).all():
        raise ValueError("labels and forecasts lie between 0 and 1")
    np.clip(p, eps, 1 - eps, out=p)
    return -np.mean(np.where(y > 0, y * np.log(p), 0.0) + np.where(y < 1, (1 - y) * np.log(1 - p), 0.0))


@binary_cross_entropy(
    believes="An assert is as good as an error of the right kind.",
    hint="Which type of error does a failing assert raise, and which one did the task ask for?",
    breaks="contract",
)
def loss_that_asserts(y, p, eps=2.0**-52):
    y, p = np.asarray(y, dtype=float), np.asarray(p, dtype=float)
    assert y.shape == p.shape, "y and p have different shapes"
    assert y.ndim == 1, "vectors, please"
    assert y.size > 0, "at least one entry"
    assert ((y >= 0) & (y <= 1)).all(), "labels between 0 and 1"
    assert ((p >= 0) & (p <= 1)).all(), "forecasts between 0 and 1"
    assert 0 <= eps < 0.5, "eps is too large or negative"
    p = np.clip(p, eps, 1 - eps)
    return -np.mean(np.where(y > 0, y * np.log(p), 0.0) + np.where(y < 1, (1 - y) * np.log(1 - p), 0.0))
