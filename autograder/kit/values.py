"""Comparisons of what came back with what is right. Whatever it is, none of them fails by itself."""

from __future__ import annotations

import math
import re
import string
import unicodedata
from contextvars import ContextVar
from typing import SupportsFloat, TypeGuard

import numpy as np

RTOL = 1e-6
ATOL = 1e-9
ATOL_FLOAT32 = 1e-7
"""The tolerance that students are promised; the last one where the inputs were float32."""

OUTSIDE = (-1e-12, 1 + 1e-12)
"""As near to a probability as a value can come that is none: no check may have a tolerance."""


def is_scalar(result: object) -> TypeGuard[SupportsFloat]:
    """Whether a result counts as one number: int, float, NumPy scalar or 0-d array; not bool, not a list of one."""
    return isinstance(result, int | float | np.ndarray) and not isinstance(result, bool) and _numbers(result, ())


def same(result: object, expected: object, *, rtol: float = RTOL, atol: float = ATOL) -> bool:
    """Whether a student's result equals the expected number or array, in shape and within tolerance.

    An expected scalar wants one number; an expected array wants an array, list or tuple of that shape. NaN equals NaN
    and an infinity equals only itself. Anything that is not made of real numbers is not the same. A course may be more
    lenient than its suites.
    """
    rtol, atol = (max(pair) for pair in zip((rtol, atol), lenient.get(), strict=True))
    want = np.asarray(expected, dtype=np.float64)
    if want.shape == () and not is_scalar(result):
        return False
    if not isinstance(result, int | float | list | tuple | np.ndarray) or not _numbers(result, want.shape):
        return False
    return bool(np.allclose(np.asarray(result, dtype=np.float64), want, rtol=rtol, atol=atol, equal_nan=True))


def said(result: object, word: str) -> bool:
    """Whether a result is this word."""
    return _text(result) == word


def identical(before: object, after: object) -> bool:
    """Whether an input is what it was: an array in dtype, shape and entries, a list or tuple in its entries.

    Anything may have taken an entry's place. A NumPy number inside a list comes back as an array of no dimension."""
    if isinstance(before, np.ndarray):
        return (
            isinstance(after, np.ndarray)
            and before.dtype == after.dtype
            and np.array_equal(before, after, equal_nan=before.dtype.kind == "f")
        )
    if isinstance(before, list | tuple):
        if not isinstance(after, list | tuple) or type(before) is not type(after) or len(before) != len(after):
            return False
        return all(map(identical, before, after))
    if isinstance(after, list | tuple | dict) or np.asarray(after).ndim:
        return False
    before, after = (one.item() if isinstance(one, np.ndarray | np.generic) else one for one in (before, after))
    return bool(before == after) or (before != before and after != after)


def close(answer: object, exact: float, within: float = 0.505e-4) -> bool:
    """Whether an answer is a number and near enough: to four decimals unless told otherwise."""
    if not is_scalar(answer):
        asked.set("" if type(answer) is int else "one number")  # some are too large to compare
        remark.set(_towards_a_number(answer))
        return False
    given, decimals_asked = float(answer), round(-math.log10(2 * within))
    if any(abs(given - round(exact, decimals)) < 1e-12 for decimals in range(2, decimals_asked)):
        remark.set(f"This is right as far as it goes. Give {decimals_asked} decimals.")
    return abs(given - exact) <= within


lenient: ContextVar[tuple[float, float]] = ContextVar("lenient", default=(0.0, 0.0))
"""The least rtol and atol that any comparison has, where the course's settings name some."""

remark: ContextVar[str] = ContextVar("remark", default="")
"""What a comparison has noticed that helps more than the test's own hint, should the test fail."""

asked: ContextVar[str] = ContextVar("asked", default="")
"""What a comparison asks for, where the answer is of another kind, and so neither right nor wrong."""


def chose(answer: object, letter: str) -> bool:
    """Whether the letter was chosen: in either case, and whatever stands around it, as in "c.", "(c)" or " C "."""
    chosen = bare(_text(answer) or "")
    if len(letter) == 1 and len(chosen) != 1:
        asked.set("one letter in quotes")
        remark.set('Write one letter in quotes and nothing else, such as "a".')
    return chosen == letter


def bare(answer: str) -> str:
    """What somebody chose, in small plain letters and without the signs around it."""
    plain = unicodedata.normalize("NFKC", answer)  # some keyboards write wide letters
    return plain.strip(string.whitespace + string.punctuation).lower()


_NUMBER = re.compile(r"[-+]?(\d{1,20}(\.\d{0,20})?|\.\d{1,20})(e[-+]?\d{1,3})?|[-+]?\d{1,9} ?/ ?\d{1,9}", re.IGNORECASE)


def _towards_a_number(answer: object) -> str:
    """The next step for somebody who answered with something other than one number."""
    text = (_text(answer) or "").strip().replace(",", ".")
    if _NUMBER.fullmatch(text):
        return f"Write the number without quotes: {text}"
    if _NUMBER.fullmatch(text.removesuffix("%").rstrip()):
        return "Write the number without quotes, and a percentage as a decimal: 0.25 for 25 %."
    if isinstance(answer, tuple) and len(answer) == 2 and all(type(part) is int for part in answer):
        return "The comma makes two numbers of it. Write a decimal point instead."
    if isinstance(answer, list | tuple | np.ndarray) and _numbers(answer, (1,)):
        return "Write the number alone, without brackets and without a comma after it."
    return "Write a number, such as 0.25, without quotes and without brackets."


def _text(result: object) -> str | None:
    """The result as text: a str of any kind, or a 0-d array that holds one. None for everything else."""
    if isinstance(result, np.ndarray) and result.ndim == 0 and result.dtype.kind in "UTO":
        result = result.item()
    return str.__str__(result) if isinstance(result, str) else None


def _numbers(result: object, shape: tuple[int, ...]) -> bool:
    """Whether the result is a rectangular block of real numbers of this shape."""
    try:
        array = np.asarray(result)
    except Exception:  # a list can hold anything, and NumPy has many ways to refuse it
        return False
    return array.shape == shape and array.dtype.kind in "iuf"
