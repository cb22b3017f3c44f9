"""What a class has handed in, held against what came of it before: who is still to be graded."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from autograder.classes.fleet import Job
from autograder.nbgrader import fingerprint
from autograder.nbgrader.course_folder import CourseFolder
from autograder.nbgrader.ledger import Ledger
from autograder.nbgrader.row import Row
from autograder.notebooks.folder import Submitted
from autograder.notebooks.handed_in import HandedIn


@dataclass(frozen=True, slots=True)
class Inbox:
    """The submitted folders of one assignment. Each is read anew, since a class's bytes are too many to be kept."""

    folder: CourseFolder
    entries: Ledger
    grader: str
    """The fingerprint of what grades it: see `fingerprint.of_grader`."""
    sent: dict[str, Submitted] = field(default_factory=dict)
    """What was found of those whose task is under way, without the notebook's bytes."""

    def graded_before(self, student: str) -> Row | None:
        """The result of what lies there now, if it has been graded and its page is there."""
        entry = self.entries.get(student)
        if entry is None or not entry.final:
            return None
        found = self.folder.submitted(student)
        if entry.key != fingerprint.of_submission(found.handed_in, found.sidecars, self.grader):
            return None
        if entry.page != self.folder.autograded.digest(student):
            return None
        return Row(entry, found.timestamp, found.timed)

    def jobs(self, students: Iterable[str]) -> Iterator[Job]:
        """One by one, as the cluster has room for them."""
        for student in students:
            found = self.folder.submitted(student)
            self.sent[student] = dataclasses.replace(found, handed_in=HandedIn())
            yield Job(student, fingerprint.of_submission(found.handed_in, found.sidecars, self.grader), found.handed_in)
