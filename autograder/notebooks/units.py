"""A unit: what an author writes to have one assignment graded. Found in the course folder, never installed.

    course/NAME/suite.py            the hidden tests
    course/NAME/reference.py        the right functions
    course/NAME/misconceptions.py   known wrong functions (optional)
    course/NAME/accepted.py         right functions as people write them (optional)

What else lies in the folder, such as data, belongs to the unit, and so do the files beside it in the folder above. The
four are one package, whose modules are looked for in the unit's folder and then in the folder above: so `from . import
reference` and, for what several units share, `from .inputs import pair`. The package's name holds the digest of all
these files, so two courses may have units of one name.
"""

from __future__ import annotations

import atexit
import functools
import hashlib
import importlib
import shutil
import sys
import tempfile
import tomllib
import traceback
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType
from typing import Any

from autograder.misconception import Misconception
from autograder.notebooks import leniency
from autograder.notebooks.leniency import Leniency, NotLenient
from autograder.wall.outside.policy import PACKAGES

CONFIGURATION = "nbgrader_config.py"
"""What makes a folder a course."""

SECOND_CONFIGURATION = "nbgrader_config.json"
"""nbgrader reads it by itself: where the other file cannot be read, it still names the autograder."""

_HANDED_IN = "submitted"

SETTINGS = "autograder.toml"
"""The course's own settings, beside nbgrader_config.py: `units`, `packages`, `leniency` and `self_study`. It may be
missing."""


class NoCourse(LookupError):
    """There is no course where one was looked for. The message says what to do."""


class NoSuchUnit(LookupError):
    """The course has no unit for this assignment, or its settings cannot be read. The message says what to do."""


class BrokenUnit(Exception):
    """A file of the unit cannot be imported. The message says which, and why."""


@dataclass(frozen=True, slots=True)
class Unit:
    """One unit's files as they were when it was found. It can be sent to another machine and used there."""

    name: str
    files: Mapping[str, bytes]
    """By path below the folder of units: `ps1/suite.py`, and `inputs.py` for what units share."""
    packages: tuple[str, ...] = PACKAGES
    origin: Path | None = None
    """The folder of units that they were read from, where that is on this machine."""
    leniency: Leniency = field(default_factory=Leniency)

    @property
    def digest(self) -> str:
        """Of everything here that decides on a grade."""
        return _digest(self.name, tuple(sorted(self.files.items())), self.packages, self.leniency)

    @property
    def place(self) -> str:
        """Its folder as the author knows it, to be named in a sentence."""
        return f"{self.origin.name if self.origin is not None else 'course'}/{self.name}"

    @property
    def path(self) -> Path:
        """The suite's file on this machine."""
        return self._folder / self.name / "suite.py"

    @property
    def suite(self) -> ModuleType:
        return self.module("suite")

    @property
    def reference(self) -> ModuleType:
        return self.module("reference")

    @property
    def misconceptions(self) -> tuple[Misconception, ...]:
        return tuple(v for v in vars(self.module("misconceptions")).values() if isinstance(v, Misconception))

    @property
    def accepted(self) -> Mapping[str, tuple[Callable[..., Any], ...]]:
        """By function, the right implementations that the author wrote down: the dict `ACCEPTED`."""
        return {name: tuple(ways) for name, ways in vars(self.module("accepted")).get("ACCEPTED", {}).items()}

    def module(self, name: str) -> ModuleType:
        """One of the unit's files, imported; an empty module where an optional one is missing. Raises `BrokenUnit`."""
        package = f"autograder_unit_{self.digest[:16]}"
        if package not in sys.modules:
            sys.modules[package] = ModuleType(package, f"The unit {self.name}.")
            sys.modules[package].__path__ = [str(self._folder / self.name), str(self._folder)]
        if f"{self.name}/{name}.py" not in self.files:
            return ModuleType(f"{package}.{name}")
        try:
            return importlib.import_module(f"{package}.{name}")
        except Exception as error:  # whatever an author's file does when it is imported, it is this file's fault
            raise BrokenUnit(f"{self._where(name, error)} cannot be imported: {self._words(package, error)}") from error

    def _where(self, name: str, error: Exception) -> str:
        """The file, and the last line of its own that was reached."""
        own = self._folder / self.name / f"{name}.py"
        lines = [at.lineno for at in traceback.extract_tb(error.__traceback__) if Path(at.filename) == own]
        return f"{self.place}/{name}.py" + (f", line {lines[-1]}," if lines else "")

    def _words(self, package: str, error: Exception) -> str:
        """What was raised, without the name that Python has for the unit."""
        if isinstance(error, ImportError) and error.name == package:  # cannot import name 'refrence' from …
            wanted = str(error).split("'")[1]
            return f"there is no `{wanted}` in {self.place} or above it"
        return f"{type(error).__name__}: {error}".replace(f"{package}.", "")

    @property
    def _folder(self) -> Path:
        return self.origin if self.origin is not None and self.origin.is_dir() else _unpacked(self.digest, self)

    def __hash__(self) -> int:
        return hash(self.digest)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Unit) and self.digest == other.digest

    def __reduce__(self) -> tuple[Any, ...]:
        return Unit, (self.name, dict(self.files), self.packages, None, self.leniency)


def find(course: Path, name: str) -> Unit:
    """The unit of this course that grades the assignment. Raises `NoSuchUnit`."""
    place = folder(course)
    if not has(course, name):
        raise NoSuchUnit(f"There is no hidden suite for {name}: {place.name}/{name}/suite.py is missing.")
    own, shared = _written(place / name, "**/*"), _written(place, "*")
    files = {path.relative_to(place).as_posix(): path.read_bytes() for path in (*own, *shared)}
    return Unit(name, files, packages(course), place.resolve(), _lenient(course))


def _written(folder: Path, pattern: str) -> Iterator[Path]:
    """The files that somebody wrote, in order, but for lessons: those are for readers, and change no grade."""
    for path in sorted(folder.glob(pattern)):
        hidden = any(part.startswith(".") or part == "__pycache__" for part in path.relative_to(folder).parts)
        if path.is_file() and not hidden and path.suffix not in (".md", ".ipynb"):
            yield path


def has(course: Path, name: str) -> bool:
    """Whether the course has a unit for this assignment; the others are nbgrader's to grade."""
    return Path(folder(course), name, "suite.py").is_file()


def folder(course: Path) -> Path:
    """Where the course keeps its units."""
    return Path(course, _settings(course).get("units", "course"))


def packages(course: Path) -> tuple[str, ...]:
    """What student code may import in this course."""
    return tuple(_settings(course).get("packages", PACKAGES))


def _lenient(course: Path) -> Leniency:
    try:
        return leniency.read(_settings(course).get("leniency", {}))
    except NotLenient as error:
        raise NoSuchUnit(f"{SETTINGS}: {error}.") from error


def shares_suites(course: Path) -> bool:
    """Whether the course gives its hidden tests away, for people who work on their own in a browser."""
    return _settings(course).get("self_study", False) is True


def course_at(start: Path) -> Path:
    """The course that a path lies in: the nearest folder upwards with an nbgrader_config.py. Raises `NoCourse`.

    What students handed in is no course, whatever lies in it: its hidden tests would run outside of the wall."""
    place = start.resolve()
    courses = [above for above in (place, *place.parents) if (above / CONFIGURATION).is_file()]
    for number, found in enumerate(courses):
        if not any(_HANDED_IN in found.relative_to(outer).parts for outer in courses[number + 1 :]):
            return found
    raise NoCourse(
        f"No course here: neither {place} nor a folder above it has an {CONFIGURATION}. Change to your course's "
        "folder, or name it with --course-dir."
    )


def _settings(course: Path) -> dict[str, Any]:
    try:
        settings = tomllib.loads((course / SETTINGS).read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, ValueError) as error:
        raise NoSuchUnit(f"{SETTINGS} cannot be read: {error}.") from error
    named = settings.get("packages", [])
    if not isinstance(settings.get("units", ""), str):
        raise NoSuchUnit(f'{SETTINGS}: units must be a folder\'s path, such as units = "course".')
    if not isinstance(named, list) or not all(isinstance(name, str) for name in named):
        raise NoSuchUnit(f'{SETTINGS}: packages must be a list of names, such as packages = ["numpy", "scipy"].')
    if not isinstance(settings.get("self_study", False), bool):
        raise NoSuchUnit(f"{SETTINGS}: self_study must be true or false.")
    known = ("units", "packages", "leniency", "self_study")
    if unknown := sorted(settings.keys() - {*known}):
        raise NoSuchUnit(
            f"{SETTINGS}: {unknown[0]!r} is not a setting. The settings are {', '.join(known[:-1])} and {known[-1]}."
        )
    return settings


@functools.cache
def engine() -> bytes:
    """The digest of every file of this package: with a unit's own, all that decides on a grade."""
    package = Path(__file__).resolve().parents[1]
    digest = hashlib.sha256()
    for path in sorted(_written(package, "**/*")):
        digest.update(path.relative_to(package).as_posix().encode() + b"\0")
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.digest()


@functools.cache
def version(unit: Unit) -> str:
    """The digest of what decides on a grade: every file of this package, and the unit. Workers must have the same."""
    return hashlib.sha256(unit.digest.encode() + engine()).hexdigest()


@functools.lru_cache(maxsize=256)
def _digest(name: str, files: tuple[tuple[str, bytes], ...], packages: tuple[str, ...], lenient: Leniency) -> str:
    digest = hashlib.sha256(repr((name, packages, lenient)).encode())
    for path, data in files:
        digest.update(path.encode() + b"\0" + hashlib.sha256(data).digest())
    return digest.hexdigest()


@functools.cache
def _unpacked(digest: str, unit: Unit) -> Path:
    """The unit's files in a folder of this process's own, on a machine that does not have the course."""
    folder = Path(tempfile.mkdtemp(prefix="unit-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    for path, data in unit.files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(data)
    return folder
