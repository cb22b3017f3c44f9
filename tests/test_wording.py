"""What an author writes for students answers nothing for them: no solution, no hidden input, no right answer."""

from __future__ import annotations

import pytest
from miniature import unit_of

from autograder.grading.preflight import wording
from autograder.grading.preflight.mutants import mutants
from autograder.notebooks.assignment import Task

REFERENCE = '''
def area(width, height):
    """The area of a rectangle."""
    if width < 0:
        raise ValueError(f"width must not be below {0}")
    return width * height


class Tank:
    def fill(self, litres):
        self.level = litres + 0
        return self
'''
SUITE = '''
from autograder import kit
from . import reference


class Test_area:
    @kit.value
    @kit.example(117.0, 2.0)
    @kit.hint("HINT")
    def test_values(self, student, rng):
        """SENTENCE"""
        assert student.area(117.0, 2.0) == 234.0
        assert student.area(138.5, 2.0) == 277.0
        assert student.area([3, 5, 8], 1.0) is not None
        assert student.area(rng.uniform(), -0.04) is not None


class Test_Tank:
    @kit.value
    @kit.hint("TANK")
    def test_level(self, student):
        """The level of the tank is not right."""
        assert student.Tank().fill(40.25).level == 40.25


class Test_capital:
    meanings = {"Oslo": "MEANING"}

    @kit.value
    @kit.hint("CAPITAL")
    def test_answer(self, student):
        """Another town is the capital."""
        assert kit.said(student.answer("capital"), "Reykjavik") or kit.close(student.answer("capital"), 0.1375)
'''
TASKS = (
    Task("test_area", "area", "function", 1, "", ("width", "height")),
    Task("test_Tank", "Tank", "class", 1, ""),
    Task("test_capital", "capital", "answer", 1, "# Oslo, Bergen or another town"),
)


def slips(folder, **words):
    usual = {"SENTENCE": "The area is not right.", "HINT": "Draw it.", "TANK": "Measure it.", "CAPITAL": "Look north."}
    suite = SUITE
    for place, text in {**usual, "MEANING": "Oslo is elsewhere.", **words}.items():
        suite = suite.replace(place, text)
    unit = unit_of(folder, reference=REFERENCE, suite=suite)
    return list(wording.slips(unit, TASKS, wording.of(unit)))


@pytest.mark.parametrize(
    "words",
    [
        {},
        {"HINT": "Try it for 2, 100 and 0.5; nothing below 0 has an area."},
        {"HINT": "What is area(117, 2)? What is [3, 5]?"},
        {"CAPITAL": "It is none of Oslo and Bergen, and it has 9 letters."},
    ],
)
def test_what_helps_is_no_slip(tmp_path, words):
    assert slips(tmp_path, **words) == []


@pytest.mark.parametrize(
    ("place", "text", "said"),
    [
        ("HINT", "", "test_area.test_values, its hint: missing"),
        ("HINT", "Draw it", "is not a whole sentence"),
        ("HINT", f"Draw {'it ' * 80}.", "characters, and 200 is the most"),
        ("HINT", "Is it width*height?", "gives a line of the solution away"),
        ("HINT", "Try 138.5 and 2.", "tells the hidden input 138.5"),
        ("SENTENCE", "For [3, 5, 8] the area is not right.", "its docstring: tells the hidden input [3, 5, 8]"),
        ("TANK", "Pour 40.25 litres in.", "test_Tank.test_level, its hint: tells the hidden input 40.25"),
        ("CAPITAL", "Think of `Reykjavik`, of course.", "gives the answer away: Reykjavik"),
        ("MEANING", "Oslo has 0.1375 of the people.", "for 'Oslo': gives the answer away: 0.1375"),
    ],
)
def test_what_answers_for_the_student_is_named(tmp_path, place, text, said):
    [slip] = slips(tmp_path, **{place: text})
    assert said in slip


def test_each_change_of_the_reference_is_said_with_what_is_around_it(tmp_path):
    unit = unit_of(tmp_path, reference=REFERENCE, suite=SUITE)
    changes = [f"{mutant.before} → {mutant.after}" for mutant in mutants(unit, "area")]
    assert "width < 0 → width < 1" in changes
    assert "width * height → width / height" in changes
    assert not [change for change in changes if "below {1}" in change], "what an error says is nobody's promise"
    assert "litres + 0 → litres + 1" in [f"{mutant.before} → {mutant.after}" for mutant in mutants(unit, "Tank")]
