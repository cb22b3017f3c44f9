"""Words for people: short, on one line, and unable to command a terminal."""

from __future__ import annotations

import io
import time

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from autograder import words as text
from autograder.screens import class_tables, tables
from autograder.session.dialogue import Unusable


@given(st.text(max_size=80), st.integers(5, 60))
def test_any_text_on_one_line(words, most):
    line = text.one_line(words, most)
    assert len(line) <= most
    assert line.isprintable()
    assert isinstance(line.encode(), bytes)


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (0.1 + 0.2, "0.3"),
        (np.float64(1.5), "1.5"),
        (np.array([0.25, np.nan, np.inf]), "[0.25, nan, inf]"),
        (np.array([True, False]), "[True, False]"),
        (np.array([1, 0], dtype=np.uint8), "np.array([1, 0], np.uint8)"),
        ((1.0,), "(1,)"),
        ("high", "'high'"),
        (None, "None"),
        (list(range(20)), "[0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, …]"),
        (Unusable("complex"), "a complex number"),
        (Unusable("whatever"), "a value that is neither a number nor made of numbers"),
    ],
)
def test_values(value, shown):
    assert text.shown(value) == shown


def test_a_large_array_costs_nothing_to_show():
    """Fails where the whole array becomes a list before it is cut."""
    large = np.zeros((4, 1 << 20))
    began = time.process_time()
    assert text.shown(large).startswith("[[0, 0, 0,")
    assert time.process_time() - began < 0.05


def test_a_long_number_is_cut():
    assert len(text.shown(10**1200)) <= 40
    assert text.call("f", ([1, 0.5],), {"eps": 0}) == "f([1, 0.5], eps=0)"


def test_a_call_can_be_typed_again():
    """Fails where an input is printed with fewer digits than it has, or without its sign."""
    for number in (1e8 + 1, 0.1 + 0.2, -0.0, 1e-300, 3.0, np.float64(1 / 3), float("inf")):
        again = eval(text.call("float", (number,), {}), {"inf": float("inf")})
        assert (again, np.signbit(again)) == (number, np.signbit(number))


def test_what_is_unseen_is_seen():
    assert text.visible("a\x1b\x07\u202eb\u2066\ud800\x85") == "a��" + "�b���"
    assert text.visible("a\tb\r\nc\u00a0👩\u200d💻") == "a\tb\nc\u00a0👩\u200d💻"


def test_a_folders_name_does_not_command_the_terminal():
    """Fails where a student's folder may be called what clears the screen or turns what stands after it."""
    page = io.StringIO()
    console = Console(file=page, force_terminal=True, color_system="truecolor", width=100)
    name = "\x1b]0;title\x07\x1b[2Jeve\u202e\n\x9b1A"
    console.print(class_tables._named("Not graded:", {name: f"It is called {name}."}))
    tables.lines(console, [f"Not made: {name}"])
    shown = page.getvalue()
    assert shown.count("eve") == 3
    assert not [sign for sign in ("\x1b]", "\x07", "\x1b[2J", "\u202e", "\x9b") if sign in shown]
