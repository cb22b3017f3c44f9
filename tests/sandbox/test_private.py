"""What is written down for a while, or remembered, lies where nobody else can put something in its place."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest
from courses import ROOT

from autograder.wall.outside import installed, libraries, private
from autograder.wall.outside.policy import PACKAGES

STRANGER = 65534

as_root = pytest.mark.skipif(os.getuid() != 0, reason="only root can make a folder of somebody else's")


@pytest.fixture
def temp(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "above" / "temp"
    folder.mkdir(parents=True)
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    return folder


@pytest.mark.parametrize(("mode", "safe"), [(0o700, True), (0o1777, True), (0o777, False), (0o775, False)])
@pytest.mark.parametrize("where", ["itself", "above"])
def test_temporary_files_lie_where_nobody_else_may_rename_them(temp: Path, mode: int, safe: bool, where: str) -> None:
    place = temp if where == "itself" else temp.parent
    place.chmod(mode)
    assert (private.trouble() == "") is safe
    assert safe or f"chmod +t {place}" in private.trouble()


@as_root
def test_a_folder_of_somebody_else_is_not_safe(temp: Path) -> None:
    os.chown(temp.parent, STRANGER, STRANGER)
    assert str(temp.parent) in private.trouble()


@pytest.mark.parametrize("command", [["check", "source/02-rmse/02-rmse.ipynb"], ["doctor"]])
def test_where_they_may_nothing_is_run_and_one_sentence_says_why(temp: Path, command: list[str]) -> None:
    temp.chmod(0o777)
    environment = {**os.environ, "TMPDIR": str(temp), "COLUMNS": "1000"}
    done = subprocess.run(
        [sys.executable, "-m", "autograder", *command], cwd=ROOT, env=environment, capture_output=True, text=True
    )
    assert done.returncode == (2 if command[0] == "check" else 1)
    assert "Nothing is run here. Set TMPDIR" in " ".join(done.stdout.split())
    assert "Traceback" not in done.stderr
    assert list(temp.iterdir()) == []


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder for what is remembered, with a list of fonts in it that somebody has put there."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    folder = tmp_path / "autograder" / "fonts"
    folder.mkdir(parents=True, mode=0o700)
    (folder / f"fontlist-{installed.versions(PACKAGES)['matplotlib']}.json").write_text('{"planted": 1}')
    return folder


def fonts() -> str:
    return libraries.font_list.__wrapped__()


def test_what_is_remembered_is_read_where_it_is_ours(home: Path) -> None:
    assert "planted" in fonts()


@pytest.mark.parametrize("mode", [0o755, 0o770, 0o777])
def test_what_others_may_have_written_is_not_read(home: Path, mode: int) -> None:
    home.chmod(mode)
    assert "planted" not in fonts()
    home.chmod(0o700)
    home.parent.chmod(0o777)
    assert "planted" not in fonts()


@as_root
def test_what_somebody_else_has_made_is_not_read(home: Path) -> None:
    os.chown(home, STRANGER, STRANGER)
    assert "planted" not in fonts()
