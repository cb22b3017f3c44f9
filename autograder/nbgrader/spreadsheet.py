"""Tables as CSV files that a spreadsheet can open without running anything."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

from autograder.words import visible

Value = str | float | int | None

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""What a spreadsheet takes for the beginning of a formula, also in its wide forms, or skips before one."""


def text(head: Sequence[str], rows: Iterable[Sequence[Value]]) -> str:
    """The table, comma-separated, with a line break at the end of each row."""
    made = io.StringIO()
    writer = csv.writer(made, lineterminator="\n")
    writer.writerow(head)
    writer.writerows([inert(value) for value in row] for row in rows)
    return made.getvalue()


def inert(value: Value) -> Value:
    """A text that is no formula, whatever it begins with. Numbers stay numbers."""
    if not isinstance(value, str):
        return value
    shown = visible(value)
    return f"'{shown}" if shown.startswith(_FORMULA) else shown
