"""One notebook, cold, from the shell to the table, and one function in a kernel, after the first."""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from autograder.screens.standby import Question, Standby
from benchmarks.speed import courses, measure
from benchmarks.speed.mix import FUNCTIONS, UNIT, hand_in, members
from benchmarks.trials import COURSE


@dataclass(frozen=True, slots=True)
class Taken:
    """Seconds by the clock and of processor time of all processes, medians and least."""

    what: str
    seconds: float
    least: float
    cpu: float
    least_cpu: float


def checks(number: int, seed: int) -> list[Taken]:
    """Both on the solution and on submissions of a seeded class. Raises `measure.Failed`."""
    released = json.loads((COURSE / "release" / UNIT / f"{UNIT}.ipynb").read_bytes())
    with tempfile.TemporaryDirectory(prefix="benchmark-") as folder:
        path = Path(folder, "work.ipynb")
        path.write_bytes(next(hand_in(m, released) for m in members(99, seed, courses.SOURCE) if m.kind == "wrong"))
        command = [str(Path(sys.executable).parent / "autograder"), "check"]
        return [
            _taken("a solution, in a shell", number, lambda join: _run([*command, str(courses.SOURCE)], join)),
            _taken("two functions wrong, in a shell", number, lambda join: _run([*command, str(path)], join)),
            *_in_kernel(path, number),
        ]


def _in_kernel(path: Path, number: int) -> list[Taken]:
    standby = Standby()
    try:
        asked = Question(notebook=str(path), unit=UNIT, task=FUNCTIONS[0], course=str(COURSE))
        standby.ask(asked, lambda: None)
        found = []
        for _ in range(number):
            time.sleep(1.0)  # as somebody who reads what was said: meanwhile the next process starts
            began = time.monotonic()
            standby.ask(asked, lambda: None)
            found.append(time.monotonic() - began)
    finally:
        standby.stop()
    nothing = float("nan")
    return [Taken("one function, in a kernel, after the first", statistics.median(found), min(found), nothing, nothing)]


def _taken(what: str, number: int, run: Callable[[Callable[[], None]], None]) -> Taken:
    seconds, processor = [], []
    for _ in range(number + 1):
        with measure.account() as (join, used):
            began = time.monotonic()
            run(join)
            seconds.append(time.monotonic() - began)
            processor.append(used())
    seconds, processor = seconds[1:], processor[1:]  # the first one finds out about the machine
    return Taken(what, statistics.median(seconds), min(seconds), statistics.median(processor), min(processor))


def _run(command: list[str], join: Callable[[], None]) -> None:
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    done = subprocess.run(command, cwd=COURSE, env=environment, preexec_fn=join, capture_output=True, check=False)
    if done.returncode not in (0, 1):
        raise measure.Failed(done.stdout.decode()[-2000:])
