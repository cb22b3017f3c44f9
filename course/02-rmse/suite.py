"""What the functions and answers of unit 2 promise."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import ClassVar

import numpy as np

from autograder import kit
from autograder.kit import chose, close, refused, same

from . import misconceptions, reference
from .unmask import arrays, differs, letter

CONVERT = "Make float64 arrays of both arguments before anything else, whatever type they came in. `vectors` does."
COMPARE = "NumPy stretches one array to fit the other. Do both arrays go through one call of `vectors`?"
FLAT = "`vectors` asks for the number of dimensions. Do both arrays go through it, as they came?"
EMPTY = "The mean of nothing is nan. `vectors` asks for the size before you compute."
FINITE = "Nothing may be dropped or replaced by 0. `vectors` refuses nan and infinity."
COPY = "Work on a copy. Statements such as y -= y_hat and out=y change the caller's array."


def grained(values: np.ndarray | float) -> np.ndarray:
    """Multiples of 1/1024, so that a value test is also passed by float32 arithmetic: that is a numerical matter."""
    return np.round(np.asarray(values) * 1024) / 1024


def pairs(rng: np.random.Generator, n: int, least: float = 0.5) -> tuple[np.ndarray, np.ndarray]:
    """True values and predictions; the errors are of both signs where n allows it, and of different sizes.

    From five on, two errors are equal, one is 0, one true value is 0, and so is one prediction: all of them count."""
    y = grained(rng.normal(20, 10, n))
    signs = rng.permutation(np.resize([1.0, -1.0], n))
    errors = signs * rng.permutation(least * (1 + np.arange(n) % 7) * rng.uniform(1.05, 1.6, n))
    if n >= 5:
        one, same_error, none = np.flatnonzero(signs > 0)[:3]
        errors[same_error], errors[none], y[one] = errors[one], 0.0, 0.0
        below = np.flatnonzero(signs < 0)[0]
        y[below] = grained(errors[below])
    return y, y - grained(errors)


def short_integers(rng: np.random.Generator) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Whole numbers whose differences or squares do not fit into their own type."""
    for kind, reach in ((np.uint8, 255), (np.int8, 127), (np.int32, 2_000_000_000), (np.int64, 9 * 10**18)):
        low = 0 if kind is np.uint8 else -reach
        y, other = rng.integers(low, reach, (2, 8)).astype(kind)
        y[:2], other[:2] = (low, reach), (reach, low)
        yield y, other


def short_floats(rng: np.random.Generator) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """float16 values whose squares do not fit into float16."""
    y = rng.uniform(1000, 2000, 8).astype(np.float16)
    yield y, (y - rng.permutation([-700.0, 900, -450, 300, 350, 500, 650, 800])).astype(np.float16)


def truth_values(rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Boolean arrays that differ in some places."""
    y = rng.permutation([True, False, True, False, True])
    other = y.copy()
    other[:2] = ~other[:2]
    return y, other


HINTS = {
    "unequal_shapes": COMPARE,
    "one_dimension": FLAT,
    "no_data": EMPTY,
    "finite": FINITE,
    "inputs_unchanged": COPY,
}
predicted = kit.ArrayContract(("y", "y_hat"), pairs, hints=HINTS)
forecast = kit.ArrayContract(("y", "mu"), pairs, rest=((2.0,),), hints=HINTS)


class Test_gaussian_nll:
    @kit.value
    @kit.example([3.0, 5.0], [2.0, 7.0], 2.0)
    @kit.hint("Three terms: one constant, one with sigma alone, one with the squared errors. Compare with section 2.")
    def test_ordinary_errors(self, student, rng):
        """For ordinary errors and a sigma other than 1 the NLL is not right yet."""
        for n in (2, 5, 300):
            y, mu = pairs(rng, n, least=0.15)
            sigma = float(rng.choice([rng.uniform(0.4, 0.8), rng.uniform(1.5, 4)]))
            assert same(student.gaussian_nll(y, mu, sigma), reference.gaussian_nll(y, mu, sigma))

    @kit.value
    @kit.example([3.0, 5.0], [2.0, 7.0], 0.5)
    @kit.hint("Does sigma enter as it is, or as its square? It occurs twice: in a logarithm, and below the errors.")
    def test_width_matters(self, student, rng):
        """The same errors under a narrow and a wide bell curve must give two different, right values."""
        y, mu = pairs(rng, 6, least=0.06)
        for sigma in (rng.uniform(0.4, 0.6), rng.uniform(5, 20)):
            assert same(student.gaussian_nll(y, mu, sigma), reference.gaussian_nll(y, mu, sigma))

    @kit.value
    @kit.example([5.0, 7.0], [5.0, 7.0], 0.1)
    @kit.hint("Without errors only the density at the centre is left. Which terms do not contain an error?")
    def test_perfect_predictions(self, student, rng):
        """Without any error the NLL still depends on sigma, and is below 0 for a narrow bell curve."""
        for sigma in (*rng.uniform(0.01, 0.1, 3), rng.uniform(3, 9)):
            y, _ = pairs(rng, 4)
            assert same(student.gaussian_nll(y, y, sigma), reference.gaussian_nll(y, y, sigma))

    @kit.value
    @kit.example([4.0], [1.0], 2.0)
    @kit.hint("The loss is per entry: the same data twice costs the same. Is each of the three terms a mean?")
    def test_mean_per_entry(self, student, rng):
        """A single entry, and the same data repeated, must give the mean per entry."""
        for n in (1, 4):
            y, mu = pairs(rng, n)
            sigma = rng.uniform(1.5, 4) if n == 1 else float(2 * np.std(y - mu))  # which is not the errors' own
            expected = reference.gaussian_nll(y, mu, sigma)
            assert same(student.gaussian_nll(y, mu, sigma), expected)
            assert same(student.gaussian_nll(np.tile(y, 3), np.tile(mu, 3), sigma), expected)

    @kit.numerical
    @kit.after("test_ordinary_errors")
    @kit.example([100.0], [0.0], 1.0)
    @kit.hint("The density of such an outcome is 0.0 in a computer. Write its logarithm without computing it first.")
    def test_far_outcomes(self, student, rng):
        """An outcome 50 or more standard deviations away is costly, but finite."""
        y, mu = pairs(rng, 5)
        y[2] += rng.uniform(50, 500)
        sigma = rng.uniform(0.5, 0.9)
        assert same(student.gaussian_nll(y, mu, sigma), reference.gaussian_nll(y, mu, sigma))

    @kit.numerical
    @kit.after("test_ordinary_errors")
    @kit.example([1.0] * 1500, [0.0] * 1500, 2.0)
    @kit.hint("A product of thousands of densities becomes 0.0 or inf. Add logarithms instead.")
    def test_long_data(self, student, rng):
        """Thousands of outcomes must neither underflow nor overflow."""
        y, mu = pairs(rng, 4000)
        for sigma in (rng.uniform(0.6, 0.65), rng.uniform(20, 30)):
            assert same(student.gaussian_nll(y, mu, sigma), reference.gaussian_nll(y, mu, sigma))
        assert same(student.gaussian_nll(y, y, 0.01), reference.gaussian_nll(y, y, 0.01))

    @kit.numerical
    @kit.after("test_ordinary_errors")
    @kit.example([1e-200], [-1e-200], 1e-200)
    @kit.hint("The square of 1e-200 is 0.0, and that of 1e200 is inf. What can you do to the errors before you square?")
    def test_tiny_and_huge_sigma(self, student, rng):
        """A very small or very large sigma, with errors of its size, must give a finite, right value."""
        y, mu = pairs(rng, 5)
        for scale in (10.0 ** -rng.uniform(180, 220), 10.0 ** rng.uniform(180, 220)):
            sigma = scale * rng.uniform(5, 9)
            expected = reference.gaussian_nll(y * scale, mu * scale, sigma)
            assert same(student.gaussian_nll(y * scale, mu * scale, sigma), expected)

    @kit.numerical
    @kit.after("test_ordinary_errors")
    @kit.example(np.array([0, 200], dtype=np.uint8), np.array([10, 100], dtype=np.uint8), 50)
    @kit.hint(CONVERT)
    def test_any_number_type(self, student, rng):
        """Lists, tuples, booleans, small integers and short floats must give the full precision."""
        for y, mu in (*short_integers(rng), *short_floats(rng), truth_values(rng)):
            sigma = float(np.ptp(y.astype(float))) * rng.uniform(0.5, 1.5)
            expected = reference.gaussian_nll(y, mu, sigma)
            assert same(student.gaussian_nll(y, mu, sigma), expected)
            assert same(student.gaussian_nll(y.tolist(), tuple(mu.tolist()), sigma), expected)
        assert same(student.gaussian_nll([1, 2], [3, 3], 2), reference.gaussian_nll([1, 2], [3, 3], 2))

    @kit.contract
    @kit.example([1.0, 2.0], [1.0, 3.0], -1.0)
    @kit.hint("A standard deviation is a width. Ask about sigma before you divide by it.")
    def test_sigma_above_0(self, student, rng):
        """A sigma of 0 or below must raise ValueError."""
        y, mu = pairs(rng, 4)
        for sigma in (0.0, -rng.uniform(0.1, 3), 0, -1):
            refused(student.gaussian_nll, y, mu, sigma)

    @kit.contract
    @kit.example([1.0, 2.0], [1.0, 3.0], float("nan"))
    @kit.hint("Is nan <= 0? Every comparison with nan is False, so turn your question round.")
    def test_sigma_finite(self, student, rng):
        """A sigma of nan or infinity must raise ValueError."""
        y, mu = pairs(rng, 4)
        for sigma in (np.nan, np.inf, -np.inf):
            refused(student.gaussian_nll, y, mu, sigma)

    test_unequal_shapes = forecast.unequal_shapes([1.0, 2.0], [[1.0], [3.0]], 1.0)
    test_one_dimension = forecast.one_dimension([[1.0, 2.0]], [[1.0, 3.0]], 1.0)
    test_no_data = forecast.no_data([], [], 1.0)
    test_finite = forecast.finite(
        [1.0, float("nan")], [1.0, 2.0], 1.0, sentence="A nan or an infinity in y or mu must raise ValueError."
    )
    test_inputs_unchanged = forecast.inputs_unchanged([1.0, 2.0], [1.5, 4.0], 2.0)


class Test_rmse:
    @kit.value
    @kit.example([1.0, 4.0, 3.0], [2.0, 2.0, 5.0])
    @kit.hint("Take the three steps on paper for this example: square, mean, root. Where does your code differ?")
    def test_ordinary_errors(self, student, rng):
        """For errors of both signs and different sizes the RMSE is not right yet."""
        for n in (2, 5, 300):
            y, y_hat = pairs(rng, n)
            assert same(student.rmse(y, y_hat), reference.rmse(y, y_hat))

    @kit.value
    @kit.example([0, 0, 0, 4], [0, 0, 0, 0])
    @kit.hint("The square comes before the mean, so that one large error outweighs many small ones.")
    def test_one_large_error(self, student, rng):
        """One large error among small ones must weigh as its square does."""
        for n in (4, 9):
            y, y_hat = pairs(rng, n)
            y[0] = y_hat[0] + grained(rng.choice([-1, 1]) * rng.uniform(50, 90))
            assert same(student.rmse(y, y_hat), reference.rmse(y, y_hat))

    @kit.value
    @kit.example([1.0, 2.0, 3.0], [3.5, 4.5, 5.5])
    @kit.hint("Is the mean of the errors subtracted somewhere? A bias belongs to the error.")
    def test_constant_bias(self, student, rng):
        """If every prediction is off by the same amount, the RMSE is that amount."""
        y, _ = pairs(rng, 7)
        for bias in grained([rng.uniform(1.5, 4), -rng.uniform(1.5, 4)]):
            assert same(student.rmse(y, y + bias), abs(bias))

    @kit.value
    @kit.example([7.0], [2.0])
    @kit.hint("The mean divides by the number of entries. With one entry the RMSE is the size of its error.")
    def test_mean_per_entry(self, student, rng):
        """A single entry, and the same data repeated, must give the same RMSE as once."""
        for n in (1, 3):
            y, y_hat = pairs(rng, n, least=1.3)
            expected = reference.rmse(y, y_hat)
            assert same(student.rmse(y, y_hat), expected)
            assert same(student.rmse(np.tile(y, 4), np.tile(y_hat, 4)), expected)

    @kit.numerical
    @kit.after("test_ordinary_errors")
    @kit.example(np.array([0, 200], dtype=np.uint8), np.array([10, 100], dtype=np.uint8))
    @kit.hint(CONVERT)
    def test_integers(self, student, rng):
        """Whole numbers of any type must neither wrap around nor overflow, and booleans count as 0 and 1."""
        for y, y_hat in (*short_integers(rng), truth_values(rng)):
            assert same(student.rmse(y, y_hat), reference.rmse(y, y_hat))

    @kit.numerical
    @kit.after("test_ordinary_errors")
    @kit.example(np.array([1500.0, 1000.0], dtype=np.float16), np.array([1200.0, 1500.0], dtype=np.float16))
    @kit.hint(CONVERT)
    def test_short_floats(self, student, rng):
        """The squares of float16 errors must not overflow."""
        for y, y_hat in short_floats(rng):
            assert same(student.rmse(y, y_hat), reference.rmse(y, y_hat))

    @kit.numerical
    @kit.after("test_ordinary_errors")
    @kit.example([100000001.0, 100000002.0], [100000002.0, 100000004.0])
    @kit.hint("Subtract first, then square. Squares of very large numbers have no room left for a small difference.")
    def test_small_errors_of_large_values(self, student, rng):
        """Small errors, also of very large values, must not get lost; where all are 0, so is the RMSE."""
        e = rng.permutation([-3.0, 1.0, 2.0, -1.5, 0.5, 4.0])
        y_hat = np.round(rng.uniform(1e8, 4e8, 6))
        assert same(student.rmse(y_hat + e, y_hat), reference.rmse(y_hat + e, y_hat))
        y, _ = pairs(rng, 6)
        assert same(student.rmse(y, y), 0.0)
        for size in rng.uniform([1e-3, 1e-6], [2e-3, 2e-6]):
            near = y + size * e
            assert same(student.rmse(y, near), reference.rmse(y, near))

    @kit.numerical
    @kit.after("test_ordinary_errors")
    @kit.example((1, 2, 4), [2, 2, 2])
    @kit.hint("A list has no arithmetic: [1, 2] - [0, 1] is an error. Make arrays of both arguments first.")
    def test_lists_and_tuples(self, student, rng):
        """Lists and tuples of numbers must work like arrays."""
        y, y_hat = pairs(rng, 6)
        whole = np.round(y_hat)
        assert same(student.rmse(y.tolist(), tuple(y_hat.tolist())), reference.rmse(y, y_hat))
        assert same(student.rmse(tuple(y.tolist()), [int(value) for value in whole]), reference.rmse(y, whole))
        assert same(student.rmse(y, y_hat.tolist()), reference.rmse(y, y_hat))

    test_unequal_shapes = predicted.unequal_shapes([1.0, 2.0], [[1.0], [3.0]])
    test_one_dimension = predicted.one_dimension([[1.0, 2.0]], [[1.0, 3.0]])
    test_no_data = predicted.no_data([], [])
    test_finite = predicted.finite([1.0, float("nan")], [1.0, 2.0])
    test_inputs_unchanged = predicted.inputs_unchanged([1.0, 2.0], [1.5, 4.0])


class Test_mae:
    @kit.value
    @kit.example([1.0, 4.0, 3.0], [2.0, 2.0, 7.0])
    @kit.hint("Take the size of each error first, then their mean.")
    def test_ordinary_errors(self, student, rng):
        """For errors of both signs and different sizes the MAE is not right yet."""
        for n in (2, 5, 300):
            y, y_hat = pairs(rng, n)
            assert same(student.mae(y, y_hat), reference.mae(y, y_hat))

    @kit.value
    @kit.example([3.0, 1.0], [1.0, 3.0])
    @kit.hint("A +2 and a -2 must not cancel. Does the sign go before the mean, or after it?")
    def test_signs_do_not_cancel(self, student, rng):
        """Errors that cancel each other must still count with their size."""
        for n in (2, 6):
            y, _ = pairs(rng, n)
            e = np.resize([1.0, -1.0], n) * np.repeat(rng.uniform(1.5, 6, n // 2), 2)
            y[:2] = -0.5, 0.5  # the first two errors cross 0, and change places
            assert same(student.mae(y + e, y), reference.mae(y + e, y))

    @kit.value
    @kit.example([0, 0, 0, 4], [0, 0, 0, 0])
    @kit.hint("For these errors the mean size is 1, while RMSE is 2 and the median is 0.")
    def test_one_large_error(self, student, rng):
        """One large error among small ones must weigh in proportion to its size."""
        for n in (4, 9):
            y, y_hat = pairs(rng, n)
            y[0] = y_hat[0] + grained(rng.choice([-1, 1]) * rng.uniform(50, 90))
            y[1], y_hat[1] = grained(-np.sign(y[0]) * rng.uniform(1, 2)), grained(np.sign(y[0]) * rng.uniform(1, 2))
            assert same(student.mae(y, y_hat), reference.mae(y, y_hat))

    @kit.value
    @kit.example([7.0], [2.0])
    @kit.hint("The mean divides by the number of entries. With one entry the MAE is the size of its error.")
    def test_mean_per_entry(self, student, rng):
        """A single entry, and the same data repeated, must give the same MAE as once."""
        for n in (1, 3):
            y, y_hat = (values + 100.0 for values in pairs(rng, n, least=1.3))  # all above 0
            if n == 3:
                y[:2], y_hat[:2] = np.sort(y[:2]), np.sort(y_hat[:2])[::-1]
                y[1], y_hat[0] = y[1] + 4.0, y_hat[0] + 4.0  # in another order
            expected = reference.mae(y, y_hat)
            assert same(student.mae(y, y_hat), expected)
            assert same(student.mae(np.tile(y, 4), np.tile(y_hat, 4)), expected)

    @kit.numerical
    @kit.after("test_ordinary_errors")
    @kit.example(np.array([0, 200], dtype=np.uint8), np.array([10, 100], dtype=np.uint8))
    @kit.hint(CONVERT)
    def test_integers(self, student, rng):
        """Whole numbers of any type must neither wrap around nor overflow, and booleans count as 0 and 1."""
        for y, y_hat in (*short_integers(rng), truth_values(rng)):
            assert same(student.mae(y, y_hat), reference.mae(y, y_hat))

    @kit.numerical
    @kit.after("test_ordinary_errors")
    @kit.example(np.array([60000.0], dtype=np.float16), np.array([-60000.0], dtype=np.float16))
    @kit.hint(CONVERT)
    def test_short_floats(self, student, rng):
        """float16 values must be computed with in float64."""
        wide = rng.permutation([60000.0, -60000.0, 50000.0, -40000.0]).astype(np.float16)
        assert same(student.mae(wide, -wide), reference.mae(wide, -wide))
        y = rng.uniform(1, 2, 7).astype(np.float16)
        y_hat = rng.uniform(100, 200, 7).astype(np.float16)
        assert same(student.mae(y, y_hat), reference.mae(y, y_hat))

    @kit.numerical
    @kit.after("test_ordinary_errors")
    @kit.example([100000001.0, 100000002.0], [100000002.0, 100000004.0])
    @kit.hint("Is something rounded, added, or kept in float32? A small error counts with its own size.")
    def test_small_errors(self, student, rng):
        """Small errors, also of very large values, must not get lost; where all are 0, so is the MAE."""
        e = rng.permutation([-3.0, 1.0, 2.0, -1.5, 0.5, 4.0])
        y_hat = np.round(rng.uniform(1e8, 4e8, 6))
        assert same(student.mae(y_hat + e, y_hat), reference.mae(y_hat + e, y_hat))
        y, _ = pairs(rng, 6)
        assert same(student.mae(y, y), 0.0)
        for size in rng.uniform([1e-3, 1e-6], [2e-3, 2e-6]):
            near = y + size * e
            assert same(student.mae(y, near), reference.mae(y, near))

    @kit.numerical
    @kit.after("test_ordinary_errors")
    @kit.example((1, 2, 4), [2, 2, 2])
    @kit.hint("A list has no arithmetic: [1, 2] - [0, 1] is an error. Make arrays of both arguments first.")
    def test_lists_and_tuples(self, student, rng):
        """Lists and tuples of numbers must work like arrays."""
        y, y_hat = pairs(rng, 6)
        whole = np.round(y_hat)
        assert same(student.mae(y.tolist(), tuple(y_hat.tolist())), reference.mae(y, y_hat))
        assert same(student.mae(tuple(y.tolist()), [int(value) for value in whole]), reference.mae(y, whole))
        assert same(student.mae(y, y_hat.tolist()), reference.mae(y, y_hat))

    test_unequal_shapes = predicted.unequal_shapes([1.0, 2.0], [[1.0], [3.0]])
    test_one_dimension = predicted.one_dimension([[1.0, 2.0]], [[1.0, 3.0]])
    test_no_data = predicted.no_data([], [])
    test_finite = predicted.finite([1.0, float("nan")], [1.0, 2.0])
    test_inputs_unchanged = predicted.inputs_unchanged([1.0, 2.0], [1.5, 4.0])


Case = tuple[np.ndarray, np.ndarray, float]

RIGHT: tuple[Callable[[np.ndarray, np.ndarray], float], ...] = (
    reference.rmse,
    lambda y, y_hat: float(np.linalg.norm(y - y_hat) / np.sqrt(len(y))),
    lambda y, y_hat: float(np.hypot(np.mean(y - y_hat), np.std(y - y_hat))),
)
"""Three ways to write RMSE. A test case that is right agrees with all of them."""

MOST_CASES = 200


def readable(case: object) -> Case | None:
    """A test case as arrays and a number; None where it has another form."""
    if not isinstance(case, list | tuple) or len(case) != 3 or not kit.is_scalar(case[2]):
        return None
    try:
        y, y_hat = (np.asarray(values, dtype=np.float64) for values in case[:2])
    except (TypeError, ValueError, OverflowError):
        return None
    fits = y.shape == y_hat.shape and y.ndim == 1 and y.size > 0 and np.isfinite([y, y_hat]).all()
    return (y, y_hat, float(case[2])) if fits else None


def agrees(function: Callable[[np.ndarray, np.ndarray], float], case: Case) -> bool:
    """Whether a function gives what the case says, to three decimals."""
    y, y_hat, expected = case
    with np.errstate(all="ignore"):
        return bool(abs(float(function(y.copy(), y_hat.copy())) - expected) <= 1e-3)


def cases_of(student) -> list[Case | None]:
    given = student.answer("rmse_cases")
    return [readable(case) for case in given][:MOST_CASES] if isinstance(given, list | tuple) else []


EXAMPLE = ([0.0, 3.0], [0.0, 0.0])
"""The case that the cell shows. Alone it is a copy; next to cases of the student's own it counts like them."""


def catches(student, wrong: Callable[[np.ndarray, np.ndarray], float]) -> bool:
    """Whether one of the right cases disagrees with a wrong function. Wrong cases do not count: they catch anything."""
    right = [case for case in cases_of(student) if case and all(agrees(function, case) for function in RIGHT)]
    if all(np.array_equal(given, shown) for case in right for given, shown in zip(case[:2], EXAMPLE, strict=True)):
        kit.remark.set("The example of the cell alone is no list of your own. Add cases.")
        return False
    return any(not agrees(wrong, case) for case in right)


class Test_rmse_cases:
    meanings: ClassVar[dict[float | str, str]] = {}

    @kit.value
    @kit.hint("Work each case out by hand: square, mean, root. Give at least three decimals.")
    def test_every_case_is_right(self, student, rng):
        """One of your cases is not right, or does not have the form (y, y_hat, RMSE), or there is none."""
        cases = cases_of(student)
        assert cases
        assert all(case and all(agrees(function, case) for function in RIGHT) for case in cases)

    @kit.value
    @kit.hint("Choose errors of very different size. For which errors do MAE and RMSE differ?")
    def test_catches_the_mean_size(self, student, rng):
        """A function that returns the mean size of the errors slips through your cases."""
        assert catches(student, lambda y, y_hat: np.mean(np.abs(y - y_hat)))

    @kit.value
    @kit.hint("For errors of 0 and 1 a square and its root are hard to tell apart. Take other numbers.")
    def test_catches_a_missing_root(self, student, rng):
        """A function that forgets the root slips through your cases."""
        assert catches(student, lambda y, y_hat: np.mean((y - y_hat) ** 2))

    @kit.value
    @kit.hint("With one entry a sum and a mean are equal. Take several.")
    def test_catches_a_sum(self, student, rng):
        """A function that adds the squares instead of averaging them slips through your cases."""
        assert catches(student, lambda y, y_hat: np.sqrt(np.sum((y - y_hat) ** 2)))

    @kit.value
    @kit.hint("Dividing before and after the root differs as soon as there are several entries.")
    def test_catches_the_root_before_dividing(self, student, rng):
        """A function that takes the root of the sum and then divides by n slips through your cases."""
        assert catches(student, lambda y, y_hat: np.sqrt(np.sum((y - y_hat) ** 2)) / len(y))

    @kit.value
    @kit.hint("What remains of errors that are all equal, once their mean is subtracted?")
    def test_catches_the_standard_deviation(self, student, rng):
        """A function that returns the standard deviation of the errors slips through your cases."""
        assert catches(student, lambda y, y_hat: np.std(y - y_hat))

    @kit.value
    @kit.hint("Take errors of opposite sign.")
    def test_catches_cancelling(self, student, rng):
        """A function that averages the errors before it squares them slips through your cases."""
        assert catches(student, lambda y, y_hat: np.sqrt(np.mean(y - y_hat) ** 2))

    @kit.value
    @kit.hint("The fewer entries a case has, the more it matters whether one divides by n or n - 1.")
    def test_catches_n_minus_1(self, student, rng):
        """A function that divides by n - 1 slips through your cases."""
        assert catches(student, lambda y, y_hat: np.sqrt(np.sum((y - y_hat) ** 2) / np.float64(len(y) - 1)))

    @kit.value
    @kit.hint("Let the other errors matter as well: not all 0, and not all of one size.")
    def test_catches_the_largest_error(self, student, rng):
        """A function that returns the largest error slips through your cases."""
        assert catches(student, lambda y, y_hat: np.max(np.abs(y - y_hat)))


class Test_nll_of_tiny_errors:
    meanings: ClassVar[dict[float | str, str]] = {
        5.4888: "The size is right. The density is far above 1 here, so its negative logarithm is below 0.",
        -5.9888: "That is the NLL without any error. Errors of one sigma add one half.",
        0.0: "A density may exceed 1, so this loss may go below 0. Put the numbers into the formula of section 2.",
        1.4189: "That is right for sigma = 1. The term with the logarithm of sigma is missing.",
        -6.4078: "The term with the logarithm of 2 pi is missing.",
        -4.9888: "The half before the squared errors is missing.",
        -6.9078: "That is the logarithm of sigma alone. Two more terms belong to the NLL.",
        -12.3966: "The logarithm of sigma came in twice. Half the logarithm of sigma² is the logarithm of sigma.",
    }

    @kit.value
    @kit.hint("All squared errors are equal to sigma², so the last term of the formula is 1/2. What are the others?")
    def test_answer(self, student, rng):
        """The NLL of the sensor is not right yet."""
        assert close(student.answer("nll_of_tiny_errors"), float(0.5 * np.log(2 * np.pi * np.e * 1e-6)))


class Test_unit_of_mse:
    meanings: ClassVar[dict[float | str, str]] = {
        "a": "That is what happens to an error, and to RMSE. Before the root everything is squared, the unit too.",
        "c": "The houses have not changed, but the numbers have: every error is a thousandth of what it was.",
    }

    @kit.value
    @kit.hint("Each error is divided by 1000. By what is its square divided, and so the mean of the squares?")
    def test_answer(self, student, rng):
        """The report says something else after the change of unit."""
        assert chose(student.answer("unit_of_mse"), "b")


class Test_order_of_steps:
    meanings: ClassVar[dict[float | str, str]] = {
        "a": "The mean of these errors is 0: they cancel. This order would give 0.",
        "c": "The sum of the squares is 52, its root about 7.2, and a quarter of that is 1.8.",
    }

    @kit.value
    @kit.hint("Go through each order with these four errors, and write down what comes out.")
    def test_answer(self, student, rng):
        """This order of the steps does not give 3 for these errors."""
        assert chose(student.answer("order_of_steps"), "b")


class Test_uint8_trap:
    meanings: ClassVar[dict[float | str, str]] = {
        400.0: "So it would be on paper. The type uint8 knows only the whole numbers from 0 to 255.",
        236.0: "That is the difference, which has wrapped around. Its square wraps around as well.",
        55696.0: "That is the square of 236 on paper. It does not fit into uint8 either.",
        255.0: "Some image programs stop at 255. NumPy goes on from the other end.",
        20.0: "That is the size of the difference on paper. Square it, and look at what fits into uint8.",
        -20.0: "That is the difference on paper. Square it, and look at what fits into uint8.",
        145.0: "Close. From 255 the next step leads to 0, so 256 is taken away, not 255.",
    }

    @kit.value
    @kit.hint("Whole turns of 256 are lost, in the difference and in the square. What is left of 400?")
    def test_answer(self, student, rng):
        """NumPy returns a different number for this square."""
        assert close(student.answer("uint8_trap"), 144.0)


class Test_rmse_of_four_errors:
    meanings: ClassVar[dict[float | str, str]] = {
        3.5: "That is the mean size of the errors, MAE. RMSE squares them first.",
        25.0: "That is the mean square. The root is missing.",
        10.0: "That is the root of the sum of squares. Divide by the number of errors before the root.",
        2.5: "Divide before you take the root: the root of a mean is not the mean of a root.",
        5.7735: "That divides by n - 1. RMSE is a mean over all n errors.",
        0.5: "That is the size of the mean error: 6 and -8 almost cancel. Square them first.",
        -0.5: "That is the mean error: 6 and -8 almost cancel. Square them first.",
        4.9749: "That is the standard deviation of the errors. Their mean must not be subtracted.",
        8.0: "That is the largest error. All four count.",
        7.0711: "The errors of 0 count, too: the mean is over four.",
        100.0: "That is the sum of the squares. The mean and the root are missing.",
    }

    @kit.value
    @kit.hint("Square the four errors, take the mean of the four squares, then the root.")
    def test_answer(self, student, rng):
        """The RMSE of the four errors is not right yet."""
        assert close(student.answer("rmse_of_four_errors"), 5.0)


class Test_std_of_constant_bias:
    meanings: ClassVar[dict[float | str, str]] = {
        2.0: "The two do not add up to the RMSE. Their squares add up to its square.",
        16.0: "That is the square of the bias. The root is missing.",
        5.831: "Of bias and spread, neither can be larger than the RMSE. Which of the three squares is the sum?",
        34.0: "Of bias and spread, neither can be larger than the RMSE. Which of the three squares is the sum?",
        3.0: "That is the spread, which np.std measures. The bias is what it does not see.",
        5.0: "That is the RMSE. It holds the bias and the spread.",
        0.0: "Without a bias the RMSE would be 3, as np.std is.",
        -4.0: "The size is right: it has no sign.",
    }

    @kit.value
    @kit.hint("Section 8 splits the square of the RMSE into two parts. np.std is the root of one of them.")
    def test_answer(self, student, rng):
        """The size of the bias is not right yet."""
        assert close(student.answer("std_of_constant_bias"), 4.0)


SUSPECT = misconceptions.standard_deviation.wrong


class Test_unmask_spread:
    meanings: ClassVar[dict[float | str, str]] = {}

    @kit.value
    @kit.hint("In the example the errors are 3, -3, 1 and -1. What is special about them, as a group?")
    def test_the_call_unmasks_it(self, student, rng):
        """On your input the function is off by less than a hundredth, or the input does not have the form asked for."""
        given = arrays(student.answer("unmask_spread"), 2)
        assert given
        assert all(bool((np.abs(part) <= 1000).all()) for part in given)
        assert differs(given, SUSPECT, reference.rmse, by=0.01)

    @kit.value
    @kit.hint("What does its last line take away from each error before it squares?")
    def test_what_its_author_believes(self, student, rng):
        """This is not what its author believes."""
        assert chose(letter(student.answer("unmask_spread")), "a")
