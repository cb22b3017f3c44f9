"""`python -m benchmarks.seeds [FOLDER …]`: the same code, the same grade. What another seed changes, over all that is
written down: right ways, known mistakes, variations, and the cases in the folders.

A verdict is one function's in one test. It should be the same on every seed."""

from __future__ import annotations

import sys
import warnings
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from autograder.grading.diagnosis.inquiry import diagnose
from autograder.grading.grade import score
from autograder.grading.local import Local
from benchmarks.foreign import cases
from benchmarks.trials import UNITS, outcomes
from benchmarks.ways import Way, ways

SEEDS = range(50)
POINTS = 100.0
MOST_SCORE = 0.02
MOST_UNDECIDED = 0.001


@dataclass(frozen=True, slots=True)
class Spread:
    """What the seeds made of one way: by test how often it passed, the scores, and the names."""

    way: Way
    passed: dict[str, int]
    kinds: tuple[frozenset[str], ...]
    """The kinds of tests that failed, seed by seed."""
    scores: frozenset[float]
    names: frozenset[str | None]
    seeds: int

    @property
    def undecided(self) -> dict[str, int]:
        """The tests that pass on some seeds and not on others, and on how many they pass."""
        return {test: count for test, count in self.passed.items() if 0 < count < self.seeds}

    @property
    def steady(self) -> bool:
        return not self.undecided and len(self.scores) == 1 and len(self.names) <= 1


def spread(way: Way, seeds: Iterable[int] = SEEDS) -> Spread:
    """What the seeds make of one way. It is asked for its name with every tenth."""
    passed: dict[str, int] = defaultdict(int)
    kinds, scores, names = [], set(), set()
    for seed in seeds:
        said = outcomes(way.topic, way.function, way.way, seed)
        for outcome in said:
            passed[outcome.name] += outcome.verdict == "passed"
        kinds.append(frozenset(outcome.kind for outcome in said if outcome.verdict != "passed"))
        scores.add(score(said, POINTS))
        if kinds[-1] and seed % 10 == 0:
            student = Local({way.function: way.way})
            found = diagnose(UNITS[way.topic], f"test_{way.function}", said, student, {}).finding
            names.add(found.name if found else None)
    return Spread(way, dict(passed), tuple(kinds), frozenset(scores), frozenset(names), len(kinds))


def summary(found: Sequence[Spread]) -> str:
    """What differs from seed to seed, in two sentences and a list."""
    tests = sum(len(one.passed) for one in found)
    undecided = sum(len(one.undecided) for one in found)
    scores = sum(max(one.scores) - min(one.scores) > MOST_SCORE * POINTS for one in found)
    names = sum(len(one.names) > 1 for one in found)
    lines = [
        f"{len(found)} functions, {tests} verdicts of a function in a test, {len(SEEDS)} seeds: {undecided} verdicts "
        f"differ from seed to seed ({undecided / tests:.2%}), {scores} scores by more than {MOST_SCORE:.0%} of the "
        f"points, and {names} names. What remains:",
        "",
    ]
    for one in found:
        if not one.steady:
            passes = ", ".join(f"passes `{test}` with {count} of {one.seeds}" for test, count in one.undecided.items())
            lines.append(f"- `{one.way.function}`, {one.way.name}: {passes or 'another name'}")
    return "\n".join(lines if len(lines) > 2 else [lines[0].replace(" What remains:", "")])


def kept(found: Sequence[Spread]) -> bool:
    tests, undecided = (
        sum(map(len, each)) for each in zip(*((one.passed, one.undecided) for one in found), strict=True)
    )
    far = any(max(one.scores) - min(one.scores) > MOST_SCORE * POINTS for one in found)
    return undecided <= MOST_UNDECIDED * tests and not far and all(len(one.names) <= 1 for one in found)


def main() -> int:
    every = [*ways(), *(case.way for folder in sys.argv[1:] for case in cases(Path(folder)))]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        found = [spread(way) for way in every]
    print(summary(found))
    return 0 if kept(found) else 1


if __name__ == "__main__":
    sys.exit(main())
