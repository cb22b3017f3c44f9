"""A submitted folder, as nbgrader's exchange collects it: one notebook, and two small files that go with it.

It is read once and whole, through the folder that was opened: no link is followed, neither to a file nor to a folder,
and what changes meanwhile changes nothing.
"""

from __future__ import annotations

import contextlib
import logging
import os
import stat
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from nbgrader.utils import parse_utc

from autograder.notebooks.handed_in import HandedIn
from autograder.notebooks.submission import Unreadable, read_bytes

_STAMP = "timestamp.txt"
_SIDECARS = (_STAMP, "submission_secret.txt")
"""When it was handed in, and the key under which feedback is given back."""

_MAX_SIDECAR = 1_000


@dataclass(frozen=True, slots=True)
class Submitted:
    """What was found in one submitted folder."""

    handed_in: HandedIn
    sidecars: Mapping[str, bytes] = field(default_factory=dict)
    timestamp: datetime | None = None
    timed: bool = True
    """False where its time could not be read: it is not known whether it is late."""


def collect(trusted: Path, below: Sequence[str], name: str) -> Submitted:
    """What lies in the folder that these names lead to, from a place that is ours. What cannot be read comes with the
    reason."""
    try:
        with _opened(trusted, below) as folder:
            return _collected(folder, name)
    except Unreadable as error:
        return Submitted(HandedIn(reason=str(error)), timed=False)
    except Exception as error:  # a disk that fails, a server that is gone: whatever happens to one folder
        logging.getLogger(__name__).exception("a submitted folder could not be read")
        reason = f"The grader could not read this folder ({type(error).__name__}). A person has to look into it."
        return Submitted(HandedIn(reason=reason), timed=False)


def _collected(folder: int, name: str) -> Submitted:
    names = os.listdir(folder)
    sidecars = dict(_sidecars(folder))
    try:
        timestamp = _time(sidecars) if _STAMP in names else None
    except Unreadable as error:
        return Submitted(HandedIn(reason=str(error)), sidecars, timed=False)
    try:
        return Submitted(_notebook(folder, names, name), sidecars, timestamp)
    except Unreadable as error:
        return Submitted(HandedIn(reason=str(error)), sidecars, timestamp)


def _notebook(folder: int, names: Sequence[str], name: str) -> HandedIn:
    """The notebook of the assignment's name, or else the only one there."""
    ours = f"{name}.ipynb"
    if ours in names:
        return HandedIn(read_bytes(ours, folder))
    others = [other for other in names if other.endswith(".ipynb")]
    if len(others) == 1:
        return HandedIn(read_bytes(others[0], folder), named=False)
    many = f"there are {len(others)} others, and nothing says which" if others else "there is no notebook at all"
    raise Unreadable(f"There is no {ours} in the submission: {many}.")


def _sidecars(folder: int) -> Iterator[tuple[str, bytes]]:
    """The small files that nbgrader will ask for later. A link or a large file is none of them."""
    for name in _SIDECARS:
        with contextlib.suppress(Unreadable):
            data = read_bytes(name, folder)
            if len(data) <= _MAX_SIDECAR:
                yield name, data


def _time(sidecars: Mapping[str, bytes]) -> datetime | None:
    """When it was handed in, in UTC; None where nothing tells."""
    try:
        time: datetime | None = parse_utc(sidecars[_STAMP].decode().strip() or None)
        return time
    except Exception as error:  # the parser of dates has many ways to fail
        raise Unreadable("Its timestamp.txt cannot be read. Fix or delete that file.") from error


@contextlib.contextmanager
def _opened(trusted: Path, below: Sequence[str]) -> Iterator[int]:
    """The folder's descriptor, reached step by step, so that no step leads elsewhere. Raises `Unreadable`."""
    with contextlib.ExitStack() as stack:

        def enter(path: str | Path, flags: int, above: int | None = None) -> int:
            descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY | flags, dir_fd=above)
            stack.callback(os.close, descriptor)
            return descriptor

        here = enter(trusted, 0)
        for name in below:
            try:
                here = enter(name, os.O_NOFOLLOW, here)
            except OSError as error:
                raise Unreadable(_why_no_folder(name, here, error)) from error
        yield here


def _why_no_folder(name: str, above: int, error: OSError) -> str:
    with contextlib.suppress(OSError):
        mode = os.stat(name, dir_fd=above, follow_symlinks=False).st_mode
        if stat.S_ISLNK(mode):
            return f"The folder {name} is a link to another place, and links are not followed."
        if not stat.S_ISDIR(mode):
            return f"{name} is not a folder."
    return f"The folder {name} could not be opened: {error.strerror or 'unknown error'}."
