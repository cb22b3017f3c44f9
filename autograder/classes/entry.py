"""What is written down about each submission of a class, and the version of whatever decides on it."""

from __future__ import annotations

import functools
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

import msgspec

from autograder.grading.mark import Mark
from autograder.report import Report

_PACKAGE = Path(__file__).resolve().parent
_GRADING = (
    "answers assignment channel diagnosis example explanation grading hidden_test mark notices reply script session "
    "student submission suite text wire sandbox/policy sandbox/inside/server sandbox/inside/shell"
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

    @classmethod
    def of(cls, student: str, key: str, mark: Mark) -> Entry:
        return cls(student=student, key=key, report=mark.report, unanswered=mark.unanswered, final=mark.final)


@dataclass(frozen=True, slots=True)
class Marked:
    """An entry on its way to whoever writes it down, and the autograded notebook as nbgrader writes it."""

    entry: Entry
    page: str


def marked(student: str, key: str, mark: Mark) -> Marked:
    return Marked(Entry.of(student, key, mark), mark.page)


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
