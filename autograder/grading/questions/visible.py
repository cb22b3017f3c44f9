"""The calls that a student may see: the visible examples of the hidden suite, or else those of the visible test."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import Any

import numpy as np

from autograder import words
from autograder.grading import suite
from autograder.grading.example import Example
from autograder.grading.questions.definition import Definition
from autograder.grading.suite import BrokenSuite
from autograder.notebooks.assignment import Assignment, Task
from autograder.notebooks.syntax import syntax_tree

_LONGEST = 90
"""Characters of a call that somebody can hold in mind."""


def calls(assignment: Assignment, task: Task) -> tuple[Example, ...]:
    """The visible calls of a task that are short, in the suite's order."""
    found = list(_of_suite(assignment, task)) or list(_of_test(assignment, task))
    by_text = {example.text: example for example in found if len(example.text) <= _LONGEST and "…" not in example.text}
    return tuple(by_text.values())


def inputs(example: Example, definition: Definition) -> str:
    """The call's inputs by the names that the student gave them: `y = [1, 0]`; the call itself where that cannot be."""
    node = definition.node
    if example.steps or isinstance(node, ast.ClassDef) or "." in example.name:
        return example.text
    names = [one.arg for one in (*node.args.posonlyargs, *node.args.args)]
    if not example.args or len(names) < len(example.args):
        return example.text
    parts = list(zip(names, example.args, strict=False)) + list(example.kwargs.items())
    return ", ".join(f"{name} = {words.call('', (value,), {})[1:-1]}" for name, value in parts)


def _of_suite(assignment: Assignment, task: Task) -> Iterator[Example]:
    if assignment.unit is None:
        return
    try:
        tests = suite.tests(assignment.unit)
    except BrokenSuite:
        return
    for test in tests:
        if test.cell == task.cell and test.example is not None:
            yield test.example


def _of_test(assignment: Assignment, task: Task) -> Iterator[Example]:
    """Calls whose inputs are written out in the cell that carries the points. What is right nobody says there."""
    cell = next((cell for cell in assignment.cells if cell.id == task.cell), None)
    tree = syntax_tree(cell.source) if cell is not None else None
    for node in ast.walk(tree) if tree is not None else ():
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == task.name:
            try:
                args = tuple(map(_literal, node.args))
                kwargs = {one.arg: _literal(one.value) for one in node.keywords if one.arg is not None}
            except ValueError:
                continue
            if len(kwargs) == len(node.keywords):
                yield Example(task.name, args, kwargs, verdict="unjudged")


def _literal(node: ast.expr) -> Any:
    """The value of an input. Raises `ValueError` where it is not written out."""
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        if node.func.attr != "array" or len(node.args) != 1 or node.keywords:
            raise ValueError("an input that is computed")
        return np.array(_literal(node.args[0]))
    value = ast.literal_eval(node)
    if isinstance(value, bytes | set | complex) or value is ...:
        raise ValueError("an input that does not cross the wall")
    return value
