"""An object of a student's, as a suite has it: the object itself is beyond the wall, and this asks it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

Ask = Callable[..., Any]
"""`ask(what, args, kwargs, after=False)`: what a method returned, or what came of a sign such as `+`."""


class StudentObject:
    """One object beyond the wall. Its methods are called and its attributes are read there.

    Two of these are equal where they stand for the same object; what the student's class thinks of that,
    `kit.apply(one, "==", other)` says. Names that begin with an underscore are the student's own."""

    __slots__ = ("_ask", "_is_method", "_kept")
    __array_ufunc__ = None  # so that `array * it` is asked of the object, and not of NumPy

    def __init__(self, kept: object, ask: Ask, is_method: Callable[[str], bool]) -> None:
        object.__setattr__(self, "_kept", kept)
        object.__setattr__(self, "_ask", ask)
        object.__setattr__(self, "_is_method", is_method)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(f"a suite has no use for `{name}` of a student's object", name=name, obj=self)
        return StudentMethod(self._ask, name) if self._is_method(name) else self._ask(".", (name,), {})

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError(f"`{name}` of a student's object cannot be set from here", name=name, obj=self)

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        return self._ask("()", args, kwargs)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, StudentObject) and bool(self._kept == other._kept)

    def __hash__(self) -> int:
        return hash(self._kept)

    def __repr__(self) -> str:
        return repr(self._kept)

    def __lt__(self, other: Any) -> Any:
        return self._ask("<", (other,), {})

    def __le__(self, other: Any) -> Any:
        return self._ask("<=", (other,), {})

    def __gt__(self, other: Any) -> Any:
        return self._ask(">", (other,), {})

    def __ge__(self, other: Any) -> Any:
        return self._ask(">=", (other,), {})

    def __add__(self, other: Any) -> Any:
        return self._ask("+", (other,), {})

    def __sub__(self, other: Any) -> Any:
        return self._ask("-", (other,), {})

    def __mul__(self, other: Any) -> Any:
        return self._ask("*", (other,), {})

    def __truediv__(self, other: Any) -> Any:
        return self._ask("/", (other,), {})

    def __matmul__(self, other: Any) -> Any:
        return self._ask("@", (other,), {})

    def __radd__(self, other: Any) -> Any:
        return self._ask("of +", (other,), {})

    def __rsub__(self, other: Any) -> Any:
        return self._ask("of -", (other,), {})

    def __rmul__(self, other: Any) -> Any:
        return self._ask("of *", (other,), {})

    def __rtruediv__(self, other: Any) -> Any:
        return self._ask("of /", (other,), {})

    def __rmatmul__(self, other: Any) -> Any:
        return self._ask("of @", (other,), {})

    def __neg__(self) -> Any:
        return self._ask("neg", (), {})


class StudentMethod:
    """One method of an object. Calling it gives plain data or an object, or raises what the student's code raised."""

    def __init__(self, ask: Ask, name: str) -> None:
        self._ask = ask
        self._name = name

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        return self._ask(self._name, args, kwargs)

    def after(self, *args: Any, **kwargs: Any) -> tuple[Any, ...]:
        """The positional arguments as they are after the call, to see whether the method changed them."""
        changed: tuple[Any, ...] = self._ask(self._name, args, kwargs, after=True)
        return changed


def apply(it: object, what: str, *args: object) -> Any:
    """What Python writes without a method's name: `apply(it, "len")`, `apply(it, "==", other)`, `apply(it, "[]", 2)`,
    `apply(it, "str")`, `apply(it, "list")` for what a loop over it gives. The test fails where there is no object."""
    assert isinstance(it, StudentObject), "there is no object"
    return it._ask(what, args, {})
