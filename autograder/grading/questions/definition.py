"""Where a student has written what a task asks for: the cell, the functions in it, and their lines."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from autograder.notebooks.assignment import Task
from autograder.notebooks.submission import Submission
from autograder.notebooks.syntax import syntax_tree
from autograder.session.dialogue import CellRun
from autograder.wall.both.protocol import Stepped

Function = ast.FunctionDef | ast.AsyncFunctionDef
_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)


@dataclass(frozen=True, slots=True)
class Definition:
    """The cell that defines a task's function or class."""

    source: str
    node: Function | ast.ClassDef
    functions: Mapping[tuple[str, int], Function]
    """All functions of the cell, by name and first line, as a running one is known."""

    def function(self, step: Stepped) -> Function | None:
        """The function that a line belongs to, as far as that is in this cell and it can be one of its lines."""
        found = self.functions.get((step.function, step.first))
        inside = found is not None and found.lineno <= step.line <= (found.end_lineno or 0)
        return found if inside else None

    def statement(self, step: Stepped) -> ast.stmt | None:
        """The statement that a line is, None where it is part of several."""
        function = self.function(step)
        if function is None:
            return None
        found = [one for one in statements(function) if one.lineno <= step.line <= head_end(one)]
        return found[0] if len(found) == 1 else None

    def segment(self, node: ast.AST) -> str:
        """What the student typed, on one line."""
        return " ".join((ast.get_source_segment(self.source, node) or ast.unparse(node)).split())

    def head(self, statement: ast.stmt) -> str:
        """The statement as it is typed, of one with a block what stands before the block."""
        match statement:
            case ast.If() | ast.While():
                return f"{type(statement).__name__.lower()} {self.segment(statement.test)}:"
            case ast.Match():
                return f"match {self.segment(statement.subject)}:"
        return self.segment(statement)


def find(submission: Submission, runs: Mapping[int, CellRun], task: Task) -> Definition | None:
    """The last definition of the task's name in a cell that has run."""
    for place in reversed(submission.attempts.get(task.name, ())):
        source = submission.cells[place].source
        tree = syntax_tree(source) if place in runs and runs[place].state == "ran" else None
        if tree is None:
            continue
        for node in reversed(tree.body):
            if isinstance(node, (*_FUNCTIONS, ast.ClassDef)) and node.name == task.name:
                functions = {(one.name, _first(one)): one for one in ast.walk(tree) if isinstance(one, _FUNCTIONS)}
                return Definition(source, node, functions)
    return None


def statements(function: Function) -> Iterator[ast.stmt]:
    """All statements of a function that run, in order, without those of functions inside of it."""
    for statement in function.body:
        yield from _with_inner(statement)


def _with_inner(statement: ast.stmt) -> Iterator[ast.stmt]:
    is_remark = isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)
    if is_remark or isinstance(statement, ast.Global | ast.Nonlocal):
        return
    yield statement
    if not isinstance(statement, (*_FUNCTIONS, ast.ClassDef)):
        for block in _blocks(statement):
            for inner in block:
                yield from _with_inner(inner)


def _blocks(statement: ast.stmt) -> list[list[ast.stmt]]:
    blocks = [getattr(statement, name, None) for name in ("body", "orelse", "finalbody")]
    blocks += [handler.body for handler in getattr(statement, "handlers", ())]
    return [block for block in blocks if block]


def head_end(statement: ast.stmt) -> int:
    """The last line of a statement, of one with a block the last before it."""
    blocks = _blocks(statement)
    if not blocks or isinstance(statement, (*_FUNCTIONS, ast.ClassDef)):
        return (statement.end_lineno or statement.lineno) if not blocks else statement.lineno
    return max(statement.lineno, blocks[0][0].lineno - 1)


def _first(function: Function) -> int:
    return min([function.lineno, *(one.lineno for one in function.decorator_list)])
