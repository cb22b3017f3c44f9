"""Changes of the arguments: the right formula, asked about something else."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import combinations
from typing import Any

import numpy as np

from autograder.words import number

Given = Mapping[str, Any]
Array = np.ndarray

THRESHOLDS = (0.1, 0.2, 0.25, 0.3, 1 / 3, 0.4, 0.45, 0.5, 0.55, 0.6, 2 / 3, 0.7, 0.75, 0.8, 0.9)
CLIPS = (
    0.1,
    0.05,
    0.01,
    1e-3,
    1e-4,
    1e-5,
    1e-6,
    2.0**-23,
    1e-7,
    1e-8,
    1e-9,
    1e-10,
    1e-12,
    1e-14,
    1e-15,
    2.0**-52,
    1e-16,
)
BOUNDS = (1.0, 2.0, 5.0, 6.0, 10.0, 15.0, 16.0, 18.0, 20.0, 25.0, 30.0, 35.0, 36.0, 37.0, 40.0, 50.0, 100.0, 500.0)
BOUNDS_OF_EXP = (700.0, 709.0)
LOG_ODDS = tuple((float(np.log(c) - np.log1p(-c)), float(np.log1p(-c) - np.log(1 - (1 - c)))) for c in CLIPS)
"""Of a probability that is clipped: 1 - (1 - c) is not c in a computer."""

DECIMALS = (1, 2, 3, 4)
LEVELS = (1.0, 1.645, 2.0, 2.58, 2.576)


@dataclass(frozen=True, slots=True)
class Change:
    """A change of the arguments by name, and what to say where a function answers as if they had been changed so."""

    name: str
    what: str
    """Goes on after "Your result is the right one for"."""
    asks: str
    make: Callable[[Given], Given]
    parameter: float | None = None
    far: bool = False
    """Whether it shows with extreme inputs as well as with ordinary ones."""


def changes(given: Sequence[Given], defaults: Mapping[str, Any]) -> Iterator[Change]:
    """All that can be made of these arguments, the simplest first."""
    arrays = [name for name in given[0] if all(_is_array(one[name]) for one in given)]
    numbers = [name for name in given[0] if all(_is_number(one[name]) for one in given)]
    pairs = [pair for pair in combinations(arrays, 2) if _alike(given, *pair)]
    for one, other in pairs:
        asks = "Say in words what each of the two is. Which of them stands where in your formula?"
        yield Change("exchanged_arguments", f"`{one}` and `{other}` exchanged", asks, partial(_exchange, one, other))
    for one, other in [*pairs, *(pair[::-1] for pair in pairs)]:
        asks = f"Where does `{one}` come into your computation?"
        yield Change("one_argument_twice", f"`{other}` in the place of `{one}`", asks, partial(_copy, one, other))
    for name in numbers:
        yield from _of_a_number(name, [one[name] for one in given], defaults.get(name))
    single = {name: list(_of_an_array(_Named(name), [_array(one[name]) for one in given])) for name in arrays}
    for some in single.values():
        yield from some
    for one, other in pairs:
        yield from _of_both(single[one], single[other])
    yield from _compared(arrays, numbers, given)
    yield from _cut(arrays, given)
    for kind in (np.float32, np.float16):
        what, asks = f"arguments in {np.dtype(kind).name}", "How many digits are left of a number in that type?"
        yield Change("short_floats", what, asks, partial(_narrow, arrays, kind), far=True)


def _compared(arrays: Sequence[str], numbers: Sequence[str], given: Sequence[Given]) -> Iterator[Change]:
    """A comparison the other way round, of shares with a number between 0 and 1."""
    for number_ in numbers:
        if not all(0 < one[number_] < 1 for one in given):
            continue
        for name in arrays:
            if all(((one := _array(each[name])) >= 0).all() and (one <= 1).all() for each in given):
                what = f"`1 - {name}` and `1 - {number_}` in the place of `{name}` and `{number_}`"
                asks = f"On which side of `{number_}` does an entry of `{name}` count?"
                yield Change("compared_the_other_way", what, asks, partial(_both_turned, name, number_))


def _both_turned(name: str, number_: str, given: Given) -> Given:
    return {**given, name: 1 - _array(given[name]), number_: 1 - given[number_]}


_BOTH = (
    "sizes_only",
    "sorted_argument",
    "squared_argument",
    "root_of_an_argument",
    "centred_argument",
    "whole_numbers",
    "rounded_argument",
    "thresholded",
    "squashed",
    "exponential_of_an_argument",
    "negative_cut",
)
"""What people do to two arguments alike."""


def _of_both(one: Sequence[Change], other: Sequence[Change]) -> Iterator[Change]:
    partners = {(change.name, change.parameter): change for change in other}
    for change in one:
        partner = partners.get((change.name, change.parameter))
        if change.name in _BOTH and partner is not None:
            what = f"{change.what} and {partner.what}"
            yield replace(change, what=what, make=partial(_after, change.make, partner.make))


def _after(first: Callable[[Given], Given], then: Callable[[Given], Given], given: Given) -> Given:
    return then(first(given))


@dataclass(frozen=True, slots=True)
class _Named:
    """The changes of one argument."""

    name: str

    def change(
        self,
        name: str,
        what: str,
        asks: str,
        make: Callable[[Any], Any],
        parameter: float | None = None,
        far: bool = False,
    ) -> Change:
        """The words have {x} for the argument's name."""
        what, asks = what.replace("{x}", self.name), asks.replace("{x}", self.name)
        return Change(name, what, asks, partial(_replace, self.name, make), parameter, far)


def _of_an_array(x: _Named, arrays: Sequence[Array]) -> Iterator[Change]:
    whole = all((a == np.round(a)).all() for a in arrays)
    if all(((a >= 0) & (a <= 1)).all() for a in arrays):
        yield from _of_shares(x, whole)
    if any((a < 0).any() for a in arrays):
        yield from _of_signed(x)
    else:
        yield x.change("root_of_an_argument", "the roots of `{x}`", "Does `{x}` come in as it is?", np.sqrt)
        asks = "Should a large `{x}` count for much, or for little?"
        yield x.change("reciprocal_argument", "1 / {x} in the place of each `{x}`", asks, np.reciprocal)
    yield x.change("squared_argument", "the squares of `{x}`", "Does `{x}` come in as it is?", np.square)
    if not whole:
        asks = "What is lost of `{x}` on the way to the formula?"
        yield x.change("whole_numbers", "`{x}` without its decimals", asks, np.trunc)
        yield x.change("rounded_argument", "`{x}` rounded to whole numbers", asks, np.round, 0.0)
        for decimals in DECIMALS:
            what = f"`{{x}}` rounded to {decimals} decimals"
            yield x.change("rounded_argument", what, asks, partial(_round, decimals), float(decimals))
    asks = "Does the order of the entries of `{x}` matter to the question?"
    yield x.change("sorted_argument", "`{x}` sorted", asks, partial(np.sort, axis=0))
    yield x.change("reversed_argument", "`{x}` from back to front", asks, partial(np.flip, axis=0))
    asks = "Which entries of `{x}` does your formula see?"
    yield x.change("mean_of_an_argument", "the mean of `{x}` in the place of each entry", asks, _mean)
    yield x.change("centred_argument", "`{x}` less its own mean", "Should the mean of `{x}` be taken away?", _centre)


def _of_shares(x: _Named, whole: bool) -> Iterator[Change]:
    asks = "What does a 1 in `{x}` stand for: that it happens, or that it does not?"
    yield x.change("complement", "1 - {x} in the place of `{x}`", asks, partial(np.subtract, 1))
    yield x.change("log_odds_of_an_argument", "the log-odds of `{x}`", "Which scale is `{x}` on?", _log_odds)
    for every in (1.0, 0.0):
        what = f"{number(every)} in the place of each `{{x}}`"
        asks = "What do the entries of `{x}` change in your result?"
        yield x.change("fixed_argument", what, asks, partial(_fill, every), every)
    if whole:
        return
    yield x.change("squashed", "the sigmoid of `{x}`", "Which scale is `{x}` on?", _sigmoid)
    asks = "What does your function make of an entry of 0.3 in `{x}`, and of one of 0.4? Should they differ?"
    for threshold in THRESHOLDS:
        what = f"`{{x}}` made 0 or 1 at {number(threshold)}"
        yield x.change("thresholded", what, asks, partial(_at_least, threshold), threshold)
    yield x.change("thresholded", "a 1 for each `{x}` above 0", asks, partial(_above, 0.0), 0.0)
    yield x.change("thresholded", "a 0 for each `{x}` below 1", asks, partial(_at_least, 1.0), 1.0)
    for least in CLIPS:
        what = f"`{{x}}` kept between {number(least)} and 1 - {number(least)}"
        asks = "A clip changes whatever lies beyond it. How near to 0 and 1 may an honest value be?"
        yield x.change("clipped", what, asks, partial(_clip, least, 1 - least), least, far=True)
        asks = "What does that small number do to entries that are small themselves?"
        what = f"`{{x}}` and {number(least)} more"
        yield x.change("small_number_added", what, asks, partial(_more, least), least, far=True)


def _of_signed(x: _Named) -> Iterator[Change]:
    yield x.change("sizes_only", "`{x}` without its signs", "Does the sign of `{x}` matter?", np.abs)
    yield x.change(
        "negated",
        "-{x} in the place of `{x}`",
        "Should the result fall when `{x}` grows?",
        np.negative,
    )
    yield x.change("negative_cut", "0 for each `{x}` below 0", "What does a `{x}` below 0 say?", partial(np.maximum, 0))
    yield x.change("squashed", "the sigmoid of `{x}`", "Which scale is `{x}` on?", _sigmoid)
    yield x.change("exponential_of_an_argument", "the exponential of `{x}`", "Which scale is `{x}` on?", np.exp)
    asks = "A clip changes whatever lies beyond it. How large may an honest value be?"
    for bound in (*BOUNDS, *BOUNDS_OF_EXP):
        what = f"`{{x}}` kept between -{number(bound)} and {number(bound)}"
        yield x.change("clipped", what, asks, partial(_clip, -bound, bound), bound, far=True)
    for low, high in LOG_ODDS:
        what = f"`{{x}}` kept between {number(low)} and {number(high)}"
        yield x.change("clipped", what, asks, partial(_clip, low, high), float(f"{high:.4g}"), far=True)


_CUTS = (
    ("without_the_first", "without the first entry", slice(1, None)),
    ("without_the_last", "without the last entry", slice(None, -1)),
    ("first_entry_only", "cut to the first entry", slice(0, 1)),
    ("last_entry_only", "cut to the last entry", slice(-1, None)),
)


def _cut(arrays: Sequence[str], given: Sequence[Given]) -> Iterator[Change]:
    together = [tuple(arrays)] if len(arrays) > 1 and all(_alike(given, arrays[0], name) for name in arrays) else []
    for names in [*together, *((name,) for name in arrays)]:
        words = " and ".join(f"`{name}`" for name in names)
        for name, which, cut in _CUTS:
            asks = "Which entries does your function visit? Count them for a list of three."
            yield Change(name, f"{words} {which}", asks, partial(_slice, names, cut))


def _of_a_number(name: str, values: Sequence[Any], usual: Any) -> Iterator[Change]:
    x = _Named(name)
    asks = "Where does `{x}` come in? Follow its value through your function."
    if _is_number(usual):
        what = f"`{{x}}` = {number(usual)}, whatever was passed"
        yield x.change("default_always", what, asks, partial(_instead, usual), float(usual))
    whole = all(isinstance(value, int | np.integer) for value in values)
    if whole:
        for step, what in ((1, "{x} + 1 in the place of `{x}`"), (-1, "{x} - 1 in the place of `{x}`")):
            yield x.change("off_by_one", what, asks, partial(_step, step), float(step))
    else:
        yield x.change("never_reached", "a `{x}` that nothing ever reaches", asks, partial(np.multiply, 1e9))
        for factor in (2.0, 0.5, 10.0, 0.1):
            what = f"{number(factor)} times `{{x}}`"
            yield x.change("scaled_argument", what, asks, partial(np.multiply, factor), factor)
        yield x.change("squared_argument", "the square of `{x}`", asks, np.square)
        yield x.change("root_of_an_argument", "the root of `{x}`", asks, np.sqrt)
        yield x.change("reciprocal_argument", "1 / {x} in the place of `{x}`", asks, np.reciprocal)
        yield x.change("complement_of_a_number", "1 - {x} in the place of `{x}`", asks, partial(np.subtract, 1))
    for fixed in (0, 1, *(THRESHOLDS if all(0 < value < 1 for value in values) else ())):
        what = f"`{{x}}` = {number(fixed)}, whatever was passed"
        yield x.change("fixed_argument", what, asks, partial(_instead, fixed), float(fixed))
    if _is_number(usual):
        yield from _of_a_default(x, usual)


def _of_a_default(x: _Named, usual: float) -> Iterator[Change]:
    """Another value where the caller passes none."""
    if isinstance(usual, int) or not 0 <= usual < 1:
        others = dict.fromkeys((*(usual * factor for factor in (10, 0.1, 2, 0.5)), *LEVELS))
    else:
        others = dict.fromkeys((0.0, *CLIPS, *(THRESHOLDS if usual > 0.01 else ()), 1.0))
    for other in others:
        if other != usual:
            what = f"`{{x}}` = {number(other)} where none is passed"
            asks = "Which default has `{x}` in the given `def` line?"
            make = partial(_in_place_of, usual, type(usual)(other))
            yield x.change("another_default", what, asks, make, float(other), far=True)


def _replace(name: str, make: Callable[[Any], Any], given: Given) -> Given:
    value = given[name]
    return {**given, name: make(_array(value) if _is_array(value) else value)}


def _exchange(one: str, other: str, given: Given) -> Given:
    return {**given, one: given[other], other: given[one]}


def _copy(one: str, other: str, given: Given) -> Given:
    return {**given, one: given[other]}


def _slice(names: Sequence[str], cut: slice, given: Given) -> Given:
    return {**given, **{name: _array(given[name])[cut] for name in names}}


def _narrow(names: Sequence[str], kind: type[np.floating[Any]], given: Given) -> Given:
    return {**given, **{name: np.asarray(given[name]).astype(kind) for name in names}}


def _instead(other: Any, _: Any) -> Any:
    return other


def _in_place_of(usual: float, other: float, value: Any) -> Any:
    return other if value == usual else value


def _step(step: int, value: Any) -> int:
    return int(value) + step


def _round(decimals: int, a: Array) -> Array:
    return np.asarray(np.round(a, decimals))


def _mean(a: Array) -> Array:
    return np.full_like(a, a.mean())


def _centre(a: Array) -> Array:
    return np.asarray(a - a.mean(axis=0))


def _fill(value: float, a: Array) -> Array:
    return np.full_like(a, value)


def _at_least(threshold: float, a: Array) -> Array:
    return np.asarray(a >= threshold, dtype=float)


def _above(threshold: float, a: Array) -> Array:
    return np.asarray(a > threshold, dtype=float)


def _clip(low: float, high: float, a: Array) -> Array:
    return np.asarray(np.clip(a, low, high))


def _more(small: float, a: Array) -> Array:
    return np.asarray(np.minimum(a + small, 1.0))


def _log_odds(a: Array) -> Array:
    return np.asarray(np.log(a) - np.log1p(-a))


def _sigmoid(a: Array) -> Array:
    return np.asarray(1 / (1 + np.exp(-a)))


def _array(value: Any) -> Array:
    return np.array(value, dtype=np.float64)


def _is_array(value: Any) -> bool:
    return value is not None and not isinstance(value, str) and np.ndim(value) > 0 and np.size(value) > 0


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float | np.number) and not isinstance(value, bool)


def _alike(given: Sequence[Given], one: str, other: str) -> bool:
    return all(np.shape(each[one]) == np.shape(each[other]) for each in given)
