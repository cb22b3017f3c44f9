"""The autograded notebook: what was handed in, what it printed and drew, and the verdict at each graded cell.

Instructors open it inside their own Jupyter server, so it holds nothing of a submission that could run or load there.
"""

from __future__ import annotations

import html
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import msgspec
import nbformat
from nbformat import NotebookNode
from nbformat.v4.rwbase import split_lines
from nbgrader.utils import compute_checksum

from autograder.grading.cells import what_stopped
from autograder.grading.grade import Graded
from autograder.notebooks import markdown, rubric, units
from autograder.notebooks.assignment import Assignment, Cell
from autograder.notebooks.markdown import Shown
from autograder.notebooks.rubric import Criterion
from autograder.notebooks.submission import Submission
from autograder.report import VERSION, WORDS, CellReport, Report
from autograder.session.dialogue import CellRun
from autograder.words import sentence, visible

MAX_CELL, MAX_NOTEBOOK = 20_000, 100_000
"""Characters of the student's own that are shown, of one cell and of all. No answer is longer, and what colours code
and renders mathematics can be made to take minutes for more."""

_CODE = re.compile(r"`([^`]+)`")


_NAMES = ("message", "hint", "misconception", "layer", "parameter", "also", "signature")
"""What of a cell's Report stands in the page for programs, beside its state and how many tests of each kind passed."""


@dataclass(frozen=True, slots=True)
class Written:
    """A page as a file holds it."""

    text: str
    unanswered: tuple[str, ...]
    """The cells for answers that are as they were given out."""


def written(assignment: Assignment, submission: Submission, graded: Graded) -> Written:
    """The page of a submission. Of one that could not be graded nobody says that an answer is missing."""
    made = page(assignment, submission, graded)
    unanswered = tuple(_unanswered(made)) if graded.report.status == "graded" else ()
    return Written(text(made), unanswered)


def page(assignment: Assignment, submission: Submission, graded: Graded | None = None) -> NotebookNode:
    """The notebook, and once the submission is graded also outputs and verdicts."""
    metadata = dict(assignment.metadata)
    if graded:
        metadata["autograder"] = {**metadata.get("autograder", {}), "run": _run(assignment, graded.report, submission)}
    texts = markdown.Page([cell.id for cell in assignment.cells if cell.id])
    ours = {(cell.type, cell.source): cell for cell in assignment.cells}
    reports = {cell.id: cell for cell in graded.report.cells} if graded else {}
    runs = graded.runs if graded else {}
    summary = _summary(graded.report, submission) if graded else ""
    read_by = rubric.rubric(assignment.unit) if graded else {}
    first = {"id": "summary", "metadata": {"autograder": {"notes": True}}}
    cells = [_text(texts.text(summary)) | first] if summary else []
    room = MAX_NOTEBOOK
    for index, cell in enumerate(submission.cells):
        same = ours.get((cell.type, cell.source))
        source = cell.source if same else _cut(visible(cell.source), min(room, MAX_CELL))
        room -= 0 if same else min(room, len(source))
        if cell.type == "code":
            said = [_verdict(graded.report, reports.get(cell.id or ""))] if graded and _is_automatic(cell) else []
            outputs = said + _outputs(runs.get(index))
            shown = {"cell_type": "code", "source": source, "execution_count": None, "outputs": outputs}
        elif same:
            shown = _text(Shown(source, same.attachments))
        else:
            # A raw cell would go into a page as it is. As Markdown it can be read, and does nothing.
            shown = _text(texts.text(source, cell.attachments))
        whose = {"autograder": {"lesson": True}} if same and not cell.nbgrader.get("solution") else {}
        whose |= {"jupyter": same.metadata["jupyter"]} if same and "jupyter" in same.metadata else {}  # collapsed
        cells.append(shown | {"id": f"cell-{index + 1:03d}", "metadata": {**cell.metadata, **whose}})
        if graded and (criteria := read_by.get(cell.id or "")):
            cells.append(_rubric(cell.id or "", criteria))
    whole = {"nbformat": 4, "nbformat_minor": 5, "metadata": metadata, "cells": cells}
    # Makes every dict and list anew, so that none is shared with a record.
    made: NotebookNode = nbformat.from_dict(whole)
    return made


def _rubric(cell: str, criteria: tuple[Criterion, ...]) -> dict[str, Any]:
    """What a person who reads an answer looks for, below it."""
    told = [{"says": one.says, "points": one.points} for one in criteria]
    lines = [f"- {one.points:g} of {sum(part.points for part in criteria):g}: {one.says}" for one in criteria]
    source = "\n".join(["**What a full answer has**", "", *lines])
    metadata = {"autograder": {"rubric": cell, "criteria": told}}
    return _text(Shown(source, {})) | {"id": f"rubric-{cell}"[:64], "metadata": metadata}


def text(page: NotebookNode) -> str:
    """The page as nbformat writes it to a file, to the last byte, and much faster. The page is of no use afterwards."""
    split_lines(page)
    return msgspec.json.format(msgspec.json.encode(page, order="sorted"), indent=1).decode() + "\n"


def _unanswered(page: NotebookNode) -> Iterator[str]:
    for cell in page.cells:
        settings = cell.metadata.get("nbgrader", {})
        if settings.get("solution") and settings.get("checksum") == compute_checksum(cell):
            yield settings["grade_id"]


def _text(shown: Shown) -> dict[str, Any]:
    more = {"attachments": {name: dict(one) for name, one in shown.attachments.items()}} if shown.attachments else {}
    return {"cell_type": "markdown", "source": shown.source, **more}


def _cut(source: str, most: int) -> str:
    return source if len(source) <= most else f"{source[:most]}\n… (cut here: the notebook is too long)"


def _is_automatic(cell: Cell) -> bool:
    return bool(cell.nbgrader.get("grade")) and not cell.nbgrader.get("solution")


def _outputs(run: CellRun | None) -> list[dict[str, Any]]:
    if run is None:
        return []
    outputs = [output.data for output in run.outputs]
    if run.state in ("timeout", "ended", "left out", "not again"):
        outputs.append({"output_type": "stream", "name": "stderr", "text": f"This cell {what_stopped(run)}.\n"})
    return outputs


def _verdict(report: Report, cell: CellReport | None) -> dict[str, Any]:
    """State, points, sentence and hint, as an output that needs no colour."""
    if report.status == "ungraded" or cell is None or cell.score is None:
        state = "ungraded"
        lines = ["Not graded", report.reason or "This was not reached.", "A person will look at it."]
    else:
        state = cell.state
        lines = [f"{sentence(WORDS[cell.state])}: {cell.score:g} of {cell.max_score:g} points", cell.message]
        lines += [f"Hint: {cell.hint}"] if cell.hint else []
    first, *rest = (_CODE.sub(r"<code>\1</code>", html.escape(line)) for line in lines)
    marked = f"<p><strong>{first}</strong></p>" + "".join(f"<p>{line}</p>" for line in rest)
    return {
        "output_type": "display_data",
        "data": {"text/html": marked, "text/plain": "\n".join(lines)},
        "metadata": {"autograder": {"state": state} | _for_programs(cell)},
    }


def _for_programs(cell: CellReport | None) -> dict[str, Any]:
    if cell is None:
        return dict.fromkeys(_NAMES)
    kept = Counter(test.kind for test in cell.tests if test.passed)
    most = Counter(test.kind for test in cell.tests)
    tests = {kind: [kept[kind], most[kind]] for kind in most}
    return {name: getattr(cell, name) for name in _NAMES} | {"tests": tests}


def _run(assignment: Assignment, report: Report, submission: Submission) -> dict[str, Any]:
    """What is to be said of the whole submission, for the pages that are made of it."""
    return {
        "status": report.status,
        "reason": report.reason if report.status == "ungraded" else None,
        "seed": report.seed,
        "version": _version(assignment),
        "notes": list(submission.notes),
    }


def _version(assignment: Assignment) -> str:
    """The grader's, and a few digits of what tells it and the hidden tests from any other."""
    return f"{VERSION} ({units.version(assignment.unit)[:12]})" if assignment.unit is not None else VERSION


def _summary(report: Report, submission: Submission) -> str:
    """What stands above the notebook: nothing where there is nothing to say."""
    lines = [f"**Not graded.** {report.reason} A person will look at it."] if report.status == "ungraded" else []
    return "\n\n".join([*lines, *(f"**Note.** {note}" for note in submission.notes)])
