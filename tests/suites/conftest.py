"""Runs a hidden suite on functions of this very process: for the suites' own tests, where nothing needs a wall."""

from __future__ import annotations

import copy
import importlib
import inspect
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

import numpy as np
import pytest

from autograder import misconceptions

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


class Promises:
    """What every suite promises, asked of one: `suite` is its name, CORRECT its right implementations."""

    def __init__(self, trial: Callable[..., list[Outcome]]) -> None:
        self._trial = trial

    def right_ones_keep_full_marks(self, suite: str, name: str, implementations: Iterable[Callable]) -> None:
        reference = getattr(importlib.import_module(f"autograder.reference.{suite}"), name)
        found = {f"{number}: {f}": {name: f} for number, f in enumerate((reference, *implementations))}
        assert {(o.candidate, o.test) for o in self._trial(suite, found, range(20)) if not o.passed} == set()

    def known_mistakes_fail_where_they_break(self, suite: str, name: str, at_least: int = 8) -> None:
        entries = [m for m in misconceptions.catalogue(suite) if m.function == name]
        assert len(entries) >= at_least
        assert {m.breaks for m in entries} >= {"value", "contract"}
        seeds = range(5)
        outcomes = [
            (seed, o)
            for seed in seeds
            for o in self._trial(suite, {m.name: {name: m.answer} for m in entries}, [seed])
            if not o.passed
        ]
        caught = {(o.candidate, o.kind, seed) for seed, o in outcomes}
        assert {(m.name, m.breaks, seed) for m in entries for seed in seeds} - caught == set()

    def constants_pass_no_value_test(self, suite: str, name: str, constants: Mapping[str, Callable]) -> None:
        outcomes = self._trial(suite, {text: {name: f} for text, f in constants.items()}, [1, 2])
        assert [(o.candidate, o.test) for o in outcomes if o.kind == "value" and o.passed] == []

    def right_answers_and_no_others_pass(self, suite: str, answers: Mapping[str, object]) -> None:
        module = importlib.import_module(f"autograder.suites.{suite}")
        quizzes = {n.removeprefix("Test_"): c for n, c in vars(module).items() if hasattr(c, "meanings")}
        assert quizzes.keys() == answers.keys()
        loud = {name: answer.upper() if isinstance(answer, str) else answer for name, answer in answers.items()}
        assert all(o.passed for o in self._trial(suite, {"right": answers, "loud": loud}))
        wrong = {
            f"{name}: {answer!r}": {name: answer}
            for name, quiz in quizzes.items()
            for answer in (*quiz.meanings, None, "", "0.6931", [answers[name]], True, float("nan"))
        }
        assert [o.candidate for o in self._trial(suite, wrong, [1]) if o.passed] == []


@pytest.fixture(scope="session")
def promises(trial: Callable[..., list[Outcome]]) -> Promises:
    return Promises(trial)
