"""`python -m benchmarks.seeds [FOLDER …]`: the same code, the same grade. What another seed changes, over all that is
written down: right ways, known mistakes, variations, and the cases in the folders.

A verdict is one function's in one test. It should be the same on every seed."""

from __future__ import annotations

import sys
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from autograder.grading.diagnosis.inquiry import diagnose
from autograder.grading.grade import score
from autograder.grading.local import Local
from benchmarks.naming import variations
from benchmarks.trials import UNITS, outcomes
from benchmarks.written import catalogued, graded_functions, mistakes, right_ways, way_name

SEEDS = range(50)
POINTS = 100.0


@dataclass(frozen=True, slots=True)
class Way:
    """One implementation, and where it comes from."""

    topic: str
    function: str
    name: str
    way: Callable[..., Any]


@dataclass(frozen=True, slots=True)
class Spread:
    """What the seeds made of one way: by test how often it passed, the scores, and the names."""

    way: Way
    passed: dict[str, int]
    scores: frozenset[float]
    names: frozenset[str | None]
    seeds: int

    @property
    def undecided(self) -> dict[str, int]:
        """The tests that pass on some seeds and not on others, and on how many they pass."""
        return {test: count for test, count in self.passed.items() if 0 < count < self.seeds}

    @property
    def steady(self) -> bool:
        return not self.undecided and len(self.scores) == len(self.names) == 1


def ways() -> Iterator[Way]:
    """All that is written down for this course."""
    for topic, function in graded_functions():
        for owner, _, way in right_ways(topic):
            if owner == function:
                yield Way(topic, function, f"accepted {way_name(way)}", way)
        for entry in mistakes(topic, function):
            yield Way(topic, function, f"mistake {entry.name}", entry.answer)
    for variation in variations():
        if variation.topic in catalogued():
            yield Way(variation.topic, variation.function, f"variation {variation.way.__name__}", variation.way)


def spread(way: Way, seeds: Iterable[int] = SEEDS) -> Spread:
    """What the seeds make of one way."""
    passed: dict[str, int] = defaultdict(int)
    scores, names, count = set(), set(), 0
    for seed in seeds:
        said = outcomes(way.topic, way.function, way.way, seed)
        count += 1
        for outcome in said:
            passed[outcome.name] += outcome.verdict == "passed"
        scores.add(score(said, POINTS))
        wrong = any(outcome.verdict != "passed" for outcome in said)
        cell, student = f"test_{way.function}", Local({way.function: way.way})
        found = diagnose(UNITS[way.topic], cell, said, student, {}).finding if wrong and seed % 10 == 0 else None
        if wrong and seed % 10 == 0:
            names.add(found.name if found else None)
    return Spread(way, dict(passed), frozenset(scores), frozenset(names or {None}), count)


def main() -> int:
    from benchmarks.foreign import cases

    every = [*ways(), *(case.way for folder in sys.argv[1:] for case in cases(Path(folder)))]
    tests = undecided = scores = names = 0
    for way in every:
        found = spread(way)
        tests += len(found.passed)
        undecided += len(found.undecided)
        scores += max(found.scores) - min(found.scores) > 0.02 * POINTS
        names += len(found.names) > 1
        if not found.steady:
            print(
                f"{way.function} {way.name}: {found.undecided} {sorted(found.scores)} {sorted(map(str, found.names))}",
                flush=True,
            )
    share = undecided / tests
    print(
        f"{len(every)} ways, {len(SEEDS)} seeds: {undecided} of {tests} verdicts differ ({share:.2%}), "
        f"{scores} scores by more than 2 % of the points, {names} names."
    )
    return 0 if undecided <= 0.001 * tests and not scores and not names else 1


if __name__ == "__main__":
    sys.exit(main())
