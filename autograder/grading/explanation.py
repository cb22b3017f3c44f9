"""One useful sentence for each verdict: what was called, what came back, what would be right, and a next step."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np

from autograder import kit, words
from autograder.grading import steps
from autograder.grading.cells import place, what_stopped
from autograder.grading.example import Example, Verdict
from autograder.grading.hidden import Outcome
from autograder.grading.opening import Opened
from autograder.grading.untested import out_of_time
from autograder.notebooks.assignment import Task
from autograder.report import State

_STATES: dict[str, State] = {
    "wrong": "wrong",
    "error": "error",
    "timeout": "timeout",
    "ended": "error",
    "missing": "missing",
}


_ELSEWHERE: dict[Verdict, str] = {
    "wrong": "goes wrong with other inputs of this kind",
    "error": "raises an error with other inputs of this kind",
    "timeout": "does not return in time with other inputs of this kind",
    "ended": "ends Python with other inputs of this kind",
}
"""What there is to say where the visible call alone goes well."""


def explain(
    task: Task,
    outcomes: tuple[Outcome, ...],
    opened: Opened,
    *,
    unasked: bool = False,
) -> tuple[State, str, str | None]:
    """State, message and hint of a task whose tests have run, or were not all asked, for want of time."""
    failed = first_failed(outcomes)
    if failed is None:
        return "passed", "All tests passed.", None
    if failed.cause is not None:
        other = failed.cause.cell.removeprefix("test_")
        words = f"{task.name} was not judged, because it depends on `{other}`, which is not right yet."
        return "wrong", words, f"Make `{other}` right first."
    if failed.verdict == "timeout" and unasked:
        notice = out_of_time(task)
        return notice.state, notice.message, notice.hint
    if task.kind == "answer":
        return _answer(task, failed, opened)
    example = failed.example if failed.example is not None else _shown_elsewhere(outcomes)
    # What is said is about the visible call where that fails as well, and so is the state.
    verdict = example.verdict if example is not None and example.verdict != "passed" else failed.verdict
    state = _STATES[verdict]
    if failed.kind == "contract" and verdict == "error":
        state = "wrong"  # it raised where it should not, or something else than it should: the function itself runs
    message = f"{failed.sentence} {_evidence(task, example, failed)}".strip()
    step = _next_step(task, verdict, example, opened)
    raised = example.raised if verdict == "error" and example is not None else None
    return state, message, step or (failed.hint if steps.is_about_values(raised) else None)


def first_failed(outcomes: Iterable[Outcome]) -> Outcome | None:
    """The first test that failed; one that was not judged only where nothing else did."""
    failed = [outcome for outcome in outcomes if outcome.verdict != "passed"]
    return next((outcome for outcome in failed if outcome.cause is None), failed[0] if failed else None)


def not_judged(outcome: Outcome) -> str:
    """Why a test says nothing, in words."""
    cause = outcome.cause
    if cause is None:
        return ""
    where = "" if cause.cell == outcome.cell else f" of {cause.cell.removeprefix('test_')}"
    return f"not judged, because {cause.name}{where} did not pass"


def _answer(task: Task, failed: Outcome, opened: Opened) -> tuple[State, str, str | None]:
    held = opened.answers[task.name]
    if held.failed is not None:
        return "missing", failed.sentence, failed.hint
    value = held.value
    given = f"You answered {'with the text ' if isinstance(value, str) else ''}{words.shown(value, 60)}"
    if failed.asked:  # whether something of another kind is right nobody can say, and so it is not called wrong
        return "wrong", f"{given}, and {failed.asked} is asked for.", failed.detail
    return "wrong", f"{failed.sentence} {given}.", failed.detail or _meaning(failed, value) or failed.hint


def _meaning(failed: Outcome, value: Any) -> str | None:
    """What somebody who gives this answer probably has in mind, where the suite knows."""
    for wrong, meaning in failed.meanings.items():
        if isinstance(wrong, str):
            if isinstance(value, str) and kit.bare(value) == kit.bare(wrong):
                return meaning
        elif kit.same(value, wrong, rtol=2e-3, atol=1e-3):
            return meaning
    return None


def _shown_elsewhere(outcomes: tuple[Outcome, ...]) -> Example | None:
    """Another test's visible example that the function fails as well."""
    return next((o.example for o in outcomes if o.example is not None and o.example.verdict != "passed"), None)


def _evidence(task: Task, example: Example | None, failed: Outcome) -> str:
    """What a visible call gave. Nothing here comes from a hidden input."""
    if example is None:
        return _without_example(task, failed)
    call = f"`{example.text}`"
    want = "it should raise a ValueError" if example.raises else f"{example.right()} would be right"
    match example.verdict:
        case "passed" if failed.after and failed.verdict == "wrong":
            return f"In calls such as {call}, with arrays or with lists, an argument is changed."
        case "passed":
            here = "raised a ValueError, as it should" if example.raises else "returned the right value"
            return f"{call} {here}; your {task.kind} {_ELSEWHERE.get(failed.verdict, _ELSEWHERE['wrong'])}."
        case "timeout":
            return f"{call} does not return in time; {want}."
        case "ended":
            return f"{call} ends Python; {want}."
        case "missing":
            return ""
        case "error" if example.raised is not None:
            raised = example.raised
            line = f", in your line `{raised.line}`" if raised.line else ""
            message = f": {raised.message}" if raised.message else ""
            return f"{call} raised {raised.kind}{message}{line}; {want}."
        case _:
            if example.returned is None:
                return ""
            remark = ", as a function without `return` does" if example.returned.kind == "nothing" else ""
            if (taken := example.returned.steps) is not None:
                part, step = example.text_to(taken), example.steps[taken].text
                return f"`{part}` returned {example.returned.text}{remark}; an object with `{step}` would be right."
            return f"{call} returned {example.returned.text}{remark}; {want}{_shape_of_right(example)}."


def _shape_of_right(example: Example) -> str:
    """Of what shape the right value is, where the returned one has another."""
    if example.returned is None or not example.returned.other_shape:
        return ""
    shape = np.shape(example.expected)
    return ", as one number" if shape == () else f", as an array of shape {shape}"


def _without_example(task: Task, failed: Outcome) -> str:
    match failed.verdict:
        case "error":
            return f"Your {task.kind} raised an error."
        case "timeout":
            return f"Your {task.kind} did not return in time."
        case "ended":
            return f"Your {task.kind} ended Python."
        case _:
            return ""


def _next_step(task: Task, verdict: Verdict, example: Example | None, opened: Opened) -> str | None:
    """A next step that is not about the formula: other parameters, or a helper that is not there."""
    if verdict == "timeout":
        return steps.SLOW
    if verdict == "ended":
        return steps.after_error("SystemExit")
    if verdict == "wrong" and example is not None and example.verdict == "wrong" and example.returned is not None:
        return steps.after_return(example, example.returned)
    raised = example.raised if verdict == "error" and example is not None else None
    if raised is not None and raised.kind == "NameError":
        for index, cell, run in opened.failed():
            if cell.id != task.name and any(f"'{name}'" in raised.message for name in opened.submission.names[index]):
                return words.sentence(f"{place(cell)} {what_stopped(run)}; what it defines is missing here.")
    if raised is not None and (step := steps.after_error(raised.kind)):
        return step
    if verdict == "error" and (raised is None or (raised.kind == "TypeError" and "argument" in raised.message)):
        return _other_parameters(task, opened)
    return None


def _other_parameters(task: Task, opened: Opened) -> str | None:
    """That the function takes other parameters, where that can be why the call raised. Names matter to parameters with
    a default only; those of the others are the student's own business."""
    theirs = opened.described[task.name].parameters
    if theirs is None or theirs == task.parameters:
        return None
    named = any(name not in theirs and f"{name}=" in task.stub for name in task.parameters)
    if len(theirs) == len(task.parameters) and not named:
        return None
    takes = f"({', '.join(theirs)})" if theirs else "no parameters"
    return f"Your {task.kind} takes {takes}; it is called with ({', '.join(task.parameters)})."
