"""What has passed the preflight on this machine, by a digest of all that its outcome depends on.

A mark left by somebody else is none: the folder is this user's own and closed to others, or it is not used.
"""

from __future__ import annotations

import contextlib
import dataclasses
import functools
import hashlib
import os
import stat
import sys
from importlib import metadata

from autograder.notebooks import units
from autograder.notebooks.assignment import Assignment
from autograder.wall.outside import libraries, private

_MOST = 200
"""Marks that are kept: the oldest go first."""

_here: set[str] = set()
"""What this process has seen pass, for machines on which nothing can be written down."""


def digest(assignment: Assignment, solution: bytes | None) -> str:
    """A digest of the release, the unit, the solution and this package, on this interpreter."""
    unit = assignment.unit.digest if assignment.unit is not None else "none"
    given = repr(dataclasses.replace(assignment, unit=None))  # a unit's own words say where it lies, too
    packages = repr(sorted(libraries.versions(assignment.packages).items()))
    parts = [given.encode(), unit.encode(), packages.encode(), b"none" if solution is None else solution, _engine()]
    return hashlib.sha256(b"".join(hashlib.sha256(part).digest() for part in parts)).hexdigest()


def holds(name: str) -> bool:
    """Whether this has passed before."""
    if name in _here:
        return True
    folder = private.cache("cleared")
    with contextlib.suppress(OSError):
        found = (folder / name).lstat() if folder is not None else None
        return found is not None and stat.S_ISREG(found.st_mode) and found.st_uid == os.getuid()
    return False


def keep(name: str) -> None:
    """Remember it. A home that cannot be written to is no error."""
    _here.add(name)
    folder = private.cache("cleared")
    if folder is None:
        return
    with contextlib.suppress(OSError):
        (folder / name).touch(mode=0o600)
        marks = sorted(folder.iterdir(), key=lambda mark: mark.lstat().st_mtime)
        for old in marks[:-_MOST]:
            old.unlink()


@functools.cache
def _engine() -> bytes:
    """Every module of this package, and the version of what runs the suites."""
    whole = hashlib.sha256(sys.version.encode())
    whole.update(f"pytest {metadata.version('pytest')}\0".encode())
    whole.update(units.engine())
    return whole.digest()
