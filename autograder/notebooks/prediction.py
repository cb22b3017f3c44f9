"""What a lesson asks its readers to predict, and what they said, read out of cells without running them.

A lesson records a prediction with `predict("NAME", answer="b", probability=0.7)`, and says what is right where it opens
what there was to see, `reveal("NAME", "c", …)`, or where it scores them: `score_predictions({"NAME": "c"}, …)`, or a
variable that the same cell gives its value.
"""

from __future__ import annotations

import ast
import functools
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from autograder.notebooks.syntax import syntax_tree

_ASKS, _OPENS, _SCORES = "predict", "reveal", "score_predictions"
_USUAL = 500
"""Characters of a cell that somebody else may have written alike."""

_PARAMETERS = {_ASKS: ("id", "answer", "probability"), _OPENS: ("id", "right")}


@dataclass(frozen=True, slots=True)
class Question:
    """One prediction that a lesson asks for."""

    name: str
    right: str


@dataclass(frozen=True, slots=True)
class Guess:
    """What somebody predicted, and how sure they were."""

    name: str
    answer: str
    probability: float


def questions(sources: Iterable[str]) -> tuple[Question, ...]:
    """Those of a lesson that it scores, in its order."""
    asked: dict[str, None] = {}
    right: dict[str, str] = {}
    for source in sources:
        asked |= dict.fromkeys(names(source))
        if f"{_OPENS}(" in source and (tree := syntax_tree(source)) is not None:
            opened = _written_out(tree, _OPENS)
            right |= {name: answer for name, answer in opened if isinstance(name, str) and isinstance(answer, str)}
        if f"{_SCORES}(" in source and (tree := syntax_tree(source)) is not None:
            right |= {name: answer for node in ast.walk(tree) for name, answer in _texts(node)}
    return tuple(Question(name, right[name].strip().lower()) for name in asked if name in right)


def names(source: str) -> tuple[str, ...]:
    """The predictions that a cell asks for, or that a reader made in it."""
    return tuple(name for name, *_ in _calls(source))


def guesses(sources: Iterable[str], wanted: frozenset[str]) -> dict[str, Guess]:
    """What a reader's cells say of these, the last of each. What is not written out in the call is not known."""
    found = {}
    for source in sources:
        for name, answer, probability in _calls(source):
            if name not in wanted or not isinstance(answer, str):
                continue
            if isinstance(probability, int | float) and 0 <= probability <= 1:
                found[name] = Guess(name, answer.strip().lower(), float(probability))
    return found


def _calls(source: str) -> tuple[tuple[str, object, object], ...]:
    """The name, answer and probability of each prediction in a cell, as far as they are written out."""
    if f"{_ASKS}(" not in source:
        return ()
    return _usual(source) if len(source) <= _USUAL else tuple(_found(source))


def _found(source: str) -> Iterator[tuple[str, object, object]]:
    tree = syntax_tree(source)
    if tree is None:
        return
    for name, answer, probability in _written_out(tree, _ASKS):
        if isinstance(name, str):
            yield name, answer, probability


def _written_out(tree: ast.Module, function: str) -> Iterator[tuple[object, ...]]:
    """The parameters of each call of a function that is a statement of its own, as far as they are written out."""
    parameters = _PARAMETERS[function]
    for node in tree.body:
        call = node.value if isinstance(node, ast.Expr) else None
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id == function:
            given = dict(zip(parameters, call.args, strict=False))
            given |= {word.arg: word.value for word in call.keywords if word.arg in parameters}
            yield tuple(_constant(given.get(parameter)) for parameter in parameters)


@functools.lru_cache(maxsize=5_000)
def _usual(source: str) -> tuple[tuple[str, object, object], ...]:
    """Remembered: a class has few different cells of this kind."""
    return tuple(_found(source))


def _constant(node: ast.expr | None) -> object:
    """What is written out: a text or a number, also a quotient of numbers such as 1/3."""
    if isinstance(node, ast.Constant):
        return node.value
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Div):
        one, other = _constant(node.left), _constant(node.right)
        if isinstance(one, int | float) and isinstance(other, int | float) and other:
            return one / other
    return None


def _texts(node: ast.AST) -> Iterator[tuple[str, str]]:
    if isinstance(node, ast.Dict):
        for key, value in zip(node.keys, node.values, strict=True):
            one, other = _constant(key), _constant(value)
            if isinstance(one, str) and isinstance(other, str):
                yield one, other
