"""Every way in which a function goes wrong, in every unit: each function pays for itself alone.

The functions of all units are dealt out to the ways in turn, so that each way meets two units and each unit is graded
once. What is said about each of them is tested in test_code.py.
"""

from __future__ import annotations

import itertools
from dataclasses import replace

import pytest
from miniature import COURSE, QUICK, cell_of, graded, lean, notebook, unit

from autograder.notebooks import assignment

pytestmark = [
    pytest.mark.usefixtures("nothing_left"),
    pytest.mark.filterwarnings("ignore"),
]

WAYS = {
    "exits": ("import sys; sys.exit(0)", "error"),
    "ends the process": ("import os; os._exit(0)", "error"),
    "never returns": ("while True: pass", "timeout"),
    "raises": ("raise KeyError(1)", "error"),
    "an exception of its own": ("raise type('Own', (BaseException,), {})", "error"),
    "calls itself": ("return NAME(*args)", "error"),
    "crashes Python": ("import ctypes; return ctypes.string_at(0)", "error"),
    "wants all memory": ("import numpy; return numpy.zeros(10**12)", "error"),
    "a value too large": ("import numpy; return numpy.zeros(40 << 20)", "wrong"),
    "text": ("return 'high'", "wrong"),
    "nothing": ("print(args)", "wrong"),
    "complex": ("return 1j", "wrong"),
    "a knot": ("knot = []; knot.append(knot); return knot", "wrong"),
}
FUNCTIONS = [
    (name, task.name) for name in assignment.names(COURSE) for task in unit(name).tasks if task.kind == "function"
]
DEALT = dict(zip(FUNCTIONS, itertools.cycle(WAYS), strict=False))
LONG = ("05-scale", "06-overfitting", "07-choosing")
"""Lessons that compute a lot, also in each process after one that has ended. The others are run as they are."""
LIMITS = replace(QUICK, call_seconds=0.5, cell_seconds=3.0, function_seconds=5.0)


def test_each_way_meets_two_units_and_each_unit_is_there():
    assert len(FUNCTIONS) == 26
    met = {way: {name for (name, _), own in DEALT.items() if own == way} for way in WAYS}
    assert len(set().union(*met.values())) == 7
    assert [way for way, units in met.items() if len(units) < 2] == []


@pytest.mark.parametrize("name", assignment.names(COURSE))
def test_each_function_pays_for_itself_alone(name):
    ways = {function: DEALT[its, function] for its, function in FUNCTIONS if its == name}
    bodies = {
        function: f"def {function}(*args, **kwargs):\n    {WAYS[way][0].replace('NAME', function)}"
        for function, way in ways.items()
    }
    made = notebook(name, **bodies)
    result = graded(lean(made) if name in LONG else made, limits=LIMITS)
    assert result.report.status == "graded", result.report.reason
    for function, way in ways.items():
        cell = cell_of(result, function)
        assert (cell.state, cell.score) == (WAYS[way][1], 0), (function, way, cell.message)
    for task in unit(name).tasks:
        if task.kind == "answer":
            assert cell_of(result, task.name).score == task.points, task.name
