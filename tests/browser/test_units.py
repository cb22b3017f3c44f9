"""The units in a browser: the same notebooks get the same Reports as behind the wall.

Of the known mistakes and the right ways `make test` tries some of each unit; `make browser-test` tries them all.
"""

from __future__ import annotations

import itertools
import json
import os
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

import miniature
import pytest

from autograder import misconception
from autograder.grading.grade import grade
from autograder.notebooks import assignment, submission
from autograder.notebooks.units import Unit
from autograder.report import Report
from autograder.wall.outside import doctor

ALL = bool(os.environ.get("EVERY_WAY"))
SEED = 1

NEEDS_SIGNALS = {"by_pairs_of_targets"}
"""Right, but not in a browser: they wait for a FloatingPointError, and WebAssembly has no such signal."""

_Way = TypeVar("_Way")

GRADE = """
import dataclasses, json, pathlib, self_study
from autograder.grading.grade import grade
from autograder.notebooks import assignment, submission
from autograder.notebooks.units import Unit
from autograder.wall.browser import BrowserLane

def report(name, data, also):
    its = assignment.load(name, pathlib.Path(self_study.__file__).parent)
    its = dataclasses.replace(its, files={**its.files, **{path: text.encode() for path, text in also.items()}})
    cells, notes = submission.parse(data)
    return grade(its, submission.merge(cells, its, notes), BrowserLane(), seed=1).report.json()

"null"
"""


@pytest.fixture(scope="module")
def reported(browser) -> Callable[[str, miniature.Notebook], Report]:
    """What the browser says of a notebook, and what the wall says: the same but for the digest of twelve digits of each
    reply, the last of which are the processor's, as are whole numbers of 32 bits."""
    browser.run(GRADE)
    lane = doctor.fastest()

    def both(name: str, made: miniature.Notebook, also: Mapping[str, str] | None = None) -> Report:
        its, beside = miniature.unit(name), also or {}
        its = replace(its, files={**its.files, **{path: text.encode() for path, text in beside.items()}})
        cells, notes = submission.parse(json.dumps(made).encode())
        walled = grade(its, submission.merge(cells, its, notes), lane, seed=SEED).report
        said = browser.run(
            f"report({name!r}, open('made', 'rb').read(), json.load(open('also')))",
            made=json.dumps(made),
            also=json.dumps(beside),
        )
        expected = json.loads(walled.json())
        for ours, theirs in zip(said.pop("cells"), expected.pop("cells"), strict=True):
            other = [(key, ours[key], theirs[key]) for key in theirs if ours[key] != theirs[key] and key != "signature"]
            assert not other, ours["id"]
            assert (ours["signature"] is None) == (theirs["signature"] is None)
        assert said == expected
        return walled

    return both


def sample(ways: Mapping[str, list[_Way]]) -> Iterator[dict[str, _Way]]:
    """One way for each function, and so on until all have been there, or only the first and the last of them."""
    lists = {name: of if ALL else [of[0], of[-1]] for name, of in ways.items()}
    for row in itertools.zip_longest(*lists.values()):
        yield {name: way for name, way in zip(lists, row, strict=True) if way is not None}


def test_full_marks_for_the_solution(reported, unit_name):
    assert reported(unit_name, miniature.notebook(unit_name)).full_marks


def beside(unit: Unit) -> dict[str, str]:
    """The author's own modules, as a package beside the notebook: what lies there may use all that is around it."""
    texts = {Path(path).name: data.decode() for path, data in unit.files.items() if path.endswith(".py")}
    texts["misconception.py"] = Path(str(misconception.__file__)).read_text()
    texts["misconceptions.py"] = texts["misconceptions.py"].replace("autograder.misconception", ".misconception")
    names = ("accepted.py", "reference.py", "inputs.py", "entropy.py", "misconception.py", "misconceptions.py")
    return {f"ways/{name}": texts[name] for name in names}


def test_known_mistakes_are_rejected_and_named_alike(reported, unit_name):
    its = miniature.unit(unit_name).unit
    ways: dict[str, list[str]] = {}
    for mistake in its.misconceptions:
        ways.setdefault(mistake.function, []).append(mistake.name)
    catalogue = "vars(misconceptions).values() if getattr(one, 'function', '')"
    for row in sample(ways):
        typed = {
            name: "from ways import misconceptions\n"
            f"[{name}] = [one.wrong for one in {catalogue} == {name!r} and one.name == {mistake!r}]"
            for name, mistake in row.items()
        }
        report = reported(unit_name, miniature.lean(miniature.notebook(unit_name, **typed)), beside(its))
        cells = {cell.function: cell for cell in report.cells}
        for name, mistake in row.items():
            assert cells[name].score < cells[name].max_score, (name, mistake)
            assert cells[name].misconception in (mistake, None) or cells[name].layer != "catalogue", (name, mistake)


def test_right_ways_are_accepted(reported, unit_name):
    unit = miniature.unit(unit_name).unit
    places = {
        name: [at for at, way in enumerate(of) if getattr(way, "__name__", "") not in NEEDS_SIGNALS]
        for name, of in unit.accepted.items()
    }
    for row in sample(places):
        typed = {
            name: f"from ways.accepted import ACCEPTED\n{name} = ACCEPTED[{name!r}][{at}]" for name, at in row.items()
        }
        report = reported(unit_name, miniature.lean(miniature.notebook(unit_name, **typed)), beside(unit))
        assert report.full_marks, row


@pytest.fixture(params=assignment.names(miniature.COURSE))
def unit_name(request) -> str:
    return request.param
