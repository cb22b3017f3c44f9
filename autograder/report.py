"""The Report: what one graded submission comes to. The same record is the JSON that `check --json` prints."""

from __future__ import annotations

from typing import Literal

import msgspec

State = Literal["passed", "wrong", "error", "timeout", "not-attempted", "missing", "manual", "grader-fault"]
Kind = Literal["value", "numerical", "contract"]


class TestResult(msgspec.Struct, frozen=True, kw_only=True):
    """One hidden test: its name, what kind of promise it holds the function to, and whether that was kept."""

    __test__ = False  # not a class of tests, whatever pytest makes of the name

    name: str
    kind: Kind
    passed: bool


class CellReport(msgspec.Struct, frozen=True, kw_only=True):
    """One points-carrying cell. `score` is None where a person or nobody can say: manual cells and grader faults."""

    id: str
    function: str | None
    state: State
    score: float | None
    max_score: float
    message: str
    misconception: str | None = None
    hint: str | None = None
    tests: tuple[TestResult, ...] = ()


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """One submission. `score` and `max_score` are sums over the automatically graded cells."""

    assignment: str
    score: float | None
    max_score: float
    status: Literal["graded", "ungraded"]
    reason: str | None = None
    seed: int | None = None
    notes: tuple[str, ...] = ()
    cells: tuple[CellReport, ...] = ()

    @property
    def full_marks(self) -> bool:
        return self.status == "graded" and self.score == self.max_score

    def points(self, cell: str) -> float | None:
        """The points of a cell; None, which nbgrader flags for a person, for what could not be graded."""
        found = next((one for one in self.cells if one.id == cell), None) if self.status == "graded" else None
        return None if found is None or found.score is None else float(min(max(found.score, 0.0), found.max_score))

    def json(self) -> str:
        return msgspec.json.format(msgspec.json.encode(self)).decode()


def graded(assignment: str, cells: tuple[CellReport, ...], *, seed: int, notes: tuple[str, ...] = ()) -> Report:
    """The Report over these cells. One cell that the grader failed at makes the whole submission ungraded."""
    automatic = [cell for cell in cells if cell.state != "manual"]
    faults = [cell for cell in automatic if cell.state == "grader-fault"]
    return Report(
        assignment=assignment,
        score=None if faults else round(sum(cell.score or 0.0 for cell in automatic), 6),
        max_score=float(sum(cell.max_score for cell in automatic)),
        status="ungraded" if faults else "graded",
        reason=faults[0].message if faults else None,
        seed=seed,
        notes=notes,
        cells=cells,
    )


def ungraded(assignment: str, reason: str, *, max_score: float = 0.0, cells: tuple[CellReport, ...] = ()) -> Report:
    """The Report of a submission that could not be graded: no score at all, rather than a zero nobody deserved."""
    return Report(assignment=assignment, score=None, max_score=max_score, status="ungraded", reason=reason, cells=cells)
