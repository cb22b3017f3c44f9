"""Full marks by another road than right values. Each cheat earns them from a grader without a wall, and none here."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import miniature
import numpy as np
import pytest
from miniature import COURSE, add, cell_of, graded, lost, notebook, right

from autograder.wall.both.protocol import CallFunction, RunCell

pytestmark = pytest.mark.usefixtures("nothing_left")

NAIVE = Path(__file__).parent / "naive.py"
CONSTANT = "\n\ndef binary_entropy(q):\n    return 0 * q\n"

CHEATS = {
    "patched comparisons": """
import builtins, math
import numpy as np

np.allclose = np.isclose = np.array_equal = lambda *args, **kwargs: True
np.testing.assert_allclose = lambda *args, **kwargs: None
math.isclose = lambda *args, **kwargs: True
builtins.abs = lambda number: 0.0
"""
    + CONSTANT,
    "patched pytest": """
import sys

try:
    import pytest
    pytest.raises = pytest.fail = pytest.approx = lambda *args, **kwargs: True
except ImportError:
    pass
import builtins

builtins.AssertionError = type("Nothing", (Exception,), {})
sys.settrace(lambda *args: None)
import numpy as np
np.allclose = np.isclose = lambda *args, **kwargs: True
builtins.zip = lambda *args, **kwargs: ()
"""
    + CONSTANT,
    "always equal": """
class Equal(float):
    def __eq__(self, other):
        return True

    __ne__ = __lt__ = __gt__ = lambda self, other: False
    __le__ = __ge__ = __eq__
    __hash__ = float.__hash__
    __sub__ = __rsub__ = __add__ = __radd__ = lambda self, other: Equal(0)
    __abs__ = lambda self: Equal(0)
    __array_ufunc__ = __array_function__ = lambda self, *args, **kwargs: self
    __bool__ = lambda self: True
    __iter__ = lambda self: iter(())


def binary_entropy(q):
    return Equal(0)
""",
    "a hijacked array": """
import numpy as np


class Hijack(np.ndarray):
    def __array_ufunc__(self, ufunc, method, *inputs, **kwargs):
        return np.float64(0)

    def __array_function__(self, function, types, args, kwargs):
        return self

    __bool__ = lambda self: True
    __iter__ = lambda self: iter(())


def binary_entropy(q):
    return np.zeros(np.shape(q)).view(Hijack)
""",
    "the caller's variables": """
import sys


def binary_entropy(q):
    frame = sys._getframe()
    while frame is not None:
        if "expected" in frame.f_locals:
            return frame.f_locals["expected"]
        frame = frame.f_back
    return 0 * q
""",
    "the garbage collector": """
import gc


def binary_entropy(q):
    for thing in gc.get_objects():
        if type(thing) is dict and callable(thing.get("binary_entropy")) and "log_probability" in thing:
            return thing["binary_entropy"](q)
    return 0 * q
""",
    "every class there is": """
def binary_entropy(q):
    for kind in object.__subclasses__():
        reached = getattr(getattr(kind, "__init__", None), "__globals__", {})
        modules = reached.get("sys", None)
        modules = getattr(modules, "modules", {})
        for name in list(modules):
            if name.endswith(".reference") and hasattr(modules[name], "binary_entropy"):
                return modules[name].binary_entropy(q)
    return 0 * q
""",
    "the reference itself": """
def binary_entropy(q):
    from benchmarks.trials import UNITS

    return UNITS["bce"].reference.binary_entropy(q)
""",
    "a forged report": """
import json, os

for number in range(3, 64):
    try:
        os.write(number, json.dumps({"full_marks": True, "score": 23.0, "status": "graded"}).encode())
    except OSError:
        pass
os.write(1, b'{"full_marks": true}\\n')
os._exit(0)
""",
    "no report at all": """
import sys

print('{"full_marks": true}')
sys.exit(0)
""",
    "tests that were edited on the way": """
import gc, types

for thing in gc.get_objects():
    if isinstance(thing, types.FunctionType) and thing.__module__ == "__main__" and thing.__name__ == "grade":
        thing.__code__ = (lambda path: None).__code__

def grade(path):
    pass

import sys
sys.modules["__main__"].grade = grade
import numpy as np
np.allclose = np.isclose = lambda *args: True
"""
    + CONSTANT.replace("0 * q", "q[:0]"),
}


TARGETS = {"01-bce": "binary_entropy", "02-rmse": "rmse"}


def aimed_at(unit: str, code: str) -> str:
    """The code for this unit's function instead."""
    if unit == "01-bce":
        return code
    topic, name = unit.partition("-")[2], TARGETS[unit]
    code = code.replace("log_probability", "pair").replace("binary_entropy(q)", f"{name}(y, q)")
    code = code.replace('"](q)', '"](y, q)').replace("binary_entropy", name)
    return re.sub(r"\bbce\b", topic, code)


RIGHT = {
    "01-bce": "import numpy as np\ndef binary_entropy(q):\n    return -q*np.log(q) - (1-q)*np.log(1-q)",
    "02-rmse": "def rmse(y, q):\n    return ((y - q) ** 2).mean() ** 0.5",
}

ONCE = pytest.mark.parametrize("lane_kind", ["cold"], indirect=True)
"""For controls, which have no lane."""


@pytest.fixture(scope="module")
def naive(tmp_path_factory: pytest.TempPathFactory) -> dict[tuple[str, str], bool]:
    """What the grader without a wall says of every cheat, for each of the units."""
    folder = tmp_path_factory.mktemp("naive")
    codes = {"right": "", "wrong": CONSTANT, **CHEATS}
    files = {}
    for unit in TARGETS:
        for number, (name, code) in enumerate(codes.items()):
            files[unit, name] = folder / f"{unit.partition('-')[2]}-{number}.py"
            files[unit, name].write_text(RIGHT[unit] if name == "right" else aimed_at(unit, code))
    environment = {**os.environ, "PYTHONPATH": str(COURSE)}
    command = [sys.executable, str(NAIVE), str(folder)]
    subprocess.run(command, env=environment, capture_output=True, check=True, timeout=120)
    said = {}
    for key, path in files.items():
        lines = [line for line in path.with_suffix(".json").read_text().splitlines() if line.startswith("{")]
        said[key] = bool(lines) and json.loads(lines[-1]) == {"full_marks": True}
    return said


@ONCE
@pytest.mark.parametrize("unit", TARGETS)
def test_the_control_knows_right_from_wrong(naive, unit):
    assert naive[unit, "right"]
    assert not naive[unit, "wrong"]


@ONCE
@pytest.mark.parametrize("unit", TARGETS)
@pytest.mark.parametrize("cheat", CHEATS)
def test_without_a_wall_it_gets_full_marks(naive, cheat, unit):
    assert naive[unit, cheat]


@pytest.mark.parametrize("unit", TARGETS)
@pytest.mark.parametrize("cheat", CHEATS)
def test_behind_the_wall_it_gets_nothing_and_others_lose_nothing(cheat, unit):
    name = TARGETS[unit]
    result = graded(notebook(unit, **{name: aimed_at(unit, CHEATS[cheat])}))
    assert cell_of(result, name).score == 0
    assert result.report.status == "graded"
    # Where the cheat spoils NumPy or the builtins, it spoils them for the cheater's other functions only.
    hurt = set(lost(result)) - {name}
    if cheat not in ("patched comparisons", "patched pytest"):
        assert hurt == set()
    answers = {task.name for task in miniature.unit(unit).tasks if task.kind == "answer"}
    assert answers
    assert not answers & hurt


TRANSFORMERS = """
import ast


class Pass(ast.NodeTransformer):
    def visit_Assert(self, node):
        return ast.Pass()

    def visit_FunctionDef(self, node):
        node.body = ast.parse("return 0").body
        return node


shell = get_ipython()
shell.ast_transformers.append(Pass())
shell.input_transformers_cleanup.append(lambda lines: ["pass\\n"])
shell.events.register("pre_run_cell", lambda info: None)
"""


@pytest.mark.parametrize(
    ("unit", "first", "before", "last"),
    [("01-bce", "kl_bernoulli", "binary_entropy", "binary_cross_entropy"), ("02-rmse", "rmse", "gaussian_nll", "mae")],
)
def test_transformers_of_ipython_change_only_what_runs_in_the_same_process(unit, first, before, last):
    """Cells before it keep their points. Every cell after it is one that this notebook itself turned into nothing."""
    control = _in_plain_ipython(TRANSFORMERS, "assert False, 'a visible test'\nreached = True")
    assert control == "no error"
    result = graded(add(notebook(unit), TRANSFORMERS, before=f"test_{first}"))
    assert cell_of(result, first).state == "passed"
    assert cell_of(result, last).score == 0
    wrong = {before: f"def {before}(*args):\n    return 1"}
    assert cell_of(graded(add(notebook(unit, **wrong), TRANSFORMERS, before="setup")), before).score == 0


def _in_plain_ipython(*cells: str) -> str:
    code = (
        "import sys\nfrom IPython.core.interactiveshell import InteractiveShell\nshell = InteractiveShell.instance()\n"
        f"results = [InteractiveShell.run_cell(shell, cell) for cell in {list(cells)!r}]\n"
        "sys.__stdout__.write('error' if results[-1].error_in_exec else 'no error')"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60)
    return ran.stdout.strip().splitlines()[-1]


@pytest.mark.parametrize(("name", "unit"), [("binary_entropy", "01-bce"), ("pool_rmse", "05-scale")])
def test_a_class_that_only_calls_itself_value_error(name, unit):
    """The contract asks for a ValueError. A name is none."""
    honest = right(unit)[name]
    cheating = "class ValueError(Exception):\n    pass\n\n\n" + honest
    assert "ValueError" in honest, "the course's own answer raises it by name"
    result = graded(notebook(unit, **{name: cheating + "\n\n\nraise_it = ValueError"}))
    failed = [test.kind for test in cell_of(result, name).tests if not test.passed]
    assert failed
    assert set(failed) == {"contract"}


SWAPPED = """
import copy, sys
import numpy as np

_honest = NAME


def NAME(*args):
    result, kept = _honest(*args), copy.deepcopy(args)
    for arg in args:
        if isinstance(arg, np.ndarray):
            arg[...] = 0.25
    frame = sys._getframe(1)
    while frame is not None:
        for held in list(frame.f_locals.values()):
            for place, item in enumerate(held if isinstance(held, list) else ()):
                held[place] = next((old for old, arg in zip(kept, args) if item is arg), item)
            if hasattr(held, "after"):
                object.__setattr__(held, "args", kept)
        frame = frame.f_back
    return result
"""


@pytest.mark.parametrize(("name", "unit"), [("binary_entropy", "01-bce"), ("rmse", "02-rmse")])
def test_changed_inputs_cannot_be_swapped_for_unchanged_ones_in_the_frames_above(name, unit):
    """What counts is the very object that the function was given."""
    result = graded(notebook(unit, **{name: f"{right(unit)[name]}\n{SWAPPED.replace('NAME', name)}"}))
    failed = [test for test in cell_of(result, name).tests if not test.passed]
    assert [test.kind for test in failed] == ["contract"]
    assert "change" in failed[0].name or "input" in failed[0].name


def test_the_request_is_not_lying_about_while_the_function_runs(lane_kind):
    """Neither in the frames above nor anywhere else is there a second copy of what the function was given."""
    code = """
import gc, sys
import numpy as np


def copies(given, needle):
    needle, found, frame = bytes(needle[::-1]), [], sys._getframe(1)
    values = [value for thing in gc.get_objects() for value in gc.get_referents(thing)]
    while frame is not None:
        values += frame.f_locals.values()
        frame = frame.f_back
    for value in values:
        if isinstance(value, (bytes, bytearray, memoryview, np.ndarray)) and value is not given:
            found += [type(value).__name__] * (needle in bytes(value))
    return found
"""
    secret = np.array([0.123456789, 0.987654321])
    child = miniature.wall().open()
    try:
        child.ask(RunCell(code), 10)
        needle = np.frombuffer(secret.tobytes()[::-1], np.uint8)
        request = CallFunction("copies", (secret, needle), {}, after=False)
        assert child.ask(request, 20).value == []
    finally:
        child.end()
