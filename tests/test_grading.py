"""Points are numbers, faults are nobody's points, and a run can be repeated."""

from __future__ import annotations

import gc
import itertools
import logging
import time
from dataclasses import replace

import miniature
import msgspec
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from miniature import COURSE, FUNCTIONS, QUICK, cell_of, find, graded, lost, notebook, unit, unit_of, wall

from autograder import report
from autograder.grading import suite
from autograder.grading.diagnosis.inquiry import diagnose
from autograder.grading.example import Verdict
from autograder.grading.grade import score
from autograder.grading.hidden import Outcome
from autograder.grading.local import Local
from autograder.notebooks import assignment
from autograder.report import CellReport, Report
from autograder.session.dialogue import Unusable
from autograder.session.session import Session
from autograder.wall.outside.policy import Limits
from autograder.wall.outside.process import Process

pytestmark = pytest.mark.usefixtures("nothing_left")

KINDS = st.sampled_from(["value", "numerical", "contract"])
VERDICTS = st.sampled_from(["passed", "wrong", "error", "timeout", "ended", "missing"])


def outcome(kind: str, verdict: Verdict) -> Outcome:
    return Outcome(cell="test_x", name="test_y", kind=kind, sentence="", verdict=verdict)  # type: ignore[arg-type]


@given(st.lists(st.tuples(KINDS, VERDICTS), min_size=1, max_size=30), st.sampled_from([1.0, 4.0, 5.0, 0.5, 3.3]))
def test_points_are_never_out_of_bounds_and_full_only_where_all_passed(results, points):
    outcomes = [outcome(*result) for result in results]
    earned = score(outcomes, points)
    assert 0 <= earned <= points
    assert (earned == points) == all(verdict == "passed" for _, verdict in results)
    values = [verdict == "passed" for kind, verdict in results if kind == "value"]
    if values and not any(values):
        assert earned == 0


@pytest.mark.parametrize("points", [1.0, 20.0, 100.0, 0.25])
@pytest.mark.parametrize("kind", ["value", "numerical", "contract"])
def test_all_but_one_of_many_passed_is_not_full_points(kind, points):
    """However small its share, a lost test is seen. Fails where the share is rounded away."""
    outcomes = [outcome("value", "passed")] + [outcome(kind, "passed")] * 20_000 + [outcome(kind, "wrong")]
    assert score(outcomes, points) == pytest.approx(points - 0.01)


def test_a_cell_without_points_has_none_to_lose():
    assert score([outcome("value", "wrong")], 0.0) == 0.0
    assert score([outcome("value", "passed")], 0.0) == 0.0


def cell(score: float | None, most: float, name: str = "test_x") -> CellReport:
    return CellReport(id=name, function="x", state="passed", score=score, max_score=most, message="")


def test_full_marks_whatever_the_points_add_up_to():
    """0.1 + 0.2 is not 0.3 in floating point."""
    tenths = [n / 10 for n in range(1, 31)]
    for points in itertools.product(tenths, repeat=2):
        assert report.graded("a", tuple(cell(p, p) for p in (*points, 0.2)), seed=1).full_marks, points
    assert not report.graded("a", (cell(0.1, 0.1), cell(0.19, 0.2)), seed=1).full_marks


def test_the_points_of_a_cell_are_within_its_bounds_whoever_made_the_report():
    made = report.graded("a", (cell(7.0, 5.0, "over"), cell(-1.0, 5.0, "under"), cell(None, 5.0, "nobody")), seed=1)
    assert [made.points(name) for name in ("over", "under", "nobody", "elsewhere")] == [5.0, 0.0, None, None]


def test_a_run_that_failed_can_be_repeated():
    """Fails where the Report of the one run that somebody has to look into lacks its seed and notes."""
    data = notebook()
    data["cells"].remove(find(data, "setup"))
    found = graded(data, lane=Exhausted(), seed=17).report
    assert (found.status, found.seed) == ("ungraded", 17)
    assert any("put back" in note for note in found.notes)


def test_numerical_and_contract_tests_count_only_beside_right_values():
    partly = [outcome("value", "passed"), outcome("value", "wrong"), outcome("contract", "passed")]
    assert score(partly, 4.0) == round(4 * 0.70 / 0.85 / 2, 2)
    assert score([outcome("value", "wrong"), outcome("contract", "passed")], 4.0) == 0
    assert score([outcome("contract", "wrong"), outcome("contract", "passed")], 4.0) == 0  # with no value test at all
    assert score([outcome("value", "passed"), outcome("contract", "wrong")], 4.0) == round(4 * 0.70 / 0.85, 2)


def test_a_seed_repeats_a_run_and_no_seed_is_a_new_one():
    wrong = notebook(binary_entropy="def binary_entropy(q):\n    return np.asarray(q, dtype=float) ** 2")
    first, second = graded(wrong, seed=5).report, graded(wrong, seed=5).report
    assert first == second
    assert msgspec.json.decode(first.json(), type=Report) == first
    assert graded(wrong).report.seed != graded(wrong).report.seed


def test_a_fault_of_the_graders_own_is_no_lost_points(tmp_path, monkeypatch):
    """A suite that cannot be read, one that fails by itself, none at all: ungraded, and no error leaves the grader."""
    suites = {
        "broken": "import nothing_of_this_name\n",
        "failing": "from autograder import kit\n\n\nclass Test_binary_entropy:\n    @kit.value\n"
        '    def test_it(self, student, rng):\n        """A sentence."""\n        raise RuntimeError("secret")\n',
    }
    right = "from benchmarks.trials import UNITS\n\nglobals().update(vars(UNITS['bce'].reference))\n"
    made = {name: unit_of(tmp_path / name, suite=text, reference=right) for name, text in suites.items()}
    own = unit()
    reports = {}
    monkeypatch.setattr(logging.getLogger("autograder.grading.hidden"), "disabled", True)  # pytest keeps what is logged
    for kind, graded_by in {**made, "gone": None}.items():
        monkeypatch.setattr(miniature.assignment, "of", lambda *_, by=graded_by: replace(own, unit=by))
        report = graded(notebook()).report
        assert (report.status, report.score) == ("ungraded", None)
        assert "secret" not in report.json()
        reports[kind] = report
    assert "cannot be used" in (reports["broken"].reason or "")
    tested = next(cell for cell in reports["failing"].cells if cell.function == "binary_entropy")
    assert (tested.state, tested.score) == ("grader-fault", None)
    assert "the hidden test 'test_it' failed by itself (RuntimeError)" in tested.message
    assert "no hidden suite" in (reports["gone"].reason or "")
    gc.collect()
    assert [thing for thing in gc.get_objects() if isinstance(thing, Session)] == [], "an error keeps a submission"


def test_a_lane_that_breaks_is_no_lost_points():
    bad = replace(wall(), policy=replace(wall().policy, limits=replace(wall().policy.limits, memory_mb=16)))  # type: ignore[attr-defined, type-var]
    report = graded(notebook(), lane=bad).report
    assert (report.status, report.score) == ("ungraded", None)
    assert "sandbox did not start" in (report.reason or "")


class Exhausted:
    """A machine that has no open files left for another sandbox."""

    def open(self, *, figures: str) -> Process:
        raise OSError(24, "Too many open files")


def test_what_nobody_expected_is_no_lost_points_either(caplog):
    """Fails where an exception leaves the grader: it would stop a whole class."""
    report = graded(notebook(), lane=Exhausted()).report
    assert (report.status, report.score) == ("ungraded", None)
    assert "no fault of the submission" in (report.reason or "")
    assert "Too many open files" in caplog.text, "the log says what the report does not"


STRANGE = [None, "text", True, [], {"a": 1}, [[1], [2, 3]], 10**400, float("nan"), Unusable("other"), np.zeros((0, 3))]
STRANGE += [np.array(True), [[[[[[1]]]]]], ("x", None, 3), [10**400, 0.5], -1, (), (1, 2), (1, 2, 3), (1, 2, 3, 4)]
STRANGE += [np.array(0.0), np.zeros(0), np.zeros((2, 3)), np.array([True, False]), (np.zeros(2), np.zeros((3, 2)))]
STRANGE += [([1], [2]), ("a", "b"), [[]], ["a", 1], (Unusable("other"), 0.0), "gap", float("inf"), np.uint8(3)]


class Strange:
    """Answers every question with the same strange value."""

    def __init__(self, value: object) -> None:
        self.value = value

    def call(self, name, args, kwargs, *, after=False):
        return self.value

    def answer(self, name):
        return self.value


@pytest.mark.parametrize("name", assignment.names(COURSE))
@pytest.mark.parametrize("value", STRANGE, ids=lambda value: repr(value)[:20])
def test_no_value_however_strange_is_a_fault_of_the_suite(value, name):
    """A fault would leave the whole notebook ungraded, which some would prefer to their points."""
    its = assignment.load(name, COURSE)
    cells = frozenset(task.cell for task in its.tasks if task.kind != "manual")
    outcomes = suite.run(its.unit, Strange(value), seed=3, cells=cells)
    assert outcomes
    assert {o.name for o in outcomes if o.verdict == "fault"} == set()


def test_the_state_is_about_what_is_shown():
    """The first visible call raises; the time of all calls together runs out later. One sentence tells one story."""
    slow = "def binary_entropy(q):\n    import time\n    time.sleep(0.4)\n    raise MemoryError('no more')"
    short = replace(QUICK, function_seconds=1.0)
    cell = cell_of(graded(notebook(binary_entropy=slow), limits=short), "binary_entropy")
    assert cell.state == "error"
    assert "raised MemoryError: no more" in cell.message
    assert "loop" not in (cell.hint or "")


def test_a_machine_too_slow_for_calls_ahead_costs_nobody_a_point(monkeypatch):
    monkeypatch.setattr("autograder.session.session._QUICK_SECONDS", 0.0)
    assert lost(graded(notebook())) == {}


def test_answers_in_full_and_in_part():
    result = graded(notebook(bce_of_undecided="bce_of_undecided = 2.0", lowest_bce="lowest_bce = None"))
    assert lost(result) == {"bce_of_undecided": ("wrong", 0.0), "lowest_bce": ("not-attempted", 0.0)}
    assert "You answered 2." in cell_of(result, "bce_of_undecided").message
    assert "in bits" in (cell_of(result, "bce_of_undecided").hint or "")


def test_an_answer_with_too_few_decimals_is_asked_for_more():
    for answer, more in (("1.39", True), ("1.386", True), ("np.float64(1.39)", True), ("1.4", False), ("1.38", False)):
        cell = cell_of(graded(notebook(bce_of_undecided=f"bce_of_undecided = {answer}")), "bce_of_undecided")
        assert (cell.state, cell.score) == ("wrong", 0.0)
        assert ("right as far as it goes. Give 4 decimals." in (cell.hint or "")) == more


def test_a_misconception_is_named_although_visible_examples_raise():
    """To learn what the suite asks, the reference answers it, and some of its visible calls have to raise.

    Fails where the reference's own ValueError leaves the grader."""
    its = unit().unit
    bits = next(mistake for mistake in its.misconceptions if mistake.name == "entropy_in_bits")
    student = Local({"binary_entropy": bits.wrong})
    outcomes = suite.run(its, student, seed=3, cells=frozenset({"test_binary_entropy"}))
    found = diagnose(its, "test_binary_entropy", outcomes, student, {}).finding
    assert (found.name, found.layer, found.hint) == (bits.name, "catalogue", bits.hint)


def test_a_submission_that_only_sleeps_is_waited_for_a_minute_and_a_half_at_most():
    """By the clock, in calls that each stay below what a call may take."""
    assert Limits().submission_seconds <= 90
    asleep = {
        name: f"def {name}(*_, **__):\n    import time\n    time.sleep(0.7)\n    return 1.0" for name in FUNCTIONS
    }
    began = time.monotonic()
    result = graded(notebook(**asleep), limits=replace(QUICK, submission_seconds=5.0))
    assert time.monotonic() - began < 45
    assert {cell_of(result, name).score for name in FUNCTIONS} == {0.0}
    assert cell_of(result, FUNCTIONS[-1]).state == "timeout"


def test_a_submission_that_uses_up_its_time_times_out_with_a_sentence():
    """Fails where slow answers to what is asked before any test cost as long as there are names."""
    slow = "class Slow(type):\n    @property\n    def __signature__(cls):\n"
    slow += "        import time\n        end = time.process_time() + 1.5\n"
    slow += "        while time.process_time() < end: pass\n        raise TypeError\n\n\n"
    made = notebook(**{name: f"{slow}class {name}(metaclass=Slow): pass" for name in FUNCTIONS})
    result = graded(made, limits=replace(QUICK, submission_seconds=4.0))
    found = {name: cell_of(result, name) for name in FUNCTIONS}
    assert found[FUNCTIONS[-1]].state == "timeout"
    assert "together took too long" in found[FUNCTIONS[-1]].message
    assert "well under a second" in (found[FUNCTIONS[-1]].hint or "")
    assert result.report.status == "graded"
