"""A submitted notebook, read with suspicion: what is kept of it, and the assignment's own cells put back in place.

Nothing of the submission's metadata, outputs or cell ids is kept: a submission is a sequence of cell texts, some of
which say which cell of the assignment they are.
"""

from __future__ import annotations

import errno
import json
import logging
import os
import re
import stat
import warnings
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from autograder.notebooks.assignment import Assignment, Cell
from autograder.notebooks.syntax import is_untouched, names_in_all

MAX_BYTES = 32 << 20
MAX_CELLS = 2_000
_IMAGES = {"image/png", "image/jpeg", "image/gif"}
_BASE64 = re.compile(r"[A-Za-z0-9+/=\s]*")


class Unreadable(ValueError):
    """The submission is no notebook that could be graded. The message is for its author."""


@dataclass(frozen=True, slots=True)
class Submission:
    """The cells to run and to show, in the student's order, and what is worth telling about how they were handed in."""

    cells: tuple[Cell, ...]
    notes: tuple[str, ...] = ()
    names: tuple[frozenset[str], ...] = ()
    """By cell, what the student's code gives a name to."""
    attempts: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    """By task, the cells that try to do it: its own, changed, or another that defines its name. None for a task that a
    person reads."""

    def solution(self, name: str) -> Cell | None:
        return next((cell for cell in self.cells if cell.id == name), None)


def read_bytes(path: str | Path, folder: int | None = None) -> bytes:
    """A submitted file's bytes, by its path or by its name in a folder that is open. Links, devices, folders and files
    over the limit are refused with `Unreadable`."""
    try:
        flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
        descriptor = os.open(path, flags, dir_fd=folder)
    except OSError as error:
        is_link = error.errno == errno.ELOOP  # with O_NOFOLLOW
        reason = "it is a link to another file" if is_link else (error.strerror or "unknown error")
        raise Unreadable(f"The file could not be opened: {reason}.") from error
    try:
        status = os.fstat(descriptor)
        if not stat.S_ISREG(status.st_mode):
            raise Unreadable("This is not a file.")
        if status.st_size > MAX_BYTES:
            raise Unreadable(
                f"The file has {status.st_size / 2**20:.0f} MB; a notebook may have {MAX_BYTES >> 20} MB. "
                "Clear its outputs (Edit, Clear Outputs of All Cells), save and hand it in again."
            )
        with os.fdopen(descriptor, "rb", closefd=False) as file:
            return file.read(MAX_BYTES)
    finally:
        os.close(descriptor)


def parse(data: bytes) -> tuple[tuple[Cell, ...], tuple[str, ...]]:
    """The raw cells of a notebook file and notes about it. Raises `Unreadable`, and nothing else."""
    try:
        return _parsed(data)
    except Unreadable:
        raise
    except Exception as error:  # whatever a file does to its reader
        logging.getLogger(__name__).exception("a notebook could not be read")
        raise Unreadable("The grader could not read this file.") from error


def _parsed(data: bytes) -> tuple[tuple[Cell, ...], tuple[str, ...]]:
    try:
        document = json.loads(data.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise Unreadable("The file is not a notebook: it is not text in UTF-8.") from error
    except (ValueError, RecursionError) as error:
        where = f" (line {error.lineno})" if isinstance(error, json.JSONDecodeError) else ""
        raise Unreadable(
            f"The file is not a notebook: it is not valid JSON{where}. Perhaps it was cut off, or "
            "is another kind of file."
        ) from error
    if not isinstance(document, dict) or not ("cells" in document or "worksheets" in document):
        raise Unreadable("The file is JSON, but not a notebook: it has no cells.")
    raw_cells, notes = _cells_of(document)
    if len(raw_cells) > MAX_CELLS:
        raise Unreadable(f"The notebook has {len(raw_cells)} cells; more than {MAX_CELLS} are not graded.")
    cells = tuple(cell for raw in raw_cells if (cell := _clean(raw)) is not None)
    if len(cells) < len(raw_cells):
        notes = (*notes, f"{len(raw_cells) - len(cells)} damaged cells were left out.")
    if not cells:
        notes = (*notes, "The notebook is empty.")
    return cells, notes


def merge(cells: Iterable[Cell], assignment: Assignment, notes: tuple[str, ...] = ()) -> Submission:
    """The submission's cells with every cell of the assignment back in its place.

    Locked cells get the assignment's text whatever the student made of them. Of several cells with one id the last one
    that is not an untouched stub counts; the others run as the student's own. A missing cell is put back after the cell
    that it used to follow; a missing solution cell is shown, but not run, since the function may live elsewhere.
    """
    cells = list(cells)
    trusted = {cell.id: cell for cell in assignment.cells if cell.id is not None}
    followers = _followers(assignment, {cell.id for cell in cells})
    chosen: dict[str, int] = {}
    copies = 0
    for index, cell in enumerate(cells):
        if cell.id is None or (ours := trusted.get(cell.id)) is None:
            continue
        copies += cell.id in chosen
        if cell.id not in chosen or not (ours.locked or is_untouched(cell.source, ours.source)):
            chosen[cell.id] = index
    merged = followers[None]
    for index, cell in enumerate(cells):
        if cell.id is None or (ours := trusted.get(cell.id)) is None:
            merged.append(replace(cell, id=None))
        elif chosen[cell.id] != index:
            merged.append(replace(cell, id=None, runs=not (ours.locked or is_untouched(cell.source, ours.source))))
        else:
            merged.append(ours if ours.locked else replace(ours, source=cell.source, attachments=cell.attachments))
            merged += followers[cell.id]
    missing = [name for name in trusted if name not in chosen]
    if copies:
        notes = (*notes, f"{copies} copied cells were found; of each, the last one with an answer counts.")
    if missing:
        notes = (*notes, f"{len(missing)} missing cells were put back: {_few(missing)}.")
    theirs = [cell.type == "code" and not cell.locked for cell in merged]
    names = names_in_all([cell.source if own else "" for cell, own in zip(merged, theirs, strict=True)])
    attempts = {
        task.name: tuple(
            index
            for index, cell in enumerate(merged)
            if theirs[index] and cell.runs and task.kind != "manual"
            if cell.id == task.name or task.name in names[index]
            if not is_untouched(cell.source, task.stub)
        )
        for task in assignment.tasks
    }
    return Submission(tuple(merged), notes, names, attempts)


def read(path: Path, assignment: Assignment) -> Submission:
    """A submitted file as a submission to this assignment. Raises `Unreadable`."""
    cells, notes = parse(read_bytes(path))
    return merge(cells, assignment, notes)


def _followers(assignment: Assignment, present: Set[str | None]) -> dict[str | None, list[Cell]]:
    """By cell that is there, the missing ones that used to follow it; None for those at the beginning. A solution cell
    does not run again: the function may live elsewhere."""
    followers: dict[str | None, list[Cell]] = {None: []}
    last: str | None = None
    for cell in assignment.cells:
        if cell.id is not None and cell.id in present:
            last = cell.id
            followers[last] = []
        elif cell.id is not None:
            followers[last].append(replace(cell, runs=cell.locked))
    return followers


def _cells_of(document: dict[str, Any]) -> tuple[list[Any], tuple[str, ...]]:
    notes: tuple[str, ...] = ()
    if "cells" not in document or document.get("nbformat", 4) in (1, 2, 3):
        import nbformat  # only a notebook from before 2015 needs it

        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # about ids and versions, on the grader's own terminal
                document = nbformat.convert(nbformat.from_dict(document), 4)
        except Exception as error:
            raise Unreadable(
                "The notebook is in an old format that could not be converted. Open it in JupyterLab and save it."
            ) from error
        notes = ("The notebook is in an old format; it was converted.",)
    metadata = document.get("metadata")
    kernel = metadata.get("kernelspec") if isinstance(metadata, dict) else None
    language = kernel.get("language") if isinstance(kernel, dict) else None
    if isinstance(language, str) and language and language.lower() != "python":
        notes = (*notes, "The notebook is marked as another language; it was run as Python.")
    cells = document["cells"]
    if not isinstance(cells, list):
        raise Unreadable("The file is JSON, but not a notebook: its cells are not a list.")
    return cells, notes


def _clean(raw: Any) -> Cell | None:
    """A cell made anew from the few parts that are kept, None where it is damaged."""
    if not isinstance(raw, dict) or raw.get("cell_type") not in ("code", "markdown", "raw"):
        return None
    source = raw.get("source", "")
    if isinstance(source, list) and all(isinstance(line, str) for line in source):
        source = "".join(source)
    if not isinstance(source, str):
        return None
    metadata = raw.get("metadata")
    nbgrader = metadata.get("nbgrader") if isinstance(metadata, dict) else None
    grade_id = nbgrader.get("grade_id") if isinstance(nbgrader, dict) else None
    return Cell(
        type=raw["cell_type"],
        source=_text(source),
        id=grade_id if isinstance(grade_id, str) else None,
        attachments=_clean_attachments(raw.get("attachments")),
    )


def _clean_attachments(raw: Any) -> dict[str, dict[str, str]]:
    """Pictures pasted into a written answer; anything else is left out."""
    if not isinstance(raw, dict):
        return {}
    kept: dict[str, dict[str, str]] = {}
    for name, bundle in raw.items():
        if isinstance(bundle, dict):
            pictures = {kind: data for kind, data in bundle.items() if kind in _IMAGES and _is_base64(data)}
            if pictures:
                kept[_text(name)] = pictures
    return kept


def _text(text: str) -> str:
    """Without lone surrogates: legal JSON, but nothing that could be written to a file or a database."""
    return text.encode("utf-8", "replace").decode("utf-8")


def _is_base64(data: Any) -> bool:
    return isinstance(data, str) and _BASE64.fullmatch(data) is not None


def _few(names: Sequence[str], most: int = 5) -> str:
    return ", ".join(names[:most]) + (f" and {len(names) - most} more" if len(names) > most else "")
