"""Answers the grader's requests from inside the sandbox: run this cell, call that function.

One request, one reply. Whatever a student's code has done to this process, the worst that it can send is a wrong
answer, since the grader compares the values.
"""

from __future__ import annotations

import contextlib
import json
from pathlib import Path
from typing import Any

import numpy as np

from autograder.channel import Channel
from autograder.sandbox.inside.shell import Shell, describe
from autograder.wire import Unencodable, decode, encode, marked


def serve(channel: Channel, shell: Shell) -> None:
    """Answer until the grader hangs up."""
    while True:
        token, request = channel.receive()
        channel.send(marked(answer(shell, request), token))


def answer(shell: Shell, message: bytes) -> bytes:
    """The reply to one request."""
    request: Any = decode(message)
    return _encoded(_ANSWERS[request["op"]](shell, request))


def _files(shell: Shell, request: dict[str, Any]) -> dict[str, Any]:
    """Put the assignment's own files into the working folder."""
    for name, data in request["files"].items():
        path = Path(name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data.tobytes())
    return {}


def _run(shell: Shell, request: dict[str, Any]) -> dict[str, Any]:
    outputs, error = shell.run(request["source"])
    data = json.dumps(outputs).encode("utf-8", "replace")
    return {"outputs": np.frombuffer(data, np.uint8), "error": error}


def _call(shell: Shell, request: dict[str, Any]) -> dict[str, Any]:
    function = shell.namespace.get(request["name"])
    if not callable(function):
        return {"missing": True}
    args, kwargs = request["args"], request["kwargs"]
    try:
        value = function(*args, **kwargs)
    except BaseException as error:
        return {"raised": describe(error)}
    return {"after": tuple(args)} if request["after"] else {"value": value}


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
