"""Runs a hidden suite with pytest, in this process, against a student who is in another one."""

from __future__ import annotations

import contextlib
import importlib
import inspect
import os
import zlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType
from typing import Any, Literal, Protocol, get_args

import numpy as np
import pytest

from autograder.report import Kind
from autograder.session import Ended, NotThere, StudentError, Timeout
from autograder.student import Student
from autograder.suites import kit

Verdict = Literal["passed", "wrong", "error", "timeout", "ended", "missing", "fault"]


class BrokenSuite(RuntimeError):
    """The suite itself is at fault: it could not be collected, or a test has no kind."""


@dataclass(frozen=True, slots=True)
class Example:
    """A visible call: what was called, what is right, and what the student's function made of it."""

    name: str
    args: tuple[Any, ...]
    kwargs: Mapping[str, Any]
    expected: Any = None
    """The right value; where `raises` is set, there is none."""
    raises: bool = False
    verdict: Verdict = "passed"
    returned: Any = None
    raised: StudentError | None = None


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


class Answers(Protocol):
    """Whoever answers a suite's questions: a student's session, or the reference itself."""

    def call(self, name: str, args: tuple[Any, ...], kwargs: Mapping[str, Any], *, after: bool = False) -> Any: ...

    def answer(self, name: str) -> Any: ...


def run(
    path: Path,
    session: Answers,
    *,
    seed: int,
    cells: frozenset[str],
    on_test: Callable[[str, Kind], None] | None = None,
) -> tuple[Outcome, ...]:
    """The outcomes of the tests that grade these cells. `on_test` hears of each test before it runs.

    Raises `BrokenSuite`."""
    plugin = _Plugin(session, seed, cells, on_test)
    arguments = [str(path), f"--rootdir={path.parent}", f"--confcutdir={path.parent}", "-c", os.devnull]
    arguments += ["--import-mode=importlib", "--noconftest", "--capture=no", "--assert=plain", "--strict-markers"]
    arguments += ["--disable-plugin-autoload", *(f"-pno:{name}" for name in ("cacheprovider", "terminal", "warnings"))]
    with _without_pytest_variables():
        status = pytest.main(arguments, plugins=[plugin])
    if status not in (pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED, pytest.ExitCode.NO_TESTS_COLLECTED):
        raise BrokenSuite(f"the hidden suite {path.stem!r} could not be run ({plugin.trouble or status.name})")
    if plugin.trouble:
        raise BrokenSuite(plugin.trouble)
    return tuple(plugin.outcomes)


class _Plugin:
    def __init__(
        self, session: Answers, seed: int, cells: frozenset[str], on_test: Callable[[str, Kind], None] | None
    ) -> None:
        self._session = session
        self._on_test = on_test
        self._seed = seed
        self._cells = cells
        self._examples: dict[str, Example] = {}
        self._verdicts: dict[str, tuple[Verdict, str]] = {}
        self.outcomes: list[Outcome] = []
        self.trouble = ""

    @pytest.fixture
    def student(self) -> Student:
        return Student(self._session)

    @pytest.fixture
    def rng(self, request: pytest.FixtureRequest) -> np.random.Generator:
        """Fresh numbers for this test, the same whichever other tests run."""
        return np.random.default_rng([self._seed, zlib.crc32(request.node.nodeid.rpartition("/")[2].encode())])

    def pytest_configure(self, config: pytest.Config) -> None:
        for name in (*get_args(Kind), "example", "hint"):
            config.addinivalue_line("markers", f"{name}: see autograder.suites.kit")

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        if report.failed:
            self.trouble = f"a hidden suite could not be collected: {report.longreprtext.strip().splitlines()[-1]}"

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        items[:] = [item for item in items if _cell_of(item) in self._cells]
        for item in items:
            if len(_kinds_of(item)) != 1:
                self.trouble = f"the hidden test {item.name!r} is not of exactly one kind"
        # A function that already failed its value tests may be slow or broken: the cheap question comes first.
        items.sort(
            key=lambda item: (_cell_of(item), get_args(Kind).index(_kinds_of(item)[0]) if _kinds_of(item) else 9)
        )

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        """All visible examples, before the first hidden input: what a student's function says to them can leak none."""
        for item in session.items:
            mark = item.get_closest_marker("example")
            if mark is not None:
                self._examples[item.nodeid] = _try_example(self._session, item, *mark.args)

    def pytest_runtest_setup(self, item: pytest.Item) -> None:
        if self._on_test is not None:
            self._on_test(item.name, _kinds_of(item)[0])

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(self, item: pytest.Item, call: pytest.CallInfo[None]) -> Iterator[None]:
        report = yield
        if call.when == "call" or (call.excinfo is not None and item.nodeid not in self._verdicts):
            self._verdicts[item.nodeid] = _verdict(call.excinfo)
        if call.when == "teardown":
            self._record(item)
        return report

    def _record(self, item: pytest.Item) -> None:
        verdict, detail = self._verdicts[item.nodeid]
        mark = item.get_closest_marker("hint")
        self.outcomes.append(
            Outcome(
                cell=_cell_of(item),
                name=item.name,
                kind=_kinds_of(item)[0],
                sentence=" ".join((inspect.getdoc(item.obj) or "").split("\n\n")[0].split()),  # type: ignore[attr-defined]
                verdict=verdict,
                hint=mark.args[0] if mark else None,
                example=self._examples.get(item.nodeid),
                meanings=getattr(item.cls, "meanings", {}),  # type: ignore[attr-defined]
                detail=detail,
            )
        )


def reference_of(path: Path, name: str) -> Callable[..., Any]:
    """The reference's function of this name, for the suite that lies at this path."""
    return getattr(importlib.import_module(f"autograder.reference.{path.stem}"), name)


def _cell_of(item: pytest.Item) -> str:
    name = item.cls.__name__ if getattr(item, "cls", None) else ""  # type: ignore[attr-defined]
    return name[:1].lower() + name[1:]


def _kinds_of(item: pytest.Item) -> list[Kind]:
    return [kind for kind in get_args(Kind) if item.get_closest_marker(kind)]


def _verdict(excinfo: pytest.ExceptionInfo[BaseException] | None) -> tuple[Verdict, str]:
    """What an exception in a test says of the student; anything the suite itself got wrong is a fault of ours."""
    if excinfo is None:
        return "passed", ""
    error = excinfo.value
    if isinstance(error, AssertionError | pytest.fail.Exception):
        return "wrong", ""
    if isinstance(error, StudentError):
        return "error", error.raised.kind
    for kind, verdict in ((Timeout, "timeout"), (Ended, "ended"), (NotThere, "missing")):
        if isinstance(error, kind):
            return verdict, ""  # type: ignore[return-value]
    return "fault", f"{type(error).__name__}: {error}"


def _try_example(session: Answers, item: pytest.Item, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Example:
    name = _cell_of(item).removeprefix("test_")
    module: ModuleType = item.module  # type: ignore[attr-defined]
    expected, raises = None, False
    try:
        expected = getattr(module.reference, name)(*args, **kwargs)
    except ValueError:
        raises = True
    example = {"name": name, "args": args, "kwargs": kwargs, "expected": expected, "raises": raises}
    try:
        returned = session.call(name, args, kwargs)
    except StudentError as error:
        right = raises and isinstance(error, ValueError)
        return Example(**example, verdict="passed" if right else "error", raised=error)
    except (Timeout, Ended, NotThere) as error:
        return Example(**example, verdict=_verdict(pytest.ExceptionInfo.from_exception(error))[0])
    right = not raises and _matches(returned, expected)
    return Example(**example, verdict="passed" if right else "wrong", returned=returned)


def _matches(returned: Any, expected: Any) -> bool:
    if isinstance(expected, tuple) and isinstance(returned, list | tuple):
        return len(returned) == len(expected) and all(map(_matches, returned, expected))
    if isinstance(expected, str):
        return returned == expected
    return kit.same(returned, expected)


@contextlib.contextmanager
def _without_pytest_variables() -> Iterator[None]:
    """Options that the caller set for their own tests are none of the hidden suites' business."""
    kept = {name: os.environ.pop(name) for name in list(os.environ) if name.startswith("PYTEST_")}
    try:
        yield
    finally:
        for name in [name for name in os.environ if name.startswith("PYTEST_")]:
            del os.environ[name]
        os.environ.update(kept)
