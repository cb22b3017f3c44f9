"""What became of an export, in sentences."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from autograder.nbgrader.export.feedback_zip import Zipped
from autograder.nbgrader.export.fill import Filled

_MOST = 20


def lines(filled: Filled, target: Path) -> Iterator[str]:
    yield f"{len(filled.filled)} grades are in {target}. Nothing else in it is changed."


def left(filled: Filled) -> Iterator[str]:
    """Whose grade is not in it, and why. No cell of theirs was touched."""
    if filled.remark:
        yield filled.remark
    yield from said(filled.strangers, "In the file and not in the gradebook, or not told from another")
    yield from said(filled.waiting, "Not filled in, since a person has still to judge something")
    yield from said(filled.nothing, "Not filled in, since nothing was handed in (a zero is yours to give)")
    yield from said(filled.absent, "Graded and not in the file")


def left_out(zipped: Zipped, assignment: str) -> Iterator[str]:
    """Whose page is not in the zip, and why."""
    yield from said(zipped.strangers, "In the worksheet and not in the gradebook")
    yield from said(zipped.missing, f"Without a page; run autograder feedback {assignment}")


def said(who: Sequence[str], why: str) -> Iterator[str]:
    if who:
        more = f" and {len(who) - _MOST} more" if len(who) > _MOST else ""
        yield f"{why} ({len(who)}): {', '.join(who[:_MOST])}{more}"
