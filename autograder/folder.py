"""A submitted folder, as nbgrader's exchange collects it: one notebook, and two small files that go with it."""

from __future__ import annotations

import contextlib
from pathlib import Path

from nbgrader.utils import parse_utc

from autograder.assignment import Assignment
from autograder.submission import Submission, Unreadable, merge, parse, read_bytes

_SIDECARS = ("timestamp.txt", "submission_secret.txt")
"""When it was handed in, and the key under which feedback is given back."""

_MAX_SIDECAR = 1_000


def read(folder: Path, assignment: Assignment) -> Submission:
    """The submission in this folder. Raises `Unreadable`."""
    path, notes = _notebook(folder, assignment.name)
    cells, more = parse(read_bytes(path))
    if notes and not {cell.id for cell in cells} & {cell.id for cell in assignment.cells if cell.id}:
        raise Unreadable(f"There is no {assignment.name}.ipynb, and the only notebook belongs to another assignment.")
    return merge(cells, assignment, (*notes, *more))


def sidecars(folder: Path) -> dict[str, bytes]:
    """The small files that nbgrader will ask for later. A link or a large file is none of them."""
    found = {}
    for name in _SIDECARS:
        with contextlib.suppress(Unreadable):
            data = read_bytes(folder / name)
            if len(data) <= _MAX_SIDECAR:
                found[name] = data
    return found


def has_readable_time(folder: Path) -> bool:
    """Whether nbgrader can read the time stamp, or finds none. It would follow a link to anywhere and read on."""
    stamp = folder / _SIDECARS[0]
    if not (stamp.exists() or stamp.is_symlink()):
        return True
    try:
        parse_utc(sidecars(folder)[stamp.name].decode().strip() or None)
    except Exception:  # the parser of dates has many ways to fail
        return False
    return True


def _notebook(folder: Path, name: str) -> tuple[Path, tuple[str, ...]]:
    """The file to grade: the one of the assignment's name, or else the only notebook that lies there."""
    path = folder / f"{name}.ipynb"
    if path.exists() or path.is_symlink():
        return path, ()
    others = sorted(folder.glob("*.ipynb"))
    if len(others) == 1:
        return others[0], (f"The file is not called {path.name}; it was graded all the same.",)
    many = f"there are {len(others)} others, and nothing says which" if others else "there is no notebook at all"
    raise Unreadable(f"There is no {path.name} in the submission: {many}.")
