"""Every unit of the course, read once, and executed at most once as the instructor's and once as the student's."""

from __future__ import annotations

import functools
import os
import shutil
import time
from dataclasses import dataclass
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

from autograder.notebooks import build

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Run:
    """An executed notebook, and how long that took."""

    notebook: nbformat.NotebookNode
    seconds: float


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "unit" in metafunc.fixturenames:
        metafunc.parametrize("unit", build.units(ROOT))


@functools.cache
def _lesson(unit: str) -> nbformat.NotebookNode:
    return build.notebook(ROOT / "course" / unit / f"{unit}.md")


@functools.cache
def _run(station: str, unit: str, folder: Path) -> Run:
    notebook = nbformat.read(ROOT / station / unit / f"{unit}.ipynb", as_version=4)
    for path in (ROOT / station / unit).iterdir():
        if path.is_file() and path.suffix != ".ipynb":
            shutil.copyfile(path, folder / path.name)
    start = time.monotonic()
    client = NotebookClient(notebook, timeout=60, kernel_name="python3", resources={"metadata": {"path": str(folder)}})
    # An instructor reads everything; a student's untouched notebook waits for guesses.
    client.execute(env={**os.environ, "LESSON_OPEN": str(int(station == "source"))})
    return Run(notebook, time.monotonic() - start)


@pytest.fixture(scope="session")
def root() -> Path:
    return ROOT


@pytest.fixture
def lesson(unit: str) -> nbformat.NotebookNode:
    """The unit as an instructor's notebook that was not executed."""
    return _lesson(unit)


@pytest.fixture(scope="session")
def _folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("reader")


@pytest.fixture
def instructor_run(unit: str, _folder: Path) -> Run:
    return _run("source", unit, _folder)


@pytest.fixture
def student_run(unit: str, _folder: Path) -> Run:
    return _run("release", unit, _folder)
