"""Who shares code that is rare in the class. Nobody is compared with everybody: a rare run has few who share it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from autograder.classes.similar.prints import Prints

_MOST_TOGETHER = 40
_LEAST_SHARE, _LEAST_RUNS = 0.6, 10
"""Of the rare code, and as much as so many runs that nobody else has: three or four lines."""

_MOST_PAIRS = 3_000_000
"""Of pairs that are counted, rarest runs first: a bound that no ordinary class comes near."""


@dataclass(frozen=True, slots=True)
class Pair:
    """Two students, by their places in the class."""

    one: int
    other: int
    share: float
    """Of the rare code of the one who has less, how much the other has as well, rarer runs counting more."""
    runs: int
    shared: np.ndarray
    """The fingerprints."""


def at_most(students: int) -> int:
    """What more students than this have is no longer rare."""
    return max(3, min(students // 4, _MOST_TOGETHER))


def pairs(found: Sequence[Prints], given: np.ndarray) -> list[Pair]:
    """The pairs to look at, those who share most first. `given` are the fingerprints that everybody was given."""
    own = [one.hashes[~np.isin(one.hashes, given)] for one in found]
    if not any(map(len, own)):
        return []
    hashes = np.concatenate(own)
    students = np.repeat(np.arange(len(own)), list(map(len, own)))
    order = np.argsort(hashes, kind="stable")
    hashes, students = hashes[order], students[order]
    _, starts, counts = np.unique(hashes, return_index=True, return_counts=True)
    most = at_most(len(found))
    rarity = np.log((most + 1) / counts)
    is_rare = counts <= most
    weights = np.repeat(np.where(is_rare, rarity, 0.0), counts)
    whole = np.bincount(students, weights, len(found))
    together: defaultdict[tuple[int, int], list[int]] = defaultdict(list)
    room = _MOST_PAIRS
    shared = np.flatnonzero(is_rare & (counts > 1))
    for place in shared[np.argsort(counts[shared], kind="stable")].tolist():
        start, count = int(starts[place]), int(counts[place])
        room -= count * (count - 1) // 2
        if room < 0:
            break
        for pair in combinations(students[start : start + count].tolist(), 2):
            together[pair].append(start)
    least = _LEAST_RUNS * float(np.log((most + 1) / 2))
    return sorted(
        _enough(together, hashes, weights, whole, least), key=lambda pair: (-pair.share, pair.one, pair.other)
    )


def _enough(
    together: dict[tuple[int, int], list[int]], hashes: np.ndarray, weights: np.ndarray, whole: np.ndarray, least: float
) -> Iterator[Pair]:
    for (one, other), places in together.items():
        if len(places) < _LEAST_RUNS:
            continue
        weight = float(weights[places].sum())
        share = min(weight / float(min(whole[one], whole[other])), 1.0)
        if weight >= least and share >= _LEAST_SHARE:
            yield Pair(one, other, share, len(places), hashes[places])


def groups(found: Sequence[Pair]) -> list[list[Pair]]:
    """Pairs that have a student in common, together; the largest share first."""
    head: dict[int, int] = {}

    def top(student: int) -> int:
        while head.setdefault(student, student) != student:
            student = head[student]
        return student

    for pair in found:
        head[max(top(pair.one), top(pair.other))] = min(top(pair.one), top(pair.other))
    made: defaultdict[int, list[Pair]] = defaultdict(list)
    for pair in found:
        made[top(pair.one)].append(pair)
    return sorted(made.values(), key=lambda group: (-group[0].share, group[0].one))
