"""A stand-in for a student whose functions and classes are in this process: the author's own, never a student's."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from autograder.session.dialogue import Call, Ended, Lost, NotThere, Raised, StudentError, StudentValueError, Unusable
from autograder.session.kept import LIVES, Kept, swapped
from autograder.wall.both.objects import Full, Table, Thing, named, use
from autograder.wall.both.wire import Unencodable, WireError, decode, encode

_HEAP = 1 << 9
"""Python's flag for a class that was written in Python, and not in C."""


class Local:
    """Replies to a suite as a session does. What goes in and comes out crosses as it would cross the wall."""

    def __init__(self, functions: Mapping[str, Callable[..., Any]], answers: Mapping[str, Any] | None = None) -> None:
        self._functions = functions
        self._answers = answers or {}
        self._objects = Table(lambda kind: bool(kind.__flags__ & _HEAP))
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
        thing = self._there(kept)
        try:
            it = self._objects.object(thing)
        except IndexError:
            raise Ended(kept.whose) from None
        return self._came_of(lambda *own, **named: use(it, what, own, named), kept.whose, args, kwargs, after=after)

    def answer(self, name: str) -> Any:
        if name not in self._answers:
            raise NotThere(name)
        return self._back(self._answers[name], name)

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
        sent = encode(swapped([args, dict(kwargs)], Kept, self._there))
        try:
            given: Any = decode(sent, self._objects)
        except WireError:  # an object that was never given out
            raise Ended(whose) from None
        own, by_name = given
        with np.errstate(all="ignore"):
            try:
                returned = function(*own, **by_name)
            except Exception as error:
                raised = Raised(type(error).__name__, isinstance(error, ValueError), str(error), "")
                raise (StudentValueError if raised.is_value_error else StudentError)(raised) from None
        return self._back(own if after else returned, whose)

    def _there(self, kept: Kept) -> Thing:
        if kept.life != self._life:
            raise Lost(kept.whose)
        return kept.thing

    def _back(self, value: Any, whose: str) -> Any:
        try:
            crossed = decode(encode(value, objects=self._objects))
        except Unencodable as error:
            return Unusable(error.category)
        except Full:
            raise Ended(whose) from None
        return swapped(crossed, Thing, lambda thing: Kept(thing, self._life, whose))
