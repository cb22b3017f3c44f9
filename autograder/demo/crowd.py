"""A made-up class of any size, in which is known what it believes: three mistakes are planted, and whatever else goes
wrong goes wrong seldom. One of the three is catalogued, one has no name, and one is named by a relation.

The same seed makes the same class. Nobody in it is a person.
"""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import cycle, islice
from pathlib import Path

import numpy as np

from autograder.demo.students import Notebook, as_typed, grade_id, helpers, solutions
from autograder.grading import suite
from autograder.notebooks import prediction
from autograder.notebooks.assignment import Assignment, Task

PLANTED = (0.36, 0.27, 0.19)
"""The shares of the class that hold the three planted mistakes."""

_SELDOM = 0.02
"""The share that makes each of the other mistakes."""

_FIRST = "Ada Bo Cem Dana Emil Fay Gil Hana Ivo Jun Kai Lena Mio Nia Omar Pia Quin Rosa Sam Tova Uri Vera Wim Yara Zoe"
_LAST = "Ames Brandt Costa Diaz Engel Frey Gupta Haas Ito Jansen Kim Lund Meyer Novak Okoro Perez Quist Rossi Sato Tran"


@dataclass(frozen=True, slots=True)
class Way:
    """One way to fill in a task."""

    task: str
    name: str
    """Of the mistake; `right`, `untouched`, or what is odd about it."""
    text: str | None
    """None where the cell is left as it is."""


@dataclass(frozen=True, slots=True)
class Member:
    """One student of the class."""

    id: str
    first: str
    last: str
    ways: Mapping[str, Way]
    guesses: Mapping[str, tuple[str, float]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Crowd:
    """A class, and what was planted in it, the most frequent first."""

    members: tuple[Member, ...]
    planted: tuple[Way, ...]


class Maker:
    """Makes classes for one assignment of a course."""

    def __init__(self, assignment: Assignment, course: Path, known: int = 4) -> None:
        """`known` is how many known mistakes of each task there are in a class."""
        self.assignment, self._most = assignment, known
        name = assignment.name
        self._given: Notebook = json.loads((course / "release" / name / f"{name}.ipynb").read_bytes())
        self._taught = solutions(course / "source" / name / f"{name}.ipynb")
        self.tasks = [task for task in assignment.tasks if task.kind != "manual" and task.name in self._taught]

    def ways(self, task: Task) -> tuple[Way, ...]:
        """The ways that there are, the right one first, the known mistakes next."""
        found = [Way(task.name, "right", self._taught[task.name]), *islice(self._known(task), self._most)]
        if task.kind == "function":
            found += [
                self.related(task),
                self.unnamed(task),
                Way(task.name, "raises", f"def {task.name}(*given):\n    return given[0].no_such_thing\n"),
            ]
        return (*found, Way(task.name, "untouched", None))

    def related(self, task: Task) -> Way:
        """A mistake that is in no catalogue, and has a name by what it has to do with the right result."""
        return Way(task.name, "five times", self._wrapped(task, "5 * np.asarray(value)"))

    def unnamed(self, task: Task) -> Way:
        """A mistake that no catalogue and no relation has a name for."""
        bent = "value + 0.3 * np.sin(40 * np.asarray(value))"  # now larger than the right one, now smaller
        return Way(task.name, "unnamed", self._wrapped(task, bent))

    def crowd(self, size: int, *, seed: int, planted: Sequence[float] = PLANTED) -> Crowd:
        """A class of so many. Each planted mistake is in a task of its own."""
        rng = np.random.default_rng(seed)
        ways = {task.name: self.ways(task) for task in self.tasks}
        chosen = self._planted(rng, len(planted))
        filled = [{name: some[0] for name, some in ways.items()} for _ in range(size)]
        weak = rng.normal(size=size)  # who makes one mistake is likelier to make another
        for name, some in ways.items():
            for way in some[1:]:
                for number in np.flatnonzero(rng.random(size) < _SELDOM * np.exp(weak)):
                    filled[number][name] = way
        for way, share in zip(chosen, planted, strict=False):  # a unit may have fewer functions
            for member in filled:
                if member[way.task].name == way.name:  # what is planted is there as often as it is said to be
                    member[way.task] = ways[way.task][0]
            for number in np.argsort(rng.normal(size=size) - weak)[: round(share * size)]:
                filled[number][way.task] = way
        members = tuple(self._member(rng, number, filled[number]) for number in range(size))
        return Crowd(members, chosen)

    def notebook(self, member: Member) -> Notebook:
        """What this student hands in."""
        made = copy.deepcopy(self._given)
        for cell in made["cells"]:
            way = member.ways.get(grade_id(cell))
            if way is not None and way.text is not None:
                cell["source"] = way.text
            elif grade_id(cell) in self._taught and way is None:
                cell["source"] = self._taught[grade_id(cell)]
            elif cell["cell_type"] == "code" and not grade_id(cell):
                cell["source"] = _predicted("".join(cell["source"]), member.guesses)
        return made

    def _known(self, task: Task) -> Iterator[Way]:
        """Known mistakes of a function that can be pasted, and wrong answers to a question that mean something."""
        unit = self.assignment.unit
        if unit is None:
            return
        for entry in unit.misconceptions if task.kind == "function" else ():
            if entry.function == task.name and entry.breaks == "value" and helpers(entry.wrong) is not None:
                yield Way(task.name, entry.name, as_typed(entry.wrong, task.name))
        for test in suite.tests(unit) if task.kind == "answer" else ():
            for wrong in test.meanings if test.cell == task.cell else ():
                yield Way(task.name, f"answers {wrong!r}", f"{task.name} = {wrong!r}")

    def _wrapped(self, task: Task, result: str) -> str:
        """The right function, and something done to what it returns."""
        inner = re.sub(rf"\bdef {task.name}\(", f"def taught_{task.name}(", self._taught[task.name], count=1)
        return (
            f"{inner}\n\n\ndef {task.name}(*given, **named):\n    import numpy as np\n\n"
            f"    value = taught_{task.name}(*given, **named)\n    return {result}\n"
        )

    def _planted(self, rng: np.random.Generator, count: int) -> tuple[Way, ...]:
        """In tasks with the most points: a known mistake, then one without a name, then a relation."""
        tasks = [task for task in self.tasks if task.kind == "function" and any(True for _ in self._known(task))]
        tasks = [tasks[place] for place in rng.permutation(len(tasks))]
        tasks.sort(key=lambda task: -task.points)
        kinds = cycle((lambda task: next(iter(self._known(task))), self.unnamed, self.related))
        return tuple(make(task) for make, task in zip(kinds, tasks[:count], strict=False))

    def _member(self, rng: np.random.Generator, number: int, ways: Mapping[str, Way]) -> Member:
        first, last = rng.choice(_FIRST.split()), rng.choice(_LAST.split())
        guesses = {}
        for question in prediction.questions(cell.source for cell in self.assignment.cells if cell.type == "code"):
            sure = float(rng.choice([0.34, 0.5, 0.6, 0.7, 0.8, 0.9, 0.99]))
            if rng.random() > 0.05:  # a class that is surer than it is right, as classes are
                right = rng.random() < 0.33 + 0.6 * (sure - 0.33)
                others = [letter for letter in "abc" if letter != question.right]
                guesses[question.name] = (question.right if right else str(rng.choice(others)), sure)
        return Member(f"s{number:04d}", str(first), str(last), ways, guesses)


def _predicted(source: str, guesses: Mapping[str, tuple[str, float]]) -> str:
    """A cell that asks for a prediction, filled in."""
    for name in prediction.names(source):
        if name in guesses and source.strip().startswith("predict("):
            answer, sure = guesses[name]
            return f'predict("{name}", answer="{answer}", probability={sure})'
    return source
