"""What the functions and answers of unit 1 promise."""

from __future__ import annotations

from itertools import product
from typing import ClassVar

import numpy as np

from autograder import kit
from autograder.kit import chose, close, refused, same, with_one

from . import misconceptions, reference
from .unmask import arrays, differs, letter

CONVERT = "Make float64 arrays of both arguments before anything else, whatever type they came in."
COMPARE = "Compare the two shapes before you compute: NumPy would stretch one array to fit the other."
FLAT = "The helper `checked` of section 3 asks for the number of dimensions. Do both arrays go through it?"
ASK = "Ask about the smallest and the largest entry before you compute. Which of the two ends do you check?"
FINITE = "Comparisons with nan are always False, so a check of the range lets nan pass. np.isfinite sees it."
COPY = "Work on a copy. Assignments such as p[mask] = ..., p += ..., and out=p change the caller's array."


def outcomes(rng: np.random.Generator, n: int) -> np.ndarray:
    """Hard labels with both classes present where n allows it."""
    y = rng.integers(0, 2, n).astype(float)
    y[: min(n, 2)] = rng.permutation([0.0, 1.0])[: min(n, 2)]
    return y


def forecasts(rng: np.random.Generator, n: int) -> np.ndarray:
    """Probabilities clear of 0, 1 and 0.5."""
    return rng.choice([-1, 1], n) * rng.uniform(0.05, 0.45, n) + 0.5


def came_true(rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Outcomes and forecasts, two of which were certain and right."""
    y, p = outcomes(rng, 6), forecasts(rng, 6)
    p[:2] = y[:2]
    return y, p


def certain_forecasts(rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Outcomes and forecasts, three of which are certain."""
    y, p = outcomes(rng, 6), forecasts(rng, 6)
    p[:3] = (0.0, 1.0, 0.0)
    return y, p


def certain_coins(rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Pairs of coins, some of which always show the same side."""
    q, p = forecasts(rng, 6), forecasts(rng, 6)
    q[:2], p[1:4] = (0.0, 1.0), (1.0, 0.0, 1.0)
    return q, p


def some_certain(rng: np.random.Generator) -> tuple[np.ndarray]:
    """Coins, two of which always show the same side."""
    return (rng.permutation(np.concatenate([[0.0, 1.0], forecasts(rng, 4)])),)


HINTS = {"unequal_shapes": COMPARE, "one_dimension": FLAT, "finite": FINITE, "inputs_unchanged": COPY}
scored = kit.ArrayContract(("y", "p"), lambda rng, n: (outcomes(rng, n), forecasts(rng, n)), hints=HINTS)
coins = kit.ArrayContract(("q", "p"), lambda rng, n: (forecasts(rng, n), forecasts(rng, n)), hints=HINTS)
coin = kit.ArrayContract(("q",), lambda rng, n: (forecasts(rng, n),), hints=HINTS)


class Test_bernoulli_log_likelihood:
    @kit.value
    @kit.example([1, 0, 1], [0.8, 0.4, 0.9])
    @kit.hint("Which probability did each forecast give to what really happened? Take its logarithm, then combine.")
    def test_ordinary_forecasts(self, student, rng):
        """For forecasts strictly between 0 and 1 the log-likelihood is not right yet."""
        for n in (2, 5, 30):
            y, p = outcomes(rng, n), forecasts(rng, n)
            assert same(student.bernoulli_log_likelihood(y, p), reference.bernoulli_log_likelihood(y, p))

    @kit.value
    @kit.example([0, 0], [0.2, 0.3])
    @kit.hint("Try outcomes that are all 1, then all 0. One of the two uses p, the other 1 - p.")
    def test_both_outcomes_count(self, student, rng):
        """Outcomes of 0 must count as much as outcomes of 1."""
        for n in (1, 4, 11):
            p = forecasts(rng, n)
            for y in (np.zeros(n), np.ones(n)):
                assert same(student.bernoulli_log_likelihood(y, p), reference.bernoulli_log_likelihood(y, p))

    @kit.value
    @kit.example([1, 0, 1, 0], [0.8, 0.4, 0.8, 0.4])
    @kit.hint("Twice the same data is twice as much evidence. Do you divide by the number of entries somewhere?")
    def test_twice_the_data(self, student, rng):
        """Repeating all the data must double the log-likelihood."""
        for n in (1, 3, 8):
            y, p = np.tile(outcomes(rng, n), 2), np.tile(forecasts(rng, n), 2)
            assert same(student.bernoulli_log_likelihood(y, p), reference.bernoulli_log_likelihood(y, p))

    @kit.numerical
    @kit.after("test_ordinary_forecasts")
    @kit.example([1] * 1200, [0.5] * 1200)
    @kit.hint("A product of many probabilities becomes exactly 0.0. Section 2 shows what to add instead.")
    def test_long_data(self, student, rng):
        """Thousands of outcomes must not underflow."""
        y, p = outcomes(rng, 4000), forecasts(rng, 4000)
        assert same(student.bernoulli_log_likelihood(y, p), reference.bernoulli_log_likelihood(y, p))

    @kit.numerical
    @kit.after("test_ordinary_forecasts")
    @kit.example([1, 0, 1], [1.0, 0.0, 0.8])
    @kit.hint("The computer says nan for 0 * log(0). Use only the probability of what happened.")
    def test_certain_and_right(self, student, rng):
        """Forecasts of 0 or 1 that came true cost nothing; forecasts next to them still count."""
        y, p = outcomes(rng, 9), forecasts(rng, 9)
        p[:4] = y[:4]
        assert same(student.bernoulli_log_likelihood(y, p), reference.bernoulli_log_likelihood(y, p))
        assert same(student.bernoulli_log_likelihood(y, y), 0.0)

    @kit.numerical
    @kit.example([1, 0], [0.0, 0.3])
    @kit.hint("This function does not clip. NumPy's log(0) is -inf, which is right here; only its warning is unwanted.")
    def test_impossible_event(self, student, rng):
        """If something happened that had probability 0, the log-likelihood is -inf."""
        for wrong in (0.0, 1.0):
            y, p = outcomes(rng, 6), forecasts(rng, 6)
            y[3], p[3] = 1 - wrong, wrong
            assert same(student.bernoulli_log_likelihood(y, p), -np.inf)

    @kit.numerical
    @kit.example([1, 0], [1e-200, 0.5])
    @kit.hint("Even 1e-200 is an honest forecast. Is there a clip in your function? There should be none.")
    def test_tiny_probabilities(self, student, rng):
        """Very small probabilities must count with their full weight."""
        y, p = np.ones(5), 10.0 ** -rng.uniform(20, 290, 5)
        assert same(student.bernoulli_log_likelihood(y, p), reference.bernoulli_log_likelihood(y, p))

    @kit.numerical
    @kit.after("test_ordinary_forecasts")
    @kit.example(np.array([1, 0], dtype=np.uint8), np.array([0.7, 0.4], dtype=np.float16))
    @kit.hint(CONVERT)
    def test_any_number_type(self, student, rng):
        """Lists, tuples, booleans, small integers and short floats must give the full precision."""
        y, p = np.append(0.0, outcomes(rng, 8)), np.append(0.1, forecasts(rng, 8))  # 1 - 0.1 is no short float
        for short in (np.float16, np.float32):
            narrow = p.astype(short)
            for kind, few in product((bool, np.uint8, np.int64), (1, 9)):
                expected = reference.bernoulli_log_likelihood(y[:few], narrow[:few])
                got = student.bernoulli_log_likelihood(y[:few].astype(kind), narrow[:few])
                assert same(got, expected, atol=kit.ATOL_FLOAT32 if short is np.float32 else kit.ATOL)
        expected = reference.bernoulli_log_likelihood(y, p)
        assert same(student.bernoulli_log_likelihood([int(label) for label in y], p.tolist()), expected)
        assert same(student.bernoulli_log_likelihood(tuple(y.tolist()), tuple(p.tolist())), expected)

    test_unequal_shapes = scored.unequal_shapes([1, 0], [[0.7], [0.4]])
    test_one_dimension = scored.one_dimension([[1, 0]], [[0.7, 0.4]])
    test_no_data = scored.no_data(
        [], [], hint="A sum over nothing is 0.0 and looks like a perfect score. Ask for the size first."
    )

    @kit.contract
    @kit.example([0.5, 1], [0.5, 0.5])
    @kit.hint("Something happened or it did not. Which labels say neither, and does your function let them pass?")
    def test_labels_are_0_or_1(self, student, rng):
        """Labels other than 0 and 1 must raise ValueError here, soft labels included."""
        y, p = outcomes(rng, 3), forecasts(rng, 3)
        for label in (rng.uniform(0.1, 0.9), -1.0, 2.0, 1e-9, 1 - 1e-9):
            for bad in with_one(y, label):
                refused(student.bernoulli_log_likelihood, bad, p)

    @kit.contract
    @kit.example([1, 0], [1.2, 0.5])
    @kit.hint(ASK)
    def test_range_of_p(self, student, rng):
        """Forecasts below 0 or above 1 must raise ValueError."""
        y, p = outcomes(rng, 3), forecasts(rng, 3)
        for entry in (-rng.uniform(0.01, 2), 1 + rng.uniform(0.01, 2), *kit.OUTSIDE):
            for labels in (y, np.zeros(3), np.ones(3)):
                for bad in with_one(p, entry):
                    refused(student.bernoulli_log_likelihood, labels, bad)

    test_finite = scored.finite([1, 0], [float("nan"), 0.5])
    test_inputs_unchanged = scored.inputs_unchanged([1.0, 0.0], [1.0, 0.25], given=came_true)


class Test_binary_entropy:
    @kit.value
    @kit.example([0.2, 0.6])
    @kit.hint("Both outcomes can happen, so both contribute: weight times surprise, for each of the two.")
    def test_ordinary_coins(self, student, rng):
        """For coins strictly between 0 and 1 the entropy is not right yet."""
        for n in (1, 4, 23):
            q = forecasts(rng, n)
            assert same(student.binary_entropy(q), reference.binary_entropy(q))

    @kit.value
    @kit.example([0.1, 0.9])
    @kit.hint("To call heads tails changes nothing about the uncertainty. Is one of the two outcomes missing?")
    def test_heads_and_tails_alike(self, student, rng):
        """A coin and its mirror image (q and 1 - q) must have the same, right entropy."""
        for n in (2, 5):
            half = rng.uniform(0.02, 0.4, n)
            q = np.concatenate([half, 1 - half])
            assert same(student.binary_entropy(q), reference.binary_entropy(q))

    @kit.value
    @kit.example([0.5, 0.05])
    @kit.hint("A fair coin holds log 2 nats. What is the base of your logarithm? And is the sign right?")
    def test_fair_and_bent(self, student, rng):
        """Fair and strongly bent coins side by side: each entry must have its own entropy, in nats."""
        for n in (1, 3, 6):
            q = rng.permutation(np.concatenate([[0.5], rng.uniform(0.001, 0.05, n)]))
            assert same(student.binary_entropy(q), reference.binary_entropy(q))

    @kit.numerical
    @kit.after("test_ordinary_coins")
    @kit.example([0.0, 0.3, 1.0])
    @kit.hint("0 * log(0) counts as 0, but the computer says nan. A clip that is too wide also leaves a trace here.")
    def test_certain_coins(self, student, rng):
        """Coins with q = 0 or q = 1 hold no surprise: their entropy is 0, and the other entries stay right."""
        q = rng.permutation(np.concatenate([[0.0, 1.0, 0.0, 1.0], forecasts(rng, 4)]))
        assert same(student.binary_entropy(q), reference.binary_entropy(q))

    @kit.numerical
    @kit.after("test_ordinary_coins")
    @kit.example([1e-6, 1 - 1e-6])
    @kit.hint("Is something clipped or rounded? These coins show one side almost always, but not always.")
    def test_almost_certain_coins(self, student, rng):
        """Coins very close to 0 or 1 must keep their small entropy."""
        near = 10.0 ** -rng.uniform([4, 4, 4, 4, 6.2], 7)
        q = np.concatenate([near, 1 - near])
        assert same(student.binary_entropy(q), reference.binary_entropy(q))

    @kit.numerical
    @kit.after("test_ordinary_coins")
    @kit.example(np.array([0.1, 0.7], dtype=np.float16))
    @kit.hint(CONVERT)
    def test_any_number_type(self, student, rng):
        """Lists, tuples, booleans, integers and short floats must give the full precision."""
        q = forecasts(rng, 7)
        for short, atol in ((np.float16, kit.ATOL), (np.float32, kit.ATOL_FLOAT32)):
            assert same(student.binary_entropy(q.astype(short)), reference.binary_entropy(q.astype(short)), atol=atol)
        for whole in ([0, 1], (1, 0, 0), np.array([0, 1], dtype=np.uint8), np.array([True, False])):
            assert same(student.binary_entropy(whole), np.zeros(len(whole)))
        assert same(student.binary_entropy(q.tolist()), reference.binary_entropy(q))
        assert same(student.binary_entropy(tuple(q.tolist())), reference.binary_entropy(q))

    @kit.contract
    @kit.example([0.5, -0.1])
    @kit.hint(ASK)
    def test_not_below_0(self, student, rng):
        """A probability below 0 must raise ValueError."""
        for entry in (-rng.uniform(0.001, 3), min(kit.OUTSIDE)):
            for n in (3, 1):
                for bad in with_one(forecasts(rng, n), entry):
                    refused(student.binary_entropy, bad)

    @kit.contract
    @kit.example([0.5, 1.2])
    @kit.hint(ASK)
    def test_not_above_1(self, student, rng):
        """A probability above 1 must raise ValueError."""
        for entry in (1 + rng.uniform(0.001, 3), max(kit.OUTSIDE)):
            for n in (3, 1):
                for bad in with_one(forecasts(rng, n), entry):
                    refused(student.binary_entropy, bad)

    test_finite = coin.finite([0.5, float("nan")])
    test_input_unchanged = coin.inputs_unchanged([0.0, 0.4, 1.0], given=some_certain)


class Test_kl_bernoulli:
    @staticmethod
    def apart(rng: np.random.Generator, n: int) -> tuple[np.ndarray, np.ndarray]:
        """Coins on different sides of 0.5, so that no digit is lost when the two parts cancel."""
        q = forecasts(rng, n)
        return q, np.where(q > 0.5, rng.uniform(0.1, 0.4, n), rng.uniform(0.6, 0.9, n))

    @kit.value
    @kit.example([0.7, 0.2], [0.9, 0.6])
    @kit.hint("Each term is a weight times the log of a ratio. Is the weight what is true, or what is believed?")
    def test_ordinary_pairs(self, student, rng):
        """For pairs strictly between 0 and 1 the divergence is not right yet."""
        for n in (1, 4, 19):
            q, p = self.apart(rng, n)
            assert same(student.kl_bernoulli(q, p), reference.kl_bernoulli(q, p))

    @kit.value
    @kit.example([0.7, 0.9], [0.9, 0.7])
    @kit.hint("KL has a direction: q is true, p is believed. The table in section 5 shows both directions.")
    def test_direction(self, student, rng):
        """Swapping q and p must change the result, and each direction must be right."""
        for n in (2, 5):
            q = rng.uniform(0.6, 0.75, n)
            p = rng.uniform(0.85, 0.95, n)
            assert same(student.kl_bernoulli(q, p), reference.kl_bernoulli(q, p))
            assert same(student.kl_bernoulli(p, q), reference.kl_bernoulli(p, q))

    @kit.value
    @kit.example([0.3, 0.3], [0.3, 0.8])
    @kit.hint("Believing what is true costs nothing extra. If you get the entropy there, you computed the whole BCE.")
    def test_equal_and_unequal_pairs(self, student, rng):
        """Where p equals q the divergence is 0; unequal pairs next to it must be right too."""
        for n in (2, 6):
            q, p = self.apart(rng, n)
            p[: n // 2] = q[: n // 2]
            assert same(student.kl_bernoulli(q, p), reference.kl_bernoulli(q, p))
            assert same(student.kl_bernoulli(q, q), np.zeros(n))

    @kit.numerical
    @kit.after("test_ordinary_pairs")
    @kit.example([0.0, 1.0, 0.0], [0.3, 0.6, 0.0])
    @kit.hint("A term with weight 0 contributes 0, even where the other factor is infinite.")
    def test_certain_truth(self, student, rng):
        """With q = 0 or q = 1 only one outcome counts; equal coins have divergence 0."""
        q = rng.permutation([0.0, 1.0, 0.0, 1.0, 0.0, 1.0])
        p = forecasts(rng, 6)
        p[:2] = q[:2]
        assert same(student.kl_bernoulli(q, p), reference.kl_bernoulli(q, p))

    @kit.numerical
    @kit.after("test_ordinary_pairs")
    @kit.example([0.4, 0.4], [0.0, 1.0])
    @kit.hint("Nothing is clipped here: if q allows an outcome and p excludes it, no finite cost is enough.")
    def test_excluded_outcome(self, student, rng):
        """Where p is 0 or 1 and q allows the other outcome, the divergence is inf; other entries stay finite."""
        q, p = self.apart(rng, 8)
        p[:4] = rng.permutation([0.0, 1.0, 0.0, 1.0])
        q[2:4] = 1 - p[2:4]
        assert same(student.kl_bernoulli(q, p), reference.kl_bernoulli(q, p))

    @kit.numerical
    @kit.after("test_ordinary_pairs")
    @kit.example([0.5, 0.5], [1e-200, 0.25])
    @kit.hint("Is there a clip in your function? A forecast of 1e-200 is bad, but its divergence is finite and exact.")
    def test_tiny_beliefs(self, student, rng):
        """Very small p must give a large, finite divergence."""
        q, p = forecasts(rng, 5), 10.0 ** -rng.uniform(20, 290, 5)
        assert same(student.kl_bernoulli(q, p), reference.kl_bernoulli(q, p))

    @kit.numerical
    @kit.after("test_ordinary_pairs")
    @kit.example(np.array([1, 0], dtype=np.uint8), np.array([0.7, 0.4], dtype=np.float16))
    @kit.hint(CONVERT)
    def test_any_number_type(self, student, rng):
        """Lists, tuples, booleans, small integers and short floats must give the full precision."""
        q, p = self.apart(rng, 7)
        for short, atol in ((np.float16, kit.ATOL), (np.float32, kit.ATOL_FLOAT32)):
            q_short, p_short = q.astype(short), p.astype(short)
            assert same(student.kl_bernoulli(q_short, p_short), reference.kl_bernoulli(q_short, p_short), atol=atol)
        hard = outcomes(rng, 7)
        for kind in (bool, np.uint8, np.int64):
            assert same(student.kl_bernoulli(hard.astype(kind), p), reference.kl_bernoulli(hard, p))
        assert same(student.kl_bernoulli(q.tolist(), tuple(p.tolist())), reference.kl_bernoulli(q, p))

    test_unequal_shapes = coins.unequal_shapes([0.5, 0.5], [[0.7], [0.4]])
    test_one_dimension = coins.one_dimension([[0.5, 0.5]], [[0.7, 0.4]])
    test_no_data = coins.no_data(
        [], [], hint="An empty array passes every check of its entries. Ask for the size, too."
    )

    @kit.contract
    @kit.example([0.5, -0.1], [0.5, 0.5])
    @kit.hint(ASK)
    def test_range_of_q(self, student, rng):
        """q below 0 or above 1 must raise ValueError."""
        for entry in (-rng.uniform(0.01, 2), 1 + rng.uniform(0.01, 2), *kit.OUTSIDE):
            for bad in with_one(forecasts(rng, 3), entry):
                refused(student.kl_bernoulli, bad, forecasts(rng, 3))

    @kit.contract
    @kit.example([0.5, 0.5], [0.5, 1.5])
    @kit.hint(ASK)
    def test_range_of_p(self, student, rng):
        """p below 0 or above 1 must raise ValueError."""
        for entry in (-rng.uniform(0.01, 2), 1 + rng.uniform(0.01, 2), *kit.OUTSIDE):
            for bad in with_one(forecasts(rng, 3), entry):
                refused(student.kl_bernoulli, forecasts(rng, 3), bad)

    test_finite = coins.finite([0.5, 0.5], [float("nan"), 0.5])
    test_inputs_unchanged = coins.inputs_unchanged([0.0, 0.4], [0.0, 1.0], given=certain_coins)


class Test_binary_cross_entropy:
    @kit.value
    @kit.example([1, 0, 1], [0.8, 0.4, 0.9])
    @kit.hint("Take the surprise at what happened, for each entry. Check the sign and the base of the logarithm.")
    def test_hard_labels(self, student, rng):
        """For labels of 0 and 1 with ordinary forecasts the loss is not right yet."""
        for n in (2, 6, 31):
            y, p = outcomes(rng, n), forecasts(rng, n)
            assert same(student.binary_cross_entropy(y, p), reference.binary_cross_entropy(y, p))

    @kit.value
    @kit.example([0.7, 0.2], [0.9, 0.6])
    @kit.hint(
        "A soft label is a weight on both outcomes. Do you round it, or compare it with 1? Which argument gets the log?"
    )
    def test_soft_labels(self, student, rng):
        """Soft labels strictly between 0 and 1 must weigh both outcomes."""
        for n in (1, 5, 24):
            y, p = rng.uniform(0.05, 0.95, n), forecasts(rng, n)
            assert same(student.binary_cross_entropy(y, p), reference.binary_cross_entropy(y, p))

    @kit.value
    @kit.example([0, 0, 0, 0], [0.2, 0.3, 0.2, 0.3])
    @kit.hint("The loss is per entry: the same data twice costs the same. And outcomes of 0 cost something, too.")
    def test_mean_over_either_class(self, student, rng):
        """Data with one class only, and the same data repeated, must give the mean loss per entry."""
        for n in (1, 3, 7):
            p = forecasts(rng, n)
            for y in (np.zeros(n), np.ones(n)):
                expected = reference.binary_cross_entropy(y, p)
                assert same(student.binary_cross_entropy(y, p), expected)
                assert same(student.binary_cross_entropy(np.tile(y, 3), np.tile(p, 3)), expected)

    @kit.value
    @kit.example([1, 0, 1], [0.02, 0.99, 0.6], 0.1)
    @kit.hint("Clip p at both ends, not the logarithm and not the result, and with the eps that was passed.")
    def test_given_eps(self, student, rng):
        """An eps that the caller chooses must clip p at both ends."""
        for n in (4, 9):
            eps = rng.uniform(0.08, 0.3)
            y = rng.permutation(np.arange(n) % 2).astype(float)
            p = np.where(y == 1, rng.uniform(0.001, 0.07, n), rng.uniform(0.93, 0.999, n))
            p[-1] = 0.5
            for labels in (y, 1 - y):
                expected = reference.binary_cross_entropy(labels, p, eps)
                assert same(student.binary_cross_entropy(labels, p, eps), expected)
                assert same(student.binary_cross_entropy(labels, p, eps=eps), expected)

    @kit.numerical
    @kit.after("test_hard_labels")
    @kit.example([1, 0], [0.0, 0.3])
    @kit.hint("The default eps is np.finfo(np.float64).eps. It applies at 0 and at 1 alike.")
    def test_certain_and_wrong(self, student, rng):
        """By default a forecast of 0 or 1 that turns out wrong costs about 36.04 nats."""
        for wrong in (0.0, 1.0):
            y, p = outcomes(rng, 6), forecasts(rng, 6)
            y[2], p[2] = 1 - wrong, wrong
            assert same(student.binary_cross_entropy(y, p), reference.binary_cross_entropy(y, p))
            assert same(student.binary_cross_entropy(y[2:3], p[2:3]), reference.binary_cross_entropy(y[2:3], p[2:3]))

    @kit.numerical
    @kit.after("test_hard_labels")
    @kit.example([1, 0, 1], [1.0, 0.0, 0.8])
    @kit.hint("0 * log(0) is nan on the computer. And a wide clip makes right forecasts of 0 or 1 cost too much.")
    def test_certain_and_right(self, student, rng):
        """Forecasts of 0 or 1 that came true cost next to nothing."""
        y, p = outcomes(rng, 8), forecasts(rng, 8)
        p[:4] = y[:4]
        assert same(student.binary_cross_entropy(y, p), reference.binary_cross_entropy(y, p))
        assert same(student.binary_cross_entropy(y, y), reference.binary_cross_entropy(y, y))

    @kit.numerical
    @kit.after("test_hard_labels")
    @kit.example([1, 0], [1e-12, 0.4])
    @kit.hint("Is your default eps larger than np.finfo(np.float64).eps? Then these forecasts are clipped too early.")
    def test_almost_certain(self, student, rng):
        """Forecasts close to 0 and 1, but farther than the default eps, must not be clipped."""
        near = np.concatenate([10.0 ** -rng.uniform(8, 15, 4), rng.uniform(3e-16, 9e-16, 2)])
        assert same(student.binary_cross_entropy(np.ones(6), near), reference.binary_cross_entropy(np.ones(6), near))
        near_one = 1 - 2.0 ** -rng.integers(20, 51, 6)
        expected = reference.binary_cross_entropy(np.zeros(6), near_one)
        assert same(student.binary_cross_entropy(np.zeros(6), near_one), expected)

    @kit.numerical
    @kit.after("test_hard_labels")
    @kit.example([1, 0, 1], [1.0, 0.0, 0.8], eps=0)
    @kit.hint("With eps = 0 nothing is clipped, so your own code has to make a term of weight 0 equal to 0.")
    def test_exact_without_clip(self, student, rng):
        """With eps=0 the loss is exact: finite where the forecasts of 0 or 1 were right."""
        y, p = outcomes(rng, 8), forecasts(rng, 8)
        p[:3], p[3] = y[:3], 1e-200
        y[3] = 1
        assert same(student.binary_cross_entropy(y, p, eps=0), reference.binary_cross_entropy(y, p, eps=0))
        assert same(student.binary_cross_entropy(y, y, 0.0), 0.0)

    @kit.numerical
    @kit.after("test_soft_labels")
    @kit.example([1, 0], [0.0, 0.4], eps=0)
    @kit.hint(
        "With eps = 0, log(0) stays -inf, so the mean becomes inf. Nothing may turn it into nan or a finite number."
    )
    def test_infinite_without_clip(self, student, rng):
        """With eps=0 a forecast of 0 or 1 that turns out wrong costs inf; all others cost what they cost."""
        y, p = outcomes(rng, 6), forecasts(rng, 6)
        assert same(student.binary_cross_entropy(y, p, eps=0), reference.binary_cross_entropy(y, p, eps=0))
        for wrong in (0.0, 1.0):
            for label in (1 - wrong, rng.uniform(0.2, 0.8)):
                y, p = outcomes(rng, 6), forecasts(rng, 6)
                y[1], p[1] = label, wrong
                assert same(student.binary_cross_entropy(y, p, eps=0), np.inf)

    @kit.numerical
    @kit.after("test_hard_labels")
    @kit.example(np.array([1, 0], dtype=np.uint8), np.array([0.7, 0.4], dtype=np.float16))
    @kit.hint(CONVERT)
    def test_any_number_type(self, student, rng):
        """Lists, tuples, booleans, small integers and short floats must give the full precision."""
        y, p = outcomes(rng, 8), forecasts(rng, 8)
        p[:2] = 1 - y[:2]
        for short in (np.float16, np.float32):
            narrow = p.astype(short)
            expected = reference.binary_cross_entropy(y, narrow)
            for kind in (bool, np.uint8, short):
                got = student.binary_cross_entropy(y.astype(kind), narrow)
                assert same(got, expected, atol=kit.ATOL_FLOAT32 if short is np.float32 else kit.ATOL)
        expected = reference.binary_cross_entropy(y, p)
        assert same(student.binary_cross_entropy([int(label) for label in y], p.tolist()), expected)
        assert same(student.binary_cross_entropy(tuple(y.tolist()), tuple(p.tolist())), expected)
        assert same(student.binary_cross_entropy([True, False], [1, 0]), reference.binary_cross_entropy([1, 0], [1, 0]))

    test_unequal_shapes = scored.unequal_shapes([1, 0], [[0.7], [0.4]])
    test_one_dimension = scored.one_dimension([[1, 0]], [[0.7, 0.4]])
    test_no_data = scored.no_data([], [], hint="The mean of nothing is nan. Ask for the size before you compute it.")

    @kit.contract
    @kit.example([1, 0], [3.0, 0.5])
    @kit.hint("Ask about the range before you clip: afterwards every number looks like a probability.")
    def test_range_of_p(self, student, rng):
        """Forecasts below 0 or above 1 must raise ValueError, not be clipped."""
        y, p = outcomes(rng, 3), forecasts(rng, 3)
        for beyond in (1e-12, 1e-6, rng.uniform(0.01, 2)):
            for entry in (-beyond, 1 + beyond):
                for bad in with_one(p, entry):
                    refused(student.binary_cross_entropy, y, bad)
                for bad in with_one(p, entry):
                    refused(student.binary_cross_entropy, y, bad, 0.1)

    @kit.contract
    @kit.example([2, 0], [0.5, 0.5])
    @kit.hint("A label is hard or soft, but always between 0 and 1; with a label of 2 the loss has no minimum.")
    def test_range_of_y(self, student, rng):
        """Labels below 0 or above 1 must raise ValueError."""
        y, p = outcomes(rng, 3), forecasts(rng, 3)
        for label in (-1.0, 2.0, -rng.uniform(0.01, 0.5), 1 + rng.uniform(0.01, 0.5), *kit.OUTSIDE):
            for bad in with_one(y, label):
                refused(student.binary_cross_entropy, bad, p)

    test_finite = scored.finite([1, 0], [float("nan"), 0.5])

    @kit.contract
    @kit.example([1, 0], [0.8, 0.4], eps=0.5)
    @kit.hint(
        "From eps = 0.5 on, the lower end of the clip is no longer below the upper end. Below 0, nothing makes sense."
    )
    def test_range_of_eps(self, student, rng):
        """An eps below 0, or of 0.5 and more, must raise ValueError."""
        y, p = outcomes(rng, 3), forecasts(rng, 3)
        for eps in (0.5, rng.uniform(0.51, 2), -rng.uniform(1e-6, 0.4), -1e-12, np.inf):
            refused(student.binary_cross_entropy, y, p, eps)

    test_inputs_unchanged = scored.inputs_unchanged(
        [1.0, 0.0],
        [0.0, 0.25],
        sentence="The caller's y and p must be the same after the call, even where p was clipped.",
        given=certain_forecasts,
    )


class Test_bce_of_undecided:
    meanings: ClassVar[dict[float | str, str]] = {
        2.0: "That is the answer in bits (logarithm to base 2). In nats, with the natural logarithm, it is smaller.",
        0.6021: "That is the logarithm to base 10. The course uses the natural logarithm.",
        0.25: "That is the factor. The loss takes the logarithm of it.",
        0.6931: "That is the BCE of a filter that always says 0.5. How much does each surprise rise here?",
        -1.3863: "The size is right. Less probability for what happened means more surprise, so the loss rises.",
        55.4518: "That is the rise of the sum over 40 emails. BCE is the mean per email.",
        0.0347: "Each of the 40 surprises rises, and so their mean rises by as much as each of them.",
        4.0: "The probability is four times smaller, but the loss takes the logarithm of it.",
    }

    @kit.value
    @kit.hint("Write the surprise of one email before and after. What is the difference of the two logarithms?")
    def test_answer(self, student, rng):
        """The rise of the BCE is not right yet."""
        assert close(student.answer("bce_of_undecided"), float(np.log(4)))


class Test_growth_of_confident_error:
    meanings: ClassVar[dict[float | str, str]] = {
        "a": "That compares 0.99 with 0.9999. The loss looks at what was left for the truth: 0.01, then 0.0001.",
        "b": "The probability left for the truth is 100 times smaller, but the loss takes its logarithm.",
    }

    @kit.value
    @kit.hint("Compute both losses: the probability given to what happened is 0.01 first and 0.0001 then.")
    def test_answer(self, student, rng):
        """The loss does not change in this way."""
        assert chose(student.answer("growth_of_confident_error"), "c")


class Test_bce_of_random_guesses:
    meanings: ClassVar[dict[float | str, str]] = {
        0.6931: "That is a model that always says 0.5. Random forecasts are often confident, and often wrong then.",
        0.5: "That is the mean of the forecasts. The mean of their surprises is larger.",
        1.4427: "That is the right mean in bits. In nats, with the natural logarithm, it is smaller.",
        0.4343: "That is the right mean with the logarithm to base 10. The course uses the natural logarithm.",
    }

    @kit.value
    @kit.hint("Draw 100000 forecasts with rng.uniform, take the surprise of each at an outcome of 1, and average.")
    def test_answer(self, student, rng):
        """The expected BCE of random forecasts is not right yet."""
        assert close(student.answer("bce_of_random_guesses"), 1.0)


class Test_bce_is_symmetric:
    meanings: ClassVar[dict[float | str, str]] = {
        "b": "Compute both: with the label 0.5 and the forecast 0.8, and with the two swapped. They differ.",
        "c": "In general they differ. Try a pair in which one number is as far above 0.5 as the other is below it.",
    }

    @kit.value
    @kit.hint("Write BCE(q, p) and BCE(p, q) for each pair, and see which terms change places.")
    def test_answer(self, student, rng):
        """This is not the pair that may be swapped."""
        assert chose(student.answer("bce_is_symmetric"), "a")


class Test_lowest_bce:
    meanings: ClassVar[dict[float | str, str]] = {
        0.0: "BCE reaches 0 only where every label is 0 or 1. Half of these labels are between them.",
        0.5623: "That is the floor of a scan whose label is 0.75. What do the easy scans cost the best forecast?",
        0.6616: "That is the entropy of the mean label. The forecasts may differ from scan to scan.",
        0.4056: "That is the right value in bits. In nats, with the natural logarithm, it is smaller.",
        0.1221: "That is the right value with the logarithm to base 10. The course uses the natural logarithm.",
        0.6931: "That is the cost of saying 0.5. Forecasts that match the labels cost less.",
        281.1676: "That is the sum over 1000 scans. BCE is the mean.",
    }

    @kit.value
    @kit.hint("Which part of BCE does not contain the forecast? Compute it for each kind of scan, then take the mean.")
    def test_answer(self, student, rng):
        """The lowest mean BCE on these labels is not right yet."""
        assert close(student.answer("lowest_bce"), float(np.mean(reference.binary_entropy([0.0, 0.75]))))


class Test_largest_finite_cost:
    meanings: ClassVar[dict[float | str, str]] = {
        "a": "Rounding changes the last digits of a sum, not the first decimal of a mean.",
        "b": "The reports differ by 192 in the sum of the losses. How much of that does one such row explain?",
        "c": "The sums differ by 192. One such row costs 36.04 in one report and 100 in the other: what is the gap?",
    }

    @kit.value
    @kit.hint("By how much do the sums of the 1000 losses differ? By how much do the two rules differ in one such row?")
    def test_answer(self, student, rng):
        """This number of rows does not explain the two reports."""
        assert chose(student.answer("largest_finite_cost"), "d")


SUSPECT = misconceptions.log_of_the_mean.wrong


class Test_unmask_mean_first:
    meanings: ClassVar[dict[float | str, str]] = {}

    @kit.value
    @kit.hint(
        "Where all forecasts give what happened the same probability, nothing shows. Make them as unequal as you can."
    )
    def test_the_call_unmasks_it(self, student, rng):
        """On your input the function is off by less than a hundredth, or the input does not have the form asked for."""
        given = arrays(student.answer("unmask_mean_first"), 2)
        assert given
        assert bool(np.isin(given[0], [0, 1]).all())
        assert bool(((given[1] >= 0.01) & (given[1] <= 0.99)).all())
        assert differs(given, SUSPECT, reference.binary_cross_entropy, by=0.01)

    @kit.value
    @kit.hint("Read its last line from the inside out: what comes first, what then, and what last?")
    def test_what_its_author_believes(self, student, rng):
        """This is not what its author believes."""
        assert chose(letter(student.answer("unmask_mean_first")), "b")
