"""How much memory a hostile class takes on the trusted side: `python -m benchmarks.memory [--submissions 2000]`.

Every submission returns as much as it can, everywhere: from each call, as each answer, as outputs, as errors, each time
other words. Printed is the peak of one process that marks them all, as a worker does, and of one check."""

from __future__ import annotations

import argparse
import json
import multiprocessing
from collections.abc import Callable
from pathlib import Path
from typing import Any

from autograder.grading.mark import mark
from autograder.notebooks import assignment
from autograder.notebooks.handed_in import HandedIn
from autograder.wall.outside import doctor
from benchmarks.trials import COURSE

UNIT = "01-bce"

LARGE = {
    "just too large": "np.zeros({n} + (29 << 17))",
    "as large as is kept": "np.zeros((1 << 17) - 200)",
    "a message": "np.zeros((7 << 17) + {n})",
    "text": "'x' * ((1 << 19) + {n})",
    "lists": "[[{n}, [], 1.5, 'a']] * 4000",
    "errors": "fail('{n} ' * 200)",
}


def submission(number: int) -> bytes:
    """One of them. No two say the same."""
    made = json.loads((COURSE / "release" / UNIT / f"{UNIT}.ipynb").read_bytes())
    what = list(LARGE.values())[number % len(LARGE)].format(n=number)
    for cell in made["cells"]:
        settings = cell["metadata"].get("nbgrader", {})
        if cell["cell_type"] == "code" and settings.get("solution"):
            name = settings["grade_id"]
            head = f"import numpy as np\ndef fail(text): raise TypeError(text)\nprint('{number}' * 100_000)\n"
            called = f"def {name}(*args, **kwargs): return {what}" if f"def {name}(" in "".join(cell["source"]) else ""
            cell["source"] = head + (called or f"{name} = {what}")
    return json.dumps(made).encode()


def worker(number: int) -> Peak:
    unit, lane = assignment.load(UNIT, COURSE), doctor.fastest()
    mark(unit, HandedIn(_blank()), lane, seed=1, figures="own")
    before = peak()
    for index in range(number):
        mark(unit, HandedIn(submission(index)), lane, seed=1, figures="own")
        if (index + 1) % 100 == 0:
            print(f"  after {index + 1}: {peak():.0f} MB at most", flush=True)
    lane.close()  # type: ignore[attr-defined]
    return before, peak()


def check(number: int) -> Peak:
    unit, lane = assignment.load(UNIT, COURSE), doctor.best()
    mark(unit, HandedIn(_blank()), lane, seed=1, paged=False)
    before = peak()
    mark(unit, HandedIn(submission(number)), lane, seed=1, paged=False)
    return before, peak()


def peak() -> float:
    """MB that this process has held at most, without its children."""
    status = Path("/proc/self/status").read_text()
    return int(status.partition("VmHWM:")[2].split()[0]) / 1024


Peak = tuple[float, float]


def _blank() -> bytes:
    return (COURSE / "release" / UNIT / f"{UNIT}.ipynb").read_bytes()


def alone(run: Callable[[int], Peak], argument: int) -> Peak:
    """In a process of its own, so that its peak is its own."""
    results: Any = multiprocessing.get_context("spawn").Queue()
    process = multiprocessing.get_context("spawn").Process(target=_put, args=(results, run, argument))
    process.start()
    found = results.get()
    process.join()
    return found


def _put(results: Any, run: Callable[[int], Peak], argument: int) -> None:
    results.put(run(argument))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--submissions", type=int, default=2000)
    number = parser.parse_args().submissions
    for kind, index in zip(LARGE, range(len(LARGE)), strict=True):
        before, after = alone(check, index)
        print(f"check, {kind}: {before:.0f} MB empty, {after:.0f} MB at most")
    before, after = alone(worker, number)
    print(f"worker, {number} submissions: {before:.0f} MB empty, {after:.0f} MB at most")


if __name__ == "__main__":
    main()
