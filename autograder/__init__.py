"""An autograder that keeps a student's code on the other side of a wall."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from IPython.core.interactiveshell import InteractiveShell

__all__ = ["__version__", "load_ipython_extension"]
__version__ = "0.1.0"


def load_ipython_extension(shell: InteractiveShell) -> None:
    """`%load_ext autograder` in a notebook: `%check NAME`, `%hint NAME` and `%progress`."""
    from autograder.screens.magics import CourseMagics

    shell.register_magics(CourseMagics)
