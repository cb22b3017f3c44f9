"""The ledger: one small file a submission that has been graded, so that a run which was cut off goes on where it was.

It is written before the gradebook, and says of each submission whether the gradebook was told of it.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import msgspec

from autograder.nbgrader.entry import Entry

FOLDER = Path(".autograder", "ledger")


class Busy(RuntimeError):
    """Another process grades this assignment in this course folder."""


class Ledger:
    """The entries of one assignment in a course folder, the latest of each student."""

    def __init__(self, course: Path, assignment: str) -> None:
        self._folder = course / FOLDER / assignment
        own = course / FOLDER.parts[0]
        own.mkdir(mode=0o700, exist_ok=True)
        # Also where an earlier version made it. Others would read what students' code said, and could hold the lock.
        with contextlib.suppress(PermissionError):  # a colleague's, who graded here before
            own.chmod(0o700)
        self._folder.mkdir(parents=True, exist_ok=True)

    def get(self, student: str) -> Entry | None:
        """The student's entry. A file that is damaged counts as none: the submission is graded again."""
        entry = _read(self._path(student))
        return entry if entry is not None and entry.student == student else None

    def put(self, entry: Entry) -> None:
        """Write the entry down, whole or not at all."""
        write_whole(self._path(entry.student), msgspec.json.encode(entry))

    @contextlib.contextmanager
    def mine(self) -> Iterator[None]:
        """Keep others out. Raises `Busy`. The system takes the lock back from a process that is killed."""
        with (self._folder / "lock").open("w") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError as error:
                raise Busy(
                    "Another `autograder grade` is working on this assignment. Wait until it has finished."
                ) from error
            self._sweep()
            yield

    def _sweep(self) -> None:
        """Remove what a killed run left half-written."""
        for left in self._folder.glob("*.part"):
            left.unlink(missing_ok=True)

    def _path(self, student: str) -> Path:
        return self._folder / _name(student)


def assignments(course: Path) -> tuple[str, ...]:
    """Those of which something has been graded."""
    return tuple(sorted({path.parent.name for path in (course / FOLDER).glob("*/*.json")}))


def entries(course: Path, assignment: str) -> Iterator[Entry]:
    """All that can be read of an assignment, one after another, in an order that does not depend on names' spelling."""
    for path in sorted((course / FOLDER / assignment).glob("*.json")):
        entry = _read(path)
        if entry is not None and _name(entry.student) == path.name:
            yield entry


def _name(student: str) -> str:
    # A student's id may be as long as a file name can be, so it cannot be part of one.
    return f"{hashlib.sha256(student.encode()).hexdigest()[:40]}.json"


_decoder = msgspec.json.Decoder(Entry)


def _read(path: Path) -> Entry | None:
    try:
        return _decoder.decode(path.read_bytes())
    except (OSError, ValueError, RecursionError):
        return None


def write_whole(path: Path, data: bytes, mode: int = 0o644) -> None:
    """Put the file in place at once, so that nobody ever sees half of it. Leaves nothing behind where that fails."""
    descriptor, part = tempfile.mkstemp(dir=path.parent, prefix=".", suffix=".part")
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
        os.chmod(part, mode)
        os.replace(part, path)
    except BaseException:
        os.unlink(part)
        raise
