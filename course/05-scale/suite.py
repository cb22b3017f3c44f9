"""What the functions and answers of unit 5 promise."""

from __future__ import annotations

from typing import ClassVar

import numpy as np

from autograder import kit
from autograder.kit import chose, close, refused, same, with_one

from . import misconceptions, reference
from .residue import leaves_residue
from .unmask import arrays, differs, letter

METHODS = ("std", "range", "mean")
CONVERT = "Make float64 arrays of the arguments before anything else, whatever type they came in."
GIVEN = "The helper vectors compares the shapes and looks at every entry. Call it first, and use what it returns."
COPY = "Work on a copy. Assignments such as y_hat -= y, r **= 2, and out=r change the caller's array."


def measured(rng: np.random.Generator, n: int) -> tuple[np.ndarray, np.ndarray]:
    """Targets with a mean and a spread of their own, and predictions that are off by a bias and by noise.

    The smallest and the largest target do not stand at the two ends of the list."""
    steps = np.linspace(-1, 1, n) ** 3
    inner = rng.permutation(steps[1:-1])
    order = np.concatenate([inner[:1], rng.permutation(steps[[0, -1]]), inner[1:]])
    y = rng.uniform(2, 9) * rng.choice([-1, 1]) + rng.uniform(0.5, 2) * order
    y += rng.uniform(-0.05, 0.05, n)
    return y, y + rng.uniform(0.1, 0.4) * rng.choice([-1, 1]) + rng.uniform(-0.3, 0.3, n)


def equal_with_residue(rng: np.random.Generator) -> np.ndarray:
    """Equal targets whose computed mean is not exactly what each of them is."""
    while True:
        y = np.full(int(rng.integers(5, 60)), rng.uniform(0.01, 1))
        if leaves_residue(y):
            return y


def folds_of_any_number(rng: np.random.Generator, n: int) -> tuple[np.ndarray, np.ndarray]:
    """Folds whose counts are floats, in which they can be changed in place without an error."""
    rmses, counts = folds(rng, n)
    return rmses, counts.astype(float)


HINTS = {"inputs_unchanged": COPY}
predicted = kit.ArrayContract(("y", "y_hat"), measured, rest=[(method,) for method in METHODS], hints=HINTS)
pooled = kit.ArrayContract(("rmses", "counts"), folds_of_any_number, hints=HINTS)


class Test_nrmse:
    @kit.value
    @kit.example([2.0, 6.0, 1.0, 3.0], [2.0, 2.0, 1.0, 3.0])
    @kit.hint("Two steps: the RMSE, and one number of the targets to divide it by. Print each of them.")
    def test_by_standard_deviation(self, student, rng):
        """The RMSE divided by the population standard deviation of the targets is not right yet."""
        for n in (3, 8, 25):
            y, y_hat = measured(rng, n)
            expected = reference.nrmse(y, y_hat, "std")
            assert same(student.nrmse(y, y_hat, "std"), expected)
            assert same(student.nrmse(y, y_hat), expected)

    @kit.value
    @kit.example([2.0, 6.0, 1.0, 3.0], [2.0, 2.0, 1.0, 3.0], "range")
    @kit.hint("The range is the distance between the smallest and the largest target.")
    def test_by_range(self, student, rng):
        """The RMSE divided by the range of the targets is not right yet."""
        for n in (2, 9, 20):
            y, y_hat = measured(rng, n)
            assert same(student.nrmse(y, y_hat, "range"), reference.nrmse(y, y_hat, "range"))
            assert same(student.nrmse(y, y_hat, method="range"), reference.nrmse(y, y_hat, "range"))

    @kit.value
    @kit.example([-4.0, 1.0, -3.0, -6.0], [-4.0, 1.0, -3.0, -2.0], "mean")
    @kit.hint("An error is never negative, also where the targets are. And whose mean is it?")
    def test_by_mean(self, student, rng):
        """The RMSE divided by the size of the targets' mean is not right yet; targets may be negative."""
        y, y_hat = measured(rng, 7)
        for sign in (1, -1):
            expected = reference.nrmse(sign * y, sign * y_hat, "mean")
            assert same(student.nrmse(sign * y, sign * y_hat, "mean"), expected)
        for turned in (1, 2, 3):
            mixed = np.concatenate([y, -y[:turned]])
            off = np.concatenate([y_hat, -y_hat[:turned]])
            assert same(student.nrmse(mixed, off, "mean"), reference.nrmse(mixed, off, "mean"))

    @kit.value
    @kit.example([200.0, 600.0, 100.0, 300.0], [200.0, 200.0, 100.0, 300.0])
    @kit.hint("Multiply targets and predictions by 100, as from metres to centimetres. What happens to each step?")
    def test_other_units(self, student, rng):
        """A different unit, for targets and predictions alike, must not change the result."""
        y, y_hat = measured(rng, 8)
        for factor in (100.0, rng.uniform(0.05, 0.2), -rng.uniform(2, 9)):
            for method in METHODS:
                got = student.nrmse(factor * y, factor * y_hat, method)
                assert same(got, reference.nrmse(y, y_hat, method))

    @kit.value
    @kit.example([1.0, 2.0, 3.0, 6.0], [5.0, 5.0, 5.0, 5.0], "range")
    @kit.hint("The predictions belong in the numerator only. What you divide by is a property of the targets.")
    def test_only_targets_set_the_size(self, student, rng):
        """What the RMSE is divided by must come from the targets, not from the predictions or errors."""
        targets, _ = measured(rng, 9)
        for y in (targets, -targets):
            for y_hat in (np.full(9, y.max() + 1), y + rng.uniform(2, 3), rng.permutation(y) * 3):
                for method in METHODS:
                    assert same(student.nrmse(y, y_hat, method), reference.nrmse(y, y_hat, method))

    @kit.numerical
    @kit.after("test_other_units")
    @kit.example([2e-9, 6e-9, 1e-9, 3e-9], [2e-9, 2e-9, 1e-9, 3e-9])
    @kit.hint("Is a small number added to the denominator, or does a comparison take tiny for zero?")
    def test_tiny_units(self, student, rng):
        """Targets measured in a very large unit are tiny numbers, and the result must not change."""
        y, y_hat = measured(rng, 7)
        for factor in (1e-9, 1e-14):
            for method in METHODS:
                got = student.nrmse(factor * y, factor * y_hat, method)
                assert same(got, reference.nrmse(factor * y, factor * y_hat, method))

    @kit.numerical
    @kit.after("test_by_range")
    @kit.example([10000001.0, 10000002.0, 10000003.0], [10000001.0, 10000002.0, 10000004.0])
    @kit.hint("The difference of two large, nearly equal numbers has few digits left. Subtract the mean first.")
    def test_far_from_zero(self, student, rng):
        """Targets far from zero, such as time stamps, must keep their spread to six digits."""
        y, y_hat = measured(rng, 9)
        y, y_hat = y + 1e7, y_hat + 1e7
        for method in ("std", "range"):
            assert same(student.nrmse(y, y_hat, method), reference.nrmse(y, y_hat, method))

    @kit.numerical
    @kit.after("test_by_standard_deviation")
    @kit.example(np.array([0, 200], dtype=np.uint8), np.array([10, 100], dtype=np.uint8))
    @kit.hint(CONVERT)
    def test_any_number_type(self, student, rng):
        """Lists, tuples, small integers and short floats must give the full precision."""
        low, high = rng.integers(0, 20, 5), rng.integers(200, 256, 5)
        y, y_hat = rng.permutation(np.concatenate([low, high])), rng.permutation(np.concatenate([high, low]))
        y[:3] = (100, 3, 250)
        for method in METHODS:
            expected = reference.nrmse(y, y_hat, method)
            for kind in (np.uint8, np.int64, np.float16, np.float32):
                assert same(student.nrmse(y.astype(kind), y_hat.astype(kind), method), expected)
            assert same(student.nrmse(y.tolist(), y_hat.tolist(), method), expected)
            assert same(student.nrmse(tuple(y.tolist()), tuple(y_hat.tolist()), method), expected)
        signed, other = (y - 128).astype(np.int8), (y_hat - 128).astype(np.int8)
        assert same(student.nrmse(signed, other, "range"), reference.nrmse(signed, other, "range"))
        truth, guess = np.array([True, False, True]), np.array([True, True, False])
        assert same(student.nrmse(truth, guess), reference.nrmse([1, 0, 1], [1, 1, 0]))

    @kit.contract
    @kit.example([5.0, 5.0, 5.0], [5.0, 6.0, 5.0])
    @kit.hint("Compute the denominator, and ask whether it is 0 before you divide. NumPy would answer inf or nan.")
    def test_nothing_to_divide_by(self, student, rng):
        """Equal targets have neither spread nor range: that must raise ValueError, also for perfect predictions."""
        for value in (0.0, float(rng.integers(1, 50)), -float(rng.integers(1, 50))):
            y = np.full(4, value)
            for y_hat in (y, y + rng.uniform(0.1, 1, 4)):
                for method in ("std", "range"):
                    refused(student.nrmse, y, y_hat, method)
        refused(student.nrmse, [7.0], [8.0])

    @kit.contract
    @kit.example([0.1, 0.1, 0.1, 0.1, 0.1, 0.1], [0.2, 0.1, 0.1, 0.1, 0.1, 0.1])
    @kit.hint("np.std of six times 0.1 is about 1e-17, not 0. When are all targets equal? Ask min and max.")
    def test_equal_fractions(self, student, rng):
        """Equal targets must raise ValueError, also where rounding leaves a tiny standard deviation."""
        for sign in (1, -1, 1):
            y = sign * equal_with_residue(rng)
            for y_hat in (y, y + rng.uniform(0.1, 1, len(y))):
                for method in ("std", "range"):
                    refused(student.nrmse, y, y_hat, method)
            assert same(student.nrmse(y, 2 * y, "mean"), 1.0)

    @kit.contract
    @kit.example([-2.0, 2.0], [-1.0, 2.0], "mean")
    @kit.hint("Which number do you divide by when the method is 'mean'? Ask whether it is 0.")
    def test_mean_of_zero(self, student, rng):
        """Targets that average to zero must raise ValueError for the method 'mean', and for no other."""
        half = rng.integers(1, 40, 3).astype(float)
        y = np.concatenate([half, -half])
        y_hat = y + rng.uniform(0.1, 1, 6)
        refused(student.nrmse, y, y_hat, "mean")
        refused(student.nrmse, np.zeros(3), np.ones(3), "mean")
        for method in ("std", "range"):
            assert same(student.nrmse(y, y_hat, method), reference.nrmse(y, y_hat, method))

    @kit.contract
    @kit.example([1.0, 2.0], [1.0, 3.0], "median")
    @kit.hint("After the three methods that you know there is one more branch: all other words.")
    def test_unknown_method(self, student, rng):
        """A method other than 'std', 'range' and 'mean' must raise ValueError."""
        y, y_hat = measured(rng, 5)
        for method in ("median", "iqr", "", "stdev", "max", "means"):
            refused(student.nrmse, y, y_hat, method)

    @kit.contract
    @kit.example([1.0, 2.0], [1.5])
    @kit.hint(GIVEN)
    def test_pairs(self, student, rng):
        """Shapes that differ or are not 1-D, no data, nan and infinities must raise ValueError."""
        for y, y_hat in kit.misshapen(*measured(rng, 5)):
            refused(student.nrmse, y, y_hat)
        for method in METHODS:
            refused(student.nrmse, [], [], method)
            refused(student.nrmse, np.zeros(0), np.zeros(0), method)
        y, y_hat = measured(rng, 3)
        for entry in (np.nan, np.inf, -np.inf):
            for method in METHODS:
                for bad in with_one(y, entry):
                    refused(student.nrmse, bad, y_hat, method)
                for bad in with_one(y_hat, entry):
                    refused(student.nrmse, y, bad, method)

    test_inputs_unchanged = predicted.inputs_unchanged([1.0, 2.0, 4.0], [1.5, 2.0, 3.0])


def folds(rng: np.random.Generator, k: int) -> tuple[np.ndarray, np.ndarray]:
    """RMSEs and sizes of k folds, clearly different from each other."""
    rmses = rng.permutation(np.linspace(0.5, 6, k)) * rng.uniform(0.8, 1.2, k)
    counts = rng.permutation(np.arange(2, 2 + 9 * k, 9)) + rng.integers(0, 4, k)
    return rmses, counts


class Test_pool_rmse:
    @kit.value
    @kit.example([1.0, 7.0], [10, 10])
    @kit.hint("How large is the sum of squared errors of each fold? Add those first; take one root at the end.")
    def test_equal_counts(self, student, rng):
        """For folds of equal size the pooled RMSE is not right yet."""
        for k in (2, 5):
            rmses, _ = folds(rng, k)
            counts = np.full(k, rng.integers(3, 40))
            assert same(student.pool_rmse(rmses, counts), reference.pool_rmse(rmses, counts))

    @kit.value
    @kit.example([1.0, 5.0], [30, 10])
    @kit.hint("A large fold brings more squared errors than a small one. Where do the counts enter?")
    def test_unequal_counts(self, student, rng):
        """Folds of different size must count by their size."""
        for k in (2, 3, 8):
            rmses, counts = folds(rng, k)
            assert same(student.pool_rmse(rmses, counts), reference.pool_rmse(rmses, counts))

    @kit.value
    @kit.example([2.0, 2.0, 6.0], [5, 15, 20])
    @kit.hint("Two folds with one RMSE are as good as one large fold. Does your result depend on the number of folds?")
    def test_fold_cut_in_two(self, student, rng):
        """Cutting a fold into two parts of the same RMSE must not change the result."""
        for k in (2, 4):
            rmses, counts = folds(rng, k)
            counts[0] += 5
            cut = np.concatenate([[3, counts[0] - 3], counts[1:]])
            assert same(student.pool_rmse(rmses[[0, *range(k)]], cut), reference.pool_rmse(rmses, counts))

    @kit.value
    @kit.example([1.0, 2.0, 0.0], [4, 1, 5])
    @kit.hint("Make up the errors yourself, for example two folds of two entries, and compute the RMSE of all four.")
    def test_as_if_never_split(self, student, rng):
        """The result must be the RMSE of all errors as if they had never been split."""
        for _ in range(3):
            parts = [rng.normal(rng.uniform(-2, 2), rng.uniform(0.1, 3), rng.integers(1, 12)) for _ in range(4)]
            rmses = [float(np.sqrt(np.mean(part**2))) for part in parts]
            everything = np.concatenate(parts)
            assert same(student.pool_rmse(rmses, [len(part) for part in parts]), np.sqrt(np.mean(everything**2)))

    @kit.numerical
    @kit.after("test_unequal_counts")
    @kit.example(np.array([20, 200], dtype=np.uint8), np.array([100, 250], dtype=np.uint8))
    @kit.hint(CONVERT)
    def test_small_integers(self, student, rng):
        """Small integers must not wrap around when they are squared and multiplied."""
        rmses, counts = rng.integers(20, 256, 6), rng.integers(20, 256, 6)
        expected = reference.pool_rmse(rmses, counts)
        for kind in (np.uint8, np.uint16, np.int64):
            assert same(student.pool_rmse(rmses.astype(kind), counts.astype(kind)), expected)
        assert same(student.pool_rmse(rmses.tolist(), tuple(counts.tolist())), expected)

    @kit.numerical
    @kit.after("test_unequal_counts")
    @kit.example(np.array([300.0, 400.0], dtype=np.float16), [20, 10])
    @kit.hint(CONVERT)
    def test_short_floats(self, student, rng):
        """RMSEs in float16 and float32 must neither overflow nor lose digits."""
        rmses, counts = rng.uniform(300, 900, 5), rng.integers(2, 60, 5)
        for short in (np.float16, np.float32):
            narrow = rmses.astype(short)
            assert same(student.pool_rmse(narrow, counts), reference.pool_rmse(narrow, counts))
            assert same(student.pool_rmse(narrow, counts.astype(short)), reference.pool_rmse(narrow, counts))

    @kit.numerical
    @kit.after("test_equal_counts")
    @kit.example([1.0, 2.0], [3_000_000_000, 1_000_000_000])
    @kit.hint("Counts can be large. Multiply and add in float64, and repeat no error count times.")
    def test_many_entries(self, student, rng):
        """Folds with billions of entries must pool as well as small ones."""
        rmses, counts = rng.uniform(1, 60, 4), rng.integers(2**31, 2**32, 4)
        assert same(student.pool_rmse(rmses, counts), reference.pool_rmse(rmses, counts))
        whole = rng.integers(70_000, 90_000, 4)
        assert same(student.pool_rmse(whole, counts), reference.pool_rmse(whole, counts))

    @kit.contract
    @kit.example([1.0, -0.5], [10, 10])
    @kit.hint("Squaring hides the sign, so ask about it before you square.")
    def test_no_negative_rmse(self, student, rng):
        """A negative RMSE must raise ValueError."""
        rmses, counts = folds(rng, 3)
        for entry in (-rng.uniform(0.001, 0.9), -rng.uniform(1, 3), -1e-12):
            for bad in with_one(rmses, entry):
                refused(student.pool_rmse, bad, counts)

    @kit.contract
    @kit.example([0.0, 2.0], [10, 10])
    @kit.hint("Below 0 is a mistake. Is 0 itself one?")
    def test_perfect_fold(self, student, rng):
        """An RMSE of exactly 0 is a perfect fold, not a mistake."""
        rmses, counts = folds(rng, 3)
        for perfect in with_one(rmses, 0.0):
            assert same(student.pool_rmse(perfect, counts), reference.pool_rmse(perfect, counts))
        assert same(student.pool_rmse([0.0, 0.0], [3, 4]), 0.0)

    @kit.contract
    @kit.example([1.0, 2.0], [10, 0])
    @kit.hint("A fold without entries has no RMSE. Ask about the smallest count.")
    def test_positive_counts(self, student, rng):
        """A count of zero or less must raise ValueError; a count of 1 is fine."""
        rmses, counts = folds(rng, 3)
        for single in with_one(counts, 1):
            assert same(student.pool_rmse(rmses, single), reference.pool_rmse(rmses, single))
        for count in (0, -int(rng.integers(1, 9))):
            for bad in with_one(counts, count):
                refused(student.pool_rmse, rmses, bad)

    @kit.contract
    @kit.example([1.0, 2.0, 3.0], [10])
    @kit.hint(GIVEN)
    def test_pairs(self, student, rng):
        """Shapes that differ or are not 1-D, no folds, nan and infinities must raise ValueError."""
        for rmses, counts in kit.misshapen(*folds(rng, 5)):
            refused(student.pool_rmse, rmses, counts)
        refused(student.pool_rmse, [], [])
        rmses, counts = folds(rng, 3)
        for entry in (np.nan, np.inf):
            for bad in with_one(rmses, entry):
                refused(student.pool_rmse, bad, counts)
            for bad in with_one(counts.astype(float), entry):
                refused(student.pool_rmse, rmses, bad)

    test_inputs_unchanged = pooled.inputs_unchanged([1.0, 2.0], [10.0, 30.0])


class Test_mse_in_centimetres:
    meanings: ClassVar[dict[float | str, str]] = {
        3: "That is the RMSE in centimetres. The MSE is its square.",
        0.0009: "That is the MSE in square metres. How many square centimetres is one square metre?",
        0.09: "A square metre is more than 100 square centimetres: both of its sides are 100 centimetres long.",
        300: "Change the unit of the RMSE first, and square it then.",
        90000: "Change the unit of the RMSE first, and square it then.",
    }

    @kit.value
    @kit.hint("First write the RMSE in centimetres. How do you get from an RMSE to an MSE?")
    def test_answer(self, student, rng):
        """The MSE in square centimetres is a different number."""
        assert close(student.answer("mse_in_centimetres"), 9)


class Test_changes_in_kelvin:
    meanings: ClassVar[dict[float | str, str]] = {
        "a": "Subtracting 1800 moves all years alike. The distances from their mean stay as they are.",
        "b": "The first and the last year both move by 1800, so the range stays as it is.",
        "d": "One of the three divides by a number that depends on where zero lies.",
    }

    @kit.value
    @kit.hint("One number is subtracted from all years. Which of the three denominators notices?")
    def test_answer(self, student, rng):
        """A different normalised RMSE changes."""
        assert chose(student.answer("changes_in_kelvin"), "c")


class Test_equal_targets:
    meanings: ClassVar[dict[float | str, str]] = {
        "a": "One prediction is wrong by 1, so the RMSE is not 0.",
        "b": "What this method divides by is not 0.",
        "d": "Equal targets have no standard deviation and no range. What does this method divide by?",
    }

    @kit.value
    @kit.hint("Which size of the targets does the method choose, and how large is it for 5, 5 and 5?")
    def test_answer(self, student, rng):
        """The function does something else with these targets and this method."""
        assert chose(student.answer("equal_targets"), "c")


class Test_two_folds:
    meanings: ClassVar[dict[float | str, str]] = {
        9: "Then the mean of the two RMSEs would be 5. Pool the squares, and take the root last.",
        49: "That is the mean squared error of the second fold. One step is missing.",
        4.899: "That is the root of 25 - 1. The squares of two folds are averaged, not added.",
        24: "Squares are averaged over the two folds, not added; and a root is missing.",
        25: "That is the mean of the two squares.",
        3.606: "That is what RMSEs of 1 and 5 pool to. Here 5 is the RMSE of all entries.",
        5: "Then the better fold would not have lowered the RMSE of all.",
    }

    @kit.value
    @kit.hint("The square of 5 is the mean of two squares, and you know one of them.")
    def test_answer(self, student, rng):
        """With folds of RMSE 1 and this, all entries together have a different RMSE from 5."""
        assert close(student.answer("two_folds"), 7)


class Test_unit_of_bce:
    meanings: ClassVar[dict[float | str, str]] = {
        "a": "In the same unit, the same forecasts would have the same BCE.",
        "c": "With the logarithm to base 10 it would be 0.1565. Divide the two numbers.",
        "d": "A probability of what? The loss is a mean of logarithms, and the base decides the number.",
    }

    @kit.value
    @kit.hint("Divide the two numbers. Of which base is the result the natural logarithm, or one over it?")
    def test_answer(self, student, rng):
        """The second report uses a different unit."""
        assert chose(student.answer("unit_of_bce"), "b")


class Test_accidental_score:
    meanings: ClassVar[dict[float | str, str]] = {
        "a": "The mean is off from each target that is not the mean itself.",
        "c": "NumPy does not object: it stretches the shapes (n, 1) and (n,) to (n, n).",
        "d": "That is the score of perfect predictions in this shape. These are all equal.",
    }

    @kit.value
    @kit.hint("Write down the table for three targets. How do its rows differ, if all predictions are equal?")
    def test_answer(self, student, rng):
        """A column of means against a flat array of targets scores something else."""
        assert chose(student.answer("accidental_score"), "b")


class Test_fell_to_a_hundredth:
    meanings: ClassVar[dict[float | str, str]] = {
        "a": "Then its RMSE would be a smaller share of the standard deviation, on the same rows.",
        "b": "Then its RMSE would be a smaller share of the standard deviation, on the same rows.",
        "d": "Then its RMSE would be a smaller share of the standard deviation, which is computed on its own.",
    }

    @kit.value
    @kit.hint("The errors and the standard deviation of the targets became smaller by one factor. What does that?")
    def test_answer(self, student, rng):
        """Something else happened."""
        assert chose(student.answer("fell_to_a_hundredth"), "c")


SUSPECT = misconceptions.mean_of_absolute_targets.wrong


class Test_unmask_absolute_mean:
    meanings: ClassVar[dict[float | str, str]] = {}

    @kit.value
    @kit.hint("In the example the targets are 4, 1, 6 and 5. What do they have in common?")
    def test_the_call_unmasks_it(self, student, rng):
        """On your input the function is off by less than a hundredth, or the input does not have the form asked for."""
        given = arrays(student.answer("unmask_absolute_mean"), 2)
        assert given
        assert all(bool((np.abs(part) <= 1000).all()) for part in given)
        assert differs(
            given,
            lambda y, y_hat: SUSPECT(y, y_hat, "mean"),
            lambda y, y_hat: reference.nrmse(y, y_hat, "mean"),
            by=0.01,
        )

    @kit.value
    @kit.hint("In its last line, what happens to each target before the mean is taken?")
    def test_what_its_author_believes(self, student, rng):
        """This is not what its author believes."""
        assert chose(letter(student.answer("unmask_absolute_mean")), "a")
