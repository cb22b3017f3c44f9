"""The made-up class is made from the course itself, whatever it teaches."""

from __future__ import annotations

from miniature import COURSE, unit, wall

from autograder.demo.students import hand_ins
from autograder.grading.mark import mark
from autograder.notebooks.handed_in import HandedIn


def test_who_is_right_in_another_way_has_full_marks_and_who_tries_the_grader_has_not():
    its, scores = unit(), {}
    for handed_in in hand_ins(its, COURSE, hostile=True):
        if handed_in.student in ("emmy", "florence", "ida", "johann", "leonhard", "otto"):
            found = mark(its, HandedIn(handed_in.data), wall(), seed=1, paged=False)
            scores[handed_in.student] = found.report.score
    most = scores.pop("emmy"), scores.pop("florence")
    assert most == (its.most, its.most)
    first = next(task.points for task in its.tasks if task.kind == "function")
    assert set(scores.values()) == {its.most - first}
    assert len(scores) == 4
