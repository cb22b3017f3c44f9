"""Implementations of the graded functions, right and wrong, and where each comes from."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from benchmarks.naming import variations
from benchmarks.written import catalogued, graded_functions, mistakes, right_ways, way_name


@dataclass(frozen=True, slots=True)
class Way:
    """One implementation, and where it comes from."""

    topic: str
    function: str
    name: str
    way: Callable[..., Any]
    right: bool = False
    breaks: str = ""
    """The kind of test that a known mistake breaks."""


def ways() -> Iterator[Way]:
    """All that is written down for this course."""
    for topic, function in graded_functions():
        for owner, _, way in right_ways(topic):
            if owner == function:
                yield Way(topic, function, f"accepted {way_name(way)}", way, right=True)
        for entry in mistakes(topic, function):
            yield Way(topic, function, f"mistake {entry.name}", entry.wrong, breaks=entry.breaks)
    for variation in variations():
        if variation.topic in catalogued():
            yield Way(variation.topic, variation.function, f"variation {variation.way.__name__}", variation.way)
