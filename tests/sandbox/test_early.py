"""A process beyond the wall that was started early serves as one that was started when somebody asked for it."""

from __future__ import annotations

import sys
from collections.abc import Iterator

import pytest

from autograder.session.dialogue import Described
from autograder.wall.both.protocol import DescribeName
from autograder.wall.outside import doctor
from autograder.wall.outside.bubblewrap import Bubblewrap
from autograder.wall.outside.lane import ColdLane, EarlyLane
from autograder.wall.outside.process import Broken, Gone

pytestmark = [
    pytest.mark.skipif(sys.platform != "linux", reason="there is a wall on Linux only"),
    pytest.mark.usefixtures("nothing_left"),
]


@pytest.fixture
def lane() -> Iterator[EarlyLane]:
    early = EarlyLane(doctor.best())
    yield early
    early.close()


def test_the_process_that_was_begun_is_given_out_once(lane: EarlyLane) -> None:
    begun = lane.begin()._next
    first, second = lane.open(), lane.open()
    assert first is begun is not second
    for process in (first, second):
        assert process.ask(DescribeName("print"), 30) == Described(callable=False)
        process.end()


def test_one_that_draws_is_another_one(lane: EarlyLane) -> None:
    begun = lane.begin()._next
    drawing = lane.open(figures="own")
    assert drawing is not begun
    drawing.end()
    plain = lane.open()
    assert plain is begun
    plain.end()


def test_one_that_nobody_asked_for_is_ended(lane: EarlyLane) -> None:
    begun = lane.begin()._next
    assert begun is not None
    lane.close()
    with pytest.raises(Gone):
        begun.ask(DescribeName("print"), 1)


def test_one_that_does_not_start_is_said_where_it_is_asked_for(tmp_path) -> None:
    binary = tmp_path / "bwrap"
    binary.write_text("#!/bin/sh\necho 'setting up uid map' >&2\nexit 1\n")
    binary.chmod(0o755)
    doubted: list[bool] = []
    cold = ColdLane(Bubblewrap(binary), unsure=lambda: doubted.append(True))
    early = EarlyLane(cold).begin()
    with pytest.raises(Broken, match="uid map"):
        early.open()
    assert doubted == [True]
    early.close()
