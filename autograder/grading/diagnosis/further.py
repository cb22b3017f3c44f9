"""Further calls, made from those of a suite: so that a sentence is tried where all that it says can show.

What is read off a few calls may be true of these and untrue of the function: with logits on both sides of 0 a result
may seem too small everywhere, and with sigma near 1 any logarithm of it will do. So some calls are asked again with all
entries on one side, nearer to one end, or with another number beside them. They are probes like the others.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from autograder.grading.diagnosis.probe import Probe, called, traits_of

_LEAST_ENTRIES, _MOST_ENTRIES = 3, 40
_MOST = 4
"""For each way through the function."""

_FAR, _MILD = 1000.0, 760.0
"""Beyond the first nothing is left of an exponential. At the second exp(-x) is 0 and exp(-x/2) is not."""

Given = Mapping[str, Any]


def further(reference: Callable[..., Any], probes: Sequence[Probe]) -> tuple[Probe, ...]:
    """The calls to ask beside these."""
    return (*_varied(reference, probes), *_milder(reference, probes))


def _varied(reference: Callable[..., Any], probes: Sequence[Probe]) -> Iterator[Probe]:
    asked: dict[Hashable, int] = {}
    for probe in probes:
        if not probe.ordinary or asked.get(probe.group, 0) >= _MOST or not _is_usable(probe):
            continue
        for given in _variations(probe):
            made = _made(reference, probe, given)
            if made is not None and made.ordinary and asked.get(probe.group, 0) < _MOST:
                asked[probe.group] = asked.get(probe.group, 0) + 1
                yield made


def _milder(reference: Callable[..., Any], probes: Sequence[Probe]) -> Iterator[Probe]:
    """For each numerical test one call that is less extreme: two mistakes that come to the same far out may differ."""
    tests = set[str]()
    for probe in probes:
        sizes = [np.abs(_floats(v)).max() for v in probe.given.values() if _is_array(v)]
        large = max((size for size in sizes if np.isfinite(size)), default=0)
        if probe.kind != "numerical" or probe.right.failed or probe.test in tests or large <= _FAR:
            continue
        far = {n: v for n, v in probe.given.items() if _is_array(v) and np.abs(_floats(v)).max() > _FAR}
        if any((np.ptp(_floats(v), axis=0) < np.abs(_floats(v)).max(axis=0) / 10).any() for v in far.values()):
            continue  # values that hardly differ leave rounding errors, which no two machines share
        made = _made(reference, probe, {**probe.given, **{n: _floats(v) * (_MILD / large) for n, v in far.items()}})
        if made is not None:
            tests.add(probe.test)
            yield made


def _made(reference: Callable[..., Any], probe: Probe, given: Given) -> Probe | None:
    made = called(reference, probe, given)
    if made is None or made.right.failed or (not made.right.numbers.size and made.right.kind != "text"):
        return None
    if not np.isfinite(made.right.numbers).all():
        return None
    return replace(made, traits=traits_of(given, made.right))


def _is_usable(probe: Probe) -> bool:
    lengths = [len(value) for value in probe.given.values() if _is_array(value)]
    return not lengths or (min(lengths) >= _LEAST_ENTRIES and max(lengths) <= _MOST_ENTRIES)


def _variations(probe: Probe) -> Iterator[Given]:
    given = probe.given
    arrays = [name for name in given if _is_array(given[name])]
    shares = [n for n in arrays if ((_floats(given[n]) >= 0) & (_floats(given[n]) <= 1)).all()]
    soft = [name for name in shares if not np.isin(_floats(given[name]), (0, 1)).all()]
    signed = [name for name in arrays if name not in shares]
    for name in probe.passed:
        value = given[name]
        if isinstance(value, int) and not isinstance(value, bool):
            yield {**given, name: value + 2}
        elif isinstance(value, float):
            yield {**given, name: value * 0.6}
            yield {**given, name: value * 1.7}
    if signed:
        yield {**given, **{name: _floats(given[name]) - (_floats(given[name]).max() + 0.5) for name in signed}}
        yield {**given, **{name: _floats(given[name]) - (_floats(given[name]).min() - 0.5) for name in signed}}
    if soft:
        yield {**given, **{name: 0.5 * _floats(given[name]) for name in soft}}
        yield {**given, **{name: 1 - 0.5 * _floats(given[name]) for name in soft}}


def _floats(value: Any) -> np.ndarray:
    return np.asarray(value, dtype=np.float64)


def _is_array(value: Any) -> bool:
    return value is not None and not isinstance(value, str) and np.ndim(value) > 0 and np.size(value) > 0
