"""A submission that is busy with all its threads, beside one that is honest and slow."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace

import pytest
from miniature import QUICK, cell_of, graded, lean, notebook, right, wall

from autograder.notebooks.assignment import Cell
from autograder.notebooks.submission import Submission
from autograder.session.session import Session
from autograder.wall.both.protocol import ReadVariable, RunCell
from autograder.wall.outside import cores
from autograder.wall.outside.child import Child
from autograder.wall.outside.policy import Policy

pytestmark = pytest.mark.usefixtures("nothing_left")

BOMB = """
import hashlib, threading, time


def burn():
    while True:
        hashlib.pbkdf2_hmac("sha256", b"x", b"y", 200_000)  # without the lock that Python's threads share


started = 0
try:
    for _ in range(56):
        threading.Thread(target=burn, daemon=True).start()
        started += 1
except RuntimeError:
    pass
"""
SLOW = """
import time


def works(seconds):
    end = time.process_time() + seconds
    while time.process_time() < end:
        pass
    return "done"
"""


@pytest.fixture
def bomb() -> Iterator[Child]:
    """A neighbour on the very same processor, as every sandbox of one grader is: the worst that can happen."""
    child = wall().open()
    child.ask(RunCell(BOMB), 60)
    yield child
    child.end()


@pytest.fixture
def crowd(bomb) -> Iterator[None]:
    """That neighbour and four more, each in a session of its own, as kernels share processors out by session: what runs
    beside them gets a sixth."""
    (core,) = os.sched_getaffinity(bomb.pid)
    busy = ["/bin/sh", "-c", "while :; do :; done"]
    others = [subprocess.Popen(busy, start_new_session=True) for _ in range(4)]
    for other in others:
        os.sched_setaffinity(other.pid, {core})
    yield
    for other in others:
        other.kill()
        other.wait()


def test_an_honest_slow_function_is_not_charged_for_a_busy_neighbour(crowd):
    """Fails where the clock on the wall decides: each call takes longer by it than a call may."""
    limits = replace(QUICK, call_seconds=1.0, function_seconds=5.0)
    with Session(wall(), Submission((Cell(type="code", source=SLOW),)), {}, limits) as session:
        waited = []
        for _ in range(2):
            began = time.monotonic()
            assert session.call("works", (0.35,), {}) == "done"
            waited.append(time.monotonic() - began)
        assert min(waited) > limits.call_seconds, "the neighbours were not busy enough to show anything"


def test_an_honest_slow_submission_beside_a_busy_one_has_full_marks(crowd, aim):
    """Its first twenty calls are slow, so that the neighbours are busy for seconds and not for a minute."""
    unit, name, _ = aim
    slow = (
        f"{right(unit)[name]}\n{SLOW}\nquick, calls = {name}, []\n\n\ndef {name}(*args):\n"
        "    calls.append(args)\n    if len(calls) <= 20:\n        works(12e-3)\n    return quick(*args)"
    )
    result = graded(lean(notebook(unit, **{name: slow})), limits=replace(QUICK, call_seconds=0.05))
    assert (cell_of(result, name).state, cell_of(result, name).score) == ("passed", cell_of(result, name).max_score)


def test_the_work_of_all_threads_is_charged():
    """Fails where only the thread that answers is looked at: here it does nothing but wait."""
    code = """
import hashlib, threading, time


def burn():
    while time.thread_time() < 0.3:
        hashlib.pbkdf2_hmac("sha256", b"x", b"y", 1000)


threads = [threading.Thread(target=burn) for _ in range(4)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
"""
    child = wall().open()
    try:
        child.ask(RunCell(code), 60)
        assert child.charged > 1.2
    finally:
        child.end()


def test_threads_are_few(bomb):
    assert 4 <= bomb.ask(ReadVariable("started"), 60).value < Policy().limits.threads


def test_a_sandbox_has_one_processor_and_another_grader_has_another():
    if len(os.sched_getaffinity(0)) < 2:
        pytest.skip("there is only one processor")
    code = (
        "import os\nfrom autograder.wall.outside import cores, doctor\nchild = doctor.best().open()\n"
        "print(*os.sched_getaffinity(child.pid), *cores._held, sep='\\n')\n"
        "print('end', flush=True)\ninput()\nchild.end()"
    )
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    child = wall().open()
    try:
        child.ask(RunCell("import os\ntold = sorted(os.sched_getaffinity(0))"), 10)
        (ours,) = child.ask(ReadVariable("told"), 5).value
        assert os.sched_getaffinity(child.pid) == {ours}
        assert len(os.sched_getaffinity(0)) > 1, "the grader itself goes where there is room"
        with subprocess.Popen(
            [sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment
        ) as other:
            assert other.stdout is not None
            theirs, *claims = iter(lambda: other.stdout.readline().strip(), "end")
            other.communicate("\n")
    finally:
        child.end()
    if not cores._held or not claims:
        pytest.skip("graders that are no part of this test have the other processors")
    assert theirs != str(ours)
