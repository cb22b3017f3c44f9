"""What students were given, also where somebody has worked in release/ and saved since.

A released notebook carries a seal: a digest of its graded cells. Running them, and notes and cells of one's own, leave
it whole. Where it is broken, the student version is made anew from source/, by nbgrader, as it was made the first time.
"""

from __future__ import annotations

import hashlib
import json
import logging
import shutil
import sys
import tempfile
import traceback
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from autograder.notebooks import beside
from autograder.words import one_line

_METADATA = "autograder"

Document = Mapping[str, Any]


class Edited(LookupError):
    """A released notebook was edited, and there is nothing to make it anew from."""


class Unreleasable(ValueError):
    """nbgrader makes no student version of an assignment. The message says why."""

    def __init__(self, name: str, error: BaseException) -> None:
        self.name, self.cell = name, _cell_of(error)
        self.why = one_line(str(error) or type(error).__name__, 300)
        super().__init__(f"source/{name}: {f'the cell {self.cell}: ' if self.cell else ''}{self.why}")


def read(course: Path, name: str) -> Document:
    """The student version of an assignment. Raises `Edited`, and `OSError` or `ValueError` where it cannot be read."""
    document = released(course, name)
    return original(course, name) if is_edited(document) else document


def original(course: Path, name: str) -> Document:
    """The student version, made anew from source/. Raises `Edited` where there is no source/."""
    if not _source(course, name).is_file():
        raise Edited(f"release/{name}/{name}.ipynb was edited after it was given out, and there is no source/{name}.")
    with tempfile.TemporaryDirectory(prefix="given-") as scratch:
        folder = Path(scratch) / "source" / name
        folder.mkdir(parents=True)
        shutil.copyfile(_source(course, name), folder / f"{name}.ipynb")
        generate(course, Path(scratch), (name,))
        return released(Path(scratch), name)


def released(course: Path, name: str) -> Document:
    """What lies in release/ now. Raises `OSError` or `ValueError` where it cannot be read."""
    document: Document = json.loads(path_of(course, name).read_bytes())
    return document


def files(course: Path, name: str, document: Document) -> dict[str, bytes]:
    """What lies beside the notebook. Of a sealed one, only what source/ has as well, and as it is there."""
    folder, origin = path_of(course, name).parent, _source(course, name).parent
    if not (_seal(document) and origin.is_dir()):
        return beside.files(folder)
    return {path: data for path, data in beside.files(origin).items() if (folder / path).is_file()}


def sealed(document: Document) -> dict[str, Any]:
    """The notebook with its seal: two digests, of the graded cells and of all that stands in it."""
    metadata = {
        **document["metadata"],
        _METADATA: {"graded": _digest(_graded(document)), "text": _digest(document["cells"])},
    }
    return {**document, "metadata": metadata}


def is_edited(document: Document) -> bool:
    """Whether a graded cell is no longer as it was given out. A notebook without a seal is what it is."""
    return _seal(document).get("graded") not in (None, _digest(_graded(document)))


def is_written_in(document: Document) -> bool:
    """Whether anything at all is, and not by a merge of two versions: it was open in a notebook program."""
    opened = "version" in document["metadata"].get("language_info", {}) or any(
        cell.get("outputs") or cell.get("execution_count") for cell in document["cells"]
    )
    return opened and _seal(document).get("text") not in (None, _digest(document["cells"]))


def version(document: Document) -> str | None:
    """What the graded cells said when the notebook was given out, None where that is not known."""
    return _seal(document).get("graded")


def generate(course: Path, scratch: Path, names: Iterable[str]) -> None:
    """Let nbgrader make release/ from source/ in a scratch folder, as the course is configured, without a gradebook.

    Raises `Unreleasable`."""
    from nbgrader.converters import GenerateAssignment, NbGraderException
    from nbgrader.coursedir import CourseDirectory
    from traitlets.config import Config
    from traitlets.config.loader import PyFileConfigLoader

    config = PyFileConfigLoader("nbgrader_config.py", path=str(course)).load_config()
    # What nbgrader's own flag --no-db sets. A release needs no database, and to make one would take alembic on PATH.
    config.merge(Config({"SaveCells": {"enabled": False}, "GenerateAssignment": {"no_database": True}}))
    heard = _Overheard()
    quiet = logging.Logger("given", logging.ERROR)
    quiet.addHandler(heard)
    for name in names:
        folder = CourseDirectory(root=str(scratch), assignment_id=name, config=config, log=quiet)
        try:
            GenerateAssignment(coursedir=folder, config=config, log=quiet).start()
        except NbGraderException as error:
            raise Unreleasable(name, heard.error or error) from error


class _Overheard(logging.Handler):
    """Keeps what went wrong first. nbgrader writes the traceback to its log, and raises another error that says so."""

    error: BaseException | None = None

    def emit(self, record: logging.LogRecord) -> None:
        self.error = self.error or sys.exc_info()[1]


def _cell_of(error: BaseException) -> str | None:
    """The id of the cell that was looked at last."""
    found = None
    for frame, _ in traceback.walk_tb(error.__traceback__):
        cell = frame.f_locals.get("cell")
        if isinstance(cell, Mapping):
            found = cell.get("metadata", {}).get("nbgrader", {}).get("grade_id", found)
    return found


def _seal(document: Document) -> Mapping[str, str]:
    found = document.get("metadata", {}).get(_METADATA)
    return found if isinstance(found, dict) else {}


def _graded(document: Document) -> list[Mapping[str, Any]]:
    return [cell for cell in document["cells"] if cell["metadata"].get("nbgrader", {}).get("grade_id") is not None]


def _digest(cells: Iterable[Mapping[str, Any]]) -> str:
    """What cells say, what they are for, and in which order they stand; not what they printed."""
    told = []
    for cell in cells:
        nbgrader, source = cell["metadata"].get("nbgrader", {}), cell["source"]
        parts = [nbgrader.get(key) for key in ("grade_id", "points", "grade", "solution", "locked")]
        told.append([*parts, cell["cell_type"], source if isinstance(source, str) else "".join(source)])
    return hashlib.sha256(json.dumps(told).encode()).hexdigest()


def path_of(course: Path, name: str) -> Path:
    """Where a released notebook lies."""
    return course / "release" / name / f"{name}.ipynb"


def _source(course: Path, name: str) -> Path:
    return course / "source" / name / f"{name}.ipynb"
