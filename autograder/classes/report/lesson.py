"""What a report needs to know of an assignment: its tasks and sections, and words for the names of mistakes."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from autograder.classes.similar.prints import names
from autograder.grading import suite
from autograder.grading.diagnosis.promise import PROMISES
from autograder.grading.diagnosis.second import words_for
from autograder.grading.hidden import Outcome
from autograder.grading.suite import BrokenSuite
from autograder.misconception import Misconception
from autograder.notebooks import prediction
from autograder.notebooks.assignment import Assignment
from autograder.notebooks.prediction import Question
from autograder.notebooks.units import BrokenUnit
from autograder.report import Layer
from autograder.words import sentence, shown

ANSWERS = "answers "
"""How the name of a wrong answer to a question begins."""

_HEADING = re.compile(r"^(#{1,6})\s+(.+?)\s*#*$", re.MULTILINE)
_FINDING = re.compile(r"[^?]+?\.(?=\s|$)")


@dataclass(frozen=True)
class Lesson:
    """One assignment, as a class report sees it."""

    assignment: Assignment

    @cached_property
    def title(self) -> str:
        texts = (cell.source for cell in self.assignment.cells if cell.type == "markdown")
        found = next((match[2] for text in texts if (match := _HEADING.search(text)) and match[1] == "#"), "")
        return found or self.assignment.name

    @cached_property
    def sections(self) -> Mapping[str, str]:
        """By the names of tasks and predictions, the heading that each stands below."""
        found: dict[str, str] = {}
        heading = ""
        for cell in self.assignment.cells:
            if cell.type == "markdown":
                # The title is no section: to be sent there is to be sent to all of it. What is below a section may be
                # called the same in each.
                found_here = [(match[1], match[2]) for match in _HEADING.finditer(cell.source) if match[1] != "#"]
                heading = next((name for level, name in reversed(found_here) if level == "##" or not heading), heading)
            elif heading:
                found |= dict.fromkeys(prediction.names(cell.source), heading)
            if cell.id is not None and heading:
                found.setdefault(cell.id.removeprefix("test_"), heading)
        return found

    @cached_property
    def questions(self) -> tuple[Question, ...]:
        return prediction.questions(cell.source for cell in self.assignment.cells if cell.type == "code")

    @cached_property
    def catalogue(self) -> Mapping[tuple[str, str], Misconception]:
        """The known mistakes, by function and name."""
        try:
            known = self.assignment.unit.misconceptions if self.assignment.unit is not None else ()
        except BrokenUnit:
            return {}
        return {(entry.function, entry.name): entry for entry in known}

    @cached_property
    def tests(self) -> Mapping[tuple[str, str], Outcome]:
        """The hidden tests, by the cell that they grade and their own name."""
        try:
            known = suite.tests(self.assignment.unit) if self.assignment.unit is not None else ()
        except BrokenSuite:
            return {}
        return {(test.cell, test.name): test for test in known}

    @cached_property
    def meanings(self) -> Mapping[tuple[str, str], str]:
        """The wrong answers to a question that mean something, by its cell and what they mean."""
        return {
            (test.cell, meaning): shown(wrong)
            for test in self.tests.values()
            for wrong, meaning in test.meanings.items()
        }

    @cached_property
    def names(self) -> frozenset[str]:
        """The names in the code that everybody was given."""
        return names(cell.source for cell in self.assignment.cells if cell.type == "code")

    def layer(self, task: str, name: str) -> Layer:
        """How a second mistake got its name, of which only that is known."""
        if (task, name) in self.catalogue:
            return "catalogue"
        return "promise" if name in PROMISES else "relation"

    def words(self, task: str, name: str, layer: Layer, hint: str | None) -> str:
        """What students believe, or what their function does, as a sentence."""
        if (entry := self.catalogue.get((task, name))) is not None:
            return entry.believes
        if name.startswith(ANSWERS):
            return f"{sentence(name)}."
        if layer == "promise":
            return f"The function {words_for(name)}."
        said = finding(hint) if layer == "relation" else None
        return said or f"{sentence(words_for(name))}."


def finding(hint: str | None) -> str | None:
    """What a hint says of a function before it asks, as a sentence about anybody's."""
    match = _FINDING.match(hint or "")
    return None if match is None else re.sub(r"^Your ", "The ", match[0].strip())
