"""This course's units by topic, and their hidden suites held against functions of this very process."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

from autograder.grading import suite
from autograder.grading.hidden import Outcome
from autograder.grading.local import Local
from autograder.notebooks import units

COURSE = Path(__file__).resolve().parents[1]
UNITS = {
    name.partition("-")[2]: units.find(COURSE, name)
    for name in sorted(path.name for path in (COURSE / "course").iterdir() if units.has(COURSE, path.name))
}
"""The units of this course, by topic: `rmse` for `02-rmse`."""


def topics() -> tuple[str, ...]:
    """The topics that have a hidden suite."""
    return tuple(UNITS)


@cache
def functions(topic: str) -> tuple[str, ...]:
    """The functions that a topic grades: what has hidden tests and a reference."""
    names = dict.fromkeys(test.cell.removeprefix("test_") for test in suite.tests(UNITS[topic]))
    return tuple(name for name in names if hasattr(UNITS[topic].reference, name))


def outcomes(topic: str, function: str, candidate: Callable[..., Any], seed: int) -> tuple[Outcome, ...]:
    """What the hidden tests of a function say of a candidate."""
    student = Local({function: candidate})
    return suite.run(UNITS[topic], student, seed=seed, cells=frozenset({f"test_{function}"}))


def failed_tests(topic: str, function: str, candidate: Callable[..., Any], seed: int) -> tuple[Outcome, ...]:
    """The hidden tests that a candidate fails. What fails by itself is raised."""
    said = outcomes(topic, function, candidate, seed)
    faults = [outcome for outcome in said if outcome.verdict == "fault"]
    if faults:
        raise RuntimeError(f"{topic}: {faults[0].name} fails by itself: {faults[0].detail}")
    return tuple(outcome for outcome in said if outcome.verdict != "passed")
