"""Words for people, out of values and texts that may come from anybody."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from functools import partial

import numpy as np

_MOST = 12
"""How many entries of a list are shown."""

_UNUSABLE = {
    "complex": "a complex number",
    "object array": "an array of Python objects, not of numbers",
    "masked": "a masked value, which is no number",
    "too large": "a value that is too large to look at",
    "function": "a function",
    "generator": "a generator",
    "set": "a set",
    "unfinished": "`...`",
    "other": "a value that is neither a number nor made of numbers",
}


_UNSEEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff\ufff9-\ufffb\U000e0000-\U000e007f"
    "\ud800-\udfff]"
)
"""Characters that command a terminal, turn the direction of what follows, or cannot be written to a file."""


def visible(text: str, keep: str = "") -> str:
    """The text with a sign in the place of each character that does something unseen. Lines stay lines."""
    return _UNSEEN.sub(lambda match: match[0] if match[0] in keep else "�", text.replace("\r\n", "\n"))


def one_line(text: str, most: int = 200) -> str:
    """The text without line breaks, control characters or anything that could command a terminal, cut to length."""
    clean = " ".join("".join(char if char.isprintable() or char.isspace() else "�" for char in text).split())
    return clean if len(clean) <= most else clean[: most - 1] + "…"


def sentence(text: str) -> str:
    """The text with a capital letter first."""
    return text[:1].upper() + text[1:]


def number(value: float | np.number | np.bool_, digits: int = 6) -> str:
    """A number as a student would write it, with at most so many significant digits."""
    if isinstance(value, bool | np.bool_):
        return str(bool(value))
    if isinstance(value, int | np.integer):
        return one_line(str(value), 40)
    if math.isnan(real := float(value)):
        return "nan"
    return f"{real:.{digits}g}"


def exact(value: float) -> str:
    """A number such that Python reads the same one back, as short as that allows."""
    short = number(value)
    if not isinstance(value, float | np.floating) or math.isnan(value):
        return short
    return short if float(short) == value and short != "-0" else repr(float(value))


def shown(value: object, most: int = 160, digits: int = 6) -> str:
    """A value as Python shows it, arrays as lists, short."""
    category = getattr(value, "category", None)
    if isinstance(category, str):
        return _UNUSABLE.get(category, _UNUSABLE["other"])
    return one_line(_shown(value, 0, partial(number, digits=digits)), most)


def call(name: str, args: tuple[object, ...], kwargs: Mapping[str, object]) -> str:
    """A call as a student would type it: typed again, it has the same inputs."""
    parts = [one_line(_shown(arg, 0, exact), 80) for arg in args]
    parts += [f"{key}={one_line(_shown(value, 0, exact), 40)}" for key, value in kwargs.items()]
    return f"{name}({', '.join(parts)})"


def _shown(value: object, depth: int, spell: Callable[[float], str] = number) -> str:
    if isinstance(value, np.ndarray):
        few = value[(slice(_MOST + 1),) * value.ndim]  # one more than is shown tells that there are more
        plain = _shown(few.tolist(), depth, spell)
        usual = value.dtype in (np.dtype(np.float64), np.dtype(np.int64), np.dtype(np.intp), np.dtype(bool))
        return plain if value.ndim == 0 or usual else f"np.array({plain}, np.{value.dtype.name})"
    if isinstance(value, bool | int | float | np.number | np.bool_):
        return spell(value)  # type: ignore[arg-type]  # NumPy's numbers are as good as floats to both spellings
    if isinstance(value, list | tuple) and depth < 4:
        inner = ", ".join(_shown(item, depth + 1, spell) for item in value[:_MOST]) + (
            ", …" if len(value) > _MOST else ""
        )
        if isinstance(value, list):
            return f"[{inner}]"
        return f"({inner},)" if len(value) == 1 else f"({inner})"
    return repr(value)[:200]
