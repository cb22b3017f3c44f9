"""A lane where there are no processes, as in a browser: a student's code runs in this very interpreter.

It has a namespace and a working folder of its own, values cross as they would cross the wall, and a loop of Python's
that never ends is ended. That keeps honest code apart from the grader, and nothing else: see `CANNOT_HOLD`. So it is
for people's own notebooks only, and what it says never counts. It needs Python 3.12, which lets others look on.
"""

from __future__ import annotations

import builtins
import contextlib
import functools
import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, MutableMapping, Sequence
from pathlib import Path
from types import CodeType
from typing import Any

import numpy as np
from IPython.core.interactiveshell import InteractiveShell

from autograder.wall.both.protocol import CellRan, PutFiles, Reply, Request, RunCell
from autograder.wall.both.stopwatch import Budget
from autograder.wall.both.wire import pack, unpack
from autograder.wall.inside.server import reply_to
from autograder.wall.inside.shell import Shell, is_students
from autograder.wall.outside.policy import Figures
from autograder.wall.outside.process import Gone, TooSlow, read

CANNOT_HOLD = (
    "Your code runs next to the tests here: what changes NumPy or Python itself changes the tests as well, until you "
    "restart the kernel, and a single call inside NumPy cannot be interrupted."
)

_NO_OUTPUTS = np.frombuffer(b"[]", np.uint8)

_watch: Any = getattr(sys, "monitoring", None)

_ENVIRONMENT = {"AUTOGRADER_FIGURES": "off", "MPLBACKEND": "agg"}


class _Late(BaseException):
    """The time is up. No Exception, so that a student's own `except Exception` lets it pass."""


class Clock:
    """Ends loops and calls in students' code once the time is up, again and again where that is caught."""

    _tool = 4

    def __init__(self) -> None:
        self._until = float("inf")
        self._came_late = False

    def start(self) -> None:
        """From here on, each function that begins and each loop that starts over is looked at."""
        _watch.use_tool_id(self._tool, "autograder")
        for event in (_watch.events.PY_START, _watch.events.JUMP):
            _watch.register_callback(self._tool, event, self._look)
        _watch.set_events(self._tool, _watch.events.PY_START | _watch.events.JUMP)
        _watch.restart_events()

    def stop(self) -> None:
        _watch.set_events(self._tool, 0)
        _watch.free_tool_id(self._tool)

    def within(self, seconds: float, work: Callable[[], bytes]) -> bytes:
        """What the work gives. Raises `TooSlow`, at the latest after it."""
        self._until, self._came_late = time.monotonic() + seconds, False
        try:
            given = work()
        except _Late as late:
            raise TooSlow("no answer in time") from late
        finally:
            late_by = time.monotonic() - self._until
            self._until = float("inf")
        if self._came_late or late_by > 0:
            raise TooSlow("no answer in time")
        return given

    def _look(self, code: CodeType, *_: Any) -> object:
        if not is_students(code):
            return _watch.DISABLE
        if time.monotonic() > self._until:
            self._came_late = True
            raise _Late
        return None


class BrowserLane:
    """One life after the other, each in this interpreter."""

    def open(self, *, figures: Figures = "none") -> BrowserProcess:
        return BrowserProcess()


class BrowserProcess:
    """A student's namespace. From its beginning to its end, what belongs to this interpreter's own notebook is put
    aside."""

    def __init__(self) -> None:
        self.charged = 0.0
        self._aside = contextlib.ExitStack()
        self._clock = Clock()
        with contextlib.ExitStack() as stack:
            self._work = Path(stack.enter_context(tempfile.TemporaryDirectory(ignore_cleanup_errors=True))).resolve()
            stack.enter_context(_aside(self._work))
            self._shell = Shell()
            stack.callback(self._shell.forget)
            self._shell.open(figures=False)
            self._clock.start()
            stack.callback(self._clock.stop)
            self._aside = stack.pop_all()

    @property
    def threads(self) -> int:
        return 1

    def ask(self, request: Request, seconds: float) -> Reply:
        (message,) = self.ask_all([pack(request)], seconds)
        return read(message)

    def ask_all(self, requests: Sequence[bytes], seconds: float, budget: Budget | None = None) -> Iterator[bytes]:
        budget = budget or Budget()
        for message in requests:
            began = time.monotonic()
            try:
                reply = self._clock.within(min(seconds, budget.left()), functools.partial(self._reply, message))
            except TooSlow:
                self.end()
                raise
            except Exception as error:
                self.end()
                raise Gone(type(error).__name__) from error
            finally:
                self.charged += time.monotonic() - began
            yield reply

    def end(self) -> None:
        self._aside.close()

    def _reply(self, message: bytes) -> bytes:
        request: Request = unpack(message, Request, self._shell.objects)
        if isinstance(request, PutFiles):
            tops = {name.partition("/")[0].removesuffix(".py") for name in request.files}
            for name in [name for name in sys.modules if name.partition(".")[0] in tops]:
                del sys.modules[name]  # the notebook's own, which comes back at the end
        if isinstance(request, RunCell):  # nobody looks at what it prints and draws: the notebook itself has shown that
            self._shell.put_streams()
            return pack(CellRan(_NO_OUTPUTS, self._shell.run(request.source, lesson=request.lesson)[1]))
        return reply_to(self._shell, request)


@contextlib.contextmanager
def _aside(work: Path) -> Iterator[None]:
    """Everything that a notebook's own Python has to have back afterwards."""
    notebook = InteractiveShell._instance
    kept: list[tuple[MutableMapping[Any, Any], dict[Any, Any]]] = [
        (place, dict(place)) for place in (sys.modules, vars(builtins), os.environ)
    ]
    streams = {name: getattr(sys, name) for name in ("stdin", "stdout", "stderr", "displayhook", "excepthook")}
    folder, path, random = Path.cwd(), list(sys.path), np.random.get_state()
    InteractiveShell._instance = None
    os.environ.update(_ENVIRONMENT)
    os.chdir(work)
    sys.path.insert(0, "")
    try:
        with _no_figures():
            yield
    finally:
        InteractiveShell._instance = notebook
        for name in [name for name, module in sys.modules.items() if _lies_in(module, work)]:
            del sys.modules[name]  # but what else was imported stays: NumPy's parts cannot be imported twice
        for place, before in kept:
            if place is not sys.modules:
                for name in place.keys() - before.keys():
                    del place[name]
            place.update(before)
        for name, stream in streams.items():
            setattr(sys, name, stream)
        np.random.set_state(random)
        sys.path[:] = path
        os.chdir(folder)


def _lies_in(module: object, work: Path) -> bool:
    """Whether this was imported from a student's working folder."""
    file = getattr(module, "__file__", None)
    return isinstance(file, str) and Path(work, file).is_relative_to(work)


@contextlib.contextmanager
def _no_figures() -> Iterator[None]:
    """Where the notebook has loaded Matplotlib already, it draws nothing meanwhile."""
    pyplot: Any = sys.modules.get("matplotlib.pyplot")
    if pyplot is None:
        yield
        return
    backend = pyplot.get_backend()
    pyplot.switch_backend("agg")
    try:
        yield
    finally:
        pyplot.close("all")
        pyplot.switch_backend(backend)
