"""What a student's code runs with besides packages: the interpreter, its folders, and Matplotlib's list of fonts."""

from __future__ import annotations

import functools
import json
import os
import subprocess
import sys
import sysconfig
import tempfile
from pathlib import Path

from autograder.wall.outside import installed, private
from autograder.wall.outside.policy import PACKAGES


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


@functools.cache
def font_list() -> str:
    """Matplotlib's font list as JSON, with the fonts that it brings itself: without it each sandbox searches anew."""
    version = installed.versions(PACKAGES)["matplotlib"]
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
