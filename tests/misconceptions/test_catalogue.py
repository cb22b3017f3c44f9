"""The catalogue proves the suites: each known mistake loses points on every seed, each right way keeps full marks."""

from __future__ import annotations

import importlib
import inspect
import re
from collections import Counter

import pytest

from benchmarks.trials import UNITS, Local, functions
from benchmarks.written import catalogued, failed_tests, graded_functions, hidden_tests_of, mistakes, right_ways

SEEDS = range(50)
CENTRAL = {"binary_cross_entropy": 15, "rmse": 15}
"""Functions that the whole course is about, and how many mistakes are known at least; eight for any other."""
KINDS = ("value", "numerical", "contract")

every_function = pytest.mark.parametrize(("topic", "function"), graded_functions())
every_mistake = pytest.mark.parametrize(
    "mistake",
    [
        pytest.param(entry, id=f"{entry.function}-{entry.name}")
        for t in catalogued()
        for entry in UNITS[t].misconceptions
    ],
)


def test_unit_1_is_covered():
    assert "bce" in catalogued()


@every_function
def test_enough_mistakes_are_known_and_their_names_differ(topic, function):
    names = Counter(entry.name for entry in mistakes(topic, function))
    assert names.total() >= CENTRAL.get(function, 8)
    assert [name for name, times in names.items() if times > 1] == []
    assert {entry.function for entry in UNITS[topic].misconceptions} <= set(functions(topic))


@every_mistake
def test_belief_and_hint_are_sentences(mistake):
    assert re.fullmatch(r"\S.*[.]", mistake.believes), mistake.believes
    assert re.fullmatch(r"\S.*[.?]", mistake.hint), mistake.hint
    assert len(mistake.believes) <= 120
    assert len(mistake.hint) <= 200
    assert mistake.believes != mistake.hint


@every_mistake
def test_the_hint_does_not_give_the_line_away(mistake):
    reference = inspect.getmodule(mistake.answer).__name__.replace(".misconceptions", ".reference")
    body = inspect.getsource(getattr(importlib.import_module(reference), mistake.function)).split('"""')[-1]
    lines = {_bare(line.removeprefix("return")) for line in map(str.strip, body.splitlines())}
    for words in (mistake.hint, mistake.believes):
        assert not any(line in _bare(words) for line in lines if len(line) > 10)


@every_function
def test_every_mistake_loses_points_on_every_seed(topic, function):
    """Points of the kind that it breaks, and of no kind that is asked for earlier."""
    survived, sloppy = set(), set()
    for entry in mistakes(topic, function):
        candidate = Local({function: entry.answer})
        own = [test for test in hidden_tests_of(topic, function) if test.kind == entry.breaks]
        earlier = [t for t in hidden_tests_of(topic, function) if KINDS.index(t.kind) < KINDS.index(entry.breaks)]
        for seed in SEEDS:
            if all(test.passes(candidate, seed) for test in own):
                survived.add((entry.name, seed))
            sloppy |= {(entry.name, test.name) for test in earlier if not test.passes(candidate, seed)}
    assert survived == set()
    assert sloppy == set()


@every_function
def test_every_right_way_keeps_full_marks_on_every_seed(topic, function):
    ways = {name: way for owner, name, way in right_ways(topic) if owner == function}
    assert len(ways) >= 6
    failed = {
        (name, test.name, seed)
        for name, way in ways.items()
        for seed in SEEDS
        for test in failed_tests(topic, function, way, seed)
    }
    assert failed == set()


def _bare(line: str) -> str:
    return re.sub(r"\s", "", line)
