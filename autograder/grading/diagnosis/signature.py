"""A short word for all that a function replied to the fixed probes: equal words are equal mistakes, known or not."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from autograder.grading.diagnosis.probe import Probe
from autograder.grading.diagnosis.reply import Reply

_DIGITS = 4
"""Significant digits that count: two ways to write one formula agree in many more."""

_SMALL = 1e-7


def signature(probes: Sequence[Probe], replies: Sequence[Reply]) -> str:
    """Twelve hexadecimal digits. Whatever they are made of was replied before any hidden input was sent, and was asked
    of everybody alike, so that nothing of a hidden input can be in them."""
    digest = hashlib.blake2b(digest_size=6)
    for probe, reply in zip(probes, replies, strict=True):
        digest.update(repr(reply.form).encode())
        # Where digits are meant to be lost, only the size of what is left can be compared.
        digits = _DIGITS if probe.kind == "value" else 2
        for number in reply.numbers.tolist():
            digest.update(b" ~0" if abs(number) < _SMALL else f" {number:.{digits}g}".encode())
    return digest.hexdigest()
