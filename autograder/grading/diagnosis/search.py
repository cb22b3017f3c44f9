"""From the replies of a wrong function to the name of what it does.

Ordinary inputs decide the formula. What happens at the edges is a second question, and has names of its own.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from autograder.grading.diagnosis.arrangement import by_parts, form, seen_otherwise, words
from autograder.grading.diagnosis.bench import Bench
from autograder.grading.diagnosis.edge import Failure, edge
from autograder.grading.diagnosis.finding import Finding
from autograder.grading.diagnosis.formula import each_way, formula, like
from autograder.grading.diagnosis.reading import read
from autograder.grading.diagnosis.reply import Reply

_STEPS = (formula, seen_otherwise, each_way, by_parts, words)
"""Where a formula is wrong, the first of these that has something to say."""


def search(
    bench: Bench, theirs: Sequence[Reply], failures: Sequence[Failure], passed: Collection[str] = ()
) -> Finding | None:
    """What a function does that gave these replies to the probes, failed these tests, the first one first, and passed
    those: what a test lets pass is right, even where the reference says something else."""
    pairs = zip(bench.probes, theirs, strict=True)
    forgiven = [probe.right if probe.test in passed else reply for probe, reply in pairs]
    if not bench.wrong(forgiven, bench.ordinary):
        return edge(bench, forgiven, failures, theirs)
    for replies in (theirs, forgiven):
        wrong = bench.wrong(replies, bench.ordinary)
        ways = {bench.probes[place].group for place in wrong}
        places = tuple(place for place in bench.ordinary if bench.probes[place].group in ways)
        for step in _STEPS:
            if found := step(bench, replies, places):
                return found
    return like(bench, forgiven) or form(bench, forgiven, wrong) or read(bench, forgiven, places)
