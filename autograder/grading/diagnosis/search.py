"""From the replies of a wrong function to the name of what it does.

Ordinary inputs decide the formula. What happens at the edges is a second question, and has names of its own.
"""

from __future__ import annotations

from collections.abc import Sequence

from autograder.grading.diagnosis.arrangement import by_parts, form, seen_otherwise, words
from autograder.grading.diagnosis.bench import Bench
from autograder.grading.diagnosis.edge import Failure, edge
from autograder.grading.diagnosis.finding import Finding
from autograder.grading.diagnosis.formula import each_way, formula, like
from autograder.grading.diagnosis.reply import Reply

_STEPS = (formula, seen_otherwise, each_way, by_parts, words)
"""Where a formula is wrong, the first of these that has something to say."""


def search(bench: Bench, theirs: Sequence[Reply], failures: Sequence[Failure]) -> Finding | None:
    """What a function does that gave these replies to the probes, and failed these tests, the first one first."""
    wrong = bench.wrong(theirs, bench.ordinary)
    if not wrong:
        return edge(bench, theirs, failures)
    ways = {bench.probes[place].group for place in wrong}
    places = tuple(place for place in bench.ordinary if bench.probes[place].group in ways)
    for step in _STEPS:
        if found := step(bench, theirs, places):
            return found
    return like(bench, theirs) or form(bench, theirs, wrong)
