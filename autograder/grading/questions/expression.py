"""Expressions in a student's code that can be looked at without changing anything."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from autograder.grading.questions.definition import Definition, statements

_MOST_LINE, _LONGEST = 6, 50
_PLAIN = (
    ast.Name,
    ast.Constant,
    ast.BinOp,
    ast.UnaryOp,
    ast.Compare,
    ast.BoolOp,
    ast.IfExp,
    ast.Subscript,
    ast.Slice,
    ast.Tuple,
    ast.List,
    ast.Attribute,
    ast.Call,
    ast.keyword,
    ast.operator,
    ast.unaryop,
    ast.cmpop,
    ast.boolop,
    ast.expr_context,
)
_WORTH = (ast.BinOp, ast.UnaryOp, ast.Compare, ast.BoolOp, ast.Call, ast.Subscript)
_MODULES = {"np", "numpy", "math"}
_FUNCTIONS = {"abs", "len", "sum", "min", "max", "float", "int", "bool", "round", "sorted"}
_METHODS = {"mean", "sum", "min", "max", "std", "var", "any", "all", "prod", "item"}
CONVERSIONS = {"asarray", "array", "asanyarray", "atleast_1d", "astype", "float", "int", "list", "tuple", "copy", "len"}
"""What asks for no thought: the same numbers, in another box."""


def watched(definition: Definition) -> dict[str, list[str]]:
    """By function and line, as `TraceCall` has it, the expressions worth a question."""
    found: dict[str, list[str]] = {}
    for (_, first), function in definition.functions.items():
        for statement in statements(function):
            texts = [text for text in map(definition.segment, _inside(statement)) if 4 < len(text) <= _LONGEST]
            if texts:
                found[f"{first}:{statement.lineno}"] = list(dict.fromkeys(texts))[:_MOST_LINE]
    return found


def thinks(node: ast.AST | None) -> bool:
    """Whether something is computed, and not only put into another box or given another name."""
    if isinstance(node, ast.Call):
        return name_of(node) not in CONVERSIONS or any(map(thinks, node.args))
    return any(thinks(one) for one in node.elts) if isinstance(node, ast.Tuple) else isinstance(node, _WORTH)


def name_of(call: ast.Call) -> str:
    """The last part of what is called."""
    if isinstance(call.func, ast.Attribute):
        return call.func.attr
    return call.func.id if isinstance(call.func, ast.Name) else ""


def _inside(statement: ast.stmt) -> Iterator[ast.expr]:
    root = getattr(statement, "test", None) or getattr(statement, "value", None)
    if not isinstance(root, ast.expr):
        return
    for node in ast.walk(root):
        whole = node is root and isinstance(statement, ast.Assign | ast.AnnAssign | ast.AugAssign)
        is_number = isinstance(node, ast.UnaryOp) and isinstance(node.operand, ast.Constant)
        if not whole and not is_number and isinstance(node, _WORTH) and thinks(node) and _is_pure(node):
            yield node


def _is_pure(node: ast.AST) -> bool:
    return all(isinstance(one, _PLAIN) and (not isinstance(one, ast.Call) or _is_safe(one)) for one in ast.walk(node))


def _is_safe(call: ast.Call) -> bool:
    function = call.func
    if isinstance(function, ast.Name):
        return function.id in _FUNCTIONS
    if not isinstance(function, ast.Attribute):
        return False
    of_module = isinstance(function.value, ast.Name) and function.value.id in _MODULES
    return of_module or function.attr in _METHODS
