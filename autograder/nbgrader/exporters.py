"""nbgrader's own export command for learning management systems and spreadsheets.

    nbgrader export --exporter=autograder.nbgrader.exporters.CanvasExporter \\
        --assignment='["ps1"]' --CanvasExporter.source=exported.csv --to=filled.csv

`source` is the file that the system itself exported; `column` is what the assignment is called there, where it is
called otherwise.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import ClassVar

from nbgrader.api import Gradebook
from nbgrader.plugins import ExportPlugin
from traitlets import Unicode

from autograder.grading.preflight.hold import Refused
from autograder.nbgrader import spreadsheet
from autograder.nbgrader.course_folder import CourseFolder
from autograder.nbgrader.export import feedback_zip, questions, told
from autograder.nbgrader.export.fill import Differs, fill
from autograder.nbgrader.export.sheet import NoSheet
from autograder.nbgrader.export.system import NoColumn, System
from autograder.nbgrader.ledger import write_whole
from autograder.nbgrader.points import points
from autograder.nbgrader.roll import NotInGradebook, Roll


class Misused(ValueError):
    """Something was not said that has to be. The message says what."""


class _Exporter(ExportPlugin):
    """What all of them have in common: one assignment, one file, and what is wrong in one sentence."""

    def export(self, gradebook: Gradebook) -> None:
        url = str(gradebook.engine.url.render_as_string(hide_password=False))
        try:
            if len(self.assignment) != 1:
                raise Misused(f"Name one assignment: --assignment='[\"ps1\"]' (named: {len(self.assignment)}).")
            for line in self.written(Roll.of(url, self.assignment[0]), url, self.assignment[0]):
                self.log.warning(line)
        except (Misused, NoSheet, NoColumn, Differs, NotInGradebook, Refused, OSError) as error:
            self.log.error(str(error))
            raise SystemExit(1) from error  # as nbgrader's own commands end, which catch nothing of a plugin's

    def written(self, roll: Roll, url: str, assignment: str) -> Iterator[str]:
        """Write the file, and tell who is not in it."""
        raise NotImplementedError

    def folder(self, assignment: str) -> CourseFolder:
        """The course folder, which a gradebook alone does not know."""
        return CourseFolder(Path(self.parent.coursedir.root), assignment)


class _Filled(_Exporter):
    """Those that read a file which the system itself has exported."""

    source = Unicode("", help="The file that the system itself exported.").tag(config=True)
    column = Unicode("", help="What the assignment is called in it, if not by its own name.").tag(config=True)

    def files(self, suffix: str | None = None) -> tuple[Path, Path]:
        """What is read, and where to write."""
        if not self.source:
            raise Misused(f"Name the file that your system exported: --{self.__class__.__name__}.source=FILE")
        source = Path(self.source)
        target = Path(self.to or source.with_name(f"{source.stem}-filled{suffix or source.suffix}"))
        if target.exists() and source.exists() and target.samefile(source):
            raise Misused("--to names the file that is read. Name another one, so that it stays as it is.")
        return source, target


class SystemExporter(_Filled):
    """What the four systems have in common."""

    system: ClassVar[System]

    def written(self, roll: Roll, url: str, assignment: str) -> Iterator[str]:
        source, target = self.files()
        found = fill(self.system, source.read_bytes(), roll, assignment, self.column or None)
        target.write_bytes(found.data)
        for line in told.lines(found, target):
            self.log.info(line)
        yield from told.left(found)


class CanvasExporter(SystemExporter):
    """A gradebook that was exported from Canvas."""

    system = "canvas"


class MoodleExporter(SystemExporter):
    """An offline grading worksheet of Moodle's."""

    system = "moodle"


class BrightspaceExporter(SystemExporter):
    """Grades that were exported from Brightspace."""

    system = "brightspace"


class BlackboardExporter(SystemExporter):
    """A grade centre that was downloaded from Blackboard."""

    system = "blackboard"


class MoodleFeedbackExporter(_Filled):
    """The feedback pages of the students in an offline grading worksheet, as a zip for Moodle."""

    def written(self, roll: Roll, url: str, assignment: str) -> Iterator[str]:
        source, target = self.files(".zip")
        feedback = self.folder(assignment).feedback
        zipped = feedback_zip.pack(source.read_bytes(), roll, assignment, feedback, self.column or None)
        write_whole(target, zipped.data, 0o600)
        self.log.info("%s pages are in %s.", len(zipped.packed), target)
        yield from told.left_out(zipped, assignment)


class QuestionsExporter(_Exporter):
    """One row a student and task, for a spreadsheet."""

    def written(self, roll: Roll, url: str, assignment: str) -> Iterator[str]:
        del roll
        rows = questions.rows(self.folder(assignment).root, assignment, points(url, assignment))
        target = Path(self.to or f"{assignment}-questions.csv")
        write_whole(target, spreadsheet.text(questions.HEAD, rows).encode(), 0o600)
        self.log.info("They are in %s.", target)
        return iter(())
