"""A lane makes processes for students' code. Whoever grades asks a lane for one and does not know how it was made."""

from __future__ import annotations

import contextlib
import os
import socket
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO

from autograder.wall.both.channel import Channel
from autograder.wall.both.protocol import to_line
from autograder.wall.outside import bubblewrap, cores, libraries, seccomp
from autograder.wall.outside.bubblewrap import Bubblewrap
from autograder.wall.outside.child import Child
from autograder.wall.outside.policy import STARTING_ENVIRONMENT, Figures, Policy
from autograder.wall.outside.process import Broken, Process


@dataclass(frozen=True, slots=True)
class ColdLane:
    """One new sandbox a process."""

    way: Bubblewrap
    policy: Policy = field(default_factory=Policy)
    unsure: Callable[[], None] = lambda: None
    """What is done where a process does not start."""

    def open(self, *, figures: Figures = "none") -> Process:
        try:
            child = self.start(self.policy.with_figures(figures))
        except Broken:
            self.unsure()
            raise
        return self.ready(child)

    def ready(self, child: Child) -> Child:
        """A process that was started, once it is ready. Raises `Broken`."""
        try:
            return child.ready(self.policy.limits.start_seconds)
        except Broken:
            self.unsure()
            raise

    def start(self, policy: Policy) -> Child:
        """A process beyond the wall that has not said yet whether it is ready. Raises `Broken`, `NoSeccomp`."""
        ours, theirs = pair()
        with theirs:
            return _child(start_sandbox(self.way, policy, theirs), ours)

    def close(self) -> None:
        """Nothing is kept between processes."""


class EarlyLane:
    """A cold lane that has started its next process before somebody asks for it, so that nobody waits for it to start.

    No byte of a student's has reached a process that was not given out yet."""

    def __init__(self, lane: ColdLane) -> None:
        self._lane = lane
        self._next: Child | None = None

    def begin(self) -> EarlyLane:
        """Start the next process, one that draws nothing."""
        if self._next is None:
            with contextlib.suppress(Broken):  # which is said where a process is asked for, if it is so then
                self._next = self._lane.start(self._lane.policy)
        return self

    def open(self, *, figures: Figures = "none") -> Process:
        child, self._next = self._next, None
        if child is None or figures != self._lane.policy.figures:
            self._next = child
            return self._lane.open(figures=figures)
        return self._lane.ready(child)

    def close(self) -> None:
        """End the process that nobody asked for."""
        child, self._next = self._next, None
        if child is not None:
            with contextlib.suppress(Broken):
                child.ready(
                    self._lane.policy.limits.start_seconds
                )  # killed as it starts, it may leave a process behind
            child.end()


@dataclass(frozen=True, slots=True)
class UnwalledLane:
    """A process without a wall, for a learner's own notebook on their own machine."""

    policy: Policy = field(default_factory=lambda: Policy(walled=False))

    def open(self, *, figures: Figures = "none") -> Process:
        package = Path(__file__).resolve().parents[3]
        folder = tempfile.TemporaryDirectory(prefix="check-", ignore_cleanup_errors=True)
        ours, theirs = pair()
        with theirs:
            process = _start(
                self.policy.with_figures(figures),
                theirs,
                [sys.executable, "-I", "-B", str(Path(__file__).parents[1] / "inside" / "__main__.py")],
                work=folder.name,
                paths=(str(package),),
                environment={**os.environ, **STARTING_ENVIRONMENT, "TMPDIR": folder.name},
            )
        return _child(process, ours, folder.cleanup).ready(self.policy.limits.start_seconds)


def pair() -> tuple[socket.socket, socket.socket]:
    """Our end, where the kernel says who sends, and theirs."""
    ours, theirs = socket.socketpair()
    if hasattr(socket, "SO_PASSCRED"):
        ours.setsockopt(socket.SOL_SOCKET, socket.SO_PASSCRED, 1)
    return ours, theirs


def start_sandbox(way: Bubblewrap, policy: Policy, theirs: socket.socket) -> subprocess.Popen[bytes]:
    """A process beyond the wall that holds this end of a socket pair. Raises `Broken`, `NoSeccomp`."""
    with _nameless_file(b"\0".join(part.encode() for part in way.arguments(policy.packages)) + b"\0") as arguments:
        return _start(
            policy,
            theirs,
            ["bwrap", "--args", str(arguments.fileno()), *bubblewrap.command()],
            executable=way.binary,
            keep=(arguments.fileno(),),
            work=bubblewrap.WORK,
            paths=(bubblewrap.CODE, bubblewrap.PACKAGES),
            filter_program=seccomp.program(),
            environment=STARTING_ENVIRONMENT,
        )


def stop_process(process: subprocess.Popen[bytes]) -> None:
    """Kill a process that this one started, with all that dies with it."""
    process.kill()
    process.wait()
    if process.stderr is not None:
        process.stderr.close()


def last_words(process: subprocess.Popen[bytes]) -> str:
    """The last line that a process which did not start wrote to its standard error. Ends it."""
    process.kill()
    errors = b""
    with contextlib.suppress(subprocess.TimeoutExpired, ValueError):
        errors = process.communicate(timeout=5)[1]
    lines = errors.decode("utf-8", "replace").strip().splitlines()
    return lines[-1][:300] if lines else ""


def _child(process: subprocess.Popen[bytes], ours: socket.socket, also: Callable[[], None] | None = None) -> Child:
    def stop() -> None:
        stop_process(process)
        if also is not None:
            also()

    return Child(Channel(ours), stop, lambda: last_words(process))


def _start(
    policy: Policy,
    theirs: socket.socket,
    command: list[str],
    *,
    work: str,
    paths: tuple[str, ...],
    environment: Mapping[str, str],
    executable: Path | None = None,
    keep: tuple[int, ...] = (),
    filter_program: bytes = b"",
) -> subprocess.Popen[bytes]:
    fonts = {libraries.font_list_name(): libraries.font_list()}
    modules: tuple[str, ...] = ()
    if policy.warm:
        from autograder.wall.outside import distributions

        modules = distributions.modules(policy.packages)
    with _nameless_file(to_line(policy.for_inside(fonts, work, modules)) + b"\n" + filter_program) as orders:
        try:
            return _spawn(
                [*command, str(theirs.fileno()), str(orders.fileno()), *paths],
                held=policy.walled,
                executable=executable,  # not as the command's first word, which can be read from inside
                env=environment,
                pass_fds=(theirs.fileno(), orders.fileno(), *keep),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.PIPE,
            )
        except OSError as error:
            raise Broken(f"The sandbox could not be started: {error.strerror}.") from error


def _spawn(command: list[str], *, held: bool, **options: Any) -> subprocess.Popen[bytes]:
    """Start a process in a thread that lives as long as it does; `held` to one processor.

    `--die-with-parent` means the thread that started it: somebody else's may end before the sandbox should."""
    started: Future[subprocess.Popen[bytes]] = Future()

    def live() -> None:
        if held:
            cores.hold()
        try:
            process = subprocess.Popen(command, **options)
        except OSError as error:
            started.set_exception(error)
            return
        started.set_result(process)
        process.wait()

    try:
        threading.Thread(target=live, name="sandbox", daemon=True).start()
    except RuntimeError as error:  # no thread to be had: as much the machine's fault as no process
        raise Broken(f"The sandbox could not be started: {error}.") from error
    return started.result()


@contextlib.contextmanager
def _nameless_file(data: bytes) -> Iterator[BinaryIO]:
    """A file without a name, open for reading at its start."""
    with tempfile.TemporaryFile() as file:
        file.write(data)
        file.seek(0)
        yield file
