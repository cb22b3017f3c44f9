"""A student's function with one line, or one part of a line, taken away."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass

from autograder.grading.questions.definition import Definition, statements
from autograder.grading.questions.expression import name_of
from autograder.notebooks.syntax import syntax_tree

_LONGEST = 110
_KEPT = {"range", "len", "enumerate", "zip", "ValueError", "isinstance", "print"}
"""Calls that nobody would leave out."""


@dataclass(frozen=True, slots=True)
class Variant:
    """The cell without something."""

    line: int
    """Of the statement that is changed or gone."""
    last: int
    """Its last line, where it has a block."""
    source: str
    instead: str = ""
    """What the line is then; empty where it is gone."""


def variants(definition: Definition) -> Iterator[Variant]:
    """All that are worth trying, lines before parts."""
    for function in definition.functions.values():
        for statement in statements(function):
            if isinstance(statement, ast.Pass | ast.Import | ast.ImportFrom):
                continue
            without = _cut(definition.source, statement, "pass")
            yield Variant(statement.lineno, statement.end_lineno or statement.lineno, without)
    for function in definition.functions.values():
        for statement in statements(function):
            if not isinstance(statement, ast.Assign | ast.AugAssign | ast.AnnAssign | ast.Return):
                continue
            for node, kept in _parts(statement):
                source = _cut(definition.source, node, f"({definition.segment(kept)})")
                instead = _at(source, statement.lineno)
                if instead and len(instead) <= _LONGEST:
                    yield Variant(statement.lineno, statement.lineno, source, instead)


def _parts(statement: ast.stmt) -> Iterator[tuple[ast.expr, ast.expr]]:
    """Expressions, and what of each is left."""
    several = isinstance(statement, ast.Assign) and isinstance(statement.targets[0], ast.Tuple)
    for node in ast.walk(statement):
        if several and node is getattr(statement, "value", None):
            continue
        if isinstance(node, ast.UnaryOp) and not isinstance(node.operand, ast.Constant):
            yield node, node.operand
        elif isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add | ast.Sub):
            yield node, node.left
        elif isinstance(node, ast.Call) and name_of(node) not in _KEPT and node.args:
            yield from () if isinstance(node.args[0], ast.Starred) else [(node, node.args[0])]


def _at(source: str, line: int) -> str:
    tree = syntax_tree(source)
    for node in ast.walk(tree) if tree is not None else ():
        if isinstance(node, ast.stmt) and node.lineno == line:
            return " ".join(ast.unparse(node).split())
    return ""


def _cut(source: str, node: ast.stmt | ast.expr, instead: str) -> str:
    """The source with something in the place of a node, and as many lines as before."""
    lines = source.encode().split(b"\n")
    first, last = node.lineno - 1, (node.end_lineno or node.lineno) - 1
    before, behind = lines[first][: node.col_offset], lines[last][node.end_col_offset :]
    lines[first : last + 1] = [before + instead.encode() + behind, *[b""] * (last - first)]
    return b"\n".join(lines).decode()
