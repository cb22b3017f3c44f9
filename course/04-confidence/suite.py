"""What the functions and answers of unit 4 promise."""

from __future__ import annotations

from typing import ClassVar

import numpy as np

from autograder import kit
from autograder.kit import chose, close, identical, refused, same, with_one

from . import reference

CONVERT = "Make float64 arrays of the arguments before anything else, whatever type they came in."
GIVEN = "The helper vectors compares the shapes and looks at every entry. Call it first, and use what it returns."
FINITE = "Comparisons with nan are always False, so a check of the range lets nan pass. The helper vectors sees it."
LABELS = "vectors does not know what a label is. Ask about the smallest and the largest y yourself."
COPY = "Work on a copy. Assignments such as z[mask] = ..., z *= ..., and out=z change the caller's array."


def labels(rng: np.random.Generator, n: int) -> np.ndarray:
    """Hard labels. The first two differ where n allows it, and so do the next two, as `logits` relies on."""
    y = rng.integers(0, 2, n).astype(float)
    y[: min(n, 4)] = np.tile(rng.permutation([0.0, 1.0]), 2)[: min(n, 4)]
    return y


def logits(rng: np.random.Generator, n: int) -> np.ndarray:
    """Logits clear of 0, far from saturation. Beside `labels` each label has both signs where n allows it: among two or
    three the signs differ, among four and more the first two have the one and the next two the other."""
    signs = rng.choice([-1, 1], n)
    signs[: min(n, 4)] = (np.repeat if n >= 4 else np.tile)(rng.permutation([-1, 1]), 2)[: min(n, 4)]
    return signs * rng.uniform(0.3, 3.5, n)


def far(rng: np.random.Generator, n: int, low: float, high: float) -> np.ndarray:
    """Logits of both signs, at a distance between low and high from 0."""
    z = rng.uniform(low, high, n)
    z[::2] *= -1
    return rng.permutation(z)


def far_out(rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Labels and logits, two of which are so large that their exponential overflows."""
    y, z = labels(rng, 6), logits(rng, 6)
    z[:2] = (900.0, -900.0)
    return y, z


scored = kit.ArrayContract(
    ("y", "z"),
    lambda rng, n: (labels(rng, n), logits(rng, n)),
    hints={"finite": FINITE, "inputs_unchanged": COPY},
)


class Test_sigmoid:
    @staticmethod
    def right(result: object, z: object) -> bool:
        """Within 1e-12, or six digits of what the result is: short floats may be returned, clips may not show."""
        return same(result, reference.sigmoid(z), atol=1e-12)

    @staticmethod
    def exact(result: object, z: object) -> bool:
        """Within 1e-12 of what the result is, which arithmetic in float32 is not."""
        return same(result, reference.sigmoid(z), rtol=0.0, atol=1e-12)

    @kit.value
    @kit.example([-2.0, 0.0, 1.0])
    @kit.hint("A logit of 0 is a probability of one half. Does your function rise or fall from there?")
    def test_ordinary_logits(self, student, rng):
        """For logits of ordinary size the probabilities are not right yet."""
        for n in (2, 5, 30):
            z = logits(rng, n)
            assert self.right(student.sigmoid(z), z)

    @kit.value
    @kit.example([1.0, -1.0])
    @kit.hint("Turn the result back: log(p / (1 - p)) must be the logit that you started from.")
    def test_log_odds_come_back(self, student, rng):
        """The log-odds of the result must be the logit again, on both sides of 0."""
        for size in (4.0, *rng.uniform(0.2, 4, 3)):  # at 4 whoever rounds is always seen
            assert self.right(student.sigmoid(np.array([size, -size])), [size, -size])

    @kit.value
    @kit.example([3.0])
    @kit.hint("Compare with the exact value at a few points further out. Curves of a similar shape differ there.")
    def test_shape_of_the_curve(self, student, rng):
        """Between 3 and 8 the curve must approach 0 and 1 at the right pace."""
        for _ in range(2):
            z = far(rng, 6, 3, 8)
            assert self.right(student.sigmoid(z), z)

    @kit.numerical
    @kit.after("test_ordinary_logits")
    @kit.example([1000.0, -1000.0])
    @kit.hint("exp of a large positive number is inf, and inf / inf is nan. Which form needs only small exponentials?")
    def test_far_out(self, student, rng):
        """Logits as far out as 1000 must give 0 or 1, and neither nan nor an error."""
        others = rng.permutation([*far(rng, 8, 100, 1000), *logits(rng, 4)])
        for first in (1000.0, -1000.0):  # some take the type of all results from the first
            z = np.array([first, *others, -first])
            assert self.exact(student.sigmoid(z), z)
            assert self.exact(student.sigmoid(z.tolist()), z)

    @kit.numerical
    @kit.after("test_ordinary_logits")
    @kit.example([-15.0, -25.0])
    @kit.hint("Is something clipped or rounded? Even a probability of 1e-9 should be right to 1e-12.")
    def test_tails(self, student, rng):
        """Small probabilities must be right to 1e-12, so a clip must not be visible."""
        z = np.concatenate([far(rng, 10, 9, 26), far(rng, 2, 26, 27)])
        assert self.exact(student.sigmoid(z), z)

    @kit.numerical
    @kit.after("test_ordinary_logits")
    @kit.example(np.array([3, 100], dtype=np.uint8))
    @kit.hint(CONVERT)
    def test_any_number_type(self, student, rng):
        """Lists, tuples, booleans, small integers and short floats must give the full precision."""
        z = logits(rng, 6)
        assert self.exact(student.sigmoid(z.tolist()), z)
        assert self.exact(student.sigmoid(tuple(z.tolist())), z)
        assert self.exact(student.sigmoid([True, False]), [1, 0])
        short = z.astype(np.float16)
        assert self.exact(student.sigmoid(short), short)
        short = z.astype(np.float32)
        assert same(student.sigmoid(short), reference.sigmoid(short), atol=kit.ATOL_FLOAT32)
        for kind in (np.uint8, np.int8, np.int64):
            whole = rng.integers(1, 9, 5).astype(kind)
            assert self.exact(student.sigmoid(whole), whole)
        assert self.exact(student.sigmoid(np.array([-128, 127, -3], dtype=np.int8)), [-128, 127, -3])

    @kit.contract
    @kit.example(0.5)
    @kit.hint("A single number has shape (), and so has its result. Does your code need a loop or an index?")
    def test_one_number(self, student, rng):
        """A single logit must give a single probability."""
        beyond = np.array(rng.uniform(300, 700))
        for z in (float(rng.uniform(-3, 3)), -3.0, int(rng.integers(1, 5)), beyond, -beyond):
            assert self.right(student.sigmoid(z), z)

    @kit.contract
    @kit.example([[0.0, 1.0], [-1.0, 2.0]])
    @kit.hint("Write the function for each entry, and let NumPy keep the shape.")
    def test_shape_is_kept(self, student, rng):
        """The result must have the shape of z, also in two or three dimensions."""
        for shape in ((2, 3), (4, 1), (1, 5), (2, 1, 3)):
            z = rng.uniform(-4, 4, shape)
            assert self.right(student.sigmoid(z), z)
        assert self.right(student.sigmoid([[1.0, -2.0], [0.5, 3.0]]), [[1.0, -2.0], [0.5, 3.0]])

    @kit.contract
    @kit.example([2.0, -3.0])
    @kit.hint(COPY)
    def test_input_unchanged(self, student, rng):
        """The caller's z must be the same after the call."""
        z = np.concatenate([logits(rng, 6), [800.0, -800.0]])
        for given in (z, z.tolist(), z.reshape(2, 4)):
            (after,) = student.sigmoid.after(given)
            assert identical(given, after)


class Test_bce_with_logits:
    @kit.value
    @kit.example([1, 0, 1], [2.0, -1.0, -0.5])
    @kit.hint("For one entry: turn z into p by hand, take -log of the probability of what happened, and compare.")
    def test_ordinary_logits(self, student, rng):
        """For logits of ordinary size the loss is not right yet."""
        for n in (2, 5, 40):
            y, z = labels(rng, n), logits(rng, n)
            assert same(student.bce_with_logits(y, z), reference.bce_with_logits(y, z))

    @kit.value
    @kit.example([0, 0], [2.0, -1.0])
    @kit.hint("Try labels that are all 1, then all 0. Which sign of z is good news for each of them?")
    def test_both_labels(self, student, rng):
        """Labels of 0 and labels of 1 must each be charged for the logits that point the other way."""
        for n in (1, 4, 9):
            z = logits(rng, n)
            for y in (np.zeros(n), np.ones(n)):
                assert same(student.bce_with_logits(y, z), reference.bce_with_logits(y, z))

    @kit.value
    @kit.example([0.7, 0.2], [1.0, 1.0])
    @kit.hint("A soft label is a weight: part of the cost is that of a 1, the rest is that of a 0.")
    def test_soft_labels(self, student, rng):
        """Soft labels must weigh the two costs."""
        for n in (1, 4, 9):
            y, z = rng.uniform(0.1, 0.9, n), logits(rng, n)
            assert same(student.bce_with_logits(y, z), reference.bce_with_logits(y, z))

    @kit.value
    @kit.example([1, 0, 1, 0], [1.0, -2.0, 1.0, -2.0])
    @kit.hint("Twice the same data is no worse on average. Do you add or do you average?")
    def test_twice_the_data(self, student, rng):
        """Repeating all the data must not change the loss."""
        for n in (2, 7):
            y, z = labels(rng, n), logits(rng, n)
            twice = student.bce_with_logits(np.tile(y, 2), np.tile(z, 2))
            assert same(twice, reference.bce_with_logits(y, z))

    @kit.numerical
    @kit.example([1, 0], [-10000.0, 10000.0])
    @kit.hint("No probability can carry this: it is 0 or 1 long before. Take the logarithm on paper first.")
    def test_confident_and_wrong(self, student, rng):
        """Logits of -10000 and 10000 on the wrong side must cost 10000, exactly."""
        for size in (40.0, 1e4, rng.uniform(30, 300), rng.uniform(300, 1e4)):
            n = int(rng.integers(2, 6))
            y = labels(rng, n)
            z = size * (1 - 2 * y) * rng.uniform(0.9, 1, n)
            assert same(student.bce_with_logits(y, z), reference.bce_with_logits(y, z))

    @kit.numerical
    @kit.after("test_ordinary_logits")
    @kit.example([1, 0], [10000.0, -10000.0])
    @kit.hint("Look for 0 * inf and inf - inf in your formula: both are nan.")
    def test_confident_and_right(self, student, rng):
        """Large logits on the right side cost next to nothing, but not less; the other entries must still count."""
        y, z = labels(rng, 6), logits(rng, 6)
        z[:4] = rng.uniform(800, 1e4, 4) * (2 * y[:4] - 1)
        assert same(student.bce_with_logits(y, z), reference.bce_with_logits(y, z))
        assert same(student.bce_with_logits(y[:4], z[:4]), 0.0)
        for size in (rng.uniform(9, 14), rng.uniform(15.1, 17), rng.uniform(17, 18.4)):
            near = size * (2 * y - 1)
            assert same(student.bce_with_logits(y, near), reference.bce_with_logits(y, near), atol=1e-12)

    @kit.numerical
    @kit.example([0.3, 0.9], [200.0, -300.0])
    @kit.hint("With a soft label one of the two costs is always large. Is each of them finite in your formula?")
    def test_soft_labels_far_out(self, student, rng):
        """Soft labels with large logits must give the finite loss that the formula has."""
        y, z = rng.uniform(0.1, 0.9, 5), far(rng, 5, 50, 1e4)
        assert same(student.bce_with_logits(y, z), reference.bce_with_logits(y, z))

    @kit.numerical
    @kit.after("test_ordinary_logits")
    @kit.example(np.array([1, 0], dtype=np.uint8), np.array([-3, 5], dtype=np.int8))
    @kit.hint(CONVERT)
    def test_any_number_type(self, student, rng):
        """Lists, tuples, booleans, small integers and short floats must give the full precision."""
        y, z = labels(rng, 8), logits(rng, 8)
        for short, atol in ((np.float16, kit.ATOL), (np.float32, kit.ATOL_FLOAT32)):
            narrow = z.astype(short)
            for kind in (bool, np.uint8, short):
                got = student.bce_with_logits(y.astype(kind), narrow)
                assert same(got, reference.bce_with_logits(y, narrow), atol=atol)
        whole = np.where(y == 1, -100, 100).astype(np.int8)
        assert same(student.bce_with_logits(y.astype(np.uint8), whole), 100.0)
        counts = np.concatenate([rng.integers(150, 200, 2), rng.integers(0, 200, 6)]).astype(np.uint8)
        assert same(student.bce_with_logits(y.astype(np.uint8), counts), reference.bce_with_logits(y, counts))
        expected = reference.bce_with_logits(y, z)
        assert same(student.bce_with_logits([int(label) for label in y], z.tolist()), expected)
        assert same(student.bce_with_logits(tuple(y.tolist()), tuple(z.tolist())), expected)

    @kit.contract
    @kit.example([1, 0], [0.5])
    @kit.hint(GIVEN)
    def test_shapes(self, student, rng):
        """Shapes that differ, or are not 1-D, must raise ValueError."""
        for y, z in kit.misshapen(labels(rng, 5), logits(rng, 5)):
            refused(student.bce_with_logits, y, z)

    test_no_data = scored.no_data([], [], hint="The mean of nothing is nan. The helper vectors refuses it for you.")

    @kit.contract
    @kit.example([2, 0], [1.0, 1.0])
    @kit.hint(LABELS)
    def test_range_of_y(self, student, rng):
        """Labels below 0 or above 1 must raise ValueError; with a label of 2 the loss has no minimum."""
        y, z = labels(rng, 3), logits(rng, 3)
        for label in (-1.0, 2.0, -rng.uniform(0.01, 0.5), 1 + rng.uniform(0.01, 0.5), *kit.OUTSIDE):
            for bad in with_one(y, label):
                refused(student.bce_with_logits, bad, z)

    test_finite = scored.finite([1, 0], [float("nan"), 0.5])
    test_inputs_unchanged = scored.inputs_unchanged([1.0, 0.0], [3.0, -2.0], given=far_out)


class Test_bce_grad_logits:
    @kit.value
    @kit.example([1, 0], [0.0, 2.0])
    @kit.hint("Compare with a central difference of the mean loss, one entry at a time, as section 5 does.")
    def test_ordinary_logits(self, student, rng):
        """The gradient of the mean loss is not right yet."""
        for n in (2, 5, 20):
            y, z = labels(rng, n), logits(rng, n)
            assert same(student.bce_grad_logits(y, z), reference.bce_grad_logits(y, z))

    @kit.value
    @kit.example([1, 1], [0.0, -2.0])
    @kit.hint("Where the label is 1, a larger logit lowers the loss. Which sign must the slope have?")
    def test_both_labels(self, student, rng):
        """The sign must say which way the loss rises, for labels of 1 and labels of 0."""
        for n in (1, 6):
            z = logits(rng, n)
            for y in (np.zeros(n), np.ones(n)):
                assert same(student.bce_grad_logits(y, z), reference.bce_grad_logits(y, z))

    @kit.value
    @kit.example([0.7, 0.2], [1.0, 1.0])
    @kit.hint("The derivation in section 4 never used that a label is 0 or 1.")
    def test_soft_labels(self, student, rng):
        """Soft labels must work as they are, without rounding."""
        for n in (1, 4, 9):
            y, z = rng.uniform(0.1, 0.9, n), logits(rng, n)
            assert same(student.bce_grad_logits(y, z), reference.bce_grad_logits(y, z))

    @kit.value
    @kit.example([1, 0, 1, 0], [0.0, 2.0, 0.0, 2.0])
    @kit.hint("The loss is a mean. How much does one entry count for among two, and among four?")
    def test_of_the_mean(self, student, rng):
        """It is the gradient of the mean: with twice the data, every entry counts for half as much."""
        for n in (2, 7):
            y, z = labels(rng, n), logits(rng, n)
            twice = student.bce_grad_logits(np.tile(y, 2), np.tile(z, 2))
            assert same(twice, np.tile(reference.bce_grad_logits(y, z), 2) / 2)

    @kit.numerical
    @kit.example([1, 0], [-1000.0, 1000.0])
    @kit.hint("Is your sigmoid finite at -1000 and at 1000? exp of a large positive number is not.")
    def test_far_out(self, student, rng):
        """Logits as far out as 1000 must give a finite gradient, not nan and not an error."""
        y, z = labels(rng, 8), far(rng, 8, 100, 1000)
        z[:4] = (1000.0, 1000.0, -1000.0, -1000.0)
        assert same(student.bce_grad_logits(y, z), reference.bce_grad_logits(y, z))
        assert same(student.bce_grad_logits(y.tolist(), z.tolist()), reference.bce_grad_logits(y, z))

    @kit.numerical
    @kit.example([1, 0], [-40.0, 40.0])
    @kit.hint("Does your path go through log p or 1 / p? On paper those cancelled; in float64 they may not.")
    def test_wrong_and_confident(self, student, rng):
        """A confident error must keep its full slope."""
        for size in (rng.uniform(16, 36), rng.uniform(38, 700)):
            y = labels(rng, 4)
            z = size * (1 - 2 * y)
            assert same(student.bce_grad_logits(y, z), reference.bce_grad_logits(y, z))

    @kit.numerical
    @kit.after("test_ordinary_logits")
    @kit.example(np.array([1, 0], dtype=np.uint8), np.array([3, 5], dtype=np.uint8))
    @kit.hint(CONVERT)
    def test_any_number_type(self, student, rng):
        """Lists, tuples, booleans, small integers and short floats must give the full precision."""
        any_number_type(student.bce_grad_logits, reference.bce_grad_logits, rng)

    @kit.contract
    @kit.example([1, 0], [0.5])
    @kit.hint(GIVEN)
    def test_shapes(self, student, rng):
        """Shapes that differ, or are not 1-D, must raise ValueError."""
        for y, z in kit.misshapen(labels(rng, 5), logits(rng, 5)):
            refused(student.bce_grad_logits, y, z)
        refused(student.bce_grad_logits, [], [])

    @kit.contract
    @kit.example([-1, 1], [1.0, 1.0])
    @kit.hint(LABELS)
    def test_range_of_y(self, student, rng):
        """Labels below 0 or above 1 must raise ValueError, labels -1 and 1 among them."""
        range_of_y(student.bce_grad_logits, rng)

    test_finite = scored.finite([1, 0], [float("nan"), 0.5])
    test_inputs_unchanged = scored.inputs_unchanged([1.0, 0.0], [3.0, -2.0], given=far_out)


class Test_mse_grad_logits:
    @kit.value
    @kit.example([1, 0], [0.0, 2.0])
    @kit.hint("Compare with a central difference of mean (sigmoid(z) - y)², one entry at a time, as section 5 does.")
    def test_ordinary_logits(self, student, rng):
        """The gradient of the mean squared error is not right yet."""
        for n in (2, 5, 20):
            y, z = labels(rng, n), logits(rng, n)
            assert same(student.mse_grad_logits(y, z), reference.mse_grad_logits(y, z))

    @kit.value
    @kit.example([1, 1], [0.0, -2.0])
    @kit.hint("The chain rule has two links: from the loss to p, and from p to z. Are both in your product?")
    def test_both_labels(self, student, rng):
        """Labels of 1 and labels of 0 must give slopes of the right sign and size."""
        for n in (1, 6):
            z = logits(rng, n)
            for y in (np.zeros(n), np.ones(n)):
                assert same(student.mse_grad_logits(y, z), reference.mse_grad_logits(y, z))

    @kit.value
    @kit.example([0.7, 0.2], [1.0, 1.0])
    @kit.hint("The derivation in section 4 never used that a label is 0 or 1.")
    def test_soft_labels(self, student, rng):
        """Soft labels must work as they are, without rounding."""
        for n in (1, 4, 9):
            y, z = rng.uniform(0.1, 0.9, n), logits(rng, n)
            assert same(student.mse_grad_logits(y, z), reference.mse_grad_logits(y, z))

    @kit.value
    @kit.example([1, 0, 1, 0], [0.0, 2.0, 0.0, 2.0])
    @kit.hint("The loss is a mean. How much does one entry count for among two, and among four?")
    def test_of_the_mean(self, student, rng):
        """It is the gradient of the mean: with twice the data, every entry counts for half as much."""
        for n in (2, 7):
            y, z = labels(rng, n), logits(rng, n)
            twice = student.mse_grad_logits(np.tile(y, 2), np.tile(z, 2))
            assert same(twice, np.tile(reference.mse_grad_logits(y, z), 2) / 2)

    @kit.numerical
    @kit.example([1, 0], [-1000.0, 1000.0])
    @kit.hint("Is your sigmoid finite at -1000 and at 1000? exp of a large positive number is not.")
    def test_far_out(self, student, rng):
        """Logits as far out as 1000 must give 0, not nan and not an error; the others keep their slope."""
        y, z = labels(rng, 12), np.concatenate([far(rng, 8, 100, 1000), logits(rng, 4)])
        y[8:] = labels(rng, 4)
        z[:2] = (1000.0, -1000.0)
        assert same(student.mse_grad_logits(y, z), reference.mse_grad_logits(y, z))
        assert same(student.mse_grad_logits(y.tolist(), z.tolist()), reference.mse_grad_logits(y, z))

    @kit.numerical
    @kit.after("test_ordinary_logits")
    @kit.example([1, 0], [-14.0, 14.0])
    @kit.hint("A tiny slope is still a slope. Is a probability or a gradient clipped or rounded on the way?")
    def test_saturated(self, student, rng):
        """A saturated entry must keep its small slope."""
        y = labels(rng, 4)
        for low, high in ((8, 12), (16.3, 17.5)):
            z = rng.uniform(low, high, 4) * (1 - 2 * y)
            assert same(student.mse_grad_logits(y, z), reference.mse_grad_logits(y, z))

    @kit.numerical
    @kit.after("test_ordinary_logits")
    @kit.example(np.array([1, 0], dtype=np.uint8), np.array([3, 5], dtype=np.uint8))
    @kit.hint(CONVERT)
    def test_any_number_type(self, student, rng):
        """Lists, tuples, booleans, small integers and short floats must give the full precision."""
        any_number_type(student.mse_grad_logits, reference.mse_grad_logits, rng)

    @kit.contract
    @kit.example([1, 0], [0.5])
    @kit.hint(GIVEN)
    def test_shapes(self, student, rng):
        """Shapes that differ, or are not 1-D, must raise ValueError."""
        for y, z in kit.misshapen(labels(rng, 5), logits(rng, 5)):
            refused(student.mse_grad_logits, y, z)
        refused(student.mse_grad_logits, [], [])

    @kit.contract
    @kit.example([-1, 1], [1.0, 1.0])
    @kit.hint(LABELS)
    def test_range_of_y(self, student, rng):
        """Labels below 0 or above 1 must raise ValueError, labels -1 and 1 among them."""
        range_of_y(student.mse_grad_logits, rng)

    test_finite = scored.finite([1, 0], [float("nan"), 0.5])
    test_inputs_unchanged = scored.inputs_unchanged([1.0, 0.0], [3.0, -2.0], given=far_out)


def any_number_type(gradient, right, rng: np.random.Generator) -> None:
    """Both gradients take what NumPy would compute with in too few bits, near 0 and further out."""
    y, z = labels(rng, 6), logits(rng, 6)
    z[:2] = 9.0, -9.0
    for short, atol in ((np.float16, kit.ATOL), (np.float32, kit.ATOL_FLOAT32)):
        narrow = z.astype(short)
        for kind in (bool, np.uint8, short):
            assert same(gradient(y.astype(kind), narrow), right(y, narrow), atol=atol)
    counts = rng.integers(1, 9, 6).astype(np.uint8)
    assert same(gradient(y.astype(np.uint8), counts), right(y, counts))
    assert same(gradient([int(label) for label in y], z.tolist()), right(y, z))
    assert same(gradient(tuple(y.tolist()), tuple(z.tolist())), right(y, z))


def range_of_y(gradient, rng: np.random.Generator) -> None:
    y, z = labels(rng, 3), logits(rng, 3)
    for label in (-1.0, 2.0, -rng.uniform(0.01, 0.5), 1 + rng.uniform(0.01, 0.5), *kit.OUTSIDE):
        for bad in with_one(y, label):
            refused(gradient, bad, z)


class Test_who_jumps_first:
    meanings: ClassVar[dict[float | str, str]] = {
        "a": "The first half is right. Between 0.01 and 1e-15 the squared error of the forecast hardly changes.",
        "b": "At 0.01 the RMSE leads: squares had made the 999 small errors tiny, so the bad one outweighs them all.",
        "d": "The RMSE does notice: one square of 0.98 is more than 999 squares of 0.0001 together.",
    }

    @kit.value
    @kit.hint("Read the figure of section 2 at 0.01 and at 1e-15, one curve at a time.")
    def test_answer(self, student, rng):
        """Another letter describes the two relative changes."""
        assert chose(student.answer("who_jumps_first"), "c")


class Test_sigmoid_of_minus_1000:
    meanings: ClassVar[dict[float | str, str]] = {
        "b": "exp(1000) is inf in NumPy, and 1 / (1 + inf) is a plain 0. There is no inf - inf and no inf / inf here.",
        "c": "NumPy warns of the overflow; it raises an error only where you ask it to.",
    }

    @kit.value
    @kit.hint("Work it out in two steps: what is exp(1000) in NumPy, and what is 1 divided by that?")
    def test_answer(self, student, rng):
        """Something else happens at z = -1000."""
        assert chose(student.answer("sigmoid_of_minus_1000"), "a")


class Test_gradient_ratio:
    meanings: ClassVar[dict[float | str, str]] = {
        150: "Almost: the square contributes a factor of 2 to the slope of the squared error.",
        1: "Both slopes contain p - y. One of them has two more factors.",
        0.0133: "That is the ratio upside down. BCE has the larger slope.",
        5: "That is the distance of z from 0, not a ratio of slopes.",
        148: "That is e to the power of 5. Put p = sigmoid(-5) into both slopes and divide.",
        2: "The factor 2 is there, but so is p(1 - p), which is very small at z = -5.",
    }

    @kit.value
    @kit.hint("Divide the two formulas on paper first. Only one factor depends on z.")
    def test_answer(self, student, rng):
        """At z = -5 the ratio of the two slopes is a different number."""
        assert close(
            student.answer("gradient_ratio"), float(1 / (2 * reference.sigmoid(-5) * reference.sigmoid(5))), 0.5
        )


class Test_steepest_probability:
    meanings: ClassVar[dict[float | str, str]] = {
        0.5: "There p(1 - p) is largest. The third factor, 1 - p, is larger further left.",
        0.6667: "That is the mirror image: it would be right for the label 0.",
        0.0: "There the forecast is most wrong, but the slope with respect to z is 0.",
        -0.6931: "That is the logit z. The question asks for the probability.",
        0.2963: "That is the size of the slope there, not the probability.",
        0.25: "That is the largest value of p(1 - p). Multiply by 1 - p before you look for the maximum.",
    }

    @kit.value
    @kit.hint("For y = 1 the slope has the size 2p(1 - p)². Set its derivative with respect to p to zero.")
    def test_answer(self, student, rng):
        """The slope of the squared error is largest at a different probability."""
        assert close(student.answer("steepest_probability"), 1 / 3)


class Test_mse_from_far:
    meanings: ClassVar[dict[float | str, str]] = {
        "a": "That is BCE from this start. The squared error has to leave a plateau first.",
        "b": "That is the squared error from the start three times wrong. This one is ten times wrong.",
        "c": "The curve in the right panel is still near the bottom where it ends, at step 3000.",
    }

    @kit.value
    @kit.hint("Look at the right panel of the training figure, at the curve from the start ten times wrong.")
    def test_answer(self, student, rng):
        """From the start ten times wrong, the squared error needs a different number of steps."""
        assert chose(student.answer("mse_from_far"), "d")


class Test_naive_loss_at_40:
    meanings: ClassVar[dict[float | str, str]] = {
        "a": "That is the exact loss. In float64, 1 - p is 0.0 here, and the logarithm of 0 is not -40.",
        "b": "That would need a clip at eps. The plain formula has none.",
        "d": "The logarithm of 0 is -inf in NumPy. For nan there would have to be 0 * inf or inf - inf.",
    }

    @kit.value
    @kit.hint("What is sigmoid(40) as a float64, and what is then left for 1 - p?")
    def test_answer(self, student, rng):
        """The plain formula returns something else at z = 40."""
        assert chose(student.answer("naive_loss_at_40"), "c")
