"""The catalogue of known mistakes, as an author writes it."""

from __future__ import annotations

import re

from autograder.misconception import Misconception, about, misconception
from benchmarks.trials import COURSE


def test_a_group_says_once_what_its_entries_are_about():
    spread = about("spread")

    @spread(believes="The spread is the largest number.", hint="What is the spread of 5, 5 and 5?")
    def largest(x):
        return max(x)

    @spread(believes="Numbers are kept sorted.", hint="Is [2, 1] sorted?", breaks="contract", name="in_place")
    def sorts(x):
        return x.sort()

    assert isinstance(largest, Misconception)
    assert (largest.function, largest.name, largest.breaks, largest([1, 3])) == ("spread", "largest", "value", 3)
    assert (sorts.function, sorts.name, sorts.breaks) == ("spread", "in_place", "contract")
    alone = misconception("spread", believes=largest.believes, hint=largest.hint)(largest.wrong)
    assert alone == largest


def test_the_catalogues_of_this_course_name_each_function_once():
    for path in sorted(COURSE.glob("course/*/misconceptions.py")):
        text = path.read_text()
        named = re.findall(r'about\("(\w+)"\)', text)
        assert len(named) == len(set(named)) >= 2, path
        assert "@misconception" not in text, path


def test_the_wrong_function_is_still_read_by_its_earlier_name():
    entry = misconception("spread", believes="It is the largest.", hint="What is it of 5, 5 and 5?")(max)
    assert entry.answer is entry.wrong is max
