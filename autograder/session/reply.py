"""What a reply from beyond the wall says.

Its form is checked already. A hostile process may still say anything in it, and reply to another question than was
asked; so nothing here raises but what is written here."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from autograder.session.dialogue import NotThere, StudentError, StudentValueError, Unusable
from autograder.wall.both.protocol import (
    CellRan,
    Described,
    Missing,
    Raised,
    Reply,
    Traced,
    Uncrossable,
    Value,
)
from autograder.wall.outside.process import Gone
from autograder.words import one_line

MOST_STEPS, MOST_NAMES, MOST_TEXT = 300, 30, 80
"""Of a call that was watched: lines, names at each, and characters of what they hold. No honest reply has more."""


def returned(reply: Reply) -> Any:
    """What a call returned. Raises `StudentError` or `StudentValueError`, `NotThere`, `Gone`."""
    if isinstance(reply, Raised):
        raised = _shown(reply)
        raise (StudentValueError if raised.is_value_error else StudentError)(raised)
    return held(reply)


def held(reply: Reply) -> Any:
    """What a variable holds. Raises `NotThere`, `Gone`."""
    match reply:
        case Value(value):
            return value
        case Uncrossable(category):
            return Unusable(category)
        case Missing():
            raise NotThere
    raise _another()


def described(reply: Reply) -> Described:
    """Whether a name can be called, and with what, as far as that is known. Raises `Gone`."""
    if not isinstance(reply, Described):
        raise _another()
    names = reply.parameters
    return replace(reply, parameters=None if names is None else tuple(one_line(name, 60) for name in names[:50]))


def ran(reply: Reply) -> tuple[object, Raised | None]:
    """What a cell printed and drew, not looked into yet, and what it raised. Raises `Gone`."""
    if not isinstance(reply, CellRan):
        raise _another()
    return reply.outputs, None if reply.raised is None else _shown(reply.raised)


def traced(reply: Reply) -> Traced:
    """What came of a call that was watched, in words that fit a line each. Raises `NotThere`, `Gone`."""
    if isinstance(reply, Missing):
        raise NotThere
    if not isinstance(reply, Traced):
        raise _another()
    return replace(
        reply,
        steps=tuple(replace(step, seen=_few(step.seen), after=_few(step.after)) for step in reply.steps[:MOST_STEPS]),
        returned=one_line(reply.returned, MOST_TEXT),
        raised=None if reply.raised is None else _shown(reply.raised),
    )


def _few(texts: dict[str, str]) -> dict[str, str]:
    return {one_line(name, 160): one_line(text, MOST_TEXT) for name, text in list(texts.items())[:MOST_NAMES]}


def _shown(raised: Raised) -> Raised:
    """The exception in words that fit a line."""
    kind, message, line = one_line(raised.kind, 60), one_line(raised.message, 300), one_line(raised.line, 160)
    return Raised(kind or "Exception", raised.is_value_error, message, line)


def _another() -> Gone:
    return Gone("the reply belongs to another question")
