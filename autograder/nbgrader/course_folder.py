"""A course folder as nbgrader's configuration describes it: who handed in what, and where the results go."""

from __future__ import annotations

import contextlib
import glob
import itertools
import os
import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import get_args

from nbgrader.converters import Autograde
from nbgrader.coursedir import CourseDirectory
from nbgrader.preprocessors import AssignLatePenalties
from nbgrader.utils import find_all_files, full_split
from traitlets import import_item

from autograder.grading.preflight.hold import Refused
from autograder.nbgrader import configuration
from autograder.nbgrader.autograded import Autograded
from autograder.nbgrader.lateness import Penalty
from autograder.notebooks import folder
from autograder.notebooks.folder import Submitted
from autograder.wall.outside.policy import Figures


class NoSuchStudent(LookupError):
    """Somebody who was asked for has handed in nothing."""


class NotGraded(LookupError):
    """Nobody, or not everybody who was asked for, has an autograded notebook."""


class NothingSubmitted(LookupError):
    """There is nothing to grade."""


@dataclass(frozen=True, slots=True)
class Students:
    """Whose folders there are for one step of an assignment."""

    known: Mapping[str, str]
    """Each student's folder."""
    odd: tuple[str, ...] = ()
    """What nobody's work can be found in: folders whose names are no student's, and links that lead nowhere."""


def students(directory: CourseDirectory, step: str) -> Students:
    """Everybody whom nbgrader's configuration means, and who has a folder for this step of its assignment.

    A name that cannot be printed, such as one with a line break or with bytes that are no text, is no student's:
    nbgrader stops at some of them, and databases at others."""
    pattern = directory.format_path(step, directory.student_id, directory.assignment_id)
    structure = directory.format_path(step, "(?P<student>.*)", re.escape(directory.assignment_id), escape=True)
    excluded = set(directory.student_id_exclude.split(","))
    known, odd = {}, list(_dead_ends(pattern))
    for found in sorted(glob.glob(pattern, include_hidden=True)):  # nobody's work is passed over without a word
        match = re.fullmatch(structure, found, re.DOTALL)
        if match is not None and match["student"] == ".ipynb_checkpoints":
            continue
        if match is None or not match["student"].isprintable() or match["student"].startswith("."):
            odd.append(f"{_printed(found)} is not a student's id")
        elif match["student"] not in excluded:
            known[match["student"]] = found
    return Students(known, tuple(odd))


def _dead_ends(pattern: str) -> Iterator[str]:
    """Links on the way to what this pattern means that lead nowhere, so that the pattern finds nothing behind them."""
    for above in Path(pattern).parents:
        if glob.has_magic(above.name):
            for found in sorted(glob.glob(str(above), include_hidden=True)):
                if os.path.islink(found) and not os.path.exists(found):
                    yield f"{_printed(found)} is a link that leads nowhere"


def _printed(path: str) -> str:
    return repr(path.encode("utf-8", "backslashreplace").decode())


def submitted(directory: CourseDirectory, student: str) -> Submitted:
    """What this student handed in."""
    names = {"nbgrader_step": directory.submitted_directory, "assignment_id": directory.assignment_id}
    parts = full_split(directory.directory_structure)
    # What stands before the first folder that is a student's is the course's own, and may be a link.
    ours = list(itertools.takewhile(lambda part: "{student_id" not in part and "{assignment_id" not in part, parts))
    trusted, *below = (
        str(Path(directory.root, *(part.format(**names) for part in ours))),
        *(part.format(**names, student_id=student) for part in parts[len(ours) :]),
    )
    return folder.collect(Path(trusted), below, directory.assignment_id)


class CourseFolder:
    """One assignment in a course folder."""

    def __init__(self, root: Path, assignment: str) -> None:
        self.root, self.assignment = root, assignment
        self.app = configuration.read(root)
        self.directory: CourseDirectory = self.app.coursedir
        self.directory.assignment_id = assignment
        with configuration.explained(root):
            self._autograde = Autograde(coursedir=self.directory, parent=self.app)
        self.autograded = Autograded(
            assignment,
            lambda student: self._place(self.directory.autograded_directory, student),
            self._source_files(),
            int(str(self._autograde.permissions), 8),
            0o2775 if self.directory.groupshared else 0o755,
        )
        self._submitted = students(self.directory, self.directory.submitted_directory)

    @property
    def database(self) -> str:
        address: str = self.directory.db_url
        return address

    @property
    def admits_new_students(self) -> bool:
        return bool(self._autograde.create_student)

    @property
    def figures(self) -> Figures:
        """Which figures the autograded notebooks have, as the configuration says to nbgrader. Raises `Refused`."""
        chosen: Figures = self.app.config.SubmissionExporter.get("figures", "own")
        if chosen not in get_args(Figures):
            raise Refused(
                f"c.SubmissionExporter.figures is {chosen!r} in nbgrader_config.py; it may be 'own' or 'all'."
            )
        return chosen

    def students(self, wanted: tuple[str, ...] = ()) -> tuple[str, ...]:
        """Everybody who handed in this assignment, or of them those who are wanted.

        Raises `NoSuchStudent` and `NothingSubmitted`."""
        missing = sorted(set(wanted) - self._submitted.known.keys())
        if missing:
            raise NoSuchStudent(f"Nothing was handed in for {self.assignment} by {', '.join(missing)}.")
        if not self._submitted.known and not self._submitted.odd:
            place = self._place(self.directory.submitted_directory, "STUDENT")
            raise NothingSubmitted(f"Nothing was handed in for {self.assignment}: there is no folder {place}.")
        return tuple(sorted(set(wanted) or self._submitted.known))

    def absent(self, graded: Collection[str]) -> tuple[str, ...]:
        """Of these students those of whom nothing lies in submitted/, though the configuration means everybody."""
        if self.directory.student_id != "*":
            return ()
        excluded = self.directory.student_id_exclude.split(",")
        return tuple(sorted(set(graded) - self._submitted.known.keys() - set(excluded)))

    @property
    def odd(self) -> tuple[str, ...]:
        """What lies in submitted/ under a name that is no student's."""
        return self._submitted.odd

    def graded(self, wanted: tuple[str, ...] = ()) -> tuple[str, ...]:
        """Everybody who has an autograded notebook, or of them those who are wanted. Raises `NotGraded`."""
        step = self.directory.autograded_directory
        found = {student for student in students(self.directory, step).known if self.autograded.page(student).is_file()}
        missing = sorted(set(wanted) - found)
        if missing or not found:
            whose = f" by {', '.join(missing)}" if missing else ""
            raise NotGraded(f"Nothing{whose} has been graded yet. Run: autograder grade {self.assignment}")
        return tuple(sorted(set(wanted) or found))

    def submitted(self, student: str) -> Submitted:
        """What this student handed in. What cannot be read comes with the reason."""
        return submitted(self.directory, student)

    def feedback(self, student: str) -> Path:
        """Where the feedback page is, or will be."""
        return self._place(self.directory.feedback_directory, student) / f"{self.assignment}.html"

    def has_feedback(self, student: str) -> bool:
        return self.feedback(student).is_file()

    def penalty(self) -> Penalty | None:
        """The course's rule for late work, None where its configuration has no step for it."""
        steps = [
            import_item(step) if isinstance(step, str) else step for step in self._autograde.autograde_preprocessors
        ]
        if AssignLatePenalties not in steps:
            return None
        step = AssignLatePenalties(parent=self._autograde)
        step.init_plugin()
        penalty: Penalty = step.plugin_inst.late_submission_penalty
        return penalty

    def _place(self, step: str, student: str) -> Path:
        return Path(self.directory.format_path(step, student, self.assignment))

    def _source_files(self) -> dict[str, bytes]:
        """What nbgrader copies from source/ beside each autograded notebook."""
        source = Path(self.directory.format_path(self.directory.source_directory, ".", self.assignment))
        kept = {str(source / name) for name in self._autograde.exclude_overwriting.get(self.assignment, [])}
        with contextlib.chdir(self.root):
            found = find_all_files(str(source), [*self.directory.ignore, "*.ipynb"])
        return {os.path.relpath(path, source): Path(path).read_bytes() for path in found if path not in kept}
