"""A notebook's way through nbgrader's exchange and back, in a course folder that has just been made."""

from __future__ import annotations

import json
import os
import re
import stat
from pathlib import Path

import pytest
from courses import ROOT, Course, nbgrader
from nbgrader.apps import NbGraderAPI
from nbgrader.apps.baseapp import NbGrader
from nbgrader.utils import get_username
from traitlets.config.loader import PyFileConfigLoader

from autograder.nbgrader import exchange

RIGHT = "def spread(x):\n    return max(x) - min(x) if len(x) else 0.0\n"


@pytest.fixture
def course(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Course:
    """As `autograder new` makes it, with nothing set by hand and nobody's personal settings."""
    for name in ("CONFIG", "DATA", "RUNTIME"):
        monkeypatch.setenv(f"JUPYTER_{name}_DIR", str(tmp_path / name.lower()))
    monkeypatch.setattr(exchange, "SHARED", tmp_path / "nobody has made this")
    made = Course(tmp_path / "course", unit="ps1")
    Course(tmp_path).here("new", "course")
    assert made.here("new", "ps1").returncode == 0
    return made


def solve(notebook: Path) -> None:
    """What a student does between fetching and handing in."""
    document = json.loads(notebook.read_text())
    for cell in document["cells"]:
        if cell["metadata"].get("nbgrader", {}).get("grade_id") == "spread":
            cell["source"] = RIGHT
    notebook.write_text(json.dumps(document))


def test_the_commands_that_the_docs_name_bring_a_notebook_there_and_back(course: Course, tmp_path: Path) -> None:
    text = (ROOT / "docs" / "instructors.md").read_text()
    text = text[text.index("## Getting notebooks to students") :].replace("01-bce", "ps1")
    [lines] = re.findall(r"```python\n(c = get_config.*?)```", text, re.DOTALL)[:1]
    desk = tmp_path / "student"
    desk.mkdir()
    lines = lines.replace("loss-metrics", "course").replace("/path/to/course", str(course.root))
    (desk / "nbgrader_config.py").write_text(lines)

    course.nbgrader("generate_assignment", "ps1")
    commands = re.findall(r"^(course|student)\$ +nbgrader ([^#\n]+)", text, re.MULTILINE)
    assert len(commands) == 8
    for who, arguments in commands:
        if arguments.startswith("submit"):
            solve(desk / "ps1" / "ps1.ipynb")
        done = nbgrader(course.root if who == "course" else desk, *arguments.split())
        assert done.returncode == 0, (arguments, done.stderr)

    assert course.scores() == {get_username(): 2.0}
    [page] = (desk / "ps1" / "feedback").glob("*/ps1.html")
    assert "2 of 2" in page.read_text()


def test_the_formgrader_finds_an_exchange(course: Course) -> None:
    """Without one it shows a warning in the place of the buttons that release and collect."""
    app = NbGrader()
    app.load_cwd_config = False
    app.config_dir = str(course.root)
    app.initialize([], root=str(course.root))
    api = NbGraderAPI(app.coursedir, app.authenticator, parent=app)
    assert api.exchange_root == str(course.root / "exchange")
    assert not api.exchange_missing


def root_of(course: Course) -> str | None:
    config = PyFileConfigLoader("nbgrader_config.py", path=str(course.root)).load_config()
    return config.Exchange.get("root")


def test_an_exchange_of_the_machine_is_left_alone(
    course: Course, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert root_of(course) == str(course.root / "exchange")
    monkeypatch.delenv("JUPYTER_NO_CONFIG")
    (tmp_path / "config").mkdir()
    hub = tmp_path / "config" / "nbgrader_config.py"
    hub.write_text("c = get_config()\nc.Exchange.root = '/srv/exchange'\n")
    assert root_of(course) is None
    hub.write_text("c = get_config()\n")
    assert root_of(course) == str(course.root / "exchange")
    with (course.root / "nbgrader_config.py").open("a") as file:
        file.write("\nc.Exchange.root = '/srv/mine'\n")
    assert root_of(course) == "/srv/mine"


def test_a_folder_where_nbgrader_itself_looks_is_used(course: Course, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exchange, "SHARED", course.root)
    assert root_of(course) is None


def test_only_a_new_course_has_the_folder_made(course: Course) -> None:
    """To read a configuration writes nothing."""
    folder = course.root / "exchange"
    assert stat.S_IMODE(folder.stat().st_mode) & 0o700 == 0o700
    os.rmdir(folder)
    assert root_of(course) == str(folder)
    assert not folder.exists()
