"""The fixed calls that tell mistakes apart. They are no hidden inputs: they are the same for everybody, every time."""

from __future__ import annotations

import contextlib
import copy
import inspect
import warnings
from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any, Literal

import numpy as np

from autograder.grading.diagnosis.reply import Reply, reply_to, same
from autograder.grading.script import Line
from autograder.report import Kind
from autograder.session.dialogue import Call, call_of

MOST_ENTRIES = 5000
"""Entries of an argument. What goes wrong with more is seen in the hidden tests."""

_MOST_OF_A_PROMISE = 2
"""Calls of one contract test that ask the same of a function."""

_LEAST_TIED, _MOST_TIED = 5, 40
"""Different entries of an array in which some are made equal."""

_LEAST_ORDINARY = 4
"""Ordinary calls of one test. What shows in a single call may be chance."""


@dataclass(frozen=True, slots=True)
class Twin:
    """How a call was made from another probe's, and what holds of the right replies to the two."""

    base: int
    name: str
    rule: Literal["same", "moved", "times", "other", "exchanged", "small"]
    says: str
    """To whom it does not hold of."""
    factor: float = 1.0


@dataclass(frozen=True, slots=True)
class Shapes:
    """Of a call's arrays: how many dimensions each has, whether all have one shape, and whether one length."""

    dimensions: tuple[int, ...]
    one_shape: bool
    one_length: bool


@dataclass(frozen=True, slots=True)
class Allowed:
    """What ordinary calls pass for a parameter: the words, and between which numbers."""

    words: frozenset[str]
    least: float
    most: float
    whole: bool


@dataclass(frozen=True, slots=True, eq=False)
class Probe:
    """One fixed call, what is right, and what kind of question it is."""

    call: Call
    test: str
    kind: Kind
    right: Reply
    given: Mapping[str, Any]
    """The arguments by the names of the reference's parameters, those with a default included."""
    traits: frozenset[str]
    """What makes it an edge: nothing, for an ordinary input."""
    alike: Mapping[str, Reply] = field(default_factory=dict)
    """Where the arrays should have been of one shape: what comes of making them so, by the name of the promise."""
    usual: Shapes | None = None
    """Of the arrays in an ordinary call."""
    twin: Twin | None = None
    passed: tuple[str, ...] = ()
    """The parameters for which the call has an argument."""
    allowed: Mapping[str, Allowed] = field(default_factory=dict)
    """By parameter, what ordinary calls pass for it."""

    @property
    def ordinary(self) -> bool:
        return self.kind == "value" and not self.traits

    @property
    def group(self) -> Hashable:
        """Which way through the function it takes, as far as the arguments choose one."""
        texts = tuple(value for value in self.given.values() if isinstance(value, str))
        return texts, len(self.call.args), tuple(self.call.kwargs)

    @property
    def sizes(self) -> tuple[float, ...]:
        """How long the first array is, and the second where that is of another length; 1 where there is none."""
        lengths = [float(len(value)) for value in self.given.values() if value is not None and np.ndim(value)]
        return tuple(lengths[:2]) if lengths else (1.0,)


def probes_of(
    reference: Callable[..., Any],
    first: Iterable[Line],
    more: Iterable[Iterable[Line]],
    wrong: Sequence[Callable[..., Any]],
) -> tuple[Probe, ...]:
    """Probes made from the calls of a hidden suite, a script for each fixed seed: those of the first one, and of those
    that ask for values with more seeds what a test has too few of. Of the calls that ask for promises a few are kept,
    and those by which the known mistakes are told apart."""
    found = _probes(reference, first)
    for script in more:
        have = Counter((probe.test, probe.group) for probe in found if probe.ordinary)
        probes = _probes(reference, script)
        found += [p for p in probes if p.ordinary and have[p.test, p.group] < _LEAST_ORDINARY]
    kept, asked = set[int](), Counter[Hashable]()
    shown = [0] * len(wrong)
    for place, probe in enumerate(found):
        if probe.kind != "contract":
            kept.add(place)
            continue
        kinds = [type(value).__name__ for value in probe.given.values()] if probe.call.after else []
        key = probe.test, probe.call.after, tuple(map(_outline, probe.given.values())), tuple(kinds)
        asked[key] += 1
        # Who has shown enough is not asked again: this is half of the time that it takes to choose.
        told = [n for n, own in enumerate(wrong) if shown[n] < _MOST_OF_A_PROMISE and _tells(own, probe)]
        if told or asked[key] <= _MOST_OF_A_PROMISE:
            kept.add(place)
            for number in told:
                shown[number] += 1
    usual, allowed = _usual_shapes(found), _allowed(found)
    return tuple(replace(probe, usual=usual, allowed=allowed) for place, probe in enumerate(found) if place in kept)


def _allowed(probes: Sequence[Probe]) -> Mapping[str, Allowed]:
    found = {}
    every = [probe.given for probe in probes if probe.kind == "value" and not probe.right.failed]
    for name in every[0] if every else ():
        words = frozenset(value for given in every if isinstance(value := given[name], str))
        arrays = [np.ravel(given[name]).astype(float) for given in every if _is_numeric(given[name])]
        numbers = np.concatenate(arrays) if arrays else np.zeros(0)
        if words or numbers.size:
            least, most = (numbers.min(), numbers.max()) if numbers.size else (0.0, 0.0)
            found[name] = Allowed(words, float(least), float(most), _is_whole(numbers))
    return found


def _is_numeric(value: Any) -> bool:
    return value is not None and not isinstance(value, str) and np.size(value) > 0


def _probes(reference: Callable[..., Any], script: Iterable[Line]) -> list[Probe]:
    return [_probe(reference, line.test, line.kind, line.call) for line in script if _is_short(line.call)]


def _tells(wrong: Callable[..., Any], probe: Probe) -> bool:
    return not same(replied(wrong, probe.call), probe.right)


def _usual_shapes(probes: Sequence[Probe]) -> Shapes | None:
    every = [shapes_of(probe.given) for probe in probes if probe.ordinary]
    if not every or len({shapes.dimensions for shapes in every}) > 1:
        return None
    return Shapes(every[0].dimensions, all(one.one_shape for one in every), all(one.one_length for one in every))


def shapes_of(given: Mapping[str, Any]) -> Shapes:
    arrays = [np.shape(value) for value in given.values() if value is not None and np.ndim(value)]
    return Shapes(tuple(map(len, arrays)), len(set(arrays)) < 2, len({shape[0] for shape in arrays}) < 2)


def _is_short(call: Call) -> bool:
    return max((np.size(arg) for arg in call.args), default=0) <= MOST_ENTRIES


def _probe(reference: Callable[..., Any], test: str, kind: Kind, call: Call) -> Probe:
    names = tuple(inspect.signature(reference).parameters)
    given = usual(reference) | dict(zip(names, call.args, strict=False)) | dict(call.kwargs)
    right = replied(reference, call)
    alike = _alike(reference, given) if kind == "contract" and right.failed else {}
    passed = (*names[: len(call.args)], *call.kwargs)
    traits = traits_of(given, right)
    if kind != "value" and any(_has_constant_column(value) for value in given.values()):
        traits |= {"constant_column"}
    return Probe(call, test, kind, right, given, traits, alike, passed=passed)


def _alike(reference: Callable[..., Any], given: Mapping[str, Any]) -> Mapping[str, Reply]:
    """What the right function says of these arrays, stretched to one shape, or cut to the shorter one."""
    arrays = {name: np.asarray(value) for name, value in given.items() if _is_array(value)}
    if len({array.shape for array in arrays.values()}) < 2:
        return {}
    made: dict[str, dict[str, Any]] = {}
    with contextlib.suppress(ValueError):
        stretched = np.broadcast_arrays(*arrays.values())
        made["broadcasts"] = {name: one.ravel() for name, one in zip(arrays, stretched, strict=True)}
    if all(array.ndim == 1 for array in arrays.values()):  # a column is no longer than the row that it stands beside
        least = min(map(len, arrays.values()))
        made["cuts_to_the_shorter"] = {name: array[:least] for name, array in arrays.items()}
    replies = {name: replied_to(reference, {**given, **one}) for name, one in made.items()}
    return {name: reply for name, reply in replies.items() if not reply.failed}


def tied(reference: Callable[..., Any], probes: Sequence[Probe]) -> tuple[Probe, ...]:
    """For each way through a function of one array a call in which the largest entry comes three times: without it the
    smallest entry and the most frequent one are the same."""
    found: dict[Hashable, Probe] = {}
    for probe in probes:
        arrays = [name for name, value in probe.given.items() if _is_array(value)]
        if not probe.ordinary or probe.call.kwargs or probe.group in found or len(arrays) != 1:
            continue
        array = np.asarray(probe.given[arrays[0]], dtype=np.float64)
        if array.ndim != 1 or not _LEAST_TIED <= len(np.unique(array)) <= _MOST_TIED:
            continue
        array = np.where(np.arange(len(array)) < len(array) - 2, array, array.max())
        args = tuple(array if _is_array(arg) else arg for arg in probe.call.args)
        made = _probe(reference, "", probe.kind, call_of(probe.call.name, args, {}))
        if made.ordinary:
            found[probe.group] = made
    return tuple(found.values())


def called(reference: Callable[..., Any], probe: Probe, given: Mapping[str, Any]) -> Probe | None:
    """The same call with these arguments, what is right, and no traits yet."""
    names = tuple(inspect.signature(reference).parameters)[: len(probe.call.args)]
    kwargs = {name: given[name] for name in probe.call.kwargs}
    call = call_of(probe.call.name, tuple(given[name] for name in names), kwargs)
    return replace(probe, call=call, right=replied_to(reference, {**given}), given=given, traits=frozenset())


def usual(function: Callable[..., Any]) -> dict[str, Any]:
    """The parameters that have a default, with it."""
    parameters = inspect.signature(function).parameters.items()
    return {name: one.default for name, one in parameters if one.default is not inspect.Parameter.empty}


def replied(function: Callable[..., Any], call: Call) -> Reply:
    """What a function of this process makes of a call."""
    args, kwargs = _crossed(call.args), copy.deepcopy(dict(call.kwargs))

    def ask() -> Any:
        returned = function(*args, **kwargs)
        return args if call.after else returned

    return _quietly(ask, after=call.after)


def _crossed(args: Sequence[Any]) -> tuple[Any, ...]:
    """Copies as they come out on the other side of the wall, row by row: the order decides how sums are rounded."""
    return tuple(np.array(arg, order="C") if isinstance(arg, np.ndarray) else copy.deepcopy(arg) for arg in args)


def replied_to(function: Callable[..., Any], given: Mapping[str, Any]) -> Reply:
    """What a function of this process makes of these arguments."""
    return _quietly(partial(function, **given))


def _quietly(ask: Callable[[], Any], *, after: bool = False) -> Reply:
    """The reply of a function of ours. What it warns of is known, and nobody waits for it here."""
    with np.errstate(all="ignore"), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        reply = reply_to(ask, after=after)
    assert reply is not None
    return reply


def _outline(value: Any) -> str:
    """What a call asks of a function, roughly: two calls with the same outline ask the same."""
    array = np.asarray(value) if not isinstance(value, str) else np.zeros(0)
    if isinstance(value, str):
        return value
    if array.dtype.kind not in "biuf":
        return type(value).__name__
    numbers = array.astype(float)
    odd = "nan" if np.isnan(numbers).any() else "inf" if np.isinf(numbers).any() else ""
    beyond = numbers.size and numbers.min() < 0, numbers.size and numbers.max() > 1
    return f"{array.ndim} {array.size == 0} {odd} {beyond}"


def traits_of(given: Mapping[str, Any], right: Reply) -> frozenset[str]:
    arrays = [np.asarray(value, dtype=float) for value in given.values() if _is_array(value)]
    traits = set()
    if any(array.size and len(array) == 1 for array in arrays):
        traits.add("single_entry")
    if any(array.size > 1 and np.ptp(array) == 0 and not _is_whole(array) for array in arrays):
        traits.add("equal_entries")
    if any(not _is_whole(a) and a.min() >= 0 and a.max() <= 1 and (a.min() == 0 or a.max() == 1) for a in arrays):
        traits.add("certain")
    if len(arrays) == 2 and arrays[0].shape == arrays[1].shape and np.array_equal(arrays[0], arrays[1]):
        traits.add("no_error")
    if not np.isfinite(right.numbers).all() or right.failed:
        traits.add("undefined")
    return frozenset(traits)


def _is_array(value: Any) -> bool:
    return value is not None and not isinstance(value, str) and np.ndim(value) > 0 and np.size(value) > 0


def _has_constant_column(value: Any) -> bool:
    """Whether a column says nothing; one of ones may stand for an intercept."""
    if not _is_array(value) or np.ndim(value) != 2 or len(value) < 2:
        return False
    flat = np.ptp(array := np.asarray(value, dtype=np.float64), axis=0) == 0
    return not np.isin(array[:, flat], (0, 1)).all()


def _is_whole(array: np.ndarray) -> bool:
    return bool((array == np.round(array)).all())
