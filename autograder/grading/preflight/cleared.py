"""What has passed the preflight on this machine, by a digest of all that its outcome depends on."""

from __future__ import annotations

import dataclasses
import hashlib

from autograder.grading import engine
from autograder.notebooks.assignment import Assignment
from autograder.wall.outside import installed
from autograder.wall.outside.marks import Marks

_MARKS = Marks("cleared")

_here: set[str] = set()
"""What this process has seen pass, for machines on which nothing can be written down."""


def digest(assignment: Assignment, solution: bytes | None) -> str:
    """A digest of the release, the unit, the solution and this package, on this interpreter."""
    given = repr(dataclasses.replace(assignment, unit=None))  # a unit's own words say where it lies, too
    decides = engine.with_unit(assignment.unit) if assignment.unit is not None else engine.digest()
    packages = repr(sorted(installed.versions(assignment.packages).items()))
    parts = [given.encode(), decides, packages.encode(), b"none" if solution is None else solution]
    return hashlib.sha256(b"".join(hashlib.sha256(part).digest() for part in parts)).hexdigest()


def holds(name: str) -> bool:
    """Whether this has passed before."""
    return name in _here or _MARKS.hold(name)


def keep(name: str) -> None:
    """Remember it."""
    _here.add(name)
    _MARKS.keep(name)
