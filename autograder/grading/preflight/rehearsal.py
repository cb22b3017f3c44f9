"""A hidden suite held against its own reference: a test that its reference fails is wrong, whatever students write."""

from __future__ import annotations

import contextlib
import logging
from collections.abc import Iterator, Mapping
from types import ModuleType
from typing import Any

from autograder.grading import suite
from autograder.grading.explanation import first_failed
from autograder.grading.local import Local
from autograder.notebooks.assignment import Assignment
from autograder.report import Kind
from autograder.session.dialogue import NotThere, StudentError, call_of
from autograder.session.kept import Kept, swapped


class Failed(Exception):
    """The suite and its reference do not agree. The message names the test, and says why."""


def hold(assignment: Assignment, seed: int) -> None:
    """Raise `Failed` where the reference does not pass a test of its functions."""
    tasks = [task for task in assignment.tasks if task.is_code]
    if not tasks or assignment.unit is None:
        return
    place = f"{assignment.unit.place}/reference.py"
    module = assignment.unit.reference
    for task in tasks:
        cell, name = task.cell, task.name
        if not callable(getattr(module, name, None)):
            raise Failed(f"`{cell}` carries points, and {place} has no {task.kind} `{name}`.")
        reference = _Reference(module)
        with _kept_quiet() as errors:
            outcomes = suite.run(
                assignment.unit, reference, seed=seed, cells=frozenset({cell}), on_test=reference.begin
            )
        failed = first_failed(outcomes)
        if failed is not None:
            own = _words(errors[0]) if failed.verdict == "fault" and errors else ""
            reason = own or reference.trouble.get(failed.name) or "it says that what the reference returns is wrong"
            raise Failed(
                f"the course's own reference does not pass the hidden test `{failed.name}` of Test_{name}: {reason}. "
                f"Correct the test, or {place}."
            )


class _Reference(Local):
    """Stands where a student stands, with what the reference has and nothing else."""

    def __init__(self, module: ModuleType) -> None:
        super().__init__(vars(module))
        self._test = ""
        self.trouble: dict[str, str] = {}
        """What went wrong last in each test."""

    def begin(self, test: str, kind: Kind) -> None:
        self._test = test

    def call(self, name: str, args: tuple[Any, ...], kwargs: Mapping[str, Any], *, after: bool = False) -> Any:
        _can_cross(args, kwargs)
        try:
            return super().call(name, args, kwargs, after=after)
        except NotThere:
            self.trouble[self._test] = f"it calls `student.{name}`, and there is no such function or class"
            raise
        except StudentError as error:
            self._note(name, error)
            raise

    def use(
        self, kept: Kept, what: str, args: tuple[Any, ...], kwargs: Mapping[str, Any], *, after: bool = False
    ) -> Any:
        _can_cross(args, kwargs)
        try:
            return super().use(kept, what, args, kwargs, after=after)
        except StudentError as error:
            self._note(f"{kept.whose}.{args[0] if what == '.' else what}", error)
            raise

    def _note(self, name: str, error: StudentError) -> None:
        words = f"{error.raised.kind}: {error.raised.message}".rstrip(": ")
        self.trouble[self._test] = f"its call of `{name}` raised {words}"


def _can_cross(args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> None:
    """What cannot cross the wall is a slip of the suite's. Raises `Unencodable`."""
    own, named = swapped((args, dict(kwargs)), Kept, lambda kept: kept.thing)
    call_of("", own, named)


@contextlib.contextmanager
def _kept_quiet() -> Iterator[list[BaseException]]:
    """The errors that tests raised by themselves, which are logged for a grader and become a sentence here."""
    errors: list[BaseException] = []

    def note(record: logging.LogRecord) -> bool:
        if record.exc_info and record.exc_info[1] is not None:
            errors.append(record.exc_info[1])
        return False

    logger = logging.getLogger("autograder.grading.hidden")
    logger.addFilter(note)
    try:
        yield errors
    finally:
        logger.removeFilter(note)


def _words(error: BaseException) -> str:
    return f"{type(error).__name__}: {error}".rstrip(": ").splitlines()[0]
