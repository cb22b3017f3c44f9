"""What is in the wheel, and what is not."""

from __future__ import annotations

import json
import shutil
import zipfile
from pathlib import Path

import pytest


def test_the_wheel_has_what_it_needs_and_nothing_of_this_course(machine, tmp_path):
    with zipfile.ZipFile(machine.wheel) as wheel:
        names = [name for name in wheel.namelist() if ".dist-info/" not in name]
        texts = {name: wheel.read(name).decode() for name in names}
    assert {name.partition("/")[0] for name in names} == {"autograder"}
    assert {"autograder/py.typed", "autograder/nbgrader/templates/feedback/feedback.html.j2"} <= set(names)
    words = ("bernoulli", "01-bce", "loss-metrics", "loss metrics", "binary_entropy", "rmse")
    assert [(name, word) for name, text in texts.items() for word in words if word in text.lower()] == []
    where = machine.run("python -c 'import autograder; print(autograder.__file__)'", tmp_path).stdout.strip()
    assert Path(where).is_relative_to(machine.bin.parent)


LESSON = """---
kernelspec: {display_name: Python 3, language: python, name: python3}
---

# Means

```{code-cell} ipython3
:nbgrader: {grade_id: middle, solution: true, grade: false, locked: false, task: false, schema_version: 3}
def middle(x):
    ### BEGIN SOLUTION
    return sum(x) / len(x)
    ### END SOLUTION
```

```{code-cell} ipython3
:nbgrader: {grade_id: test_middle, solution: false, grade: true, points: 2, locked: true, schema_version: 3}
assert middle([1, 3]) == 2
```
"""
KERNEL = """
from IPython.core.interactiveshell import InteractiveShell
shell = InteractiveShell.instance()
own = "def middle(x):\\n    return max(x)"
for cell in ("%load_ext autograder", own, "%check middle", "%hint middle", "%progress"):
    shell.run_cell(cell, store_history=True).raise_error()
"""


@pytest.fixture(scope="module")
def course(machine, tmp_path_factory) -> Path:
    """A course that was made where the author stood, with one lesson as text."""
    root = tmp_path_factory.mktemp("elsewhere")
    machine.run("autograder new", root)
    assert "is a course already" in machine.run("autograder new", root, status=2).stderr
    assert "There is no lesson as text" in machine.run("autograder build", root).stdout
    (root / "course" / "means").mkdir()
    (root / "course" / "means" / "means.md").write_text(LESSON)
    (root / "deep" / "down").mkdir(parents=True)
    return root


def test_every_command_finds_the_course_from_where_one_stands(machine, course):
    here = course / "deep" / "down"
    assert "release/means/means.ipynb" in machine.run("autograder build", here).stdout
    assert "current: source/ and release/ of means" in machine.run("autograder build --check", here).stdout
    machine.run("autograder new means", here)
    assert "2/2 points" in machine.run("autograder check ../../source/means/means.ipynb", here).stdout
    assert json.loads(machine.run("autograder prove means --json", here).stdout)["kept"]
    machine.run("autograder work", here)
    (course / "work" / "kernel.py").write_text(KERNEL)
    said = machine.run("python kernel.py", course / "work").stdout
    assert "middle: wrong" in said
    assert "Hint 1 of" in said
    assert "2 points in all" in said


def test_the_demo_is_of_the_course_that_one_stands_in(machine, course, tmp_path):
    copied = tmp_path / "course"
    shutil.copytree(course, copied, ignore=shutil.ignore_patterns("means"))
    machine.run("autograder new ps1", copied)
    machine.run("nbgrader generate_assignment ps1", copied)
    said = machine.run(f"autograder demo {tmp_path / 'class'}", copied / "deep" / "down").stdout
    assert "ps1: 40 submissions" in said
    assert "leonhard" in said
    assert (tmp_path / "class" / "grades.csv").is_file()
    (command,) = [line for line in said.splitlines() if line.startswith("cd ")]
    assert command.startswith(f"cd {tmp_path / 'class'} && ")
    assert machine.run(f"{command} --version", tmp_path).stdout.startswith("4.")
