"""A hidden suite: collected by pytest once, then run for one student after another, who is in another process.

Pytest's own loop over the tests is not used: it ends with its first class. The session that has collected the tests is
kept, and each test is run by pytest's protocol when somebody asks for it, in the thread that asks.
"""

from __future__ import annotations

import contextlib
import functools
import os
import sys
import threading
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from types import ModuleType
from typing import get_args

import numpy as np
import pytest
from _pytest.config import _prepareconfig

from autograder import kit
from autograder.grading.example import Example, attempt
from autograder.grading.hidden import (
    Finding,
    HiddenTest,
    Outcome,
    cell_of,
    finding_of,
    hidden_test,
    kinds_of,
    misused,
    report_fault,
)
from autograder.grading.local import Local
from autograder.grading.memory import Memory
from autograder.grading.student import Student, methods_of
from autograder.notebooks.units import BrokenUnit, Unit
from autograder.report import Kind
from autograder.session.dialogue import Call, Respondent

Script = Mapping[tuple[str, str], Sequence[Call]]
"""The calls that each test makes of a right function, by cell and test."""

OnTest = Callable[[str, Kind], None]

Examples = Mapping[HiddenTest, Example]
"""What became of the visible examples, by test."""


_NOT_RUN = ("skip", "skipif", "xfail")
"""Marks by which pytest does not run a test, or does not believe it."""


class BrokenSuite(RuntimeError):
    """The suite itself is at fault: it could not be collected, or a test has no kind."""


def run(
    unit: Unit,
    session: Respondent,
    *,
    seed: int,
    cells: frozenset[str],
    kind: Kind | None = None,
    on_test: OnTest | None = None,
    script: Script | None = None,
    untested: frozenset[str] = frozenset(),
    examples: Examples | None = None,
) -> tuple[Outcome, ...]:
    """The outcomes of the tests that grade these cells, or of those of one kind. `on_test` hears of each test before it
    runs, also of those that come before one that is asked for.

    A suite is collected once and then run for one submission after the other. With a script its calls are made in
    advance. What comes after a test of an `untested` cell is not judged. The visible examples are asked first, where
    they have not been. Raises `BrokenSuite`."""
    if examples is None:
        examples = ask_examples(unit, session, cells=cells, in_advance=bool(script))
    return collected(unit).run(_Job(session, seed, cells, kind, on_test, script or {}, untested, examples))


def ask_examples(unit: Unit, session: Respondent, *, cells: frozenset[str], in_advance: bool = False) -> Examples:
    """What these cells' functions make of the visible examples, all calls made in advance or one by one.

    This is what students are shown: to be asked before any call that they must not see. Raises `BrokenSuite`."""
    return collected(unit).examples(session, cells, in_advance=in_advance)


@functools.lru_cache(maxsize=32)
def collected(unit: Unit) -> Suite:
    """The unit's suite, ready to run. Raises `BrokenSuite`."""
    return Suite(unit)


def tests(unit: Unit) -> tuple[Outcome, ...]:
    """What is known of each test of a suite before anybody is asked. Raises `BrokenSuite`."""
    return tuple(test.blank for test in collected(unit).tests)


def with_earlier(unit: Unit, cells: frozenset[str]) -> frozenset[str]:
    """These cells, and all whose tests have to pass before theirs are judged. Raises `BrokenSuite`."""
    earlier = {cell for test in collected(unit).tests if test.blank.cell in cells for cell, _ in test.after}
    return cells if earlier <= cells else with_earlier(unit, cells | earlier)


@dataclass(frozen=True, slots=True)
class _Job:
    session: Respondent
    seed: int
    cells: frozenset[str]
    kind: Kind | None
    on_test: OnTest | None
    script: Script
    untested: frozenset[str]
    examples: Examples


class Suite:
    """A suite that pytest has collected."""

    def __init__(self, unit: Unit) -> None:
        self._plugin = _Plugin(unit)
        self._memory = Memory()
        self._one_at_a_time = threading.Lock()
        path = unit.path
        arguments = [str(path), f"--rootdir={path.parent}", f"--confcutdir={path.parent}", "-c", os.devnull]
        arguments += ["--noconftest", "--capture=no", "--assert=plain", "--strict-markers"]
        # What is left out would write files, print, or change how this process logs and reports its own errors.
        without = "cacheprovider terminal warnings logging faulthandler unraisableexception threadexception junitxml"
        arguments += ["--disable-plugin-autoload", *(f"-pno:{name}" for name in without.split())]
        with _without_pytest_variables():
            try:
                _ = unit.suite  # so that what is wrong with the file is said in our words and not in pytest's
                self.tests = self._collect(arguments)
            except (BrokenUnit, pytest.UsageError) as error:
                raise BrokenSuite(f"the hidden suite of {unit.name} cannot be used: {error}") from error

    def run(self, job: _Job) -> tuple[Outcome, ...]:
        tests = [test for test in self.tests if test.blank.cell in job.cells and job.kind in (None, test.blank.kind)]
        with self._one_at_a_time, _without_pytest_variables(), self._leniency():
            known: dict[HiddenTest, Outcome] = {}
            return tuple(self._outcome(job, test, known) for test in tests)

    def examples(self, session: Respondent, cells: frozenset[str], *, in_advance: bool) -> Examples:
        tests = [test for test in self.tests if test.blank.cell in cells]
        with self._one_at_a_time, _without_pytest_variables(), self._leniency():
            return self._examples(session, tests, in_advance)

    @contextlib.contextmanager
    def _leniency(self) -> Iterator[None]:
        """Comparisons are as lenient as the unit's course."""
        lenient = self._plugin.unit.leniency
        before = kit.lenient.set((lenient.rtol, lenient.atol))
        try:
            yield
        finally:
            kit.lenient.reset(before)

    def _collect(self, arguments: list[str]) -> tuple[HiddenTest, ...]:
        # What pytest.main does around its own loop. Its session is never ended: it goes with this process.
        config = _prepareconfig(arguments, [self._plugin])
        config._do_configure()
        session = pytest.Session.from_config(config)
        config.hook.pytest_sessionstart(session=session)
        config.hook.pytest_collection(session=session)
        if self._plugin.trouble:
            raise pytest.UsageError(self._plugin.trouble)
        tests = tuple(self._hidden(item) for item in session.items if isinstance(item, pytest.Function))
        self._by_name = {(test.blank.cell, test.blank.name): test for test in tests}
        _hold_order(self._by_name)
        return tests

    def _hidden(self, item: pytest.Function) -> HiddenTest:
        try:
            return hidden_test(item, self._plugin.unit.reference)
        except BrokenUnit:
            raise
        except Exception as error:  # the suite's own code, or the reference's, which may do anything
            words = f"{type(error).__name__}: {error}"
            raise pytest.UsageError(f"the visible example of {_named(item)} cannot be computed ({words})") from error

    def _examples(self, session: Respondent, tests: Sequence[HiddenTest], in_advance: bool) -> Examples:
        shown = [(test, test.blank.example) for test in tests if test.blank.example is not None]
        calls = [test.call for test, _ in shown if test.call is not None]
        replies = iter((session.ahead(calls) if in_advance else None) or ())
        found = {}
        for test, example in shown:
            reply = next(replies, None) if test.call is not None else None
            ask = functools.partial(attempt, session, example)
            found[test] = ask() if reply is None else self._memory.example(test, reply, ask)
        return found

    def _outcome(self, job: _Job, test: HiddenTest, known: dict[HiddenTest, Outcome]) -> Outcome:
        """What becomes of a test, and before it of those that it comes after."""
        if test not in known:
            blank = replace(test.blank, example=job.examples.get(test))
            earlier = [self._by_name[place] for place in test.after]
            before = [self._outcome(job, one, known) for one in earlier if one.blank.cell in job.cells]
            before += [replace(one.blank, verdict="missing") for one in earlier if one.blank.cell in job.untested]
            failed = next((outcome for outcome in before if outcome.verdict != "passed"), None)
            if failed is not None:
                known[test] = replace(blank, verdict="unjudged", cause=failed.cause or failed)
            else:
                calls = job.script.get((test.blank.cell, test.blank.name), ())
                found = self._finding(job, test, calls)
                known[test] = replace(
                    blank,
                    verdict=found.verdict,
                    detail=found.detail,
                    asked=found.asked,
                    after=bool(calls) and all(call.after for call in calls),
                )
        return known[test]

    def _finding(self, job: _Job, test: HiddenTest, calls: Sequence[Call]) -> Finding:
        """What the test says. It is a function of its seed and of the replies to its calls, and of nothing else: where
        the same replies came before, from any student, the verdict is known."""
        replies = job.session.ahead(calls) if calls else None
        ask = functools.partial(self._judged, job, test)
        if replies is None:
            return ask()
        return self._memory.verdict(test, job.seed, replies, ask, lasts=lambda: not self._plugin.had_objects)

    def _judged(self, job: _Job, test: HiddenTest) -> Finding:
        """What the test says. Where its objects were lost with their process, it is run once more; where its own code
        raised something and does not do so for the reference, what the student's code returned is what is wrong."""
        found, error = self._plugin.finding(job, test.item)
        if found.verdict == "lost":
            found, error = self._plugin.finding(job, test.item)
        if found.verdict == "lost":
            return Finding("ended")
        if found.verdict == "odd":
            right = replace(job, session=Local(vars(self._plugin.unit.reference)), on_test=None)
            if self._plugin.finding(right, test.item)[0].verdict == "passed":
                return Finding("wrong")
            found = replace(found, verdict="fault")
        if found.verdict == "fault" and error is not None:
            report_fault(error)
        return found


class _Plugin:
    """What the tests get from us, and what pytest tells us of them."""

    def __init__(self, unit: Unit) -> None:
        self.unit = unit
        self.trouble = ""
        self._job: _Job | None = None
        self._student: Student | None = None
        self.had_objects = False
        """Whether the last test had objects of the student's, which can say more than the replies so far."""

    def finding(self, job: _Job, item: pytest.Function) -> tuple[Finding, BaseException | None]:
        """What a test says, and what it raised."""
        self._job = job
        kit.remark.set("")
        kit.asked.set("")
        try:
            if job.on_test is not None:
                job.on_test(item.name, kinds_of(item)[0])
            error = _raised_by(item)
        finally:
            self._let_go()
        said = finding_of(error)
        if said.verdict != "wrong":
            return said, error
        return replace(said, detail=kit.remark.get(), asked=kit.asked.get()), error

    def _let_go(self) -> None:
        """Of the submission: Python keeps the last exception of a failed test, and with it all that it went through."""
        self.had_objects = self._student is not None and self._student.has_objects
        self._job = self._student = None
        for name in ("last_type", "last_value", "last_traceback", "last_exc"):
            sys.__dict__.pop(name, None)

    @pytest.fixture
    def student(self) -> Student:
        assert self._job is not None
        self._student = Student(self._job.session, self._is_method)
        return self._student

    @functools.cached_property
    def _is_method(self) -> Callable[[str], bool]:
        return methods_of(self.unit.reference)

    @pytest.fixture
    def rng(self, request: pytest.FixtureRequest) -> np.random.Generator:
        """Fresh numbers for this test, the same whichever other tests run."""
        assert self._job is not None
        return np.random.default_rng([self._job.seed, zlib.crc32(request.node.nodeid.encode())])

    @pytest.fixture
    def reference(self) -> ModuleType:
        """The unit's right functions."""
        return self.unit.reference

    def pytest_configure(self, config: pytest.Config) -> None:
        for name in (*get_args(Kind), "example", "hint", "after"):
            config.addinivalue_line("markers", f"{name}: see autograder.kit")

    def pytest_pycollect_makemodule(self, module_path: Path, parent: pytest.Collector) -> pytest.Module:
        module: _SuiteModule = _SuiteModule.from_parent(parent, path=module_path)
        module.unit = self.unit
        return module

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        if report.failed:
            self.trouble = f"it could not be collected: {report.longreprtext.strip().splitlines()[-1].lstrip('E ')}"

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        for item in items:
            if len(kinds_of(item)) != 1:
                raise pytest.UsageError(
                    f"{_named(item)} must have exactly one of the marks kit.value, kit.numerical and kit.contract"
                )
            if mark := next((name for name in _NOT_RUN if item.get_closest_marker(name)), None):
                raise pytest.UsageError(f"{_named(item)} has the mark {mark}. A hidden test runs for everybody")
            if kind := misused(item):
                raise pytest.UsageError(
                    f"{kind} at {_named(item)} takes nothing but after=, the name of a test or a list of them"
                )
        # A function that already failed its value tests may be slow or broken: the cheap question comes first.
        items.sort(key=lambda item: (cell_of(item), get_args(Kind).index(kinds_of(item)[0])))


def _raised_by(item: pytest.Function) -> BaseException | None:
    """Run a test, and say what stopped it. This is what pytest does for one, but for its three reports of each,
    which nobody reads."""
    if not item._request:  # it ran before
        item._initrequest()
    prepared = item.session._setupstate
    error = None
    try:
        try:
            prepared.setup(item)
            item.runtest()
        except (KeyboardInterrupt, pytest.exit.Exception):
            raise
        except BaseException as raised:
            error = raised
        with contextlib.suppress(Exception):
            prepared.teardown_exact(None)
    finally:
        item._request = item.funcargs = None  # type: ignore[assignment]
    return error


def _hold_order(tests: Mapping[tuple[str, str], HiddenTest]) -> None:
    """Each test comes after tests that are there, and none after itself."""
    for place, test in tests.items():
        for earlier in test.after:
            if earlier not in tests:
                raise pytest.UsageError(f"{_named(test.item)} comes after {_words(earlier)}, and there is no such test")
        seen, waiting = set[tuple[str, str]](), list(test.after)
        while waiting:
            earlier = waiting.pop()
            if earlier == place:
                raise pytest.UsageError(f"{_named(test.item)} comes after itself, by way of after")
            if earlier not in seen and earlier in tests:
                seen.add(earlier)
                waiting += tests[earlier].after


def _words(place: tuple[str, str]) -> str:
    cell, name = place
    return f"`{name}` of {cell[:1].upper()}{cell[1:]}"


def _named(item: pytest.Item) -> str:
    """A test by its class and name, as its author looks for it."""
    owner = getattr(item, "cls", None)
    return f"`{item.name}`" + (f" of {owner.__name__}" if owner is not None else "")


class _SuiteModule(pytest.Module):
    """The suite's module as the unit imports it, beside its reference, and not as pytest would."""

    unit: Unit

    def _getobj(self) -> ModuleType:
        return self.unit.suite


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
