"""The hidden suite of unit 1: right answers of any style pass on every seed, wrong ones lose points."""

from __future__ import annotations

import inspect
import math

import numpy as np
import pytest

from benchmarks.trials import UNITS

FUNCTIONS = ("bernoulli_log_likelihood", "binary_entropy", "kl_bernoulli", "binary_cross_entropy")
ANSWERS = {
    "bce_of_undecided": 0.6931,
    "growth_of_confident_error": "c",
    "bce_of_random_guesses": 1.0,
    "bce_is_symmetric": "a",
    "lowest_bce": 0.6109,
    "largest_finite_cost": "d",
}
suite = UNITS["bce"].suite
reference = UNITS["bce"].reference
REFERENCE = {name: getattr(reference, name) for name in FUNCTIONS}
CLASSES = [member for name, member in inspect.getmembers(suite, inspect.isclass) if name.startswith("Test_")]

# A correct solution as a student might write it. Each wrong one below is this text with one change.
STUDENT = """
import numpy as np

EPS = np.finfo(np.float64).eps

def pair(y, p):
    y = np.array(y, dtype=np.float64)
    p = np.array(p, dtype=np.float64)
    if y.shape != p.shape:
        raise ValueError("shapes")
    if y.ndim != 1:
        raise ValueError("not 1-D")
    if y.size == 0:
        raise ValueError("empty")
    if not np.isfinite(y).all():
        raise ValueError("y not finite")
    if not np.isfinite(p).all():
        raise ValueError("p not finite")
    if (y < 0).any():
        raise ValueError("y below 0")
    if (y > 1).any():
        raise ValueError("y above 1")
    if (p < 0).any():
        raise ValueError("p below 0")
    if (p > 1).any():
        raise ValueError("p above 1")
    return y, p

def weighted_log(weight, chance):
    return np.where(weight > 0, weight * np.log(chance), 0.0)

def bernoulli_log_likelihood(y, p):
    y, p = pair(y, p)
    if ((y > 0) & (y < 1)).any():
        raise ValueError("hard labels only")
    return np.sum(weighted_log(y, p) + weighted_log(1 - y, 1 - p))

def binary_entropy(q):
    q, _ = pair(q, q)
    return -weighted_log(q, q) - weighted_log(1 - q, 1 - q)

def kl_bernoulli(q, p):
    q, p = pair(q, p)
    return weighted_log(q, p) * -1 + weighted_log(q, q) + weighted_log(1 - q, 1 - q) - weighted_log(1 - q, 1 - p)

def binary_cross_entropy(y, p, eps=EPS):
    y, p = pair(y, p)
    if eps < 0:
        raise ValueError("eps below 0")
    if eps >= 0.5:
        raise ValueError("eps too large")
    p = np.clip(p, eps, 1 - eps)
    return -np.mean(weighted_log(y, p) + weighted_log(1 - y, 1 - p))
"""

CHECKS = {  # what a student may forget in validation: every function that takes a pair has to notice
    "shapes not compared": (
        'if y.shape != p.shape:\n        raise ValueError("shapes")',
        "y, p = y + 0 * p, p + 0 * y",
    ),
    "2-D accepted": ("if y.ndim != 1:", "if y.ndim > 2:"),
    "flattened": (
        "p = np.array(p, dtype=np.float64)",
        "p = np.array(p, dtype=np.float64).ravel(); y = y.ravel()",
    ),
    "cut to the shorter": ("if y.shape != p.shape:", "y, p = y[:len(p)], p[:len(y)]\n    if y.shape != p.shape:"),
    "empty accepted": ("if y.size == 0:", "if y.size == 0:\n        return y, p\n    if False:"),
    "p below 0 accepted": ("if (p < 0).any():", "if False:"),
    "p above 1 accepted": ("if (p > 1).any():", "if False:"),
    "only the first p checked": ("if (p > 1).any():", "if p[0] > 1:"),
    "only the last p checked": ("if (p < 0).any():", "if p[-1] < 0:"),
    "p clipped in silence": ("if (p < 0).any():", "p = np.clip(p, 0, 1)\n    if False:"),
    "y below 0 accepted": ("if (y < 0).any():", "if False:"),
    "y above 1 accepted": ("if (y > 1).any():", "if False:"),
    "nan in p accepted": ("if not np.isfinite(p).all():", "if np.isinf(p).any():"),
    "nan in y accepted": ("if not np.isfinite(y).all():", "if np.isinf(y).any():"),
    "nan dropped": ("if not np.isfinite(p).all():", "p = np.nan_to_num(p)\n    if False:"),
    "another exception": ("raise ValueError", "raise TypeError"),
    "asserts": ('raise ValueError("shapes")', 'assert False, "shapes"'),
    "returns None for bad input": ('raise ValueError("p above 1")', "return None, None"),
    "arithmetic in the given type": (", dtype=np.float64)", ")"),
    "arrays only": ("np.array(p, dtype=np.float64)", "p.copy().astype(np.float64)"),
    "inputs not copied and clipped in place": (
        "p = np.array(p, dtype=np.float64)",
        "p = np.asarray(p, dtype=np.float64); p.size and np.clip(p, 1e-3, 1 - 1e-3, out=p)",
    ),
    "inputs sorted": ("y = np.array(y, dtype=np.float64)", "y = np.asarray(y, dtype=np.float64); y.sort()"),
}
SINGLE = {
    "p below 0 accepted",
    "y below 0 accepted",
    "p above 1 accepted",
    "y above 1 accepted",
    "p clipped in silence",
}

LIKELIHOOD = "np.sum(weighted_log(y, p) + weighted_log(1 - y, 1 - p))"
ENTROPY = "return -weighted_log(q, q) - weighted_log(1 - q, 1 - q)"
KL = "weighted_log(q, p) * -1 + weighted_log(q, q) + weighted_log(1 - q, 1 - q) - weighted_log(1 - q, 1 - p)"
LOSS = "-np.mean(weighted_log(y, p) + weighted_log(1 - y, 1 - p))"
CLIP = "p = np.clip(p, eps, 1 - eps)"

FORMULAS = {
    "bernoulli_log_likelihood": {
        "mean": (LIKELIHOOD, LIKELIHOOD.replace("sum", "mean")),
        "negative": (LIKELIHOOD, "-" + LIKELIHOOD),
        "bits": (LIKELIHOOD, LIKELIHOOD + " / np.log(2)"),
        "ones only": (LIKELIHOOD, "np.sum(weighted_log(y, p))"),
        "zeros only": (LIKELIHOOD, "np.sum(weighted_log(1 - y, 1 - p))"),
        "likelihood without log": (LIKELIHOOD, "np.prod(np.where(y == 1, p, 1 - p))"),
        "log of the product": (LIKELIHOOD, "np.log(np.prod(np.where(y == 1, p, 1 - p)))"),
        "swapped classes": (LIKELIHOOD, "np.sum(weighted_log(1 - y, p) + weighted_log(y, 1 - p))"),
        "nan at the edges": (LIKELIHOOD, "np.sum(y * np.log(p) + (1 - y) * np.log(1 - p))"),
        "nan made 0": (LIKELIHOOD, "np.nan_to_num(np.sum(y * np.log(p) + (1 - y) * np.log(1 - p)))"),
        "clipped": (LIKELIHOOD, LIKELIHOOD.replace("p)", "np.clip(p, 1e-15, 1 - 1e-15))")),
        "-inf dropped": (LIKELIHOOD, f"max({LIKELIHOOD}, -1e4)"),
        "soft labels accepted": ("if ((y > 0) & (y < 1)).any():", "if False:"),
        "one value per entry": (LIKELIHOOD, LIKELIHOOD.replace("np.sum", "")),
        "rounded": (LIKELIHOOD, f"round(float({LIKELIHOOD}), 3)"),
    },
    "binary_entropy": {
        "bits": (ENTROPY, f"{ENTROPY.replace('return -', 'return (-')}) / np.log(2)"),
        "negative": (ENTROPY, "return weighted_log(q, q) + weighted_log(1 - q, 1 - q)"),
        "one side": (ENTROPY, "return -weighted_log(q, q)"),
        "other side": (ENTROPY, "return -weighted_log(1 - q, 1 - q)"),
        "surprise": (ENTROPY, "return -np.log(q)"),
        "mean": (ENTROPY, ENTROPY.replace("return", "return np.mean(") + ")"),
        "sum": (ENTROPY, ENTROPY.replace("return", "return np.sum(") + ")"),
        "nan at the edges": (ENTROPY, "return -q * np.log(q) - (1 - q) * np.log(1 - q)"),
        "clipped at 1e-7": (ENTROPY, "q = np.clip(q, 1e-7, 1 - 1e-7)\n    " + ENTROPY),
        "plus a little in the log": (ENTROPY, "return -q * np.log(q + 1e-7) - (1 - q) * np.log(1 - q + 1e-7)"),
        "Gini": (ENTROPY, "return 2 * q * (1 - q)"),
        "zero unless far from the edge": (ENTROPY, ENTROPY + " * (q > 1e-4) * (q < 1 - 1e-4)"),
        "identity": (ENTROPY, "return q"),
        "rounded": (ENTROPY, ENTROPY.replace("return", "return np.round(") + ", 4)"),
    },
    "kl_bernoulli": {
        "swapped": (
            KL,
            "weighted_log(p, p) - weighted_log(p, q) + weighted_log(1 - p, 1 - p) - weighted_log(1 - p, 1 - q)",
        ),
        "cross-entropy": (KL, "-weighted_log(q, p) - weighted_log(1 - q, 1 - p)"),
        "one side": (KL, "weighted_log(q, q) - weighted_log(q, p)"),
        "negative": (KL, f"-({KL})"),
        "bits": (KL, f"({KL}) / np.log(2)"),
        "mean": (KL, f"np.mean({KL})"),
        "absolute sides": (
            KL,
            "abs(weighted_log(q, q) - weighted_log(q, p)) + abs(weighted_log(1 - q, (1 - q) / (1 - p)))",
        ),
        "symmetrised": (KL, "0.5 * ((q - p) * np.log(q / p) + (p - q) * np.log((1 - q) / (1 - p)))"),
        "nan at the edges": (KL, "q * np.log(q / p) + (1 - q) * np.log((1 - q) / (1 - p))"),
        "nan made 0": (KL, "np.nan_to_num(q * np.log(q / p) + (1 - q) * np.log((1 - q) / (1 - p)))"),
        "clipped": (KL, "(lambda p: " + KL + ")(np.clip(p, 1e-15, 1 - 1e-15))"),
        "inf made large": (KL, f"np.minimum({KL}, 1e300)"),
        "inf made 0": (KL, f"np.where(np.isinf({KL}), 0, {KL})"),
        "squared difference": (KL, "(q - p) ** 2"),
    },
    "binary_cross_entropy": {
        "sum": (LOSS, LOSS.replace("mean", "sum")),
        "positive sign": (LOSS, LOSS[1:]),
        "bits": (LOSS, LOSS + " / np.log(2)"),
        "log10": (LOSS, LOSS + " / np.log(10)"),
        "arguments swapped": (
            LOSS,
            "-np.mean(p * np.log(np.clip(y, eps, 1 - eps)) + (1 - p) * np.log(np.clip(1 - y, eps, 1)))",
        ),
        "ones only": (LOSS, "-np.mean(weighted_log(y, p))"),
        "zeros only": (LOSS, "-np.mean(weighted_log(1 - y, 1 - p))"),
        "soft labels rounded": (CLIP, CLIP + "\n    y = np.round(y)"),
        "soft labels compared with 1": (CLIP, CLIP + "\n    y = (y == 1) * 1.0"),
        "soft labels refused": (
            "if eps < 0:",
            "if ((y > 0) & (y < 1)).any():\n        raise ValueError\n    if eps < 0:",
        ),
        "mean over the ones": (LOSS, "-np.sum(weighted_log(y, p) + weighted_log(1 - y, 1 - p)) / max(y.sum(), 1)"),
        "divided by n - 1": (LOSS, "-np.sum(weighted_log(y, p) + weighted_log(1 - y, 1 - p)) / max(len(y) - 1, 1)"),
        "KL instead": (LOSS, LOSS + " + np.mean(weighted_log(y, y) + weighted_log(1 - y, 1 - y))"),
        "Brier": (LOSS, "np.mean((p - y) ** 2)"),
        "not clipped": (CLIP, "pass"),
        "clipped below only": (CLIP, "p = np.maximum(p, eps)"),
        "clipped above only": (CLIP, "p = np.minimum(p, 1 - eps)"),
        "eps ignored": (CLIP, "p = np.clip(p, EPS, 1 - EPS)"),
        "eps=0 taken for the default": (CLIP, "p = np.clip(p, eps or EPS, 1 - (eps or EPS))"),
        "eps 1e-7": ("EPS = np.finfo(np.float64).eps", "EPS = 1e-7"),
        "eps 1e-15": ("EPS = np.finfo(np.float64).eps", "EPS = 1e-15"),
        "eps of float32": ("np.finfo(np.float64).eps", "np.finfo(np.float32).eps"),
        "smallest float instead of eps": ("np.finfo(np.float64).eps", "np.finfo(np.float64).tiny"),
        "eps added in the log": (CLIP, "pass"),
        "logarithms clipped at -100": (
            f"{CLIP}\n    return {LOSS}",
            "return -np.mean(y * np.maximum(np.log(p), -100) + (1 - y) * np.maximum(np.log(1 - p), -100))",
        ),
        "loss clipped instead of p": (
            f"{CLIP}\n    return {LOSS}",
            f"return np.clip({LOSS}, eps, -np.log(max(eps, 1e-300)))",
        ),
        "label smoothing": (CLIP, CLIP + "\n    y = np.clip(y, 1e-3, 1 - 1e-3)"),
        "nan with eps=0": (LOSS, "-np.mean(y * np.log(p) + (1 - y) * np.log(1 - p))"),
        "nan made 0": (LOSS, "-np.nan_to_num(np.mean(y * np.log(p) + (1 - y) * np.log(1 - p)))"),
        "negative eps accepted": ("if eps < 0:", "if False:"),
        "large eps accepted": ("if eps >= 0.5:", "if False:"),
        "eps 0.5 accepted": ("if eps >= 0.5:", "if eps > 0.5:"),
        "one value per entry": (LOSS, "-(weighted_log(y, p) + weighted_log(1 - y, 1 - p))"),
        "median": (LOSS, LOSS.replace("mean", "median")),
    },
}


def function(name: str, old: str = "", new: str = ""):
    """The student's function of that name, with one change in the text."""
    assert old in STUDENT, old
    names: dict[str, object] = {}
    exec(STUDENT.replace(old, new) if old else STUDENT, names)  # noqa: S102  (the text stands above)
    return names[name]


def wrong() -> dict[str, dict[str, object]]:
    """All wrong functions, each under the name 'function: what is wrong'."""
    found = {}
    for name in FUNCTIONS:
        for mistake, (old, new) in {**CHECKS, **FORMULAS[name]}.items():
            takes_one = name == "binary_entropy" and mistake in CHECKS
            harmless = takes_one and mistake not in {"another exception", "arithmetic in the given type", "arrays only"}
            # NumPy 2 lets the float64 scalar EPS lift a short array to float64 in np.clip: that one is right by luck.
            harmless |= name == "binary_cross_entropy" and mistake == "arithmetic in the given type"
            if not harmless:
                found[f"{name}: {mistake}"] = {name: function(name, old, new)}
    return found


def in_loops() -> dict[str, object]:
    """Correct, with the math module and plain loops only; scalars are floats, vectors are lists."""

    def vector(values):
        numbers = [float(value) for value in values]
        if not numbers or not all(0 <= number <= 1 for number in numbers):
            raise ValueError
        return numbers

    def pairs(q, p):
        if np.shape(q) != np.shape(p) or np.ndim(q) != 1:
            raise ValueError
        return list(zip(vector(q), vector(p), strict=True))

    def xlogy(x, y):
        return 0.0 if x == 0 else x * (math.log(y) if y > 0 else -math.inf)

    def bernoulli_log_likelihood(y, p):
        if any(label not in (0, 1) for label in y):
            raise ValueError
        return math.fsum(xlogy(a, b) + xlogy(1 - a, 1 - b) for a, b in pairs(y, p))

    def binary_entropy(q):
        return [-xlogy(a, a) - xlogy(1 - a, 1 - a) for a in vector(q)]

    def kl_bernoulli(q, p):
        return [xlogy(a, a) + xlogy(1 - a, 1 - a) - xlogy(a, b) - xlogy(1 - a, 1 - b) for a, b in pairs(q, p)]

    def binary_cross_entropy(y, p, eps=2.0**-52):
        if eps < 0 or eps >= 0.5:
            raise ValueError
        clipped = [(a, min(max(b, eps), 1 - eps)) for a, b in pairs(y, p)]
        return -sum(xlogy(a, b) + xlogy(1 - a, 1 - b) for a, b in clipped) / len(clipped)

    return dict(
        zip(FUNCTIONS, (bernoulli_log_likelihood, binary_entropy, kl_bernoulli, binary_cross_entropy), strict=True)
    )


def in_float32() -> dict[str, object]:
    """Correct, with results rounded to float32 and scalars as 0-d arrays."""
    return {
        name: lambda *args, f=f, **kwargs: np.asarray(f(*args, **kwargs), dtype="f4") for name, f in REFERENCE.items()
    }


@pytest.fixture(scope="module")
def verdicts(trial):
    """Every wrong function and every constant, judged once."""
    constants = {"0": 0.0, "1": 1.0, "log 2": math.log(2), "-1": -1.0, "-inf": -math.inf, "inf": math.inf, "None": None}
    trivial = {f"always {text}": dict.fromkeys(FUNCTIONS, lambda *_, c=c, **__: c) for text, c in constants.items()}
    for text, c in constants.items():
        spread = dict.fromkeys(FUNCTIONS, lambda first, *_, c=c, **__: [c] * len(first))
        trivial[f"always {text} in shape"] = spread
    trivial["first argument"] = dict.fromkeys(FUNCTIONS, lambda first, *_, **__: first)
    trivial["last argument"] = dict.fromkeys(FUNCTIONS, lambda *given, **__: given[-1])
    trivial["mean of the first"] = dict.fromkeys(FUNCTIONS, lambda first, *_, **__: float(np.mean(first)))
    outcomes = trial("bce", {**wrong(), **trivial}, seeds=[1])
    return trivial, outcomes


@pytest.mark.parametrize("style", ["reference", "vectorised", "loops", "float32"])
def test_correct_functions_pass_on_every_seed(trial, style):
    styles = {
        "reference": REFERENCE,
        "vectorised": {name: function(name) for name in FUNCTIONS},
        "loops": in_loops(),
        "float32": in_float32(),
    }
    outcomes = trial("bce", {style: styles[style]}, seeds=range(50 if style == "reference" else 12))
    assert {f"{o.cell}.{o.test}" for o in outcomes if not o.passed} == set()


@pytest.mark.parametrize("name", wrong())
def test_wrong_functions_lose_points(verdicts, name):
    _, outcomes = verdicts
    assert any(not o.passed for o in outcomes if o.candidate == name)


def test_a_wrong_formula_fails_a_value_test(verdicts):
    _, outcomes = verdicts
    formulas = {"sum", "mean", "bits", "negative", "positive sign", "ones only", "zeros only", "one side", "swapped"}
    for name in wrong():
        if name.split(": ")[1] in formulas:
            assert any(not o.passed for o in outcomes if o.candidate == name and o.kind == "value"), name


def test_constants_and_identities_pass_no_value_test(verdicts):
    trivial, outcomes = verdicts
    assert [o for o in outcomes if o.candidate in trivial and o.kind == "value" and o.passed] == []


def test_right_answers_pass_and_typical_wrong_ones_do_not(trial):
    exact = {**ANSWERS, "bce_of_undecided": math.log(2), "lowest_bce": float(reference.binary_entropy(0.7))}
    loud = {name: answer.upper() if isinstance(answer, str) else answer for name, answer in ANSWERS.items()}
    outcomes = trial("bce", {"right": ANSWERS, "exact": exact, "loud": loud})
    assert all(o.passed for o in outcomes)
    wrong_answers = {
        f"{cls.__name__}: {answer}": {cls.__name__.removeprefix("Test_"): answer}
        for cls in CLASSES
        for answer in (*getattr(cls, "meanings", {}), None, "", "0.6931", [0.6931], True, math.nan)
    }
    assert [o for o in trial("bce", wrong_answers, seeds=[1]) if o.passed] == []


@pytest.mark.parametrize("cls", CLASSES, ids=lambda cls: cls.__name__)
def test_every_hidden_test_is_written_for_its_reader(cls):
    tests = [member for name, member in inspect.getmembers(cls, inspect.isfunction) if name.startswith("test_")]
    kinds = []
    for test in tests:
        marks = {mark.name: mark for mark in test.pytestmark}
        (kind,) = marks.keys() & {"value", "numerical", "contract"}
        kinds.append(kind)
        assert test.__doc__, test
        assert test.__doc__.endswith("."), test
        assert len(test.__doc__) <= 110, test
        assert "hint" in marks, test
        assert ("example" in marks) != hasattr(cls, "meanings"), test
    if not hasattr(cls, "meanings"):
        assert kinds.count("value") >= 3
        assert kinds.count("numerical") >= 2
        assert kinds.count("contract") >= 3
