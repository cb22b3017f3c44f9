"""What a call came to, so that two of them can be compared: a form, and the numbers that stand in it."""

from __future__ import annotations

import hashlib
import re
import zlib
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from autograder.session.dialogue import Ended, NotThere, Raised, StudentError, Timeout

RTOL = 1e-6
ATOL = 1e-9
"""Within what students are promised: who adds 1e-12 somewhere has the same formula."""

FINE = 1e-8, 1e-13
"""Two ways to write one formula differ by rounding only; two formulas differ by more."""

_NONE = np.zeros(0)

ARGUMENTS = "arguments"
"""In the place of an error's name, where the call does not fit the function's parameters."""

_MISFIT = re.compile(r"\(\) (takes|got an unexpected|got multiple|got some|missing) .*argument")


@dataclass(frozen=True, slots=True, eq=False)
class Reply:
    """What a call returned, or how it failed.

    The form is what must be equal exactly: ("number", shape), ("parts", forms), ("text", words), ("refused",),
    ("raised", kind), ("left", digest), ("nothing",), ("other",). The numbers are all that stand in it, in order."""

    form: tuple[Hashable, ...]
    numbers: np.ndarray

    @property
    def kind(self) -> Hashable:
        return self.form[0]

    @property
    def failed(self) -> bool:
        return self.kind in ("refused", "raised")

    @property
    def shape(self) -> tuple[int, ...] | None:
        """The shape of an array; None of anything else. A number has the shape ()."""
        return self.form[1] if self.kind == "number" else None  # type: ignore[return-value]

    @property
    def array(self) -> np.ndarray:
        assert self.shape is not None
        return self.numbers.reshape(self.shape)


REFUSED = Reply(("refused",), _NONE)


def reply_to(ask: Callable[[], Any], *, name: str = "", after: bool = False) -> Reply | None:
    """What a call of the function with this name comes to; None where nobody can say, since it did not come back."""
    try:
        returned = ask()
    except (Timeout, Ended, NotThere):
        return None
    except StudentError as error:
        return REFUSED if isinstance(error, ValueError) else Reply(("raised", _kind(error.raised, name)), _NONE)
    except ValueError:
        return REFUSED
    except Exception as error:  # a known mistake may raise anything
        return Reply(("raised", type(error).__name__), _NONE)
    return left(returned) if after else returned_as(returned)


def _kind(raised: Raised, name: str) -> str:
    misfit = raised.kind == "TypeError" and raised.message.startswith(f"{name}()") and _MISFIT.search(raised.message)
    return ARGUMENTS if misfit else raised.kind


def left(arguments: Sequence[Any]) -> Reply:
    """The arguments as a call left them. Here the last digit counts, too."""
    text = repr([np.asarray(each).tolist() for each in arguments])
    return Reply(("left", hashlib.blake2b(text.encode(), digest_size=12).digest()), _NONE)


def returned_as(value: Any) -> Reply:
    """The reply with this value. A list of numbers is as good as an array."""
    if value is None:
        return Reply(("nothing",), _NONE)
    if isinstance(value, str):
        return Reply(("text", str.__str__(value)[:80]), _NONE)
    if isinstance(value, bool | int | float | np.ndarray | np.generic):
        array = np.asarray(value)
        if array.dtype.kind not in "biuf":
            return Reply(("other",), _NONE)
        return Reply(("number", array.shape), array.astype(np.float64).ravel())
    if isinstance(value, list | tuple):
        return _joined([returned_as(item) for item in value])
    return Reply(("other",), _NONE)


def _joined(parts: Sequence[Reply]) -> Reply:
    forms = tuple(part.form for part in parts)
    numbers = np.concatenate([part.numbers for part in parts]) if parts else _NONE
    if len(set(forms)) == 1 and forms[0][0] == "number":
        return Reply(("number", (len(parts), *forms[0][1])), numbers)  # type: ignore[misc]
    return Reply(("number", (0,)) if not parts else ("parts", forms), numbers)


def parts_of(reply: Reply) -> tuple[Reply, ...]:
    """What a reply holds, one after the other; itself where it is one thing."""
    if reply.kind == "number" and reply.shape:
        array = reply.array
        return tuple(Reply(("number", array.shape[1:]), np.ravel(each)) for each in array)
    if reply.kind != "parts":
        return (reply,)
    found, start = [], 0
    for form in reply.form[1]:  # type: ignore[attr-defined]
        size = _size(form)
        found.append(Reply(form, reply.numbers[start : start + size]))
        start += size
    return tuple(found)


def joined(parts: Sequence[Reply]) -> Reply:
    """One reply that holds these, one after the other."""
    return _joined(parts)


def _size(form: Any) -> int:
    if form[0] == "number":
        return int(np.prod(form[1], dtype=int))
    return sum(map(_size, form[1])) if form[0] == "parts" else 0


def same(one: Reply, other: Reply, *, fine: bool = False) -> bool:
    """Whether they are equal; with `fine`, but for rounding."""
    if one.form != other.form:
        return False
    return bool((close(one.numbers, other.numbers, *FINE) if fine else close(one.numbers, other.numbers)).all())


def close(one: np.ndarray, other: np.ndarray, rtol: float = RTOL, atol: float = ATOL) -> np.ndarray:
    """Entry by entry, with one tolerance for both; nan equals nan, and an infinity equals itself."""
    with np.errstate(all="ignore"):
        near = np.abs(one - other) <= atol + rtol * np.maximum(np.abs(one), np.abs(other))
    equal: np.ndarray = (one == other) | (np.isnan(one) & np.isnan(other))
    return np.asarray(equal | (near & np.isfinite(one) & np.isfinite(other)))


def forms_of(replies: Sequence[Reply]) -> tuple[Hashable, ...]:
    """The forms; words that differ have one form, since they are told apart by their numbers in `row_of`."""
    return tuple(("text",) if reply.kind == "text" else reply.form for reply in replies)


def row_of(replies: Sequence[Reply]) -> np.ndarray:
    """All numbers of these replies in a row; a word counts as a number that hardly another word has."""
    parts = [_word(reply) if reply.kind == "text" else reply.numbers for reply in replies]
    return np.concatenate(parts) if parts else _NONE


def _word(reply: Reply) -> np.ndarray:
    return np.array([float(zlib.crc32(str(reply.form[1]).encode()))])


def constant(replies: Sequence[Reply]) -> bool:
    """Whether the same came to everything, which is no formula: one reply, or one number in whatever shape."""
    if all(same(reply, replies[0]) for reply in replies):
        return True
    row = row_of(replies)
    return bool(row.size) and all(reply.kind == "number" for reply in replies) and bool(close(row, row[0]).all())
