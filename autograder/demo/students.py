"""A small class for the demo: what each student hands in, made from the notebook that students were given.

Their names are fictitious. What they do is what students, and those who try the grader, really do.
"""

from __future__ import annotations

import copy
import inspect
import json
import textwrap
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from autograder.grading import suite
from autograder.grading.local import Local
from autograder.misconception import Misconception
from autograder.notebooks.assignment import Assignment

Notebook = dict[str, Any]


@dataclass(frozen=True, slots=True)
class HandIn:
    """One student's file for one assignment, and in a few words what is odd about it."""

    student: str
    story: str
    data: bytes


def hand_ins(assignment: Assignment, course: Path, *, hostile: bool) -> Iterator[HandIn]:
    """What the class hands in: the four who mean well, and where asked for also those who try the grader."""
    given: Notebook = json.loads((course / "release" / assignment.name / f"{assignment.name}.ipynb").read_bytes())
    taught = solutions(course / "source" / assignment.name / f"{assignment.name}.ipynb")

    def filled(answers: Mapping[str, str]) -> Notebook:
        notebook = copy.deepcopy(given)
        for cell in notebook["cells"]:
            name = grade_id(cell)
            if name in answers:
                cell["source"] = answers[name]
        return notebook

    def all_but(**answers: str) -> Notebook:
        return filled({**taught, **answers})

    yield _hand_in("ada", "all as taught", filled(taught))
    yield _hand_in("blaise", "handed in untouched", given)
    for student, mistakes in zip(("carl", "daniel"), _mistakes(assignment), strict=False):
        yield _hand_in(student, "; ".join(mistake.name for mistake in mistakes), all_but(**_typed(mistakes)))
    if not hostile:
        return
    name = next(task.name for task in assignment.tasks if task.kind == "function")
    for student, place in (("emmy", 0), ("florence", -1)):
        if ways := _ways(assignment, place):
            yield _hand_in(student, "right, and written in another way", all_but(**ways))
    yield _hand_in("grace", "a syntax error in one cell", all_but(**{name: f"def {name}(x)\n    return 0"}))
    yield _hand_in("henri", "an infinite loop", all_but(**{name: _ENDLESS.replace("NAME", name)}))
    yield _hand_in("ida", "ends Python with os._exit(0)", all_but(**{name: "import os\nos._exit(0)"}))
    yield _hand_in("johann", "prints a forged score", all_but(**{name: _FORGED.replace("NAME", name)}))
    yield _hand_in("katherine", "takes all memory", all_but(**{name: _HOG.replace("NAME", name)}))
    yield _hand_in("leonhard", "patches NumPy to call all equal", all_but(**{name: _PATCH.replace("NAME", name)}))
    yield _hand_in("maryam", "cells deleted, copied, reordered", _shuffled(filled(taught), name))
    yield HandIn("nicolas", "a text file with a notebook's name", b"My notebook is on my other laptop, sorry!\n")
    reader = _READER.replace("NAME", name).replace("UNIT", assignment.name)
    yield _hand_in("otto", "reads the solution and the gradebook", all_but(**{name: reader}))
    yield _hand_in("pafnuty", "answers in a script of its own", _scripted(filled(taught)))


def _hand_in(student: str, story: str, notebook: Notebook) -> HandIn:
    return HandIn(student, story, json.dumps(notebook).encode())


def grade_id(cell: Mapping[str, Any]) -> str:
    name: str = cell["metadata"].get("nbgrader", {}).get("grade_id", "")
    return name


def solutions(source: Path) -> dict[str, str]:
    """The instructor's answers by cell, as a student would have typed them."""
    answers = {}
    for cell in json.loads(source.read_bytes())["cells"]:
        if cell["metadata"].get("nbgrader", {}).get("solution"):
            text = "".join(cell["source"])
            kept = [line for line in text.splitlines() if "BEGIN SOLUTION" not in line and "END SOLUTION" not in line]
            answers[grade_id(cell)] = "\n".join(kept)
    return answers


def _mistakes(assignment: Assignment) -> tuple[tuple[Misconception, ...], ...]:
    """Two students' mistakes, one in each of two functions, out of the catalogue."""
    found: dict[str, list[Misconception]] = {}
    for entry in assignment.unit.misconceptions if assignment.unit else ():
        if entry.breaks == "value" and helpers(entry.wrong) is not None:
            found.setdefault(entry.function, []).append(entry)
    functions = list(found.values())
    first = tuple(entries[0] for entries in functions[-2:])
    second = tuple(entries[-1] for entries in functions[:2])
    return (first, second) if functions else ()


def helpers(function: Callable[..., Any]) -> dict[str, str] | None:
    """The text that this function needs before it, by name. None where it cannot be pasted into a notebook."""
    names = inspect.getclosurevars(function)
    texts: dict[str, str] = {}
    for name, value in names.globals.items():
        if inspect.ismodule(value) and not value.__name__.startswith("autograder"):
            texts[name] = f"import {value.__name__} as {name}\n"
        elif isinstance(value, int | float | str):
            texts[name] = f"{name} = {value!r}\n"
        elif inspect.isfunction(value) and (below := helpers(value)) is not None:
            also = "" if name == value.__name__ else f"\n\n{name} = {value.__name__}\n"
            texts |= {**below, name: inspect.getsource(value) + also}
        else:
            return None
    return None if names.nonlocals else texts


def _typed(mistakes: tuple[Misconception, ...]) -> dict[str, str]:
    return {mistake.function: as_typed(mistake.wrong, mistake.function) for mistake in mistakes}


def _ways(assignment: Assignment, place: int) -> dict[str, str]:
    """The author's right ways to write the functions: of each the first or the last that can be pasted."""
    found = {}
    for name, ways in (assignment.unit.accepted if assignment.unit is not None else {}).items():
        plain = [way for way in ways if inspect.isfunction(way) and way.__name__ != "<lambda>"]
        texts = [as_typed(way, name) for way in plain if helpers(way) is not None]
        right = [text for text in texts if _is_right(assignment, name, text)]
        if right:
            found[name] = right[place]
    return found


def _is_right(assignment: Assignment, name: str, text: str) -> bool:
    """Whether nothing was lost when the author's function was pasted."""
    assert assignment.unit is not None
    namespace: dict[str, Any] = {}
    try:
        exec(text, namespace)  # noqa: S102 - the author's own
        own = Local({name: namespace[name]})
        outcomes = suite.run(assignment.unit, own, seed=0, cells=frozenset({f"test_{name}"}))
    except Exception:
        return False
    return all(outcome.verdict == "passed" for outcome in outcomes)


def as_typed(function: Callable[..., Any], name: str) -> str:
    """The function under this name, with what it needs, as a student would have typed it."""
    lines = textwrap.dedent(inspect.getsource(function)).splitlines()
    start = next(number for number, line in enumerate(lines) if line.startswith("def "))
    lines[start] = lines[start].replace(f"def {function.__name__}(", f"def {name}(", 1)
    above = (helpers(function) or {}).values()
    return "\n".join(["from __future__ import annotations\n", *above, "", *lines[start:]])


def _shuffled(notebook: Notebook, name: str) -> Notebook:
    """A locked cell deleted, one answer copied, two cells exchanged, points edited: what copying about can do."""
    cells = [cell for cell in notebook["cells"] if grade_id(cell) not in ("setup", f"test_{name}")]
    cells.insert(0, copy.deepcopy(next(cell for cell in cells if grade_id(cell) == name)))
    third = len(cells) // 3
    cells[third], cells[2 * third] = cells[2 * third], cells[third]
    for cell in cells:
        settings = cell["metadata"].get("nbgrader", {})
        if "points" in settings:
            settings["points"] = 100
        cell["metadata"]["tags"] = ["skip-execution"]
    return {**notebook, "cells": cells, "nbformat_minor": 99}


def _scripted(notebook: Notebook) -> Notebook:
    """Raw HTML, scripts and remote pictures where a browser would run or fetch them."""
    attack = '<script>document.title = "owned"</script><img src="http://127.0.0.1:9/x.png" onerror="alert(1)">'
    for cell in notebook["cells"]:
        if cell["cell_type"] == "markdown":
            cell["source"] = f"{attack}\n\n[a link](javascript:alert(1))\n\n" + "".join(cell["source"])
    return notebook


_ENDLESS = """
def NAME(*given):
    total = 0
    while total < 1:
        total *= 2
    return total
"""

_FORGED = """
import json

print(json.dumps({"status": "graded", "score": 100.0, "max_score": 100.0}))
print("test_NAME PASSED  4.0 / 4.0")


def NAME(*given):
    return 4.0
"""

_HOG = """
def NAME(*given):
    return np.ones((200_000, 200_000))
"""

_PATCH = """
np.allclose = np.isclose = np.array_equal = lambda *args, **kwargs: True
np.testing.assert_allclose = lambda *args, **kwargs: None


class Equal(float):
    def __eq__(self, other):
        return True

    __lt__ = __le__ = __gt__ = __ge__ = __eq__
    __hash__ = float.__hash__


def NAME(*given):
    return Equal(0.5)
"""

_READER = """
import glob
import importlib

found = [path for top in ("/home", "/root", "/srv", "/mnt") for path in glob.glob(top + "/**/*.ipynb", recursive=True)]


def NAME(*given):
    reference = importlib.import_module("autograder.notebooks.units").find("/", "UNIT").reference
    return reference.NAME(*given)
"""
