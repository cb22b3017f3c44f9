"""Tests that come after others: one cause is reported once, and what is not judged earns nothing."""

from __future__ import annotations

import pytest
from miniature import COURSE, UNIT, unit_of

from autograder.grading import suite
from autograder.grading.explanation import first_failed, not_judged
from autograder.grading.grade import score
from autograder.grading.local import Local
from autograder.grading.suite import BrokenSuite
from autograder.notebooks import assignment

REFERENCE = "def fit(x): return x\ndef predict(x): return x + 1\n"
SUITE = """
from autograder import kit
from . import reference

class Test_fit:
    @kit.value
    def test_line(self, student):
        assert student.fit(1.0) == 1.0
    @kit.value
    @kit.after("test_line")
    def test_other(self, student):
        assert student.fit(2.0) == 2.0
    @kit.numerical(after="test_other")
    def test_types(self, student):
        assert student.fit(3) == 3.0
    @kit.contract
    def test_alone(self, student):
        assert student.fit(0.0) == 0.0

@kit.after("Test_fit.test_line")
class Test_predict:
    @kit.value
    def test_values(self, student):
        assert student.predict(1.0) == 2.0
"""
BOTH = frozenset({"test_fit", "test_predict"})


def unit_named(name=UNIT):
    return assignment.load(name, COURSE).unit


def outcomes(unit, fit, predict=lambda x: x + 1, *, begun=None, **options):
    student = Local({"fit": fit, "predict": predict})
    options.setdefault("cells", BOTH)
    begun = [] if begun is None else begun
    return {o.name: o for o in suite.run(unit, student, seed=0, on_test=lambda name, _: begun.append(name), **options)}


@pytest.fixture(scope="module")
def unit(tmp_path_factory):
    return unit_of(tmp_path_factory.mktemp("after"), reference=REFERENCE, suite=SUITE)


def test_what_comes_after_a_failure_is_not_judged_and_names_one_cause(unit):
    begun: list[str] = []
    found = outcomes(unit, lambda x: 0.0, begun=begun)
    assert begun == ["test_line", "test_alone"], "what is not judged is not even run"
    assert {name: o.verdict for name, o in found.items()} == {
        "test_line": "wrong",
        "test_other": "unjudged",
        "test_types": "unjudged",
        "test_alone": "passed",
        "test_values": "unjudged",
    }
    assert {o.cause.name for o in found.values() if o.cause} == {"test_line"}, "the first cause, not the nearest"
    assert not_judged(found["test_types"]) == "not judged, because test_line did not pass"
    assert not_judged(found["test_values"]) == "not judged, because test_line of fit did not pass"
    assert first_failed(list(found.values())).name == "test_line"


def test_what_is_not_judged_earns_nothing(unit):
    found = list(outcomes(unit, lambda x: 1.0 if x else 0.0).values())
    assert [o.verdict for o in found[:3]] == ["passed", "wrong", "unjudged"]
    own = [o for o in found if o.cell == "test_fit"]
    assert score(own, 10) == score([o for o in own if o.kind == "value"], 7) == 3.5


def test_everything_is_judged_where_nothing_fails(unit):
    begun: list[str] = []
    assert {o.verdict for o in outcomes(unit, lambda x: x, begun=begun).values()} == {"passed"}
    assert len(begun) == 5


def test_a_cell_that_nobody_tested_is_a_cause_and_one_that_nobody_asked_about_is_none(unit):
    alone = frozenset({"test_predict"})
    assert outcomes(unit, lambda x: 0.0, cells=alone)["test_values"].verdict == "passed"
    missing = outcomes(unit, lambda x: x, cells=alone, untested=frozenset({"test_fit"}))["test_values"]
    assert (missing.verdict, missing.cause.verdict) == ("unjudged", "missing")


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("test_lines", "`test_other` of Test_fit comes after `test_lines` of Test_fit, and there is no such test"),
        ("Test_fits.test_line", "comes after `test_line` of Test_fits, and there is no such test"),
        ("test_types", "comes after itself, by way of after"),
    ],
)
def test_a_slip_is_said_when_the_suite_is_collected(tmp_path, name, words):
    broken = SUITE.replace('@kit.after("test_line")', f'@kit.after("{name}")')
    with pytest.raises(BrokenSuite, match=words):
        suite.collected(unit_of(tmp_path, reference=REFERENCE, suite=broken))


@pytest.mark.parametrize("given", ['aftr="test_line"', '"test_line"', "after=1"])
def test_a_kind_takes_nothing_but_after(tmp_path, given):
    broken = SUITE.replace('@kit.numerical(after="test_other")', f"@kit.numerical({given})")
    with pytest.raises(BrokenSuite, match=r"kit.numerical at `test_types` of Test_fit takes nothing but after="):
        suite.collected(unit_of(tmp_path, reference=REFERENCE, suite=broken))


def test_a_wrong_formula_is_one_cause_in_this_course():
    its = unit_named()
    [bits] = [m for m in its.misconceptions if m.function == "binary_entropy" and "bits" in m.name]
    student = Local({"binary_entropy": bits.wrong})
    found = suite.run(its, student, seed=1, cells=frozenset({"test_binary_entropy"}))
    assert {o.verdict for o in found if o.kind == "numerical"} == {"unjudged"}
    assert {o.cause.name for o in found if o.cause} == {"test_ordinary_coins"}


@pytest.mark.parametrize("name", assignment.names(COURSE))
def test_no_points_of_this_course_depend_on_the_order(name):
    """Only what counts for nothing where a value test fails comes after one."""
    known = suite.collected(unit_named(name)).tests
    kinds = {(test.blank.cell, test.blank.name): test.blank.kind for test in known}
    ordered = [test for test in known if test.after]
    assert len(ordered) >= 6
    assert {test.blank.kind for test in ordered} == {"numerical"}
    assert {kinds[place] for test in ordered for place in test.after} == {"value"}
