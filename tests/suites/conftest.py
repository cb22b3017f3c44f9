"""Runs a hidden suite on functions of this very process: for the suites' own tests, where nothing needs a wall."""

from __future__ import annotations

import copy
import importlib
import inspect
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

import numpy as np
import pytest

KINDS = ("value", "numerical", "contract")


@dataclass(frozen=True)
class Outcome:
    """What one hidden test said about one set of functions."""

    candidate: str
    cell: str
    test: str
    kind: str
    passed: bool


class _Function:
    """One function of the stand-in: copies go in, as they do on the way through a wall."""

    def __init__(self, function: Callable) -> None:
        self._function = function

    def __call__(self, *args: object, **kwargs: object) -> object:
        with np.errstate(all="ignore"):
            return self._function(*copy.deepcopy(args), **copy.deepcopy(kwargs))

    def after(self, *args: object, **kwargs: object) -> tuple[object, ...]:
        given = copy.deepcopy(args)
        with np.errstate(all="ignore"):
            self._function(*given, **kwargs)
        return given


class StandIn:
    """What `student` is in a real run, without the other process."""

    def __init__(self, names: Mapping[str, object]) -> None:
        self._names = names

    def __getattr__(self, name: str) -> _Function:
        if name.startswith("__") or name not in self._names:
            raise AttributeError(name)
        return _Function(self._names[name])

    def answer(self, name: str) -> object:
        return self._names[name]


class _Plugin:
    """Asks every test for every candidate that has the function or answer that the test's cell grades."""

    def __init__(self, candidates: Mapping[str, Mapping[str, object]], seeds: Iterable[int]) -> None:
        self.candidates, self.seeds = candidates, list(seeds)
        self.outcomes: list[Outcome] = []

    def pytest_generate_tests(self, metafunc: pytest.Metafunc) -> None:
        graded = metafunc.cls.__name__.removeprefix("Test_")
        able = [name for name, names in self.candidates.items() if graded in names]
        metafunc.parametrize("candidate", able, indirect=True)
        metafunc.parametrize("seed", self.seeds, indirect=True)
        metafunc.fixturenames.extend({"candidate", "seed"} - set(metafunc.fixturenames))

    @pytest.fixture
    def candidate(self, request: pytest.FixtureRequest) -> str:
        return request.param

    @pytest.fixture
    def seed(self, request: pytest.FixtureRequest) -> int:
        return request.param

    @pytest.fixture
    def student(self, candidate: str) -> StandIn:
        return StandIn(self.candidates[candidate])

    @pytest.fixture
    def rng(self, seed: int) -> np.random.Generator:
        return np.random.default_rng(seed)

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(self, item: pytest.Item, call: pytest.CallInfo) -> object:
        report = yield
        if call.when == "call":
            (kind,) = [kind for kind in KINDS if item.get_closest_marker(kind)]
            cell = item.cls.__name__
            name = item.callspec.params["candidate"]
            self.outcomes.append(Outcome(name, cell, item.originalname, kind, report.passed))
        elif report.failed:
            raise RuntimeError(f"the stand-in failed during {call.when}: {report.longrepr}")
        return report


@pytest.fixture(scope="session")
def trial() -> Callable[..., list[Outcome]]:
    """Run a suite on candidates, {name: {function or answer: what it is}}, with each seed."""

    def run(suite: str, candidates: Mapping[str, Mapping[str, object]], seeds: Iterable[int] = (1, 2)) -> list[Outcome]:
        module = importlib.import_module(f"autograder.suites.{suite}")
        plugin = _Plugin(candidates, seeds)
        quiet = ["-qqq", "--no-header", "--no-summary", "--tb=no", "--color=no", "-p", "no:cacheprovider"]
        pytest.main([*quiet, "-p", "no:hypothesispytest", inspect.getfile(module)], plugins=[plugin])
        assert plugin.outcomes, f"no test of the suite {suite} ran"
        return plugin.outcomes

    return run
