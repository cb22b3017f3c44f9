"""The helper beside every notebook: it must never stand in a reader's way."""

from __future__ import annotations

import importlib.util
import json
import math
import subprocess
import sys

import numpy as np
import pytest


@pytest.fixture
def lesson_module(root, tmp_path, monkeypatch):
    """A fresh copy of the helper, working in an empty folder; what it displays is collected in `.shown`."""
    spec = importlib.util.spec_from_file_location("lesson", root / "course" / "lesson.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("AUTOGRADER_FIGURES", raising=False)
    module.shown = []
    monkeypatch.setattr(module, "display", lambda data, raw: module.shown.append(data))
    return module


def recorded(tmp_path):
    return json.loads((tmp_path / "predictions.json").read_text())


def test_a_prediction_is_recorded(lesson_module, tmp_path, capsys):
    lesson_module.predict("peak", answer="a", probability=0.8)
    assert recorded(tmp_path) == {"peak": {"answer": "a", "probability": 0.8}}
    assert capsys.readouterr().out == "peak: recorded 'a', 80% sure. Now look.\n"


def test_a_changed_prediction_says_what_it_was(lesson_module, tmp_path, capsys):
    lesson_module.predict("peak", "a", 0.8)
    lesson_module.predict("peak", "a", 0.8)
    assert "before" not in capsys.readouterr().out
    lesson_module.predict("peak", "b", 1)
    assert "before: 'a', 80% sure" in capsys.readouterr().out
    assert recorded(tmp_path)["peak"] == {"answer": "b", "probability": 1.0}


def test_nothing_is_recorded_before_both_are_given(lesson_module, tmp_path, capsys):
    lesson_module.predict("peak", answer=None, probability=0.8)
    lesson_module.predict("peak", answer="a", probability=None)
    assert capsys.readouterr().out.count("nothing recorded yet") == 2
    assert not (tmp_path / "predictions.json").exists()


@pytest.mark.parametrize("probability", [80, -0.1, "0.8", True, float("nan")])
def test_a_probability_that_is_none_is_explained(lesson_module, tmp_path, capsys, probability):
    """In a sentence: a traceback would lead the reader into this helper."""
    lesson_module.predict("peak", "a", probability)
    assert "not recorded. The probability is how sure you are, from 0 to 1 (0.8 means 80 %)" in capsys.readouterr().out
    assert not (tmp_path / "predictions.json").exists()


@pytest.mark.parametrize("answer", ["", True, ["a"], "z", "0.7"])
def test_an_answer_that_is_none_is_explained(lesson_module, tmp_path, capsys, answer):
    lesson_module.predict("peak", answer, 0.8)
    assert "not recorded. The answer is " in capsys.readouterr().out
    assert not (tmp_path / "predictions.json").exists()


def test_a_folder_that_cannot_be_written_is_no_obstacle(lesson_module, tmp_path, capsys):
    (tmp_path / "predictions.json").mkdir()  # stands in the way for root, too
    lesson_module.predict("peak", "a", 0.8)
    lesson_module.score_predictions({"peak": "a"}, lambda y, p: 0.25)
    out = capsys.readouterr().out
    assert "for this session only" in out
    assert "right in 1 of 1 predictions" in out


@pytest.mark.parametrize("damage", ["", "{", "[1]", '{"peak": 3}', '{"peak": {"answer": "a"}}', "\xff"])
def test_a_damaged_record_counts_as_empty(lesson_module, tmp_path, capsys, damage):
    (tmp_path / "predictions.json").write_text(damage, encoding="latin-1")
    lesson_module.score_predictions({"peak": "a"}, lambda y, p: 0.25)
    assert "No predictions recorded" in capsys.readouterr().out
    lesson_module.predict("peak", "a", 0.8)
    assert recorded(tmp_path) == {"peak": {"answer": "a", "probability": 0.8}}


def test_predictions_are_scored_with_the_readers_loss(lesson_module, capsys):
    given = []
    lesson_module.predict("peak", " A", 0.8)
    lesson_module.predict("noise", "b", 0.6)
    lesson_module.score_predictions({"peak": "a", "noise": "a", "open": "a"}, lambda y, p: given.append((y, p)) or 0.5)
    assert ([1.0, 0.0], [0.8, 0.6]) in given
    out = capsys.readouterr().out
    assert "right in 1 of 2 predictions, and 70% sure on average" in out
    assert "peak: right, 80% sure" in out, "who is told to reread where they were sure and wrong has to see where"
    assert "noise: wrong, 60% sure" in out


def test_a_score_is_compared_with_constants_that_know_nothing(lesson_module, capsys):
    """Two right answers of three, each said with a third: modest and right, and above log 2."""
    for id in ("one", "two", "three"):
        lesson_module.predict(id, "a", 0.34)

    def loss(y, p):
        return -sum(math.log(b if a else 1 - b) for a, b in zip(y, p, strict=True)) / len(y)

    lesson_module.score_predictions({"one": "a", "two": "a", "three": "b"}, loss)
    out = capsys.readouterr().out
    assert "The same answers, had you said 67% every time (your share of right ones): 0.6365." in out
    assert "Somebody who guesses among three answers, 33% sure every time: 0.6365 on average." in out
    assert "50% sure every time, whatever the answers: 0.6931." in out


@pytest.mark.parametrize("letter", ["a", "b"])
def test_all_right_or_all_wrong_has_a_baseline_of_0(lesson_module, capsys, letter):
    lesson_module.predict("one", "a", 0.9)
    lesson_module.score_predictions({"one": letter}, lambda y, p: 0.5)
    assert "(your share of right ones): 0.0000" in capsys.readouterr().out


def test_predictions_can_wait_for_the_function(lesson_module, capsys):
    def stub(y, p):
        raise NotImplementedError

    lesson_module.predict("peak", "a", 0.8)
    lesson_module.score_predictions({"peak": "a"}, stub)
    assert "as soon as you have written" in capsys.readouterr().out


def test_a_figure_is_a_picture_with_its_text(lesson_module):
    fig, ax = lesson_module.figure("p (no unit)", "loss (nats)")
    lesson_module.line(ax, [0, 1], [0, 1], "a line", "blue")
    lesson_module.show(fig, alt='"Less" <than> it & seems')
    (shown,) = lesson_module.shown
    assert shown["text/plain"] == '"Less" <than> it & seems'
    assert shown["text/html"].startswith('<img alt="&quot;Less&quot; &lt;than&gt; it &amp; seems" src="data:image/png;')
    assert "max-width:100%" in shown["text/html"]


@pytest.mark.parametrize("alt", ["", "  ", None])
def test_a_figure_without_text_is_refused(lesson_module, alt):
    fig, _ = lesson_module.figure("p", "loss (nats)")
    with pytest.raises(ValueError, match="text alternative"):
        lesson_module.show(fig, alt=alt)


def test_figures_come_out_the_same_every_time(lesson_module):
    for _ in range(2):
        fig, (left, _) = lesson_module.figure("p", ["loss (nats)", "loss (bits)"])
        lesson_module.point(left, 0, 1, "here", "vermilion")
        lesson_module.show(fig, alt="a point")
    assert lesson_module.shown[0] == lesson_module.shown[1]


def test_a_table_has_caption_and_header_and_is_escaped(lesson_module):
    lesson_module.table(["a", "b"], [["<x>", 1 / 3], [2, float("inf")]], caption="Two & two")
    (shown,) = lesson_module.shown
    assert "<caption>Two &amp; two</caption>" in shown["text/html"]
    assert shown["text/html"].count('<th scope="col"') == 2
    assert "&lt;x&gt;" in shown["text/html"]
    assert shown["text/plain"] == "Two & two\na | b\n<x> | 0.3333\n2 | inf"


def test_refuses_tells_a_value_error_from_the_rest(lesson_module):
    assert lesson_module.refuses(float, "x")
    assert not lesson_module.refuses(float, "1")
    with pytest.raises(TypeError):
        lesson_module.refuses(float, None)


def test_without_figures_nothing_is_drawn_and_matplotlib_stays_unloaded(root):
    script = """
import sys
from lesson import figure, line, note, point, show
for y in ("loss (nats)", ["loss (nats)", "loss (bits)"]):
    fig, axes = figure("p", y)
    for ax in axes if isinstance(axes, tuple) else [axes]:
        line(ax, [0, 1], [0, 1], "a", "blue"); point(ax, 0, 0, "b", "blue"); note(ax, 0, 0, "c"); ax.set(xlim=(0, 1))
        ax.bar([0], [1]); ax.set_xticks([0], ["a"])
    show(fig, alt="what there is to see")
print("matplotlib" in sys.modules)
"""
    done = subprocess.run(
        [sys.executable, "-c", script],
        cwd=root / "course",
        env={"AUTOGRADER_FIGURES": "off", "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.count("what there is to see") == 2
    assert done.stdout.endswith("False\n")


@pytest.mark.parametrize("bad", [([1], [1, 2]), ([[1]], [[1]]), ([], []), ([1, 2], [[1], [2]]), ([float("nan")], [1])])
def test_vectors_refuses_what_is_no_pair(lesson_module, bad):
    with pytest.raises(ValueError, match="expected"):
        lesson_module.vectors(*bad)


def test_vectors_gives_float64_copies(lesson_module):
    first = np.array([0, 200], dtype=np.uint8)
    left, right = lesson_module.vectors(first, (1, 2))
    left += 0.5
    assert left.dtype == right.dtype == np.float64
    assert first.tolist() == [0, 200]
