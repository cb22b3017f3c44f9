"""A class of broken notebooks through `autograder grade`: each one is graded or flagged, the others are unharmed."""

from __future__ import annotations

import itertools
import json
from dataclasses import replace

from broken import notebooks
from courses import Course
from miniature import notebook

NUMBER = 30
UNIT = "02-rmse"
"""Another unit than in the rest of these tests, and in those of nbgrader's own command."""


def test_a_class_of_broken_notebooks(course: Course):
    course = replace(course, unit=UNIT)
    course.nbgrader("generate_assignment", UNIT)
    broken = {f"s{number:02}": data for number, data in enumerate(itertools.islice(notebooks(5, UNIT), NUMBER))}
    for student in (*broken, "ada", "zoe"):
        course.submit(student, notebook(UNIT))
    course.grade()
    assert set(course.scores().values()) == {course.most}
    for student, data in broken.items():
        course.submit(student, data)
    done = course.grade()
    assert "Traceback" not in done.stdout + done.stderr
    entries, scores = course.ledger(), course.scores()
    assert entries.keys() == scores.keys() == {*broken, "ada", "zoe"}
    for student in broken:
        report = entries[student]["report"]
        assert scores[student] == report["score"], (student, report["reason"])
        assert entries[student]["final"], report["reason"]
        assert (report["status"] == "graded") == (report["score"] is not None)
        page = (course.root / "autograded" / student / UNIT / f"{UNIT}.ipynb").read_bytes()
        assert json.loads(page)["cells"]
    assert (scores["ada"], scores["zoe"]) == (course.most, course.most)
    assert {entry["report"]["status"] for entry in entries.values()} == {"graded", "ungraded"}
