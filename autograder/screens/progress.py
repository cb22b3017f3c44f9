"""What a learner has got done: the last verdict on each cell, kept in a file."""

from __future__ import annotations

import contextlib
import json
import os
import tempfile
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, get_args

from autograder.report import CellReport, State


@dataclass(frozen=True, slots=True)
class Mark:
    """The last verdict on one cell."""

    state: State
    score: float
    max_score: float


def file_in(course: Path) -> Path:
    """Where a course's folder keeps them."""
    return course / ".autograder" / "progress.json"


def read(file: Path) -> dict[str, dict[str, Mark]]:
    """The marks by unit and cell. A damaged file counts as empty: it can be made again by checking again."""
    try:
        kept = json.loads(file.read_bytes())
        return {unit: {cell: _mark(**mark) for cell, mark in cells.items()} for unit, cells in kept.items()}
    except (OSError, ValueError, TypeError, AttributeError, RecursionError):
        return {}


def record(file: Path, unit: str, cell: CellReport) -> None:
    """Keep the verdict on one cell. A folder that cannot be written to is no error: then nothing is kept."""
    if cell.score is None:
        return
    marks: Mapping[str, dict[str, Mark]] = read(file)
    marks = {**marks, unit: {**marks.get(unit, {}), cell.id: Mark(cell.state, cell.score, cell.max_score)}}
    plain = {name: {cell: asdict(mark) for cell, mark in cells.items()} for name, cells in marks.items()}
    with contextlib.suppress(OSError):
        file.parent.mkdir(exist_ok=True)
        with tempfile.NamedTemporaryFile("wb", dir=file.parent, delete=False) as written:
            written.write(json.dumps(plain, indent=2).encode())
        os.replace(written.name, file)


def _mark(state: Any, score: Any, max_score: Any) -> Mark:
    if state not in get_args(State):
        raise ValueError(f"no state: {state}")
    return Mark(state, float(score), float(max_score))
