"""nbgrader grades through this: three classes that `nbgrader_config.py` names.

`nbgrader autograde` converts a notebook twice. The first pass marks what lies in submitted/, the second one writes down
what came of it.
"""

from __future__ import annotations

import glob
import os
import secrets
import shutil
from pathlib import Path
from typing import Any

import nbformat
from msgspec.structs import replace
from nbconvert.exporters import NotebookExporter
from nbconvert.exporters.exporter import ResourcesDict
from nbformat import NotebookNode
from nbgrader.converters import Autograde, NbGraderException
from nbgrader.preprocessors import AssignLatePenalties, NbGraderPreprocessor
from traitlets import Enum, import_item
from traitlets.config import Config

from autograder.grading.mark import mark
from autograder.grading.preflight import hold
from autograder.grading.preflight.hold import Refused
from autograder.nbgrader import adoption, agreement, fingerprint
from autograder.nbgrader.autograded import page_digest
from autograder.nbgrader.course_folder import students, submitted
from autograder.nbgrader.entry import Entry
from autograder.nbgrader.flags import Flags
from autograder.nbgrader.ledger import Ledger
from autograder.nbgrader.row import Row
from autograder.nbgrader.writer import Writer
from autograder.notebooks import assignment, units
from autograder.notebooks.assignment import NoSuchAssignment
from autograder.notebooks.folder import Submitted
from autograder.notebooks.units import NoSuchUnit
from autograder.wall.outside import doctor
from autograder.wall.outside.policy import Figures
from autograder.wall.outside.process import NoWall
from autograder.words import one_line


class SubmissionExporter(NotebookExporter):
    """Reads each submission with suspicion, so that the worst file is one ungraded submission and nothing else.

    nbgrader makes it once a run, after it looked for submissions and before it touches one. What would make every
    grade of the run wrong ends the run here, with a sentence."""

    figures: Enum[Figures] = Enum(
        ("own", "all"), "own", help="Draw the figures that students drew themselves, or all.", config=True
    )
    parent: Autograde

    def __init__(self, config: Config | None = None, **kwargs: Any) -> None:
        super().__init__(config=config, **kwargs)
        self._seed = secrets.randbits(63)
        self._directory = self.parent.coursedir
        try:
            self.assignment = assignment.load(self._directory.assignment_id, Path(self._directory.root))
            self.lane = doctor.fastest(self.assignment.packages)
            agreement.hold_class(self.assignment, self._directory)
            hold.hold(self.assignment, Path(self._directory.root), self.lane)
        except (NoSuchAssignment, NoSuchUnit, NoWall, Refused) as error:
            raise self._refusal(str(error)) from error
        flags = Flags(Path(self._directory.root), self.assignment.name)
        self._book = Writer(
            self._directory.db_url, self.assignment.name, None, flags
        )  # lateness is nbgrader's own step
        self._ledger = Ledger(Path(self._directory.root), self.assignment.name)
        self._grader = fingerprint.of_grader(self.assignment, figures=self.figures)
        self._look_again()

    def from_filename(
        self, filename: str, resources: dict[str, Any] | None = None, **kwargs: Any
    ) -> tuple[Any, dict[str, Any]]:  # a text, though nbconvert's own annotation says a notebook
        """A submitted file as a notebook made anew. What the first pass wrote is read like any notebook."""
        resources = resources or {}
        place = Path(filename).parent
        if str(place) != self._path(self._directory.submitted_directory, resources["nbgrader"]["student"]):
            return super().from_filename(filename, resources, **kwargs)
        found = submitted(self._directory, resources["nbgrader"]["student"])
        self._mark(found)
        if self._marked.report.status == "ungraded":
            self.log.warning("Not graded: %s: %s", one_line(str(place), 500), self._marked.report.reason)
        resources["outputs"] = dict(found.sidecars)
        made: tuple[str, dict[str, Any]] = self.from_notebook_node(self.page(), resources, **kwargs)
        return made

    def page(self) -> NotebookNode:
        """The autograded notebook of the submission that was marked last."""
        made: NotebookNode = nbformat.reads(self._marked.page, as_version=4)
        return made

    def save(self, student: str, *, timed: bool = True) -> None:
        """Have the gradebook say what came of the submission that was marked last. It hears numbers of the Report's:
        what a cell printed has no say in it."""
        entry = Entry.of(student, self._key, self._marked, units.version(self.assignment.unit))
        self._book.write([Row(entry, timed=timed)])
        # For the class report. `autograder grade` knows by it what need not be graded again.
        self._ledger.put(replace(entry, page=page_digest(self._marked.page.encode()), recorded=True))

    def _mark(self, found: Submitted) -> None:
        self._key = fingerprint.of_submission(found.handed_in, found.sidecars, self._grader)
        self._marked = mark(self.assignment, found.handed_in, self.lane, seed=self._seed, figures=self.figures)

    def _look_again(self) -> None:
        """Tell nbgrader what to convert: in each folder the notebook of the assignment's name, be it there or not.

        Where there is none nbgrader would give up, and leave an earlier score as it is. Told the name, it comes as far
        as `from_filename`, which can say what is missing. What would stop it earlier (a time stamp that it cannot
        read, a name that is no student's), and a folder that is a link to somewhere else, is kept from it."""
        found = students(self._directory, self._directory.submitted_directory)
        for odd in found.odd:
            self.log.error("Not graded: %s", odd)
        self.parent.assignments = {}
        for student, place in found.known.items():
            there = submitted(self._directory, student)
            if there.timed:
                if self._has_changed(student, there):
                    self._take_away_page(student)
                self.parent.assignments[place] = [os.path.join(place, f"{self.assignment.name}.ipynb")]
            else:
                self._keep_ungraded(student, there)

    def _keep_ungraded(self, student: str, found: Submitted) -> None:
        """What nbgrader does for a submission, for one that it cannot be given."""
        self.log.error("Not graded: %s: %s", student, found.handed_in.reason)
        if not self.parent.create_student and student not in self._book.students():
            self.log.error("No student with ID '%s' exists in the database", student)
            return
        self._mark(found)
        self.save(student, timed=False)
        target = self._take_away_page(student)
        target.parent.mkdir(parents=True)
        target.write_text(self._marked.page, encoding="utf-8")
        target.chmod(int(str(self.parent.permissions), 8))

    def _has_changed(self, student: str, found: Submitted) -> bool:
        """Whether something else was graded than what lies there now, or by another suite. nbgrader itself looks at
        time stamps alone: a notebook that has gone, or was written over, would keep its score under an equal one."""
        entry = self._ledger.get(student)
        key = fingerprint.of_submission(found.handed_in, found.sidecars, self._grader)
        return entry is not None and entry.key != key

    def _take_away_page(self, student: str) -> Path:
        """Remove an earlier page and what lies beside it, so that nbgrader grades again. Returns where it was."""
        page = Path(self._path(self._directory.autograded_directory, student), f"{self.assignment.name}.ipynb")
        shutil.rmtree(page.parent, ignore_errors=True)
        return page

    def _path(self, step: str, student: str) -> str:
        return str(self._directory.format_path(step, student, self._directory.assignment_id))

    def _refusal(self, sentence: str) -> NbGraderException:
        self.log.error(sentence)
        return NbGraderException(sentence)


def _find_submissions(self: Autograde) -> None:
    """In the place of nbgrader's own search, for our configuration.

    A folder without any notebook is a submission, too. nbgrader passes it over, and where it is all that there is,
    stops before it makes the exporter, which would know better. Nothing that can be configured comes earlier, so here
    it is also decided who grades."""
    place = self._format_source(self.coursedir.assignment_id, self.coursedir.student_id)
    if not (issubclass(self.exporter_class, SubmissionExporter) and _is_ours(self) and glob.glob(place)):
        _nbgraders_search(self)  # which says in its own words that there is nothing


def _is_ours(run: Autograde) -> bool:
    """Set the steps of this run: ours, or for an assignment without hidden tests nbgrader's."""
    directory = run.coursedir
    name = directory.assignment_id
    try:
        ours = adoption.is_ours(Path(directory.root), name)
    except (Refused, NoSuchUnit) as error:
        run.log.error(str(error))
        raise NbGraderException(str(error)) from error
    chosen = [import_item(step) if isinstance(step, str) else step for step in run.autograde_preprocessors]
    stock = Autograde.autograde_preprocessors.default()
    kept = [step for step in chosen if step is AssignLatePenalties or step not in (*stock, *_STEPS)]
    # Of a submission only the notebook is taken. Whatever lies beside it (a planted module, a link to a classmate's
    # work, a huge file) is never copied, since a folder that is ignored is not looked into.
    beside = os.path.join(glob.escape(str(directory.root)), directory.submitted_directory, "*", "*")
    others = [pattern for pattern in directory.ignore if pattern != beside]
    if ours:
        run.sanitize_preprocessors, run.autograde_preprocessors = [], [*_STEPS, *kept]
        directory.ignore = [*others, beside]
        return True
    run.log.warning("%s has no hidden tests here: nbgrader itself grades it, without a wall.", name)
    run.exporter_class = NotebookExporter
    if not run.sanitize_preprocessors:
        run.sanitize_preprocessors = Autograde.sanitize_preprocessors.default()
    if set(_STEPS) & set(chosen):
        run.autograde_preprocessors = [step for step in stock if step is not AssignLatePenalties] + kept
    directory.ignore = others
    return False


_nbgraders_search = Autograde.init_notebooks
Autograde.init_notebooks = _find_submissions


class GradeSubmission(NbGraderPreprocessor):
    """Stands where nbgrader would execute the notebook, which has been run and graded beyond the wall already."""

    parent: SubmissionExporter

    def preprocess(self, nb: NotebookNode, resources: ResourcesDict) -> tuple[NotebookNode, ResourcesDict]:
        return self.parent.page(), resources


class SaveReport(NbGraderPreprocessor):
    """Stands where nbgrader would read the scores out of the notebook."""

    parent: SubmissionExporter

    def preprocess(self, nb: NotebookNode, resources: ResourcesDict) -> tuple[NotebookNode, ResourcesDict]:
        self.parent.save(resources["nbgrader"]["student"])
        return nb, resources


_STEPS = (GradeSubmission, SaveReport)
"""What stands in the place of nbgrader's own steps."""
