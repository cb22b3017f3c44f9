"""Calls in pairs: what a change of the arguments does to the right result, it should do to a student's as well.

Nobody needs to know a wrong formula to say what it depends on: a mean does not change when rows change places, an error
does not when the same number is added to both sides, and twice the errors are twice the error. Each pair is one of the
fixed probes and a changed one. What holds of the right function and not of a student's is true of the student's.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import numpy as np

from autograder.grading.diagnosis.probe import Probe, Twin, replied, replied_to
from autograder.grading.diagnosis.reply import Reply, close, same
from autograder.session.dialogue import call_of

MOST, MORE = 14, 1
"""Pairs of one function, and calls from which those that say that nothing changes are made again. They are asked of
everybody."""

_CLEARLY = 1e-3, 1e-6
"""By how much, relatively and absolutely, a result has to differ before it is said to depend on something."""

_BY_MORE = 2e-2, 1e-6
"""The same for how many entries there are: rounded weights change a little with it as well."""

_LEAST_ENTRIES = 4
_MOST_OTHERS = 8
_MOST_ENTRIES = 40
_FACTORS = (0.0, 1.0, 2.0, -1.0, -2.0)
"""By which powers of two a result may grow with arguments twice as large."""

Given = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class _Change:
    """One way to change the arguments, and what to say where a function does not answer it as the right one does."""

    name: str
    what: str
    """Goes on after "when"."""
    asks: str
    make: Callable[[Given], Given]
    moves: bool = False
    """Whether entries change places: those of a result may then do so as well."""


def twins(reference: Callable[..., Any], probes: Sequence[Probe]) -> tuple[Probe, ...]:
    """The changed calls to ask beside these, with what is right and how it was made."""
    ways: dict[Hashable, tuple[int, int]] = {}
    for place, probe in enumerate(probes):
        option = tuple(value for value in probe.given.values() if isinstance(value, str))
        if probe.ordinary and _is_rich(probe) and (rich := _richness(probe)) > ways.get(option, (0, 0))[0]:
            ways[option] = rich, place
    found: list[Probe] = []
    waiting = [_of(reference, place, probes[place], _others(probes, place)) for _, place in ways.values()]
    while waiting and len(found) < MOST:
        for way in list(waiting):
            twin = next(way, None)
            if twin is None:
                waiting.remove(way)
            elif len(found) < MOST:
                found.append(twin)
    found += _again(reference, probes, [place for _, place in ways.values()], found)
    for _, place in ways.values():
        found += _exchanged(reference, place, probes[place])
        found += _small(reference, place, probes[place])
    return tuple(found)


def _again(
    reference: Callable[..., Any], probes: Sequence[Probe], bases: Sequence[int], found: Sequence[Probe]
) -> Iterator[Probe]:
    """The pairs that say that nothing changes, from other calls, of another test if there is one: what holds of one
    call need not hold of all."""
    says = {probe.twin.says for probe in found if probe.twin is not None and probe.twin.rule == "other"}
    for base in bases:
        words = _words(probes[base])
        rest = [n for n, p in enumerate(probes) if p.ordinary and _is_rich(p) and _words(p) == words and n != base]
        elsewhere = [place for place in rest if probes[place].test != probes[base].test]
        for place in sorted(elsewhere or rest, key=lambda place: -_richness(probes[place]))[:MORE]:
            pairs = _of(reference, place, probes[place], ())
            yield from (pair for pair in pairs if pair.twin is not None and pair.twin.says in says)


def _words(probe: Probe) -> tuple[tuple[str, str], ...]:
    return tuple((name, value) for name, value in probe.given.items() if isinstance(value, str))


def unlike(probes: Sequence[Probe], theirs: Sequence[Reply]) -> Twin | None:
    """The first pair that a function does not answer as the right one does. That a result does not change is said only
    where no pair contradicts it, and not of whole numbers or words, which agree by chance."""
    for probe, reply in zip(probes, theirs, strict=True):
        twin = probe.twin
        if twin is None or twin.rule in ("exchanged", "small"):
            continue
        if not _is_usable(theirs[twin.base], reply) or _keeps(twin, theirs[twin.base], reply):
            continue
        if twin.rule != "other":
            return twin
        alike = [(p, r) for p, r in zip(probes, theirs, strict=True) if p.twin is not None and p.twin.says == twin.says]
        moved = {_words(p) for p, r in alike if p.twin and not same(theirs[p.twin.base], r)}
        if _words(probe) in moved or _is_whole(reply):
            continue
        if not moved:
            return twin
        where = " and ".join(f"`{name}` = '{value}'" for name, value in _words(probe))
        return replace(twin, says=twin.says.replace("Your result", f"With {where}, your result", 1))
    return None


def _is_usable(*replies: Reply) -> bool:
    return all(r.kind in ("number", "parts", "text") and np.isfinite(r.numbers).all() for r in replies)


def _is_whole(reply: Reply) -> bool:
    return bool((reply.numbers == np.round(reply.numbers)).all())


def right_in_small(probes: Sequence[Probe], theirs: Sequence[Reply]) -> Twin | None:
    """The first small call that is answered rightly where the same call in large is not."""
    for probe, reply in zip(probes, theirs, strict=True):
        twin = probe.twin
        if twin is None or twin.rule != "small" or not same(reply, probe.right):
            continue
        if not same(theirs[twin.base], probes[twin.base].right):
            return twin
    return None


def _is_rich(probe: Probe) -> bool:
    """Whether a change can show: enough entries that differ, or numbers alone."""
    arrays = [np.asarray(value) for value in probe.given.values() if _is_array(value)]
    sizes = [len(array) for array in arrays]
    if not arrays:
        return all(isinstance(value, int | float) and value > 0 for value in probe.given.values())
    return min(sizes) >= _LEAST_ENTRIES and max(sizes) <= _MOST_ENTRIES and all(len(np.unique(a)) > 1 for a in arrays)


def _richness(probe: Probe) -> int:
    """How many values differ in the array that has fewest: two labels show less than many soft ones."""
    return min((len(np.unique(v)) for v in probe.given.values() if _is_array(v)), default=1)


def _others(probes: Sequence[Probe], base: int) -> list[Probe]:
    """Other calls of the same way."""
    words = _words(probes[base])
    same_way = [p for n, p in enumerate(probes) if n != base and p.ordinary and _words(p) == words and _is_rich(p)]
    return same_way[:: max(1, len(same_way) // _MOST_OTHERS)]


def _of(reference: Callable[..., Any], place: int, probe: Probe, others: Sequence[Probe]) -> Iterator[Probe]:
    names = tuple(inspect.signature(reference).parameters)[: len(probe.call.args)]
    for change in _changes(probe, (*names, *probe.call.kwargs)):
        given = change.make(probe.given)
        right = replied_to(reference, {**given})
        if right.failed or not np.isfinite(right.numbers).all():
            continue
        twin = _promised(change, place, probe.right, right)
        if twin is None or not _is_general(reference, change, twin, others):
            continue
        kwargs = {name: given[name] for name in probe.call.kwargs}
        call = call_of(probe.call.name, tuple(given[name] for name in names), kwargs)
        yield replace(probe, call=call, test="", right=right, given=given, traits=frozenset({"twin"}), twin=twin)


def _is_general(reference: Callable[..., Any], change: _Change, twin: Twin, others: Sequence[Probe]) -> bool:
    """Whether what is said of the right result holds of it elsewhere, too: a word that stays may stay by chance."""
    if twin.rule == "other":
        return True
    for other in others:
        right = replied_to(reference, {**change.make(other.given)})
        if right.failed or not np.isfinite(right.numbers).all():
            continue
        found = _promised(change, 0, other.right, right)
        if not same(other.right, right) and (found is None or (found.rule, found.factor) != (twin.rule, twin.factor)):
            return False
    return True


def _exchanged(reference: Callable[..., Any], place: int, probe: Probe) -> Iterator[Probe]:
    """The call for a function that takes its first two arguments the other way round."""
    if len(probe.call.args) < 2 or isinstance(probe.call.args[1], str):
        return
    first, second, *rest = probe.call.args
    call = call_of(probe.call.name, (second, first, *rest), dict(probe.call.kwargs))
    right = replied(reference, call)
    if not same(right, probe.right):
        twin = Twin(place, "arguments_exchanged", "exchanged", "")
        yield replace(probe, call=call, test="", right=right, traits=frozenset({"twin"}), twin=twin)


def _small(reference: Callable[..., Any], place: int, probe: Probe) -> Iterator[Probe]:
    """The same call in small: one step, one column, one entry."""
    given, names = probe.given, tuple(inspect.signature(reference).parameters)[: len(probe.call.args)]
    arrays = [name for name in given if _is_array(given[name])]
    made: list[tuple[str, str, str, Given]] = []
    for name in (*names, *probe.call.kwargs):
        value = given[name]
        if isinstance(value, int) and not isinstance(value, bool) and value > 1:
            made.append(("right_in_small", f"with `{name}` = 1", f"with `{name}` = {value}", {**given, name: 1}))
    columns = {_floats(given[name]).shape[1] for name in arrays if np.ndim(given[name]) == 2}
    if len(columns) == 1 and (count := columns.pop()) > 1:
        column = {**given, **_one_column(given, arrays, count)}
        made.append(("right_in_small", "with a single column", f"with {count} columns", column))
    length = len(given[arrays[0]]) if arrays else 0
    if length > 1 and all(np.shape(given[name]) == (length,) for name in arrays):
        entry = _each(given, arrays, lambda a: a[:1])
        made.append(("right_for_one_entry", "with a single entry", f"with {length} entries", entry))
    for name, few, many, small in made:
        right = replied_to(reference, small)
        if right.failed or not np.isfinite(right.numbers).all():
            continue
        kwargs = {passed: small[passed] for passed in probe.call.kwargs}
        call = call_of(probe.call.name, tuple(small[passed] for passed in names), kwargs)
        says = f"Your result is right in a call {few}, and wrong in the same call {many}. What is different there?"
        twin = Twin(place, name, "small", says)
        yield replace(probe, call=call, test="", right=right, given=small, traits=frozenset({"twin"}), twin=twin)


def _one_column(given: Given, arrays: Sequence[str], count: int) -> dict[str, np.ndarray]:
    """What belongs to the first column: of the matrices, and of what has an entry for each column."""
    rows = {len(given[name]) for name in arrays if np.ndim(given[name]) == 2}
    cut = {}
    for name in arrays:
        array = _floats(given[name])
        if array.ndim == 2:
            cut[name] = array[:, :1]
        elif len(array) == count and len(array) not in rows:
            cut[name] = array[:1]
    return cut


def takes_exchanged(probes: Sequence[Probe], theirs: Sequence[Reply]) -> bool:
    """Whether the function is right once its arguments come the other way round."""
    pairs = [(p.twin, t) for p, t in zip(probes, theirs, strict=True) if p.twin and p.twin.rule == "exchanged"]
    return bool(pairs) and all(same(reply, probes[twin.base].right) for twin, reply in pairs)


def _promised(change: _Change, place: int, before: Reply, after: Reply) -> Twin | None:
    """What holds of the right function here, None where nothing does that could be said in a word."""
    if change.name in ("ignores_argument", "ignores_pairs"):
        says = f"Your result does not change when {change.what}, and the right one does. {change.asks}"
        return None if same(before, after) else Twin(place, change.name, "other", says)
    if same(before, after):
        says = f"Your result changes when {change.what}, and the right one does not. {change.asks}"
        return Twin(place, change.name, "same", says)
    if change.moves and before.shape and same(_with_moved(before), after):
        says = f"When {change.what}, those of the right result do so, too, and yours do not. {change.asks}"
        return Twin(place, change.name, "moved", says)
    if change.name == "not_proportional" and before.form == after.form and before.kind == "number":
        for power in _FACTORS:
            if power and close(2.0**power * before.numbers, after.numbers).all():
                times = {1.0: "twice", 2.0: "four times", -1.0: "half", -2.0: "a quarter"}[power]
                says = f"The right result is {times} as large when {change.what}, and yours is not. {change.asks}"
                return Twin(place, change.name, "times", says, 2.0**power)
    return None


def _keeps(twin: Twin, before: Reply, after: Reply) -> bool:
    """Whether the two are as they should be. What differs by a rounding does not depend on anything."""
    if twin.rule == "other":
        return not same(before, after)
    if before.form != after.form:
        return twin.rule == "same" and before.kind == after.kind == "number" and before.shape != after.shape
    if twin.rule == "moved":
        return not before.shape or _is_near(_with_moved(before).numbers, after.numbers)
    if twin.name == "depends_on_count" and bool(close(before.numbers, after.numbers, *_BY_MORE).all()):
        return True
    return _is_near(twin.factor * before.numbers, after.numbers) and (before.kind != "text" or same(before, after))


def _is_near(one: np.ndarray, other: np.ndarray) -> bool:
    return bool(close(one, other, *_CLEARLY).all())


def _with_moved(reply: Reply) -> Reply:
    return Reply(reply.form, reply.array[_moved(len(reply.array))].ravel())


def _changes(probe: Probe, passed: Sequence[str]) -> Iterator[_Change]:
    """All that can be made of these arguments, what says most first."""
    given = probe.given
    arrays = [name for name in given if _is_array(given[name])]
    numbers = [name for name in given if isinstance(given[name], int | float) and not isinstance(given[name], bool)]
    lengths = {len(given[name]) for name in arrays}
    shares = [n for n in arrays if ((_floats(given[n]) >= 0) & (_floats(given[n]) <= 1)).all()]
    for name in [*arrays, *(name for name in numbers if name in passed)]:
        asks = f"Where should `{name}` come into your computation?"
        yield _Change("ignores_argument", f"`{name}` alone changes", asks, partial(_one, name, _another))
    together = len(lengths) == 1
    words = " and ".join(f"`{name}`" for name in arrays)
    if together and len(arrays) > 1:
        for name in arrays:
            what = f"the entries of `{name}` alone change places"
            asks = "Which entry belongs to which?"
            yield _Change("ignores_pairs", what, asks, partial(_one, name, _in_motion))
    if together:
        what = f"the entries of {words} change places" + (" together" if len(arrays) > 1 else "")
        asks = "Which step looks at where an entry stands?"
        yield _Change(
            "depends_on_order", what, asks, lambda g: _each(g, arrays, lambda a: a[_moved(len(a))]), moves=True
        )
    if shares and len(shares) == len(arrays):
        what = " and ".join(f"1 - {name}" for name in shares)
        what += f" {'comes' if len(shares) == 1 else 'come'} in the place of {words}"
        asks = "Do both outcomes count alike in your function?"
        yield _Change("outcomes_differ", what, asks, lambda g: _each(g, arrays, lambda a: 1 - a))
    if len(arrays) == 2 and together:
        one, other = arrays
        asks = "Which step treats the two in another way?"
        yield _Change("depends_on_sides", f"{words} are exchanged", asks, lambda g: {**g, one: g[other], other: g[one]})
    if not shares and arrays:
        what = f"the same number is added to {words}" if len(arrays) > 1 else f"a number is added to all of {words}"
        asks = "What should your result depend on: the values, or their differences?"
        yield _Change("depends_on_level", what, asks, lambda g: _each(g, arrays, lambda a: a + 1.5))
        for name in arrays if len(arrays) > 1 else ():
            what = f"a number is added to all of `{name}`"
            asks_level = "What should your result depend on: the values, or their differences?"
            yield _Change("depends_on_level", what, asks_level, partial(_one, name, lambda a: _floats(a) + 1.5))
        asks = "Which step loses or keeps a sign?"
        yield _Change(
            "depends_on_sign", f"all of {words} change their sign", asks, lambda g: _each(g, arrays, np.negative)
        )
    if len(shares) < max(1, len(arrays)):
        every = [*arrays, *(name for name in numbers if name in passed and not isinstance(given[name], int))]
        what = f"{' and '.join(f'`{name}`' for name in every)} are twice as large"
        asks = "Which step does not grow with its input?"
        yield _Change("not_proportional", what.replace("` are", "` is") if len(every) == 1 else what, asks,
                      lambda g: {**g, **{n: 2 * (_floats(g[n]) if n in arrays else g[n]) for n in every}})  # fmt: skip
    if together:
        asks = "By what does your function divide, and what does it add up?"
        yield _Change("depends_on_count", "the same data comes twice", asks,
                      lambda g: _each(g, arrays, lambda a: np.concatenate([a, a])))  # fmt: skip


def _one(name: str, make: Callable[[Any], Any], given: Given) -> Given:
    return {**given, name: make(given[name])}


def _in_motion(value: Any) -> np.ndarray:
    return np.asarray(_floats(value)[_moved(len(value))])


def _each(given: Given, names: Sequence[str], make: Callable[[np.ndarray], np.ndarray]) -> Given:
    return {**given, **{name: make(_floats(given[name])) for name in names}}


def _another(value: Any) -> Any:
    """Another value of the same kind, on another side of whatever is asked of it."""
    if not _is_array(value):
        return value + 1 if isinstance(value, int) else value * 0.75
    array = _floats(value)
    if np.isin(array, (0, 1)).all():
        return 1 - array
    moved = array[_moved(len(array))]
    inside = (array >= 0).all() and (array <= 1).all()
    return 0.05 + 0.9 * (1 - moved) if inside else 1.25 * moved + 0.5


def _moved(count: int) -> np.ndarray:
    """An order that leaves hardly an entry in its place."""
    return np.roll(np.arange(count)[::-1], 1 + count // 3)


def _floats(value: Any) -> np.ndarray:
    return np.asarray(value, dtype=np.float64)


def _is_array(value: Any) -> bool:
    return value is not None and not isinstance(value, str) and np.ndim(value) > 0 and np.size(value) > 0
