"""A learner in a real JupyterLab, in a real browser: what is typed there, run there and saved there is what counts."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from miniature import COURSE, UNIT, right

from autograder.notebooks import given
from autograder.screens.magics import WAITING

websocket = pytest.importorskip("websocket", reason="comes with Jupyter's server")

BROWSER = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome", "chrome"))), None)
SECONDS = 90.0

pytestmark = pytest.mark.skipif(BROWSER is None, reason="needs a browser")


class Page:
    """One page of a browser, over its own debugging protocol."""

    def __init__(self, port: int) -> None:
        (target,) = [each for each in self._targets(port) if each["type"] == "page"]
        self._socket = websocket.create_connection(target["webSocketDebuggerUrl"], timeout=SECONDS)
        self._count = 0

    def ask(self, method: str, **parameters: object) -> Any:
        self._count += 1
        self._socket.send(json.dumps({"id": self._count, "method": method, "params": parameters}))
        while (reply := json.loads(self._socket.recv())).get("id") != self._count:
            continue
        return reply["result"]

    def run(self, script: str) -> Any:
        """The value of a script, which may await."""
        script = f"(async () => {{ {script} }})()"
        reply = self.ask("Runtime.evaluate", expression=script, awaitPromise=True, returnByValue=True)
        assert "exceptionDetails" not in reply, reply["exceptionDetails"]
        return reply["result"].get("value")

    def until(self, script: str) -> Any:
        end = time.monotonic() + SECONDS
        while not (value := self.run(script)):
            assert time.monotonic() < end, f"never came true: {script}"
            time.sleep(0.2)
        return value

    def close(self) -> None:
        self._socket.close()

    @staticmethod
    def _targets(port: int) -> list[dict[str, str]]:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/json/list") as reply:
            return json.load(reply)


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A checkout of its own, whose package the kernel imports."""
    tmp_path = tmp_path_factory.mktemp("course")
    for top in ("autograder", "course", "source", "release"):
        shutil.copytree(COURSE / top, tmp_path / top, ignore=shutil.ignore_patterns("__pycache__", "predictions.json"))
    shutil.copy(COURSE / "nbgrader_config.py", tmp_path)
    return tmp_path


@pytest.fixture(scope="module")
def lab(course: Path) -> Iterator[Page]:
    """JupyterLab on the whole course, which saves by itself every second."""
    with tempfile.TemporaryDirectory(prefix="lab-", ignore_cleanup_errors=True) as home:
        settings = Path(home, "lab", "user-settings", "@jupyterlab", "docmanager-extension")
        settings.mkdir(parents=True)
        (settings / "plugin.jupyterlab-settings").write_text('{"autosave": true, "autosaveInterval": 1}')
        own = {"HOME": home, "JUPYTERLAB_SETTINGS_DIR": str(Path(home, "lab", "user-settings"))}
        own |= {"JUPYTER_RUNTIME_DIR": home, "PYTHONPATH": str(course), "IPYTHONDIR": home}
        server = [sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root", "--port=0"]
        server += [
            "--expose-app-in-browser",
            f"--notebook-dir={course}",
            "--IdentityProvider.token=",
            "--ServerApp.open_browser=False",
        ]
        browser = [str(BROWSER), "--headless", "--no-sandbox", "--disable-gpu", f"--user-data-dir={home}/browser"]
        browser += ["--remote-debugging-port=0", "--remote-allow-origins=*", "about:blank"]
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        started = [subprocess.Popen(command, env={**os.environ, **own}, **quiet) for command in (server, browser)]
        try:
            url = json.loads(_there(Path(home), "jpserver-*.json"))["url"]
            page = Page(int(_there(Path(home, "browser"), "DevToolsActivePort").split()[0]))
            page.ask("Emulation.setFocusEmulationEnabled", enabled=True)
            page.ask("Page.navigate", url=f"{url}lab?reset")
            page.until("return Boolean(window.jupyterapp && await window.jupyterapp.started.then(() => true))")
            yield page
            page.close()
        finally:
            for process in started:
                process.terminate()
            for process in started:
                process.wait(timeout=30)


def _there(folder: Path, pattern: str) -> str:
    """The text of a file that a program writes when it is ready."""
    end = time.monotonic() + SECONDS
    while time.monotonic() < end:
        for path in folder.glob(pattern):
            if text := path.read_text():
                return text
        time.sleep(0.1)
    raise AssertionError(f"{pattern} did not come")


NOTEBOOK = "const notebook = window.jupyterapp.shell.currentWidget.content;"


def open_(lab: Page, path: str) -> None:
    lab.run(f"await window.jupyterapp.commands.execute('docmanager:open', {{path: {path!r}, factory: 'Notebook'}})")
    lab.until(
        "const widget = window.jupyterapp.shell.currentWidget;"
        "return Boolean(widget && widget.context && widget.context.isReady && widget.content.widgets.length > 5"
        " && widget.sessionContext.session && widget.sessionContext.session.kernel.status === 'idle')"
    )


def type_and_run(lab: Page, cell: str, source: str | None = None) -> str:
    """Type this into the cell of this id, run it, and return what it prints."""
    typed = "" if source is None else f"cell.model.sharedModel.setSource({json.dumps(source)});"
    said = lab.run(
        f"{NOTEBOOK} const place = notebook.widgets.findIndex(cell => cell.model.sharedModel.getId() === {cell!r});"
        f"notebook.activeCellIndex = place; const cell = notebook.widgets[place]; {typed}"
        "await window.jupyterapp.commands.execute('notebook:run-cell');"
        "const texts = cell.model.outputs.toJSON().map(output => output.text || output.evalue || '');"
        "return texts.flat().join('')"
    )
    return said.removeprefix(f"{WAITING}\n")  # on a busy machine


def source_of(lab: Page, cell: str) -> str:
    return lab.run(
        f"{NOTEBOOK} return notebook.widgets.find(cell => cell.model.sharedModel.getId() === {cell!r})"
        ".model.sharedModel.getSource()"
    )


def until_saved(path: Path, words: str) -> None:
    """Wait for JupyterLab to save by itself."""
    end = time.monotonic() + SECONDS
    while not any(words in "".join(cell["source"]) for cell in _cells(path)):
        assert time.monotonic() < end, "it was never saved"
        time.sleep(0.2)


def _cells(path: Path) -> list[dict[str, Any]]:
    """None while the file is being written, which JupyterLab does in two steps."""
    with contextlib.suppress(json.JSONDecodeError):
        return json.loads(path.read_bytes())["cells"]  # type: ignore[no-any-return]
    return []


def test_what_autosave_writes_in_release_changes_no_verdict(lab, course):
    path, scratch, name = given.path_of(course, UNIT), "cell-006", "binary_entropy"
    answer = right()[name]
    open_(lab, path.relative_to(course).as_posix())
    assert type_and_run(lab, scratch, "%load_ext autograder") == ""
    for locked in ("setup", "checked"):
        type_and_run(lab, locked)

    type_and_run(lab, name, answer)
    before = type_and_run(lab, scratch, f"%check {name}")
    assert before.startswith(f"{name}: passed")
    until_saved(path, answer.splitlines()[-1])
    assert type_and_run(lab, scratch, f"%check {name}") == before
    row = next(line for line in type_and_run(lab, scratch, "%progress").splitlines() if f" {name} " in line)
    assert "passed" in row

    type_and_run(lab, name, answer.replace(f"def {name}", "def my_entropy"))
    other = type_and_run(lab, scratch, f"%check {name}")
    assert other.startswith(f"{name}: missing")
    assert "The cell defines `my_entropy`" in other

    type_and_run(lab, name, "def entropy(q:")
    stopped = type_and_run(lab, scratch, f"%check {name}")
    assert stopped.startswith(f"Your last run of the cell for {name}, In [")
    assert "SyntaxError" in stopped

    type_and_run(lab, name, f"%fresh {name}")
    stub = next("".join(c["source"]) for c in given.released(COURSE, UNIT)["cells"] if c["id"] == name)
    assert source_of(lab, name) == stub

    type_and_run(lab, name, answer + f"\n%check {name}")
    until_saved(path, f"{answer.splitlines()[-1]}\n%check {name}")
    command = [sys.executable, "-m", "autograder", "check", str(path), "--json", "--course-dir", str(course)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=SECONDS)
    cells = {cell["id"]: cell["state"] for cell in json.loads(done.stdout)["cells"]}
    assert cells[f"test_{name}"] == "passed"


def test_a_prediction_opens_when_it_was_made_and_a_slider_can_be_moved(lab, course):
    """In the instructor's notebook, whose cells are the same: the first test works in the released one."""
    path = course / "source" / UNIT / f"{UNIT}.ipynb"
    cells = {cell["id"]: "".join(cell["source"]) for cell in json.loads(path.read_bytes())["cells"]}

    def cell_with(words: str) -> str:
        return next(name for name, source in cells.items() if words in source)

    open_(lab, path.relative_to(course).as_posix())
    type_and_run(lab, "setup")
    asks, opens = cell_with('predict("surprise"'), cell_with('reveal("surprise"')
    moves = cell_with("move(both_surprises")
    find = f"{NOTEBOOK} const cell = notebook.widgets.find(cell => cell.model.sharedModel.getId() === %r);"
    assert lab.run(find % opens + "return cell.inputHidden"), "its source holds the answer"
    assert "closed until you guess" in type_and_run(lab, opens)
    assert "slider that waits for your guess" in type_and_run(lab, moves)

    said = type_and_run(lab, asks, 'predict("surprise", answer="a", probability=0.7)')
    assert said.startswith("surprise: recorded 'a', 70% sure")
    type_and_run(lab, opens)
    outputs = json.dumps(lab.run(find % opens + "return cell.model.outputs.toJSON()"))
    assert "**Not this time:** b is right." in outputs
    assert "<img alt=" in json.loads(json.dumps(outputs)).replace("\\", "")
    type_and_run(lab, moves)
    lab.until(find % moves + "return Boolean(cell.node.querySelector('.jupyter-widgets .noUi-handle'))")
    lab.until(find % moves + "return Boolean(cell.node.querySelector('img'))")
