"""Cells run beyond the wall as IPython runs them, though some of its steps are left out for speed."""

from __future__ import annotations

import json
import subprocess
import sys
from functools import cache

import pytest
from miniature import wall

from autograder.notebooks.assignment import Cell
from autograder.notebooks.submission import Submission
from autograder.session.dialogue import CellRun
from autograder.session.session import Session
from autograder.wall.outside.policy import Limits

CELLS = {
    "only the last value is shown": "1\n2\n3",
    "a semicolon hides it": "x = 4\nx;",
    "statements before a name is made global": "x = 1\nglobal x\nx = x + 1\nx",
    "a future import in the middle": "import math\nfrom __future__ import annotations\ny: nowhere = 1\nmath.pi",
    "what stands before a lone return": "x = 5\nreturn x\ny = 6",
    "what stands after an error": "x = 1\nraise ValueError('b')\nx = 2",
    "an error in the last value": "x = 1\ny = 2\nx / 0",
    "no Python": "x = 1\nx = = 2",
    "top-level await": "import asyncio\nx = 1\nawait asyncio.sleep(0)\nx",
    "await in the middle": "import asyncio\nx = await asyncio.sleep(0, 3)\ny = x\nx + y",
    "a string that is no good escape": "x = '\\d'\ny = 1\nx",
    "a command of the system": "ls -l",
    "a name like a command": "ls = 3",
    "a command's name that is taken": "time = abs\ntime(-3)",
    "one call": "print('here')",
    "one assignment": "x = 7",
    "one word": "x",
    "a line magic": "%alias_magic now time",
    "a cell magic": "%%capture said\nx = 8\nprint(x)",
    "an assignment of a command's output": "files = !ls",
    "all values are asked for": (
        "from IPython.core.interactiveshell import InteractiveShell\n"
        "InteractiveShell.ast_node_interactivity = 'all'\n1\n2"
    ),
    "and then all are shown": "3\n4",
}
"""They run one after the other in one namespace."""

PROBE = "print(repr(globals().get('x')), repr(globals().get('y')))"

ORACLE = """
import contextlib, io, json, sys
from IPython.core.displayhook import DisplayHook
from IPython.core.interactiveshell import InteractiveShell

class Hook(DisplayHook):
    def write_output_prompt(self): pass
    def write_format_data(self, data, metadata=None): shown.append(data["text/plain"])

class Plain(InteractiveShell):
    displayhook_class = Hook
    def system(self, command): pass
    def getoutput(self, *how, **rest): return []
    def showtraceback(self, *how, **rest): pass
    def showsyntaxerror(self, *how, **rest): pass

shell, found = Plain.instance(), []
for source in json.load(sys.stdin):
    shown, printed = [], io.StringIO()
    with contextlib.redirect_stdout(printed), contextlib.redirect_stderr(io.StringIO()):
        result = shell.run_cell(source)
    error = result.error_before_exec or result.error_in_exec
    found.append([error and type(error).__name__, shown, printed.getvalue()])
json.dump(found, sys.stdout)
"""


@cache
def theirs() -> list[object]:
    asked = json.dumps([source for cell in CELLS.values() for source in (cell, PROBE)])
    done = subprocess.run([sys.executable, "-c", ORACLE], input=asked, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@cache
def ours() -> list[object]:
    sources = [source for cell in CELLS.values() for source in (cell, PROBE)]
    cells = tuple(Cell(id=None, type="code", source=source) for source in sources)
    with Session(wall(), Submission(cells=cells), {}, Limits()) as session:
        return [found(session.runs[index]) for index in range(len(cells))]


def found(run: CellRun) -> list[object]:
    data = [output.data for output in run.outputs]
    shown = [each["data"]["text/plain"] for each in data if each["output_type"] == "execute_result"]
    printed = [each["text"] for each in data if each.get("name") == "stdout"]
    return [run.raised.kind if run.raised else None, shown, "".join(printed)]


@pytest.mark.parametrize("place", range(len(CELLS)), ids=list(CELLS))
def test_a_cell_shows_raises_and_leaves_what_it_does_in_ipython(place: int) -> None:
    pair = slice(2 * place, 2 * place + 2)
    assert ours()[pair] == theirs()[pair]
