"""Whether the parts of an assignment fit: its cells, their points, and the classes of its hidden suite."""

from __future__ import annotations

import ast
import re
from pathlib import Path

from autograder.grading import suite
from autograder.grading.preflight.refusal import Refused
from autograder.grading.suite import BrokenSuite
from autograder.notebooks import rubric, units
from autograder.notebooks.assignment import Assignment, Cell, Task
from autograder.notebooks.submission import Unreadable, parse
from autograder.notebooks.syntax import syntax_tree
from autograder.notebooks.units import BrokenUnit, Unit

_HIDDEN = re.compile(r"^\s*#+\s*BEGIN HIDDEN TESTS", re.MULTILINE)


def hold_cells(assignment: Assignment, solution: bytes | None) -> None:
    """Each points cell belongs to one solution cell that can be graded, and nobody expects nbgrader's own tests."""
    solutions = {cell.id: cell for cell in assignment.cells if cell.nbgrader.get("solution")}
    for task in assignment.tasks:
        if task.kind == "manual":
            continue
        if task.cell != f"test_{task.name}" or not task.name.isidentifier():
            raise Refused(
                f"The points of the cell `{task.cell}` in {assignment.name} could not be graded: give it the id "
                "test_NAME, and the cell of its solution the id NAME, NAME being the function, class or variable."
            )
        if task.name not in solutions:
            raise Refused(
                f"The cell `{task.cell}` in {assignment.name} carries points, but there is no solution cell with the "
                f"id `{task.name}`. Rename one of the two, so that it is NAME and test_NAME."
            )
        _hold_stub(task)
    asked = {task.name for task in assignment.tasks}
    for name in solutions:
        if name not in asked:
            raise Refused(
                f"The solution cell `{name}` in {assignment.name} has no cell that carries its points, so what is "
                f"written there would count for nothing. Add a cell with the id `test_{name}`, be it for 0 points, "
                f"or make `{name}` an ordinary cell."
            )
    for cell in _cells_of(solution):
        if _HIDDEN.search(cell.source):
            raise Refused(
                f"The cell `{cell.id}` in source/{assignment.name} has hidden tests of nbgrader's, which are never run "
                f"here. Move them to the hidden suite, {place(assignment)}, and delete the markers."
            )


def _hold_stub(task: Task) -> None:
    """What the stub defines is what will be asked for."""
    tree = syntax_tree(task.stub)
    defined = {node.name: node for node in tree.body if isinstance(node, _DEFINITIONS)} if tree else {}
    if task.kind == "answer" and defined:
        raise Refused(
            f"The cell `{task.name}` defines `{next(iter(defined))}`, but `{task.cell}` grades `{task.name}`. Give the "
            "cells the ids NAME and test_NAME, NAME being the name of the function or class."
        )


_DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)


def hold_suite(assignment: Assignment, course: Path) -> None:
    """Each class grades a cell, and each cell is graded by a class."""
    automatic = [task for task in assignment.tasks if task.kind != "manual"]
    if assignment.unit is None:
        if not automatic:
            return
        own = f"{units.folder(course).name}/{assignment.name}/suite.py"
        raise Refused(
            f"There is no hidden suite for {assignment.name}, so nothing here can grade it. Write {own}, or let "
            f"nbgrader itself grade it: nbgrader autograde {assignment.name}"
        )
    try:
        tests = suite.tests(assignment.unit)
    except (BrokenSuite, BrokenUnit) as error:
        raise Refused(f"{assignment.name} cannot be graded: {error}.") from error
    graded = {test.cell for test in tests}
    for task in automatic:
        if task.cell not in graded:
            raise Refused(
                f"The cell `{task.cell}` in {assignment.name} carries points, but no hidden test grades it. Write a "
                f"class Test_{task.name} in {place(assignment)}."
            )
    for cell in sorted(graded - {task.cell for task in automatic}):
        raise Refused(
            f"The class Test{cell.removeprefix('test')} in {place(assignment)} grades a cell `{cell}`, and "
            f"{assignment.name} has none that carries points. Correct the name, or delete the class."
        )
    questions = {task.cell: task.name for task in automatic if task.kind == "answer"}
    _hold_run(assignment, assignment.unit)
    for test in tests:
        if test.kind != "contract" and test.example is not None and test.example.raises:
            raise Refused(
                f"`{test.name}` of Test{test.cell.removeprefix('test')} asks for a value, but the reference raises "
                f"ValueError for its visible example, {test.example.text}. Correct the kit.example in "
                f"{place(assignment)}, or make it a kit.contract."
            )
        if test.cell in questions and test.example is not None:
            raise Refused(
                f"`{test.name}` of Test_{questions[test.cell]} has a visible example, but `{questions[test.cell]}` is "
                f"a question: there is no call to show. Delete its kit.example in {place(assignment)}."
            )


def _hold_run(assignment: Assignment, unit: Unit) -> None:
    """What is marked as a test is run: pytest passes over one that is called otherwise."""
    for owner, value in vars(unit.suite).items():
        for name, function in vars(value).items() if isinstance(value, type) and owner.startswith("Test") else ():
            if hasattr(function, "pytestmark") and not name.startswith("test"):
                raise Refused(
                    f"`{name}` of {owner} in {place(assignment)} is never run: a test is called test_ and something, "
                    f"such as test_{name.removeprefix('_')}."
                )


def hold_rubric(assignment: Assignment) -> None:
    """What a person is to look for is about a written answer, and adds up to its points."""
    try:
        found = rubric.rubric(assignment.unit)
    except BrokenUnit as error:
        raise Refused(f"{assignment.name} cannot be graded: {error}") from error
    written = {task.name: task.points for task in assignment.tasks if task.kind == "manual"}
    for cell, criteria in found.items():
        where = f"[{cell}] in {assignment.unit.place if assignment.unit else assignment.name}/{rubric.FILE}"
        if cell not in written:
            known = ", ".join(f"`{name}`" for name in written) or "none"
            raise Refused(f"{where} is about no written answer of {assignment.name} (there: {known}).")
        if abs(sum(one.points for one in criteria) - written[cell]) > 1e-9:
            whole = sum(one.points for one in criteria)
            raise Refused(f"{where} adds up to {whole:g} points, and the cell `{cell}` carries {written[cell]:g}.")


def _cells_of(solution: bytes | None) -> tuple[Cell, ...]:
    if solution is None:
        return ()
    try:
        return parse(solution)[0]
    except Unreadable as error:
        raise Refused(f"The solution cannot be read: {error}") from error


def place(assignment: Assignment) -> str:
    return f"{assignment.unit.place}/suite.py" if assignment.unit is not None else "its suite.py"
