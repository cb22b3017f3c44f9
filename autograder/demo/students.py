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

from autograder.misconception import Misconception
from autograder.notebooks.assignment import Assignment

Notebook = dict[str, Any]


@dataclass(frozen=True, slots=True)
class HandIn:
    """One student's file for one assignment, and in a few words what is odd about it."""

    student: str
    story: str
    data: bytes


def hand_ins(assignment: Assignment, course: Path) -> Iterator[HandIn]:
    """What the class hands in: everybody for the first unit, four of them for the later ones."""
    given: Notebook = json.loads((course / "release" / assignment.name / f"{assignment.name}.ipynb").read_bytes())
    taught = _solutions(course / "source" / assignment.name / f"{assignment.name}.ipynb")

    def filled(answers: Mapping[str, str]) -> Notebook:
        notebook = copy.deepcopy(given)
        for cell in notebook["cells"]:
            name = _grade_id(cell)
            if name in answers:
                cell["source"] = answers[name]
        return notebook

    def all_but(**answers: str) -> Notebook:
        return filled({**taught, **answers})

    yield _hand_in("ada", "all as taught", filled(taught))
    yield _hand_in("blaise", "handed in untouched", given)
    for student, mistakes in zip(("carl", "daniel"), _mistakes(assignment), strict=False):
        yield _hand_in(student, "; ".join(mistake.name for mistake in mistakes), all_but(**_as_answers(mistakes)))
    if assignment.name != "01-bce":
        return
    yield _hand_in("emmy", "right: loops and math", all_but(**_LOOPS))
    yield _hand_in("florence", "right: a class, a closure, recursion", all_but(**_UNUSUAL))
    yield _hand_in("grace", "a syntax error in one cell", all_but(kl_bernoulli="def kl_bernoulli(q, p)\n    return 0"))
    yield _hand_in("henri", "an infinite loop", all_but(binary_entropy=_ENDLESS))
    yield _hand_in("ida", "ends Python with os._exit(0)", all_but(binary_entropy="import os\nos._exit(0)"))
    yield _hand_in("johann", "prints a forged score", all_but(binary_entropy=_FORGED))
    yield _hand_in("katherine", "takes all memory", all_but(binary_entropy=_HOG))
    yield _hand_in("leonhard", "patches NumPy to call all equal", all_but(binary_entropy=_PATCH))
    yield _hand_in("maryam", "cells deleted, copied, reordered", _shuffled(filled(taught)))
    yield HandIn("nicolas", "a text file with a notebook's name", b"My notebook is on my other laptop, sorry!\n")
    yield _hand_in("otto", "reads the solution and the gradebook", all_but(binary_entropy=_READER))
    yield _hand_in("pafnuty", "answers in a script of its own", _scripted(filled(taught)))


def _hand_in(student: str, story: str, notebook: Notebook) -> HandIn:
    return HandIn(student, story, json.dumps(notebook).encode())


def _grade_id(cell: Mapping[str, Any]) -> str:
    name: str = cell["metadata"].get("nbgrader", {}).get("grade_id", "")
    return name


def _solutions(source: Path) -> dict[str, str]:
    """The instructor's answers by cell, as a student would have typed them."""
    answers = {}
    for cell in json.loads(source.read_bytes())["cells"]:
        if cell["metadata"].get("nbgrader", {}).get("solution"):
            text = "".join(cell["source"])
            kept = [line for line in text.splitlines() if "BEGIN SOLUTION" not in line and "END SOLUTION" not in line]
            answers[_grade_id(cell)] = "\n".join(kept)
    return answers


def _mistakes(assignment: Assignment) -> tuple[tuple[Misconception, ...], ...]:
    """Two students' mistakes, one in each of two functions, out of the catalogue."""
    found: dict[str, list[Misconception]] = {}
    for entry in assignment.unit.misconceptions if assignment.unit else ():
        if entry.breaks == "value" and _helpers(entry.answer) is not None:
            found.setdefault(entry.function, []).append(entry)
    functions = list(found.values())
    first = tuple(entries[0] for entries in functions[-2:])
    second = tuple(entries[-1] for entries in functions[:2])
    return (first, second) if functions else ()


def _helpers(function: Callable[..., Any]) -> dict[str, str] | None:
    """The text that this function needs before it, by name. None where it cannot be pasted into a notebook."""
    names = inspect.getclosurevars(function)
    texts: dict[str, str] = {}
    for name, value in names.globals.items():
        if inspect.ismodule(value) and not value.__name__.startswith("autograder"):
            texts[name] = f"import {value.__name__} as {name}\n"
        elif isinstance(value, int | float | str):
            texts[name] = f"{name} = {value!r}\n"
        elif inspect.isfunction(value) and (below := _helpers(value)) is not None:
            also = "" if name == value.__name__ else f"\n\n{name} = {value.__name__}\n"
            texts |= {**below, name: inspect.getsource(value) + also}
        else:
            return None
    return None if names.nonlocals else texts


def _as_answers(mistakes: tuple[Misconception, ...]) -> dict[str, str]:
    answers = {}
    for mistake in mistakes:
        lines = textwrap.dedent(inspect.getsource(mistake.answer)).splitlines()
        start = next(number for number, line in enumerate(lines) if line.startswith("def "))
        lines[start] = lines[start].replace(f"def {mistake.answer.__name__}(", f"def {mistake.function}(", 1)
        helpers = (_helpers(mistake.answer) or {}).values()
        answers[mistake.function] = "\n".join(["from __future__ import annotations\n", *helpers, "", *lines[start:]])
    return answers


def _shuffled(notebook: Notebook) -> Notebook:
    """Locked cells deleted, one answer copied, two cells exchanged, points edited: what copying about can do."""
    cells = [cell for cell in notebook["cells"] if _grade_id(cell) not in ("setup", "test_binary_entropy")]
    cells.insert(5, copy.deepcopy(next(cell for cell in cells if _grade_id(cell) == "binary_entropy")))
    cells[20], cells[40] = cells[40], cells[20]
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


_LOOPS = {
    "bernoulli_log_likelihood": """
import math


def bernoulli_log_likelihood(y, p):
    y, p = checked(y, "y").tolist(), checked(p, "p").tolist()
    if len(y) != len(p):
        raise ValueError("y and p must be of one length")
    total = 0.0
    for outcome, forecast in zip(y, p):
        if outcome not in (0, 1) or not 0 <= forecast <= 1:
            raise ValueError("outcomes are 0 or 1, forecasts lie between them")
        chance = forecast if outcome == 1 else 1 - forecast
        total += math.log(chance) if chance > 0 else -math.inf
    return total
""",
    "binary_entropy": """
def binary_entropy(q):
    entropies = []
    for chance in checked(q, "q"):
        if not 0 <= chance <= 1:
            raise ValueError("q must lie between 0 and 1")
        entropies.append(-sum(side * math.log(side) for side in (chance, 1 - chance) if side > 0))
    return entropies
""",
}

_UNUSUAL = {
    "binary_entropy": '''
class Entropy:
    """A function in the shape of a class."""

    def __call__(self, q):
        q = checked(q, "q")
        if ((q < 0) | (q > 1)).any():
            raise ValueError("q must lie between 0 and 1")
        sides = np.stack([q, 1 - q])
        return -(sides * np.log(np.where(sides > 0, sides, 1.0))).sum(axis=0)


binary_entropy = Entropy()
''',
    "kl_bernoulli": """
def one_side(weight, chance):
    if weight == 0:
        return 0.0
    return np.inf if chance == 0 else weight * np.log(weight / chance)


def kl_bernoulli(q, p):
    q, p = checked(q, "q"), checked(p, "p")
    if q.shape != p.shape or min(q.min(), p.min()) < 0 or max(q.max(), p.max()) > 1:
        raise ValueError("q and p must be of one shape and lie between 0 and 1")

    def costs(pairs):
        if not pairs:
            return ()
        (a, b), *rest = pairs
        return (max(0.0, one_side(a, b) + one_side(1 - a, 1 - b)), *costs(rest))

    return costs(list(zip(q, p)))
""",
}

_ENDLESS = """
def binary_entropy(q):
    total = 0
    while total < 1:
        total *= 2
    return total
"""

_FORGED = """
import json

print(json.dumps({"status": "graded", "score": 23.0, "max_score": 23.0}))
print("test_binary_entropy PASSED  4.0 / 4.0")


def binary_entropy(q):
    return 4.0
"""

_HOG = """
def binary_entropy(q):
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


def binary_entropy(q):
    return Equal(0.5)
"""

_READER = """
import glob
import importlib

found = [path for top in ("/home", "/root", "/srv", "/mnt") for path in glob.glob(top + "/**/*.ipynb", recursive=True)]


def binary_entropy(q):
    reference = importlib.import_module("autograder.units").find("/", "01-bce").reference
    return reference.binary_entropy(q)
"""
