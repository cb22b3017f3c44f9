"""Runs a hidden suite with pytest, in this process, against a student who is in another one."""

from __future__ import annotations

import contextlib
import functools
import hashlib
import importlib
import os
import queue
import sys
import threading
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, get_args

import numpy as np
import pytest

from autograder.grading.example import Example, Verdict, attempt
from autograder.grading.hidden import HiddenTest, Outcome, cell_of, hidden_test, kinds_of, verdict_of
from autograder.grading.student import Student
from autograder.report import Kind
from autograder.session.answers import Answers, Call
from autograder.wall.both import wire


class BrokenSuite(RuntimeError):
    """The suite itself is at fault: it could not be collected, or a test has no kind."""


Script = Mapping[tuple[str, str], Sequence[Call]]
"""The calls that each test makes of a right function, by cell and test."""

MOST_KNOWN = 20_000
"""So many findings are remembered."""

_SAID: tuple[Verdict, ...] = ("passed", "wrong", "error")
"""What the replies themselves decide. The others hang on a process, too."""

_MOST_BYTES = 1_000
"""Of a reply that is kept with what it showed: nobody fills the grader's memory with what a function returns."""


def run(
    path: Path,
    session: Answers,
    *,
    seed: int,
    cells: frozenset[str],
    on_test: Callable[[str, Kind], None] | None = None,
    script: Script | None = None,
) -> tuple[Outcome, ...]:
    """The outcomes of the tests that grade these cells. `on_test` hears of each test before it runs.

    A suite is collected once and then run for one submission after the other. With a script its calls are made in
    advance. Raises `BrokenSuite`."""
    return _collected(path, path.stat().st_mtime_ns).run(_Job(session, seed, cells, on_test, script or {}))


def tests(path: Path) -> tuple[Outcome, ...]:
    """What is known of each test of a suite before anybody is asked. Raises `BrokenSuite`."""
    return _collected(path, path.stat().st_mtime_ns).tests


@dataclass(frozen=True, slots=True)
class _Job:
    session: Answers
    seed: int
    cells: frozenset[str]
    on_test: Callable[[str, Kind], None] | None
    script: Script


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
        _forget(path)
        if isinstance(first, BrokenSuite):
            raise BrokenSuite(f"the hidden suite {path.stem!r} cannot be used: {first}") from first
        assert not isinstance(first, BaseException)
        self.tests = first

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
        self._known: dict[tuple[object, ...], Any] = {}

    @pytest.fixture
    def student(self) -> Student:
        return Student(self._job.session)

    @pytest.fixture
    def rng(self, request: pytest.FixtureRequest) -> np.random.Generator:
        """Fresh numbers for this test, the same whichever other tests run."""
        return np.random.default_rng([self._job.seed, zlib.crc32(request.node.nodeid.rpartition("/")[2].encode())])

    def pytest_configure(self, config: pytest.Config) -> None:
        for name in (*get_args(Kind), "example", "hint"):
            config.addinivalue_line("markers", f"{name}: see autograder.kit")
        config.option.tbstyle = "value"  # nobody reads pytest's tracebacks here, and the long ones take their time

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        if report.failed:
            self.trouble = f"it could not be collected: {report.longreprtext.strip().splitlines()[-1].lstrip('E ')}"

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        for item in items:
            if len(kinds_of(item)) != 1:
                self.trouble = (
                    f"{_named(item)} must have exactly one of the marks kit.value, kit.numerical and kit.contract"
                )
                raise pytest.UsageError(self.trouble)
        # A function that already failed its value tests may be slow or broken: the cheap question comes first.
        items.sort(key=lambda item: (cell_of(item), get_args(Kind).index(kinds_of(item)[0])))

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        if self.trouble:
            return True
        tests = []
        for item in session.items:
            try:
                tests.append(hidden_test(item))
            except Exception as error:  # the suite's own code, or the reference's, which may do anything
                words = f"{type(error).__name__}: {error}"
                self.trouble = f"the visible example of {_named(item)} cannot be computed ({words})"
                return True
        self.results.put(tuple(test.blank for test in tests))  # collected, and ready
        while True:
            self._job = self.jobs.get()
            result: tuple[Outcome, ...] | BaseException
            try:
                result = self._run([test for test in tests if test.blank.cell in self._job.cells])
            except BaseException as error:
                result = error
            self._let_go()
            self.results.put(result)
            del result

    def _let_go(self) -> None:
        """Of the submission: Python keeps the last exception of a failed test, and with it all that it went through."""
        del self._job
        for name in ("last_type", "last_value", "last_traceback", "last_exc"):
            sys.__dict__.pop(name, None)

    def _run(self, tests: list[HiddenTest]) -> tuple[Outcome, ...]:
        # All visible examples before the first hidden input: what a function says to them can leak none.
        shown = [(test, *test.shown) for test in tests if test.shown is not None]
        calls = [call for _, _, call in shown]
        replies = (self._job.session.ahead(calls) if self._job.script else None) or [None] * len(calls)
        examples = {
            test: self._example(test, example, reply) for (test, example, _), reply in zip(shown, replies, strict=True)
        }
        return tuple(self._outcome(test, examples.get(test)) for test in tests)

    def _example(self, test: HiddenTest, example: Example, reply: bytes | None) -> Example:
        """What became of a visible example. The same reply means the same."""
        if reply is None or len(reply) > _MOST_BYTES:
            return attempt(self._job.session, example)
        key = (test, hashlib.blake2b(wire.body(reply), digest_size=16).digest())
        if key in self._known:
            return self._known[key]
        found = attempt(self._job.session, example)
        return self._remember(key, found) if found.verdict in _SAID else found

    def _outcome(self, test: HiddenTest, example: Example | None) -> Outcome:
        verdict, detail = self._verdict(test)
        return replace(test.blank, verdict=verdict, detail=detail, example=example)

    def _verdict(self, test: HiddenTest) -> tuple[Verdict, str]:
        """What the test says. It is a function of its seed and of the replies to its calls, and of nothing else: where
        the same replies came before, from whomever, the verdict is known."""
        calls = self._job.script.get((test.blank.cell, test.blank.name))
        replies = self._job.session.ahead(calls) if calls else None
        if replies is None:
            return self._run_test(test.item)
        digest = hashlib.blake2b(digest_size=16)
        for reply in replies:
            digest.update(wire.body(reply))
        key = (test, self._job.seed, digest.digest())
        if key in self._known:
            return self._known[key]
        verdict = self._run_test(test.item)
        return self._remember(key, verdict) if verdict[0] in _SAID else verdict

    def _remember(self, key: tuple[object, ...], finding: Any) -> Any:
        if len(self._known) >= MOST_KNOWN:
            self._known.clear()
        self._known[key] = finding
        return finding

    def _run_test(self, item: pytest.Item) -> tuple[Verdict, str]:
        self._said: tuple[Verdict, str] | None = None
        item.ihook.pytest_runtest_protocol(item=item, nextitem=None)
        assert self._said is not None
        return self._said

    def pytest_runtest_setup(self, item: pytest.Item) -> None:
        if self._job.on_test is not None:
            self._job.on_test(item.name, kinds_of(item)[0])

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(self, item: pytest.Item, call: pytest.CallInfo[None]) -> Iterator[None]:
        report = yield
        if call.when == "call" or (call.excinfo is not None and self._said is None):
            self._said = verdict_of(call.excinfo)
        return report


def _named(item: pytest.Item) -> str:
    """A test by its class and name, as its author looks for it."""
    owner = getattr(item, "cls", None)
    return f"`{item.name}`" + (f" of {owner.__name__}" if owner is not None else "")


def reference_of(path: Path, name: str) -> Callable[..., Any]:
    """The reference's function of this name, for the suite that lies at this path."""
    return getattr(importlib.import_module(f"autograder.reference.{path.stem}"), name)


def _forget(path: Path) -> None:
    """Take a collected suite out of Python's list of modules. pytest looks there by the file's name alone, and would
    find it in the place of another course's suite, or of its own next version."""
    for name, module in list(sys.modules.items()):
        if getattr(module, "__file__", None) == str(path):
            sys.modules.pop(name, None)


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
