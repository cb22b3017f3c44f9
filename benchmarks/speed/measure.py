"""Runs a command and says what it cost: time, processor time of all that it started, memory of all at once."""

from __future__ import annotations

import contextlib
import functools
import os
import platform
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

_ACCOUNTS = (("/sys/fs/cgroup/cpuacct", "cpuacct.usage"), ("/sys/fs/cgroup", "cpu.stat"))
"""Where the kernel counts a group's processor time: control groups of version 1 and 2. Adding up what processes were
waited for would miss students' processes: they die with their namespaces, and nobody waits for them."""


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
    with (folder / "benchmark.log").open("wb") as log, account() as (join, used):
        began = time.monotonic()
        process = subprocess.Popen(command, cwd=folder, env=environment, stdout=log, stderr=log, preexec_fn=join)
        watch = _Watch(process.pid)
        watch.start()
        status = process.wait()
        seconds = time.monotonic() - began
        watch.done.set()
        watch.join()
        cpu = used()
    if status != 0 and not may_fail:
        raise Failed((folder / "benchmark.log").read_text(errors="replace")[-2000:])
    return Cost(seconds, cpu, watch.peak / 2**20, watch.own / 2**20)


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


@contextlib.contextmanager
def account() -> Iterator[tuple[Callable[[], None], Callable[[], float]]]:
    """How a process joins a group whose processor time is counted, and the seconds that the group has used.

    Raises `Failed` where no such group can be made: that takes root."""
    for top, file in _ACCOUNTS:
        group = Path(top, f"benchmark-{os.getpid()}")
        if not Path(top, "cgroup.procs").exists():
            continue
        try:
            group.mkdir()
        except OSError as error:
            raise Failed(f"Processor time is counted in a control group, which cannot be made here: {error}") from error
        try:
            yield functools.partial(_join, group), functools.partial(_used, group / file)
        finally:
            _remove(group)
        return
    raise Failed("Processor time is counted in a control group, and there are none here.")


def leave() -> None:
    """Take this process itself out of the group that it joined."""
    for top, _ in _ACCOUNTS:
        procs = Path(top, "cgroup.procs")
        if procs.exists():
            procs.write_text(str(os.getpid()))
            return


def _join(group: Path) -> None:
    (group / "cgroup.procs").write_text(str(os.getpid()))


def _used(file: Path) -> float:
    text = file.read_text()
    return int(text) / 1e9 if text.strip().isdigit() else int(text.split()[1]) / 1e6  # nanoseconds; or usage_usec N


def _remove(group: Path) -> None:
    """Once the last process in it is gone."""
    end = time.monotonic() + 10
    while time.monotonic() < end:
        with contextlib.suppress(OSError):
            group.rmdir()
            return
        time.sleep(0.1)


def _processor() -> str:
    with contextlib.suppress(OSError, StopIteration):
        lines = Path("/proc/cpuinfo").read_text().splitlines()
        return next(line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return platform.machine()
