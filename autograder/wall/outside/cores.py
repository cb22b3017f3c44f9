"""Which processor the sandboxes of this process run on: one, so that a busy one takes nothing from its neighbours."""

from __future__ import annotations

import contextlib
import functools
import os
import random
import socket

_held: list[socket.socket] = []


def hold() -> None:
    """Hold this thread, and all that it starts from now on, to this process's own processor, where there is a choice.

    What it starts cannot choose another one: the filter on system calls refuses that."""
    with contextlib.suppress(OSError):  # no longer among those that this process may use
        core = _own()
        if core is not None:
            os.sched_setaffinity(0, {core})


@functools.cache
def _own() -> int | None:
    """A processor that no other grader here has, as long as there are enough: each is claimed by a name that one
    process can have at a time, and that is free again when the process ends, however it ends."""
    if not hasattr(os, "sched_getaffinity"):
        return None
    cores = list(os.sched_getaffinity(0))
    random.shuffle(cores)
    for core in cores:
        claim = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        try:
            claim.bind(f"\0autograder-processor-{core}")
        except OSError:
            claim.close()
            continue
        _held.append(claim)
        return core
    return cores[0]
