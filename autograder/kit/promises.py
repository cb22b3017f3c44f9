"""What functions of the same arrays promise around their formulas: one line of a suite each."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pytest

from autograder.kit.marks import contract, example, hint
from autograder.kit.values import identical

Test = Callable[[Any, Any, np.random.Generator], None]
Arguments = tuple[Any, ...]

_HINTS = {
    "unequal_shapes": "Compare the two shapes before you compute: NumPy stretches one array to fit the other.",
    "one_dimension": "Ask for the number of dimensions before you compute, of each array as it came.",
    "no_data": "Ask for the size before you compute.",
    "finite": "Comparisons with nan are always False, so a check of the range lets nan pass. np.isfinite sees it.",
    "inputs_unchanged": "Work on a copy. Statements such as y[0] = ..., y -= ... and out=y change the caller's array.",
}


@dataclass(frozen=True, slots=True)
class ArrayContract:
    """The promises that several functions of the same arrays keep. Each method makes one hidden test of the class that
    it is named in; what it is called with is the test's visible example::

        pair = kit.ArrayContract(("x", "y"), measured)

        class Test_distance:
            test_finite = pair.finite([1.0, float("nan")], [1.0, 2.0])
    """

    names: Sequence[str]
    """Of the arrays, which are the function's first arguments."""
    arrays: Callable[[np.random.Generator, int], Arguments]
    """Ordinary arrays with so many entries."""
    rest: Sequence[Arguments] = ((),)
    """What may follow the arrays; each call is made with each of these."""
    hints: Mapping[str, str] = field(default_factory=dict)
    """By method, this course's own words."""

    def unequal_shapes(self, *shown: Any, **words: str) -> Test:
        """Two arrays have one shape."""
        sentence = "Arrays of different shape must raise ValueError, also (n,) with (n, 1)."
        return self._refuses("unequal_shapes", shown, self._unequal, sentence, **words)

    def one_dimension(self, *shown: Any, **words: str) -> Test:
        """Each array is a vector."""
        sentence = (
            "An array that is not 1-D, or a single number, must raise ValueError."
            if len(self.names) == 1
            else "Arrays that are not 1-D must raise ValueError, also where their shapes agree, and so must single "
            "numbers."
        )
        return self._refuses("one_dimension", shown, self._grids, sentence, **words)

    def no_data(self, *shown: Any, **words: str) -> Test:
        """There is at least one entry."""
        return self._refuses("no_data", shown, self._empty, "No data at all must raise ValueError.", **words)

    def finite(self, *shown: Any, **words: str) -> Test:
        """Each entry is a finite number."""
        where = " in either argument" if len(self.names) > 1 else ""
        sentence = f"A nan or an infinity{where} must raise ValueError."
        return self._refuses("finite", shown, self._not_finite, sentence, **words)

    def inputs_unchanged(
        self,
        *shown: Any,
        given: Callable[[np.random.Generator], Arguments] | None = None,
        sentence: str = "",
        hint: str = "",
    ) -> Test:
        """Arrays and lists are the same after the call. `given` makes arrays that tempt more than ordinary ones."""

        def ask(function: Any, rng: np.random.Generator) -> None:
            arrays = self.arrays(rng, 6) if given is None else given(rng)
            for handed_in in (arrays, tuple(array.tolist() for array in arrays)):
                for rest in self.rest:
                    arguments = (*handed_in, *rest)
                    assert all(map(identical, arguments, function.after(*arguments)))

        *most, last = self.names
        named = f"{', '.join(most)} and {last}" if most else last
        sentence = sentence or f"The caller's {named} must be the same after the call."
        return self._test("inputs_unchanged", shown, ask, sentence, hint)

    def _refuses(
        self,
        promise: str,
        shown: Arguments,
        cases: Callable[[np.random.Generator], Iterator[Arguments]],
        usual: str,
        *,
        sentence: str = "",
        hint: str = "",
    ) -> Test:
        def ask(function: Any, rng: np.random.Generator) -> None:
            for arrays in cases(rng):
                for rest in self.rest:
                    refused(function, *arrays, *rest)

        return self._test(promise, shown, ask, sentence or usual, hint)

    def _test(
        self,
        promise: str,
        shown: Arguments,
        ask: Callable[[Any, np.random.Generator], None],
        sentence: str,
        own_hint: str,
    ) -> Test:
        def test(owner: object, student: Any, rng: np.random.Generator) -> None:
            ask(getattr(student, type(owner).__name__.removeprefix("Test_")), rng)

        test.__doc__ = sentence
        next_step = own_hint or self.hints.get(promise) or _HINTS[promise]
        marked: Test = contract(example(*shown)(hint(next_step)(test)))
        return marked

    def _unequal(self, rng: np.random.Generator) -> Iterator[Arguments]:
        yield from unequal(*self.arrays(rng, int(rng.integers(3, 7))))

    def _grids(self, rng: np.random.Generator) -> Iterator[Arguments]:
        arrays = self.arrays(rng, 6)
        for shape in ((6, 1), (1, 6), (2, 3)):
            yield tuple(array.reshape(shape) for array in arrays)
        yield tuple(array[0] for array in arrays)

    def _empty(self, rng: np.random.Generator) -> Iterator[Arguments]:
        yield tuple([] for _ in self.names)
        yield tuple(np.zeros(0) for _ in self.names)

    def _not_finite(self, rng: np.random.Generator) -> Iterator[Arguments]:
        arrays = self.arrays(rng, 3)
        for entry in (np.nan, np.inf, -np.inf):
            for place, array in enumerate(arrays):
                for bad in _with_one_of(array, entry):
                    yield (*arrays[:place], bad, *arrays[place + 1 :])
            # One check of a sum or of a difference does not see that both are wrong.
            yield tuple(next(_with_one_of(array, entry)) for array in arrays)


def refused(call: Callable[..., object], *args: object, **kwargs: object) -> None:
    """The call must end in a ValueError."""
    with pytest.raises(ValueError):
        call(*args, **kwargs)


def with_one(values: np.ndarray, entry: float) -> Iterator[np.ndarray]:
    """Copies in which one entry is another: the first, then the next, to the last."""
    for place in range(len(values)):
        changed = values.copy()
        changed[place] = entry
        yield changed


def _with_one_of(array: np.ndarray, entry: float) -> Iterator[np.ndarray]:
    """As `with_one`; in a table, one entry of each row, in one column after the other."""
    for place in range(len(array)):
        changed = array.copy()
        changed[(place, place % array.shape[1]) if array.ndim > 1 else place] = entry
        yield changed


def unequal(one: np.ndarray, other: np.ndarray) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Two vectors cut and turned: pairs of different shape, most of which NumPy would stretch to fit each other."""
    yield one, other[:-1]
    yield one, other[:1]
    yield one[:1], other
    yield one, other[:, None]
    yield one[None, :], other


def misshapen(one: np.ndarray, other: np.ndarray) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Two vectors made into what is no pair of equal vectors: of different shape, or columns, or single numbers."""
    yield from unequal(one, other)
    yield one[:, None], other[:, None]
    yield one[0], other[0]
