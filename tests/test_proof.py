"""What a proof says of a suite that asks too little, and that it does not take what is right for luck."""

from __future__ import annotations

from dataclasses import replace

import miniature
from miniature import unit_of

from autograder.grading.preflight import luck
from autograder.grading.preflight.proof import Claim, prove, record
from autograder.notebooks.assignment import Task

REFERENCE = """
def middle(x):
    if len(x) == 0:
        return 0.0
    return sum(x) / len(x)

def last(x):
    return x[-1]
"""
SUITE = """
from autograder import kit
from . import reference

class Test_middle:
    @kit.value
    @kit.hint("Add them all first.")
    def test_values(self, student, rng):
        \"\"\"The mean is not right.\"\"\"
        x = rng.normal(size=5)
        assert kit.same(student.middle(x), reference.middle(x))

class Test_last:
    @kit.value
    @kit.hint("Where does the list end?")
    def test_values(self, student, rng):
        \"\"\"The last number is another one.\"\"\"
        assert kit.same(student.last([1.0]), 1.0)
"""


def test_a_guess_that_is_right_is_no_luck(tmp_path):
    unit = unit_of(tmp_path, suite=SUITE, reference=REFERENCE)
    assert "the mean of the first" not in luck.ways(unit, "middle")
    assert {"always 1.0", "always 1.0 in shape", "the first argument"} <= set(luck.ways(unit, "middle"))
    assert {"the mean of the first", "the first argument"} <= set(luck.ways(unit, "last"))


def test_a_suite_that_asks_too_little_breaks_its_promises(tmp_path):
    unit = unit_of(tmp_path, suite=SUITE, reference=REFERENCE)
    tasks = tuple(Task(f"test_{name}", name, "function", 1, "", ("x",)) for name in ("middle", "last"))
    claims = list(prove(replace(miniature.unit(), tasks=tasks, unit=unit), unit, seeds=1, mutate=True))
    found: dict[str, Claim] = {claim.name: claim for claim in claims}
    lucky = found["luck earns nothing"].against
    assert "last always 1.0: passes test_values" in lucky
    assert "last the mean of the first: passes test_values" in lucky
    assert not [line for line in lucky if line.startswith("middle")]
    changes = found["changes of the reference are noticed"]
    assert "middle, line 3: len(x) == 0 → len(x) == 1" in changes.against
    assert changes.score == 1 - len(changes.against) / changes.tried
    assert 0 < changes.score < 1
    made = record(claims, "made")
    assert (made["kept"], made["claims"][-1]["score"]) == (False, round(changes.score, 4))
