"""A student's process, as it is seen from this side: asked, and ended, however it was made."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Protocol

from autograder.wall.both.protocol import Reply, Request
from autograder.wall.both.stopwatch import Budget
from autograder.wall.both.wire import WireError, unpack
from autograder.wall.outside.policy import Figures


class NoWall(RuntimeError):
    """No sandbox can be made here. The message says what to do."""


class Unfit(NoWall):
    """Nothing should run here at all, with a sandbox or without."""


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

    @property
    def threads(self) -> int: ...

    def end(self) -> None: ...


class Lane(Protocol):
    """Makes fresh processes, each with nothing of any other submission in it."""

    def open(self, *, figures: Figures = "none") -> Process: ...


def read(message: bytes) -> Reply:
    """What a reply says. Raises `Gone`: a process that sends anything else has to be ended."""
    try:
        return unpack(message, Reply)
    except WireError as error:
        raise Gone(str(error)) from error
