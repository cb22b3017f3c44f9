"""One student's function, with everything taken out that may tell whose it is: so that it can be shown to others."""

from __future__ import annotations

import ast
import builtins
import math
from collections.abc import Iterable, Set

import numpy as np

from autograder.classes.report.count import EXAMPLES, GroupKey, Held, tells
from autograder.classes.report.gather import Gathered, sources
from autograder.nbgrader.roll import Person
from autograder.notebooks.syntax import syntax_tree
from autograder.words import visible

_KNOWN = frozenset((*dir(builtins), *dir(math), *dir(np), *dir(np.ndarray), "np", "numpy", "math"))
_MOST_LINES, _MOST_WIDTH = 24, 110
_PROSE = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)


def code_of(found: Gathered, key: GroupKey, held: Held) -> str | None:
    """The shortest of a few, so that the order of the students does not say whose it is."""
    if key.signature is None:
        return None
    people = found.roll.people if found.roll is not None else {}
    shown = []
    for student in held.holders[:EXAMPLES]:
        text = excerpt(sources(found.folder.autograded.page(student)), key.task, found.count.lesson.names)
        if text and found.count.anonymous(text) and not tells(text, people.get(student) or Person(student)):
            shown.append(text)
    return min(shown, key=lambda text: (len(text), text), default=None)


def excerpt(cells: Iterable[str], name: str, given: Set[str]) -> str:
    """The last definition of `name`, as Python would write it: without comments, docstrings and texts. Names stay only
    where numpy, Python or the lesson (`given`) has them; every other one gets a number. Empty where there is none."""
    found = ""
    for source in cells:
        if name not in source or (tree := syntax_tree(source)) is None:
            continue
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef) and node.name == name:
                try:
                    _strip(node, {name, *given} | _KNOWN)
                    found = ast.unparse(node)
                except (RecursionError, ValueError):
                    continue
    return _bounded(visible(found))


def _strip(function: ast.FunctionDef, known: Set[str]) -> None:
    numbers: dict[str, str] = {}

    def other(name: str) -> str:
        return ".".join(
            part if part in known or not part else numbers.setdefault(part, f"name{len(numbers) + 1}")
            for part in name.split(".")
        )

    for node in ast.walk(function):
        if isinstance(node, _PROSE) and ast.get_docstring(node, clean=False) is not None:
            node.body = node.body[1:] or [ast.Pass()]
        if isinstance(node, ast.Constant):
            if isinstance(node.value, str | bytes):
                node.value, node.kind = "…", None
            continue
        for field, value in ast.iter_fields(node):
            if field == "type_comment":
                node.type_comment = None  # type: ignore[attr-defined]
            elif isinstance(value, str):
                setattr(node, field, other(value))
            elif isinstance(value, list) and all(isinstance(one, str) for one in value):
                setattr(node, field, [other(one) for one in value])


def _bounded(text: str) -> str:
    lines = text.splitlines()
    shown = [line if len(line) <= _MOST_WIDTH else f"{line[:_MOST_WIDTH]}…" for line in lines[:_MOST_LINES]]
    return "\n".join([*shown, "…"] if len(lines) > _MOST_LINES else shown)
