"""What people grade: written answers, comments, extra credit, overridden scores, late penalties."""

from __future__ import annotations

from typing import Any

from nbgrader.api import Gradebook

WRITTEN = "no_way_to_zero"
ANSWER = "Noise has entropy: below **0.3251** nats nobody gets, since $H(0.1) < \\log 2$."


def give(course: Any, name: str, **values: float) -> None:
    with Gradebook(course.db, "loss-metrics") as gradebook:
        grade = gradebook.find_grade(name, "01-bce", "01-bce", "ada")
        for key, value in values.items():
            setattr(grade, key, value)
        grade.needs_manual_grade = False
        gradebook.db.commit()


def test_a_written_answer_waits_for_a_person_and_no_answer_is_zero(course: Any) -> None:
    course.submit("ada", course.edited(course.right, {WRITTEN: ANSWER}))
    course.submit("bob", course.blank)
    course.autograde("ada", "bob")
    written, none = course.rows("ada")[WRITTEN], course.rows("bob")[WRITTEN]
    assert (written.auto, written.waits) == (None, True)
    assert (none.auto, none.waits) == (0.0, False)
    assert course.comments("ada")[WRITTEN] is None
    assert course.comments("bob")[WRITTEN] == "No response."


def test_what_a_person_gave_survives_grading_again(course: Any) -> None:
    course.submit("ada", course.edited(course.right, {WRITTEN: ANSWER}))
    course.autograde("ada")
    give(course, WRITTEN, manual_score=1.5, extra_credit=0.25)
    give(course, "test_binary_entropy", manual_score=3.0)
    with Gradebook(course.db, "loss-metrics") as gradebook:
        gradebook.find_comment(WRITTEN, "01-bce", "01-bce", "ada").manual_comment = "Well put."
        gradebook.db.commit()
    course.autograde("ada")
    rows = course.rows("ada")
    assert (rows[WRITTEN].manual, rows[WRITTEN].extra, rows[WRITTEN].waits) == (1.5, 0.25, True)
    assert (rows["test_binary_entropy"].auto, rows["test_binary_entropy"].manual) == (4.0, 3.0)
    assert rows["test_binary_entropy"].waits, "somebody overrode the score: they should look again"
    assert course.comments("ada")[WRITTEN] == "Well put."
    assert course.api().generate_feedback("01-bce", "ada")["success"]
    page = course.feedback("ada")
    assert "Well put." in page
    assert f">{course.most - 1 + 1.75:g} of {course.most + 2:g} points<" in page


def test_what_a_person_gave_survives_a_file_that_cannot_be_read(course: Any) -> None:
    course.submit("ada", course.edited(course.right, {WRITTEN: ANSWER}))
    course.autograde("ada")
    give(course, WRITTEN, manual_score=1.5)
    course.submit("ada", b"no notebook")
    course.autograde("ada")
    rows = course.rows("ada")
    assert (rows[WRITTEN].manual, rows[WRITTEN].waits) == (1.5, True)
    assert all(row.auto is None and row.waits for row in rows.values())


def test_a_late_submission_pays_the_courses_penalty(course: Any) -> None:
    with (course.root / "nbgrader_config.py").open("a") as config:
        config.write('\nc.LateSubmissionPlugin.penalty_method = "zero"\n')
    with Gradebook(course.db, "loss-metrics") as gradebook:
        gradebook.update_or_create_assignment("01-bce", duedate="2026-01-01 00:00:00 UTC")
    course.submit("ada", course.right)
    (course.submitted("ada") / "timestamp.txt").write_text("2026-01-02 00:00:00 UTC")
    course.autograde("ada")
    with Gradebook(course.db, "loss-metrics") as gradebook:
        [notebook] = gradebook.find_submission("01-bce", "ada").notebooks
        assert notebook.late_submission_penalty == notebook.score == course.most
