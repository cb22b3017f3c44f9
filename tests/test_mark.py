"""Whatever happens for one submission, from its bytes to its page, costs that submission alone."""

from __future__ import annotations

import gc
import hashlib
import json
from dataclasses import replace

import pytest
from miniature import QUICK, add, lost, notebook, unit, wall

from autograder.grading import page
from autograder.grading.grade import grade
from autograder.grading.mark import Mark, mark, ungraded
from autograder.notebooks.handed_in import HandedIn
from autograder.notebooks.submission import Submission, merge, parse
from autograder.session.session import Session

pytestmark = pytest.mark.usefixtures("nothing_left")

PIXEL = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg=="


def marked(made: object) -> Mark:
    return mark(unit(), HandedIn(json.dumps(made).encode()), wall(), seed=1)


def test_a_name_that_is_no_text_costs_nobody_anything():
    """A lone surrogate is legal JSON and no text that a file can hold. Fails where it is kept in a name."""
    made = add(notebook(), "a picture", kind="markdown")
    made["cells"][-1]["attachments"] = {"\ud800": {"image/png": PIXEL}}
    found = marked(made)
    assert found.report.full_marks
    assert "attachments" in json.loads(found.page.encode())["cells"][-1]


@pytest.mark.parametrize("where", ["read", "run", "page"])
def test_a_mistake_of_ours_is_one_ungraded_submission(where, monkeypatch, caplog):
    """Fails where an exception of any step leaves `mark`, or the submission is lost without a page."""

    def fails(*_: object, **__: object) -> None:
        raise UnicodeEncodeError("utf-8", "\ud800", 0, 1, "surrogates not allowed")

    made = json.dumps(notebook()).encode()
    if where == "run":
        monkeypatch.setattr("autograder.session.session.Session.__init__", fails)
    if where == "page":
        blank, whole = Submission(cells=unit().cells), page.page
        monkeypatch.setattr(page, "page", lambda a, s, g=None: whole(a, s, g) if s == blank else fails())
    if where == "read":
        monkeypatch.setattr(HandedIn, "read", fails)
    found = mark(unit(), HandedIn(made), wall(), seed=1)
    assert (found.report.status, found.report.score, found.report.max_score) == ("ungraded", None, 24.0)
    assert "UnicodeEncodeError" in (found.report.reason or "")
    assert not found.final, "the next run tries again"
    assert "Not graded" in found.page
    assert "surrogates not allowed" in caplog.text, "the log says what the report does not"


def test_a_reason_is_words_that_a_file_can_hold():
    found = ungraded(unit(), "the file \ud800\x1b[31m\nis <b>not</b> there")
    assert found.report.reason == "the file ��[31m is <b>not</b> there"
    found.page.encode()
    assert "\\u001b" not in found.page


def test_a_python_file_that_is_none_travels_as_it_is():
    """An exercise may be to find its mistake. Fails where the grader itself has to compile it."""
    files = {**unit().files, "find_the_bug.py": b"def f(:\n", "nul.py": b"\0", "latin.py": b"# \xe9\n"}
    made = add(notebook(), "print(len(open('find_the_bug.py').read()))")
    result = grade(replace(unit(), files=files), merge(parse(json.dumps(made).encode())[0], unit()), wall(), seed=1)
    assert lost(result) == {}
    printed = [output.data["text"] for run in result.runs.values() for output in run.outputs if "text" in output.data]
    assert "8\n" in printed


def test_large_files_arrive_whole_and_many_files_arrive_all():
    files = {"large.bin": bytes(range(256)) * 6000, "empty.tsv": b"", **{f"in/{n}.txt": b"%d" % n for n in range(300)}}
    look = "import hashlib, pathlib\nfound = [hashlib.sha256(open('large.bin', 'rb').read()).hexdigest(), "
    look += "len(list(pathlib.Path('in').iterdir())), pathlib.Path('in/299.txt').read_text(), "
    look += "pathlib.Path('empty.tsv').read_text()]"
    made = add({"cells": []}, look)
    with Session(wall(), Submission(cells=parse(json.dumps(made).encode())[0]), files, QUICK) as ours:
        assert ours.answer("found") == [hashlib.sha256(files["large.bin"]).hexdigest(), 300, "299", ""]


def test_nothing_of_a_submission_stays_in_memory():
    """Fails where anything keeps an exception: with its traceback go the session and all that was printed and drawn."""
    for number in range(8):
        wrong = f"def binary_entropy(q):\n    raise TypeError('message {number}')"
        assert marked(notebook(binary_entropy=wrong, lowest_bce="lowest_bce = 1 / 0")).report.status == "graded"
    gc.collect()
    assert [thing for thing in gc.get_objects() if isinstance(thing, Session)] == []
