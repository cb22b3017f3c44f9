"""All seven units keep what an author promises, and what this course asks of itself beyond that."""

from __future__ import annotations

import json
import math
import shutil
import subprocess
import sys
from collections import Counter

import numpy as np
import pytest

from autograder.grading import suite
from autograder.grading.local import Local
from autograder.grading.preflight.proof import KINDS, prove
from autograder.kit import chose, close
from autograder.notebooks import assignment
from benchmarks.trials import COURSE, UNITS, functions

every_unit = pytest.mark.parametrize("topic", UNITS)
SEEDS = 3
"""Enough to notice a verdict that depends on what is drawn; before a release it is `autograder prove --seeds 50`."""
CENTRAL = {"binary_cross_entropy": 15, "rmse": 15}
"""Functions that the whole course is about, and how many mistakes are known at least; eight for any other."""


@every_unit
def test_a_unit_keeps_its_promises(topic: str) -> None:
    unit = UNITS[topic]
    claims = list(prove(assignment.load(unit.name, COURSE), unit, seeds=SEEDS, mutate=True))
    assert {claim.name: claim.against for claim in claims if not claim.kept} == {}
    assert min(claim.tried for claim in claims) > 0
    assert claims[-1].score == 1


@every_unit
def test_enough_is_written_down(topic: str) -> None:
    """Six right ways and eight mistakes of a function, of every kind, no two of one name; tests of every kind."""
    unit = UNITS[topic]
    assert set(unit.accepted) == set(functions(topic))
    assert all(len(ways) >= 6 for ways in unit.accepted.values())
    for name in functions(topic):
        known = [mistake for mistake in unit.misconceptions if mistake.function == name]
        assert len(known) >= CENTRAL.get(name, 8)
        assert {mistake.breaks for mistake in known} == set(KINDS)
        assert [one for one, times in Counter(m.name for m in known).items() if times > 1] == []
        tests = Counter(test.kind for test in suite.tests(unit) if test.cell == f"test_{name}")
        assert (tests["value"], tests["contract"]) >= (3, 3)
        assert tests["numerical"] >= 2


def test_the_command_says_what_speaks_against_a_unit(tmp_path) -> None:
    """A mistake that no test notices, a right way that is refused, and a hint that gives the line away."""
    for path in ("source/05-scale", "release/05-scale", "course/05-scale"):
        shutil.copytree(COURSE / path, tmp_path / path, ignore=shutil.ignore_patterns("__pycache__"))
    for path in ("nbgrader_config.py", "course/inputs.py", "course/residue.py", "course/unmask.py"):
        shutil.copy(COURSE / path, tmp_path / path)
        for file in (
            [COURSE / path] if (COURSE / path).is_file() else [f for f in (COURSE / path).iterdir() if f.is_file()]
        ):
            (tmp_path / file.relative_to(COURSE)).write_bytes(file.read_bytes())
    place = tmp_path / "course" / "05-scale"
    with (place / "misconceptions.py").open("a") as file:
        file.write(
            "\n\nfrom autograder.misconception import misconception\n\nfrom .reference import pool_rmse\n\n"
            '@misconception("pool_rmse", believes="All is well.", hint="What is wrong?")\n'
            "def nothing_wrong(rmses, counts):\n    return pool_rmse(rmses, counts)\n"
        )
    with (place / "accepted.py").open("a") as file:
        file.write('\n\nACCEPTED["pool_rmse"] += (lambda rmses, counts: 1.0,)\n')
    command = [sys.executable, "-m", "autograder", "prove", "05-scale", "--seeds", "1", "--json"]
    ran = subprocess.run([*command, "--course-dir", str(tmp_path)], capture_output=True, text=True, timeout=120)
    assert ran.returncode == 1, ran.stderr
    broken = {claim["name"]: claim["against"] for claim in json.loads(ran.stdout)["claims"] if not claim["kept"]}
    assert set(broken) >= {"right ways pass", "known mistakes lose points"}
    assert "pool_rmse nothing_wrong, seed 0: passes all value tests" in broken["known mistakes lose points"]


CASES = [([0, 3], [0, 0], 2.1213), ([1, 2, 3], [3, 4, 5], 2.0), ([1, -1], [0, 0], 1.0), ([7], [2], 5.0)]


def caught(cases: object) -> set[str]:
    """What a list of test cases catches, by the names of the hidden tests that it passes."""
    student = Local({}, {"rmse_cases": cases})
    said = suite.run(UNITS["rmse"], student, seed=1, cells=frozenset({"test_rmse_cases"}))
    return {outcome.name.removeprefix("test_catches_") for outcome in said if outcome.verdict == "passed"}


@pytest.mark.parametrize(
    "cases",
    [
        [list(case) for case in CASES],
        tuple(CASES),
        [(np.array(y), np.array(y_hat, dtype=float), np.float64(right)) for y, y_hat, right in CASES],
        [(y, y_hat, round(right, 3)) for y, y_hat, right in CASES],
        CASES * 10,
    ],
    ids=["lists", "tuples", "arrays", "three decimals", "many"],
)
def test_good_test_cases_in_any_form(cases: object) -> None:
    assert len(caught(cases)) == 9


@pytest.mark.parametrize(
    "cases",
    [
        *([], None, 5, "cases", {"a": 1}, [1, 2, 3], [[]], [([1], [1])], [([1], [1, 2], 0.0)], [([], [], 0.0)]),
        *([([[1]], [[2]], 1.0)], [(["a"], ["b"], 1.0)], [([1], [2], "1")], [([1], [2], True)]),
        *([([math.nan], [2], 1.0)], [([1], [2], math.nan)], [([1], [2], 99.0)], [([[1], [1, 2]], [1, 2], 1.0)]),
    ],
    ids=str,
)
def test_bad_test_cases_earn_nothing(cases: object) -> None:
    assert caught(cases) == set()


def test_a_copy_of_the_cells_example_catches_nothing() -> None:
    """Fails where the example of the cell's own comment earns the points; next to others it counts."""
    assert caught(CASES[:1]) == caught(CASES[:1] * 5) == {"test_every_case_is_right"}
    assert len(caught([*CASES, ([1], [2], 99.0)])) == 8


def test_each_case_catches_what_it_can() -> None:
    assert caught([([1, 2], [1, 2], 0.0)]) == {"test_every_case_is_right"}
    few = {"a_missing_root", "a_sum", "the_root_before_dividing", "the_standard_deviation", "n_minus_1"}
    assert caught([([3, 3], [1, 1], 2.0)]) == {"test_every_case_is_right"} | few
    assert "a_sum" in caught([([0, 4], [0, 0], 2.8284), ([1], [0], 7.0)]), "a wrong case does not spoil a right one"


@pytest.mark.parametrize("result", [2, 2.0, 6.0, np.array(4, dtype=np.float32), np.array(3.3)])
def test_any_median_is_right(result: object) -> None:
    assert UNITS["ranges"].suite.is_median(result, np.array([9.0, 1.0, 6.0, 2.0]))


@pytest.mark.parametrize("result", [1.99, 6.01, [4.0], np.array([4.0]), None, "4", float("nan"), True], ids=str)
def test_anything_else_is_no_median(result: object) -> None:
    assert not UNITS["ranges"].suite.is_median(result, np.array([9.0, 1.0, 6.0, 2.0]))


def test_a_letter_in_any_case_and_a_number_of_any_kind() -> None:
    assert chose(" C ", "c")
    assert not chose("d", "c")
    assert all(close(number, 0.6931) for number in (0.6931, np.float64(0.6931), np.array(0.6931)))
    assert not any(close(number, 0.6931) for number in (0.69, "0.6931", True, [0.6931], None, math.nan))
