"""Predictions are read out of cells, and nothing is run for it."""

from __future__ import annotations

from miniature import COURSE, unit

from autograder.notebooks import assignment, prediction
from autograder.notebooks.prediction import Guess, Question


def test_what_a_lesson_asks_and_what_is_right() -> None:
    cells = ['predict("peak", answer=None, probability=None)', 'answers = {"peak": "C"}\nscore_predictions(answers, f)']
    assert prediction.questions(cells) == (Question("peak", "c"),)


def test_what_is_right_may_stand_where_it_opens() -> None:
    cells = ['predict("peak", None, None)', 'show(fig, alt=f"{a}")\nreveal("peak", "b", seen=f"{a}", a="no", b="yes")']
    assert prediction.questions(cells) == (Question("peak", "b"),)
    assert prediction.questions([*cells, 'reveal("other", right="a")', "reveal(x)"]) == (Question("peak", "b"),)


def test_every_prediction_that_the_course_scores_is_found() -> None:
    for name in assignment.names(COURSE):
        cells = [cell.source for cell in unit(name).cells if cell.type == "code"]
        asked = [name for source in cells for name in prediction.names(source)]
        scored = [question.name for question in prediction.questions(cells)]
        assert set(asked) - set(scored) <= {"own_calibration"}  # which has no answer that is right for everybody
        assert len(scored) >= 8


def test_the_last_of_several_counts_and_what_is_not_written_out_is_not_known() -> None:
    wanted = frozenset("abcdef")
    cells = [
        'predict("a", "B ", 0.5)',
        'predict("a", answer="c", probability=1/4)',
        'mine = "b"\npredict("b", mine, 0.5)',
        'predict("c", "a", 1.5)',
        'predict("d", "a", None)',
        'predict("e", "a", open("secret").read())',
        'predict("other", "a", 0.5)',
        'predict("f", "a", 1/0)',
        "predict(",
    ]
    assert prediction.guesses(cells, wanted) == {"a": Guess("a", "c", 0.25)}
