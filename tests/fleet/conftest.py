"""Real course folders with real databases, graded by real workers."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator
from multiprocessing import resource_tracker
from pathlib import Path

import miniature
import pytest
from courses import QUICK, ROOT, UNIT, Course, cluster

from autograder.notebooks import units
from autograder.wall.outside import doctor


@pytest.fixture(scope="session", autouse=True)
def _environment() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PATH", f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}")
        patch.setenv("JUPYTER_NO_CONFIG", "1")
        patch.setenv("PYTHONPATH", str(ROOT))
        yield


@pytest.fixture(scope="session")
def fresh(tmp_path_factory: pytest.TempPathFactory, _environment: None) -> Path:
    root = tmp_path_factory.mktemp("fresh") / "course"
    root.mkdir()
    shutil.copytree(ROOT / "source", root / "source", ignore=shutil.ignore_patterns("__pycache__", ".*"))
    shutil.copy(ROOT / "nbgrader_config.py", root)
    (root / "autograder.toml").write_text(f"units = {str(ROOT / 'course')!r}\n")
    Course(root).nbgrader("generate_assignment", UNIT)
    return root


@pytest.fixture(scope="session")
def scheduler(fresh: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a cluster that lives as long as the tests. It is warm, as is the lane of this process, and the
    process that Python starts once beside all others runs, so that no test takes these for something left behind."""
    resource_tracker.ensure_running()
    doctor.fastest(units.packages(ROOT)).open().end()
    folder = tmp_path_factory.mktemp("cluster")
    with cluster(folder, workers=1) as theirs:
        first = Course(tmp_path_factory.mktemp("first") / "course", scheduler=theirs.address)
        shutil.copytree(fresh, first.root)
        first.submit("ada", miniature.blank())
        done = first.grade()
        assert done.returncode == 0, done.stderr
        yield theirs.address


@pytest.fixture
def course(fresh: Path, scheduler: str, tmp_path: Path, nothing_left: None) -> Course:
    """A course folder with nothing handed in, whose commands leave no process and no temporary file."""
    shutil.copytree(fresh, tmp_path / "course")
    (tmp_path / "temp").mkdir()
    return Course(tmp_path / "course", {**QUICK, "TMPDIR": str(tmp_path / "temp")}, scheduler=scheduler)
