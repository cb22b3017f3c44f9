"""What the two sides of the wall say to each other: one frozen record for each message.

`plain` makes of a record what a codec can carry, and `read` makes the record again. A hostile process may send anything
at all, so `read` holds each field to the type that is written beside it, and whatever does not fit raises `Misread`.
Standard library only: this is the first of our modules that a process beyond the wall imports.
"""

from __future__ import annotations

import json
import operator
from dataclasses import dataclass, fields, is_dataclass
from typing import Any, Literal, TypeVar, get_args

from autograder.wall.both.fields import Misread, Reader, anything, dict_of, exactly, maybe, one_of, tuple_of

Category = Literal[
    "complex", "object array", "masked", "too large", "function", "generator", "set", "unfinished", "other"
]
"""Why a value cannot cross. One of a fixed few words, so that it carries nothing else across."""


class Message:
    """Anything that is said over the wall."""

    __slots__ = ()


class Order(Message):
    """From the grader, before a student's code is there."""

    __slots__ = ()


class Request(Message):
    """From the grader to a student's process. Each has its reply, in order."""

    __slots__ = ()


class Reply(Message):
    """From beyond the wall, and so perhaps from a hostile process."""

    __slots__ = ()


# Orders, as lines of JSON


@dataclass(frozen=True, slots=True)
class Live(Order):
    """What a process has to make of itself before it answers requests, forks others, or tries the wall."""

    walled: bool
    warm: bool
    """Whether it is the parent of many: it prepares, and forks one for each `Fork`."""
    figures: bool
    secrets: tuple[str, ...]
    """Paths that a probe tries to read; with any, the process tries the wall and serves nobody."""
    modules: tuple[str, ...]
    """What a warm parent imports, so that no student's process has to."""
    fonts: dict[str, str]
    """Matplotlib's list of fonts, as the files to write."""
    uid: int | None
    """The user to become."""
    folder: str
    folder_mb: int
    folder_inodes: int
    work: str
    """The folder to start in, below the one that can be written to."""
    limits: dict[str, int]
    environment: dict[str, str]
    known: tuple[str, ...]
    """The environment variables that a probe may find set."""


@dataclass(frozen=True, slots=True)
class Fork(Order):
    """To a warm parent: start a student's process, which lives by these orders but has the parent's fonts."""

    live: Live


@dataclass(frozen=True, slots=True)
class End(Order):
    """To a warm parent: end the process with this number."""

    first: int


@dataclass(frozen=True, slots=True)
class Ready(Reply):
    """It waits for requests, or for orders."""


@dataclass(frozen=True, slots=True)
class Forked(Reply):
    """The number of the new process, by which it is ended; 0 where it could not be made."""

    first: int


@dataclass(frozen=True, slots=True)
class Done(Reply):
    """It is done, and there is nothing more to say."""


@dataclass(frozen=True, slots=True)
class Probed(Reply):
    """The attacks that a probe tried, and whether each got through."""

    through: dict[str, bool]


# Requests, and what is said to them


@dataclass(frozen=True, slots=True, eq=False)
class PutFiles(Request):
    """Pieces of the assignment's files, as arrays of bytes, to be added to what is there. The reply is `Done`."""

    files: dict[str, Any]


@dataclass(frozen=True, slots=True)
class NameFunctions(Request):
    """The names of the functions that are asked for. What somebody's class of such a name makes is no object that stays
    here, but the value that it holds. The reply is `Done`."""

    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RunCell(Request):
    """The reply is `CellRan`."""

    source: str
    check: bool = False
    """Whether the process is to see that another cell would run, and to end where none would."""
    lesson: bool = False
    """Whether it is one of the lesson's own. What a student gave a name is there again when functions are called."""


@dataclass(frozen=True, slots=True, eq=False)
class CallFunction(Request):
    """The reply is `Value`, `Raised`, `Missing` or `Uncrossable`."""

    name: str
    args: tuple[Any, ...]
    kwargs: dict[str, Any]
    after: bool
    """Whether to reply with the positional arguments as they are after the call, and not with what it returns."""


@dataclass(frozen=True, slots=True, eq=False)
class UseObject(Request):
    """The reply is `Value`, `Raised` or `Uncrossable`."""

    it: Any
    """An object that an earlier reply gave: on the grader's side the `Thing` that stands for it."""
    what: str
    """A method's name, or one of `OPERATIONS`."""
    args: tuple[Any, ...]
    kwargs: dict[str, Any]
    after: bool


@dataclass(frozen=True, slots=True, eq=False)
class TraceCall(Request):
    """Make a call, and watch the lines of the student's own that run. The reply is `Traced` or `Missing`."""

    define: str
    """A cell to run first, such as one without a line; empty for none."""
    name: str
    args: tuple[Any, ...]
    kwargs: dict[str, Any]
    steps: tuple[Any, ...]
    """What is done with the object that it returns: names, with arguments and keywords where they are called."""
    watch: dict[str, Any]
    """By a function's first line and the line itself, such as `3:5`, expressions to look at before the line runs."""
    stop: bool
    """Whether to end the call where more lines have run than are told of, as one that does not end by itself."""


@dataclass(frozen=True, slots=True)
class ReadVariable(Request):
    """The reply is `Value`, `Missing` or `Uncrossable`."""

    name: str


@dataclass(frozen=True, slots=True)
class DescribeName(Request):
    """The reply is `Described`."""

    name: str


@dataclass(frozen=True, slots=True)
class Raised(Reply):
    """An exception in a student's code. Message and line are the student's and may be shown only where no hidden input
    was in play."""

    kind: str
    is_value_error: bool
    message: str
    line: str


@dataclass(frozen=True, slots=True, eq=False)
class CellRan(Reply):
    outputs: Any
    """An array of bytes: the notebook's JSON for what the cell printed and drew."""
    raised: Raised | None


@dataclass(frozen=True, slots=True, eq=False)
class Value(Reply):
    """What a function returned, or a variable holds."""

    value: Any


@dataclass(frozen=True, slots=True)
class Stepped(Reply):
    """One line of a student's that has run. All texts are the student's word."""

    function: str
    first: int
    """The line where the function begins, by which it is known."""
    line: int
    frame: int
    """Which call of the function this was: equal numbers are one call."""
    seen: dict[str, str]
    """What the watched expressions came to before the line ran."""
    after: dict[str, str]
    """The variables that are others after it, and what they hold, where that is short."""


@dataclass(frozen=True, slots=True)
class Traced(Reply):
    """What came of a call that was watched."""

    steps: tuple[Stepped, ...]
    cut: bool
    """Whether more lines have run than are told of."""
    returned: str
    """As short text; empty where nothing came back."""
    raised: Raised | None


@dataclass(frozen=True, slots=True)
class Missing(Reply):
    """There is nothing of that name, or nothing that can be called."""


@dataclass(frozen=True, slots=True)
class Uncrossable(Reply):
    """There is a value, but it cannot cross the wall."""

    category: Category


@dataclass(frozen=True, slots=True)
class Described(Reply):
    """What is known of a name without calling it: whether it can be called, and its parameters where they are known."""

    callable: bool
    parameters: tuple[str, ...] | None = None


_M = TypeVar("_M", bound=Message)


def plain(message: Message) -> list[Any]:
    """The record's name and its fields in order."""
    values = (getattr(message, field.name) for field in fields(message))  # type: ignore[arg-type]
    return [type(message).__name__, *map(_plain, values)]


def _plain(value: Any) -> Any:
    if isinstance(value, Message):
        return plain(value)
    several = type(value) is tuple and bool(value) and isinstance(value[0], Message)
    return tuple(map(plain, value)) if several else value


def read(data: object, kind: type[_M]) -> _M:
    """The record of this kind that `plain` was given. Raises `Misread` for anything else."""
    name, *values = data if isinstance(data, list) and data else [None]
    record = _RECORDS.get(name) if isinstance(name, str) else None
    if record is None or not issubclass(record, kind):
        raise Misread("a message of another kind")
    readers = _READERS[record]
    if len(values) != len(readers):
        raise Misread("a message with other fields")
    made: _M = record(*map(operator.call, readers, values))
    return made


def to_line(message: Message) -> bytes:
    """The record as JSON, for processes that have no NumPy yet."""
    return json.dumps(plain(message)).encode()


def from_line(line: bytes, kind: type[_M]) -> _M:
    """The record of this kind that `to_line` was given. Raises `Misread` for anything else."""
    try:
        data = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise Misread("no message at all") from error
    return read(data, kind)


_TYPES: dict[str, Reader] = {
    "Any": anything,
    "bool": exactly(bool),
    "int": exactly(int),
    "int | None": maybe(exactly(int)),
    "str": exactly(str),
    "Category": one_of(get_args(Category)),
    "tuple[Any, ...]": tuple_of(anything),
    "tuple[str, ...]": tuple_of(exactly(str)),
    "tuple[str, ...] | None": maybe(tuple_of(exactly(str))),
    "dict[str, Any]": dict_of(anything),
    "dict[str, bool]": dict_of(exactly(bool)),
    "dict[str, int]": dict_of(exactly(int)),
    "dict[str, str]": dict_of(exactly(str)),
    "Live": lambda value: read(value, Live),
    "Raised | None": maybe(lambda value: read(value, Raised)),
    "tuple[Stepped, ...]": tuple_of(lambda value: read(value, Stepped)),
}
"""How a field is read, by its type as it is written above."""

_RECORDS: dict[str, Any] = {name: found for name, found in globals().items() if is_dataclass(found)}
_READERS = {record: tuple(_TYPES[str(field.type)] for field in fields(record)) for record in _RECORDS.values()}
