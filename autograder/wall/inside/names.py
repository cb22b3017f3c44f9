"""The names that a student's cells gave a value, and which of them the lesson's own cells took for something else.

A student runs a cell and checks it, and may have a helper by a name that a figure further down needs for a number.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

_NOTHING = object()


class Names:
    def __init__(self) -> None:
        self._theirs: set[str] = set()
        self._taken: dict[str, Any] = {}

    def note(self, before: Mapping[str, Any], after: Mapping[str, Any], *, lesson: bool) -> None:
        """Compare what the names stood for before a cell and after it."""
        for name, value in list(after.items()):
            if before.get(name, _NOTHING) is value:
                continue
            if not lesson:
                self._theirs.add(name)
                self._taken.pop(name, None)
            elif name in self._theirs and name in before:
                self._taken.setdefault(name, before[name])

    def put_back(self, namespace: dict[str, Any]) -> None:
        """What students wrote uses their own names again."""
        namespace.update(self._taken)
        self._taken.clear()
