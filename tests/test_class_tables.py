"""What a person reads at the end of a run."""

from __future__ import annotations

import re

import pytest
from rich.console import Console

from autograder.classes.tally import Tally
from autograder.screens import class_tables
from autograder.screens.bar import bar


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


@pytest.mark.parametrize(
    ("done", "fresh", "seconds", "said"),
    [
        (40, 0, 0.001, "40/40 0:00:00"),  # nothing was to do: no 5,449,393 a minute
        (22, 10, 30.0, "22/40 20/min 0:00:54 left"),  # twelve were graded before, in no time
        (13, 1, 0.05, "13/40"),  # the first result: too early for 10,039 a minute
        (40, 28, 84.0, "40/40 20/min 0:01:24"),
        (0, 0, 9.0, "0/40"),
    ],
)
def test_the_bar_tells_the_pace_of_what_is_done_in_this_run(done: int, fresh: int, seconds: float, said: str) -> None:
    clock = [0.0]
    console = Console(width=200)
    with console.capture() as captured:
        progress = bar(console)
        progress.get_time = lambda: clock[0]
        its = progress.add_task("ps1", total=40, fresh=0, failed="")
        clock[0] = seconds
        progress.update(its, completed=done, fresh=fresh)
        console.print(progress.get_renderable())
    assert re.sub(r"[━╸╺ ]+", " ", captured.get()).strip() == f"ps1 {said}"
