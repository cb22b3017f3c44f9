"""A student's process at the other end of a socket pair."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from autograder.wall.both.channel import Channel
from autograder.wall.both.protocol import Ready, Reply, Request
from autograder.wall.both.stopwatch import Budget, Stopwatch
from autograder.wall.both.wire import Deadline, WireError, pack, unpack
from autograder.wall.outside.process import Broken, Gone, TooSlow, Waited, read


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

    @property
    def threads(self) -> int:
        """How many threads it has, 1 where that is not known."""
        try:
            return len(os.listdir(f"/proc/{self.pid}/task"))
        except OSError:
            return 1

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
