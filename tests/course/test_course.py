"""The built notebooks: current, the same every time, running from top to bottom, and true to their numbers."""

from __future__ import annotations

import ast
import contextlib
import functools
import io
import os
import re
import shutil

import pytest
from jupytext.cli import jupytext

from autograder.notebooks import build

# Numbers in prose that no cell shows, each with the reason.
GIVEN: dict[str, dict[str, str]] = {
    "01-bce": {
        "192": "an option of the question about two reports",
        "0.408": "given in the question about two reports",
        "0.600": "given in the question about two reports",
        "0.9999": "given in the question about a mistake that gets more confident",
        "1.2345": "an example of how to write a number",
        "2022": "the year of a text that is quoted",
    },
    "02-rmse": {"2022": "the year of a text that is quoted"},
    "03-ranges": {"2022": "the year of a text that is quoted"},
    "04-confidence": {
        "2006.07322": "the number of a paper on arXiv",
        "2017": "the year of two pull requests",
        "2022": "the year of a text that is quoted",
        "2195": "the number of a pull request",
        "2221": "the number of a pull request",
    },
    "05-scale": {
        "0.3604": "given in the question about two reports",
        "1874": "an example of a year",
    },
    "06-overfitting": {"2023": "the year of a paper"},
}


@pytest.fixture(scope="module")
def copy(root, tmp_path_factory):
    """The course's own files, elsewhere, without anything built."""
    there = tmp_path_factory.mktemp("course")
    shutil.copytree(root / "course", there / "course", ignore=shutil.ignore_patterns("__pycache__", "predictions.json"))
    shutil.copyfile(root / "nbgrader_config.py", there / "nbgrader_config.py")
    return there


def contents(root):
    return {
        path.relative_to(root): path.read_bytes()
        for top in build.BUILT
        for path in (root / top).rglob("*")
        if path.is_file()
    }


def test_there_is_a_course(root):
    assert build.units(root)


def test_source_and_release_are_current(root):
    assert build.stale(root) == ()


def test_build_gives_the_same_bytes_every_time(copy):
    written = build.build(copy)
    first = contents(copy)
    assert set(written) == set(first)
    shutil.rmtree(copy / "source")
    shutil.rmtree(copy / "release")
    build.build(copy)
    assert contents(copy) == first
    assert build.build(copy) == ()
    assert not (copy / "gradebook.db").exists()


def test_stale_names_what_is_different_missing_or_superfluous(copy):
    build.build(copy)
    unit = build.units(copy)[0]
    changed = copy / "release" / unit / f"{unit}.ipynb"
    changed.write_text(changed.read_text() + "\n")
    missing = copy / "source" / unit / build.HELPER
    missing.unlink()
    superfluous = copy / "release" / unit / "old.ipynb"
    superfluous.write_text("{}")
    (copy / "source" / unit / "predictions.json").write_text("{}")
    paths = {path.relative_to(copy) for path in (changed, missing, superfluous)}
    assert set(build.stale(copy)) == paths
    assert set(build.build(copy)) == paths
    assert build.stale(copy) == ()


def test_an_edit_of_the_notebook_reaches_the_text_and_nothing_else_changes(root, copy, unit):
    """jupytext's pairing, as JupyterLab uses it: opening and saving without an edit leaves the text as it is."""
    build.build(copy)
    shutil.copyfile(root / "jupytext.toml", copy / "jupytext.toml")
    text, notebook = copy / "course" / unit / f"{unit}.md", copy / "source" / unit / f"{unit}.ipynb"
    before = text.read_text()

    def sync() -> None:
        later = text.stat().st_mtime + 5
        os.utime(notebook, (later, later))
        with contextlib.chdir(copy), contextlib.redirect_stdout(io.StringIO()):
            assert jupytext(["--sync", f"source/{unit}/{unit}.ipynb"]) == 0

    sync()
    assert text.read_text() == before
    notebook.write_text(notebook.read_text().replace("**Aim.**", "**Aim, edited.**"))
    sync()
    assert text.read_text() == before.replace("**Aim.**", "**Aim, edited.**")
    text.write_text(before)


def test_release_holds_no_solution(root, unit):
    text = (root / "release" / unit / f"{unit}.ipynb").read_text()
    assert "BEGIN SOLUTION" not in text
    assert "YOUR CODE HERE" in text
    assert "YOUR ANSWER HERE" in text


def test_the_opening_names_every_unit_that_is_referred_back_to(root, unit):
    opening, *rest = (root / "course" / unit / f"{unit}.md").read_text().split("\n## ")
    needs = re.search(r"You need(?:\.\*\*)? (.*)", opening)
    spans = re.findall(r"\b(\d)(?: to (\d))?\b", needs[1] if needs else "")
    named = {number for low, high in spans for number in range(int(low), int(high or low) + 1)}
    used = {int(number) for number in re.findall(r"\b[Uu]nit (\d)", " ".join(rest))}
    assert {number for number in used if number < int(unit[:2])} <= named


def test_cell_ids_are_the_graders_where_there_are_any(lesson):
    ids = [cell.id for cell in lesson.cells]
    assert len(set(ids)) == len(ids)
    for cell in lesson.cells:
        assert cell.metadata.get("nbgrader", {}).get("grade_id", cell.id) == cell.id


def test_instructor_notebook_runs_in_a_minute(instructor_run):
    assert errors(instructor_run.notebook) == {}
    assert instructor_run.seconds < 60


def test_student_notebook_runs_to_the_end(student_run):
    """Only the cells that wait for the student fail, and they fail because nothing was written yet."""
    assert student_run.seconds < 60
    notebook = student_run.notebook
    last = [cell for cell in notebook.cells if cell.cell_type == "code"][-1]
    assert last.execution_count is not None
    for cell, error in errors(notebook).items():
        assert error in ("NotImplementedError", "NameError"), (cell, error)
    graded = {cell.id for cell in notebook.cells if cell.metadata.get("nbgrader", {}).get("grade")}
    tests = {cell.id for cell in notebook.cells if cell.id in graded and cell.cell_type == "code"}
    assert tests <= set(errors(notebook)), "the untouched notebook passes no visible test"


@pytest.mark.parametrize("station", ["instructor_run", "student_run"])
def test_every_figure_has_a_text_alternative(station, unit, request):
    notebook = request.getfixturevalue(station).notebook
    pictures = 0
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            data = output.get("data", {})
            assert not any(kind.startswith("image/") for kind in data), f"{cell.id}: a picture without the helper"
            for image in re.findall(r"<img[^>]*>", "".join(data.get("text/html", ""))):
                pictures += 1
                alt = re.search(r'alt="([^"]+)"', image)
                assert alt, cell.id
                assert data["text/plain"].strip(), cell.id
    assert pictures >= 5


def test_numbers_in_prose_were_computed(instructor_run, unit):
    """A number with three or more significant digits stands in an output, or in code as something given."""
    notebook = instructor_run.notebook
    known = [value for cell in notebook.cells for value in shown(cell)]
    unfounded = {}
    for cell in notebook.cells:
        for number in stated(cell):
            places = len(number.partition(".")[2])
            found = any(abs(abs(value) - float(number)) <= 0.5001 * 10**-places for value in known)
            if not found and number not in GIVEN.get(unit, {}):
                unfounded[number] = cell.id
    assert unfounded == {}


def test_the_number_that_decides_a_claim_is_shown_in_its_unit(root, instructor_run, unit):
    """Of three or more significant digits, in an output or given in code."""
    rows = [line.split(" | ") for line in (root / "course" / "claims.md").read_text().splitlines() if unit in line]
    known = [value for cell in instructor_run.notebook.cells for value in shown(cell)]
    missing = {}
    for row in rows:
        for number in re.findall(r"(?<![\w.])\d+(?:\.\d+)?(?!\w|\.\d)", re.sub(r"(?<=\d),(?=\d{3})", "", row[-2])):
            places = len(number.partition(".")[2])
            found = any(abs(abs(value) - float(number)) <= 0.5001 * 10**-places for value in known)
            if significant(number) >= 3 and not found:
                missing[number] = row[0]
    assert rows
    assert missing == {}


def test_no_number_is_excused_that_need_not_be(instructor_run, unit):
    said = {number for cell in instructor_run.notebook.cells for number in stated(cell)}
    assert GIVEN.get(unit, {}).keys() <= said


def errors(notebook) -> dict[str, str]:
    """The cells that ended in an error, and its name."""
    return {
        cell.id: output.ename
        for cell in notebook.cells
        for output in cell.get("outputs", [])
        if output.output_type == "error"
    }


def stated(cell) -> list[str]:
    """Numbers with three or more significant digits in a cell's prose: its Markdown, or the texts in its code."""
    prose = cell.source
    if cell.cell_type == "code":
        strings = (node.value for node in ast.walk(ast.parse(cell.source)) if isinstance(node, ast.Constant))
        prose = " ".join(text for text in strings if isinstance(text, str))
    numbers = re.findall(r"(?<![\w.])\d+(?:\.\d+)?(?:e-?\d+)?(?!\w|\.\d)", prose)
    return [number for number in numbers if "e" not in number and significant(number) >= 3]


def significant(number: str) -> int:
    """How many digits of a number say something: 0.6931 four, 0.010 two, 3000 one."""
    whole, _, fraction = number.partition(".")
    digits = (whole + fraction).lstrip("0")
    return len(digits if fraction else digits.rstrip("0"))


def shown(cell) -> list[float]:
    """Numbers that a cell computed and showed, and the numbers in its code, answers and tests aside."""
    if cell.cell_type != "code":
        return []
    data = cell.metadata.get("nbgrader", {})
    given = []
    if not data.get("solution") and not data.get("grade"):
        given = [node.value for node in ast.walk(ast.parse(cell.source)) if isinstance(node, ast.Constant)]
    outputs = []
    for output in cell.outputs:
        data = output.get("data", {})
        html, plain = "".join(data.get("text/html", "")), data.get("text/plain", "")
        if "text/markdown" in data:  # what opens after a guess is prose: only what it computed proves something
            plain = functools.reduce(lambda text, number: text.replace(number, ""), stated(cell), plain)
        if "<img" not in html:  # the text alternative of a figure is prose: it has to be proved, it proves nothing
            outputs += [output.get("text", ""), plain]
    texts = re.findall(r"\d+(?:\.\d+)?(?:e[+-]?\d+)?", " ".join(outputs))
    numbers = [value for value in given if isinstance(value, int | float) and not isinstance(value, bool)]
    return [*map(float, numbers), *map(float, texts)]
