"""Replies to the grader's requests from inside the sandbox: run this cell, call that function.

Each request has its reply, in order. Replies to calls are sent together as long as the next request is already here,
so that nobody is woken for each. Whatever a student's code has done to this process, the worst that it can send is a
wrong value, since the grader compares the values.
"""

from __future__ import annotations

import contextlib
import json
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np

from autograder.wall.both.channel import Channel
from autograder.wall.both.objects import Full, named, use
from autograder.wall.both.protocol import (
    CallFunction,
    Category,
    CellRan,
    Described,
    DescribeName,
    Done,
    Missing,
    NameFunctions,
    PutFiles,
    Raised,
    ReadVariable,
    Reply,
    Request,
    RunCell,
    TraceCall,
    Traced,
    Uncrossable,
    UseObject,
    Value,
)
from autograder.wall.both.wire import MAX_PAYLOAD, Unencodable, marked, pack, unpack
from autograder.wall.inside.shell import Shell, raised_by
from autograder.wall.inside.trace import Tracer

_MOST_HELD, _LONGEST_HELD = 1 << 16, 0.02
"""Bytes and seconds for which replies may wait for the next ones."""

_LEFT_OUT = {"output_type": "stream", "name": "stderr", "text": "[this cell's outputs are too large to be shown]\n"}


def serve(channel: Channel, shell: Shell) -> None:
    """Answer until the grader hangs up."""
    held, since = b"", 0.0
    while True:
        token, message = channel.receive()
        request = unpack(message, Request, shell.objects)
        del message  # what a function was called with is in its arguments, and in nothing that it finds above itself
        since = since if held else time.monotonic()
        held += marked(reply_to(shell, request), token)
        may_wait = isinstance(request, CallFunction | UseObject) and channel.has_more and len(held) < _MOST_HELD
        if not may_wait or time.monotonic() - since > _LONGEST_HELD:
            channel.send(held)
            held = b""


def reply_to(shell: Shell, request: Request) -> bytes:
    """The reply to one request, as a message, or one that says what kind of value kept it from crossing."""
    shell.put_streams()
    reply = _reply(shell, request)
    category: Category
    try:
        return pack(reply, shell.objects if isinstance(request, CallFunction | UseObject) else None)
    except Unencodable as error:
        category = error.category
    except Full:
        raise
    except (RecursionError, MemoryError):
        category = "too large"
    except Exception:
        category = "other"
    return pack(Uncrossable(category))


def _reply(shell: Shell, request: Request) -> Reply:
    if not isinstance(request, RunCell):
        shell.names.put_back(shell.namespace)
    match request:
        case CallFunction():
            return _called(shell, request)
        case UseObject(it, what, args, kwargs, after):
            return _came_of(lambda: use(it, what, args, kwargs), args if after else None)
        case TraceCall():
            return _traced(shell, request)
        case ReadVariable(name):
            return Value(shell.namespace[name]) if name in shell.namespace else Missing()
        case DescribeName(name):
            return _described(shell.namespace.get(name))
        case RunCell(source, check, lesson):
            return _ran(shell, source, check=check, lesson=lesson)
        case NameFunctions(names):
            shell.functions = frozenset(names)
            return Done()
        case PutFiles(files):
            return _put(files)
    raise NotImplementedError(type(request).__name__)


def _put(files: Mapping[str, Any]) -> Done:
    """Put the assignment's own files into the working folder, which is empty; a large one comes in pieces."""
    for name, data in files.items():
        path = Path(name)
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("ab") as file:
            file.write(data.tobytes())
    return Done()


def _ran(shell: Shell, source: str, *, check: bool, lesson: bool) -> CellRan:
    outputs, raised = shell.run(source, lesson=lesson)
    if check:
        shell.check()
    data = json.dumps(outputs).encode("utf-8", "replace")
    if len(data) > MAX_PAYLOAD:  # and yet what was raised is said
        data = json.dumps([_LEFT_OUT]).encode()
    return CellRan(np.frombuffer(data, np.uint8), raised)


def _called(shell: Shell, request: CallFunction) -> Value | Raised | Missing:
    try:
        function = named(shell.namespace, request.name)
    except BaseException:
        function = None
    if not callable(function):
        return Missing()
    if isinstance(function, type) and request.name not in shell.functions:
        shell.objects.learn(function)
    args, kwargs = request.args, request.kwargs  # kept here: a student's code may find the request, and change it
    return _came_of(lambda: function(*args, **kwargs), args if request.after else None)


def _traced(shell: Shell, request: TraceCall) -> Traced | Missing:
    if request.define:
        _, raised = shell.run(request.define)
        if raised is not None:
            return Traced((), False, "", raised)
    try:
        function = named(shell.namespace, request.name)
    except BaseException:
        return Missing()

    def call() -> object:
        value = function(*request.args, **request.kwargs)
        for name, *given in request.steps:
            value = use(value, name, *given) if given else getattr(value, name)
        return value

    return Tracer(request.watch, stop=request.stop).watched(call)


def _came_of(call: Callable[[], object], after: tuple[Any, ...] | None) -> Value | Raised:
    """What the student's code returned or raised, or its arguments as they are then."""
    try:
        value = call()
    except BaseException as error:
        return raised_by(error)
    return Value(value if after is None else after)


def _described(found: object) -> Described:
    """Whether it can be called, and how."""
    parameters: tuple[str, ...] | None = None
    if callable(found):
        import inspect

        with contextlib.suppress(Exception):
            parameters = tuple(str(name)[:100] for name in inspect.signature(found).parameters)[:50]
    return Described(callable(found), parameters)
