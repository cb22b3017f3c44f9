"""An author's slip in a lesson is one sentence that names the file, the line and the cell; nothing is written."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from courses import Course
from miniature import COURSE

LESSON = """# Ranges

```{code-cell} ipython3
---
nbgrader:
  cell_type: code
  grade: false
  grade_id: spread
  locked: false
  schema_version: 3
  solution: true
  task: false
---
def spread(x):
    ### BEGIN SOLUTION
    return max(x) - min(x)
    ### END SOLUTION
```

```{code-cell} ipython3
---
nbgrader:
  cell_type: code
  grade: true
  grade_id: test_spread
  locked: true
  points: 2
  schema_version: 3
  solution: false
  task: false
---
assert spread([1, 5]) == 4
```
"""


@pytest.fixture
def course(tmp_path: Path) -> Course:
    (tmp_path / "course" / "ps1").mkdir(parents=True)
    (tmp_path / "course" / "ps1" / "ps1.md").write_text(LESSON)
    shutil.copy(COURSE / "nbgrader_config.py", tmp_path)
    return Course(tmp_path, unit="ps1")


def test_a_lesson_without_a_slip_is_built(course: Course) -> None:
    done = course.here("build")
    assert (done.returncode, done.stderr) == (0, "")
    assert (course.root / "release" / "ps1" / "ps1.ipynb").is_file()


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("grade_id: test_spread", "grade_id: spread", "line 25: the cell spread: Duplicate grade id"),
        ("  points: 2\n", "", "line 25: the cell test_spread: nbgrader cell 'test_spread' does not have points"),
        ("points: 2", "points: many", "line 25: the cell test_spread"),
        ("    ### END SOLUTION\n", "", "line 8: the cell spread: no end solution statement found"),
        ("  grade_id: spread", "  grade_id: 'spread", "line 3"),
        ("```{code-cell} ipython3", '+++ {"nbgrader": {{\n\n```{code-cell} ipython3', "line 3"),
    ],
)
def test_a_slip_is_one_sentence(course: Course, old: str, new: str, says: str) -> None:
    course.here("build")
    before = {path: path.read_bytes() for top in ("source", "release") for path in (course.root / top).rglob("*.*")}
    lesson = course.root / "course" / "ps1" / "ps1.md"
    assert old in lesson.read_text()
    lesson.write_text(lesson.read_text().replace(old, new, 1))
    for command in (["build"], ["build", "--check"]):
        done = course.here(*command)
        assert done.returncode == 2
        assert done.stderr.startswith("course/ps1/ps1.md, line "), done.stderr
        assert says in done.stderr
        assert len(done.stderr.splitlines()) == 1
        assert len(done.stderr) < 400
    assert {path: path.read_bytes() for path in before} == before


def test_a_course_that_is_not_there(course: Course) -> None:
    done = course.here("build", "--course-dir", str(course.root / "nowhere"))
    assert done.returncode == 2
    assert len(done.stderr.splitlines()) == 1
    assert "nowhere" in done.stderr
