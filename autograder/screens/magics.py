"""`%check`, `%hint` and `%progress` for learners who work on their own, in the notebook that they work in.

What is graded is what this kernel has executed, saved or not. The grading happens in another process, by the same
command that the terminal has, and nothing leaves the machine.
"""

from __future__ import annotations

import io
import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
from IPython.core.magic import Magics, line_magic, magics_class
from rich.console import Console, RenderableType

from autograder.grading.untested import names_in
from autograder.notebooks import assignment
from autograder.notebooks.assignment import COURSE, Assignment, Task
from autograder.report import CellReport, Report
from autograder.screens import progress, tables

if TYPE_CHECKING:
    from IPython.core.interactiveshell import InteractiveShell


class CannotCheck(Exception):
    """There is nothing that could be checked. The message says what to do."""


@magics_class
class CourseMagics(Magics):
    """The three magics, and how many hints on each function this kernel has given."""

    def __init__(self, shell: InteractiveShell) -> None:
        super().__init__(shell)
        self._given: dict[str, tuple[str, int]] = {}

    @line_magic
    def check(self, line: str) -> None:
        """%check NAME: the hidden tests' verdict on a function or an answer, as this kernel knows it now."""
        try:
            _show(tables.cell(self._verdict(line.strip())))
        except CannotCheck as error:
            print(error)

    @line_magic
    def hint(self, line: str) -> None:
        """%hint NAME: the next hint on a function or an answer, one step more each time."""
        try:
            cell = self._verdict(line.strip())
        except CannotCheck as error:
            print(error)
            return
        if cell.state == "passed":
            print(f"{line.strip()}: all tests passed. There is nothing to hint at.")
            return
        steps = hints(cell)
        before, given = self._given.get(cell.id, ("", 0))
        given = 0 if before != cell.message else min(given, len(steps) - 1)  # another mistake starts anew
        self._given[cell.id] = (cell.message, given + 1)
        print(f"Hint {given + 1} of {len(steps)}: {steps[given]}")

    @line_magic
    def progress(self, line: str) -> None:
        """%progress: all units and functions, and what the last check said of each."""
        units = [assignment.load(name) for name in assignment.names()]
        _show(tables.progress(units, progress.read(COURSE)))

    def _verdict(self, name: str) -> CellReport:
        unit, task = _task(name)
        report = _graded(notebook(self.shell.user_ns.get("In", []), unit), unit.name)
        cell = next((cell for cell in report.cells if cell.id == task.cell), None)
        if cell is None:
            raise CannotCheck(f"{name} could not be checked: {report.reason or 'the grader gave no verdict'}")
        progress.record(COURSE, unit.name, cell)
        return cell


def notebook(executed: list[str], unit: Assignment) -> dict[str, object]:
    """The cells that a kernel has executed, as a notebook of this unit. What defines a task's name is its answer."""
    names = {task.name for task in unit.tasks if task.kind != "manual"}
    cells = []
    for source in executed:
        defined = sorted(names & names_in(source))
        metadata = {"nbgrader": {"grade_id": defined[0]}} if defined else {}
        if source.strip() and "run_line_magic('check'" not in source and not source.lstrip().startswith("%"):
            cells.append({"cell_type": "code", "metadata": metadata, "source": source, "outputs": []})
    return {"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": cells}


def hints(cell: CellReport) -> tuple[str, ...]:
    """From a nudge to nearly everything: which promise is broken, what happens on an example, the next step."""
    failed = [test for test in cell.tests if not test.passed]
    kinds = {"value": "the values", "numerical": "extreme or unusual numbers", "contract": "what it refuses or changes"}
    steps = []
    if failed:
        first = failed[0].kind
        count = sum(test.kind == first for test in cell.tests)
        missed = sum(test.kind == first for test in failed)
        steps.append(f"Look at {kinds[first]}: {missed} of {count} tests of this kind fail.")
    steps.append(cell.message)
    if cell.hint:
        steps.append(cell.hint)
    steps.append("That was all there is to hint at. A solution is in the instructor's notebook, in the folder source.")
    return tuple(steps)


def _task(name: str) -> tuple[Assignment, Task]:
    if not name:
        raise CannotCheck("Say what to check, for example: %check rmse")
    known = []
    for unit in map(assignment.load, assignment.names()):
        for task in unit.tasks:
            if task.kind != "manual" and name in (task.name, task.cell):
                return unit, task
            known.append(task.name)
    raise CannotCheck(f"There is no function or answer named {name!r} in this course. There are: {', '.join(known)}.")


def _graded(document: dict[str, object], unit: str) -> Report:
    with tempfile.TemporaryDirectory(prefix="check-") as folder:
        path = Path(folder) / f"{unit}.ipynb"
        path.write_text(json.dumps(document), encoding="utf-8")
        command = [sys.executable, "-I", "-m", "autograder", "check", str(path), "--json", "--unit", unit]
        done = subprocess.run(command, capture_output=True, check=False)
    try:
        return msgspec.json.decode(done.stdout, type=Report)
    except msgspec.DecodeError as error:
        last = done.stderr.decode("utf-8", "replace").strip().splitlines()[-1:]
        raise CannotCheck(f"The grader could not be started: {''.join(last) or error}") from error


def _show(what: RenderableType) -> None:
    """As text of 80 columns: every front end and every screen reader can do that."""
    page = io.StringIO()
    Console(file=page, width=80, color_system=None, highlight=False, force_jupyter=False).print(what)
    print("\n".join(line.rstrip() for line in page.getvalue().splitlines()))
