"""A submitted folder is read through its own descriptor: nothing that changes meanwhile leads anywhere else."""

from __future__ import annotations

import errno
import os
import threading
from pathlib import Path

import pytest

from autograder.notebooks import folder

NAME = "01-bce"


@pytest.fixture
def submitted(tmp_path: Path) -> Path:
    """Of two students, with something to find in each notebook."""
    for student in ("ada", "eve"):
        place = tmp_path / "submitted" / student / NAME
        place.mkdir(parents=True)
        (place / f"{NAME}.ipynb").write_text(student)
    return tmp_path / "submitted"


def collect(submitted: Path, *below: str) -> folder.Submitted:
    return folder.collect(submitted, below, NAME)


def test_what_is_there_is_read(submitted: Path) -> None:
    (submitted / "eve" / NAME / "timestamp.txt").write_text("2026-01-02 00:00:00 UTC")
    found = collect(submitted, "eve", NAME)
    assert (found.handed_in.data, found.handed_in.reason, found.timed) == (b"eve", "", True)
    assert found.timestamp is not None
    assert found.sidecars == {"timestamp.txt": b"2026-01-02 00:00:00 UTC"}


def test_the_courses_own_folder_may_be_a_link(submitted: Path) -> None:
    moved = submitted.rename(submitted.with_name("disk"))
    submitted.symlink_to(moved)
    assert collect(submitted, "eve", NAME).handed_in.data == b"eve"


@pytest.mark.parametrize("swapped", [("eve",), ("eve", NAME), ("eve", NAME, f"{NAME}.ipynb")])
def test_a_link_that_comes_and_goes_is_never_followed(submitted: Path, swapped: tuple[str, ...]) -> None:
    """Fails where a name is looked at first and opened later."""
    place = submitted.joinpath(*swapped)
    kept, link = place.with_name("kept"), place.with_name("link")
    link.symlink_to(submitted.joinpath("ada", *swapped[1:]))
    over = threading.Event()

    def swap() -> None:
        while not over.is_set():
            place.rename(kept)
            link.rename(place)
            place.rename(link)
            kept.rename(place)

    swapper = threading.Thread(target=swap)
    swapper.start()
    try:
        found = [collect(submitted, "eve", NAME).handed_in for _ in range(3_000)]
    finally:
        over.set()
        swapper.join()
    assert {one.data for one in found} <= {b"eve", b""}
    assert all(one.data or one.reason for one in found)
    assert any(one.data for one in found)
    assert any("link" in one.reason for one in found)


def test_a_disk_that_fails_costs_one_submission(submitted: Path, monkeypatch: pytest.MonkeyPatch, caplog) -> None:
    """Fails where an error that nobody thought of ends the class."""
    whole = folder.read_bytes

    def read_bytes(name: str, folder: int) -> bytes:
        if os.readlink(f"/proc/self/fd/{folder}").endswith(f"eve/{NAME}"):
            raise OSError(errno.EIO, "Input/output error")
        return whole(name, folder)

    monkeypatch.setattr(folder, "read_bytes", read_bytes)
    assert collect(submitted, "ada", NAME).handed_in.data == b"ada"
    found = collect(submitted, "eve", NAME)
    assert (found.handed_in.data, found.timed) == (b"", False)
    assert found.handed_in.reason == "The grader could not read this folder (OSError). A person has to look into it."
    assert "Input/output error" in caplog.text


def test_no_descriptor_is_left_open(submitted: Path) -> None:
    (submitted / "eve" / "link").symlink_to("..")
    before = len(os.listdir("/proc/self/fd")) if os.path.isdir("/proc/self/fd") else 0
    for below in (("eve", NAME), ("eve", "link"), ("eve", "gone"), ("gone", NAME)):
        collect(submitted, *below)
    assert before == (len(os.listdir("/proc/self/fd")) if before else 0)
