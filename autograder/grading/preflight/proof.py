"""What a unit's author promises, proved: right ways keep full marks, known mistakes and luck do not, words give nothing
away. It is what an author runs, and what the tests of a course run.
"""

from __future__ import annotations

import math
import warnings
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, get_args

from autograder.grading import suite
from autograder.grading.diagnosis.inquiry import diagnose
from autograder.grading.hidden import Outcome
from autograder.grading.local import Local
from autograder.grading.preflight import luck, wording
from autograder.grading.preflight.luck import Function
from autograder.grading.preflight.mutants import mutants
from autograder.notebooks.assignment import Assignment
from autograder.notebooks.units import Unit
from autograder.report import Kind

KINDS: tuple[Kind, ...] = get_args(Kind)


@dataclass(frozen=True, slots=True)
class Claim:
    """One promise and what speaks against it."""

    name: str
    tried: int
    """In how many cases it was tried. A promise that was tried in none is not kept, it is empty."""
    against: tuple[str, ...] = ()
    score: float | None = None
    """Of changes of the reference: the share that is noticed."""

    @property
    def kept(self) -> bool:
        return not self.against


def prove(assignment: Assignment, unit: Unit, *, seeds: int = 5, mutate: bool = False) -> Iterator[Claim]:
    """Each promise of the unit, one after the other. Nothing of a student's runs here. Raises `BrokenSuite`, and
    `BrokenUnit` where a file cannot be imported."""
    names = tuple(task.name for task in assignment.tasks if task.is_code)
    bench = _Bench(unit, names, range(seeds))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # what a right or wrong way prints on standard error is its own business
        yield bench.reference_passes()
        yield bench.accepted_pass()
        yield bench.mistakes_fail()
        yield bench.seeds_agree()
        yield bench.mistakes_told_apart()
        yield bench.luck_fails()
        yield bench.wrong_answers_fail()
        words = wording.of(unit)
        slips = wording.slips(unit, assignment.tasks, words)
        yield Claim("words help and give nothing away", len(words), tuple(slips))
        if mutate:
            yield bench.mutants_fail()


class _Bench:
    """The unit's hidden tests, and everything that is held against them."""

    def __init__(self, unit: Unit, names: tuple[str, ...], seeds: range) -> None:
        self._unit, self._names, self._seeds = unit, names, seeds
        self._verdicts: dict[tuple[str, str], dict[str, list[bool]]] = defaultdict(lambda: defaultdict(list))
        """By function and way, and by test: whether it passed, with one seed after the other."""

    def reference_passes(self) -> Claim:
        own = {name: getattr(self._unit.reference, name) for name in self._names}
        return Claim(
            "the reference passes", len(own) * len(self._seeds), tuple(self._failures(own.items(), "reference"))
        )

    def accepted_pass(self) -> Claim:
        ways = [(name, way) for name, known in self._unit.accepted.items() for way in known]
        unknown = [f"accepted.py: {name} is not a function of this unit" for name, _ in ways if name not in self._names]
        known = [(name, way) for name, way in ways if name in self._names]
        return Claim("right ways pass", len(known) * len(self._seeds), (*unknown, *self._failures(known, "accepted")))

    def mistakes_fail(self) -> Claim:
        against = []
        for mistake in self._unit.misconceptions:
            if mistake.function not in self._names:
                against.append(f"{mistake.name}: {mistake.function} is not a function of this unit")
                continue
            earlier = KINDS[: KINDS.index(mistake.breaks)]
            for seed in self._seeds:
                failed = self._failed(mistake.function, mistake.wrong, seed, f"mistake {mistake.name}")
                if not any(outcome.kind == mistake.breaks for outcome in failed):
                    against.append(f"{mistake.function} {mistake.name}, seed {seed}: passes all {mistake.breaks} tests")
                against += [
                    f"{mistake.function} {mistake.name}, seed {seed}: breaks {mistake.breaks} and yet fails {o.name}"
                    for o in failed
                    if o.kind in earlier
                ]
        return Claim("known mistakes lose points", len(self._unit.misconceptions) * len(self._seeds), tuple(against))

    def seeds_agree(self) -> Claim:
        """The same code has the same verdict in each test, whatever is drawn: all right ways and known mistakes."""
        against = [
            f"{name} ({words}): passes {test} with {sum(passed)} of {len(passed)} seeds"
            for (name, words), tests in self._verdicts.items()
            for test, passed in tests.items()
            if 0 < sum(passed) < len(passed)
        ]
        return Claim("every seed gives the same verdicts", sum(map(len, self._verdicts.values())), tuple(against))

    def mistakes_told_apart(self) -> Claim:
        """A known mistake is named as itself, or as nobody, but never as another one that is known."""
        against = []
        for mistake in self._unit.misconceptions:
            if mistake.function not in self._names:
                continue
            said = self._run(mistake.function, mistake.wrong, self._seeds[0])
            student = Local({mistake.function: mistake.wrong})
            found = diagnose(self._unit, f"test_{mistake.function}", said, student, {}).finding
            if found is not None and found.layer == "catalogue" and found.name != mistake.name:
                against.append(f"{mistake.function} {mistake.name}: is named {found.name}")
        return Claim("known mistakes are told apart", len(self._unit.misconceptions), tuple(against))

    def luck_fails(self) -> Claim:
        """A constant, an identity: none of them passes a value test."""
        lucky = [(name, words, way) for name in self._names for words, way in luck.ways(self._unit, name).items()]
        against = [
            f"{name} {words}: passes {outcome.name}"
            for name, words, way in lucky
            for outcome in self._run(name, way, 0, "value")
            if outcome.verdict == "passed"
        ]
        return Claim("luck earns nothing", len(lucky), tuple(against))

    def wrong_answers_fail(self) -> Claim:
        """Of a question: what the suite itself knows as wrong, and nonsense."""
        tried, against = 0, []
        for test in suite.tests(self._unit):
            name = test.cell.removeprefix("test_")
            if name in self._names:
                continue
            for answer in (*test.meanings, None, "", "abcd", True, math.nan, math.inf):
                tried += 1
                said = suite.run(self._unit, Local({}, {name: answer}), seed=0, cells=frozenset({test.cell}))
                if all(outcome.verdict == "passed" for outcome in said):
                    against.append(f"{name}: {answer!r} passes")
        return Claim("wrong answers lose points", tried, tuple(against))

    def mutants_fail(self) -> Claim:
        """The reference, changed in one place: what no test notices, nobody has promised."""
        tried, against = 0, []
        for name in self._names:
            for mutant in mutants(self._unit, name):
                tried += 1
                if not any(self._failed(name, mutant.function, seed) for seed in self._seeds):
                    against.append(f"{name}, line {mutant.line}: {mutant.before} → {mutant.after}")
        score = 1 - len(against) / tried if tried else None
        return Claim("changes of the reference are noticed", tried, tuple(against), score)

    def _failures(self, ways: Any, whose: str) -> Iterator[str]:
        for name, way in ways:
            for seed in self._seeds:
                words = getattr(way, "__name__", type(way).__name__)
                for outcome in self._failed(name, way, seed, f"{whose} {words}"):
                    yield f"{whose} {name} ({words}), seed {seed}: {outcome.verdict} in {outcome.name} {outcome.detail}"

    def _failed(self, name: str, way: Function, seed: int, words: str = "") -> list[Outcome]:
        """The tests that it fails. What is given a name is remembered, to be compared from seed to seed."""
        outcomes = self._run(name, way, seed)
        for outcome in outcomes if words else ():
            self._verdicts[name, words][outcome.name].append(outcome.verdict == "passed")
        return [outcome for outcome in outcomes if outcome.verdict != "passed"]

    def _run(self, name: str, way: Function, seed: int, kind: Kind | None = None) -> tuple[Outcome, ...]:
        others = vars(self._unit.reference)  # a function may be tried on objects of another class
        student = Local({**others, name: way})
        return suite.run(self._unit, student, seed=seed, cells=frozenset({f"test_{name}"}), kind=kind)


def record(claims: list[Claim], name: str) -> Mapping[str, Any]:
    """The claims as one JSON object."""
    return {
        "unit": name,
        "kept": all(claim.kept for claim in claims),
        "claims": [
            {"name": claim.name, "kept": claim.kept, "tried": claim.tried, "against": list(claim.against)}
            | ({} if claim.score is None else {"score": round(claim.score, 4)})
            for claim in claims
        ],
    }
