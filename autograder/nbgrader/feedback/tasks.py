"""What became of each task: by its name, in words, with a sign, and what to do next."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal

from markupsafe import Markup
from nbformat import NotebookNode

from autograder.nbgrader.feedback import cells
from autograder.nbgrader.feedback.gradebook import Judged, Points
from autograder.nbgrader.row import NO_RESPONSE

Group = Literal["next", "open", "waiting", "right"]

_STATES = {
    "passed": ("✓", "Passed"),
    "wrong": ("✗", "Wrong"),
    "error": ("!", "Raised an error"),
    "timeout": ("↻", "Timed out"),
    "not-attempted": ("○", "Not attempted"),
    "missing": ("?", "Missing"),
    "full": ("✓", "Full points"),
    "part": ("◐", "Part of the points"),
    "none": ("✗", "No points"),
    "changed": ("✎", ""),
    "unread": ("…", ""),
    "ungraded": ("…", ""),
}
"""By the state: a sign that can be told without colour, and words where what is said of the points has none."""

_KINDS = {"value": "values", "numerical": "numerical care", "contract": "promises"}


@dataclass(frozen=True, slots=True)
class Task:
    """One task, as the page has it."""

    cell: str
    """The cell that carries the points."""
    anchor: str
    """The cell to go to: where the answer is written."""
    name: str
    written: bool
    state: str
    said: str
    """The points, and by whom they were given."""
    group: Group
    got: float = 0.0
    most: float = 0.0
    sentence: Markup = cells.NOTHING
    hint: Markup = cells.NOTHING
    right: str = ""
    """What was right of it, where not all was."""
    comment: Markup = cells.NOTHING
    criteria: tuple[tuple[str, str], ...] = ()
    """Points and words: what a full written answer has, once somebody has read this one."""

    @property
    def sign(self) -> str:
        return _STATES[self.state][0]

    @property
    def status(self) -> str:
        """State and points in words."""
        word = _STATES[self.state][1]
        return f"{word}: {self.said}" if word else self.said[:1].upper() + self.said[1:]


def tasks(notebook: NotebookNode, judged: Judged, *, trusted: bool) -> Iterator[Task]:
    """The tasks in the notebook's order. `trusted` says whether our grader wrote the notebook's verdicts, and no
    submission."""
    names = {cell.metadata.nbgrader.get("grade_id") for cell in notebook.cells if "nbgrader" in cell.metadata}
    rubric = _rubric(notebook) if trusted else {}
    for cell in notebook.cells:
        settings = cell.metadata.get("nbgrader", {})
        if not (settings.get("grade") or settings.get("task")):
            continue
        id = settings["grade_id"]
        points = judged.points.get(id)
        if points is not None:
            written = bool(settings.get("solution") or settings.get("task"))
            name = id if written else id.removeprefix("test_")
            comment = judged.comments.get(id if written or name not in names else name, "")
            made = _task(id, name, written, points, comment, verdict(cell) if trusted else {})
            read = written and not points.waits and made.state != "not-attempted"
            yield replace(made, anchor=name if name in names else id, criteria=rubric.get(id, ()) if read else ())


def _rubric(notebook: NotebookNode) -> dict[str, tuple[tuple[str, str], ...]]:
    """By cell what a full answer has, as our grader wrote it into the notebook."""
    found = {}
    for cell in notebook.cells:
        ours = cell.metadata.get("autograder", {})
        if "rubric" in ours:
            found[ours["rubric"]] = tuple((number(one["points"]), str(one["says"])) for one in ours["criteria"])
    return found


def verdict(cell: NotebookNode) -> Mapping[str, Any]:
    """What our grader wrote at a graded cell, for programs: the first of its outputs."""
    first = next(iter(cell.get("outputs", [])), None)
    found = first.get("metadata", {}).get("autograder", {}) if first is not None else {}
    return found if isinstance(found, dict) and "state" in found else {}


def _task(id: str, name: str, written: bool, points: Points, comment: str, found: Mapping[str, Any]) -> Task:
    state = _state(written, points, comment, found)
    # Where a person decided otherwise than "all tests passed", that sentence would contradict them.
    shown = not points.waits and not (state == "changed" and found.get("state") == "passed")
    return Task(
        cell=id,
        anchor=id,
        name=name,
        written=written,
        state=state,
        said=said(points, written=written),
        group=_group(points, state),
        got=points.got,
        most=points.most,
        sentence=cells.sentence(found.get("message") or "") if shown else cells.NOTHING,
        hint=cells.sentence(found.get("hint") or "") if shown else cells.NOTHING,
        right=_right(found.get("tests") or {}) if shown and state != "passed" else "",
        comment=cells.text(comment) if comment and comment != NO_RESPONSE else cells.NOTHING,
    )


def _group(points: Points, state: str) -> Group:
    if points.waits:
        return "waiting"
    if points.got >= points.most:
        return "right"
    return "open" if state == "not-attempted" else "next"


def _state(written: bool, points: Points, comment: str, found: Mapping[str, Any]) -> str:
    if points.waits:
        return "unread" if written else "ungraded"
    if written and points.manual is None and comment == NO_RESPONSE:
        return "not-attempted"
    if not written and points.manual is not None and points.manual != points.automatic:
        return "changed"
    by_grader = found.get("state", "")
    if by_grader in _STATES and by_grader != "ungraded":
        return str(by_grader)
    return "full" if points.got >= points.most else "part" if points.got else "none"


def said(points: Points, *, written: bool) -> str:
    """The points, who gave them, or that nobody has."""
    if points.waits:
        return "not read yet — a person will" if written else "not graded yet"
    extra = f", and {number(points.extra)} extra" if points.extra else ""
    own = points.automatic if points.manual is None else points.manual
    plain = f"{number(own)} of {number(points.most)} points"
    if points.manual is None or written or points.manual == points.automatic:
        return plain + extra
    automatic = "" if points.automatic is None else f" (automatic: {number(points.automatic)})"
    return f"Your instructor set {number(points.manual)} of {number(points.most)}{automatic}{extra}"


def _right(tests: Mapping[str, Any]) -> str:
    """How many tests of each kind passed, where some did."""
    kept = [(name, *tests[kind]) for kind, name in _KINDS.items() if kind in tests]
    if not any(passed for _, passed, _ in kept) or sum(most for *_, most in kept) < 2:
        return ""
    return ", ".join(f"{name} {passed} of {most}" for name, passed, most in kept)


def number(points: float | None) -> str:
    return f"{round(float(points or 0), 2):g}"
