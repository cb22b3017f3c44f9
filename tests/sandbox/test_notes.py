"""What was worked out before is read again where it is whole and this user's own, and is what would be worked out."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from miniature import COURSE

from autograder.grading.diagnosis import questions
from autograder.notebooks import assignment
from autograder.wall.outside.notes import Notes

NOTES = Notes("things", most=3)


@pytest.fixture
def notes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    return tmp_path / "autograder"


def test_what_was_noted_is_read(notes: Path) -> None:
    assert NOTES.read("one") is None
    NOTES.write("one", b"first")
    assert NOTES.read("one") == b"first"
    NOTES.write("one", b"second")
    assert (NOTES.read("one"), NOTES.read("two")) == (b"second", None)


def cut(note: Path) -> None:
    note.write_bytes(note.read_bytes()[:-1])


def written_over(note: Path) -> None:
    note.write_bytes(b"x" * 40)


def open_to_others(note: Path) -> None:
    note.parent.chmod(0o777)


def a_link(note: Path) -> None:
    kept = note.rename(note.parent.parent / "kept")
    note.symlink_to(kept)


def of_somebody_else(note: Path) -> None:
    if os.getuid():
        pytest.skip("only root can make a file of somebody else's")
    os.chown(note, 65534, 65534)


@pytest.mark.parametrize("spoil", [cut, written_over, open_to_others, a_link, of_somebody_else])
def test_a_note_that_cannot_be_trusted_is_none(notes: Path, spoil) -> None:
    NOTES.write("one", b"first")
    spoil(notes / "things" / "one")
    assert NOTES.read("one") is None


def test_the_oldest_go_first(notes: Path) -> None:
    for number in range(5):
        NOTES.write(str(number), b"")
        os.utime(notes / "things" / str(number), (number, number))
    assert sorted(path.name for path in (notes / "things").iterdir()) == ["2", "3", "4"]


def test_the_probes_that_are_asked_are_those_that_are_compared_whether_noted_or_not(notes: Path) -> None:
    unit = assignment.load("02-rmse", COURSE).unit
    assert unit is not None
    for cell in ("test_rmse", "test_mae"):
        probes = [probe.call.request for probe in questions.probes(unit, cell)]
        questions.requests.cache_clear()
        assert len(probes) > 20
        assert list(questions.requests(unit, cell)) == probes
        questions.requests.cache_clear()
        assert list(questions.requests(unit, cell)) == probes
    assert len(list((notes / "probes").iterdir())) == 2
