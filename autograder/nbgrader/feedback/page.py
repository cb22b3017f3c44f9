"""The page that goes back to a student: on top what to do next, then the notebook with the lesson folded."""

from __future__ import annotations

import functools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from jinja2 import Template
from markupsafe import Markup
from nbformat import NotebookNode

from autograder.nbgrader import html
from autograder.nbgrader.feedback import cells
from autograder.nbgrader.feedback.gradebook import Judged
from autograder.nbgrader.feedback.tasks import Task, number, tasks

TEMPLATES = Path(__file__).parents[1] / "templates" / "feedback"

GROUPS = (
    ("next", "What to do next"),
    ("open", "What you have not tried yet"),
    ("waiting", "What waits for a person"),
    ("right", "What is right"),
)


@dataclass(frozen=True, slots=True)
class Part:
    """One cell of the notebook, as the page has it."""

    shown: Markup
    outputs: tuple[Markup, ...] = ()
    label: str = ""
    name: str = ""
    """The task's, where this cell belongs to one."""
    anchor: str = ""
    task: Task | None = None
    """The one whose points this cell carries."""
    comment: Markup = cells.NOTHING
    """Where no task shows it."""


@dataclass(slots=True)
class Fold:
    """Cells of the lesson that follow each other."""

    title: str = ""
    parts: list[Part] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Run:
    """What our grader says of the whole submission."""

    reason: str = ""
    seed: int | None = None
    version: str = ""
    notes: tuple[str, ...] = ()

    @classmethod
    def of(cls, notebook: NotebookNode, *, trusted: bool) -> Run:
        found = notebook.metadata.get("autograder", {}).get("run", {}) if trusted else {}
        version = found.get("version") or ""
        return cls(found.get("reason") or "", found.get("seed"), version, tuple(found.get("notes", ())))


def page(notebook: NotebookNode, judged: Judged, *, assignment: str, name: str, trusted: bool) -> str:
    """The whole page as HTML. `name` is the notebook's; `trusted` says that our grader wrote it."""
    found = list(tasks(notebook, judged, trusted=trusted))
    run = Run.of(notebook, trusted=trusted)
    template, style, policy = _template()
    return template.render(
        style=Markup(style),
        policy=policy,
        assignment=assignment,
        name=name,
        title=title_of(notebook),
        judged=judged,
        tasks=found,
        said=said_of(judged),
        bar=bar_of(judged),
        lateness=lateness_of(judged),
        reason=cells.sentence(run.reason) if judged.waiting else "",
        notes=[cells.sentence(note) for note in run.notes],
        seed=run.seed,
        version=run.version,
        request=_request(judged, found, run, assignment, name),
        parts=list(_parts(notebook, found, judged, trusted=trusted)),
        groups=GROUPS,
    )


@functools.cache
def _template() -> tuple[Template, str, str]:
    """The template, its style, and the policy."""
    made = html.environment(TEMPLATES)
    made.filters["number"] = number
    style = (TEMPLATES / "feedback.css").read_text(encoding="utf-8")
    return made.get_template("feedback.html.j2"), style, html.policy(style, pictures=True)


def title_of(notebook: NotebookNode) -> str:
    """The lesson's own, where it has one."""
    first = next((cell for cell in notebook.cells if cell.metadata.get("autograder", {}).get("lesson")), None)
    return cells.first_heading(first.source) if first is not None and first.cell_type == "markdown" else ""


def said_of(judged: Judged) -> str:
    if judged.waiting and judged.waiting == len(judged.points):
        return "not graded yet"
    points = f"{number(judged.got)} of {number(judged.most)} points"
    if not judged.waiting:
        return points
    answers = "one answer waits" if judged.waiting == 1 else f"{judged.waiting} answers wait"
    return f"{points} so far; {answers} for a person"


def bar_of(judged: Judged) -> Mapping[str, float] | None:
    """How much of the bar is earned, and how much waits for a person, in hundredths."""
    if not judged.most:
        return None
    waits = sum(points.most for points in judged.points.values() if points.waits)
    got = min(max(judged.got, 0.0), judged.most)
    return {"got": round(100 * got / judged.most, 2), "waits": round(100 * waits / judged.most, 2)}


def lateness_of(judged: Judged) -> str:
    if judged.handed_in is None:
        return ""
    when = f"Handed in on {date_of(judged.handed_in)}"
    cost = f"{number(judged.penalty)} points less"
    if judged.due is None:
        return f"{when}: {cost}." if judged.penalty else f"{when}."
    if not judged.late:
        return f"{when}, in time: it was due on {date_of(judged.due)}."
    return f"{when}, {duration_of(judged.late)} late: {cost if judged.penalty else 'this costs no points'}."


def date_of(moment: datetime) -> str:
    return f"{moment.day} {moment:%B %Y, %H:%M} UTC"  # nbgrader keeps all times so


def duration_of(late: timedelta) -> str:
    minutes = max(round(late.total_seconds() / 60), 1)
    days, hours, minutes = minutes // 1440, minutes // 60 % 24, minutes % 60
    parts = [f"{count} {unit}{'' if count == 1 else 's'}" for count, unit in
             ((days, "day"), (hours, "hour"), (minutes if not days else 0, "minute")) if count]  # fmt: skip
    return " and ".join(parts)


def _request(judged: Judged, found: list[Task], run: Run, assignment: str, name: str) -> str:
    """A letter that a student can copy, fill in and send: what was measured, and how anybody can measure it again."""
    lines = [f"Regrade request: {assignment}, {judged.student}"]
    lines += [lateness_of(judged)] if judged.handed_in else []
    lines += ["", "The task that I mean (delete the others):"]
    for task in found:
        if task.group in ("next", "open"):
            lines += [f"- {task.name}: {task.status}", *(f"  {said}" for said in _measured(task))]
    lines += ["", "The call, what my function returns, and what I think is right:", "", ""]
    if run.seed is not None:
        file = name if name == assignment else f"{assignment}, {name}"
        lines += [
            "How it was measured:",
            f"unit {file}; seed {run.seed}" + (f"; grader and hidden tests {run.version}" if run.version else ""),
            "To repeat the run that graded me:",
            f"autograder check submitted/{judged.student}/{assignment}/{name}.ipynb --seed {run.seed}",
        ]
    return "\n".join(lines)


def _measured(task: Task) -> Iterator[str]:
    """What the grader saw of a task, as text. The hint is a question to the student, and no measurement."""
    if task.sentence:
        yield f"Measured: {task.sentence.striptags()}"
    if task.right:
        yield f"Tests passed: {task.right}."


def _parts(notebook: NotebookNode, found: list[Task], judged: Judged, *, trusted: bool) -> Iterator[Part | Fold]:
    """The notebook's cells in their order, the lesson's in folds."""
    by_cell = {task.cell: task for task in found}
    by_name = {task.name: task for task in found}
    fold = Fold()
    for cell in notebook.cells:
        ours = cell.metadata.get("autograder", {}) if trusted else {}
        if ours.get("notes") or ours.get("rubric"):
            continue  # they stand on top
        settings = cell.metadata.get("nbgrader", {})
        id = settings.get("grade_id", "")
        if _is_lesson(settings, ours, trusted=trusted):
            fold.title = fold.title or (cells.first_heading(cell.source) if cell.cell_type == "markdown" else "")
            shown = cells.NOTHING if _is_collapsed(cell) else _source(cell)
            fold.parts.append(Part(shown, tuple(cells.outputs(cell.get("outputs", [])))))
            continue
        if fold.parts:
            yield fold
            fold = Fold()
        task = by_name.get(id) if settings.get("solution") else by_cell.get(id)
        yield _own(cell, settings, task, judged.comments.get(id, ""), trusted=trusted)
    if fold.parts:
        yield fold


def _is_lesson(settings: Mapping[str, Any], ours: Mapping[str, Any], *, trusted: bool) -> bool:
    if settings.get("grade") or settings.get("task") or settings.get("solution"):
        return False
    return bool(ours.get("lesson") if trusted else settings.get("locked"))


def _is_collapsed(cell: NotebookNode) -> bool:
    """Whether the lesson keeps the source out of sight, as a notebook program does: it draws, or holds an answer."""
    return bool(cell.metadata.get("jupyter", {}).get("source_hidden"))


def _own(cell: NotebookNode, settings: Mapping[str, Any], task: Task | None, comment: str, *, trusted: bool) -> Part:
    """A cell of the student's, or one that is graded."""
    is_graded = bool(settings.get("grade") or settings.get("task"))
    found = cell.get("outputs", [])
    if task is not None and task.cell == settings.get("grade_id") and trusted:
        found = [one for one in found if "autograder" not in one.get("metadata", {})]  # the page says it in its own way
    if task is not None and task.state == "not-attempted":
        found = [one for one in found if one.get("output_type") != "error"]  # that of the stub, which says nothing
    if task is None:
        own = "Your text" if cell.cell_type == "markdown" else "Your cell"
        label = "Your answer" if settings.get("solution") else own
    else:
        label = "Your answer" if task.written or not is_graded else "Test"
    return Part(
        shown=_source(cell),
        outputs=tuple(cells.outputs(found)),
        label=label,
        name=task.name if task is not None else settings.get("grade_id", ""),
        anchor=settings.get("grade_id", ""),
        task=task if is_graded else None,
        comment=cells.text(comment) if comment and task is None else cells.NOTHING,
    )


def _source(cell: NotebookNode) -> Markup:
    if cell.cell_type == "markdown":
        return cells.text(cell.source, cell.get("attachments"))
    return cells.code(cell.source)
