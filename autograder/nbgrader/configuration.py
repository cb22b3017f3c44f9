"""nbgrader's configuration of a course, read wholly or refused."""

from __future__ import annotations

import contextlib
import logging
import traceback
from collections.abc import Iterator
from pathlib import Path

from nbgrader.apps.baseapp import NbGrader
from traitlets.config.loader import JSONFileConfigLoader

from autograder.grading.preflight.hold import Refused
from autograder.words import one_line

_FILE = "nbgrader_config.py"


def read(root: Path) -> NbGrader:
    """nbgrader as the configuration of this course folder sets it up. Raises `Refused`."""
    with explained(root):
        app = NbGrader()
        app.load_cwd_config = False
        app.config_dir = str(root)
        app.raise_config_file_errors = True
        app.log.disabled = True
        # Relative addresses in a configuration mean the course folder; nbgrader is run there.
        with contextlib.chdir(root):
            app.initialize([], root=str(root))
        app.log.setLevel(logging.ERROR)
        app.log.disabled = False
    return app


@contextlib.contextmanager
def explained(root: Path) -> Iterator[None]:
    """Raises `Refused` where a configuration cannot be read. nbgrader itself prints why and goes on without it: to
    another database, and without the course's rule for late work."""
    try:
        yield
    except (Exception, SystemExit) as error:  # a configuration is a program, and may do anything
        cause = error.__context__ if isinstance(error, SystemExit) and error.__context__ else error
        place, line = _where(cause)
        where = f"{place or root / _FILE}{f', line {line}' if line else ''}"
        what = cause.msg if isinstance(cause, SyntaxError) else str(cause)
        said = one_line(f"{type(cause).__name__}: {what}", 300)
        raise Refused(f"Nothing was done, since the course's configuration cannot be read: {where}: {said}") from error


def _where(error: BaseException) -> tuple[str, int | None]:
    """The file of a configuration in which it went wrong, and the line."""
    if isinstance(error, SyntaxError) and error.filename:
        return error.filename, error.lineno
    for frame, _ in traceback.walk_tb(error.__traceback__):
        loader = frame.f_locals.get("self")
        if isinstance(loader, JSONFileConfigLoader):
            return loader.full_filename, getattr(error, "lineno", None)
    frames = traceback.extract_tb(error.__traceback__)
    ours = [frame for frame in frames if Path(frame.filename).name.endswith("_config.py")]
    return (ours[-1].filename, ours[-1].lineno) if ours else ("", None)
