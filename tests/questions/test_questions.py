"""Questions to students about their own code: true by computation, the same each time, and a sentence where none is."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import handmade
import miniature
import numpy as np
import pytest
from miniature import COURSE, UNIT

from autograder.grading.questions import visible
from autograder.grading.questions.interview import interview
from autograder.grading.questions.question import Interview
from autograder.notebooks import submission
from autograder.session import reply
from autograder.session.dialogue import NotThere
from autograder.wall.both import protocol
from autograder.wall.both.protocol import Missing, Raised, Stepped, Traced, Value
from autograder.wall.outside.process import Gone

BITS = """def binary_cross_entropy(y, p, eps=1e-15):
    p = np.clip(p, eps, 1 - eps)
    y = np.asarray(y)
    return -np.mean(y * np.log2(p) + (1 - y) * np.log2(1 - p))"""
LOOP = """def binary_entropy(q):
    out = []
    for x in q:
        if x == 0 or x == 1:
            h = 0.0
        else:
            h = -x * np.log(x)
            h -= (1 - x) * np.log(1 - x)
        out.append(h)
    return np.array(out)"""
ENDLESS = "def binary_entropy(q):\n    i = 0\n    while i < 3:\n        k = i + 2\n    return q"
HOSTILE = """class Odd(str):
    def __eq__(self, other): return True
    __hash__ = str.__hash__
def binary_entropy(q):
    name = "<script>alert(1)</script>"
    right = "\\u202e`<b>" * 3
    if len(q):
        raise RuntimeError("<img src=x onerror=alert(1)>" * 5000)
    return Odd(name)"""


def asked(name: str = UNIT, /, only: bool = True, **answers: str) -> Interview:
    """The interview about these functions, or about a right notebook with them in it."""
    make: Callable[..., miniature.Notebook] = miniature.blank if only else miniature.notebook
    made = miniature.lean(make(name, **answers))
    cells, notes = submission.parse(json.dumps(made).encode())
    its = miniature.unit(name)
    return interview(its, submission.merge(cells, its, notes), miniature.wall())


def test_the_answers_are_true():
    """Held against the functions themselves, run here."""
    found = asked(binary_cross_entropy=BITS)
    assert len(found.questions) == 3
    namespace: dict = {"np": np}
    exec(BITS, namespace)  # noqa: S102 - ours
    value = next(one for one in found.questions if one.kind == "value")
    expression, given = re.findall(r"`([^`]+)`", value.asks)[0], re.findall(r"`([^`]+)`", value.asks)[-1]
    y, p = (np.array(eval(part)) for part in re.findall(r"= (\[[^]]*\])", given))
    truth = eval(expression, {"np": np, "y": y, "p": p})
    assert np.allclose(eval(value.answer.strip("`")), truth, rtol=1e-5)
    change = next(one for one in found.questions if one.kind == "change" and "were `return" in one.asks)
    instead = re.search(r"were `([^`]+)`", change.asks)[1]
    exec(BITS.replace(BITS.splitlines()[-1].strip(), instead), namespace)  # noqa: S102
    now, before = (eval(part) for part in re.findall(r"`([^`]+)`", change.answer))
    assert np.allclose(eval(change.call, namespace), now, rtol=1e-5)
    exec(BITS, namespace)  # noqa: S102
    assert np.allclose(eval(change.call, namespace), before, rtol=1e-5)
    assert "would be right" in value.comes_to  # a wrong function is asked about where it goes wrong


def test_a_loop_with_branches_is_asked_for_its_path_and_a_variable():
    found = asked(binary_entropy=LOOP)
    assert {one.kind for one in found.questions} == {"value", "path", "change"}
    path = next(one for one in found.questions if one.kind == "path")
    lines = LOOP.splitlines()
    start = next(place for place, line in enumerate(path.lines) if line.number == path.line)
    after = path.lines[start + 1].number
    assert path.answer == f"Line {after}: `{lines[after - 1].strip()}`"
    change = next(one for one in found.questions if one.kind == "change")
    assert "without line" in change.asks or "were `" in change.asks
    for one in found.questions:
        assert one.code == LOOP
        assert one.first == 1
        assert one.code.splitlines()[one.line - 1].strip()


def test_the_same_submission_has_the_same_questions():
    assert asked(binary_entropy=LOOP, kl_bernoulli=miniature.right()["kl_bernoulli"]) == asked(
        binary_entropy=LOOP, kl_bernoulli=miniature.right()["kl_bernoulli"]
    )


@pytest.mark.parametrize(
    ("answers", "said"),
    [
        ({}, "`binary_entropy` was not attempted."),
        ({"binary_entropy": "import os\ndef binary_entropy(q):\n    os._exit(0)"}, "ends Python when it is called."),
        ({"binary_entropy": "binary_entropy = lambda q: q"}, "is not written with `def`"),
        ({"binary_entropy": "def binary_entropy(q)\n    return q"}, "could not be watched, since its cell stops with"),
        ({"binary_entropy": "def binary_entropy(q):\n    return np.random.rand()"}, "gives another reply each time"),
        ({"binary_entropy": "def binary_entropy(q):\n    return q"}, "could be made from the visible calls"),
    ],
)
def test_what_cannot_be_asked_is_said_in_a_sentence(answers, said):
    found = asked(**answers)
    assert len(found.questions) < 3
    assert any(said in sentence for sentence in found.not_asked), found.not_asked


def test_a_call_that_does_not_end_is_asked_about_as_far_as_it_came():
    found = asked(binary_entropy=ENDLESS)
    path = next(one for one in found.questions if one.kind == "path")
    assert "does not end" in path.asks
    assert "Lines 3, 4." in path.answer
    assert "`i = 0`" in path.answer


def test_what_an_error_says_is_short_and_nothing_but_text():
    found = asked(binary_entropy=HOSTILE)
    assert found.questions
    for one in found.questions:
        assert len(one.asks) < 300
        assert len(one.answer) < 300
        assert all(len(line.left) < 400 for line in one.lines)


@pytest.mark.parametrize("name", [path.name for path in sorted((COURSE / "release").iterdir()) if path.is_dir()])
def test_every_unit_has_three_questions(name):
    found = asked(name, only=False)
    assert len(found.questions) == 3, found.not_asked
    assert {one.kind for one in found.questions} == {"value", "path", "change"}
    assert found.not_asked == ()
    for one in found.questions:
        assert "None" not in one.answer


def test_a_foreign_course_of_classes(tmp_path: Path):
    its = handmade.unit(handmade.course(tmp_path))
    made = handmade.notebook({name: handmade.plain(source) for name, source in handmade.SOURCES.items()})
    cells, notes = submission.parse(json.dumps(made).encode())
    found = interview(its, submission.merge(cells, its, notes), miniature.wall())
    assert len(found.questions) == 3, found
    assert any("." in one.call for one in found.questions)


def test_without_a_hidden_suite_the_visible_test_is_called():
    its = replace(miniature.unit(), unit=None)
    made = miniature.lean(miniature.blank(binary_entropy=LOOP))
    cells, notes = submission.parse(json.dumps(made).encode())
    task = next(task for task in its.tasks if task.name == "binary_entropy")
    assert visible.calls(its, task)
    found = interview(its, submission.merge(cells, its, notes), miniature.wall())
    assert len(found.questions) == 3
    assert not any("would be right" in one.comes_to for one in found.questions)


def test_a_reply_to_another_question_is_none_and_a_long_one_is_cut():
    step = Stepped("f" * 500, 1, 2, 0, {"x": "y" * 5000}, {"\u202e" + "n" * 900: "v\n" * 900})
    sent = Traced((step,) * 2000, False, "r" * 9000, Raised("E" * 900, False, "m" * 9000, "l" * 900))
    again = protocol.read(protocol.plain(sent), Traced)
    assert again == sent
    read = reply.traced(again)
    assert len(read.steps) == reply.MOST_STEPS
    assert (
        max(len(text) for one in read.steps for texts in (one.seen, one.after) for text in [*texts, *texts.values()])
        <= 160
    )
    assert "\u202e" not in str(read)
    assert len(read.returned) <= reply.MOST_TEXT
    assert len(read.raised.message) <= 300
    with pytest.raises(Gone):
        reply.traced(Value(1))
    with pytest.raises(NotThere):
        reply.traced(Missing())
