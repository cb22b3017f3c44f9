"""Other users of this machine may write where temporary files go. Nothing of a run comes near what they put there."""

from __future__ import annotations

import fcntl
import os
import stat
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import miniature
import pytest
from courses import Course

from autograder.classes import fleet
from autograder.nbgrader.flags import Flags
from autograder.nbgrader.ledger import Ledger

STRANGER = 65534


@pytest.fixture
def trap(tmp_path: Path) -> Iterator[Path]:
    """The folder that Dask would take by itself, made by somebody else, open to all, and with its locks held."""
    folder = tmp_path / "temp" / "dask-scratch-space"
    folder.mkdir(parents=True, exist_ok=True)
    with ExitStack() as stack:
        for name in ("global.lock", "purge.lock"):
            file = stack.enter_context((folder / name).open("w"))
            (folder / name).chmod(0o666)
            fcntl.flock(file, fcntl.LOCK_EX)
        folder.chmod(0o777)
        if os.getuid() == 0:
            os.chown(folder, STRANGER, STRANGER)
        os.utime(folder, (0, 0))
        yield folder


def aside(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """This process, and all that it starts, has its temporary files here."""
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    monkeypatch.setenv("TMPDIR", str(folder))


def is_untouched(folder: Path) -> bool:
    """Whether nothing was made in it, not even for a moment."""
    return folder.stat().st_mtime == 0


def test_nothing_is_made_in_a_folder_of_somebody_else(
    course: Course, trap: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Fails where Dask works in a folder whose name anybody knows: who made it first can put modules there, which are
    imported as the one who grades, and can hold its locks for ever."""
    course.submit("ada", miniature.blank())
    aside(trap.parent, monkeypatch)
    for command in ("grade", "feedback"):
        done = course.here(command, miniature.UNIT, "--workers", "1")
        assert done.returncode == 0, done.stdout + done.stderr
        assert is_untouched(trap), command


def test_no_process_imports_from_a_temporary_folder(trap: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Fails where a scheduler or a worker looks for modules where it writes, while it runs or when that is gone."""
    aside(trap.parent, monkeypatch)
    before = list(sys.path)
    with fleet.fleet(None, 1) as client:
        here = list(sys.path)
        [there] = client.run(lambda: list(sys.path)).values()
        place = Path(client.run_on_scheduler(lambda dask_scheduler: dask_scheduler.local_directory))
        [workers] = client.run(lambda dask_worker: dask_worker.local_directory).values()
        private = [folder for folder in place.parents if folder.parent == trap.parent]
        assert len(private) == 1
        assert stat.S_IMODE(private[0].stat().st_mode) == 0o700
        assert Path(workers).is_relative_to(private[0])
    assert here == before
    assert not [folder for folder in there if folder.startswith(str(trap.parent))]
    assert is_untouched(trap)


def test_what_is_written_down_of_a_class_is_for_nobody_else(tmp_path: Path) -> None:
    """Fails where other users read the ledger, or open its lock and hold it."""
    (tmp_path / ".autograder").mkdir(mode=0o755)
    Ledger(tmp_path, miniature.UNIT)
    assert stat.S_IMODE((tmp_path / ".autograder").stat().st_mode) == 0o700
    (tmp_path / "other").mkdir()
    Flags(tmp_path / "other", miniature.UNIT).after("ada", graded=False, flagged=False)
    assert stat.S_IMODE((tmp_path / "other" / ".autograder").stat().st_mode) == 0o700
