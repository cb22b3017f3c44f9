"""One submission against another that runs at the same time, and against the parent that both are forks of."""

from __future__ import annotations

import json
from typing import Any

import pytest
from miniature import wall

from autograder.wall.both.protocol import ReadVariable, RunCell
from autograder.wall.outside.process import Process

pytestmark = pytest.mark.usefixtures("nothing_left")

VICTIM = "secret = 'the answer of a ' + 'classmate'\nopen('mine.txt', 'w').write(secret)"
ATTACK = """
import ctypes, json, os, signal
libc = ctypes.CDLL(None, use_errno=True)
told = {"files": [], "memory": [], "traced": [], "signalled": [], "seen": []}
for folder, _, names in os.walk("/wall/work"):
    told["files"] += [name for name in names if name == "mine.txt"]
told["seen"] = [entry for entry in (os.listdir("/proc") if os.path.isdir("/proc") else []) if entry.isdigit()]
for pid in range(1, 300):
    if pid == os.getpid():
        continue
    try:
        with open(f"/proc/{pid}/mem", "rb") as memory:
            told["memory"].append(pid)
    except OSError:
        pass
    if libc.ptrace(16, pid, 0, 0) == 0:
        told["traced"].append(pid)
    try:
        os.kill(pid, signal.SIGKILL)
        told["signalled"].append(pid)
    except OSError:
        pass
told = json.dumps(told)
"""


def told(process: Process, code: str) -> Any:
    reply = process.ask(RunCell(code), 20)
    assert reply.raised is None, reply.raised
    return process.ask(ReadVariable("told"), 5).value


@pytest.fixture
def pair():
    lane = wall()
    processes = [lane.open() for _ in range(2)]
    yield processes
    for process in processes:
        process.end()


def test_a_sibling_is_neither_seen_nor_read_nor_traced_nor_signalled(pair, lane_kind):
    victim, attacker = pair
    victim.ask(RunCell(VICTIM), 10)
    found = json.loads(told(attacker, ATTACK))
    # A cold sandbox shows its own first process, which takes no signal from inside. A warm one is that process itself.
    own = {"1"} if lane_kind == "cold" else set()
    assert found["files"] == found["traced"] == []
    assert {str(pid) for pid in (*found["memory"], *found["signalled"])} <= own
    assert len(found["seen"]) <= 2
    assert told(victim, "told = secret") == "the answer of a classmate"


def test_the_parent_still_serves_after_a_job_that_attacked_all_it_could(pair):
    assert told(pair[0], ATTACK)
    fresh = wall().open()
    try:
        assert told(fresh, "import os\ntold = sorted(os.listdir('.'))") == []
    finally:
        fresh.end()


def test_nothing_of_one_job_is_in_the_next():
    lane = wall()
    first = lane.open()
    told(
        first,
        "import builtins, numpy as np\nbuiltins.left = np.left = 1\nos_left = 2\ntold = open('left', 'w').write('x')",
    )
    first.end()
    second = lane.open()
    try:
        code = "import builtins, os, numpy as np\n"
        code += (
            "told = [hasattr(builtins, 'left'), hasattr(np, 'left'), 'os_left' in globals(), os.path.exists('left')]"
        )
        assert told(second, code) == [False] * 4
    finally:
        second.end()


def test_jobs_draw_other_random_numbers(pair):
    code = "import random, numpy as np\ntold = [random.random(), float(np.random.rand())]"
    one, other = (told(process, code) for process in pair)
    assert one[0] != other[0]
    assert one[1] != other[1]


def test_jobs_cannot_meet_on_an_abstract_socket(pair):
    code = """
import socket
try:
    with socket.socket(socket.AF_UNIX) as door:
        door.bind("\\0meeting")
    told = "open"
except OSError:
    told = "closed"
"""
    assert [told(process, code) for process in pair] == ["closed", "closed"]


def test_jobs_share_no_memory_by_key(pair):
    code = "import ctypes\ntold = ctypes.CDLL(None, use_errno=True).shmget(4711, 4096, 0o1666)"
    assert [told(process, code) for process in pair] == [-1, -1]


def test_jobs_cannot_signal_each_other_by_locks_on_what_both_can_read(pair):
    code = """
import fcntl, numpy
held = open(numpy.__file__)
try:
    fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
    told = "locked"
except BlockingIOError:
    told = "heard that a neighbour holds it"
except OSError:
    told = "closed"
"""
    assert [told(process, code) for process in pair] == ["closed", "closed"]


def test_jobs_cannot_watch_what_a_neighbour_reads(pair):
    code = "import ctypes\ntold = ctypes.CDLL(None, use_errno=True).inotify_init()"
    assert [told(process, code) for process in pair] == [-1, -1]


def test_jobs_stay_on_the_processors_and_in_the_rank_that_they_were_given(pair):
    code = """
import os
told = []
for step in (
    lambda: os.sched_setaffinity(0, range(os.cpu_count())),
    lambda: os.sched_setscheduler(0, os.SCHED_BATCH, os.sched_param(0)),
    lambda: os.nice(1),
):
    try:
        step()
        told.append("done")
    except OSError:
        pass
"""
    assert [told(process, code) for process in pair] == [[], []]
