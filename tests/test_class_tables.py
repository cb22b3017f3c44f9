"""What a person reads at the end of a run."""

from __future__ import annotations

from rich.console import Console

from autograder.classes.tally import Tally
from autograder.screens import class_tables


def test_everybody_who_needs_a_person_is_named() -> None:
    """Fails where a long list is cut: the help says that what could not be graded is named."""
    who = [f"student-{number:02}" for number in range(24)]
    tally = Tally(
        96,
        ungraded=dict.fromkeys(who, "There is nothing."),
        unwritten={f"{name}-unwritten": "No." for name in who},
        unknown=[f"{name}-unknown" for name in who],
        odd=tuple(f"{name}-odd is not a student's id" for name in who),
    )
    console = Console(width=5000)
    with console.capture() as captured:
        for part in class_tables.summary(tally):
            console.print(part)
    said = " ".join(captured.get().split()) + " "
    for name in who:
        assert all(f"{name}{kind}" in said for kind in (" ", "-unwritten", "-unknown", "-odd")), name
