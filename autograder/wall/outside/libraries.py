"""What a student's code can import: the interpreter, the course's packages and what those need; nothing else."""

from __future__ import annotations

import contextlib
import csv
import functools
import inspect
import json
import os
import subprocess
import sys
import sysconfig
import tempfile
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from autograder.wall.outside import private

ALWAYS = ("numpy", "ipython")
"""What runs the cells and carries their values."""


@functools.cache
def interpreter() -> Path:
    """The interpreter itself, not the virtual environment's link to it."""
    return Path(getattr(sys, "_base_executable", sys.executable)).resolve()


@functools.cache
def interpreter_folders() -> tuple[Path, ...]:
    """Where the interpreter's own library and the system's shared libraries lie."""
    prefix = interpreter().parent.parent
    stdlib = Path(sysconfig.get_path("stdlib")).resolve()
    found = [interpreter(), prefix / "lib", stdlib]
    found += [Path(folder) for folder in ("/lib", "/lib64", "/usr/lib", "/usr/lib64", "/etc/ld.so.cache")]
    there = [path for path in dict.fromkeys(found) if path.exists()]
    return tuple(path for path in there if not any(other in path.parents for other in there))


@functools.cache
def site_folders() -> tuple[Path, ...]:
    """Folders of installed packages, of any Python: those inside the interpreter's own folders are hidden again."""
    names = {"site-packages", "dist-packages"}
    candidates = [Path(folder) for folder in sys.path]
    for folder in interpreter_folders():
        candidates += [*folder.glob("*-packages"), *folder.glob("python*/*-packages")]
    return tuple(dict.fromkeys(path.resolve() for path in candidates if path.name in names and path.is_dir()))


def versions(packages: tuple[str, ...]) -> dict[str, str | None]:
    """The installed version of each package, None where it is missing."""
    return {name: _version(name) for name in dict.fromkeys((*packages, *ALWAYS))}


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


def _version(name: str) -> str | None:
    try:
        return metadata.version(name)
    except (metadata.PackageNotFoundError, ValueError):
        return None


@functools.cache
def package_paths(packages: tuple[str, ...]) -> tuple[Path, ...]:
    """Every top-level file and folder of the packages and of all that they require, as they lie in site-packages."""
    seen: set[str] = set()
    waiting = [*packages, *ALWAYS]
    paths: dict[Path, None] = {}
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
            paths[Path(str(distribution.locate_file(top)))] = None
    return tuple(path for path in paths if path.exists())


def _tops(distribution: metadata.Distribution) -> Iterator[str]:
    """The first part of each of its files' paths. Of the list itself no more is read, as it is long."""
    listed = distribution.read_text("RECORD")
    files = [row[0] for row in csv.reader(listed.splitlines()) if row] if listed else map(str, distribution.files or ())
    for top in dict.fromkeys(file.partition("/")[0] for file in files):
        if top not in ("", "..", "__pycache__"):
            yield top


@functools.cache
def font_list() -> str:
    """Matplotlib's font list as JSON, with the fonts that it brings itself: without it each sandbox searches anew."""
    version = metadata.version("matplotlib")
    folder = private.cache("fonts")
    if folder is None:
        return _build_font_list()
    cache = folder / f"fontlist-{version}.json"
    try:
        text = cache.read_text(encoding="utf-8")
        json.loads(text)
    except (OSError, ValueError):
        text = _build_font_list()
        _keep(cache, text)
    return text


def font_list_name() -> str:
    """The file name under which Matplotlib looks for its font list."""
    return f"fontlist-v{json.loads(font_list())['_version']}.json"


_BUILD = """
import os, matplotlib
from matplotlib import font_manager
fonts = font_manager.FontManager()
for entries in (fonts.ttflist, fonts.afmlist):
    entries[:] = [entry for entry in entries if entry.fname.startswith(matplotlib.get_data_path())]
font_manager.json_dump(fonts, os.environ["FONT_LIST"])
"""


def _build_font_list() -> str:
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / "fonts.json"
        environment = {**os.environ, "MPLCONFIGDIR": folder, "FONT_LIST": str(target), "MPLBACKEND": "agg"}
        subprocess.run([sys.executable, "-I", "-c", _BUILD], env=environment, check=True, capture_output=True)
        return target.read_text(encoding="utf-8")


def _keep(path: Path, text: str) -> None:
    """Write the cache in one step, so that nobody reads half of it. A home that cannot be written to is no error."""
    try:
        with tempfile.NamedTemporaryFile("w", dir=path.parent, delete=False, encoding="utf-8") as file:
            file.write(text)
        os.replace(file.name, path)
    except OSError:
        return
