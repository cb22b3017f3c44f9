"""The Report: what one graded submission comes to. The same record is the JSON that `check --json` prints."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from typing import Any, Literal

from autograder.misconception import Kind as Kind

VERSION = "0.1.0"
"""The grader's."""

State = Literal["passed", "wrong", "error", "timeout", "not-attempted", "missing", "manual", "grader-fault"]

WORDS: Mapping[str, str] = {
    "passed": "passed",
    "wrong": "wrong",
    "error": "raised an error",
    "timeout": "timed out",
    "not-attempted": "not attempted",
    "missing": "missing",
    "manual": "manual",
    "grader-fault": "not graded",
}
"""What people read of a state, in the terminal, in pages and in reports."""
Layer = Literal["catalogue", "relation", "promise"]
"""How a mistake got its name: it is a known one, or stands in a relation to the right one, or breaks a promise."""

SCHEMA = 2
"""Goes up by one when a field is added. No field ever changes its meaning."""


@dataclass(frozen=True, kw_only=True, slots=True)
class TestResult:
    """One hidden test: its name, what kind of promise it holds the function to, and whether that was kept."""

    __test__ = False  # not a class of tests, whatever pytest makes of the name

    name: str
    kind: Kind
    passed: bool
    because: str | None = None
    """Why the test was not judged at all, where another failure is the one cause. It earns nothing then."""


@dataclass(frozen=True, kw_only=True, slots=True)
class CellReport:
    """One points-carrying cell. `score` is None where a person or nobody can say: manual cells and grader faults."""

    id: str
    function: str | None
    state: State
    score: float | None
    max_score: float
    message: str
    misconception: str | None = None
    """The mistake's name, the same on every run, whichever layer found it."""
    layer: Layer | None = None
    parameter: float | None = None
    """The number in it: the base of a logarithm, decimals, a threshold."""
    also: str | None = None
    """The name of a second mistake."""
    signature: str | None = None
    """What a wrong function replied to the fixed probes, in twelve digits: equal signatures are equal mistakes."""
    hint: str | None = None
    tests: tuple[TestResult, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Report:
    """One submission. `score` and `max_score` are sums over the automatically graded cells."""

    assignment: str
    score: float | None
    max_score: float
    status: Literal["graded", "ungraded"]
    reason: str | None = None
    seed: int | None = None
    notes: tuple[str, ...] = ()
    cells: tuple[CellReport, ...] = ()
    schema: int = SCHEMA
    wall: bool | None = None
    """Whether a wall kept the notebook's code away from this machine, where `autograder check` ran it."""

    @property
    def full_marks(self) -> bool:
        """Whether every point that needs no person was earned. Both are sums of the same numbers, added up alike."""
        return self.status == "graded" and self.score == self.max_score

    def points(self, cell: str) -> float | None:
        """The points of a cell; None, which nbgrader flags for a person, for what could not be graded."""
        found = next((one for one in self.cells if one.id == cell), None) if self.status == "graded" else None
        return None if found is None or found.score is None else float(min(max(found.score, 0.0), found.max_score))

    def json(self) -> str:
        return json.dumps(_plain(self), indent=2, ensure_ascii=False)


def _plain(record: Any) -> Any:
    """The record as JSON has it. A test that was judged says nothing of why it was not."""
    if isinstance(record, tuple):
        return [_plain(item) for item in record]
    if not isinstance(record, TestResult | CellReport | Report):
        return record
    found = {field.name: _plain(getattr(record, field.name)) for field in fields(record)}
    if isinstance(record, TestResult) and record.because is None:
        del found["because"]
    return found


def graded(assignment: str, cells: tuple[CellReport, ...], *, seed: int, notes: tuple[str, ...] = ()) -> Report:
    """The Report over these cells. One cell that the grader failed at makes the whole submission ungraded."""
    automatic = [cell for cell in cells if cell.state != "manual"]
    faults = [cell for cell in automatic if cell.state == "grader-fault"]
    return Report(
        assignment=assignment,
        score=None if faults else _sum(cell.score or 0.0 for cell in automatic),
        max_score=_sum(cell.max_score for cell in automatic),
        status="ungraded" if faults else "graded",
        reason=faults[0].message if faults else None,
        seed=seed,
        notes=notes,
        cells=cells,
    )


def ungraded(
    assignment: str, reason: str, *, max_score: float = 0.0, seed: int | None = None, notes: tuple[str, ...] = ()
) -> Report:
    """The Report of a submission that could not be graded: no score at all, rather than a zero nobody deserved.

    With the seed, so that the one run that somebody has to look into can be repeated."""
    return Report(
        assignment=assignment,
        score=None,
        max_score=max_score,
        status="ungraded",
        reason=reason,
        seed=seed,
        notes=notes,
    )


def _sum(points: Iterable[float]) -> float:
    """The sum without the noise of floating point: three tenths, and not 0.30000000000000004."""
    return round(math.fsum(points), 6)
