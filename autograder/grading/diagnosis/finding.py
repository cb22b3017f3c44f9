"""What the diagnosis found: the name of a mistake, how it was found, and what to say."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from autograder.grading.diagnosis.bench import Bench
from autograder.grading.diagnosis.hypothesis import Hypothesis
from autograder.grading.diagnosis.promise import HINTS
from autograder.grading.diagnosis.relation import Relation
from autograder.report import Layer
from autograder.words import number


@dataclass(frozen=True, slots=True)
class Finding:
    """A name that is the same on every run, and the next step for a student."""

    name: str
    layer: Layer
    hint: str | None
    """None where the failed test's own hint says it better."""
    parameter: float | None = None
    also: str | None = None
    """The second mistake, where there are two."""
    besides: str | None = None
    """The sentence about it."""


_ELSEWHERE = ("another_function", "another_measure")


def explained(bench: Bench, hypothesis: Hypothesis, relations: Sequence[Relation] = ()) -> Finding:
    """The finding that a function is this, changed by these relations.

    A step that is a known mistake by itself has that one's name, and of two known mistakes the one that comes first in
    the catalogue is named first."""
    steps = [(hypothesis.name, hypothesis.what, hypothesis.parameter)] if hypothesis.entry is None else []
    steps += [(*hypothesis.also, None)] if hypothesis.also is not None else []
    steps += [(relation.name, relation.what, relation.parameter) for relation in relations]
    # What is done to another function's result is not what the catalogue means by it.
    alias = {} if hypothesis.name in _ELSEWHERE else bench.names
    known = [hypothesis.entry, *(alias.get(what) for _, what, _ in steps)]
    order = [one.entry for one in bench.known]
    entries = sorted({entry: None for entry in known if entry is not None}, key=order.index)
    rest = [(name, value) for name, what, value in steps if name and what not in alias]
    names = list(dict.fromkeys([*(entry.name for entry in entries), *(name for name, _ in rest)]))
    values = [hypothesis.parameter if hypothesis.entry is not None else None, *(value for _, value in rest)]
    parameter = next((value for value in values if value is not None), None)
    also = names[1] if len(names) > 1 else None
    if entries:
        hint = entries[0].hint.replace("{parameter}", "" if parameter is None else number(parameter))
        return Finding(names[0], "catalogue", hint, parameter, also)
    what = hypothesis.what
    for relation in relations:
        what = relation.what.replace("{right}", what)
    return Finding(
        names[0], "relation", f"Your result is {what}. {hypothesis.asks or relations[0].asks}", parameter, also
    )


def broken_promise(name: str, also: str | None = None, *, own_hint: bool = False) -> Finding:
    return Finding(name, "promise", HINTS[name] if own_hint else None, also=also)
