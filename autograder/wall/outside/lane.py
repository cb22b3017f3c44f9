"""A lane makes processes for students' code. Whoever grades asks a lane for one and does not know how it was made."""

from __future__ import annotations

import contextlib
import os
import socket
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO, Protocol

from autograder.wall.both.channel import Channel
from autograder.wall.both.protocol import Ready, Reply, Request, to_line
from autograder.wall.both.stopwatch import Budget, Stopwatch
from autograder.wall.both.wire import Deadline, WireError, pack, unpack
from autograder.wall.outside import bubblewrap, cores, libraries, seccomp
from autograder.wall.outside.bubblewrap import Bubblewrap
from autograder.wall.outside.policy import STARTING_ENVIRONMENT, Figures, Policy


class NoWall(RuntimeError):
    """No sandbox can be made here. The message says what to do."""


class Broken(RuntimeError):
    """A sandbox could not be started although it should: the grader's fault, never a student's."""


class Gone(RuntimeError):
    """The student's process is dead, or was ended because it broke the protocol."""


class TooSlow(Gone):
    """The student's process did not answer in time and was ended."""


class Waited(TooSlow):
    """It used little processor time meanwhile: it slept, or others had the processors."""


class Process(Protocol):
    """A student's process: ask it, and end it."""

    def ask(self, request: Request, seconds: float) -> Reply: ...

    def ask_all(self, requests: Sequence[bytes], seconds: float, budget: Budget | None = None) -> Iterator[bytes]: ...

    @property
    def charged(self) -> float: ...

    def end(self) -> None: ...


class Lane(Protocol):
    """Makes fresh processes, each with nothing of any other submission in it."""

    def open(self, *, figures: Figures = "none") -> Process: ...


@dataclass(slots=True)
class Child:
    """A process at the other end of a socket pair, and how to stop it."""

    channel: Channel
    stop: Callable[[], None]
    complaint: Callable[[], str] = str
    """The last line of what it said before it was ready, as far as that can be heard."""
    ended: bool = False
    pid: int | None = None
    """Its number for us, where the kernel says it."""

    @property
    def charged(self) -> float:
        """The seconds that count against limits, over all replies so far."""
        return self.channel.charged

    def ask(self, request: Request, seconds: float) -> Reply:
        """The reply to one request. Raises `TooSlow` or `Gone`, and then the process is dead.

        Raises `Unencodable` for a request that cannot be sent: that is a fault of whoever asks."""
        (message,) = self.ask_all([pack(request)], seconds)
        try:
            return read(message)
        except Gone:
            self.end()
            raise

    def ask_all(self, requests: Sequence[bytes], seconds: float, budget: Budget | None = None) -> Iterator[bytes]:
        """The replies to requests, in order, each within this time and all within the budget, not looked into yet.
        Raises as `ask`."""
        if self.ended:
            raise Gone("the process was ended before")
        try:
            yield from self.channel.ask_all(requests, seconds, budget)
        except Deadline as error:
            self.end()
            raise (Waited if error.waited else TooSlow)(str(error)) from error
        except WireError as error:
            self.end()
            raise Gone(str(error)) from error

    def ready(self, seconds: float) -> Child:
        """Itself, once it says that it waits for requests. Raises `Broken`."""
        self.pid = pid = self.channel.sender(seconds)
        self.channel.stopwatch = lambda: Stopwatch(pid)
        try:
            unpack(self.channel.receive(seconds)[1], Ready)
        except WireError as error:
            raise Broken(f"The sandbox did not start: {self.complain() or error}") from error
        return self

    def complain(self) -> str:
        """What a process that did not start said. Ends it."""
        said = self.complaint()
        self.end()
        return said

    def end(self) -> None:
        """Kill it with all its descendants and wait until the last of them has let go of the socket."""
        if self.ended:
            return
        self.ended = True
        self.stop()
        with contextlib.suppress(WireError):
            self.channel.drain(5.0)
        self.channel.close()


def read(message: bytes) -> Reply:
    """What a reply says. Raises `Gone`: a process that sends anything else has to be ended."""
    try:
        return unpack(message, Reply)
    except WireError as error:
        raise Gone(str(error)) from error


@dataclass(frozen=True, slots=True)
class ColdLane:
    """One new sandbox a process."""

    way: Bubblewrap
    policy: Policy = field(default_factory=Policy)

    def open(self, *, figures: Figures = "none") -> Process:
        return self.start(self.policy.with_figures(figures)).ready(self.policy.limits.start_seconds)

    def start(self, policy: Policy) -> Child:
        """A process beyond the wall that has not said yet whether it is ready. Raises `Broken`, `NoSeccomp`."""
        ours, theirs = pair()
        with theirs:
            return _child(start_sandbox(self.way, policy, theirs), ours)

    def close(self) -> None:
        """Nothing is kept between processes."""


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
    modules = libraries.modules(policy.packages) if policy.warm else ()
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
