"""What the same replies showed before. A class gives the same replies many times, and each is looked at once."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from typing import TypeVar

from autograder.grading.example import Example, Verdict
from autograder.grading.hidden import Finding, HiddenTest
from autograder.wall.both import wire

MOST_KNOWN = 20_000
"""So many findings of each kind are remembered."""

_SAID: tuple[Verdict, ...] = ("passed", "wrong", "error")
"""What the replies alone decide. The other verdicts depend on a process as well."""

_MOST_BYTES = 1_000
"""Of a reply that is kept with what it showed: no student fills the grader's memory with what a function returns."""

_Key = tuple[object, ...]
_Found = TypeVar("_Found")


class Memory:
    """Findings by the replies that led to them."""

    def __init__(self) -> None:
        self._examples: dict[_Key, Example] = {}
        self._verdicts: dict[_Key, Finding] = {}

    def example(self, test: HiddenTest, reply: bytes, find: Callable[[], Example]) -> Example:
        """What became of a visible example."""
        if len(reply) > _MOST_BYTES:
            return find()
        return _finding(self._examples, (test, _digest([reply])), find, lambda found: found.verdict)

    def verdict(
        self,
        test: HiddenTest,
        seed: int,
        replies: Sequence[bytes],
        find: Callable[[], Finding],
        *,
        lasts: Callable[[], bool],
    ) -> Finding:
        """What a hidden test says. What it found is only kept where it `lasts`."""
        key = (test, seed, _digest(replies))
        return _finding(self._verdicts, key, find, lambda found: found.verdict if lasts() else "fault")


def _finding(
    known: dict[_Key, _Found], key: _Key, find: Callable[[], _Found], verdict: Callable[[_Found], Verdict]
) -> _Found:
    if key in known:
        return known[key]
    found = find()
    if verdict(found) in _SAID:
        if len(known) >= MOST_KNOWN:
            known.clear()
        known[key] = found
    return found


def _digest(replies: Sequence[bytes]) -> bytes:
    digest = hashlib.blake2b(digest_size=16)
    for reply in replies:
        digest.update(wire.body(reply))
    return digest.digest()
