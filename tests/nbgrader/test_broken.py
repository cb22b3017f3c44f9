"""A class of broken notebooks through real nbgrader: each one is graded or flagged, and no earlier score stands."""

from __future__ import annotations

import itertools

from broken import notebooks

from autograder.grading.mark import mark
from autograder.notebooks import assignment
from autograder.notebooks.handed_in import HandedIn
from autograder.wall.outside import doctor

NUMBER = 16


def test_a_class_of_broken_notebooks(course):
    """Everybody had full marks before. Fails where a score of then stays, or one file stops those that come after."""
    broken = {f"s{number:02}": data for number, data in enumerate(itertools.islice(notebooks(4), NUMBER))}
    for student in (*broken, "zoe"):
        course.submit(student, course.right)
    course.nbgrader("autograde", "01-bce")
    assert {course.automatic(student) for student in (*broken, "zoe")} == {(course.most, False)}
    for student, data in broken.items():
        course.submit(student, data)
    done = course.nbgrader("autograde", "01-bce", "--force")
    assert done.returncode == 0, done.stderr[-3000:]
    assert course.automatic("zoe") == (course.most, False)
    unit, lane = assignment.load("01-bce", course.root), doctor.fastest()
    for student, data in broken.items():
        report = mark(unit, HandedIn(data), lane, seed=1, paged=False).report
        assert course.automatic(student) == (report.score, report.status == "ungraded"), (student, report.reason)
        assert course.autograded(student)["cells"]
