"""A stand-in for a student whose functions are in this process: the author's own, never a student's."""

from __future__ import annotations

import copy
import numbers
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any

import numpy as np

from autograder.session.answers import Call, NotThere, Raised, StudentError, StudentValueError, Unusable


class Local:
    """Answers a suite as a session does. What goes in and out is copied, as the wall's messages do it."""

    def __init__(self, functions: Mapping[str, Callable[..., Any]], answers: Mapping[str, Any] | None = None) -> None:
        self._functions = functions
        self._answers = answers or {}

    def call(self, name: str, args: tuple[Any, ...], kwargs: Mapping[str, Any], *, after: bool = False) -> Any:
        if name not in self._functions:
            raise NotThere(name)
        given = tuple(map(across, args))
        with np.errstate(all="ignore"):
            try:
                returned = self._functions[name](*given, **{key: across(value) for key, value in kwargs.items()})
            except Exception as error:
                raised = Raised(type(error).__name__, isinstance(error, ValueError), str(error), "")
                raise (StudentValueError if raised.is_value_error else StudentError)(raised) from None
        return tuple(map(across, given)) if after else across(returned)

    def answer(self, name: str) -> Any:
        if name not in self._answers:
            raise NotThere(name)
        return copy.deepcopy(self._answers[name])

    def ahead(self, calls: Sequence[Call]) -> None:
        """Nothing is gained by asking in advance."""


def across(value: Any) -> Any:
    """The value as it is on the other side of the wall; see `autograder.wall.both.wire`."""
    if value is None or type(value) in (bool, int, float):
        return value
    if isinstance(value, np.ndarray | np.generic):
        array = np.array(value)
        if array.dtype.kind in "US":
            return str(array) if array.shape == () else Unusable("other")
        return array if array.dtype.kind in "biuf" else Unusable("other")
    if isinstance(value, list | tuple):
        return type(value)(map(across, value)) if type(value) in (list, tuple) else tuple(map(across, value))
    if isinstance(value, bool | int | float | str):
        return next(plain(value) for plain in (bool, int, float, str) if isinstance(value, plain))
    if isinstance(value, numbers.Real | Decimal):
        return float(value)
    return Unusable("other")
