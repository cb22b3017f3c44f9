"""What a student can be asked, as records. All that comes of running a student's code is the student's word."""

from __future__ import annotations

from typing import Literal

import msgspec

Kind = Literal["value", "path", "change"]
"""What a variable or an expression holds; which line runs; what would come back without something."""


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """One line that ran, and what it left."""

    number: int
    code: str
    left: str


class Question(msgspec.Struct, frozen=True, kw_only=True):
    """One question about a student's own code, and its answer."""

    kind: Kind
    task: str
    call: str
    """As it would be typed."""
    first: int
    """The number of the first line that is shown, as Jupyter numbers the lines of the cell."""
    code: str
    line: int
    """The one in question."""
    asks: str
    answer: str
    comes_to: str
    """What the call comes to, and where it is wrong what would be right."""
    lines: tuple[Line, ...]
    """All that ran in this call, in order."""


class Interview(msgspec.Struct, frozen=True, kw_only=True):
    """What one student can be asked about one submission."""

    questions: tuple[Question, ...] = ()
    not_asked: tuple[str, ...] = ()
    """Sentences on what could not be asked, and why."""
