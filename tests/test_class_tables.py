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


def test_the_parts_add_up_to_the_whole() -> None:
    """Fails where what lies in submitted/ under no student's name is said to be ungraded, and not counted so."""
    tally = Tally(40, done=40, full=12, ungraded=dict.fromkeys(map(str, range(17)), "No."), odd=("x", "y", "z"))
    console = Console(width=5000)
    with console.capture() as captured:
        console.print(next(iter(class_tables.summary(tally))))
    assert "43 of 43 submissions: 12 with all automatic points, 11 with some lost, 20 not graded." in captured.get()
