"""What is installed here, as Python's own records say: versions, modules, and the files that a package needs."""

from __future__ import annotations

import contextlib
import csv
import functools
import inspect
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name


def version(name: str) -> str | None:
    """The installed version, None where there is none."""
    try:
        return metadata.version(name)
    except (metadata.PackageNotFoundError, ValueError):
        return None


@functools.cache
def modules(packages: tuple[str, ...]) -> tuple[str, ...]:
    """The packages that can be imported by these distributions' names: `sklearn` for scikit-learn."""
    found: set[str] = set()
    for name in packages:
        with contextlib.suppress(metadata.PackageNotFoundError, ValueError):
            distribution = metadata.distribution(name)
            listed = (distribution.read_text("top_level.txt") or "").split()
            found.update(listed or (inspect.getmodulename(top) or top for top in _tops(distribution)))
    return tuple(sorted(module for module in found if module.isidentifier() and not module.startswith("_")))


def main_modules(name: str) -> tuple[str, ...]:
    """What a distribution is imported by: the module of its own name, or else all that it has."""
    found = modules((name,))
    return tuple(module for module in found if canonicalize_name(module) == canonicalize_name(name)) or found


def paths(packages: tuple[str, ...]) -> tuple[Path, ...]:
    """Every top-level file and folder of the packages and of all that they require, as they lie in site-packages."""
    seen: set[str] = set()
    waiting = list(packages)
    found: dict[Path, None] = {}
    while waiting:
        name = canonicalize_name(waiting.pop())
        if name in seen:
            continue
        seen.add(name)
        try:
            distribution = metadata.distribution(name)
        except metadata.PackageNotFoundError:
            continue  # a dependency for another platform
        for text in distribution.requires or ():
            requirement = Requirement(text)
            if requirement.marker is None or requirement.marker.evaluate({"extra": ""}):
                waiting.append(requirement.name)
        for top in _tops(distribution):
            found[Path(str(distribution.locate_file(top)))] = None
    return tuple(path for path in found if path.exists())


def _tops(distribution: metadata.Distribution) -> Iterator[str]:
    """The first part of each of its files' paths. Of the list itself no more is read, as it is long."""
    listed = distribution.read_text("RECORD")
    files = [row[0] for row in csv.reader(listed.splitlines()) if row] if listed else map(str, distribution.files or ())
    for top in dict.fromkeys(file.partition("/")[0] for file in files):
        if top not in ("", "..", "__pycache__"):
            yield top
