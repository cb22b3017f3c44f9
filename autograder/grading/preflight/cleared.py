"""What has passed the preflight on this machine, by a digest of all that its outcome depends on."""

from __future__ import annotations

import dataclasses
import functools
import hashlib
import sys
from importlib import metadata

from autograder.notebooks import units
from autograder.notebooks.assignment import Assignment
from autograder.wall.outside import libraries
from autograder.wall.outside.marks import Marks

_MARKS = Marks("cleared")

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
    return name in _here or _MARKS.hold(name)


def keep(name: str) -> None:
    """Remember it."""
    _here.add(name)
    _MARKS.keep(name)


@functools.cache
def _engine() -> bytes:
    """Every module of this package, and the version of what runs the suites."""
    whole = hashlib.sha256(sys.version.encode())
    whole.update(f"pytest {metadata.version('pytest')}\0".encode())
    whole.update(units.engine())
    return whole.digest()
