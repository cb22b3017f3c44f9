"""What the check of a notebook needs is there in a browser, and nothing that is not."""

from __future__ import annotations

import sys

NOT_THERE = """
    msgspec nh3 nbgrader nbclient nbconvert nbformat jupytext dask distributed sqlalchemy typer tornado zmq jinja2
    markdown_it
""".split()


def test_the_core_is_imported_in_a_bare_pyodide(browser):
    """A thread or a process that were started by an import would end it here, where there are none."""
    versions, names, compiled, own = browser.run(
        """
import importlib.metadata, json, platform, sys
from autograder import Report, check, kit, misconceptions
from autograder.grading.mark import mark
from autograder.screens import check as checking
from autograder.wall.browser import BrowserLane
import autograder.misconception, autograder.report, autograder.words, autograder.notebooks.units

files = {name: str(getattr(module, "__file__", None)) for name, module in sys.modules.items()}
json.dumps([
    [platform.python_version(), importlib.metadata.version("numpy"), importlib.metadata.version("ipython")],
    sorted({name.partition(".")[0] for name in files}),
    sorted({name.partition(".")[0] for name, file in files.items() if file.endswith(".so")}),
    [name for name in files if name.startswith("autograder.")],
])
"""
    )
    assert versions == ["3.12.7", "2.0.2", "8.23.0"]
    assert not set(NOT_THERE) & set(names)
    assert [name for name in compiled if name not in sys.stdlib_module_names] == ["numpy"]
    assert "autograder.grading.suite" in own
    assert not [name for name in own if name.startswith(("autograder.wall.outside.lane", "autograder.nbgrader"))]
