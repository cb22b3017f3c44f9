"""The diagnosis names the mistake that was made, or none, but never another one."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from autograder.grading.diagnosis.bench import bench
from autograder.grading.diagnosis.edge import Failure
from autograder.grading.diagnosis.inquiry import bench_of
from autograder.grading.diagnosis.probe import replied
from autograder.grading.diagnosis.search import search
from autograder.misconception import misconception
from benchmarks.naming import SEEDS, measured, name_for, variations
from benchmarks.trials import UNITS
from benchmarks.written import catalogued


@pytest.fixture(scope="module")
def named():
    return measured()


def test_there_are_enough_variations_and_their_names_are_in_the_catalogue():
    assert len(variations()) >= 60
    known = {(topic, entry.function, entry.name) for topic in catalogued() for entry in UNITS[topic].misconceptions}
    unknown = {(v.topic, v.function, name) for v in variations() for name in v.right} - known
    assert unknown == set()


def test_no_wrong_name_is_ever_said(named):
    assert [(n.variation.name, n.said) for n in named if n.verdict == "wrong"] == []


def test_at_least_95_percent_of_known_mistakes_are_named(named):
    known = [n for n in named if n.variation.right]
    missed = sorted({n.variation.name for n in known if n.verdict == "missed"})
    assert sum(n.verdict == "right" for n in known) >= 0.95 * len(known), missed


def test_every_catalogued_mistake_is_named_as_itself():
    """Or not at all where another one cannot be told from it, or where it shows once only: one in twenty at most."""
    said = {
        (entry.function, entry.name): name_for(topic, entry.function, entry.wrong, SEEDS[0])
        for topic in catalogued()
        for entry in UNITS[topic].misconceptions
    }
    assert {key: name for key, name in said.items() if name not in (key[1], None)} == {}
    silent = [key for key, name in said.items() if name is None]
    assert len(silent) <= len(said) / 20, silent


def twice(q):
    q = np.asarray(q, dtype=float)
    with np.errstate(all="ignore"):
        return -2 * (np.where(q > 0, q * np.log(q), 0) + np.where(q < 1, (1 - q) * np.log1p(-q), 0))


def careless(q):
    q = np.asarray(q, dtype=float)
    with np.errstate(all="ignore"):
        return -2 * (q * np.log(q) + (1 - q) * np.log1p(-q))


def test_of_mistakes_that_give_the_same_answers_none_is_named():
    """Only evidence that fits one mistake alone names anything; what stays is the relation, which is true of them all.

    The third one differs where care with numbers is tested, so that the others are looked at there as well."""
    entries = [misconception("binary_entropy", believes="One.", hint="?")(f) for f in (twice, twice, careless)]
    entries = [dataclasses.replace(entry, name=f"number_{number}") for number, entry in enumerate(entries)]
    its = bench_of(UNITS["bce"], "test_binary_entropy")
    reference = UNITS["bce"].reference.binary_entropy
    replies = [replied(twice, probe.call) for probe in its.probes]
    failed = [Failure("test_ordinary_coins", "value")]
    found = [
        search(bench(reference, {}, some, its.probes), replies, failed).name
        for some in (entries[:1], entries[1:], entries[:2], entries)
    ]
    assert found == ["number_0", "number_1", "twice", "twice"]
