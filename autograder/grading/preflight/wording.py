"""What an author writes for students to read: there, short, and without anything that would answer for them.

That is a line of the solution, a number that a hidden test sends, or the right answer to a question.
"""

from __future__ import annotations

import ast
import inspect
import re
import textwrap
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import numpy as np

from autograder.grading import suite
from autograder.grading.local import Local
from autograder.notebooks.assignment import Task
from autograder.notebooks.units import Unit
from autograder.report import Kind
from autograder.session.kept import Kept

_SENTENCE, _BELIEF, _HINT = 110, 120, 200
"""The most characters of each: they are read in a table's cell."""

_SHORTEST = 10
"""Characters that a line of the solution has at least for words to give it away."""

_TELLING = 3
"""Significant digits of a number, or numbers of a list, at least. Fewer stand in a sentence and in a test by chance."""

_LARGEST = 5000
"""Entries of an argument that are looked at."""

_NUMBER = re.compile(r"(?<![\w.])-?\d+(?:\.\d+)?(?:e[+-]?\d+)?(?!\w)")
_LIST = re.compile(r"\[[^\[\]]*\]")
_TOKEN = re.compile(r"[^\s,;:!?()\[\]`'\"“”]+")


@dataclass(frozen=True, slots=True)
class Words:
    """One sentence, hint, belief or meaning, and what it is about."""

    place: str
    cell: str
    text: str
    most: int = _HINT
    ends: str = ".?"


def of(unit: Unit) -> tuple[Words, ...]:
    """All that the unit may say to a student."""
    found = []
    for test in suite.tests(unit):
        place = f"{test.cell}.{test.name}"
        found.append(Words(f"{place}, its docstring", test.cell, test.sentence, _SENTENCE, "."))
        found.append(Words(f"{place}, its hint", test.cell, test.hint or ""))
        found += [Words(f"{place}, for {key!r}", test.cell, meaning) for key, meaning in test.meanings.items()]
    for mistake in unit.misconceptions:
        place, cell = f"{mistake.function} {mistake.name}", f"test_{mistake.function}"
        found.append(Words(f"{place}, believes", cell, mistake.believes, _BELIEF, "."))
        found.append(Words(f"{place}, its hint", cell, mistake.hint))
    return tuple(dict.fromkeys(found))


def slips(unit: Unit, tasks: Sequence[Task], words: Sequence[Words]) -> Iterator[str]:
    """What is wrong with these words."""
    lines = set(solution_lines(unit))
    by_cell = {task.cell: task for task in tasks}
    hidden = {cell: _hidden(unit, cell) for cell, task in by_cell.items() if task.is_code}
    for one in words:
        if not one.text:
            yield f"{one.place}: missing"
        elif one.text[-1] not in one.ends:
            yield f"{one.place}: is not a whole sentence: {one.text!r}"
        elif len(one.text) > one.most:
            yield f"{one.place}: {len(one.text)} characters, and {one.most} is the most: {one.text!r}"
        if any(line in bare(one.text) for line in lines):
            yield f"{one.place}: gives a line of the solution away"
        if one.cell in hidden:
            yield from (f"{one.place}: tells the hidden input {what}" for what in hidden[one.cell].told(one.text))
        elif one.cell in by_cell:
            yield from (f"{one.place}: gives the answer away: {what}" for what in _right(unit, by_cell[one.cell], one))


class _Hidden(Local):
    """Replies with the reference, and keeps what the hidden tests of a cell send and no visible example shows."""

    def __init__(self, functions: Mapping[str, Any]) -> None:
        super().__init__(functions)
        self._begun = False
        self._shown: set[tuple[float, ...]] = set()
        self._sent: set[tuple[float, ...]] = set()

    def begin(self, test: str, kind: Kind) -> None:
        self._begun = True

    def call(self, name: str, args: tuple[Any, ...], kwargs: Mapping[str, Any], *, after: bool = False) -> Any:
        self._keep(args, kwargs)
        return super().call(name, args, kwargs, after=after)

    def use(
        self, kept: Kept, what: str, args: tuple[Any, ...], kwargs: Mapping[str, Any], *, after: bool = False
    ) -> Any:
        self._keep(args, kwargs)
        return super().use(kept, what, args, kwargs, after=after)

    def told(self, text: str) -> Iterator[str]:
        """The hidden numbers in a text, and lists of them."""
        for found in _NUMBER.findall(text):
            if _digits(found) >= _TELLING and self._is_hidden((float(found),)):
                yield found
        for found in _LIST.findall(text):
            numbers = tuple(map(float, _NUMBER.findall(found)))
            if len(numbers) >= _TELLING and self._is_hidden(numbers):
                yield found

    def _is_hidden(self, numbers: tuple[float, ...]) -> bool:
        return numbers in self._sent - self._shown

    def _keep(self, args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> None:
        known = self._sent if self._begun else self._shown  # the visible examples come before the first test
        for value in (*args, *kwargs.values()):
            numbers = _numbers(value)
            known.add(numbers)
            known.update((number,) for number in numbers)


def _hidden(unit: Unit, cell: str) -> _Hidden:
    kept = _Hidden(vars(unit.reference))
    suite.run(
        unit, kept, seed=0, cells=frozenset({cell}), on_test=kept.begin
    )  # with any seed: what is drawn is in no text
    return kept


def _numbers(value: Any) -> tuple[float, ...]:
    try:
        array = np.asarray(value)
    except ValueError:  # a list of lists of several lengths
        return ()
    return tuple(array.ravel()[:_LARGEST].astype(float).tolist()) if array.dtype.kind in "iuf" else ()


def _digits(number: str) -> int:
    """Significant digits: as many as the number cannot be written without."""
    return len(Decimal(number).normalize().as_tuple().digits)


def _right(unit: Unit, task: Task, words: Words) -> Iterator[str]:
    """Those words that are the right answer. What the question says is no secret, and a letter is a word, too."""
    for token in dict.fromkeys(_TOKEN.findall(words.text)):
        token = token.rstrip(".")
        is_number = _NUMBER.fullmatch(token) is not None
        if token in task.stub or (_digits(token) if is_number else len(token)) < 2:
            continue
        tried = Local({}, {task.name: float(token) if is_number else token})
        outcomes = suite.run(unit, tried, seed=0, cells=frozenset({task.cell}))
        if outcomes and all(outcome.verdict == "passed" for outcome in outcomes):
            yield token


def solution_lines(unit: Unit) -> Iterator[str]:
    """The lines of the reference's functions, without white space."""
    own = [one for one in vars(unit.reference).values() if getattr(one, "__module__", "") == unit.reference.__name__]
    methods = [method for kind in own if inspect.isclass(kind) for method in vars(kind).values()]
    for function in (*own, *methods):
        if inspect.isfunction(function):
            tree = ast.parse(textwrap.dedent(inspect.getsource(function)))
            body = tree.body[0].body if isinstance(tree.body[0], ast.FunctionDef) else []
            for statement in body:
                for line in ast.unparse(statement).splitlines():
                    line = bare(line.strip().removeprefix("return"))
                    if len(line) > _SHORTEST:
                        yield line


def bare(words: str) -> str:
    return re.sub(r"\s", "", words)
