"""What a student's cells printed and drew, cleaned: no script, nothing remote, nothing that is not what it says."""

from __future__ import annotations

import functools
import json
import re
import time
from dataclasses import dataclass
from typing import Any

import numpy as np

from autograder.notebooks import latex, picture
from autograder.words import visible

MAX_BYTES = 8 << 20
"""What all cells of one submission together may print and draw."""

MAX_SECONDS = 2.0
"""The processor time that cleaning may take for one submission."""

_MAX_TEXT = 100_000
_MAX_HTML = 50_000
"""Of one output, pictures aside."""

_MAX_PARTS = 200_000
"""Lists, mappings and their entries, as far as bytes tell. What a JSON reader makes of each is many times its size."""

_DATA_IMAGE = re.compile(r"data:image/\w+;base64,[A-Za-z0-9+/=\s]+")
_COMMAND = re.compile(r"\x1b(?!\[[0-9;]{0,40}m)")
"""What starts a terminal's commands, but not those for colours."""


@dataclass(frozen=True, slots=True)
class Output:
    """One output of a cell, as plain notebook JSON that holds only what a `Cleaner` let through."""

    data: dict[str, Any]


CUT = Output({"output_type": "stream", "name": "stderr", "text": "[this notebook's outputs were cut here]\n"})
"""Stands where there was no room or time for more."""


class Cleaner:
    """Cleans the outputs of one submission, cell after cell, as long as there is room and time."""

    def __init__(self, room: int = MAX_BYTES, seconds: float = MAX_SECONDS) -> None:
        self._room, self._seconds = room, seconds

    def clean(self, raw: object) -> tuple[Output, ...]:
        """The outputs of one cell that came from beyond the wall, as far as they are what they should be."""
        if not isinstance(raw, np.ndarray) or raw.dtype != np.uint8:
            return ()
        if raw.size > self._room or self._seconds <= 0:
            return (CUT,)
        self._room -= raw.size
        began = time.process_time()
        try:
            return _outputs(raw.tobytes())
        finally:
            self._seconds -= time.process_time() - began


def clean_html(html: str) -> str:
    """The HTML without scripts, styles, forms and pictures from elsewhere. Raises `TooMuch`."""
    from autograder.notebooks import markup  # compiled, and in a browser nobody looks at these outputs

    # Styles are gone, and with them what keeps a wide picture inside the page. In cleaned HTML `<img` is always a tag.
    return markup.clean(html).replace("<img ", '<img style="max-width:100%" ')


_cleaned = functools.lru_cache(maxsize=512)(clean_html)
"""The same tables come from every notebook of a class."""


def _outputs(raw: bytes) -> tuple[Output, ...]:
    if sum(map(raw.count, (b"[", b"{", b","))) > _MAX_PARTS:
        return (CUT,)
    try:
        items = json.loads(raw)
    except (ValueError, RecursionError):
        return ()
    if not isinstance(items, list):
        return ()
    return tuple(Output(item) for item in map(_clean, items) if item is not None)


def _clean(item: Any) -> dict[str, Any] | None:
    if not isinstance(item, dict):
        return None
    kind = item.get("output_type")
    if kind == "stream" and item.get("name") in ("stdout", "stderr") and isinstance(item.get("text"), str):
        return {"output_type": "stream", "name": item["name"], "text": _text(item["text"])}
    if kind == "error":
        lines = item["traceback"][-30:] if isinstance(item.get("traceback"), list) else []
        return {
            "output_type": "error",
            "ename": _string(item.get("ename"))[:100],
            "evalue": _string(item.get("evalue"))[:500],
            "traceback": [_string(line) for line in lines],
        }
    if kind in ("display_data", "execute_result") and isinstance(item.get("data"), dict):
        data = _clean_bundle(item["data"])
        extra = {"execution_count": None} if kind == "execute_result" else {}
        return {"output_type": kind, "data": data, "metadata": {}, **extra} if data else None
    return None


def _clean_bundle(bundle: dict[str, Any]) -> dict[str, str]:
    kept = picture.bundle(bundle)
    html, formula, plain = (_string(bundle.get(f"text/{kind}")) for kind in ("html", "latex", "plain"))
    if isinstance(whole := bundle.get("text/html"), str) and (html := _page(whole)):
        kept["text/html"] = html
    if formula and all(map(latex.is_plain, latex.readings(formula))):
        kept["text/latex"] = formula
    if plain:
        kept["text/plain"] = plain
    return kept


def _page(html: str) -> str:
    """The HTML that may be shown: none where it would take long, or has mathematics that leaves its place."""
    if len(html) > _MAX_HTML and len(_DATA_IMAGE.sub("", html)) > _MAX_HTML:
        return ""
    from autograder.notebooks import markup

    try:
        cleaned = _cleaned(html) if len(html) <= _MAX_HTML else clean_html(html)
    except markup.TooMuch:
        return ""
    return visible(cleaned) if markup.is_held(cleaned) else ""


def _string(value: Any) -> str:
    """The value if it is text. Whatever else it may be is not worth the risk of asking it for some."""
    return _text(value) if isinstance(value, str) else ""


def _text(text: str) -> str:
    """Text that any file, database and terminal can hold: no lone surrogates, of commands only colours."""
    text = text if len(text) <= _MAX_TEXT else f"{text[:_MAX_TEXT]}\n[output cut here]\n"
    return visible(_COMMAND.sub("", text), keep="\r\x1b")
