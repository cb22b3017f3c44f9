"""Answers the grader's requests from inside the sandbox: run this cell, call that function.

Each request has its reply, in order. Replies to calls are sent together as long as the next request is already here,
so that nobody is woken for each. Whatever a student's code has done to this process, the worst that it can send is a
wrong answer, since the grader compares the values.
"""

from __future__ import annotations

import contextlib
import json
import time
from pathlib import Path
from typing import Any

import numpy as np

from autograder.wall.both.channel import Channel
from autograder.wall.both.wire import Unencodable, decode, encode, marked
from autograder.wall.inside.shell import Shell, describe

_MOST_HELD, _LONGEST_HELD = 1 << 16, 0.02
"""Bytes and seconds for which replies may wait for the next ones."""


def serve(channel: Channel, shell: Shell) -> None:
    """Answer until the grader hangs up."""
    held, since = b"", 0.0
    while True:
        token, message = channel.receive()
        request: Any = decode(message)
        del message  # what a function was called with is in its arguments, and in nothing that it finds above itself
        since = since if held else time.monotonic()
        held += marked(answer(shell, request), token)
        may_wait = request["op"] == "call" and channel.has_more and len(held) < _MOST_HELD
        if not may_wait or time.monotonic() - since > _LONGEST_HELD:
            channel.send(held)
            held = b""


def answer(shell: Shell, request: dict[str, Any]) -> bytes:
    """The reply to one request, as a message."""
    return _encoded(_ANSWERS[request["op"]](shell, request))


def _files(shell: Shell, request: dict[str, Any]) -> dict[str, Any]:
    """Put the assignment's own files into the working folder, which is empty; a large one comes in pieces."""
    for name, data in request["files"].items():
        path = Path(name)
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("ab") as file:
            file.write(data.tobytes())
    return {}


def _run(shell: Shell, request: dict[str, Any]) -> dict[str, Any]:
    outputs, error = shell.run(request["source"])
    data = json.dumps(outputs).encode("utf-8", "replace")
    return {"outputs": np.frombuffer(data, np.uint8), "error": error}


def _call(shell: Shell, request: dict[str, Any]) -> dict[str, Any]:
    function = shell.namespace.get(request["name"])
    if not callable(function):
        return {"missing": True}
    args, kwargs = tuple(request["args"]), request["kwargs"]  # nobody can put another object into a tuple
    try:
        value = function(*args, **kwargs)
    except BaseException as error:
        return {"raised": describe(error)}
    return {"after": args} if request["after"] else {"value": value}


def _answer(shell: Shell, request: dict[str, Any]) -> dict[str, Any]:
    if request["name"] not in shell.namespace:
        return {"missing": True}
    return {"value": shell.namespace[request["name"]]}


def _describe(shell: Shell, request: dict[str, Any]) -> dict[str, Any]:
    """Whether the name is there, whether it can be called, and how."""
    found = shell.namespace.get(request["name"])
    parameters: list[str] | None = None
    if callable(found):
        import inspect

        with contextlib.suppress(Exception):
            parameters = [str(name)[:100] for name in inspect.signature(found).parameters][:50]
    return {"callable": callable(found), "present": request["name"] in shell.namespace, "parameters": parameters}


def _encoded(reply: dict[str, Any]) -> bytes:
    """The reply as a message, or one that says what kind of value kept it from crossing."""
    try:
        return encode(reply)
    except Unencodable as error:
        category = error.category
    except (RecursionError, MemoryError):
        category = "too large"
    except Exception:
        category = "other"
    return encode({"unencodable": category})


_ANSWERS = {"files": _files, "run": _run, "call": _call, "answer": _answer, "describe": _describe}
