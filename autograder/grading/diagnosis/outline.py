"""What can be said of a wrong formula that nobody knows: how near it comes, where it is right, what it depends on."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from autograder.grading.diagnosis.bench import Bench, Places
from autograder.grading.diagnosis.finding import Finding
from autograder.grading.diagnosis.probe import Probe
from autograder.grading.diagnosis.reply import Reply, constant, row_of, same
from autograder.grading.diagnosis.twin import right_in_small, unlike

_NEAR, _NEARLY_0 = 1e-3, 1e-6
_LEAST = 6
_LEAST_OF_A_KIND = 2
_LEAST_SHARE = 0.15
"""So many of the calls have to be right, and so many wrong, before a kind of input is said to make the difference."""

_KINDS: tuple[tuple[str, Callable[[Sequence[np.ndarray]], bool]], ...] = (
    ("an even number of entries", lambda arrays: len(arrays[0]) % 2 == 0),
    ("an odd number of entries", lambda arrays: len(arrays[0]) % 2 == 1),
    ("an entry below 0", lambda arrays: any((array < 0).any() for array in arrays)),
    ("no entry below 0", lambda arrays: not any((array < 0).any() for array in arrays)),
    ("whole numbers only", lambda arrays: all((array == np.round(array)).all() for array in arrays)),
    ("numbers that are not whole", lambda arrays: any((array != np.round(array)).any() for array in arrays)),
    ("an entry that comes more than once", lambda arrays: any(len(np.unique(a)) < a.size for a in arrays)),
    ("an entry above 1", lambda arrays: any((array > 1).any() for array in arrays)),
    ("an entry that is 0", lambda arrays: any((array == 0).any() for array in arrays)),
    ("arrays of unequal length", lambda arrays: len({len(array) for array in arrays}) > 1),
)
"""Of inputs, in words that go on after "with"."""


def outline(bench: Bench, theirs: Sequence[Reply], places: Places) -> Finding | None:
    """The first of these that holds. All of them are true of a function, whatever its formula is."""
    if constant([theirs[place] for place in places]):
        return None
    small = right_in_small(bench.probes, theirs)
    last = None if small is None else Finding(small.name, "relation", small.says)
    found = _near(bench, theirs, places) or _by_kind(bench, theirs, places) or _by_twin(bench, theirs)
    if small is not None and small.name == "right_in_small":
        found = found or last
    option, where = _by_option(bench, theirs) or (None, "")
    if found is not None and found.hint is not None and where:
        return replace(found, hint=f"{where} {found.hint}")
    return found or option or _by_size(bench, theirs, places) or last


def _near(bench: Bench, theirs: Sequence[Reply], places: Places) -> Finding | None:
    if any(theirs[place].form != bench.probes[place].right.form for place in places):
        return None
    row, right = row_of([theirs[place] for place in places]), row_of([bench.probes[place].right for place in places])
    with np.errstate(all="ignore"):
        if not row.size or not (np.abs(row - right) <= _NEAR * np.abs(right) + _NEARLY_0).all():
            return None
    hint = "Your result is near the right one, but has fewer digits. Which small number, or which rounding, comes in?"
    return Finding("nearly_right", "relation", hint)


def _by_option(bench: Bench, theirs: Sequence[Reply]) -> tuple[Finding, str] | None:
    """Which of the options is right everywhere, and which is not; and the sentence about it alone."""
    name = next((n for n, v in bench.probes[bench.ordinary[0]].given.items() if isinstance(v, str)), None)
    if name is None:
        return None
    right: dict[str, bool] = defaultdict(lambda: True)
    for place in bench.ordinary:
        right[bench.probes[place].given[name]] &= same(theirs[place], bench.probes[place].right)
    good, bad = ([f"{name} = '{option}'" for option, yes in right.items() if yes is wanted] for wanted in (True, False))
    if not good or not bad:
        return None
    where = f"Your result is right for {' and '.join(good)}, and wrong for {' and '.join(bad)}."
    return Finding("wrong_for_an_option", "relation", f"{where} What differs there?"), where


def _by_kind(bench: Bench, theirs: Sequence[Reply], places: Places) -> Finding | None:
    """The kind of input with which a function is wrong, and without which it is right."""
    asked = [(_arrays(bench.probes[place]), same(theirs[place], bench.probes[place].right)) for place in places]
    asked = [(arrays, right) for arrays, right in asked if arrays]
    fewer = min(sum(right for _, right in asked), sum(not right for _, right in asked))
    if len(asked) < _LEAST or fewer < max(_LEAST_OF_A_KIND, _LEAST_SHARE * len(asked)):
        return None
    for words, holds in _KINDS:
        if all(holds(arrays) != right for arrays, right in asked):
            hint = f"Your result is right elsewhere, and wrong with {words}. What does your function do with them?"
            return Finding("wrong_for_some_inputs", "relation", hint)
    return None


def _arrays(probe: Probe) -> list[np.ndarray]:
    given: Mapping[str, Any] = probe.given
    return [
        np.asarray(v, dtype=float) for v in given.values() if v is not None and not isinstance(v, str) and np.ndim(v)
    ]


def _by_twin(bench: Bench, theirs: Sequence[Reply]) -> Finding | None:
    twin = unlike(bench.probes, theirs)
    return None if twin is None else Finding(twin.name, "relation", twin.says)


def _by_size(bench: Bench, theirs: Sequence[Reply], places: Places) -> Finding | None:
    """On which side of the right result all results are."""
    pairs = [(theirs[place], bench.probes[place].right) for place in places]
    for probe, reply in zip(bench.probes, theirs, strict=True):  # it is said of all inputs
        truth = probe.right
        if reply.form == truth.form and truth.kind != "left" and np.isfinite([*reply.numbers, *truth.numbers]).all():
            pairs.append((reply, truth))
    if any(reply.form != right.form or reply.kind == "text" for reply, right in pairs):
        return None
    row, right = row_of([reply for reply, _ in pairs]), row_of([truth for _, truth in pairs])
    if row.size < _LEAST or not np.isfinite(row).all():
        return None
    slack = 1e-9 + 1e-6 * np.abs(right)
    for name, words, holds in (
        ("too_large", "never below the right one, and often above it", (row >= right - slack).all()),
        ("too_small", "never above the right one, and often below it", (row <= right + slack).all()),
    ):
        if holds:
            hint = f"Your result is {words}. Take the smallest input that shows it, and compute it by hand."
            return Finding(name, "relation", hint)
    return None
