"""Known wrong ways to write the functions of unit 2."""

from __future__ import annotations

import math

import numpy as np

from autograder.misconception import about

from .inputs import pair as _pair


def _errors(y, y_hat):
    """What those do right who only get the formula wrong."""
    y, y_hat = _pair(y, y_hat, ("y", "y_hat"))
    return y - y_hat


def _width(sigma):
    if not 0 < sigma < math.inf:
        raise ValueError("sigma must be positive and finite")
    return float(sigma)


gaussian_nll = about("gaussian_nll")


@gaussian_nll(
    believes="The constant with 2 pi never matters and may be left out.",
    hint="It does not matter for the best prediction. Does it matter for the value of the loss?",
)
def without_two_pi(y, mu, sigma):
    e, sigma = _errors(y, mu), _width(sigma)
    return math.log(sigma) + 0.5 * np.mean((e / sigma) ** 2)


@gaussian_nll(
    believes="Only the squared errors depend on the data, so the logarithm of sigma can be dropped.",
    hint="Compare the same errors under a narrow and a wide bell curve. Which term tells a wide curve that it is flat?",
)
def without_log_sigma(y, mu, sigma):
    e, sigma = _errors(y, mu), _width(sigma)
    return 0.5 * math.log(2 * math.pi) + 0.5 * np.mean((e / sigma) ** 2)


@gaussian_nll(
    believes="The third argument is the variance.",
    hint="Is sigma a standard deviation or a variance? The docstring gives its unit.",
)
def sigma_as_variance(y, mu, sigma):
    e, sigma = _errors(y, mu), _width(sigma)
    return 0.5 * math.log(2 * math.pi) + 0.5 * math.log(sigma) + np.mean(e**2) / (2 * sigma)


@gaussian_nll(
    believes="The squared errors are divided by sigma.",
    hint="Minutes squared divided by minutes is no pure number. What must sigma become below the fraction bar?",
)
def sigma_not_squared(y, mu, sigma):
    e, sigma = _errors(y, mu), _width(sigma)
    return 0.5 * math.log(2 * math.pi) + math.log(sigma) + np.mean(e**2) / (2 * sigma)


@gaussian_nll(
    believes="The exponent divides the squared error by sigma squared, without the 2.",
    hint="One of the two terms with sigma has a factor of one half in front. Read the exponent of the density again.",
)
def without_half(y, mu, sigma):
    e, sigma = _errors(y, mu), _width(sigma)
    return 0.5 * math.log(2 * math.pi) + math.log(sigma) + np.mean((e / sigma) ** 2)


@gaussian_nll(
    believes="The loss of a data set is the sum over its entries.",
    hint="What should happen to the loss when the same data comes twice?",
)
def summed(y, mu, sigma):
    e, sigma = _errors(y, mu), _width(sigma)
    return np.sum(0.5 * math.log(2 * math.pi) + math.log(sigma) + 0.5 * (e / sigma) ** 2)


@gaussian_nll(
    believes="The log-likelihood is already the loss.",
    hint="A loss is small when things go well. Does yours fall or grow when an error grows?",
)
def log_likelihood(y, mu, sigma):
    e, sigma = _errors(y, mu), _width(sigma)
    return -0.5 * math.log(2 * math.pi) - math.log(sigma) - 0.5 * np.mean((e / sigma) ** 2)


@gaussian_nll(
    believes="The square root in the density covers 2 pi only after sigma was squared, so log sigma comes in twice.",
    hint="Take the logarithm of 1 / (sigma sqrt(2 pi)) step by step. How often does log sigma occur?",
)
def log_sigma_twice(y, mu, sigma):
    e, sigma = _errors(y, mu), _width(sigma)
    return 0.5 * math.log(2 * math.pi) + 2 * math.log(sigma) + 0.5 * np.mean((e / sigma) ** 2)


@gaussian_nll(
    believes="A loss cannot be negative, so a value below 0 must be a mistake to be cut off.",
    hint="A density may exceed 1. What is its negative logarithm then?",
)
def not_below_zero(y, mu, sigma):
    e, sigma = _errors(y, mu), _width(sigma)
    return max(0.0, 0.5 * math.log(2 * math.pi) + math.log(sigma) + 0.5 * np.mean((e / sigma) ** 2))


@gaussian_nll(
    believes="The Gaussian loss punishes the size of the error.",
    hint="In which power does the error stand in the exponent of a Gaussian?",
)
def absolute_errors(y, mu, sigma):
    e, sigma = _errors(y, mu), _width(sigma)
    return 0.5 * math.log(2 * math.pi) + math.log(sigma) + np.mean(np.abs(e)) / (2 * sigma**2)


@gaussian_nll(
    believes="The standard deviation of the errors is used, whatever sigma was given.",
    hint="Call it twice with the same data and another sigma. Should the two results be equal?",
)
def own_sigma(y, mu, sigma):
    e = _errors(y, mu)
    _width(sigma)
    return 0.5 * math.log(2 * math.pi * np.mean(e**2) + 1e-300) + 0.5


@gaussian_nll(
    believes="Compute the density first, then take its logarithm.",
    hint="What is the density 50 standard deviations from the centre, according to the computer?",
    breaks="numerical",
)
def log_of_the_density(y, mu, sigma):
    e, sigma = _errors(y, mu), _width(sigma)
    return -np.mean(np.log(np.exp(-0.5 * (e / sigma) ** 2) / (sigma * math.sqrt(2 * math.pi))))


@gaussian_nll(
    believes="A little added inside the logarithm keeps it safe and changes nothing.",
    hint="How large is the density of an outcome far away, compared with what you add?",
    breaks="numerical",
)
def a_little_in_the_logarithm(y, mu, sigma):
    e, sigma = _errors(y, mu), _width(sigma)
    return -np.mean(np.log(np.exp(-0.5 * (e / sigma) ** 2) / (sigma * math.sqrt(2 * math.pi)) + 1e-12))


@gaussian_nll(
    believes="The density of all the data is the product of the densities, so take that product's logarithm.",
    hint="What does the computer say for the product of thousands of numbers below 1?",
    breaks="numerical",
)
def log_of_the_product(y, mu, sigma):
    e, sigma = _errors(y, mu), _width(sigma)
    density = np.exp(-0.5 * (e / sigma) ** 2) / (sigma * math.sqrt(2 * math.pi))
    return -np.log(np.prod(density)) / e.size


@gaussian_nll(
    believes="sigma squared is a number like any other.",
    hint="What is 1e-200 squared, according to the computer?",
    breaks="numerical",
)
def squares_sigma(y, mu, sigma):
    e, sigma = _errors(y, mu), _width(sigma)
    return 0.5 * np.log(2 * np.pi * sigma**2) + np.mean(e**2) / (2 * sigma**2)


@gaussian_nll(
    believes="Subtraction works for arrays of every type.",
    hint="What is 0 - 10 in uint8?",
    breaks="numerical",
)
def nll_in_the_given_type(y, mu, sigma):
    _pair(y, mu, ("y", "mu"))
    e = np.asarray(y) - np.asarray(mu)
    return 0.5 * math.log(2 * math.pi) + math.log(_width(sigma)) + 0.5 * np.mean((e / sigma) ** 2)


@gaussian_nll(
    believes="Nobody calls it with a sigma that is not positive, and if so the result will show it.",
    hint="Try sigma = -1. Does anything in the result tell you that the call made no sense?",
    breaks="contract",
)
def any_sigma(y, mu, sigma):
    e, sigma = _errors(y, mu), np.float64(sigma)
    return 0.5 * np.log(2 * np.pi) + np.log(np.abs(sigma)) + 0.5 * np.mean((e / sigma) ** 2)


@gaussian_nll(
    believes="Refusing sigma <= 0 covers every bad sigma.",
    hint="Is nan <= 0?",
    breaks="contract",
)
def sigma_not_finite(y, mu, sigma):
    if sigma <= 0:
        raise ValueError("sigma must be positive")
    e, sigma = _errors(y, mu), np.float64(sigma)
    return 0.5 * np.log(2 * np.pi) + np.log(sigma) + 0.5 * np.mean((e / sigma) ** 2)


@gaussian_nll(
    believes="sigma = 0 is allowed, since it only means that there is no noise.",
    hint="What would the density be for a bell curve of width 0?",
    breaks="contract",
)
def sigma_zero_accepted(y, mu, sigma):
    if not 0 <= sigma < math.inf:
        raise ValueError("sigma must not be negative")
    e, sigma = _errors(y, mu), np.float64(sigma)
    return 0.5 * np.log(2 * np.pi) + np.log(sigma) + 0.5 * np.mean((e / sigma) ** 2)


@gaussian_nll(
    believes="NumPy complains when two arrays do not fit.",
    hint="Call it with shapes (3,) and (3, 1), and look at the shape of the difference.",
    breaks="contract",
)
def nll_broadcast(y, mu, sigma):
    e = np.array(y, dtype=float) - np.array(mu, dtype=float)
    if not np.isfinite(e).all() or e.size == 0:
        raise ValueError("no finite data")
    return 0.5 * math.log(2 * math.pi) + math.log(_width(sigma)) + 0.5 * np.mean((e / sigma) ** 2)


rmse = about("rmse")


@rmse(
    believes="RMSE is the average size of the errors.",
    hint="Look at the errors (0, 0, 0, 4): their mean size is 1. How long is the hatched square in section 3?",
)
def mean_absolute_error(y, y_hat):
    return np.mean(np.abs(_errors(y, y_hat)))


@rmse(
    believes="RMSE and MSE are two words for the same number.",
    hint="What is the unit of your result, if y is in minutes?",
)
def missing_root(y, y_hat):
    return np.mean(_errors(y, y_hat) ** 2)


@rmse(
    believes="The root of the sum of squares is taken, as for the length of a vector.",
    hint="Give it the same data twice. Should the result change?",
)
def root_of_the_sum(y, y_hat):
    return np.sqrt(np.sum(_errors(y, y_hat) ** 2))


@rmse(
    believes="The root belongs to the sum, and the division by n comes last.",
    hint="Which comes first, the mean or the root? Read the name backwards.",
)
def root_before_dividing(y, y_hat):
    e = _errors(y, y_hat)
    return np.sqrt(np.sum(e**2)) / e.size


@rmse(
    believes="The mean of the errors is taken first, and then squared.",
    hint="Try errors of 1 and -1.",
)
def mean_before_square(y, y_hat):
    return np.sqrt(np.mean(_errors(y, y_hat)) ** 2)


@rmse(
    believes="RMSE is the standard deviation of the errors.",
    hint="Try predictions that are all exactly 2 too high. What does np.std subtract?",
)
def standard_deviation(y, y_hat):
    return np.std(_errors(y, y_hat))


@rmse(
    believes="A variance divides by n - 1, so RMSE does, too.",
    hint="Try two entries, then three, with errors of 1. By what do you divide, and what would the 1 stand for?",
)
def divided_by_n_minus_1(y, y_hat):
    e = _errors(y, y_hat)
    return np.sqrt(np.sum(e**2) / np.float64(e.size - 1))


@rmse(
    believes="Half the mean square is the loss, as in the formula with the handy derivative.",
    hint="Try one error of 2. Is your result 2?",
)
def half_the_square(y, y_hat):
    return np.sqrt(0.5 * np.mean(_errors(y, y_hat) ** 2))


@rmse(
    believes="The difference of two sizes is the error.",
    hint="Try y = 3 and a prediction of -3.",
)
def difference_of_squares(y, y_hat):
    y, y_hat = _pair(y, y_hat, ("y", "y_hat"))
    return np.sqrt(abs(np.mean(y**2) - np.mean(y_hat**2)))


@rmse(
    believes="The typical error is the middle one.",
    hint="Does your result change when the largest error grows?",
)
def median_square(y, y_hat):
    return np.sqrt(np.median(_errors(y, y_hat) ** 2))


@rmse(
    believes="RMSE should be a share, so it is divided by the mean of y.",
    hint="Measure y in another unit. Should the RMSE stay the same?",
)
def divided_by_the_mean(y, y_hat):
    return np.sqrt(np.mean(_errors(y, y_hat) ** 2)) / abs(np.mean(np.asarray(y, dtype=float)))


@rmse(
    believes="Only predictions that are too low count as errors.",
    hint="Swap the two arguments. Should the result change?",
)
def one_sided(y, y_hat):
    return np.sqrt(np.mean(np.maximum(_errors(y, y_hat), 0) ** 2))


@rmse(
    believes="A loss is given with a minus sign, so that greater is better.",
    hint="A perfect prediction has the RMSE 0. On which side of 0 should worse ones lie?",
)
def negative(y, y_hat):
    return -np.sqrt(np.mean(_errors(y, y_hat) ** 2))


@rmse(
    believes="One value per entry is wanted.",
    hint="How many numbers should come out, whatever the length of y?",
)
def one_value_per_entry(y, y_hat):
    return np.sqrt(_errors(y, y_hat) ** 2)


@rmse(
    believes="Two decimals are enough for a measure.",
    hint="Round when you print, not when you compute.",
)
def rounded(y, y_hat):
    return round(float(np.sqrt(np.mean(_errors(y, y_hat) ** 2))), 2)


@rmse(
    believes="The loop should stop before the last index.",
    hint="Try two entries, the second one with a large error. Does it count?",
)
def last_entry_forgotten(y, y_hat):
    e = _errors(y, y_hat)
    return math.sqrt(sum(e[i] ** 2 for i in range(len(e) - 1)) / len(e))


@rmse(
    believes="Subtraction works for arrays of every type.",
    hint="What is 0 - 10 in uint8? And the square of 300 in float16?",
    breaks="numerical",
)
def in_the_given_type(y, y_hat):
    _pair(y, y_hat, ("y", "y_hat"))
    return np.sqrt(np.mean((np.asarray(y) - np.asarray(y_hat)) ** 2))


@rmse(
    believes="Converting the difference to float is early enough.",
    hint="At which moment does the whole number wrap around: in the subtraction, or later?",
    breaks="numerical",
)
def converted_too_late(y, y_hat):
    _pair(y, y_hat, ("y", "y_hat"))
    return np.sqrt(np.mean((np.asarray(y) - np.asarray(y_hat)).astype(float) ** 2))


@rmse(
    believes="Expanding the square gives the same number in a computer.",
    hint="Try values around 1e8 with errors around 1. How many digits has the square of 1e8?",
    breaks="numerical",
)
def expanded_square(y, y_hat):
    y, y_hat = _pair(y, y_hat, ("y", "y_hat"))
    return np.sqrt(np.abs(np.mean(y**2) - 2 * np.mean(y * y_hat) + np.mean(y_hat**2)))


@rmse(
    believes="NumPy complains when two arrays do not fit.",
    hint="Call it with shapes (3,) and (3, 1), and look at the shape of the difference.",
    breaks="contract",
)
def broadcast(y, y_hat):
    e = np.array(y, dtype=float) - np.array(y_hat, dtype=float)
    if not np.isfinite(e).all() or e.size == 0:
        raise ValueError("no finite data")
    return np.sqrt(np.mean(e**2))


@rmse(
    believes="Flattening both arrays makes every shape fit.",
    hint="A column and a row of numbers are flattened without a word. Should they be?",
    breaks="contract",
)
def flattened(y, y_hat):
    e = _errors(np.ravel(y), np.ravel(y_hat))
    return np.sqrt(np.mean(e**2))


@rmse(
    believes="Pairs are formed until one of the two ends.",
    hint="zip stops at the shorter one. What becomes of the rest?",
    breaks="contract",
)
def cut_to_the_shorter(y, y_hat):
    pairs = [(float(a), float(b)) for a, b in zip(y, y_hat)]  # noqa: B905  (the mistake)
    if not pairs or not np.isfinite(pairs).all():
        raise ValueError("no finite data")
    return math.sqrt(sum((a - b) ** 2 for a, b in pairs) / len(pairs))


@rmse(
    believes="Missing values are best left out.",
    hint="How many entries were left out? The caller never learns it.",
    breaks="contract",
)
def nan_left_out(y, y_hat):
    y, y_hat = np.array(y, dtype=float), np.array(y_hat, dtype=float)
    if y.shape != y_hat.shape or y.ndim != 1 or y.size == 0:
        raise ValueError("shapes")
    return np.sqrt(np.nanmean((y - y_hat) ** 2))


@rmse(
    believes="No data means no error, so the RMSE is 0.",
    hint="0 is the score of a perfect model. Did one make these predictions?",
    breaks="contract",
)
def zero_for_no_data(y, y_hat):
    if len(y) == 0 and len(y_hat) == 0:
        return 0.0
    return np.sqrt(np.mean(_errors(y, y_hat) ** 2))


@rmse(
    believes="Reusing the array y for the errors saves memory and harms nobody.",
    hint="Print y after the call.",
    breaks="contract",
)
def input_overwritten(y, y_hat):
    _pair(y, y_hat, ("y", "y_hat"))
    if isinstance(y, np.ndarray) and y.dtype == np.float64:
        y -= np.asarray(y_hat)
        return np.sqrt(np.mean(y**2))
    return np.sqrt(np.mean(_errors(y, y_hat) ** 2))


@rmse(
    believes="The number of rows is known, so it may stand in the formula.",
    hint="Your sum is divided by {parameter}, however many errors there are. What should it depend on?",
    values=(10, 4, 5, 6, 7, 8, 9, 12, 15, 20, 25, 30, 50, 100, 150, 200, 500, 506, 1000, 10000),
)
def fixed_number_of_rows(y, y_hat, *, parameter=10):
    return np.sqrt(np.sum(_errors(y, y_hat) ** 2) / parameter)


@rmse(
    believes="An error is large or small only in proportion to what was true.",
    hint="What is your result where a true value is 0? And in which unit should an RMSE be?",
)
def relative_errors(y, y_hat):
    e = _errors(y, y_hat)
    return np.sqrt(np.mean((e / (np.array(y, dtype=float) + 1e-9)) ** 2))


@rmse(
    believes="If anything goes wrong, 1.0 is a safe answer.",
    hint="Call your function with two lists of different length. How would the caller ever notice?",
    breaks="contract",
)
def errors_become_one(y, y_hat):
    try:
        return float(np.sqrt(np.mean(_errors(y, y_hat) ** 2)))
    except ValueError:
        return 1.0


mae = about("mae")


@mae(
    believes="The mean of the errors is taken, and its sign dropped.",
    hint="Try errors of 1 and -1.",
)
def sign_dropped_late(y, y_hat):
    return abs(np.mean(_errors(y, y_hat)))


@mae(
    believes="The mean error says how far off the predictions are.",
    hint="Try errors of 1 and -1.",
)
def signed_mean(y, y_hat):
    return np.mean(_errors(y, y_hat))


@mae(
    believes="MAE is another name of RMSE.",
    hint="For the errors (0, 0, 0, 4) they differ. What is the mean size of these four?",
)
def root_mean_square(y, y_hat):
    return np.sqrt(np.mean(_errors(y, y_hat) ** 2))


@mae(
    believes="The A in MAE stands for adding.",
    hint="Give it the same data twice. Should the result change?",
)
def sum_of_sizes(y, y_hat):
    return np.sum(np.abs(_errors(y, y_hat)))


@mae(
    believes="The typical size is the middle one.",
    hint="Does your result change when the largest error grows?",
)
def median_size(y, y_hat):
    return np.median(np.abs(_errors(y, y_hat)))


@mae(
    believes="Each size is divided by the true value.",
    hint="What is the unit of your result, if y is in minutes?",
)
def percentage(y, y_hat):
    e = _errors(y, y_hat)
    return np.mean(np.abs(e / np.asarray(y, dtype=float)))


@mae(
    believes="A mean of sizes divides by n - 1, as a variance does.",
    hint="Try two entries, then three, with all errors equal to 1. By what do you divide?",
)
def sizes_by_n_minus_1(y, y_hat):
    e = _errors(y, y_hat)
    return np.sum(np.abs(e)) / np.float64(e.size - 1)


@mae(
    believes="MAE is how far the errors are from their own mean.",
    hint="Try predictions that are all exactly 2 too high.",
)
def deviation_from_the_mean(y, y_hat):
    e = _errors(y, y_hat)
    return np.mean(np.abs(e - e.mean()))


@mae(
    believes="The sizes of y and of y_hat are compared.",
    hint="Try y = 3 and a prediction of -3.",
)
def difference_of_means(y, y_hat):
    y, y_hat = _pair(y, y_hat, ("y", "y_hat"))
    return abs(np.mean(np.abs(y)) - np.mean(np.abs(y_hat)))


@mae(
    believes="abs works for arrays of every type.",
    hint="What is 0 - 10 in uint8? There is no sign left for abs to take away.",
    breaks="numerical",
)
def sizes_in_the_given_type(y, y_hat):
    _pair(y, y_hat, ("y", "y_hat"))
    return np.mean(np.abs(np.asarray(y) - np.asarray(y_hat)))


@mae(
    believes="Converting the difference to float is early enough.",
    hint="At which moment does the whole number wrap around: in the subtraction, or later?",
    breaks="numerical",
)
def sizes_converted_too_late(y, y_hat):
    _pair(y, y_hat, ("y", "y_hat"))
    return np.mean(np.abs((np.asarray(y) - np.asarray(y_hat)).astype(float)))


@mae(
    believes="NumPy complains when two arrays do not fit.",
    hint="Call it with shapes (3,) and (3, 1), and look at the shape of the difference.",
    breaks="contract",
)
def sizes_broadcast(y, y_hat):
    e = np.array(y, dtype=float) - np.array(y_hat, dtype=float)
    if not np.isfinite(e).all() or e.size == 0:
        raise ValueError("no finite data")
    return np.mean(np.abs(e))


@mae(
    believes="A nan that goes in and comes out is warning enough.",
    hint="Who reads the nan, if the number goes into an average with others?",
    breaks="contract",
)
def nan_passed_on(y, y_hat):
    y, y_hat = np.array(y, dtype=float), np.array(y_hat, dtype=float)
    if y.shape != y_hat.shape or y.ndim != 1 or y.size == 0:
        raise ValueError("shapes")
    return np.mean(np.abs(y - y_hat))


@mae(
    believes="No data means no error, so the MAE is 0.",
    hint="0 is the score of a perfect model. Did one make these predictions?",
    breaks="contract",
)
def no_error_without_data(y, y_hat):
    if len(y) == 0 and len(y_hat) == 0:
        return 0.0
    return np.mean(np.abs(_errors(y, y_hat)))


@mae(
    believes="Writing the sizes into y saves memory and harms nobody.",
    hint="Print y after the call.",
    breaks="contract",
)
def sizes_written_into_y(y, y_hat):
    e = _errors(y, y_hat)
    if isinstance(y, np.ndarray):
        with np.errstate(all="ignore"):
            y[:] = np.abs(e).astype(y.dtype)
    return np.mean(np.abs(e))
