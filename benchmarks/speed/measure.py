"""Runs a command and says what it cost: time, processor time of all that it started, memory of all at once."""

from __future__ import annotations

import contextlib
import ctypes
import os
import platform
import resource
import subprocess
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

_PR_SET_CHILD_SUBREAPER = 36


@dataclass(frozen=True, slots=True)
class Cost:
    seconds: float
    cpu_seconds: float
    peak_mb: float
    """Of the command and everything below it, shared memory counted once."""
    own_mb: float
    """Of the command's own process at its largest."""


class Failed(RuntimeError):
    """The command did not do its work. The message is its last words."""


def run(command: list[str], folder: Path, environment: dict[str, str], *, may_fail: bool = False) -> Cost:
    """What it took to run the command to its end."""
    # Whatever is orphaned below the command becomes ours, so that its processor time is counted as well.
    ctypes.CDLL(None).prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    before, began = _children_cpu(), time.monotonic()
    with (folder / "benchmark.log").open("wb") as log:
        process = subprocess.Popen(command, cwd=folder, env=environment, stdout=log, stderr=log)
        watch = _Watch(process.pid)
        watch.start()
        status = process.wait()
        seconds = time.monotonic() - began
        watch.done.set()
        watch.join()
    _reap()
    if status != 0 and not may_fail:
        raise Failed((folder / "benchmark.log").read_text(errors="replace")[-2000:])
    return Cost(seconds, _children_cpu() - before, watch.peak / 2**20, watch.own / 2**20)


def machine() -> str:
    """What this was measured on, without a name or a path."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return (
        f"{len(os.sched_getaffinity(0))} cores ({_processor()}), {memory:.0f} GB, {platform.system()} "
        f"{platform.release()}, Python {platform.python_version()}; load average at the start {os.getloadavg()[0]:.1f}"
    )


class _Watch(threading.Thread):
    """Looks at the memory of a process and of all below it, twice a second."""

    def __init__(self, pid: int) -> None:
        super().__init__(daemon=True)
        self.pid, self.peak, self.own, self.done = pid, 0, 0, threading.Event()

    def run(self) -> None:
        while not self.done.wait(0.5):
            self.peak = max(self.peak, sum(_memory(pid) for pid in [self.pid, *_below(self.pid)]))
            self.own = max(self.own, _memory(self.pid))


def _memory(pid: int) -> int:
    with contextlib.suppress(OSError, ValueError, StopIteration):
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
        return int(next(line.split()[1] for line in lines if line.startswith("Pss:"))) << 10
    return 0


def _below(pid: int) -> Iterator[int]:
    children: dict[int, list[int]] = {}
    for entry in os.listdir("/proc"):
        if entry.isdigit():
            with contextlib.suppress(OSError):
                parent = Path("/proc", entry, "stat").read_text().rpartition(")")[2].split()[1]
                children.setdefault(int(parent), []).append(int(entry))
    waiting = [pid]
    while waiting:
        found = children.get(waiting.pop(), [])
        yield from found
        waiting += found


def _children_cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _reap() -> None:
    """Wait for what is left below us for a moment."""
    end = time.monotonic() + 5
    with contextlib.suppress(ChildProcessError):
        while time.monotonic() < end:
            if os.waitpid(-1, os.WNOHANG)[0] == 0:
                time.sleep(0.05)


def _processor() -> str:
    with contextlib.suppress(OSError, StopIteration):
        lines = Path("/proc/cpuinfo").read_text().splitlines()
        return next(line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return platform.machine()
