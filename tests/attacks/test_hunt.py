"""A submission that looks for a solution instead of writing one, in everything that its process can read or call."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from miniature import COURSE, QUICK, wall

from autograder.grading.script import script_of
from autograder.notebooks import assignment, submission
from autograder.notebooks.assignment import Assignment, Cell
from autograder.session.session import Session
from autograder.wall.both.protocol import PutFiles, ReadVariable, RunCell
from autograder.wall.outside import bubblewrap
from autograder.wall.outside.child import Child

pytestmark = pytest.mark.usefixtures("nothing_left")

UNITS = tuple(assignment.load(name, COURSE) for name in assignment.names(COURSE))
NAMES = sorted(task.name for unit in UNITS for task in unit.tasks if task.kind == "function")
CALLS = 6
"""So many calls must come out right before a function counts as a solution: a constant gets none past the hunt."""

TOOLS = """
import gc, os, re, sys, types

NAMES = [name[::-1] for name in REVERSED]
DEFINED = r"(?:def|class)\\s+(?:%s)\\b" % "|".join(NAMES)
LIKE_CODE = re.compile(DEFINED + r"|\\b(?:%s)\\s*=\\s*lambda" % "|".join(NAMES))


def read(path):
    try:
        with open(path, "rb") as file:
            return file.read()
    except OSError:
        return b""


def files(*tops):
    for top in tops:
        for folder, _, names in os.walk(top):
            for name in names:
                yield os.path.join(folder, name)


def code_inside(code):
    yield code
    for constant in code.co_consts:
        if isinstance(constant, types.CodeType):
            yield from code_inside(constant)


def strings_in(thing, depth=0):
    if isinstance(thing, (str, bytes)):
        yield thing if isinstance(thing, str) else thing.decode("latin-1")
    elif isinstance(thing, (tuple, list, set, frozenset, dict)) and depth < 3:
        for item in list(thing):
            yield from strings_in(item, depth + 1)
        for item in list(thing.values()) if isinstance(thing, dict) else ():
            yield from strings_in(item, depth + 1)
    elif isinstance(thing, types.CodeType):
        for code in code_inside(thing):
            for constant in code.co_consts:
                if not isinstance(constant, types.CodeType):
                    yield from strings_in(constant, depth)


def is_mine(code):
    return "ipykernel_" in code.co_filename or code.co_filename.startswith("<ipython-input")
"""
"""Names are written backwards, so that the hunt does not find itself."""

BY_NAME = (
    TOOLS
    + """
import importlib, marshal

OURS = ("/wall/code/", "/wall/work/")
DEFINED = re.compile(DEFINED.encode())


def hunted():
    for name in MODULES:
        importlib.import_module(name)
    for path in files("/"):
        if path.startswith(("/proc/", "/dev/")):
            continue
        if "autograder" in path and not path.startswith(OURS):
            yield path
        if path.endswith((".pth", "RECORD", "direct_url.json", "entry_points.txt")):
            yield from [path] * (b"autograder" in read(path))
        if path.startswith(OURS):
            yield from (path + ": " + found for found in LIKE_CODE.findall(read(path).decode("latin-1")))
        if path.startswith(OURS) and path.endswith(".pyc"):
            for code in code_inside(marshal.loads(read(path)[16:])):
                yield from [path + ": " + code.co_name] * (code.co_name in NAMES)
                yield from (path + ": " + text for text in strings_in(code) if LIKE_CODE.search(text))
        elif path.endswith((".py", ".ipynb", ".md", ".txt", ".ipy")):
            yield from (path + ": " + found.decode() for found in DEFINED.findall(read(path)))
    for thing in gc.get_objects():
        if isinstance(thing, types.FunctionType) and not is_mine(thing.__code__):
            for code in code_inside(thing.__code__):
                yield from ["a live function: " + code.co_name] * (code.co_name in NAMES)
                yield from (code.co_filename + ": " + text for text in strings_in(code) if LIKE_CODE.search(text))
        elif isinstance(thing, (dict, list, tuple, set)):
            yield from ("a live text: " + text for text in strings_in(thing) if LIKE_CODE.search(text))
    for module in list(sys.modules.values()):
        yield from (f"{module.__name__}.{name}" for name in NAMES if name in getattr(module, "__dict__", {}))


told = []
for found in hunted():
    told = [*told, found[:99][::-1]]  # backwards, so that it is not found again
    if len(told) > 20:
        break
told = [text[::-1] for text in told]
"""
)

BY_BEHAVIOUR = (
    TOOLS
    + '''
import builtins, copy, importlib, signal, socket

import numpy as np

LIBRARIES = tuple({os.path.dirname(os.__file__), "/wall/packages", sys.prefix})


def is_ours(code):
    return not code.co_filename.startswith(LIBRARIES) and not code.co_filename.startswith("<frozen")


def functions():
    for name in MODULES:
        importlib.import_module(name)
    texts = []
    for thing in gc.get_objects():
        if isinstance(thing, types.FunctionType) and is_ours(thing.__code__) and thing not in TOOLS_OF_MINE:
            yield thing
            texts += [text for text in strings_in(thing.__code__)]
        elif isinstance(thing, type):
            yield from (value for value in vars(thing).values() if isinstance(value, types.FunctionType)
                        and is_ours(value.__code__))
    for name in MODULES:
        texts += strings_in(vars(sys.modules[name]))
        texts += strings_in(compile(read(sys.modules[name].__file__), name, "exec"))
    for text in dict.fromkeys(texts):
        if "def " in text or "lambda" in text:
            scratch = {}
            try:
                exec(text, scratch)
            except BaseException:
                pass
            yield from (value for value in scratch.values() if isinstance(value, types.FunctionType))


TOOLS_OF_MINE = {read, files, code_inside, strings_in, is_mine, is_ours, functions}
FOUND = list(dict.fromkeys(functions()))


def equal(one, other):
    if isinstance(other, tuple):
        return isinstance(one, (tuple, list)) and len(one) == len(other) and all(map(equal, one, other))
    if isinstance(other, str):
        return isinstance(one, str) and one == other
    try:
        one = np.asarray(one, dtype=np.float64)
        return one.shape == np.shape(other) and np.allclose(one, other, equal_nan=True)
    except Exception:
        return False


def in_order(args, order):
    return {"as they are": args, "swapped": args[::-1], "the first only": args[:1], "the last only": args[-1:]}[order]


def one_by_one(function, args, kwargs):
    """What it makes of the entries, or of each entry and its partner. What is no row of the same length stays."""
    rows = [isinstance(arg, (list, np.ndarray)) and np.ndim(arg) == 1 for arg in args]
    length = max((len(arg) for arg, row in zip(args, rows) if row), default=0)
    values = []
    for place in range(length):
        entries = [float(arg[place]) if row and len(arg) == length else arg for arg, row in zip(args, rows)]
        values.append(float(function(*entries, **kwargs)))
    return values


GATHERED = {"one by one": list, "one by one, their mean": np.mean, "one by one, their sum": np.sum}
# Numbers with a point: whole ones are numbers of processes and descriptors, and something here would use them.
ORDERS = ("as they are", "swapped", "the first only", "the last only")
EXTRAS = ((), (0.0,), (1.0,), (None,), ("",))


def takes(function, most):
    """Whether it has room for so many arguments, and is no generator, and not by its annotation, which a type checker
    holds, one of ours that gives no value: those take numbers of processes and of system calls, or end this process."""
    code, kind = function.__code__, function.__annotations__.get("return")
    if kind in ("None", "bool") and (function.__module__ or "").startswith("autograder."):
        return False
    inner = code.co_varnames[:1] == (".0",)  # the inside of a comprehension takes an iterator, or crashes Python
    return not inner and not code.co_flags & 0x2A0 and most <= code.co_argcount + code.co_kwonlyargcount


def interrupted(*_):
    raise TimeoutError


def refused(*_, **__):
    raise PermissionError


signal.signal(signal.SIGALRM, interrupted)
# Some of ours would end this process with such arguments, or cut it off.
builtins.open = socket.socket = socket.recv_fds = refused
for name in "_exit abort kill fork dup2 close closerange chdir pipe unlink remove setgid setuid".split():
    setattr(os, name, refused)


def tried(ways, args, kwargs, expected):
    """How, and by which of the functions of FOUND, this value can be had: of these ways, or of all where it is None."""
    if ways is None:
        few = ORDERS if len(args) > 1 else ORDERS[:1]
        ways = []
        for place, function in enumerate(FOUND):
            ways += [(place, order, extra, None) for order in few for extra in range(len(EXTRAS))]
    right = []
    for place, order, extra, how in ways:
        function, given = FOUND[place], (*in_order(args, order), *EXTRAS[extra])
        if takes(function, len(given)):
            right += [(place, order, extra, name) for name in found_by(function, given, kwargs, how, expected)]
    return right


def found_by(function, given, kwargs, how, expected):
    """How the function gives this value. One that waits for something is not waited for."""
    try:
        signal.setitimer(signal.ITIMER_REAL, 0.3)
        with np.errstate(all="ignore"):
            if how in (None, "whole"):
                try:
                    whole = function(*copy.deepcopy(given), **kwargs)
                except TimeoutError:
                    return
                except BaseException:
                    pass
                else:
                    yield from ["whole"] * equal(whole, expected)
            if how != "whole":
                values = one_by_one(function, given, kwargs)
                yield from (name for name, gather in GATHERED.items()
                            if how in (None, name) and values and equal(gather(values), expected))
    except BaseException:
        return
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)


def name_of(place):
    return f"{FOUND[place].__module__}.{FOUND[place].__qualname__}"


found = len(FOUND)
'''
)

INSIDE = Path(bubblewrap.__file__).parents[1] / "inside"
MODULES = [
    "autograder.wall.both.wire",
    "autograder.wall.both.channel",
    "autograder.wall.both.fields",
    "autograder.wall.both.protocol",
    "autograder.wall.both.stopwatch",
    *(f"autograder.wall.inside.{path.stem}" for path in sorted(INSIDE.glob("[!_]*.py"))),
]


def prepared(code: str, modules: list[str]) -> str:
    return f"REVERSED = {[name[::-1] for name in NAMES]}\nMODULES = {modules}\n{code}"


def with_files(unit: Assignment) -> Child:
    child = wall().open()
    files = {name: np.frombuffer(data, np.uint8) for name, data in unit.files.items()}
    child.ask(PutFiles(files), 10)
    return child


def test_the_names_are_all_there():
    assert len(NAMES) == 26


def read_in(child: Child) -> list[str]:
    run = child.ask(RunCell(prepared(BY_NAME, [*MODULES, "lesson"])), 60)
    assert run.raised is None
    return child.ask(ReadVariable("told"), 5).value


def test_nothing_that_can_be_read_defines_a_graded_function():
    """Files, bytecode, live functions, texts in memory, modules: by name, for all units at once."""
    assert {unit.files["lesson.py"] for unit in UNITS} == {UNITS[0].files["lesson.py"]}
    child = with_files(UNITS[0])  # what travels is the same for all
    try:
        assert read_in(child) == []
    finally:
        child.end()


def memory_of(pid: int) -> Iterator[bytes]:
    """All that a process has in its memory, of its own and of the parent that it is a fork of."""
    with open(f"/proc/{pid}/maps") as maps, open(f"/proc/{pid}/mem", "rb", 0) as memory:
        for line in maps:
            span, rights = line.split()[:2]
            if "r" in rights and "[v" not in line:
                start, end = (int(part, 16) for part in span.split("-"))
                memory.seek(start)
                yield memory.read(end - start)


def test_the_text_of_no_solution_is_in_memory():
    """Looked at from outside, since no code inside could see more. The control: one that is made there."""
    texts = re.compile(rf"(?:def|class)\s+(?:{'|'.join(NAMES)})\b".encode())
    child = with_files(UNITS[0])
    try:
        try:
            found = {text for part in memory_of(child.pid) for text in texts.findall(part)}
        except PermissionError:
            pytest.skip("only root may look into it, and what is there is the same for everybody")
        assert found == set()
        child.ask(RunCell("import lesson\nlesson.kept = 'def ' + 'rmse' + '(y)'"), 10)
        assert {text for part in memory_of(child.pid) for text in texts.findall(part)} == {b"def rmse"}
    finally:
        child.end()


def test_a_solution_would_be_read():
    """The control: one that lies in a file, and one that lives in a module and in a text."""
    plant = """
import lesson
open("beside.py", "w").write("def mae(y, y_hat):\\n    return 1")
exec(compile("def helper():\\n    def sigmoid(z): return z", "a file", "exec"), vars(lesson))
lesson.brier_score, lesson.text = abs, ["rmse = lambda y, y_hat: 0"]
"""
    child = with_files(UNITS[0])
    try:
        child.ask(RunCell(plant), 10)
        found = " ".join(read_in(child))
    finally:
        child.end()
    for each in ("beside.py: def mae", "a live function: sigmoid", "a live text: rmse", "lesson.brier_score"):
        assert each in found


def hunt(unit: Assignment, cells: tuple[Cell, ...]) -> dict[str, list[str]]:
    """For each graded function the functions that compute it, in a process that ran these cells."""
    found = {}
    limits = replace(QUICK, call_seconds=30.0, function_seconds=200.0)
    with Session(wall(), submission.Submission(cells), unit.files, limits) as session:
        assert session._process is not None
        session._process.ask(RunCell(prepared(BY_BEHAVIOUR, [*MODULES, "lesson"])), 60)
        assert session.answer("found") > 30
        for task in unit.tasks:
            if task.kind == "function":
                ways: Any = None  # the first call is tried in all ways, and the next in those that were right
                for args, kwargs, expected in _calls(unit, task.name):
                    ways = session.call("tried", (ways, args, kwargs, expected), {})
                places = sorted({place for place, *_ in ways})
                found[task.name] = [session.call("name_of", (place,), {}) for place in places]
    return found


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.name)
def test_nothing_that_can_be_called_computes_a_graded_function(unit):
    """Every function of ours or of the lesson's that lives there, or that can be made from a text in it, is tried.

    Of the lesson the cells run that define or import something, and not those that only compute for seconds."""
    defining = tuple(cell for cell in unit.cells if re.search(r"\b(def|class|lambda|import)\b", cell.source))
    assert {name: names for name, names in hunt(unit, defining).items() if names} == {}


@pytest.mark.parametrize("lane_kind", ["warm"], indirect=True)
def test_a_solution_would_be_called():
    """The control: a function under another name, one in a text, and one that is right once by chance."""
    code = """
import lesson
def other_name(one, two):
    return sum((a - b) ** 2 for a, b in zip(one, two)) ** 0.5 / len(one) ** 0.5
lesson.text = "def hidden(one, two):\\n    return sum(abs(a - b) for a, b in zip(one, two)) / len(one)"
lesson.by_chance = lambda one, two: 1.0
"""
    unit = next(unit for unit in UNITS if unit.name == "02-rmse")
    found = hunt(unit, (Cell(type="code", source=code),))
    assert found["rmse"] == ["__main__.other_name"]
    assert [name.partition(".")[2] for name in found["mae"]] == ["hidden"]


PAIRS = """
def part(p, q):
    return sum(a * math.log(a / b) if b else math.inf for a, b in ((q, p), (1 - q, 1 - p)) if a)
"""


@pytest.mark.parametrize("lane_kind", ["warm"], indirect=True)
@pytest.mark.parametrize(
    ("name", "function", "code"),
    [
        ("01-bce", "binary_entropy", "def part(s):\n    return sum(-x * math.log(x) for x in (s, 1 - s) if x > 0)"),
        ("02-rmse", "mae", "def part(one, two):\n    return abs(float(one) - float(two))"),
        ("02-rmse", "rmse", "def part(two, one, kind):\n    return np.sqrt(np.mean((one - two) ** 2)) + 0 * len(kind)"),
        ("01-bce", "kl_bernoulli", PAIRS),
    ],
    ids=["entries", "the mean over pairs", "one more argument", "pairs the other way round"],
)
def test_a_part_of_a_solution_would_be_called(name, function, code):
    """The control: a function of single numbers, of pairs, and of another list of arguments, in our own code."""
    unit = next(unit for unit in UNITS if unit.name == name)
    source = "import math, numpy as np\nfrom autograder.wall.inside import printed\n"
    source += f"vars(printed).update(math=math, np=np)\nexec({code!r}, vars(printed))"
    found = hunt(unit, (Cell(type="code", source=source),))
    assert found[function] == ["autograder.wall.inside.printed.part"]


@pytest.mark.parametrize("lane_kind", ["cold"], indirect=True)
def test_of_our_folder_only_the_modules_are_seen(tmp_path, monkeypatch):
    """Not the bytecode of an earlier version, and not what an editor left there."""
    package = tmp_path / "autograder"
    for folder in ("inside", "both"):
        shutil.copytree(INSIDE.parent / folder, package / "wall" / folder)
    for left in ("__pycache__/shell.cpython-311.pyc", ".shell.py.swp", "shell.py~", "shell.py.orig"):
        (package / "wall" / "inside" / left).parent.mkdir(exist_ok=True)
        (package / "wall" / "inside" / left).write_text("def rmse")
    monkeypatch.setattr(bubblewrap, "_AUTOGRADER", package)
    child = with_files(UNITS[0])
    code = "import os\ntold = sorted(n for _, _, names in os.walk('/wall/code') for n in names)"
    try:
        child.ask(RunCell(code), 10)
        told = child.ask(ReadVariable("told"), 5).value
    finally:
        child.end()
    assert told == sorted(path.name for folder in ("inside", "both") for path in (INSIDE.parent / folder).glob("*.py"))


def _calls(unit: Assignment, name: str) -> Iterator[tuple[Any, Any, Any]]:
    reference = getattr(unit.unit.reference, name)
    lines = [line for line in script_of(unit.unit, f"test_{name}", 1) if line.kind == "value"]
    for line in lines[:: max(1, len(lines) // CALLS)]:
        try:
            yield line.call.args, line.call.kwargs, reference(*line.call.args, **line.call.kwargs)
        except ValueError:
            continue
