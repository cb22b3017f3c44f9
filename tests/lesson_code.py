"""The functions of the course's lessons, so that what a lesson says can be tried with its own code."""

from __future__ import annotations

import ast
import contextlib
import functools
import sys
from pathlib import Path
from types import SimpleNamespace

from autograder.notebooks import build

ROOT = Path(__file__).parents[1]


@functools.cache
def lesson(unit: str) -> SimpleNamespace:
    """The functions and imports of a unit's code cells, solutions included, and nothing that its cells computed."""
    beside = [str(ROOT / "course"), str(ROOT / "course" / "data")]
    sys.path[:0] = beside
    names: dict[str, object] = {}
    try:
        for cell in build.notebook(ROOT / "course" / unit / f"{unit}.md").cells:
            body = ast.parse(cell.source).body if cell.cell_type == "code" else []
            kept = [node for node in body if isinstance(node, ast.FunctionDef | ast.ImportFrom | ast.Import)]
            for node in kept:
                with contextlib.suppress(NameError):  # a default that a cell computed
                    exec(compile(ast.Module([node], []), unit, "exec"), names)  # noqa: S102 - the lesson, our own
    finally:
        sys.path[:] = [path for path in sys.path if path not in beside]
    return SimpleNamespace(**{name: value for name, value in names.items() if not name.startswith("__")})
