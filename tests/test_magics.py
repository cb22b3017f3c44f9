"""The magics in a real kernel, as a learner meets them."""

from __future__ import annotations

import time
from pathlib import Path

import handmade
import nbformat
import pytest
from jupyter_client.manager import KernelManager
from miniature import COURSE
from nbclient import NotebookClient
from nbformat.v4 import new_code_cell, new_notebook

from autograder.screens import progress
from autograder.screens.magics import WAITING

HALF = "import numpy as np\ndef binary_entropy(q):\n    return -np.asarray(q) * np.log(q)"
RIGHT = """
def binary_entropy(q):
    q = np.array(q, dtype=float)
    if q.size == 0 or not np.isfinite(q).all() or (q < 0).any() or (q > 1).any():
        raise ValueError("q must lie in [0, 1]")
    sides = np.stack([q, 1 - q])
    return -(sides * np.log(np.where(sides > 0, sides, 1))).sum(axis=0)
"""


CHECKED = "%check binary_entropy", "%check growth_of_confident_error"


def said(*cells: str, folder: Path = COURSE) -> list[str]:
    """What each of these cells prints in a kernel that has loaded the extension."""
    page = new_notebook(cells=[new_code_cell(source) for source in ("%load_ext autograder", *cells)])
    place = {"metadata": {"path": str(folder)}}
    NotebookClient(page, timeout=60, kernel_name="python3", allow_errors=True, resources=place).execute()
    nbformat.validate(page)
    texts = ["".join(output.get("text", "") for output in cell.outputs) for cell in page.cells[1:]]
    return [text.removeprefix(f"{WAITING}\n") for text in texts]  # on a busy machine


@pytest.fixture(autouse=True)
def kept(monkeypatch, tmp_path_factory):
    """The learner's own progress, if the tests run where somebody learns, is put back afterwards."""
    path = progress.file_in(COURSE)
    before = path.read_bytes() if path.exists() else None
    path.unlink(missing_ok=True)
    yield
    path.unlink(missing_ok=True)
    if before is not None:
        path.write_bytes(before)


def test_a_learner_checks_takes_hints_mends_and_sees_the_progress():
    wrong, first, second, right, table = (
        text
        for text in said(
            HALF,
            "%check binary_entropy",
            "%hint binary_entropy",
            "%hint binary_entropy",
            RIGHT,
            "%check binary_entropy",
            "%progress",
        )
        if text
    )
    assert "binary_entropy: wrong" in wrong
    assert "would be right" in wrong
    assert max(map(len, wrong.splitlines())) <= 80
    assert first.startswith("Hint 1 of ")
    assert second.startswith("Hint 2 of ")
    assert first != second
    assert right.startswith("binary_entropy: passed, 4/4 points")
    row = next(line for line in table.splitlines() if " binary_entropy " in line)
    assert "passed" in row
    assert "not checked yet" in table


def test_a_hint_says_more_than_the_check_did_and_no_hint_comes_twice():
    letter = "growth_of_confident_error"
    ask = [f"%hint {name}" for name in ("binary_entropy", letter) for _ in range(4)]
    texts = [" ".join(text.split()) for text in said(HALF, f'{letter} = "b"', *ask[:1], *CHECKED, *ask) if text]
    unasked, function, answer, *given = texts
    assert unasked.startswith("Hint 1 of 6: Look at ")
    for check, steps, of in ((function, given[:4], 3), (answer, given[4:], 2)):
        bare = [step.partition(": ")[2] for step in steps]
        assert [step.partition(":")[0] for step in steps] == [f"Hint {min(k, of)} of {of}" for k in (1, 2, 3, 4)]
        assert len(set(bare)) == of
        assert not any(step in check for step in bare)
        assert "Read again: " in " ".join(bare)
    assert "5. Soft labels: entropy and divergence" in " ".join(given[:4])
    assert "4. Surprise, and its mean" in " ".join(given[4:])


def test_a_class_is_checked_in_the_course_that_one_stands_in(tmp_path):
    course = handmade.course(tmp_path)
    right = handmade.plain(handmade.RIDGE)
    silent = right.replace("        return self\n", "")
    cells = "import numpy as np", "%check Ridge", silent, "%check Ridge", right, "%check Ridge"
    try:
        untouched, wrong, passed = filter(None, said(*cells, folder=course))
    finally:
        progress.file_in(course).unlink(missing_ok=True)
    assert "Ridge has not been attempted yet" in untouched
    assert "returned None, as a function without `return` does" in " ".join(wrong.split())
    assert passed.startswith("Ridge: passed, 2/2 points")


def test_what_cannot_be_checked_is_said_in_a_sentence():
    nothing, unknown, untouched = said("%check", "%check rsme", "%check kl_bernoulli")
    assert nothing == "Say what to check, for example: %check NAME. %progress lists all names.\n"
    assert unknown == "There is no function or answer named 'rsme'. Did you mean rmse? %progress lists\nthem all.\n"
    assert "has not been attempted yet" in untouched


def test_one_cell_may_answer_and_ask():
    (last,) = [text for text in said(RIGHT + "\n%check binary_entropy") if text]
    assert last.startswith("binary_entropy: passed")


def test_an_attempt_that_stopped_is_not_judged_by_an_earlier_one():
    broken = "def binary_entropy(q):\n    return (q"
    letter = "growth_of_confident_error"
    answered = [
        text
        for text in said(
            RIGHT,
            broken,
            "%check binary_entropy",
            f'{letter} = "c"',
            f"{letter} = b",
            f"%check {letter}",
            f'{letter} = "b"',
            f"%check {letter}",
        )
        if text
    ]
    unclosed, unknown, wrong = answered
    assert unclosed.startswith("Your last run of the cell for binary_entropy, In [3], stopped with SyntaxError")
    assert "nothing new to check" in unclosed
    assert f"{letter}, In [6], stopped with NameError: name 'b' is not" in " ".join(unknown.split())
    assert "You answered with the text 'b'" in wrong


def test_what_stopped_and_was_fixed_is_not_blamed():
    helper = "def helper(q):\n    return np.log(q)"
    texts = said(
        "import numpy as np",
        helper + "\n1 / 0",
        "scale = 1 / 0",
        "scale = 1",
        helper,
        "def binary_entropy(q):\n    return helper(q) + nowhere",
        "%check binary_entropy",
    )
    assert "name 'nowhere' is not defined" in texts[-1]
    assert "ZeroDivisionError" not in texts[-1]


def test_a_definition_counts_though_a_later_line_of_its_cell_stopped():
    assert said(RIGHT + "\nprint(nowhere)", "%check binary_entropy")[-1].startswith("binary_entropy: passed")


def test_the_stub_run_last_is_no_attempt():
    stub = "def binary_entropy(q):\n    raise NotImplementedError"
    assert "has not been attempted yet" in said(RIGHT, stub, "%check binary_entropy")[-1]


def test_a_written_answer_a_unit_and_two_names_are_told_apart():
    manual, unit, two, called = said(
        "%check no_way_to_zero", "%check 01-bce", "%check rmse mae", "%check binary_entropy()"
    )
    assert "a person reads it" in manual
    assert "01-bce is a whole unit" in unit
    assert "Did you mean" in two
    assert "has not been attempted yet" in called


def test_a_fresh_cell_is_what_was_given_out():
    page = new_notebook(cells=[new_code_cell("%load_ext autograder"), new_code_cell("%fresh binary_entropy")])
    client = NotebookClient(page, timeout=60, kernel_name="python3")
    replies = []
    client.on_cell_executed = lambda cell, cell_index, execute_reply: replies.append(execute_reply["content"])
    client.execute()
    (payload,) = replies[-1]["payload"]
    assert payload["source"] == "set_next_input"
    assert payload["replace"] is True
    assert payload["text"].startswith("def binary_entropy(q):")
    assert "YOUR CODE HERE" in payload["text"]


@pytest.mark.usefixtures("nothing_left")
def test_an_interrupt_ends_the_check_with_a_sentence_and_leaves_nothing():
    loop = "def binary_entropy(q):\n    while True:\n        pass"
    manager = KernelManager(kernel_name="python3")
    manager.start_kernel()
    client = manager.client()
    try:
        client.start_channels()
        client.wait_for_ready(timeout=60)
        for source in ("%load_ext autograder", loop):
            client.execute_interactive(source, timeout=60)
        heard = []
        asked = client.execute("%check binary_entropy")
        end = time.monotonic() + 60
        while time.monotonic() < end:
            message = client.get_iopub_msg(timeout=60)
            if message["parent_header"].get("msg_id") != asked:
                continue
            heard.append(message)
            if "tests are running" in message["content"].get("text", ""):
                manager.interrupt_kernel()
            if message["content"].get("execution_state") == "idle":
                break
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)
    assert [message["msg_type"] for message in heard if message["msg_type"] == "error"] == []
    texts = [message["content"]["text"] for message in heard if message["msg_type"] == "stream"]
    assert texts == [
        f"{WAITING}\n",
        "Stopped. Nothing was checked.\n",
    ]
