"""How a field of a message is read: what a hostile process sent is held to a type, and is refused where it has another.

Standard library only, as all of the protocol.
"""

from __future__ import annotations

from collections.abc import Callable

Reader = Callable[[object], object]
"""Gives the value back as its type has it. Raises `Misread` where it is of another."""


class Misread(Exception):
    """This is none of the messages that belong here."""


def exactly(kind: type) -> Reader:
    """Reads a value of exactly this type."""

    def reader(value: object) -> object:
        if type(value) is not kind:
            raise Misread(f"a field that is no {kind.__name__}")
        return value

    return reader


def one_of(words: tuple[str, ...]) -> Reader:
    def reader(value: object) -> object:
        if not isinstance(value, str) or value not in words:
            raise Misread("a word of another list")
        return value

    return reader


def tuple_of(item: Reader) -> Reader:
    """Reads a tuple, which a codec may have made a list."""

    def reader(value: object) -> object:
        if not isinstance(value, list | tuple):
            raise Misread("a field that is no tuple")
        return tuple(map(item, value))

    return reader


def dict_of(item: Reader) -> Reader:
    def reader(value: object) -> object:
        if not isinstance(value, dict) or not all(type(key) is str for key in value):
            raise Misread("a field that is no dict")
        return {key: item(one) for key, one in value.items()}

    return reader


def maybe(item: Reader) -> Reader:
    return lambda value: None if value is None else item(value)


def anything(value: object) -> object:
    return value
