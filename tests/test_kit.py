"""The promises that one line of a suite holds a function to: each is kept by a right function and fails a wrong one."""

from __future__ import annotations

import numpy as np
import pytest

from autograder import kit
from autograder.grading.local import Local
from autograder.grading.student import Student

pair = kit.ArrayContract(
    ("x", "y"), lambda rng, n: (rng.normal(size=n), rng.normal(size=n)), rest=[("mean",), ("sum",)]
)
single = kit.ArrayContract(("x",), lambda rng, n: (rng.normal(size=n),), hints={"no_data": "Is there anything?"})
table = kit.ArrayContract(("X",), lambda rng, n: (rng.normal(size=(n, 2)),))


class Test_distance:
    """A class of a suite, which pytest would find here as well if its tests had no other fixtures."""

    __test__ = False


def right(x, y, method):
    x, y = (np.array(one, dtype=float) for one in (x, y))
    if x.shape != y.shape or x.ndim != 1 or x.size == 0 or not np.isfinite([x, y]).all():
        raise ValueError
    return float(getattr(np, method)(x - y))


def without(check):
    """The function with one check missing."""

    def wrong(x, y, method):
        one, other = np.array(x, dtype=float), np.array(y, dtype=float)
        bad = {
            "unequal_shapes": one.shape != other.shape,
            "one_dimension": one.shape == other.shape and one.ndim != 1,
            "no_data": one.size == 0 and one.shape == other.shape,
            "finite": one.shape == other.shape and not np.isfinite([one, other]).all(),
        }
        if any(broken for name, broken in bad.items() if name != check):
            raise ValueError
        if check == "inputs_unchanged":
            x[:1] = y[:1]
        return 1.0

    return wrong


def passes(promise, function):
    try:
        promise(Test_distance(), Student(Local({"distance": function})), np.random.default_rng(4))
    except (AssertionError, pytest.fail.Exception):
        return False
    return True


PROMISES = ["unequal_shapes", "one_dimension", "no_data", "finite", "inputs_unchanged"]


@pytest.mark.parametrize("name", PROMISES)
def test_each_promise_is_about_one_thing(name):
    promise = getattr(pair, name)([1.0], [2.0], "mean")
    assert passes(promise, right)
    assert [passes(promise, without(other)) for other in PROMISES] == [other != name for other in PROMISES]


def test_a_promise_is_a_test_with_its_kind_example_sentence_and_hint():
    promise = single.no_data([])
    marks = {mark.name: mark.args for mark in promise.pytestmark}
    assert marks == {"contract": (), "example": (([],), {}), "hint": ("Is there anything?",)}
    assert promise.__doc__ == "No data at all must raise ValueError."
    own = single.inputs_unchanged([1.0], sentence="x stays.", hint="Copy it.")
    assert own.__doc__ == "x stays."
    assert {mark.name: mark.args for mark in own.pytestmark}["hint"] == ("Copy it.",)
    assert single.inputs_unchanged([1.0]).__doc__ == "The caller's x must be the same after the call."


def test_a_nan_in_any_column_of_a_table_counts():
    def looks_at(columns):
        def check(X):
            if not np.isfinite(np.asarray(X)[:, columns]).all():
                raise ValueError

        return check

    promise = table.finite([[1.0, 2.0]])
    assert [passes(promise, looks_at(columns)) for columns in ([0, 1], [0], [1])] == [True, False, False]
