"""Where the diagnosis meets the grader: the probes of a unit's functions, their replies, and the name in the end.

The probes are calls that the hidden suite would make with one fixed seed. They are asked of everybody alike, after the
visible examples, so that nothing that a student is shown of those can hold a probe, and before the first hidden input,
so that nothing that is made of the replies, no name, no number and no signature, can hold one or changes with the seed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial

from autograder.grading import suite
from autograder.grading.diagnosis.bench import Bench, bench
from autograder.grading.diagnosis.edge import Failure
from autograder.grading.diagnosis.finding import Finding, broken_promise
from autograder.grading.diagnosis.further import further
from autograder.grading.diagnosis.probe import Probe, probes_of, tied
from autograder.grading.diagnosis.reply import Reply, reply_to
from autograder.grading.diagnosis.search import search
from autograder.grading.diagnosis.signature import signature
from autograder.grading.diagnosis.twin import twins
from autograder.grading.explanation import first_failed
from autograder.grading.hidden import Outcome
from autograder.grading.script import script_of
from autograder.misconception import Misconception
from autograder.notebooks.units import Unit
from autograder.session.dialogue import Call, Respondent
from autograder.session.session import Session, told

SEEDS = (0x5EED_0F_9B0BE5, 0x5EED_1F_9B0BE5, 0x5EED_2F_9B0BE5)
"""Of the calls that become probes. Nobody is graded with one of them."""

_MOST_NUMBERS = 1 << 19
"""In all replies of a function together; of a right one some 1,000. What returns more is not looked into."""

Asked = Mapping[str, Sequence[bytes]]
"""The replies to the probes by cell, not looked into yet: most functions are right, and nobody needs them."""


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """What is known of a wrong function beyond its failed tests."""

    finding: Finding | None
    signature: str | None


@lru_cache(maxsize=256)
def bench_of(unit: Unit, cell: str) -> Bench:
    """The probes of a function, and all that its replies are compared with."""
    name = cell.removeprefix("test_")
    graded = dict.fromkeys(test.cell.removeprefix("test_") for test in suite.tests(unit))
    others = {
        other: getattr(unit.reference, other) for other in graded if other != name and hasattr(unit.reference, other)
    }
    return bench(getattr(unit.reference, name), others, _entries(unit, name), _probes(unit, cell))


@lru_cache(maxsize=256)
def _probes(unit: Unit, cell: str) -> tuple[Probe, ...]:
    """What is asked of a function, right or wrong."""
    name = cell.removeprefix("test_")
    reference = getattr(unit.reference, name)
    first, *others = SEEDS
    more = [script_of(unit, cell, seed, "value") for seed in others]
    probes = probes_of(reference, script_of(unit, cell, first), more, [entry.wrong for entry in _entries(unit, name)])
    probes = (*probes, *tied(reference, probes))
    probes = (*probes, *further(reference, probes))
    return (*probes, *twins(reference, probes))


def _entries(unit: Unit, name: str) -> tuple[Misconception, ...]:
    return tuple(entry for entry in unit.misconceptions if entry.function == name)


def ask(unit: Unit, session: Session, cells: Iterable[str]) -> Asked:
    """Ask the probes of these functions. A function that does not reply to all, and soon, has no replies here."""
    found = {}
    for cell in cells:
        replies = session.first([probe.call for probe in _probes(unit, cell)])
        if replies is not None:
            found[cell] = replies
    return found


def diagnose(unit: Unit, cell: str, outcomes: Sequence[Outcome], session: Respondent, asked: Asked) -> Diagnosis:
    """What a function does that failed some of these tests."""
    its = bench_of(unit, cell)
    calls = [probe.call for probe in its.probes]
    replies = _looked_into(calls, asked[cell]) if cell in asked else _asked_now(calls, session)
    failed = first_failed(outcomes)
    if failed is not None and failed.verdict == "ended":
        return Diagnosis(broken_promise("stops_python", own_hint=True), None)
    failures = [Failure(o.name, o.kind) for o in outcomes if o.verdict in ("wrong", "error")]
    if replies is None or not failures:
        return Diagnosis(None, None)
    # What was asked after the hidden tests may hold a hidden input, and a signature could carry it out.
    word = signature(its.probes, replies) if cell in asked else None
    passed = {outcome.name for outcome in outcomes if outcome.verdict == "passed"}
    return Diagnosis(search(its, replies, failures, passed), word)


def _looked_into(calls: Sequence[Call], messages: Sequence[bytes]) -> list[Reply] | None:
    return _all(
        reply_to(partial(told, message, call), name=call.name, after=call.after)
        for call, message in zip(calls, messages, strict=True)
    )


def _asked_now(calls: Sequence[Call], session: Respondent) -> list[Reply] | None:
    """The replies of a function that was too slow to be asked before. What they are made of stays here."""
    session.ahead(calls)
    return _all(
        reply_to(partial(session.call, c.name, c.args, c.kwargs, after=c.after), name=c.name, after=c.after)
        for c in calls
    )


def _all(replies: Iterable[Reply | None]) -> list[Reply] | None:
    found, room = [], _MOST_NUMBERS
    for reply in replies:
        room -= 0 if reply is None else reply.numbers.size
        if reply is None or room < 0:
            return None
        found.append(reply)
    return found
