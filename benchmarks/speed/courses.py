"""Two scratch courses with one lesson: graded by stock nbgrader with the tests in the notebook, and graded by us."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from benchmarks.speed.mix import TOPIC, UNIT, Member, hand_in
from benchmarks.trials import COURSE

SOURCE = COURSE / "source" / UNIT / f"{UNIT}.ipynb"

_STOCK = """c = get_config()
c.CourseDirectory.course_id = "stock"
c.ClearSolutions.code_stub = {"python": "raise NotImplementedError  # YOUR CODE HERE: replace this line"}
"""


@dataclass(frozen=True, slots=True)
class Scratch:
    """A course folder that is made, filled and graded for a measurement."""

    root: Path
    has_figures: bool = True
    """Whether the lesson's own figures are drawn where nbgrader runs the notebook itself."""

    @property
    def environment(self) -> dict[str, str]:
        here = str(Path(sys.executable).parent)
        path = os.pathsep.join([here, os.environ.get("PATH", "")])
        figures = "on" if self.has_figures else "off"
        ours = {"PATH": path, "PYTHONPATH": str(COURSE), "JUPYTER_NO_CONFIG": "1", "AUTOGRADER_FIGURES": figures}
        return {**os.environ, **ours}

    def nbgrader(self, *arguments: str) -> list[str]:
        return [sys.executable, "-m", "nbgrader", *arguments]

    def grade(self, *arguments: str) -> list[str]:
        return [sys.executable, "-m", "autograder", "grade", UNIT, *arguments]

    def draw(self, figures: str) -> None:
        """Draw these figures from here on."""
        with (self.root / "nbgrader_config.py").open("a") as config:
            config.write(f"\nc.SubmissionExporter.figures = {figures!r}\n")

    def fill(self, members: Iterable[Member]) -> int:
        """Hand in what these members made. Returns how many they are."""
        released = json.loads((self.root / "release" / UNIT / f"{UNIT}.ipynb").read_bytes())
        number = 0
        for number, member in enumerate(members, start=1):  # noqa: B007
            folder = self.root / "submitted" / member.student / UNIT
            folder.mkdir(parents=True)
            (folder / f"{UNIT}.ipynb").write_bytes(hand_in(member, released))
        return number

    def forget(self) -> None:
        """As it was before anything was graded."""
        for name in ("autograded", ".autograder"):
            shutil.rmtree(self.root / name, ignore_errors=True)
        shutil.copyfile(self.root / "empty.db", self.root / "gradebook.db")

    def empty(self) -> None:
        """As it was before anything was handed in."""
        self.forget()
        shutil.rmtree(self.root / "submitted", ignore_errors=True)


def ours(root: Path) -> Scratch:
    shutil.copytree(SOURCE.parent, root / "source" / UNIT, ignore=shutil.ignore_patterns("__pycache__", ".*"))
    shutil.copyfile(COURSE / "nbgrader_config.py", root / "nbgrader_config.py")
    (root / "autograder.toml").write_text(f"units = {str(COURSE / 'course')!r}\n")
    return _released(Scratch(root))


def stock(root: Path) -> Scratch:
    """The same lesson for nbgrader as it is: what is tested is tested in the notebook, by the same hidden tests."""
    shutil.copytree(SOURCE.parent, root / "source" / UNIT, ignore=shutil.ignore_patterns("__pycache__", ".*"))
    path = root / "source" / UNIT / f"{UNIT}.ipynb"
    document = json.loads(path.read_bytes())
    for cell in document["cells"]:
        settings = cell["metadata"].get("nbgrader", {})
        if settings.get("grade") and not settings.get("solution"):
            call = f"hold({settings['grade_id']!r}, {TOPIC!r}, globals())"
            cell["source"] = f"from benchmarks.speed.in_notebook import hold\n\n{call}"
    path.write_text(json.dumps(document))
    configure_stock(root)
    return _released(Scratch(root))


def configure_stock(root: Path) -> None:
    """From here on, nbgrader in this folder is as it comes."""
    (root / "nbgrader_config.py").write_text(_STOCK)
    (root / "nbgrader_config.json").unlink(missing_ok=True)


def _released(course: Scratch) -> Scratch:
    command = course.nbgrader("generate_assignment", UNIT)
    done = subprocess.run(command, cwd=course.root, env=course.environment, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(done.stderr[-2000:])
    shutil.copyfile(course.root / "gradebook.db", course.root / "empty.db")
    return course
