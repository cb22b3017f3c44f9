"""Runs a hidden suite with pytest, in this process, against a student who is in another one."""

from __future__ import annotations

import contextlib
import functools
import importlib
import inspect
import logging
import os
import queue
import threading
import zlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, get_args

import numpy as np
import pytest

from autograder.example import Answers, Example, Verdict, attempt, stopped
from autograder.report import Kind
from autograder.session import StudentError
from autograder.student import Student


class BrokenSuite(RuntimeError):
    """The suite itself is at fault: it could not be collected, or a test has no kind."""


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
    """What went wrong where the suite itself is at fault."""


def run(
    path: Path,
    session: Answers,
    *,
    seed: int,
    cells: frozenset[str],
    on_test: Callable[[str, Kind], None] | None = None,
) -> tuple[Outcome, ...]:
    """The outcomes of the tests that grade these cells. `on_test` hears of each test before it runs.

    A suite is collected once and then run for one submission after the other. Raises `BrokenSuite`."""
    return _collected(path, path.stat().st_mtime_ns).run(_Job(session, seed, cells, on_test))


@dataclass(frozen=True, slots=True)
class _Job:
    session: Answers
    seed: int
    cells: frozenset[str]
    on_test: Callable[[str, Kind], None] | None


@functools.cache
def _collected(path: Path, _changed: int) -> _Collected:
    return _Collected(path)


class _Collected:
    """A suite that pytest has collected and that waits, in a thread of its own, inside pytest's loop over the tests."""

    def __init__(self, path: Path) -> None:
        self._plugin = _Plugin()
        self._one_at_a_time = threading.Lock()
        arguments = [str(path), f"--rootdir={path.parent}", f"--confcutdir={path.parent}", "-c", os.devnull]
        arguments += ["--import-mode=importlib", "--noconftest", "--capture=no", "--assert=plain", "--strict-markers"]
        # What is left out would write files, print, or change how this process logs and reports its own errors.
        without = "cacheprovider terminal warnings logging faulthandler unraisableexception threadexception junitxml"
        arguments += ["--disable-plugin-autoload", *(f"-pno:{name}" for name in without.split())]
        with _without_pytest_variables():
            threading.Thread(target=self._loop, args=(arguments,), name=f"suite {path.stem}", daemon=True).start()
            first = self._plugin.results.get()
        if isinstance(first, BrokenSuite):
            raise BrokenSuite(f"the hidden suite {path.stem!r} cannot be used: {first}") from first

    def run(self, job: _Job) -> tuple[Outcome, ...]:
        with self._one_at_a_time, _without_pytest_variables():
            self._plugin.jobs.put(job)
            result = self._plugin.results.get()
        if isinstance(result, BaseException):
            raise result
        return result

    def _loop(self, arguments: list[str]) -> None:
        status = pytest.main(arguments, plugins=[self._plugin])
        self._plugin.results.put(BrokenSuite(self._plugin.trouble or f"pytest ended with {status!r}"))


class _Plugin:
    """Runs each job's tests as pytest would, and notes what came of them."""

    def __init__(self) -> None:
        self.jobs: queue.SimpleQueue[_Job] = queue.SimpleQueue()
        self.results: queue.SimpleQueue[tuple[Outcome, ...] | BaseException] = queue.SimpleQueue()
        self.trouble = ""

    @pytest.fixture
    def student(self) -> Student:
        return Student(self._job.session)

    @pytest.fixture
    def rng(self, request: pytest.FixtureRequest) -> np.random.Generator:
        """Fresh numbers for this test, the same whichever other tests run."""
        return np.random.default_rng([self._job.seed, zlib.crc32(request.node.nodeid.rpartition("/")[2].encode())])

    def pytest_configure(self, config: pytest.Config) -> None:
        for name in (*get_args(Kind), "example", "hint"):
            config.addinivalue_line("markers", f"{name}: see autograder.suites.kit")
        config.option.tbstyle = "value"  # nobody reads pytest's tracebacks here, and the long ones take their time

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        if report.failed:
            self.trouble = f"it could not be collected: {report.longreprtext.strip().splitlines()[-1]}"

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        for item in items:
            if len(_kinds_of(item)) != 1:
                self.trouble = f"the test {item.name!r} is not of exactly one kind"
                raise pytest.UsageError(self.trouble)
        # A function that already failed its value tests may be slow or broken: the cheap question comes first.
        items.sort(key=lambda item: (_cell_of(item), get_args(Kind).index(_kinds_of(item)[0])))

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        if self.trouble:
            return True
        self.results.put(())  # collected, and ready
        while True:
            self._job = self.jobs.get()
            try:
                self.results.put(self._run([item for item in session.items if _cell_of(item) in self._job.cells]))
            except BaseException as error:
                self.results.put(error)

    def _run(self, items: list[pytest.Item]) -> tuple[Outcome, ...]:
        self._verdicts: dict[str, tuple[Verdict, str]] = {}
        self._outcomes: list[Outcome] = []
        # All visible examples before the first hidden input: what a function says to them can leak none.
        self._examples = {item.nodeid: self._example(item) for item in items}
        for item, following in zip(items, [*items[1:], None], strict=True):
            item.ihook.pytest_runtest_protocol(item=item, nextitem=following)
        return tuple(self._outcomes)

    def _example(self, item: pytest.Item) -> Example | None:
        mark = item.get_closest_marker("example")
        if mark is None:
            return None
        name = _cell_of(item).removeprefix("test_")
        return attempt(self._job.session, name, getattr(item.module.reference, name), *mark.args)  # type: ignore[attr-defined]

    def pytest_runtest_setup(self, item: pytest.Item) -> None:
        if self._job.on_test is not None:
            self._job.on_test(item.name, _kinds_of(item)[0])

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
        self._outcomes.append(
            Outcome(
                cell=_cell_of(item),
                name=item.name,
                kind=_kinds_of(item)[0],
                sentence=" ".join((inspect.getdoc(item.obj) or "").split("\n\n")[0].split()),  # type: ignore[attr-defined]
                verdict=verdict,
                hint=mark.args[0] if mark else None,
                example=self._examples[item.nodeid],
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
        return "error", ""  # not even the error's name: whoever chose it may have known a hidden input
    verdict = stopped(error)
    if verdict:
        return verdict, ""
    # The words of an error can hold what a student returned, and so what was asked: they are for the log alone.
    logging.getLogger(__name__).error("a hidden test failed by itself", exc_info=error)
    return "fault", type(error).__name__


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
