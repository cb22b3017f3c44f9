"""The lane of a browser: what it ends, what it keeps apart, and what it gives back."""

from __future__ import annotations

import pytest

LANE = """
import builtins, json, os, sys, time
import numpy as np
from IPython.core.interactiveshell import InteractiveShell
from autograder.session.dialogue import NotThere, StudentError, Timeout
from autograder.notebooks.assignment import Cell
from autograder.notebooks.submission import Submission
from autograder.session.session import Session
from autograder.wall.browser import BrowserLane
from autograder.wall.outside.policy import Limits

def session(*sources, **files):
    cells = tuple(Cell("code", source) for source in sources)
    limits = Limits(cell_seconds=0.5, call_seconds=0.5)
    beside = {name: text.encode() for name, text in files.items()}
    return Session(BrowserLane(), Submission(cells), {f"{name}.py": text for name, text in beside.items()}, limits)

"null"
"""


@pytest.fixture(scope="module")
def lane(browser):
    browser.run(LANE)
    return browser


LOOPS = {
    "a loop": "    while True:\n        pass",
    "a comprehension": "    import itertools\n    return [i for i in itertools.count()]",
    "a generator": "    import itertools\n    return all(i >= 0 for i in itertools.count())",
    "a bare except": "    while True:\n        try:\n            x = 1\n        except:\n            pass",
    "a loop around it": "    while True:\n        try:\n            while True: pass\n        except: x = 2",
    "a callback": "    for x in iter(lambda: 1, 2): continue",
}


@pytest.mark.parametrize("body", LOOPS.values(), ids=LOOPS)
def test_a_call_that_never_returns_ends_and_the_others_go_on(lane, body):
    said = lane.run(
        f"""
with session({"def f():" + chr(10) + body!r}, "def g(x): return x + 1") as its:
    began = time.monotonic()
    try:
        said = its.call("f", (), {{}})
    except Timeout:
        said = "timeout"
    said = [said, its.call("g", (1,), {{}}), time.monotonic() - began < 20]
json.dumps(said)
"""
    )
    assert said == ["timeout", 2, True]


def test_a_cell_that_never_ends_is_left_out(lane):
    said = lane.run(
        """
with session("a = 1", "while True: pass", "b = 2") as its:
    said = [its.answer("a"), its.answer("b"), [its.runs[at].state for at in range(3)]]
json.dumps(said)
"""
    )
    assert said == [1, 2, ["ran", "timeout", "ran"]]


def test_a_recursion_without_end_is_an_error_and_no_end(lane):
    said = lane.run(
        """
with session("def f(x): return f(x)") as its:
    try:
        its.call("f", (1,), {})
    except StudentError as error:
        said = error.raised.kind
json.dumps(said)
"""
    )
    assert said == "RecursionError"


def test_every_life_has_a_fresh_namespace_and_its_own_files_and_copies_of_inputs(lane):
    said = lane.run(
        """
lives = []
for number in "12":
    with session("import helper", "from helper import N", "try: seen\\nexcept NameError: seen = 0",
                 "def f(x):\\n    x[0] = 9\\n    return seen", helper=f"N = {number}") as its:
        given = np.zeros(2)
        its.call("f", (given,), {})
        lives.append([its.answer("N"), its.answer("seen"), given.tolist()])
json.dumps(lives)
"""
    )
    assert said == [[1, 0, [0.0, 0.0]], [2, 0, [0.0, 0.0]]]


def test_the_notebook_that_asks_gets_its_own_python_back(lane):
    """Streams, folder, modules, built-in functions, the state of chance, environment, its shell, its figures."""
    said = lane.run(
        """
import types
shell = InteractiveShell.instance()
theirs = sys.modules["helper"] = types.ModuleType("helper")
def state():
    return [os.getcwd(), list(sys.path), id(sys.stdout), id(sys.stdin), id(sys.modules["__main__"]),
            id(sys.displayhook), dict(os.environ), id(sum), np.random.get_state()[1].tolist(),
            id(InteractiveShell.instance())]
before = state()
with session("import builtins, os, sys, helper, numpy as np", "builtins.sum = len", "os.environ['X'] = 'y'",
             "sys.path.append('z')", "np.random.seed(1)", "sys.stdout = None", "builtins.here = 1", helper="") as its:
    its.call("os.getcwd", (), {})
same = [one == other for one, other in zip(before, state())]
json.dumps([same, sys.modules["helper"] is theirs, hasattr(builtins, "here"), sys.monitoring.get_tool(4)])
"""
    )
    assert said == [[True] * 10, True, False, None]
