"""A grader that stands by for a kernel: one process that checks one notebook after the other, as the command does.

To start it takes as long as one check in a terminal. After that a check waits for no imports, and for no process beyond
the wall either, since the next one is started as soon as one was given out. It ends with the kernel, or after a while
in which nobody asked for anything.

The two ends of its pipes are both here: a line of JSON for each question, and the Report as one line in return.
"""

from __future__ import annotations

import contextlib
import json
import os
import queue
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable
from pathlib import Path
from typing import IO, TypedDict

import msgspec

_PATIENCE = 5.0
"""Seconds of silence before somebody who waits is told what for; and for a process to end by itself."""

_IDLE = 900.0
"""Seconds after which a grader that nobody asks anything ends."""


class Question(TypedDict):
    """What is to be checked: a task of a unit, in a notebook."""

    notebook: str
    unit: str
    task: str
    course: str


class NoAnswer(Exception):
    """The grader ended. The message is its last word."""


class Standby:
    """The kernel's end. The process is started with the first question, and again where it has ended."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None
        self._errors: IO[bytes] | None = None

    def ask(self, question: Question, waiting: Callable[[], None]) -> bytes:
        """The Report as JSON. Calls `waiting` once where that takes long. Raises `NoAnswer`. An interrupt ends the
        process, with all that it has started."""
        answer = b""
        try:
            answer = self._said(question, waiting)
        except BrokenPipeError:
            pass  # it ended when it had nothing to do, or was ended
        except BaseException:
            self.stop()
            raise
        if not answer:
            raise NoAnswer(self.stop())
        return answer

    def stop(self) -> str:
        """End the process. Returns the last line of what it complained about."""
        process, errors, self._process, self._errors = self._process, self._errors, None, None
        if process is None or errors is None:
            return ""
        if process.stdin is not None:
            with contextlib.suppress(OSError):
                process.stdin.close()
        if process.poll() is None:
            process.send_signal(signal.SIGINT if sys.platform != "win32" else signal.SIGTERM)
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(timeout=_PATIENCE)
            process.kill()
            process.wait()
        with errors:
            errors.seek(0)
            lines = errors.read().decode("utf-8", "replace").strip().splitlines()
        return lines[-1] if lines else ""

    def _said(self, question: Question, waiting: Callable[[], None]) -> bytes:
        if self._process is None or self._process.poll() is not None:
            self.stop()
            self._start()
        assert self._process is not None
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(question).encode() + b"\n")
        self._process.stdin.flush()
        arrived: queue.SimpleQueue[bytes] = queue.SimpleQueue()
        read = self._process.stdout.readline
        threading.Thread(target=lambda: arrived.put(read()), daemon=True).start()
        try:
            return arrived.get(timeout=_PATIENCE)
        except queue.Empty:
            waiting()
            return arrived.get()

    def _start(self) -> None:
        # In a session of its own: an interrupt is for the kernel, which then ends this process.
        self._errors = tempfile.TemporaryFile()  # noqa: SIM115 - it stays open as long as the process
        self._process = subprocess.Popen(
            [sys.executable, "-I", "-m", "autograder.screens.standby"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._errors,
            start_new_session=True,
        )


def serve() -> None:
    """The grader's end: answer until the kernel hangs up, or for so long that nobody seems to be there."""
    from autograder.screens.check import Checker

    questions: queue.SimpleQueue[bytes] = queue.SimpleQueue()
    lines = os.fdopen(os.dup(0), "rb")
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # whatever prints something here does not answer anything
    reader = threading.Thread(target=_read, args=(lines, questions), daemon=True)
    reader.start()
    with contextlib.closing(Checker()) as checker:
        while True:
            try:
                line = questions.get(timeout=_IDLE)
            except queue.Empty:
                return
            if not line:
                return
            asked: Question = json.loads(line)
            report, _ = checker.check(
                Path(asked["notebook"]), Path(asked["course"]), unit=asked["unit"], only=asked["task"], own=lambda: True
            )
            answers.write(msgspec.json.encode(report) + b"\n")
            answers.flush()
            checker.prepare()


def _read(lines: IO[bytes], questions: queue.SimpleQueue[bytes]) -> None:
    for line in lines:
        questions.put(line)
    questions.put(b"")


if __name__ == "__main__":
    with contextlib.suppress(KeyboardInterrupt):
        serve()
