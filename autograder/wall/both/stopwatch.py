"""How long a student's process took, as it is charged: in processor time, so that a busy machine costs no points."""

from __future__ import annotations

import math
import sys
import time

PATIENCE = 3.0
"""So many times as long by the clock counts like its processor time: who sleeps must come to an end as well."""


class Stopwatch:
    """Runs from now on. Without the number of a process it is a clock on the wall."""

    def __init__(self, pid: int | None = None) -> None:
        self._pid = pid if sys.platform == "linux" else None
        self._began = time.monotonic()
        self._worked = 0.0 if self._pid is None else processor_seconds(self._pid)
        self._queued: float | None = None

    def look(self) -> None:
        """From the first look on, the time for which the process stands in line for a processor does not count.

        Whoever waits for less than a moment need not look: it takes longer than asking for the time."""
        if self._pid is not None and self._queued is None:
            self._queued = queued_seconds(self._pid)

    @property
    def charged(self) -> float:
        """Seconds that count against a limit."""
        return self._passed if self._pid is None else max(self._busy, self._passed / PATIENCE)

    @property
    def forgiven(self) -> float:
        """The seconds by the clock for which others had the processors."""
        return time.monotonic() - self._began - max(self._busy, self._passed)

    @property
    def waited(self) -> bool:
        """Whether it is the clock that counts: the process sleeps, or others have the processors."""
        return self._pid is not None and self._busy < self._passed / PATIENCE

    @property
    def _passed(self) -> float:
        passed = time.monotonic() - self._began
        if self._pid is not None and self._queued is not None:
            passed -= max(0.0, queued_seconds(self._pid) - self._queued)
        return passed

    @property
    def _busy(self) -> float:
        return 0.0 if self._pid is None else max(0.0, processor_seconds(self._pid) - self._worked)


class Budget:
    """What one submission may take in all, from its first process to the end of its last, whatever it is spent on: by
    the clock, but for the time in which others had the processors."""

    def __init__(self, seconds: float = math.inf) -> None:
        self._seconds = seconds
        self._began = time.monotonic()
        self._forgiven = 0.0

    @property
    def spent(self) -> float:
        return time.monotonic() - self._began - self._forgiven

    def left(self, watch: Stopwatch | None = None) -> float:
        """Seconds, while this watch runs for somebody who spends them."""
        return self._seconds - self.spent + (0.0 if watch is None else watch.forgiven)

    def forgive(self, watch: Stopwatch) -> None:
        """For the time of this watch, which has come to its end."""
        self._forgiven += watch.forgiven


def processor_seconds(pid: int) -> float:
    """The processor time of all threads of a process, 0 once it is gone."""
    try:
        return time.clock_gettime(~pid << 3 | 2)  # Linux's clock of another process, as clock_getcpuclockid makes it
    except OSError:
        return 0.0


def queued_seconds(pid: int) -> float:
    """How long a process could have run and had no processor; 0 where the kernel does not say."""
    try:
        with open(f"/proc/{pid}/schedstat", encoding="ascii") as file:
            return int(file.read().split()[1]) / 1e9
    except (OSError, ValueError, IndexError):
        return 0.0
