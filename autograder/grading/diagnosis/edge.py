"""What goes wrong although ordinary inputs come out right: a known mistake, or a promise that is broken."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from autograder.grading.diagnosis.bench import Bench
from autograder.grading.diagnosis.finding import Finding, broken_promise, explained
from autograder.grading.diagnosis.formula import agrees, differs_at
from autograder.grading.diagnosis.hypothesis import Hypothesis
from autograder.grading.diagnosis.probe import Probe
from autograder.grading.diagnosis.promise import EDGES, broken, is_short
from autograder.grading.diagnosis.reply import FINE, Reply, close, constant, same
from autograder.report import Kind

_LEAST_NUMBERS = 2
"""Where fewer numbers of a known mistake are wrong, all others have to be its own as well."""

_LITTLE = 1e-4
"""By so much a result may be off for want of digits."""

_LEAST_TESTS = 3
"""One number in the place of every error is a habit where it answers so many tests."""


@dataclass(frozen=True, slots=True)
class Failure:
    """A hidden test that the function failed."""

    test: str
    kind: Kind


def edge(bench: Bench, theirs: Sequence[Reply], failures: Sequence[Failure], exact: Sequence[Reply]) -> Finding | None:
    """What to say of a function that failed these tests, the first one first. `exact` are the replies as they came,
    where `theirs` has the right ones in their place because a test lets them pass."""
    first = failures[0]
    own = _promises(bench, theirs, [first])
    promises = _promises(bench, theirs, [failure for failure in failures if failure.kind == first.kind])
    others = _promises(bench, theirs, [failure for failure in failures if failure.kind != first.kind])
    if promises[:1] == ["extreme_input"]:
        promises = [_far_out(bench, exact), *promises[1:]]
    promises = list(dict.fromkeys([*promises, *others]))
    if not promises and first.kind == "numerical":
        promises = [_far_out(bench, exact)]
    known = _known(bench, exact, first)
    if known is not None:
        shown = {
            broken(p, t)
            for n, (p, t) in enumerate(zip(bench.probes, theirs, strict=True))
            if differs_at(known, bench, n)
        }
        return replace(explained(bench, known), also=next((name for name in promises if name not in shown), None))
    if first.kind == "numerical" and (change := _changed(bench, exact) or _changed(bench, theirs)):
        return change
    if first.kind == "contract" and _hides_errors(bench, theirs):
        return broken_promise("hides_errors", own_hint=True)
    if not promises:
        return None
    more = [name for name in promises[1:] if name != "extreme_input"]
    # The hint of the test that failed first is about the promise that it tests, or about extreme inputs.
    elsewhere = first.kind == "value" or promises[0] not in (*own, "extreme_input")
    return broken_promise(promises[0], *more[:1], own_hint=elsewhere)


def _far_out(bench: Bench, exact: Sequence[Reply]) -> str:
    """Where extreme inputs seem to go wrong: whether it is their size, or the few digits that all results have."""
    if all(same(exact[place], bench.probes[place].right, fine=True) for place in bench.ordinary):
        return "extreme_input"
    pairs = [(t, p.right) for p, t in zip(bench.probes, exact, strict=True) if p.kind == "numerical"]
    small = [np.allclose(t.numbers, r.numbers, _LITTLE, _LITTLE) for t, r in pairs if t.form == r.form]
    return "lost_digits" if all(small) else "extreme_input"


def _promises(bench: Bench, theirs: Sequence[Reply], failures: Sequence[Failure]) -> list[str]:
    """The broken promises, each once, in the order of the tests. Every failed test has one."""
    names: dict[str, None] = {}
    pairs = list(zip(bench.probes, theirs, strict=True))
    for failure in failures:
        asked = [(p, t) for p, t in pairs if p.test == failure.test]
        counted = Counter(name for p, t in asked if (name := broken(p, t)) is not None)
        if failure.kind == "numerical" and "wrapped_integers" in counted:
            # What goes wrong with long floats as well does not go wrong because of the type.
            long = Counter(n for p, t in pairs if p.kind == "numerical" and not is_short(p) and (n := broken(p, t)))
            counted[long.most_common(1)[0][0] if long else "wrapped_integers"] += 1 + counted.pop("wrapped_integers")
        for trait in EDGES:
            if trait in counted and not _is_usual(pairs, trait):
                counted.pop(trait)
        if "accepts_nan" in counted:
            counted["accepts_nan"] += counted.pop("accepts_infinity", 0)
        if "constant_column" in counted:
            counted.pop("single_entry", None)  # each column of a single row has one value only
        if len(counted) > 1:
            counted.pop("wrong_kind_of_error", None)  # an accident, where something of the kind is accepted
        if counted:
            names[counted.most_common(1)[0][0]] = None
    return list(names)


def _is_usual(pairs: Sequence[tuple[Probe, Reply]], trait: str) -> bool:
    """Whether most calls of this kind go wrong: else it is not what makes the difference."""
    wrong = [not same(t, p.right) for p, t in pairs if trait in p.traits and p.kind != "contract"]
    return sum(wrong) * 2 > len(wrong)


def _known(bench: Bench, theirs: Sequence[Reply], first: Failure) -> Hypothesis | None:
    """The known mistake whose wrong replies are all there; of several the one that is wrong most often, if it is wrong
    wherever the others are: who checks nothing checks no single thing."""
    asked = [place for place, probe in enumerate(bench.probes) if probe.kind == first.kind and not probe.twin]
    here = {place for place in asked if bench.probes[place].test == first.test}
    found: list[tuple[Hypothesis, frozenset[int]]] = []
    for one in bench.known:
        if one.entry is None or one.entry.breaks != first.kind:
            continue
        own = frozenset(place for place in asked if differs_at(one, bench, place, fine=True))
        few = first.kind == "numerical" and _wrong_numbers(one, bench, own) < _LEAST_NUMBERS
        everywhere = asked if few or first.kind == "value" else own
        if own & here and all(agrees(one, theirs, place, fine=True) for place in everywhere):
            found.append((one, own))
    largest = [one for one, own in found if all(other <= own for _, other in found)]
    return largest[0] if len({one.name for one in largest}) == 1 else None


def _wrong_numbers(one: Hypothesis, bench: Bench, places: frozenset[int]) -> int:
    count = 0
    for place in places:
        reply, truth = one.replies[place], bench.probes[place].right
        if reply is not None:
            count += int((~close(reply.numbers, truth.numbers, *FINE)).sum()) if reply.form == truth.form else 1
    return count


def _changed(bench: Bench, theirs: Sequence[Reply]) -> Finding | None:
    """The one change of the arguments that explains all that comes out wrong for extreme inputs."""
    asked = tuple(place for place, probe in enumerate(bench.probes) if probe.kind == "numerical")
    wrong = bench.wrong(theirs, asked)
    if len(wrong) < 2:
        return None
    candidates = [one for one in bench.all if one.entry is None and one.name]
    fitting = [one for one in candidates if all(agrees(one, theirs, place) for place in wrong)]
    fitting = [one for one in fitting if all(agrees(one, theirs, p) for p in asked if one.replies[p] is not None)]
    return explained(bench, fitting[0]) if len({(one.name, one.parameter) for one in fitting}) == 1 else None


def _hides_errors(bench: Bench, theirs: Sequence[Reply]) -> bool:
    """Whether one and the same number comes back from all calls that should be refused, and from several tests."""
    pairs = [(p, t) for p, t in zip(bench.probes, theirs, strict=True) if p.kind == "contract" and p.right.failed]
    several = len({probe.test for probe, _ in pairs}) >= _LEAST_TESTS
    return several and all(reply.shape == () for _, reply in pairs) and constant([reply for _, reply in pairs])
