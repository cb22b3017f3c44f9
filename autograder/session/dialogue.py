"""How the code beyond the wall is asked, and what comes back: values, what was raised, what became of a cell."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, Protocol

from autograder.session.kept import Kept
from autograder.session.outputs import Output
from autograder.wall.both.protocol import CallFunction
from autograder.wall.both.protocol import Described as Described  # what of a reply goes on
from autograder.wall.both.protocol import Raised as Raised
from autograder.wall.both.wire import pack


class StudentError(Exception):
    """The student's function raised something that is no ValueError."""

    def __init__(self, raised: Raised) -> None:
        super().__init__(raised.kind)
        self.raised = raised


class StudentValueError(StudentError, ValueError):
    """The student's function raised a ValueError."""


class Timeout(Exception):
    """The student's function did not return in time."""


class OutOfTime(Timeout):
    """It was not asked any more: all questions together took too long."""


class Ended(Exception):
    """The student's function ended its own process, or broke the protocol."""


class Lost(Ended):
    """The object is gone with its process, which had to be ended through no fault of what was asked."""


class NotThere(Exception):
    """There is nothing of that name, or nothing that can be called."""


@dataclass(frozen=True, slots=True, eq=False)
class Unusable:
    """What stands for a returned value that cannot cross the wall. Equal to nothing, not even to another one."""

    category: str

    def __eq__(self, other: object) -> bool:
        return False

    __hash__ = None  # type: ignore[assignment]  # as Python does it where only __eq__ is given; a set may hold none


@dataclass(frozen=True, slots=True)
class CellRun:
    """What became of one cell."""

    state: Literal["ran", "raised", "timeout", "ended", "left out", "not again"]
    outputs: tuple[Output, ...] = ()
    raised: Raised | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Call:
    """One call of a student's function, and the request that makes it. Each equals only itself."""

    name: str
    args: tuple[Any, ...]
    kwargs: Mapping[str, Any]
    after: bool
    """Whether to ask for the positional arguments as they are after the call, and not for what it returns."""
    request: bytes


def call_of(name: str, args: Sequence[Any], kwargs: Mapping[str, Any], *, after: bool = False) -> Call:
    """The call with its request. Raises `Unencodable`: that is a fault of the suite's."""
    return Call(name, tuple(args), kwargs, after, pack(CallFunction(name, tuple(args), dict(kwargs), after)))


@dataclass(frozen=True, slots=True)
class Held:
    """What a variable holds, or why nobody can say. An exception that is kept would keep all that it came through."""

    value: Any = None
    failed: type[NotThere] | type[Timeout] | type[Ended] | None = None


class Respondent(Protocol):
    """What replies to a suite: a student's session, or a stand-in for one."""

    def call(self, name: str, args: tuple[Any, ...], kwargs: Mapping[str, Any], *, after: bool = False) -> Any: ...

    def use(
        self, kept: Kept, what: str, args: tuple[Any, ...], kwargs: Mapping[str, Any], *, after: bool = False
    ) -> Any: ...

    def answer(self, name: str) -> Any: ...

    def ahead(self, calls: Sequence[Call]) -> tuple[bytes, ...] | None: ...
