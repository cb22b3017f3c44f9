"""Pictures inside a notebook: Base64 of a file whose first bytes say which of a few kinds it is, and how large.

A few kilobytes can claim a size whose pixels fill the memory of whoever opens the page.
"""

from __future__ import annotations

import base64
import binascii

_KINDS = {
    b"\x89PNG\r\n\x1a\n": "image/png",
    b"\xff\xd8\xff": "image/jpeg",
    b"GIF87a": "image/gif",
    b"GIF89a": "image/gif",
}

MOST_PIXELS = 40_000_000
"""More than a camera or a screen makes: four bytes of memory each, in a browser."""

_JPEG_FRAMES = {*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC}


def kind(data: str) -> str | None:
    """What kind of picture this is; None where it is anything else, is too large to be shown, or is not only Base64:
    pages quote it as it is."""
    try:
        raw = base64.b64decode(data, validate=True)
    except (binascii.Error, ValueError):
        return None
    webp = raw[:4] == b"RIFF" and raw[8:12] == b"WEBP"
    found = "image/webp" if webp else next((name for start, name in _KINDS.items() if raw.startswith(start)), None)
    return found if found is not None and _pixels(found, raw) <= MOST_PIXELS else None


def _pixels(kind: str, raw: bytes) -> int:
    """How many pixels the header promises; 0 where it is cut off before it says."""
    if kind == "image/png":
        width, height = raw[16:20], raw[20:24]
    elif kind == "image/jpeg":
        return _pixels_of_jpeg(raw)
    elif kind == "image/gif":
        width, height = raw[7:5:-1], raw[9:7:-1]
    elif raw[12:16] == b"VP8X":
        return (int.from_bytes(raw[24:27], "little") + 1) * (int.from_bytes(raw[27:30], "little") + 1)
    elif raw[12:16] == b"VP8L":
        bits = int.from_bytes(raw[21:25], "little")
        return ((bits & 0x3FFF) + 1) * ((bits >> 14 & 0x3FFF) + 1)
    else:  # at most 16,383 each way
        return (int.from_bytes(raw[26:28], "little") & 0x3FFF) * (int.from_bytes(raw[28:30], "little") & 0x3FFF)
    return int.from_bytes(width, "big") * int.from_bytes(height, "big")


def _pixels_of_jpeg(raw: bytes) -> int:
    """Of the largest frame before the data begins. What stands between two segments is skipped, as browsers do it."""
    most, place = 0, 2
    while (place := raw.find(b"\xff", place)) >= 0 and place + 9 <= len(raw):
        marker = raw[place + 1]
        if marker == 0xFF:
            place += 1
        elif marker == 0xDA:
            break
        elif marker in (0x00, 0x01) or 0xD0 <= marker <= 0xD9:  # these have no length
            place += 2
        else:
            if marker in _JPEG_FRAMES:
                height, width = raw[place + 5 : place + 7], raw[place + 7 : place + 9]
                most = max(most, int.from_bytes(width, "big") * int.from_bytes(height, "big"))
            place += 2 + int.from_bytes(raw[place + 2 : place + 4], "big")
    return most


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
