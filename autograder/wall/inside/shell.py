"""The IPython shell that a student's cells run in, and what they print and draw."""

from __future__ import annotations

import ast
import atexit
import contextlib
import faulthandler
import importlib.util
import inspect
import os
import re
import signal
import sys
import traceback
import warnings
from types import CodeType, FrameType
from typing import Any

from IPython.core.compilerop import CachingCompiler
from IPython.core.displayhook import DisplayHook
from IPython.core.displaypub import DisplayPublisher
from IPython.core.error import UsageError
from IPython.core.interactiveshell import InteractiveShell
from traitlets.config import Config

from autograder.wall.both.objects import Table
from autograder.wall.both.protocol import Raised
from autograder.wall.inside.names import Names
from autograder.wall.inside.printed import Outputs, Stream, message_of, name_of

_WARMING = (
    "%matplotlib inline",
    """
import json
import math
from pathlib import Path

import numpy as np
from IPython.display import display


def each(numbers):
    numbers = np.asarray(numbers, dtype=np.float64)
    if numbers.ndim != 1 or numbers.size == 0 or not np.isfinite(numbers).all():
        raise ValueError("one row of numbers")
    with np.errstate(all="ignore"):
        return [np.sqrt(numbers), np.mean(numbers), np.log(numbers), numbers**2, numbers - 1, float(numbers[0])]


shown = {"each": len(each(np.random.default_rng(1).normal(size=9))), "log": math.log(2)}
assert np.isclose(np.clip(np.linspace(0, 1, 5), 0.1, 0.9).sum(), 2.5, atol=10)
print(f"{shown['log']:.4f}", json.dumps(shown), Path("here").exists())
display({"text/html": "<p>text</p>", "text/plain": "text"}, raw=True)
""",
    "each([1])",
    "raise NotImplementedError",
    "%matplotlib agg",
)
"""What most notebooks do first, and nothing that a student is asked for: a student's code can read this."""


class Compiler(CachingCompiler):
    """Looks at a cell once, for whoever asks whether it is Python and for whoever runs it."""

    _looked_at: tuple[str, ast.Module] | None = None

    def look_at(self, source: str) -> ast.Module | None:
        """The cell as a tree, None where it is not plain Python."""
        with warnings.catch_warnings(record=True) as said:
            warnings.simplefilter("always")
            try:
                tree = ast.parse(source)
            except Exception:  # no Python, or too much of it; some versions raise strange things once that has happened
                return None
        self._looked_at = None if said else (source, tree)  # where there is a warning, the next look has to say it
        return tree

    def ast_parse(self, source: str, *args: Any, **options: Any) -> ast.AST:
        known, self._looked_at = self._looked_at, None
        return known[1] if known is not None and known[0] == source else super().ast_parse(source, *args, **options)


class Shell:
    """Runs cells one by one in one namespace, like a notebook's kernel, without being one."""

    def __init__(self) -> None:
        self.outputs = outputs = Outputs()
        self._in_cell = False

        def in_cell() -> bool:
            return self._in_cell

        class Publisher(DisplayPublisher):
            def publish(self, data: dict[str, Any], *_: Any, **__: Any) -> None:
                outputs.rich("display_data", data)

            def clear_output(self, wait: bool = False) -> None:
                outputs.clear()

        class Hook(DisplayHook):
            def write_output_prompt(self) -> None:
                """A notebook shows no prompt inside the output."""

            def write_format_data(self, format_dict: dict[str, Any], md_dict: Any = None) -> None:
                outputs.rich("execute_result", format_dict)

            def finish_displayhook(self) -> None:
                self._is_active = False

            def log_output(self, format_dict: dict[str, Any]) -> None:
                """No log is kept."""

        class NotebookShell(InteractiveShell):
            display_pub_class = Publisher
            displayhook_class = Hook

            def enable_gui(self, gui: str | None = None) -> None:
                """There is no window system to enable."""

            def ask_exit(self) -> None:
                """`quit()` in a cell asks for a new kernel, and here that changes nothing. A function that is called
                ends with it, as in any Python."""
                if not in_cell():
                    raise SystemExit

            def system(self, cmd: str) -> None:
                """`!ls` and `%pip install`: as in any notebook, a command that fails does not stop the cell."""
                outputs.text("stderr", "Commands of the operating system are not run here.\n")

            def getoutput(self, cmd: str, split: bool = True, depth: int = 0) -> Any:
                self.system(cmd)
                return [] if split else ""

            def showtraceback(self, exc_tuple: Any = None, *args: Any, **options: Any) -> None:
                """The error alone. IPython would spend many milliseconds on a coloured traceback that nobody reads."""
                kind, error, _ = self._get_exc_info(exc_tuple)
                if kind is UsageError or issubclass(kind, SyntaxError):
                    super().showtraceback(exc_tuple, *args, **options)
                else:
                    outputs.error(error, [])

            def _showtraceback(self, etype: type, evalue: BaseException, stb: list[str]) -> None:
                outputs.error(evalue, [])

            compiler_class = Compiler
            compile: Compiler

            def transform_cell(self, raw_cell: str) -> str:
                """IPython takes every cell to pieces to look for its own commands. None of them is Python, but for
                lines such as `ls -l`."""
                lone = "\n" not in raw_cell.strip()
                is_plain = self.compile.look_at(raw_cell) and not (lone and self._may_be_command(raw_cell))
                return raw_cell if is_plain else super().transform_cell(raw_cell)

            def _may_be_command(self, line: str) -> bool:
                word = re.match(r"\s*(\w+)\s*[.(=]", line)
                return word is None or self.find_magic(word[1]) is not None

            async def run_ast_nodes(
                self,
                nodelist: list[ast.stmt],
                cell_name: str,
                interactivity: str = "last_expr",
                compiler: Any = compile,
                result: Any = None,
            ) -> Any:
                """IPython compiles and runs each statement by itself. All but the last say the same in one piece, or
                cannot be compiled as one."""
                *most, last = nodelist or [ast.Pass()]
                if len(most) > 1 and interactivity == "last_expr":
                    block = self._in_one_piece(most, cell_name, compiler)
                    if block is not None:
                        is_async = bool(block.co_flags & inspect.CO_COROUTINE)
                        if await self.run_code(block, result, async_=is_async):
                            return True
                        nodelist = [last]
                return await super().run_ast_nodes(nodelist, cell_name, interactivity, compiler, result)

            def _in_one_piece(self, statements: list[ast.stmt], cell_name: str, compiler: Any) -> CodeType | None:
                flags = ast.PyCF_ALLOW_TOP_LEVEL_AWAIT if self.autoawait else 0
                with contextlib.suppress(Exception), compiler.extra_flags(flags):
                    block: CodeType = compiler(ast.Module(statements, []), cell_name, "exec")
                    return block
                return None

            def should_run_async(self, raw_cell: str, **rest: Any) -> bool:
                return ("await" in raw_cell or "async" in raw_cell) and super().should_run_async(raw_cell, **rest)

        settings = Config()
        settings.HistoryManager.enabled = False  # its saver is a thread, and nobody reads the history
        settings.InteractiveShell.colors = "nocolor"
        self._shell = NotebookShell.instance(config=settings)
        self._run_cell = self._shell.run_cell  # held here: a student may give this name another value
        self.namespace: dict[str, Any] = self._shell.user_ns
        self.objects = Table(lambda kind: kind.__module__ == "__main__")
        self.names = Names()
        self.functions: frozenset[str] = frozenset()
        """The names whose results are values, also where a class of that name makes them."""

    def warm_up(self) -> None:
        """Run what most notebooks run, so that a fork need not do it for the first time. Leaves nothing behind."""
        before = dict(self.namespace)
        for source in _WARMING:
            self.run(source)
        self.namespace.clear()
        self.namespace.update(before)
        self.names = Names()
        self.outputs.clear()

    def open(self, *, figures: bool) -> None:
        """From here on, what is printed and drawn goes to the cells' outputs."""
        sys.stdin = open(os.devnull, encoding="utf-8")  # noqa: SIM115 - stdin stays open as long as the process
        self.put_streams()  # after what can fail by itself, so that the grader is told why
        if figures and importlib.util.find_spec("matplotlib"):
            self._shell.run_line_magic("matplotlib", "inline")
        self.outputs.clear()

    def put_streams(self) -> None:
        """Before each request, since what a student's code has put in their place may be of no use to anybody else."""
        sys.stdout, sys.stderr = Stream(self.outputs, "stdout"), Stream(self.outputs, "stderr")

    def run(self, source: str, *, lesson: bool = False) -> tuple[list[dict[str, Any]], Raised | None]:
        """Run one cell, a student's or one of the lesson's. Returns its outputs and what it raised."""
        before = dict(self.namespace)
        self.outputs.clear()
        self._in_cell = True
        try:
            result = self._run_cell(source, store_history=False, silent=False)
        finally:
            self._in_cell = False
        self.names.note(before, self.namespace, lesson=lesson)
        error = result.error_before_exec or result.error_in_exec
        return self.outputs.plain(), None if error is None else raised_by(error)

    def forget(self) -> None:
        """Let go of the namespace, where this interpreter goes on without it."""
        atexit.unregister(self._shell.atexit_operations)

    def check(self) -> None:
        """Disarm what would end Python from the clock, and see that a cell runs. Raises where none does."""
        faulthandler.cancel_dump_traceback_later()
        if hasattr(signal, "setitimer"):  # which neither Windows nor a browser has
            for timer in (signal.ITIMER_REAL, signal.ITIMER_VIRTUAL, signal.ITIMER_PROF):
                signal.setitimer(timer, 0)
        self.put_streams()
        _, raised = self.run("pass")
        if raised is not None:
            raise RuntimeError(f"no cell runs any more: {raised.kind}")


def raised_by(error: BaseException) -> Raised:
    """What there is to say of an exception: its class, message and the student's own line that it came from."""
    line = ""
    for frame, number in traceback.walk_tb(error.__traceback__):
        if is_students(frame.f_code):
            line = _source_line(frame, number) or line
    if isinstance(error, SyntaxError) and isinstance(error.text, str):
        line = error.text.strip()
    return Raised(name_of(type(error)), isinstance(error, ValueError), message_of(error), line[:200])


def is_students(code: CodeType) -> bool:
    """Whether this was written in a cell."""
    return "ipykernel_" in code.co_filename or code.co_filename.startswith("<ipython-input")


def _source_line(frame: FrameType, number: int) -> str:
    import linecache

    return linecache.getline(frame.f_code.co_filename, number).strip()
