"""nbgrader grades through this: three classes that `nbgrader_config.py` names, and nothing of nbgrader changed.

`nbgrader autograde` converts a notebook twice. The first pass marks what lies in submitted/, the second one writes down
what came of it.
"""

from __future__ import annotations

import glob
import re
import secrets
import shutil
from functools import partial
from pathlib import Path
from typing import Any

import nbformat
from nbconvert.exporters import NotebookExporter
from nbconvert.exporters.exporter import ResourcesDict
from nbformat import NotebookNode
from nbgrader.api import Gradebook
from nbgrader.converters import NbGraderException
from nbgrader.preprocessors import NbGraderPreprocessor, SaveAutoGrades
from traitlets import Enum
from traitlets.config import Config

from autograder.grading.mark import mark, ungraded
from autograder.nbgrader import agreement
from autograder.notebooks import assignment, handed_in
from autograder.notebooks.assignment import NoSuchAssignment
from autograder.notebooks.submission import Unreadable
from autograder.preflight import hold
from autograder.preflight.hold import Refused
from autograder.wall.outside import doctor
from autograder.wall.outside.lane import NoWall
from autograder.words import one_line


class SubmissionExporter(NotebookExporter):
    """Reads each submission with suspicion, so that the worst file is one ungraded submission and nothing else.

    nbgrader makes it once a run, after it looked for submissions and before it touches one. What would make every
    grade of the run wrong ends the run here, with a sentence."""

    figures = Enum(("own", "all"), "own", help="Draw the figures that students drew themselves, or all.").tag(
        config=True
    )

    def __init__(self, config: Config | None = None, **kwargs: Any) -> None:
        super().__init__(config=config, **kwargs)
        self._seed = secrets.randbits(63)
        self._directory = self.parent.coursedir
        try:
            self.assignment = assignment.load(self._directory.assignment_id, Path(self._directory.root))
            self.lane = doctor.fastest()
            agreement.hold_to_release(Path(self._directory.root), self.assignment.name)
            agreement.hold_to_points(self.assignment, self._directory.db_url, self._directory.course_id)
            hold.hold(self.assignment, Path(self._directory.root), self.lane)
        except (NoSuchAssignment, NoWall, Refused) as error:
            raise self._refusal(str(error)) from error
        self._look_again()

    def from_filename(
        self, filename: str, resources: dict[str, Any] | None = None, **kwargs: Any
    ) -> tuple[str, dict[str, Any]]:
        """A submitted file as a notebook made anew. What the first pass wrote is read like any notebook."""
        resources = resources or {}
        place = Path(filename).parent
        if str(place) != self._path(self._directory.submitted_directory, resources["nbgrader"]["student"]):
            return super().from_filename(filename, resources, **kwargs)
        self.marked = mark(
            self.assignment, partial(handed_in.read, place), self.lane, seed=self._seed, figures=self.figures
        )
        if self.marked.report.status == "ungraded":
            self.log.warning("Not graded: %s: %s", one_line(str(place), 500), self.marked.report.reason)
        resources["outputs"] = handed_in.sidecars(place)
        return self.from_notebook_node(self.page(), resources, **kwargs)

    def page(self) -> NotebookNode:
        """The autograded notebook of the submission that was marked last."""
        return nbformat.reads(self.marked.page, as_version=4)

    def _look_again(self) -> None:
        """Tell nbgrader what to convert: in each folder the notebook of the assignment's name, be it there or not.

        Where there is none nbgrader would give up, and leave an earlier score as it is. Told the name, it comes as far
        as `from_filename`, which can say what is missing. Only a time stamp that it cannot read would stop it earlier,
        so such a submission is marked here and kept from it."""
        pattern = self._path(self._directory.submitted_directory, self._directory.student_id)
        folders = [Path(found) for found in glob.glob(pattern)]
        self.parent.assignments = {}
        for place in sorted(folders):
            try:
                handed_in.time(place)
            except Unreadable as error:
                self._mark_ungraded(place, str(error))
            else:
                self.parent.assignments[str(place)] = [str(place / f"{self.assignment.name}.ipynb")]

    def _mark_ungraded(self, place: Path, reason: str) -> None:
        """What nbgrader does for a submission, for one that it cannot be given."""
        self.log.error("Not graded: %s: %s", one_line(str(place), 500), reason)
        structure = self._directory.format_path(
            self._directory.submitted_directory, "(?P<student>.*)", re.escape(self.assignment.name), escape=True
        )
        student = re.fullmatch(structure, str(place))["student"]
        with Gradebook(self._directory.db_url, self._directory.course_id) as book:
            book.update_or_create_student(student)
            for notebook in book.update_or_create_submission(self.assignment.name, student).notebooks:
                for grade in notebook.grades:
                    grade.auto_score, grade.needs_manual_grade = None, True
            book.db.commit()
        target = Path(self._path(self._directory.autograded_directory, student), f"{self.assignment.name}.ipynb")
        shutil.rmtree(target.parent, ignore_errors=True)  # an earlier page, and what lay beside it
        target.parent.mkdir(parents=True)
        target.write_text(ungraded(self.assignment, reason).page, encoding="utf-8")
        target.chmod(int(str(self.parent.permissions), 8))

    def _path(self, step: str, student: str) -> str:
        return self._directory.format_path(step, student, self._directory.assignment_id)

    def _refusal(self, sentence: str) -> NbGraderException:
        self.log.error(sentence)
        return NbGraderException(sentence)


class GradeSubmission(NbGraderPreprocessor):
    """Stands where nbgrader would execute the notebook, which has been run and graded beyond the wall already."""

    def preprocess(self, nb: NotebookNode, resources: ResourcesDict) -> tuple[NotebookNode, ResourcesDict]:
        exporter: SubmissionExporter = self.parent
        return exporter.page(), resources


class SaveReport(SaveAutoGrades):
    """Saves the Report's points as numbers. Whatever a cell printed has no say in it."""

    def _add_score(self, cell: NotebookNode, resources: ResourcesDict) -> None:
        if cell.metadata.nbgrader.solution and self._is_graded:
            super()._add_score(cell, resources)  # nobody wrote anything: 0; anything else: for a person to grade
            return
        name = cell.metadata.nbgrader.grade_id
        grade = self.gradebook.find_grade(name, self.notebook_id, self.assignment_id, self.student_id)
        grade.auto_score = self.parent.marked.report.points(name)
        grade.needs_manual_grade = grade.auto_score is None or grade.manual_score is not None
        self.gradebook.db.commit()

    def _add_comment(self, cell: NotebookNode, resources: ResourcesDict) -> None:
        super()._add_comment(cell, resources)
        if not self._is_graded:
            # nbgrader takes the empty notebook that stands in for the submission for an empty answer.
            name = cell.metadata.nbgrader.grade_id
            comment = self.gradebook.find_comment(name, self.notebook_id, self.assignment_id, self.student_id)
            comment.auto_comment = None
            self.gradebook.db.commit()

    @property
    def _is_graded(self) -> bool:
        return self.parent.marked.report.status == "graded"
