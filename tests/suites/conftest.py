"""Runs a hidden suite on functions of this very process: for the suites' own tests, where nothing needs a wall."""

from __future__ import annotations

import copy
import math
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

import numpy as np
import pytest

from autograder.grading import suite
from autograder.units import Unit
from benchmarks.trials import UNITS

KINDS = ("value", "numerical", "contract")


@dataclass(frozen=True)
class Outcome:
    """What one hidden test said about one set of functions."""

    candidate: str
    cell: str
    test: str
    kind: str
    passed: bool
    seed: int = 0


class _Function:
    """One function of the stand-in: copies go in, as they do on the way through a wall."""

    def __init__(self, function: Callable) -> None:
        self._function = function

    def __call__(self, *args: object, **kwargs: object) -> object:
        with np.errstate(all="ignore"):
            result = self._function(*copy.deepcopy(args), **copy.deepcopy(kwargs))
        return np.asarray(result) if isinstance(result, np.generic) else result

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

    def __init__(self, unit: Unit, candidates: Mapping[str, Mapping[str, object]], seeds: Iterable[int]) -> None:
        self.unit = unit
        self.candidates, self.seeds = candidates, list(seeds)
        self.outcomes: list[Outcome] = []

    pytest_pycollect_makemodule = suite._Plugin.pytest_pycollect_makemodule

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
            seed = item.callspec.params["seed"]
            self.outcomes.append(Outcome(name, cell, item.originalname, kind, report.passed, seed))
        elif report.failed:
            raise RuntimeError(f"the stand-in failed during {call.when}: {report.longrepr}")
        return report


@pytest.fixture(scope="session")
def trial() -> Callable[..., list[Outcome]]:
    """Run a suite on candidates, {name: {function or answer: what it is}}, with each seed."""

    def run(topic: str, candidates: Mapping[str, Mapping[str, object]], seeds: Iterable[int] = (1, 2)) -> list[Outcome]:
        plugin = _Plugin(UNITS[topic], candidates, seeds)
        quiet = ["-qqq", "--no-header", "--no-summary", "--tb=no", "--color=no", "-p", "no:cacheprovider"]
        pytest.main([*quiet, "-p", "no:hypothesispytest", str(UNITS[topic].path)], plugins=[plugin])
        assert plugin.outcomes, f"no test of the suite {topic} ran"
        return plugin.outcomes

    return run


class Promises:
    """What every hidden suite has to keep, as questions to one suite. Each answers with what is wrong."""

    def __init__(self, trial: Callable[..., list[Outcome]], topic: str) -> None:
        self._trial, self._topic = trial, topic
        self.suite = UNITS[topic].suite
        self.classes = [value for name, value in vars(self.suite).items() if name.startswith("Test_")]
        self.functions = [cls.__name__[5:] for cls in self.classes if not hasattr(cls, "meanings")]

    def fails(self, candidates: Mapping[str, Mapping[str, object]], seeds: Iterable[int]) -> set[str]:
        """The tests that right candidates fail."""
        outcomes = self._trial(self._topic, candidates, seeds)
        return {f"{o.candidate}: {o.cell}.{o.test}, seed {o.seed}" for o in outcomes if not o.passed}

    def reference_fails(self, seeds: Iterable[int]) -> set[str]:
        reference = UNITS[self._topic].reference
        return self.fails({"reference": {name: getattr(reference, name) for name in self.functions}}, seeds)

    def right_ways_fail(self, seeds: Iterable[int]) -> set[str]:
        """As above, for all right implementations that the unit knows; each function has six at least."""
        written = UNITS[self._topic].accepted
        assert {name for name, ways in written.items() if len(ways) >= 6} == set(self.functions)
        ways = [(name, way) for name, ways in written.items() for way in ways]
        named = {
            f"{number}: {name} {getattr(way, '__name__', type(way).__name__)}": {name: way}
            for number, (name, way) in enumerate(ways)
        }
        return self.fails(named, seeds)

    def mistakes_survive(self, seeds: Iterable[int]) -> set[str]:
        """Known mistakes that pass all tests of the kind that they break, or fail value tests with a right formula."""
        mistakes = {f"{mistake.function} {mistake.name}": mistake for mistake in UNITS[self._topic].misconceptions}
        outcomes = self._trial(self._topic, {name: {m.function: m} for name, m in mistakes.items()}, seeds)
        caught = {(o.candidate, o.seed) for o in outcomes if not o.passed and o.kind == mistakes[o.candidate].breaks}
        survivors = {f"{name}, seed {seed}" for name, seed in {(o.candidate, o.seed) for o in outcomes} - caught}
        sloppy = [o for o in outcomes if not o.passed and o.kind == "value" != mistakes[o.candidate].breaks]
        return survivors | {f"{o.candidate}: {o.test}, seed {o.seed}" for o in sloppy}

    def mistakes_lack(self) -> list[str]:
        """What the catalogue lacks: eight mistakes for each function, of every kind, in whole sentences."""
        mistakes = UNITS[self._topic].misconceptions
        kinds = {name: Counter(m.breaks for m in mistakes if m.function == name) for name in self.functions}
        few = [f"{name}: {dict(kinds[name])}" for name in kinds if kinds[name].total() < 8 or len(kinds[name]) < 3]
        return few + [m.name for m in mistakes if m.believes[-1] != "." or m.hint[-1] not in ".?"]

    def trivial_passes(self, more: Mapping[str, Callable] | None = None) -> set[str]:
        """Value tests that a constant, an identity, or one of `more` that are as trivial for this topic passes."""
        constants = (0.0, 0.5, 1.0, -1.0, math.log(2), math.inf, math.nan, None, "a")
        trivial = {f"always {c}": lambda *_, c=c: c for c in constants}
        trivial |= {f"always {c} in shape": lambda z, *_, c=c: np.full(np.shape(z), c) for c in constants[:7]}
        trivial |= {"first": lambda *given: given[0], "second": lambda *given: given[min(1, len(given) - 1)]}
        trivial |= {"mean of the first": lambda *given: float(np.mean(given[0])), **(more or {})}
        outcomes = self._trial(self._topic, {name: dict.fromkeys(self.functions, f) for name, f in trivial.items()})
        return {f"{o.candidate}: {o.cell}.{o.test}" for o in outcomes if o.kind == "value" and o.passed}

    def right_answers_fail(self, answers: Mapping[str, object]) -> set[str]:
        assert set(answers) == {cls.__name__[5:] for cls in self.classes if hasattr(cls, "meanings")}
        loud = {name: f" {a.upper()} " if isinstance(a, str) else a for name, a in answers.items()}
        loud |= {name: np.float64(a) for name, a in answers.items() if isinstance(a, float | int)}
        return self.fails({"right": answers, "loud": loud}, [1])

    def wrong_answers_pass(self, answers: Mapping[str, object]) -> set[str]:
        """Answers that the suite itself knows as wrong, and nonsense."""
        asked = {cls.__name__[5:]: cls.meanings for cls in self.classes if hasattr(cls, "meanings")}
        nonsense = (None, "", "abcd", "0.6931", True, math.nan, math.inf)
        pairs = [(name, a) for name, known in asked.items() for a in (*known, [answers[name]], *nonsense)]
        outcomes = self._trial(self._topic, {f"{name}: {a!r}": {name: a} for name, a in pairs}, [1])
        return {o.candidate for o in outcomes if o.passed}

    def sentences_lack(self) -> list[str]:
        """Tests that are not written for their reader, and functions with too few tests of a kind."""
        found = []
        for cls in self.classes:
            kinds: Counter[str] = Counter()
            for test in (value for name, value in vars(cls).items() if name.startswith("test_")):
                marks = {mark.name for mark in test.pytestmark}
                kinds.update(marks & set(KINDS))
                sentence = test.__doc__ or ""
                if not (sentence.endswith(".") and len(sentence) <= 110 and "hint" in marks):
                    found.append(f"{cls.__name__}.{test.__name__}: sentence or hint")
                if len(marks & set(KINDS)) != 1 or ("example" in marks) == hasattr(cls, "meanings"):
                    found.append(f"{cls.__name__}.{test.__name__}: {marks}")
            if not hasattr(cls, "meanings") and any(kinds[kind] < (2 if kind == "numerical" else 3) for kind in KINDS):
                found.append(f"{cls.__name__}: {dict(kinds)}")
        return found


@pytest.fixture(scope="session")
def promises(trial: Callable[..., list[Outcome]]) -> Callable[[str], Promises]:
    """The promises of the suite of one topic."""
    return lambda topic: Promises(trial, topic)
