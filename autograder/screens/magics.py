"""`%check`, `%hint`, `%fresh`, `%progress` and `%export` for learners who work on their own, in their notebook.

What is graded is what this kernel has run, saved or not. The grading happens in another process, as the command in a
terminal does it, and nothing leaves the machine. In a browser there is no other process, and it happens here.
"""

from __future__ import annotations

import base64
import contextlib
import difflib
import io
import json
import re
import tempfile
from collections.abc import Iterator
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING

from IPython.core.magic import Magics, line_magic, magics_class
from IPython.display import display
from rich.console import Console, RenderableType
from rich.text import Text

from autograder.notebooks import assignment, units
from autograder.notebooks.assignment import Assignment, Task
from autograder.notebooks.syntax import is_untouched
from autograder.report import CellReport, Report
from autograder.screens import check as checking
from autograder.screens import progress, tables
from autograder.screens.history import History, Run

if TYPE_CHECKING:
    from IPython.core.interactiveshell import InteractiveShell

    from autograder.screens.standby import Standby

WAITING = "The hidden tests are running. A function that never returns takes up to a minute."


_PACKAGE = "self_study"
"""What brings a course to a browser, made with the website."""


class CannotCheck(Exception):
    """There is nothing that could be checked. The message says what to do."""


@magics_class
class CourseMagics(Magics):
    """The magics, what this kernel has run, what a check has said, and how many hints on each function were given."""

    shell: InteractiveShell

    def __init__(self, shell: InteractiveShell) -> None:
        super().__init__(shell)
        self._history = History(shell)
        self._standby: Standby | None = None
        self._place = Path.cwd()
        self._given: dict[str, tuple[tuple[str, ...], int]] = {}
        self._told: dict[str, str] = {}
        self._notes: tuple[str, ...] = ()

    @line_magic
    def check(self, line: str) -> None:
        """%check NAME: the hidden tests' verdict on a function or an answer, as this kernel knows it now."""
        with _said():
            cell = self._verdict(*self._task(line))
            self._told[cell.id] = cell.message
            _show(tables.cell(cell))
            for note in self._notes if checking.IN_BROWSER else ():
                _show(Text(note))

    @line_magic
    def hint(self, line: str) -> None:
        """%hint NAME: the next hint on a function or an answer, one step more each time."""
        with _said():
            unit, task = self._task(line)
            cell = self._verdict(unit, task)
            if cell.state == "passed":
                raise CannotCheck(f"{task.name}: all tests passed. There is nothing to hint at.")
            steps = hints(cell, section(unit, task), told=self._told.get(cell.id) == cell.message)
            before, given = self._given.get(cell.id, ((), 0))
            given = 0 if before != steps else min(given, len(steps) - 1)  # another mistake starts anew
            self._given[cell.id] = (steps, given + 1)
            _show(Text(f"Hint {given + 1} of {len(steps)}: {steps[given]}"))

    @line_magic
    def fresh(self, line: str) -> None:
        """%fresh NAME: the cell as it was given out, in place of this one if there is nothing else in it."""
        with _said():
            _, task = self._task(line)
            alone = len(self.shell.user_ns["In"][-1].strip().splitlines()) == 1
            self.shell.set_next_input(task.stub, replace=alone)

    @line_magic
    def progress(self, line: str) -> None:
        """%progress: all units and functions, and what the last check said of each."""
        with _said():
            course = self._course
            known = [assignment.load(name, course) for name in assignment.names(course)]
            _show(tables.progress(known, progress.read(self._kept)))

    @line_magic
    def export(self, line: str) -> None:
        """%export: your progress as a file to keep, or to take to another computer."""
        with _said():
            if not progress.read(self._kept):
                raise CannotCheck("Nothing was checked yet, so there is nothing to export.")
            data = base64.b64encode(self._kept.read_bytes()).decode("ascii")
            link = f'<a download="progress.json" href="data:application/json;base64,{data}">Download progress.json</a>'
            display({"text/html": link, "text/plain": f"Your progress is in {self._kept}."}, raw=True)

    def _task(self, line: str) -> tuple[Assignment, Task]:
        name = line.strip().strip("`'\"").removesuffix("()")
        if not name:
            raise CannotCheck("Say what to check, for example: %check NAME. %progress lists all names.")
        known: dict[str, tuple[Assignment, Task]] = {}
        course = self._course
        for unit in (assignment.load(given, course) for given in assignment.names(course)):
            for task in unit.tasks:
                known[task.name] = known[task.cell] = unit, task
            if name == unit.name:
                raise CannotCheck(
                    f"{name} is a whole unit. Here one function or answer is checked at a time, for example: "
                    f"%check {unit.tasks[0].name}\n"
                    "All of it, once it is saved, in a terminal: autograder check NOTEBOOK"
                )
        if name not in known:
            near = difflib.get_close_matches(name.lower(), known, n=1) or [
                known for known in known if known in line.split()
            ]
            meant = f" Did you mean {near[0]}?" if near else ""
            raise CannotCheck(f"There is no function or answer named {name!r}.{meant} %progress lists them all.")
        if known[name][1].kind == "manual":
            raise CannotCheck(f"{name} is a written answer: a person reads it, and there is nothing to check.")
        return known[name]

    @property
    def _course(self) -> Path:
        """The course that this kernel's notebook lies in; in a browser the one that came as a package."""
        return Path(str(resources.files(_PACKAGE))) if checking.IN_BROWSER else units.course_at(self._place)

    @property
    def _kept(self) -> Path:
        """The file with the progress. What a browser keeps is what lies among a reader's own notebooks."""
        return self._place.parent / "progress.json" if checking.IN_BROWSER else progress.file_in(self._course)

    def _verdict(self, unit: Assignment, task: Task) -> CellReport:
        report = self._graded(notebook(judged(self._history.runs(), task), unit), unit.name, task)
        cell = next((cell for cell in report.cells if cell.id == task.cell), None)
        if cell is None:
            raise CannotCheck(f"{task.name} could not be checked: {report.reason or 'the grader gave no verdict'}")
        self._notes = report.notes
        progress.record(self._kept, unit.name, cell)
        return cell

    def _graded(self, document: dict[str, object], unit: str, task: Task) -> Report:
        with tempfile.TemporaryDirectory(prefix="check-") as folder:
            path = Path(folder) / f"{unit}.ipynb"
            path.write_text(json.dumps(document), encoding="utf-8")
            if checking.IN_BROWSER:  # where this is the only process
                return checking.check(path, self._course, unit=unit, only=task.name)[0]
            return self._elsewhere(path, unit, task)

    def _elsewhere(self, path: Path, unit: str, task: Task) -> Report:
        import msgspec

        from autograder.screens.standby import NoAnswer, Question, Standby

        self._standby = self._standby or Standby()
        question = Question(notebook=str(path), unit=unit, task=task.name, course=str(self._course))
        try:
            answer = self._standby.ask(question, lambda: print(WAITING, flush=True))
            return msgspec.json.decode(answer, type=Report)
        except KeyboardInterrupt:
            raise CannotCheck("Stopped. Nothing was checked.") from None
        except (NoAnswer, msgspec.DecodeError) as error:
            raise CannotCheck(f"The grader could not be started: {error}") from error


def judged(runs: list[Run], task: Task) -> list[Run]:
    """The runs that made this kernel what it is, as far as one task goes. Raises `CannotCheck` where the last attempt
    at it stopped: what an earlier one left behind is not what somebody asks about."""
    attempts = [run for run in runs if run.tries(task.name)]
    last = attempts[-1] if attempts else None
    if last is not None and last.stopped and task.name not in last.bound:
        raise CannotCheck(
            f"Your last run of the cell for {task.name}, In [{last.number}], stopped with {last.stopped}\n"
            "So there is nothing new to check. Fix that cell, run it, and check again."
        )
    gone = {run.number for run in runs if run.stopped and any(later.replaces(run) for later in runs)}
    if last is not None and (task.name not in last.given or is_untouched(last.source, task.stub)):
        gone |= {run.number for run in attempts[:-1]}  # the cell gives the name no value now, whatever it did before
    return [run for run in runs if run.number not in gone]


def notebook(runs: list[Run], unit: Assignment) -> dict[str, object]:
    """These runs as a notebook of the unit. A task's own cell, or what gives its name a value, is its answer."""
    names = [task.name for task in unit.tasks if task.kind != "manual"]
    cells = []
    for run in runs:
        answered = [name for name in names if run.cell == name] or [name for name in names if name in run.given]
        metadata = {"nbgrader": {"grade_id": answered[0]}} if answered else {}
        cells.append({"cell_type": "code", "metadata": metadata, "source": run.source, "outputs": []})
    return {"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": cells}


def section(unit: Assignment, task: Task) -> str:
    """The heading of the part of the lesson that a task stands in."""
    found = ""
    for cell in unit.cells:
        if cell.type == "markdown":
            found = (re.findall(r"(?m)^## (.+)$", cell.source) or [found])[-1]
        if cell.id == task.cell:
            break
    return found


def hints(cell: CellReport, part: str, *, told: bool) -> tuple[str, ...]:
    """From a nudge to nearly everything: which promise is broken, what happens on an example, the next step, what else
    fails, what to read. What a check has told of the same mistake is not told again."""
    steps = [] if told else _verdict_in_steps(cell)
    failed = [test.name for test in cell.tests if not test.passed and test.because is None]
    if len(failed) > 1:
        names = ", ".join(name.removeprefix("test_").replace("_", " ") for name in failed)
        steps.append(f"These tests fail, by their names: {names}.")
    if part:
        steps.append(f"Read again: {part}.")
    where = "" if checking.IN_BROWSER else " A solution is in the instructor's notebook, in the folder source."
    steps.append(f"That was the last hint.{where}")
    return tuple(steps)


def _verdict_in_steps(cell: CellReport) -> list[str]:
    """What a check says at once."""
    failed = [test for test in cell.tests if not test.passed and test.because is None]
    kinds = {"value": "the values", "numerical": "extreme or unusual numbers", "contract": "what it refuses or changes"}
    steps = []
    count = sum(test.kind == failed[0].kind for test in cell.tests) if failed else 0
    if count > 1:
        first = failed[0].kind
        missed = sum(test.kind == first for test in failed)
        waiting = sum(test.kind == first for test in cell.tests if test.because is not None)
        more = f", and {waiting} more {'depends' if waiting == 1 else 'depend'} on them" if waiting else ""
        steps.append(f"Look at {kinds[first]}: {missed} of {count} tests of this kind fail{more}.")
    steps.append(cell.message)
    return [*steps, cell.hint] if cell.hint else steps


@contextlib.contextmanager
def _said() -> Iterator[None]:
    """What cannot be checked is said in a sentence."""
    try:
        yield
    except (CannotCheck, assignment.NoSuchAssignment, units.NoCourse, units.NoSuchUnit) as error:
        _show(Text(str(error)))


def _show(what: RenderableType) -> None:
    """As text of 80 columns: every front end and every screen reader can do that."""
    page = io.StringIO()
    Console(file=page, width=80, color_system=None, highlight=False, force_jupyter=False).print(what)
    print("\n".join(line.rstrip() for line in page.getvalue().splitlines()))
