"""Known wrong ways to write the functions of unit 3."""

from __future__ import annotations

import math

import numpy as np

from autograder.misconception import about

from .inputs import pair as _pair

_LOSSES = ("bce", "rmse", "mae")


def _targets(y, loss):
    """What those do right who only get the formula wrong."""
    if loss not in _LOSSES:
        raise ValueError(f"unknown loss {loss!r}")
    y, _ = _pair(y, y, ("y", "y"))
    if loss == "bce" and (y.min() < 0 or y.max() > 1):
        raise ValueError("labels outside [0, 1]")
    return y


def _entropy(q):
    sides = np.array([q, 1 - q])
    sides = sides[sides > 0]
    return float(-np.sum(sides * np.log(sides)))


def _baseline(y, loss):
    """The right baseline of a checked array."""
    if loss == "rmse":
        return np.std(y)
    return np.mean(np.abs(y - np.median(y))) if loss == "mae" else _entropy(y.mean())


def _checked(loss, baseline):
    if not 0 <= loss < math.inf or not 0 < baseline < math.inf:
        raise ValueError("loss or baseline out of range")


best_constant = about("best_constant")


@best_constant(
    believes="The mean is the best constant, whatever the loss.",
    hint="Let one value become very large. Should the constant with the lowest MAE follow it?",
)
def mean_for_all(y, loss):
    return np.mean(_targets(y, loss))


@best_constant(
    believes="The median is the typical value, so it is the best constant for every loss.",
    hint="For the labels 0, 0, 1 the median is 0. What would a forecast of 0 cost in BCE?",
)
def median_for_all(y, loss):
    return np.median(_targets(y, loss))


@best_constant(
    believes="RMSE belongs to the median and MAE to the mean.",
    hint="Section 3 derives both. Which derivative counts values above and below?",
)
def mean_and_median_swapped(y, loss):
    y = _targets(y, loss)
    return {"bce": np.mean, "rmse": np.median, "mae": np.mean}[loss](y)


@best_constant(
    believes="The best constant label is the more frequent one.",
    hint="BCE takes probabilities. What does a forecast of exactly 0 cost when a 1 comes?",
)
def majority_class(y, loss):
    y = _targets(y, loss)
    if loss == "bce":
        return float(y.mean() > 0.5)
    return np.mean(y) if loss == "rmse" else np.median(y)


@best_constant(
    believes="Without knowledge one says 0.5.",
    hint="You do know something: how many of the labels are 1.",
)
def one_half(y, loss):
    y = _targets(y, loss)
    if loss == "bce":
        return 0.5
    return np.mean(y) if loss == "rmse" else np.median(y)


@best_constant(
    believes="A label above 0.5 is a 1, so count those.",
    hint="Try the labels 0.6 and 0.6. A soft label counts with its own value.",
)
def soft_labels_rounded(y, loss):
    y = _targets(y, loss)
    if loss == "bce":
        return np.mean(y > 0.5)
    return np.mean(y) if loss == "rmse" else np.median(y)


@best_constant(
    believes="The middle of the smallest and the largest value is the median.",
    hint="Count how many values lie above your constant, and how many below.",
)
def middle_of_the_range(y, loss):
    y = _targets(y, loss)
    return (y.min() + y.max()) / 2 if loss == "mae" else np.mean(y)


@best_constant(
    believes="The median is the entry in the middle of the list.",
    hint="Does the result change when the values come in another order?",
)
def middle_of_the_list(y, loss):
    y = _targets(y, loss)
    return y[len(y) // 2] if loss == "mae" else np.mean(y)


@best_constant(
    believes="The middle of n sorted values has the number n // 2 - 1.",
    hint="Python counts from 0. What is the index of the middle one of three values?",
)
def median_off_by_one(y, loss):
    y = _targets(y, loss)
    return np.sort(y)[max(len(y) // 2 - 1, 0)] if loss == "mae" else np.mean(y)


@best_constant(
    believes="The best constant for RMSE is the root of the mean square.",
    hint="Try the values -1 and 1. Which constant lies between them?",
)
def root_mean_square(y, loss):
    y = _targets(y, loss)
    if loss == "rmse":
        return np.sqrt(np.mean(y**2))
    return np.mean(y) if loss == "bce" else np.median(y)


@best_constant(
    believes="The function should return the loss of the best constant.",
    hint="Is it the forecast that is asked for, or what the forecast costs?",
)
def the_loss_instead(y, loss):
    return _baseline(_targets(y, loss), loss)


@best_constant(
    believes="Sums and half-way points work in every type.",
    hint="What is 200 + 250 in uint8? Convert first.",
    breaks="numerical",
)
def constant_in_the_given_type(y, loss):
    _targets(y, loss)
    y = np.asarray(y)
    if loss == "mae":
        middle = np.sort(y)[(len(y) - 1) // 2 : len(y) // 2 + 1]
        return float(sum(middle[1:], start=middle[0])) / len(middle)
    return float(np.add.reduce(y, dtype=y.dtype if y.dtype != bool else np.int64)) / len(y)


@best_constant(
    believes="y is always an array.",
    hint="What does [1, 0, 0].mean() say?",
    breaks="numerical",
)
def arrays_only(y, loss):
    _targets(y, loss)
    y = y.astype(np.float64)
    return np.sort(y)[len(y) // 2] if loss == "mae" else y.mean()


@best_constant(
    believes="Whatever is neither 'bce' nor 'rmse' must be 'mae'.",
    hint="What does your function say for the loss 'accuracy'?",
    breaks="contract",
)
def last_branch_takes_all(y, loss):
    y = _targets(y, loss if loss in _LOSSES else "mae")
    return np.mean(y) if loss in ("bce", "rmse") else np.median(y)


@best_constant(
    believes="A dictionary takes care of unknown names.",
    hint="Which exception does a dictionary raise for a key that it does not have? The contract names another.",
    breaks="contract",
)
def key_error(y, loss):
    y = _targets(y, loss if loss in _LOSSES else "mae")
    return {"bce": np.mean, "rmse": np.mean, "mae": np.median}[loss](y)


@best_constant(
    believes="A mean is a mean, so labels need no check.",
    hint="What does BCE become for a label of 2?",
    breaks="contract",
)
def labels_not_checked(y, loss):
    y = _targets(y, loss if loss != "bce" else "rmse")
    return np.median(y) if loss == "mae" else np.mean(y)


@best_constant(
    believes="Checking that the mean is a probability checks the labels.",
    hint="The labels -1 and 2 have the mean 0.5.",
    breaks="contract",
)
def only_the_mean_checked(y, loss):
    y = _targets(y, loss if loss != "bce" else "rmse")
    if loss == "bce" and not 0 <= y.mean() <= 1:
        raise ValueError("labels")
    return np.median(y) if loss == "mae" else np.mean(y)


@best_constant(
    believes="NumPy takes the mean over all axes, so the shape does not matter.",
    hint="A column of shape (n, 1) is no vector. Should it be taken without a word?",
    breaks="contract",
)
def any_shape(y, loss):
    y = _targets(np.ravel(y), loss)
    return np.median(y) if loss == "mae" else np.mean(y)


@best_constant(
    believes="Sorting the data of the caller harms nobody.",
    hint="Print y after the call. In which order are the entries?",
    breaks="contract",
)
def sorts_the_input(y, loss):
    checked = _targets(y, loss)
    y.sort() if isinstance(y, list | np.ndarray) else None
    return np.median(checked) if loss == "mae" else np.mean(checked)


@best_constant(
    believes="Missing values are best left out.",
    hint="How many entries were left out? The caller never learns it.",
    breaks="contract",
)
def nan_left_out(y, loss):
    y = np.array(y, dtype=float)
    if y.ndim != 1 or y.size == 0:
        raise ValueError("shape")
    y = _targets(y[np.isfinite(y)], loss)
    return np.median(y) if loss == "mae" else np.mean(y)


baseline_loss = about("baseline_loss")


@baseline_loss(
    believes="The baseline of RMSE is the variance.",
    hint="What is the unit of your result, if y is in minutes?",
)
def variance(y, loss):
    y = _targets(y, loss)
    return np.var(y) if loss == "rmse" else _baseline(y, loss)


@baseline_loss(
    believes="A standard deviation divides by n - 1.",
    hint="The loss of a constant is a mean over all n entries. Try the two values 1 and 3.",
)
def divided_by_n_minus_1(y, loss):
    y = _targets(y, loss)
    if loss == "rmse":
        return np.sqrt(np.sum((y - y.mean()) ** 2) / np.float64(max(len(y) - 1, 1)))
    return _baseline(y, loss)


@baseline_loss(
    believes="MAE is measured from the mean.",
    hint="Which constant has the lowest MAE? It need not be the mean.",
)
def deviation_from_the_mean(y, loss):
    y = _targets(y, loss)
    return np.mean(np.abs(y - y.mean())) if loss == "mae" else _baseline(y, loss)


@baseline_loss(
    believes="The median of the deviations is meant, as in robust statistics.",
    hint="MAE is a mean of sizes. Does your result change when the largest value grows?",
)
def median_deviation(y, loss):
    y = _targets(y, loss)
    return np.median(np.abs(y - np.median(y))) if loss == "mae" else _baseline(y, loss)


@baseline_loss(
    believes="The baseline of BCE is log 2, the cost of saying 0.5.",
    hint="You know how many labels are 1. Can a constant do better than 0.5?",
)
def log_two(y, loss):
    y = _targets(y, loss)
    return math.log(2) if loss == "bce" else _baseline(y, loss)


@baseline_loss(
    believes="The entropy is taken in bits.",
    hint="What is the base of the logarithm in this course?",
)
def bits(y, loss):
    y = _targets(y, loss)
    return _entropy(y.mean()) / math.log(2) if loss == "bce" else _baseline(y, loss)


@baseline_loss(
    believes="Only the ones cost something.",
    hint="What does the constant cost at a label of 0?",
)
def ones_only(y, loss):
    y = _targets(y, loss)
    if loss == "bce":
        q = y.mean()
        return -q * math.log(q) if q > 0 else 0.0
    return _baseline(y, loss)


@baseline_loss(
    believes="The baseline of BCE is the mean of the entropies of the labels.",
    hint="That is the floor of a model that knows every soft label. The constant knows only their mean.",
)
def mean_of_entropies(y, loss):
    y = _targets(y, loss)
    return np.mean([_entropy(q) for q in y]) if loss == "bce" else _baseline(y, loss)


@baseline_loss(
    believes="The function should return the best constant itself.",
    hint="Is it the forecast that is asked for, or what the forecast costs?",
)
def the_constant_instead(y, loss):
    y = _targets(y, loss)
    return np.median(y) if loss == "mae" else np.mean(y)


@baseline_loss(
    believes="The standard deviation serves for every loss.",
    hint="Each loss has its own baseline. Look at the table above the function.",
)
def deviation_for_all(y, loss):
    return np.std(_targets(y, loss))


@baseline_loss(
    believes="The loss of a data set is the sum over its entries.",
    hint="What should happen to the baseline when the same data comes twice?",
)
def summed(y, loss):
    y = _targets(y, loss)
    return _baseline(y, loss) * len(y)


@baseline_loss(
    believes="The entropy is negative, since logarithms of probabilities are.",
    hint="A loss is at least 0. Where does the minus sign of the entropy go?",
)
def negative_entropy(y, loss):
    y = _targets(y, loss)
    return -_entropy(y.mean()) if loss == "bce" else _baseline(y, loss)


@baseline_loss(
    believes="The formula of the entropy works for every share of ones.",
    hint="What does the computer say for 0 * log(0)?",
    breaks="numerical",
)
def nan_for_one_class(y, loss):
    y = _targets(y, loss)
    if loss == "bce":
        q = np.mean(y)
        return -q * np.log(q) - (1 - q) * np.log(1 - q)
    return _baseline(y, loss)


@baseline_loss(
    believes="A little added inside the logarithm changes nothing.",
    hint="How large is a base rate of one in a million, compared with what you add?",
    breaks="numerical",
)
def a_little_in_the_logarithm(y, loss):
    y = _targets(y, loss)
    if loss == "bce":
        q = np.mean(y)
        return -q * np.log(q + 1e-7) - (1 - q) * np.log(1 - q + 1e-7)
    return _baseline(y, loss)


@baseline_loss(
    believes="The mean of the squares minus the square of the mean is the same number in a computer.",
    hint="Try values around 1e8 that differ by 1. How many digits has the square of 1e8?",
    breaks="numerical",
)
def textbook_variance(y, loss):
    y = _targets(y, loss)
    return np.sqrt(np.abs(np.mean(y**2) - np.mean(y) ** 2)) if loss == "rmse" else _baseline(y, loss)


@baseline_loss(
    believes="Subtraction works for arrays of every type.",
    hint="What is 90 - 200 in uint8? Convert first.",
    breaks="numerical",
)
def baseline_in_the_given_type(y, loss):
    _targets(y, loss)
    if loss == "mae" and np.asarray(y).dtype != bool:
        y = np.asarray(y)
        middle = np.median(y).astype(y.dtype) if len(y) % 2 else np.median(y)
        return np.mean(np.abs(y - middle))
    return _baseline(np.array(y, dtype=float), loss)


@baseline_loss(
    believes="Whatever is neither 'bce' nor 'rmse' must be 'mae'.",
    hint="What does your function say for the loss 'accuracy'?",
    breaks="contract",
)
def unknown_taken_for_mae(y, loss):
    loss = loss if loss in _LOSSES else "mae"
    return _baseline(_targets(y, loss), loss)


@baseline_loss(
    believes="A function without a matching branch says enough by returning None.",
    hint="What does your function return for the loss 'accuracy'?",
    breaks="contract",
)
def none_for_unknown(y, loss):
    return _baseline(_targets(y, loss), loss) if loss in _LOSSES else None


@baseline_loss(
    believes="Checking that the mean is a probability checks the labels.",
    hint="The labels -1 and 2 have the mean 0.5.",
    breaks="contract",
)
def labels_checked_by_their_mean(y, loss):
    y = _targets(y, loss if loss != "bce" else "rmse")
    if loss == "bce" and not 0 <= y.mean() <= 1:
        raise ValueError("labels")
    return _baseline(y, loss)


@baseline_loss(
    believes="Clipping the labels to [0, 1] repairs bad ones.",
    hint="A label of 2 is a mistake. Who would notice it after the clip?",
    breaks="contract",
)
def labels_clipped(y, loss):
    y = _targets(y, loss if loss != "bce" else "rmse")
    return _baseline(np.clip(y, 0, 1) if loss == "bce" else y, loss)


@baseline_loss(
    believes="No data means no error, so the baseline is 0.",
    hint="There is no constant to be good or bad. Ask for the size first.",
    breaks="contract",
)
def zero_for_no_data(y, loss):
    if len(y) == 0:
        return 0.0
    return _baseline(_targets(y, loss), loss)


@baseline_loss(
    believes="Shifting y by its constant in place saves memory and harms nobody.",
    hint="Print y after the call.",
    breaks="contract",
)
def input_shifted(y, loss):
    checked = _targets(y, loss)
    result = _baseline(checked, loss)
    if isinstance(y, np.ndarray) and y.dtype == np.float64 and loss != "bce":
        y -= np.median(checked) if loss == "mae" else np.mean(checked)
    return result


skill_score = about("skill_score")


@skill_score(
    believes="Skill is the share of the baseline that is left.",
    hint="Which skill should a perfect model have?",
)
def ratio(loss, baseline):
    _checked(loss, baseline)
    return loss / baseline


@skill_score(
    believes="Loss and baseline may change places in the ratio.",
    hint="Try a loss of half the baseline. Which of the two belongs below the fraction bar?",
)
def upside_down(loss, baseline):
    _checked(loss, baseline)
    return 1 - baseline / loss if loss else -math.inf


@skill_score(
    believes="Skill is how much lower the loss is.",
    hint="Measure both in another unit. Should the skill change?",
)
def difference(loss, baseline):
    _checked(loss, baseline)
    return baseline - loss


@skill_score(
    believes="A worse model has a positive value, since the ratio is above 1.",
    hint="On which side of 0 should a model be that is worse than a constant?",
)
def sign_turned(loss, baseline):
    _checked(loss, baseline)
    return loss / baseline - 1


@skill_score(
    believes="A skill lies between 0 and 1.",
    hint="May a model be worse than a constant? What would its skill be?",
)
def not_below_0(loss, baseline):
    _checked(loss, baseline)
    return max(0.0, 1 - loss / baseline)


@skill_score(
    believes="A skill lies between -1 and 1, like a correlation.",
    hint="What is the skill of a loss of ten times the baseline?",
)
def not_below_minus_1(loss, baseline):
    _checked(loss, baseline)
    return max(-1.0, 1 - loss / baseline)


@skill_score(
    believes="The size of the gain counts, not its direction.",
    hint="Can you still tell a model that is better than a constant from one that is worse?",
)
def size_of_the_gain(loss, baseline):
    _checked(loss, baseline)
    return abs(1 - loss / baseline)


@skill_score(
    believes="Skill is given in percent.",
    hint="Which number should a perfect model get, according to the docstring?",
)
def percent(loss, baseline):
    _checked(loss, baseline)
    return 100 * (1 - loss / baseline)


@skill_score(
    believes="The ratio is squared, as in R².",
    hint="R² is the skill of MSE. Are you given squares, or the losses themselves?",
)
def squared_ratio(loss, baseline):
    _checked(loss, baseline)
    return 1 - (loss / baseline) ** 2


@skill_score(
    believes="The gain is divided by the loss.",
    hint="The share is a share of what the constant costs. Try a loss of 0.",
)
def share_of_the_loss(loss, baseline):
    _checked(loss, baseline)
    return (baseline - loss) / loss if loss else math.inf


@skill_score(
    believes="A little added to the baseline protects against division by zero.",
    hint="How large is your little number, compared with a baseline of 1e-12?",
    breaks="numerical",
)
def a_little_below_the_bar(loss, baseline):
    _checked(loss, baseline)
    return 1 - loss / (baseline + 1e-10)


@skill_score(
    believes="A baseline close to 0 counts as 0.",
    hint="In which unit is it close to 0? A skill has no unit.",
    breaks="numerical",
)
def small_baseline_refused(loss, baseline):
    _checked(loss, baseline)
    if baseline < 1e-8:
        raise ValueError("the baseline is zero")
    return 1 - loss / baseline


@skill_score(
    believes="For whole numbers the double slash is the division.",
    hint="What is 3 // 2?",
    breaks="numerical",
)
def whole_division(loss, baseline):
    _checked(loss, baseline)
    whole = float(loss).is_integer() and float(baseline).is_integer()
    return 1 - (loss // baseline if whole else loss / baseline)


@skill_score(
    believes="A baseline of 0 means that there is nothing to gain, so the skill is 0.",
    hint="Every model looks equally good then. Does that help a reader of the number?",
    breaks="contract",
)
def zero_for_baseline_0(loss, baseline):
    if baseline == 0:
        return 0.0
    _checked(loss, baseline)
    return 1 - loss / baseline


@skill_score(
    believes="Python raises an error for a division by 0 by itself.",
    hint="Which error is it? And what does it do for a NumPy number, or for a negative baseline?",
    breaks="contract",
)
def baseline_not_checked(loss, baseline):
    if not 0 <= loss < math.inf or math.isnan(baseline) or math.isinf(baseline):
        raise ValueError("loss or baseline out of range")
    return 1 - loss / baseline


@skill_score(
    believes="A loss is never negative, so nobody has to ask.",
    hint="What would the skill of a negative loss be? Above which bound?",
    breaks="contract",
)
def negative_loss_accepted(loss, baseline):
    if not -math.inf < loss < math.inf or not 0 < baseline < math.inf:
        raise ValueError("loss or baseline out of range")
    return 1 - loss / baseline


@skill_score(
    believes="Asking for loss < 0 and baseline <= 0 covers every bad number.",
    hint="Is nan < 0?",
    breaks="contract",
)
def nan_slips_through(loss, baseline):
    if loss < 0 or baseline <= 0 or math.isinf(loss) or math.isinf(baseline):
        raise ValueError("loss or baseline out of range")
    return 1 - loss / baseline


@skill_score(
    believes="An infinite loss or baseline is just a very large one.",
    hint="Which skill comes out for an infinite baseline? Did the model earn it?",
    breaks="contract",
)
def infinity_accepted(loss, baseline):
    if not loss >= 0 or not baseline > 0:
        raise ValueError("loss or baseline out of range")
    return 1 - loss / baseline
