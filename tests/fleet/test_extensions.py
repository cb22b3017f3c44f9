"""`autograder extend`: more time for a student, before and after something was handed in, for every way to grade."""

from __future__ import annotations

import miniature
from courses import UNIT, Course
from nbgrader.api import Gradebook

from autograder.nbgrader.roll import Roll


def penalties(course: Course) -> dict[str, float | None]:
    with Gradebook(course.database, "loss-metrics") as book:
        return {one.student.id: one.late_submission_penalty for one in book.notebook_submissions(UNIT, UNIT)}


def test_more_time_before_and_after(course: Course) -> None:
    with (course.root / "nbgrader_config.py").open("a") as config:
        config.write('\nc.LateSubmissionPlugin.penalty_method = "zero"\n')
    with Gradebook(course.database, "loss-metrics") as book:
        book.update_or_create_assignment(UNIT, duedate="2026-01-01 00:00:00 UTC")
        for student in ("ada", "bob", "absent"):
            book.add_student(student)
        book.db.commit()
    given = course.here("extend", UNIT, "ada", "--days", "2")
    assert (given.returncode, given.stderr) == (0, "")
    assert given.stdout == "ada has 2 days more, until 3 January 2026, 00:00 UTC.\n"
    course.here("extend", UNIT, "absent", "--hours", "5")
    assert Roll.of(course.database, UNIT).standings == {}  # nobody has handed in
    for student in ("ada", "bob"):
        course.submit(student, miniature.lean(miniature.notebook()), timestamp="2026-01-02 00:00:00 UTC")
    assert course.grade().returncode == 0
    late = penalties(course)
    assert not late["ada"]
    assert late["bob"] > 0
    course.nbgrader("autograde", UNIT, "--student", "ada", "--force")
    assert not penalties(course)["ada"]
    assert Roll.of(course.database, UNIT).standings.keys() == {"ada", "bob"}

    given = course.here("extend", UNIT, "bob", "--days", "1", "--hours", "1")
    assert "costs 0 points for lateness now" in given.stdout
    assert not penalties(course)["bob"]
    listed = course.here("extend", UNIT).stdout.splitlines()
    assert [line.split()[0] for line in listed] == ["absent", "ada", "bob"]
    assert listed[2] == "bob has 1 day and 1 hour more, until 2 January 2026, 01:00 UTC."
    taken = course.here("extend", UNIT, "bob", "--days", "0")
    assert "bob has no extension; it is due on 1 January 2026, 00:00 UTC." in taken.stdout
    assert penalties(course)["bob"] == late["bob"]


def test_what_cannot_be_done_is_one_sentence(course: Course) -> None:
    for arguments, said in (
        (("bob",), f"Say who has how much more: autograder extend {UNIT} bob --days 2"),
        (("--days", "2"), "Say who has how much more"),
        (("nobody", "--days", "2"), "knows no student 'nobody'"),
    ):
        done = course.here("extend", UNIT, *arguments)
        assert done.returncode == 2
        assert said in done.stderr
        assert done.stderr.count("\n") == 1
    done = course.here("extend", "ps9", "ada", "--days", "2")
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)
    assert course.here("extend", UNIT).stdout == f"Nobody has more time for {UNIT}.\n"
