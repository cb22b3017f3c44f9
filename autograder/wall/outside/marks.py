"""What was found to be in order, so that it need not be found out again: a mark under a digest of all that it depends
on.

A mark left by somebody else is none: the folder is this user's own and closed to others, or it is not used.
"""

from __future__ import annotations

import contextlib
import hashlib
import math
import os
import stat
import time
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from autograder.wall.outside import private


@dataclass(frozen=True, slots=True)
class Marks:
    """The marks of one kind."""

    kind: str
    most: int = 200
    """That are kept: the oldest go first."""
    seconds: float = math.inf
    """How long one is believed."""

    def hold(self, name: str) -> bool:
        """Whether this was found to be in order before."""
        folder = private.cache(self.kind)
        return folder is not None and holds(folder / name, self.seconds)

    def keep(self, name: str) -> None:
        """Remember it. A home that cannot be written to is no error."""
        folder = private.cache(self.kind)
        if folder is None:
            return
        with contextlib.suppress(OSError):
            (folder / name).touch(mode=0o600)
            for old in by_age(folder)[: -self.most]:
                old.unlink()

    def drop(self, name: str) -> None:
        """It is no longer in order."""
        folder = private.cache(self.kind)
        if folder is not None:
            with contextlib.suppress(OSError):
                (folder / name).unlink()

    def forget(self) -> None:
        """All of them."""
        folder = private.cache(self.kind)
        for mark in by_age(folder) if folder is not None else ():
            with contextlib.suppress(OSError):
                mark.unlink()


def holds(path: Path, seconds: float = math.inf) -> bool:
    """Whether this is a file of this user's own, and no older than so many seconds."""
    try:
        found = path.lstat()
    except OSError:
        return False
    ours = stat.S_ISREG(found.st_mode) and found.st_uid == os.getuid()
    return ours and 0 <= time.time() - found.st_mtime < seconds


def by_age(folder: Path) -> list[Path]:
    """Oldest first."""
    with contextlib.suppress(OSError):
        return sorted(folder.iterdir(), key=lambda mark: mark.lstat().st_mtime)
    return []


def digest(parts: Iterable[str]) -> str:
    whole = hashlib.sha256()
    for part in parts:
        whole.update(part.encode("utf-8", "surrogateescape") + b"\0")
    return whole.hexdigest()


def stamp(path: Path) -> str:
    """What moves whenever somebody writes to this file, or puts another one in its place."""
    try:
        found = path.stat()
    except OSError:
        return f"{path} is not there"
    return f"{path} {found.st_dev} {found.st_ino} {found.st_size} {found.st_mtime_ns} {found.st_ctime_ns}"
