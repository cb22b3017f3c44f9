"""The suites' view of a student: functions and classes to call, answers to read. The code itself is beyond the wall."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from types import ModuleType
from typing import Any

from autograder.kit import StudentObject
from autograder.session.dialogue import Respondent, Unusable
from autograder.session.kept import Kept, swapped


class StudentFunction:
    """One function or class of the student's. Calling it gives plain data or an object, or raises what `Session.call`
    raises."""

    def __init__(self, student: Student, name: str) -> None:
        self._student = student
        self._name = name

    def __call__(self, *args: object, **kwargs: object) -> Any:
        return self._student.ask(self._name, args, kwargs)

    def __getattr__(self, name: str) -> StudentFunction:
        """Another way to make an object, such as `student.Line.through(p, q)`."""
        if name.startswith("_"):
            raise AttributeError(name)
        return StudentFunction(self._student, f"{self._name}.{name}")

    def after(self, *args: object, **kwargs: object) -> tuple[Any, ...]:
        """The positional arguments as they are after the call, to see whether the function changed them.

        Always as many as went in, so that a test may unpack them whatever came back."""
        return as_many(args, self._student.ask(self._name, args, kwargs, after=True))


class Student:
    """`student.slope(x, y)` calls the student's function; `student.answer("name")` reads an answer."""

    def __init__(self, session: Respondent, is_method: Callable[[str], bool] = lambda name: False) -> None:
        self._session = session
        self._is_method = is_method
        self.has_objects = False
        """Whether an object of a student's own class was among what came back."""

    def __getattr__(self, name: str) -> StudentFunction:
        if name.startswith("_"):
            raise AttributeError(name)
        return StudentFunction(self, name)

    def answer(self, name: str) -> Any:
        return self._session.answer(name)

    def ask(self, name: str, args: tuple[Any, ...], kwargs: Mapping[str, Any], *, after: bool = False) -> Any:
        args, kwargs = swapped((args, dict(kwargs)), StudentObject, _kept)
        return swapped(self._session.call(name, args, kwargs, after=after), Kept, self._object)

    def _object(self, kept: Kept) -> StudentObject:
        def ask(what: str, args: tuple[Any, ...], kwargs: Mapping[str, Any], *, after: bool = False) -> Any:
            own, named = swapped((args, dict(kwargs)), StudentObject, _kept)
            seen = swapped(self._session.use(kept, what, own, named, after=after), Kept, self._object)
            return as_many(args, seen) if after else seen

        self.has_objects = True
        return StudentObject(kept, ask, self._is_method)


def methods_of(reference: ModuleType) -> Callable[[str], bool]:
    """What is called, and not read, of an object: the methods of the reference's own classes."""
    classes = [kind for kind in vars(reference).values() if inspect.isclass(kind)]
    names = frozenset(
        name
        for kind in classes
        if kind.__module__ == reference.__name__
        for name, found in inspect.getmembers(kind)
        if callable(found)
    )
    return lambda name: name in names


def as_many(args: tuple[object, ...], changed: Any) -> tuple[Any, ...]:
    """The arguments as they are after a call: as many as went in, whatever came back."""
    fits = isinstance(changed, tuple) and len(changed) == len(args)
    return changed if fits else (Unusable("other"),) * len(args)


def _kept(it: StudentObject) -> object:
    kept: object = it._kept
    return kept
