"""What a killed run leaves in the temporary folder is removed by the next, and nothing else is."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from autograder.classes.scratch import scratch

RUN = """
from autograder.classes.scratch import scratch

with scratch() as folder:
    print(folder, flush=True)
    input()
"""


@pytest.fixture(autouse=True)
def temp(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr(tempfile, "tempdir", None)
    return tmp_path


def test_a_folder_goes_with_its_run_or_with_the_next() -> None:
    with subprocess.Popen([sys.executable, "-c", RUN], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as run:
        assert run.stdout is not None
        folder = Path(run.stdout.readline().strip())
        (folder / "worker").mkdir()
        (folder / "worker" / "spilled").write_text("x")
        with scratch() as other:
            assert folder.is_dir(), "that run goes on"
        assert not other.exists()
        run.send_signal(signal.SIGKILL)
        run.wait()
        assert folder.is_dir()
        with scratch():
            assert not folder.exists()


def test_what_only_looks_like_one_stays(temp: Path) -> None:
    """Fails where a link is followed, or a folder without a run's lock is taken for a run's."""
    elsewhere = temp / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "running").write_text("")
    (temp / "autograder-run-link").symlink_to(elsewhere)
    (temp / "autograder-run-bare").mkdir()
    (temp / "autograder-run-file").write_text("")
    (temp / "autograder-demo-x").mkdir()
    (temp / "autograder-demo-x" / "running").write_text("")
    before = sorted(temp.rglob("*"))
    with scratch():
        pass
    assert sorted(temp.rglob("*")) == before


@pytest.mark.skipif(not hasattr(os, "getuid") or os.getuid() != 0, reason="only root can make another user's folder")
def test_another_users_folder_stays(temp: Path) -> None:
    theirs = temp / "autograder-run-theirs"
    theirs.mkdir()
    (theirs / "running").write_text("")
    os.chown(theirs, 65534, 65534)
    with scratch():
        pass
    assert (theirs / "running").exists()
