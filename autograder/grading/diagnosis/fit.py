"""By which relations a row of numbers follows from others, found by fit: all rows at once, and few columns first."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

import numpy as np

from autograder.grading.diagnosis.relation import (
    BY_FORM,
    BY_SIZE,
    COMPLEMENT,
    PLAIN,
    Map,
    Relation,
    factor,
    fixed_divisor,
    rounded_to,
    shift,
)
from autograder.grading.diagnosis.reply import close

_FIT = 2e-7
_SHIFT = 1e-8
"""How far from constant quotients and differences may be."""

_SMALL = 1e-12
_VARIES = 1e-3
"""A shift of a constant would be any constant: what is shifted has to vary."""

_DECIMALS = range(7)
_ROUNDED = (-1.0, 100.0, 1 / math.log(2), 1 / math.log(10), 2.0, 0.5)
"""Factors of what is rounded afterwards."""

_FORMS: tuple[tuple[Relation, Map], ...] = ((PLAIN, np.asarray), *BY_FORM)

Fit = tuple[int, tuple[Relation, ...]]
"""Which row, and the relations, the first applied first."""


def fits(
    theirs: np.ndarray,
    rows: np.ndarray,
    sizes: Sequence[np.ndarray],
    sample: np.ndarray,
    measures: Sequence[tuple[Relation, np.ndarray]] = (),
) -> Iterator[Fit]:
    """The rows that these numbers follow. `sizes` says of each column how many entries its call had; `measures` are
    other factors that depend on the call."""
    few, wanted = rows[:, sample], theirs[sample]
    with np.errstate(all="ignore"):
        for form, make in _FORMS:
            made = make(few)
            made = np.where(np.ptp(made, axis=1, keepdims=True) > _SMALL, made, np.nan)
            for scale, by_size in (*_scales(sizes), *(measures if form is PLAIN else ())):
                for row, steps in _constant(wanted, made * by_size[sample], plain=form is PLAIN, scale=scale):
                    if _holds(theirs, make(rows[row]) * by_size, steps[-1]):
                        every = steps if steps[-1].name == "fixed_divisor" else (scale, form, *steps)
                        yield row, tuple(step for step in every if step.name)
        for row, value in _quotients(1 - wanted, few):
            if (found := factor(value)) and _holds(1 - theirs, rows[row], found[-1]):
                yield row, (*(step for step in found if step.name), COMPLEMENT)
        for decimals in _DECIMALS:
            for value in _ROUNDED:
                for place in np.flatnonzero(close(np.round(few * value, decimals), wanted).all(axis=1)):
                    if close(np.round(rows[place] * value, decimals), theirs).all():
                        yield int(place), (*factor(value), rounded_to(decimals))
            for place in np.flatnonzero(close(np.round(few, decimals), wanted).all(axis=1)):
                if close(np.round(rows[place], decimals), theirs).all():
                    yield int(place), (rounded_to(decimals),)


def _scales(sizes: Sequence[np.ndarray]) -> Iterator[tuple[Relation, np.ndarray]]:
    yield PLAIN, np.ones_like(sizes[0])
    for number, size in enumerate(sizes):
        if np.ptp(size) > 0 and not any(np.array_equal(size, before) for before in sizes[:number]):
            yield from ((relation, make(size)) for relation, make in BY_SIZE)


def _constant(
    wanted: np.ndarray, made: np.ndarray, *, plain: bool, scale: Relation
) -> Iterator[tuple[int, tuple[Relation, ...]]]:
    """The rows from which what is wanted differs by a factor or a shift that has a name."""
    for row, value in _quotients(wanted, made):
        fixed = {"times_n": value, "times_root_n": value**2}.get(scale.name) if plain and value > 0 else None
        if abs(value - 1) > _FIT and fixed is not None and (relation := fixed_divisor(fixed)):
            yield row, (relation,)
        elif found := factor(value):
            yield row, found
    if np.ptp(wanted) > _VARIES:
        difference = wanted - made
        first = difference[:, :1]
        reach = np.maximum(1, np.abs(made).max(axis=1, keepdims=True))
        steady = np.isfinite(reach[:, 0]) & (np.abs(difference - first) <= _SHIFT * reach).all(axis=1)
        for place in np.flatnonzero(steady):
            if abs(first[place, 0]) > 1e-6 and (moved := shift(float(first[place, 0]))):
                yield int(place), (moved,)


def _quotients(wanted: np.ndarray, made: np.ndarray) -> Iterator[tuple[int, float]]:
    """The rows that what is wanted is a multiple of, and which one."""
    zero = (np.abs(wanted) < _SMALL) & (np.abs(made) < _SMALL)
    quotient = np.where(zero, np.nan, wanted / made)
    value = quotient[np.arange(len(quotient)), np.isfinite(quotient).argmax(axis=1)]
    steady = (zero | (np.abs(quotient - value[:, None]) <= _FIT * np.abs(value[:, None]))).all(axis=1)
    for row in np.flatnonzero(steady & np.isfinite(value) & (value != 0) & ((~zero).sum(axis=1) > 1)):
        yield int(row), float(value[row])


def _holds(theirs: np.ndarray, made: np.ndarray, last: Relation) -> bool:
    """Whether what fits the sample fits everywhere."""
    if not np.isfinite(made).all():
        return False
    if last.name == "plus_constant":
        difference = theirs - made
        return bool((np.abs(difference - difference[0]) <= 1e-7 * np.maximum(1, np.abs(made))).all())
    counts = (np.abs(theirs) >= _SMALL) | (np.abs(made) >= _SMALL)
    quotient = theirs[counts] / made[counts]
    return bool(quotient.size) and bool((np.abs(quotient - quotient[0]) <= _FIT * np.abs(quotient)).all())
