"""All that decides on what a unit's hidden tests ask and say, besides the seed and the student, as a digest."""

from __future__ import annotations

import functools
import hashlib
import sys

import numpy as np
import pytest

from autograder.notebooks import units
from autograder.notebooks.units import Unit
from autograder.wall.outside import installed


@functools.cache
def digest() -> bytes:
    """Of every module of this package, the interpreter, and what runs the suites and draws their numbers."""
    whole = hashlib.sha256(f"{sys.version}\0pytest {pytest.__version__}\0numpy {np.__version__}\0".encode())
    whole.update(units.engine())
    return whole.digest()


def with_unit(unit: Unit) -> bytes:
    """The same with the unit, and the versions of all that its functions may use."""
    packages = repr(sorted(installed.versions(unit.packages).items())).encode()
    return hashlib.sha256(digest() + unit.digest.encode() + packages).digest()
