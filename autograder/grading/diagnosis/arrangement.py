"""Right numbers in another form: other values beside them, in another shape, or one value of several that is wrong."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np

from autograder.grading.diagnosis.bench import Bench, Places
from autograder.grading.diagnosis.finding import Finding, broken_promise, explained
from autograder.grading.diagnosis.formula import explanations, formula
from autograder.grading.diagnosis.promise import broken
from autograder.grading.diagnosis.reply import Reply, constant, joined, parts_of, returned_as, same
from autograder.words import one_line

_READ = "Read in the docstring what is returned, and in which form."
_MOST_PARTS = 4
_ORDINALS = ("first", "second", "third", "fourth")
_CLEARLY = 0.7
"""The share of what is wrong that one sentence has to explain."""


def _unwrapped(theirs: Reply, truth: Reply) -> Reply | None:
    return _rearranged(theirs, truth) if truth.shape == () else None


def _reshaped(theirs: Reply, truth: Reply) -> Reply | None:
    return _rearranged(theirs, truth) if theirs.kind == truth.kind == "number" else None


def _rearranged(theirs: Reply, truth: Reply) -> Reply | None:
    alike = theirs.numbers.size == truth.numbers.size and theirs.form != truth.form
    return Reply(truth.form, theirs.numbers) if alike and theirs.kind in ("number", "parts") else None


def _sorted(theirs: Reply, truth: Reply) -> Reply | None:
    return returned_as(np.sort(theirs.numbers)) if theirs.shape and len(theirs.shape) == 1 else None


def _once(theirs: Reply, truth: Reply) -> Reply | None:
    return returned_as(np.unique(theirs.numbers)) if theirs.shape and len(theirs.shape) == 1 else None


def _where(theirs: Reply, truth: Reply) -> Reply | None:
    mask = theirs.shape and len(theirs.shape) == 1 and np.isin(theirs.numbers, (0, 1)).all()
    return returned_as(np.flatnonzero(theirs.array)) if mask else None


def _first(theirs: Reply, truth: Reply) -> Reply | None:
    return _one_of(theirs, truth, 0)


def _last(theirs: Reply, truth: Reply) -> Reply | None:
    return _one_of(theirs, truth, -1)


def _one_of(theirs: Reply, truth: Reply, place: int) -> Reply | None:
    parts = parts_of(theirs)
    return parts[place] if 1 < len(parts) <= _MOST_PARTS and parts[place].form == truth.form else None


def _front(theirs: Reply, truth: Reply) -> Reply | None:
    count, parts = len(parts_of(truth)), parts_of(theirs)
    return joined(parts[:count]) if 1 < count < len(parts) <= _MOST_PARTS + 2 else None


_ALONE = "What is the shape of what you return, and what shape has a number?"
_SHAPE = "Print the shape of what you return, and compare it with the docstring."
_VIEWS: tuple[tuple[str, str, str, Callable[[Reply, Reply], Reply | None]], ...] = (
    ("other_arrangement", "the right number, but inside a list or an array", _ALONE, _unwrapped),
    ("other_arrangement", "made of the right numbers, but in another shape than asked for", _SHAPE, _reshaped),
    ("other_arrangement", "made of the right values, but not in the form that is asked for", _READ, _rearranged),
    ("unsorted_entries", "the right entries, but in another order", "In which order does the text want them?", _sorted),
    ("repeated_entries", "the right entries, but some more than once", "How often may each be in the result?", _once),
    ("mask_for_indices", "True or False for each entry in the place of indices", "Which entries are they?", _where),
    ("more_than_asked", "more than asked for, with the right one first", _READ, _first),
    ("more_than_asked", "more than asked for, with the right one last", _READ, _last),
    ("more_than_asked", "more than asked for, with the right values first", _READ, _front),
)


def seen_otherwise(bench: Bench, theirs: Sequence[Reply], places: Places) -> Finding | None:
    """The right numbers, or those of another explanation, in another form."""
    if len({theirs[place].form == bench.probes[place].right.form for place in places}) > 1:
        return None
    for name, what, asks, view in _VIEWS:
        replies = [r for p in places if (r := view(theirs[p], bench.probes[p].right)) is not None]
        if len(replies) < len(places):
            continue
        if all(same(reply, bench.probes[place].right) for reply, place in zip(replies, places, strict=True)):
            return Finding(name, "relation", f"Your result is {what}. {asks}")
        if found := list(explanations(bench, replies, places)):
            _, hypothesis, relations = min(found, key=lambda each: each[0])
            finding = explained(bench, hypothesis, relations)
            return replace(finding, also=finding.also or name)
    return None


def by_parts(bench: Bench, theirs: Sequence[Reply], places: Places) -> Finding | None:
    """Where several values are returned: which of them is wrong first, and what it is."""
    values = [parts_of(theirs[place]) for place in places]
    truths = [parts_of(bench.probes[place].right) for place in places]
    counts = {len(parts) for parts in (*values, *truths)}
    if len(counts) != 1 or not 2 <= (count := counts.pop()) <= _MOST_PARTS:
        return None
    right = [all(same(v[n], t[n]) for v, t in zip(values, truths, strict=True)) for n in range(count)]
    every = tuple(range(len(places)))
    first = right.index(False) if False in right else 0
    for wrong in [n for n in range(count) if not right[n]]:

        def pick(_: int, reply: Reply, wrong: int = wrong) -> Reply | None:
            parts = parts_of(reply)
            return parts[wrong] if len(parts) == count else None

        part = bench.part(places, pick, [n for n in range(count) if right[n]])
        finding = formula(part, [each[wrong] for each in values], every) or _by_distance(bench, values, places, wrong)
        # A value that depends on a wrong one agrees with much: only a known mistake is believed of it.
        if finding is not None and (wrong == first or (finding.layer == "catalogue" and finding.also is None)):
            value = f"The {_ORDINALS[wrong]} of your {count} values"
            return replace(finding, hint=(finding.hint or "").replace("Your result", value, 1))
    if not any(right) or all(right):
        return None
    bad = " and the ".join(_ORDINALS[n] for n in range(count) if not right[n])
    sure = f"The {_ORDINALS[right.index(True)]} of your {count} values is right, and the {bad} not always."
    asks = f"Say in words what the {_ORDINALS[first]} one is, then follow your function line by line."
    return Finding("one_part_wrong", "relation", f"{sure} {asks}", float(first + 1))


def _by_distance(bench: Bench, values: Sequence[Sequence[Reply]], places: Places, wrong: int) -> Finding | None:
    """Where a later value should be the first one and something more: what that something is."""
    if wrong == 0 or any(each[0].shape != each[wrong].shape for each in values):
        return None
    count = len(values[0])

    def pick(_: int, reply: Reply) -> Reply | None:
        parts = parts_of(reply)
        if len(parts) != count or parts[wrong].numbers.size != parts[0].numbers.size:
            return None
        return Reply(parts[wrong].form, parts[wrong].numbers - parts[0].numbers)

    distances = [Reply(each[wrong].form, each[wrong].numbers - each[0].numbers) for each in values]
    finding = formula(bench.part(places, pick), distances, tuple(range(len(places))))
    if finding is None or finding.hint is None or finding.layer != "relation":
        return finding
    return replace(
        finding, hint=finding.hint.replace("Your result", "The distance of the other values from the first", 1)
    )


def words(bench: Bench, theirs: Sequence[Reply], places: Places) -> Finding | None:
    """Where the result is a word: which word stands where another one is right."""
    both = [(bench.probes[place].right, theirs[place]) for place in places]
    pairs = [(str(t.form[1]), str(r.form[1])) for t, r in both if t.kind == r.kind == "text"]
    if len(pairs) < len(both):
        return None
    asked, said = {right for right, _ in pairs}, {word for _, word in pairs}
    if len(set(pairs)) == len(asked) == len(said) and said - asked:
        hint = "Your words are in the right places, but the docstring spells them in another way."
        return Finding("other_words", "relation", hint)
    mistaken = Counter(pair for pair in pairs if pair[0] != pair[1])
    most = mistaken.most_common(2)
    if sum(count for _, count in most) < _CLEARLY * mistaken.total():
        return None
    says = " and ".join(f"'{one_line(word, 30)}' where '{right}' is right" for (right, word), _ in most)
    turned = len(most) == 2 and most[0][0] == most[1][0][::-1]
    asks = "Which comparison points the other way?" if turned else "Which question tells the words apart?"
    return Finding("words_exchanged" if turned else "one_word_for_another", "relation", f"You say {says}. {asks}")


def form(bench: Bench, theirs: Sequence[Reply], places: Places) -> Finding | None:
    """What can be said of replies that are no numbers, or are numbers in another form than asked for."""
    replies = [theirs[place] for place in places]
    asked = [
        n
        for n, probe in enumerate(bench.probes)
        if probe.kind != "contract" and not probe.twin and not probe.right.failed
    ]
    if constant([theirs[n] for n in asked]) and replies[0].kind in ("number", "text"):
        return broken_promise("always_the_same", own_hint=True)
    if all(same(theirs[n], _trunc(bench.probes[n].right)) for n in asked if bench.probes[n].kind == "value"):
        return broken_promise("cuts_decimals", own_hint=True)
    names = [broken(bench.probes[place], theirs[place]) for place in places]
    name, count = Counter(names).most_common(1)[0]
    return broken_promise(name, own_hint=True) if name and count >= _CLEARLY * len(names) else None


def _trunc(reply: Reply) -> Reply:
    return Reply(reply.form, np.trunc(reply.numbers))
