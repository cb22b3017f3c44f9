"""All that decides on this machine whether student code can be kept behind a wall, as a digest."""

from __future__ import annotations

import functools
import os
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path

from autograder.wall.outside import bubblewrap, importable, libraries, seccomp
from autograder.wall.outside.bubblewrap import Bubblewrap
from autograder.wall.outside.marks import digest, stamp

_KERNEL = (
    "/proc/sys/kernel/random/boot_id",
    "/proc/sys/kernel/apparmor_restrict_unprivileged_userns",
    "/proc/sys/kernel/apparmor_restrict_unprivileged_unconfined",
    "/proc/sys/kernel/unprivileged_userns_clone",
    "/proc/sys/kernel/yama/ptrace_scope",
    "/proc/self/attr/current",
    *(f"/proc/sys/user/max_{kind}_namespaces" for kind in ("cgroup", "ipc", "mnt", "net", "pid", "user", "uts")),
)
"""What may make a sandbox impossible, or another one, on the same machine."""

_OURS = ("Uid", "Gid", "Groups", "NoNewPrivs", "Seccomp", "Seccomp_filters")
"""Of this process's own state, besides its capabilities."""

_LIMITS = ("RLIMIT_AS", "RLIMIT_NPROC", "RLIMIT_NOFILE", "RLIMIT_FSIZE", "RLIMIT_CPU", "RLIMIT_MEMLOCK", "RLIMIT_STACK")


def sandbox(way: Bubblewrap, packages: tuple[str, ...], secrets: Iterable[str]) -> str:
    """A digest of all that decides whether this way to build the sandbox holds."""
    import resource  # is not there on Windows, where nobody gets this far

    try:
        program = seccomp.program().hex()
    except seccomp.NoSeccomp:
        program = "none"  # with which nothing holds
    parts = (
        *os.uname(),
        *(_text(path) for path in _KERNEL),
        *sorted(f"{name.name}={os.readlink(name)}" for name in Path("/proc/self/ns").glob("*")),
        *_self(),
        *(repr(resource.getrlimit(getattr(resource, name))) for name in _LIMITS),
        *way.arguments(packages),
        *(stamp(path) for path in (way.binary, libraries.interpreter())),
        tempfile.gettempdir(),
        *sorted(secrets),
        _wall(),
        program,
        importable.state(packages),
    )
    return digest(parts)


@functools.cache
def _wall() -> str:
    """Both sides of the wall, as they are written."""
    here = Path(bubblewrap.__file__).parents[1]
    return digest(part for path in sorted(here.rglob("*.py")) for part in (path.name, path.read_text("utf-8")))


def _self() -> Iterator[str]:
    for line in _text("/proc/self/status").splitlines():
        name = line.partition(":")[0]
        if name in _OURS or name.startswith("Cap"):
            yield line


def _text(path: str) -> str:
    try:
        return Path(path).read_text(encoding="utf-8", errors="replace")
    except OSError:
        return "none"
