"""What a kernel has run since it started, and what became of it."""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from autograder.notebooks import syntax
from autograder.notebooks.syntax import syntax_tree

if TYPE_CHECKING:
    from IPython.core.interactiveshell import ExecutionInfo, ExecutionResult, InteractiveShell

_OURS = re.compile(
    r"get_ipython\(\)\.run_line_magic\('(?:check|hint|fresh|progress|export|load_ext|reload_ext)', "
    r"""(?:'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*")\)"""
)
"""How IPython writes one of our magics in Python. Cut out, so that a cell may both answer and ask."""

_names_in = functools.lru_cache(maxsize=1_000)(syntax.names_in)


@dataclass(frozen=True, slots=True)
class Run:
    """One cell, as it was run once."""

    number: int
    """N in `In [N]`."""
    source: str
    cell: str | None = None
    """The cell's id in the notebook, where the front end tells: for a task's own cell it is the task's name."""
    stopped: str | None = None
    """Why it did not run to its end."""
    bound: frozenset[str] = frozenset()
    """The names that have another value since."""

    @property
    def given(self) -> frozenset[str]:
        """The names that have their value from this run."""
        return self.bound if self.stopped else self.bound | _names_in(self.source)

    def tries(self, name: str) -> bool:
        """Whether this run is an attempt to give the name a value, also one that failed."""
        if self.cell == name or name in self.bound or name in _names_in(self.source):
            return True
        written = rf"^\s*(?:(?:async\s+)?def\s+{name}\b|class\s+{name}\b|{name}\s*(?::[^=\n]*)?=(?!=))"
        return syntax_tree(self.source) is None and re.search(written, self.source, re.MULTILINE) is not None

    def replaces(self, other: Run) -> bool:
        """Whether this run makes good an earlier one that stopped."""
        if self.number <= other.number or other.bound:
            return False
        names = _names_in(other.source)
        return (self.cell is not None and self.cell == other.cell) or (bool(names) and names <= self.given)


class History:
    """Listens to the kernel from when it is made; of what ran before, only what IPython keeps is known."""

    def __init__(self, shell: InteractiveShell) -> None:
        self._shell = shell
        self._runs: dict[int, Run] = {}
        self._before: dict[str, int] = {}
        self._cell: str | None = None
        shell.events.register("pre_run_cell", self._began)
        shell.events.register("post_run_cell", self._ended)

    def runs(self) -> list[Run]:
        """Every cell that was run, in order; the last one is the one that asks, and has not come to its end."""
        sources = self._shell.user_ns.get("In", [])
        found = []
        for number, source in enumerate(sources):
            source = _OURS.sub("None", source)
            if number not in self._runs:
                stopped = "a SyntaxError" if syntax_tree(source) is None else None
                cell = self._cell if number == len(sources) - 1 else None
                found.append(Run(number, source, cell, stopped))
            else:
                found.append(self._runs[number])
        return [run for run in found if run.source.strip() not in ("", "None")]

    def _began(self, info: ExecutionInfo) -> None:
        if info.store_history:
            self._before = self._values()
            self._cell = info.cell_id

    def _ended(self, result: ExecutionResult) -> None:
        number, info = result.execution_count, result.info
        sources = self._shell.user_ns.get("In", [])
        if info is None or not info.store_history or number is None or not 0 <= number < len(sources):
            return
        error = result.error_before_exec or result.error_in_exec
        stopped = None
        if error is not None:
            message = " ".join(str(error).split())
            stopped = f"{type(error).__name__}: {message}" if message else type(error).__name__
        now = self._values()
        bound = frozenset(name for name, value in now.items() if self._before.get(name) != value)
        self._runs[number] = Run(number, _OURS.sub("None", sources[number]), info.cell_id, stopped, bound)

    def _values(self) -> dict[str, int]:
        """Which object each name stands for. Only their addresses are kept: nothing lives longer for our sake."""
        return {name: id(value) for name, value in self._shell.user_ns.items() if not name.startswith("_")}
