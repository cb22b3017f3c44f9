"""One hidden test: what is known of it before anybody is asked, and what a run says of the student."""

from __future__ import annotations

import inspect
import logging
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import ModuleType
from typing import Any, get_args

import pytest

from autograder.grading.example import Example, Verdict, stopped, visible
from autograder.report import Kind
from autograder.session.answers import Call, StudentError, call_of


@dataclass(frozen=True, slots=True)
class Finding:
    """What one run of a test says of the student."""

    verdict: Verdict
    detail: str = ""
    asked: str = ""


@dataclass(frozen=True, slots=True)
class Outcome:
    """One hidden test's result, with all that is needed to explain it."""

    cell: str
    name: str
    kind: Kind
    sentence: str
    verdict: Verdict
    hint: str | None = None
    example: Example | None = None
    meanings: Mapping[Any, str] = field(default_factory=dict)
    detail: str = ""
    """What went wrong where the suite itself is at fault; where an answer is wrong, what a comparison remarked."""
    cause: Outcome | None = None
    """Of a test that was not judged: the one failure behind it."""
    asked: str = ""
    """What is asked for, where the answer is of another kind."""
    after: bool = False
    """Whether the test looks at what a call leaves of its arguments, and not at what it returns."""


@dataclass(frozen=True, slots=True, eq=False)
class HiddenTest:
    """One test as it was collected."""

    item: pytest.Function
    blank: Outcome
    """What is known before anybody was asked."""
    shown: tuple[Example, Call] | None
    """The visible example, and the call that tries it."""
    after: tuple[tuple[str, str], ...] = ()
    """Cell and name of the tests that have to pass before this one is judged."""


def hidden_test(item: pytest.Function, reference: ModuleType) -> HiddenTest:
    """The test that pytest has collected, with the visible example that its mark names."""
    mark = item.get_closest_marker("hint")
    blank = Outcome(
        cell=cell_of(item),
        name=item.name,
        kind=kinds_of(item)[0],
        sentence=" ".join((inspect.getdoc(item.obj) or "").split("\n\n")[0].split()),
        verdict="fault",
        hint=mark.args[0] if mark else None,
        meanings=getattr(item.cls, "meanings", {}),
    )
    return HiddenTest(item, blank, _visible_of(item, reference), _after(item))


def cell_of(item: pytest.Item) -> str:
    """The id of the cell that this test grades."""
    owner = getattr(item, "cls", None)
    return _cell(owner.__name__) if owner else ""


def kinds_of(item: pytest.Item) -> list[Kind]:
    """The marks that say what is tested: one, unless the suite is broken."""
    return [kind for kind in get_args(Kind) if item.get_closest_marker(kind)]


def finding_of(excinfo: pytest.ExceptionInfo[BaseException] | None) -> Finding:
    """What an exception in a test says of the student; anything the suite itself got wrong is a fault of ours."""
    if excinfo is None:
        return Finding("passed")
    error = excinfo.value
    if isinstance(error, AssertionError | pytest.fail.Exception):
        return Finding("wrong")
    if isinstance(error, StudentError):
        return Finding("error")  # not even the error's name: whoever chose it may have known a hidden input
    verdict = stopped(error)
    if verdict:
        return Finding(verdict)
    # The words of an error can hold what a student returned, and so what was asked: they are for the log alone.
    logging.getLogger(__name__).error("a hidden test failed by itself", exc_info=error)
    return Finding("fault", type(error).__name__)


def _cell(name: str) -> str:
    return name[:1].lower() + name[1:]


def _after(item: pytest.Function) -> tuple[tuple[str, str], ...]:
    named = [str(name) for mark in item.iter_markers("after") for name in mark.args]
    pairs = [name.rpartition(".") for name in named]
    return tuple((_cell(owner) or cell_of(item), test) for owner, _, test in pairs)


def _visible_of(item: pytest.Item, reference: ModuleType) -> tuple[Example, Call] | None:
    mark = item.get_closest_marker("example")
    if mark is None:
        return None
    name = cell_of(item).removeprefix("test_")
    right = getattr(reference, name, None)
    if right is None:
        raise LookupError(f"reference.py has no function `{name}`")
    return visible(name, right, *mark.args), call_of(name, *mark.args)
