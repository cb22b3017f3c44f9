"""What a learner has got done: the last verdict on each cell, kept in the course's folder."""

from __future__ import annotations

import contextlib
import os
import tempfile
from collections.abc import Mapping
from pathlib import Path

import msgspec

from autograder.report import CellReport, State


class Mark(msgspec.Struct, frozen=True):
    """The last verdict on one cell."""

    state: State
    score: float
    max_score: float


def read(course: Path) -> dict[str, dict[str, Mark]]:
    """The marks by unit and cell. A damaged file counts as empty: it can be made again by checking again."""
    try:
        return msgspec.json.decode(_path(course).read_bytes(), type=dict[str, dict[str, Mark]])
    except (OSError, msgspec.MsgspecError):
        return {}


def record(course: Path, unit: str, cell: CellReport) -> None:
    """Keep the verdict on one cell. A folder that cannot be written to is no error: then nothing is kept."""
    if cell.score is None:
        return
    marks: Mapping[str, dict[str, Mark]] = read(course)
    marks = {**marks, unit: {**marks.get(unit, {}), cell.id: Mark(cell.state, cell.score, cell.max_score)}}
    path = _path(course)
    with contextlib.suppress(OSError):
        path.parent.mkdir(exist_ok=True)
        with tempfile.NamedTemporaryFile("wb", dir=path.parent, delete=False) as file:
            file.write(msgspec.json.format(msgspec.json.encode(marks)))
        os.replace(file.name, path)


def _path(course: Path) -> Path:
    return course / ".autograder" / "progress.json"
