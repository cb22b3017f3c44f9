"""Folders that nobody else can put something into, or put another one in the place of."""

from __future__ import annotations

import os
import stat
import tempfile
from pathlib import Path

import platformdirs


def trouble() -> str:
    """Why temporary files are not safe here from other users, in a sentence; empty where they are."""
    folder = Path(tempfile.gettempdir())
    where = _replaceable(folder)
    if where is None:
        return ""
    return (
        f"Temporary files would lie in {folder}, and other users could put theirs in their place, since {where} is "
        "theirs, or can be written to by others and has no sticky bit. Nothing is run here. Set TMPDIR to a folder of "
        f"your own, or run: chmod +t {where}"
    )


def cache(name: str) -> Path | None:
    """This user's folder for what is remembered under this name, None where it is not theirs alone."""
    if not hasattr(os, "getuid"):
        return None
    folder = Path(platformdirs.user_cache_dir("autograder")) / name
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        found = folder.lstat()
        closed = stat.S_ISDIR(found.st_mode) and found.st_uid == os.getuid() and not stat.S_IMODE(found.st_mode) & 0o077
        return folder if closed and _replaceable(folder) is None else None
    except OSError:
        return None


def _replaceable(folder: Path) -> Path | None:
    """The folder on the way to this one in which somebody else may rename what is ours."""
    if not hasattr(os, "getuid"):
        return None
    for place in (folder.resolve(), *folder.resolve().parents):
        found = place.stat()
        theirs = found.st_uid not in (0, os.getuid()) and place != Path("/")  # whoever has the root has everything
        if theirs or (found.st_mode & 0o022 and not found.st_mode & stat.S_ISVTX):
            return place
    return None
