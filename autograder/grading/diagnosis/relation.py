"""Relations of a result to another one, by name: so many times it, its root, more by a constant."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from autograder.words import number

_FIT = 2e-7
"""How far from a known number one that was found may be: within what students are promised, and beyond rounding."""

Map = Callable[[np.ndarray], np.ndarray]


@dataclass(frozen=True, slots=True)
class Relation:
    """How a result comes from another one, and what to say. The name is the same on every run."""

    name: str
    what: str
    """Goes on after "Your result is"; {right} stands for what it is related to."""
    asks: str
    parameter: float | None = None
    cost: float = 1.0
    """What it takes to believe it, where something else would do as well."""


PLAIN = Relation("", "{right}", "", cost=0.0)

_PER_ENTRY = "What would make it independent of how many entries there are?"
_COUNT = "By how many does the mean divide? Count it for three entries, then for four."
_UNIT = "In which unit is your result, and in which should it be?"
_LAST = "Which step comes last in your function? Is it asked for?"
_LEAST = "May a right result be below 0?"
_CONSTANT = "Which term of your formula does not depend on the data? Is it there, and only once?"
_NUMBER = "Which number in your function does not come from the arguments?"
_DIVISOR = "Which number in your function would have to change with one entry more?"
SCALED = "Which step brings this factor in, and does the text ask for it?"

BY_SIZE: tuple[tuple[Relation, Map], ...] = (
    (Relation("times_n", "{right} times the number of entries", _PER_ENTRY), lambda n: n),
    (Relation("over_n", "{right} divided by the number of entries", "Is one division too many?"), lambda n: 1 / n),
    (Relation("over_n_minus_1", "{right}, but divided by n - 1 in the place of n", _COUNT, 1.0), lambda n: n / (n - 1)),
    (
        Relation("over_n_minus_1", "{right}, but divided by n - 1 in the place of n under the root", _COUNT, 1.0),
        lambda n: np.sqrt(n / (n - 1)),
    ),
    (Relation("over_n_minus_2", "{right}, but divided by n - 2 in the place of n", _COUNT, 2.0), lambda n: n / (n - 2)),
    (
        Relation("over_n_minus_2", "{right}, but divided by n - 2 in the place of n under the root", _COUNT, 2.0),
        lambda n: np.sqrt(n / (n - 2)),
    ),
    (
        Relation("over_n_plus_1", "{right}, but divided by n + 1 in the place of n", _COUNT, -1.0),
        lambda n: n / (n + 1),
    ),
    (Relation("times_root_n", "{right} times the root of the number of entries", _PER_ENTRY), np.sqrt),
    (
        Relation(
            "over_root_n",
            "{right} divided by the root of the number of entries",
            "What is divided before the root is taken, and what after it?",
        ),
        lambda n: 1 / np.sqrt(n),
    ),
    (Relation("times_n_minus_1", "{right} times one less than the number of entries", _PER_ENTRY), lambda n: n - 1),
)
"""Factors that depend on how many entries there are."""

COMPLEMENT = Relation(
    "complement_taken",
    "1 minus {right}",
    "What does a result of 0 say: that all is well, or that nothing is?",
    cost=1.2,
)

BY_FORM: tuple[tuple[Relation, Map], ...] = (
    (Relation("squared", "the square of {right}", _UNIT, cost=1.2), np.square),
    (Relation("root_taken", "the root of {right}", _UNIT, cost=1.2), np.sqrt),
    (Relation("exponential_taken", "the exponential of {right}", _LAST, cost=1.2), np.exp),
    (Relation("exponential_taken", "the exponential of minus {right}", _LAST, cost=1.3), lambda v: np.exp(-v)),
    (Relation("logarithm_taken", "the logarithm of {right}", _LAST, cost=1.2), np.log),
    (COMPLEMENT, lambda v: 1 - v),
    (
        Relation("reciprocal", "1 divided by {right}", "What belongs above the fraction bar?", cost=1.2),
        lambda v: 1 / v,
    ),
    (Relation("size_only", "{right} without its sign", _LEAST, cost=1.2), np.abs),
    (Relation("not_below_0", "{right}, but never below 0", _LEAST, cost=1.2), lambda v: np.maximum(v, 0)),
    (
        Relation("not_above_1", "{right}, but never above 1", "May a right result be above 1?", cost=1.2),
        lambda v: np.minimum(v, 1),
    ),
)
"""What may be done to a result afterwards."""

_BASE = "What is the base of your logarithm, and which one is the natural one?"
_SIGN = Relation("sign_turned", "{right} with the other sign", "Does your result grow when things get worse?")
_FACTORS: tuple[tuple[float, Relation], ...] = (
    (2.0, Relation("twice", "two times {right}", "What does your function count twice, or not halve?", 2.0)),
    (0.5, Relation("half", "one half of {right}", "Which 2 below a fraction bar is not asked for?", 0.5)),
    (1 / math.log(2), Relation("logarithm_base", "{right} with a logarithm to base 2", _BASE, 2.0)),
    (1 / math.log(10), Relation("logarithm_base", "{right} with a logarithm to base 10", _BASE, 10.0)),
    (100.0, Relation("in_percent", "{right} in percent", "Is a share or a percentage asked for?", 100.0)),
)
_CONSTANTS: tuple[tuple[float, str], ...] = (
    (0.5 * math.log(2 * math.pi), "½ log 2π"),
    (math.log(2 * math.pi), "log 2π"),
    (0.5 * math.log(math.pi), "½ log π"),
    (0.5 * math.log(2), "½ log 2"),
    (math.log(2), "log 2"),
    (0.5, "one half"),
    (1.0, "1"),
    (2.0, "2"),
)


def rounded_to(decimals: int) -> Relation:
    places = "whole numbers" if decimals == 0 else f"{decimals} decimal{'s' if decimals > 1 else ''}"
    asks = "Who needs the result next, a reader or a computation? Rounding belongs to what is printed."
    return Relation("rounded", f"{{right}}, rounded to {places}", asks, float(decimals), 1.1)


def factor(value: float) -> tuple[Relation, ...]:
    """The relations for a constant quotient, the first applied first; none where it has no name."""
    if abs(value - 1) < _FIT:
        return (PLAIN,)
    turned = () if value > 0 else (_SIGN,)
    if abs(value + 1) < _FIT:
        return turned
    size = abs(value)
    for known, relation in _FACTORS:
        if abs(size / known - 1) < _FIT:
            return (*turned, relation)
    whole = any(abs(size * k - round(size * k)) < _FIT * size * k for k in (1, 2, 3, 4, 5, 10))
    share = abs(1 / size - round(1 / size)) < _FIT / size
    if not (whole or share) or not 1e-4 < size < 1e4:
        return ()
    words = f"{{right}} divided by {round(1 / size)}" if share and size < 1 else f"{number(size)} times {{right}}"
    return (*turned, Relation("times_constant", words, _NUMBER, float(f"{size:.4g}"), 1.8))


def fixed_divisor(share: float) -> Relation | None:
    """The relation for a sum that is divided by a number that does not depend on the data."""
    count = 1 / share
    if abs(count - round(count)) > _FIT * abs(count) or not 4 < round(count) <= 10_000:
        return None
    what = f"{{right}}, but divided by {round(count)} however many entries there are"
    return Relation("fixed_divisor", what, _DIVISOR, float(round(count)), 1.3)


def shift(difference: float) -> Relation | None:
    """The relation for a constant difference, None where it has no name."""
    side = "more" if difference > 0 else "less"
    short = float(f"{difference:.4g}")
    asks = _CONSTANT
    for value, words in _CONSTANTS:
        if abs(abs(difference) - value) < _FIT:
            return Relation("plus_constant", f"{{right}} and {words} {side}", asks, short, 1.2)
    if abs(difference - short) > _FIT or not 1e-3 < abs(difference) < 1e3:
        return None
    return Relation("plus_constant", f"{{right}} and {number(abs(short))} {side}", asks, short, 1.8)


ASKS = {
    relation.name: relation.asks
    for relation in (
        *(relation for relation, _ in (*BY_SIZE, *BY_FORM)),
        *(relation for _, relation in _FACTORS),
        _SIGN,
        rounded_to(2),
    )
} | {
    "plus_constant": _CONSTANT,
    "times_constant": _NUMBER,
    "fixed_divisor": _DIVISOR,
    "scaled_by_an_argument": SCALED,
}
"""What to ask about a relation, by its name."""
