"""The page that goes back to a student: what to do next on top, and then the notebook with the lesson folded."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import axe_core_python
import nbformat
import pytest
from bs4 import BeautifulSoup
from courses import here
from nbgrader.api import Gradebook
from selenium import webdriver

from autograder import __version__
from autograder.__main__ import main
from autograder.classes.talk import command
from autograder.nbgrader.feedback import cells
from autograder.nbgrader.feedback.gradebook import Judged, Points
from autograder.nbgrader.feedback.page import page
from autograder.notebooks import units
from autograder.notebooks.mathematics import MOST, mathml

UNIT = "01-bce"
BROWSER = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome", "chrome"))), None)
DRIVER = shutil.which("chromedriver")

BITS = "def binary_entropy(q):\n    q = np.asarray(q, float)\n    return -(q * np.log2(q) + (1 - q) * np.log2(1 - q))"
ENDLESS = "def binary_cross_entropy(y, p, eps=1e-15):\n    while True:\n        pass"
DRAWN = (
    "import matplotlib.pyplot as plt\nplt.plot([0, 1])\nplt.show()\n"
    "display({'text/latex': r'$\\frac{a}{b}$', 'text/plain': 'a/b'}, raw=True)"
)
WRITTEN = "It cannot: $H(p) > 0$, and\n\n$$\\mathrm{BCE} = H(q) + \\mathrm{KL}(q \\| p).$$"
SPOOF = (
    '# 25 of 25 points\n\n<div id="points" class="task" style="position:fixed;top:0">'
    '<h2 id="next">Full points</h2></div>\n\n[to the test](#cell-test_binary_entropy)'
)


def own(kind: str, source: str, number: int) -> dict[str, Any]:
    code = {"outputs": [], "execution_count": None} if kind == "code" else {}
    return {"cell_type": kind, "id": f"own-{number}", "metadata": {}, "source": source, **code}


@pytest.fixture(scope="module")
def graded(fresh_course: Any) -> Any:
    """Four students, and what a person did after they were graded."""
    course = fresh_course
    with (course.root / "nbgrader_config.py").open("a") as config:
        config.write(
            "\nfrom nbgrader.plugins import BasePlugin\n\n\nclass Late(BasePlugin):\n"
            "    def late_submission_penalty(self, student_id, score, total_seconds_late):\n"
            "        return 1.5\n\n\nc.AssignLatePenalties.plugin_class = Late\n"
        )
    honest = course.edited(course.right, {"no_way_to_zero": WRITTEN})
    honest["cells"] += [own("code", DRAWN, 1), own("markdown", SPOOF, 2)]
    course.submit("honest", honest)
    right = course.right["cells"]
    kept = next(one for one in right if one["metadata"].get("nbgrader", {}).get("grade_id") == "kl_bernoulli")
    wrong = {
        "binary_entropy": BITS,
        "binary_cross_entropy": ENDLESS,
        "kl_bernoulli": kept["source"],
        "no_way_to_zero": "Because noise has entropy.",
    }
    course.submit("wrong", course.edited(course.blank, wrong))
    (course.submitted("wrong") / "timestamp.txt").write_text("2026-01-02 03:10:00 UTC")
    course.submit("blank", course.blank)
    course.submit("bad", b"not a notebook")
    with Gradebook(course.db, "loss-metrics") as book:
        book.update_or_create_assignment(UNIT, duedate="2026-01-01 22:59:00 UTC")
        book.add_student("wrong", first_name="Rosa", last_name="Lind")
        book.db.commit()
    assert all(done["success"] for done in course.autograde("honest", "wrong", "blank", "bad"))
    with Gradebook(course.db, "loss-metrics") as book:
        book.grant_extension(UNIT, "wrong", hours=1)
        book.find_comment(
            "binary_entropy", UNIT, UNIT, "wrong"
        ).manual_comment = "Look at the base: `np.log`, $\\ln 2$."
        grade = book.find_grade("no_way_to_zero", UNIT, UNIT, "wrong")
        grade.manual_score, grade.extra_credit = 1.0, 0.5
        book.find_grade("test_kl_bernoulli", UNIT, UNIT, "wrong").manual_score = 2.5
        book.db.commit()
    for student in ("honest", "wrong", "blank", "bad"):
        assert course.api().generate_feedback(UNIT, student)["success"]
    return course


def soup(course: Any, student: str) -> BeautifulSoup:
    return BeautifulSoup(course.feedback(student), "html.parser")


def words(part: Any) -> str:
    return " ".join(part.get_text().split())


def listed(course: Any, student: str) -> dict[str, tuple[str, str]]:
    """Each task on top by its name: under which heading it stands, and all that is said of it."""
    return {
        item.find("code").get_text(): (item.find_parent("section").h2.get_text(), words(item))
        for item in soup(course, student).find_all("li", class_="task")
    }


def test_each_task_stands_on_top_with_state_points_sentence_hint_and_a_link_to_its_cell(graded: Any) -> None:
    said = listed(graded, "wrong")
    assert said.keys() == {name.removeprefix("test_") for name in graded.rows("wrong")}
    heading, entropy = said["binary_entropy"]
    assert heading == "What to do next"
    assert entropy.startswith("✗ binary_entropy Wrong: 0 of 4 points")
    assert "binary_entropy([0.2, 0.6]) returned [0.721928, 0.970951]" in entropy
    assert " Hint: " in entropy
    assert said["binary_cross_entropy"][1].startswith("↻ binary_cross_entropy Timed out: 0 of 5 points")
    heading, undecided = said["bce_of_undecided"]
    assert heading == "What you have not tried yet"
    assert undecided.startswith("○ bce_of_undecided Not attempted: 0 of 1 points")
    parsed = soup(graded, "wrong")
    for item in parsed.find_all("li", class_="task"):
        target = parsed.find(id=item.find("a")["href"].removeprefix("#"))
        assert target is not None
        assert item.find("code").get_text() in words(target)


def test_what_was_right_is_said_too(graded: Any) -> None:
    said = listed(graded, "honest")
    right = [name for name, (heading, _) in said.items() if heading == "What is right"]
    assert len(right) == 11
    assert said["binary_entropy"][1] == "✓ binary_entropy Passed: 4 of 4 points All tests passed."
    assert re.search(
        r"Tests passed so far: values \d of 3, .*promises [1-9] of", listed(graded, "wrong")["binary_entropy"][1]
    )


def test_what_a_person_gave_stands_there(graded: Any) -> None:
    said = listed(graded, "wrong")
    assert "Your instructor writes: Look at the base: np.log, ln" in said["binary_entropy"][1].replace("\u2061", "")
    assert "Part of the points: 1 of 2 points, and 0.5 extra" in said["no_way_to_zero"][1]
    changed = said["kl_bernoulli"][1]
    assert "Your instructor set 2.5 of 4 (automatic: 4)" in changed
    assert "All tests passed" not in changed, "it contradicts what the person set"
    assert listed(graded, "honest")["no_way_to_zero"][1] == "… no_way_to_zero Not read yet — a person will"


def test_points_lateness_penalty_and_whose_page_it_is(graded: Any) -> None:
    parsed = soup(graded, "wrong")
    assert words(parsed.header) == "Feedback on 01-bce for Rosa Lind (wrong) Deriving binary cross-entropy"
    assert parsed.find(id="points").get_text() == "2.5 of 26 points"
    assert "2 January 2026, 03:10 UTC, 3 hours and 11 minutes late: 1.5 points less." in words(parsed.main)
    assert parsed.find("svg")["aria-label"] == "2.5 of 26 points"
    assert parsed.find("rect", class_="got")["width"] == "9.62"


def test_a_notebook_that_nobody_graded_has_the_reason_and_no_zero(graded: Any) -> None:
    parsed = soup(graded, "bad")
    assert parsed.find(id="points").get_text() == "Not graded yet"
    assert "it is not valid JSON" in words(parsed.main)
    assert "This costs you nothing: a person will look at it." in words(parsed.main)
    assert {heading for heading, _ in listed(graded, "bad").values()} == {"What waits for a person"}
    assert parsed.find("svg") is None


def test_what_a_full_answer_has_is_shown_once_it_was_read(graded: Any) -> None:
    assert "What a full answer has: 0.5: Splits the loss" in words(soup(graded, "wrong").main)
    assert "What a full answer has" not in words(soup(graded, "honest"))
    assert "What a full answer has" not in words(soup(graded, "blank"))


def test_the_seed_repeats_the_run_and_the_request_can_be_sent(graded: Any) -> None:
    parsed = soup(graded, "wrong")
    request = parsed.find("textarea").get_text()
    [command] = re.findall(r"^autograder (check .*)$", request, re.MULTILINE)
    assert "Regrade request: 01-bce, wrong" in request
    assert "- binary_entropy: Wrong: 0 of 4 points\n  Measured: " in request
    assert "would be right." in request
    version = f"{__version__} ({units.version(units.find(graded.root, UNIT))[:12]})"
    assert f"unit {UNIT}; seed " in request
    assert f"; grader and hidden tests {version}\n" in request
    assert version in words(parsed)
    assert parsed.find("label", attrs={"for": parsed.find("textarea")["id"]}) is not None
    run = subprocess.run(
        [sys.executable, "-m", "autograder", *command.split(), "--json"],
        cwd=graded.root, capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    report = json.loads(run.stdout)
    assert str(report["seed"]) in words(parsed)
    found = {cell["function"] or cell["id"]: cell for cell in report["cells"]}
    assert words(BeautifulSoup(str(cells.sentence(found["binary_entropy"]["message"])), "html.parser")) in words(parsed)


def test_the_lesson_is_folded_and_the_students_cells_are_open(graded: Any) -> None:
    parsed = soup(graded, "honest")
    folds = parsed.find_all("details", class_="lesson")
    assert all(not fold.has_attr("open") for fold in folds)
    assert folds[0].summary.get_text() == "Lesson: Deriving binary cross-entropy"
    opened = [one for one in parsed.find_all(class_="own") if one.find_parent("details") is None]
    assert len(opened) == 11 + 12 + 2  # what was to be written, what carries points, two cells of the student's own
    drawn = opened[-2]
    assert drawn.find("img")["src"].startswith("data:image/png;base64,")
    assert drawn.find("mfrac") is not None
    assert "A figure that waits for your guess" in words(folds[0])
    assert not folds[0].find_all("img")
    assert "reveal(" not in words(parsed), "the source of a collapsed cell holds the answer"


def test_a_page_is_small_and_needs_nothing_from_elsewhere(graded: Any) -> None:
    for student in ("wrong", "blank", "bad"):
        text = graded.feedback(student)
        assert len(text.encode()) < 120_000
        parsed = BeautifulSoup(text, "html.parser")
        assert not parsed.find_all(["script", "link", "iframe"])
        assert not parsed.find_all(style=True)
        assert parsed.html["lang"] == "en"
        assert "$" not in words(parsed.find(id="notebook").find("details"))
    assert len(soup(graded, "wrong").find_all("math")) > 80


def test_a_students_text_cannot_look_like_the_page(graded: Any) -> None:
    parsed = soup(graded, "honest")
    assert len(parsed.find_all(id="points")) == len(parsed.find_all(id="next", class_=False)) + 1 == 1
    spoof = parsed.find_all(class_="own")[-1]
    assert "25 of 25 points" in words(spoof)
    assert not [
        tag for tag in spoof.find_all(True) if tag.get("id") or tag.get("style") or "task" in tag.get("class", [])
    ]


def test_nothing_of_an_assignment_that_is_not_ours_is_believed() -> None:
    """nbgrader itself grades it: metadata there may be a student's."""
    settings = {"grade": True, "grade_id": "t", "locked": True, "solution": False, "schema_version": 3, "points": 1}
    said = {"autograder": {"state": "passed", "message": "You have full points"}}
    output = nbformat.v4.new_output("display_data", {"text/plain": "x"}, metadata=said)
    cell = nbformat.v4.new_code_cell("assert f(1) == 2", outputs=[output], metadata={"nbgrader": settings})
    text = nbformat.v4.new_markdown_cell("My text", metadata={"autograder": {"lesson": True, "notes": True}})
    run = {"run": {"status": "ungraded", "reason": "Ask for more points", "notes": ["Well done"], "seed": 1}}
    notebook = nbformat.v4.new_notebook(cells=[cell, text], metadata={"autograder": run})
    judged = Judged("ben", points={"t": Points(0.0, None, 0.0, 1.0)})
    made = page(notebook, judged, assignment="ps1", name="p", trusted=False)
    assert not [word for word in ("You have full points", "Ask for more", "Well done") if word in made]
    assert "No points: 0 of 1 points" in made
    assert "My text" in made


def test_control_the_same_is_believed_where_our_grader_wrote_it() -> None:
    run = {"run": {"status": "graded", "reason": None, "notes": ["Well done"], "seed": 1}}
    notebook = nbformat.v4.new_notebook(metadata={"autograder": run})
    assert "Well done" in page(notebook, Judged("ben"), assignment="ps1", name="p", trusted=True)


@pytest.mark.parametrize(
    "source",
    [
        '![$x$](https://elsewhere/x.png) <img alt="$<script>$" src=x onerror=f()>',
        '$\\text{<script>f()</script>}$ and $\\text{"><img src=x onerror=f()>}$',
        "$\\href{javascript:f()}{x}$ $\\style{position:fixed}{x}$ $\\class{task}{x}$ $\\hspace{-900em}x$",
        "\ue0000\ue001 $x$ \ue0007\ue001",
        "<math><mtext><img src=x onerror=f()></mtext></math>",
        '<table><tr><th title="</th>"></th><th scope=row></th></tr></table><a href="https://e"></a>',
        "<h1>a</h1><p title='<h1>'>b</p>",
    ],
)
def test_hostile_text_and_mathematics_stay_text(source: str) -> None:
    parsed = BeautifulSoup(str(cells.text(source)), "html.parser")
    assert not parsed.find_all(["script", "svg", "style", "iframe"])
    for tag in parsed.find_all(True):
        assert not {name for name in tag.attrs if name.startswith("on") or name in ("style", "id")}, tag
        assert not str(tag.get("src", "")).startswith(("x", "http"))
        assert not str(tag.get("href", "")).startswith("javascript")


def test_mathematics_that_cannot_be_shown_is_shown_as_it_was_typed() -> None:
    assert mathml("x" * (MOST + 1)) is None
    assert mathml("\\sqrt " * (MOST // 6)) is None  # deep, and without an end
    assert mathml("\\nonsense{x}") is None
    assert mathml("x \\raisebox{9em}{y}") is None  # what the converter knows and the list does not
    assert str(cells.text("Look: $\\frac{1}$")) == "<p>Look: <code>$\\frac{1}$</code></p>\n"
    assert str(cells.text("Look: $\\nonsense{x}$")) == "<pre>Look: $\\nonsense{x}$</pre>"  # what is not on the list
    assert 'class="left"' in str(cells.text("$$\\begin{cases}a\\\\b\\end{cases}$$"))


# In a browser


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    if not BROWSER or not DRIVER:
        pytest.skip("no Chromium with its driver here")
    options = webdriver.ChromeOptions()
    options.binary_location = BROWSER
    profile = tmp_path_factory.mktemp("profile")
    for argument in ("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run"):
        options.add_argument(argument)
    options.add_argument(f"--user-data-dir={profile}")
    driver = webdriver.Chrome(options=options, service=webdriver.ChromeService(DRIVER))
    yield driver
    driver.quit()


AXE = (Path(axe_core_python.__file__).parent / "axe.min.js").read_text(encoding="utf-8")
JUDGE = (
    "const done = arguments[0]; axe.run().then(found => done(found.violations.map(one => "
    "one.id + ': ' + one.nodes.slice(0, 3).map(node => node.html.slice(0, 200)).join(' | '))))"
)


@pytest.mark.parametrize("student", ["honest", "wrong", "blank", "bad"])
@pytest.mark.parametrize(("width", "scheme"), [(1000, "light"), (390, "dark")])
def test_everybody_can_read_it(graded: Any, browser: Any, student: str, width: int, scheme: str) -> None:
    """No rule of axe-core's is broken, by light and in the dark, and nothing is wider than a phone."""
    media = {"features": [{"name": "prefers-color-scheme", "value": scheme}]}
    size = {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": width < 500}
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", media)
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
    browser.get((graded.root / "feedback" / student / UNIT / f"{UNIT}.html").as_uri())
    browser.execute_script("for (const one of document.querySelectorAll('details')) one.open = true")
    assert browser.execute_script("return document.documentElement.scrollWidth") <= width
    browser.execute_script(AXE)
    assert browser.execute_async_script(JUDGE) == []


def test_control_axe_finds_what_is_wrong(browser: Any, tmp_path: Path) -> None:
    (tmp_path / "bad.html").write_text("<!DOCTYPE html><body><img src=x><p style='color:#bbb'>pale</p>")
    browser.get((tmp_path / "bad.html").as_uri())
    browser.execute_script(AXE)
    found = " ".join(browser.execute_async_script(JUDGE))
    assert all(rule in found for rule in ("image-alt", "html-has-lang", "color-contrast"))


@pytest.fixture(scope="module")
def talks(graded: Any) -> dict[str, Path]:
    """The pages for an hour with two of them."""
    return {student: command.talk(graded.root, UNIT, student).page for student in ("wrong", "bad")}


@pytest.mark.parametrize(
    ("student", "width", "scheme"), [("wrong", 1000, "light"), ("wrong", 390, "dark"), ("bad", 390, "light")]
)
def test_everybody_can_read_the_page_for_an_hour_with_a_student(
    talks: dict[str, Path], browser: Any, student: str, width: int, scheme: str
) -> None:
    media = {"features": [{"name": "prefers-color-scheme", "value": scheme}]}
    size = {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": width < 500}
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", media)
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
    browser.get(talks[student].as_uri())
    browser.execute_script("for (const one of document.querySelectorAll('details')) one.open = true")
    assert browser.execute_script("return document.documentElement.scrollWidth") <= width
    browser.execute_script(AXE)
    assert browser.execute_async_script(JUDGE) == []


def test_the_answers_are_for_the_instructor_alone(talks: dict[str, Path]) -> None:
    text = talks["wrong"].read_text()
    page = BeautifulSoup(text, "html.parser")
    assert talks["wrong"].stat().st_mode & 0o077 == 0
    assert len(page.select(".questions > li")) == 3
    assert len(page.select("details .answers > li")) == 3
    assert "does not end" in page.select_one(".questions").text
    assert not page.select("details[open]")
    assert not page.find_all(["script", "link", "iframe", "form"])
    assert not re.search(r"(src|href)=.?(http|//)", text)
    policy = page.find("meta", attrs={"http-equiv": "Content-Security-Policy"})["content"]
    assert policy.startswith("default-src 'none'; style-src 'sha256-")
    assert "Rosa Lind (wrong)" in page.header.text
    states = {one.code.text: one.select_one(".state").text for one in page.select(".task h3")}
    assert states["binary_entropy"].startswith("Wrong")
    assert "Nothing could be asked." in talks["bad"].read_text()


def test_the_command_writes_the_same_page_each_time(graded: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def run(*arguments: str) -> Any:
        monkeypatch.setattr(sys, "argv", ["autograder", "talk", *arguments])
        return here(main, graded.root, ["talk", *arguments])

    done = run("blank", UNIT)
    assert (done.returncode, done.stderr) == (0, "")
    assert "`binary_entropy` was not attempted." in done.stdout
    place = graded.root / "talk" / "blank" / f"{UNIT}.html"
    assert str(place) in done.stdout
    before = place.read_bytes()
    assert json.loads(run("blank", UNIT, "--json").stdout)["student"] == "blank"
    assert place.read_bytes() == before
    assert run("nobody", UNIT).returncode == 1
    assert "has been graded yet" in run("nobody", UNIT).stderr
    assert run("blank", "ps9").returncode == 2
