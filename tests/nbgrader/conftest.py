"""A real course folder with a real gradebook, graded by real nbgrader."""

from __future__ import annotations

import copy
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import courses
import pytest
from nbgrader.api import Gradebook
from nbgrader.apps import NbGraderAPI
from nbgrader.apps.baseapp import NbGrader

ROOT = Path(__file__).resolve().parents[2]
UNIT = "01-bce"
Document = dict[str, Any]


@dataclass(frozen=True)
class Row:
    """One row of the gradebook."""

    auto: float | None
    manual: float | None
    extra: float | None
    waits: bool
    most: float


@dataclass(frozen=True)
class Course:
    root: Path

    @property
    def blank(self) -> Document:
        return json.loads((self.root / "release" / UNIT / f"{UNIT}.ipynb").read_text())

    @property
    def right(self) -> Document:
        return json.loads((self.root / "source" / UNIT / f"{UNIT}.ipynb").read_text())

    @property
    def db(self) -> str:
        return f"sqlite:///{self.root / 'gradebook.db'}"

    @staticmethod
    def edited(document: Document, sources: Mapping[str, str]) -> Document:
        """A copy of a notebook in which the cells of these ids say something else."""
        document = copy.deepcopy(document)
        left = dict(sources)
        for cell in document["cells"]:
            name = cell["metadata"].get("nbgrader", {}).get("grade_id")
            if name in left:
                cell["source"] = left.pop(name)
        assert not left, f"no such cells: {left}"
        return document

    def submitted(self, student: str) -> Path:
        folder = self.root / "submitted" / student / UNIT
        folder.mkdir(parents=True, exist_ok=True)
        return folder

    def submit(self, student: str, document: Document | bytes) -> Path:
        path = self.submitted(student) / f"{UNIT}.ipynb"
        path.write_bytes(document if isinstance(document, bytes) else json.dumps(document).encode())
        return path

    def autograded(self, student: str) -> Document:
        return json.loads((self.root / "autograded" / student / UNIT / f"{UNIT}.ipynb").read_text())

    def feedback(self, student: str) -> str:
        return (self.root / "feedback" / student / UNIT / f"{UNIT}.html").read_text()

    def nbgrader(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """What nbgrader's command does, in this process."""
        return courses.nbgrader(self.root, *arguments)

    def autograder(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """What our command does, in this process."""
        return courses.Course(self.root).here(*arguments)

    def api(self) -> NbGraderAPI:
        """As the formgrader makes it for a course folder that somebody opens."""
        app = NbGrader()
        app.load_cwd_config = False
        app.config_dir = str(self.root)
        app.initialize([], root=str(self.root))
        return NbGraderAPI(app.coursedir, app.authenticator, parent=app)

    def autograde(self, *students: str) -> list[dict[str, Any]]:
        """The formgrader's button."""
        api = self.api()
        return [api.autograde(UNIT, student) for student in students]

    def rows(self, student: str) -> dict[str, Row]:
        with Gradebook(self.db, "loss-metrics") as gradebook:
            [notebook] = gradebook.find_submission(UNIT, student).notebooks
            return {
                grade.name: Row(
                    grade.auto_score, grade.manual_score, grade.extra_credit, grade.needs_manual_grade, grade.max_score
                )
                for grade in notebook.grades
            }

    @property
    def most(self) -> float:
        """The points that need no person."""
        return sum(
            cell["metadata"]["nbgrader"]["points"]
            for cell in self.blank["cells"]
            if cell["metadata"].get("nbgrader", {}).get("grade") and not cell["metadata"]["nbgrader"]["solution"]
        )

    def automatic(self, student: str) -> tuple[float | None, bool]:
        """The sum of the automatic points, None where one is missing, and whether one of them waits for a person."""
        rows = [row for name, row in self.rows(student).items() if name.startswith("test_")]
        scores = [row.auto for row in rows]
        return None if None in scores else sum(scores), any(row.waits for row in rows)

    def flagged(self) -> set[str]:
        """Whose submissions the formgrader lists as flagged: this is what its page asks for."""
        return {found["student"] for found in self.api().get_notebook_submissions(UNIT, UNIT) if found["flagged"]}

    def comments(self, student: str) -> dict[str, str | None]:
        with Gradebook(self.db, "loss-metrics") as gradebook:
            [notebook] = gradebook.find_submission(UNIT, student).notebooks
            return {comment.name: comment.comment for comment in notebook.comments}


@pytest.fixture(scope="session", autouse=True)
def _environment() -> Iterator[None]:
    """The environment's own programs on PATH, where nbgrader looks for alembic, and nobody's personal settings."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PATH", f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}")
        patch.setenv("JUPYTER_NO_CONFIG", "1")
        yield


@pytest.fixture(scope="session")
def fresh(tmp_path_factory: pytest.TempPathFactory, _environment: None) -> Path:
    """A course folder after `nbgrader generate_assignment`."""
    root = tmp_path_factory.mktemp("fresh") / "course"
    root.mkdir()
    shutil.copytree(ROOT / "source", root / "source", ignore=shutil.ignore_patterns("__pycache__", ".*"))
    shutil.copy(ROOT / "nbgrader_config.py", root)
    (root / "autograder.toml").write_text(f"units = {str(ROOT / 'course')!r}\n")
    done = Course(root).nbgrader("generate_assignment", UNIT)
    assert done.returncode == 0, done.stderr
    return root


@pytest.fixture(scope="session")
def graded(fresh: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A course folder in which the student `ada` has full marks."""
    root = tmp_path_factory.mktemp("graded") / "course"
    shutil.copytree(fresh, root)
    course = Course(root)
    course.submit("ada", course.right)
    [done] = course.autograde("ada")
    assert done["success"], done
    assert course.automatic("ada") == (course.most, False)
    return root


@pytest.fixture
def course_with_ada(graded: Path, tmp_path: Path) -> Course:
    shutil.copytree(graded, tmp_path / "course")
    return Course(tmp_path / "course")


@pytest.fixture
def course(fresh: Path, tmp_path: Path) -> Course:
    shutil.copytree(fresh, tmp_path / "course")
    return Course(tmp_path / "course")


@pytest.fixture(scope="module")
def fresh_course(fresh: Path, tmp_path_factory: pytest.TempPathFactory) -> Course:
    """A course that the tests of one module look at and do not change."""
    root = tmp_path_factory.mktemp("module") / "course"
    shutil.copytree(fresh, root)
    return Course(root)
