"""Three questions to a student about their own code: what holds a value, which line runs, what a line is there for."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace

from autograder.grading.questions import visible
from autograder.grading.questions.candidate import Candidate, candidates
from autograder.grading.questions.question import Interview, Kind, Line, Question
from autograder.grading.questions.variant import Variant, variants
from autograder.grading.questions.watched import Watch, Watched, outcome
from autograder.notebooks.assignment import Assignment, Cell
from autograder.notebooks.submission import Submission
from autograder.session.dialogue import Ended
from autograder.session.session import Session
from autograder.wall.both.protocol import Traced
from autograder.wall.outside.policy import Limits
from autograder.wall.outside.process import Broken, Lane

_LIMITS = Limits(cell_seconds=5.0, call_seconds=2.0, function_seconds=6.0)
_MOST, _MOST_VARIANTS, _MOST_TASKS, _MOST_LINES = 3, 12, 3, 60
_KINDS: tuple[Kind, ...] = ("value", "path", "change")
_UNSAID = {"SyntaxError", "IndentationError", "NameError", "UnboundLocalError"}


def interview(assignment: Assignment, submission: Submission, lane: Lane) -> Interview:
    """Run the submission beyond the wall, watch its visible calls, and choose three questions.

    The same submission has the same questions. What cannot be asked is said in a sentence, and never raised."""
    # The visible tests call everything once more, and define nothing.
    cells = tuple(replace(cell, runs=cell.runs and not _is_test(cell)) for cell in submission.cells)
    session = Session(lane, replace(submission, cells=cells), assignment.files, _LIMITS)
    watch = Watch(assignment, submission, session)
    try:
        with session:
            found = [one for one in watch.all() if one.traced.steps]
            could = [candidate for one in found for candidate in candidates(one)]
            could += _changes(watch, found)
    except (Ended, Broken) as error:
        return Interview(not_asked=(f"Nothing could be asked: {error}.",))
    chosen = _chosen(could)
    few = [] if len(chosen) == _MOST or not found else [_few(len(chosen))]
    return Interview(questions=tuple(map(_question, chosen)), not_asked=(*watch.not_asked, *few))


def _is_test(cell: Cell) -> bool:
    return bool(cell.locked and cell.nbgrader.get("grade"))


def _few(count: int) -> str:
    found = {0: "No question", 1: "Only one question", 2: "Only two questions"}[count]
    return f"{found} could be made from the visible calls: too little happens in them."


def _chosen(could: Sequence[Candidate]) -> list[Candidate]:
    """The best of each kind, then the best of the rest. Not all are about one function, and none about one line."""
    chosen: list[Candidate] = []

    def best(some: Sequence[Candidate]) -> None:
        asked = Counter(one.of.task.name for one in chosen)
        lines = {(one.of.task.name, one.line) for one in chosen}
        free = [one for one in some if (one.of.task.name, one.line) not in lines or one.kind == "change"]
        free = [one for one in free if one not in chosen]
        if free and len(chosen) < _MOST:
            chosen.append(max(free, key=lambda one: _worth(one) - 4 * asked[one.of.task.name]))

    for kind in _KINDS:
        best([one for one in could if one.kind == kind])
    while len(chosen) < _MOST:
        before = len(chosen)
        best(could)
        if len(chosen) == before:
            break
    return chosen


def _worth(one: Candidate) -> float:
    """A call that goes wrong shows where, above all where a value is due. A long one is hard to keep in mind."""
    fails = one.of.fails * (2 + 4 * (not one.of.example.raises))
    return one.worth + fails - len(one.of.example.text) / 20 - 8 * ("np." in one.of.example.text)


def _changes(watch: Watch, found: Sequence[Watched]) -> Iterator[Candidate]:
    """What would come back without a line, or without a part of one, where that is something else."""
    names = list(dict.fromkeys(one.task.name for one in sorted(found, key=lambda one: not one.fails)))
    for name in names[:_MOST_TASKS]:
        calls = [one for one in found if one.task.name == name and not one.traced.cut]
        for one in [call for call in calls if not call.example.raises][:1] + [c for c in calls if c.example.raises][:1]:
            ran = {step.line for step in one.traced.steps}
            own = [variant for variant in variants(one.definition) if variant.line in ran]
            for number, variant in enumerate(own[:_MOST_VARIANTS]):
                traced = watch.without(one, variant.source, number)
                if traced is None:
                    break
                candidate = _change(one, variant, traced)
                if candidate is not None:
                    yield candidate
            watch.without(one, one.definition.source, -1)  # as it was, for what else calls it


def _change(one: Watched, variant: Variant, traced: Traced) -> Candidate | None:
    before, now = outcome(one.traced), outcome(traced)
    step = next((step for step in one.traced.steps if step.line == variant.line), None)
    function = one.definition.function(step) if step is not None else None
    if before == now or function is None or not (traced.returned or traced.raised):
        return None
    kind = traced.raised.kind if traced.raised is not None else ""
    if kind in _UNSAID or len(now) > 80 or (kind and one.traced.raised is not None):
        return None  # an error that says all, or another error in the place of one, asks for no thought
    worth = 14.0 - 6.0 * bool(kind) - 8.0 * (traced.returned == "None")
    worth -= bool(variant.instead) * (4.0 + len(variant.instead) / 20)
    worth += 3.0 * (one.traced.raised is not None and one.example.raises)
    given = f" for `{visible.inputs(one.example, one.definition)}`"
    gone = f"line {variant.line}" if variant.last == variant.line else f"lines {variant.line} to {variant.last}"
    how = f"if line {variant.line} were `{variant.instead}`" if variant.instead else f"without {gone}"
    asks = f"What would come back {how}{given}?"
    return Candidate("change", one, function, variant.line, asks, f"{now}, and not {before}.", worth)


def _question(one: Candidate) -> Question:
    first, last = one.function.lineno, one.function.end_lineno or one.function.lineno
    if last - first >= _MOST_LINES:
        first = max(first, one.line - _MOST_LINES // 2)
        last = min(last, first + _MOST_LINES - 1)
    lines = one.of.definition.source.splitlines()
    return Question(
        kind=one.kind,
        task=one.of.task.name,
        call=one.of.example.text,
        first=first,
        code="\n".join(lines[first - 1 : last]),
        line=one.line,
        asks=one.asks,
        answer=one.answer,
        comes_to=_comes_to(one.of),
        lines=tuple(_lines(one.of, lines)),
    )


def _comes_to(one: Watched) -> str:
    said = f"`{one.example.text}` gives {outcome(one.traced)}"
    if not one.fails:
        return f"{said}."
    right = "a ValueError" if one.example.raises else f"`{one.example.right()}`"
    return f"{said}, and {right} would be right: ask which line is the first to do something else than it should."


def _lines(one: Watched, source: Sequence[str]) -> Iterator[Line]:
    for step in one.traced.steps[:_MOST_LINES]:
        if one.definition.function(step) is not None and step.line <= len(source):
            left = ", ".join(f"{name} = {text}" for name, text in step.after.items())
            yield Line(number=step.line, code=source[step.line - 1].strip()[:100], left=left)
