"""The probes of a unit's functions: calls that the hidden suite would make with one fixed seed.

They are asked of everybody alike, after the visible examples, so that nothing that a student is shown of those can hold
a probe, and before the first hidden input, so that nothing that is made of the replies, no name, no number and no
signature, can hold one or changes with the seed.

Making them takes many runs of the suite. To ask them, their requests are enough, which are noted once for each state of
the unit and of the grader. Only where a function is wrong are the probes themselves made.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING

from autograder.grading import engine
from autograder.misconception import Misconception
from autograder.notebooks.units import Unit
from autograder.session.session import Session
from autograder.wall.both import wire
from autograder.wall.outside.notes import Notes

if TYPE_CHECKING:
    from autograder.grading.diagnosis.probe import Probe

SEEDS = (0x5EED_0F_9B0BE5, 0x5EED_1F_9B0BE5, 0x5EED_2F_9B0BE5)
"""Of the calls that become probes. Nobody is graded with one of them."""

_NOTES = Notes("probes", most=500)

Asked = Mapping[str, Sequence[bytes]]
"""The replies to the probes by cell, not looked into yet: most functions are right, and nobody needs them."""


def ask(unit: Unit, session: Session, cells: Iterable[str]) -> Asked:
    """Ask the probes of these functions. A function that does not reply to all, and soon, has no replies here."""
    found = {}
    for cell in cells:
        replies = session.first(cell.removeprefix("test_"), requests(unit, cell))
        if replies is not None:
            found[cell] = replies
    return found


@lru_cache(maxsize=256)
def requests(unit: Unit, cell: str) -> tuple[bytes, ...]:
    """The probes of a function as they are sent."""
    name = hashlib.sha256(engine.with_unit(unit) + cell.encode()).hexdigest()
    noted = _NOTES.read(name)
    if noted is not None:
        return tuple(wire.messages(noted))
    made = tuple(probe.call.request for probe in probes(unit, cell))
    _NOTES.write(name, b"".join(made))
    return made


@lru_cache(maxsize=256)
def probes(unit: Unit, cell: str) -> tuple[Probe, ...]:
    """What is asked of a function, right or wrong."""
    from autograder.grading.diagnosis.further import further
    from autograder.grading.diagnosis.probe import probes_of, tied
    from autograder.grading.diagnosis.twin import twins
    from autograder.grading.script import script_of

    name = cell.removeprefix("test_")
    reference = getattr(unit.reference, name)
    first, *others = SEEDS
    more = [script_of(unit, cell, seed, "value") for seed in others]
    found = probes_of(reference, script_of(unit, cell, first), more, [entry.wrong for entry in entries(unit, name)])
    found = (*found, *tied(reference, found))
    found = (*found, *further(reference, found))
    return (*found, *twins(reference, found))


def entries(unit: Unit, name: str) -> tuple[Misconception, ...]:
    """What the catalogue knows of this function."""
    return tuple(entry for entry in unit.misconceptions if entry.function == name)
