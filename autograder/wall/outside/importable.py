"""Whether the packages that student code may import can be imported, which is tried once for each state of them."""

from __future__ import annotations

import functools
import json
import os
import subprocess
import sys
import sysconfig
from collections.abc import Iterator
from pathlib import Path

from packaging.utils import canonicalize_name

from autograder.wall.outside import libraries
from autograder.wall.outside.marks import Marks, digest, stamp

_MARKS = Marks("imports")


@functools.cache
def missing(packages: tuple[str, ...]) -> str:
    """What to do about packages that are not installed here, or cannot be imported, in a sentence; empty where all of
    them can."""
    gone = [name for name, version in libraries.versions(packages).items() if version is None]
    if not gone:
        if _MARKS.hold(state(packages)):
            return ""
        trouble = _broken(packages)
        if not trouble:
            _MARKS.keep(state(packages))
        return trouble
    return (
        f"student code may import {', '.join(packages)}, and {' and '.join(gone)} "
        f"{'is' if len(gone) == 1 else 'are'} not installed here. Run: pip install {' '.join(gone)}"
    )


def _broken(packages: tuple[str, ...]) -> str:
    """The same for the first package that is installed and cannot be imported."""
    wanted = {name: _main_modules(name) for name in libraries.versions(packages)}
    command = [sys.executable, "-I", "-B", "-c", _IMPORT, json.dumps([sys.path, wanted])]
    done = subprocess.run(command, capture_output=True, text=True, stdin=subprocess.DEVNULL)
    if done.returncode == 0:
        return ""
    name, _, said = (done.stdout.strip().splitlines() or ["A package"])[-1].partition(" ")
    return (
        f"{name} is installed here and cannot be imported ({said[:200] or 'Python ended'}). "
        f"Run: pip install --force-reinstall {name}"
    )


_IMPORT = """
import importlib, json, sys
sys.path[:], wanted = json.loads(sys.argv[1])
for name, modules in wanted.items():
    print(name, flush=True)
    for module in modules:
        try:
            importlib.import_module(module)
        except BaseException as error:
            print(name, f"{type(error).__name__}: {error}".partition("\\n")[0])
            sys.exit(1)
"""


def _main_modules(name: str) -> tuple[str, ...]:
    """What a distribution is imported by: the module of its own name, or else all that it has."""
    found = libraries.modules((name,))
    return tuple(module for module in found if canonicalize_name(module) == canonicalize_name(name)) or found


@functools.cache
def state(packages: tuple[str, ...]) -> str:
    """A digest of all that decides whether these packages and what they need can be imported: each of their files, the
    interpreter and its library, and what the environment says about where libraries lie."""
    return digest(_imports(packages))


def _imports(packages: tuple[str, ...]) -> Iterator[str]:
    yield from (sys.version, sys.executable, *sys.path)
    for path in (libraries.interpreter(), Path(sysconfig.get_path("stdlib")), Path("/etc/ld.so.cache")):
        yield stamp(path)
    about = ("LD_", "DYLD_", "PYTHON", "MPL", "OPENBLAS", "OMP_", "MKL_")
    yield from sorted(f"{name}={value}" for name, value in os.environ.items() if name.startswith(about))
    yield repr(sorted(libraries.versions(packages).items(), key=repr))
    for path in libraries.package_paths(packages):
        yield from _below(str(path)) if path.is_dir() else (stamp(path),)


def _below(folder: str) -> Iterator[str]:
    """Every file below a folder, with what moves when somebody writes to it."""
    with os.scandir(folder) as entries:
        for entry in sorted(entries, key=lambda entry: entry.name):
            if not entry.is_dir(follow_symlinks=False):
                found = entry.stat(follow_symlinks=False)
                yield f"{entry.path} {found.st_ino} {found.st_size} {found.st_mtime_ns} {found.st_ctime_ns}"
            elif entry.name != "__pycache__":
                yield from _below(entry.path)
