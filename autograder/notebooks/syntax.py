"""A cell's Python, read without running it: whether anything was written, and what it gives a name to."""

from __future__ import annotations

import ast
import functools
import re
import warnings
from collections.abc import Iterable
from typing import Any

MAX_PARSED = 100_000
"""Characters of a cell that are worth parsing: no answer is longer, and a parser is not a wall."""

_MOST_PARSED = 500_000
"""The same of all cells together: nobody writes that much, and a file may hold a hundred times as much."""

_MOST_COMMENTS = 2_000
"""Characters by which a cell that says nothing may be longer than its stub."""

_MOST_KNOWN = 4_000
"""Characters of a cell whose names are remembered: no student fills the grader's memory with cells."""

_COMMAND = re.compile(r"^([^\S\n]*)(?:\w+[^\S\n]*=[^\S\n]*)?[%!].*$", re.MULTILINE)
"""A line that is for IPython and not for Python: `%matplotlib inline`, `!ls`, `files = !ls`."""


def names_in(source: str) -> frozenset[str]:
    """The functions, classes and variables that a cell gives a name to."""
    return _known_names(source) if len(source) <= _MOST_KNOWN else _names_in(source)


@functools.lru_cache(maxsize=1_000)
def _known_names(source: str) -> frozenset[str]:
    """Most cells of a lesson are in every submission as they were given out."""
    return _names_in(source)


def _names_in(source: str) -> frozenset[str]:
    tree = syntax_tree(source)
    if tree is None:
        return frozenset()
    names: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            names.add(node.name)
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            names.add(node.id)
        elif isinstance(node, ast.alias):
            names.add(node.asname or node.name)
    return frozenset(names)


def names_in_all(sources: Iterable[str]) -> tuple[frozenset[str], ...]:
    """The same for each of a notebook's cells, as far as all together are worth parsing."""
    room = _MOST_PARSED
    found = []
    for source in sources:
        read = len(source) <= min(room, MAX_PARSED)
        room -= len(source) if read else 0
        found.append(names_in(source) if read else frozenset())
    return tuple(found)


def is_untouched(source: str, stub: str) -> bool:
    """Whether a solution cell still says nothing: the stub itself, also with comments or other spacing, or functions
    whose body is only `pass`, `...` or the NotImplementedError."""
    if source.strip() == stub.strip() or not source.strip():
        return True
    if len(source) > len(stub) + _MOST_COMMENTS:
        return False
    theirs, ours = syntax_tree(source), syntax_tree(stub)
    if theirs is None:
        return False
    try:
        if any(map(_is_bare_answer, theirs.body)):
            return False
        written = [node for node in _said(theirs.body) if not _is_empty(node)]
        return not written or (ours is not None and _is_same(theirs.body, ours.body))
    except RecursionError:
        return False


def syntax_tree(source: str) -> ast.Module | None:
    """A cell's code as a tree, IPython's commands left out; None where it is no Python, or too long to be an answer."""
    if len(source) > MAX_PARSED:
        return None
    for text in (source, _COMMAND.sub(r"\1pass", source)):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # they would print a student's text on the grader's own terminal
            try:
                return ast.parse(text)
            except (SyntaxError, ValueError, RecursionError, MemoryError):
                continue
    return None


def only_uses(source: str) -> bool:
    """Whether a cell defines nothing that others may need."""
    tree = syntax_tree(source)
    makes = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Import, ast.ImportFrom)
    return tree is not None and not any(isinstance(statement, makes) for statement in tree.body)


def _is_same(one: object, other: object) -> bool:
    """Whether two parts of syntax trees say the same, but for docstrings and placeholders."""
    if isinstance(one, list) and isinstance(other, list):
        one, other = _said(one), _said(other)
        return len(one) == len(other) and all(map(_is_same, one, other))
    if isinstance(one, ast.AST):
        return type(one) is type(other) and all(
            _is_same(getattr(one, field, None), getattr(other, field, None)) for field in one._fields
        )
    return type(one) is type(other) and one == other


def _said(parts: list[Any]) -> list[Any]:
    return [part for part in parts if not _is_placeholder(part)]


def _is_placeholder(node: object) -> bool:
    if isinstance(node, ast.Raise):
        return "NotImplementedError" in ast.dump(node)
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
        return isinstance(node.value.value, str) or node.value.value is ...
    return isinstance(node, ast.Pass)


def _is_empty(node: object) -> bool:
    return isinstance(node, ast.FunctionDef) and not _said(node.body)


def _is_bare_answer(node: object) -> bool:
    """Whether a statement is one word in quotes: no comment, but an answer that was given no name."""
    if not (isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)):
        return False
    return isinstance(node.value.value, str) and len(node.value.value.split()) == 1
