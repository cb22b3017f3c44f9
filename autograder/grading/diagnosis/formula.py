"""What is wrong with a formula: the simplest explanation that fits the replies to all ordinary probes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import combinations

import numpy as np

from autograder.grading.diagnosis.bench import Bench, Places, sample
from autograder.grading.diagnosis.finding import Finding, explained
from autograder.grading.diagnosis.fit import fits
from autograder.grading.diagnosis.hypothesis import Hypothesis
from autograder.grading.diagnosis.probe import Probe
from autograder.grading.diagnosis.promise import broken
from autograder.grading.diagnosis.relation import Relation
from autograder.grading.diagnosis.reply import Reply, close, constant, row_of, same

_MOST_COST = 3.4
"""An explanation that takes more is no explanation."""

_NEARLY = 1e-6, 1e-6
"""Relatively and absolutely: so near to the right result only its last digits can be explained."""

_LEAST = 2
"""So many probes have to be wrong, or nothing is named."""

_FEWER = ("without_the_first", "without_the_last")
_LIMITS = ("size_only", "not_below_0", "not_above_1")
"""What is done to the right result, or to none: together with a mistake it would be found by chance."""

_ODD = (
    "times_root_n",
    "over_root_n",
    "times_n_minus_1",
    "over_n_plus_1",
    "scaled_by_an_argument",
    "fixed_divisor",
)
"""What undoes a known mistake rather than being a second one."""


_LEAST_COUNTS = 4
"""The same for one of two mistakes at once, where the results are whole numbers, which agree by chance."""

_LIKE, _AHEAD, _LEAST_LIKE = 0.8, 0.2, 4
"""A known mistake that does not fit everywhere is named where it explains this share of what is wrong, so much more
than the next one, and so many replies."""

Explanation = tuple[float, Hypothesis, tuple[Relation, ...]]
"""What it costs to believe it, and what it is."""


def formula(bench: Bench, theirs: Sequence[Reply], places: Places) -> Finding | None:
    """The simplest explanation of the replies at these places."""
    if len(bench.wrong(theirs, places)) < _LEAST:
        return None
    replies = [theirs[place] for place in places]
    best = _best(theirs, places, list(explanations(bench, replies, places)))
    if best is not None:
        return _with_edges(bench, theirs, *best)
    return _of_two(bench, replies, places) or _deep(bench, replies, places)


def explanations(bench: Bench, replies: Sequence[Reply], places: Places) -> Iterator[Explanation]:
    """All hypotheses that fit these replies, by themselves or by a relation."""
    row = row_of(replies)
    if not row.size or constant(replies):
        return
    rows = bench.rows(places, replies)
    if rows is None:
        return
    hypotheses, table = rows
    truth = row_of([bench.probes[place].right for place in places])
    # Within these limits the relations would say of the right result that it is another one, turned back.
    near = truth.size == row.size and bool(close(truth, row, *_NEARLY).all())
    words = any(reply.kind == "text" for reply in replies)
    for place in np.flatnonzero(close(table, row).all(axis=1)):
        if hypotheses[place].name and not (words and _is_fitted(hypotheses[place])):
            yield hypotheses[place].cost, hypotheses[place], ()
    if row.size < 3 or not np.isfinite(row).all() or words:
        return
    for which, relations in fits(
        row, table, bench.sizes(places, replies), sample(replies), bench.measures(places, replies)
    ):
        hypothesis = hypotheses[which]
        # Of a known mistake that is changed twice or more the name says too little.
        if hypothesis.entry is not None and (len(relations) > 1 or any(one.name in _ODD for one in relations)):
            continue
        # Where a place is counted, one entry fewer and one more is no explanation.
        if hypothesis.name in _FEWER and any(relation.name == "plus_constant" for relation in relations):
            continue
        if hypothesis.name and any(relation.name in _LIMITS for relation in relations):
            continue
        if near and (hypothesis.name or [relation.name for relation in relations] != ["rounded"]):
            continue
        cost = hypothesis.cost + sum(relation.cost for relation in relations)
        if relations and cost <= _MOST_COST:
            yield cost, hypothesis, relations


def _is_fitted(one: Hypothesis) -> bool:
    """Whether a number or a rounding was tried until it fitted: a few words agree with one of many by chance."""
    return one.entry is None and (one.parameter is not None or one.name in ("whole_numbers", "short_floats"))


def _best(
    theirs: Sequence[Reply], places: Places, found: Sequence[Explanation]
) -> tuple[Hypothesis, tuple[Relation, ...]] | None:
    """The simplest one; of two known mistakes as simple, the one that fits better at the edges, if one does."""
    if not found:
        return None
    least = min(cost for cost, _, _ in found)
    best = [(hypothesis, relations) for cost, hypothesis, relations in found if cost <= least + 1e-9]
    if len({(one.name, one.parameter) for one, _ in best}) == 1 or best[0][0].entry is None:
        return best[0]
    elsewhere = [place for place in range(len(theirs)) if place not in set(places)]
    agreed = [sum(agrees(hypothesis, theirs, place) for place in elsewhere) for hypothesis, _ in best]
    first = [pair for pair, count in zip(best, agreed, strict=True) if count == max(agreed)]
    if len({hypothesis.name for hypothesis, _ in first}) == 1:
        return first[0]
    return _best(theirs, places, [one for one in found if one[0] > least + 1e-9])


def _with_edges(
    bench: Bench, theirs: Sequence[Reply], hypothesis: Hypothesis, relations: tuple[Relation, ...]
) -> Finding:
    """The finding, with the name of what goes wrong at an edge although this formula does not say so."""
    finding = explained(bench, hypothesis, relations)
    if finding.also is not None or relations:
        return finding
    for probe, reply, own in zip(bench.probes, theirs, hypothesis.replies, strict=True):
        odd = reply.failed or not np.isfinite(reply.numbers).all()
        if (
            odd
            and probe.kind == "value"
            and probe.traits
            and not probe.twin
            and own is not None
            and not same(reply, own)
        ):
            return replace(finding, also=broken(probe, reply))
    return finding


def _of_two(bench: Bench, replies: Sequence[Reply], places: Places) -> Finding | None:
    """Two known mistakes at once: where one changes nothing the other is seen, and where both do, both factors are, or
    both differences. None where several pairs would do."""
    theirs, truth = row_of(replies), row_of([bench.probes[place].right for place in places])
    if constant(replies) or truth.size != theirs.size:
        return None
    rows = bench.rows(places, replies)
    if rows is None:
        return None
    wrong, hits = ~close(rows[1], truth), close(rows[1], theirs)
    right_there = close(theirs, truth)
    suspects = [number for number, one in enumerate(rows[0]) if one.entry is not None]
    counts = bool((truth == np.round(truth)).all())  # where factors and differences fit by chance
    least = _LEAST_COUNTS if counts else _LEAST
    found = []
    for one, other in combinations(suspects, 2):
        only_one, only_other = wrong[one] & ~wrong[other], wrong[other] & ~wrong[one]
        both, neither = wrong[one] & wrong[other], ~(wrong[one] | wrong[other])
        if not (hits[one][only_one].all() and hits[other][only_other].all() and right_there[neither].all()):
            continue
        if both.any() and not counts:
            with np.errstate(all="ignore"):
                predicted = rows[1][one] * rows[1][other] / truth, rows[1][one] + rows[1][other] - truth
            if both.sum() < 3 or not any(close(each[both], theirs[both]).all() for each in predicted):
                continue
        elif both.any() or only_one.sum() < least or only_other.sum() < least:
            continue
        found.append((rows[0][one], rows[0][other]))
    if not found or len({one.name for one, _ in found}) > 1:
        return None
    first, second = found[0]
    return replace(explained(bench, first), also=second.name)


def _deep(bench: Bench, replies: Sequence[Reply], places: Places) -> Finding | None:
    """A known mistake together with a change of the arguments, or summed up. They are many, so that they are only made
    for replies that one of them could explain."""
    row = row_of(replies)
    if not row.size or constant(replies):
        return None
    rows = bench.rows(places, replies, deep=True)
    if rows is None:
        return None
    found = np.flatnonzero(close(rows[1], row).all(axis=1))
    return explained(bench, rows[0][found[0]]) if found.size else None


def each_way(bench: Bench, theirs: Sequence[Reply], places: Places) -> Finding | None:
    """What is wrong on each way through the function, where an argument chooses one: the first, and the next one."""
    ways = defaultdict(list)
    for place in places:
        ways[bench.probes[place].group].append(place)
    if len(ways) < 2:
        return None
    found = [
        on_one_way(bench, finding, some) for some in ways.values() if (finding := formula(bench, theirs, tuple(some)))
    ]
    if not found:
        return None
    others = [finding.name for finding in found if finding.name != found[0].name]
    return replace(found[0], also=found[0].also or (others[0] if others else None))


def on_one_way(bench: Bench, finding: Finding, places: Sequence[int]) -> Finding:
    """The finding with the way through the function that it is true of, where these places all lie on one: the option
    that chooses it, or the parameters that are passed."""
    options, own_options = ({_options(bench.probes[place]) for place in some} for some in (bench.ordinary, places))
    passed, own_passed = ({frozenset(bench.probes[n].passed) for n in some} for some in (bench.ordinary, places))
    words = ""
    if len(own_options) == 1 < len(options):
        words = "With " + " and ".join(f"`{name}` = '{value}'" for name, value in next(iter(own_options)))
    elif len(options) == len(own_passed) == 1 < len(passed):
        least, most = frozenset.intersection(*passed), frozenset.union(*passed)
        own = next(iter(own_passed)) - least
        names = " and ".join(f"`{name}`" for name in sorted(own or most - least))
        words = f"Where {names} {'is' if own else 'is not'} passed"
    if not words or finding.hint is None or finding.name == "another_default":
        return finding
    return replace(finding, hint=finding.hint.replace("Your result", f"{words}, your result", 1))


def _options(probe: Probe) -> tuple[tuple[str, str], ...]:
    return tuple((name, value) for name, value in probe.given.items() if isinstance(value, str))


def like(bench: Bench, theirs: Sequence[Reply]) -> Finding | None:
    """The known mistake that explains most of what is wrong, where no other one comes near."""
    asked = tuple(place for place, probe in enumerate(bench.probes) if probe.kind == "value" and not probe.twin)
    if constant([theirs[place] for place in asked]):
        return None
    wrong, shares = set(bench.wrong(theirs, asked)), []
    for hypothesis in bench.plain[1:]:
        own = {place for place in asked if differs_at(hypothesis, bench, place)}
        agreed = sum(agrees(hypothesis, theirs, place) for place in wrong & own)
        shares.append((agreed / max(1, len(wrong | own)), agreed, hypothesis))
    shares.sort(key=lambda share: -share[0])
    if not shares or shares[0][0] < _LIKE or shares[0][1] < _LEAST_LIKE:
        return None
    others = [share for share, _, one in shares if one.name != shares[0][2].name]
    return explained(bench, shares[0][2]) if not others or others[0] <= shares[0][0] - _AHEAD else None


def agrees(hypothesis: Hypothesis, theirs: Sequence[Reply], place: int, *, fine: bool = False) -> bool:
    reply = hypothesis.replies[place]
    return reply is not None and same(reply, theirs[place], fine=fine)


def differs_at(hypothesis: Hypothesis, bench: Bench, place: int, *, fine: bool = False) -> bool:
    """Whether the hypothesis is wrong there."""
    reply = hypothesis.replies[place]
    return reply is not None and not same(reply, bench.probes[place].right, fine=fine)
