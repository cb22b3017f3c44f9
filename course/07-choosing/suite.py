"""What the functions and answers of unit 7 promise."""

from __future__ import annotations

import math
from typing import ClassVar

import numpy as np

from autograder import kit
from autograder.kit import chose, close, identical, refused, same, with_one

from . import misconceptions, reference
from .unmask import arrays, differs, letter

CONVERT = "Make float64 arrays of the arguments before anything else, whatever type they came in."
HELPER = "The helper from the first cell refuses such input for you. Call it before you compute."
RANGE = "Ask about the smallest and the largest entry of p before you compute."
COPY = "Work on a copy. Assignments such as p[mask] = ..., w -= ... and X -= ... change the caller's array."


def outcomes(rng: np.random.Generator, n: int) -> np.ndarray:
    """Hard labels, with both classes present where n allows it."""
    y = rng.integers(0, 2, n).astype(float)
    y[: min(n, 2)] = rng.permutation([0.0, 1.0])[: min(n, 2)]
    return y


def forecasts(rng: np.random.Generator, n: int) -> np.ndarray:
    """Probabilities clear of 0, 1 and 0.5."""
    return rng.choice([-1, 1], n) * rng.uniform(0.05, 0.45, n) + 0.5


def with_all_kinds(y: np.ndarray, p: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The same data with four entries more, so that every kind of decision occurs whatever the threshold."""
    return np.append(y, [1.0, 0.0, 1.0, 0.0]), np.append(p, [1.0, 1.0, 0.0, 0.0])


def decided(rng: np.random.Generator, n: int) -> tuple[np.ndarray, np.ndarray]:
    """Outcomes and forecasts with different numbers of all four kinds of decision at a threshold of 0.5."""
    kinds = rng.permutation(4) + 1
    y = np.repeat([1.0, 0.0, 1.0, 0.0], kinds * n)
    high = np.repeat([True, True, False, False], kinds * n)
    p = np.where(high, rng.uniform(0.55, 0.95, len(y)), rng.uniform(0.05, 0.45, len(y)))
    order = rng.permutation(len(y))
    return y[order], p[order]


def labelled(rng: np.random.Generator, n: int, d: int) -> tuple[np.ndarray, np.ndarray]:
    """Features of different size and outcomes that depend on them, both classes present."""
    X = rng.normal(0, rng.uniform(0.5, 1.5, d), (n, d))
    y = (X @ rng.normal(0, 2, d) + rng.normal(0, 1, n) > 0).astype(float)
    y[:2] = (0.0, 1.0)
    return X, y


HINTS = {"inputs_unchanged": COPY}
decisions = kit.ArrayContract(("y", "p"), lambda rng, n: decided(rng, 2), hints=HINTS)
scored = kit.ArrayContract(("y", "p"), lambda rng, n: (outcomes(rng, n), forecasts(rng, n)), hints=HINTS)
scores = kit.ArrayContract(("logits",), lambda rng, n: (rng.normal(0, 1, (3, 2)),), rest=[(np.array([1, 0, 1]),)])


class Test_confusion_counts:
    @kit.value
    @kit.example([1, 0, 1, 0, 0], [0.9, 0.8, 0.3, 0.7, 0.1])
    @kit.hint("The second letter is what was decided, the first whether that was right. The order is tp, fp, fn, tn.")
    def test_all_four(self, student, rng):
        """The four counts must be right, in the order tp, fp, fn, tn."""
        for n in (1, 3, 8):
            y, p = decided(rng, n)
            assert same(student.confusion_counts(y, p), reference.confusion_counts(y, p))

    @kit.value
    @kit.example([1, 0, 1, 0], [0.9, 0.6, 0.4, 0.3], 0.7)
    @kit.hint("Where does your function read the threshold? Decide p against it, and not against 0.5.")
    def test_other_thresholds(self, student, rng):
        """A different threshold must give different counts."""
        y, p = with_all_kinds(*decided(rng, 6))
        for threshold in (0.2, 0.35, 0.65, 0.8):
            expected = reference.confusion_counts(y, p, threshold)
            assert same(student.confusion_counts(y, p, threshold), expected)
            assert same(student.confusion_counts(y, p, threshold=threshold), expected)

    @kit.value
    @kit.example([1, 0], [0.5, 0.5])
    @kit.hint("What is decided about a forecast that equals the threshold? The docstring says from where on.")
    def test_forecast_on_the_threshold(self, student, rng):
        """A forecast equal to the threshold is decided positive."""
        for threshold in (0.5, 0.25, 0.875):
            y, p = outcomes(rng, 12), rng.integers(0, 9, 12) / 8
            p[2:6], y[2:6] = threshold, (0, 1, 1, 1)
            y, p = with_all_kinds(y, p)
            expected = reference.confusion_counts(y, p, threshold)
            assert same(student.confusion_counts(y, p, threshold), expected)

    @kit.numerical
    @kit.after("test_forecast_on_the_threshold")
    @kit.example([1, 0], [0.5, 0.49999999999], 0.5)
    @kit.hint("Near the threshold is not on it: compare without a tolerance, and round nothing.")
    def test_next_to_the_threshold(self, student, rng):
        """A forecast just below the threshold is decided negative; thresholds of 0 and 1 are thresholds."""
        y, p = with_all_kinds(*decided(rng, 3))
        for threshold in (0.5, 0.25, 0.875):
            for near in (threshold - 1e-12, threshold + 1e-12):
                p[:3] = near
                expected = reference.confusion_counts(y, p, threshold)
                assert same(student.confusion_counts(y, p, threshold), expected)
        for threshold in (0.0, 1.0):
            expected = reference.confusion_counts(y, p, threshold)
            assert same(student.confusion_counts(y, p, threshold), expected)

    @kit.numerical
    @kit.after("test_all_four")
    @kit.example([1, 1], [0.2, 0.3])
    @kit.hint("A kind of decision that never occurs has the count 0; the other three stay where they are.")
    def test_only_one_kind(self, student, rng):
        """All labels or all decisions alike: the kinds that do not occur count 0."""
        n = int(rng.integers(3, 9))
        for label in (0.0, 1.0):
            for entry in (0.0, 0.1, 0.9, 1.0):
                y, p = np.full(n, label), np.full(n, entry)
                assert same(student.confusion_counts(y, p), reference.confusion_counts(y, p))

    @kit.numerical
    @kit.after("test_all_four")
    @kit.example(np.array([True, False]), np.array([0.75, 0.75], dtype=np.float16))
    @kit.hint(CONVERT + " A sum of uint8 or bool labels may wrap around or mean something else.")
    def test_any_number_type(self, student, rng):
        """Lists, tuples, booleans, small integers and short floats, also several hundred, must be counted right."""
        y, p = decided(rng, 260)  # more than 255 of each kind
        p = np.round(p * 64) / 64
        expected = reference.confusion_counts(y, p)
        for kind, short in ((bool, np.float16), (np.uint8, np.float32), (np.int8, np.float64)):
            assert same(student.confusion_counts(y.astype(kind), p.astype(short)), expected)
        assert same(student.confusion_counts([int(label) for label in y], p.tolist()), expected)
        assert same(student.confusion_counts(y == 1, tuple(p.tolist())), expected)

    @kit.contract
    @kit.example([1, 0], [0.5])
    @kit.hint(HELPER)
    def test_shapes(self, student, rng):
        """Shapes that differ or are not 1-D, and no data at all, must raise ValueError."""
        for y, p in kit.misshapen(outcomes(rng, 5), forecasts(rng, 5)):
            refused(student.confusion_counts, y, p)
        refused(student.confusion_counts, [], [])

    @kit.contract
    @kit.example([0.5, 1], [0.5, 0.5])
    @kit.hint("A count needs outcomes: something happened or it did not.")
    def test_labels_are_0_or_1(self, student, rng):
        """Labels other than 0 and 1 must raise ValueError."""
        y, p = outcomes(rng, 3), forecasts(rng, 3)
        for label in (rng.uniform(0.1, 0.9), -1.0, 2.0, 1e-9, 1 - 1e-9, np.nan):
            for bad in with_one(y, label):
                refused(student.confusion_counts, bad, p)

    @kit.contract
    @kit.example([1, 0], [1.2, 0.5])
    @kit.hint(RANGE)
    def test_range_of_p(self, student, rng):
        """Forecasts below 0, above 1 or nan must raise ValueError."""
        y, p = outcomes(rng, 3), forecasts(rng, 3)
        for entry in (-rng.uniform(0.01, 2), 1 + rng.uniform(0.01, 2), *kit.OUTSIDE, np.nan):
            for bad in with_one(p, entry):
                refused(student.confusion_counts, y, bad)

    test_inputs_unchanged = decisions.inputs_unchanged([1.0, 0.0], [0.8, 0.4])


class Test_precision_recall:
    @kit.value
    @kit.example([1, 0, 1, 0, 1], [0.9, 0.8, 0.3, 0.2, 0.4])
    @kit.hint("Both have the same numerator. Out of what: of all decided positive, or of all that are positive?")
    def test_ordinary(self, student, rng):
        """Precision and recall, in this order, must be right."""
        for n in (1, 3, 8):
            y, p = decided(rng, n)
            assert same(student.precision_recall(y, p), reference.precision_recall(y, p))

    @kit.value
    @kit.example([1, 0, 1, 0], [0.9, 0.6, 0.4, 0.3], 0.35)
    @kit.hint("Which line of your function reads the threshold?")
    def test_other_thresholds(self, student, rng):
        """A different threshold must give its own precision and recall."""
        y, p = decided(rng, 30)
        for threshold in (0.2, 0.35, 0.65, 0.8):
            expected = reference.precision_recall(y, p, threshold)
            assert same(student.precision_recall(y, p, threshold), expected)

    @kit.value
    @kit.example([1, 0, 1], [0.5, 0.5, 0.2])
    @kit.hint("A forecast that equals the threshold is decided positive.")
    def test_forecast_on_the_threshold(self, student, rng):
        """A forecast equal to the threshold is decided positive here, too."""
        for threshold in (0.5, 0.25, 0.875):
            y, p = outcomes(rng, 12), rng.integers(0, 9, 12) / 8
            p[2:6], y[2:6] = threshold, (0, 1, 1, 1)
            y, p = np.append(y, np.zeros(12)), np.append(p, np.ones(12))  # so that precision is below recall
            expected = reference.precision_recall(y, p, threshold)
            assert same(student.precision_recall(y, p, threshold), expected)

    @kit.value
    @kit.example([1, 0, 1, 1], [0.9, 0.8, 0.3, 0.2])
    @kit.hint("How many decided positive were right, out of all decided positive? And how many positives were found?")
    def test_as_many_right_as_wrong(self, student, rng):
        """Where as many positive decisions are right as wrong, precision is one half; recall is a separate matter."""
        for n in (1, 3):
            y = np.repeat([1.0, 0.0, 1.0], [n, n, 2 * n])
            p = np.where(np.arange(4 * n) < 2 * n, rng.uniform(0.6, 0.9, 4 * n), rng.uniform(0.1, 0.4, 4 * n))
            assert same(student.precision_recall(y, p), (1 / 2, 1 / 3))
            y = np.repeat([1.0, 0.0, 1.0], [n, 3 * n, n])
            p = np.where(np.arange(5 * n) < 4 * n, rng.uniform(0.6, 0.9, 5 * n), rng.uniform(0.1, 0.4, 5 * n))
            assert same(student.precision_recall(y, p), (1 / 4, 1 / 2))

    @kit.numerical
    @kit.after("test_forecast_on_the_threshold")
    @kit.example([1, 0], [0.5, 0.49999999999], 0.5)
    @kit.hint("Near the threshold is not on it: compare without a tolerance, and round nothing.")
    def test_next_to_the_threshold(self, student, rng):
        """A forecast just below the threshold is decided negative here, too; 0 and 1 are thresholds."""
        y, p = with_all_kinds(*decided(rng, 3))
        for threshold in (0.5, 0.25, 0.875):
            for near in (threshold - 1e-12, threshold + 1e-12):
                p[:3] = near
                expected = reference.precision_recall(y, p, threshold)
                assert same(student.precision_recall(y, p, threshold), expected)
        for threshold in (0.0, 1.0):
            expected = reference.precision_recall(y, p, threshold)
            assert same(student.precision_recall(y, p, threshold), expected)

    @kit.numerical
    @kit.after("test_ordinary")
    @kit.example([1, 0], [0.2, 0.1])
    @kit.hint(
        "Nothing was decided positive: 0 divided by 0. Libraries say 0.0; this course says nan. Recall is defined."
    )
    def test_nothing_decided_positive(self, student, rng):
        """Where nothing is decided positive, precision is nan and recall 0."""
        y = outcomes(rng, 6)
        assert same(student.precision_recall(y, rng.uniform(0, 0.4, 6)), (np.nan, 0.0))

    @kit.numerical
    @kit.after("test_ordinary")
    @kit.example([0, 0], [0.8, 0.1])
    @kit.hint("Without any positive outcome there is nothing to find: recall is nan. Precision is defined.")
    def test_no_positive_outcome(self, student, rng):
        """Where no outcome is positive, recall is nan and precision 0, or nan if nothing was decided positive."""
        p = forecasts(rng, 6)
        p[:2] = (0.9, 0.1)
        assert same(student.precision_recall(np.zeros(6), p), (0.0, np.nan))
        assert same(student.precision_recall(np.zeros(6), p * 0.5), (np.nan, np.nan))

    @kit.numerical
    @kit.example(np.array([True, False]), np.array([0.75, 0.75], dtype=np.float16))
    @kit.hint(CONVERT)
    def test_any_number_type(self, student, rng):
        """Lists, booleans, small integers and short floats, also several hundred, must give the full precision."""
        y, p = decided(rng, 90)
        p = np.round(p * 64) / 64
        expected = reference.precision_recall(y, p)
        for kind, short in ((bool, np.float16), (np.uint8, np.float32), (np.int8, np.float64)):
            assert same(student.precision_recall(y.astype(kind), p.astype(short)), expected)
        assert same(student.precision_recall([int(label) for label in y], p.tolist()), expected)

    @kit.contract
    @kit.example([1, 0], [0.5])
    @kit.hint(HELPER)
    def test_shapes(self, student, rng):
        """Shapes that differ or are not 1-D, and no data at all, must raise ValueError."""
        for y, p in kit.misshapen(outcomes(rng, 5), forecasts(rng, 5)):
            refused(student.precision_recall, y, p)
        refused(student.precision_recall, [], [])

    @kit.contract
    @kit.example([2, 0], [0.5, 0.5])
    @kit.hint("Outcomes are 0 or 1, forecasts lie between them. Ask before you count.")
    def test_ranges(self, student, rng):
        """Labels other than 0 and 1, and forecasts outside [0, 1], must raise ValueError."""
        y, p = outcomes(rng, 3), forecasts(rng, 3)
        for label in (rng.uniform(0.1, 0.9), -1.0, 2.0, 1e-9, 1 - 1e-9, np.nan):
            for bad in with_one(y, label):
                refused(student.precision_recall, bad, p)
        for entry in (-rng.uniform(0.01, 2), 1 + rng.uniform(0.01, 2), *kit.OUTSIDE, np.nan):
            for bad in with_one(p, entry):
                refused(student.precision_recall, y, bad)

    test_inputs_unchanged = decisions.inputs_unchanged([1.0, 0.0], [0.8, 0.4])


class Test_brier_score:
    @kit.value
    @kit.example([1, 0], [0.8, 0.4])
    @kit.hint("How far was each forecast from what happened? Square it, then take the mean.")
    def test_ordinary_forecasts(self, student, rng):
        """For forecasts of 0/1 outcomes the Brier score is not right yet."""
        for n in (2, 5, 300):
            y, p = outcomes(rng, n), forecasts(rng, n)
            assert same(student.brier_score(y, p), reference.brier_score(y, p))

    @kit.value
    @kit.example([1, 0, 1, 0], [0.8, 0.4, 0.8, 0.4])
    @kit.hint("Twice the same data is not twice as bad a forecast. And no factor stands before the mean.")
    def test_mean(self, student, rng):
        """Repeating all the data must not change the score."""
        for n in (1, 3, 8):
            y, p = outcomes(rng, n), forecasts(rng, n)
            for times in (1, 2, 5):
                got = student.brier_score(np.tile(y, times), np.tile(p, times))
                assert same(got, reference.brier_score(y, p))

    @kit.value
    @kit.example([0.7, 0.2], [0.9, 0.5])
    @kit.hint("A soft label of 0.7 stays 0.7. Is y rounded or compared with 1 somewhere?")
    def test_soft_labels(self, student, rng):
        """Soft labels must count as they are, and an entry with the right forecast, or one like another, counts too."""
        for n in (1, 4, 12):
            y, p = rng.uniform(0.05, 0.95, n), forecasts(rng, n)
            if n > 4:
                y[:6], p[:6] = (0, 0, 1, 0.5, 0.25, 0.75), (0.25, 0.25, 0.75, 0.5, 0.5, 0.5)
            assert same(student.brier_score(y, p), reference.brier_score(y, p))

    @kit.numerical
    @kit.example([1, 0, 1], [1.0, 1.0, 0.0])
    @kit.hint("0 and 1 are forecasts like any other. This score needs no clip.")
    def test_certain_forecasts(self, student, rng):
        """Forecasts of exactly 0 or 1 cost 0 where right and 1 where wrong."""
        y, p = rng.permutation([[1.0, 0.0, 0.0, 1.0, 0.0], [0.0, 1.0, 0.0, 1.0, 0.0]], axis=1)
        assert same(student.brier_score(y, p), 2 / 5)
        assert same(student.brier_score(y, y), 0.0)
        assert same(student.brier_score(y, 1 - y), 1.0)

    @kit.numerical
    @kit.after("test_ordinary_forecasts")
    @kit.example(np.array([1, 0], dtype=np.uint8), np.array([0, 1], dtype=np.uint8))
    @kit.hint(CONVERT + " In uint8, 0 - 1 is 255, and booleans cannot be subtracted at all.")
    def test_any_number_type(self, student, rng):
        """Lists, tuples, booleans, small integers and short floats must give the full precision."""
        y, p = outcomes(rng, 9), forecasts(rng, 9)
        for short in (np.float16, np.float32):
            narrow = p.astype(short)
            expected = reference.brier_score(y, narrow)
            for kind in (bool, np.uint8, short):
                got = student.brier_score(y.astype(kind), narrow)
                assert same(got, expected, atol=kit.ATOL_FLOAT32 if short is np.float32 else kit.ATOL)
        hard = outcomes(rng, 9)
        for kind in (bool, np.uint8):
            assert same(student.brier_score(y.astype(kind), hard.astype(kind)), reference.brier_score(y, hard))
        assert same(student.brier_score([int(label) for label in y], tuple(p.tolist())), reference.brier_score(y, p))

    @kit.contract
    @kit.example([1, 0], [0.5])
    @kit.hint(HELPER)
    def test_shapes(self, student, rng):
        """Shapes that differ or are not 1-D, and no data at all, must raise ValueError."""
        for y, p in kit.misshapen(outcomes(rng, 5), forecasts(rng, 5)):
            refused(student.brier_score, y, p)
        refused(student.brier_score, [], [])

    @kit.contract
    @kit.example([1, 0], [1.2, 0.5])
    @kit.hint("A square never complains. Ask about the ranges of y and p before you compute.")
    def test_ranges(self, student, rng):
        """Labels or forecasts outside [0, 1], or nan, must raise ValueError."""
        y, p = outcomes(rng, 3), forecasts(rng, 3)
        for entry in (-rng.uniform(0.01, 2), 1 + rng.uniform(0.01, 2), *kit.OUTSIDE, np.nan):
            for bad in with_one(p, entry):
                refused(student.brier_score, y, bad)
            for bad in with_one(y, entry):
                refused(student.brier_score, bad, p)

    test_inputs_unchanged = scored.inputs_unchanged([1.0, 0.0], [0.8, 0.4])


class Test_fit_logistic:
    @kit.value
    @kit.example([[1.0], [-1.0]], [1, 0], "bce", 0.5, 1)
    @kit.hint("One step by hand: forecasts at w = 0, gradient of the mean loss, then lr times that, downhill.")
    def test_one_step(self, student, rng):
        """After one step of gradient descent on the mean BCE the weights are not right yet."""
        for n, d in ((2, 1), (6, 3), (30, 2)):
            X, y = labelled(rng, n, d)
            for lr in (0.1, 1.0):
                assert same(student.fit_logistic(X, y, "bce", lr, 1), reference.fit_logistic(X, y, "bce", lr, 1))

    @kit.value
    @kit.example([[1.0, 2.0], [-1.0, 0.5], [0.5, -1.0]], [1, 0, 1])
    @kit.hint("Each step uses the forecasts of the weights that it starts from. How many steps are taken?")
    def test_many_steps(self, student, rng):
        """After many steps on the BCE the weights are not right yet."""
        X, y = labelled(rng, 20, 3)
        for lr, steps in ((0.1, 100), (0.5, 17), (0.3, 2), (2.5, 260)):
            expected = reference.fit_logistic(X, y, lr=lr, steps=steps)
            assert same(student.fit_logistic(X, y, lr=lr, steps=steps), expected)
        assert same(student.fit_logistic(X, y), reference.fit_logistic(X, y))

    @kit.value
    @kit.example([[1.0, 2.0], [-1.0, 0.5]], [1, 0], "mse", 0.5, 3)
    @kit.hint("The chain rule adds two factors to p - y: one from the square, one from the sigmoid.")
    def test_mse(self, student, rng):
        """After gradient descent on the mean squared error the weights are not right yet."""
        X, y = labelled(rng, 15, 2)
        for lr, steps in ((0.5, 1), (0.2, 30), (1.0, 10)):
            w0 = rng.normal(0, 0.5, 2)
            expected = reference.fit_logistic(X, y, "mse", lr, steps, w0)
            assert same(student.fit_logistic(X, y, "mse", lr, steps, w0), expected)

    @kit.value
    @kit.example([[1.0], [-1.0]], [1, 0], "bce", 0.5, 1, [2.0])
    @kit.hint("Where does the descent begin when the caller names a start? And where after 0 steps?")
    def test_start(self, student, rng):
        """The descent must begin at the caller's w0, and end there after 0 steps."""
        X, y = labelled(rng, 12, 3)
        w0 = rng.normal(0, 1, 3)
        for steps in (0, 1, 9):
            expected = reference.fit_logistic(X, y, "bce", 0.3, steps, w0)
            assert same(student.fit_logistic(X, y, "bce", 0.3, steps, w0), expected)
            assert same(
                student.fit_logistic(X, y, steps=steps, w0=w0), reference.fit_logistic(X, y, steps=steps, w0=w0)
            )

    @kit.value
    @kit.example([[1.0], [-1.0]], [0.9, 0.3], "bce", 0.5, 2)
    @kit.hint("A soft label of 0.9 pulls the forecast to 0.9. Nothing in the gradient needs 0 or 1.")
    def test_soft_labels(self, student, rng):
        """Soft labels must be fitted as they are."""
        X, _ = labelled(rng, 10, 2)
        y = rng.uniform(0.05, 0.95, 10)
        for loss in ("bce", "mse"):
            expected = reference.fit_logistic(X, y, loss, 0.4, 25)
            assert same(student.fit_logistic(X, y, loss, 0.4, 25), expected)

    @kit.numerical
    @kit.example([[1000.0], [-1000.0]], [0, 1], "bce", 0.001, 2, [1.0])
    @kit.hint("exp(1000) overflows. Which way of writing the sigmoid gives a number for scores of 1000 and -1000?")
    def test_large_scores(self, student, rng):
        """Scores of several thousand must neither overflow nor become nan."""
        for sign in (-1.0, 1.0):
            X, y = labelled(rng, 8, 2)
            w0 = sign * rng.uniform(2000, 9000, 2)
            for loss in ("bce", "mse"):
                expected = reference.fit_logistic(X, y, loss, 0.5, 3, w0)
                assert same(student.fit_logistic(X, y, loss, 0.5, 3, w0), expected)

    @kit.numerical
    @kit.after("test_one_step")
    @kit.example([[1.0], [-1.0]], [1, 0], "bce", 0.001, 3)
    @kit.hint("As many steps as the caller asks for: is there a test that ends the loop, or something rounded?")
    def test_small_steps(self, student, rng):
        """Small steps are steps: none may be left out, and none cut short where features are tiny or huge."""
        X, y = labelled(rng, 10, 2)
        for lr in (1e-3, 1e-6):
            for loss in ("bce", "mse"):
                expected = reference.fit_logistic(X, y, loss, lr, 60)
                assert same(student.fit_logistic(X, y, loss, lr, 60), expected)
        for unit in (1e-7, 1e3):
            for loss in ("bce", "mse"):
                expected = reference.fit_logistic(unit * X, y, loss, 0.5 / unit**2, 60)
                assert same(student.fit_logistic(unit * X, y, loss, 0.5 / unit**2, 60), expected)

    @kit.numerical
    @kit.after("test_mse")
    @kit.example(np.array([[1], [3]], dtype=np.uint8), np.array([1, 0], dtype=np.uint8), "bce", 0.5, 2, [1])
    @kit.hint(CONVERT + " That goes for w0, too: a step of 0.05 does not fit into an integer.")
    def test_any_number_type(self, student, rng):
        """Lists, small integers and short floats must give the full precision, w0 included."""
        X, y = rng.integers(0, 4, (9, 2)), outcomes(rng, 9)
        w0 = np.array([1, -1])
        for loss in ("bce", "mse"):
            expected = reference.fit_logistic(X, y, loss, 0.2, 6, w0)
            for kind in (np.uint8, np.float16, np.int64):
                assert same(student.fit_logistic(X.astype(kind), y.astype(kind), loss, 0.2, 6, w0), expected)
            assert same(student.fit_logistic(X.tolist(), [int(v) for v in y], loss, 0.2, 6, [1, -1]), expected)
            assert same(student.fit_logistic(X, y == 1, loss, 0.2, 6, w0.astype(np.float16)), expected)

    @kit.contract
    @kit.example([[1.0], [-1.0]], [1, 0], "hinge")
    @kit.hint("A misspelt loss should be an error at once. Nothing should be chosen in its place.")
    def test_unknown_loss(self, student, rng):
        """A loss other than 'bce' and 'mse' must raise ValueError."""
        X, y = labelled(rng, 5, 2)
        for loss in ("hinge", "BCE", "", "rmse"):
            refused(student.fit_logistic, X, y, loss)

    @kit.contract
    @kit.example([[1.0], [-1.0]], [1, 0, 1])
    @kit.hint("As many labels as rows, one column or more, no nan. " + HELPER)
    def test_data_that_do_not_fit(self, student, rng):
        """X not 2-D, y not 1-D, unequal lengths, a nan or an infinity must raise ValueError."""
        X, y = labelled(rng, 4, 4)
        for bad_X, bad_y in ((X, y[:3]), (X, y[:1]), (X, y[:, None]), (X[:, 0], y), (np.zeros((0, 2)), [])):
            refused(student.fit_logistic, bad_X, bad_y)
        for entry in (np.nan, np.inf, -np.inf):
            for bad in with_one(X[:, :1], entry):
                refused(student.fit_logistic, bad, y)
            for bad in with_one(y, entry):
                refused(student.fit_logistic, X, bad)

    @kit.contract
    @kit.example([[1.0], [-1.0]], [2, 0])
    @kit.hint("With a label of 2 the BCE has no lowest point, and the descent would never end.")
    def test_range_of_y(self, student, rng):
        """Labels outside [0, 1] must raise ValueError."""
        X, y = labelled(rng, 4, 2)
        for label in (-1.0, 2.0, 1 + rng.uniform(0.01, 0.5), -rng.uniform(0.01, 0.5), *kit.OUTSIDE):
            for bad in with_one(y, label):
                refused(student.fit_logistic, X, bad)

    @kit.contract
    @kit.example([[1.0], [-1.0]], [1.0, 0.0], "bce", 0.5, 3, np.array([2.0]))
    @kit.hint("Begin with a copy of w0. A line such as w -= lr * gradient changes the caller's array.")
    def test_inputs_unchanged(self, student, rng):
        """The caller's X, y and w0 must be the same after the call."""
        X, y = labelled(rng, 6, 2)
        w0 = rng.normal(0, 1, 2)
        for given in (
            (X, y, "bce", 0.5, 3, w0),
            (X, y, "mse", 0.5, 3, w0),
            (X.tolist(), y.tolist(), "bce", 0.5, 3, [1.0, 2.0]),
        ):
            assert all(map(identical, given, student.fit_logistic.after(*given)))


class Test_softmax_cross_entropy:
    @kit.value
    @kit.example([[2.0, 1.0, 0.0]], [1])
    @kit.hint("Which share of the exponentials does the label's class get? Its surprise is the loss of the row.")
    def test_ordinary_rows(self, student, rng):
        """For rows of ordinary logits the mean cross-entropy is not right yet."""
        for n, k in ((1, 3), (4, 2), (12, 5)):
            logits, labels = rng.uniform(-2, 2, (n, k)), rng.integers(0, k, n)
            if n == 1:  # the label that nobody expected: a small number added to its share shows, or does not
                logits[0] = np.where(np.arange(k) == labels[0], -2.0, 2.0) + rng.uniform(-0.1, 0.1, k)
            assert same(student.softmax_cross_entropy(logits, labels), reference.softmax_cross_entropy(logits, labels))

    @kit.value
    @kit.example([[0.0, 0.0], [3.0, 0.0]], [0, 1])
    @kit.hint("Each row is its own distribution over the classes. Over which axis do you add?")
    def test_each_row_on_its_own(self, student, rng):
        """Each row must be normalised on its own, and each picks its own label."""
        for k in (2, 4):
            logits = rng.normal(0, 1, (k, k)) + rng.uniform(-8, 8, (k, 1))
            labels = rng.permutation(k)
            assert same(student.softmax_cross_entropy(logits, labels), reference.softmax_cross_entropy(logits, labels))

    @kit.value
    @kit.example([[1.0, 0.0], [1.0, 0.0]], [0, 0])
    @kit.hint("Twice the same rows: the mean stays. Natural logarithm, over the rows and not over all entries.")
    def test_mean_over_rows(self, student, rng):
        """The loss is the mean over the rows: repeating them all must not change it."""
        logits, labels = rng.uniform(-2, 2, (3, 4)), rng.permutation(4)[:3]
        logits[0, labels[0]] = logits[0].min() - rng.uniform(0.5, 1)  # one label is not the likeliest class
        for times in (1, 2, 5):
            got = student.softmax_cross_entropy(np.tile(logits, (times, 1)), np.tile(labels, times))
            assert same(got, reference.softmax_cross_entropy(logits, labels))

    @kit.numerical
    @kit.after("test_ordinary_rows")
    @kit.example([[1000.0, 0.0]], [0])
    @kit.hint("exp(1000) is inf. Adding one number to all logits of a row changes nothing: which number helps?")
    def test_large_logits(self, student, rng):
        """Logits of thousands must neither overflow nor become nan."""
        logits, labels = rng.uniform(-1e4, 1e4, (6, 3)), rng.integers(0, 3, 6)
        assert same(student.softmax_cross_entropy(logits, labels), reference.softmax_cross_entropy(logits, labels))
        high = rng.normal(0, 2, (6, 3)) + 5000
        for rows in (high, high - 10000):
            assert same(student.softmax_cross_entropy(rows, labels), reference.softmax_cross_entropy(rows, labels))

    @kit.numerical
    @kit.after("test_ordinary_rows")
    @kit.example([[0.0, 1000.0]], [0])
    @kit.hint("The share of that class is too small for a float, but its surprise is 1000. Keep to logarithms.")
    def test_hopeless_rows(self, student, rng):
        """A label far below the largest logit costs the whole distance, without a limit."""
        for far in (rng.uniform(31, 33), rng.uniform(1500, 3000)):
            assert same(student.softmax_cross_entropy([[0.0, far, 1.0]], [0]), far)
        assert same(student.softmax_cross_entropy([[far, 0.0], [0.0, far]], [1, 0]), far)

    @kit.numerical
    @kit.after("test_ordinary_rows")
    @kit.example(np.array([[1, 3], [5, 2]], dtype=np.uint8), np.array([0, 0], dtype=np.uint8))
    @kit.hint(CONVERT + " In uint8, 1 - 3 is 254.")
    def test_any_number_type(self, student, rng):
        """Lists, tuples, small integers and short floats must give the full precision."""
        logits, labels = rng.integers(0, 12, (9, 3)), rng.integers(0, 3, 9)
        logits[0], labels[0] = (0, 11, 1), 0
        expected = reference.softmax_cross_entropy(logits, labels)
        for kind, index in ((np.uint8, np.uint8), (np.float16, np.int64), (np.float32, np.int8), (np.int16, np.uint16)):
            assert same(student.softmax_cross_entropy(logits.astype(kind), labels.astype(index)), expected)
        assert same(student.softmax_cross_entropy(logits.tolist(), labels.tolist()), expected)
        assert same(student.softmax_cross_entropy(logits.tolist(), tuple(labels.tolist())), expected)

    @kit.contract
    @kit.example([[1.0, 2.0]], [2])
    @kit.hint(
        "NumPy takes -1 for the last class and never asks. Compare the labels with 0 and with the number of classes."
    )
    def test_range_of_labels(self, student, rng):
        """A label below 0, or as large as the number of classes, must raise ValueError; of one class, 0 is right."""
        logits, labels = rng.normal(0, 1, (4, 3)), rng.integers(0, 3, 4)
        for label in (-1, -3, 3, int(rng.integers(4, 9))):
            for bad in with_one(labels, label):
                refused(student.softmax_cross_entropy, logits, bad)
        assert same(student.softmax_cross_entropy(logits[:, :1], [0, 0, 0, 0]), 0.0)
        refused(student.softmax_cross_entropy, logits[:, :1], [0, 0, 1, 0])

    @kit.contract
    @kit.example([[1.0, 2.0]], [0.5])
    @kit.hint("A conversion to int cuts 0.5 down to 0 in silence. Is a label the same after it?")
    def test_labels_are_integers(self, student, rng):
        """A label that is no integer must raise ValueError."""
        logits, labels = rng.normal(0, 1, (4, 3)), rng.integers(0, 3, 4).astype(float)
        for label in (0.5, rng.uniform(1.1, 1.9), -rng.uniform(0.1, 0.9), 1 + 1e-9, np.nan):
            for bad in with_one(labels, label):
                refused(student.softmax_cross_entropy, logits, bad)

    @kit.contract
    @kit.example([[1.0, 2.0], [0.0, 1.0]], [0])
    @kit.hint("One label for each row, no more and no fewer. " + HELPER)
    def test_shapes(self, student, rng):
        """Logits that are not 2-D, a different number of labels, or no rows must raise ValueError."""
        logits, labels = rng.normal(0, 1, (4, 4)), rng.integers(0, 4, 4)
        refused(student.softmax_cross_entropy, logits, labels[:3])
        refused(student.softmax_cross_entropy, logits, labels[:1])
        refused(student.softmax_cross_entropy, logits[:3], labels)
        refused(student.softmax_cross_entropy, logits[0], labels)
        refused(student.softmax_cross_entropy, logits, np.eye(4, dtype=int))
        refused(student.softmax_cross_entropy, logits, labels[:, None])
        refused(student.softmax_cross_entropy, np.zeros((0, 3)), np.zeros(0, dtype=int))

    test_finite = scores.finite(
        [[float("nan"), 2.0]], [0], hint=HELPER, sentence="A nan or an infinity among the logits must raise ValueError."
    )
    test_inputs_unchanged = scores.inputs_unchanged(
        [[1.0, 2.0]],
        [0],
        hint="Work on a copy. A line such as logits -= logits.max() changes the caller's array.",
        sentence="The caller's logits and labels must be the same after the call.",
    )


class Test_where_false_positives_stand:
    meanings: ClassVar[dict[float | str, str]] = {
        "a": "That column holds TP and FN in the wrong matrix. Precision needs TP and FP.",
        "c": "The accuracy needs all four cells, and this share has two.",
        "d": "That share has TP and FN above, and all rows below. Here TP is above, and TP and FN below.",
    }

    @kit.value
    @kit.hint("Which two cells stand in the first column of that matrix? What are they together, in words?")
    def test_answer(self, student, rng):
        """Another share is reported."""
        assert chose(student.answer("where_false_positives_stand"), "b")


class Test_lower_bce_higher_accuracy:
    meanings: ClassVar[dict[float | str, str]] = {
        "a": "exp(-0.30) is a typical probability of what happened, about 0.74. It is no share of right decisions.",
        "b": "Many errors that cost just above log 2 each leave room for it to be lower.",
        "c": "Each error costs at least log 2. With only errors, how low could the BCE be?",
    }

    @kit.value
    @kit.hint("How many of 1000 rows can cost 0.69 nats or more if the mean of all is 0.30?")
    def test_answer(self, student, rng):
        """The accuracy can lie elsewhere."""
        assert chose(student.answer("lower_bce_higher_accuracy"), "d")


class Test_proper_scores:
    meanings: ClassVar[dict[float | str, str]] = {
        "b": "The root of a single square is the absolute error: where was that lowest?",
        "c": "Rounded to 0 or 1, all forecasts on one side of 0.5 are the same. Is the truth the only best one?",
        "d": "Multiply by 0.9 and look where the sum has its lowest point: the announcement is no longer the truth.",
    }

    @kit.value
    @kit.hint("A sum is lowest where both of its parts are lowest at the same place, and at no other.")
    def test_answer(self, student, rng):
        """Another score is strictly proper."""
        assert chose(student.answer("proper_scores"), "a")


class Test_recall_of_zero:
    meanings: ClassVar[dict[float | str, str]] = {
        "a": "It says 0.2 for all 100 positives and next to nothing for most others: it does tell them apart.",
        "b": "Of the 500 rows that were given 0.2, one in five is positive. What share would be given 0.6?",
        "d": "At 0.1 the same 500 rows are decided positive, and 100 of them are.",
    }

    @kit.value
    @kit.hint("Which rows have a forecast of at least the threshold, and how many of them are positive?")
    def test_answer(self, student, rng):
        """Something else helps."""
        assert chose(student.answer("recall_of_zero"), "c")


class Test_best_threshold:
    meanings: ClassVar[dict[float | str, str]] = {
        0.5: "That would be right if both mistakes cost the same.",
        0.25: "That is the ratio of the costs. The threshold is a cost divided by the sum of both.",
        0.8: "That is one minus the right answer: it weighs the misses where the false alarms belong.",
        0.0909: "That is for costs of 1 and 10. Here they are 3 and 12.",
        4.0: "A threshold is a probability, so it lies between 0 and 1.",
    }

    @kit.value
    @kit.hint("At the threshold both decisions have the same expected cost: p times a miss, 1 - p times a false alarm.")
    def test_answer(self, student, rng):
        """A different threshold has the lowest expected cost."""
        assert close(student.answer("best_threshold"), 0.2)


class Test_label_of_two:
    meanings: ClassVar[dict[float | str, str]] = {
        "a": "That would be the best forecast for labels 0 and 1. What is the mean of these labels?",
        "b": "Two thirds of the rows have the label 0, and a forecast of 1 costs them more than any number.",
        "c": "For a row of 2 alone it would. The rows of 0 pull back, and they are the larger part.",
    }

    @kit.value
    @kit.hint("The mean loss is BCE with the mean label as its target. What is that mean, and does it lie in [0, 1]?")
    def test_answer(self, student, rng):
        """The lowest point is elsewhere."""
        assert chose(student.answer("label_of_two"), "d")


class Test_softmax_of_two:
    meanings: ClassVar[dict[float | str, str]] = {
        0.3333: "That is the forecast for three equal logits. These are not equal.",
        0.8808: "That would be right with one rival. Here there are two.",
        0.1065: "That is one of the other two classes.",
        0.6: "Shares of the logits themselves are no probabilities. Take exponentials first.",
        0.9094: "Only differences of logits count. Did you take the exponential of 3 and forget those of the others?",
    }

    @kit.value
    @kit.hint("Divide above and below by exp of the first logit. Two exponentials of a difference remain below.")
    def test_answer(self, student, rng):
        """The softmax gives the first class a different probability."""
        assert close(student.answer("softmax_of_two"), 1 / (1 + 2 * math.exp(-2)))


class Test_unmask_right_decisions:
    meanings: ClassVar[dict[float | str, str]] = {}

    @kit.value
    @kit.hint("The suspect counts rows that were left alone, too. When would they pull its share down?")
    def test_the_call_unmasks_it(self, student, rng):
        """On your input the suspect is not too low by a hundredth, or the input does not have the form asked for."""
        given = arrays(student.answer("unmask_right_decisions"), 2)
        assert given
        assert bool(np.isin(given[0], [0, 1]).all())
        assert bool(((given[1] >= 0) & (given[1] <= 1)).all())

        def wrong(y, p):
            return misconceptions.accuracy_for_precision.wrong(y, p)[0]

        def right(y, p):
            return reference.precision_recall(y, p)[0]

        assert differs(given, wrong, right, by=0.01)
        assert wrong(*given) < right(*given)

    @kit.value
    @kit.hint("Read its last line aloud: what is compared with what, and of how many rows is the mean taken?")
    def test_what_its_author_believes(self, student, rng):
        """This is not what its author believes."""
        assert chose(letter(student.answer("unmask_right_decisions")), "c")
