"""The house as CONTRIBUTING.md draws it: rooms on floors, imports that point downwards, and the wall."""

from __future__ import annotations

import ast
import graphlib
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from miniature import COURSE

PACKAGE = Path(__file__).resolve().parent.parent / "autograder"

FLOORS = (
    {"words", "misconception", "kit", "wall"},
    {"report", "notebooks"},
    {"session"},
    {"grading"},
    {"nbgrader", "demo"},
    {"classes", "nbgrader_plugin"},
    {"screens"},
    {"__init__", "__main__"},
)
"""From the ground up. A room is a folder or a module of the package."""

HIGH = {room: height for height, floor in enumerate(FLOORS) for room in floor}

MODULES = {
    path.relative_to(PACKAGE.parent).with_suffix("").as_posix().replace("/", ".").removesuffix(".__init__"): path
    for path in sorted(PACKAGE.rglob("*.py"))
}


def imported(name: str) -> Iterator[str]:
    """The modules that this one imports, anywhere in its text."""
    for node in ast.walk(ast.parse(MODULES[name].read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert not node.level, f"{name}: a relative import"
            for alias in node.names:
                inner = f"{node.module}.{alias.name}"
                yield inner if inner in MODULES else str(node.module)


def room(name: str) -> str:
    return [*name.split("."), "__init__"][1]


def test_every_room_has_its_floor():
    assert {room(name) for name in MODULES} == set(HIGH)
    assert len(HIGH) <= 15
    assert len(FLOORS) <= 8


@pytest.mark.parametrize("name", MODULES)
def test_imports_point_downwards(name):
    own = room(name)
    for other in imported(name):
        if other.partition(".")[0] != "autograder" or room(other) == own:
            continue
        assert HIGH[room(other)] < HIGH[own], f"{name} imports {other}, which stands above it"


def test_no_modules_import_each_other_in_a_circle():
    graph = {name: {other for other in imported(name) if other in MODULES and other != name} for name in MODULES}
    graphlib.TopologicalSorter(graph).prepare()


INSIDE = ("autograder.wall.inside", "autograder.wall.both")
BEYOND = {"numpy", "IPython", "traitlets", "matplotlib", "matplotlib_inline"}
"""What is there beyond the wall; the last three come with the packages of the course, and with IPython."""


@pytest.mark.parametrize("name", [name for name in MODULES if name.startswith(INSIDE)])
def test_what_runs_beyond_the_wall_imports_nothing_of_this_side(name):
    for other in imported(name):
        first = other.partition(".")[0]
        if first == "autograder":
            own = name.startswith("autograder.wall.inside") and other.startswith("autograder.wall.inside")
            assert own or other.startswith("autograder.wall.both"), f"{name} imports {other}"
        else:
            assert first in BEYOND or first in sys.stdlib_module_names, f"{name} imports {other}"


def test_this_side_of_the_wall_imports_nothing_of_the_other():
    """What makes the sandbox starts the code inside by its path, and never runs it here. In a browser, there is no
    other place: who checks a notebook there runs it."""
    for name in MODULES.keys() - {"autograder.wall.browser"}:
        if not name.startswith("autograder.wall.inside"):
            assert not [other for other in imported(name) if other.startswith("autograder.wall.inside")], name


def test_the_drawing_shows_every_room():
    drawing = re.search(r"```\n(course/.*?)```", (COURSE / "CONTRIBUTING.md").read_text(), re.DOTALL)
    assert drawing
    shown = set(re.findall(r"\w+", drawing[1]))
    assert {name for name in HIGH if not name.startswith("__")} <= shown


def test_a_check_needs_neither_a_class_nor_a_gradebook():
    """The same code would grade in a browser: no thread and no process is started by an import either."""
    code = (
        "import sys, threading, subprocess\n"
        "def never(*_, **__): raise SystemExit('started')\n"
        "threading.Thread.start = subprocess.Popen.__init__ = never\n"
        "import autograder.grading.mark, autograder.grading.grade, autograder.session.session\n"
        "import autograder.grading.preflight.hold, autograder.notebooks.assignment, autograder.kit, autograder.report\n"
        "others = 'nbgrader distributed dask sqlalchemy nbclient typer rich msgspec nh3'.split()\n"
        "print(*{*others} & set(sys.modules))"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=COURSE)
    assert (ran.stdout.strip(), ran.returncode) == ("", 0), ran.stderr
