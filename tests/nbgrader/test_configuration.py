"""nbgrader reads two files of settings, each by itself: where one of them cannot be read the other still holds."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from traitlets import import_item
from traitlets.config.loader import PyFileConfigLoader

ROOT = Path(__file__).resolve().parents[2]


def test_the_wall_stands_although_the_configuration_cannot_be_read(tmp_path: Path) -> None:
    """Fails where a syntax error in nbgrader_config.py leaves nbgrader with an exporter of its own."""
    shutil.copy(ROOT / "nbgrader_config.json", tmp_path)
    (tmp_path / "nbgrader_config.py").write_text("c = get_config(\n")
    (tmp_path / "submitted" / "ada" / "x").mkdir(parents=True)
    (tmp_path / "source" / "x").mkdir(parents=True)
    command = [sys.executable, "-m", "nbgrader", "autograde", "x"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False, timeout=100)
    assert done.returncode != 0
    assert "the folder of the hidden tests, is missing" in done.stderr, done.stderr


EARLIER = """
import glob, os
from autograder import folder

c = get_config()
c.CourseDirectory.course_id = "loss-metrics"
c.Autograde.exporter_class = "autograder.nbgrader_plugin.SubmissionExporter"
c.Autograde.sanitize_preprocessors = []
c.Autograde.autograde_preprocessors = [
    "autograder.nbgrader_plugin.GradeSubmission",
    "autograder.nbgrader_plugin.SaveReport",
    "nbgrader.preprocessors.AssignLatePenalties",
]
_submitted = os.path.join(glob.escape(os.path.dirname(os.path.abspath(__file__))), "submitted", "*", "*")
c.CourseDirectory.ignore = [".ipynb_checkpoints", "*.pyc", "__pycache__", "feedback", _submitted]
folder.stand_in(_submitted)
c.HTMLExporter.exclude_anchor_links = True
"""


def test_the_configuration_of_an_earlier_version_still_grades(course: Any) -> None:
    """Fails where one of its names is gone: nbgrader goes on without it, and runs what students wrote."""
    (course.root / "nbgrader_config.py").write_text(EARLIER)
    (course.root / "nbgrader_config.json").unlink(missing_ok=True)
    course.submit("ada", course.right)
    (course.root / "submitted" / "bob" / "01-bce").mkdir(parents=True)
    done = course.nbgrader("autograde", "01-bce", "--force")
    assert done.returncode == 0, done.stderr
    assert course.automatic("ada") == (course.most, False)
    assert course.automatic("bob") == (None, True)
    assert "no notebook at all" in "".join(course.autograded("bob")["cells"][0]["source"])


@pytest.mark.parametrize(
    ("imported", "step"),
    [
        ("from autograder.notebooks import handed_in", "handed_in.stand_in(_submitted)"),
        ("from autograder import nbgrader_pages", "nbgrader_pages.configure(c)"),
    ],
)
def test_the_steps_of_the_versions_between_are_still_there(tmp_path: Path, imported: str, step: str) -> None:
    """A file that stops is one that nbgrader goes on without."""
    text = EARLIER.replace("from autograder import folder", imported).replace("folder.stand_in(_submitted)", step)
    text = text.replace("autograder.nbgrader_plugin.", "autograder.nbgrader.plugin.")
    (tmp_path / "nbgrader_config.py").write_text(text)
    config = PyFileConfigLoader("nbgrader_config.py", path=str(tmp_path)).load_config()
    for name in (config.Autograde.exporter_class, *config.Autograde.autograde_preprocessors):
        assert import_item(name)


@contextlib.contextmanager
def formgrader(course: Any, own: Path, **environment: str) -> Iterator[Callable[[str], tuple[int, str]]]:
    """A real server with the formgrader on this course folder: gives what it answers to a click."""
    env = {name: value for name, value in os.environ.items() if name != "JUPYTER_NO_CONFIG"}
    env |= {"JUPYTER_CONFIG_DIR": str(own / "c"), "JUPYTER_DATA_DIR": str(own / "d"), "JUPYTER_RUNTIME_DIR": str(own)}
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "jupyter", "server", "--no-browser", "--allow-root", f"--ServerApp.port={port}"]
    command += ["--ServerApp.ip=127.0.0.1", "--IdentityProvider.token=key", "--ServerApp.port_retries=0"]
    command += ["--ServerApp.jpserver_extensions={'nbgrader.server_extensions.formgrader': True}"]
    with (own / "log").open("wb") as log:
        server = subprocess.Popen(command, cwd=course.root, env={**env, **environment}, stdout=log, stderr=log)

    def ask(address: str, method: str = "POST") -> tuple[int, str]:
        headers = {"Authorization": "token key"}
        request = urllib.request.Request(f"http://127.0.0.1:{port}/{address}", method=method, headers=headers)
        try:
            with urllib.request.urlopen(request, timeout=200) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode()

    try:
        end = time.monotonic() + 120
        while server.poll() is None and time.monotonic() < end:
            with contextlib.suppress(OSError):
                if ask("api", "GET")[0] == 200:
                    break
            time.sleep(0.2)
        yield ask
    finally:
        server.terminate()
        server.wait(30)


@pytest.mark.parametrize("raises", ["1", "0"])
def test_the_formgrader_grades_nobody_where_a_broken_configuration_is_an_error(
    course: Any, tmp_path: Path, raises: str
) -> None:
    """With the variable that docs/instructors.md tells to set. The control, without it: code runs without a wall."""
    own, mark = tmp_path / "own", tmp_path / "ran without a wall"
    own.mkdir()
    course.submit("eve", course.edited(course.blank, {"binary_entropy": f"open({str(mark)!r}, 'w').close()"}))
    with (course.root / "nbgrader_config.py").open("a") as file:
        file.write("c.CourseDirectory.course_id = (\n")
    with formgrader(course, own, TRAITLETS_APPLICATION_RAISE_CONFIG_FILE_ERROR=raises) as ask:
        try:
            status, said = ask("formgrader/api/submission/01-bce/eve/autograde")
        except OSError as error:  # the server has not even started
            status, said = 0, str(error)
    told = (own / "log").read_text()
    if raises == "1":
        assert status != 200 or not json.loads(said)["success"], said
        assert "nbgrader_config.py" in told
        assert "was never closed" in told
        assert not mark.exists()
        assert not (course.root / "autograded").exists()
    else:
        assert mark.exists(), (status, said, told)
