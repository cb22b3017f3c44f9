"""What a suite asks in advance is what it asks; and a test that has seen the same replies is not run again."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

import numpy as np
import pytest
from miniature import COURSE

from autograder.grading import suite
from autograder.grading.example import attempt, visible
from autograder.grading.script import script_of
from autograder.notebooks import assignment
from autograder.session.dialogue import Call, NotThere, Raised, StudentValueError, call_of
from autograder.wall.both.wire import encode

UNITS = assignment.names(COURSE)


def functions(unit: str) -> list[str]:
    return [task.cell for task in assignment.load(unit, COURSE).tasks if task.kind == "function"]


class Eager:
    """A student whose functions are all this one, and who is asked in advance, as a session is."""

    def __init__(self, function: Any) -> None:
        self._function = function
        self.asked: dict[str, set[bytes]] = defaultdict(set)
        self.begun: list[str] = []
        self.looks = 0

    def begin(self, test: str, _: str) -> None:
        self.begun.append(test)

    def call(self, name: str, args: tuple[Any, ...], kwargs: dict[str, Any], *, after: bool = False) -> Any:
        self.looks += 1
        if self.begun:
            self.asked[self.begun[-1]].add(call_of(name, args, kwargs, after=after).request)
        try:
            returned = self._function(*args, **kwargs)
        except ValueError as error:
            raise StudentValueError(Raised("ValueError", True, "", "")) from error
        return args if after else returned

    def ahead(self, calls: tuple[Call, ...]) -> tuple[bytes, ...]:
        replies = []
        for call in calls:
            try:
                replies.append(
                    encode({"value": np.asarray(self._function(*call.args, **call.kwargs)), "after": call.after})
                )
            except ValueError:
                replies.append(encode({"raised": True}))
        return tuple(replies)

    def answer(self, name: str) -> Any:
        raise NotThere(name)


@pytest.mark.parametrize("unit", UNITS)
def test_a_script_follows_from_its_seed(unit):
    its = assignment.load(unit, COURSE).unit
    for cell in functions(unit):
        first = [line.call.request for line in script_of(its, cell, 11)]
        script_of.cache_clear()
        assert first == [line.call.request for line in script_of(its, cell, 11)]
        assert first != [line.call.request for line in script_of(its, cell, 12)]
        values = [[line.call.request for line in script if line.kind == "value"] for script in scripts_of(its, cell)]
        assert values[0] == values[1], "the tests of one kind ask the same, with or without the others"


def scripts_of(unit: Any, cell: str) -> tuple[Any, Any]:
    return script_of(unit, cell, 11), script_of(unit, cell, 11, "value")


@pytest.mark.parametrize("unit", UNITS)
@pytest.mark.parametrize("value", [0.5, None])
def test_what_a_suite_asks_does_not_hang_on_what_it_is_told(unit, value):
    """Else a function would be asked in advance for what no test wants, and again for what one does."""
    its = assignment.load(unit, COURSE).unit
    for cell in functions(unit):
        script: dict[str, set[bytes]] = defaultdict(set)
        for line in script_of(its, cell, 11):
            script[line.test].add(line.call.request)
        wrong = Eager(lambda *_, **__: value)
        suite.run(its, wrong, seed=11, cells=frozenset({cell}), on_test=wrong.begin)
        assert wrong.asked
        assert all(requests <= script[test] for test, requests in wrong.asked.items())


def outcomes(student: Eager, seed: int = 3) -> list[tuple[str, str]]:
    its, cell = assignment.load("02-rmse", COURSE).unit, "test_rmse"
    script: dict[tuple[str, str], list[Call]] = defaultdict(list)
    for line in script_of(its, cell, seed):
        script[cell, line.test].append(line.call)
    ran = suite.run(its, student, seed=seed, cells=frozenset({cell}), on_test=student.begin, script=script)
    return [(outcome.name, outcome.verdict) for outcome in ran]


def test_the_same_replies_get_the_same_verdict_without_a_second_look():
    reference = assignment.load("02-rmse", COURSE).unit.reference.rmse
    first, same, other = Eager(reference), Eager(reference), Eager(lambda *_: 0.25)
    said = outcomes(first)
    assert {verdict for _, verdict in said} == {"passed"}
    assert outcomes(same) == said
    assert (len(first.begun), same.begun) == (len(said), [])
    wrong = outcomes(other)
    assert other.begun, "other replies are looked at"
    assert "wrong" in {verdict for _, verdict in wrong}
    again = Eager(reference)
    assert outcomes(again, seed=4) == said
    assert len(again.begun) == len(said), "the replies to other inputs are other replies"


def test_what_was_seen_on_a_visible_call_is_kept_unless_it_is_large():
    """A large one could fill the memory of whoever grades a whole class."""
    small, large = (lambda *_: 0.125), (lambda *_: np.full(1000, 0.125))
    for function, remembered in ((small, True), (large, False)):
        first, second = Eager(function), Eager(function)
        assert outcomes(first) == outcomes(second)
        assert first.looks
        assert (second.looks == 0) is remembered


@pytest.mark.parametrize(
    ("returned", "verdict"),
    [
        ((1.0, [2.0, 3.0]), "passed"),
        ([1, (2, 3)], "passed"),
        (1.0, "wrong"),
        (None, "wrong"),
        (np.array(1.0), "wrong"),
        (np.array([1.0, 2.0]), "wrong"),
        ((1.0,), "wrong"),
        ((1.0, 2.0, 3.0), "wrong"),
    ],
)
def test_several_results_on_a_visible_call(returned, verdict):
    """Fails where one number in the place of several ends the grader."""
    expected = visible("f", lambda: (1.0, np.array([2.0, 3.0])), (), {})
    assert attempt(Eager(lambda: returned), expected).verdict == verdict


def test_an_array_is_as_good_as_a_tuple_of_numbers():
    expected = visible("f", lambda: (1.0, 2.0), (), {})
    for dtype in (np.float64, np.float32, np.int16):
        assert attempt(Eager(lambda dtype=dtype: np.array([1, 2], dtype)), expected).verdict == "passed"
