"""What units 1 to 4 say that their numbers mean: for each sentence the computation that would refute a wrong one."""

from __future__ import annotations

import functools
import re
import warnings
from pathlib import Path

import numpy as np
import pytest
from scipy import integrate, stats
from scipy.special import expit

from benchmarks import trials

bce, ranges, real, logits = (trials.UNITS[name].reference for name in ("bce", "ranges", "rmse", "confidence"))
binary_cross_entropy, binary_entropy, kl_bernoulli = bce.binary_cross_entropy, bce.binary_entropy, bce.kl_bernoulli
baseline_loss, best_constant, skill_score = ranges.baseline_loss, ranges.best_constant, ranges.skill_score
mae, rmse = real.mae, real.rmse

COURSE = Path(__file__).parents[2] / "course"
UNITS = ("01-bce", "02-rmse", "03-ranges", "04-confidence")
seeds = pytest.mark.parametrize("seed", range(12))


@functools.cache
def lesson(unit: str) -> str:
    """The text of a lesson, each run of white space as one space."""
    return re.sub(r"\s+", " ", (COURSE / unit / f"{unit}.md").read_text(encoding="utf-8"))


GONE = {
    "01-bce": (
        "uncertainty alone never explains",
        "A larger loss has one of two reasons",
        "certain mistake",
        "Below the floor it is a warning",
        "at most about 0.005 are left",
        "gives a number that looks fine and means something else. ###",
        "have a BCE above 0.6931",
        "A loss above 0.6931 means",
        "BCE is the difference between the predicted and the true distribution",
        "is the rule 1e-7 itself",
        "makes the mean of a million others infinite",
        "could not even show such an improvement",
        "if it is closer to 0 or 1",
        "in silence",
        "except by luck in a small sample",
        "uncertainty alone costs at most $\\log 2$ |",
        "At the edges it computes",
        "a calibrated 0.6",
        "A larger data set has a more negative",
        "At the edges one outcome is certain",
        "Seven of ten doctors call a scan positive. Keep",
        "a yardstick for somebody",
        "the mistake is easier to notice: 8.65",
        "95 % of all samples lie in the band",
        "0.9 times the smallest float64 is rounded back to the smallest",
        "less decided",
        "exactly half the probability",
        "to four decimals (write 2.0 for two)",
        "Both made no mistake",
        "about 0.3: one row in a thousand",
        "anything from 0.3 to 0.4",
        "Above it, at least one forecast leaned",
        "| uncertainty alone costs at most $\\log 2$",
        "only about 0.005 lie above the floor",
        "That difference is what ten tosses can say",
        "If your loss is larger than that, you trusted",
    ),
    "02-rmse": (
        "must not be averaged",
        "half of all errors are smaller than",
        "much larger than the rest.",
        "say why RMSE is a standard deviation",
        "Which unit has the MSE",
        "for targets without bounds it is right",
        "The measure that the sentence was about",
        "texts behind this course",
        "grows without end near a perfect fit",
        "Therefore one trains with MSE",
        "it is for errors like a bell curve; heavy tails suggest MAE",
        "the right RMSE, to three decimals",
        "with a bell curve MSE is also the likelihood",
        "`rmse**2 == mae**2",
        "levels = np.array([1.0,",
        "one holding 0 and the other 10",
        "can be mended",
        "in your mind",
        "When an integer wraps around",
        "remove a bias by subtracting it",
        "does not know, or a bias",
        "added up in parts, batch by batch",
    ),
    "03-ranges": (
        "If all labels are equal, the constant is perfect",
        "A loss cannot go down for ever",
        "0.015 is no chance",
        "one can correct them: unit 7",
        "there is no lower end",
        "should be replaced by a constant",
        "**validation** BCE of 0.10",
        "or too extreme; the loss",
        "means that some forecasts are too confident",
        "Only targets without bounds",
        "say what a loss below the floor means",
        "have little left to gain",
        "so its floor is drawn at 0",
        "A floor above 0 is a property of the data.",
        "1 | loss 0: no error at all |",
        "all random models score worse",
        "it returns a tuple of one",
        "1 at the most",
        "without a lower end",
        "wrong on average: too high, too low, or too extreme",
        "half of the ill",
        "in your mind",
        "a **validation** BCE of 0.10 nats.",
        "The pulls are equal",
        "good if it is small compared with the variance",
        "it is good at 50 % ones",
        "it is not where 99 % belong to one class",
        "the standard error of such a BCE",
        "Three words",
        "what no forecast can beat on average",
        "is the expected loss of the best possible forecast",
        "The floor is an *expected* loss",
        "no error at all: in reach only",
        "the best possible forecast, on average:",
        "that is said of RMSE",
        "almost three standard errors from 0.",
        "in the same unit, by more than chance, and down to the floor",
    ),
    "04-confidence": (
        "if it is close to 0, the model is saturated",
        "0.99, all right",
        "with a sigmoid and equal rates, and",
        "as a surface with more than one valley",
        "near 0 and 1 BCE reacts more in every unit",
        "One loss in this course has a missing slope",
        "show no winner",
        "three times from 0, at one rate",
        "because it starts from so little",
        "it is blind",
        "*everywhere*",
        "BCE reacts more to both",
        "and only there",
        "from 0 the squared error even ends slightly ahead",
        "Training therefore uses the mean square",
        "a well known library once shipped",
        "The sentence is true in another place",
        "the probabilities give out",
        "foretold",
        "a rule about certain mistakes",
        "pulls 11014.2 times as hard",
        "for label 0 15.94",
        "-2.09 (NumPy, JAX backends)",
        "because a constant forecast of 0.5 would already cost 0.25",
        "first lose the loss",
        "Nobody is taken to be surer",
        "At which two steps would a float32 pipeline",
        "A loss above 0.6931 means",
        '["no logarithm below -100", "100"]',
        "BCE grows by the larger factor at once",
        "the second half of the sentence is the wrong way round. A squared",
        "for probabilities cross-entropy penalises them more",
        "A model does not compute $p$",
        "keeps a slope near 1 for all wrong logits",
        "A large $h$ sees the curvature",
        "its steps stay shorter",
        "any difference is too small to see",
        "at an error of 0 |",
        "a slope can be small for two reasons",
        "apple",
        "These four are not just slow",
        "lead to the same places",
        "does not get there in any of",
        "(For RMSE only towards 0.)",
        "wrong start, three times from 0",
        "A squared error between 0 and 1",
        "With another logarithm the ratio",
        "lies flat at",
        "Nothing after that step can bring",
        '"100", "15.94", "-"] logit',
        "and wrong, and turned round they would be almost perfect",
        "So at rate 1 the squared error needs",
        "The way out is never to form",
    ),
}


@pytest.mark.parametrize(("topic", "old"), [(topic, old) for topic, olds in GONE.items() for old in olds])
def test_the_refuted_wording_is_gone(topic, old):
    assert old not in lesson(topic)


@pytest.mark.parametrize(
    "old",
    [
        "some runs never arrive",
        "at forecasts that are far too high",
        "that is twice its share",
        "It does. But on noisy",
        "some forecasts leaned to the wrong side; in",
        "regression problems” |",
        "moves more | implied",
        "plateau for millions of steps",
    ],
)
def test_the_refuted_wording_is_gone_from_the_claims(old):
    assert old not in (COURSE / "claims.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("topic", UNITS)
def test_certain_never_stands_where_it_could_mean_particular(topic):
    assert re.findall(r"(?i)\b(?:a|one|the|some) certain\b", lesson(topic)) == []


@pytest.mark.parametrize("topic", UNITS)
def test_a_lesson_says_what_it_needs(topic):
    assert "**You need.**" in lesson(topic).split("## ")[0]


@seeds
def test_a_memoriser_above_the_floor_wins_on_the_rows_that_it_has_learnt(seed):
    """So "down to the floor" does not save "lower is better": only rows that nobody has learnt do."""
    rng = np.random.default_rng(seed)
    likely = rng.integers(0, 2, 20_000)
    learnt, new = (np.where(rng.random(20_000) < 0.1, 1 - likely, likely) for _ in range(2))
    by_heart = np.where(learnt == 1, 0.72, 0.28)
    honest = np.where(likely == 1, 0.8, 0.2)
    loss = [[-np.log(np.where(y == 1, p, 1 - p)).mean() for p in (by_heart, honest)] for y in (learnt, new)]
    assert binary_entropy([0.1])[0] < loss[0][0] < loss[0][1] - 0.02
    assert loss[1][0] > loss[1][1] + 0.1


@seeds
def test_too_much_confidence_on_the_right_side_costs_more_than_log_2(seed):
    rng = np.random.default_rng(seed)
    happened = np.where(rng.random(200_000) < 0.9, 0.9999, 0.0001)  # always the more likely class, and too sure of it
    assert -np.log(happened).mean() > np.log(2) + 0.2


def test_a_constant_is_close_to_0_for_a_rare_event():
    assert binary_entropy([0.01])[0] == pytest.approx(0.056, abs=1e-4)


def test_a_forecast_that_is_turned_round_need_not_be_better_than_a_constant():
    """97 % ones, and a model that always says 0: its error is 0.97, and turned round it has no skill."""
    y = np.arange(100) < 97
    assert np.mean((0 - y) ** 2) == pytest.approx(0.97)
    assert np.mean((1 - y) ** 2) > np.mean((0.97 - y) ** 2)


# Unit 1


@seeds
@pytest.mark.parametrize(("n", "typical"), [(20, 0.147), (1000, 0.021)])
def test_the_perfect_forecaster_is_often_below_the_floor(seed, n, typical):
    """So "below the floor: a leak" would accuse it about every second time."""
    rng = np.random.default_rng(seed)
    flipped = (rng.random((2000, n)) < 0.1).mean(axis=1)
    loss = -(1 - flipped) * np.log(0.9) - flipped * np.log(0.1)
    floor = binary_entropy([0.1])[0]
    assert 0.3 < np.mean(loss < floor - 1e-12) < 0.55
    assert loss.std() == pytest.approx(typical, rel=0.15)
    assert np.mean(loss < floor - 4 * loss.std()) < 0.001, "several standard errors below is another matter"


@seeds
def test_two_models_on_the_same_rows_are_told_apart_by_less_than_the_error_of_one_loss(seed):
    """So "the standard error is 0.02, and no gain of 0.005 can be shown" is wrong: they are compared in pairs."""
    right = np.random.default_rng(seed).random((2000, 1000)) < 0.9
    best, bolder = (-np.where(right, np.log(p), np.log(1 - p)) for p in (0.9, 0.926))
    assert best.mean(axis=1).std() == pytest.approx(0.021, rel=0.1)
    assert (bolder - best).mean(axis=1).std() == pytest.approx(0.0032, rel=0.1)
    assert kl_bernoulli([0.9], [0.926])[0] == pytest.approx(0.005, abs=0.0006)


@seeds
def test_one_impossible_outcome_makes_the_whole_mean_infinite_and_leaves_the_others_as_they_are(seed):
    p = np.random.default_rng(seed).uniform(0.01, 1, 1000)
    assert np.isfinite(binary_cross_entropy(np.ones(1000), p, eps=0))
    assert binary_cross_entropy(np.ones(1001), np.append(p, 0), eps=0) == np.inf


@seeds
@pytest.mark.parametrize("q", [0.0, 1.0])
def test_at_the_edges_kl_is_the_surprise_of_the_outcome_that_must_happen(seed, q):
    p = np.random.default_rng(seed).uniform(0.001, 0.999, 1000)
    assert np.allclose(kl_bernoulli(np.full(1000, q), p), -np.log(p if q else 1 - p))
    assert kl_bernoulli([q], [q])[0] == 0


def test_0_33_lies_within_a_quarter_of_a_standard_error_of_the_floor_at_1000_rows():
    error = np.log(9) * 0.3 / np.sqrt(1000)
    assert (0.33 - binary_entropy([0.1])[0]) / error < 0.25
    assert "on 1000 rows" in lesson("01-bce")


@seeds
def test_hard_labels_swapped_with_forecasts_do_not_look_fine(seed):
    rng = np.random.default_rng(seed)
    p = rng.uniform(0.05, 0.95, 500)
    y = (rng.random(500) < p).astype(float)
    assert binary_cross_entropy(y, p) < 0.8
    assert binary_cross_entropy(p, y) > 8
    assert binary_cross_entropy([0.9, 0.2, 0.7, 0.8, 0.4], [1, 0, 1, 1, 0]) == pytest.approx(8.65, abs=0.005)


@seeds
def test_swapping_soft_labels_changes_entropy_and_divergence(seed):
    q, p = np.random.default_rng(seed).uniform(0.55, 0.95, 2)
    assert binary_entropy([q])[0] != pytest.approx(binary_entropy([p])[0])
    assert kl_bernoulli([q], [p])[0] != pytest.approx(kl_bernoulli([p], [q])[0])


@seeds
def test_the_step_that_keeps_kl_at_0_or_above(seed):
    q, p = np.random.default_rng(seed).uniform(0.01, 0.99, (2, 1000))
    minus_kl = q * np.log(p / q) + (1 - q) * np.log((1 - p) / (1 - q))
    bound = q * (p / q - 1) + (1 - q) * ((1 - p) / (1 - q) - 1)
    assert (minus_kl <= bound + 1e-12).all()
    assert np.allclose(bound, 0)


@seeds
def test_a_loss_above_log_2_has_a_forecast_that_leaned_to_the_wrong_side(seed):
    """For the losses of a model; a reader who is right and modest can have one, too, so nobody is told to reread."""
    rng = np.random.default_rng(seed)
    given = rng.uniform(0.5, 1, 50)
    assert -np.log(given).mean() <= np.log(2)
    modest = rng.uniform(0.34, 0.4, 8)
    assert -np.log(modest).mean() > np.log(2), "every answer right, each said with a third or a little more"


@pytest.mark.parametrize(("n", "holds"), [(20, 0.99), (100, 0.96), (1000, 0.95), (10_000, 0.95)])
def test_the_bars_around_the_floor_hold_what_is_written_at_them(n, holds):
    """At 20 rows a bar from quantile to quantile holds 99 % of the samples; between the sizes nothing is drawn."""
    few, many = stats.binom.ppf([0.025, 0.975], n, 0.1)
    assert stats.binom.cdf(many, n, 0.1) - stats.binom.cdf(few - 1, n, 0.1) == pytest.approx(holds, abs=0.005)


def test_48_percent_of_the_samples_of_1000_rows_lie_below_the_floor_and_no_seed_makes_it_49():
    assert stats.binom.cdf(99, 1000, 0.1) == pytest.approx(0.4846, abs=1e-4)


@pytest.mark.parametrize(("chance", "rests"), [(0.9, 5), (0.8, 2), (0.6, 1), (0.51, 1), (0.99, 49)])
def test_above_a_half_a_product_rests_at_a_multiple_of_the_smallest_float(chance, rests):
    product = np.cumprod(np.full(100_000, chance))
    assert product[-1] == rests * np.nextafter(0, 1)


def test_half_of_a_probability_is_not_always_less_decided():
    assert abs(0.3 - 0.5) > abs(0.6 - 0.5)
    assert -np.log(0.25) == pytest.approx(1.3863, abs=5e-5)
    assert abs(-np.log(0.25) - np.log(2)) > 0.5, "the BCE of a filter that always says 0.5 is another number"


def test_a_call_that_is_too_close_is_wrong_and_is_not_called_right():
    y, p = np.array([1.0, 0.0]), np.array([0.8, 0.3])
    suspect = -np.log(np.mean(y * p + (1 - y) * (1 - p)))
    assert 0 < abs(suspect - binary_cross_entropy(y, p)) < 0.01
    for unit in sorted(COURSE.glob("0*")):
        text = (unit / "suite.py").read_text(encoding="utf-8")
        assert re.findall(r'(?i)"""[^"]*function gives the right [^"]*form[^"]*"""', text) == [], unit.name


@pytest.mark.parametrize("seed", range(10))
@pytest.mark.parametrize("says", [[0.7], [0.5, 0.6, 0.7, 0.8, 0.9], [0.34, 0.5, 0.7, 0.9, 0.99]])
def test_a_reader_who_knows_how_sure_to_be_often_lies_above_the_yardstick_and_seldom_by_0_3(seed, says):
    rng = np.random.default_rng(seed)
    sure = rng.choice(says, (20_000, 11))
    right = rng.random(sure.shape) < sure
    loss = -np.log(np.where(right, sure, 1 - sure)).mean(axis=1)
    excess = loss - binary_entropy(right.mean(axis=1))
    assert np.mean(excess > 1e-12) > 0.2
    assert np.mean(excess > 0.3) < 0.05
    assert len(re.findall(r'predict\("', lesson("01-bce"))) == 11


def test_the_loss_of_random_guesses_shows_by_simulation_which_round_number_it_is():
    """With the draws that the hint names. Its four decimals it does not show."""
    means = [-np.log(np.random.default_rng(seed).uniform(size=100_000)).mean() for seed in range(10)]
    assert max(abs(mean - 1) for mean in means) <= 0.02
    assert sum(round(mean, 4) == 1 for mean in means) <= 2


def test_three_rows_explain_the_two_reports_and_no_table_shows_their_numbers():
    ordinary, clipped = 0.3008, -np.log(np.finfo(float).eps)
    for cost, report in ((clipped, 0.408), (100, 0.600)):
        assert (997 * ordinary + 3 * cost) / 1000 == pytest.approx(report, abs=5e-4)
    for rows in (1, 2, 4, 5):
        assert rows * (100 - clipped) / 1000 != pytest.approx(0.6 - 0.408, abs=0.01)
    assert 68 - clipped == pytest.approx(32, abs=0.1), "e^-68 would be told apart, too: so the others lie above 0.001"


def test_one_zero_makes_0_31_to_0_40_in_the_libraries_named():
    means = [(999 * 0.3 + cost) / 1000 for cost in (100, *(-np.log([np.finfo(float).eps, 1e-7, np.finfo("f4").eps])))]
    assert [round(mean, 2) for mean in (min(means), max(means))] == [0.32, 0.4]
    assert min(means) > 0.31


def test_with_a_soft_label_a_forecast_on_the_right_side_may_cost_more_than_log_2():
    assert binary_cross_entropy([0.7], [0.9]) > np.log(2)


def test_a_fair_coin_shows_three_heads_or_fewer_or_seven_or_more_in_a_third_of_all_series():
    assert 2 * stats.binom.cdf(3, 10, 0.5) == pytest.approx(1 / 3, abs=0.015)


def test_log_2_lies_above_its_own_four_decimals():
    """Literally, a model that costs exactly log 2 is above 0.6931: the question has to name log 2."""
    assert np.log(2) > 0.6931


def test_the_sequence_has_seven_heads_in_ten():
    tosses = re.search(r"ten times: ([01 ]{19}),", lesson("01-bce"))[1].split()
    assert (tosses.count("1"), len(tosses)) == (7, 10)
    code = re.search(r"y = np\.array\(\[([01, ]+)\]\)", lesson("01-bce"))[1].split(", ")
    assert code == tosses


def test_float32_rounds_the_clip_of_keras():
    assert -np.log(1 - np.float64(np.float32(1 - 1e-7))) == pytest.approx(15.94, abs=0.005)
    assert -np.log(1e-7) == pytest.approx(16.12, abs=0.005)


@seeds
def test_the_floor_is_above_the_entropy_of_the_flips_where_inputs_do_not_tell_the_class(seed):
    chance = np.random.default_rng(seed).beta(0.5, 0.5, 20_000)
    assert binary_entropy(0.1 + 0.8 * chance).mean() > binary_entropy([0.1])[0] + 0.15
    assert binary_entropy(0.1 + 0.8 * np.round(chance)).mean() == pytest.approx(binary_entropy([0.1])[0])


@seeds
def test_a_calibrated_forecast_lies_above_log_2_in_many_small_samples(seed):
    """ "Uncertainty alone never explains a BCE above log 2": on average, and with two classes."""
    y = np.random.default_rng(seed).random((2000, 20)) < 0.6
    loss = -np.mean(np.where(y, np.log(0.6), np.log(0.4)), axis=1)
    assert 0.36 < np.mean(loss > np.log(2)) < 0.45
    assert loss.mean() < np.log(2)


@seeds
def test_luck_brings_an_honest_forecast_below_the_floor_and_never_close_to_0(seed):
    """Without a single flip a forecast of 0.9 still pays 0.105 in every row."""
    flipped = (np.random.default_rng(seed).random((2000, 10)) < 0.1).mean(axis=1)
    loss = -(1 - flipped) * np.log(0.9) - flipped * np.log(0.1)
    assert loss.min() == pytest.approx(-np.log(0.9))
    assert loss.min() > 0.1


@pytest.mark.parametrize(("limit", "cost"), [(2.0**-52, 8.65), (1e-7, 3.87), (np.exp(-100.0), 24.0), (0.0, np.inf)])
def test_the_loss_of_swapped_hard_labels_is_what_the_clip_makes_of_it(limit, cost):
    wrong = [0.1, 0.2, 0.3, 0.2, 0.4]  # what the five forecasts leave for an outcome that is excluded
    with np.errstate(divide="ignore"):
        assert -np.log(limit) * np.mean(wrong) == pytest.approx(cost, abs=0.01)


def test_the_line_of_section_1_gives_nan_only_where_an_edge_forecast_came_true():
    with np.errstate(divide="ignore", invalid="ignore"):
        for y, p, expected in ((1.0, 0.0, -np.inf), (0.0, 1.0, -np.inf), (1.0, 1.0, np.nan), (0.0, 0.0, np.nan)):
            got = np.float64(y) * np.log(np.float64(p)) + (1 - np.float64(y)) * np.log(1 - np.float64(p))
            assert got == expected or (np.isnan(got) and np.isnan(expected))


@seeds
def test_with_hard_labels_the_whole_bce_is_kl(seed):
    rng = np.random.default_rng(seed)
    y, p = rng.integers(0, 2, 100).astype(float), rng.uniform(0.01, 0.99, 100)
    assert binary_entropy(y).max() == 0
    assert kl_bernoulli(y, p).mean() == pytest.approx(binary_cross_entropy(y, p))


@seeds
def test_a_larger_data_set_may_have_the_larger_log_likelihood_and_every_further_row_makes_it_smaller_or_leaves_it(seed):
    """ "A larger data set has a more negative log L": not if its outcomes were forecast better."""
    given = np.random.default_rng(seed).uniform(0.01, 1, 50)
    assert (np.diff(np.cumsum(np.log(given))) <= 0).all()
    assert 10 * np.log(0.9) > 3 * np.log(0.1)
    assert np.log(1.0) == 0


@seeds
def test_between_the_edges_kl_is_infinite_for_a_forecast_of_0_or_1(seed):
    q = np.random.default_rng(seed).uniform(0.01, 0.99)
    assert (kl_bernoulli([q, q], [0.0, 1.0]) == np.inf).all()


# Unit 2


def test_integers_wrap_without_a_warning_in_arrays_only():
    one, ten = np.array([0], np.uint8), np.array([10], np.uint8)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert (one - ten)[0] == 246
        with pytest.raises(RuntimeWarning):
            one[0] - ten[0]


def test_a_logarithm_keeps_a_trace_of_the_unit_and_a_ratio_does_not():
    prices = np.array([2.0, 3.0])
    assert np.allclose(np.log(100 * prices) - np.log(prices), np.log(100))
    assert 100 * prices[0] / (100 * prices[1]) == pytest.approx(prices[0] / prices[1])


@seeds
def test_a_bias_is_removed_by_adding_the_mean_error_to_the_predictions(seed):
    rng = np.random.default_rng(seed)
    y = rng.normal(20, 5, 50)
    y_hat = y + 3 + rng.normal(0, 0.1, 50)
    error = y - y_hat
    assert rmse(y, y_hat + error.mean()) == pytest.approx(np.std(error))
    assert rmse(y, y_hat - error.mean()) > 5


@seeds
def test_a_bias_explains_at_most_the_square_of_mae(seed):
    """RMSE 10 and MAE 2: at most 4 of 100; and half of the errors are at most twice the MAE."""
    rng = np.random.default_rng(seed)
    error = rng.standard_t(2, 501) + rng.normal(0, 2)
    assert abs(error.mean()) <= np.abs(error).mean()
    assert np.median(np.abs(error)) <= 2 * np.abs(error).mean()
    few = np.append(np.full(98, 0.5), [70.0, 71.0])
    assert np.abs(few).mean() < 2
    assert np.sqrt(np.mean(few**2)) == pytest.approx(10, abs=0.1)
    assert np.median(few) < 2


@seeds
def test_with_20_errors_chance_moves_the_ratio_of_rmse_and_mae_from_1_1_to_1_4(seed):
    rng = np.random.default_rng(seed)
    bell, heavy = rng.normal(size=(4000, 20)), rng.laplace(size=(4000, 20))
    bell, heavy = (np.sqrt(np.mean(e**2, axis=1)) / np.mean(np.abs(e), axis=1) for e in (bell, heavy))
    assert np.quantile(bell, [0.025, 0.975]) == pytest.approx([1.125, 1.41], abs=0.02)
    assert np.mean(heavy < np.quantile(bell, 0.975)) > 0.4, "a Laplace curve often gives the same"


def test_a_ratio_of_1_25_is_no_proof_of_a_bell_curve():
    """Two sizes of error, in shares that make the ratio right, and nothing between them."""
    share = np.linspace(0.01, 0.99, 9801)
    ratio = np.sqrt(share + (1 - share) * 9) / (share + (1 - share) * 3)
    assert abs(ratio - np.sqrt(np.pi / 2)).min() > 0.09, "not with 1 and 3"
    ratio = np.sqrt(share + (1 - share) * 49) / (share + (1 - share) * 7)
    assert abs(ratio - np.sqrt(np.pi / 2)).min() < 0.001


@seeds
def test_under_a_bell_curve_the_lowest_mse_has_the_highest_likelihood_and_is_not_the_likelihood(seed):
    y, mu = np.random.default_rng(seed).normal(size=(2, 50))
    shifts = np.linspace(-2, 2, 401)
    mse = [np.mean((y - mu - shift) ** 2) for shift in shifts]
    likelihood = [-real.gaussian_nll(y, mu + shift, 1.3) for shift in shifts]
    assert np.argmin(mse) == np.argmax(likelihood)
    assert min(mse) != pytest.approx(-max(likelihood), rel=0.01)


@seeds
@pytest.mark.parametrize("size", [1.0, 1e-2, 1e-6])
def test_the_gradient_of_rmse_in_the_predictions_has_one_length(seed, size):
    """It does not grow without end: the slope of the root grows, and the gradient of MSE shrinks as fast."""
    error = size * np.random.default_rng(seed).normal(size=40)
    gradient = error / (40 * np.sqrt(np.mean(error**2)))
    assert np.linalg.norm(gradient) == pytest.approx(1 / np.sqrt(40))
    assert np.linalg.norm(2 * error / 40) == pytest.approx(2 * np.sqrt(np.mean(error**2)) / np.sqrt(40))
    assert "0.15811" in lesson("02-rmse")


@seeds
def test_steps_along_the_gradient_of_rmse_do_not_get_smaller_where_the_fit_can_be_perfect(seed):
    target = np.random.default_rng(seed).normal(size=40)
    by_root, by_square, ends = np.zeros(40), np.zeros(40), []
    for _ in range(2000):
        error = by_root - target
        by_root = by_root - 1.0 * error / (40 * np.sqrt(np.mean(error**2)))
        by_square = by_square - 1.0 * 2 * (by_square - target) / 40
        ends.append(rmse(target, by_root))
    assert rmse(target, by_square) < 1e-12
    assert max(ends[-2:]) >= 0.0125, "it steps to and fro across the best point, 0.025 at a time"


@seeds
def test_the_gradient_of_rmse_in_the_weights_is_0_at_a_noisy_best_fit(seed):
    """So the lesson must not claim that it never shrinks: that holds for the predictions, towards a perfect fit."""
    rng = np.random.default_rng(seed)
    table = np.column_stack([np.ones(40), rng.uniform(-2, 2, 40)])
    y = table @ [1, 2] + rng.normal(size=40)
    error = table @ np.linalg.lstsq(table, y, rcond=None)[0] - y
    assert np.allclose(table.T @ error / (40 * np.sqrt(np.mean(error**2))), 0)
    assert "with respect to the predictions" in lesson("02-rmse")


@seeds
def test_a_root_does_not_add_up_over_batches(seed):
    error = np.random.default_rng(seed).normal(size=(10, 4)) * np.arange(1, 11)[:, None]
    assert np.mean(np.mean(error**2, axis=1)) == pytest.approx(np.mean(error**2))
    assert np.mean(np.sqrt(np.mean(error**2, axis=1))) < 0.95 * np.sqrt(np.mean(error**2))


@seeds
def test_rmse_is_a_standard_deviation_only_without_bias(seed):
    error = np.random.default_rng(seed).normal(2, 1, 500)
    assert rmse(error, np.zeros(500)) > 1.5 * np.std(error)
    assert rmse([2.0, 2.0], [0.0, 0.0]) == 2
    assert np.std([2.0, 2.0]) == 0
    assert "only where the mean error is 0" in lesson("02-rmse")


@seeds
def test_mse_asks_for_the_mean_under_skewed_noise(seed):
    """Heavy or skewed noise is no reason for MAE where the total is wanted."""
    rng = np.random.default_rng(seed)
    y, fresh = rng.lognormal(0, 1, (2, 5000))
    mean, median = y.mean(), np.median(y)
    assert rmse(fresh, np.full(5000, mean)) < rmse(fresh, np.full(5000, median))
    assert mae(fresh, np.full(5000, median)) < mae(fresh, np.full(5000, mean))
    assert abs(5000 * mean - fresh.sum()) < 0.15 * fresh.sum()
    assert 5000 * median < 0.75 * fresh.sum()


@seeds
def test_a_double_error_counts_four_times_for_bounded_targets_too(seed):
    error = np.random.default_rng(seed).uniform(0, 0.5, 100)
    assert np.allclose((2 * error) ** 2, 4 * error**2)


def test_rmse_on_the_rows_of_the_fit_is_smaller_than_the_noise():
    """On average by the share k/n of the variance, and k may be large."""
    for k in (2, 10):
        got = []
        for seed in range(400):
            rng = np.random.default_rng(seed)
            table = rng.normal(size=(30, k))
            y = rng.normal(0, 3, 30)
            got.append(np.mean((y - table @ np.linalg.lstsq(table, y, rcond=None)[0]) ** 2))
        error = np.std(got) / np.sqrt(400)
        assert abs(np.mean(got) - 9 * (30 - k) / 30) < 4 * error
        assert np.mean(got) < 9 - 2 * error


@seeds
def test_the_ratio_of_a_bell_curve_needs_predictions_that_are_right_on_average(seed):
    rng = np.random.default_rng(seed)
    none = np.zeros(20_000)
    for bias, low, high in ((0, 1.23, 1.28), (5, 1.0, 1.05)):
        error = rng.normal(bias, 1, 20_000)
        assert low < rmse(error, none) / mae(error, none) < high
    assert "are right on average" in lesson("02-rmse")


@seeds
def test_a_large_ratio_may_come_from_errors_of_different_widths(seed):
    error = np.random.default_rng(seed).normal(0, np.repeat([1, 3], 10_000))
    assert rmse(error, np.zeros(20_000)) / mae(error, np.zeros(20_000)) == pytest.approx(1.4, abs=0.03)


@seeds
def test_a_model_that_cannot_represent_the_truth_has_an_rmse_above_the_noise(seed):
    rng = np.random.default_rng(seed)
    x = rng.uniform(-2, 2, 200)
    y = x**2 + rng.normal(0, 0.3, 200)
    line = np.polyval(np.polyfit(x, y, 1), x)
    assert rmse(y, line) > 2 * 0.3


def test_rings_of_mse_are_rings_of_rmse_at_the_roots_of_their_levels():
    assert "(levels, np.sqrt(levels))" in lesson("02-rmse")


@seeds
def test_a_width_that_is_wrong_by_a_share_costs_about_its_square_and_half_costs_more_than_twice(seed):
    error, none = np.random.default_rng(seed).normal(0, 4, 200), np.zeros(200)
    best = rmse(error, none)
    lowest = real.gaussian_nll(error, none, best)
    for share in (0.05, 0.1, -0.1):
        assert real.gaussian_nll(error, none, best * (1 + share)) - lowest == pytest.approx(share**2, rel=0.25)
    half, twice = (real.gaussian_nll(error, none, best * times) - lowest for times in (0.5, 2))
    assert (half, twice) == (pytest.approx(1.5 - np.log(2)), pytest.approx(np.log(2) - 0.375))


@seeds
def test_a_point_that_stays_above_the_line_of_lowest_mae_does_not_move_it(seed):
    """Nor below it. Far out in x it turns the line."""
    rng = np.random.default_rng(seed)
    x = rng.uniform(18, 33, 15)
    y = 4 * x + rng.normal(0, 50, 15)
    i, j = np.triu_indices(15, k=1)

    def lowest(x, y):
        slope = (y[j] - y[i]) / (x[j] - x[i])
        lines = np.column_stack([slope, y[i] - slope * x[i]])
        return lines[np.argmin([np.mean(np.abs(y - np.polyval(one, x))) for one in lines])]

    line = lowest(x, y)
    above = np.argmax(y - np.polyval(line, x))
    for value in (y[above] + 50, 10 * abs(y[above]) + 1000):
        moved = np.where(np.arange(15) == above, value, y)
        assert lowest(x, moved) == pytest.approx(line)
    far = np.where(np.arange(15) == above, 300, x)
    assert abs(lowest(far, y)[0]) < abs(line[0])


def test_the_patients_progression_spreads_more_where_the_bmi_is_high():
    """One width holds too many of the thin patients and too few of the heavy ones, by several standard errors."""
    text = (COURSE / "data" / "diabetes.csv").read_text(encoding="utf-8")
    rows = np.array([line.split(",")[:3] for line in text.splitlines() if line[0].isdigit()], float)
    y, x = rows[:, 0], rows[:, 2]
    error = y - np.polyval(np.polyfit(x, y, 1), x)
    inside = np.abs(error) < error.std()
    order = np.argsort(x)
    thin, heavy = inside[order[:100]].mean(), inside[order[-100:]].mean()
    assert len(rows) == 442
    assert thin - heavy > 3 * np.sqrt(thin * (1 - thin) / 100 + heavy * (1 - heavy) / 100)
    assert thin > 0.68 > heavy


def test_a_superfluous_number_wins_one_half_divided_by_n_on_average():
    won = []
    for seed in range(400):
        error = np.random.default_rng(seed).normal(size=100)
        known, fitted = 0.5 * np.mean(error**2), 0.5 * np.log(np.mean(error**2)) + 0.5
        won.append(known - fitted)
    assert abs(np.mean(won) - 1 / 200) < 4 * np.std(won) / np.sqrt(400)


def test_a_wrapped_square_keeps_what_is_left_of_256():
    a, b = np.array([10], np.uint8), np.array([30], np.uint8)
    assert ((a - b) ** 2)[0] == 144 == 400 % 256


# Unit 3


@seeds
def test_forecasts_that_are_right_on_average_and_too_extreme_have_a_bce_above_the_baseline(seed):
    """So "above the baseline the forecasts are wrong on average" is refuted: their mean is the share of ones."""
    rng = np.random.default_rng(seed)
    p = rng.permutation(np.repeat([0.01, 0.99], 20_000))
    y = (rng.random(40_000) < np.where(p > 0.5, 0.6, 0.4)).astype(float)
    assert p.mean() == pytest.approx(y.mean(), abs=0.01)
    assert binary_cross_entropy(y, p) > baseline_loss(y, "bce") + 0.5


@seeds
def test_a_bce_above_the_baseline_needs_no_forecast_that_is_too_confident(seed):
    """Every forecast is less extreme than the truth, and the constant is still better."""
    rng = np.random.default_rng(seed)
    y = (rng.random(20_000) < 0.03).astype(float)
    p = rng.uniform(0.06, 0.12, 20_000)
    assert (np.abs(p - 0.5) < np.abs(0.03 - 0.5)).all()
    assert binary_cross_entropy(y, p) > baseline_loss(y, "bce") + 0.005
    assert binary_cross_entropy(y, np.full(20_000, 0.5)) > baseline_loss(y, "bce")
    assert np.mean((p > 0.5) == y) == pytest.approx(0.97, abs=0.005)


def test_a_constant_of_0_07_has_the_two_numbers_of_the_colleague():
    y = np.repeat([1.0, 0.0], [3, 97])
    assert binary_cross_entropy(y, np.full(100, 0.07)) == pytest.approx(0.15, abs=0.0005)
    assert skill_score(0.15, baseline_loss(y, "bce")) == pytest.approx(-0.11, abs=0.005)
    error = np.log(0.97 / 0.03) * np.sqrt(0.03 * 0.97 / 20_000)
    assert 3 * error < 0.15 - baseline_loss(y, "bce"), "the difference is no noise at 20,000 rows"
    assert "20,000 rows, 3 % fail" in lesson("03-ranges")


@seeds
def test_raw_scores_take_rmse_above_1_for_labels(seed):
    y = np.random.default_rng(seed).integers(0, 2, 50)
    assert rmse(y, y + 7.0) == 7
    assert "targets or the predictions have none" in lesson("03-ranges")


@pytest.mark.parametrize(("floor", "loss", "baseline"), [(0.3251, 0.40, 0.6931), (2.0, 2.6, 5.0)])
def test_a_fifth_of_the_way_is_left(floor, loss, baseline):
    assert (loss - floor) / (baseline - floor) == pytest.approx(0.2, abs=0.005)
    assert "20 % is left" in lesson("03-ranges")


def test_the_best_skill_is_below_1_where_the_floor_is_above_0():
    assert skill_score(0.3251, np.log(2)) == pytest.approx(0.53, abs=0.005)
    assert skill_score(2.0, 5.0) == pytest.approx(0.6)


@seeds
def test_a_new_input_lowers_the_floor(seed):
    """The floor is a property of data and inputs: the best forecast from one input, and from two."""
    rng = np.random.default_rng(seed)
    first, second = rng.integers(0, 2, (2, 5000))
    truth = np.array([[0.1, 0.4], [0.6, 0.9]])[first, second]
    y = (rng.random(5000) < truth).astype(float)
    from_one = np.array([0.25, 0.75])[first]
    assert binary_entropy(truth).mean() < binary_entropy(from_one).mean() - 0.03
    assert binary_cross_entropy(y, truth) < binary_cross_entropy(y, from_one)


@seeds
def test_0_05_is_many_standard_errors_below_the_floor_and_the_best_of_many_samples_is_not(seed):
    error = np.log(9) * 0.3 / np.sqrt(1000)
    assert (0.3251 - 0.05) / error > 13
    assert -np.log(0.9) > 0.05 + 2 * error, "no honest 0.9 on cleaned labels, either"
    flipped = np.random.default_rng(seed).binomial(1000, 0.1, 10_000) / 1000
    assert (-(1 - flipped) * np.log(0.9) - flipped * np.log(0.1)).min() > 0.3251 - 6 * error


def test_a_random_model_can_beat_the_calm_one():
    """Seldom, two or three times in 100,000: so the lesson says "all 1000", and no more."""
    better = 0
    for seed in range(40):
        p = np.random.default_rng(seed).uniform(0, 1, (10_000, 200))
        better += np.sum(np.mean((1 - p) ** 2, axis=1) < 0.25)
    assert 0 < better < 40
    assert "all 1000 random models" in lesson("03-ranges")


def test_the_bce_of_a_constant_is_unbounded_at_0_and_slow():
    assert -0.1 * np.log(0.001) == pytest.approx(0.69, abs=0.005), "where the drawn curve used to end, at log 2"
    assert -0.1 * np.log(1e-12) > 2.2, "beyond the frame of the figure"
    assert "np.logspace(-12, -3, 200)" in lesson("03-ranges")
    assert 0.1 * np.log(10) == pytest.approx(0.23, abs=0.005)


@seeds
@pytest.mark.parametrize("loss", ["bce", "rmse", "mae"])
def test_the_constant_of_the_scored_rows_has_an_advantage(seed, loss):
    rng = np.random.default_rng(seed)
    train, fresh = rng.integers(0, 2, (2, 31)).astype(float)
    costs = {"bce": binary_cross_entropy, "rmse": rmse, "mae": mae}
    rival = np.full(31, best_constant(train, loss))
    assert costs[loss](fresh, rival) >= baseline_loss(fresh, loss) - 1e-12
    assert "constant of the *training* rows" in lesson("03-ranges")


def test_one_model_has_the_four_reported_losses():
    surprise = -np.log([0.9, 0.8, 0.7, 0.8, 0.6])
    reports = [surprise.mean(), surprise.mean() / np.log(2), surprise.mean() / np.log(10), surprise.sum()]
    assert [round(report, 2) for report in reports] == [0.28, 0.41, 0.12, 1.42]
    assert "0.28, 0.41, 0.12 and 1.42" in lesson("03-ranges")


@seeds
def test_a_small_change_of_the_weights_seldom_changes_the_accuracy(seed):
    rng = np.random.default_rng(seed)
    table, weights = rng.normal(size=(400, 2)), rng.normal(size=2)
    y = rng.random(400) < 0.5
    moved = weights + 1e-6 * rng.normal(size=2)
    assert np.mean((table @ weights > 0) == y) == np.mean((table @ moved > 0) == y)


@seeds
def test_the_skill_of_rmse_has_a_lower_end_for_labels_and_probabilities(seed):
    """ "There is no lower end": there is none where the loss has no upper end."""
    rng = np.random.default_rng(seed)
    y = np.repeat([0.0, 1.0], 50)
    for p in (rng.uniform(0, 1, 100), 1 - y):
        assert skill_score(rmse(y, p), baseline_loss(y, "rmse")) >= -1
    assert skill_score(binary_cross_entropy(y, np.where(y == 1, 1e-9, 1 - 1e-9)), baseline_loss(y, "bce")) < -20


@seeds
def test_a_model_that_loses_to_a_constant_may_beat_it_once_it_is_corrected(seed):
    """So the lesson asks which one loses "as it stands"."""
    rng = np.random.default_rng(seed)
    z = rng.normal(-4.4, 2.2, 100_000)
    y = (rng.random(100_000) < 1 / (1 + np.exp(-z))).astype(float)
    too_high, right = 1 / (1 + np.exp(-z - 2)), 1 / (1 + np.exp(-z))
    assert binary_cross_entropy(y, too_high) > 1.05 * baseline_loss(y, "bce")
    assert binary_cross_entropy(y, right) < 0.8 * baseline_loss(y, "bce")


@seeds
def test_swapped_groups_lose_to_the_constant_without_being_too_high_too_low_or_too_extreme(seed):
    truth = np.repeat([0.01, 0.05], 50_000)
    y = (np.random.default_rng(seed).random(100_000) < truth).astype(float)
    assert binary_cross_entropy(y, truth[::-1]) > baseline_loss(y, "bce") + 0.015
    assert binary_cross_entropy(y, truth) < baseline_loss(y, "bce")


def test_a_skill_with_the_baseline_of_the_same_rows_is_not_proper():
    """Ten events with probability 0.3: the best announcement for the expected skill of the squared error is lower."""
    k, p = np.arange(1, 10), np.linspace(0.001, 0.999, 999)
    weight = stats.binom.pmf(k, 10, 0.3)
    loss = (k * (1 - p[:, None]) ** 2 + (10 - k) * p[:, None] ** 2) / 10
    skill = (1 - loss / (k / 10 * (1 - k / 10))) @ weight
    assert p[skill.argmax()] == pytest.approx(0.267, abs=0.001)


@seeds
def test_left_of_a_median_the_mae_falls_and_right_of_it_it_rises_and_no_place_need_have_equal_pulls(seed):
    rng = np.random.default_rng(seed)
    for y in (np.append(np.zeros(19), 1.0), rng.normal(size=9), rng.normal(size=10)):
        low, high = np.quantile(y, 0.5, method="lower"), np.quantile(y, 0.5, method="higher")
        for c in rng.uniform(y.min() - 1, y.max() + 1, 50):
            up, down = np.sum(y > c), np.sum(y < c)
            assert up > down if c < low else down > up if c > high else up == down
    rare = np.append(np.zeros(19), 1.0)
    assert all(np.sum(rare > c) != np.sum(rare < c) for c in np.linspace(-0.5, 1.5, 201))


@pytest.mark.parametrize("n", [1, 2, 5, 20, 100, 1000])
@pytest.mark.parametrize("flipped", [0.02, 0.1, 0.3])
def test_the_expected_rmse_lies_below_the_root_of_the_lowest_expected_squared_error(n, flipped):
    """ "The floor is the expected loss of the best forecast" and RMSE sqrt(eps (1 - eps)): not for RMSE."""
    wrong = np.arange(n + 1)
    chance, floor = stats.binom.pmf(wrong, n, flipped), np.sqrt(flipped * (1 - flipped))

    def expected(p):
        return chance @ np.sqrt((wrong * p**2 + (n - wrong) * (1 - p) ** 2) / n)

    honest, bold = expected(1 - flipped), min(expected(p) for p in np.linspace(1 - flipped, 1, 101))
    assert bold <= honest < floor
    assert n > 20 or bold < honest
    said = {5: 0.2422, 20: 0.2841, 1000: 0.2997}
    if flipped == 0.1 and n in said:
        assert honest == pytest.approx(said[n], abs=0.00005)


@seeds
def test_the_expected_rmse_is_below_the_noise_with_any_number_of_rows_and_equal_to_it_where_all_errors_are_equal(seed):
    errors = np.random.default_rng(seed).normal(0, 2, (20_000, 5))
    assert np.sqrt(np.mean(errors**2, axis=1)).mean() == pytest.approx(1.903, abs=0.02)
    assert np.sqrt(np.mean(np.sign(errors) ** 2 * 4, axis=1)).mean() == pytest.approx(2), "so: at most"


@seeds
def test_a_skill_of_1_is_in_reach_on_learnt_rows_and_on_a_few_new_ones_where_the_floor_is_above_0(seed):
    """ "In reach only where the floor is 0": on new rows, and on average."""
    rng = np.random.default_rng(seed)
    truth = rng.integers(0, 2, 1000)
    learnt = np.where(rng.random(1000) < 0.1, 1 - truth, truth).astype(float)
    assert skill_score(binary_cross_entropy(learnt, learnt, eps=0), baseline_loss(learnt, "bce")) == 1
    few = rng.random((500, 5)) < 0.1
    assert 0 < np.mean(~few.any(axis=1)) < 1, "samples of five without a flip, where 0 and 1 cost nothing"


@seeds
def test_the_skill_of_the_best_forecast_is_0_60_for_sensor_on_many_rows_and_more_on_few(seed):
    rng = np.random.default_rng(seed)
    signal, noise = rng.normal(0, np.sqrt(21), 100_000), rng.normal(0, 2, 100_000)
    assert skill_score(rmse(signal, signal + noise), np.std(signal + noise)) == pytest.approx(0.6, abs=0.005)


def test_how_much_is_left_depends_on_the_root():
    assert pytest.approx(0.2) == (2.6 - 2) / (5 - 2)
    assert pytest.approx(0.13, abs=0.005) == (2.6**2 - 4) / (25 - 4)
    assert "Counted in MSE, 13 % is left" in lesson("03-ranges")


@seeds
def test_0_30_at_half_ones_may_be_poor_and_99_percent_with_rare_ones_may_be_useful(seed):
    rng = np.random.default_rng(seed)
    x = rng.normal(size=5000)
    y = (x > 0).astype(float)
    poor = 1 / (1 + np.exp(-1.7 * x))
    assert binary_cross_entropy(y, poor) == pytest.approx(0.30, abs=0.02)
    assert binary_cross_entropy(y, 1 / (1 + np.exp(-100 * x))) < 0.02
    ill = np.repeat([1, 0], [10, 990])
    useful = np.concatenate([np.repeat([0.6, 0.1], 5), np.repeat([0.6, 0.02, 0.001], [4, 86, 900])])
    assert np.mean((useful > 0.5) == ill) == pytest.approx(0.991)
    assert np.sum((useful > 0.5) & (ill == 1)) == 5


@seeds
def test_the_difference_of_two_losses_has_a_standard_error_of_its_own(seed):
    rng = np.random.default_rng(seed)
    y = (rng.random((200, 20_000)) < 0.03).mean(axis=1)
    constant, seven = (-y * np.log(p) - (1 - y) * np.log(1 - p) for p in (0.03, 0.07))
    assert constant.std() == pytest.approx(0.0042, rel=0.2)
    assert (seven - constant).std() == pytest.approx(0.0011, rel=0.2)
    wrong = (rng.random((2000, 1000)) < 0.1).mean(axis=1)
    sure, surer = (-(1 - wrong) * np.log(p) - wrong * np.log(1 - p) for p in (0.9, 0.95))
    assert sure.std() == pytest.approx(0.021, rel=0.1)
    assert surer.std() == pytest.approx(0.028, rel=0.1)
    assert (surer - sure).std() == pytest.approx(0.0071, rel=0.1)
    assert pytest.approx(2.9, abs=0.05) == 0.0206 / 0.0071


def test_0_05_is_what_a_forecast_of_0_95_costs_on_cleaned_labels():
    assert -np.log(0.95) == pytest.approx(0.05, abs=0.002)


@pytest.mark.parametrize(("rows", "errors_below"), [(100, 0.53), (10_000, 5.3)])
def test_a_report_of_0_29_is_luck_on_100_rows_and_a_warning_on_10000(rows, errors_below):
    error = np.log(9) * 0.3 / np.sqrt(rows)
    assert (binary_entropy_of(0.1) - 0.29) / error == pytest.approx(errors_below, abs=0.05)


def binary_entropy_of(share):
    return baseline_loss([share], "bce")


def test_the_baseline_of_bce_is_0_30_between_88_and_89_ones_in_1000():
    assert baseline_loss([0.088], "bce") < 0.30 < baseline_loss([0.089], "bce")


def test_the_constant_0_001_costs_a_little_more_than_the_honest_0_01():
    y = np.repeat([1, 0], [10, 990])
    modest, honest = (binary_cross_entropy(y, np.full(1000, p)) for p in (0.001, 0.01))
    assert (modest, honest) == (pytest.approx(0.0701, abs=1e-4), pytest.approx(0.0560, abs=1e-4))


@seeds
def test_the_mean_instead_of_the_median_is_right_for_symmetric_targets_only(seed):
    y = np.random.default_rng(seed).normal(size=9)
    both = np.concatenate([y, -y])
    assert np.mean(np.abs(both - both.mean())) == pytest.approx(baseline_loss(both, "mae"))
    skewed = np.exp(2 * y)
    assert np.mean(np.abs(skewed - skewed.mean())) > baseline_loss(skewed, "mae")


# Unit 4


@pytest.mark.parametrize(
    ("count", "good", "place"), [(1000, 0.99, 8e-11), (100, 0.99, 1.1e-4), (10, 0.99, 0.054), (1000, 0.8, 0.09)]
)
def test_where_bce_overtakes_depends_on_the_other_forecasts(count, good, place):
    """ "Among ten BCE leads at once": RMSE leads until about 0.05."""
    bad = np.logspace(-15, np.log10(0.7), 2001)
    bce = ((count - 1) * np.log(good) + np.log(bad)) / (count * np.log(good))
    root = np.sqrt((count - 1 + ((1 - bad) / (1 - good)) ** 2) / count)
    assert bad[bce > root].max() == pytest.approx(place, rel=0.1)
    assert (bce < root)[bad > 1.1 * place].all()


@seeds
def test_from_a_good_forecast_the_squared_error_grows_by_the_larger_factor(seed):
    """So "BCE reacts more to large errors" needs a starting point; and the square does stop at 1."""
    good, bad = np.random.default_rng(seed).uniform((0.9, 0.01), (0.99, 0.1))
    assert ((1 - bad) / (1 - good)) ** 2 > 1.5 * np.log(bad) / np.log(good)
    assert np.log(1e-7) / np.log(0.5) > 5 * (1 - 1e-7) ** 2 / 0.25, "from 0.5 it is the other way round"
    assert -np.log(1e-300) > 690


def test_the_slope_of_bce_is_not_near_1_for_all_wrong_logits():
    slope = -logits.bce_grad_logits(np.ones(4), np.array([0.0, -0.5, -1.0, -2.0])) * 4
    assert slope == pytest.approx([0.5, 0.62, 0.73, 0.88], abs=0.005)


@pytest.mark.parametrize("z", np.linspace(-2, 2, 10))
def test_the_bend_is_in_the_forward_difference_and_cancels_in_the_central_one(z):
    def loss(at):
        return np.log1p(np.exp(-at))

    p, h = 1 / (1 + np.exp(-z)), 1e-3
    bend, change = p * (1 - p), p * (1 - p) * (1 - 2 * p)
    assert (loss(z + h) - loss(z)) / h - (p - 1) == pytest.approx(h / 2 * bend, rel=0.01)
    assert (loss(z + h) - loss(z - h)) / (2 * h) - (p - 1) == pytest.approx(h**2 / 6 * change, rel=0.01, abs=1e-12)


@seeds
def test_the_steps_of_the_squared_error_do_not_stay_shorter_but_at_the_same_weights_each_part_is(seed):
    table, y = data(seed)
    steps = {}
    for squared in (False, True):
        weights, lengths = np.zeros(3), []
        for _ in range(80):
            p = logits.sigmoid(table @ weights)
            assert (2 * p * (1 - p) <= 0.5).all()
            step = table.T @ ((p - y) * (2 * p * (1 - p) if squared else 1)) / len(y)
            lengths.append(np.linalg.norm(step))
            weights = weights - step
        steps[squared] = np.array(lengths)
    ratio = steps[True] / steps[False]
    assert ratio[0] == pytest.approx(0.5)
    assert ratio[-1] > 1.5, "BCE has arrived, and its steps are now the shorter ones"


@seeds
def test_from_3_times_wrong_a_larger_rate_makes_up_for_most(seed):
    goal = train(seed, "bce")[1][-1] - 0.03
    fast, slow = (train(seed, "square", 3, rate, 700)[1] >= goal for rate in (20.0, 1.0))
    assert fast[60:].all(), "it arrives, and stays"
    assert fast.argmax() * 10 < slow.argmax()


@seeds
def test_at_equal_rates_bce_is_faster_only_while_it_settles(seed):
    """ "Faster at equal rates": up to about 10. At 20 the squared error is there and BCE never is."""
    goal = train(seed, "bce")[1][-1] - 0.03
    away = train(seed, "bce", 3, 10.0, 60)[1]
    assert (away[10:] >= goal).all(), "a handful of steps, not 15"
    costs = {(loss, rate): train(seed, loss, 0, rate, 300)[0] for loss in ("bce", "square") for rate in (1.0, 20.0)}
    done = {
        key: cost <= costs[key[0], 1.0][-1] + 0.01 * (cost[0] - costs[key[0], 1.0][-1]) for key, cost in costs.items()
    }
    assert done["bce", 1.0].argmax() < done["square", 1.0].argmax()
    assert done["square", 20.0][20:].all()
    assert not done["bce", 20.0][-100:].all()


@seeds
def test_the_standard_error_of_a_difference_depends_on_the_model(seed):
    """The colleague's numbers, 20,000 rows, 3 % and a BCE of 0.15, with a standard error eight times that of 0.07."""
    y, p = np.zeros(20_000), np.full(20_000, 1e-7)
    p[:955], y[:455], y[955:1100] = 0.5, 1, 1
    losses = -np.log(np.where(y == 1, p, 1 - p)) + np.log(np.where(y == 1, 0.03, 0.97))
    assert binary_cross_entropy(y, p) == pytest.approx(0.15, abs=0.0005)
    assert np.mean((p > 0.5) == y) == pytest.approx(0.97, abs=0.005)
    drawn = losses[np.random.default_rng(seed).integers(20_000, size=20_000)]
    assert drawn.std(ddof=1) / np.sqrt(20_000) == pytest.approx(0.008, abs=0.001)
    assert losses.mean() < 2 * losses.std() / np.sqrt(20_000), "less than two of them"


@functools.cache
def ten_data_sets() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The ten data sets of unit 4, and the accuracy from which a run counts as arrived."""
    rng = np.random.default_rng(4)
    table = np.concatenate([np.ones((10, 400, 1)), rng.normal(size=(10, 400, 2))], axis=-1)
    y = (rng.uniform(size=(10, 400)) < 1 / (1 + np.exp(-table @ TRUE))).astype(float)
    return table, y, np.mean((table @ TRUE > 0) == y, axis=1) - 0.02


def test_from_10_times_wrong_ten_times_as_many_steps_a_tenth_as_long_lead_to_the_same_plateau():
    """Not because a large step threw them there."""
    table, y, _ = ten_data_sets()
    for which, ends in ((0, (1.0, 10.0, 100.0)), (4, (10.0, 20.0))):
        places = []
        for rate in ends:
            weights = -10 * TRUE
            for _ in range(int(8000 / rate)):
                p = 1 / (1 + np.exp(-table[which] @ weights))
                weights = weights - rate * 2 / 400 * ((p - y[which]) * p * (1 - p)) @ table[which]
            p = 1 / (1 + np.exp(-table[which] @ weights))
            assert np.mean(p * (1 - p)) < 0.002
            assert np.mean((p > 0.5) == y[which]) < 0.7
            places.append(weights)
        assert np.allclose(places, places[0], atol=2.5)


@functools.cache
def flow(which: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Gradient descent on the squared error from -10, with steps so short that only steps times rate counts.

    Returns steps times rate, up to 1e24, and there the shares that are right and the lengths of the weights.
    """
    table, y = (part[which] for part in ten_data_sets()[:2])

    def downhill(log_time, weights):
        p, rest = expit(table @ weights), expit(-table @ weights)
        return -np.exp(log_time) * (2 * (p - y) * p * rest) @ table / 400

    def bend(log_time, weights):
        p, rest = expit(table @ weights), expit(-table @ weights)
        return -np.exp(log_time) * (table.T * (2 * p * rest * (p * rest + (p - y) * (rest - p)))) @ table / 400

    at = np.linspace(0, np.log(1e24), 961)
    found = integrate.solve_ivp(
        downhill, (0, at[-1]), -10 * TRUE, method="LSODA", jac=bend, t_eval=at, rtol=1e-6, atol=1e-7
    ).y
    return np.exp(at), np.mean((table @ found > 0) == y[:, None], axis=0), np.linalg.norm(found, axis=0)


@pytest.mark.parametrize(("which", "steps"), [(0, 31e6), (2, 22_000), (4, 25_000), (8, np.inf)])
def test_of_four_runs_that_stand_after_2000_steps_at_rate_10_three_are_just_slow(which, steps):
    """ "These four are not just slow": followed further, three arrive, and the weights of the fourth only grow."""
    time, right, length = flow(which)
    goal = ten_data_sets()[2][which]
    assert (right[np.searchsorted(time, 2000 * 10)]) < goal
    if np.isfinite(steps):
        arrived = time[np.flatnonzero(right < goal)[-1] + 1]
        assert arrived / 10 == pytest.approx(steps, rel=0.15)
    else:
        assert (right < goal).all()
        assert (np.diff(length[time > 1e6]) > 0).all()


@pytest.mark.parametrize("which", range(10))
def test_from_minus_10_no_run_arrives_within_3000_steps_at_rate_1_and_most_do_later(which):
    """ "The squared error does not get there": within 3000 steps; six of ten are there after 15,000."""
    time, right, _ = flow(which)
    goal = ten_data_sets()[2][which]
    assert (right[time <= 3000] < goal).all()
    assert (right[np.searchsorted(time, 15_000)] >= goal) == (which not in {0, 2, 4, 8})


def test_twice_the_rate_takes_half_as_many_steps_to_leave_the_plateau():
    """So it is slowness: plain gradient descent at rate 20, and no solver of differential equations."""
    table, y, goal = (part[2] for part in ten_data_sets())
    weights, columns = -10 * TRUE, np.ascontiguousarray(table.T)
    for _ in range(10_205):
        p = 1 / (1 + np.exp(-weights @ columns))
        slope = (p - y) * p
        weights = weights - 20 * 2 / 400 * (columns @ (slope - slope * p))
    assert np.mean((table @ weights > 0) == y) >= goal
    assert abs(2 * 10_205 / 22_000 - 1) < 0.1


@seeds
def test_about_three_times_from_0_is_said_of_rate_1(seed):
    """ "Three times from 0" at equal rates up to 10: at rate 8 it is many times, at 10 fewer again."""
    costs = {
        rate: (train(seed, "square", 0, rate, 300)[0], train(seed, "bce", 0, rate, 300)[0]) for rate in (8.0, 10.0)
    }
    costs[1.0] = train(seed, "square")[0], train(seed, "bce")[0]
    one, eight, ten = (done(costs[rate][0], 0.001) / done(costs[rate][1], 0.001) for rate in (1.0, 8.0, 10.0))
    assert 2 < done(costs[1.0][0], 0.01) / done(costs[1.0][1], 0.01) < 4.5
    assert eight > 1.5 * one
    assert ten < eight / 1.5


@seeds
def test_beside_another_error_bce_reacts_more_than_rmse_without_end_near_a_right_forecast_too(seed):
    """ "For RMSE only towards 0": said of a single entry. Another entry with an error keeps the root from shrinking."""
    other = np.random.default_rng(seed).uniform(0.05, 0.5)
    ratios = []
    for p in (0.99, 0.9999, 0.999999):
        slope = (1 - p) / (2 * np.sqrt(((1 - p) ** 2 + other**2) / 2))
        ratios.append(1 / (2 * p) / slope)
    assert ratios[2] > 50 * ratios[1] > 2500 * ratios[0]
    assert abs(1 / 0.999999 - 1) < 1e-5, "of a single entry the slope is 1, and the ratio 1/p"


def test_a_float32_probability_of_1_costs_15_94_after_the_clip_and_17_from_the_logit():
    """What Keras gives on NumPy and JAX, and on TensorFlow, where the output of its own sigmoid carries the logit."""
    p = np.float32(1) / (np.float32(1) + np.exp(np.float32(-17)))
    assert -np.log(1 - np.minimum(p, np.float32(1 - 1e-7))) == pytest.approx(15.94, abs=0.005)
    assert np.logaddexp(0, 17) == pytest.approx(17, abs=1e-6)
    assert "15.94; on TensorFlow 17" in lesson("04-confidence")


def test_bce_is_ahead_by_about_one_row_in_ten_thousand_and_ten_data_sets_cannot_show_that():
    """400 data sets: "any difference is too small to see" is refuted, since one of 0.0005 would be seen with ten."""
    rng = np.random.default_rng(0)
    table = np.concatenate([np.ones((400, 400, 1)), rng.normal(size=(400, 400, 2))], axis=-1)
    y = (rng.random((400, 400)) < 1 / (1 + np.exp(-table @ TRUE))).astype(float)
    weights = np.tile(TRUE, (400, 1))
    spread = stats.norm.ppf(stats.qmc.Sobol(2, seed=1).random(2**14))
    shares, points = [], np.column_stack([np.ones(2**14), spread])
    chance = 1 / (1 + np.exp(-points @ TRUE))
    for squared in (False, True):  # Newton's steps for BCE, then Gauss and Newton's for the square
        for _ in range(15):
            p = 1 / (1 + np.exp(-np.einsum("dnk,dk->dn", table, weights)))
            bend = (p * (1 - p)) ** (2 if squared else 1)
            slope = np.einsum("dnk,dn->dk", table, (p - y) * (p * (1 - p) if squared else 1))
            square = np.einsum("dnk,dn,dnl->dkl", table, bend, table, optimize=True)
            weights = weights - np.linalg.solve(square, slope[..., None])[..., 0]
        assert np.abs(slope).max() < 1e-3
        shares.append(np.array([np.mean(np.where(points @ w > 0, chance, 1 - chance)) for w in weights]))
    gain = shares[0] - shares[1]
    assert 2 * gain.std() / np.sqrt(400) < gain.mean() < 0.0004
    assert gain.mean() < 2 * gain.std() / np.sqrt(10) < 0.0006
    assert gain.std() / np.sqrt(10) == pytest.approx(0.0002, abs=0.0001), "the standard error that unit 4 prints"
    assert "a difference this small cannot be told from chance" in lesson("04-confidence")


@seeds
def test_rmse_has_a_slope_where_one_of_several_errors_is_0(seed):
    error = np.append(0.0, np.random.default_rng(seed).normal(size=9))
    sides = []
    for h in (-1e-6, 1e-6):
        moved = error + h * np.eye(10)[0]
        sides.append((np.sqrt(np.mean(moved**2)) - np.sqrt(np.mean(error**2))) / h)
    assert sides == pytest.approx([0, 0], abs=1e-5)


@seeds
def test_forecasts_with_a_mean_square_of_0_97_are_almost_perfect_when_turned_round(seed):
    rng = np.random.default_rng(seed)
    y = rng.integers(0, 2, 1000).astype(float)
    size = rng.beta(40, 0.6, 1000)
    p = np.where(y == 1, 1 - size, size)
    assert np.mean((p - y) ** 2) > 0.96
    assert np.mean((1 - p - y) ** 2) <= 1 - np.mean((p - y) ** 2)


@pytest.mark.parametrize(
    ("count", "good", "rmse_leads"), [(1000, 0.99, True), (10, 0.99, False), (1000, 0.8, False), (100, 0.9, False)]
)
def test_rmse_jumps_first_only_for_one_in_a_thousand_very_good_ones(count, good, rmse_leads):
    before, after = np.full(count, good), np.append(np.full(count - 1, good), 0.01)
    y = np.ones(count)
    bce_factor = binary_cross_entropy(y, after) / binary_cross_entropy(y, before)
    assert (rmse(y, after) / rmse(y, before) > bce_factor) == rmse_leads


@pytest.mark.parametrize("p", np.linspace(0.9, 0.999, 10))
def test_for_the_rmse_of_one_entry_bce_does_not_react_more_near_a_right_forecast(p):
    """The slope of |1 - p| is 1, that of BCE 1/p."""
    assert 1 / p < 1.12
    assert 1 / p / np.log(10) < 1
    assert (1 / p / np.log(2)) / (1 / 0.5) < 1
    assert (1 / (1 - p) / np.log(10)) > 4, "towards the confident error it does, whatever the unit"


@pytest.mark.parametrize("seed", range(10))
def test_from_0_a_rate_that_suits_each_loss_makes_up_for_the_difference(seed):
    """ "A larger rate makes up for part of it": from 0 for all but a step or two, from a wrong start for part."""
    rng, true = np.random.default_rng(seed), np.array([0.5, 2.0, -1.5])
    X = np.column_stack([np.ones(400), rng.normal(size=(400, 2))])
    y = rng.random(400) < 1 / (1 + np.exp(-X @ true))

    def run(squared: bool, rate: float, start: np.ndarray, steps: int) -> tuple[np.ndarray, np.ndarray]:
        w, cost, hits = start, [], []
        for _ in range(steps):
            p = 1 / (1 + np.exp(-X @ w))
            cost.append(np.mean((p - y) ** 2) if squared else -np.mean(np.log(np.where(y, p, 1 - p))))
            hits.append(np.mean((p > 0.5) == y))
            w = w - rate * X.T @ ((p - y) * (2 * p * (1 - p) if squared else 1)) / 400
        return np.array(cost), np.array(hits)

    def from_zero(squared: bool, rates: tuple[float, ...]) -> int:
        floor = run(squared, 2, np.zeros(3), 1500)[0].min()
        costs = [run(squared, rate, np.zeros(3), 60)[0] for rate in rates]
        close = [(cost - floor) / (cost[0] - floor) <= 0.001 for cost in costs]
        return min(int(reached.argmax()) for reached in close if reached.any())

    def from_wrong(squared: bool, rates: tuple[float, ...]) -> int:
        goal = np.mean((X @ true > 0) == y) - 0.02
        close = [run(squared, rate, -3 * true, 200)[1] >= goal for rate in rates]
        return min(int(reached.argmax()) for reached in close if reached.any())

    assert from_zero(True, (10, 12, 15, 18)) <= from_zero(False, (4, 6, 8, 10)) + 4
    assert from_wrong(True, (10, 20, 30)) >= 5 * from_wrong(False, (4, 10, 20))


@seeds
def test_a_mean_squared_error_of_0_97_leaves_room_for_few_forecasts_that_are_not_confidently_wrong(seed):
    """Each squared error is at most 1: a share of more than 0.06 with half of that would bring the mean below 0.97."""
    rng = np.random.default_rng(seed)
    worst = np.append(np.full(60, 0.5), np.ones(940))
    assert worst.mean() == pytest.approx(0.97)
    assert rng.uniform(0, 0.5, 70).sum() + 930 < 970


def test_a_label_of_2_costs_the_same_in_every_formula_and_depends_on_the_logit():
    for z, cost in ((0.5, -0.026), (np.log(9), -2.09)):
        through_p = -2 * np.log(1 / (1 + np.exp(-z))) + np.log(1 - 1 / (1 + np.exp(-z)))
        stable = max(z, 0) - 2 * z + np.log1p(np.exp(-abs(z)))
        assert through_p == pytest.approx(stable)
        assert stable == pytest.approx(cost, abs=0.005)
    assert "z = 0.5, a label of 2" in lesson("04-confidence")


def test_one_bad_entry_outweighs_all_others_because_squares_are_small():
    """Not because RMSE starts from less: BCE starts from the same 0.01."""
    assert -np.log(0.99) == pytest.approx(0.01, rel=0.01)
    weight = {"bce": np.log(0.01) / np.log(0.99), "square": 0.99**2 / 0.01**2}
    assert weight["bce"] == pytest.approx(458, abs=0.5)
    assert weight["square"] == pytest.approx(9801)
    assert (999 + weight["square"]) / 1000 == pytest.approx(10.8)
    assert np.sqrt((999 + weight["square"]) / 1000) == pytest.approx(3.29, abs=0.005)
    assert "9801 good ones" in lesson("04-confidence")


@seeds
def test_the_squares_outweigh_from_any_good_start(seed):
    good, bad = np.random.default_rng(seed).uniform((0.95, 0.001), (0.999, 0.1))
    assert ((1 - bad) / (1 - good)) ** 2 > 5 * np.log(bad) / np.log(good)


def test_which_loss_reacts_more_depends_on_the_unit():
    p = np.linspace(0.001, 0.999, 9981)
    nats = 1 / (2 * p * (1 - p))
    assert nats.min() == pytest.approx(2)
    assert (nats / np.log(10)).min() == pytest.approx(0.87, abs=0.005)
    scaled = (1 / p / np.log(2)) / (2 * (1 - p) / 0.25)
    squares_lead = p[scaled < 1]
    assert (squares_lead.min(), squares_lead.max()) == pytest.approx((0.236, 0.764), abs=0.001)
    assert scaled.min() == pytest.approx(0.72, abs=0.005)
    assert scaled[0] > 100, "towards the ends BCE reacts more in every unit"


TRUE = np.array([0.5, 2.0, -1.5])


@functools.cache
def data(seed: int, n: int = 400) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    table = np.column_stack([np.ones(n), rng.normal(size=(n, 2))])
    return table, (rng.random(n) < logits.sigmoid(table @ TRUE)).astype(float)


@functools.cache
def train(seed: int, loss: str, k: int = 0, rate: float = 1.0, steps: int = 1500) -> tuple[np.ndarray, ...]:
    """Costs, shares that were right, and the final weights, from -k times the true ones."""
    table, y = data(seed)
    weights, cost, right = -k * TRUE, [], []
    for _ in range(steps + 1):
        z = table @ weights
        p = logits.sigmoid(z)
        cost.append(np.mean(np.logaddexp(0, z) - y * z if loss == "bce" else (p - y) ** 2))
        right.append(np.mean((z > 0) == y))
        slope = p - y if loss == "bce" else 2 * (p - y) * p * (1 - p)
        weights = weights - rate * table.T @ slope / len(y)
    return np.array(cost), np.array(right), weights


def done(cost: np.ndarray, share: float) -> int:
    """Steps until only this share of the whole reduction is left."""
    return int(np.argmax((cost - cost[-1]) <= share * (cost[0] - cost[-1])))


@seeds
def test_the_squared_error_is_slower_from_0_too(seed):
    """ "Only from a saturated start" is refuted by following each loss instead of the accuracy."""
    bce_cost, square_cost = train(seed, "bce")[0], train(seed, "square")[0]
    for share in (0.01, 0.001):
        assert done(square_cost, share) > 1.5 * done(bce_cost, share)


@seeds
def test_the_first_gradient_from_0_is_exactly_half(seed):
    table, y = data(seed)
    zero = np.zeros(len(y))
    bce_slope, square_slope = (f(y, zero) for f in (logits.bce_grad_logits, logits.mse_grad_logits))
    assert np.allclose(table.T @ square_slope, table.T @ bce_slope / 2)


def test_better_performance_does_not_follow():
    """Over twelve data sets, on fresh points: no difference of two standard errors, and none of a tenth of a point."""
    table, y = data(10_000, 100_000)
    shares = [[np.mean((table @ train(seed, loss)[2] > 0) == y) for loss in ("bce", "square")] for seed in range(12)]
    gain = np.subtract(*np.transpose(shares))
    assert abs(gain.mean()) < 0.001
    assert abs(gain.mean()) < 2.5 * gain.std(ddof=1) / np.sqrt(12)


def test_three_of_400_points_are_less_than_a_standard_error():
    assert np.sqrt(0.82 * 0.18 / 400) / 2 > 3 / 400


@seeds
def test_a_larger_rate_buys_part_of_the_way(seed):
    """From far away the squared error is slower at the same rate, and a larger rate shortens its way."""
    arrived = {}
    for loss, rate in (("bce", 1.0), ("square", 1.0), ("square", 10.0)):
        right = train(seed, loss, 3, rate)[1]
        arrived[loss, rate] = int(np.argmax(right >= train(seed, "bce")[1][-1] - 0.03))
    assert arrived["bce", 1.0] < 30 < 150 < arrived["square", 1.0]
    assert arrived["square", 10.0] < arrived["square", 1.0] / 5
    assert arrived["bce", 1.0] < arrived["square", 10.0]


@seeds
def test_from_ten_times_wrong_the_plateau_is_longer_than_3000_steps_at_rate_1(seed):
    right = train(seed, "square", 10, 1.0, 3000)[1]
    assert right.max() < 0.7
    assert train(seed, "bce", 10)[1][100] > 0.75


def test_learning_rates_are_stated_and_varied():
    text = lesson("04-confidence")
    assert "learning rate 1" in text
    assert "for rate in (1, 10, 20, 100):" in text
    assert '("BCE", 8), ("squared error", 15)' in text


def test_the_form_that_lacked_a_sign():
    """inp - inp * y + m + log(exp(-m) + exp(-inp - m)): right with m = max(-inp, 0), inf with m = max(inp, 0)."""
    z, y = -800.0, 0.0
    with np.errstate(over="ignore"):
        for m, expected in ((max(-z, 0.0), 0.0), (max(z, 0.0), np.inf)):
            got = z - z * y + m + np.log(np.exp(-m) + np.exp(-z - m))
            assert got == pytest.approx(expected, abs=1e-9)


def test_100_is_what_a_limited_logarithm_gives():
    with np.errstate(divide="ignore"):
        assert -max(np.log(np.float32(0)), -100.0) == 100
    assert "max(float(np.log(1 - p)), -100.0)" in lesson("04-confidence")


@pytest.mark.parametrize("seed", range(10))
def test_equal_soft_labels_have_a_baseline_above_0_and_a_loss_of_097_leaves_little_slope(seed):
    rng = np.random.default_rng(seed)
    q = rng.uniform(0.05, 0.95)
    y = np.full(5, q)
    assert -np.mean(y * np.log(q) + (1 - y) * np.log(1 - q)) > 0.19
    assert y.std() == pytest.approx(0)
    error = np.sqrt(np.clip(0.97 + rng.uniform(-0.03, 0.03, 400), 0, 1))  # |y - p|, for labels of 0 and 1
    error *= np.sqrt(0.97 / np.mean(error**2))
    error = np.minimum(error, 1)
    assert np.mean(error * (1 - error)) <= np.sqrt(np.mean(error**2)) - np.mean(error**2) + 1e-12
    assert np.sqrt(0.97) - 0.97 < 0.015
