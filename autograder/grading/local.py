"""A stand-in for a student whose functions and classes are in this process: the author's own, never a student's."""

from __future__ import annotations

import copy
import numbers
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any

import numpy as np

from autograder.session.dialogue import Call, Ended, Lost, NotThere, Raised, StudentError, StudentValueError, Unusable
from autograder.session.kept import LIVES, Kept, swapped
from autograder.wall.both.objects import Full, Table, Thing, named, use

_HEAP = 1 << 9
"""Python's flag for a class that was written in Python, and not in C."""


class Local:
    """Replies to a suite as a session does. What goes in and out is copied, as the wall's messages do it."""

    def __init__(self, functions: Mapping[str, Callable[..., Any]], answers: Mapping[str, Any] | None = None) -> None:
        self._functions = functions
        self._answers = answers or {}
        self._objects = Table(lambda kind: bool(kind.__flags__ & _HEAP) and not issubclass(kind, Unusable))
        self._life = next(LIVES)

    def call(self, name: str, args: tuple[Any, ...], kwargs: Mapping[str, Any], *, after: bool = False) -> Any:
        try:
            function = named(self._functions, name)
        except (LookupError, AttributeError):
            raise NotThere(name) from None
        if isinstance(function, type):
            self._objects.learn(function)
        return self._came_of(function, name, args, kwargs, after=after)

    def use(
        self, kept: Kept, what: str, args: tuple[Any, ...], kwargs: Mapping[str, Any], *, after: bool = False
    ) -> Any:
        it = self._here(kept)
        return self._came_of(lambda *own, **named: use(it, what, own, named), kept.whose, args, kwargs, after=after)

    def answer(self, name: str) -> Any:
        if name not in self._answers:
            raise NotThere(name)
        return copy.deepcopy(self._answers[name])

    def ahead(self, calls: Sequence[Call]) -> None:
        """Nothing is gained by asking in advance."""

    def _came_of(
        self,
        function: Callable[..., Any],
        whose: str,
        args: tuple[Any, ...],
        kwargs: Mapping[str, Any],
        *,
        after: bool,
    ) -> Any:
        copied = (tuple(map(across, args)), {key: across(value) for key, value in kwargs.items()})
        given, by_name = swapped(copied, Kept, self._here)
        with np.errstate(all="ignore"):
            try:
                returned = function(*given, **by_name)
            except Exception as error:
                raised = Raised(type(error).__name__, isinstance(error, ValueError), str(error), "")
                raise (StudentValueError if raised.is_value_error else StudentError)(raised) from None
        try:
            back = across(given if after else returned, self._objects)
        except Full:
            raise Ended(whose) from None
        return swapped(back, Thing, lambda thing: Kept(thing, self._life, whose))

    def _here(self, kept: Kept) -> object:
        if kept.life != self._life:
            raise Lost(kept.whose)
        return self._objects.object(kept.thing)


def across(value: Any, objects: Table | None = None) -> Any:
    """The value as it is on the other side of the wall; see `autograder.wall.both.wire`."""
    if value is None or type(value) in (bool, int, float, Kept):
        return value
    if objects is not None and objects.has_kind(type(value)):
        return objects.thing(value)
    if isinstance(value, np.ndarray | np.generic):
        array = np.array(value)
        if array.dtype.kind in "US":
            return str(array) if array.shape == () else Unusable("other")
        return array if array.dtype.kind in "biuf" else Unusable("other")
    if isinstance(value, list | tuple):
        items = [across(item, objects) for item in value]
        return items if type(value) is list else tuple(items)
    if isinstance(value, bool | int | float | str):
        return next(plain(value) for plain in (bool, int, float, str) if isinstance(value, plain))
    if isinstance(value, numbers.Real | Decimal):
        return float(value)
    return (objects.thing(value) if objects is not None else None) or Unusable("other")
