"""What the gradebook holds decides: a second run notices what has changed there, on the disk and in the terms, and
runs nobody's code without need."""

from __future__ import annotations

import shutil
from datetime import datetime
from pathlib import Path
from typing import Any

import miniature
import nbformat
import pytest
import sqlalchemy as sa
from courses import UNIT, Course
from nbgrader.api import Gradebook

LATE = "2026-01-02 00:00:00 UTC"


def grade(course: Course, *arguments: str, status: int = 0) -> str:
    """What it said, in one line."""
    done = course.grade(*arguments)
    assert done.returncode == status, done.stderr
    return " ".join((done.stdout + done.stderr).split())


def seed(course: Course, student: str = "ada") -> Any:
    """Another one where the code has been run again."""
    return course.ledger()[student]["report"]["seed"]


def held(course: Course, student: str = "ada") -> Any:
    """The submission as the gradebook has it."""
    with sa.create_engine(course.database).connect() as connection:
        found = (
            "select w.timestamp, n.late_submission_penalty cost from submitted_assignment w join submitted_notebook n"
        )
        where = "on n.assignment_id = w.id where w.student_id = :student"
        return connection.execute(sa.text(f"{found} {where}"), {"student": student}).mappings().one()


def due(course: Course, when: str | None) -> None:
    with Gradebook(course.database, "loss-metrics") as book:
        book.update_or_create_assignment(UNIT, duedate=when)


def page(course: Course, student: str = "ada") -> Path:
    return course.root / "autograded" / student / UNIT / f"{UNIT}.ipynb"


def test_what_nbgrader_graded_in_between_does_not_stay_when_the_first_one_is_back(course: Course) -> None:
    course.submit("ada", miniature.notebook())
    grade(course)
    course.submit("ada", miniature.blank())
    course.nbgrader("autograde", UNIT, "--force")
    assert course.scores() == {"ada": 0.0}
    course.submit("ada", miniature.notebook())
    grade(course)
    assert course.scores() == {"ada": course.most}
    assert "Not attempted" not in page(course).read_text()


def test_an_older_gradebook_that_is_put_back_is_brought_up_to_date(course: Course) -> None:
    course.submit("ada", miniature.blank())
    grade(course)
    shutil.copy(course.root / "gradebook.db", course.root / "backup.db")
    course.submit("ada", miniature.notebook())
    grade(course)
    before = seed(course)
    shutil.copy(course.root / "backup.db", course.root / "gradebook.db")
    assert "Graded before: 0 unchanged, 1 written into the gradebook again." in grade(course)
    assert course.scores() == {"ada": course.most}
    assert seed(course) == before
    assert "Graded before: 1 unchanged." in grade(course)


@pytest.mark.parametrize(
    "change",
    [
        "update grade set auto_score = 1.5 where auto_score is not null",
        "update grade set auto_score = null",
        "update comment set auto_comment = 'No response.'",
        "update submitted_assignment set timestamp = '2025-01-01 00:00:00.000000'",
        "delete from grade",
    ],
)
def test_a_gradebook_that_says_something_else_is_corrected(course: Course, change: str) -> None:
    course.submit("ada", miniature.notebook(), timestamp=LATE)
    grade(course)
    before = seed(course)
    with sa.create_engine(course.database).begin() as connection:
        connection.execute(sa.text(change))
    assert "1 written into the gradebook again" in grade(course)
    assert course.scores() == {"ada": course.most}
    assert held(course)["timestamp"].startswith("2026-01-02 00:00:00")
    assert seed(course) == before


def test_another_page_is_not_taken_for_the_submissions_own(course: Course) -> None:
    course.submit("ada", miniature.notebook())
    course.submit("bob", miniature.blank())
    grade(course)
    right = nbformat.read(page(course), as_version=4)
    page(course).chmod(0o644)
    page(course).write_bytes(page(course, "bob").read_bytes())
    grade(course)
    assert nbformat.read(page(course), as_version=4).cells == right.cells


def test_penalties_follow_the_due_date_and_the_rule_and_nothing_is_run_again(course: Course) -> None:
    course.submit("ada", miniature.notebook(), timestamp=LATE)
    course.submit("bob", miniature.notebook(), timestamp="2025-12-31 00:00:00 UTC")
    due(course, "2026-01-01 00:00:00 UTC")
    grade(course)
    before = seed(course)
    assert held(course)["cost"] is None
    with (course.root / "nbgrader_config.py").open("a") as config:
        config.write('\nc.LateSubmissionPlugin.penalty_method = "zero"\n')
    assert "Graded before: 1 unchanged, 1 penalty updated." in grade(course)
    assert held(course)["cost"] == course.most
    due(course, "2026-01-03 00:00:00 UTC")
    assert "Graded before: 1 unchanged, 1 penalty updated." in grade(course)
    assert held(course)["cost"] is None
    due(course, "2026-01-01 00:00:00 UTC")
    assert "1 penalty updated" in grade(course, "--student", "ada")
    with Gradebook(course.database, "loss-metrics") as book:
        book.grant_extension(UNIT, "ada", days=2)
    assert "1 penalty updated" in grade(course)
    assert held(course)["cost"] is None
    assert held(course, "bob")["cost"] is None
    assert "Graded before: 2 unchanged." in grade(course)
    assert seed(course) == before


def test_a_time_stamp_alone_is_a_change(course: Course) -> None:
    with (course.root / "nbgrader_config.py").open("a") as config:
        config.write('\nc.LateSubmissionPlugin.penalty_method = "zero"\n')
    due(course, "2026-01-01 00:00:00 UTC")
    course.submit("ada", miniature.notebook(), timestamp="2025-12-31 00:00:00 UTC")
    grade(course)
    course.submit("ada", miniature.notebook(), timestamp=LATE, submission_secret="key")
    grade(course)
    assert datetime.fromisoformat(held(course)["timestamp"]) == datetime(2026, 1, 2)
    assert held(course)["cost"] == course.most
    assert page(course).with_name("timestamp.txt").read_text() == LATE
    assert page(course).with_name("submission_secret.txt").read_text() == "key"


def test_the_files_name_alone_is_a_change(course: Course) -> None:
    course.submit("ada", miniature.notebook())
    grade(course)
    place = course.root / "submitted" / "ada" / UNIT / f"{UNIT}.ipynb"
    place.rename(place.with_name("mine.ipynb"))
    grade(course)
    assert "The file is not called 01-bce.ipynb" in page(course).read_text()


def test_force_grades_anew_and_leaves_a_persons_work(course: Course) -> None:
    course.submit("ada", miniature.notebook())
    grade(course)
    before = seed(course)
    with Gradebook(course.database, "loss-metrics") as book:
        cell = book.find_grade("no_way_to_zero", UNIT, UNIT, "ada")
        cell.manual_score, cell.needs_manual_grade = 1.5, False
        book.db.commit()
    assert "Graded before" not in grade(course, "--force")
    assert seed(course) != before
    with Gradebook(course.database, "loss-metrics") as book:
        cell = book.find_grade("no_way_to_zero", UNIT, UNIT, "ada")
        assert (cell.manual_score, cell.needs_manual_grade) == (1.5, False)


def test_the_ledger_knows_nothing_whose_page_could_not_be_written(course: Course) -> None:
    course.submit("ada", miniature.blank())
    grade(course)
    before = course.ledger()["ada"]["key"]
    course.submit("ada", miniature.notebook())
    autograded = course.root / "autograded" / "ada"
    autograded.rename(autograded.with_name("kept"))
    autograded.write_text("in the way")
    assert "run the same command again" in grade(course, status=1)
    assert course.ledger()["ada"]["key"] == before
    autograded.unlink()
    autograded.with_name("kept").rename(autograded)
    grade(course)
    assert course.scores() == {"ada": course.most}
    assert "Not attempted" not in page(course).read_text()


@pytest.mark.parametrize("there", [(), ("submitted",), ("submitted", "ada", "02-rmse")])
def test_nothing_to_grade_is_told_in_a_sentence(course: Course, there: tuple[str, ...]) -> None:
    course.root.joinpath(*there).mkdir(parents=True, exist_ok=True)
    assert "Nothing was handed in for 01-bce: there is no folder" in grade(course, status=2)


def test_a_flag_for_what_could_not_be_graded_goes_and_a_persons_flag_stays(course: Course) -> None:
    """In both ways of grading, one after the other."""

    def flagged(student: str) -> bool:
        with Gradebook(course.database, "loss-metrics") as book:
            return book.find_submission_notebook(UNIT, UNIT, student).flagged

    def by_nbgrader(course: Course) -> None:
        course.nbgrader("autograde", UNIT, "--force")

    for student in ("ada", "bob", "eve"):
        course.submit(student, miniature.notebook(), timestamp=LATE)
    grade(course)
    assert not any(map(flagged, ("ada", "bob", "eve")))
    with Gradebook(course.database, "loss-metrics") as book:
        book.find_submission_notebook(UNIT, UNIT, "bob").flagged = True
        book.db.commit()
    for breaks, heals in ((grade, by_nbgrader), (by_nbgrader, grade), (grade, grade), (by_nbgrader, by_nbgrader)):
        for student in ("ada", "bob"):
            course.submit(student, b"cut off", timestamp=LATE)
        course.submit("eve", miniature.notebook(), timestamp="some day")
        breaks(course)
        assert [flagged(student) for student in ("ada", "bob", "eve")] == [True, True, True]
        for student in ("ada", "bob", "eve"):
            course.submit(student, miniature.notebook(), timestamp=LATE)
        heals(course)
        assert [flagged(student) for student in ("ada", "bob", "eve")] == [False, True, False]


def test_links_and_odd_names_are_told_and_cost_nobody_else(course: Course) -> None:
    course.submit("ada", miniature.notebook())
    course.submit("line\nbreak", miniature.notebook())
    course.submit("it's [me] {1}, *?", miniature.notebook())
    course.submit(".hidden", miniature.notebook())
    (course.root / "submitted" / "eve").symlink_to("ada")
    (course.root / "submitted" / "bob").mkdir()
    (course.root / "submitted" / "bob" / UNIT).symlink_to(f"../ada/{UNIT}")
    (course.root / "submitted" / "dan").mkdir()
    (course.root / "submitted" / "dan" / UNIT).symlink_to("nowhere")
    (course.root / "submitted" / "joe").symlink_to("nowhere")
    (course.root / "submitted" / "ida").mkdir()  # who handed in nothing yet
    said = grade(course, status=1)
    assert "is not a student's id" in said
    assert ".hidden" in said
    assert "eve" in said
    assert "links are not followed" in said
    assert "submitted/joe'isalinkthatleadsnowhere." in said.replace(" ", "")  # a long path is broken over lines
    assert "ida" not in said
    refused = dict.fromkeys(("bob", "dan", "eve"))
    assert course.scores() == {"ada": course.most, "it's [me] {1}, *?": course.most, **refused}
