"""One submission's life beyond the wall: its cells are run once, then its functions are called.

A cell or a call that hangs, or ends the process, costs itself and nothing else: the process is made anew, the other
cells run again, and the guilty one is left out.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from autograder.outputs import MAX_BYTES, Output, clean_outputs
from autograder.sandbox.lane import Gone, Lane, Process, TooSlow
from autograder.sandbox.policy import Limits
from autograder.submission import Submission
from autograder.text import one_line


class StudentError(Exception):
    """The student's function raised something that is no ValueError."""

    def __init__(self, raised: Raised) -> None:
        super().__init__(raised.kind)
        self.raised = raised


class StudentValueError(StudentError, ValueError):
    """The student's function raised a ValueError."""


class Timeout(Exception):
    """The student's function did not return in time."""


class Ended(Exception):
    """The student's function ended its own process, or broke the protocol."""


class NotThere(Exception):
    """There is nothing of that name, or nothing that can be called."""


@dataclass(frozen=True, slots=True)
class Raised:
    """An exception in a student's code. Message and line are the student's and may be shown only where no hidden input
    was in play."""

    kind: str
    kinds: tuple[str, ...]
    message: str
    line: str


@dataclass(frozen=True, slots=True)
class Unusable:
    """What stands for a returned value that cannot cross the wall. Equal to nothing, and to no number."""

    category: str


@dataclass(frozen=True, slots=True)
class CellRun:
    """What became of one cell."""

    state: Literal["ran", "raised", "timeout", "ended", "left out"]
    outputs: tuple[Output, ...] = ()
    raised: Raised | None = None


class Session:
    """Runs a submission in processes of a lane. Use as a context manager, so that none of them outlives it."""

    def __init__(
        self, lane: Lane, submission: Submission, files: Mapping[str, bytes], limits: Limits, *, figures: bool = False
    ) -> None:
        self._lane = lane
        self._submission = submission
        self._files = {name: np.frombuffer(data, np.uint8) for name, data in files.items()}
        self._limits = limits
        self._figures = figures
        self._process: Process | None = None
        self._left_out: dict[int, Literal["timeout", "ended"]] = {}
        self._stopped: dict[str, type[Timeout] | type[Ended]] = {}
        self._spent: dict[str, float] = {}
        self._starts = 0
        self._room = MAX_BYTES
        self.runs: dict[int, CellRun] = {}

    def __enter__(self) -> Session:
        self.load()
        return self

    def __exit__(self, *_: object) -> None:
        if self._process is not None:
            self._process.end()
            self._process = None

    def load(self) -> None:
        """Run the cells, and run them again without the one that ended the process, until a process is left standing.

        Raises `Ended` where that takes more processes than the limits allow."""
        first = not self.runs
        while True:
            if self._starts > self._limits.restarts:
                raise Ended("the submission ended its process too often")
            self._starts += 1
            self._process = self._lane.open(figures=self._figures and first)
            if self._files:
                self._process.ask({"op": "files", "files": self._files}, self._limits.start_seconds)
            if self._run_cells(self._process, keep=first):
                return

    def call(self, name: str, args: tuple[object, ...], kwargs: Mapping[str, object], *, after: bool = False) -> Any:
        """What the function returns, or with `after` its positional arguments as they are after the call.

        Raises StudentError or StudentValueError, Timeout, Ended, NotThere."""
        if name in self._stopped:
            raise self._stopped[name](name)
        began = time.monotonic()
        request = {"op": "call", "name": name, "args": list(args), "kwargs": dict(kwargs), "after": after}
        try:
            reply = self._ask(request, self._limits.call_seconds)
        except TooSlow as error:
            self._stopped[name] = Timeout
            raise Timeout(name) from error
        except Gone as error:
            self._stopped[name] = Ended
            raise Ended(name) from error
        self._spent[name] = self._spent.get(name, 0.0) + time.monotonic() - began
        if self._spent[name] > self._limits.function_seconds:
            self._stopped[name] = Timeout
        return self._value(reply, name, "after" if after else "value")

    def answer(self, name: str) -> Any:
        """The value of a variable. Raises NotThere."""
        try:
            return self._value(self._ask({"op": "answer", "name": name}, self._limits.call_seconds), name, "value")
        except Gone as error:
            raise Ended(name) from error

    def describe(self, name: str) -> tuple[bool, tuple[str, ...] | None]:
        """Whether the name can be called, and the names of its parameters where they are known."""
        try:
            reply = self._ask({"op": "describe", "name": name}, self._limits.call_seconds)
        except Gone as error:
            raise Ended(name) from error
        parameters = reply.get("parameters")
        known = isinstance(parameters, list) and all(isinstance(item, str) for item in parameters)
        return reply.get("callable") is True, tuple(map(one_line, parameters)) if known else None

    def _ask(self, request: dict[str, object], seconds: float) -> dict[str, object]:
        if self._process is None:
            self.load()
        assert self._process is not None
        try:
            return self._process.ask(request, seconds)
        except Gone:
            self._process = None
            raise

    def _run_cells(self, process: Process, *, keep: bool) -> bool:
        """Run every cell that may run. Returns False where the process did not survive one of them."""
        end = time.monotonic() + self._limits.load_seconds
        for index, cell in enumerate(self._submission.cells):
            if cell.type != "code" or not cell.runs or index in self._left_out or not cell.source.strip():
                continue
            seconds = min(self._limits.cell_seconds, end - time.monotonic())
            if seconds <= 0:
                self.runs.setdefault(index, CellRun("left out"))
                continue
            try:
                reply = process.ask({"op": "run", "source": cell.source}, seconds)
            except TooSlow:
                self._left_out[index], self.runs[index] = "timeout", CellRun("timeout")
                return False
            except Gone:
                self._left_out[index], self.runs[index] = "ended", CellRun("ended")
                return False
            if keep or index not in self.runs:
                raised = _raised(reply.get("error"))
                outputs = clean_outputs(reply.get("outputs"), self._room)
                self._room -= getattr(reply.get("outputs"), "size", 0) if outputs else 0
                self.runs[index] = CellRun("raised" if raised else "ran", outputs, raised)
        return True

    def _value(self, reply: dict[str, object], name: str, key: str) -> Any:
        if "raised" in reply:
            raised = _raised(reply["raised"])
            if raised is not None:
                raise (StudentValueError if "ValueError" in raised.kinds else StudentError)(raised)
        if key in reply:
            return reply[key]
        if "missing" in reply:
            raise NotThere(name)
        category = reply.get("unencodable")
        return Unusable(category if category in ("complex", "object array", "too large") else "other")


def _raised(data: object) -> Raised | None:
    """An exception as the process beyond the wall describes it; anything odd becomes an exception without words."""
    if data is None:
        return None
    fields = data if isinstance(data, dict) else {}
    kinds = fields.get("kinds")
    names = tuple(kind for kind in kinds if isinstance(kind, str)) if isinstance(kinds, list) else ()
    message, line = fields.get("message"), fields.get("line")
    return Raised(
        kind=one_line(names[0], 60) if names else "Exception",
        kinds=names,
        message=one_line(message, 300) if isinstance(message, str) else "",
        line=one_line(line, 160) if isinstance(line, str) else "",
    )
