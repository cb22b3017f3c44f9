"""A cell in words: which one it is, and why it did not run to its end."""

from __future__ import annotations

from autograder.notebooks.assignment import Cell
from autograder.session.dialogue import CellRun
from autograder.words import one_line


def place(cell: Cell) -> str:
    """Which cell, in words: by its name where it has one, else by how it begins."""
    if cell.id:
        return f"the cell `{cell.id}`"
    lines = [line.strip() for line in cell.source.splitlines() if line.strip()]
    return f"the cell that begins with `{one_line(lines[0], 60)}`" if lines else "an empty cell"


def what_stopped(run: CellRun) -> str:
    """Why a cell did not run to its end, in words."""
    if run.state == "timeout":
        return "does not finish in time"
    if run.state == "ended":
        return "ends Python or breaks it"
    if run.state == "not again":
        return "was not run, since it calls a function that does not finish or ends Python"
    if run.state == "left out" or run.raised is None:
        return "was not run, since the cells before it took all the time"
    words = f"stops with {run.raised.kind}"
    words += f": {run.raised.message}" if run.raised.message else ""
    return words + (f", in your line `{run.raised.line}`" if run.raised.line else "")
