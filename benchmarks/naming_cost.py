"""`python -m benchmarks.naming_cost`: what it costs, in the trusted process, to say what a wrong function does.

In a warm worker: the probes are known, and somebody has failed this function before. The replies lie there as they come
over the wall. The first time, when a function's hypotheses are made, is given as well."""

from __future__ import annotations

import statistics
import sys
import time
import warnings
from collections.abc import Iterable
from typing import Any

from autograder.grading.diagnosis.inquiry import bench_of, diagnose
from autograder.grading.local import Local
from autograder.session.dialogue import StudentError
from autograder.wall.both.protocol import Raised, Value
from autograder.wall.both.wire import pack
from benchmarks.trials import UNITS, outcomes
from benchmarks.ways import Way, ways

MOST_MS = 15.0
"""The median, at most."""


def replies(way: Way) -> list[bytes]:
    """What comes over the wall from a function that is asked the probes."""
    student, found = Local({way.function: way.way}), []
    for probe in bench_of(UNITS[way.topic], f"test_{way.function}").probes:
        call = probe.call
        try:
            message: Any = Value(student.call(call.name, call.args, call.kwargs, after=call.after))
        except StudentError as error:
            message = Raised(error.raised.kind, error.raised.is_value_error, "", "")
        found.append(pack(message))
    return found


def measured(every: Iterable[Way]) -> tuple[list[float], list[float]]:
    """Milliseconds of each wrong function: the second time, and the first time that one of this function is seen."""
    warm, cold, seen = [], [], set()
    for way in every:
        cell = f"test_{way.function}"
        said = outcomes(way.topic, way.function, way.way, 0)
        if all(outcome.verdict == "passed" for outcome in said):
            continue
        try:
            asked = {cell: replies(way)}
        except Exception:  # what cannot cross the wall is another matter
            continue
        took = [_took(way, cell, said, asked) for _ in range(2)]
        warm.append(took[1])
        if way.function not in seen:
            seen.add(way.function)
            cold.append(took[0])
    return warm, cold


def _took(way: Way, cell: str, said: Any, asked: Any) -> float:
    start = time.process_time()
    diagnose(UNITS[way.topic], cell, said, None, asked)  # type: ignore[arg-type]  # nobody is asked any more
    return 1000 * (time.process_time() - start)


def main() -> int:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        warm, cold = measured(ways())
    high = sorted(warm)[int(0.95 * len(warm))]
    print(
        f"{len(warm)} wrong functions: median {statistics.median(warm):.1f} ms, 95 % below {high:.1f} ms, "
        f"most {max(warm):.1f} ms; the first of a function {statistics.median(cold):.0f} ms."
    )
    return 0 if statistics.median(warm) <= MOST_MS else 1


if __name__ == "__main__":
    sys.exit(main())
