"""A rubric for written answers: read, held to the points of its cell, and put below the answer."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import miniature
import pytest
from miniature import COURSE

from autograder.grading.grade import Graded
from autograder.grading.page import page
from autograder.grading.preflight import parts
from autograder.grading.preflight.refusal import Refused
from autograder.notebooks import units
from autograder.notebooks.assignment import Assignment
from autograder.notebooks.rubric import Criterion, rubric
from autograder.notebooks.submission import Submission
from autograder.report import graded

GOOD = '[no_way_to_zero]\n"Names `H`." = 0.5\n"Gives a number." = 1.5\n'


def made(folder: Path, text: str) -> Assignment:
    miniature.unit_of(folder, suite="", reference="")
    (folder / "course" / "made" / "rubric.toml").write_text(text)
    return replace(miniature.unit(), unit=units.find(folder, "made"))


def test_it_is_read_in_the_authors_order(tmp_path: Path):
    its = made(tmp_path, GOOD)
    assert rubric(its.unit) == {"no_way_to_zero": (Criterion("Names `H`.", 0.5), Criterion("Gives a number.", 1.5))}
    parts.hold_rubric(its)
    assert rubric(None) == {}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('[no_way_to_zero]\n"Names it." = 1\n', "adds up to 1 points, and the cell `no_way_to_zero` carries 2"),
        ('[kl_bernoulli]\n"Names it." = 4\n', "is about no written answer of 01-bce (there: `no_way_to_zero`)"),
        ("[no_way_to_zero]\n", "must have lines such as"),
        ('[no_way_to_zero]\n"Names it." = "2"\n', "must have lines such as"),
        ('[no_way_to_zero]\n"Names it." = nan\n', "must have lines such as"),
        ('no_way_to_zero = "Names it."\n', "must have lines such as"),
        ("[no_way", "course/made/rubric.toml cannot be read"),
    ],
)
def test_what_is_wrong_with_it_is_one_sentence(tmp_path: Path, text: str, said: str):
    with pytest.raises(Refused) as error:
        parts.hold_rubric(made(tmp_path, text))
    assert said in str(error.value)
    assert "\n" not in str(error.value)


def test_it_stands_below_the_answer_in_the_graded_notebook_alone(tmp_path: Path):
    its = made(tmp_path, GOOD)
    submission = Submission(cells=its.cells)
    cells = page(its, submission, Graded(graded(its.name, (), seed=1))).cells
    place = next(n for n, cell in enumerate(cells) if cell.metadata.get("autograder", {}).get("rubric"))
    assert cells[place].source == "**What a full answer has**\n\n- 0.5 of 2: Names `H`.\n- 1.5 of 2: Gives a number."
    assert cells[place - 1].metadata.nbgrader.grade_id == "no_way_to_zero"
    assert not any(cell.metadata.get("autograder", {}).get("rubric") for cell in page(its, submission).cells)


@pytest.mark.parametrize("name", [path.name for path in sorted((COURSE / "release").iterdir()) if path.is_dir()])
def test_every_written_answer_of_the_course_has_one(name: str):
    its = miniature.unit(name)
    parts.hold_rubric(its)
    written = {task.name for task in its.tasks if task.kind == "manual"}
    assert rubric(its.unit).keys() == written
    given = (COURSE / "release" / name / f"{name}.ipynb").read_text()
    assert not any(one.says in given for criteria in rubric(its.unit).values() for one in criteria)
