"""Of a submission only the notebook is taken; what lies beside it harms nobody and goes nowhere."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

SECRET = "the-classmates-answer"
GIVEN = {"01-bce/lesson.py", "01-bce/breast_cancer.csv"}
"""What the assignment itself brings, beside its notebook."""


def plant(course: Any) -> Path:
    course.submit("ada", course.right)
    (course.root / "source" / "01-bce" / "secret.txt").write_text(SECRET)
    folder = course.submitted("eve")
    course.submit("eve", course.blank)
    for name in ("numpy.py", "nbgrader_config.py", "sitecustomize.py", "lesson.py", "conftest.py"):
        (folder / name).write_text(
            "import pathlib\npathlib.Path(__file__).with_name('ran').touch()\nraise SystemExit\n"
        )
    (folder / "mate.ipynb").symlink_to(course.root / "submitted" / "ada" / "01-bce" / "01-bce.ipynb")
    (folder / "mate.txt").symlink_to(course.root / "submitted" / "ada" / "01-bce" / "01-bce.ipynb")
    (folder / "secret.txt").symlink_to(course.root / "source" / "01-bce" / "secret.txt")
    (folder / "all").symlink_to(course.root / "source", target_is_directory=True)
    (folder / "endless").symlink_to("/dev/zero")
    os.mkfifo(folder / "pipe")
    (folder / "deep" / "er").mkdir(parents=True)
    (folder / "deep" / "er" / "page.html").write_text("<script>1</script>")
    (folder / ".hidden").write_text("x")
    (folder / "page.html").write_text("<script>1</script>")
    with (folder / "huge.bin").open("wb") as file:
        file.truncate(20 << 30)
    return folder


def files(folder: Path) -> set[str]:
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if not path.is_dir()}


def test_planted_files_are_neither_used_nor_copied(course: Any) -> None:
    folder = plant(course)
    [done] = course.autograde("eve")
    assert done["success"], done
    assert course.automatic("eve") == (0.0, False)
    assert files(course.root / "autograded" / "eve") == {*GIVEN, "01-bce/01-bce.ipynb", "01-bce/secret.txt"}
    assert not (course.root / "autograded" / "eve" / "01-bce" / "secret.txt").is_symlink()
    lesson = course.root / "autograded" / "eve" / "01-bce" / "lesson.py"
    assert lesson.read_bytes() == (course.root / "source" / "01-bce" / "lesson.py").read_bytes()
    assert not (folder / "ran").exists()


def test_planted_files_are_not_in_the_feedback(course: Any) -> None:
    (course.root / "submitted").mkdir()
    plant(course)
    (course.root / "source" / "01-bce" / "secret.txt").unlink()
    course.autograde("eve")
    done = course.api().generate_feedback("01-bce", "eve")
    assert done["success"], done
    assert files(course.root / "feedback" / "eve") == {*GIVEN, "01-bce/01-bce.html"}


def test_the_next_student_is_graded_as_ever(course: Any) -> None:
    plant(course)
    course.submit("zoe", course.right)
    [done] = course.autograde("*")
    assert done["success"], done
    assert course.automatic("zoe") == (course.most, False)
    assert course.automatic("ada") == (course.most, False)
    assert course.automatic("eve") == (0.0, False)


def test_what_the_exchange_put_there_goes_along(course: Any) -> None:
    """Without the secret feedback would not be given back, and without the time stamp nobody would be late."""
    course.submit("ada", course.blank)
    folder = course.submitted("ada")
    (folder / "timestamp.txt").write_text("2026-01-01 10:00:00 UTC")
    (folder / "submission_secret.txt").write_text("abc")
    assert course.nbgrader("autograde", "01-bce").returncode == 0
    assert course.automatic("ada") == (0.0, False)
    stamp = course.root / "autograded" / "ada" / "01-bce" / "timestamp.txt"
    assert stamp.read_text() == "2026-01-01 10:00:00 UTC"
    assert course.nbgrader("generate_feedback", "01-bce").returncode == 0
    assert (course.root / "feedback" / "ada" / "01-bce" / "submission_secret.txt").read_text() == "abc"

    course.submit("ada", course.right)
    (folder / "timestamp.txt").write_text("2026-01-02 10:00:00 UTC")
    assert course.nbgrader("autograde", "01-bce").returncode == 0
    assert course.automatic("ada") == (course.most, False)
    assert stamp.read_text() == "2026-01-02 10:00:00 UTC"


def test_a_link_for_a_submission_secret_is_left_behind(course: Any) -> None:
    course.submit("eve", course.blank)
    (course.root / "gradebook-key").write_text(SECRET)
    (course.submitted("eve") / "submission_secret.txt").symlink_to(course.root / "gradebook-key")
    course.autograde("eve")
    assert files(course.root / "autograded" / "eve") == {*GIVEN, "01-bce/01-bce.ipynb"}
