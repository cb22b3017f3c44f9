"""What all tests share: nobody leaves a process or a file behind."""

from __future__ import annotations

import ctypes
import os
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

# Small matrices: with a thread each, two test runs on two cores wait for each other five times as long as they compute.
# Set before anybody imports NumPy, and inherited by the notebooks' kernels.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int:
    """One more than there are processors: while a test waits for a browser or a deadline, another one computes."""
    return 1 + (len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1)


_PR_SET_CHILD_SUBREAPER = 36
_PATIENCE = 5.0
"""Seconds that a killed process may take to be gone, on a busy machine."""


@pytest.fixture(scope="session")
def temp(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A folder for temporary files that nobody else uses, so that whatever is left in it was left by us."""
    folder, before = tmp_path_factory.mktemp("temp"), tempfile.tempdir
    tempfile.tempdir = str(folder)
    yield folder
    tempfile.tempdir = before


@pytest.fixture
def nothing_left(temp: Path) -> Iterator[None]:
    """The test leaves no process behind, not even one that let go of its parent, and no temporary file."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)  # orphans below us become our own children
    processes, files = descendants(os.getpid()), set(temp.iterdir())
    yield
    left = left_of(os.getpid(), processes)
    assert not left, f"processes were left behind: {[command_of(pid) for pid in left]}"
    assert set(temp.iterdir()) <= files, "temporary files were left behind"


def left_of(pid: int, before: set[int], patience: float = _PATIENCE) -> set[int]:
    """The processes below this one that were not there before, and still are after a while."""
    end = time.monotonic() + patience
    while (left := descendants(pid) - before) and time.monotonic() < end:
        _reap(left)
        time.sleep(0.02)
    return left


def descendants(pid: int) -> set[int]:
    """All processes below this one."""
    parents = {}
    for entry in os.listdir("/proc") if os.path.isdir("/proc/self") else ():
        if entry.isdigit():
            try:
                stat = Path("/proc", entry, "stat").read_text()
            except OSError:
                continue  # gone meanwhile
            parents[int(entry)] = int(stat.rpartition(")")[2].split()[1])
    found, waiting = set(), [pid]
    while waiting:
        parent = waiting.pop()
        below = {child for child, above in parents.items() if above == parent} - found
        found |= below
        waiting.extend(below)
    return found


def command_of(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode("utf-8", "replace")[:200]
    except OSError:
        return "gone"


def _reap(pids: set[int]) -> None:
    """Take note of the end of those that ended: orphans that became ours stay in the list until somebody does."""
    for pid in pids:
        try:
            os.waitpid(pid, os.WNOHANG)
        except OSError:
            continue  # somebody else's child
