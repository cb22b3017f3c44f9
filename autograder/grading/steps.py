"""The next step where it is not the formula that is wrong: an error of Python's, a value of another kind."""

from __future__ import annotations

from autograder.grading.example import Example, Returned
from autograder.session.dialogue import Raised

_NOT_THERE = "Only NumPy, Matplotlib, IPython and Python's own library can be imported."
_AFTER_ERRORS = {
    "EOFError": "Nobody is there to type while the tests run. Take what you need from the parameters.",
    "ImportError": _NOT_THERE,
    "ModuleNotFoundError": _NOT_THERE,
    "NameError": "Define or import this name in a cell above, or look for a slip in its spelling.",
    "UnboundLocalError": "Give this name a value on every way through the function, before it is used.",
    "NotImplementedError": "Replace the line that says YOUR CODE HERE.",
    "RecursionError": "The function calls itself without end.",
    "SystemExit": "Return a value, or raise an error; do not end Python with exit.",
}
_ABOUT_VALUES = {
    "ValueError",
    "TypeError",
    "ArithmeticError",
    "ZeroDivisionError",
    "OverflowError",
    "FloatingPointError",
}
"""What a function raises that has met a value it cannot deal with. Other errors say nothing of the idea behind it."""

_INSTEAD = {
    "nothing": "Give the value back with `return`. Printing it is not enough.",
    "text": "Return the value itself, without making text of it.",
    "function": "Call the function that you return: without parentheses it computes nothing.",
    "generator": "Use `return`, and for several values a list or an array: a generator has computed nothing yet.",
    "set": "Return a number, or a list or an array of numbers: a set has no order.",
    "same numbers": "The numbers are right, only the shape is not.",
}
"""By what came back in place of a number or an array."""

SLOW = "Look for a loop that never ends, or for work that is done again and again."
RUN_AGAIN = "Fix that cell first, then run the notebook from top to bottom."


def after_error(kind: str) -> str | None:
    """The next step after an error that says nothing of the idea behind a function."""
    return _AFTER_ERRORS.get(kind)


def is_about_values(raised: Raised | None) -> bool:
    """Whether the suite's hint, which is about the idea, can help: the function gave a value, or refused one."""
    return raised is None or raised.kind in _ABOUT_VALUES


def after_return(example: Example, returned: Returned) -> str | None:
    """The next step after a value of another kind than the right one."""
    wants_text = isinstance(example.expected, str)
    return None if example.raises or (wants_text and returned.kind == "text") else _INSTEAD.get(returned.kind)


def in_an_answer(name: str, raised: Raised | None) -> str:
    """The next step where the cell of an answer stopped."""
    if raised is None:
        return RUN_AGAIN
    if raised.kind == "NameError":
        unknown = raised.message.partition("'")[2].partition("'")[0]
        if unknown == name:
            return f"A single = gives the name a value: `{name} = …`. Two compare."
        if len(unknown) == 1 and unknown.isalpha():
            return f'Put the letter in quotes: `{name} = "{unknown}"`'
    if raised.kind == "NotImplementedError":
        return "Delete the line that says YOUR CODE HERE once your answer is there."
    if raised.kind == "EOFError":
        return f"Nobody is there to type while the tests run. Write the value itself: `{name} = …`"
    return RUN_AGAIN
