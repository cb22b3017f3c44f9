"""One submission that could be read in, one Report out."""

from __future__ import annotations

import contextlib
import dataclasses
import logging
import secrets
import threading
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from autograder import report
from autograder.grading import suite
from autograder.grading.diagnosis import questions
from autograder.grading.diagnosis.questions import Asked
from autograder.grading.explanation import explain, not_judged
from autograder.grading.hidden import Outcome
from autograder.grading.opening import Opened, opened
from autograder.grading.script import script_of
from autograder.grading.suite import BrokenSuite
from autograder.grading.transcript import diagnose_class
from autograder.grading.untested import Notice, before_tests
from autograder.notebooks.assignment import Assignment, Task
from autograder.notebooks.leniency import Shares
from autograder.notebooks.submission import Submission
from autograder.notebooks.units import BrokenUnit, Unit
from autograder.report import CellReport, Report, TestResult
from autograder.session.dialogue import Call, CellRun, Ended
from autograder.session.session import Session
from autograder.wall.outside.policy import Figures, Limits
from autograder.wall.outside.process import Broken, Lane

_USUAL = Shares()


@dataclass(frozen=True, slots=True)
class Graded:
    """The Report, and what the cells printed, by their place in the submission."""

    report: Report
    runs: Mapping[int, CellRun] = field(default_factory=dict)


def grade(
    assignment: Assignment,
    submission: Submission,
    lane: Lane,
    *,
    seed: int | None = None,
    figures: Figures = "none",
    limits: Limits | None = None,
) -> Graded:
    """Run the submission beyond the wall and hold it to the hidden suite.

    `seed` fixes the hidden inputs; without one they are new each time. A fault of the grader's own comes back as an
    ungraded Report, never as an exception and never as lost points."""
    seed = secrets.randbits(63) if seed is None else seed
    functions = [task.name for task in assignment.tasks if task.kind == "function"]
    session = Session(
        lane,
        submission,
        assignment.files,
        limits or Limits(),
        figures=figures,
        functions=functions,
        lesson=[cell.source for cell in assignment.cells if not cell.nbgrader.get("solution")],
    )
    reason = "" if assignment.unit is not None else f"There is no hidden suite for {assignment.name}."
    cells: tuple[CellReport, ...] = ()
    try:
        if assignment.unit is not None:
            with _learning(assignment.tasks, assignment.unit, seed) as learned, session:
                said = opened(assignment, submission, session)
                learned()
                reason = said.fault
                cells = () if reason else _grade_cells(assignment, assignment.unit, said, session, seed)
    except Ended as error:
        cells = tuple(_stopped(task, str(error)) for task in assignment.tasks)
    except (Broken, BrokenSuite, BrokenUnit) as error:
        reason = str(error)
    except Exception as error:  # whatever it is, it must neither stop a whole class nor cost this student points
        logging.getLogger(__name__).exception("the grader failed")
        reason = f"The grader failed ({type(error).__name__}). This is no fault of the submission."
    if reason:
        most = assignment.most
        failed = report.ungraded(assignment.name, reason, max_score=most, seed=seed, notes=submission.notes)
        return Graded(failed, session.runs)
    return Graded(report.graded(assignment.name, cells, seed=seed, notes=submission.notes), session.runs)


def with_one_task(assignment: Assignment, name: str) -> Assignment:
    """The assignment with the task of this name and those that its tests come after."""
    if assignment.unit is None:
        return assignment
    wanted = suite.with_earlier(assignment.unit, frozenset(t.cell for t in assignment.tasks if t.name == name))
    return dataclasses.replace(assignment, tasks=tuple(task for task in assignment.tasks if task.cell in wanted))


def _grade_cells(
    assignment: Assignment, unit: Unit, said: Opened, session: Session, seed: int
) -> tuple[CellReport, ...]:
    notices = {task.cell: before_tests(task, said) for task in assignment.tasks}
    testable = frozenset(cell for cell, notice in notices.items() if notice is None)
    functions = [task.cell for task in assignment.tasks if task.kind == "function" and task.cell in testable]
    outcomes: tuple[Outcome, ...] = ()
    asked: Asked = {}
    if testable:
        # What a student is shown first; what is the same for everybody next; what is hidden last.
        script = _script(assignment.tasks, unit, testable, seed)
        examples = suite.ask_examples(unit, session, cells=testable, in_advance=bool(script))
        asked = questions.ask(unit, session, functions)
        others = frozenset(notices) - testable
        outcomes = suite.run(
            unit, session, seed=seed, cells=testable, script=script, untested=others, examples=examples
        )
    cells = []
    for task in assignment.tasks:
        notice = notices[task.cell]
        if notice is not None:
            cells.append(_noticed(task, notice))
        else:
            own = tuple(outcome for outcome in outcomes if outcome.cell == task.cell)
            tested = _tested(task, own, said, unit.leniency.shares, unasked=task.name in session.unasked)
            cells.append(_diagnosed(unit, task, tested, own, session, asked, seed))
    return tuple(cells)


@contextlib.contextmanager
def _learning(tasks: Sequence[Task], unit: Unit, seed: int) -> Iterator[Callable[[], None]]:
    """Learns what the hidden tests ask, in time in which the submission's cells run elsewhere. Gives what waits for the
    end of that, which comes in any case: hidden tests that nobody waits for would run beside somebody else's."""

    def learn() -> None:
        with contextlib.suppress(Exception):  # it comes again where it is wanted
            _script(tasks, unit, frozenset(task.cell for task in tasks), seed)

    thread = threading.Thread(target=learn, daemon=True)
    try:
        thread.start()
    except RuntimeError:  # there is none to be had, as in a browser: it comes again where it is wanted
        yield lambda: None
        return
    try:
        yield thread.join
    finally:
        thread.join()


def _script(tasks: Iterable[Task], unit: Unit, cells: frozenset[str], seed: int) -> suite.Script:
    script: dict[tuple[str, str], list[Call]] = defaultdict(list)
    for task in tasks:
        if task.kind == "function" and task.cell in cells:
            for line in script_of(unit, task.cell, seed):
                script[task.cell, line.test].append(line.call)
    return script


def _noticed(task: Task, notice: Notice) -> CellReport:
    return CellReport(
        id=task.cell,
        function=task.name if task.is_code else None,
        state=notice.state,
        score=None if notice.state == "manual" else 0.0,
        max_score=task.points,
        message=notice.message,
        hint=notice.hint,
    )


def _tested(task: Task, outcomes: tuple[Outcome, ...], said: Opened, shares: Shares, *, unasked: bool) -> CellReport:
    faults = [outcome for outcome in outcomes if outcome.verdict == "fault"]
    if faults or not outcomes:
        reason = f"the hidden test {faults[0].name!r} failed by itself ({faults[0].detail})" if faults else "no test"
        return CellReport(
            id=task.cell,
            function=task.name if task.is_code else None,
            state="grader-fault",
            score=None,
            max_score=task.points,
            message=f"The grader failed at {task.name}: {reason}. This is no fault of the submission.",
        )
    state, message, hint = explain(task, outcomes, said, unasked=unasked)
    return CellReport(
        id=task.cell,
        function=task.name if task.is_code else None,
        state=state,
        score=score(outcomes, task.points, shares),
        max_score=task.points,
        message=message,
        hint=hint,
        tests=tuple(map(_result, outcomes)),
    )


def _result(outcome: Outcome) -> TestResult:
    because = not_judged(outcome) if outcome.cause is not None else None
    return TestResult(name=outcome.name, kind=outcome.kind, passed=outcome.verdict == "passed", because=because)


def _diagnosed(
    unit: Unit,
    task: Task,
    cell: CellReport,
    outcomes: tuple[Outcome, ...],
    session: Session,
    asked: Asked,
    seed: int,
) -> CellReport:
    """The cell with the name of what is wrong, and its hint, where the replies single one out."""
    if not task.is_code or cell.state not in ("wrong", "error"):
        return cell
    try:
        if task.kind == "class":
            known = diagnose_class(unit, cell.id, outcomes, session, seed)
            return cell if known is None else replace(cell, misconception=known.name, hint=known.hint)
        from autograder.grading.diagnosis import inquiry  # much, and most notebooks are right

        found = inquiry.diagnose(unit, cell.id, outcomes, session, asked)
    except Exception:  # the points are known already, and a hint is not worth them
        logging.getLogger(__name__).exception("the diagnosis of %s failed", cell.id)
        return cell
    if found.finding is None:
        return replace(cell, signature=found.signature)
    # What a broken promise asks is general: a next step about this error, or this kind of value, says it better.
    keeps = found.finding.layer == "promise" and cell.hint not in {outcome.hint for outcome in outcomes}
    hint = cell.hint if keeps else found.finding.hint or cell.hint
    return replace(
        cell,
        misconception=found.finding.name,
        layer=found.finding.layer,
        parameter=found.finding.parameter,
        also=found.finding.also,
        signature=found.signature,
        hint=" ".join(part for part in (hint, found.finding.besides) if part) or None,
    )


def score(outcomes: Iterable[Outcome], points: float, shares: Shares = _USUAL) -> float:
    """The points for these outcomes: by kind, and in a kind by the share of tests passed.

    Numerical and contract tests count only where all value tests pass, so that a stub, a constant or luck earns
    nothing. All passed is exactly `points`, whatever the shares add up to in floating point."""
    outcomes = tuple(outcomes)
    if all(outcome.verdict == "passed" for outcome in outcomes):
        return points
    kinds = {outcome.kind for outcome in outcomes}
    passed = {
        kind: _share(outcome.verdict == "passed" for outcome in outcomes if outcome.kind == kind) for kind in kinds
    }
    if passed.get("value", 0.0) < 1.0:
        passed = {"value": passed.get("value", 0.0)}
    worth: dict[str, float] = {kind: getattr(shares, kind) for kind in kinds | {"value"}}
    whole = sum(worth[kind] for kind in kinds) or 1.0
    earned = points * sum(worth[kind] * share for kind, share in passed.items()) / whole
    return max(0.0, min(round(earned, 2), points - 0.01))


def _share(passed: Iterable[bool]) -> float:
    results = list(passed)
    return sum(results) / len(results)


def _stopped(task: Task, why: str) -> CellReport:
    return CellReport(
        id=task.cell,
        function=task.name if task.is_code else None,
        state="manual" if task.kind == "manual" else "error",
        score=None if task.kind == "manual" else 0.0,
        max_score=task.points,
        message=f"{why}, so that nothing of it could be graded.",
        hint="Restart the kernel, run all cells from top to bottom, and fix or delete the cells that end it or hang.",
    )
