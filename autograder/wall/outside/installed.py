"""What is installed for a student's code, and a digest of its state. Both are asked for with every command.

To find out takes long, as packages have many files. So a list of all that was found is noted. It is right as long as
no folder in it has moved, since every file that comes, goes or gets another name moves the folder that it lies in.
"""

from __future__ import annotations

import functools
import json
import os
import sys
from array import array
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from hashlib import sha256
from pathlib import Path

from autograder.wall.outside.marks import digest
from autograder.wall.outside.notes import Notes

ALWAYS = ("numpy", "ipython")
"""What runs the cells and carries their values."""

_NOTES = Notes("installed", most=20)

_NEVER_READ = (".pyi", ".pyc")
"""Files that say nothing that an interpreter goes by. Bytecode is made of what is stamped."""


_RECORDS = ("METADATA", "RECORD", "top_level.txt")
"""What it was found by."""


@dataclass(frozen=True, slots=True)
class Installed:
    """Packages with all that they require, as they were found."""

    versions: dict[str, str | None]
    paths: list[str]
    """Every top-level file and folder."""
    looked_in: list[str]
    """The folders in which packages are looked for, every folder in them, and what their records are."""
    files: list[str]
    stamp: str
    """Of what was looked in."""


def versions(packages: tuple[str, ...]) -> dict[str, str | None]:
    """The installed version of each package, None where it is missing."""
    return dict(installed(packages).versions)


def paths(packages: tuple[str, ...]) -> tuple[Path, ...]:
    """Every top-level file and folder of the packages and of all that they require, as they lie in site-packages."""
    return _as_paths(packages)


@functools.cache
def state(packages: tuple[str, ...]) -> str:
    """A digest that moves with each of their files."""
    its = installed(packages)
    return digest((its.stamp, *its.files, _stamp(its.files)))


@functools.cache
def installed(packages: tuple[str, ...]) -> Installed:
    """What is there now."""
    wanted = tuple(dict.fromkeys((*packages, *ALWAYS)))
    name = digest((sys.version, sys.executable, *sys.path, "", *wanted))
    noted = _NOTES.read(name)
    if noted is not None:
        found = Installed(**json.loads(noted))
        if found.stamp == _stamp(found.looked_in):
            return found
    found = _found(wanted)
    _NOTES.write(name, json.dumps(asdict(found)).encode())
    return found


@functools.cache
def _as_paths(packages: tuple[str, ...]) -> tuple[Path, ...]:
    return tuple(map(Path, installed(packages).paths))


def _found(wanted: tuple[str, ...]) -> Installed:
    from autograder.wall.outside import distributions  # takes its time, too

    looked_in = [place or os.curdir for place in sys.path]
    stamps = list(_numbers(looked_in))
    versions = {name: distributions.version(name) for name in wanted}
    tops = [str(path) for path in distributions.paths(wanted)]
    files: list[str] = []
    for top in tops:
        if os.path.isdir(top):
            _walk(top, looked_in, stamps, files)
        else:
            files.append(top)
    records = [file for file in files if file.endswith(_RECORDS)]
    stamps += _numbers(records)
    return Installed(versions, tops, looked_in + records, files, _digest(stamps))


def _walk(folder: str, folders: list[str], stamps: list[int], files: list[str]) -> None:
    """Note this folder and all below it, each with the stamp that it had before anybody looked into it."""
    folders.append(folder)
    stamps += _numbers([folder])
    with os.scandir(folder) as entries:
        for entry in sorted(entries, key=lambda entry: entry.name):
            if not entry.is_dir(follow_symlinks=False):
                if not entry.name.endswith(_NEVER_READ):
                    files.append(entry.path)
            elif entry.name != "__pycache__":
                _walk(entry.path, folders, stamps, files)


def _stamp(places: Iterable[str]) -> str:
    """What moves whenever somebody writes to one of these, or puts another one in its place."""
    return _digest(_numbers(places))


def _digest(numbers: Iterable[int]) -> str:
    return sha256(array("q", numbers).tobytes()).hexdigest()


def _numbers(places: Iterable[str]) -> Iterator[int]:
    for place in places:
        try:
            found = os.stat(place)
        except OSError:
            yield -1
        else:
            yield from (found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns, found.st_ctime_ns)
