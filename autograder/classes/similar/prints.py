"""The fingerprints of a student's code: hashes of runs of tokens, the same whatever the names and comments."""

from __future__ import annotations

import builtins
import keyword
import re
import zlib
from collections.abc import Iterable, Sequence, Set
from dataclasses import dataclass

import numpy as np

RUN, WINDOW = 12, 4
"""Tokens of a run, and runs of which one is kept: whatever is shared over 15 tokens, a line and a half, is found."""

MOST = 20_000
"""Characters of one student's code that are looked at."""

_TOKEN = re.compile(
    r"(?P<comment>\#[^\n]*)"
    r"|(?P<text>[rRbBfFuU]{0,2}(?:'''(?:[^\\]|\\.)*?'''|\"\"\"(?:[^\\]|\\.)*?\"\"\"|'(?:[^'\\\n]|\\.)*'|\"(?:[^\"\\\n]|\\.)*\"))"
    r"|(?P<number>\d[\w.]*(?:(?<=[eE])[+-]?\d+)?|\.\d\w*)"
    r"|(?P<member>\.[^\W\d]\w*)"
    r"|(?P<name>[^\W\d]\w*)"
    r"|(?P<sign>\*\*=?|//=?|[-+*/%@&|^<>=!:]=|->|<<|>>|[^\s\w])"
    r"|(?P<line>\n)",
    re.DOTALL,
)
_WORDS = frozenset(keyword.kwlist) | frozenset(dir(builtins))
_FACTOR = np.uint64(0x9E3779B97F4A7C15)


SEPARATOR = "\n\n"
"""Stands between two cells where they are one text."""


@dataclass(frozen=True, slots=True)
class Prints:
    """The fingerprints of one student's code, each once, with the lines that each covers."""

    hashes: np.ndarray
    first: np.ndarray
    last: np.ndarray


_NONE = Prints(np.zeros(0, np.uint64), np.zeros(0, np.int64), np.zeros(0, np.int64))


def prints(cells: Sequence[str], given: Set[str] = frozenset(), *, all_runs: bool = False) -> Prints:
    """The fingerprints of cells; none is of two cells. `given` are the names that everybody was given; all others count
    as one. Lines are numbered as `SEPARATOR` joins the cells.

    `all_runs` leaves none out, as is needed of what is to be taken away."""
    found, above, room = [], 0, MOST
    for cell in cells:
        one = _prints(cell[:room], given, all_runs=all_runs)
        found.append(Prints(one.hashes, one.first + above, one.last + above))
        above += cell.count("\n") + SEPARATOR.count("\n")
        room = max(room - len(cell), 0)
    whole = Prints(*(np.concatenate([getattr(one, name) for one in [_NONE, *found]]) for name in Prints.__slots__))
    hashes, places = np.unique(whole.hashes, return_index=True)
    return Prints(hashes, whole.first[places], whole.last[places])


def _prints(source: str, given: Set[str], *, all_runs: bool) -> Prints:
    tokens, lines = _tokens(source, given)
    if len(tokens) < RUN:
        return _NONE
    runs = np.zeros(len(tokens) - RUN + 1, np.uint64)
    with np.errstate(over="ignore"):
        for place in range(RUN):
            runs = runs * _FACTOR + tokens[place : place + len(runs)]
        runs ^= runs >> np.uint64(29)
    kept = np.arange(len(runs))
    if not all_runs and len(runs) > WINDOW:
        windows = np.lib.stride_tricks.sliding_window_view(runs, WINDOW)
        kept = np.unique(windows.argmin(axis=1) + np.arange(len(windows)))
    return Prints(runs[kept], lines[kept], lines[kept + RUN - 1])


def names(sources: Iterable[str]) -> frozenset[str]:
    """The names in these texts."""
    return frozenset(match["name"] for text in sources for match in _TOKEN.finditer(text) if match["name"])


def bare(source: str) -> str:
    """Code without its comments and what it has in quotes, which may tell who wrote it. Lines stay lines."""
    out = []
    place = 0
    for match in _TOKEN.finditer(source):
        if match.lastgroup in ("comment", "text"):
            lines = "\n" * match[0].count("\n")
            out += [source[place : match.start()], "" if match.lastgroup == "comment" else f"'…'{lines}"]
            place = match.end()
    return "".join([*out, source[place:]])


def _tokens(source: str, given: Set[str]) -> tuple[np.ndarray, np.ndarray]:
    found: list[int] = []
    lines: list[int] = []
    line = 1
    for match in _TOKEN.finditer(source):
        kind, text = match.lastgroup, match[0]
        if kind == "line":
            line += 1
            continue
        if kind != "comment":
            found.append(_number(kind or "", text, given))
            lines.append(line)
        line += text.count("\n") if kind == "text" else 0
    return np.array(found, np.uint64), np.array(lines, np.int64)


def _number(kind: str, text: str, given: Set[str]) -> int:
    if kind == "text":
        return 1
    if kind == "name" and text not in _WORDS and text not in given:
        return 2
    return zlib.crc32(text.encode()) + 3


def covered(found: Prints, shared: np.ndarray) -> list[int]:
    """The lines that these fingerprints cover."""
    lines: set[int] = set()
    places: Sequence[int] = np.flatnonzero(np.isin(found.hashes, shared)).tolist()
    for place in places:
        lines.update(range(int(found.first[place]), int(found.last[place]) + 1))
    return sorted(lines)
