"""A course folder, and a unit, to start from. Nothing that is there already is written over."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from autograder.notebooks import drafts, units

HOOK = "autograder.nbgrader.plugin.SubmissionExporter"
"""What nbgrader's configuration of an adopted course names."""


class Occupied(FileExistsError):
    """There is something in the way. The message says what."""


class Unreadable(ValueError):
    """The instructor's notebook cannot be read. The message says which, and why."""


def lines_for_nbgrader() -> str:
    """What an nbgrader_config.py says in every course that adopts this grader."""
    return Path(__file__).with_name("nbgrader_config.txt").read_text(encoding="utf-8")


def course(folder: Path) -> Iterator[str]:
    """Make a course folder, and say what was made."""
    if (folder / units.CONFIGURATION).exists():
        raise Occupied(f"{folder} is a course already. To add a unit to it: autograder new UNIT, such as ps1")
    name = re.sub(r"[^\w.-]", "-", folder.resolve().name) or "course"
    yield _write(folder / units.CONFIGURATION, _CONFIGURATION.format(name=name) + lines_for_nbgrader())
    second = folder / units.SECOND_CONFIGURATION
    if not second.exists():
        yield _write(second, json.dumps({"Autograde": {"exporter_class": HOOK}}) + "\n")
    if not (folder / units.SETTINGS).exists():
        yield _write(folder / units.SETTINGS, _SETTINGS)
    (folder / "course").mkdir(exist_ok=True)
    (folder / "exchange").mkdir(exist_ok=True)
    (folder / "exchange").chmod(0o777)  # as nbgrader has it, and without it the formgrader has no buttons for it
    there = "" if folder.resolve() == Path.cwd() else f"cd {folder} && "
    yield f"Next: {there}autograder new ps1"


def unit(course: Path, name: str) -> Iterator[str]:
    """Make a unit for an assignment of this course, from its notebook where there is one, and say what was made."""
    if not re.fullmatch(r"\w[\w.-]*", name):
        raise Unreadable(f"{name!r} is not a name for an assignment: use letters, digits, - and _, such as ps1.")
    place, path = units.folder(course) / name, course / "source" / name / f"{name}.ipynb"
    if (place / "suite.py").exists():
        raise Occupied(f"{name} has a suite already, {place / 'suite.py'}. Nothing was changed.")
    if not path.exists():
        others = sorted(found.name for found in path.parent.glob("*.ipynb"))
        if others:
            raise Occupied(
                f"source/{name} holds {', '.join(others)}, and an assignment with hidden tests is one notebook, "
                f"{name}.ipynb. Rename it, or take another name."
            )
        yield _write(path, json.dumps(_notebook(name), indent=1) + "\n")
    draft = drafts.draft(_sources(path))
    texts: Mapping[str, str] = {
        "reference": draft.reference,
        "suite": draft.suite,
        "misconceptions": _MISCONCEPTIONS,
        "accepted": _ACCEPTED.format(entries="".join(f'    "{function}": [],\n' for function in draft.functions)),
    }
    for stem, text in texts.items():
        if not (place / f"{stem}.py").exists():
            yield _write(place / f"{stem}.py", text)
    if not draft.functions:
        yield f"There is no function or class in a solution cell of {path.name}. Write the suite by hand."
    for function in draft.unfed:
        yield f"No inputs were found for all that {function} does: say above Test_{function} how to draw some."
    if HOOK not in (course / units.CONFIGURATION).read_text(encoding="utf-8"):
        yield f"Add these lines to {course / units.CONFIGURATION}, or nbgrader grades {name} by itself:\n"
        yield lines_for_nbgrader()
    yield f"Next: nbgrader generate_assignment {name} && autograder prove {name}"


def _sources(path: Path) -> tuple[drafts.Source, ...]:
    try:
        cells = json.loads(path.read_bytes())["cells"]
        return tuple(
            drafts.Source("".join(cell["source"]), solution=bool(cell["metadata"].get("nbgrader", {}).get("solution")))
            for cell in cells
            if cell["cell_type"] == "code" and not cell["metadata"].get("nbgrader", {}).get("grade")
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise Unreadable(f"{path} cannot be read as a notebook: {type(error).__name__}: {error}") from error


def _write(path: Path, text: str) -> str:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("x", encoding="utf-8") as file:  # never over something
        file.write(text)
    return f"wrote {path}"


def _notebook(name: str) -> dict[str, object]:
    """A small assignment, as an instructor writes it."""

    def cell(kind: str, source: str, **settings: object) -> dict[str, object]:
        base = {"grade": False, "locked": False, "solution": False, "task": False, "schema_version": 3}
        made: dict[str, object] = {"cell_type": kind, "metadata": {}, "source": source.strip("\n")}
        if settings:
            made["metadata"] = {"nbgrader": {**base, "cell_type": kind, **settings}}
            made["id"] = settings["grade_id"]
        else:
            made["id"] = "title"
        return made | ({"outputs": [], "execution_count": None} if kind == "code" else {})

    return {
        "cells": [
            cell("markdown", f"# {name}\n\nHow far do numbers lie apart? Write a function for it."),
            cell("code", "import numpy as np", grade_id="setup", locked=True),
            cell("code", _SOLUTION, grade_id="spread", solution=True),
            cell("code", _VISIBLE, grade_id="test_spread", grade=True, locked=True, points=2),
        ],
        "metadata": {
            "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
            "language_info": {"name": "python"},
        },
        "nbformat": 4,
        "nbformat_minor": 5,
    }


_SOLUTION = '''
def spread(x):
    """The distance between the smallest and the largest of the numbers x, 0 where there are none."""
    ### BEGIN SOLUTION
    x = np.asarray(x, dtype=float)
    if x.size == 0:
        return 0.0
    return float(x.max() - x.min())
    ### END SOLUTION
'''

_VISIBLE = """
assert spread([1, 5, 2]) == 4, "The smallest is 1 and the largest is 5."
"""

_CONFIGURATION = '''"""How nbgrader works in this course."""

c = get_config()  # noqa: F821  (nbgrader puts it there)

c.CourseDirectory.course_id = "{name}"

'''

_SETTINGS = """# Where the hidden tests are: UNITS/NAME/suite.py for the assignment NAME.
units = "course"

# What student code may import, besides Python itself and IPython. All of it has to be installed: autograder doctor.
packages = ["numpy", "matplotlib"]

# To be more lenient than the hidden tests are by themselves: see docs/instructors.md.
# [leniency]
# rtol = 1e-4
# atol = 1e-6
# shares = { value = 0.90, numerical = 0.05, contract = 0.05 }
"""

_MISCONCEPTIONS = '''"""Wrong functions that students really write, and what they believe. From the plain to the subtle.

    @misconception("spread", believes="The spread is the largest number.", hint="What is the spread of 5, 5 and 5?")
    def largest(x):
        return np.max(x)
"""

from __future__ import annotations

import numpy as np  # noqa: F401

from autograder.misconception import misconception  # noqa: F401
'''

_ACCEPTED = '''"""Right functions, as differently as people write them. `autograder prove` holds the suite to them."""

from __future__ import annotations

ACCEPTED = {{
{entries}}}
'''
