"""What a wrong function might be: each known mistake, and the right function asked or summed up otherwise."""

from __future__ import annotations

import inspect
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import permutations
from typing import Any

import numpy as np

from autograder.grading.diagnosis.change import changes
from autograder.grading.diagnosis.probe import Probe, replied, replied_to, usual
from autograder.grading.diagnosis.reply import Reply, joined, parts_of, returned_as, same
from autograder.misconception import Misconception

THE_RIGHT_ONE = "the right one"


@dataclass(frozen=True, slots=True, eq=False)
class Hypothesis:
    """One way to be wrong, and what it replies to the probes."""

    name: str
    """Empty for the right function itself."""
    what: str
    """A noun phrase for its result."""
    asks: str
    replies: Sequence[Reply | None]
    """One for each probe; None where it has nothing to say."""
    cost: float
    parameter: float | None = None
    entry: Misconception | None = None
    also: tuple[str, str] | None = None
    """The name of a second mistake in it, and the words for it."""


def known(entries: Sequence[Misconception], probes: Sequence[Probe]) -> Iterator[Hypothesis]:
    """The catalogued mistakes, one for each value of a parameter."""
    for entry in entries:
        for parameter, function in entry.family or ((None, entry.wrong),):
            replies = [replied(function, probe.call) for probe in probes]
            yield Hypothesis(entry.name, "", "", replies, 0.9, parameter, entry)


def right(probes: Sequence[Probe]) -> Hypothesis:
    return Hypothesis("", THE_RIGHT_ONE, "", [probe.right for probe in probes], 0.0)


def related(
    reference: Callable[..., Any], others: Mapping[str, Callable[..., Any]], probes: Sequence[Probe]
) -> Iterator[Hypothesis]:
    """The right function for other arguments, summed up otherwise, in parts; and other functions of the unit."""
    ordinary = [probe for probe in probes if probe.ordinary]
    if not ordinary:
        return
    yield from _measured(probes, ordinary)
    yield from _changed(reference, probes, ordinary)
    yield from _summed_up(reference, probes)
    yield from _in_parts(probes)
    names = tuple(inspect.signature(reference).parameters)
    for name, other in others.items():
        asked = [p for p in probes if p.kind == "value"]
        if len(inspect.signature(other).parameters) >= max((len(p.call.args) for p in asked), default=9) and names:
            replies = [
                _usable(replied(other, p.call)) if p.kind == "value" and not p.call.kwargs else None for p in probes
            ]
            yield Hypothesis(
                "another_function", f"what `{name}` computes", "What is the difference between the two?", replies, 1.2
            )


_SECOND = {
    "exchanged_arguments": (None,),
    "complement": (None,),
    "thresholded": (0.5, 0.0),
    "off_by_one": (1.0, -1.0),
    "default_always": None,
    "negated": (None,),
    "without_the_first": (None,),
    "without_the_last": (None,),
    "sizes_only": (None,),
    "scaled_argument": (2.0, 0.5),
}
"""Changes of the arguments that come together with a known mistake, with the values of their parameter."""


def composed(
    reference: Callable[..., Any], mistakes: Sequence[Hypothesis], probes: Sequence[Probe]
) -> Iterator[Hypothesis]:
    """Known mistakes for other arguments, and known mistakes whose entries are summed up to one number."""
    ordinary = [probe for probe in probes if probe.ordinary]
    names = tuple(inspect.signature(reference).parameters)
    mistakes = [h for h in mistakes if h.entry is not None]
    for change in changes([probe.given for probe in ordinary], usual(reference)) if ordinary else ():
        if change.name not in _SECOND or change.parameter not in (_SECOND[change.name] or (change.parameter,)):
            continue
        for mistake in mistakes:
            assert mistake.entry is not None

            asked = _by_name(mistake.entry, names)
            replies = [_changed_reply(asked, change.make, probe) if probe.ordinary else None for probe in probes]
            yield replace(mistake, replies=replies, cost=2.3, also=(change.name, f"{THE_RIGHT_ONE} for {change.what}"))
    for mistake in mistakes:
        vectors = [
            r if r is not None and r.shape and len(r.shape) == 1 and r.numbers.size else None for r in mistake.replies
        ]
        for name, what, reduce in _REDUCTIONS[:7]:
            replies = [_reduced(reduce, list(r.numbers)) if r is not None else None for r in vectors]
            yield replace(mistake, replies=replies, cost=2.2, also=(name, what))
    if {probe.right.shape for probe in ordinary} == {()}:
        for mistake in mistakes:
            assert mistake.entry is not None
            asked = _by_name(mistake.entry, names)
            terms = [_terms(asked, probe) if probe.kind == "value" else None for probe in probes]
            for name, what, reduce in _REDUCTIONS[:7]:
                replies = [_reduced(reduce, t) if t else None for t in terms]
                yield replace(mistake, replies=replies, cost=2.4, also=(name, what))


def _by_name(entry: Misconception, names: Sequence[str]) -> Callable[..., Any]:
    """A known mistake that takes its arguments by the names of the reference's parameters."""

    def asked(**given: Any) -> Any:
        return entry.wrong(*(given[name] for name in names))

    return asked


_ANOTHER = "What does the text ask for instead?"
_OF_ONE: tuple[tuple[str, Callable[[np.ndarray], Any]], ...] = (
    ("`{a}` itself", np.asarray),
    ("the mean of `{a}`", np.mean),
    ("the sum of `{a}`", np.sum),
    ("the largest entry of `{a}`", np.max),
    ("the smallest entry of `{a}`", np.min),
    ("the median of `{a}`", np.median),
    ("the standard deviation of `{a}`", np.std),
    ("the standard deviation of `{a}` with n - 1", lambda a: np.std(a, ddof=1)),
    ("the variance of `{a}`", np.var),
    ("the number of entries of `{a}`", len),
    ("the first entry of `{a}`", lambda a: a[0]),
    ("the last entry of `{a}`", lambda a: a[-1]),
    ("the most frequent entry of `{a}`", lambda a: _most_frequent(a)),
    ("the entry in the middle of `{a}`, unsorted", lambda a: a[len(a) // 2]),
    ("the lower one of the two entries in the middle of `{a}`", lambda a: np.sort(a)[(len(a) - 1) // 2]),
    ("the entry of `{a}` that is nearest to its mean", lambda a: a[np.argmin(np.abs(a - np.mean(a)))]),
    ("the middle between the smallest and the largest entry of `{a}`", lambda a: (np.min(a) + np.max(a)) / 2),
    ("the range of `{a}`", np.ptp),
    ("the mean size of `{a}`", lambda a: np.mean(np.abs(a))),
    ("the root mean square of `{a}`", lambda a: np.sqrt(np.mean(a * a))),
    ("the geometric mean of `{a}`", lambda a: np.exp(np.mean(np.log(a)))),
    ("the mean distance of `{a}` from its mean", lambda a: np.mean(np.abs(a - np.mean(a)))),
    ("the mean distance of `{a}` from its median", lambda a: np.mean(np.abs(a - np.median(a)))),
    ("the median distance of `{a}` from its median", lambda a: np.median(np.abs(a - np.median(a)))),
    ("the median distance of `{a}` from its mean", lambda a: np.median(np.abs(a - np.mean(a)))),
    (
        "the root mean squared distance of `{a}` from its median",
        lambda a: np.sqrt(np.mean((a - np.median(a)) ** 2)),
    ),
    ("the mean distance of `{a}` from its entry in the middle", lambda a: np.mean(np.abs(a - a[len(a) // 2]))),
    ("the mean distance between neighbours in `{a}`", lambda a: np.mean(np.abs(np.diff(a)))),
)
_OF_TWO: tuple[tuple[str, Callable[[np.ndarray, np.ndarray], Any]], ...] = (
    ("the difference of `{a}` and `{b}`, entry by entry", lambda a, b: a - b),
    ("the mean difference of `{a}` and `{b}`", lambda a, b: np.mean(a - b)),
    ("the mean absolute difference of `{a}` and `{b}`", lambda a, b: np.mean(np.abs(a - b))),
    ("the mean squared difference of `{a}` and `{b}`", lambda a, b: np.mean((a - b) ** 2)),
    ("the root mean squared difference of `{a}` and `{b}`", lambda a, b: np.sqrt(np.mean((a - b) ** 2))),
    ("the standard deviation of the differences of `{a}` and `{b}`", lambda a, b: np.std(a - b)),
    ("the largest absolute difference of `{a}` and `{b}`", lambda a, b: np.max(np.abs(a - b))),
    ("the median absolute difference of `{a}` and `{b}`", lambda a, b: np.median(np.abs(a - b))),
    ("the mean product of `{a}` and `{b}`", lambda a, b: np.mean(a * b)),
    ("the correlation of `{a}` and `{b}`", lambda a, b: np.corrcoef(a, b)[0, 1]),
    (
        "the share of `{a}` that is 1 where `{b}` is at least one half, and 0 elsewhere",
        lambda a, b: np.mean(a == (b >= 0.5)),
    ),
    ("the share of `{a}` that is 1 where `{b}` is above 0, and 0 elsewhere", lambda a, b: np.mean(a == (b > 0))),
    ("the difference of the means of `{a}` and `{b}`", lambda a, b: np.mean(a) - np.mean(b)),
    ("the square of the mean difference of `{a}` and `{b}`", lambda a, b: np.mean(a - b) ** 2),
    ("the variance of the differences of `{a}` and `{b}`", lambda a, b: np.var(a - b)),
    ("the distance of the means of `{a}` and `{b}`", lambda a, b: np.abs(np.mean(a) - np.mean(b))),
    ("the mean difference of the sizes of `{a}` and `{b}`", lambda a, b: np.mean(np.abs(a) - np.abs(b))),
    ("the mean relative difference of `{a}` and `{b}`", lambda a, b: np.mean(np.abs((a - b) / a))),
    ("the root mean squared relative difference of `{a}` and `{b}`", lambda a, b: np.sqrt(np.mean(((a - b) / a) ** 2))),
    ("the mean difference of the logarithms of `{a}` and `{b}`", lambda a, b: np.mean(np.abs(np.log(a) - np.log(b)))),
)


def _most_frequent(a: np.ndarray) -> Any:
    values, counts = np.unique(a, return_counts=True)
    return values[np.argmax(counts)]


def _measured(probes: Sequence[Probe], ordinary: Sequence[Probe]) -> Iterator[Hypothesis]:
    """Plain measures of one argument or of two, which somebody may have taken for what was asked."""
    names = [n for n, v in ordinary[0].given.items() if v is not None and not isinstance(v, str) and np.ndim(v) == 1]
    for name in names:
        for what, measure in _OF_ONE:
            replies = [_of(measure, probe, name) for probe in probes]
            yield Hypothesis("another_measure", what.replace("{a}", name), _ANOTHER, replies, 1.0)
    for one, other in permutations(names, 2):
        for what, compare in _OF_TWO:
            words = what.replace("{a}", one).replace("{b}", other)
            yield Hypothesis("another_measure", words, _ANOTHER, [_of(compare, p, one, other) for p in probes], 1.2)


def _of(measure: Callable[..., Any], probe: Probe, *names: str) -> Reply | None:
    if probe.kind != "value":
        return None
    try:
        with np.errstate(all="ignore"), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return returned_as(measure(*(np.asarray(probe.given[name], dtype=float) for name in names)))
    except (ValueError, IndexError):
        return None


def _changed(reference: Callable[..., Any], probes: Sequence[Probe], ordinary: Sequence[Probe]) -> Iterator[Hypothesis]:
    for change in changes([probe.given for probe in ordinary], usual(reference)):
        asked = [probe.ordinary or (change.far and probe.kind == "numerical") for probe in probes]
        replies = [
            _changed_reply(reference, change.make, p) if yes else None for p, yes in zip(probes, asked, strict=True)
        ]
        what = f"{THE_RIGHT_ONE} for {change.what}"
        yield Hypothesis(change.name, what, change.asks, replies, 1.5, change.parameter)


def _changed_reply(
    reference: Callable[..., Any], make: Callable[[Mapping[str, Any]], Mapping[str, Any]], probe: Probe
) -> Reply | None:
    try:
        with np.errstate(all="ignore"):
            given = make(probe.given)
    except (ValueError, IndexError, TypeError, ZeroDivisionError):
        return None
    return _usable(replied_to(reference, given))


_WHICH = "How should the single terms become one number?"
_ORDER = "Which entry of the input does each entry of your result belong to?"
_PARTS = "Read in the docstring what is returned, and in which order."
_ONE = "Your result has one number where each entry should have its own. Where do they become one?"
_REDUCTIONS: tuple[tuple[str, str, Callable[[np.ndarray], Any]], ...] = (
    ("summed", "the sum of the single terms", np.sum),
    ("averaged", "the mean of the single terms", np.mean),
    ("largest", "the largest of the single terms", np.max),
    ("smallest", "the smallest of the single terms", np.min),
    ("median", "the median of the single terms", np.median),
    ("first_only", "the first of the single terms", lambda t: t[0]),
    ("last_only", "the last of the single terms", lambda t: t[-1]),
    ("multiplied", "the product of the single terms", np.prod),
    ("root_mean_square", "the root mean square of the single terms", lambda t: np.sqrt(np.mean(t * t))),
    ("root_of_squares", "the root of the sum of the squared terms", lambda t: np.sqrt(np.sum(t * t))),
    ("root_median_square", "the root of the median of the squared terms", lambda t: np.sqrt(np.median(t * t))),
    ("spread_of_terms", "the standard deviation of the single terms", np.std),
    ("variance_of_terms", "the variance of the single terms", np.var),
    ("size_summed", "the sum of the single terms without their signs", lambda t: np.sum(np.abs(t))),
    ("mean_of_exponentials", "the mean of the exponentials of the terms", lambda t: np.mean(np.exp(-t))),
    (
        "log_of_the_mean",
        "the logarithm of a mean in the place of a mean of logarithms",
        lambda t: -np.log(np.mean(np.exp(-t))),
    ),
    (
        "log_of_the_sum",
        "the logarithm of a sum in the place of a sum of logarithms",
        lambda t: -np.log(np.sum(np.exp(-t))),
    ),
)


def _summed_up(reference: Callable[..., Any], probes: Sequence[Probe]) -> Iterator[Hypothesis]:
    """Other ways from the terms to the result, where a result is one number and its terms are those of single entries;
    and from the entries of a result to one number."""
    shapes = {probe.right.shape for probe in probes if probe.ordinary}
    if shapes == {()}:
        terms = [_terms(reference, probe) if probe.kind == "value" else None for probe in probes]
        asks = _WHICH
        yield Hypothesis(
            "not_reduced",
            "one number for each entry or each row",
            "How do the single terms become one number?",
            [returned_as(t) if t else None for t in terms],
            1.3,
        )
    elif all(shape and len(shape) == 1 for shape in shapes):
        terms = [list(p.right.numbers) if p.kind == "value" and p.right.shape else None for p in probes]
        asks = _ONE
    else:
        return
    for name, what, reduce in _REDUCTIONS:
        replies = [_reduced(reduce, t) if t else None for t in terms]
        yield Hypothesis(name, what, asks, replies, 1.3)
    if asks is _ONE:
        for name, what, step in (
            ("added_up", "the running sum of the right entries", np.cumsum),
            ("sorted_result", "the right entries, sorted", np.sort),
            ("reversed_result", "the right entries from back to front", np.flip),
        ):
            yield Hypothesis(name, what, _ORDER, [returned_as(step(np.array(t))) if t else None for t in terms], 1.3)


def _reduced(reduce: Callable[[np.ndarray], Any], terms: Sequence[float]) -> Reply | None:
    with np.errstate(all="ignore"):
        return returned_as(float(reduce(np.array(terms))))


def _terms(reference: Callable[..., Any], probe: Probe) -> list[float] | None:
    """What the right function says of each entry on its own."""
    lengths = {len(value) for value in probe.given.values() if value is not None and np.ndim(value)}
    if len(lengths) != 1 or (length := lengths.pop()) > 400:
        return None
    found = []
    for place in range(length):
        one = {
            n: np.asarray(v)[place : place + 1] if v is not None and np.ndim(v) else v for n, v in probe.given.items()
        }
        reply = replied_to(reference, one)
        if reply.shape != ():
            return None
        found.append(float(reply.numbers[0]))
    return found


OF_SEVERAL = (_ONE, _ORDER, _PARTS)
"""What is asked about all values of a result together, and not about one of them."""


def _in_parts(probes: Sequence[Probe]) -> Iterator[Hypothesis]:
    """The right result in another order, or some of it."""
    counts = {len(parts_of(p.right)) for p in probes if p.ordinary}
    if len(counts) != 1 or not 2 <= (count := counts.pop()) <= 4:
        return
    orders = [order for size in range(1, count + 1) for order in permutations(range(count), size)]
    for order in orders:
        if order == tuple(range(count)):
            continue
        if len(order) == count:
            name, what = "another_order", "made of the right values in another order"
        elif len(order) == 1:
            name, what = "one_part_only", f"only number {order[0] + 1} of the {count} values"
        else:
            name, what = "part_missing", f"only {len(order)} of the {count} values"
        yield Hypothesis(
            name, what, _PARTS, [_picked(p.right, order) if p.kind == "value" else None for p in probes], 1.0
        )
    ends = [
        joined([parts_of(p.right)[0], *[_minus(p.right, k) for k in range(1, count)]])
        if p.kind == "value" and count == 3
        else None
        for p in probes
    ]
    if count == 3:
        yield Hypothesis(
            "relative_to_the_first", "the right values, but the later ones less the first", _PARTS, ends, 1.5
        )


def _picked(reply: Reply, order: Sequence[int]) -> Reply | None:
    parts = parts_of(reply)
    if len(parts) <= max(order):
        return None
    return parts[order[0]] if len(order) == 1 else joined([parts[place] for place in order])


def _minus(reply: Reply, place: int) -> Reply:
    parts = parts_of(reply)
    return Reply(parts[place].form, parts[place].numbers - parts[0].numbers)


def _usable(reply: Reply) -> Reply | None:
    """A changed call that the reference refuses says nothing: a student's function need not refuse it."""
    return None if reply.failed else reply


def differs(hypothesis: Hypothesis, probes: Sequence[Probe]) -> bool:
    """Whether it is wrong on some ordinary probe, and says something to all of them."""
    pairs = [(reply, p.right) for reply, p in zip(hypothesis.replies, probes, strict=True) if p.ordinary]
    return all(reply is not None for reply, _ in pairs) and any(not same(r, t) for r, t in pairs if r is not None)
