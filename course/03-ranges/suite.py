"""What the functions and answers of unit 3 promise."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

import numpy as np

from autograder import kit
from autograder.kit import chose, close, refused, same, with_one

from . import misconceptions, reference
from .residue import squares_leave_residue
from .unmask import arrays, differs, letter

LOSSES = ("bce", "rmse", "mae")
CONVERT = "Make a float64 array of y before anything else, whatever type it came in. `vectors` does."
FLAT = "`vectors` asks for the number of dimensions. Does y go through it, as it came?"
EMPTY = "There is no mean and no median of nothing. `vectors` asks for the size."
FINITE = "Nothing may be dropped or replaced by 0. `vectors` refuses nan and infinity."
COPY = "Work on a copy. y.sort() and statements such as y -= y.mean() change the caller's data; sorted(y) does not."
UNKNOWN = "After the three names that you know, what happens to any other? The last branch must not be a guess."
RANGE = "Only BCE needs labels in [0, 1]. Ask about the smallest and the largest of them before you compute."


def skewed(rng: np.random.Generator, n: int) -> np.ndarray:
    """Real values in random order, some below 0; a few large ones pull the mean above all of the middle values, and one
    stands in the middle of the list."""
    low = rng.uniform(-6, 3, n - n // 4 - 1)
    rest = rng.permutation(np.concatenate([low, rng.uniform(40, 90, n // 4)]))
    return np.insert(rest, n // 2, rng.uniform(40, 90))


def rare_labels(rng: np.random.Generator, n: int) -> np.ndarray:
    """Hard labels, fewer than half of which are 1, but not none; one of them lies in the middle of the list."""
    y = np.zeros(n - 1)
    y[: max(1, n // 4) - 1] = 1
    return np.insert(rng.permutation(y), n // 2, 1.0)


def soft_labels(rng: np.random.Generator, n: int) -> np.ndarray:
    """Soft labels, most of which are small, so that mean and median lie apart."""
    y = rng.uniform(0.02, 0.2, n)
    y[: max(1, n // 3)] = rng.uniform(0.7, 0.97, max(1, n // 3))
    return rng.permutation(y)


def short_types(rng: np.random.Generator) -> Iterator[np.ndarray]:
    """Numbers whose sums, squares or half-way points do not fit into their own type."""
    yield rng.permutation([200, 250, 240, 230, 255, 90, 80]).astype(np.uint8)
    yield rng.permutation([-120, 100, 120, 110, -90, 127, 15]).astype(np.int8)
    yield rng.integers(1_500_000_000, 2_100_000_000, 7).astype(np.int32)
    yield rng.integers(6 * 10**18, 9 * 10**18, 7).astype(np.int64)
    yield rng.uniform(1000, 60000, 7).astype(np.float16)


def is_median(result: object, y: np.ndarray) -> bool:
    """Whether a result is one number between the two middle values, both included."""
    low, high = (float(np.quantile(y, 0.5, method=method)) for method in ("lower", "higher"))
    slack = kit.ATOL + kit.RTOL * max(abs(low), abs(high))
    return kit.is_scalar(result) and low - slack <= float(result) <= high + slack  # type: ignore[arg-type]


def never_sorted(rng: np.random.Generator) -> tuple[np.ndarray]:
    """Soft labels that are not in order, not even by chance."""
    y = soft_labels(rng, 7)
    y[:3] = (0.9, 0.5, 0.1)
    return (y,)


targets = kit.ArrayContract(
    ("y",),
    lambda rng, n: (soft_labels(rng, n),),
    rest=[(loss,) for loss in LOSSES],
    hints={"one_dimension": FLAT, "no_data": EMPTY, "finite": FINITE, "inputs_unchanged": COPY},
)


class Test_best_constant:
    @kit.value
    @kit.example([0, 0, 1, 0, 0], "mae")
    @kit.hint("For BCE the best constant is the share of ones. For MAE it is not: most of these labels are 0.")
    def test_hard_labels(self, student, rng):
        """For labels of 0 and 1 the constants for 'bce' and 'mae' are not right yet."""
        for n in (3, 7, 25):
            y = rare_labels(rng, n)
            assert same(student.best_constant(y, "bce"), y.mean())
            assert same(student.best_constant(y, "mae"), 0.0)

    @kit.value
    @kit.example([0.1, 0.9, 0.2], "bce")
    @kit.hint("A soft label counts with its own value, so do not round it. Which constant belongs to which loss?")
    def test_soft_labels(self, student, rng):
        """For soft labels the constants for 'bce' and 'mae' are not right yet."""
        for n in (3, 5, 21):
            y = soft_labels(rng, n)
            assert same(student.best_constant(y, "bce"), y.mean())
            assert same(student.best_constant(y, "mae"), np.median(y))

    @kit.value
    @kit.example([5.0, -1.0, 20.0], "rmse")
    @kit.hint(
        "Which loss asks for the mean, which for the middle? Section 3 derives both. The order of y is arbitrary."
    )
    def test_real_values(self, student, rng):
        """For real values in any order the constants for 'rmse' and 'mae' are not right yet."""
        for n in (3, 9, 31):
            y = skewed(rng, n)
            assert same(student.best_constant(y, "rmse"), y.mean())
            assert same(student.best_constant(y, "mae"), np.median(y))

    @kit.value
    @kit.example([9.0, 2.0, 1.0, 2.0], "mae")
    @kit.hint(
        "Sort the values on paper. Between which two does the middle lie? Any number from one to the other is right."
    )
    def test_even_number_of_values(self, student, rng):
        """With an even number of values, 'mae' wants a number between the two middle ones, ends included."""
        for n in (4, 10, 24):
            y = skewed(rng, n)
            assert is_median(student.best_constant(y, "mae"), y)

    @kit.numerical
    @kit.after("test_real_values")
    @kit.example(np.array([200, 250, 240], dtype=np.uint8), "rmse")
    @kit.hint(CONVERT)
    def test_short_types(self, student, rng):
        """Small integers and short floats must give the full precision, without any overflow."""
        for y in short_types(rng):
            assert same(student.best_constant(y, "rmse"), reference.best_constant(y, "rmse"))
            assert same(student.best_constant(y, "mae"), reference.best_constant(y, "mae"))
            assert is_median(student.best_constant(y[1:], "mae"), y[1:].astype(float))

    @kit.numerical
    @kit.example((True, False, False), "bce")
    @kit.hint("A list has no method mean, and True counts as 1. Convert y first.")
    def test_lists_and_booleans(self, student, rng):
        """Lists, tuples and booleans must work like arrays."""
        y = rare_labels(rng, 7)
        for given in (y.tolist(), tuple(y.tolist()), y.astype(bool), [bool(label) for label in y], y.astype(np.uint8)):
            for loss in LOSSES:
                assert same(student.best_constant(given, loss), reference.best_constant(y, loss))
        y = soft_labels(rng, 5)
        assert same(student.best_constant(y.tolist(), "bce"), y.mean())
        for label in (0, 1):
            assert same(student.best_constant([label] * 3, "bce"), label)

    @kit.contract
    @kit.example([1.0, 2.0, 4.0], "mse")
    @kit.hint(UNKNOWN)
    def test_unknown_loss(self, student, rng):
        """A loss other than 'bce', 'rmse' and 'mae' must raise ValueError."""
        for loss in ("mse", "accuracy", "", "huber", "BCE", "Rmse", "mae "):
            refused(student.best_constant, soft_labels(rng, 5), loss)

    @kit.contract
    @kit.example([0.5, 1.5], "bce")
    @kit.hint(RANGE)
    def test_range_of_labels(self, student, rng):
        """For 'bce', a label below 0 or above 1 must raise ValueError."""
        for label in (-1.0, 2.0, -rng.uniform(0.01, 0.5), 1 + rng.uniform(0.01, 0.5), *kit.OUTSIDE):
            for bad in with_one(soft_labels(rng, 4), label):
                refused(student.best_constant, bad, "bce")

    test_one_dimension = targets.one_dimension([[0.0, 1.0]], "rmse")
    test_no_data = targets.no_data([], "mae")
    test_finite = targets.finite([1.0, float("nan")], "rmse")
    test_input_unchanged = targets.inputs_unchanged(
        [3.0, 1.0, 2.0],
        "mae",
        sentence="The caller's y must be the same after the call, in the same order.",
        given=never_sorted,
    )


class Test_baseline_loss:
    @kit.value
    @kit.example([0, 0, 0, 1], "bce")
    @kit.hint("Put the share of ones into the entropy of unit 1. Both sides count, also that of the zeros.")
    def test_bce_of_hard_labels(self, student, rng):
        """For labels of 0 and 1 the baseline of 'bce' is not right yet."""
        for n in (3, 8, 30):
            y = rare_labels(rng, n)
            for labels in (y, 1 - y, np.tile(y, 3)):
                assert same(student.baseline_loss(labels, "bce"), reference.baseline_loss(labels, "bce"))

    @kit.value
    @kit.example([0.1, 0.9, 0.2], "bce")
    @kit.hint(
        "The forecast is the same for all, namely the mean. So is it the entropy of the mean, or a mean of entropies?"
    )
    def test_bce_of_soft_labels(self, student, rng):
        """For soft labels the baseline of 'bce' is not right yet."""
        for n in (2, 5, 24):
            y = soft_labels(rng, n)
            assert same(student.baseline_loss(y, "bce"), reference.baseline_loss(y, "bce"))

    @kit.value
    @kit.example([1.0, 3.0, 8.0], "rmse")
    @kit.hint("The RMSE of a constant is a mean over all n values, and it has a root.")
    def test_rmse(self, student, rng):
        """The baseline of 'rmse' is not right yet."""
        for n in (2, 7, 30):
            y = skewed(rng, n)
            for values in (y, np.tile(y, 2)):
                assert same(student.baseline_loss(values, "rmse"), reference.baseline_loss(values, "rmse"))

    @kit.value
    @kit.example([1.0, 2.0, 3.0, 4.0, 100.0], "mae")
    @kit.hint("From which point are the sizes of the errors measured, from the mean or from the median?")
    def test_mae(self, student, rng):
        """The baseline of 'mae' is not right yet."""
        for n in (3, 8, 31):
            y = skewed(rng, n)
            for values in (y, np.tile(y, 2)):
                assert same(student.baseline_loss(values, "mae"), reference.baseline_loss(values, "mae"))

    @kit.numerical
    @kit.after("test_bce_of_hard_labels")
    @kit.example([1, 1, 1], "bce")
    @kit.hint("0 * log(0) is nan for the computer. Leave a side of weight 0 out.")
    def test_one_class_only(self, student, rng):
        """Labels that are all 0, or all 1, have a BCE baseline of 0."""
        for label in (0.0, 1.0):
            for n in (1, 5):
                assert same(student.baseline_loss(np.full(n, label), "bce"), 0.0)
        assert same(student.baseline_loss([0, 0], "bce"), 0.0)
        mixed = rng.permutation([1.0] * 5 + [0.0])
        for y in (mixed, 1 - mixed):
            assert same(student.baseline_loss(y, "bce"), reference.baseline_loss(y, "bce"))

    @kit.numerical
    @kit.after("test_mae")
    @kit.example([0.1, 0.1, 0.1], "rmse")
    @kit.hint("A mean of squares minus a squared mean may come out as -1e-18, and its root is nan. Subtract first.")
    def test_equal_targets(self, student, rng):
        """Equal targets, also of fractions, leave a baseline of 0 for 'rmse' and 'mae'."""
        for n in (1, 3, int(rng.integers(6, 40)), 500):
            y = np.full(n, rng.uniform(0.01, 1) * rng.choice([-1, 1]))
            while n == 500 and not squares_leave_residue(y):
                y = np.full(n, rng.uniform(0.3, 1))
            for loss in ("rmse", "mae"):
                assert same(student.baseline_loss(y, loss), 0.0)
                other = np.append(y, 2 * y[0])
                assert same(student.baseline_loss(other, loss), reference.baseline_loss(other, loss))

    @kit.numerical
    @kit.after("test_bce_of_hard_labels")
    @kit.example([0.0, 0.0, 0.0, 4e-6], "bce")
    @kit.hint("Is something clipped, or added inside the logarithm? A base rate of one in a million is a base rate.")
    def test_very_rare_events(self, student, rng):
        """A very small base rate must keep its small entropy."""
        for tiny in 10.0 ** -rng.uniform((5.5, 5.5, 6.8), (6.5, 6.5, 7.2)):
            y = rng.permutation([0.0, 0.0, tiny, 0.0])
            for labels in (y, 1 - y):
                assert same(student.baseline_loss(labels, "bce"), reference.baseline_loss(labels, "bce"))

    @kit.numerical
    @kit.after("test_mae")
    @kit.example([100000001.0, 100000002.0, 100000003.0], "rmse")
    @kit.hint("Subtract the constant first, then square. Squares of very large numbers leave no room for a difference.")
    def test_small_spread_of_large_values(self, student, rng):
        """A small spread of very large values must not get lost."""
        y = np.round(rng.uniform(1e8, 4e8)) + rng.permutation([-3.0, 1.0, 2.5, -1.5, 0.5, 9.0, 0.0])
        for loss in ("rmse", "mae"):
            assert same(student.baseline_loss(y, loss), reference.baseline_loss(y, loss))

    @kit.numerical
    @kit.after("test_bce_of_hard_labels")
    @kit.example(np.array([0, 200, 255], dtype=np.uint8), "mae")
    @kit.hint(CONVERT)
    def test_any_number_type(self, student, rng):
        """Lists, tuples, booleans, small integers and short floats must give the full precision."""
        for y in short_types(rng):
            for loss in ("rmse", "mae"):
                assert same(student.baseline_loss(y, loss), reference.baseline_loss(y, loss))
        y = rare_labels(rng, 7)
        for given in (y.tolist(), tuple(y.tolist()), y.astype(bool), y.astype(np.uint8), y.astype(np.float16)):
            for loss in LOSSES:
                assert same(student.baseline_loss(given, loss), reference.baseline_loss(y, loss))

    @kit.contract
    @kit.example([1.0, 2.0, 4.0], "mse")
    @kit.hint(UNKNOWN)
    def test_unknown_loss(self, student, rng):
        """A loss other than 'bce', 'rmse' and 'mae' must raise ValueError."""
        for loss in ("mse", "accuracy", "", "huber", "BCE", "Rmse", "mae "):
            refused(student.baseline_loss, soft_labels(rng, 5), loss)

    @kit.contract
    @kit.example([0.5, 1.5], "bce")
    @kit.hint(RANGE)
    def test_range_of_labels(self, student, rng):
        """For 'bce', a label below 0 or above 1 must raise ValueError, even where the mean is a probability."""
        for label in (-1.0, 2.0, -rng.uniform(0.01, 0.5), 1 + rng.uniform(0.01, 0.5), *kit.OUTSIDE):
            for bad in with_one(soft_labels(rng, 4), label):
                refused(student.baseline_loss, bad, "bce")

    test_one_dimension = targets.one_dimension([[0.0, 1.0]], "rmse")
    test_no_data = targets.no_data([], "mae")
    test_finite = targets.finite([1.0, float("nan")], "rmse")
    test_input_unchanged = targets.inputs_unchanged(
        [3.0, 1.0, 2.0],
        "mae",
        sentence="The caller's y must be the same after the call, in the same order.",
        given=never_sorted,
    )


class Test_skill_score:
    @kit.value
    @kit.example(0.2, 0.5)
    @kit.hint("Which share of the baseline is left, and which share is gone? Skill is the second one.")
    def test_better_than_the_baseline(self, student, rng):
        """For a loss below the baseline the skill is not right yet."""
        for share in rng.uniform([0.05, 0.3, 0.6], [0.2, 0.45, 0.95]):
            baseline = float(rng.uniform(1.3, 4))
            assert same(student.skill_score(share * baseline, baseline), 1 - share)

    @kit.value
    @kit.example(3.0, 2.0)
    @kit.hint("Is the result cut off at 0, or stripped of its sign? A model may be worse than a constant.")
    def test_worse_than_the_baseline(self, student, rng):
        """A loss above the baseline must give a skill below 0."""
        for share in rng.uniform([1.2, 1.3, 1.6], [1.25, 1.45, 1.95]):
            baseline = float(rng.uniform(0.3, 0.7))
            assert same(student.skill_score(share * baseline, baseline), 1 - share)

    @kit.value
    @kit.example(4.0, 0.5)
    @kit.hint("Skill has no lower end: a loss of ten times the baseline has the skill 1 - 10.")
    def test_far_worse_than_the_baseline(self, student, rng):
        """A loss many times the baseline must give a skill below -1."""
        for share in rng.uniform([3, 10, 100], [8, 60, 900]):
            baseline = float(rng.uniform(0.05, 0.4))
            assert same(student.skill_score(share * baseline, baseline), 1 - share)

    @kit.value
    @kit.example(0.5, 0.5)
    @kit.hint("A loss of 0 has the skill 1, a loss equal to the baseline has the skill 0.")
    def test_perfect_and_no_skill(self, student, rng):
        """A perfect model and one as good as the constant must have the skills 1 and 0."""
        baseline = float(rng.uniform(1.2, 4))
        assert same(student.skill_score(0.0, baseline), 1.0)
        assert same(student.skill_score(baseline, baseline), 0.0)

    @kit.numerical
    @kit.after("test_worse_than_the_baseline")
    @kit.example(1e-12, 4e-12)
    @kit.hint(
        "Is something added to the baseline to keep it away from 0, or a small baseline refused? Neither is needed."
    )
    def test_tiny_losses(self, student, rng):
        """Very small losses and baselines must give the same skill as large ones."""
        for scale in 10.0 ** -rng.uniform([8, 100], [14, 200]):
            for loss in (rng.uniform(0.3, 0.9), rng.uniform(5, 9)):
                baseline = rng.uniform(1, 2)
                assert same(student.skill_score(loss * scale, baseline * scale), 1 - loss / baseline)

    @kit.numerical
    @kit.after("test_far_worse_than_the_baseline")
    @kit.example(3, 2)
    @kit.hint("3 // 2 is 1, while 3 / 2 is 1.5. Which division do you use, and is anything rounded?")
    def test_whole_numbers(self, student, rng):
        """Whole numbers must be divided like any others."""
        for loss, baseline in ((1, 3), (7, 2), (int(rng.integers(1, 9)), 10), (0, 4)):
            assert same(student.skill_score(loss, baseline), 1 - loss / baseline)
            assert same(student.skill_score(np.int64(loss), np.float64(baseline)), 1 - loss / baseline)

    @kit.contract
    @kit.example(0.5, 0.0)
    @kit.hint("Ask about the baseline before you divide. NumPy numbers divide by 0 without an error.")
    def test_baseline_above_0(self, student, rng):
        """A baseline of 0 or below must raise ValueError."""
        for baseline in (0.0, 0, -rng.uniform(0.1, 3), np.float64(0)):
            refused(student.skill_score, 0.5, baseline)
            refused(student.skill_score, 0.0, baseline)

    @kit.contract
    @kit.example(-0.5, 1.0)
    @kit.hint("A loss below 0 would give a skill above 1. Ask about the loss, too.")
    def test_loss_not_below_0(self, student, rng):
        """A negative loss must raise ValueError."""
        for loss in (-rng.uniform(0.1, 3), -1, -1e-6, -1e-12):
            refused(student.skill_score, loss, 1.0)

    @kit.contract
    @kit.example(float("nan"), 1.0)
    @kit.hint("Is nan < 0? Every comparison with nan is False, so turn your question round, or ask np.isfinite.")
    def test_not_nan(self, student, rng):
        """A nan in either place must raise ValueError."""
        refused(student.skill_score, np.nan, rng.uniform(0.5, 2))
        refused(student.skill_score, rng.uniform(0.5, 2), np.nan)

    @kit.contract
    @kit.example(1.0, float("inf"))
    @kit.hint("A finite loss divided by infinity is 0 and looks like perfect skill.")
    def test_not_infinite(self, student, rng):
        """An infinity in either place must raise ValueError."""
        refused(student.skill_score, np.inf, rng.uniform(0.5, 2))
        refused(student.skill_score, rng.uniform(0.5, 2), np.inf)
        refused(student.skill_score, np.inf, np.inf)


class Test_max_rmse_of_stars:
    meanings: ClassVar[dict[float | str, str]] = {
        1.0: "That is the bound for labels of 0 and 1. How far can a prediction be from the truth here?",
        16.0: "That is the largest mean square. The root is missing.",
        5.0: "That is the largest rating. The largest error is a difference of two ratings.",
        2.0: "That is the distance to the middle. A prediction of 1 can meet a truth that is further away.",
    }

    @kit.value
    @kit.hint("How large can a single error be? And can all of them be so large at once?")
    def test_answer(self, student, rng):
        """The largest RMSE of these ratings is not right yet."""
        assert close(student.answer("max_rmse_of_stars"), 4.0)


class Test_baseline_rmse_at_ten_percent:
    meanings: ClassVar[dict[float | str, str]] = {
        0.8: "That share has the same baseline, and it is more than half. The other class may be called 1, too.",
        0.16: "That is the mean square, the share times one minus the share. Which share has this product?",
        0.4: "That is the RMSE itself, or the share of ones whose RMSE is 0.49. Square 0.4 first.",
        0.0798: "That is the share whose entropy is about 0.28. Here the loss is RMSE.",
        0.1: "At ten percent the best constant has an RMSE of 0.3.",
        0.5: "At one half the best constant has an RMSE of 0.5.",
        20.0: "That is the share in percent. Write it as a number from 0 to 1.",
    }

    @kit.value
    @kit.hint("The square of this RMSE is the share times one minus the share. Solve for the share.")
    def test_answer(self, student, rng):
        """This share of ones gives a different RMSE of the best constant."""
        assert close(student.answer("baseline_rmse_at_ten_percent"), 0.2)


class Test_mae_constant_of_rare_labels:
    meanings: ClassVar[dict[float | str, str]] = {
        0.05: "That is the mean, the best constant for BCE and RMSE. MAE asks for the value in the middle.",
        0.5: "That is the middle of the range from 0 to 1. MAE asks for the middle of the twenty values.",
        1.0: "Nineteen of the twenty labels would then be missed by 1.",
        0.95: "That is the share of zeros. MAE asks for the value in the middle of all twenty.",
    }

    @kit.value
    @kit.hint("Sort the twenty labels. What stands in the middle?")
    def test_answer(self, student, rng):
        """A different constant has the lowest MAE for these labels."""
        assert close(student.answer("mae_constant_of_rare_labels"), 0.0)


class Test_always_negative:
    meanings: ClassVar[dict[float | str, str]] = {
        "b": "That is what each healthy person costs. Each sick one costs 6.9 nats, and one in a hundred is sick.",
        "c": "A forecast that is ten times too small costs 2.3 nats more, and only for the sick: one in a hundred.",
    }

    @kit.value
    @kit.hint("One person in a hundred costs -log(0.001), the others -log(0.999). Take the mean.")
    def test_answer(self, student, rng):
        """The classifier that says 0.001 for everybody has a different BCE."""
        assert chose(student.answer("always_negative"), "a")


class Test_below_the_floor:
    meanings: ClassVar[dict[float | str, str]] = {
        "a": "On 100 rows the standard error is 0.066, so 0.29 is about half a standard error below: ordinary luck.",
        "c": "The amount is the same. In standard errors, how far below the floor is each of the two?",
    }

    @kit.value
    @kit.hint("The floor is 0.3251. Divide the distance by the standard error, 0.66 / sqrt(n), for both teams.")
    def test_answer(self, student, rng):
        """For the other result luck explains more, or less, than you think."""
        assert chose(student.answer("below_the_floor"), "b")


class Test_skill_at_five_percent:
    meanings: ClassVar[dict[float | str, str]] = {
        0.05: "That is a quarter of the baseline: a skill of 0.75. A skill of 0.25 leaves three quarters.",
        0.25: "A skill above 0 means a loss below the baseline, and at 5 % ones that is 0.1985.",
        0.52: "That would be right at 50 % ones. At 5 % the baseline is lower.",
        0.225: "The 0.30 was the loss of a model, not the baseline. What does the constant cost at 5 % ones?",
        0.2: "That is the baseline itself: a skill of 0.",
        0.75: "That is the share of the baseline that is left. Multiply it by the baseline.",
        0.16: "Divide by nothing: the loss is the baseline times one minus the skill.",
        0.21: "That is three quarters of the bits, not of the nats.",
    }

    @kit.value
    @kit.hint("The table of section 2 has the baseline at 5 % ones. Which share of it may be left?")
    def test_answer(self, student, rng):
        """The BCE of the promised model is not right yet."""
        exact = 0.75 * reference.baseline_loss([1] + 19 * [0], "bce")
        assert close(student.answer("skill_at_five_percent"), exact, within=0.0062)


class Test_skill_of_a_disaster:
    meanings: ClassVar[dict[float | str, str]] = {
        9.0: "The size is right. Is this model better or worse than the constant?",
        10.0: "That is loss / baseline. Skill is 1 minus this.",
        -10.0: "Almost: 1 minus the ratio, not 0 minus the ratio.",
        0.9: "That is 1 - baseline / loss. Which of the two belongs below the fraction bar?",
        -1.0: "Skill has no lower end at -1.",
        0.0: "Skill is not cut off at 0. How many times the baseline is the loss?",
        -6.3: "That is the difference of baseline and loss. Divide it by the baseline.",
    }

    @kit.value
    @kit.hint("How many times the baseline is the loss? Subtract this from 1.")
    def test_answer(self, student, rng):
        """The skill of this model is not right yet."""
        assert close(student.answer("skill_of_a_disaster"), -9.0)


def suspect(y):
    return misconceptions.deviation_from_the_mean.wrong(y, "mae")


class Test_unmask_mean_for_mae:
    meanings: ClassVar[dict[float | str, str]] = {}

    @kit.value
    @kit.hint("In the example the mean lies between the two values in the middle. Make it lie elsewhere.")
    def test_the_call_unmasks_it(self, student, rng):
        """On your input the function is off by less than a hundredth, or the input does not have the form asked for."""
        given = arrays(student.answer("unmask_mean_for_mae"), 1)
        assert given
        assert bool((np.abs(given[0]) <= 1000).all())
        assert differs(given, suspect, lambda y: reference.baseline_loss(y, "mae"), by=0.01)

    @kit.value
    @kit.hint("From which constant does it measure the deviations? For which loss is that constant the best one?")
    def test_what_its_author_believes(self, student, rng):
        """This is not what its author believes."""
        assert chose(letter(student.answer("unmask_mean_for_mae")), "c")
