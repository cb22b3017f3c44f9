"""A formula read off its results: few plain terms of the arguments, with plain factors, that add up to them exactly."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations

import numpy as np

from autograder.grading.diagnosis.bench import Bench, Places
from autograder.grading.diagnosis.finding import Finding
from autograder.grading.diagnosis.probe import Probe
from autograder.grading.diagnosis.reply import Reply, close, constant, row_of
from autograder.words import number

_MOST_TERMS = 3
_FEW = 12
"""Three terms of more than this many would be found by chance, or take long."""

_LEAST_NUMBERS = 8
_FIT = 1e-7

_ASKS = "Compare it with the text term by term: signs, weights, and what stands inside each function."


def read(bench: Bench, theirs: Sequence[Reply], places: Places) -> Finding | None:
    """The formula that the replies at these places follow, where it is a short one."""
    probes, replies = [bench.probes[place] for place in places], [theirs[place] for place in places]
    row = row_of(replies)
    if any(reply.kind != "number" for reply in replies) or constant(replies) or not np.isfinite(row).all():
        return None
    scalar = all(reply.shape == () for reply in replies)
    if row.size < _LEAST_NUMBERS or not (
        scalar or all(r.shape == p.right.shape for r, p in zip(replies, probes, strict=True))
    ):
        return None
    for words, columns in _readings(probes, replies, scalar=scalar):
        found = _fitted(columns, row)
        if found is not None:
            return Finding("another_formula", "relation", f"Your result is {words}{found}. {_ASKS}")
    return None


def _readings(
    probes: Sequence[Probe], replies: Sequence[Reply], *, scalar: bool
) -> Iterator[tuple[str, Mapping[str, np.ndarray]]]:
    """The terms of each probe, averaged, added up or left alone."""
    terms = [dict(_terms(probe)) for probe in probes]
    names = [name for name in terms[0] if all(name in each for each in terms)]
    if not names:
        return
    with np.errstate(all="ignore"):
        if scalar:
            for words, reduce in (("the mean of ", np.mean), ("the sum of ", np.sum)):
                yield words, {name: np.array([reduce(each[name]) for each in terms]) for name in names}
            return
        sizes = [reply.numbers.size for reply in replies]
        if all(each[name].size == size for each, size in zip(terms, sizes, strict=True) for name in names):
            counts = np.repeat(sizes, sizes)
            whole = {name: np.concatenate([each[name] for each in terms]) for name in names}
            yield "", whole
            yield "one n-th of ", {name: column / counts for name, column in whole.items()}


def _fitted(columns: Mapping[str, np.ndarray], row: np.ndarray) -> str | None:
    """The terms and factors that add up to this row; fewest first."""
    usable = {name: column for name, column in columns.items() if np.isfinite(column).all() and np.any(column)}
    names = list(usable)
    for count in range(1, _MOST_TERMS + 1):
        for some in combinations(names if count < _MOST_TERMS else names[:_FEW], count):
            table = np.column_stack([usable[name] for name in some])
            factors = _solved(table, row)
            if factors is not None:
                return _said(some, factors)
    return None


def _solved(table: np.ndarray, row: np.ndarray) -> list[float] | None:
    square = table.T @ table
    if np.linalg.cond(square) > 1e10:
        return None
    factors = np.linalg.solve(square, table.T @ row)
    if not close(table @ factors, row, _FIT).all():
        return None
    plain = [_plain(float(factor)) for factor in factors]
    return [factor for factor in plain if factor is not None] if None not in plain else None


def _plain(factor: float) -> float | None:
    """The factor, where somebody would write it down; half of them have a logarithm's base in them."""
    for base in (1.0, math.log(2), math.log(10)):
        quarters = factor * base * 4
        if round(quarters) != 0 and abs(quarters) <= 40 and abs(quarters - round(quarters)) < 1e-4:
            return factor if base != 1.0 else round(quarters) / 4
    return None


def _said(names: Sequence[str], factors: Sequence[float]) -> str:
    parts = []
    for place, (name, factor) in enumerate(zip(names, factors, strict=True)):
        sign = "-" if factor < 0 else "" if place == 0 else "+"
        size = "" if abs(abs(factor) - 1) < 1e-9 else f"{number(abs(factor))}·"
        parts.append(f"{sign}{' ' if place else ''}{size}{name}")
    return f"`{' '.join(parts)}`"


def _terms(probe: Probe) -> Iterator[tuple[str, np.ndarray]]:
    """Plain terms of the arguments, entry by entry. The names are what a student would write."""
    arrays, scalars = {}, {}
    for name, value in probe.given.items():
        if value is not None and not isinstance(value, str) and np.ndim(value) == 1 and np.size(value):
            arrays[name] = np.asarray(value, dtype=float)
        elif isinstance(value, int | float) and not isinstance(value, bool):
            scalars[name] = float(value)
    shares = [name for name, a in arrays.items() if ((a >= 0) & (a <= 1)).all()]
    with np.errstate(all="ignore"):
        if len(arrays) == 2 and len({a.size for a in arrays.values()}) == 1:
            (one, a), (other, b) = arrays.items()
            if len(shares) == 2:
                yield from _of_shares(one, a, other, b)
            elif shares == [one]:
                yield from _of_logits(one, a, other, b)
            else:
                yield from _of_errors(one, a, other, b, scalars)
        elif len(arrays) == 1:
            ((name, a),) = arrays.items()
            yield from _of_one(name, a, share=bool(shares))


def _of_shares(y: str, a: np.ndarray, p: str, b: np.ndarray) -> Iterator[tuple[str, np.ndarray]]:
    yield f"{y}·log({p})", a * np.log(b)
    yield f"(1 - {y})·log(1 - {p})", (1 - a) * np.log1p(-b)
    yield f"{y}·log({y})", np.where(a > 0, a * np.log(np.where(a > 0, a, 1)), 0)
    yield f"(1 - {y})·log(1 - {y})", np.where(a < 1, (1 - a) * np.log1p(-np.where(a < 1, a, 0)), 0)
    for one, other, u, v in ((y, p, a, b), (y, y, a, a), (p, p, b, b), (p, y, b, a)):
        both = np.where(u > 0, u * np.log(v), 0) + np.where(u < 1, (1 - u) * np.log1p(-v), 0)
        yield f"({one}·log({other}) + (1 - {one})·log(1 - {other}))", both
    yield f"{y}·log(1 - {p})", a * np.log1p(-b)
    yield f"(1 - {y})·log({p})", (1 - a) * np.log(b)
    yield f"log({p})", np.log(b)
    yield f"log(1 - {p})", np.log1p(-b)
    yield f"{p}·log({p})", b * np.log(b)
    yield f"(1 - {p})·log(1 - {p})", (1 - b) * np.log1p(-b)
    yield f"{p}·log({y})", b * np.log(a)
    yield f"(1 - {p})·log(1 - {y})", (1 - b) * np.log1p(-a)
    yield f"{y}·log(1 + {p})", a * np.log1p(b)
    yield f"{y}·{p}", a * b
    yield f"{y}²", a * a
    yield f"{p}²", b * b
    yield y, a
    yield p, b
    yield f"|{y} - {p}|", np.abs(a - b)


def _of_logits(y: str, a: np.ndarray, z: str, b: np.ndarray) -> Iterator[tuple[str, np.ndarray]]:
    s = 1 / (1 + np.exp(-b))
    sigma = f"sigmoid({z})"
    yield f"{y}·{z}", a * b
    yield f"log(1 + exp({z}))", np.logaddexp(0, b)
    yield f"log(1 + exp(-{z}))", np.logaddexp(0, -b)
    yield f"{y}·log(1 + exp(-{z}))", a * np.logaddexp(0, -b)
    yield f"{y}·log(1 + exp({z}))", a * np.logaddexp(0, b)
    yield f"max({z}, 0)", np.maximum(b, 0)
    yield f"{y}·|{z}|", a * np.abs(b)
    yield z, b
    yield f"({sigma} - {y})", s - a
    yield f"({sigma} - {y})·{sigma}", (s - a) * s
    yield f"({sigma} - {y})·(1 - {sigma})", (s - a) * (1 - s)
    yield f"({sigma} - {y})·{sigma}·(1 - {sigma})", (s - a) * s * (1 - s)
    yield f"({sigma} - {y})·{z}", (s - a) * b
    yield f"({sigma} - {y})²", (s - a) ** 2
    yield f"|{sigma} - {y}|", np.abs(s - a)
    yield f"{sigma}·(1 - {sigma})", s * (1 - s)
    yield sigma, s
    yield y, a


def _of_errors(
    y: str, a: np.ndarray, m: str, b: np.ndarray, scalars: Mapping[str, float]
) -> Iterator[tuple[str, np.ndarray]]:
    e, error = a - b, f"({y} - {m})"
    ones = np.ones_like(e)
    for name, value in scalars.items():
        if value > 0:
            yield f"log({name})", math.log(value) * ones
            yield f"½ log 2π + log({name})", (0.5 * math.log(2 * math.pi) + math.log(value)) * ones
            yield f"½ log 2π + log({name})/2", 0.5 * (math.log(2 * math.pi) + math.log(value)) * ones
            yield f"({error}/{name})²", (e / value) ** 2
            yield f"{error}²/{name}", e * e / value
            yield f"|{error}|/{name}", np.abs(e) / value
            yield f"{error}/{name}", e / value
            yield f"|{error}|/{name}²", np.abs(e) / value**2
            yield f"{name}²", value**2 * ones
            yield name, value * ones
    yield f"{error}²", e * e
    yield f"|{error}|", np.abs(e)
    yield error, e
    yield f"|{error}|³", np.abs(e) ** 3
    yield f"({error}/{y})²", (e / a) ** 2
    yield f"|{error}/{y}|", np.abs(e / a)
    yield f"{y}²", a * a
    yield f"{m}²", b * b
    yield f"{y}·{m}", a * b
    yield "½ log 2π", 0.5 * math.log(2 * math.pi) * ones


def _of_one(x: str, a: np.ndarray, *, share: bool) -> Iterator[tuple[str, np.ndarray]]:
    if share:
        yield f"{x}·log({x})", a * np.log(a)
        yield f"(1 - {x})·log(1 - {x})", (1 - a) * np.log1p(-a)
        yield f"log({x})", np.log(a)
        yield f"log(1 - {x})", np.log1p(-a)
        yield f"{x}·log(1 - {x})", a * np.log1p(-a)
        yield f"(1 - {x})·log({x})", (1 - a) * np.log(a)
    yield f"exp({x})", np.exp(a)
    yield f"exp(-{x})", np.exp(-a)
    yield f"tanh({x})", np.tanh(a)
    yield f"tanh({x}/2)", np.tanh(a / 2)
    yield f"{x}²", a * a
    yield f"|{x}|", np.abs(a)
    yield x, a
    yield "1", np.ones_like(a)
