"""What a reply from beyond the wall says. A hostile process may reply with any values in any places: whatever is not as
the server writes it reads as nothing said, and nothing here raises but what `Session` promises to."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from autograder.session.answers import Described, NotThere, Raised, Unusable
from autograder.words import one_line

Reply = Mapping[str, object]

_CATEGORIES = ("complex", "object array", "too large")


def value_of(reply: Reply, name: str, key: str) -> Any:
    """What a call returned or a variable holds. Raises `NotThere`."""
    if key in reply:
        return reply[key]
    if "missing" in reply:
        raise NotThere(name)
    category = reply.get("unencodable")
    return Unusable(category if isinstance(category, str) and category in _CATEGORIES else "other")


def raised_of(data: object) -> Raised | None:
    """An exception as the process beyond the wall describes it; anything odd becomes an exception without words."""
    if data is None:
        return None
    fields = data if isinstance(data, dict) else {}
    kind, message, line = (
        one_line(text, most) if isinstance(text := fields.get(key), str) else ""
        for key, most in (("kind", 60), ("message", 300), ("line", 160))
    )
    return Raised(kind or "Exception", fields.get("value_error") is True, message, line)


def described_of(reply: Reply) -> Described:
    """Whether a name can be called, and with what, as far as that is known."""
    names = reply.get("parameters")
    parameters = None
    if isinstance(names, list) and all(isinstance(item, str) for item in names):
        parameters = tuple(one_line(item, 60) for item in names[:50])
    return Described(reply.get("callable") is True, parameters)
