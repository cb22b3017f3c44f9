"""Known wrong implementations. They prove that the suites reject them, and name the mistake when a student makes it.

One module a unit. A misconception is the function that somebody writes who believes what it says::

    spread = about("spread")

    @spread(believes="The spread is the largest number.", hint="What is the spread of the numbers 5, 5 and 5?")
    def largest(x):
        ...

`about` says once what several entries are about; a single entry may be written as `@misconception("spread", …)`.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

Kind = Literal["value", "numerical", "contract"]
"""What a hidden test holds a function to: its values, its care with numbers, its promises on what it takes."""


@dataclass(frozen=True, slots=True)
class Misconception:
    """One known wrong implementation of one function."""

    function: str
    name: str
    believes: str
    """What a student who writes this believes, as a sentence."""
    hint: str
    """The next step, which does not give the line away."""
    breaks: Kind
    """Which kind of test must catch it. A wrong formula breaks `value` tests."""
    wrong: Callable[..., Any]
    family: tuple[tuple[float, Callable[..., Any]], ...] = ()
    """The same mistake with each value of a parameter."""

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        return self.wrong(*args, **kwargs)

    @property
    def answer(self) -> Callable[..., Any]:
        """Its earlier name, for programs that read it."""
        return self.wrong


def misconception(
    function: str,
    *,
    believes: str,
    hint: str,
    breaks: Kind = "value",
    name: str | None = None,
    values: Sequence[float] = (),
) -> Callable[[Callable[..., Any]], Misconception]:
    """Enter the decorated function into the catalogue, under its own name unless told otherwise.

    With `values` it is a family: the function takes one of them as `parameter`, by default the one to be proved, and
    which one a student's function has is found by fit. `{parameter}` in the hint stands for it."""

    def enter(wrong: Callable[..., Any]) -> Misconception:
        family = tuple((float(value), functools.partial(wrong, parameter=value)) for value in values)
        return Misconception(function, name or wrong.__name__, believes, hint, breaks, wrong, family)

    return enter


def about(function: str) -> functools.partial[Callable[[Callable[..., Any]], Misconception]]:
    """The decorator for the known mistakes in one function: `misconception` with its first argument given."""
    return functools.partial(misconception, function)
