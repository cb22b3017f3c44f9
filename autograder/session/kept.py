"""Objects beyond the wall, as this side knows them: which process each lives in, and where it came from."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from autograder.wall.both.objects import Thing
from autograder.words import one_line

LIVES = itertools.count(1)
"""One number for each process, of whomever: no object is ever looked for in another one's process."""


@dataclass(frozen=True, slots=True)
class Kept:
    """An object of a student's that an earlier call returned. Two are equal where they are the same object."""

    thing: Thing
    life: int
    """The process that it lives in."""
    whose: str = field(compare=False)
    """The function or class that it came from."""

    def __repr__(self) -> str:
        return f"<a {one_line(self.thing.kind, 60) or 'thing'} object>"


def holds(value: Any, kind: type) -> bool:
    """Whether something of this class is in the value."""
    if type(value) in (list, tuple, dict):
        return any(holds(item, kind) for item in (value.values() if type(value) is dict else value))
    return type(value) is kind


def swapped(value: Any, kind: type, change: Callable[[Any], Any]) -> Any:
    """The value with everything of this class in it changed."""
    if type(value) is kind:
        return change(value)
    if type(value) in (list, tuple):
        return type(value)(swapped(item, kind, change) for item in value)
    if type(value) is dict:
        return {key: swapped(item, kind, change) for key, item in value.items()}
    return value
