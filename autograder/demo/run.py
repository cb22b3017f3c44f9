"""A small real class, graded from start to end as an instructor would: nbgrader's own commands in a scratch folder."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from autograder.demo.crowd import Maker
from autograder.demo.students import HandIn, hand_ins
from autograder.notebooks import assignment, units
from autograder.notebooks.assignment import Assignment

SIZE, _SEED = 40, 1
"""Of the class that the report is about, and what makes it the same each time."""


class DemoFailed(RuntimeError):
    """A step of the demo failed. The message holds what the command said."""


class NothingToShow(LookupError):
    """The course has no assignment that could be graded. The message says what to do."""


@dataclass(frozen=True, slots=True)
class Row:
    """One student's result in one assignment, as the gradebook and the autograded notebook have it."""

    hand_in: HandIn
    score: float
    max_score: float
    needs_manual_grade: bool
    states: tuple[tuple[str, str], ...]
    """The automatic cells that did not pass, and their states."""
    misconceptions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ClassResult:
    assignment: Assignment
    rows: tuple[Row, ...]
    seconds: float
    more: int = 0
    """Students of whom only the report tells."""


@dataclass(frozen=True, slots=True)
class Shown:
    """What the demo has to show."""

    folder: Path
    results: tuple[ClassResult, ...]
    understood: str
    """What `autograder report` said about the first assignment, and where its page is."""

    @property
    def size(self) -> int:
        """The class of the first assignment."""
        return len(self.results[0].rows) + self.results[0].more


def run(folder: Path | None, console: Console, course: Path) -> Shown:
    """Make the class in `folder` (default: a new scratch folder), grade it, and tell what came of it.

    Raises `DemoFailed`, `NothingToShow`, and `FileExistsError` where the folder holds something already."""
    names = tuple(name for name in assignment.names(course) if units.has(course, name))
    if not names:
        raise NothingToShow(f"No assignment of {course} that is released has hidden tests. Run: autograder build")
    folder = _empty(folder)
    for path in (
        course / "source",
        course / units.CONFIGURATION,
        course / units.SECOND_CONFIGURATION,
        course / units.SETTINGS,
    ):
        if path.exists():
            _copy(path, folder / path.name)
    (folder / "exchange").mkdir()  # without it the formgrader has no buttons for it
    (folder / "exchange").chmod(0o777)  # as nbgrader has it
    if units.folder(folder) != units.folder(course):
        _copy(units.folder(course), units.folder(folder))
    results: list[ClassResult] = []
    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=console, transient=True) as progress:
        for name in names:
            bar = progress.add_task(f"{name}: releasing", total=None)
            _nbgrader(folder, "generate_assignment", name)
            unit = assignment.load(name, folder)
            functions = any(task.kind == "function" for task in unit.tasks)
            handed_in = tuple(hand_ins(unit, folder, hostile=functions and not results))
            more = () if results else tuple(_more(unit, folder, SIZE - len(handed_in)))
            everybody = (*handed_in, *more)
            for hand_in in everybody:
                path = folder / "submitted" / hand_in.student / name / f"{name}.ipynb"
                path.parent.mkdir(parents=True)
                path.write_bytes(hand_in.data)
            progress.update(bar, description=f"{name}: nbgrader autograde", total=len(everybody))
            began = time.monotonic()
            for done, _ in enumerate(_graded(folder, name), start=1):
                progress.update(bar, completed=min(done, len(everybody)))
            seconds = time.monotonic() - began
            progress.update(bar, description=f"{name}: feedback")
            _nbgrader(folder, "generate_feedback", name)
            progress.remove_task(bar)
            results.append(ClassResult(unit, tuple(_rows(folder, unit, handed_in)), seconds, len(more)))
    _nbgrader(folder, "export")
    return Shown(folder, tuple(results), _command(folder, "autograder", "report", names[0]))


def _more(unit: Assignment, course: Path, size: int) -> Iterator[HandIn]:
    """Students who make a class of these few: most of what they do wrong is one of three mistakes."""
    maker = Maker(unit, course)
    for member in maker.crowd(size, seed=_SEED).members:
        yield HandIn(member.id, "one of many", json.dumps(maker.notebook(member)).encode())


def _empty(folder: Path | None) -> Path:
    if folder is None:
        return Path(tempfile.mkdtemp(prefix="autograder-demo-"))
    folder = folder.resolve()
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise FileExistsError(f"{folder} is not an empty folder; the demo overwrites nothing. Name another one.")
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def _copy(source: Path, target: Path) -> None:
    if source.is_dir():
        shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__", ".ipynb_checkpoints"))
    else:
        shutil.copyfile(source, target)


def _environment() -> dict[str, str]:
    """nbgrader makes a new gradebook with the command `alembic`, which it looks for on PATH."""
    here = str(Path(sys.executable).parent)
    return {**os.environ, "PATH": os.pathsep.join([here, os.environ.get("PATH", "")])}


def _nbgrader(folder: Path, *arguments: str) -> None:
    _command(folder, "nbgrader", *arguments)


def _command(folder: Path, program: str, *arguments: str) -> str:
    """Run it in the folder, and return what it said."""
    command = [sys.executable, "-m", program, *arguments]
    done = subprocess.run(command, cwd=folder, env=_environment(), capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise DemoFailed(f"{program} {' '.join(arguments)} failed:\n{done.stderr[-2000:]}")
    return done.stdout


def _graded(folder: Path, name: str) -> Iterator[str]:
    """Run `nbgrader autograde` and yield once for each submission that it has begun to grade."""
    command = [sys.executable, "-m", "nbgrader", "autograde", name]
    said = []
    with subprocess.Popen(
        command, cwd=folder, env=_environment(), stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stderr is not None
        for line in process.stderr:
            said.append(line)
            if "Autograding " in line:
                yield line
    if process.returncode != 0:
        raise DemoFailed(f"nbgrader autograde {name} failed:\n{''.join(said[-30:])}")


def _rows(folder: Path, unit: Assignment, handed_in: tuple[HandIn, ...]) -> Iterator[Row]:
    from nbgrader.api import Gradebook

    with Gradebook(f"sqlite:///{folder / 'gradebook.db'}") as gradebook:
        for hand_in in handed_in:
            submission = gradebook.find_submission(unit.name, hand_in.student)
            notebook = folder / "autograded" / hand_in.student / unit.name / f"{unit.name}.ipynb"
            verdicts = list(_verdicts(notebook))
            yield Row(
                hand_in=hand_in,
                score=submission.score,
                max_score=submission.max_score,
                needs_manual_grade=submission.needs_manual_grade,
                states=tuple((cell, verdict["state"]) for cell, verdict in verdicts if verdict["state"] != "passed"),
                misconceptions=tuple(verdict["misconception"] for _, verdict in verdicts if verdict["misconception"]),
            )


def _verdicts(notebook: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    """The verdict that the autograded notebook shows at each automatic cell."""
    for cell in json.loads(notebook.read_bytes())["cells"]:
        for output in cell.get("outputs", ()):
            verdict = output.get("metadata", {}).get("autograder")
            if verdict is not None:
                yield cell["metadata"]["nbgrader"]["grade_id"], verdict
