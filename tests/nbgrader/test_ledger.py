"""nbgrader's own autograde writes down what `autograder grade` does, so that a class report can be made of it."""

from __future__ import annotations

from typing import Any

from nbgrader.api import Gradebook

from autograder.classes.report import command
from autograder.nbgrader import ledger
from autograder.nbgrader.roll import Roll


def test_what_nbgrader_graded_is_in_the_ledger(course_with_ada: Any) -> None:
    [entry] = ledger.entries(course_with_ada.root, "01-bce")
    assert entry.student == "ada"
    assert entry.report.full_marks
    assert entry.report.seed is not None
    assert all(cell.tests for cell in entry.report.cells if cell.state == "passed")
    assert entry.recorded
    assert len(entry.version) == 64


def test_the_class_command_grades_nothing_again_that_nbgrader_graded(course_with_ada: Any) -> None:
    from autograder.classes.run import run

    def nobody() -> Any:
        raise AssertionError("there is nothing to grade")

    *_, tally = run(course_with_ada.root, "01-bce", (), nobody)
    assert (tally.before, tally.rewritten) == (1, 0)


def test_a_report_is_made_of_what_nbgrader_graded(course_with_ada: Any) -> None:
    with Gradebook(course_with_ada.db, "loss-metrics") as book:
        book.update_or_create_student("zoe", first_name="Zoe", last_name="Zander")
        grade = book.find_grade("test_kl_bernoulli", "01-bce", "01-bce", "ada")
        grade.manual_score = 1.5
        book.db.commit()
    [report] = command.report(course_with_ada.root, ["01-bce"]).report.assignments
    assert (report.students, report.handed_in, report.graded) == (2, 1, 1)
    assert report.first[0] == "1 of 2 handed in."
    assert any("changed 1 automatic score" in said for said in report.work.not_counted)


def test_the_roll_has_the_points_that_nbgrader_exports(course_with_ada: Any) -> None:
    with Gradebook(course_with_ada.db, "loss-metrics") as book:
        grade = book.find_grade("test_kl_bernoulli", "01-bce", "01-bce", "ada")
        grade.manual_score, grade.extra_credit = 1.5, 0.25
        [notebook] = book.find_submission("01-bce", "ada").notebooks
        notebook.late_submission_penalty = 2.0
        book.db.commit()
        submission = book.find_submission("01-bce", "ada")
        theirs = max(0.0, submission.score - submission.late_submission_penalty)
        most = book.find_assignment("01-bce").max_score
    roll = Roll.of(course_with_ada.db, "01-bce")
    assert (roll.standings["ada"].points, roll.most) == (theirs, most)
    assert (roll.standings["ada"].waits, roll.standings["ada"].by_hand) == (1, 1)


def test_a_submission_that_nobody_could_grade_is_in_the_ledger(course_with_ada: Any) -> None:
    course_with_ada.submit("ada", b"no notebook")
    course_with_ada.autograde("ada")
    [entry] = ledger.entries(course_with_ada.root, "01-bce")
    assert entry.report.status == "ungraded"
