"""What a person sees in the terminal: readable in 80 columns, and with colours off."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from rich.box import SIMPLE_HEAD
from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from autograder.report import WORDS, CellReport, Report
from autograder.words import one_line

if TYPE_CHECKING:
    from autograder.demo.run import ClassResult, Row
    from autograder.notebooks.assignment import Assignment
    from autograder.screens.progress import Mark
    from autograder.wall.outside.doctor import Trial

_STYLES = {
    "passed": "green",
    "wrong": "red",
    "error": "red",
    "timeout": "red",
    "missing": "red",
    "grader-fault": "magenta",
    "manual": "cyan",
    "not-attempted": "yellow",
}


def points(score: float | None, most: float) -> str:
    """Points out of the most there are, without needless zeros."""
    return f"{'–' if score is None else f'{score:g}'}/{most:g}"


def report(result: Report) -> RenderableType:
    """The table of one submission's cells, and below it a sentence for each that lost points."""
    table = Table(box=SIMPLE_HEAD, pad_edge=False)
    table.add_column("cell", overflow="fold")
    table.add_column("state", no_wrap=True)
    table.add_column("points", justify="right", no_wrap=True)
    for cell in result.cells:
        name = cell.function or cell.id.removeprefix("test_")
        table.add_row(Text(name), Text(WORDS[cell.state], _STYLES[cell.state]), points(cell.score, cell.max_score))
    said = [_sentence(cell) for cell in result.cells if cell.state not in ("passed", "manual", "not-attempted")]
    waiting = [cell for cell in result.cells if cell.state == "not-attempted"]
    if waiting:
        said.append(Text(f"Not attempted yet: {len(waiting)} of {len(result.cells)} cells."))
    notes = [Text(f"Note: {note}") for note in result.notes]
    return Group(*([table] if result.cells else []), *said, *notes, _total(result))


def cell(result: CellReport) -> RenderableType:
    """The verdict on one cell, with its points."""
    name = result.function or result.id.removeprefix("test_")
    if result.state == "passed":
        return Text(f"{name}: passed, {points(result.score, result.max_score)} points. {result.message}")
    return Group(_sentence(result), Text(f"{points(result.score, result.max_score)} points"))


def progress(units: Iterable[Assignment], marks: Mapping[str, Mapping[str, Mark]]) -> RenderableType:
    """All units and their cells, with the last verdict on each."""
    table = Table(box=SIMPLE_HEAD, pad_edge=False)
    for name in ("unit", "function or answer", "state"):
        table.add_column(name, no_wrap=name == "state")
    table.add_column("points", justify="right", no_wrap=True)
    earned = most = 0.0
    for unit in units:
        for task in unit.tasks:
            mark = marks.get(unit.name, {}).get(task.cell)
            if task.kind != "manual":
                table.add_row(
                    unit.name,
                    task.name,
                    WORDS[mark.state] if mark else "not checked yet",
                    points(mark.score if mark else None, task.points),
                )
                earned, most = earned + (mark.score if mark else 0.0), most + task.points
    return Group(table, Text(f"{points(earned, most)} points in all."))


def trial(tried: Trial) -> RenderableType:
    """What one way to build the sandbox promises, and whether it kept it."""
    from autograder.wall.outside.doctor import PROPERTIES  # which starts processes, and nothing else here does

    proc = "one for many submissions" if tried.warm else "with /proc" if tried.way.proc else "without /proc"
    title = Text(f"{tried.way.binary.name} ({tried.way.origin}), {proc}, {tried.seconds:.2f} s", "bold")
    if tried.trouble:
        return Group(title, Padding(Text(f"did not start: {tried.trouble}"), (0, 0, 1, 2)))
    rows = Table.grid(padding=(0, 2))
    for name, promise in PROPERTIES.items():
        held = name not in tried.through
        rows.add_row(Text("holds" if held else "BROKEN", "green" if held else "bold red"), Text(promise))
    return Group(title, Padding(rows, (0, 0, 1, 2)))


def class_table(result: ClassResult) -> RenderableType:
    """One assignment's class: who handed in what, the points, and what was found."""
    count = len(result.rows) + result.more
    title = f"{result.assignment.name}: {count} submissions in {result.seconds:.0f} s"
    table = Table(title=title, title_justify="left", box=SIMPLE_HEAD, pad_edge=False, width=80)
    table.add_column("student", no_wrap=True)
    table.add_column("handed in", ratio=1)
    table.add_column("points", justify="right", no_wrap=True)
    table.add_column("found", ratio=1)
    for row in result.rows:
        table.add_row(row.hand_in.student, Text(row.hand_in.story), points(row.score, row.max_score), Text(_found(row)))
    if result.more:
        table.add_row(f"and {result.more} more", Text("most with one of three mistakes; see the report"), "", "")
    return table


def _found(row: Row) -> str:
    """What the class table says of a submission: misconceptions by name, else states, else that all passed."""
    counts = Counter(state for _, state in row.states)
    if counts.get("ungraded"):
        return "could not be graded: flagged for a person"
    words = [", ".join(f"{number} {state}" for state, number in counts.items()) or "all passed"]
    return "; ".join([*words, *row.misconceptions])


def lines(console: Console, texts: Iterable[str]) -> None:
    for text in texts:
        console.print(plain(text))


def plain(text: str, style: str = "") -> Text:
    """Words that may be a student's, such as a folder's name. They do not command the terminal."""
    return Text(one_line(text, 500), style)


def _sentence(cell: CellReport) -> RenderableType:
    name = cell.function or cell.id.removeprefix("test_")
    parts: list[RenderableType] = [Text(f"{name}: {WORDS[cell.state]}", f"bold {_STYLES[cell.state]}")]
    parts.append(Padding(Text(cell.message), (0, 0, 0, 2)))
    if cell.hint:
        parts.append(Padding(Text(f"Hint: {cell.hint}"), (0, 0, 0, 2)))
    return Group(*parts, Text())


def _total(result: Report) -> RenderableType:
    if result.status == "ungraded":
        return Text(f"Not graded: {result.reason}", "bold magenta")
    manual = sum(cell.max_score for cell in result.cells if cell.state == "manual")
    more = f" A person grades {manual:g} more." if manual else ""
    return Text(f"{result.assignment}: {points(result.score, result.max_score)} points.{more}", "bold")
