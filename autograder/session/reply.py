"""What a reply from beyond the wall says.

Its form is checked already. A hostile process may still say anything in it, and reply to another question than was
asked; so nothing here raises but what is written here."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from autograder.session.dialogue import NotThere, StudentError, StudentValueError, Unusable
from autograder.wall.both.protocol import CellRan, Described, Missing, Raised, Reply, Uncrossable, Value
from autograder.wall.outside.child import Gone
from autograder.words import one_line


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


def _shown(raised: Raised) -> Raised:
    """The exception in words that fit a line."""
    kind, message, line = one_line(raised.kind, 60), one_line(raised.message, 300), one_line(raised.line, 160)
    return Raised(kind or "Exception", raised.is_value_error, message, line)


def _another() -> Gone:
    return Gone("the reply belongs to another question")
