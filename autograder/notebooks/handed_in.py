"""A submitted folder, as nbgrader's exchange collects it: one notebook, and two small files that go with it."""

from __future__ import annotations

import contextlib
import glob
import os
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from nbgrader.utils import parse_utc

from autograder.notebooks.assignment import Assignment
from autograder.notebooks.submission import Submission, Unreadable, merge, parse, read_bytes

_SIDECARS = ("timestamp.txt", "submission_secret.txt")
"""When it was handed in, and the key under which feedback is given back."""

_MAX_SIDECAR = 1_000

_STAND_IN = "nothing was handed in.ipynb"


@dataclass(frozen=True, slots=True)
class HandedIn:
    """The notebook of a submitted folder, not looked into yet."""

    data: bytes
    named: bool = True
    """Whether the file has the assignment's name."""

    def read(self, assignment: Assignment) -> Submission:
        """The submission. Raises `Unreadable`."""
        cells, notes = parse(self.data)
        if self.named:
            return merge(cells, assignment, notes)
        if not {cell.id for cell in cells} & {cell.id for cell in assignment.cells if cell.id}:
            raise Unreadable(
                f"There is no {assignment.name}.ipynb, and the only notebook belongs to another assignment."
            )
        other = f"The file is not called {assignment.name}.ipynb; it was graded all the same."
        return merge(cells, assignment, (other, *notes))


def collect(folder: Path, name: str) -> HandedIn:
    """The notebook to grade: the one of the assignment's name, or else the only one there. Raises `Unreadable`."""
    path = folder / f"{name}.ipynb"
    if path.exists() or path.is_symlink():
        return HandedIn(read_bytes(path))
    others = sorted(other for other in folder.glob("*.ipynb") if other.name != _STAND_IN)
    if len(others) == 1:
        return HandedIn(read_bytes(others[0]), named=False)
    many = f"there are {len(others)} others, and nothing says which" if others else "there is no notebook at all"
    raise Unreadable(f"There is no {path.name} in the submission: {many}.")


def read(folder: Path, assignment: Assignment) -> Submission:
    """The submission in this folder. Raises `Unreadable`."""
    return collect(folder, assignment.name).read(assignment)


def stand_in(pattern: str) -> None:
    """Put an empty file into each of these folders that has no notebook at all.

    Where a run of nbgrader finds no notebook in any folder, it stops before it asks anybody what that means, and an
    earlier score stays as it is. With this file it goes on, and the submission is flagged like any other that cannot
    be graded. A folder that nobody may write to is left alone."""
    for found in glob.iglob(pattern):
        # Looked for as nbgrader does: a name that begins with a dot is none to it.
        if os.path.isdir(found) and not glob.glob("*.ipynb", root_dir=found):
            with contextlib.suppress(OSError):
                Path(found, _STAND_IN).touch(exist_ok=False)


def sidecars(folder: Path) -> dict[str, bytes]:
    """The small files that nbgrader will ask for later. A link or a large file is none of them."""
    found = {}
    for name in _SIDECARS:
        with contextlib.suppress(Unreadable):
            data = read_bytes(folder / name)
            if len(data) <= _MAX_SIDECAR:
                found[name] = data
    return found


def time(folder: Path) -> datetime | None:
    """When it was handed in, in UTC; None where nothing tells. nbgrader would follow a link to anywhere and read on.

    Raises `Unreadable`."""
    stamp = folder / _SIDECARS[0]
    if not (stamp.exists() or stamp.is_symlink()):
        return None
    try:
        return parse_utc(sidecars(folder)[stamp.name].decode().strip() or None)
    except Exception as error:  # the parser of dates has many ways to fail
        raise Unreadable("Its timestamp.txt cannot be read. Mend or delete that file.") from error
