"""A course folder, and what grades it: commands, in this process or in their own, schedulers, workers."""

from __future__ import annotations

import contextlib
import ctypes
import gc
import io
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from unittest import mock

import miniature
import pytest
import sqlalchemy as sa
from nbgrader.apps.nbgraderapp import NbGraderApp
from traitlets.config import Application

from autograder.__main__ import main

ROOT = Path(__file__).resolve().parents[1]
UNIT = miniature.UNIT
QUICK = {"DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES": "1"}


@dataclass(frozen=True)
class Course:
    root: Path
    environment: dict[str, str] = field(default_factory=dict)
    url: str = ""
    unit: str = UNIT
    scheduler: str = ""
    """Of the cluster that all tests share."""

    @property
    def database(self) -> str:
        return self.url or f"sqlite:///{self.root / 'gradebook.db'}"

    def submit(self, student: str, made: miniature.Notebook | bytes, **sidecars: str) -> None:
        folder = self.root / "submitted" / student / self.unit
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"{self.unit}.ipynb").write_bytes(made if isinstance(made, bytes) else json.dumps(made).encode())
        for name, text in sidecars.items():
            (folder / f"{name}.txt").write_text(text)

    def command(self, *arguments: str) -> list[str]:
        return [sys.executable, "-m", "autograder", *arguments]

    def start(self, *arguments: str, **options: Any) -> subprocess.Popen[str]:
        """`autograder grade` in a process group of its own, so that a signal reaches it alone."""
        return subprocess.Popen(
            self.command("grade", self.unit, *arguments),
            cwd=self.root,
            env={**os.environ, **self.environment},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
            **options,
        )

    def grade(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """What `autograder grade` does, in this process and with the cluster that all tests share."""
        theirs = () if "--scheduler" in arguments else ("--scheduler", self.scheduler)
        return self.here("grade", self.unit, *theirs, *arguments)

    def here(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """What one of our commands does, in this process."""
        with mock.patch.object(sys, "argv", ["autograder", *arguments]):
            return here(main, self.root, list(arguments))

    def grade_apart(self, *arguments: str, **options: Any) -> subprocess.CompletedProcess[str]:
        """The same as a process with workers of its own."""
        process = self.start(*arguments, **options)
        try:
            out, err = process.communicate(timeout=300)
        except subprocess.TimeoutExpired:
            process.kill()
            out, err = process.communicate()
            pytest.fail(f"it did not end: {out}\n{err}")
        return subprocess.CompletedProcess(process.args, process.returncode, out, err)

    def nbgrader(self, *arguments: str) -> None:
        done = nbgrader(self.root, *arguments)
        assert done.returncode == 0, done.stderr

    def ledger(self) -> dict[str, dict[str, Any]]:
        """The entries by student."""
        files = (self.root / ".autograder" / "ledger" / self.unit).glob("*.json")
        return {entry["student"]: entry for entry in map(_read, files) if entry}

    def scores(self) -> dict[str, float | None]:
        """Each student's automatic points, None where one waits; fails where a student is there twice."""
        with sa.create_engine(self.database, poolclass=sa.NullPool).connect() as connection:
            rows = connection.execute(
                sa.text(
                    "select w.student_id, g.auto_score, c.name from submitted_assignment w "
                    "join submitted_notebook n on n.assignment_id = w.id join grade g on g.notebook_id = n.id "
                    "join base_cell c on c.id = g.cell_id"
                )
            ).all()
        found: dict[str, dict[str, float | None]] = {}
        for student, score, cell in rows:
            assert cell not in found.setdefault(student, {}), f"{student} is there twice"
            if cell.startswith("test_"):
                found[student][cell] = score
        return {student: None if None in s.values() else sum(s.values()) for student, s in found.items()}

    @property
    def most(self) -> float:
        return sum(task.points for task in miniature.unit(self.unit).tasks if task.kind != "manual")


def nbgrader(root: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """What the command `nbgrader` does in this folder, in this process, as the formgrader does it in its own."""

    def run() -> None:
        try:
            NbGraderApp.launch_instance(list(arguments))
        finally:
            type(Application.instance()).clear_instance()  # there is one at a time, of the subcommand's class
            gc.collect()  # it leaves its connection to the database to this, which a process of its own would end

    return here(run, root, list(arguments))


def here(command: Callable[[], object], root: Path, given: list[str]) -> subprocess.CompletedProcess[str]:
    """A command's status, and what it says, as if it were a process that was started in this folder."""
    out, err, status = io.StringIO(), io.StringIO(), 0
    with contextlib.chdir(root), contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        try:
            command()
        except SystemExit as end:
            status = end.code if isinstance(end.code, int) else int(end.code is not None)
    return subprocess.CompletedProcess(given, status, out.getvalue(), err.getvalue())


def _read(path: Path) -> dict[str, Any] | None:
    try:
        return json.loads(path.read_bytes())
    except (OSError, ValueError):
        return None


def until(happened: Callable[[], Any], process: subprocess.Popen[str] | None = None, seconds: float = 120.0) -> Any:
    """Wait for something that another process does."""
    end = time.monotonic() + seconds
    while not (result := happened()):
        if process is not None and process.poll() is not None:
            pytest.fail(f"it ended too early: {process.communicate()}")
        assert time.monotonic() < end, "it never happened"
        time.sleep(0.02)
    return result


def _end_with_us() -> None:
    """A run of the tests that is killed leaves no cluster behind."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(1, signal.SIGKILL, 0, 0, 0)  # PR_SET_PDEATHSIG


@contextlib.contextmanager
def running(command: list[str], environment: dict[str, str]) -> Iterator[subprocess.Popen[str]]:
    """A process of its own group, ended with all that it started."""
    process = subprocess.Popen(
        command,
        env={**os.environ, **environment},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        text=True,
        start_new_session=True,
        preexec_fn=_end_with_us,
    )
    try:
        yield process
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


@dataclass(frozen=True)
class Cluster:
    address: str
    scheduler: subprocess.Popen[str]
    workers: list[subprocess.Popen[str]]


@contextlib.contextmanager
def cluster(
    folder: Path, workers: int = 2, memory: str = "auto", environment: Mapping[str, str] | None = None
) -> Iterator[Cluster]:
    """A scheduler and workers as somebody would start them by hand, each a process of its own."""
    told = folder / "scheduler.json"
    environment = {**QUICK, "TMPDIR": str(folder), **(environment or {})}
    protocol = ["--protocol", "tls"] if len(environment) > 2 else []
    dask = [sys.executable, "-m", "dask"]
    with contextlib.ExitStack() as stack:
        command = [*dask, "scheduler", *protocol, "--host", "127.0.0.1", "--port", "0", "--no-dashboard", "--no-show"]
        command += ["--scheduler-file", str(told)]
        scheduler = stack.enter_context(running(command, environment))
        address = until(lambda: told.exists() and _read(told), scheduler)["address"]
        started = []
        for number in range(workers):
            place = folder / f"worker-{number}"
            place.mkdir()
            command = [*dask, "worker", address, "--host", "127.0.0.1", "--nthreads", "1", "--no-dashboard"]
            command += ["--memory-limit", memory, "--local-directory", str(place)]
            started.append(stack.enter_context(running(command, environment)))
        yield Cluster(address, scheduler, started)
