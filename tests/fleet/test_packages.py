"""A package that is installed and broken: each command says so in one sentence, and nobody loses a point for it."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import miniature
import pytest
from courses import UNIT, Course


def run(course: Course, folder: Path, *arguments: str) -> tuple[int, str]:
    """The exit status, and all that was said, in one line."""
    environment = {**os.environ, **course.environment, "COLUMNS": "1000"}
    environment["PYTHONPATH"] = os.pathsep.join([str(folder), environment["PYTHONPATH"]])
    done = subprocess.run(course.command(*arguments), cwd=course.root, env=environment, capture_output=True, text=True)
    assert "Traceback" not in done.stdout + done.stderr
    return done.returncode, " ".join((done.stdout + done.stderr).split())


def broken(folder: Path, name: str) -> Path:
    """A folder with a package of this name that stands before the right one."""
    (folder / name).mkdir(parents=True)
    (folder / name / "__init__.py").write_text('raise ImportError("libgone.so.3: cannot open shared object file")\n')
    (folder / f"{name}-9.9.dist-info").mkdir()
    (folder / f"{name}-9.9.dist-info" / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 9.9\n")
    (folder / f"{name}-9.9.dist-info" / "RECORD").write_text(f"{name}/__init__.py,,\n")
    return folder


@pytest.mark.parametrize("name", ["matplotlib", "numpy", "own_tools"])
def test_a_broken_package_is_named_in_one_sentence(course: Course, tmp_path: Path, name: str) -> None:
    """One that each sandbox needs, one that the grader needs itself, and one that only this course has."""
    folder = broken(tmp_path / "site-packages", name)
    with (course.root / "autograder.toml").open("a") as settings:
        settings.write(f"packages = {['numpy', 'matplotlib', *({name} - {'numpy', 'matplotlib'})]!r}\n")
    course.submit("ada", miniature.notebook())
    submitted = f"submitted/ada/{UNIT}/{UNIT}.ipynb"
    for arguments, status in ((("doctor",), {1, 2}), (("check", submitted), {2}), (("grade", UNIT), {2})):
        code, said = run(course, folder, *arguments)
        assert code in status, said
        assert f"{name} is installed here and cannot be imported" in said or f"{name} cannot be imported" in said
        assert "libgone.so.3" in said
        assert f"pip install --force-reinstall {name}" in said
    assert not course.ledger()
