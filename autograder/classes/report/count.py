"""Counts a class's Reports, one after another. What is kept is counts, and one number a student and task: a class of
ten thousand takes little more memory than one of ten."""

from __future__ import annotations

import re
from array import array
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import combinations

from autograder.classes.report.lesson import ANSWERS, Lesson, finding
from autograder.classes.report.record import APART, Lot
from autograder.nbgrader.roll import Person
from autograder.notebooks.prediction import Guess
from autograder.report import CellReport, Layer, Report

BINS = 10
"""Of the probabilities that predictions come with."""

_SEEDS = 5
EXAMPLES = 3
_MOST_GROUPS, _MOST_BELIEFS, _MOST_TEXTS = 5_000, 2_000, 100
"""Of what students' work decides how many different ones there are. More than that nobody reads."""

_WORD = re.compile(r"[\w.@+-]+")
_LONG = 5

_ANOTHER = "Another reason."


@dataclass(frozen=True, slots=True)
class BeliefKey:
    """What makes two mistakes the same. A broken promise is the same one in every task, and two relations of one name
    are the same where the same is said of them: another formula is not every other formula."""

    name: str
    layer: Layer
    task: str | None
    said: str | None = None


@dataclass(frozen=True, slots=True)
class GroupKey:
    """What makes two unnamed mistakes the same: the signature, or else what failed, and of an answer what it was."""

    task: str
    signature: str | None
    failed: tuple[str, ...] = ()
    said: str | None = None


@dataclass(slots=True)
class Held:
    """How often a mistake was made."""

    students: int = 0
    points: float = 0.0
    hints: Counter[str] = field(default_factory=Counter)
    tasks: Counter[str] = field(default_factory=Counter)
    examples: list[str] = field(default_factory=list)
    holders: list[str] = field(default_factory=list)
    """Ids: of a few, and where names were asked for of all."""
    lot: Lot = "wrong"
    failed: tuple[str, ...] = ()
    """The hidden tests that they fail."""


@dataclass(slots=True)
class Tried:
    """What came of one hidden test."""

    kind: str
    judged: int = 0
    passed: int = 0
    not_judged: int = 0
    only: int = 0


@dataclass(slots=True)
class Foreseen:
    """What came of one question that was to be predicted."""

    made: int = 0
    right: int = 0
    sure: float = 0.0


class Count:
    """All that a report about one assignment is made of."""

    def __init__(self, lesson: Lesson, *, named: bool, ids: Iterable[str] = ()) -> None:
        """`ids` are those of the whole class."""
        self.lesson, self._named, self._ids = lesson, named, set(map(str.casefold, ids))
        self._tasks = {task.cell: task for task in lesson.assignment.tasks if task.kind != "manual"}
        self.handed_in = self.graded = self.faults = self.full = 0
        self.reasons: Counter[str] = Counter()
        self.versions: Counter[str] = Counter()
        self.seeds: set[int] = set()
        self.more_seeds = 0
        self.totals = array("d")
        self.shares = {cell: array("f") for cell in self._tasks}
        """By task a number for each graded submission, nan where it was not attempted."""
        self.lots: dict[str, Counter[Lot]] = {cell: Counter() for cell in self._tasks}
        self.lost: defaultdict[str, float] = defaultdict(float)
        self.beliefs: defaultdict[BeliefKey, Held] = defaultdict(Held)
        self.pairs: Counter[tuple[BeliefKey, BeliefKey]] = Counter()
        self.groups: defaultdict[GroupKey, Held] = defaultdict(Held)
        self.more_groups = 0
        self.tests: dict[tuple[str, str], Tried] = {}
        self.predictors = 0
        self.foreseen = {question.name: Foreseen() for question in lesson.questions}
        self.bins = [Foreseen() for _ in range(BINS)]
        self.squares = 0.0

    @property
    def tasks(self) -> Iterable[tuple[str, str]]:
        """The cells and names of what is graded without a person."""
        return [(cell, task.name) for cell, task in self._tasks.items()]

    def most(self, cell: str) -> float:
        """The points of a task."""
        return self._tasks[cell].points

    def add(self, report: Report, person: Person, version: str, *, final: bool) -> None:
        """Count one submission."""
        self.handed_in += 1
        self._ids.add(person.id.casefold())
        self.versions[version] += 1
        self._see(report.seed)
        if report.status == "ungraded":
            self._reason(report.reason or "No reason is known.", person)
            self.faults += not final
            faulty = {cell.id for cell in report.cells if cell.state == "grader-fault"}
            for cell in self._tasks:
                self.lots[cell]["grader-fault" if cell in faulty else "ungraded"] += 1
            return
        self.graded += 1
        self.full += report.full_marks
        self.totals.append(report.score or 0.0)
        held: dict[BeliefKey, None] = {}
        failed: list[tuple[str, str]] = []
        cells = {cell.id: cell for cell in report.cells}
        for cell in self._tasks:
            found = cells.get(cell)
            if found is None:  # the assignment has more tasks now
                self.shares[cell].append(float("nan"))
                continue
            held |= dict.fromkeys(self._task(found, person))
            failed += self._tests(found)
        for key in held:
            self.beliefs[key].students += 1
            self._hold(self.beliefs[key], person)
        # Nobody holds so many that this would be slow; a hostile file cannot, as there are so many tasks.
        self.pairs.update(combinations(sorted(held, key=_order), 2))
        if len(failed) == 1 and failed[0] in self.tests:
            self.tests[failed[0]].only += 1

    def example(self, held: Held) -> str | None:
        """One of the examples that has nobody's id in it."""
        return next(filter(self.anonymous, held.examples), None)

    def anonymous(self, text: str) -> bool:
        """Whether a text has nobody's id in it. What is as short as an ordinary word may be one."""
        return not any(len(word) >= _LONG and word in self._ids for word in _WORD.findall(text.casefold()))

    def foresee(self, guesses: Mapping[str, Guess]) -> None:
        """Count what one student predicted."""
        self.predictors += bool(guesses)
        for question in self.lesson.questions:
            guess = guesses.get(question.name)
            if guess is None:
                continue
            right = guess.answer == question.right
            place = self.bins[min(int(guess.probability * BINS), BINS - 1)]
            for seen in (self.foreseen[question.name], place):
                seen.made += 1
                seen.right += right
                seen.sure += guess.probability
            self.squares += (guess.probability - right) ** 2

    def _task(self, cell: CellReport, person: Person) -> Iterable[BeliefKey]:
        """Count one task, and tell what beliefs are in it."""
        lot = lot_of(cell)
        lost = max(0.0, cell.max_score - (cell.score or 0.0))
        self.lots[cell.id][lot] += 1
        apart = lot in APART or not cell.max_score
        self.shares[cell.id].append(float("nan") if apart else (cell.score or 0.0) / cell.max_score)
        if apart or lot == "passed":
            return
        self.lost[cell.id] += lost
        if lot == "timeout":
            return
        keys = list(self._named_in(cell, person))
        if keys:
            first = self.beliefs[keys[0]]
            first.points += lost
            _hint(first, cell.hint, person)
            for key in keys:
                self.beliefs[key].tasks[cell.id] += 1
            yield from keys
            return
        failed = tuple(test.name for test in cell.tests if not test.passed and test.because is None)
        own = _group(cell, failed)
        if own not in self.groups and len(self.groups) >= _MOST_GROUPS:
            self.more_groups += 1
            return
        group = self.groups[own]
        if not group.students or (lot, failed) < (group.lot, group.failed):
            group.lot, group.failed = lot, failed
        group.students += 1
        group.points += lost
        _hint(group, cell.hint, person)
        if not tells(cell.message, person):  # in an order that does not depend on who comes first
            group.examples = sorted({*group.examples, cell.message})[:EXAMPLES]
        self._hold(group, person)

    def _named_in(self, cell: CellReport, person: Person) -> Iterable[BeliefKey]:
        task = cell.id.removeprefix("test_")
        if cell.misconception is not None:
            for name, layer in ((cell.misconception, cell.layer or "catalogue"), (cell.also, None)):
                if name is not None:
                    layer = layer or self.lesson.layer(task, name)
                    said = None
                    if layer == "relation" and name == cell.misconception and len(self.beliefs) < _MOST_BELIEFS:
                        said = finding(None if tells(cell.hint or "", person) else cell.hint)
                    yield BeliefKey(name, layer, None if layer == "promise" else task, said)
        elif cell.function is None and cell.hint is not None and (cell.id, cell.hint) in self.lesson.meanings:
            yield BeliefKey(f"{ANSWERS}{self.lesson.meanings[cell.id, cell.hint]}", "catalogue", task)

    def _tests(self, cell: CellReport) -> Iterable[tuple[str, str]]:
        """Count the tests of one task, and tell which failed."""
        for test in cell.tests:
            key = cell.id, test.name
            tried = self.tests.setdefault(key, Tried(test.kind))
            if test.because is not None:
                tried.not_judged += 1
                continue
            tried.judged += 1
            tried.passed += test.passed
            if not test.passed:
                yield key
        if not cell.tests and cell.state not in ("passed", "manual"):
            yield cell.id, ""  # not attempted, or out of time: nobody can say how the rest would have been

    def _hold(self, held: Held, person: Person) -> None:
        if self._named or len(held.holders) < EXAMPLES:
            held.holders.append(person.id)

    def _reason(self, reason: str, person: Person) -> None:
        many = len(self.reasons) >= _MOST_TEXTS and reason not in self.reasons
        self.reasons[_ANOTHER if many or tells(reason, person) else reason] += 1

    def _see(self, seed: int | None) -> None:
        if seed is None or seed in self.seeds:
            return
        if len(self.seeds) < _SEEDS:
            self.seeds.add(seed)
        else:
            self.more_seeds += 1


def usual(texts: Counter[str]) -> list[str]:
    """The most frequent first, and of equally frequent ones always the same."""
    return sorted(texts, key=lambda text: (-texts[text], text))


def lot_of(cell: CellReport) -> Lot:
    """What became of a task."""
    if cell.state == "wrong":
        return "partly" if cell.score else "wrong"
    return "ungraded" if cell.state == "manual" else cell.state


def tells(text: str, person: Person) -> bool:
    """Whether a text holds what the student is called. A short name counts where it is a word of its own, and a short
    number not at all, since any text may have it."""
    parts = {person.id, person.email, *person.id.split("@")[:1], *f"{person.first} {person.last}".split()}
    text = text.casefold()
    for part in map(str.casefold, parts):
        if len(part) < 2 or (len(part) < 5 and part.isdigit()):
            continue
        if part in text and (len(part) > 3 or re.search(rf"\b{re.escape(part)}\b", text)):
            return True
    return False


def _hint(held: Held, hint: str | None, person: Person) -> None:
    if hint and not tells(hint, person) and (hint in held.hints or len(held.hints) < _MOST_TEXTS):
        held.hints[hint] += 1


def _group(cell: CellReport, failed: tuple[str, ...]) -> GroupKey:
    task = cell.id.removeprefix("test_")
    if cell.signature is not None:
        return GroupKey(task, cell.signature)
    return GroupKey(task, None, failed, cell.message if cell.function is None else None)


def _order(key: BeliefKey) -> tuple[str, str, str]:
    return key.layer, key.task or "", f"{key.name} {key.said}"
