"""What a student's cells printed and drew, cleaned: no script, nothing remote, nothing that is not what it says."""

from __future__ import annotations

import base64
import binascii
import functools
import json
import re
from dataclasses import dataclass
from typing import Any

import bleach
import numpy as np

MAX_BYTES = 32 << 20
"""What all cells of one submission together may print and draw."""

_MAX_TEXT = 100_000
_MAX_HTML, _MAX_TAGS = 20_000, 1_000
"""Of one cell, pictures aside: the time that cleaning takes grows with the square of the tags."""

_KEPT_CONTROLS = dict.fromkeys(map(ord, "\n\t\r\x1b"))
"""White space, and the escape that colours start with."""
_DATA_IMAGE = re.compile(r"data:image/(png|jpeg|gif);base64,[A-Za-z0-9+/=\s]+")
_TAGS = frozenset(
    "b blockquote br caption code dd details div dl dt em figcaption figure h1 h2 h3 h4 h5 h6 hr i img kbd li ol p pre "
    "s small span strong sub summary sup table tbody td tfoot th thead tr u ul".split()
)


@dataclass(frozen=True, slots=True)
class Output:
    """One output of a cell, as plain notebook JSON that holds only what `clean_outputs` let through."""

    data: dict[str, Any]


CUT = Output({"output_type": "stream", "name": "stderr", "text": "[this notebook's outputs were cut here]\n"})
"""Stands where there was no room for more."""


def clean_outputs(raw: object, most: int = MAX_BYTES) -> tuple[Output, ...]:
    """The outputs of one cell that came from beyond the wall, as far as they are what they should be."""
    if isinstance(raw, np.ndarray) and raw.size > most:
        return (CUT,)
    if not isinstance(raw, np.ndarray) or raw.dtype != np.uint8:
        return ()
    try:
        items = json.loads(raw.tobytes())
    except (ValueError, RecursionError):
        return ()
    if not isinstance(items, list):
        return ()
    pages = _is_light(items)
    cleaned = (_clean(item, pages) for item in items)
    return tuple(Output(item) for item in cleaned if item is not None)


def _is_light(items: list[Any]) -> bool:
    """Whether the HTML of these outputs can be cleaned in no time."""
    bundles = (item.get("data") for item in items if isinstance(item, dict))
    pages = (bundle.get("text/html") for bundle in bundles if isinstance(bundle, dict))
    rest = "".join(_DATA_IMAGE.sub("", page) for page in pages if isinstance(page, str))
    return len(rest) <= _MAX_HTML and rest.count("<") <= _MAX_TAGS


def clean_html(html: str) -> str:
    """The HTML without scripts, styles, links, forms and pictures from elsewhere; pictures inside the page stay."""
    cleaned = bleach.clean(html, tags=_TAGS, attributes=_is_allowed, protocols=["data"], strip=True)
    # Styles are gone, and with them what keeps a wide picture inside the page. In cleaned HTML `<img` is always a tag.
    return cleaned.replace("<img ", '<img style="max-width:100%" ')


_cleaned = functools.lru_cache(maxsize=512)(clean_html)
"""The same tables come from every notebook of a class."""


def _is_allowed(tag: str, name: str, value: str) -> bool:
    if tag == "img":
        return name in ("alt", "width", "height") or (name == "src" and _DATA_IMAGE.fullmatch(value) is not None)
    return name in ("colspan", "rowspan", "scope") and tag in ("td", "th")


def _clean(item: Any, pages: bool) -> dict[str, Any] | None:
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
        data = _clean_bundle(item["data"], pages)
        extra = {"execution_count": None} if kind == "execute_result" else {}
        return {"output_type": kind, "data": data, "metadata": {}, **extra} if data else None
    return None


def _clean_bundle(bundle: dict[str, Any], pages: bool) -> dict[str, str]:
    kept: dict[str, str] = {}
    for mime in ("text/html", "image/png", "text/latex", "text/plain"):
        value = bundle.get(mime)
        if not isinstance(value, str):
            continue
        if mime == "text/html":
            kept |= {mime: _cleaned(value) if len(value) <= _MAX_HTML else clean_html(value)} if pages else {}
        elif mime != "image/png":
            kept[mime] = _text(value)
        elif _is_png(picture := "".join(value.split())):
            kept[mime] = picture
    return kept


def _is_png(data: str) -> bool:
    """Whether this is a picture in Base64 and nothing else: a page quotes it as it is, whatever it holds."""
    try:
        return base64.b64decode(data, validate=True).startswith(b"\x89PNG\r\n\x1a\n")
    except (binascii.Error, ValueError):
        return False


def _string(value: Any) -> str:
    """The value if it is text. Whatever else it may be is not worth the risk of asking it for some."""
    return _text(value) if isinstance(value, str) else ""


def _text(text: str) -> str:
    """Text that any file, database and terminal can hold: no lone surrogates, no control characters but a few."""
    text = text if len(text) <= _MAX_TEXT else f"{text[:_MAX_TEXT]}\n[output cut here]\n"
    kept = text.encode("utf-8", "replace").decode("utf-8")
    if kept.translate(_KEPT_CONTROLS).isprintable():
        return kept
    return "".join(char for char in kept if char.isprintable() or ord(char) in _KEPT_CONTROLS)
