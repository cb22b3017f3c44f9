"""What is found out about an assignment before anybody is graded: whether its parts fit, and its own solution passes.

Everything here is the instructor's: the release, the hidden suite with its reference, the solution. What is wrong with
them would cost every student points, so it ends the command with one sentence.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from autograder.grading import suite
from autograder.grading.cells import what_stopped
from autograder.grading.grade import grade, score
from autograder.grading.mark import ungraded
from autograder.grading.preflight import cleared, parts, rehearsal
from autograder.grading.preflight.refusal import Refused as Refused  # where everybody looks for it
from autograder.grading.suite import BrokenSuite
from autograder.notebooks.assignment import Assignment, Cell
from autograder.notebooks.handed_in import HandedIn
from autograder.notebooks.submission import Submission, Unreadable
from autograder.notebooks.units import BrokenUnit
from autograder.report import CellReport
from autograder.session.dialogue import CellRun, Ended
from autograder.session.session import Session
from autograder.wall.outside import importable
from autograder.wall.outside.policy import Limits
from autograder.wall.outside.process import Broken, Lane
from autograder.words import one_line

_PATIENT = Limits(
    cell_seconds=60.0, call_seconds=20.0, function_seconds=120.0, submission_seconds=600.0, load_seconds=300.0
)
"""A busy machine is no fault of an assignment."""


def hold(assignment: Assignment, course: Path, lane: Lane) -> None:
    """Raise `Refused` where this assignment would be graded wrongly, however good a submission is.

    What passed on this machine is not tried again until something that it depends on has changed."""
    if missing := importable.missing(assignment.packages):
        raise Refused(f"{assignment.name} cannot be graded: {missing}")
    solution = _solution(assignment, course)
    digest = cleared.digest(assignment, solution)
    if cleared.holds(digest):
        return
    seed = int(digest[:12], 16)
    parts.hold_cells(assignment, solution)
    parts.hold_suite(assignment, course)
    parts.hold_rubric(assignment)
    _hold_page(assignment)
    try:
        rehearsal.hold(assignment, seed)
        _hold_release(assignment, lane, seed)
        if solution is not None:
            _hold_solution(assignment, solution, lane, seed)
    except (Broken, BrokenSuite, BrokenUnit, Unreadable, Ended, rehearsal.Failed) as error:
        raise Refused(f"{assignment.name} cannot be graded: {error}") from error
    cleared.keep(digest)


def has_solution(course: Path, name: str) -> bool:
    """Whether this course folder has the instructor's notebook; a learner's own copy has none."""
    return (course / "source" / name / f"{name}.ipynb").is_file()


def _solution(assignment: Assignment, course: Path) -> bytes | None:
    """The instructor's notebook, None where this course folder has none."""
    folder = course / "source" / assignment.name
    notebooks = sorted(path.name for path in folder.glob("*.ipynb"))
    if len(notebooks) > 1:
        raise Refused(
            f"source/{assignment.name} holds {len(notebooks)} notebooks ({', '.join(notebooks)}), and only "
            f"{assignment.name}.ipynb would be graded. Move the others out and run: "
            f"nbgrader generate_assignment {assignment.name} --force"
        )
    path = folder / f"{assignment.name}.ipynb"
    return path.read_bytes() if path.is_file() else None


def _hold_page(assignment: Assignment) -> None:
    """The page of the untouched notebook, which everybody gets whose own cannot be read, can be written."""
    try:
        ungraded(assignment, "This is a trial.").page.encode()
    except Exception as error:  # the instructor's own metadata and attachments may hold anything
        raise Refused(
            f"{assignment.name} cannot be graded: the page of the untouched notebook cannot be written "
            f"({type(error).__name__}: {one_line(str(error), 200)}). Look at the metadata and attachments of its cells."
        ) from error


def _hold_release(assignment: Assignment, lane: Lane, seed: int) -> None:
    """What students are given runs as far as it can without them, and earns nothing."""
    given = Submission(cells=assignment.cells)
    with Session(lane, given, assignment.files, _PATIENT) as session:
        for cell, run in _stopped(given, session.runs):
            if not cell.nbgrader.get("grade") and not _waits_for_answers(run, assignment):
                raise Refused(
                    f"The locked cell `{cell.id}` of the untouched {assignment.name} {what_stopped(run)} in the "
                    "sandbox. Correct it, or put what it needs beside the notebook."
                )
        cells = frozenset(task.cell for task in assignment.tasks if task.kind != "manual")
        outcomes = suite.run(assignment.unit, session, seed=seed, cells=cells) if cells and assignment.unit else ()
    for task in assignment.tasks:
        own = [outcome for outcome in outcomes if outcome.cell == task.cell]
        if own and score(own, task.points) > 0:
            passed = next(outcome.name for outcome in own if outcome.verdict == "passed")
            if all(outcome.verdict == "passed" for outcome in own):
                raise Refused(
                    f"{assignment.name} gives the solution of `{task.name}` away. Put it between ### BEGIN SOLUTION "
                    f"and ### END SOLUTION, and run: nbgrader generate_assignment {assignment.name} --force"
                )
            raise Refused(
                f"The stub of `{task.name}` in {assignment.name} earns points as it is given out: it passes "
                f"`{passed}` of Test_{task.name}. Make the stub raise NotImplementedError, or tighten the test."
            )


def _hold_solution(assignment: Assignment, solution: bytes, lane: Lane, seed: int) -> None:
    """The instructor's own notebook has full marks, and all of its graded cells run."""
    submission = HandedIn(solution).read(assignment)
    graded = grade(assignment, submission, lane, seed=seed, limits=_PATIENT)
    if graded.report.status == "ungraded":
        raise Refused(f"The solution in source/{assignment.name} could not be graded: {graded.report.reason}")
    for cell in graded.report.cells:
        if cell.score is not None and cell.score < cell.max_score:
            raise Refused(_lost(assignment, cell))
    for locked, run in _stopped(submission, graded.runs):
        raise Refused(f"The locked cell `{locked.id}` {what_stopped(run)} in the solution of {assignment.name}.")


def _lost(assignment: Assignment, cell: CellReport) -> str:
    name = cell.id.removeprefix("test_")
    words = f"The solution in source/{assignment.name} does not get full marks for `{name}`"
    if cell.state == "not-attempted":
        return (
            f"{words}: its cell is as empty there as in the release. Write the solution between ### BEGIN SOLUTION "
            "and ### END SOLUTION."
        )
    failed = next((test.name for test in cell.tests if not test.passed and test.because is None), None)
    where = f" by the hidden test `{failed}`" if failed else ""
    return f"{words}{where} ({cell.state}). {cell.message} Correct the solution or {parts.place(assignment)}."


def _stopped(submission: Submission, runs: Mapping[int, CellRun]) -> Iterator[tuple[Cell, CellRun]]:
    """The locked cells that did not run to their end."""
    for index, run in sorted(runs.items()):
        if run.state != "ran" and submission.cells[index].locked:
            yield submission.cells[index], run


def _waits_for_answers(run: CellRun, assignment: Assignment) -> bool:
    """Whether a cell stopped only because it uses what students have yet to write."""
    if run.raised is None:
        return False
    unwritten = any(f"'{task.name}'" in run.raised.message for task in assignment.tasks)
    return run.raised.kind == "NotImplementedError" or (run.raised.kind == "NameError" and unwritten)
