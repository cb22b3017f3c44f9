"""What a class report says, as records: the page, the CSV files and the JSON are all made from these.

A number that the size of the class does not allow is None. `who` is empty but where names were asked for.
"""

from __future__ import annotations

from typing import Literal

import msgspec

from autograder.report import Layer

Lot = Literal["passed", "partly", "wrong", "error", "timeout", "not-attempted", "missing", "ungraded", "grader-fault"]
"""What became of a task: its state, where a wrong one with some of the points is `partly`."""

DIFFICULT: tuple[Lot, ...] = ("passed", "partly", "wrong", "error", "timeout")
"""What says something about how difficult a task is."""

APART: tuple[Lot, ...] = ("not-attempted", "missing", "ungraded", "grader-fault")
"""What says nothing about it."""


class Share(msgspec.Struct, frozen=True, kw_only=True):
    """So many of so many, and the 95 % interval of the share."""

    count: int
    of: int
    low: float
    high: float

    @property
    def share(self) -> float:
        return self.count / self.of


class Person(msgspec.Struct, frozen=True, kw_only=True):
    """A student, in the file with names."""

    id: str
    name: str


class Task(msgspec.Struct, frozen=True, kw_only=True):
    """Where points went in one task."""

    name: str
    section: str | None
    most: float
    lots: dict[Lot, int] | None = None
    lost: float | None = None
    """Points lost by a student who attempted it, on average."""
    attempted: int | None = None
    happened: tuple[Lot, ...] = ()
    """What there was, in a class too small for counts."""


class Belief(msgspec.Struct, frozen=True, kw_only=True):
    """One misconception, relation or broken promise."""

    name: str
    layer: Layer
    tasks: tuple[str, ...]
    words: str
    hint: str | None
    section: str | None
    share: Share | None = None
    points: float | None = None
    """Lost by all together, where it was the first mistake named."""
    who: tuple[Person, ...] = ()


class Together(msgspec.Struct, frozen=True, kw_only=True):
    """Two beliefs that the same students hold."""

    one: str
    other: str
    one_tasks: tuple[str, ...] = ()
    other_tasks: tuple[str, ...] = ()
    both: Share
    """Of those who hold the first."""
    elsewhere: Share
    """How many of the rest hold the second."""


class Group(msgspec.Struct, frozen=True, kw_only=True):
    """Students whose function is wrong in the same way, which has no name yet."""

    task: str
    signature: str | None
    """None where nothing but the failed tests is known."""
    lot: Lot
    failed: tuple[str, ...]
    """The hidden tests that they fail, by name."""
    example: str | None
    hint: str | None
    section: str | None
    code: str | None = None
    """The function of one of them, without anything that tells whose it is."""
    share: Share | None = None
    points: float | None = None
    who: tuple[Person, ...] = ()


class Item(msgspec.Struct, frozen=True, kw_only=True):
    """How a task measured the class, from those who attempted it."""

    task: str
    attempted: int
    mean: float
    """As a share of its points."""
    full: Share
    zero: Share
    correlation: tuple[float, float, float] | None = None
    """With the rest of the total, and its interval."""
    fifths: tuple[float, ...] = ()
    flag: str | None = None


class Test(msgspec.Struct, frozen=True, kw_only=True):
    """How the class did on one hidden test, of those in whose work it was judged."""

    task: str
    name: str
    kind: str
    says: str
    passed: Share
    not_judged: int
    only: int
    """How many fail this test and no other of the whole assignment."""
    flag: str | None = None


class Foretold(msgspec.Struct, frozen=True, kw_only=True):
    """One question that the lesson had its readers predict."""

    name: str
    section: str | None
    right: Share
    sure: float
    """The mean of the probabilities given."""


class Bin(msgspec.Struct, frozen=True, kw_only=True):
    """The predictions made with about one probability."""

    sure: float
    right: Share


class Predictions(msgspec.Struct, frozen=True, kw_only=True):
    """How well the class foresaw, and knew it."""

    made: int
    students: int
    right: Share
    sure: float
    score: float
    """Brier's: the mean squared distance between how sure and whether right. 0 is best."""
    constant: float
    """The score of saying the class's share of right answers every time."""
    questions: tuple[Foretold, ...]
    curve: tuple[Bin, ...]


class Work(msgspec.Struct, frozen=True, kw_only=True):
    """The grader's own work."""

    reasons: tuple[tuple[str, int], ...]
    """Why submissions could not be graded, and how many."""
    faults: int
    """Of those, how many by a fault of the grader."""
    timeouts: tuple[tuple[str, int], ...]
    versions: tuple[str, ...]
    seeds: tuple[int, ...]
    more_seeds: int
    not_counted: tuple[str, ...]


class Lesson(msgspec.Struct, frozen=True, kw_only=True):
    """One thing to teach again."""

    words: str
    task: str
    section: str | None
    hint: str | None
    share: Share | None
    points: float | None
    example: str | None = None
    """A call that everybody may see, what came back and what would be right."""
    code: str | None = None
    belief: int | None = None
    group: int | None = None
    """Its place among the beliefs, or among the groups."""


class Total(msgspec.Struct, frozen=True, kw_only=True):
    """The points that need no person."""

    mean: float
    half_have: float
    histogram: tuple[int, ...]
    """How many have up to a tenth of the points, two tenths, and so on."""


class AssignmentReport(msgspec.Struct, frozen=True, kw_only=True):
    """What a class understood of one assignment."""

    assignment: str
    title: str
    students: int | None
    """Whom the gradebook knows; None where there is none."""
    handed_in: int
    graded: int
    most: float
    first: tuple[str, ...]
    teach: tuple[Lesson, ...]
    tasks: tuple[Task, ...]
    beliefs: tuple[Belief, ...]
    groups: tuple[Group, ...]
    alone: int | None
    """How many are wrong in an unnamed way that nobody shares."""
    together: tuple[Together, ...] = ()
    total: Total | None = None
    items: tuple[Item, ...] = ()
    alpha: tuple[float, float, float] | None = None
    tests: tuple[Test, ...] = ()
    predictions: Predictions | None = None
    predicted: bool = False
    """Whether the lesson asks for predictions at all."""
    work: Work


class OverUnits(msgspec.Struct, frozen=True, kw_only=True):
    """A belief that occurs in several assignments."""

    name: str
    words: str
    shares: dict[str, Share]
    """By assignment."""


class ClassReport(msgspec.Struct, frozen=True, kw_only=True):
    """One or several assignments of a class."""

    schema: int = 1
    named: bool = False
    assignments: tuple[AssignmentReport, ...]
    over: tuple[OverUnits, ...] = ()
