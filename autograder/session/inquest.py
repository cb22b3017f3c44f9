"""Who is to blame where a student's process ended: whoever was running then, or a cell from before."""

from __future__ import annotations


class Inquest:
    """Cells by their places, and functions and answers by their names.

    The first time that a process ends nobody is blamed: from then on each cell is checked after it has run, so that one
    that breaks Python for others ends the process itself. A cell that leaves threads running may end it later. It is
    then left out for a trial: if whoever was running lives on without it, it was the cell's doing."""

    def __init__(self) -> None:
        self.careful = False
        """Whether cells run one by one, and are checked."""
        self.left_out: frozenset[int] = frozenset()
        """The cells that are on trial."""
        self._running: set[int] = set()
        self._ended: int | str | None = None
        self._trials: list[frozenset[int]] = []

    def begins(self) -> None:
        """There is a new process."""
        self._running.clear()

    def leaves_threads(self, cell: int) -> None:
        self._running.add(cell)

    def goes_on(self, ended: int | str) -> bool:
        """Whether to try again in a new process before this one, which was running when the last ended, is blamed."""
        if not self.careful:
            self.careful = True
            return True
        if self._ended is None:
            self._ended, self._trials = ended, self._suspects()
        if self._ended == ended:
            self.left_out = self._trials.pop(0) if self._trials else frozenset()
            self._ended = ended if self.left_out else None
            return bool(self.left_out)
        return False

    def _suspects(self) -> list[frozenset[int]]:
        """The cells to leave out, one trial after the other: the latest alone, then all."""
        latest = sorted(self._running)[-1:]
        return [frozenset(cells) for cells in (latest, self._running)[: len(self._running)]]

    def guilty(self, survived: int | str) -> frozenset[int]:
        """The cells that ended Python for this one, which has now lived on without them."""
        if self._ended is None or self._ended != survived:
            return frozenset()
        found, self._ended, self.left_out = self.left_out, None, frozenset()
        return found
