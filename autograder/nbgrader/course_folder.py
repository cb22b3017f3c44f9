"""A course folder as nbgrader's configuration describes it: who handed in what, and where the results go."""

from __future__ import annotations

import contextlib
import glob
import logging
import os
import re
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import get_args

from nbgrader.apps.baseapp import NbGrader
from nbgrader.converters import Autograde
from nbgrader.preprocessors import AssignLatePenalties
from nbgrader.utils import find_all_files
from traitlets import import_item

from autograder.nbgrader.writer import Penalty
from autograder.notebooks import handed_in as folder
from autograder.notebooks.handed_in import HandedIn
from autograder.notebooks.submission import Unreadable
from autograder.preflight.hold import Refused
from autograder.wall.outside.policy import Figures


class NoSuchStudent(LookupError):
    """Somebody who was asked for has handed in nothing."""


@dataclass(frozen=True, slots=True)
class Submitted:
    """One submitted folder, as it was found."""

    student: str
    handed_in: HandedIn | None
    sidecars: Mapping[str, bytes]
    timestamp: datetime | None = None
    timed: bool = True
    reason: str = ""
    """Why there is nothing to grade."""


class CourseFolder:
    """One assignment in a course folder."""

    def __init__(self, root: Path, assignment: str) -> None:
        self.root, self.assignment = root, assignment
        app = NbGrader()
        app.load_cwd_config = False
        app.config_dir = str(root)
        # Relative addresses in a configuration mean the course folder; nbgrader is run there.
        with contextlib.chdir(root):
            app.initialize([], root=str(root))
        app.log.setLevel(logging.ERROR)
        app.coursedir.assignment_id = assignment
        self.app, self.directory = app, app.coursedir
        self._autograde = Autograde(coursedir=app.coursedir, parent=app)
        self._files = self._source_files()

    @property
    def database(self) -> str:
        return self.directory.db_url

    @property
    def admits_new_students(self) -> bool:
        return self._autograde.create_student

    @property
    def figures(self) -> Figures:
        """Which figures the autograded notebooks have, as the configuration says to nbgrader. Raises `Refused`."""
        chosen = self.app.config.SubmissionExporter.get("figures", "own")
        if chosen not in get_args(Figures):
            raise Refused(
                f"c.SubmissionExporter.figures is {chosen!r} in nbgrader_config.py; it may be 'own' or 'all'."
            )
        return chosen

    def students(self, wanted: tuple[str, ...] = ()) -> tuple[str, ...]:
        """Everybody who handed in this assignment, or of them those who are wanted. Raises `NoSuchStudent`."""
        found = frozenset(self._students(self.directory.submitted_directory))
        missing = sorted(set(wanted) - found)
        if missing:
            raise NoSuchStudent(f"Nothing was handed in for {self.assignment} by {', '.join(missing)}.")
        return tuple(sorted(set(wanted) or found))

    def graded(self, wanted: tuple[str, ...] = ()) -> tuple[str, ...]:
        """Everybody who has an autograded notebook, or of them those who are wanted. Raises `NoSuchStudent`."""
        found = {student for student in self._students(self.directory.autograded_directory) if self.has_page(student)}
        missing = sorted(set(wanted) - found)
        if missing or not found:
            whose = f" by {', '.join(missing)}" if missing else ""
            raise NoSuchStudent(f"Nothing{whose} has been graded yet. Run: autograder grade {self.assignment}")
        return tuple(sorted(set(wanted) or found))

    def submitted(self, student: str) -> Submitted:
        """What this student handed in. Whatever cannot be read comes with the reason."""
        place = self._place(self.directory.submitted_directory, student)
        sidecars = folder.sidecars(place)
        try:
            timestamp = folder.time(place)
        except Unreadable as error:
            return Submitted(student, None, sidecars, timed=False, reason=str(error))
        try:
            return Submitted(student, folder.collect(place, self.assignment), sidecars, timestamp)
        except Unreadable as error:
            return Submitted(student, None, sidecars, timestamp, reason=str(error))

    def has_page(self, student: str) -> bool:
        return self.page(student).is_file()

    def page(self, student: str) -> Path:
        """Where the autograded notebook is, or will be."""
        return self._place(self.directory.autograded_directory, student) / f"{self.assignment}.ipynb"

    def has_feedback(self, student: str) -> bool:
        return (self._place(self.directory.feedback_directory, student) / f"{self.assignment}.html").is_file()

    def write_page(self, submitted: Submitted, page: str) -> None:
        """Write the autograded folder anew: the notebook, and what nbgrader puts beside it."""
        target = self.page(submitted.student).parent
        target.parent.mkdir(parents=True, exist_ok=True)
        name = f"{self.assignment}.ipynb"
        files = {**self._files, **submitted.sidecars} if submitted.timed else {}
        mode = int(str(self._autograde.permissions), 8)
        made = Path(tempfile.mkdtemp(dir=target.parent, prefix=f".{self.assignment}-"))
        try:
            for relative, data in {**files, name: page.encode()}.items():
                path = made / relative
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(data)
                path.chmod(mode)
            made.chmod(0o2775 if self.directory.groupshared else 0o755)
            if target.exists():
                shutil.rmtree(target)
            made.rename(target)
        except BaseException:
            shutil.rmtree(made, ignore_errors=True)
            raise

    def penalty(self) -> Penalty | None:
        """The course's rule for late work, None where its configuration has no step for it."""
        steps = [
            import_item(step) if isinstance(step, str) else step for step in self._autograde.autograde_preprocessors
        ]
        if AssignLatePenalties not in steps:
            return None
        step = AssignLatePenalties(parent=self._autograde)
        step.init_plugin()
        return step.plugin_inst.late_submission_penalty

    def _students(self, step: str) -> Iterator[str]:
        directory = self.directory
        pattern = directory.format_path(step, directory.student_id, self.assignment)
        structure = directory.format_path(step, "(?P<student>.*)", re.escape(self.assignment), escape=True)
        excluded = set(directory.student_id_exclude.split(","))
        for found in glob.iglob(pattern):
            match = re.fullmatch(structure, found)
            if match is None or match["student"] in excluded or not os.path.isdir(found):
                continue
            try:
                match["student"].encode()
            except UnicodeEncodeError:
                logging.getLogger(__name__).error("not graded: %r is no name that a database can hold", found)
                continue
            yield match["student"]

    def _place(self, step: str, student: str) -> Path:
        return Path(self.directory.format_path(step, student, self.assignment))

    def _source_files(self) -> dict[str, bytes]:
        """What nbgrader copies from source/ beside each autograded notebook."""
        source = Path(self.directory.format_path(self.directory.source_directory, ".", self.assignment))
        kept = {str(source / name) for name in self._autograde.exclude_overwriting.get(self.assignment, [])}
        with contextlib.chdir(self.root):
            found = find_all_files(str(source), [*self.directory.ignore, "*.ipynb"])
        return {os.path.relpath(path, source): Path(path).read_bytes() for path in found if path not in kept}
