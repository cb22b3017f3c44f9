"""The messages over the wall: each comes back as it was, and nothing else is taken for one."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import test_wire
from hypothesis import given, settings

from autograder.wall.both import protocol
from autograder.wall.both.fields import Misread
from autograder.wall.both.protocol import (
    CallFunction,
    CellRan,
    Described,
    DescribeName,
    Done,
    End,
    Fork,
    Forked,
    Message,
    Missing,
    NameFunctions,
    Probed,
    PutFiles,
    Raised,
    ReadVariable,
    Ready,
    Reply,
    Request,
    RunCell,
    Stepped,
    TraceCall,
    Traced,
    Uncrossable,
    UseObject,
    Value,
)
from autograder.wall.both.wire import WireError, decode, encode, pack, unpack
from autograder.wall.outside.policy import Policy

ROOT = str(Path(protocol.__file__).parents[3])
LIVE = Policy().for_inside({"fonts.json": "{}"}, "/work", ["numpy"])
SET_UP = [LIVE, Fork(LIVE), End(7), Ready(), Forked(0), Done(), Probed({"network": False, "disk": True})]
ASKED = [
    NameFunctions(("slope",)),
    PutFiles({"lesson.py": np.frombuffer(b"x = 1", np.uint8)}),
    RunCell("x = 1", lesson=True),
    CallFunction("f", ([1, 2], np.zeros(3)), {"eps": 0.5}, after=True),
    UseObject(1.5, "fit", ([1, 2], np.zeros(3)), {"eps": 0.5}, after=False),
    TraceCall("x = 1", "f", ([1, 2], np.zeros(3)), {}, (("fit", (1,), {}), ("coef_",)), {"1:2": ["x + 1"]}, stop=True),
    ReadVariable("x"),
    DescribeName("f"),
]
SAID = [
    Raised("KeyError", False, "'a'", "return {}['a']"),
    CellRan(np.frombuffer(b"[]", np.uint8), None),
    CellRan(np.frombuffer(b"[]", np.uint8), Raised("ValueError", True, "no", "")),
    Value((1.5, ["a", None])),
    Stepped("f", 1, 2, 0, {"x + 1": "2"}, {}),
    Traced((Stepped("f", 1, 2, 0, {}, {"x": "1"}),), False, "", Raised("ValueError", True, "no", "")),
    Traced((), True, "[1, 2]", None),
    Missing(),
    Uncrossable("complex"),
    Described(True, ("y", "p")),
    Described(False, None),
]
EACH = [*SET_UP, *ASKED, *SAID]


def test_each_message_is_here():
    declared = {found for found in vars(protocol).values() if is_dataclass(found)}
    assert {type(message) for message in EACH} == declared


@pytest.mark.parametrize("message", EACH, ids=lambda message: type(message).__name__)
def test_a_message_comes_back_as_it_was(message):
    back = unpack(pack(message), Message)
    assert type(back) is type(message)
    assert test_wire.equal(protocol.plain(back), protocol.plain(message))


@pytest.mark.parametrize("message", SET_UP, ids=lambda message: type(message).__name__)
def test_an_order_comes_back_from_its_line(message):
    assert protocol.from_line(protocol.to_line(message), Message) == message


@pytest.mark.parametrize("message", EACH, ids=lambda message: type(message).__name__)
def test_a_field_of_another_type_is_refused(message):
    whole: list[Any] = protocol.plain(message)
    for place, field in enumerate(fields(message), 1):
        wrong = [part if at != place else {"no": b"field"} for at, part in enumerate(whole)]
        if field.type != "Any" and field.type != "dict[str, Any]":
            with pytest.raises(Misread):
                protocol.read(wrong, Message)
    for wrong in (whole[:-1] if len(whole) > 1 else [], [*whole, None], [None, *whole], tuple(whole), whole[0]):
        with pytest.raises(Misread):
            protocol.read(wrong, Message)


@pytest.mark.parametrize(
    "data",
    [
        ["Described", 1, None],  # no truth value
        ["Described", True, ["y", 3]],
        ["Uncrossable", "a word of the student's own"],
        ["CellRan", None, ["Value", 3]],
        ["CellRan", None, ["Raised", "E", False, "m"]],
        ["Message"],
        ["read", 1],
        [["Value"], 1],
        [np.zeros(2), 1],
    ],
    ids=str,
)
def test_what_is_nearly_a_message_is_none(data):
    with pytest.raises(WireError):
        unpack(encode(data), Reply)


def test_a_message_is_read_only_where_it_belongs():
    """Fails where a student's process could give orders, or ask."""
    for message, kind in ((RunCell("x"), Reply), (Missing(), Request), (Ready(), Forked)):
        with pytest.raises(WireError):
            unpack(pack(message), kind)


@given(test_wire.TestRoundTrip.values)
@settings(max_examples=150, deadline=None)
def test_whatever_crosses_is_read_or_refused(value):
    for data in (value, ["Value", value], ["Described", True, value], ["CellRan", value, value]):
        try:
            unpack(encode(data), Reply)
        except WireError:
            continue
        assert isinstance(protocol.read(decode(encode(data)), Reply), Reply)


def test_it_needs_the_standard_library_only():
    code = "import sys, autograder.wall.both.protocol; print(*{name.partition('.')[0] for name in sys.modules})"
    ran = subprocess.run(
        [sys.executable, "-I", "-S", "-c", f"import sys; sys.path.append({ROOT!r}); {code}"],
        capture_output=True,
        text=True,
    )
    loaded = set(ran.stdout.split()) - {"__main__", "autograder"}
    assert loaded, ran.stderr
    assert loaded <= sys.stdlib_module_names
