"""docs/authors.md, followed to the letter: every command in it is run, every piece of code put where it says."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

TEXT = (Path(__file__).parents[2] / "docs" / "authors.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```(console|python|toml)\n(.*?)^```$", TEXT, re.MULTILINE | re.DOTALL)


def into_notebook(path: Path, name: str, source: str) -> None:
    """A solution cell with this id, and one that carries its points, as nbgrader's extension makes them."""
    settings = {"locked": False, "task": False, "schema_version": 3, "cell_type": "code"}
    both = ({"grade_id": name, "solution": True, "grade": False}, {"grade_id": f"test_{name}", "solution": False})
    sources = {name: source, f"test_{name}": f"assert {name} is not None"}
    if not path.exists():
        path.parent.mkdir(parents=True)
        setup = {"grade_id": "setup", "locked": True, "solution": False, "grade": False}
        both, sources = (setup, *both), {"setup": "import numpy as np", **sources}
        path.write_text(json.dumps({"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}))
    document = json.loads(path.read_text())
    for own in both:
        nbgrader = {**settings, "grade": True, "points": 2, **own}
        if own["grade_id"] == f"test_{name}":
            nbgrader["locked"] = True
        cell = {"cell_type": "code", "id": own["grade_id"], "metadata": {"nbgrader": nbgrader}}
        document["cells"].append({**cell, "source": sources[own["grade_id"]], "outputs": [], "execution_count": None})
    path.write_text(json.dumps(document))


def test_from_an_empty_folder_to_a_graded_class(machine, tmp_path):
    where, script, proofs = tmp_path, "", []
    for kind, block in BLOCKS:
        place = re.match(r"# (course/\S+)\n", block)
        cell = re.match(r"# source/(\w+)/\w+\.ipynb, the cell (\w+)\n", block)
        if cell:
            into_notebook(where / "source" / cell[1] / f"{cell[1]}.ipynb", cell[2], block.removeprefix(cell[0]))
        elif place:
            with (where / place[1]).open("a") as file:
                file.write("\n" + block.removeprefix(place[0]))
        elif kind == "python":
            script = block
        for line in block.splitlines() if kind == "console" else ():
            command = line.removeprefix("$ ")
            assert command != line
            if command.startswith("cd "):
                where /= command.removeprefix("cd ")
                continue
            ran = machine.run(command, where, status=None)
            proofs += [ran.returncode] if command.endswith("--mutate") else []
            assert ran.returncode == 0 or proofs == [1], f"{command}\n{ran.stdout}\n{ran.stderr}"
    assert proofs == [1, 0], "the first one notices what no test asks for, as the text says"
    assert [p.name for p in where.glob("feedback/*/ps1/*.html")] == ["ps1.html"] * 2
    rows = (where / "grades.csv").read_text()
    assert "ada" in rows
    assert "ben" in rows

    (where / "class.py").write_text(f"if __name__ == '__main__':\n{re.sub('^', '    ', script, flags=re.M)}")
    said = machine.run("python class.py", where).stdout.splitlines()
    assert said == ["0.0 ['not-attempted']", "2 1", "['The spread is the largest number.']"]


def test_the_page_says_how_to_choose_packages():
    tomllib = pytest.importorskip("tomllib")
    [text] = [block for kind, block in BLOCKS if kind == "toml" and "packages" in block]
    assert tomllib.loads(text) == {"packages": ["numpy", "scipy", "pandas"]}
