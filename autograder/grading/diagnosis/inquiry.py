"""Where the diagnosis meets the grader: the replies to a function's probes, and the name in the end."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial

from autograder.grading import suite
from autograder.grading.diagnosis import questions
from autograder.grading.diagnosis.bench import Bench, bench
from autograder.grading.diagnosis.edge import Failure
from autograder.grading.diagnosis.finding import Finding, broken_promise
from autograder.grading.diagnosis.questions import Asked
from autograder.grading.diagnosis.reply import Reply, reply_to
from autograder.grading.diagnosis.search import search
from autograder.grading.diagnosis.signature import signature
from autograder.grading.explanation import first_failed
from autograder.grading.hidden import Outcome
from autograder.notebooks.units import Unit
from autograder.session.dialogue import Call, Respondent
from autograder.session.session import told

_MOST_NUMBERS = 1 << 19
"""In all replies of a function together; of a right one some 1,000. What returns more is not looked into."""


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
    return bench(getattr(unit.reference, name), others, questions.entries(unit, name), questions.probes(unit, cell))


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
