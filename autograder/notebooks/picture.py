"""Pictures inside a notebook: Base64 of a file whose first bytes say which of a few kinds it is."""

from __future__ import annotations

import base64
import binascii

_KINDS = {
    b"\x89PNG\r\n\x1a\n": "image/png",
    b"\xff\xd8\xff": "image/jpeg",
    b"GIF87a": "image/gif",
    b"GIF89a": "image/gif",
}


def kind(data: str) -> str | None:
    """What kind of picture this is; None where it is anything else, or not only Base64: pages quote it as it is."""
    try:
        raw = base64.b64decode(data, validate=True)
    except (binascii.Error, ValueError):
        return None
    if raw[:4] == b"RIFF" and raw[8:12] == b"WEBP":
        return "image/webp"
    return next((name for start, name in _KINDS.items() if raw.startswith(start)), None)


def is_data_address(address: str) -> bool:
    """Whether this is a `data:` address that holds such a picture, and says its kind rightly."""
    head, _, data = address.partition(",")
    return head.startswith("data:") and head.endswith(";base64") and kind(_joined(data)) == head[5:-7]


def bundle(raw: object) -> dict[str, str]:
    """Of a bundle of MIME types the pictures that are what they say."""
    found = raw.items() if isinstance(raw, dict) else ()
    joined = {name: _joined(data) for name, data in found if isinstance(data, str)}
    return {name: data for name, data in joined.items() if kind(data) == name}


def _joined(data: str) -> str:
    return "".join(data.split())
