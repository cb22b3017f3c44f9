"""What units 5 to 7 say that numbers *mean*, tried on at least ten seeds: each test fails for the popular sentence.

The functions are those of the lessons themselves, taken from their code cells; data are drawn anew.
"""

from __future__ import annotations

import functools
import warnings
from types import SimpleNamespace

import numpy as np
import pytest
from lesson_code import ROOT, lesson
from scipy import stats
from sklearn.ensemble import RandomForestRegressor

SEEDS = range(10)


def rng(seed: int) -> np.random.Generator:
    return np.random.default_rng(seed)


def rmse(errors: np.ndarray) -> float:
    return float(np.sqrt(np.mean(np.square(errors))))


# Unit 5


@pytest.mark.parametrize("seed", SEEDS)
def test_a_smaller_unit_makes_the_mse_larger(seed):
    """ "It grows with the square of the unit": the number grows as the unit shrinks."""
    metres = rng(seed).normal(0, 0.05, 50)
    assert np.mean((100 * metres) ** 2) == pytest.approx(10_000 * np.mean(metres**2)), "centimetres are smaller"
    assert np.mean((metres / 1000) ** 2) < np.mean(metres**2), "kilometres are larger"


def trained(A: np.ndarray, y: np.ndarray, start: np.ndarray, lr: float) -> tuple[list[float], np.ndarray]:
    """Gradient descent on the mean of all n × n squared differences: its roots, and the last predictions."""
    w, losses = start, []
    for _ in range(4000):
        error = (A @ w)[:, None] - y
        losses.append(rmse(error))
        w = w - lr * 2 * A.T @ error.mean(axis=1) / len(y)
    return losses, A @ w


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("lr", [0.01, 0.05, 0.2])
def test_a_model_trained_on_the_column_bug_ends_at_one_standard_deviation_with_equal_predictions(seed, lr):
    """ "A loss stands at 1.41 standard deviations" is what perfect predictions score, and no training ends there."""
    A = np.c_[np.ones(40), rng(seed).normal(size=(40, 3))]
    y = A @ rng(seed + 100).normal(size=4) * 5 + rng(seed + 200).normal(size=40)
    losses, predictions = trained(A, y, 3 * rng(seed + 300).normal(size=4), lr)
    assert losses[-1] == pytest.approx(y.std())
    assert losses[0] > losses[-1]
    assert np.ptp(predictions) < 1e-6 * y.std()
    assert predictions[0] == pytest.approx(y.mean())
    assert rmse(y[:, None] - y) == pytest.approx(np.sqrt(2) * y.std())


@pytest.mark.parametrize("seed", SEEDS)
def test_a_model_without_intercept_does_not_end_at_one_standard_deviation(seed):
    """ "The n × n loss stops at 1.00" and "with every learning rate": with an intercept, and at rates that converge."""
    A = np.c_[np.ones(60), rng(seed).normal(size=(60, 2))]
    y = A @ [50.0, 8.0, -4.0] + rng(seed + 100).normal(size=60)
    losses, predictions = trained(A[:, 1:], y, np.zeros(2), 0.1)
    assert losses[-1] > 2 * y.std()
    assert predictions.std() > 0.01 * y.std()
    with np.errstate(over="ignore", invalid="ignore"):
        assert not trained(A, y, np.zeros(3), 1.05)[0][-1] < 1e6


@pytest.mark.parametrize("seed", SEEDS)
def test_it_is_the_squared_differences_that_have_a_lowest_mean(seed):
    """ "Minimises the mean over all n × n differences": that mean falls without end."""
    y, f = rng(seed).normal(size=(2, 40))
    mean = [np.mean((f - shift)[:, None] - y) for shift in (0, 1e3, 1e6)]
    assert mean == sorted(mean, reverse=True)
    assert mean[-1] < -9e5


@pytest.mark.parametrize("seed", SEEDS)
def test_float16_warns_of_its_overflow_and_uint8_does_not(seed):
    """The two stood in one table of "silent accidents"."""
    large = rng(seed).integers(257, 60_000, 5).astype(np.float16)
    with pytest.warns(RuntimeWarning, match="overflow"):
        assert np.mean(large**2) == np.inf
    small, other = rng(seed).integers(100, 256, (2, 5)).astype(np.uint8)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        wrapped = np.sqrt(np.mean((small - other) ** 2))
    assert wrapped != pytest.approx(rmse(small.astype(float) - other))


@pytest.mark.parametrize("seed", SEEDS)
def test_kelvin_targets_are_larger_numbers_and_have_the_same_mse(seed):
    """ "In kelvin the targets are 32 times as large": their mean is; what zero means differs, so no ratio holds."""
    y = rng(seed).normal(10, 6, 60)
    y_hat = y + rng(seed + 100).normal(0, 2, 60)
    kelvin, kelvin_hat = y + 273.15, y_hat + 273.15
    assert (kelvin > y).all()
    assert np.mean(np.abs(kelvin / y - kelvin.mean() / y.mean()) < 8) < 0.6
    assert rmse(kelvin - kelvin_hat) == pytest.approx(rmse(y - y_hat))
    assert rmse(1.8 * y - 1.8 * y_hat) == pytest.approx(1.8 * rmse(y - y_hat))


@pytest.mark.parametrize("seed", SEEDS)
def test_mse_does_grow_with_targets_if_the_errors_are_a_share_of_them(seed):
    """ "MSE grows with the errors, not with the targets" is too much: prices are often off by so many per cent."""
    y = np.sort(rng(seed).lognormal(0, 1, 2000))
    errors = 0.1 * y * rng(seed + 100).normal(size=2000)
    assert mean_square(errors[1000:]) > 15 * mean_square(errors[:1000])


@pytest.mark.parametrize("seed", SEEDS)
def test_the_range_stops_growing_where_targets_have_a_limit(seed):
    """ "More data contain more extreme values, so the range keeps growing" is true without a limit only."""
    draw = rng(seed)
    gaussian = [np.mean([np.ptp(draw.normal(size=n)) for _ in range(20)]) for n in (300, 30_000)]
    uniform = [np.mean([np.ptp(draw.uniform(size=n)) for _ in range(20)]) for n in (300, 30_000)]
    assert gaussian[1] > 1.3 * gaussian[0]
    assert uniform[1] < 1.02 * uniform[0]


@pytest.mark.parametrize("seed", SEEDS)
def test_where_values_near_the_limit_are_rare_the_range_keeps_growing(seed):
    """ "With a limit a few hundred values come close to it": not within a tenth of it, for Beta(5, 5)."""
    ranges = [np.mean([np.ptp(rng([seed, k]).beta(5, 5, n)) for k in range(5)]) for n in (300, 30_000)]
    assert ranges[0] < 0.82
    assert ranges[1] > 1.12 * ranges[0]


@pytest.mark.parametrize("seed", SEEDS)
def test_the_standard_deviation_that_makes_the_mean_score_1_has_ddof_0_also_for_a_sample(seed):
    """ "The targets are all there is, not a sample": a sample of 20 is divided by the same."""
    y = rng(seed).normal(size=20)
    assert lesson("05-scale").nrmse(y, np.full(20, y.mean())) == pytest.approx(1, rel=1e-12)
    assert rmse(y - y.mean()) / y.std(ddof=1) < 0.98


@pytest.mark.parametrize("seed", SEEDS)
def test_bce_depends_on_the_clip_on_weights_and_on_smoothed_labels(seed):
    """ "Two choices change the number of a BCE": more do."""
    p = np.append(rng(seed).uniform(0.5, 1, 20), 0.0)
    y, weights = np.ones(21), np.append(np.ones(20), 3)

    def bce(eps=1e-7, smooth=0.0, weights=None):
        q, s = np.clip(p, eps, 1 - eps), y * (1 - smooth) + smooth / 2
        return np.average(-s * np.log(q) - (1 - s) * np.log(1 - q), weights=weights)

    assert bce(eps=1e-15) > 1.5 * bce()
    assert abs(bce(smooth=0.1) - bce()) > 0.01
    assert abs(bce(weights=weights) - bce()) > 0.01


@pytest.mark.parametrize("seed", SEEDS)
def test_a_guesser_pays_on_average_what_a_better_reader_who_says_a_third_does_not(seed):
    """ "For comparison, saying the same every time costs" three numbers: one of them is somebody else's."""

    def says_a_third(share):
        right = rng(seed).uniform(size=20_000) < share
        return np.mean(-np.log(np.where(right, 1 / 3, 2 / 3)))

    assert says_a_third(1 / 3) == pytest.approx(0.6365, abs=0.01)
    assert says_a_third(0.8) > 0.94


@pytest.mark.parametrize("count", [3, 6, 7])
@pytest.mark.parametrize("value", [0.1, 0.3, 1.7, 5.0])
def test_the_printed_nrmse_refuses_equal_targets_also_where_their_standard_deviation_is_rounded(value, count):
    for method in ("std", "range"):
        with pytest.raises(ValueError):
            lesson("05-scale").nrmse([value] * count, [2 * value] * count, method)


@pytest.mark.parametrize("seed", SEEDS)
def test_the_lowest_of_more_candidates_of_one_quality_is_further_below_the_truth(seed):
    """Unit 6 says so of the reported loss without a table; ten candidates against two, on the same rows."""
    losses = (rng(seed).normal(size=(2000, 10, 30)) ** 2).mean(axis=2)
    assert losses.min(axis=1).mean() < losses[:, :2].min(axis=1).mean() - 0.1 < 0.9


@pytest.mark.parametrize("seed", SEEDS)
def test_a_strictly_proper_score_prefers_the_truth_on_average_and_not_in_every_sample(seed):
    """Unit 7: "both prefer the true probabilities to any others" lacks "on average"."""
    y = rng(seed).random((4000, 20)) < 0.7
    cost = {p: ((y - p) ** 2).mean(axis=1) for p in (0.7, 0.8)}
    assert cost[0.7].mean() < cost[0.8].mean()
    assert np.mean(cost[0.8] < cost[0.7]) > 0.2


@pytest.mark.parametrize("seed", SEEDS)
def test_a_perfectly_predicted_outlier_makes_both_normalised_errors_six_times_smaller(seed):
    y = rng(seed).normal(0, 1, 200)
    y_hat = y + rng(seed + 100).normal(0, 0.5, 200)
    for size in (np.std, np.ptp):
        before = rmse(y - y_hat) / size(y)
        after = rmse(np.append(y - y_hat, 0)) / size(np.append(y, 100))
        assert before > 6 * after


def test_the_model_answer_of_unit_5_has_the_worse_model_with_the_smaller_number():
    """8 kelvin at a mean of 282 K against 0.4 °C at a mean of 8.7 °C."""
    assert round(8 / 282, 2) == 0.03
    assert round(0.4 / 8.7, 2) == 0.05
    assert round(8 / 0.4, 6) == 20


@pytest.mark.parametrize("seed", SEEDS)
def test_the_mean_of_the_root_errors_is_below_the_root_error_of_all_entries(seed):
    """ "MSE and RMSE are interchangeable": across folds only the squares add up."""
    folds = [rng(seed).normal(0, spread, 50) for spread in (1, 4)]
    roots = [rmse(fold) for fold in folds]
    assert np.sqrt(np.mean(np.square(roots))) == pytest.approx(rmse(np.concatenate(folds)))
    assert np.mean(roots) < 0.95 * rmse(np.concatenate(folds))


# Unit 6


def mean_square(errors: np.ndarray) -> float:
    return float(np.mean(np.square(errors)))


@pytest.mark.parametrize("seed", SEEDS)
def test_worlds_a_and_f_have_the_same_residuals_and_only_a_overfits(seed):
    """ "Overfitted, and excellent": in F no smaller model does better, which is what overfitting would mean."""
    world = lesson("06-overfitting").many_features
    noise, signal = world(seed, 0)[1], world(seed, 2.4)[1]
    assert np.allclose(noise, signal)
    kept = (1, 140, 172)
    a, f = ([mean_square(world(seed, size, k)[1][200:600]) for k in kept] for size in (0, 2.4))
    assert a == sorted(a)
    assert min(f) == f[-1]
    assert f[0] > 1000 * f[-1]


@pytest.mark.parametrize("seed", SEEDS)
def test_a_penalty_improves_world_a_and_spoils_world_f(seed):
    for size, better in ((0, True), (2.4, False)):
        draw = rng(seed)
        X = draw.normal(size=(600, 172))
        y = X @ (size * draw.normal(size=172)) + 0.26 * draw.normal(size=600)

        def loss(penalty, X=X, y=y):
            w = np.linalg.solve(X[:200].T @ X[:200] + penalty * np.eye(172), X[:200].T @ y[:200])
            return mean_square(y[200:] - X[200:] @ w)

        assert (loss(1000) < loss(0)) == better
        assert (loss(10) < loss(0)) == better


@pytest.mark.parametrize("seed", SEEDS)
def test_fresh_rows_show_the_small_loss_in_four_worlds(seed):
    """Other seeds give the same stories as those that the lesson shows."""
    unit = lesson("06-overfitting")
    for world in (unit.noisier_labels, unit.shifted_inputs, unit.leaked_feature, unit.one_outlier):
        _, e = world(seed)
        assert mean_square(e[600:]) < 0.02
        assert mean_square(e[200:208] if world is unit.one_outlier else e[200:600]) > 0.3


@pytest.mark.parametrize("seed", SEEDS)
def test_a_constant_that_looks_at_the_validation_targets_turns_the_sign_of_world_c(seed):
    """The baseline is fitted on the training rows."""
    y, e = lesson("06-overfitting").shifted_inputs(seed)
    val = y[200:600]
    assert 1 - mean_square(e[200:600]) / mean_square(val - y[:200].mean()) > 0.5
    assert 1 - mean_square(e[200:600]) / val.var() < -0.3


def walks(seed: int) -> tuple[np.ndarray, np.ndarray]:
    steps = np.cumsum(rng(seed).normal(size=(400, 500)), axis=1)
    return steps[:, :400], steps[:, 400:]


@pytest.mark.parametrize("seed", SEEDS)
def test_the_last_value_is_the_best_forecast_of_a_walk_and_no_useless_one(seed):
    """ "Four leaks turn a useless model into one that looks good": three do."""
    known, later = walks(seed)
    constant = mean_square(later - known.mean(axis=1, keepdims=True))

    def skill(forecast):
        return 1 - mean_square(later - forecast) / constant

    last = known[:, -1:]
    trend = last + (last - known[:, :1]) / 399 * np.arange(1, 101)
    assert skill(last) > 0.6
    assert skill(last) > max(skill(known[:, -50:].mean(axis=1, keepdims=True)), skill(0.8 * last), skill(trend))
    assert 1 - mean_square(later - last) / np.mean(later.var(axis=1)) < -1.5


@pytest.mark.parametrize("seed", SEEDS)
def test_a_feature_known_in_time_is_better_than_none(seed):
    """World D: "drop the feature" would cost nearly all skill."""
    world = lesson("06-overfitting").leaked_feature
    y, late = world(seed)
    in_time = mean_square(world(seed, noise=0.7)[1][200:600])
    assert in_time < mean_square(late[200:600]) < 0.4 * mean_square(y[200:600] - y[:200].mean())
    assert in_time == pytest.approx(0.392, rel=0.15)


@pytest.mark.parametrize("seed", SEEDS)
def test_the_interval_of_95_percent_covers_81_at_eight_rows(seed):
    low, high = lesson("06-overfitting").intervals(rng(seed), 8, 4000)
    assert 0.78 < np.mean((low <= 0.49) & (high >= 0.49)) < 0.84
    assert np.mean(high < 0.49) > 20 * np.mean(low > 0.49)
    low, high = lesson("06-overfitting").intervals(rng(seed), 400, 4000)
    assert 0.925 < np.mean((low <= 0.49) & (high >= 0.49)) < 0.96


@pytest.mark.parametrize("seed", SEEDS)
def test_welchs_t_covers_only_85_at_eight_rows(seed):
    train = 0.01 * rng(seed).normal(size=(4000, 200)) ** 2
    val = 0.5 * rng(seed + 100).normal(size=(4000, 8)) ** 2
    low, high = stats.ttest_ind(val, train, axis=1, equal_var=False).confidence_interval()
    assert 0.82 < np.mean((low <= 0.49) & (high >= 0.49)) < 0.87


def test_welchs_t_for_world_e():
    unit = lesson("06-overfitting")
    _, e = unit.one_outlier(69)
    train, val = e[:200] ** 2, e[200:208] ** 2
    assert np.round(stats.ttest_ind(val, train, equal_var=False).confidence_interval(), 2).tolist() == [-0.69, 1.69]
    assert np.round(unit.gap_interval(train, val)[1:], 2).tolist() == [-0.49, 1.49]
    assert unit.diagnose_gap(train, val, 2.0) == "no-clear-gap"


@pytest.mark.parametrize("seed", SEEDS)
def test_with_eight_rows_a_model_with_skill_is_often_called_without(seed):
    word, draw = lesson("06-overfitting").diagnose_gap, rng(seed)
    train = 0.7 * draw.normal(size=1000) ** 2

    def called(n: int) -> float:
        """The share of samples in which a loss of 0.7 looks no better than the constant's 0.8 on the same n rows."""
        known, noise = np.sqrt([0.1, 0.7])[:, None, None] * draw.normal(size=(2, 400, n))
        pairs = zip(noise**2, np.mean((known + noise) ** 2, axis=1), strict=True)
        return float(np.mean([word(train, val, baseline) == "no-skill" for val, baseline in pairs]))

    assert 0.22 < called(8) < 0.38
    assert 0.09 < called(30) < 0.22
    assert called(400) < 0.01, "a baseline known in advance would make it 2 %: the noise of the rows is shared"


@pytest.mark.parametrize("seed", SEEDS)
def test_dropout_helps_in_world_d(seed):
    """ "A feature leaked into the training rows, and dropout would not help at all": it trusts the feature less."""
    draw = rng(seed)
    y = 1.4 * draw.normal(size=1600)
    feature = y + draw.normal(size=1600) * np.repeat([0.1, 0.7, 0.1], [200, 400, 1000])
    A, loss = np.c_[feature, np.ones(1600)], {}
    for share in (0, 0.2):
        penalty = np.diag([share / (1 - share) * np.sum(feature[:200] ** 2), 0])  # the mean over all ways to drop
        w = np.linalg.solve(A[:200].T @ A[:200] + penalty, A[:200].T @ y[:200])
        loss[share] = mean_square((y - A @ w)[200:600])
    assert loss[0.2] < 0.87 * loss[0]
    y, e = lesson("06-overfitting").leaked_feature(seed)
    assert loss[0] == pytest.approx(mean_square(e[200:600]))


@pytest.mark.parametrize("seed", SEEDS)
def test_the_skill_alone_tells_world_a_from_world_f_and_f_has_fitted_noise_too(seed):
    """ "Only the capacity curve tells the two apart": it tells that F does not overfit."""
    for size, low, high in ((0, -99, -2), (2.4, 0.99, 1)):
        y, e = lesson("06-overfitting").many_features(seed, size)
        assert low < 1 - mean_square(e[200:600]) / mean_square(y[200:600] - y[:200].mean()) < high
        assert 1 - 0.26**2 / mean_square(e[200:600]) > 0.75


def test_other_seeds_of_worlds_a_and_f_show_other_validation_losses():
    """ "The same six stories with slightly different numbers": the stories, yes."""
    shown = []
    for seed in SEEDS:  # as many_features does it, with fewer rows and the normal equations, since it is done often
        X, noise = rng(seed).normal(size=(600, 172)), 0.26 * rng(seed + 100).normal(size=600)
        shown.append(mean_square((noise - X @ np.linalg.solve(X[:200].T @ X[:200], X[:200].T @ noise[:200]))[200:]))
    assert max(shown) > 1.5 * min(shown)
    assert min(shown) > 0.25
    assert sum(round(loss, 1) == 0.5 for loss in shown) < 5


@pytest.mark.parametrize("seed", SEEDS)
def test_an_exact_interval_for_eight_gaussian_errors_exists_and_is_wide(seed):
    """ "No formula replaces rows": one gives the right coverage. None gives a narrow interval."""
    measured = 0.5 * (rng(seed).normal(size=(20_000, 8)) ** 2).mean(axis=1)
    low, high = (8 * measured / stats.chi2.ppf(end, 8) for end in (0.975, 0.025))
    assert np.mean((low <= 0.5) & (high >= 0.5)) == pytest.approx(0.95, abs=0.006)
    assert (high - low) / measured == pytest.approx(3.2, abs=0.05)
    assert np.all(high - measured > 2 * (measured - low))


@pytest.mark.parametrize("seed", SEEDS)
def test_a_closing_gap_is_in_part_a_rising_training_loss(seed):
    """ "As long as the gap closes, more rows help": it is the validation loss that would have to fall."""
    runs = [[lesson("06-overfitting").two_losses(rng([seed, k]), n) for k in range(20)] for n in (60, 200)]
    (train, val), (later, lower) = np.mean(runs, axis=1)
    assert later - train > 0.3 * (val - lower) > 0


@pytest.mark.parametrize("seed", SEEDS)
def test_the_honest_forecast_of_a_walk_loses_to_the_constant_in_a_quarter_of_walks(seed):
    """ "Random days make a *good* forecast look nearly perfect": pooled it is good, and a few walks make it so."""
    known, later = walks(seed)
    last, constant = (np.mean((later - past) ** 2, axis=1) for past in (known[:, -1:], known.mean(axis=1)[:, None]))
    assert 0.17 < np.mean(last > constant) < 0.36
    far = constant > np.quantile(constant, 0.75)
    assert constant[far].sum() > 0.6 * constant.sum()
    assert 1 - last[~far].sum() / constant[~far].sum() < 1 - last.sum() / constant.sum() - 0.2


@functools.cache
def polynomials() -> np.ndarray:
    """Squared errors over data set, degree and row; other data sets than those of the lesson."""
    return np.array([lesson("06-overfitting").squared_errors(1000 + seed) for seed in range(300)])


def test_no_degree_wins_on_a_single_data_set():
    """ "Validation is best at degree 6": on that data set 3 to 7 are tied, on others 3 or 5 is in front."""
    val = polynomials()[:, :, 30:330].mean(axis=2)
    wins = np.bincount(val.argmin(axis=1), minlength=12) / len(val)
    assert wins.max() < 0.6
    assert wins[3:8].sum() > 0.9
    assert np.median(val[:, 11]) > 2 * np.median(val[:, 3:8])
    assert val[:, 11].mean() > 100 * val[:, 3:6].mean(), "of medians it is twice, of means it is a thousand times"
    assert np.percentile(val[:, 7], 90) > 2 * np.percentile(val[:, 3:6], 90)
    assert val[:, 7].mean() > 2 * val[:, 3:6].mean(axis=0).max()
    train = polynomials()[:, :, :30].mean(axis=2)
    assert (np.diff(train, axis=1) < 1e-12).all()


@pytest.mark.parametrize("n", [10, 30])
def test_the_best_of_many_validation_losses_is_too_low(n):
    e = polynomials()[:, :6]
    reported, new = e[:, :, 30 : 30 + n].mean(axis=2), e[:, :, 330:].mean(axis=2)
    chosen = reported.argmin(axis=1)[:, None]
    optimism = np.take_along_axis(new - reported, chosen, axis=1)[:, 0]
    assert optimism.mean() > 2.5 * optimism.std(ddof=1) / np.sqrt(len(optimism))
    fixed = (new - reported)[:, 3]
    assert abs(fixed.mean()) < 3 * fixed.std(ddof=1) / np.sqrt(len(fixed))


@pytest.mark.parametrize("seed", SEEDS)
def test_a_model_with_training_error_0_predicts_best(seed):
    near, draw = lesson("06-overfitting").neighbours, rng(500 + seed)
    X = draw.uniform(0, 1, (400, 2))
    y = np.sin(6 * X[:, 0]) * np.cos(5 * X[:, 1]) + 0.1 * draw.normal(size=400)
    kinds = {"60": (60, False), "1": (1, False), "6": (6, False), "6 weighted": (6, True)}
    e = {name: (near(*kind, X, X[:200], y[:200]) - y) ** 2 for name, kind in kinds.items()}
    assert min(e, key=lambda name: e[name][200:].mean()) == "6 weighted"
    assert e["6 weighted"][:200].mean() < 1e-12
    gap = {name: part[200:].mean() - part[:200].mean() for name, part in e.items()}
    assert max(e, key=lambda name: e[name][200:].mean()) == "60"
    assert gap["60"] / e["60"][:200].mean() < 0.4
    assert gap["1"] > gap["6 weighted"] > gap["6"], "the best model has a larger gap than worse ones, not the largest"


def epochs(seed: int, lr: float, count: int) -> np.ndarray:
    """Validation BCE and accuracy before each epoch, as in section 6."""
    draw = rng(seed)
    X = draw.normal(size=(2060, 30))
    chance = 1 / (1 + np.exp(-X[:, :3] @ [2.0, -2.0, 1.0]))
    y, w, seen = (draw.uniform(size=2060) < chance) * 1.0, np.zeros(30), []
    for _ in range(count):
        z = X @ w
        seen.append([(np.logaddexp(0, z) - y * z)[60:].mean(), ((z > 0) == y)[60:].mean()])
        w -= lr * X[:60].T @ (1 / (1 + np.exp(-z[:60])) - y[:60]) / 60
    return np.array(seen)


@functools.cache
def trained_long() -> SimpleNamespace:
    """Forty data sets of section 6, trained side by side: validation labels, logits at the best epoch and the last."""
    draws = [rng(seed) for seed in range(40)]
    X = np.array([draw.normal(size=(2060, 30)) for draw in draws])
    chance = sigmoid(X[:, :, :3] @ [2.0, -2.0, 1.0])
    y = (np.array([draw.uniform(size=2060) for draw in draws]) < chance) * 1.0
    w, lowest, best = np.zeros((40, 30, 1)), np.full(40, np.inf), np.zeros((40, 2000))
    known = np.ascontiguousarray(X[:, :60]), np.ascontiguousarray(X[:, :60].swapaxes(1, 2))
    for epoch in range(3001):
        if epoch < 25:  # later none is best
            z = (X[:, 60:] @ w)[:, :, 0]
            bce = np.mean(np.logaddexp(0, z) - y[:, 60:] * z, axis=1)
            best[bce < lowest], lowest = z[bce < lowest], np.minimum(bce, lowest)
        if epoch < 3000:
            w = w - known[1] @ (sigmoid(known[0] @ w) - y[:, :60, None]) / 60
    return SimpleNamespace(y=y[:, 60:], best=best, last=(X[:, 60:] @ w)[:, :, 0])


def bce_of(z: np.ndarray, y: np.ndarray) -> np.ndarray:
    return np.mean(np.logaddexp(0, z) - y * z, axis=-1)


def test_validation_bce_triples_while_the_accuracy_falls_too():
    """ "The accuracy changes by less than two points": in half of the data sets, and on average it falls by two."""
    runs = trained_long()
    grown = bce_of(runs.last, runs.y) / bce_of(runs.best, runs.y)
    assert grown[:10].min() > 3, "those of the lesson"
    assert grown.min() > 2.5
    right = [np.mean((z > 0) == runs.y, axis=1) for z in (runs.best, runs.last)]
    falls = right[0] - right[1]
    assert falls.mean() > 3 * falls.std(ddof=1) / np.sqrt(40)
    assert (round(falls[:10].mean(), 4), round(falls[:10].std(ddof=1) / np.sqrt(10), 4)) == (0.0202, 0.0062)
    assert falls.max() < 0.12
    assert np.mean(np.abs(falls) < 0.02) < 0.7


def test_many_decisions_change_and_what_ruins_the_bce_is_surety():
    """ "Few decisions change" and "rows on the wrong side mostly stay there": it is the flips that cancel."""
    runs = trained_long()
    was, now = ((z > 0) == runs.y for z in (runs.best, runs.last))
    assert np.mean(was != now, axis=1).min() > 0.08
    assert np.mean(~was & now, axis=1).min() > 0.03
    assert np.max(np.sum(~was & ~now, axis=1) / np.sum(~was, axis=1)) < 0.9
    assert np.all(bce_of(0.07 * runs.last, runs.y) < 1.3 * bce_of(runs.best, runs.y))
    wrong = [np.average(np.abs(z), 1, ~right) for z, right in ((runs.best, was), (runs.last, now))]
    assert np.all(wrong[1] > 6 * wrong[0])


@pytest.mark.parametrize("seed", SEEDS)
def test_a_tenth_of_the_learning_rate_is_ten_times_later(seed):
    fast, slow = epochs(seed, 1.0, 40)[:, 0], epochs(seed, 0.1, 400)[:, 0]
    assert 8 * fast.argmin() < slow.argmin() < 14 * fast.argmin()
    assert slow.min() == pytest.approx(fast.min(), rel=0.02)


@pytest.mark.parametrize("seed", SEEDS)
def test_a_leak_in_both_sets_shows_in_neither_and_one_in_training_looks_like_overfitting(seed):
    """ "Both losses look good, so comparing the two cannot show it" is half of it: world D is the other half."""
    unit = lesson("06-overfitting")
    draw = rng(seed)
    y = draw.normal(size=600)
    late = y + 0.1 * draw.normal(size=600)
    e = (y - late * (late[:300] @ y[:300]) / (late[:300] @ late[:300])) ** 2
    _, low, high = unit.gap_interval(e[:300], e[300:], z=3)
    assert low < 0 < high
    assert e.mean() < 0.02
    y, e = unit.leaked_feature(seed)
    assert unit.diagnose_gap(e[:200] ** 2, e[200:600] ** 2, mean_square(y[200:600] - y[:200].mean())) == "gap"


@pytest.mark.parametrize("seed", SEEDS)
def test_the_sizes_of_the_leaks(seed):
    unit = lesson("06-overfitting")

    def skill(leak, leaky):
        return 1 - np.divide(*np.sum([leak(rng([seed, k]), leaky) for k in range(20)], axis=0))

    for leak in (unit.target, unit.selection, unit.groups):
        assert skill(leak, 1) > 0.25
        assert skill(leak, 0) < 0.05
    assert skill(unit.time_order, 1) > 0.95
    assert 0.4 < skill(unit.time_order, 0) < 0.9
    assert abs(skill(unit.scaling, 1) - skill(unit.scaling, 0)) < 0.01


@pytest.mark.parametrize("seed", SEEDS)
def test_a_running_average_is_many_times_the_validation_loss_in_the_first_epoch(seed):
    draw = rng(seed)
    X, w, v, during = draw.normal(size=(600, 10)), draw.normal(size=10), np.zeros(10), []
    y = X @ w + 0.3 * draw.normal(size=600)
    for row, target in zip(X[:400], y[:400], strict=True):
        during.append((row @ v - target) ** 2)
        v = v - 0.01 * (row @ v - target) * row
    assert np.mean(during) > 5 * mean_square(X[400:] @ v - y[400:])
    dropped = 2 * (draw.uniform(size=X.shape) < 0.5)
    assert mean_square(X * dropped @ w - X @ w) > 1


# Unit 7


@pytest.mark.parametrize("q", np.linspace(0.05, 0.95, 10))
def test_bce_and_squared_error_are_strictly_proper_whatever_the_probability_is(q):
    p = np.linspace(0, 1, 2001)
    with np.errstate(divide="ignore"):
        bce = -q * np.log(p) - (1 - q) * np.log(1 - p)
    for score in (bce, q * (1 - p) ** 2 + (1 - q) * p**2):
        assert p[score.argmin()] == pytest.approx(q, abs=1e-9)
        assert (score == score.min()).sum() == 1
    absolute = q * (1 - p) + (1 - q) * p
    assert p[absolute.argmin()] == round(q)


def test_rmse_is_not_proper():
    """ "On probabilities both are proper": the root rewards bold forecasts where few of them are averaged."""
    p, best = np.linspace(0, 1, 1001), {}
    for n in (1, 2, 5, 10, 100):
        k = np.arange(n + 1)
        root = np.sqrt((k * (1 - p[:, None]) ** 2 + (n - k) * p[:, None] ** 2) / n)
        best[n] = p[(root @ stats.binom.pmf(k, n, 0.7)).argmin()]
    assert best == pytest.approx({1: 1, 2: 1, 5: 0.763, 10: 0.724, 100: 0.702}, abs=1e-9)


@pytest.mark.parametrize("seed", SEEDS)
def test_bce_finds_the_mean_of_shares_that_have_no_bernoulli_likelihood(seed):
    y, p = rng(seed).beta(2, 5, 4000), np.linspace(0.001, 0.999, 999)
    bce = -y.mean() * np.log(p) - (1 - y.mean()) * np.log(1 - p)
    assert p[bce.argmin()] == pytest.approx(y.mean(), abs=0.001)


@pytest.mark.parametrize("sigma", np.linspace(0.2, 3, 10))
def test_squared_error_is_a_gaussian_cross_entropy_only_up_to_a_factor_and_a_constant(sigma):
    e = rng(0).normal(size=200)
    surprise = -stats.norm.logpdf(e, scale=sigma)
    factor, constant = np.polyfit(e**2, surprise, 1)
    assert np.allclose(surprise, factor * e**2 + constant)
    assert factor == pytest.approx(1 / (2 * sigma**2))


def sigmoid(z: np.ndarray) -> np.ndarray:
    return np.exp(-np.logaddexp(0, -z))


def labelled(seed: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Rows, labels and true weights, as in section 3."""
    true, draw = np.array([2.0, -1.0]), rng(seed)
    X = draw.normal(size=(300, 2))
    return X, (draw.uniform(size=300) < sigmoid(X @ true)) * 1.0, true


def loss_of(loss: str, X: np.ndarray, y: np.ndarray, w: np.ndarray) -> float:
    z = X @ w
    return float(np.mean(np.logaddexp(0, z) - y * z) if loss == "bce" else np.mean((sigmoid(z) - y) ** 2))


def reached(seed: int, loss: str, lr: float, limit: int = 1000) -> int:
    """Steps from 0 until 99.9 % of the possible reduction is made."""
    X, y, _ = labelled(seed)
    fit = lesson("07-choosing").fit_logistic
    first, last = loss_of(loss, X, y, np.zeros(2)), loss_of(loss, X, y, fit(X, y, loss, 2, 3000))
    w = np.zeros(2)
    for step in range(limit):
        if loss_of(loss, X, y, w) < last + 0.001 * (first - last):
            return step
        w = fit(X, y, loss, lr, 1, w)
    return limit


@pytest.mark.parametrize("seed", SEEDS)
def test_the_ratio_of_the_slopes_is_no_constant_factor(seed):
    X, y, _ = labelled(seed)
    p = sigmoid(X @ lesson("07-choosing").fit_logistic(X, y, "bce", 1, 3000))
    ratio = 2 * p * (1 - p)
    assert ratio.min() < 0.01
    assert 0.49 < ratio.max() <= 0.5


@pytest.mark.parametrize("seed", SEEDS)
def test_from_0_a_larger_learning_rate_makes_up_for_the_shorter_steps(seed):
    bce, same, larger = reached(seed, "bce", 1), reached(seed, "mse", 1), reached(seed, "mse", 4)
    assert same > 2 * bce
    assert larger < 1.4 * bce


@pytest.mark.parametrize("seed", SEEDS)
def test_from_the_wrong_side_it_depends_on_the_learning_rate(seed):
    X, y, true = labelled(seed)
    fit = lesson("07-choosing").fit_logistic

    def accuracy(w):
        return np.mean((X @ w > 0) == y)

    stuck = fit(X, y, "mse", 1, 1000, -10 * true)
    assert accuracy(stuck) < 0.3
    recovered = fit(X, y, "bce", 1, 1000, -10 * true)
    assert accuracy(recovered) > 0.7
    angle = np.degrees(np.arccos(stuck @ recovered / np.linalg.norm(stuck) / np.linalg.norm(recovered)))
    assert angle > 150
    assert accuracy(fit(X, y, "mse", 20, 1000, -10 * true)) > 0.7


@pytest.mark.parametrize("seed", SEEDS)
def test_where_the_squared_error_stalls_is_where_it_started(seed):
    """ "Almost BCE's boundary, with the sides swapped": that was put in. Turned starts stall elsewhere."""
    X, y, true = labelled(seed)
    fit = lesson("07-choosing").fit_logistic
    found = fit(X, y, "bce", 1, 1000)
    for turn, low, high in ((0, 150, 181), (60, 70, 130), (90, 40, 91)):
        c, s = np.cos(np.radians(turn)), np.sin(np.radians(turn))
        stuck = fit(X, y, "mse", 1, 1000, -10 * np.array([[c, -s], [s, c]]) @ true)
        cosine = stuck @ found / np.linalg.norm(stuck) / np.linalg.norm(found)
        assert low < np.degrees(np.arccos(np.clip(cosine, -1, 1))) < high


def test_where_its_model_is_true_bce_gives_the_better_probabilities():
    """ "By accuracy no difference is seen, so neither performs better": by BCE on fresh rows one does."""
    true, means, gaps, rows = np.array([2.0, -1.0]), [], [], []
    for seed in SEEDS:
        draw, weights = rng(seed), {}
        X, fresh = draw.normal(size=(60, 300, 2)), draw.normal(size=(2000, 2))
        y = draw.uniform(size=(60, 300)) < sigmoid(X @ true)
        for loss, rate in (("bce", 4), ("mse", 16)):
            w = np.zeros((60, 2, 1))
            for _ in range(75):
                p = sigmoid(X @ w)[:, :, 0]
                dz = p - y if loss == "bce" else 2 * (p - y) * p * (1 - p)
                w = w - rate * X.swapaxes(1, 2) @ dz[:, :, None] / 300
            weights[loss] = w[:, :, 0]
        chance, z = sigmoid(fresh @ true), {loss: w @ fresh.T for loss, w in weights.items()}
        right = {loss: np.where(part > 0, chance, 1 - chance).mean(axis=1) for loss, part in z.items()}
        rows.extend(right["bce"] - right["mse"])
        cost = [bce_of(z[loss], chance) for loss in ("mse", "bce")]
        means.append(np.mean(cost[0] - cost[1]))
        gaps.extend(cost[0] - cost[1])
    assert sum(mean > 0 for mean in means) >= 9
    assert np.mean(gaps) > 4 * np.std(gaps, ddof=1) / np.sqrt(len(gaps))
    assert abs(np.mean(rows)) < 0.0003, "by accuracy it is three rows in ten thousand at most"


@pytest.mark.parametrize("z", np.linspace(-4, 0.45, 10))
def test_with_a_label_of_2_the_loss_looks_innocent_until_the_model_has_learnt(z):
    """ "A negative loss, no complaint": only once p exceeds the golden section's 0.618."""
    assert np.logaddexp(0, z) - 2 * z > 0
    assert np.logaddexp(0, 1 - z) - 2 * (1 - z) < 0
    assert sigmoid(np.log((1 + np.sqrt(5)) / 2)) == pytest.approx(0.618, abs=0.0005)


@pytest.mark.parametrize("seed", SEEDS)
def test_labels_of_0_and_2_may_settle_above_0_at_forecasts_that_are_twice_too_high(seed):
    """ "With a label of 2 the loss falls without end": of a row alone it does, of a data set it need not."""
    draw = rng(seed)
    x = np.column_stack([np.ones(400), draw.normal(size=400)])
    y = 2.0 * (draw.uniform(size=400) < sigmoid(x @ [-1.5, 0.5]))
    w = np.zeros(2)
    for _ in range(3000):
        w = w - x.T @ (sigmoid(x @ w) - y) / 400
    assert np.abs(x.T @ (sigmoid(x @ w) - y) / 400).max() < 1e-3, "it has settled"
    assert loss_of("bce", x, y, w) > 0.1, "a loss above 0 proves nothing"
    assert sigmoid(x @ w).mean() == pytest.approx(2 * np.mean(y > 0), abs=0.01)
    p = np.linspace(0.001, 0.999, 999)
    assert p[np.argmin(-0.6 * np.log(p) - 0.4 * np.log(1 - p))] == pytest.approx(0.6), "a share of 0.3 labelled 2"


@pytest.mark.parametrize("seed", SEEDS)
def test_the_best_constant_is_the_mean_with_a_target_of_2_among_others_too(seed):
    """ "At forecasts that are far too high": as a regression it is the mean; only as a code for a class it is not."""
    y = np.append(rng(seed).uniform(0, 0.5, 8), 2.0)
    z = np.linspace(-8, 8, 4001)
    best = sigmoid(z[np.argmin(np.logaddexp(0, z) - y.mean() * z)])
    assert best == pytest.approx(y.mean(), abs=0.002)
    alone = np.logaddexp(0, z) - 2.0 * z
    assert (np.diff(alone) < 0).all(), "alone it has no lowest point, and neither has a negative target"
    assert (np.diff(np.logaddexp(0, z) + 0.5 * z) > 0).all()


@pytest.mark.parametrize("seed", SEEDS)
def test_from_another_start_the_squared_error_stands_elsewhere_and_does_not_stop(seed):
    """ "It would stop at another line": its loss still falls."""
    X, y, true = labelled(seed)
    start = lesson("07-choosing").fit_logistic(X, y, "mse", 1, 1000, -10 * true)
    later = lesson("07-choosing").fit_logistic(X, y, "mse", 1, 1000, start)
    assert loss_of("mse", X, y, later) < loss_of("mse", X, y, start)


@pytest.mark.parametrize("seed", SEEDS)
def test_labels_of_0_and_2_fall_without_end_where_features_tell_enough_though_classes_overlap(seed):
    """ "Where they overlap and 2 is the rarer label, training settles": overlap and rarity are not enough."""
    draw = rng(seed)
    twos = draw.uniform(size=4000) < 0.3
    x = np.column_stack([np.ones(4000), draw.normal(size=4000) + 2 * twos])
    w, losses = np.zeros(2), []
    for _ in range(1500):
        w = w - x.T @ (sigmoid(x @ w) - 2.0 * twos) / 4000
        losses.append(loss_of("bce", x, 2.0 * twos, w))
    assert np.mean((x[:, 1] > 1.4) != twos) > 0.1, "the classes overlap"
    assert (np.diff(losses[200:]) < 0).all()
    assert losses[-1] < losses[700] - 0.5 < -0.5


def test_the_nearer_point_in_a_triangle_of_shares_may_have_the_smaller_share():
    corners = np.array([[0, 0], [1, 0], [0.5, np.sqrt(3) / 2]])
    one, other = np.array([0.5, 0.5, 0]), np.array([0.48, 0.26, 0.26])
    assert np.linalg.norm(other @ corners - corners[0]) < np.linalg.norm(one @ corners - corners[0])


@pytest.mark.parametrize("seed", SEEDS)
def test_no_factor_gives_one_class_everything(seed):
    """ "End with everything for the class of the largest logit": nearly."""
    logits = rng(seed).uniform(-1, 1, 3)
    share = np.exp(8 * logits) / np.exp(8 * logits).sum()
    assert share.argmax() == logits.argmax()
    assert share.max() < 1 - 1e-7


@pytest.mark.parametrize("price", [2, 3, 4, 5, 8, 10, 20, 30, 50, 100])
def test_the_formula_takes_a_call_that_is_needed_as_free(price):
    """ "A call costs 1" gives another threshold than "a needless call costs 1"."""
    p = np.linspace(0, 1, 100_001)
    needless, every = (p[np.argmax(act <= price * p)] for act in (1 - p, np.ones_like(p)))
    assert needless == pytest.approx(1 / (1 + price), abs=2e-5)
    assert every == pytest.approx(1 / price, abs=2e-5)


@pytest.mark.parametrize("seed", SEEDS)
def test_calibration_near_a_low_threshold_takes_thousands_of_patients(seed):
    """ "A reliability diagram shows whether one in fifty is ill": of 500 such patients, seven to thirteen are."""
    ill = rng(seed).binomial(500, 0.02, 2000)
    assert ill.std() == pytest.approx(np.sqrt(500 * 0.02 * 0.98), rel=0.1)
    assert 0.2 < np.mean(np.abs(ill - 10) > 3) < 0.32


@pytest.mark.parametrize("seed", SEEDS)
def test_other_data_sets_tell_the_story_of_the_learning_rates(seed):
    X, y, true = labelled(seed + 20)
    fit = lesson("07-choosing").fit_logistic
    best = loss_of("bce", X, y, fit(X, y, "bce", 1, 1000))
    assert max(loss_of("bce", X, y, fit(X, y, "bce", 20, steps)) for steps in (1000, 1001)) > best + 0.02
    right = {rate: np.mean((X @ fit(X, y, "mse", rate, 1000, -10 * true) > 0) == y) for rate in (1, 4, 20)}
    assert max(right[1], right[4]) < 0.7 < right[20]
    assert reached(seed + 20, "bce", 4) < reached(seed + 20, "bce", 1) < reached(seed + 20, "mse", 1)
    assert reached(seed + 20, "mse", 20, 40) < 20
    assert (reached(seed + 20, "bce", 20, 40) == 40) == (seed in (0, 1, 3, 4, 6)), "half of them never pass the goal"


def test_at_a_rate_of_20_the_bce_of_the_lesson_does_not_settle():
    X, y, _ = labelled(5)
    fit = lesson("07-choosing").fit_logistic
    best = loss_of("bce", X, y, fit(X, y, "bce", 1, 3000))
    assert min(loss_of("bce", X, y, fit(X, y, "bce", 20, steps)) for steps in (1000, 1001)) > best + 0.05
    early = [loss_of("bce", X, y, fit(X, y, "bce", 20, steps)) for steps in range(13)]
    assert np.flatnonzero(np.diff(early) > 0)[0] == 7, "it still falls in the step from 6 to 7"


@pytest.mark.parametrize("seed", SEEDS)
def test_bold_and_timid_forecasts_cost_and_calibration_is_not_all(seed):
    """ "BCE encourages calibrated forecasts": the base rate is calibrated too, and far worse."""
    z = rng(seed).normal(0, 1.5, 20000)
    y = rng(seed + 100).uniform(size=20000) < sigmoid(z)
    surprise = {k: np.logaddexp(0, k * z) - y * k * z for k in (0.25, 0.5, 1, 2, 4)}
    for k in (0.25, 0.5, 2, 4):
        cost = surprise[k] - surprise[1]
        assert cost.mean() > 5 * cost.std() / np.sqrt(len(cost))
    rate = y.mean()
    base = -rate * np.log(rate) - (1 - rate) * np.log(1 - rate)
    assert round(base, 2) == 0.69
    assert base > surprise[1].mean() + 0.1


@pytest.mark.parametrize("seed", SEEDS)
def test_accuracy_has_no_slope_to_follow(seed):
    X, y, _ = labelled(seed)
    w, nudged = np.array([1.5, -1.5]), np.array([1.5 + 1e-6, -1.5])
    assert np.array_equal(X @ w >= 0, X @ nudged >= 0)
    assert loss_of("bce", X, y, w) != loss_of("bce", X, y, nudged)


@pytest.mark.parametrize("price", [1, 2, 3, 5, 10, 20, 30, 50, 70, 99])
def test_the_best_threshold_follows_from_the_costs(price):
    p = sigmoid(rng(price).normal(-1, 1.5, 200_000))
    y = rng(price + 100).uniform(size=200_000) < p
    t = np.linspace(0.002, 0.6, 300)
    cost = np.array([np.mean((p >= s) & ~y) + price * np.mean((p < s) & y) for s in t])
    assert t[cost.argmin()] == pytest.approx(1 / (1 + price), abs=0.05)


@pytest.mark.parametrize("seed", SEEDS)
def test_precision_need_not_rise_with_every_step_of_the_threshold(seed):
    p = sigmoid(rng(seed).normal(-1, 1.5, 4000))
    y = rng(seed + 100).uniform(size=4000) < p
    yes = p >= np.linspace(0.02, 0.9, 89)[:, None]
    precision, recall = (yes & y).sum(axis=1) / yes.sum(axis=1), (yes & y).sum(axis=1) / y.sum()
    assert precision[-1] > precision[0]
    assert (np.diff(precision) < 0).any()
    assert (np.diff(recall) <= 0).all()


def test_of_ten_forecasts_of_90_percent_seven_to_ten_come_true():
    """ "Between six and ten times": at most six is rarer than 1 in 70."""
    assert stats.binom.cdf(6, 10, 0.9) < 1 / 70
    assert stats.binom.cdf(7, 10, 0.9) > 0.05


@pytest.mark.parametrize("seed", SEEDS)
def test_bolder_forecasts_are_sharper_tell_events_apart_no_better_and_cost_more(seed):
    """ "BCE also rewards sharpness, forecasts that tell events apart": these are two things, and it rewards one."""
    z = rng(seed).normal(0, 1.5, 20_000)
    y = rng(seed + 100).uniform(size=20_000) < sigmoid(z)

    def bce(logit):
        return np.mean(np.logaddexp(0, logit) - y * logit)

    def apart(logit):
        return stats.mannwhitneyu(logit[y], logit[~y]).statistic / (y.sum() * (~y).sum())

    assert sigmoid(4 * z).var() > 2.4 * sigmoid(z).var()
    assert apart(4 * z) == apart(z)
    assert bce(4 * z) > bce(z) + 0.3
    blurred = z + rng(seed + 200).normal(0, 1.5, 20_000)
    known = np.quantile(blurred, np.linspace(0, 1, 21))
    group = np.clip(np.searchsorted(known, blurred) - 1, 0, 19)
    share = np.array([y[group == k].mean() for k in range(20)])[group]  # calibrated, and less able to tell apart
    assert share.var() < sigmoid(z).var()
    assert apart(share) < apart(z)
    assert bce(np.log(share / (1 - share))) > bce(z) + 0.02


@pytest.mark.parametrize("price", [1, 1.5, 2, 3, 3.9, 4.1, 5, 10, 50, 100])
def test_costs_make_a_threshold_wrong_and_rarity_does_not(price):
    """1 % positives, all among 500 rows at 0.2: at 0.5 each is missed, at 0.2 there are four false alarms for each."""
    p = np.r_[np.full(500, 0.2), np.full(9500, 1e-4)]
    y = np.r_[np.ones(100), np.zeros(9900)] == 1
    cost = {t: np.sum((p >= t) & ~y) + price * np.sum((p < t) & y) for t in (0.5, 0.1)}
    assert (cost[0.1] < cost[0.5]) == (price > 4)


@pytest.mark.parametrize("seed", SEEDS)
def test_the_absolute_error_of_held_out_rows_prefers_a_model_that_always_says_0(seed):
    """ "Any loss can compare models, on rows that were held out": strictly proper ones can."""
    y = rng(seed).uniform(size=20_000) < 0.05
    assert np.mean(np.abs(0 - y)) < np.mean(np.abs(0.05 - y)) - 0.04
    assert np.mean((0 - y) ** 2) > np.mean((0.05 - y) ** 2)


@pytest.mark.parametrize("k", [0.25, 0.5, 1, 2, 4, 8])
def test_the_brier_score_is_the_sum_of_its_three_parts(k):
    """Exactly so for forecasts replaced by the mean of their bin; and bold forecasts resolve no better."""
    unit, z = lesson("07-choosing"), rng(40).normal(0, 1.5, 20_000)
    y = rng(41).uniform(size=20_000) < sigmoid(z)
    off, apart, world, score = unit.three_parts(sigmoid(k * z), y)
    assert score == pytest.approx(off - apart + world)
    calm = unit.three_parts(sigmoid(z), y)
    assert off >= calm[0]
    assert apart <= calm[1] + 1e-9
    n, middle, _ = unit.in_bins(sigmoid(k * z), y)
    binned = np.repeat(middle, n.astype(int))
    assert binned.mean() == pytest.approx(sigmoid(k * z).mean())


@pytest.mark.parametrize("seed", SEEDS)
def test_neither_curve_sees_calibration_and_roc_does_not_see_rarity(seed):
    z = rng(seed).normal(-1, 1.5, 2000)
    y = (rng(seed + 100).uniform(size=2000) < sigmoid(z)) * 1.0
    curves = lesson("07-choosing").two_curves
    calm, wild, rare = (
        curves(sigmoid(z), y),
        curves(sigmoid(4 * z), y),
        curves(sigmoid(z), y, np.where(y == 1, 0.05, 1)),
    )
    for one, other in zip(calm, wild, strict=True):
        assert one == pytest.approx(other)
    assert rare[0] == pytest.approx(calm[0])
    assert rare[1] == pytest.approx(calm[1])
    assert rare[2][-1] < 0.1 * calm[2][-1]
    positive, negative = z[y == 1], z[y == 0]
    assert calm[3] == pytest.approx(np.mean(positive[:, None] > negative))


@pytest.mark.parametrize("seed", SEEDS)
def test_with_noisy_validation_losses_patience_picks_luck(seed):
    """ "The longer the patience, the better": the loss that decided falls, and the one on other rows rises."""
    draw, stop = rng(seed), lesson("06-overfitting").early_stopping
    true = 0.5 + 0.001 * np.abs(np.arange(400) - 10)  # best at epoch 10, and slowly worse from there on
    runs = [true + 0.08 * draw.normal(size=400) for _ in range(50)]
    found = {patience: [stop(run, patience)[0] for run in runs] for patience in (5, 200)}
    told = {patience: np.mean([run[k] for run, k in zip(runs, best, strict=True)]) for patience, best in found.items()}
    assert told[200] < told[5] < 0.45
    assert np.mean(true[found[200]]) > np.mean(true[found[5]])


def test_the_best_of_20_models_looks_too_good_a_test_set_does_not_and_folds_are_between(monkeypatch):
    """Other splits of the patients than those of the lesson."""
    unit = lesson("06-overfitting")
    monkeypatch.chdir(ROOT / "course" / "data")
    patients = unit.read("diabetes.csv")
    Z = np.column_stack([patients[name] for name in ("age", "bmi", "pressure", "triglycerides")])
    Z = (Z - Z.mean(axis=0)) / Z.std(axis=0)
    one, two = np.triu_indices(4)
    known = unit.squared_by_model.__globals__
    monkeypatch.setitem(known, "terms", np.column_stack([np.ones(442), Z, Z[:, one] * Z[:, two]]))
    monkeypatch.setitem(known, "disease", patients["progression"])
    models = np.array([np.r_[0, 1 + rng(k).permutation(14)[:4]] for k in range(20)])
    reports = np.array([unit.four_reports(1000 + seed, models) for seed in range(300)])
    off = reports[..., 0] - reports[..., 1]
    mean, error = off.mean(axis=0), off.std(axis=0, ddof=1) / np.sqrt(len(off))
    one_part, folds, nested, test = mean
    assert one_part < -5 * error[0]
    assert one_part < folds < nested
    assert folds < -2 * error[1]
    assert nested > -2 * error[2]
    assert abs(test) < 3 * error[3]


@pytest.mark.parametrize("wrong", np.linspace(0, 0.43, 10))
def test_a_bce_of_030_leaves_any_accuracy_from_57_percent_on(wrong):
    """Errors just beyond one half, and the rest so sure that the mean is 0.30."""
    n = int(1000 * wrong)
    rest = np.exp(-(300 - n * np.log(2) * 1.0001) / (1000 - n))
    assert 0.5 < rest <= 1
    assert (n * np.log(2) * 1.0001 - (1000 - n) * np.log(rest)) / 1000 == pytest.approx(0.30)
    assert 1 - 0.30 / np.log(2) == pytest.approx(0.567, abs=0.001)


GONE = {
    "06-overfitting": (
        "most of their trees have seen",
        "changes by less than 2",
        "ends half a point lower",
        "mostly stay there",
        "Whether this is overfitting depends",
        "with slightly different numbers",
        "say which of them the two losses can show",
        "no noise was fitted",
        "No formula replaces rows",
        "As long as the gap closes, more rows",
        "hold out each of them once",
        "make a good forecast look",
        "**Seen:** the validation loss is low from degree 3",
        "or a feature leaked into the training rows, and dropout",
        "Only the capacity curve tells",
        "still no smaller model does better",
        "accuracy hardly moves",
        "stays near 0.73",
        "The fewer rows and the more candidates",
        '"Low loss means better fit"',
        '"Leakage makes the loss',
        '"a large gap means',
    ),
    "05-scale": (
        "with every learning rate",
        "mean over all $n",
        "Silent accidents",
        "BCE has no unit",
        "the same unit, the same base",
        "two choices change",
        "32 times",
        "a few hundred values come close",
        "a model is tested on each",
        "Folds do not average",
        "but not RMSEs?",
        "wrong in itself",
        "MSE is large if the targets",
        "It grows with the *unit* and with the errors.",
        "the square of the unit",
        "square of the *unit*",
        "at least six times better",
    ),
    "07-choosing": (
        "That is about what happens from 0",
        "You trust yourself too much there.",
        "You know more than you say. Trust",
        "In accuracy there is nothing to see here",
        "each step multiplies the odds",
        "| right for shares, not outside [0, 1]",
        "Nearly all rows are called with great confidence",
        "at thresholds from {cheapest",
        "pushes $z$ up without end",
        "meaningless",
        "it would stop at another line",
        "computing with NumPy or JAX",
        "Where they overlap and 2 is the rarer label",
        "at every rate that we tried",
        "the nearer a point is to a corner",
        "then it has only one valley",
        "with everything for the class",
        "to all for the first class",
        "BCE has a gradient everywhere",
        "too small to see",
        "few decisions change",
        "a negative loss, no complaint",
        "says nothing here",
        "and a call 1,",
        "of all events forecast at",
        "after step 6",
        "a score. *Softmax*",
        "The line alone would not",
        "or honest, if",
        "so both prefer the *true*",
        "both losses fall at once",
        "Timid, honest",
        "*sharpness*, forecasts that tell",
        "calibration and sharpness",
        "wrong for rare events",
        "neither loss performs better",
        "Any loss can do that",
        "any held-out loss can",
        "a slope that shows the way",
        '"BCE measures probability',
        "Both losses can be used",
        '"MSE for classification leads',
        "Cross-entropy performs better",
        '"cross-entropy performs better"',
        "Minimising cross-entropy can",
        '"more differentiable"',
        "the squared error keeps up",
    ),
}


@pytest.mark.parametrize(("topic", "old"), [(topic, old) for topic, olds in GONE.items() for old in olds])
def test_the_refuted_wording_is_gone(topic, old):
    assert old not in (ROOT / "course" / topic / f"{topic}.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("seed", SEEDS)
def test_a_random_forest_has_a_low_training_loss_by_construction(seed):
    draw = rng(seed)
    X, y = draw.normal(size=(200, 3)), draw.normal(size=200)
    forest = RandomForestRegressor(n_estimators=30, random_state=seed).fit(X[:100], y[:100])
    train, val = (mean_square(forest.predict(X[part]) - y[part]) for part in (slice(100), slice(100, 200)))
    assert train < 0.3 * val
