"""What lies beside an assignment's notebook and travels with it: data, pictures, modules, whatever their suffix."""

from __future__ import annotations

from pathlib import Path

MAX_BYTES = 20 << 20
"""In all. It goes into every sandbox, and over the network with every task."""

OWN = "predictions.json"
"""What a reader records while trying the student version out."""


class TooLarge(ValueError):
    """More than travels. The message says what to do."""


def files(folder: Path) -> dict[str, bytes]:
    """The files in this folder and below, by their path; not notebooks, nor what programs leave. Raises `TooLarge`."""
    found = {
        path.relative_to(folder).as_posix(): path
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not _is_left(path.relative_to(folder))
    }
    size = sum(path.stat().st_size for path in found.values())
    if size > MAX_BYTES:
        largest = max(found, key=lambda name: found[name].stat().st_size)
        raise TooLarge(
            f"the files beside the notebook have {size / 2**20:.0f} MB, and {MAX_BYTES >> 20} MB is the most that "
            f"travels with it; the largest is {largest}"
        )
    return {name: path.read_bytes() for name, path in found.items()}


def _is_left(path: Path) -> bool:
    hidden = any(part.startswith(".") or part == "__pycache__" for part in path.parts)
    return hidden or path.suffix in (".ipynb", ".pyc") or path.name == OWN
