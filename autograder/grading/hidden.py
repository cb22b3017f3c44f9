"""One hidden test: what is known of it before anybody is asked, and what a run says of the student."""

from __future__ import annotations

import inspect
import logging
import traceback
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import ModuleType
from typing import Any, get_args

import pytest

from autograder.grading.example import Example, Verdict, chain, stopped, visible
from autograder.grading.local import Local
from autograder.report import Kind
from autograder.session.dialogue import Call, StudentError, call_of
from autograder.wall.both.wire import Unencodable


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
    """What is known before anybody was asked, its visible example among it."""
    call: Call | None
    """What tries the visible example, where that is a single call."""
    after: tuple[tuple[str, str], ...] = ()
    """Cell and name of the tests that have to pass before this one is judged."""


def hidden_test(item: pytest.Function, reference: ModuleType) -> HiddenTest:
    """The test that pytest has collected, with the visible example that its mark names."""
    mark = item.get_closest_marker("hint")
    example, call = _visible_of(item, reference)
    blank = Outcome(
        cell=cell_of(item),
        name=item.name,
        kind=kinds_of(item)[0],
        sentence=" ".join((inspect.getdoc(item.obj) or "").split("\n\n")[0].split()),
        verdict="fault",
        hint=mark.args[0] if mark else None,
        example=example,
        meanings=getattr(item.cls, "meanings", {}),
    )
    return HiddenTest(item, blank, call, _after(item))


def cell_of(item: pytest.Item) -> str:
    """The id of the cell that this test grades."""
    owner = getattr(item, "cls", None)
    return _cell(owner.__name__) if owner else ""


def kinds_of(item: pytest.Item) -> list[Kind]:
    """The marks that say what is tested: one, unless the suite is broken."""
    return [kind for kind in get_args(Kind) if item.get_closest_marker(kind)]


def finding_of(error: BaseException | None) -> Finding:
    """What an exception in a test says of the student.

    What the suite's own code raised is `odd`: either that is a fault of ours, or it comes of what was returned."""
    if error is None:
        return Finding("passed")
    if isinstance(error, AssertionError | pytest.fail.Exception):
        return Finding("wrong")
    if isinstance(error, StudentError):
        return Finding("error")  # not even the error's name: whoever chose it may have known a hidden input
    verdict = stopped(error)
    if verdict:
        return Finding(verdict)
    return Finding("fault" if _is_ours(error) else "odd", type(error).__name__)


def report_fault(error: BaseException) -> None:
    """The words of an error can hold what a student returned, and so what was asked: they are for the log alone."""
    logging.getLogger(__name__).error("a hidden test failed by itself", exc_info=error)


def _is_ours(error: BaseException) -> bool:
    """Whether it came out of what asks the student's process, and not out of the suite or what that wants to send."""
    if isinstance(error, Unencodable):
        return False
    modules = (frame.f_globals.get("__name__", "") for frame, _ in traceback.walk_tb(error.__traceback__))
    return any(name.startswith(("autograder.session", "autograder.wall")) for name in modules)


def _cell(name: str) -> str:
    return name[:1].lower() + name[1:]


def misused(item: pytest.Item) -> str:
    """A kind that was given something else than `after=`, empty where there is none."""
    for kind in get_args(Kind):
        for mark in item.iter_markers(kind):
            names = _names(mark.kwargs.get("after", ()))
            if mark.args or mark.kwargs.keys() - {"after"} or not all(type(name) is str for name in names):
                return f"kit.{kind}"
    return ""


def _names(after: Any) -> tuple[Any, ...]:
    return tuple(after) if isinstance(after, list | tuple) else (after,)


def _after(item: pytest.Function) -> tuple[tuple[str, str], ...]:
    named = [str(name) for mark in item.iter_markers("after") for name in mark.args]
    named += [n for kind in get_args(Kind) for m in item.iter_markers(kind) for n in _names(m.kwargs.get("after", ()))]
    pairs = [name.rpartition(".") for name in named]
    return tuple((_cell(owner) or cell_of(item), test) for owner, _, test in pairs)


def _visible_of(item: pytest.Item, reference: ModuleType) -> tuple[Example | None, Call | None]:
    mark = item.get_closest_marker("example")
    if mark is None:
        return None, None
    args, kwargs = mark.args
    if len(args) == 1 and inspect.isfunction(args[0]) and not kwargs:
        return chain(args[0], Local(vars(reference))), None
    name = cell_of(item).removeprefix("test_")
    right = getattr(reference, name, None)
    if right is None:  # which is said when cells, classes and reference are compared
        return Example(name, args, kwargs), None
    return visible(name, right, args, kwargs), call_of(name, args, kwargs)
