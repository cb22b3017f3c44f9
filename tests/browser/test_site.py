"""The website in a real browser: read, run, checked, kept; and nobody but its own host is asked.

`make browser-test` builds the site and runs this. Elsewhere it needs a site in the folder that the variable SITE names.
"""

from __future__ import annotations

import html
import json
import os
import re
import shutil
import subprocess
import time
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from miniature import COURSE, right
from selenium import webdriver

from autograder.notebooks import assignment
from tests.browser.conftest import pyodide
from tests.browser.served import Served, served

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome", "chrome"))), None)
DRIVER = shutil.which("chromedriver")
SITE = Path(os.environ.get("SITE", COURSE / "_site"))
SECONDS = 180.0

pytestmark = [
    pytest.mark.skipif(not CHROMIUM or not DRIVER, reason="no Chromium with its driver here"),
    pytest.mark.skipif(not (SITE / "index.html").is_file(), reason="no site here: run make browser-test"),
]


@pytest.fixture(scope="module")
def site() -> Iterator[Served]:
    home = pyodide()
    if home is None:
        pytest.skip("needs Pyodide 0.27.7 in the folder that PYODIDE_DIR names")
    with served(SITE, home) as found:
        yield found


@pytest.fixture(scope="module")
def reader(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    options = webdriver.ChromeOptions()
    options.binary_location = str(CHROMIUM)
    profile = f"--user-data-dir={tmp_path_factory.mktemp('profile')}"
    quiet = ("--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-first-run")
    for argument in ("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", profile, *quiet):
        options.add_argument(argument)
    options.set_capability("goog:loggingPrefs", {"performance": "ALL"})
    driver = webdriver.Chrome(options=options, service=webdriver.ChromeService(str(DRIVER)))
    driver.set_script_timeout(SECONDS)
    driver.set_page_load_timeout(SECONDS)
    yield driver
    driver.quit()


def run(reader: Any, script: str) -> Any:
    """The value of a script, which may await."""
    done = "const done = arguments[arguments.length - 1];"
    value = reader.execute_async_script(
        f"{done} (async () => {{ {script} }})().then(value => done([value]), error => done(String(error)))"
    )
    assert isinstance(value, list), value
    return value[0]


def until(reader: Any, script: str, seconds: float = SECONDS) -> Any:
    end = time.monotonic() + seconds
    while not (value := run(reader, script)):
        assert time.monotonic() < end, f"never came true: {script}"
        time.sleep(0.3)
    return value


def hosts(reader: Any) -> set[str]:
    """Whom the browser has asked for anything since the last look."""
    asked = [json.loads(entry["message"])["message"] for entry in reader.get_log("performance")]
    urls = [one["params"]["request"]["url"] for one in asked if one["method"] == "Network.requestWillBeSent"]
    return {urlsplit(url).netloc for url in urls if url.startswith(("http", "ws"))}


# What is read


def lines_of(source: str) -> set[str]:
    """What a solution or a hidden test says that could not stand anywhere by chance."""
    lines = {" ".join(line.split()) for line in source.splitlines()}
    return {line for line in lines if len(line) > 40 and not line.startswith(("#", '"', "import ", "from "))}


def test_no_solution_and_nothing_hidden_is_in_pages_and_notebooks() -> None:
    """All of the site but the one file that the course has chosen to share."""
    hidden: set[str] = set()
    given = ""
    for name in assignment.names(COURSE):
        for file in ("reference.py", "suite.py", "misconceptions.py", "accepted.py"):
            hidden |= lines_of((COURSE / "course" / name / file).read_text())
        for source in right(name).values():
            hidden |= lines_of(source)
        lesson = json.loads((COURSE / "release" / name / f"{name}.ipynb").read_text())
        given += " ".join(" ".join("".join(cell["source"]).split()) for cell in lesson["cells"])
        given += " ".join(" ".join(path.read_text().split()) for path in (COURSE / "release" / name).glob("*.py"))
    given += " ".join(" ".join(path.read_text().split()) for path in (COURSE / "docs").glob("*.md"))
    given += " ".join((COURSE / "CONTRIBUTING.md").read_text().split())
    hidden = {line for line in hidden if line not in given}
    assert len(hidden) > 3000
    looked = 0
    for path in SITE.rglob("*"):
        if path.suffix == ".html":
            text = html.unescape(re.sub(r"<[^>]+>", "", path.read_text()))
        elif path.suffix in (".ipynb", ".json") or path.name == "searchindex.js":
            text = path.read_text().replace("\\n", " ").replace('\\"', '"')
        elif path.suffix == ".zip":
            archive = zipfile.ZipFile(path)
            text = " ".join(archive.read(name).decode("utf-8", "replace") for name in archive.namelist())
            text = text.replace("\\n", " ").replace('\\"', '"')
        else:
            continue
        looked += 1
        text = " ".join(text.replace('", "', " ").split())
        assert not [line for line in hidden if line in text], path
    assert looked > 30
    shared = [path for path in SITE.rglob("*.whl") if path.name.startswith("self_study")]
    assert len(shared) == 1


PAGES = ("index.html", "units/01-bce.html", "units/06-overfitting.html", "claims.html", "docs/instructors.html")


@pytest.fixture(scope="module")
def axe(tmp_path_factory: pytest.TempPathFactory) -> str:
    if os.environ.get("AXE"):
        return Path(os.environ["AXE"]).read_text()
    top = tmp_path_factory.mktemp("axe")
    try:
        subprocess.run(["npm", "pack", "axe-core@4.10.3"], cwd=top, capture_output=True, check=True, timeout=60)
        subprocess.run(["tar", "xzf", "axe-core-4.10.3.tgz", "package/axe.min.js"], cwd=top, check=True, timeout=60)
    except (OSError, subprocess.SubprocessError):
        pytest.skip("axe-core is not at hand: neither did npm answer, nor does the variable AXE name its file")
    return (top / "package" / "axe.min.js").read_text()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("page", PAGES)
def test_a_page_asks_nobody_else_and_axe_has_nothing_to_complain_about(
    site: Served, reader: Any, axe: str, page: str, scheme: str
) -> None:
    hosts(reader)
    features = [{"name": "prefers-color-scheme", "value": scheme}]
    reader.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": features})
    reader.get(f"{site.url}{page}")
    assert run(reader, "return document.documentElement.dataset.theme") == scheme
    assert hosts(reader) == {urlsplit(site.url).netloc}
    reader.execute_script("document.querySelectorAll('details').forEach(one => one.open = true)")
    reader.execute_script(axe)
    found = run(reader, "return await axe.run()")
    assert [(one["id"], one["nodes"][0]["html"][:300]) for one in found["violations"]] == []


def test_figures_have_text_alternatives_and_formulas_are_mathml(site: Served, reader: Any) -> None:
    reader.get(f"{site.url}units/01-bce.html")
    assert run(reader, "return [...document.images].filter(one => !one.alt.trim()).map(one => one.src)") == []
    assert run(reader, "return document.querySelectorAll('.bd-article img[src]').length") > 5
    assert run(reader, "return document.querySelectorAll('math').length") > 50
    assert run(reader, "return [...document.querySelectorAll('a.door')].map(one => one.textContent)") == [
        "Open in the browser",
        "Download the notebook",
    ]


def test_search_finds_a_lesson(site: Served, reader: Any) -> None:
    reader.get(f"{site.url}search.html?q=likelihood")
    assert until(reader, "return [...document.querySelectorAll('#search-results li a')].map(one => one.href)")


def test_the_notebook_downloads_with_what_it_needs() -> None:
    for name in assignment.names(COURSE):
        archive = zipfile.ZipFile(SITE / "notebooks" / f"{name}.zip")
        assert {f"{name}/{name}.ipynb", f"{name}/lesson.py"} <= set(archive.namelist())
        lesson = json.loads(archive.read(f"{name}/{name}.ipynb"))
        assert lesson == json.loads((COURSE / "release" / name / f"{name}.ipynb").read_text())


# What runs

NOTEBOOK = "const notebook = window.jupyterapp.shell.currentWidget.content;"


@pytest.fixture(scope="module")
def lesson(site: Served, reader: Any) -> Callable[..., str]:
    """Unit 1, running in the browser. Types into a cell, runs it, and gives what it prints."""
    site.sent = 0
    hosts(reader)
    began = time.monotonic()
    reader.get(f"{site.url}lite/notebooks/index.html?path=01-bce/01-bce.ipynb")
    opened(reader)
    say(reader, "checks")
    assert say(reader, "setup") == ""
    print(f"the first cells have run after {time.monotonic() - began:.0f} s, and {site.sent / 1e6:.1f} MB")
    assert site.sent < 45e6
    return lambda *asked: say(reader, *asked)


def opened(reader: Any) -> None:
    until(reader, "return Boolean(window.jupyterapp && await window.jupyterapp.started.then(() => true))")
    until(
        reader,
        "const widget = window.jupyterapp.shell.currentWidget;"
        "return Boolean(widget && widget.context && widget.context.isReady && widget.content.widgets.length > 3"
        " && widget.sessionContext.session && widget.sessionContext.session.kernel"
        " && widget.sessionContext.session.kernel.status === 'idle')",
    )


def say(reader: Any, cell: str, source: str | None = None) -> str:
    typed = "" if source is None else f"cell.model.sharedModel.setSource({json.dumps(source)});"
    said: str = run(
        reader,
        f"{NOTEBOOK} const place = notebook.widgets.findIndex(cell => cell.model.sharedModel.getId() === {cell!r});"
        f"notebook.activeCellIndex = place; const cell = notebook.widgets[place]; {typed}"
        "await window.jupyterapp.commands.execute('notebook:run-cell');"
        "return cell.model.outputs.toJSON().map(output => output.text || output.evalue || '').flat().join('')",
    )
    return said


def test_a_wrong_answer_gets_its_hint_and_the_right_one_passes(lesson: Callable[..., str]) -> None:
    name, half = "binary_entropy", "def binary_entropy(q):\n    return -np.asarray(q) * np.log(q)"
    lesson(name, half)
    wrong = lesson(f"test_{name}", f"%check {name}")
    assert wrong.startswith(f"{name}: wrong")
    assert "Hint:" in wrong
    assert "no points that count" in " ".join(wrong.split())
    lesson(name, right()[name])
    assert lesson(f"test_{name}", f"%check {name}").startswith(f"{name}: passed")


def test_a_loop_without_end_is_said_in_a_sentence(lesson: Callable[..., str]) -> None:
    name = "kl_bernoulli"
    lesson(name, f"def {name}(q, p):\n    while True:\n        pass")
    assert lesson(f"test_{name}", f"%check {name}").startswith(f"{name}: timed out")


def test_after_a_reload_the_work_and_the_progress_are_there(lesson: Callable[..., str], reader: Any) -> None:
    run(reader, "await window.jupyterapp.commands.execute('docmanager:save')")
    reader.refresh()
    opened(reader)
    source = run(
        reader,
        f"{NOTEBOOK} return notebook.widgets.find(cell => cell.model.sharedModel.getId() === 'binary_entropy')"
        ".model.sharedModel.getSource()",
    )
    assert source == right()["binary_entropy"]
    lesson("checks")
    row = next(line for line in lesson("test_kl_bernoulli", "%progress").splitlines() if " binary_entropy " in line)
    assert "passed" in row
    assert "Download progress.json" in run(
        reader,
        f"{NOTEBOOK} const cell = notebook.widgets.find(one => one.model.sharedModel.getId() === 'test_kl_bernoulli');"
        "cell.model.sharedModel.setSource('%export');"
        "await window.jupyterapp.commands.execute('notebook:run-cell');"
        "return JSON.stringify(cell.model.outputs.toJSON())",
    )


def test_a_prediction_opens_when_it_was_made(lesson: Callable[..., str]) -> None:
    cells = json.loads((COURSE / "release/01-bce/01-bce.ipynb").read_text())["cells"]
    asks = next(cell["id"] for cell in cells if 'predict("peak"' in "".join(cell["source"]))
    lesson("setup")
    assert "recorded" in lesson(asks, 'predict("peak", answer="c", probability=0.7)')


def test_nothing_was_asked_of_anybody_else(lesson: Callable[..., str], site: Served, reader: Any) -> None:
    assert hosts(reader) == {urlsplit(site.url).netloc}
