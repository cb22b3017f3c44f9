"""The codec between the two sides of the wall: a JSON header and raw array frames, nothing that can run code.

Both sides import this module, and the trusted side decodes what a hostile process may have written, so every length is
checked before anything is allocated and every type that is not listed here is refused.

What travels: None, bool, int, float (NaN and infinities too), str, list, tuple, dict with str keys, and NumPy arrays
of dtype kinds b, i, u and f; a NumPy scalar arrives as a 0-d array. NumPy's text arrives as str, and in lists. A
Fraction or a Decimal arrives as the nearest float. Objects of a student's own classes stay where they are, and a number
travels.
"""

from __future__ import annotations

import json
import math
import numbers
import struct
from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any, TypeVar

import numpy as np

from autograder.wall.both import protocol
from autograder.wall.both.fields import Misread
from autograder.wall.both.objects import MOST, Table, Thing
from autograder.wall.both.protocol import Category, Message

MAX_HEADER = 1 << 20
MAX_PAYLOAD = 8 << 20
"""The pictures of one cell may have this much. A value may have far less; see `session`."""
MAX_BUFFERS = 256
MAX_NODES = 20_000
MAX_DEPTH = 20
MAX_DIMENSIONS = 16
MAX_KIND = 100
"""Characters of the name of an object's class."""
MAX_BITS = 4096
"""How large an integer may be."""

_NAMES = "|b1 |i1 |u1 <i2 <u2 <f2 <i4 <u4 <f4 <i8 <u8 <f8"
_DTYPES = {name: np.dtype(name) for name in _NAMES.split()}
"""All that may cross, spelled as NumPy spells them. NumPy's own parser of such names knows far more, as `2f4`."""

_TEXT = "UT"
"""Kinds of arrays that hold text, of fixed and of any length."""

_KINDS: dict[str, Category] = {"c": "complex", "O": "object array"}
"""Kinds of arrays that cannot cross and have a word of their own."""

_PLAIN = frozenset({type(None), bool, float, str})
"""What stands for itself in a header."""

_HELD: dict[type, Callable[[Any], object]] = {int: int.__int__, float: float.__float__, str: str.__str__}
"""What a value of a subclass holds, as a value of the plain type."""

NO_TOKEN = bytes(8)
"""Stands where a message is no reply to a request."""

PREFIX = struct.Struct("!4s8sIQ")
_MAGIC = b"LMC2"
_BODY = len(_MAGIC) + len(NO_TOKEN)
"""Where the lengths begin: from here on two messages that say the same are the same bytes."""


class WireError(Exception):
    """The bytes, or the value, are not of the kinds that may cross the wall.

    No ValueError: the suites ask whether a student's function raises one, and a broken message is no such reply."""


class Unencodable(WireError):
    """This value cannot cross."""

    def __init__(self, category: Category) -> None:
        super().__init__(f"a value of the category {category!r} cannot cross the wall")
        self.category = category


class Closed(WireError):
    """The other side is gone."""


class Deadline(WireError):
    """The other side did not answer in time. `waited` where it used little processor time meanwhile."""

    def __init__(self, message: str, *, waited: bool = False) -> None:
        super().__init__(message)
        self.waited = waited


_M = TypeVar("_M", bound=Message)


def pack(message: Message, objects: Table | None = None) -> bytes:
    """A record of the protocol as bytes. With a table, its objects stay here, and a `Thing` stands for each. Raises
    `Unencodable`, for what is in it."""
    return encode(protocol.plain(message), objects=objects)


def unpack(data: bytes, kind: type[_M], objects: Table | None = None) -> _M:
    """The record of this kind that `pack` was given. With a table, each `Thing` becomes the object again. Raises
    `WireError` for anything else."""
    try:
        return protocol.read(decode(data, objects), kind)
    except Misread as error:
        raise WireError(str(error)) from error


def encode(value: object, token: bytes = NO_TOKEN, objects: Table | None = None) -> bytes:
    """One message as bytes. Raises `Unencodable`, naming the category, for what may not cross."""
    buffers: list[np.ndarray] = []
    tree = _Encoder(buffers, objects).node(value, 0)
    header = json.dumps({"tree": tree, "sizes": [array.nbytes for array in buffers]}).encode()
    if len(header) > MAX_HEADER:
        raise Unencodable("too large")
    return (
        PREFIX.pack(_MAGIC, token, len(header), sum(a.nbytes for a in buffers))
        + header
        + b"".join(a.tobytes() for a in buffers)
    )


def decode(message: bytes, objects: Table | None = None) -> object:
    """The value that `encode` was given. Raises `WireError` for anything that `encode` would not have written."""
    _, header_size, payload_size = opening(message[: PREFIX.size])
    if len(message) != PREFIX.size + header_size + payload_size:
        raise WireError("the message is not as long as it says")
    view = memoryview(message)
    return _decode(view[PREFIX.size : PREFIX.size + header_size], view[PREFIX.size + header_size :], objects)


def opening(prefix: bytes) -> tuple[bytes, int, int]:
    """Token, header length and payload length out of a message's first bytes, checked against the limits."""
    if len(prefix) != PREFIX.size:
        raise WireError("the message stops inside its first bytes")
    magic, token, header_size, payload_size = PREFIX.unpack(prefix)
    if magic != _MAGIC:
        raise WireError("the message does not start as one of ours")
    if header_size > MAX_HEADER or payload_size > MAX_PAYLOAD:
        raise WireError("the message is larger than allowed")
    return token, header_size, payload_size


def marked(message: bytes, token: bytes) -> bytes:
    """The same message with another token, so that one that is sent often is encoded once."""
    return _MAGIC + token + message[_BODY:]


def messages(data: bytes) -> Iterator[bytes]:
    """Messages that stand one after the other. Raises `WireError` where the last one is cut off."""
    start = 0
    while start < len(data):
        _, header_size, payload_size = opening(data[start : start + PREFIX.size])
        end = start + PREFIX.size + header_size + payload_size
        if end > len(data):
            raise WireError("the last message is cut off")
        yield data[start:end]
        start = end


def body(message: bytes) -> bytes:
    """What a message says, whatever it replies to."""
    return message[_BODY:]


class _Encoder:
    def __init__(self, buffers: list[np.ndarray], objects: Table | None) -> None:
        self._buffers = buffers
        self._objects = objects
        self._nodes = 0
        self._bytes = 0
        self._characters = 0

    def node(self, value: object, depth: int) -> object:
        self._nodes += 1
        if depth > MAX_DEPTH or self._nodes > MAX_NODES:
            raise Unencodable("too large")
        if type(value) is str:
            self._written(len(value))
            return value
        if type(value) in _PLAIN:
            return value
        if type(value) is int:
            if value.bit_length() > MAX_BITS:
                raise Unencodable("too large")
            self._written(value.bit_length() // 4)
            return value
        if self._objects is not None and self._objects.has_kind(type(value)):
            return self._thing(value)
        if isinstance(value, (np.ndarray, np.generic)):
            if type(value) is not np.ndarray and isinstance(value, np.ndarray) and np.ma.is_masked(value):
                raise Unencodable("masked")  # what lies under a mask is no value of the student's
            array = np.asarray(value)
            if array.dtype.kind in _TEXT or (array.dtype.kind == "O" and isinstance(array[()], str)):
                return self._text(array, depth)
            return self._array(array)
        if isinstance(value, (list, tuple)):
            items = [self.node(item, depth + 1) for item in value]
            return items if isinstance(value, list) else {"tuple": items}
        if isinstance(value, dict):
            if not all(type(key) is str for key in value):
                raise Unencodable("other")
            return {"dict": {key: self.node(item, depth + 1) for key, item in value.items()}}
        if isinstance(value, complex):
            raise Unencodable("complex")
        # Subclasses of the plain types, such as an IntEnum or a float with its own __eq__, cross as what they hold.
        # Each type's own method is asked for it: the class may have another, as the __str__ of an Enum is 'Word.GAP'.
        for plain, held in _HELD.items():
            if issubclass(type(value), plain):
                return self.node(held(value), depth)
        if isinstance(value, (numbers.Real, Decimal)):
            return self._nearest(value)
        return self._thing(value)

    def _nearest(self, value: numbers.Real | Decimal) -> float:
        try:
            return float.__float__(float(value))
        except OverflowError:
            raise Unencodable("too large") from None

    def _thing(self, value: object) -> object:
        thing = self._objects.thing(value) if self._objects is not None else value
        if type(thing) is not Thing:
            raise Unencodable(_category(value))
        self._written(len(thing.kind))
        return {"thing": [thing.number, thing.kind]}

    def _written(self, characters: int) -> None:
        """So many more, at least: what cannot fit is not written at all, since digits take their time."""
        self._characters += characters
        if self._characters > MAX_HEADER:
            raise Unencodable("too large")

    def _text(self, array: np.ndarray, depth: int) -> object:
        """Text that NumPy holds, as Python holds it."""
        if array.size > MAX_NODES:
            raise Unencodable("too large")
        return self.node(array.tolist(), depth)

    def _array(self, array: np.ndarray) -> object:
        kind = array.dtype.kind
        if kind not in "biuf":
            raise Unencodable(_KINDS.get(kind, "other"))
        self._bytes += array.nbytes
        if self._bytes > MAX_PAYLOAD or len(self._buffers) >= MAX_BUFFERS or array.ndim > MAX_DIMENSIONS:
            raise Unencodable("too large")
        if array.dtype.itemsize > 8:
            array = array.astype(np.float64)  # long double has no portable layout
        if array.dtype.str not in _DTYPES or not array.flags.c_contiguous:
            array = np.ascontiguousarray(array, dtype=array.dtype.newbyteorder("<")).reshape(array.shape)
        self._buffers.append(array)
        return {"array": [array.dtype.str, list(array.shape)]}


def _category(value: object) -> Category:
    """What to call a value that is neither a number nor made of numbers."""
    if value is Ellipsis:
        return "unfinished"
    if isinstance(value, (set, frozenset)):
        return "set"
    if isinstance(value, Iterator):
        return "generator"
    return "function" if callable(value) else "other"


def _decode(header: bytearray | memoryview, payload: memoryview, objects: Table | None) -> object:
    try:
        document = json.loads(str(header, "ascii"))
    except (ValueError, RecursionError) as error:
        raise WireError("the header is not what the codec writes") from error
    if not isinstance(document, dict) or document.keys() != {"tree", "sizes"}:
        raise WireError("the header is not what the codec writes")
    tree, sizes = document["tree"], document["sizes"]
    if not isinstance(sizes, list) or len(sizes) > MAX_BUFFERS or not all(type(s) is int and s >= 0 for s in sizes):
        raise WireError("the header's sizes are not sizes")
    if sum(sizes) != len(payload):
        raise WireError("the payload is not as long as the header says")
    buffers, start = [], 0
    for size in sizes:
        buffers.append(payload[start : start + size])
        start += size
    decoder = _Decoder(buffers, objects)
    value = decoder.node(tree, 0)
    if decoder.used != len(buffers):
        raise WireError("a frame is left over")
    return value


class _Decoder:
    def __init__(self, buffers: list[memoryview], objects: Table | None) -> None:
        self._buffers = buffers
        self._objects = objects
        self._nodes = 0
        self.used = 0

    def node(self, tree: object, depth: int) -> object:
        self._nodes += 1
        if depth > MAX_DEPTH or self._nodes > MAX_NODES:
            raise WireError("the value is nested too deeply or has too many parts")
        if type(tree) in _PLAIN:  # of a parsed header: one of seven, and never a class that only looks like it
            return tree
        if isinstance(tree, int):
            if tree.bit_length() > MAX_BITS:
                raise WireError("an integer that is too large")
            return tree
        if isinstance(tree, list):
            return [self.node(item, depth + 1) for item in tree]
        if not isinstance(tree, dict) or len(tree) != 1:
            raise WireError("an unknown kind of value")
        (tag, content), *_ = tree.items()
        if tag == "tuple" and isinstance(content, list):
            return tuple(self.node(item, depth + 1) for item in content)
        if tag == "dict" and isinstance(content, dict):
            return {key: self.node(item, depth + 1) for key, item in content.items()}
        if tag == "array":
            return self._array(content)
        if tag == "thing":
            return self._thing(content)
        raise WireError("an unknown kind of value")

    def _thing(self, content: object) -> object:
        if not isinstance(content, list) or len(content) != 2:
            raise WireError("an object's description is not one")
        number, kind = content
        if type(number) is not int or not 0 <= number < MOST or type(kind) is not str or len(kind) > MAX_KIND:
            raise WireError("an object's description is not one")
        thing = Thing(number, kind)
        if self._objects is None:
            return thing
        try:
            return self._objects.object(thing)
        except IndexError:
            raise WireError("an object that is not here") from None

    def _array(self, content: object) -> np.ndarray:
        if self.used >= len(self._buffers):
            raise WireError("an array without its frame")
        buffer = self._buffers[self.used]
        self.used += 1
        if not isinstance(content, list) or len(content) != 2:
            raise WireError("an array's description is not one")
        name, shape = content
        dtype = _DTYPES.get(name) if isinstance(name, str) else None
        if dtype is None:
            raise WireError("a dtype that may not cross")
        if (
            not isinstance(shape, list)
            or len(shape) > MAX_DIMENSIONS
            or not all(type(n) is int and 0 <= n <= MAX_PAYLOAD for n in shape)
        ):
            raise WireError("a shape that is not one")
        if math.prod(shape) * dtype.itemsize != len(buffer):
            raise WireError("an array whose shape does not fit its bytes")
        array = np.frombuffer(buffer, dtype=dtype)
        if dtype.kind == "b" and (array.view(np.uint8) > 1).any():
            raise WireError("a truth value that is neither")
        try:
            return array.reshape(shape).copy()
        except ValueError as error:  # no entries, and yet more of them than could be counted: (0, 2**25, 2**25, 2**25)
            raise WireError("a shape that is not one") from error
