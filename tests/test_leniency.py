"""A course may be more lenient than its suites, by its own settings."""

from __future__ import annotations

import json
import pickle
from pathlib import Path

import pytest
from courses import Course

from autograder import kit
from autograder.grading import suite
from autograder.grading.local import Local
from autograder.notebooks import units

SPREAD = "def spread(x):\n    return {} if len(x) else 0.0\n"
ROUGH = SPREAD.format("(max(x) - min(x)) * (1 + 1e-5)")
IN_PLACE = "def spread(x):\n    x[0], x[-1] = x[-1], x[0]\n    return max(x) - min(x)\n"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Course:
    root = tmp_path_factory.mktemp("made")
    Course(root).here("new", "course")
    course = Course(root / "course", unit="ps1")
    assert course.here("new", "ps1").returncode == 0
    course.nbgrader("generate_assignment", "ps1")
    return course


def points(course: Course, settings: str, cell: str) -> float:
    """What a submission earns in a course with these settings."""
    (course.root / "autograder.toml").write_text(f'packages = ["numpy"]\n{settings}')
    document = json.loads((course.root / "release" / "ps1" / "ps1.ipynb").read_text())
    for found in document["cells"]:
        if found["metadata"].get("nbgrader", {}).get("grade_id") == "spread":
            found["source"] = cell
    path = course.root / "mine.ipynb"
    path.write_text(json.dumps(document))
    return json.loads(course.here("check", str(path), "--json").stdout)["score"]


def test_a_tolerance_counts_for_every_comparison(made: Course) -> None:
    assert points(made, "", ROUGH) < 2
    assert points(made, "[leniency]\nrtol = 1e-4\n", ROUGH) == 2
    assert points(made, "[leniency]\nrtol = 1e-6\n", ROUGH) < 2


def test_the_shares_are_the_courses(made: Course) -> None:
    """The suite that was made has a test of each kind."""
    usual = points(made, "", IN_PLACE)
    lenient = points(made, "[leniency]\nshares = { value = 0.98, numerical = 0.01, contract = 0.01 }\n", IN_PLACE)
    assert (usual, lenient) == (round(2 * 0.85, 2), round(2 * 0.99, 2))


def test_a_change_of_leniency_grades_again_and_travels_to_a_worker(made: Course) -> None:
    (made.root / "autograder.toml").write_text("")
    before = units.find(made.root, "ps1")
    (made.root / "autograder.toml").write_text("[leniency]\natol = 1e-3\n")
    after = units.find(made.root, "ps1")
    assert before.digest != after.digest
    assert pickle.loads(pickle.dumps(after)).leniency.atol == 1e-3  # noqa: S301 - our own
    assert pickle.loads(pickle.dumps(after)).digest == after.digest  # noqa: S301


def test_a_suite_that_is_more_lenient_itself_stays_so() -> None:
    token = kit.lenient.set((1e-4, 0.0))
    try:
        assert kit.same(1.00005, 1.0)
        assert kit.same(1.05, 1.0, rtol=0.1)
        assert not kit.same(1.001, 1.0)
    finally:
        kit.lenient.reset(token)
    assert not kit.same(1.00005, 1.0)


def test_nothing_of_it_is_left_for_the_next_course(made: Course) -> None:
    (made.root / "autograder.toml").write_text("[leniency]\nrtol = 0.1\n")
    unit = units.find(made.root, "ps1")
    student = Local({"spread": lambda x: (max(x) - min(x)) * 1.05 if len(x) else 0.0})
    said = suite.run(unit, student, seed=1, cells=frozenset({"test_spread"}))
    assert all(outcome.verdict == "passed" for outcome in said)
    assert kit.lenient.get() == (0.0, 0.0)


@pytest.mark.parametrize(
    ("settings", "says"),
    [
        ("leniency = 3", "leniency must be a table"),
        ("[leniency]\ntolerance = 1", "leniency.tolerance is not a setting; the settings are atol, rtol, shares"),
        ("[leniency]\nrtol = 'x'", "leniency.rtol must be a number"),
        ("[leniency]\nrtol = nan", "leniency.rtol must be a number"),
        ("[leniency]\nrtol = 5", "leniency.rtol must lie between 0 and 0.1"),
        ("[leniency]\nshares = { value = 1 }", "leniency.shares.numerical must be a number"),
        ("[leniency]\nshares = { value = 0.5, numerical = 0.5, contract = 0.5 }", "have to be 1 together"),
        ("[leniency]\nshares = { value = 0.0, numerical = 0.5, contract = 0.5 }", "with some of it for value"),
    ],
)
def test_settings_that_cannot_be_meant(made: Course, settings: str, says: str, tmp_path: Path) -> None:
    (made.root / "autograder.toml").write_text(settings)
    with pytest.raises(units.NoSuchUnit, match=f"autograder.toml: .*{says}"):
        units.find(made.root, "ps1")
