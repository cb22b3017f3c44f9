"""Somebody else's machine: the wheel in an environment of its own, and courses that lie outside of the checkout."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import sysconfig
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Machine:
    """An environment that holds the wheel, and of the checkout nothing."""

    bin: Path
    wheel: Path

    def run(
        self, command: str, cwd: Path, environment: Mapping[str, str] | None = None, status: int | None = 0
    ) -> subprocess.CompletedProcess[str]:
        """One line of a shell, as somebody would type it."""
        own = {name: value for name, value in os.environ.items() if name not in ("PYTHONPATH", "VIRTUAL_ENV")}
        # alembic, which nbgrader calls to make a gradebook, is a dependency and lies with the others.
        own["PATH"] = os.pathsep.join([str(self.bin), str(Path(sys.executable).parent), own.get("PATH", "")])
        own |= {"JUPYTER_NO_CONFIG": "1", "JUPYTER_PATH": str(Path(sys.prefix, "share", "jupyter")), "COLUMNS": "200"}
        ran = subprocess.run(
            command,
            shell=True,
            cwd=cwd,
            env={**own, **(environment or {})},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )
        assert status is None or ran.returncode == status, f"{command}: {ran.returncode}\n{ran.stdout}\n{ran.stderr}"
        return ran


@pytest.fixture(scope="session")
def machine(tmp_path_factory: pytest.TempPathFactory) -> Machine:
    """The wheel is built from a copy, so that nothing is left in the checkout."""
    pytest.importorskip("flit_core", reason="builds the wheel")
    folder = tmp_path_factory.mktemp("machine")
    copy = folder / "checkout"
    shutil.copytree(ROOT / "autograder", copy / "autograder", ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("pyproject.toml", "README.md"):
        shutil.copy(ROOT / name, copy)
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--quiet"]
    options = ["--no-deps", "--no-index"]
    _quiet([*pip, "wheel", *options, "--no-build-isolation", "--wheel-dir", str(folder), str(copy)])
    [wheel] = folder.glob("*.whl")
    shutil.rmtree(copy)
    venv = folder / "venv"
    _quiet([sys.executable, "-m", "venv", "--without-pip", str(venv)])
    _quiet([*pip, "--python", str(venv / "bin" / "python"), "install", *options, str(wheel)])
    # What it requires is what is installed here. A folder that a .pth file names is not searched for other .pth files,
    # so the checkout, installed in there as editable, is not found.
    site = Path(sysconfig.get_path("purelib", vars={"base": str(venv), "platbase": str(venv)}))
    (site / "requirements.pth").write_text(f"{sysconfig.get_path('purelib')}\n")
    script = venv / "bin" / "nbgrader"
    script.write_text(f'#!/bin/sh\nexec {venv / "bin" / "python"} -m nbgrader "$@"\n')
    script.chmod(0o755)
    return Machine(venv / "bin", wheel)


def _quiet(command: list[str]) -> None:
    ran = subprocess.run(command, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stdout + ran.stderr
