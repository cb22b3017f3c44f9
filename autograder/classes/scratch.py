"""A folder for what the processes of one run write down, which goes when the run ends, however it ends.

A run that is killed cannot tidy up; the next one does it. The lock, which the system takes back from a dead process,
tells its folder from that of a run that goes on, also where that run is in another container.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import shutil
import stat
import tempfile
from collections.abc import Iterator
from pathlib import Path

_PREFIX = "autograder-run-"
_LOCK = "running"


@contextlib.contextmanager
def scratch() -> Iterator[Path]:
    """A new folder. Those of this user's runs that were killed are removed."""
    _sweep(Path(tempfile.gettempdir()))
    with (
        tempfile.TemporaryDirectory(prefix=_PREFIX, ignore_cleanup_errors=True) as name,
        tempfile.NamedTemporaryFile(dir=name, delete=False) as lock,
    ):
        fcntl.flock(lock, fcntl.LOCK_EX)
        os.rename(lock.name, Path(name, _LOCK))  # only now, so that no lock is ever seen that nobody holds yet
        yield Path(name)


def _sweep(temp: Path) -> None:
    for folder in temp.glob(f"{_PREFIX}*"):
        with contextlib.suppress(OSError):  # it goes on, or somebody else removes it
            found = folder.lstat()
            if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.getuid():
                continue
            with (folder / _LOCK).open("rb") as lock:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                shutil.rmtree(folder, ignore_errors=True)
