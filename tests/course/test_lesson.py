"""The helper beside every notebook: it must never stand in a reader's way."""

from __future__ import annotations

import importlib.util
import json
import math
import re
import shutil
import subprocess
import sys
from itertools import pairwise

import numpy as np
import pytest
from jupyter_client.manager import start_new_kernel
from scipy import stats


@pytest.fixture
def lesson_module(root, tmp_path, monkeypatch):
    """A fresh copy of the helper, working in an empty folder; what it displays is collected in `.shown`."""
    spec = importlib.util.spec_from_file_location("lesson", root / "course" / "lesson.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("AUTOGRADER_FIGURES", raising=False)
    monkeypatch.delenv("LESSON_OPEN", raising=False)
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
    assert ([0.0, 1.0], [0.6, 0.8]) in given
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
    assert "Somebody who guesses among the options, and says so: 0.6365 on average." in out
    assert "50% sure every time, whatever the answers: 0.6931." in out


def seen(lesson_module, id="peak", right="a"):
    lesson_module.reveal(id, right, seen="a hump", a="It is one.", b="It is none.")


def test_what_was_seen_waits_for_a_guess_and_says_how_to_make_one(lesson_module, tmp_path, capsys):
    seen(lesson_module)
    out = capsys.readouterr().out
    assert lesson_module.shown == []
    assert "hump" not in out
    assert "predict('peak', ...)" in out
    assert "open_all()" in out
    assert not (tmp_path / "predictions.json").exists()


def test_a_guess_opens_verdict_and_a_sentence_on_each_option(lesson_module, tmp_path):
    lesson_module.predict("peak", "B", 0.9)
    seen(lesson_module)
    (shown,) = lesson_module.shown
    assert shown["text/markdown"] == (
        "**Not this time:** a is right. You said b, 90% sure.\n\n**Seen:** a hump\n\n"
        "- **a**: It is one.\n- **b** (your answer): It is none."
    )
    assert recorded(tmp_path)["peak"] == {"answer": "B", "probability": 0.9, "right": 0.0, "options": 2}


def test_a_right_guess_is_told_so(lesson_module, tmp_path):
    lesson_module.predict("peak", "a", 0.6)
    seen(lesson_module)
    assert lesson_module.shown[0]["text/plain"].startswith("Right. You said a, 60% sure.")
    assert recorded(tmp_path)["peak"]["right"] == 1.0


def test_a_guess_made_after_the_look_does_not_count(lesson_module, tmp_path, capsys):
    lesson_module.predict("peak", "b", 0.9)
    seen(lesson_module)
    lesson_module.predict("peak", "a", 1)
    assert "'b', 90% sure, and it stays: you have seen the answer since." in capsys.readouterr().out
    assert recorded(tmp_path)["peak"]["answer"] == "b"


def test_somebody_who_only_reads_opens_all_with_one_switch(lesson_module, tmp_path):
    lesson_module.open_all()
    seen(lesson_module)
    fig, _ = lesson_module.figure("p", "loss (nats)")
    lesson_module.show(fig, alt="a hump", after="peak")
    text, picture = lesson_module.shown
    assert text["text/markdown"].startswith("**Seen:** a hump")
    assert picture["text/plain"] == "a hump"
    assert not (tmp_path / "predictions.json").exists()


def test_a_figure_and_a_table_stay_folded_until_the_guess(lesson_module):
    def look():
        fig, _ = lesson_module.figure("p", "loss (nats)")
        lesson_module.show(fig, alt="a hump", after="peak")
        lesson_module.table(["p"], [[1]], caption="Peaks", after="peak")
        shown, lesson_module.shown[:] = list(lesson_module.shown), []
        return shown

    for kind, data in zip(("figure", "table"), look(), strict=True):
        assert data["text/plain"] == f"A {kind} that waits for your guess: peak."
        assert data["text/html"].startswith(f"<details><summary>A {kind} that waits for your guess: peak.</summary>")
    lesson_module.predict("peak", "a", 0.6)
    assert not any("<details>" in data["text/html"] for data in look())


def test_a_figure_drawn_in_an_earlier_cell_is_whole_when_it_opens(lesson_module):
    fig, ax = lesson_module.figure("p", "loss (nats)")
    ax.plot([0, 1], [1, 0])
    for _ in range(2):  # the cell that shows it runs again, the one that draws it does not
        lesson_module.show(fig, alt="a slope", after="slope")
        lesson_module.predict("slope", "a", 0.6)
    folded, opened = (re.search('base64,([^"]+)', data["text/html"])[1] for data in lesson_module.shown)
    assert folded == opened
    assert fig.axes == [ax]


def test_wrong_predictions_come_first_and_of_these_the_confident_ones(lesson_module, capsys):
    for id, answer, probability in (("one", "a", 0.9), ("two", "b", 0.5), ("three", "b", 0.8), ("four", "a", 0.4)):
        lesson_module.predict(id, answer, probability)
        seen(lesson_module, id)
    capsys.readouterr()
    lesson_module.score_predictions(lambda y, p: 0.5)
    names = [line.split(":")[0].strip() for line in capsys.readouterr().out.splitlines() if "% sure" in line]
    assert names[:4] == ["three", "two", "one", "four"]


def test_the_guesser_guesses_among_as_many_options_as_there_were(lesson_module, capsys):
    def brier(y, p):
        return float(np.mean((np.array(y) - np.array(p)) ** 2))

    lesson_module.predict("two", "a", 0.6)
    lesson_module.reveal("two", "a", seen="two", a="yes", b="no")
    lesson_module.predict("four", "a", 0.6)
    lesson_module.reveal("four", "a", seen="four", a="yes", b="no", c="no", d="no")
    lesson_module.score_predictions(brier)
    expected = (1 / 4 + 3 / 16) / 2
    assert f"guesses among the options, and says so: {expected:.4f} on average" in capsys.readouterr().out


def test_the_curve_over_all_units_is_drawn_from_ten_predictions_on(lesson_module, tmp_path, monkeypatch, capsys):
    for unit in ("one", "two"):
        (tmp_path / unit).mkdir()
        monkeypatch.chdir(tmp_path / unit)
        monkeypatch.setattr(lesson_module, "_recorded", {})
        for number in range(5):
            lesson_module.predict(f"{unit}{number}", "a", 0.7)
            seen(lesson_module, f"{unit}{number}", "ab"[number % 2])
        lesson_module.shown.clear()
        lesson_module.score_predictions(lambda y, p: 0.5)
    (shown,) = lesson_module.shown
    assert "You have 5." in capsys.readouterr().out
    assert "about 70% sure, right in 6 of 10" in shown["text/plain"]


def test_names_of_neighbours_in_the_calibration_stand_at_different_heights(lesson_module, monkeypatch):
    """ "4 of 4" at 0.9 and "1 of 1" at 0.95 would be written upon each other."""
    heights = []
    monkeypatch.setattr(lesson_module, "point", lambda ax, x, y, text, colour, shift: heights.append(shift[1]))
    lesson_module.calibration([1.0] * 10, [0.5] * 2 + [0.7] * 3 + [0.9] * 4 + [0.95])
    assert len(heights) == 4
    assert all(one * other < 0 for one, other in pairwise(heights))


def test_a_place_to_find_is_told_what_the_slope_is_there(lesson_module, capsys):
    slope = lesson_module.central_difference(lambda p: 7 * np.log(p) + 3 * np.log(1 - p))
    lesson_module.flat("the peak", slope, at=0.5)
    lesson_module.flat("the peak", slope, at=7 / 3)
    lesson_module.flat("the peak", slope, at=...)
    lesson_module.flat("the peak", slope, at=0.7)
    assert capsys.readouterr().out.splitlines() == [
        "the peak: not yet. At 0.5 the slope is 8.0000, not 0.",
        "the peak: not yet. At 2.333 there is no slope to measure.",
        "the peak: not filled in yet. Replace the three dots, and run this cell again.",
        "the peak: at 0.7 the slope is 0.",
    ]


def test_wilson_is_the_interval_that_scipy_gives(lesson_module):
    for hits, n in ((0, 3), (6, 10), (10, 10)):
        right = stats.binomtest(hits, n).proportion_ci(0.95, method="wilson")
        assert lesson_module.wilson(hits, n) == pytest.approx((right.low, right.high), abs=1e-4)


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


def moved(lesson_module):
    def draw(ax, value):
        ax.plot([0, 1], [0, value])
        return f"a line up to {value}."

    lesson_module.move(draw, [1, 2, 3, 4, 5], name="k", x="p", y="loss (nats)")


def test_without_a_slider_there_are_small_multiples(lesson_module):
    moved(lesson_module)
    (shown,) = lesson_module.shown
    assert shown["text/plain"] == "k = 1: a line up to 1. k = 3: a line up to 3. k = 5: a line up to 5."
    assert "<img" in shown["text/html"]


@pytest.mark.parametrize(("person", "sliders"), [(True, 1), (False, 0)])
def test_a_slider_stands_where_somebody_can_move_it(root, tmp_path, person, sliders):
    """A real kernel: one that a notebook program talks to, which can ask, and one that makes a page."""
    shutil.copyfile(root / "course" / "lesson.py", tmp_path / "lesson.py")
    moving = "move(lambda ax, v: 'x', [1, 2, 3], name='k', x='p', y='loss (nats)'"
    code = f"from lesson import move\n{moving})\n{moving}, after='peak')"
    manager, client = start_new_kernel(cwd=str(tmp_path))
    shown = []
    try:
        client.execute_interactive(
            code,
            allow_stdin=person,
            timeout=60,
            output_hook=lambda message: shown.append(message["content"].get("data", {})),
        )
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)
    assert sum("application/vnd.jupyter.widget-view+json" in data for data in shown) == sliders
    first = next(data for data in shown if "text/html" in data)
    assert first["text/plain"].startswith("k = 1: x"), "there without a move, and it opens at an end"


@pytest.mark.parametrize(
    ("mine", "says"),
    [
        (lambda p: 7 / p - 3 / (1 - p), "slope: agrees with the measurement at 0.2, 0.5."),
        (lambda p: 7 / p + 3 / (1 - p), "slope: not yet. At 0.2 yours is 38.7500, and the measured value is 31.2500."),
        (lambda p: ..., "slope: not filled in yet. Replace the three dots, and run this cell again."),
        (lambda p: None, "slope: not filled in yet. Replace the three dots, and run this cell again."),
    ],
)
def test_a_step_of_a_derivation_is_checked_by_numbers(lesson_module, capsys, mine, says):
    slope = lesson_module.central_difference(lambda p: 7 * math.log(p) + 3 * math.log(1 - p))
    lesson_module.compare("slope", mine, slope, at=[0.2, 0.5])
    assert capsys.readouterr().out == says + "\n"


def test_a_cell_that_uses_what_is_not_written_yet_says_so(lesson_module, capsys):
    def stub():
        raise NotImplementedError

    with lesson_module.yours():
        stub()
    assert "waits for the function above" in capsys.readouterr().out
    with pytest.raises(ZeroDivisionError), lesson_module.yours():
        1 / 0  # noqa: B018


def test_a_table_of_numbers_is_read_by_column(lesson_module, tmp_path):
    (tmp_path / "few.csv").write_text("# whose it is\nx,y\n1,0\n2.5,1\n")
    few = lesson_module.read("few.csv")
    assert {name: column.tolist() for name, column in few.items()} == {"x": [1, 2.5], "y": [0, 1]}


def test_what_moves_waits_for_its_guess(lesson_module):
    lesson_module.move(lambda ax, value: "a hump", [1, 2, 3], name="k", x="p", y="loss (nats)", after="peak")
    assert lesson_module.shown[0]["text/plain"] == "A figure that waits for your guess: peak."
