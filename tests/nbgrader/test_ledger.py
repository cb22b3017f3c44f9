"""What nbgrader's own autograde writes down: the same as `autograder grade`, so that a class report can be made of it."""

from __future__ import annotations

from typing import Any

from autograder.nbgrader import ledger


def test_what_nbgrader_graded_is_in_the_ledger(course_with_ada: Any) -> None:
    [entry] = ledger.entries(course_with_ada.root, "01-bce")
    assert entry.student == "ada"
    assert entry.report.full_marks
    assert entry.report.seed is not None
    assert all(cell.tests for cell in entry.report.cells if cell.state == "passed")
    assert entry.recorded
    assert len(entry.version) == 64


def test_the_class_command_grades_nothing_again_that_nbgrader_graded(course_with_ada: Any) -> None:
    from autograder.classes.run import ClassWork

    def nobody() -> Any:
        raise AssertionError("there is nothing to grade")

    work = ClassWork(course_with_ada.root, "01-bce")
    for _ in work.run(nobody):
        pass
    assert (work.tally.before, work.tally.rewritten) == (1, 0)


def test_a_submission_that_nobody_could_grade_is_in_the_ledger(course_with_ada: Any) -> None:
    course_with_ada.submit("ada", b"no notebook")
    course_with_ada.autograde("ada")
    [entry] = ledger.entries(course_with_ada.root, "01-bce")
    assert entry.report.status == "ungraded"
