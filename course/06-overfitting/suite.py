"""What the functions and answers of unit 6 promise."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import ClassVar

import numpy as np

from autograder import kit
from autograder.kit import chose, close, refused, said, same, with_one

from . import misconceptions, reference
from .residue import leaves_residue
from .unmask import arrays, differs, letter

CONVERT = "Make float64 arrays of the arguments before anything else, whatever type they came in."
COPY = "Work on a copy. Assignments such as X[:, j] = ... and X -= ... change the caller's array."
HELPER = "The helper from the first cell refuses such input for you. Call it before you compute."


def tables(rng: np.random.Generator, n: int, m: int, d: int) -> tuple[np.ndarray, np.ndarray]:
    """Training and validation rows whose columns differ in centre and spread, and between the two sets."""
    center, spread = rng.uniform(-20, 20, d), rng.uniform(0.5, 8, d)
    return rng.normal(center, spread, (n, d)), rng.normal(center + 3, 2 * spread, (m, d))


def bad_tables(rng: np.random.Generator) -> Iterator[tuple[object, object]]:
    """Pairs of tables that do not fit, or are none."""
    train, val = tables(rng, 5, 4, 3)
    yield train, val[:, :2]
    yield train[:, :1], val
    yield train, val[:, :1]
    yield train[:, 0], val
    yield train, val[0]
    yield train[:, 0], val[:, 0]
    yield train[None], train[None]


def unlike(rng: np.random.Generator, shift: float, n: int = 40) -> tuple[np.ndarray, np.ndarray]:
    """Training and validation losses, positive, the mean of the latter larger by `shift`."""
    train, val = rng.uniform(0.9, 1.1, n), rng.uniform(0.9, 1.1, n - 7)
    return train, val + (train.mean() - val.mean() + shift)


def parts(result: object, expected: tuple[np.ndarray, ...]) -> bool:
    """Whether a result holds these arrays, one after the other."""
    if isinstance(result, np.ndarray) and result.ndim == 0:
        return False
    if not isinstance(result, tuple | list | np.ndarray) or len(result) != len(expected):
        return False
    return all(map(same, result, expected))


def one_constant_column(rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Tables of which the training rows agree in one column."""
    train, val = tables(rng, 5, 4, 2)
    train[:, 1] = 1.0
    return train, val


TABLES, HINTS = ("X_train", "X_val"), {"inputs_unchanged": COPY}
two_tables = kit.ArrayContract(TABLES, lambda rng, n: tables(rng, n, n, 2), hints=HINTS)
shared_rows = kit.ArrayContract(TABLES, lambda rng, n: copies(rng, n, n - 1, 2), hints=HINTS)
curve = kit.ArrayContract(("val_losses",), lambda rng, n: (valley(rng),), rest=[(2,)], hints=HINTS)
SIDES = ("train_losses", "val_losses")
two_samples = kit.ArrayContract(SIDES, lambda rng, n: (rng.exponential(1, n), rng.exponential(1, n - 1)), hints=HINTS)
judged = kit.ArrayContract(SIDES, lambda rng, n: unlike(rng, 0.5, 2 * n), rest=[(4.0,)], hints=HINTS)


class Test_standardize_from_train:
    @kit.value
    @kit.example([[1.0, 10.0], [3.0, 30.0]], [[2.0, 40.0]])
    @kit.hint("For each column: which number is taken away, and by which is the rest divided? One pair a column.")
    def test_columns_on_their_own(self, student, rng):
        """Each column must be centred and scaled by its own numbers."""
        for n, m, d in ((4, 3, 2), (9, 5, 4), (30, 8, 3)):
            train, val = tables(rng, n, m, d)
            got = student.standardize_from_train(train, val)
            assert parts(got, reference.standardize_from_train(train, val))

    @kit.value
    @kit.example([[0.0], [2.0]], [[10.0], [14.0]])
    @kit.hint(
        "Pretend the validation rows do not exist until the last line. Whose mean and deviation do you use there?"
    )
    def test_validation_rows_teach_nothing(self, student, rng):
        """The validation rows must be scaled with the numbers of the training rows."""
        train, val = tables(rng, 12, 12, 3)
        for changed in (val + rng.uniform(5, 50), val * rng.uniform(2, 9), val[:1]):
            got = student.standardize_from_train(train, changed)
            assert parts(got, reference.standardize_from_train(train, changed))

    @kit.value
    @kit.example([[1.0], [2.0], [6.0]], [[3.0]])
    @kit.hint("Divide the sum of squares by n here: NumPy's own choice, ddof=0.")
    def test_few_training_rows(self, student, rng):
        """With two or three training rows the standard deviation must be the one with ddof 0."""
        for n in (2, 3):
            train, val = tables(rng, n, 4, 2)
            got = student.standardize_from_train(train, val)
            assert parts(got, reference.standardize_from_train(train, val))

    @kit.numerical
    @kit.after("test_columns_on_their_own")
    @kit.example([[5.0, 1.0], [5.0, 3.0]], [[7.0, 2.0]])
    @kit.hint("A constant column has no spread. Which divisor leaves its numbers as they are?")
    def test_constant_column(self, student, rng):
        """A column that is constant in the training rows must be divided by 1, not by 0."""
        train, val = tables(rng, 6, 4, 3)
        train[:, 1] = rng.integers(-9, 9)
        for rows, new in ((train, val), (train[:1], val), (train[:1, :1], val[:, :1])):
            got = student.standardize_from_train(rows, new)
            assert parts(got, reference.standardize_from_train(rows, new))

    @kit.numerical
    @kit.after("test_columns_on_their_own")
    @kit.example([[0.1], [0.1], [0.1], [0.1], [0.1], [0.1]], [[0.4]])
    @kit.hint("np.std of six times 0.1 is about 1e-17, not 0. Ask whether the column's minimum is its maximum.")
    def test_constant_column_of_fractions(self, student, rng):
        """A constant column counts as constant even where rounding leaves a tiny standard deviation."""
        column = fraction_with_residue(rng)
        train, val = tables(rng, len(column), 4, 2)
        train[:, 0] = column
        got = student.standardize_from_train(train, val)
        assert parts(got, reference.standardize_from_train(train, val))

    @kit.numerical
    @kit.after("test_columns_on_their_own")
    @kit.example([[2e-10], [6e-10]], [[3e-10]])
    @kit.hint("Small is not constant. Is a small number added to the divisor, or a small deviation taken for none?")
    def test_tiny_units(self, student, rng):
        """Columns in a very large unit hold tiny numbers, and must come out as in any other unit."""
        train, val = tables(rng, 6, 4, 3)
        for factor in (1e-10, 1e-20, 1e-60):
            scales = np.array([factor, 1.0, factor])
            got = student.standardize_from_train(train * scales, val * scales)
            assert parts(got, reference.standardize_from_train(train, val))

    @kit.numerical
    @kit.after("test_columns_on_their_own")
    @kit.example([[100000001.0], [100000003.0], [100000005.0], [100000007.0]], [[100000004.0]])
    @kit.hint(
        "Take the mean away first and square afterwards: the mean of squares minus the squared mean loses digits."
    )
    def test_far_from_zero(self, student, rng):
        """Columns far from zero must keep their small spread."""
        train = rng.integers(1e8, 9e8, 4) + rng.permuted(np.tile(np.arange(8) * 7.0, (4, 1)), axis=1).T
        val = train[:3] + rng.integers(1, 9, (3, 4))
        got = student.standardize_from_train(train, val)
        assert parts(got, reference.standardize_from_train(train, val))

    @kit.numerical
    @kit.after("test_columns_on_their_own")
    @kit.example(np.array([[0], [200]], dtype=np.uint8), np.array([[100]], dtype=np.uint8))
    @kit.hint(CONVERT)
    def test_any_number_type(self, student, rng):
        """Lists, small integers and short floats must give the full precision."""
        train, val = rng.integers(0, 256, (7, 3)), rng.integers(0, 256, (5, 3))
        expected = reference.standardize_from_train(train, val)
        for kind in (np.uint8, np.int16, np.float16, np.float32):
            assert parts(student.standardize_from_train(train.astype(kind), val.astype(kind)), expected)
        assert parts(student.standardize_from_train(train.tolist(), val.tolist()), expected)

    @kit.contract
    @kit.example([[1.0, 2.0], [3.0, 4.0]], [[1.0]])
    @kit.hint("Two tables belong together when their columns do. " + HELPER)
    def test_tables_that_do_not_fit(self, student, rng):
        """Tables with different numbers of columns, or that are not 2-D, must raise ValueError."""
        for train, val in bad_tables(rng):
            refused(student.standardize_from_train, train, val)

    test_finite = two_tables.finite(
        [[float("nan")], [1.0]],
        [[2.0]],
        hint="One nan makes the mean of its whole column nan. " + HELPER,
        sentence="A nan or an infinity in either table must raise ValueError.",
    )
    test_inputs_unchanged = two_tables.inputs_unchanged(
        [[1.0], [3.0]],
        [[2.0]],
        sentence="The caller's tables must be the same after the call.",
        given=one_constant_column,
    )


def fraction_with_residue(rng: np.random.Generator) -> np.ndarray:
    """Equal numbers whose computed mean is not exactly what each of them is."""
    while True:
        column = np.full(int(rng.integers(6, 60)), rng.uniform(0.01, 1))
        if leaves_residue(column):
            return column


class Test_early_stopping:
    @kit.value
    @kit.example([0.9, 0.7, 0.8, 0.85, 0.6], 2)
    @kit.hint("Walk through the list by hand with a counter. When is it set back to 0, and when does it stop you?")
    def test_stops_in_time(self, student, rng):
        """The best epoch and the epoch of the stop must follow from the losses and the patience."""
        for _ in range(12):
            losses, patience = valley(rng), int(rng.integers(1, 4))
            assert same(student.early_stopping(losses, patience), reference.early_stopping(losses, patience))

    @kit.value
    @kit.example([0.9, 0.5, 0.6, 0.7, 0.1], 2)
    @kit.hint("Training has ended by then: whatever comes later was never computed.")
    def test_later_epochs_are_never_seen(self, student, rng):
        """A better loss after the stop must not count."""
        for patience in (1, 2, 4):
            losses = np.concatenate([valley(rng, up=patience + 2), [0.0]])
            assert same(student.early_stopping(losses, patience), reference.early_stopping(losses, patience))

    @kit.value
    @kit.example([0.9, 0.8, 0.7, 0.6], 3)
    @kit.hint("If patience never runs out, training ends with the list. Epochs are counted from 0.")
    def test_patience_never_runs_out(self, student, rng):
        """Where the loss keeps improving, or patience is long, the stop is the last epoch."""
        for n in (3, 6, 9):
            falling = np.sort(rng.uniform(0.1, 1, n))[::-1]
            assert same(student.early_stopping(falling, 1), (n - 1, n - 1))
            losses = valley(rng)
            for patience in (1, 99):
                assert same(student.early_stopping(losses, patience), reference.early_stopping(losses, patience))

    @kit.value
    @kit.example([1.0, 0.75, 0.5, 0.5, 0.5], 2)
    @kit.hint("Strictly below: an equal loss is no improvement, and neither is one better by exactly min_delta.")
    def test_equal_is_no_improvement(self, student, rng):
        """A loss equal to the best one, or better by exactly min_delta, is no improvement."""
        for patience in (2, 3):
            best = rng.integers(5, 9) / 4
            losses = np.array([best + 1, best + 0.5, *[best] * (patience + 3)])
            expected = reference.early_stopping(losses, patience)
            assert same(student.early_stopping(losses, patience), expected)
            steps = np.array([best + 1, best + 0.5, best + 0.25, *[best + 0.25] * patience, 0.0])
            expected = reference.early_stopping(steps, patience, 0.25)
            assert same(student.early_stopping(steps, patience, 0.25), expected)

    @kit.value
    @kit.example([1.0, 0.9, 0.6, 0.55, 0.5], 2, 0.2)
    @kit.hint("Compare with the loss of the epoch that improved last. Many small steps can add up to one improvement.")
    def test_min_delta(self, student, rng):
        """Only a loss more than min_delta below the best one counts as an improvement."""
        for _ in range(8):
            losses, delta = valley(rng, steps=7), rng.choice([0.0625, 0.125, 0.25])
            for patience in (1, 2, 3):
                expected = reference.early_stopping(losses, patience, delta)
                assert same(student.early_stopping(losses, patience, delta), expected)
        jumps = np.array([1.0, 0.5, 2.0, 1.5, 1.0, 0.875])  # each of them larger than min_delta
        assert same(student.early_stopping(jumps, 2, 0.25), reference.early_stopping(jumps, 2, 0.25))
        creep = 1 - np.arange(12) / 16
        assert same(student.early_stopping(creep, 4, 0.125), reference.early_stopping(creep, 4, 0.125))

    @kit.numerical
    @kit.after("test_stops_in_time")
    @kit.example([-1.0, -2.0, -1.5], 1)
    @kit.hint("A loss may be negative, and very large or small. What did you compare the first epoch with?")
    def test_any_scale(self, student, rng):
        """Negative, huge and tiny losses must be handled like all others."""
        for _ in range(4):
            losses = valley(rng)
            for scaled in (losses - 5, losses * 2.0**80, losses * 2.0**-80, losses * 2.0**-24, losses + 2.0**20):
                for patience in (2, 3):  # 3 outlasts every relapse
                    expected = reference.early_stopping(scaled, patience)
                    assert same(student.early_stopping(scaled, patience), expected)

    @kit.numerical
    @kit.after("test_equal_is_no_improvement")
    @kit.example(np.array([200, 100, 130, 140], dtype=np.uint8), 2, 8.0)
    @kit.hint(CONVERT)
    def test_any_number_type(self, student, rng):
        """Lists, tuples, small integers and short floats must give the same epochs."""
        losses = np.array([250, 200, 3, 1, 2, 0, 5, 4, 3, 2, 1, 1, 0])
        for patience, delta in ((1, 0.0), (2, 2.0), (3, 4.0), (2, 0.5)):
            expected = reference.early_stopping(losses, patience, delta)
            for kind in (np.uint8, np.int64, np.float16, np.float32):
                assert same(student.early_stopping(losses.astype(kind), patience, delta), expected)
            assert same(student.early_stopping(losses.tolist(), patience, delta), expected)
            assert same(student.early_stopping(tuple(losses.tolist()), patience, delta), expected)

    @kit.contract
    @kit.example([0.5, 0.4], 0)
    @kit.hint("With a patience of 0 training would end before it begins.")
    def test_range_of_patience(self, student, rng):
        """A patience below 1 must raise ValueError."""
        for patience in (0, -1, -int(rng.integers(2, 9))):
            refused(student.early_stopping, valley(rng), patience)

    @kit.contract
    @kit.example([0.5, 0.4], 1, -0.1)
    @kit.hint("With a negative min_delta a worse loss could count as an improvement.")
    def test_range_of_min_delta(self, student, rng):
        """A negative min_delta must raise ValueError."""
        for delta in (-1e-9, -rng.uniform(0.01, 1)):
            refused(student.early_stopping, valley(rng), 2, delta)

    @kit.contract
    @kit.example([0.5, float("nan"), 0.4], 2)
    @kit.hint("A comparison with nan is always False, so a run that blew up would look patient. " + HELPER)
    def test_losses(self, student, rng):
        """No losses, losses that are not 1-D, or a nan among them must raise ValueError."""
        losses = valley(rng)
        refused(student.early_stopping, [], 1)
        refused(student.early_stopping, losses[:, None], 2)
        for entry in (np.nan, np.inf):
            for bad in with_one(losses, entry):
                refused(student.early_stopping, bad, 2)

    test_inputs_unchanged = curve.inputs_unchanged(
        [0.9, 0.5, 0.7, 0.8], 2, sentence="The caller's losses must be the same after the call."
    )


def valley(rng: np.random.Generator, *, steps: int = 5, up: int = 6) -> np.ndarray:
    """Losses in sixteenths that fall with some relapses, then rise: the best epoch is neither the first nor the last,
    and patience of 1 to 4 ends at different epochs."""
    fall = np.cumsum(rng.integers(1, 5, steps))[::-1] + 4
    relapses = [[loss, loss + 1, loss + 2][: rng.integers(1, 4)] for loss in fall]
    down = [loss for group in relapses for loss in group]
    return np.array([*down, 4, *(4 + np.cumsum(rng.integers(1, 4, up)))]) / 16


class Test_gap_interval:
    @kit.value
    @kit.example([0.1, 0.3, 0.2], [0.5, 0.9, 0.4, 0.6])
    @kit.hint("Three numbers: the difference of the means, that minus the margin, that plus the margin.")
    def test_ordinary_losses(self, student, rng):
        """The gap must be right, and so must both ends of its interval: z times Welch's standard error to each side."""
        below = rng.permutation([0.1, 0.9, 0.4]), rng.permutation([0.3, 0.8, 0.5, 0.6])  # the lower end is negative
        drawn = [
            (rng.exponential(1, n), rng.exponential(rng.uniform(0.5, 3), m)) for n, m in ((5, 5), (4, 12), (30, 6))
        ]
        for train, val in (below, *drawn):
            assert same(student.gap_interval(train, val), reference.gap_interval(train, val))

    @kit.value
    @kit.example([0.5, 0.7], [0.1, 0.2, 0.3])
    @kit.hint("Validation minus training: positive where validation is worse. Which one do you subtract?")
    def test_sign(self, student, rng):
        """The gap is validation minus training, negative where validation is lower, and low stays below high."""
        for shift in (-2.0, 2.0):
            train, val = unlike(rng, shift)
            assert same(student.gap_interval(train, val), reference.gap_interval(train, val))

    @kit.value
    @kit.example([0.0, 1.0], [0.0, 2.0, 0.0, 2.0, 0.0, 2.0])
    @kit.hint("Each side has its own variance and its own number of samples. Which is divided by which?")
    def test_unequal_sides(self, student, rng):
        """Sides of very different size and spread must each contribute their own variance over their own number."""
        for n, m in ((2, 40), (40, 2), (3, 100)):
            train, val = rng.normal(5, 0.3, n), rng.normal(6, 2.0, m)
            assert same(student.gap_interval(train, val), reference.gap_interval(train, val))
            assert same(student.gap_interval(val, train), reference.gap_interval(val, train))

    @kit.value
    @kit.example([0.0, 1.0], [2.0, 4.0], z=1.0)
    @kit.hint("How many standard errors wide is the interval? The caller decides.")
    def test_z(self, student, rng):
        """The caller's z must set how many standard errors the interval reaches to each side."""
        train, val = rng.exponential(1, 8), rng.exponential(2, 6)
        train[0], val[0] = 3.0, 9.0  # spread enough for a lower end below 0
        for z in (1.0, 2.576, rng.uniform(3, 5)):
            assert same(student.gap_interval(train, val, z), reference.gap_interval(train, val, z))
            assert same(student.gap_interval(train, val, z=z), reference.gap_interval(train, val, z))

    @kit.numerical
    @kit.example([0.5, 0.5], [0.75, 0.75, 0.75])
    @kit.hint("No spread, no margin: the three numbers are equal. Do you divide by a standard error anywhere?")
    def test_no_spread(self, student, rng):
        """Losses without any spread give an interval of width 0."""
        a, b = rng.permutation(np.arange(1, 64))[:2] / 64
        for one, other in ((a, b), (b, a)):
            assert same(student.gap_interval([one] * 4, [other] * 8), (other - one,) * 3)

    @kit.numerical
    @kit.after("test_ordinary_losses")
    @kit.example([100000001.0, 100000003.0], [100000001.0, 100000005.0])
    @kit.hint(
        "Take the mean away first and square afterwards: the mean of squares minus the squared mean loses digits."
    )
    def test_far_from_zero(self, student, rng):
        """Large losses with a small spread must keep their spread."""
        base = rng.integers(1e8, 9e8)
        train, val = base + rng.permutation(8) * 7.0, base + rng.permutation(16) * 3.0 + 1
        assert same(student.gap_interval(train, val), reference.gap_interval(train, val), rtol=1e-5)

    @kit.numerical
    @kit.after("test_ordinary_losses")
    @kit.example(np.array([200, 100], dtype=np.uint8), np.array([20, 10, 30], dtype=np.uint8))
    @kit.hint(CONVERT)
    def test_any_number_type(self, student, rng):
        """Lists, tuples, small integers and short floats must give the full precision."""
        train, val = rng.integers(100, 250, 40), rng.integers(0, 90, 30)
        expected = reference.gap_interval(train, val)
        for kind in (np.uint8, np.int64, np.float16, np.float32):
            assert same(student.gap_interval(train.astype(kind), val.astype(kind)), expected)
        assert same(student.gap_interval(train.tolist(), tuple(val.tolist())), expected)

    @kit.contract
    @kit.example([0.5, 0.7], [0.9])
    @kit.hint("One loss has no spread that could be known. How many do you ask for on each side?")
    def test_two_losses_a_side(self, student, rng):
        """Fewer than two losses on either side must raise ValueError."""
        losses = rng.exponential(1, 4)
        for few in ([], [1.0]):
            refused(student.gap_interval, few, losses)
            refused(student.gap_interval, losses, few)

    @kit.contract
    @kit.example([float("nan"), 0.7], [0.9, 0.8])
    @kit.hint(HELPER + " The two sides may differ in length, so hand them over one at a time.")
    def test_losses(self, student, rng):
        """Losses that are not 1-D or not finite must raise ValueError."""
        train, val = rng.exponential(1, 4), rng.exponential(1, 3)
        refused(student.gap_interval, train[:, None], val)
        refused(student.gap_interval, train, val[None, :])
        for entry in (np.nan, np.inf):
            for bad in with_one(train, entry):
                refused(student.gap_interval, bad, val)
            for bad in with_one(val, entry):
                refused(student.gap_interval, train, bad)

    test_inputs_unchanged = two_samples.inputs_unchanged(
        [0.5, 0.7], [0.9, 0.8], sentence="The caller's losses must be the same after the call."
    )


class Test_diagnose_gap:
    @kit.value
    @kit.example([0.1, 0.2, 0.3], [0.5, 0.6, 0.7, 0.5], 2.0)
    @kit.hint("Where does the whole interval lie: above 0, below 0, or on both sides? There is one word for each.")
    def test_words(self, student, rng):
        """The word must follow from where the interval of the gap lies."""
        for shift, word in ((0.6, "gap"), (-0.6, "reversed-gap")):
            train, val = unlike(rng, shift)
            assert said(student.diagnose_gap(train, val, 4.0), word)
        train, _ = unlike(rng, 0.0)
        for little in (rng.uniform(0.004, 0.008), -rng.uniform(0.004, 0.008)):
            assert said(student.diagnose_gap(train, np.concatenate([train, train]) + little, 4.0), "no-clear-gap")

    @kit.value
    @kit.example([0.1, 0.2, 0.3], [0.5, 0.6, 0.7, 0.5], 0.4)
    @kit.hint("A model that is no better than a constant has a problem before any gap. Which question comes first?")
    def test_skill_comes_first(self, student, rng):
        """Validation losses at or above the baseline are 'no-skill', whatever the gap; below it they are not."""
        for shift in (1.0, -0.6, 0.0):
            train, val = unlike(rng, shift)
            for factor in (0.3, 0.97):
                assert said(student.diagnose_gap(train, val, factor * val.mean()), "no-skill")
            expected = reference.diagnose_gap(train, val, 1.03 * val.mean())
            assert said(student.diagnose_gap(train, val, 1.03 * val.mean()), expected)
            lopsided = np.append(val, val.sum())  # its mean is about twice its median
            for factor, word in ((0.9, "no-skill"), (1.1, reference.diagnose_gap(train, lopsided, 99.0))):
                assert said(student.diagnose_gap(train, lopsided, factor * lopsided.mean()), word)
        flat = np.full(4, rng.integers(1, 8) / 4)
        assert said(student.diagnose_gap(flat, flat, flat[0]), "no-skill")

    @kit.value
    @kit.example([0.2, 0.4, 0.3, 0.3], [0.1, 1.4, 0.2, 0.7], 3.0)
    @kit.hint("The size of a gap says little without its margin. Do you compare an end of the interval with 0?")
    def test_size_alone_says_nothing(self, student, rng):
        """A large gap that a few noisy losses leave open is not clear, a small one in many quiet losses is."""
        for sign, word in ((1, "gap"), (-1, "reversed-gap")):
            few = 10 + sign * np.array([-20.0, 20.0, 3.0])
            assert said(student.diagnose_gap(np.full(3, 10.0), few, 99.0), "no-clear-gap")
            many = 10 + rng.uniform(-0.1, 0.1, 400)
            assert said(student.diagnose_gap(many, many + sign * 0.05, 99.0), word)

    @kit.value
    @kit.example([0.0, 1.0, 2.0], [1.0, 2.0, 3.0], 5.0)
    @kit.hint("The margin is 1.96 standard errors here, each side with its own variance (ddof 1) and its own number.")
    def test_close_calls(self, student, rng):
        """A gap just inside or just outside its margin must get the right word."""
        for n, m in ((3, 9), (9, 3), (4, 30)):
            train, val = spread_out(rng, n, 1.0), spread_out(rng, m, 2.0)
            margin = reference.gap_interval(train, val)[2]
            for sign, word in ((1, "gap"), (-1, "reversed-gap")):
                near = val + sign * margin
                assert said(student.diagnose_gap(train, near + sign * 0.002, 99.0), word)
                assert said(student.diagnose_gap(train, near - sign * 0.002, 99.0), "no-clear-gap")

    @kit.numerical
    @kit.example([0.5, 0.5], [0.5, 0.5], 2.0)
    @kit.hint("Above 0 means above: an interval that ends exactly at 0 does not exclude it.")
    def test_no_spread(self, student, rng):
        """Losses without spread: equal sides are no clear gap, different sides are one."""
        a = rng.integers(9, 17) / 8
        assert said(student.diagnose_gap([a, a], [a, a, a, a], 99.0), "no-clear-gap")
        assert said(student.diagnose_gap([a, a], [a + 1, a + 1], 99.0), "gap")
        assert said(student.diagnose_gap([a + 1, a + 1], [a, a], 99.0), "reversed-gap")

    @kit.numerical
    @kit.example([1e-12, 2e-12, 3e-12], [5e-12, 6e-12, 7e-12], 2e-11)
    @kit.hint("Is a small number taken for 0, or added somewhere? A tiny baseline is a baseline.")
    def test_tiny_losses(self, student, rng):
        """Very small losses must get the same word as large ones; near the baseline is not on it."""
        for shift, word in ((0.6, "gap"), (-0.6, "reversed-gap")):
            train, val = unlike(rng, shift)
            for factor in (1e-10, 1e-30):
                assert said(student.diagnose_gap(factor * train, factor * val, factor * 4.0), word)
                assert said(student.diagnose_gap(factor * train, factor * val, factor * 0.1), "no-skill")
            assert said(student.diagnose_gap(train, val, (1 + 1e-9) * val.mean()), word)
            assert said(student.diagnose_gap(train, val, (1 - 1e-9) * val.mean()), "no-skill")

    @kit.numerical
    @kit.example(np.array([200, 210], dtype=np.uint8), np.array([20, 10, 30], dtype=np.uint8), 250.0)
    @kit.hint(CONVERT)
    def test_any_number_type(self, student, rng):
        """Lists, tuples, small integers and short floats must get the same word."""
        low, high = rng.integers(0, 90, 40), rng.integers(160, 250, 30)
        for kind in (np.uint8, np.float16, np.float32, np.int64):
            assert said(student.diagnose_gap(high.astype(kind), low.astype(kind), 999.0), "reversed-gap")
            assert said(student.diagnose_gap(low.astype(kind), high.astype(kind), 999.0), "gap")
        assert said(student.diagnose_gap(high.tolist(), tuple(low.tolist()), 999), "reversed-gap")

    @kit.contract
    @kit.example([0.5, 0.7], [0.9, 0.8], 0.0)
    @kit.hint("A baseline of 0 leaves nothing to improve, and nan compares as False. What must a baseline be?")
    def test_baseline(self, student, rng):
        """A baseline that is not positive and finite must raise ValueError."""
        train, val = unlike(rng, 0.5)
        for baseline in (0.0, -rng.uniform(0.1, 2), np.nan, np.inf, -np.inf):
            refused(student.diagnose_gap, train, val, baseline)

    @kit.contract
    @kit.example([0.5, 0.7], [0.9], 2.0)
    @kit.hint(HELPER + " It does not know that a spread takes two losses on each side.")
    def test_losses(self, student, rng):
        """Fewer than two losses a side, or losses that are not 1-D or not finite, must raise ValueError."""
        train, val = unlike(rng, 0.5, 12)
        for few in ([], [1.0], val[:, None]):
            refused(student.diagnose_gap, few, val, 9.0)
            refused(student.diagnose_gap, train, few, 9.0)
        for entry in (np.nan, np.inf, -np.inf):
            for bad in with_one(val, entry):
                refused(student.diagnose_gap, train, bad, 9.0)
            for bad in with_one(train, entry):
                refused(student.diagnose_gap, bad, val, 9.0)

    test_inputs_unchanged = judged.inputs_unchanged(
        [0.5, 0.7], [0.9, 0.8], 2.0, sentence="The caller's losses must be the same after the call."
    )


def spread_out(rng: np.random.Generator, n: int, scale: float) -> np.ndarray:
    """Losses with a mean of exactly about 10, with a spread of their own."""
    losses = rng.normal(0, scale, n)
    return 10 + losses - losses.mean()


class Test_overlapping_rows:
    @kit.value
    @kit.example([[1.0, 2.0], [3.0, 4.0]], [[3.0, 4.0], [5.0, 6.0]])
    @kit.hint("For each validation row, ask whether any training row is the same. Which of the two do you count?")
    def test_some_overlap(self, student, rng):
        """The validation rows that also occur in the training rows must be found, by their index."""
        for n, m, d in ((4, 5, 2), (12, 9, 3), (6, 20, 4), (300, 40, 2)):
            train, val = copies(rng, n, m, d)
            assert same(student.overlapping_rows(train, val), reference.overlapping_rows(train, val))

    @kit.value
    @kit.example([[1.0, 2.0], [3.0, 4.0]], [[1.0, 4.0], [2.0, 1.0], [3.0, 4.0]])
    @kit.hint("Rows are equal when every column is, in the same place.")
    def test_whole_rows(self, student, rng):
        """A row counts only if all its columns agree, each in its own place."""
        for d in (2, 3, 9):
            train = rng.permutation(np.arange(1.0, 10 * d + 1)).reshape(10, d)
            one_off = train[:d] + np.eye(d)[:10] / 2
            expected = reference.overlapping_rows(train, np.concatenate([one_off, train]))
            assert same(student.overlapping_rows(train, np.concatenate([one_off, train])), expected)
            mixed = np.column_stack([train[:5, 0], train[5:, 1:]])
            val = rng.permutation(np.concatenate([mixed, train[:5, ::-1], train[3:7]]))
            assert same(student.overlapping_rows(train, val), reference.overlapping_rows(train, val))
        assert same(student.overlapping_rows([[1.0, 12.0]], [[11.0, 2.0], [1.0, 12.0]]), [1])  # the same digits

    @kit.value
    @kit.example([[7.0]], [[7.0], [1.0], [7.0]])
    @kit.hint("Each validation row gets its own verdict: twice in one table is neither more nor less of a leak.")
    def test_repeated_rows(self, student, rng):
        """Rows that occur several times: each validation index once, in ascending order."""
        train, val = copies(rng, 8, 6, 2)
        train, val = np.concatenate([train, train[::-1]]), np.concatenate([val, val[::-1], val[:2]])
        assert same(student.overlapping_rows(train, val), reference.overlapping_rows(train, val))

    @kit.numerical
    @kit.example([[1.0, 2.0]], [[3.0, 4.0]])
    @kit.hint("No overlap is a good answer, too: an empty list or array.")
    def test_no_overlap(self, student, rng):
        """Without any overlap the result is empty."""
        train, val = tables(rng, 5, 4, 3)
        assert same(student.overlapping_rows(train, val), np.zeros(0))
        assert same(student.overlapping_rows(train, train[2:3]), [0])

    @kit.numerical
    @kit.example([[0.3]], [[0.30000001], [0.3]])
    @kit.hint("Close is not equal: a near neighbour is no copy. Which comparison has no tolerance?")
    def test_near_is_not_equal(self, student, rng):
        """Rows that are almost equal must not count."""
        train, val = copies(rng, 6, 6, 2)
        val = np.concatenate([train[:3] * (1 + 1e-7), val, train[3:] + 1e-10, np.nextafter(train, np.inf)])
        assert same(student.overlapping_rows(train, val), reference.overlapping_rows(train, val))
        large = [[0.3, 1e8]]  # beside 1e8 a sum does not see the last digit of 0.3
        assert same(student.overlapping_rows(large, [[np.nextafter(0.3, 1), 1e8], *large]), [1])

    @kit.numerical
    @kit.after("test_whole_rows")
    @kit.example([[0.0, 1.0]], [[-0.0, 1.0]])
    @kit.hint("0.0 and -0.0 are equal numbers with different bytes, and 3 is equal to 3.0. Compare numbers.")
    def test_equal_numbers_of_any_type(self, student, rng):
        """Equal numbers are equal, whatever their type and the sign of a zero."""
        train, val = rng.integers(0, 4, (6, 2)), rng.integers(0, 4, (12, 2))
        val[rng.integers(0, 12)] = train[0]
        expected = reference.overlapping_rows(train, val)
        for left, right in ((np.uint8, np.float64), (np.float32, np.int64), (bool, bool), (np.float16, np.uint8)):
            a, b = (train > 1, val > 1) if left is bool else (train.astype(left), val.astype(right))
            assert same(student.overlapping_rows(a, b), reference.overlapping_rows(a, b) if left is bool else expected)
        assert same(student.overlapping_rows(train.tolist(), val.tolist()), expected)
        assert same(student.overlapping_rows([[0.0, 1.0]], [[-0.0, 1.0], [1.0, 0.0]]), [0])

    @kit.contract
    @kit.example([[1.0, 2.0]], [[1.0]])
    @kit.hint("Two tables belong together when their columns do. " + HELPER)
    def test_tables_that_do_not_fit(self, student, rng):
        """Tables with different numbers of columns, or that are not 2-D, must raise ValueError."""
        for train, val in bad_tables(rng):
            refused(student.overlapping_rows, train, val)

    test_finite = shared_rows.finite(
        [[float("nan")]],
        [[1.0]],
        hint="nan is not even equal to itself, so such a copy would go unseen. " + HELPER,
        sentence="A nan or an infinity in either table must raise ValueError.",
    )
    test_inputs_unchanged = shared_rows.inputs_unchanged(
        [[2.0], [1.0]],
        [[1.0], [2.0]],
        hint="Work on a copy. X.sort() and X -= ... change the caller's array.",
        sentence="The caller's tables must be the same after the call.",
    )


def copies(rng: np.random.Generator, n: int, m: int, d: int) -> tuple[np.ndarray, np.ndarray]:
    """Two tables with two or more rows in common, the first validation row among the others. They stand in the opposite
    order, and of three and more the last one is the first one again."""
    train, val = tables(rng, n, m, d)
    places = np.sort(1 + rng.permutation(m - 1)[: max(2, m // 3)])
    rows = np.sort(rng.permutation(n)[: len(places)])[::-1]
    rows = np.concatenate([rows[:-1], rows[:1]]) if len(rows) > 2 else rows
    val[places[: len(rows)]] = train[rows]
    return train, val


class Test_verdict_on_two_numbers:
    meanings: ClassVar[dict[float | str, str]] = {
        "a": "It may, and the three numbers do not show it: nobody has tried a smaller version.",
        "b": "This model does not predict them. Another one may: in world D the feature was trained in the wrong form.",
        "d": "They may be, and then fresh rows would show the small loss. Nobody has looked.",
    }

    @kit.value
    @kit.hint("What does the third number compare with what? And what would each of the others have needed?")
    def test_answer(self, student, rng):
        """Another letter is right."""
        assert chose(student.answer("verdict_on_two_numbers"), "c")


class Test_eight_validation_samples:
    meanings: ClassVar[dict[float | str, str]] = {
        "a": "The model has not changed, but you know more about it: the standard error contains the number of rows.",
        "b": "Ten times as many rows make the variance of the mean a tenth. The width follows its square root.",
        "c": "That would be four times as many rows. Eight and 72 more are ten times as many.",
    }

    @kit.value
    @kit.hint("By which factor does the number of validation rows grow, and where does it stand in the standard error?")
    def test_answer(self, student, rng):
        """With that many rows the interval has another width."""
        assert chose(student.answer("eight_validation_samples"), "d")


class Test_worse_than_a_constant:
    meanings: ClassVar[dict[float | str, str]] = {
        "b": "There is a gap, but the first question comes first: the constant costs 0.8, the model 0.9.",
        "c": "Validation is not below training here. Compare both with the baseline.",
        "d": "The interval lies far above 0. But which question is asked before that one?",
    }

    @kit.value
    @kit.hint("Go through the questions in their order, and stop at the first yes.")
    def test_answer(self, student, rng):
        """Another word is right."""
        assert chose(student.answer("worse_than_a_constant"), "a")


class Test_stop_by_hand:
    meanings: ClassVar[dict[float | str, str]] = {
        2.0: "Epoch 2 is the best. Training goes on until patience has run out.",
        3.0: "After epoch 3 there is one epoch without improvement. The patience is 2.",
        5.0: "Counted from 0, or one too many? Patience has run out when the second epoch brought no improvement.",
        6.0: "The last epoch is never computed: patience has run out before.",
    }

    @kit.value
    @kit.hint(
        "Write the counter below each loss: 0 where it improves on the best one so far, else one more than before."
    )
    def test_answer(self, student, rng):
        """Training stops at a different epoch."""
        assert close(student.answer("stop_by_hand"), 4.0)


class Test_zero_training_error:
    meanings: ClassVar[dict[float | str, str]] = {
        "a": "A gap is no reason to reject a model. On new rows the one with the larger gap makes the smaller error.",
        "c": "One neighbour has a training error of 0 without any leak: each row finds itself.",
        "d": "Nobody needs equal gaps. You will meet new rows, and both were measured on such rows.",
    }

    @kit.value
    @kit.hint("On which of the four numbers will your users depend? What does the interval say about their difference?")
    def test_answer(self, student, rng):
        """Another choice is right."""
        assert chose(student.answer("zero_training_error"), "b")


class Test_larger_leak:
    meanings: ClassVar[dict[float | str, str]] = {
        "a": "That is scaling: it should wait for the split, and it changes next to nothing.",
        "b": "A mean of all rows knows a little of the validation rows, but nothing of the outcome.",
        "d": "A random order tells the model nothing about the outcome, whatever the seed of the shuffle is.",
    }

    @kit.value
    @kit.hint("Which of the four will not be known on the day on which the model is asked?")
    def test_answer(self, student, rng):
        """Another step flatters more."""
        assert chose(student.answer("larger_leak"), "c")


class Test_reversed_gap_cause:
    meanings: ClassVar[dict[float | str, str]] = {
        "a": "It was, and you have switched it off for both sets: what is left has another cause.",
        "b": "It was, and you have measured both sets with the final weights: what is left has another cause.",
        "c": "Memorising makes the training loss small. Here the training loss is the larger one.",
    }

    @kit.value
    @kit.hint("Which of the four can still make validation lower when both are measured in the same way?")
    def test_answer(self, student, rng):
        """Another explanation is left."""
        assert chose(student.answer("reversed_gap_cause"), "d")


def ends_of(interval: Callable[..., tuple[float, float, float]]) -> Callable[..., np.ndarray]:
    """Where the interval begins and ends. (Fewer than two losses on a side are no call.)"""

    def both_ends(train: np.ndarray, val: np.ndarray) -> np.ndarray:
        if min(len(train), len(val)) < 2:
            raise ValueError
        return np.array(interval(train, val)[1:])

    return both_ends


class Test_unmask_one_spread:
    meanings: ClassVar[dict[float | str, str]] = {}

    @kit.value
    @kit.hint("With equally many losses on both sides nothing shows. And where both sides vary alike, little does.")
    def test_the_call_unmasks_it(self, student, rng):
        """On your input the function is off by less than a hundredth, or the input does not have the form asked for."""
        given = arrays(student.answer("unmask_one_spread"), 2)
        assert given
        assert all(part.ndim == 1 and part.min() >= 0 and part.max() <= 10 for part in given)
        wrong, right = ends_of(misconceptions.pooled_variance.wrong), ends_of(reference.gap_interval)
        assert differs(given, wrong, right, by=0.01)

    @kit.value
    @kit.hint("How many numbers for the spread does its margin contain, and how many would you expect?")
    def test_what_its_author_believes(self, student, rng):
        """This is not what its author believes."""
        assert chose(letter(student.answer("unmask_one_spread")), "c")
