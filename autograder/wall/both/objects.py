"""Objects that stay where they are: numbers that stand for them, and what can be asked of them from the other side.

Standard library only. Both sides of the wall use this, and so does the author's own lane, where there is no wall.
"""

from __future__ import annotations

import itertools
import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

MOST = 50_000
"""Objects of one process that are kept. They are kept as long as it lives, so that a number always means the same."""

_MOST_ITEMS = 10_000
"""Of what comes out of an object that is looped over."""


_VALUES = (bool, int, float, str, list, tuple, dict, type(None))
"""What a message is made of."""


@dataclass(frozen=True, slots=True)
class Thing:
    """Stands for an object on the side where it is not. Two are equal where they stand for the same one."""

    number: int
    kind: str = field(compare=False)
    """The name of its class. That is the student's word."""


class Full(Exception):
    """No more objects are kept. The process that has made them ends, and so they cost their own class alone."""


class Table:
    """The objects of one process that the other side has a number for.

    Everything is found by `id`: a class that says of its objects that they are all equal changes nothing."""

    def __init__(self, keeps: Callable[[type], bool]) -> None:
        """`keeps` says of a class whether its objects stay here."""
        self._keeps = keeps
        self._objects: list[object] = []
        self._numbers: dict[int, int] = {}
        self._kinds: dict[int, type] = {}

    def thing(self, value: object) -> Thing | None:
        """What stands for this object, None where it is none of those that stay here. Raises `Full`."""
        kind = type(value)
        if not self.has_kind(kind) and not self._keeps(kind):
            return None
        number = self._numbers.get(id(value))
        if number is None:
            if len(self._objects) >= MOST:
                raise Full
            number = self._numbers[id(value)] = len(self._objects)
            self._objects.append(value)
            self.learn(kind)
        return Thing(number, str(kind.__name__)[:100])

    def learn(self, kind: type) -> None:
        """From now on, objects of this class stay here even where they are lists, numbers or text as well. Python's own
        lists are none: a class may be another name for one of them, and messages are made of them."""
        if kind not in _VALUES:
            self._kinds[id(kind)] = kind

    def has_kind(self, kind: type) -> bool:
        return id(kind) in self._kinds

    def object(self, thing: Thing) -> object:
        """The object that it stands for. Raises `IndexError`."""
        return self._objects[thing.number]


def named(names: Mapping[str, Any], dotted: str) -> Any:
    """What is behind a name such as `fit` or `Ridge.from_rows`. Raises `LookupError` or what its class raises."""
    first, *rest = dotted.split(".")
    found = names[first]
    for name in rest:
        found = getattr(found, name)
    return found


def use(it: Any, what: str, args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> Any:
    """Call a method of an object, or do with it what a sign or a word of `OPERATIONS` says."""
    if what in OPERATIONS:
        return OPERATIONS[what](it, *args, **kwargs)
    return getattr(it, what)(*args, **kwargs)


OPERATIONS: Mapping[str, Callable[..., Any]] = {
    ".": getattr,
    "()": lambda it, *args, **kwargs: it(*args, **kwargs),
    "[]": operator.getitem,
    "in": operator.contains,
    "==": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": operator.truediv,
    "//": operator.floordiv,
    "%": operator.mod,
    "**": operator.pow,
    "@": operator.matmul,
    "of +": lambda it, other: other + it,
    "of -": lambda it, other: other - it,
    "of *": lambda it, other: other * it,
    "of /": lambda it, other: other / it,
    "of @": lambda it, other: other @ it,
    "neg": operator.neg,
    "abs": abs,
    "len": len,
    "bool": bool,
    "int": int,
    "float": float,
    "str": str,
    "repr": repr,
    "hash": hash,
    "list": lambda it: list(itertools.islice(it, _MOST_ITEMS)),
}
"""What Python writes without a method's name. `of +` has the object on the right."""
