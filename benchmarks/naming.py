"""How well the diagnosis names mistakes: wrong implementations from outside of the catalogue, in this process.

They lie in `tests/diagnosis/variations/`: other code for a catalogued mistake, two mistakes at once, mistakes that
nobody wrote down, and nonsense. To add one, decorate it with its topic, its function, and the names that would be right
to say; with none where silence is right.
"""

from __future__ import annotations

import runpy
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from autograder.grading.diagnosis.finding import Finding
from autograder.grading.diagnosis.inquiry import diagnose
from autograder.grading.local import Local
from benchmarks.trials import UNITS, outcomes
from benchmarks.written import catalogued

VARIATIONS = Path(__file__).parents[1] / "tests" / "diagnosis" / "variations"
SEEDS = (11, 12, 13)


@dataclass(frozen=True, slots=True)
class Variation:
    """A wrong implementation, and the names of the catalogued mistakes that it makes; of two, either may be said."""

    topic: str
    function: str
    way: Callable[..., Any]
    right: frozenset[str]

    @property
    def name(self) -> str:
        return f"{self.function}: {self.way.__name__}"


def variation(topic: str, function: str, *right: str) -> Callable[[Callable[..., Any]], Variation]:
    return lambda way: Variation(topic, function, way, frozenset(right))


@dataclass(frozen=True, slots=True)
class Named:
    """What was said of one wrong implementation with one seed."""

    variation: Variation
    seed: int
    said: Finding | None

    @property
    def verdict(self) -> str:
        """A relation and a broken promise are true wherever they are said: they are found by computing."""
        if self.said is None or (self.said.layer != "catalogue" and self.said.name not in self.variation.right):
            return "nothing missed" if not self.variation.right else "missed"
        return "right" if {self.said.name, self.said.also} & self.variation.right else "wrong"


def measured(seeds: Iterable[int] = SEEDS) -> tuple[Named, ...]:
    """All variations of the topics that have a catalogue, with each seed."""
    return tuple(
        Named(variation, seed, finding_for(variation.topic, variation.function, variation.way, seed))
        for variation in variations()
        for seed in seeds
    )


@cache
def variations() -> tuple[Variation, ...]:
    written = [value for path in sorted(VARIATIONS.glob("*.py")) for value in runpy.run_path(str(path)).values()]
    return tuple(value for value in written if isinstance(value, Variation) and value.topic in catalogued())


def name_for(topic: str, function: str, way: Callable[..., Any], seed: int) -> str | None:
    """What the diagnosis says of this function. Raises `ValueError` where the function passes all tests."""
    found = finding_for(topic, function, way, seed)
    return found and found.name


def finding_for(topic: str, function: str, way: Callable[..., Any], seed: int) -> Finding | None:
    """The same with all that is known of it."""
    said = outcomes(topic, function, way, seed)
    if all(outcome.verdict == "passed" for outcome in said):
        raise ValueError(f"{topic}.{function} passes: {way}")
    return diagnose(UNITS[topic], f"test_{function}", said, Local({function: way}), {}).finding
