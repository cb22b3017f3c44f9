"""A Report as other systems' graders write theirs. A Report has nothing of a hidden input in it, and so have these."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from autograder.report import CellReport, Report

FORMATS = ("gradescope", "classroom50")

_SCALES = (1, 2, 4, 10, 100)
"""By what points may be multiplied, to make whole numbers of all that a task can be worth."""


def written(name: str, report: Report) -> str:
    """The Report in one of these formats, with a line break; nothing where there is no result to give."""
    if name == "gradescope":
        return gradescope(report) + "\n"
    made = classroom50(report, os.environ, datetime.now(UTC))
    return "" if made is None else made + "\n"


def gradescope(report: Report) -> str:
    """Gradescope's results.json: one entry a task. What a person reads has its own question there and is left out.

    A submission that could not be graded has no score. Gradescope then says that the autograder failed, and an
    instructor sees why."""
    if report.status == "ungraded":
        return _text({"output": f"Not graded: {report.reason}", "visibility": "visible", "stdout_visibility": "hidden"})
    tests = [
        {
            "name": cell.function or cell.id.removeprefix("test_"),
            "score": cell.score,
            "max_score": cell.max_score,
            "status": "passed" if cell.state == "passed" else "failed",
            "output": _said(cell),
            "output_format": "text",
            "visibility": "visible",
        }
        for cell in _automatic(report)
    ]
    return _text({"score": report.score, "tests": tests, "visibility": "visible", "stdout_visibility": "hidden"})


def classroom50(report: Report, environment: Mapping[str, str], now: datetime) -> str | None:
    """Classroom 50's result.json, whose scores are whole numbers. None where nothing could be graded: no result is no
    zero.

    What a task is worth stays as it is if all are worth whole points, and is multiplied by the same number for
    everybody if not. A score in between is rounded, but never up to all of the points."""
    if report.status == "ungraded":
        return None
    cells = _automatic(report)
    scale = next((s for s in _SCALES if all(float(s * cell.max_score).is_integer() for cell in cells)), _SCALES[-1])
    tests: list[dict[str, Any]] = [
        {
            "test-name": cell.function or cell.id.removeprefix("test_"),
            "passed": cell.state == "passed",
            "score": _whole(cell, scale),
            "max-score": round(scale * cell.max_score),
        }
        for cell in cells
    ]
    commit = environment.get("COMMIT_URL") or "local"
    return _text(
        {
            "schema": "classroom50/result/v1",
            "classroom": environment.get("CLASSROOM") or "local",
            "assignment": environment.get("ASSIGNMENT") or report.assignment,
            "submission": environment.get("SUBMISSION_TAG") or "local",
            "commit": commit,
            "release": environment.get("RELEASE_URL") or "local",
            "review": environment.get("REVIEW_URL") or commit,
            "datetime": now.strftime("%Y-%m-%dT%H:%M:%SZ"),
            "score": sum(test["score"] for test in tests),
            "max-score": sum(test["max-score"] for test in tests),
            "tests": tests,
        }
    )


def _automatic(report: Report) -> tuple[CellReport, ...]:
    return tuple(cell for cell in report.cells if cell.state != "manual")


def _whole(cell: CellReport, scale: int) -> int:
    most, earned = round(scale * cell.max_score), scale * (cell.score or 0.0)
    return most if cell.score == cell.max_score else max(0, min(int(earned + 0.5), most - 1))


def _said(cell: CellReport) -> str:
    return cell.message if cell.hint is None else f"{cell.message}\nHint: {cell.hint}"


def _text(made: dict[str, Any]) -> str:
    return json.dumps(made, indent=2, ensure_ascii=False)
