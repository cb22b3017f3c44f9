"""What was written down to hold the suites against: right implementations and known wrong ones, by topic."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

from autograder.misconception import Misconception
from benchmarks.trials import UNITS, functions, topics


@cache
def right_ways(topic: str) -> tuple[tuple[str, str, Callable[..., Any]], ...]:
    """The right implementations of a topic's functions: function, name, and the implementation itself."""
    return tuple((name, way_name(way), way) for name, ways in UNITS[topic].accepted.items() for way in ways)


def way_name(way: Callable[..., Any]) -> str:
    return getattr(way, "__name__", type(way).__name__)


@cache
def catalogued() -> tuple[str, ...]:
    """The topics whose misconceptions are written down."""
    return tuple(topic for topic in topics() if UNITS[topic].misconceptions)


def mistakes(topic: str, function: str) -> tuple[Misconception, ...]:
    return tuple(entry for entry in UNITS[topic].misconceptions if entry.function == function)


def graded_functions() -> tuple[tuple[str, str], ...]:
    """Every (topic, function) that the hidden suites grade and the catalogue covers."""
    return tuple((topic, function) for topic in catalogued() for function in functions(topic))
