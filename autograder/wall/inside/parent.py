"""The warm parent: everything is imported once, and each submission is a fork of it behind walls of its own.

It has one thread, holds no secret and never reads a byte that a student wrote. It is told two things: to open a job,
with the job's socket, and to end one.
"""

from __future__ import annotations

import contextlib
import gc
import importlib
import os
import random
import signal
import socket
from dataclasses import replace

import numpy as np

from autograder.wall.both.protocol import CallFunction, Done, End, Fork, Forked, Live, Order, Ready, from_line, to_line
from autograder.wall.inside import life, namespaces
from autograder.wall.inside.harden import mount_folder
from autograder.wall.inside.shell import Shell

_MAX_ORDER = 1 << 16


def serve_jobs(ours: Live, seccomp_filter: bytes, number: int) -> None:
    """Answer orders on the socket with this number until the grader hangs up."""
    control = socket.socket(fileno=number)
    mount_folder(ours)
    os.environ.update(ours.environment)
    life.write_font_list(ours)
    shell = Shell()
    _warm_up(shell, ours.modules)
    # What is there now is never garbage. Left alone by the collector, its pages stay shared with every fork.
    gc.collect()
    gc.freeze()
    control.send(to_line(Ready()))
    forks: dict[int, int] = {}
    while True:
        message, descriptors, *_ = socket.recv_fds(control, _MAX_ORDER, 1)
        if not message:
            os._exit(0)
        match from_line(message, Order):
            case Fork(live):
                live = replace(live, fonts=ours.fonts)
                first, middle = _fork(live, seccomp_filter, descriptors[0], control, shell)
                os.close(descriptors[0])
                if first:
                    forks[first] = middle
                control.send(to_line(Forked(first)))
            case End(first):
                _end(first, forks.pop(first))
                control.send(to_line(Done()))


def _warm_up(shell: Shell, modules: tuple[str, ...]) -> None:
    """What most notebooks import and do first, so that no fork has to."""
    with contextlib.suppress(ImportError):  # the course may not have it
        import matplotlib

        matplotlib.use("agg")
        import matplotlib.figure
        import matplotlib.pyplot
        import matplotlib_inline.backend_inline  # noqa: F401

    for name in modules:
        with contextlib.suppress(Exception):  # then a student's own import of it says what is wrong
            importlib.import_module(name)

    from autograder.wall.both.wire import pack, unpack
    from autograder.wall.inside import harden, server  # noqa: F401

    shell.warm_up()
    np.random.seed()  # loads its library
    request = CallFunction("abs", (1.0, np.zeros(2)), {}, after=False)
    for _ in range(20):
        server.reply_to(shell, unpack(pack(request), CallFunction))


def _fork(live: Live, seccomp_filter: bytes, job: int, control: socket.socket, shell: Shell) -> tuple[int, int]:
    """Fork a job. Returns its first process and the one in the middle that waits for it; 0 where it did not work.

    The one in the middle is needed: a process that asks for a new process namespace stays outside, and only its
    children are inside."""
    heard, said = os.pipe()
    middle = os.fork()
    if middle == 0:
        os.close(heard)
        try:
            namespaces.enter(live.uid)
            first = os.fork()
        except OSError:
            os._exit(1)
        if first == 0:
            _become_job(live, seccomp_filter, job, shell)
        os.write(said, str(first).encode())
        for descriptor in (job, said, control.fileno()):
            os.close(descriptor)
        os.waitpid(first, 0)
        os._exit(0)
    os.close(said)
    with os.fdopen(heard, "rb") as pipe:
        first = int(pipe.read() or 0)
    if not first:
        os.waitpid(middle, 0)
    return first, middle


def _become_job(live: Live, seccomp_filter: bytes, job: int, shell: Shell) -> None:
    """Never comes back: whatever happens in a student's process ends in it."""
    try:
        os.setsid()  # where the kernel shares processors out by session, each job is one
        os.dup2(job, 3)
        os.closerange(4, 1 << 12)
        namespaces.hide_processes()
        random.seed()
        np.random.seed()
        # Who they are was settled with the namespaces.
        life.begin(replace(live, uid=None), seccomp_filter, 3, lambda: shell)
    finally:
        os._exit(1)


def _end(first: int, middle: int) -> None:
    """Kill a job. With the first of its processes all others die, and only then the one in the middle hears of it."""
    with contextlib.suppress(ProcessLookupError):
        os.kill(first, signal.SIGKILL)
    os.waitpid(middle, 0)
