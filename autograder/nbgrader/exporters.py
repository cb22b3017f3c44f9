"""nbgrader's own export command for learning management systems.

    nbgrader export --exporter=autograder.nbgrader.exporters.CanvasExporter \\
        --assignment='["ps1"]' --CanvasExporter.source=exported.csv --to=filled.csv

`source` is the file that the system itself exported; `column` is what the assignment is called there, where it is
called otherwise.
"""

from __future__ import annotations

from pathlib import Path
from typing import ClassVar

from nbgrader.api import Gradebook
from nbgrader.converters import NbGraderException
from nbgrader.plugins import ExportPlugin
from traitlets import Unicode

from autograder.nbgrader.export import told
from autograder.nbgrader.export.fill import Differs, fill
from autograder.nbgrader.export.sheet import NoSheet
from autograder.nbgrader.export.system import NoColumn, System
from autograder.nbgrader.roll import NotInGradebook, Roll


class SystemExporter(ExportPlugin):
    """What the four have in common."""

    system: ClassVar[System]

    source = Unicode("", help="The file that the system itself exported.").tag(config=True)
    column = Unicode("", help="What the assignment is called in it, if not by its own name.").tag(config=True)

    def export(self, gradebook: Gradebook) -> None:
        name = self.__class__.__name__
        if len(self.assignment) != 1:
            raise NbGraderException(f"Name one assignment: --assignment='[\"ps1\"]' (named: {len(self.assignment)}).")
        if not self.source:
            raise NbGraderException(f"Name the file that your system exported: --{name}.source=FILE")
        [assignment] = self.assignment
        source = Path(self.source)
        target = Path(self.to or source.with_stem(f"{source.stem}-filled"))
        try:
            roll = Roll.of(str(gradebook.engine.url.render_as_string(hide_password=False)), assignment)
            found = fill(self.system, source.read_bytes(), roll, assignment, self.column or None)
        except (NoSheet, NoColumn, Differs, NotInGradebook, OSError) as error:
            raise NbGraderException(str(error)) from error
        if target.exists() and target.samefile(source):
            raise NbGraderException("--to names the file that is read. Name another one, so that it stays as it is.")
        target.write_bytes(found.data)
        for line in told.lines(found, target):
            self.log.info(line)
        for line in told.left(found):
            self.log.warning(line)


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
