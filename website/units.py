"""The units as pages and as notebooks: the text that students get, with the figures that the lessons draw."""

from __future__ import annotations

import copy
import json
import re
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import nbformat
from nbclient import NotebookClient

Notebook = dict[str, Any]

_FRAMES = f"""
import sys
sys.path.append({str(Path(__file__).resolve().parent.parent)!r})
import lesson
from website import frames
lesson.move = frames.move
"""
"""What is moved in a notebook is drawn for all its values in a page."""

_WAITS = re.compile(r"^\w+: (nothing recorded yet|closed until you guess)")
"""What a cell says to somebody who sits at the notebook, and has not guessed yet. In a page nobody can."""

_KERNEL = {"name": "python", "display_name": "Python (Pyodide)", "language": "python"}

FIRST = """\
# Run this cell first. It brings the checks into your browser, which takes a moment.
import piplite

await piplite.install(["loss-metrics-course", "self-study"])
%load_ext autograder"""

HELP = """\
This lesson runs in your browser. Nothing that you write leaves it, and it is kept here until you clear the browser's
data. Write `%check NAME` in a cell to have a function or an answer checked, `%hint NAME` for a hint, and `%progress`
for all that you have done. These checks are for you alone: points from a browser never count."""


def names(course: Path) -> tuple[str, ...]:
    return tuple(sorted(path.parent.name for path in course.glob("release/*/*.ipynb")))


def title(course: Path, name: str) -> str:
    """The heading that the lesson begins with."""
    text = "".join(_read(course / "release" / name / f"{name}.ipynb")["cells"][0]["source"])
    return text.splitlines()[0].lstrip("# ")


def pages(course: Path, names: tuple[str, ...], scratch: Path) -> dict[str, Notebook]:
    """By unit, the student version with the outputs of the instructor's, which is run here."""
    with ThreadPoolExecutor(2) as pool:
        return dict(zip(names, pool.map(lambda name: _page(course, name, scratch), names), strict=True))


def lesson(course: Path, name: str) -> Notebook:
    """The notebook that opens in the browser."""
    made = _read(course / "release" / name / f"{name}.ipynb")
    made["metadata"]["kernelspec"] = _KERNEL
    made["cells"][:0] = [_cell("markdown", HELP, "in-the-browser"), _cell("code", FIRST, "checks")]
    return made


def exercise() -> Notebook:
    """The one on the front page."""
    stub = (
        "import numpy as np\n\n\ndef rmse(y, y_hat):\n"
        '    """The root of the mean of the squared errors of two equally long, non-empty rows of finite numbers."""\n'
        "    # YOUR CODE HERE\n    raise NotImplementedError()"
    )
    cells = [
        _cell(
            "markdown",
            "Run the first cell, write the function, and run the last cell. Shift and Enter runs a cell.",
            "how",
        ),
        _cell("code", FIRST, "checks"),
        _cell("code", stub, "rmse"),
        _cell("code", "%check rmse", "check"),
    ]
    metadata = {"kernelspec": _KERNEL, "language_info": {"name": "python"}}
    return {"nbformat": 4, "nbformat_minor": 5, "metadata": metadata, "cells": cells}


def _page(course: Path, name: str, scratch: Path) -> Notebook:
    given = _read(course / "release" / name / f"{name}.ipynb")
    ran = _ran(course / "source" / name, scratch / name)
    assert len(ran["cells"]) == len(given["cells"]), name
    for ours, theirs in zip(ran["cells"], given["cells"], strict=True):
        if theirs["cell_type"] == "code":
            shown = [] if _is_answer(theirs) else copy.deepcopy(ours["outputs"])
            theirs["outputs"] = [output for output in shown if not _WAITS.search("".join(output.get("text", "")))]
            theirs["execution_count"] = None
            if theirs["metadata"].get("jupyter", {}).get("source_hidden"):  # as in the notebook: it says what is right
                theirs["metadata"]["tags"] = [*theirs["metadata"].get("tags", []), "hide-input"]
    runs, file = f"../lite/notebooks/index.html?path={name}/{name}.ipynb", f"../notebooks/{name}.zip"
    head = (
        f'<p class="doors"><a class="door" href="{runs}">Open in the browser</a> '
        f'<a class="door" href="{file}" download>Download the notebook</a></p>'
    )
    first, rest = "".join(given["cells"][0]["source"]).split("\n", 1)
    given["cells"][0]["source"] = f"{first}\n\n{head}\n{rest}"
    return given


def _is_answer(cell: dict[str, Any]) -> bool:
    return bool(cell["metadata"].get("nbgrader", {}).get("solution"))


def _ran(folder: Path, scratch: Path) -> Notebook:
    """The instructor's notebook after a run from top to bottom."""
    scratch.mkdir(parents=True)
    for path in folder.iterdir():
        if path.is_file() and path.suffix != ".ipynb" and path.name != "predictions.json":
            (scratch / path.name).write_bytes(path.read_bytes())
    document = nbformat.read(folder / f"{folder.name}.ipynb", as_version=4)
    document.cells.insert(0, nbformat.v4.new_code_cell(_FRAMES))
    resources = {"metadata": {"path": str(scratch)}}
    NotebookClient(document, timeout=300, kernel_name="python3", allow_errors=True, resources=resources).execute()
    del document.cells[0]
    ran: Notebook = json.loads(nbformat.writes(document))
    return ran


def _cell(kind: str, source: str, name: str) -> dict[str, Any]:
    cell: dict[str, Any] = {"cell_type": kind, "id": name, "metadata": {}, "source": source}
    return cell | ({"outputs": [], "execution_count": None} if kind == "code" else {})


def _read(path: Path) -> Notebook:
    found: Notebook = json.loads(path.read_text(encoding="utf-8"))
    return found
