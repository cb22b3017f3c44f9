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

_MOST_NAMES = (99, 99, 24, 14)
"""Of how many terms one, two, three and four are tried: more would be found by chance, or take long."""

_LEAST_NUMBERS = 8
_LEAST_FOR_EACH = 3
_APART = 1e-8
"""The determinant of columns of length 1 that are not nearly made of one another."""

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
    for words, columns, wanted in _readings(probes, replies, row, scalar=scalar):
        found = _fitted(columns, wanted)
        if found is not None:
            return Finding("another_formula", "relation", f"Your result is {words}{found}. {_ASKS}")
    return None


def _readings(
    probes: Sequence[Probe], replies: Sequence[Reply], row: np.ndarray, *, scalar: bool
) -> Iterator[tuple[str, Mapping[str, np.ndarray], np.ndarray]]:
    """The terms of each probe, averaged, added up or left alone, and what they should add up to."""
    terms = [dict(_terms(probe)) for probe in probes]
    names = [name for name in terms[0] if all(name in each for each in terms)]
    if not names:
        return
    with np.errstate(all="ignore"):
        if scalar and all(np.size(each[name]) == 1 for each in terms for name in names):
            yield "", {name: np.array([float(each[name][0]) for each in terms]) for name in names}, row
        elif scalar:
            counts = np.array([max(np.size(each[name]) for name in names) for each in terms])
            means, sums = (
                {name: np.array([reduce(each[name]) for each in terms]) for name in names}
                for reduce in (np.mean, np.sum)
            )
            yield "the mean of ", means, row
            yield "the sum of ", sums, row
            if (row >= 0).all():
                yield "the root of the mean of ", means, row**2
                yield "the root of the sum of ", sums, row**2
                yield "one n-th of the root of the sum of ", sums, (row * counts) ** 2
        else:
            sizes = [reply.numbers.size for reply in replies]
            if all(each[name].size == size for each, size in zip(terms, sizes, strict=True) for name in names):
                whole = {name: np.concatenate([each[name] for each in terms]) for name in names}
                yield "", whole, row
                counts = np.repeat(sizes, sizes)
                yield "one n-th of ", whole, row * counts
                yield "", whole | {f"{name}/n": c / counts for name, c in whole.items()}, row


def _fitted(columns: Mapping[str, np.ndarray], row: np.ndarray) -> str | None:
    """The terms and factors that add up to this row; fewest first."""
    names = [name for name, column in columns.items() if np.isfinite(column).all() and np.any(column)]
    if not names:
        return None
    table = np.column_stack([columns[name] for name in names])
    lengths = np.linalg.norm(table, axis=0)
    unit = table / lengths
    products, shares = unit.T @ unit, unit.T @ row
    for count, most in enumerate(_MOST_NAMES, start=1):
        some = np.array(list(combinations(range(min(most, len(names))), count)), dtype=int).reshape(-1, count)
        if not some.size or row.size < _LEAST_FOR_EACH * count:
            continue
        square = products[some[:, :, None], some[:, None, :]]
        apart = np.abs(np.linalg.det(square)) > _APART
        some, square = some[apart], square[apart]
        if not some.size:
            continue
        factors = np.linalg.solve(square, shares[some][:, :, None])[:, :, 0] / lengths[some]
        made = np.einsum("nkt,kt->kn", table[:, some], factors)
        for place in np.flatnonzero(close(made, row, _FIT).all(axis=1)):
            plain = [_plain(float(factor)) for factor in factors[place]]
            if None not in plain:
                return _said([names[each] for each in some[place]], [each for each in plain if each is not None])
    return None


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
        elif not arrays and len(scalars) == 2:
            (one, x), (other, z) = scalars.items()
            for name, value in _of_numbers(one, np.array([x]), other, np.array([z])):
                yield name, value


def _of_shares(y: str, a: np.ndarray, p: str, b: np.ndarray) -> Iterator[tuple[str, np.ndarray]]:
    yield f"{y}·log({p})", a * np.log(b)
    yield f"(1 - {y})·log(1 - {p})", (1 - a) * np.log1p(-b)
    yield f"{y}·log({y})", np.where(a > 0, a * np.log(np.where(a > 0, a, 1)), 0)
    yield f"(1 - {y})·log(1 - {y})", np.where(a < 1, (1 - a) * np.log1p(-np.where(a < 1, a, 0)), 0)
    middle, m = f"({y} + {p})/2", (a + b) / 2
    pairs = ((y, p, a, b), (y, y, a, a), (p, p, b, b), (p, y, b, a), (middle, middle, m, m))
    for one, other, u, v in (*pairs, (y, middle, a, m), (p, middle, b, m)):
        both = np.where(u > 0, u * np.log(v), 0) + np.where(u < 1, (1 - u) * np.log1p(-v), 0)
        yield f"({one}·log({other}) + (1 - {one})·log(1 - {other}))", both
    yield f"{y}·log({p})/mean({y})", a * np.log(b) / np.mean(a)
    yield f"(1 - {y})·log(1 - {p})/mean(1 - {y})", (1 - a) * np.log1p(-b) / np.mean(1 - a)
    yield f"{y}·log(1 - {p})", a * np.log1p(-b)
    yield f"(1 - {y})·log({p})", (1 - a) * np.log(b)
    yield f"log({p})", np.log(b)
    yield f"log(1 - {p})", np.log1p(-b)
    yield f"{p}·log({p})", b * np.log(b)
    yield f"(1 - {p})·log(1 - {p})", (1 - b) * np.log1p(-b)
    yield f"{p}·log({y})", b * np.log(a)
    yield f"(1 - {p})·log(1 - {y})", (1 - b) * np.log1p(-a)
    yield f"{y}·(1 - {p})²", a * (1 - b) ** 2
    yield f"(1 - {y})·{p}²", (1 - a) * b**2
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
    yield f"({sigma} - {y})²·{sigma}·(1 - {sigma})", (s - a) ** 2 * s * (1 - s)
    yield f"({sigma} - {y})·{sigma}·(1 - {sigma})·(1 - 2·{sigma})", (s - a) * s * (1 - s) * (1 - 2 * s)
    yield f"({sigma} - {y})·{y}·(1 - {y})", (s - a) * a * (1 - a)
    yield f"({sigma} - {y})·exp(-{z})", (s - a) * np.exp(-b)
    yield f"({sigma} - {y})·(1 - {y})", (s - a) * (1 - a)
    yield f"({sigma} - {y})·{y}", (s - a) * a
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
            yield f"(½ log 2π + log({name}))", (0.5 * math.log(2 * math.pi) + math.log(value)) * ones
            yield f"(½ log 2π + log({name})/2)", 0.5 * (math.log(2 * math.pi) + math.log(value)) * ones
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
    yield f"max({y} - {m}, 0)", np.maximum(e, 0)
    yield f"max({m} - {y}, 0)", np.maximum(-e, 0)
    yield f"max({error}, 0)²", np.maximum(e, 0) ** 2
    yield f"max(-{error}, 0)²", np.maximum(-e, 0) ** 2
    yield f"|{error}|³", np.abs(e) ** 3
    yield f"log(cosh{error})", np.log(np.cosh(e))
    yield f"sqrt|{error}|", np.sqrt(np.abs(e))
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
        yield f"log(max({x}, 1 - {x}))", np.log(np.maximum(a, 1 - a))
        yield f"log(min({x}, 1 - {x}))", np.log(np.minimum(a, 1 - a))
        yield f"max({x}, 1 - {x})", np.maximum(a, 1 - a)
        yield f"sqrt({x}·(1 - {x}))", np.sqrt(a * (1 - a))
        yield f"{x}·log(1 - {x})", a * np.log1p(-a)
        yield f"(1 - {x})·log({x})", (1 - a) * np.log(a)
    yield x, a
    yield "1", np.ones_like(a)
    yield f"exp({x})", np.exp(a)
    yield f"exp(-{x})", np.exp(-a)
    yield f"tanh({x})", np.tanh(a)
    yield f"tanh({x}/2)", np.tanh(a / 2)
    yield f"{x}²", a * a
    yield f"|{x}|", np.abs(a)


def _of_numbers(x: str, a: np.ndarray, z: str, b: np.ndarray) -> Iterator[tuple[str, np.ndarray]]:
    yield "1", np.ones_like(a)
    yield x, a
    yield z, b
    yield f"{x}/{z}", a / b
    yield f"{z}/{x}", b / a
    yield f"sqrt({x}/{z})", np.sqrt(a / b)
    yield f"({x}/{z})²", (a / b) ** 2
    yield f"log({x}/{z})", np.log(a / b)
    yield f"({z} - {x})/({z} + {x})", (b - a) / (b + a)
    yield f"{x}/({x} + {z})", a / (a + b)
    yield f"({z} - {x})/max({x}, {z})", (b - a) / np.maximum(a, b)
    yield f"|{z} - {x}|/{z}", np.abs(b - a) / b
    yield f"whole part of {x}/{z}", np.floor(a / b)
    yield f"exp({x} - {z})", np.exp(a - b)
    yield f"exp(-{x}/{z})", np.exp(-a / b)
    yield f"exp(-{x})", np.exp(-a)
    yield f"exp(-{z})", np.exp(-b)
    yield f"{x}·{z}", a * b
    yield f"{x}²", a * a
    yield f"{z}²", b * b
