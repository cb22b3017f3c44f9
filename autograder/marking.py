"""One submission from its bytes to what is kept of it: the Report, what the gradebook needs, the autograded notebook.

This is what a worker does for each submission, be it in this process or on another machine.
"""

from __future__ import annotations

import functools
import hashlib
import logging
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

import msgspec
from nbformat import NotebookNode
from nbgrader.utils import compute_checksum

from autograder import autograded, grading, report
from autograder.assignment import Assignment
from autograder.folder import HandedIn
from autograder.grading import Graded
from autograder.report import Report
from autograder.sandbox.lane import Lane
from autograder.sandbox.policy import Figures
from autograder.submission import Submission, Unreadable

_PACKAGE = Path(__file__).resolve().parent
_GRADING = (
    "answers assignment channel diagnosis example explanation grading hidden_test notices script session student "
    "submission suite text wire sandbox/policy sandbox/inside/server sandbox/inside/shell"
).split()


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """What is written down about one submission: enough to fill the gradebook without grading it again."""

    student: str
    key: str
    """The digest of all that the grade depends on; see `ledger.key`."""
    report: Report
    unanswered: tuple[str, ...] = ()
    """The cells for answers that are as they were given out: nbgrader comments on them and gives them zero."""
    final: bool = True
    """False where the grader was at fault: such a submission is graded again next time."""
    recorded: bool = False
    """Whether the gradebook has it."""


@dataclass(frozen=True, slots=True)
class Marked:
    entry: Entry
    page: str
    """The autograded notebook, as nbgrader writes it."""


def mark(
    student: str,
    key: str,
    handed_in: HandedIn,
    assignment: Assignment,
    lane: Lane,
    *,
    seed: int | None = None,
    figures: Figures,
) -> Marked:
    """Grade what a student handed in. Whatever is wrong with it comes back as an ungraded Report."""
    try:
        submission = handed_in.read(assignment)
    except Unreadable as error:
        return unreadable(student, key, assignment, str(error))
    except Exception:  # whatever a file does to its reader, it is one ungraded submission and nothing else
        logging.getLogger(__name__).exception("a submission could not be read")
        return unreadable(student, key, assignment, "The grader could not read this file.")
    graded = grading.grade(assignment, submission, lane, seed=seed, figures=figures)
    return _marked(student, key, assignment, submission, graded, final=graded.report.status == "graded")


def unreadable(student: str, key: str, assignment: Assignment, reason: str, *, final: bool = True) -> Marked:
    """A submission that cannot be graded: an empty page that says why, and no points."""
    graded = Graded(report.ungraded(assignment.name, reason))
    return _marked(student, key, assignment, Submission(cells=assignment.cells), graded, final=final)


@functools.cache
def version(topic: str) -> str:
    """The digest of whatever of this package decides on the points of a unit. Workers must have the same."""
    digest = hashlib.sha256(metadata.version("loss-metrics-course").encode())
    for path in _deciding(topic):
        digest.update(path.relative_to(_PACKAGE).as_posix().encode() + b"\0")
        digest.update(hashlib.sha256(path.read_bytes()).digest() if path.is_file() else b"none")
    return digest.hexdigest()


def _deciding(topic: str) -> Iterator[Path]:
    for folder in ("suites", "reference", "misconceptions"):
        yield _PACKAGE / folder / f"{topic}.py"
    for shared in ("suites/kit.py", "reference/inputs.py", "misconceptions/__init__.py"):
        yield _PACKAGE / shared
    yield from (_PACKAGE / f"{name}.py" for name in _GRADING)


def _marked(
    student: str, key: str, assignment: Assignment, submission: Submission, graded: Graded, *, final: bool
) -> Marked:
    page = autograded.page(assignment, submission, graded)
    entry = Entry(
        student=student,
        key=key,
        report=graded.report,
        unanswered=tuple(_unanswered(page)) if graded.report.status == "graded" else (),
        final=final,
    )
    return Marked(entry, autograded.text(page))


def _unanswered(page: NotebookNode) -> Iterator[str]:
    for cell in page.cells:
        settings = cell.metadata.get("nbgrader", {})
        if settings.get("solution") and settings.get("checksum") == compute_checksum(cell):
            yield settings["grade_id"]
