"""From the replies of a wrong function to the name of what it does.

Ordinary inputs decide the formula. What happens at the edges is a second question, and has names of its own.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import replace

import numpy as np

from autograder.grading.diagnosis.arrangement import by_parts, form, seen_otherwise, words
from autograder.grading.diagnosis.bench import Bench
from autograder.grading.diagnosis.edge import Failure, edge
from autograder.grading.diagnosis.finding import Finding, broken_promise
from autograder.grading.diagnosis.formula import each_way, formula, like, on_one_way
from autograder.grading.diagnosis.outline import outline
from autograder.grading.diagnosis.probe import Probe
from autograder.grading.diagnosis.promise import broken
from autograder.grading.diagnosis.reading import read
from autograder.grading.diagnosis.reply import Reply
from autograder.grading.diagnosis.second import second_sentence
from autograder.grading.diagnosis.twin import takes_exchanged

_STEPS = (formula, seen_otherwise, each_way, by_parts, words)
"""Where a formula is wrong, the first of these that has something to say."""


def search(
    bench: Bench, theirs: Sequence[Reply], failures: Sequence[Failure], passed: Collection[str] = ()
) -> Finding | None:
    """What a function does that gave these replies to the probes, failed these tests, the first one first, and passed
    those: what a test lets pass is right, even where the reference says something else."""
    found = _found(bench, theirs, failures, passed)
    if found is None or found.also is None:
        return found
    return replace(found, besides=second_sentence(bench, found.also))


def _found(
    bench: Bench, theirs: Sequence[Reply], failures: Sequence[Failure], passed: Collection[str] = ()
) -> Finding | None:
    if found := _errors(bench, theirs):
        return found
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
                return on_one_way(bench, found, places)
    plain = tuple(place for place in places if _is_plain(bench.probes[place], forgiven[place]))
    return (
        like(bench, forgiven)
        or form(bench, forgiven, wrong)
        or read(bench, forgiven, places)
        or (len(plain) >= _LEAST_PLAIN and (formula(bench, forgiven, plain) or read(bench, forgiven, plain)))
        or outline(bench, forgiven, places)
    )


_LEAST_PLAIN = 4
"""So many calls have to be left, for a formula that goes another way at small and empty numbers."""


def _is_plain(probe: Probe, theirs: Reply) -> bool:
    """Whether nobody writes an exception for these arguments: three entries at least, that differ, and none that is 0.
    Labels may be 0."""
    values = [np.asarray(value) for value in probe.given.values() if value is not None and not isinstance(value, str)]
    enough = all(len(array) > 2 and np.ptp(array) > 0 for array in values if array.ndim)
    whole = all(np.all(v != 0) or (v.ndim > 0 and np.isin(v, (0, 1)).all()) for v in values)
    return enough and whole and not theirs.failed


def _raises(bench: Bench, theirs: Sequence[Reply], names: Sequence[str | None]) -> str | None:
    """What to call a function that raises for all ordinary inputs, and may have a result for simpler ones."""
    allowed = [t for p, t in zip(bench.probes, theirs, strict=True) if not p.right.failed and not p.call.after]
    return "always_raises" if all(reply.failed for reply in allowed) else Counter(names).most_common(1)[0][0]


def _errors(bench: Bench, theirs: Sequence[Reply]) -> Finding | None:
    """What to say of a function that comes to no result at all, or does not take the call."""
    asked = [(bench.probes[place], theirs[place]) for place in bench.ordinary]
    names = [broken(probe, reply) for probe, reply in asked if reply.failed]
    found: str | None = next((name for name in ("stops_python", "takes_other_arguments") if name in names), None)
    if found is None and asked and len(names) == len(asked):
        found = "arguments_exchanged" if takes_exchanged(bench.probes, theirs) else _raises(bench, theirs, names)
    return broken_promise(found, own_hint=True) if found else None
