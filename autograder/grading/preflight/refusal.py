"""What ends a command before anybody is graded wrongly."""

from __future__ import annotations


class Refused(RuntimeError):
    """Grading would make a whole class's grades wrong. The message says what to do."""
