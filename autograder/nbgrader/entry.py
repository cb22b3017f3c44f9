"""What is written down about each submission of a class, and the version of whatever decides on it."""

from __future__ import annotations

from dataclasses import dataclass

import msgspec

from autograder.grading.mark import Mark
from autograder.report import Report


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """What is written down about one submission: enough to fill the gradebook without grading it again."""

    student: str
    key: str
    """The digest of all that the grade depends on; see `fingerprint.of_submission`."""
    report: Report
    unanswered: tuple[str, ...] = ()
    """The cells for answers that are as they were given out: nbgrader comments on them and gives them zero."""
    final: bool = True
    """False where the grader was at fault: such a submission is graded again next time."""
    page: str = ""
    """The digest of the autograded notebook."""
    recorded: bool = False
    """Whether the gradebook was told of it."""
    version: str = ""
    """What graded it, as `version` has it."""

    @classmethod
    def of(cls, student: str, key: str, mark: Mark, version: str = "") -> Entry:
        return cls(
            student=student,
            key=key,
            report=mark.report,
            unanswered=mark.unanswered,
            final=mark.final,
            version=version,
        )


@dataclass(frozen=True, slots=True)
class Marked:
    """An entry on its way to whoever writes it down, and the autograded notebook as nbgrader writes it."""

    entry: Entry
    page: str


def marked(student: str, key: str, mark: Mark, version: str = "") -> Marked:
    return Marked(Entry.of(student, key, mark, version), mark.page)
