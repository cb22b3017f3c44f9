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

from autograder.wall.outside import installed, libraries
from autograder.wall.outside.marks import Marks, digest, stamp

_MARKS = Marks("imports")


@functools.cache
def missing(packages: tuple[str, ...]) -> str:
    """What to do about packages that are not installed here, or cannot be imported, in a sentence; empty where all of
    them can."""
    gone = [name for name, version in installed.versions(packages).items() if version is None]
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
    from autograder.wall.outside import distributions

    wanted = {name: distributions.main_modules(name) for name in installed.versions(packages)}
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
    yield repr(sorted(installed.versions(packages).items(), key=repr))
    yield installed.state(packages)
