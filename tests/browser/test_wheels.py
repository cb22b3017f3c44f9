"""What a reader's browser gets beside the pages: pure Python, and of the course only what it chose to share."""

from __future__ import annotations

import io
import shutil
import zipfile

import pytest
from miniature import COURSE

from website import wheels


def names(wheel: wheels.Wheel) -> list[str]:
    return zipfile.ZipFile(io.BytesIO(wheel.data)).namelist()


def test_nothing_in_a_wheel_is_compiled_and_the_same_files_give_the_same_bytes():
    for wheel in wheels.wheels():
        assert wheel.name.endswith("-py3-none-any.whl")
        assert not [name for name in names(wheel) if name.endswith((".so", ".pyd"))]
    assert wheels.bundle(COURSE) == wheels.bundle(COURSE)


@pytest.mark.parametrize("setting", ["self_study = false", ""])
def test_a_course_that_does_not_share_its_tests_keeps_all_of_them(tmp_path, setting):
    for top in ("release", "course"):
        shutil.copytree(COURSE / top / "01-bce", tmp_path / top / "01-bce")
    shutil.copy(COURSE / "nbgrader_config.py", tmp_path)
    (tmp_path / "autograder.toml").write_text(setting)
    kept = names(wheels.bundle(tmp_path))
    assert "self_study/release/01-bce/01-bce.ipynb" in kept
    assert not [name for name in kept if name.startswith("self_study/course/")]
    (tmp_path / "autograder.toml").write_text("self_study = true")
    assert "self_study/course/01-bce/suite.py" in names(wheels.bundle(tmp_path))
