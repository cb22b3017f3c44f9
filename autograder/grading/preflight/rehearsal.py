"""A hidden suite held against its own reference: a test that its reference fails is wrong, whatever students write."""

from __future__ import annotations

import contextlib
import copy
import logging
from collections.abc import Iterator, Mapping, Sequence
from types import ModuleType
from typing import Any

from autograder.grading import suite
from autograder.grading.explanation import first_failed
from autograder.notebooks.assignment import Assignment
from autograder.report import Kind
from autograder.session.answers import Call, NotThere, Raised, StudentError, StudentValueError, call_of


class Failed(Exception):
    """The suite and its reference do not agree. The message names the test, and says why."""


def hold(assignment: Assignment, seed: int) -> None:
    """Raise `Failed` where the reference does not pass a test of its functions."""
    names = {task.cell: task.name for task in assignment.tasks if task.kind == "function"}
    if not names or assignment.unit is None:
        return
    place = f"course/{assignment.name}/reference.py"
    module = assignment.unit.reference
    for cell, name in names.items():
        if not callable(getattr(module, name, None)):
            raise Failed(f"`{cell}` carries points, and {place} has no function `{name}`.")
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


class _Reference:
    """Stands where a student stands, with the functions of the reference and nothing else."""

    def __init__(self, module: ModuleType) -> None:
        self._module = module
        self._test = ""
        self.trouble: dict[str, str] = {}
        """What went wrong last in each test."""

    def begin(self, test: str, kind: Kind) -> None:
        self._test = test

    def call(self, name: str, args: tuple[Any, ...], kwargs: Mapping[str, Any], *, after: bool = False) -> Any:
        function = getattr(self._module, name, None)
        if not callable(function):
            self.trouble[self._test] = f"it calls `student.{name}`, and there is no such function"
            raise NotThere(name)
        call_of(name, args, kwargs, after=after)  # what cannot cross the wall is a slip of the suite's
        given = copy.deepcopy(args)
        try:
            returned = function(*given, **copy.deepcopy(dict(kwargs)))
        except Exception as error:
            self.trouble[self._test] = f"its call of `{name}` raised {_words(error)}"
            raised = Raised(type(error).__name__, isinstance(error, ValueError), "", "")
            raise (StudentValueError if raised.is_value_error else StudentError)(raised) from error
        return given if after else returned

    def answer(self, name: str) -> Any:
        raise NotThere(name)

    def ahead(self, calls: Sequence[Call]) -> None:
        """Nobody has to be waited for here."""


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
