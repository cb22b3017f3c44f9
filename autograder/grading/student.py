"""The suites' view of a student: functions to call and answers to read. The code itself is beyond the wall."""

from __future__ import annotations

from typing import Any

from autograder.session.answers import Answers, Unusable


class StudentFunction:
    """One function of the student's. Calling it gives plain data, or raises what `Session.call` raises."""

    def __init__(self, session: Answers, name: str) -> None:
        self._session = session
        self._name = name

    def __call__(self, *args: object, **kwargs: object) -> Any:
        return self._session.call(self._name, args, kwargs)

    def after(self, *args: object, **kwargs: object) -> tuple[Any, ...]:
        """The positional arguments as they are after the call, to see whether the function changed them.

        Always as many as went in, so that a test may unpack them whatever came back."""
        changed = self._session.call(self._name, args, kwargs, after=True)
        fits = isinstance(changed, tuple) and len(changed) == len(args)
        return changed if fits else (Unusable("other"),) * len(args)


class Student:
    """`student.slope(x, y)` calls the student's function; `student.answer("name")` reads an answer."""

    def __init__(self, session: Answers) -> None:
        self._session = session

    def __getattr__(self, name: str) -> StudentFunction:
        if name.startswith("_"):
            raise AttributeError(name)
        return StudentFunction(self._session, name)

    def answer(self, name: str) -> Any:
        return self._session.answer(name)
