"""Questions that could be asked about a call that was watched, and how good each is."""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from autograder.grading.questions import visible
from autograder.grading.questions.definition import Function, statements
from autograder.grading.questions.expression import thinks
from autograder.grading.questions.question import Kind
from autograder.grading.questions.watched import Watched
from autograder.wall.both.protocol import Stepped

_SHORT = 40
"""Characters of an answer that can be said aloud."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A question, where it points to, and how good it is."""

    kind: Kind
    of: Watched
    function: Function
    line: int
    asks: str
    answer: str
    worth: float


def candidates(one: Watched) -> Iterator[Candidate]:
    """All questions about values and paths that this call allows."""
    steps = [(step, one.definition.statement(step)) for step in one.traced.steps]
    given = _for(one)
    yield from _values(one, steps, given)
    yield from _paths(one, steps, given)


def _values(one: Watched, steps: list[tuple[Stepped, ast.stmt | None]], given: str) -> Iterator[Candidate]:
    runs: Counter[int] = Counter()
    total = Counter(statement.lineno for _, statement in steps if statement is not None)
    inputs = visible.inputs(one.example, one.definition)
    previous: ast.stmt | None = None
    for step, statement in steps:
        function = one.definition.function(step)
        if statement is None or function is None:
            previous = None
            continue
        if statement is not previous or len(range(statement.lineno, (statement.end_lineno or 0) + 1)) == 1:
            runs[statement.lineno] += 1
        previous = statement
        turn = runs[statement.lineno]
        if turn != min(2, total[statement.lineno]):
            continue
        when = "" if total[statement.lineno] == 1 else f" has run {'once' if turn == 1 else 'twice'}"
        which = f"line {statement.lineno}{when}"
        value = getattr(statement, "value", None)
        assigned = _assigned(statement)
        for name, text in step.after.items():
            if name in assigned and text not in ("None", ""):
                worth = 10.0 + 4 * (thinks(value) or isinstance(statement, ast.AugAssign)) + _fits(text)
                worth -= 6 * (f"= {text}" in inputs or (not thinks(value) and not isinstance(statement, ast.AugAssign)))
                asks = f"What is `{name}` after {which}{given}?"
                yield Candidate("value", one, function, statement.lineno, asks, f"`{text}`", worth)
        for expression, text in step.seen.items():
            if text != one.traced.returned:
                asks = f"What is `{expression}` in line {statement.lineno}{given}?"
                worth = 11.0 + _fits(text) - abs(len(expression) - 14) / 8 - 3 * text.lstrip("-").isdigit()
                if turn == 1:
                    yield Candidate("value", one, function, statement.lineno, asks, f"`{text}`", worth)


def _paths(one: Watched, steps: list[tuple[Stepped, ast.stmt | None]], given: str) -> Iterator[Candidate]:
    seen: set[int] = set()
    for place, (step, statement) in enumerate(steps):
        function = one.definition.function(step)
        if function is None or statement is None or statement.lineno in seen:
            continue
        if isinstance(statement, ast.If | ast.While | ast.Try | ast.Match):
            seen.add(statement.lineno)
            if isinstance(statement, ast.Try) or step.line != statement.lineno:
                continue
            later = [other for other, _ in steps[place + 1 :] if other.frame == step.frame]
            if not later or later[0].line == statement.lineno:
                continue
            asks = f"Which line runs next after line {statement.lineno}, `{one.definition.head(statement)}`{given}?"
            taken = later[0].line == statement.body[0].lineno if isinstance(statement, ast.If) else True
            worth = 12.0 + 3 * taken + 2 * bool(getattr(statement, "orelse", None))
            yield Candidate("path", one, function, statement.lineno, asks, _line(one, later[0].line), worth)
        if isinstance(statement, ast.For | ast.While) and not one.traced.cut:
            inner = next(iter(statement.body))
            times = sum(other is inner for _, other in steps)
            seen.add(statement.lineno)
            asks = f"How many times does line {inner.lineno} run{given}?"
            yield Candidate("path", one, function, inner.lineno, asks, _times(times), 8.0)
    if one.traced.raised is not None and steps:
        last, statement = steps[-1]
        function = one.definition.function(last)
        if statement is not None and function is not None and sum(1 for _ in statements(function)) > 1:
            asks = f"Which line raises the error{given}?"
            yield Candidate("path", one, function, function.lineno, asks, _line(one, last.line), 9.0)
    if one.traced.cut and one.traced.returned == "" and steps:
        yield from _endless(one, steps, given)


def _endless(one: Watched, steps: list[tuple[Stepped, ast.stmt | None]], given: str) -> Iterator[Candidate]:
    """The call does not end: which lines run again and again?"""
    function = one.definition.function(steps[-1][0])
    if function is None:
        return
    again = sorted({statement.lineno for _, statement in steps[len(steps) // 2 :] if statement is not None})
    numbers = ", ".join(map(str, again[:8]))
    asks = (
        f"The call does not end{given}. Which lines run again and again, and what would have to change for it to end?"
    )
    answer = f"Line{'s' if len(again) > 1 else ''} {numbers}. The last that was seen: {_left(steps)}"
    yield Candidate("path", one, function, again[0] if again else function.lineno, asks, answer, 20.0)


def _left(steps: list[tuple[Stepped, ast.stmt | None]]) -> str:
    left: dict[str, str] = {}
    for step, _ in steps:
        left |= step.after
    return ", ".join(f"`{name} = {text}`" for name, text in list(left.items())[:4]) + "." if left else "no change."


def _for(one: Watched) -> str:
    return f" for `{visible.inputs(one.example, one.definition)}`"


def _line(one: Watched, line: int) -> str:
    lines = one.definition.source.splitlines()
    return f"Line {line}: `{lines[line - 1].strip()[:100]}`" if line <= len(lines) else f"Line {line}."


def _times(count: int) -> str:
    return f"{count} {'time' if count == 1 else 'times'}."


def _fits(text: str) -> float:
    return -8.0 if len(text) > _SHORT else 2.0 if 2 <= len(text) <= 24 else 0.0


def _assigned(statement: ast.stmt) -> set[str]:
    targets = getattr(statement, "targets", None) or [getattr(statement, "target", None)]
    return {
        node.id for target in targets if target is not None for node in ast.walk(target) if isinstance(node, ast.Name)
    }
