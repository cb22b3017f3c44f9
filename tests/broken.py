"""Broken notebooks without end: a real one, mistreated at random by a grammar of what goes wrong in JSON and cells."""

from __future__ import annotations

import copy
import json
import random
from collections.abc import Callable, Iterator
from typing import Any

import miniature

HUGE = "@@an integer of 5,000 digits@@"
DEEP = "@@a thousand lists, one in the other@@"
SURROGATE = "\ud800"

ODD: list[Any] = [None, True, -1, 0, 1e308, float("nan"), float("inf"), -float("inf"), 2**64, HUGE, DEEP, "", "text"]
ODD += [
    SURROGATE,
    f"a{SURROGATE}b",
    "\0",
    "\x1b[2J",
    "\u202e",
    "x" * 30_000,
    [],
    [[]],
    [1],
    ["a\n", 5],
    ["a", SURROGATE],
]
ODD += [["a", SURROGATE], {}, {"a": {}}, {SURROGATE: SURROGATE}, {"": None}, {"cells": []}, {"grade_id": "setup"}]
NAMES = ("cell_type", "source", "metadata", "outputs", "attachments", "id", "cells", "nbformat", "grade_id", "nbgrader")
PIXEL = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg=="
SOURCES = [
    "x = 1\0",
    "1/0",
    SURROGATE,
    f"# {SURROGATE}",
    "\x0c",
    "(" * 200,
    "def",
    "%%bash\nls",
    "!ls",
    "# " + "é" * 99,
]
SOURCES += [
    "# " + "é" * 99,
    "import os\nos._exit(3)",
    "raise SystemExit",
    "print('\\ud800')",
    "from lesson import *",
    "x = [" * 50,
    "\r\n\r",
]

Document = dict[str, Any]


def notebooks(seed: int, unit: str = miniature.UNIT) -> Iterator[bytes]:
    """One broken notebook of this unit after the other, always the same ones for a seed."""
    draw = random.Random(seed)
    while True:
        made = draw.choice([miniature.notebook, miniature.blank])(unit)
        for _ in range(draw.choice([1, 1, 2, 3, 8])):
            draw.choice(_TREE)(draw, made)
        data = _written(made)
        yield draw.choice(_BYTES)(draw, data) if draw.random() < 0.25 else data


def _places(made: Any) -> Iterator[tuple[Any, Any]]:
    """Every place in a document, as its holder and its key."""
    keys = list(made) if isinstance(made, dict) else range(len(made)) if isinstance(made, list) else ()
    for key in keys:
        yield made, key
        yield from _places(made[key])


def _anywhere(draw: random.Random, made: Document) -> tuple[Any, Any]:
    """A place: of the document itself, of a cell, or of its settings, each as likely."""
    cells = [cell for cell in _cells(made) if isinstance(cell, dict) and cell]
    kinds: list[list[tuple[Any, Any]]] = [[(made, key) for key in made]]
    if cells:
        cell = draw.choice(cells)
        kinds += [[(cell, key) for key in cell], list(_places(cell)), list(_places(cell.get("metadata")))]
    return draw.choice(draw.choice([kind for kind in kinds if kind] or [[(made, "cells")]]))


def _cells(made: Document) -> list[Any]:
    cells = made.get("cells")
    return cells if isinstance(cells, list) else []


def _replace(draw: random.Random, made: Document) -> None:
    holder, key = _anywhere(draw, made)
    holder[key] = copy.deepcopy(draw.choice(ODD))


def _remove(draw: random.Random, made: Document) -> None:
    holder, key = _anywhere(draw, made)
    if isinstance(holder, list) or len(holder) > 1:
        holder.pop(key, None) if isinstance(holder, dict) else holder.pop(key)


def _rename(draw: random.Random, made: Document) -> None:
    holder, key = _anywhere(draw, made)
    if isinstance(holder, dict):
        holder[draw.choice([SURROGATE, "", "\0", *NAMES])] = holder.pop(key, None)


def _add(draw: random.Random, made: Document) -> None:
    holder, _ = _anywhere(draw, made)
    if isinstance(holder, dict):
        holder[draw.choice([SURROGATE, "__class__", *NAMES])] = copy.deepcopy(draw.choice(ODD))


def _replace_cell(draw: random.Random, made: Document) -> None:
    cells = _cells(made)
    if cells:
        cells[draw.randrange(len(cells))] = copy.deepcopy(draw.choice(ODD))


def _copy_cell(draw: random.Random, made: Document) -> None:
    cells = _cells(made)
    if cells:
        cells.insert(draw.randrange(len(cells) + 1), copy.deepcopy(draw.choice(cells)))


def _shuffle(draw: random.Random, made: Document) -> None:
    draw.shuffle(_cells(made))


def _cut_cells(draw: random.Random, made: Document) -> None:
    cells = _cells(made)
    del cells[draw.randrange(len(cells) + 1) :]


def _write(draw: random.Random, made: Document) -> None:
    """Something else in a cell."""
    cells = [cell for cell in _cells(made) if isinstance(cell, dict)]
    if cells:
        draw.choice(cells)["source"] = draw.choice(SOURCES)


def _attach(draw: random.Random, made: Document) -> None:
    cells = [cell for cell in _cells(made) if isinstance(cell, dict)]
    if cells:
        name = draw.choice([SURROGATE, "a.png", "", "a\0b", "](x)", "\n", "x" * 3000, "<b>"])
        bundle = draw.choice([{"image/png": PIXEL}, {"image/png": draw.choice(ODD)}, {SURROGATE: PIXEL}, {}, 5])
        draw.choice(cells)["attachments"] = {name: bundle}
        cells[0]["source"] = f"![]({draw.choice(['attachment:', ''])}{name})"


def _version(draw: random.Random, made: Document) -> None:
    made["nbformat"] = draw.choice([*range(-1, 7), 4.5, "4", None, HUGE, float("nan")])
    made["nbformat_minor"] = draw.choice([0, 5, 99, -1, "5", None])
    if draw.random() < 0.4:
        made["worksheets"] = draw.choice([[{"cells": made.pop("cells", [])}], [], None, [5], [{}], {"cells": []}])


_TREE: list[Callable[[random.Random, Document], None]] = [
    *(_replace, _replace, _replace, _remove, _rename, _add, _replace_cell, _copy_cell, _shuffle, _cut_cells, _write),
    *(_write, _attach, _attach, _version),
]


def _written(made: Document) -> bytes:
    text = json.dumps(made)
    text = text.replace(json.dumps(HUGE), "7" * 5000).replace(json.dumps(DEEP), "[" * 1000 + "]" * 1000)
    return text.encode()


def _twice(draw: random.Random, data: bytes) -> bytes:
    """Some keys stand twice in their objects."""
    key = f'"{draw.choice(NAMES)}":'.encode()
    odd = draw.choice([b" 7", b" null", b' "\\ud800"', b" [NaN]", b" {}"])
    return data.replace(key, key + odd + b", " + key, draw.choice([1, 5, -1]))


def _damaged(draw: random.Random, data: bytes) -> bytes:
    place = draw.randrange(len(data))
    return (
        data[:place] + draw.choice([b"", b"\0", b"\xff", b"\xed\xa0\x80", b"}", b'"', b"\\", b"-"]) + data[place + 1 :]
    )


def _cut(draw: random.Random, data: bytes) -> bytes:
    return data[: draw.randrange(len(data))]


def _utf16(draw: random.Random, data: bytes) -> bytes:
    return data.decode().encode(draw.choice(["utf-16", "utf-16-le", "utf-32"]))


def _marked(draw: random.Random, data: bytes) -> bytes:
    return b"\xef\xbb\xbf" * draw.choice([1, 2]) + data


def _alone(draw: random.Random, data: bytes) -> bytes:
    """A surrogate as bytes, and not as JSON writes it."""
    return data.replace(b"\\ud800", b"\xed\xa0\x80")


_BYTES: list[Callable[[random.Random, bytes], bytes]] = [_twice, _twice, _damaged, _cut, _utf16, _marked, _alone]
