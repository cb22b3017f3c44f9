"""Where nbgrader's exchange lies while nobody has said so: a folder of the course, which is enough on one machine.

nbgrader's own default is a folder that only an administrator can make; without it every command of the exchange ends in
a traceback, and the formgrader has no buttons for it.
"""

from __future__ import annotations

import contextlib
from pathlib import Path

from jupyter_core.paths import jupyter_config_path
from traitlets.config import Config

SHARED = Path("/usr/local/share/nbgrader/exchange")
"""Where nbgrader looks by itself, in the course and at each student's."""

FOLDER = "exchange"
_FILES = ("nbgrader_config.py", "nbgrader_config.json")


def configure(c: Config, configuration: str) -> None:
    """Called by a course's nbgrader_config.py, with its own path. What somebody has set up for the machine, for
    themselves or for the course stays."""
    if "root" not in c.Exchange and not SHARED.is_dir() and not _is_set_elsewhere():
        c.Exchange.root = str(Path(configuration).resolve().parent / FOLDER)


def _is_set_elsewhere() -> bool:
    """Whether another of nbgrader's settings on this machine names an exchange. They are read and not run."""
    for folder in jupyter_config_path():
        for name in _FILES:
            with contextlib.suppress(OSError):
                if "Exchange" in Path(folder, name).read_text(encoding="utf-8", errors="replace"):
                    return True
    return False
