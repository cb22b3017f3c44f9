"""What a notebook printed and drew goes into pages that others open: no script, nothing remote, nothing that lies."""

from __future__ import annotations

import base64
import copy
import json
import time

import nbformat
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from miniature import add, blank, graded, unit

from autograder.grading import page as autograded
from autograder.notebooks.submission import merge, parse
from autograder.session.outputs import CUT, Cleaner, clean_html

PNG = base64.b64encode(b"\x89PNG\r\n\x1a\n" + bytes(20)).decode()


LIVE = (
    "<script onerror= onclick= onload= href= src='http src=\"http <iframe <form <style <svg svg+xml style= <meta <base"
)
LIVE += " <link <object <embed <input javascript:"


OUR_STYLE = '<img style="max-width:100%" '
"""What pictures are given after they were cleaned."""


def cleaned(items: object, most: int = 1 << 20) -> list[dict]:
    raw = np.frombuffer(json.dumps(items).encode(), np.uint8)
    return [output.data for output in Cleaner(most).clean(raw)]


@pytest.mark.parametrize(
    "html",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "<img src='http://127.0.0.1/x.png'>",
        "<a href='javascript:alert(1)'>x</a>",
        "<iframe src='//127.0.0.1'></iframe>",
        "<svg onload=alert(1)><script>1</script></svg>",
        "<style>@import url(http://127.0.0.1)</style>",
        "<div style='background:url(http://127.0.0.1)' onclick='x()'>x</div>",
        "<form action='http://127.0.0.1'><input name=a></form>",
        "<meta http-equiv=refresh content='0;url=http://127.0.0.1'>",
        "<base href='http://127.0.0.1'><link rel=stylesheet href=x>",
        "<object data='x'></object><embed src='x'>",
        "<img src='data:image/svg+xml;base64,PHN2Zz4='>",
        "<math><mtext><img src=x onerror=alert(1)></mtext></math>",
        "<<script>script>alert(1)</script>",
        "<img alt='\"><script>alert(1)</script>'>",
    ],
)
def test_live_and_remote_html_dies(html):
    left = clean_html(html).lower().replace("&lt;", "").replace(OUR_STYLE, "")
    assert not [word for word in LIVE.split() if word in left]


def test_pictures_and_tables_of_the_lesson_stay():
    html = f'<img src="data:image/png;base64,{PNG}" alt="a curve"/><table><tr><td colspan="2">1</td></tr></table>'
    assert clean_html(html).count("<img") == 1
    assert 'alt="a curve"' in clean_html(html)
    assert 'colspan="2"' in clean_html(html)


@pytest.mark.parametrize("data", [PNG + '"><script>alert(1)</script>', "aGVsbG8=", "<svg/>", "", PNG[:-2] + "\x00=="])
def test_a_picture_is_base64_of_a_picture_and_nothing_else(data):
    """Pages quote it as it is: fails where characters that Base64 does not know are skipped instead of refused."""
    assert cleaned([{"output_type": "display_data", "data": {"image/png": data}, "metadata": {}}]) == []


def test_a_picture_stays():
    item = {
        "output_type": "display_data",
        "data": {"image/png": PNG[:10] + "\n" + PNG[10:]},
        "metadata": {"x": "<script>"},
    }
    assert cleaned([item]) == [{"output_type": "display_data", "data": {"image/png": PNG}, "metadata": {}}]


def test_kinds_that_run_in_a_page_are_left_out():
    data = dict.fromkeys(
        ("application/javascript", "image/svg+xml", "text/markdown", "application/vnd.jupyter.widget-view+json"), "x"
    )
    assert cleaned([{"output_type": "display_data", "data": data, "metadata": {}}]) == []


def test_text_holds_nothing_that_a_file_or_terminal_cannot():
    (item,) = cleaned([{"output_type": "stream", "name": "stdout", "text": "a\ud800\x00\x07\x9b\u202eb\tc\n"}])
    assert item["text"].encode()
    assert not set(item["text"]) & set("\x00\x07\x9b\u202e")


@pytest.mark.parametrize(
    "raw",
    [
        None,
        5,
        b"[]",
        np.zeros(3),
        np.frombuffer(b"{}", np.uint8),
        np.frombuffer(b"[" * 99_999, np.uint8),
        np.frombuffer(b"\xff", np.uint8),
    ],
)
def test_what_is_no_list_of_outputs_is_none(raw):
    assert Cleaner().clean(raw) == ()


def test_no_room():
    assert Cleaner(99).clean(np.zeros(100, np.uint8)) == (CUT,)


def test_of_commands_to_a_terminal_only_colours_stay():
    text = "\x1b[31mred\x1b[0m \x1b]0;title\x07 \x1b[2J\x1b[1;1H \x1b]8;;http://127.0.0.1\x1b\\link \x1bc \x9b2J\r\n"
    (item,) = cleaned([{"output_type": "stream", "name": "stdout", "text": text}])
    assert item["text"].startswith("\x1b[31mred\x1b[0m ")
    assert item["text"].count("\x1b") == 2
    assert not set(item["text"]) & set("\x07\x9b")


def test_all_outputs_of_a_submission_have_one_budget():
    """Fails where each cell may take its time: 20 such cells took 57 seconds."""
    many = "<b " + " ".join(f"a{number}" for number in range(9_950)) + ">"
    raw = np.frombuffer(
        json.dumps([{"output_type": "display_data", "data": {"text/html": f"{many}{n}"}} for n in range(20)]).encode(),
        np.uint8,
    )
    cleaner = Cleaner()
    began = time.process_time()
    outputs = [cleaner.clean(raw) for _ in range(20)]
    assert time.process_time() - began < 4
    assert outputs[-1] == (CUT,)


def test_lists_in_lists_are_not_read():
    """Fails where they become objects first: 32 MB took 5 seconds and a gigabyte."""
    raw = np.frombuffer(b"[" + b"[]," * 2_000_000 + b"[]]", np.uint8)
    began = time.process_time()
    assert Cleaner().clean(raw) == (CUT,)
    assert time.process_time() - began < 0.2


def test_mathematics_that_leaves_its_place_is_not_rendered():
    data = {"text/latex": r"$\style{position:fixed}{x}$", "text/plain": "x"}
    assert cleaned([{"output_type": "display_data", "data": data}])[0]["data"] == {"text/plain": "x"}
    data = {"text/latex": r"$\frac{1}{2} < x$"}
    assert cleaned([{"output_type": "display_data", "data": data}])[0]["data"] == data


def test_an_error_whose_name_is_no_text_has_none():
    """Fails where `str` is asked of whatever came, which is a way to make the grader work for nothing."""
    knot: list[object] = json.loads("[" * 500 + "]" * 500)
    (item,) = cleaned([{"output_type": "error", "ename": knot, "evalue": {"a": 1}, "traceback": [knot, "line"]}])
    assert (item["ename"], item["evalue"], item["traceback"][-1]) == ("", "", "line")


values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.text(max_size=8)
    | st.sampled_from(["stream", "error", "display_data", "stdout"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["output_type", "name", "text", "data", "traceback", "ename", "evalue", "text/html", "image/png"]
            ),
            inner,
            max_size=5,
        )
    ),
    max_leaves=15,
)


@given(values)
@settings(max_examples=60, deadline=None)
def test_any_json_becomes_outputs_that_are_valid(value):
    import nbformat.v4

    for item in cleaned(value if isinstance(value, list) else [value]):
        cell = nbformat.v4.new_code_cell("", outputs=[nbformat.from_dict(item)])
        nbformat.validate(nbformat.v4.new_notebook(cells=[cell]))


@pytest.mark.usefixtures("nothing_left")
def test_from_the_notebook_to_the_page():
    script = "from IPython.display import display, HTML, Javascript, SVG, Markdown\n"
    script += (
        "display(HTML('<script>alert(1)</script><b>bold</b>'), Javascript('alert(1)'), Markdown('<script>1</script>'))"
    )
    result = graded(add(blank(), script), figures="all")
    shown = json.dumps([output.data for run in result.runs.values() for output in run.outputs])
    assert "<b>bold</b>" in shown
    assert "<script" not in shown


@pytest.mark.parametrize(
    ("figures", "lesson", "own"), [("none", False, False), ("own", False, True), ("all", True, True)]
)
def test_which_figures_are_drawn(figures, lesson, own):
    """The lesson's figures are at least named by their text; students' own are drawn wherever somebody will look."""
    arch = 'fig, ax = figure("p", "H")\nax.plot([0, 1], [0, 1])\nshow(fig, alt="a rising line")'
    drawn = "import matplotlib.pyplot as plt\n\nplt.plot([0, 1], [0, 1])\nplt.show()"
    made = add(add(blank(), arch), drawn)
    runs = graded(made, figures=figures).runs
    last, mine = (json.dumps([o.data for o in runs[index].outputs]) for index in sorted(runs)[-2:])
    assert "a rising line" in last
    assert ("image/png" in last) == lesson
    assert ("image/png" in mine) == own


def test_a_page_is_written_as_nbformat_writes_it():
    made = json.dumps(add(add(blank(), 'print("é\u2028</x>")\n1 / 0'), "A *note*.\n\n- $x$", kind="markdown")).encode()
    cells, notes = parse(made)
    page = autograded.page(unit(), merge(cells, unit(), notes), graded(made, figures="all"))
    assert autograded.text(copy.deepcopy(page)) == nbformat.writes(page, version=nbformat.NO_CONVERT) + "\n"
