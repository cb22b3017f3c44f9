"""What is wrong with a course folder or a command is told in one sentence, with the exit status that the help names."""

from __future__ import annotations

import shutil

import miniature
import pytest
from courses import UNIT, Course


def told(course: Course, *arguments: str, status: int = 2) -> str:
    """The one sentence of a command that does nothing."""
    done = course.here(*arguments)
    assert done.returncode == status, done.stdout + done.stderr
    assert "Traceback" not in done.stdout + done.stderr
    return " ".join((done.stdout + done.stderr).split())


@pytest.mark.parametrize(
    "command",
    [("grade",), ("feedback",), ("report",), ("export", "--to", "canvas", "--from", "canvas.csv")],
    ids=" ".join,
)
def test_a_gradebook_that_is_none(course: Course, command: tuple[str, ...]) -> None:
    course.submit("ada", miniature.blank())
    (course.root / "gradebook.db").write_bytes(b"junk\n" * 1000)
    (course.root / "canvas.csv").write_text("Student,ID\n")
    said = told(course, command[0], UNIT, *command[1:])
    assert ". " not in said
    assert "gradebook.db cannot be opened: file is not a database." in said
    assert not (course.root / "autograded").exists()


def test_a_gradebook_in_a_folder_that_is_not_there(course: Course) -> None:
    course.submit("ada", miniature.blank())
    with (course.root / "nbgrader_config.py").open("a") as file:
        file.write('c.CourseDirectory.db_url = "sqlite:////nowhere/in/particular.db"\n')
    said = told(course, "grade", UNIT)
    assert "/nowhere/in/particular.db cannot be opened: unable to open database file." in said
    assert "kept" not in said


def test_whoever_and_whatever_is_not_there(course: Course) -> None:
    course.submit("ada", miniature.blank())
    assert "Nothing was handed in for 01-bce by nobody-here" in told(course, "grade", UNIT, "--student", "nobody-here")
    for command in ("grade", "feedback", "report"):
        assert told(course, command, "99-x").startswith("There is no assignment '99-x' in this course"), command
    for name in (".", "", "..", "a/b"):
        for command in ("grade", "feedback"):
            assert "is no assignment's name" in told(course, command, name).replace("│ ", "").replace("’", "'"), name


def test_where_nobody_has_handed_in(course: Course) -> None:
    """Fails where "0 of 0 submissions" is a success."""
    assert "there is no folder" in told(course, "grade", UNIT)
    assert "Nothing has been graded yet" in told(course, "feedback", UNIT, status=1)
    assert told(course, "check", "nope.ipynb").startswith("Not graded: The file could not be opened")


def test_a_broken_second_configuration_is_called_by_its_name(course: Course) -> None:
    course.submit("ada", miniature.blank())
    (course.root / "nbgrader_config.json").write_text('{\n"Autograde": {')
    said = told(course, "grade", UNIT)
    assert "nbgrader_config.json, line 2: JSONDecodeError" in said
    assert "nbgrader_config.py" not in said


def test_who_has_a_score_and_handed_in_nothing_is_named(course: Course) -> None:
    """Fails where a folder that was taken away or renamed leaves a score of which nobody hears."""
    for student in ("ada", "bob"):
        course.submit(student, miniature.notebook())
    assert "not in submitted/" not in course.grade().stdout
    shutil.rmtree(course.root / "submitted" / "bob")
    done = course.grade()
    assert done.returncode == 0
    said = " ".join(done.stdout.split())
    assert "With a score in the gradebook, which stays, and not in submitted/: bob" in said
    assert course.scores()["bob"] == course.most
    assert "not in submitted/" not in course.grade("--student", "ada").stdout
