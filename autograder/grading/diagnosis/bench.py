"""All that the replies of one function are compared with. It depends on no seed and on no student, and is made once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import pairwise
from typing import Any

import numpy as np

from autograder.grading.diagnosis.fit import fits
from autograder.grading.diagnosis.hypothesis import OF_SEVERAL, Hypothesis, composed, differs, known, related, right
from autograder.grading.diagnosis.probe import Probe
from autograder.grading.diagnosis.relation import SCALED, Relation
from autograder.grading.diagnosis.reply import Reply, close, forms_of, parts_of, row_of, same
from autograder.misconception import Misconception

_MOST_TABLES = 24

Places = tuple[int, ...]
"""Which of the probes."""

Rows = tuple[list[Hypothesis], np.ndarray]
"""Hypotheses whose replies have the same forms, and the numbers in these replies, a row each."""


@dataclass(eq=False)
class Bench:
    """The probes of a function, and the hypotheses: the right function, the known mistakes, and what is related."""

    probes: Sequence[Probe]
    plain: Sequence[Hypothesis]
    """The right function first, then the known mistakes in the formula."""
    known: Sequence[Hypothesis]
    """All known mistakes, also those that only show at the edges."""
    more: Callable[[], Sequence[Hypothesis]]
    """What is related to the right function, once somebody asks."""
    deeper: Callable[[], Sequence[Hypothesis]]
    """Two at once, which are many."""
    is_part: bool = False
    """Whether it is about one of several values: what a relation of it means is not what it means of a result."""

    @cached_property
    def ordinary(self) -> Places:
        return tuple(place for place, probe in enumerate(self.probes) if probe.ordinary)

    @cached_property
    def all(self) -> Sequence[Hypothesis]:
        return [*self.plain, *self.more()]

    @cached_property
    def _two_at_once(self) -> Sequence[Hypothesis]:
        return self.deeper()

    @cached_property
    def _tables(self) -> dict[tuple[bool, Places], Mapping[Hashable, Rows]]:
        return {}

    def rows(self, places: Places, replies: Sequence[Reply], *, deep: bool = False) -> Rows | None:
        """The hypotheses whose replies at these places have the forms of these."""
        if (deep, places) not in self._tables:
            if len(self._tables) >= _MOST_TABLES:
                self._tables.clear()
            self._tables[deep, places] = _grouped(self._two_at_once if deep else self.all, places)
        return self._tables[deep, places].get(forms_of(replies))

    @cached_property
    def names(self) -> Mapping[str, Misconception]:
        """The known mistakes that are one relation or one change, by the words for it; none where two would be."""
        found: dict[str, dict[Misconception, None]] = defaultdict(dict)
        if self.is_part:
            return {}
        truth = row_of([self.probes[place].right for place in self.ordinary])
        for mistake in self.plain[1:]:
            assert mistake.entry is not None
            replies = [reply for place in self.ordinary if (reply := mistake.replies[place]) is not None]
            table = self.rows(self.ordinary, replies)
            row = row_of(replies)
            if table is None or not row.size:
                continue
            for other, equal in zip(table[0], np.atleast_1d(close(table[1], row).all(axis=1)), strict=True):
                if equal and other.entry is None and other.name:
                    found[other.what][mistake.entry] = None
            if row.size == truth.size and np.isfinite(row).all() and all(reply.kind == "number" for reply in replies):
                for _, relations in fits(row, truth[None, :], self.sizes(self.ordinary, replies), sample(replies)):
                    if len(relations) == 1:
                        found[relations[0].what][mistake.entry] = None
        return {what: next(iter(entries)) for what, entries in found.items() if len(entries) == 1}

    def sizes(self, places: Places, replies: Sequence[Reply]) -> list[np.ndarray]:
        """For each number in these replies, how many entries its call had: in the first array, and in the second."""
        lengths = [reply.numbers.size for reply in replies]
        both = [(*self.probes[place].sizes, self.probes[place].sizes[0])[:2] for place in places]
        return [np.repeat([size[which] for size in both], lengths) for which in (0, 1)]

    def measures(self, places: Places, replies: Sequence[Reply]) -> list[tuple[Relation, np.ndarray]]:
        """Factors made of the arguments, for results that are one number: the range of `y`, one over it, and so on."""
        if any(reply.shape != () for reply in replies):
            return []
        found = []
        given = [self.probes[place].given for place in places]
        for name in given[0]:
            vectors = [
                np.asarray(g[name], dtype=float)
                for g in given
                if not isinstance(g[name], str) and np.ndim(g[name]) == 1
            ]
            if len(vectors) == len(given):
                with np.errstate(all="ignore"):
                    for what, measure in _MEASURES:
                        values = np.array([measure(vector) for vector in vectors])
                        found.append((_scaled(f"divided by {what} of `{name}`"), 1 / values))
                        found.append((_scaled(f"times {what} of `{name}`"), values))
        return found

    def wrong(self, theirs: Sequence[Reply], places: Places) -> Places:
        return tuple(place for place in places if not same(theirs[place], self.probes[place].right))

    def part(self, places: Places, pick: Callable[[int, Reply], Reply | None], right: Sequence[int] = ()) -> Bench:
        """The bench for some of what each reply at these places holds; `pick` knows which place it is for. Without the
        known mistakes that are wrong about one of the values that are right: their hints speak of all."""
        probes = []
        for number, place in enumerate(places):
            truth = pick(number, self.probes[place].right)
            assert truth is not None
            probes.append(replace(self.probes[place], right=truth, traits=frozenset(), kind="value"))
        every = [one for one in self.all if one.asks not in OF_SEVERAL and not self._spoils(one, places, right)]
        picked = [found for one in every if (found := _part_of(one, places, pick)) is not None]
        wrong = [one for one in picked if one.entry is not None and differs(one, probes)]
        plain = [*(one for one in picked if one.entry is None and not one.name), *wrong]
        rest = [one for one in picked if one.entry is None and one.name]
        return Bench(probes, plain, plain[1:], lambda: rest, lambda: (), is_part=True)

    def _spoils(self, one: Hypothesis, places: Places, right: Sequence[int]) -> bool:
        for place in places if one.entry is not None else ():
            reply = one.replies[place]
            theirs, truth = parts_of(reply) if reply is not None else (), parts_of(self.probes[place].right)
            if len(theirs) == len(truth) and any(not same(theirs[part], truth[part]) for part in right):
                return True
        return False


_MEASURES: tuple[tuple[str, Callable[[np.ndarray], Any]], ...] = (
    ("the range", np.ptp),
    ("the standard deviation", np.std),
    ("the mean", np.mean),
    ("the largest entry", np.max),
    ("the sum", np.sum),
)


def _scaled(words: str) -> Relation:
    return Relation("scaled_by_an_argument", f"{{right}} {words}", SCALED, cost=1.4)


def bench(
    reference: Callable[..., Any],
    others: Mapping[str, Callable[..., Any]],
    entries: Sequence[Misconception],
    probes: Sequence[Probe],
) -> Bench:
    """The bench of one function."""
    mistakes = list(known(entries, probes))
    plain = [right(probes), *(mistake for mistake in mistakes if differs(mistake, probes))]
    return Bench(
        probes,
        plain,
        mistakes,
        lambda: list(related(reference, others, probes)),
        lambda: list(composed(reference, plain[1:], probes)),
    )


def sample(replies: Sequence[Reply]) -> np.ndarray:
    """Columns of a row that come from as many replies as possible."""
    starts = np.cumsum([0, *[reply.numbers.size for reply in replies]])
    ends = list(pairwise(starts))
    firsts = [int(start) for start, end in ends if end > start]
    lasts = [int(end) - 1 for start, end in ends if end > start + 1]
    return np.array((firsts + lasts)[:20], dtype=int)


def _grouped(hypotheses: Sequence[Hypothesis], places: Places) -> Mapping[Hashable, Rows]:
    grouped: dict[Hashable, list[tuple[Hypothesis, np.ndarray]]] = defaultdict(list)
    for hypothesis in hypotheses:
        replies = [reply for place in places if (reply := hypothesis.replies[place]) is not None]
        if len(replies) == len(places):
            grouped[forms_of(replies)].append((hypothesis, row_of(replies)))
    return {forms: ([one for one, _ in rows], np.array([row for _, row in rows])) for forms, rows in grouped.items()}


def _part_of(one: Hypothesis, places: Places, pick: Callable[[int, Reply], Reply | None]) -> Hypothesis | None:
    picked = []
    for number, place in enumerate(places):
        reply = one.replies[place]
        part = None if reply is None else pick(number, reply)
        if part is None:
            return None
        picked.append(part)
    return replace(one, replies=picked)
