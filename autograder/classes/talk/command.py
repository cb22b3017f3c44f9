"""Makes the page for an hour with a student, from the gradebook, the autograded notebook and what was handed in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import nbformat

from autograder.classes.talk.page import page
from autograder.classes.talk.record import Standing, Talk
from autograder.grading.questions.interview import interview
from autograder.grading.questions.question import Interview
from autograder.nbgrader import agreement, fingerprint, ledger
from autograder.nbgrader.course_folder import CourseFolder
from autograder.nbgrader.feedback import gradebook
from autograder.nbgrader.feedback.page import bar_of, said_of, title_of
from autograder.nbgrader.feedback.tasks import Task, tasks
from autograder.nbgrader.ledger import write_whole
from autograder.notebooks import assignment
from autograder.notebooks.assignment import Assignment
from autograder.notebooks.folder import Submitted
from autograder.notebooks.submission import Unreadable
from autograder.wall.outside import doctor

FOLDER = "talk"


@dataclass(frozen=True, slots=True)
class Written:
    """What was found, and where its page is."""

    talk: Talk
    page: Path


def talk(course: Path, name: str, student: str) -> Written:
    """Make and write the page: talk/STUDENT/ASSIGNMENT.html, which only its owner can read.

    The same submission and gradebook give the same page. Raises `NoSuchAssignment`, `NotGraded`, `Refused`, `NoWall`,
    and nbgrader's `MissingEntry`."""
    its = assignment.load(name, course)
    folder = CourseFolder(course, name)
    agreement.hold_readable(folder.directory)
    folder.graded((student,))
    notebook = nbformat.read(folder.autograded.page(student), as_version=4)
    judged = gradebook.judged(folder.database, name, name, student)
    found = list(tasks(notebook, judged, trusted=its.unit is not None))
    handed_in = folder.submitted(student)
    asked = _asked(its, handed_in)
    made = Talk(
        student=student,
        name=judged.name,
        assignment=name,
        points=said_of(judged),
        tasks=tuple(map(_standing, found)),
        questions=asked.questions,
        not_asked=asked.not_asked,
        notes=tuple(_notes(its, folder, student, handed_in)),
    )
    target = course / FOLDER / student / f"{name}.html"
    target.parent.mkdir(parents=True, exist_ok=True)
    text = page(made, found, title=title_of(notebook), bar=bar_of(judged))
    write_whole(target, text.encode(), 0o600)
    return Written(made, target)


def _asked(its: Assignment, handed_in: Submitted) -> Interview:
    try:
        submission = handed_in.handed_in.read(its)
    except Unreadable as error:
        return Interview(not_asked=(f"Nothing could be asked. {error}",))
    return interview(its, submission, doctor.best(its.packages))


def _notes(its: Assignment, folder: CourseFolder, student: str, handed_in: Submitted) -> Sequence[str]:
    if its.unit is None:
        return ()
    entry = ledger.Ledger(folder.root, folder.assignment).get(student)
    now = fingerprint.of_submission(
        handed_in.handed_in, handed_in.sidecars, fingerprint.of_grader(its, figures=folder.figures)
    )
    if entry is None or entry.key == now:
        return ()
    return (
        "Since this was graded the submission, the hidden tests or the grader have changed: the questions are about "
        f"what lies in submitted/ now, the points are not. Grade it again: `autograder grade {folder.assignment}`",
    )


def _standing(task: Task) -> Standing:
    return Standing(
        name=task.name,
        state=task.state,
        status=task.status,
        says=task.sentence.striptags(),
        hint=task.hint.striptags(),
        comment=task.comment.striptags(),
    )
