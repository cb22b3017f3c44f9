"""`autograder feedback` makes the pages that nbgrader makes, in several processes."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import miniature
import pytest
from courses import UNIT, Course, until
from nbgrader.api import Gradebook


def feedback(course: Course, *arguments: str) -> subprocess.CompletedProcess[str]:
    return course.here("feedback", UNIT, *arguments)


def pages(course: Course) -> dict[str, str]:
    return {path.parts[-3]: path.read_text() for path in (course.root / "feedback").glob("*/*/*.html")}


@pytest.fixture
def graded(course: Course) -> Course:
    for student in ("ada", "bob", "eve"):
        course.submit(student, miniature.notebook() if student == "ada" else miniature.blank())
    assert course.grade().returncode == 0
    return course


def test_the_pages_are_nbgraders(graded: Course) -> None:
    graded.nbgrader("generate_feedback", UNIT)
    theirs = pages(graded)
    for path in (graded.root / "feedback").glob("*/*/*.html"):
        path.unlink()
    command = graded.command("feedback", UNIT, "--workers", "2")
    done = subprocess.run(command, cwd=graded.root, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr
    assert "3 of 3 pages" in done.stdout
    assert pages(graded) == theirs
    assert theirs.keys() == {"ada", "bob", "eve"}


def test_a_page_follows_what_a_person_wrote_into_the_gradebook(graded: Course) -> None:
    assert feedback(graded, "--student", "ada", "--workers", "1").returncode == 0
    assert pages(graded).keys() == {"ada"}
    with Gradebook(graded.database, "loss-metrics") as book:
        book.find_comment("no_way_to_zero", UNIT, UNIT, "ada").manual_comment = "Come and see me."
        book.db.commit()
    assert feedback(graded, "--workers", "1").returncode == 0
    assert "Come and see me." in pages(graded)["ada"]


def test_a_page_that_cannot_be_made_is_named_and_stops_no_other(graded: Course) -> None:
    page = graded.root / "autograded" / "bob" / UNIT / f"{UNIT}.ipynb"
    page.unlink()
    page.write_text("not a notebook")
    done = feedback(graded, "--workers", "1")
    assert done.returncode == 1
    assert "bob" in done.stdout
    assert pages(graded).keys() == {"ada", "eve"}


def test_nothing_graded_is_told_in_a_sentence(course: Course) -> None:
    done = feedback(course)
    assert done.returncode == 1
    assert "Run: autograder grade 01-bce" in done.stderr


def test_one_students_page_opens_in_the_browser(
    graded: Course, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With a browser that writes down what it was asked for."""
    programs, asked = tmp_path / "programs", tmp_path / "asked"
    programs.mkdir()
    for name in ("xdg-open", "www-browser"):
        (programs / name).write_text(f'#!/bin/sh\nprintf %s "$1" > {asked}\n')
        (programs / name).chmod(0o755)
    monkeypatch.setenv("PATH", f"{programs}{os.pathsep}{os.environ['PATH']}")
    done = feedback(graded, "--student", "ada", "--workers", "1", "--open")
    assert done.returncode == 0, done.stderr
    until(asked.is_file)
    page = graded.root / "feedback" / "ada" / UNIT / f"{UNIT}.html"
    assert asked.read_text() == str(page)
    assert page.is_file()
    assert feedback(graded, "--open").returncode == 2
