"""Where learners work: work/UNIT, a copy of their own, so that release/ stays what was given out."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

from autograder.notebooks import assignment, given
from autograder.notebooks.given import Document

FOLDER = "work"


def begin(course: Path, name: str, *, fresh: bool = False) -> Iterator[str]:
    """Put a copy of the unit into work/, unless there is one. Yields what was done that is worth a line.

    Nothing that somebody wrote is ever lost: with `fresh`, their notebook gets another name, and what was written in
    release/ becomes theirs. Raises `NoSuchAssignment`."""
    path = _path(course, name)
    taken = take(course, name)
    with assignment.explained(name, course):
        document = given.original(course, name) if taken else given.read(course, name)
        files = given.files(course, name, document)
    if taken:
        _write(given.path_of(course, name), document)
        yield f"{_shown(course, taken)}: what was written in release/{name}, where the original is back"
    if fresh and path.exists():
        yield f"{_shown(course, path)}: your earlier notebook is now {_free(path).name}"
        path.rename(_free(path))
    if not path.exists():
        _write(path, document)
        yield f"{_shown(course, path)}: a fresh copy to work in"
    elif given.version(_read(path)) not in (None, given.version(document)):
        yield f"{_shown(course, path)}: the unit has changed since. To get the new one: autograder work {name} --fresh"
    for file, data in files.items():
        if fresh or not (path.parent / file).exists():
            (path.parent / file).parent.mkdir(parents=True, exist_ok=True)
            (path.parent / file).write_bytes(data)


def take(course: Path, name: str) -> Path | None:
    """Where somebody has worked in release/, copy that to work/, and return where it is now."""
    found = theirs(course, name)
    if found is None:
        return None
    path = _free(_path(course, name))
    _write(path, found)
    return path


def theirs(course: Path, name: str) -> Document | None:
    """What lies in release/ if somebody has worked in it."""
    try:
        document = given.released(course, name)
    except (OSError, ValueError):
        return None
    return document if given.is_written_in(document) else None


def _path(course: Path, name: str) -> Path:
    return course / FOLDER / name / f"{name}.ipynb"


def _free(path: Path) -> Path:
    """This path, or where something lies there already the first like it: ps1-2.ipynb."""
    number = 1
    free = path
    while free.exists():
        number += 1
        free = path.with_stem(f"{path.stem}-{number}")
    return free


def _read(path: Path) -> Document:
    """A learner's own notebook, whatever became of it."""
    try:
        document = json.loads(path.read_bytes())
    except ValueError:
        return {}
    return document if isinstance(document, dict) else {}


def _write(path: Path, document: Document) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    text = json.dumps(document, indent=1, sort_keys=True, ensure_ascii=False)
    path.write_text(text + "\n", encoding="utf-8")


def _shown(course: Path, path: Path) -> str:
    return path.relative_to(course).as_posix()
