"""What instructors and students open: nothing of a submission runs or loads there, and nothing hidden stands there."""

from __future__ import annotations

import ast
import base64
import functools
import http.server
import inspect
import json
import os
import re
import shutil
import subprocess
import sys
import threading
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from bs4 import BeautifulSoup
from nbconvert.exporters import HTMLExporter
from nbgrader.api import Gradebook
from nbgrader.server_extensions.formgrader.formgrader import FormgradeExtension

from benchmarks.trials import UNITS

BROWSER = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome", "chrome"))), None)
NAME = "01-bce.ipynb"
OWNED = "document.title=/owned/.source"
FUNCTIONS = ("bernoulli_log_likelihood", "binary_entropy", "kl_bernoulli", "binary_cross_entropy")
ELSEWHERE = "http://127.0.0.1:1"
PIXEL = base64.b64encode(b"\x89PNG\r\n\x1a\n" + bytes(20)).decode()

MARKDOWN = [
    "<script>{run}</script>",
    '<img src=x onerror="{run}">',
    '<svg onload="{run}"><a xlink:href="javascript:{run}"><text>x</text></a></svg>',
    "<iframe src='{url}/frame'></iframe><object data='{url}/object'></object><embed src='{url}/embed'>",
    "<style>@import url('{url}/style');</style><link rel=stylesheet href='{url}/link'>",
    "<meta http-equiv=refresh content='0;url={url}/refresh'><base href='{url}/'>",
    "<form action='{url}/form'><button autofocus onfocus=\"{run}\">x</button></form>",
    '<details open ontoggle="{run}">x</details>',
    "<math><mtext><img src='{url}/math'></mtext></math>",
    "![a picture]({url}/picture.png)",
    "![a picture][far]\n\n[far]: {url}/reference.png",
    "[a link](javascript:{run})",
    "[a link][near]\n\n[near]: javascript:{run}",
    "<javascript:{run}>",
    "[a link](<{url}> 'x\" onmouseover=\"{run}')",
    '# a heading" onmouseover="{run}\n\n# test_binary_entropy\n\n# no_way_to_zero-comment',
    "```mermaid\nflowchart LR\n  A@{{ img: '{url}/diagram.png' }}\n```\n\n~~~~ \t mermaid\nflowchart LR\n~~~~",
    '```html" onmouseover="{run}\n<script>{run}</script>\n```',
    "$</script><script>{run}</script>$ and $$\\href{{javascript:{run}}}{{x}}$$",
    "\\begin{{equation}}<img src='{url}/equation'>\\end{{equation}}",
    "| a |\n|---|\n| <img src='{url}/table'> |",
    "`<script>` and <!-- <script>{run}</script> --> <?php ?> <![CDATA[<script>{run}</script>]]>",
    "![not there](attachment:none.png)",
    "![there, by another name](attachment:a&amp;b.png)",
    '![inside" onerror="{run}](attachment:bad.png)',
    "\\<img src=x onerror={run}> &lt;script>{run}&lt;/script> <\\!-- x -->",
    "<<script>script>{run}</script>",
    '<img src=x\nonerror="{run}">',
]

CODE = [
    "from IPython.display import display, HTML, Javascript, SVG, Markdown, Latex, IFrame\n"
    'display(HTML("<script>{run}</script><img src=\'{url}/html\' onerror=\\"{run}\\"><b>kept</b>"))',
    'display(Javascript("{run}"))',
    "display(SVG(\"<svg xmlns='http://www.w3.org/2000/svg' onload=\\\"{run}\\\"><image href='{url}/svg'/></svg>\"))",
    'display(Markdown("<script>{run}</script> ![x]({url}/md.png)"))',
    'display(Latex("</div><script>{run}</script>"))',
    "display(IFrame('{url}/iframe', 10, 10))",
    "display({{'image/png': '" + PIXEL + "\"><script>{run}</script>'}}, raw=True)",
    "display({{'image/png': '" + PIXEL + "', 'text/plain': 'x'}}, metadata={{'image/png': {{'width': '1><script>{run}"
    "</script>'}}}}, raw=True)",
    "display({{'application/vnd.jupyter.widget-view+json': {{'model_id': 'x'}}, 'text/plain': '<script>{run}'}}, "
    "raw=True)",
    "display({{'text/vnd.mermaid': 'flowchart LR', 'application/json': {{}}, 'image/svg+xml': '<svg/>'}}, raw=True)",
    "print('\\x1b[31m<script>{run}</script>')\nimport sys\nprint('</pre><script>{run}</script>', file=sys.stderr)",
    "class Shown:\n    def _repr_html_(self):\n        return '<script>{run}</script>'\nShown()",
    "# </pre></div><script>{run}</script>\n'</script><script>{run}</script>'",
    "%%javascript\n{run}",
    "raise ValueError('</pre><script>{run}</script>')",
]

KEPT = (
    "from IPython.display import display\n"
    "display({'text/html': '<img alt=\"an arch, highest in the middle\" src=\"data:image/png;base64,"
    + PIXEL
    + '"><table><caption>rows</caption><tr><th scope="col">a</th></tr></table>\'}, raw=True)'
)


def cell(kind: str, source: str, **more: Any) -> dict[str, Any]:
    code = {"outputs": [], "execution_count": None} if kind == "code" else {}
    return {
        "cell_type": kind,
        "id": f"own-{abs(hash(source)) % 10**9}",
        "metadata": {},
        "source": source,
        **code,
        **more,
    }


def hostile(course: Any, url: str = ELSEWHERE) -> dict[str, Any]:
    """The blank notebook with everything above in it, everywhere a student can write."""
    texts = [text.format(run=OWNED, url=url) for text in MARKDOWN]
    codes = [text.format(run=OWNED, url=url) for text in CODE]
    bad = {"bad.png": {"image/png": f'"><script>{OWNED}</script>', "image/svg+xml": f"<svg onload={OWNED}/>"}}
    bad["a&amp;b.png"] = {"image/png": PIXEL}
    document = course.edited(
        course.blank,
        {
            "no_way_to_zero": "\n\n".join(["# test_binary_entropy", *texts]),
            "binary_entropy": f"def binary_entropy(q):\n    raise TypeError('<script>{OWNED}</script>')",
            "kl_bernoulli": f"def kl_bernoulli(q, p):\n    return '<img src={url}/value onerror=\"{OWNED}\">'",
            "bce_is_symmetric": f"bce_is_symmetric = '`<script>{OWNED}</script>`'",
        },
    )
    document["metadata"]["widgets"] = {"application/vnd.jupyter.widget-state+json": {"state": {"x": OWNED}}}
    document["cells"] += [cell("markdown", text, attachments=bad) for text in texts]
    document["cells"] += [cell("raw", text, metadata={"raw_mimetype": "text/html"}) for text in texts]
    document["cells"] += [cell("raw", text) for text in texts[:3]]
    document["cells"] += [cell("code", text) for text in [*codes, KEPT]]
    stored = {"output_type": "display_data", "data": {"text/html": f"<script>{OWNED}</script>"}, "metadata": {}}
    for own in document["cells"]:
        if own["cell_type"] == "code":
            own["outputs"] = [stored]
    return document


URLS = (
    "src",
    "href",
    "data",
    "action",
    "formaction",
    "srcset",
    "poster",
    "xlink:href",
    "background",
    "content",
    "style",
)
TAGS = {"script", "iframe", "object", "embed", "link", "meta", "base", "form", "svg", "style", "math", "video", "audio"}


def live(page: str) -> set[tuple[str, ...]]:
    """All of a page that runs, loads, or leads a browser away."""
    found: set[tuple[str, ...]] = set()
    for tag in BeautifulSoup(page, "html.parser").find_all(True):
        if tag.name in TAGS and not is_formula(tag) and not tag.find_parent("section", {"aria-labelledby": "points"}):
            found.add((tag.name, str(tag)))
        if {"mermaid", "jp-Mermaid"} & set(tag.get("class", [])):
            found.add(("mermaid", str(tag)))
        for name, value in tag.attrs.items():
            value = str(value)
            if name.lower().startswith("on"):
                found.add((tag.name, name, value))
            if name.lower() in URLS and not harmless_address(tag.name, value):
                found.add((tag.name, name, value))
    return found


MATHML = "math mrow mi mo mn ms mtext mspace mfrac msqrt mroot msub msup msubsup munder mover munderover mtable mtr mtd"


def is_formula(tag: Any) -> bool:
    """Whether this is mathematics and no more: nothing of it runs, leads elsewhere or looks as somebody wants."""
    parts = [tag, *tag.find_all(True)]
    said = {name for part in parts for name in part.attrs}
    return {part.name for part in parts} <= set(MATHML.split()) and not said & {"href", "style", "id", "class", "src"}


def harmless_address(tag: str, value: str) -> bool:
    if tag == "a":  # somebody has to click it, and sees where it leads
        return re.match(r"https?://|#", value) is not None
    return re.fullmatch(r"data:image/(png|jpeg|gif);base64,[A-Za-z0-9+/=\s]*", value) is not None


def formgrader_page(course: Any, student: str) -> str:
    """The page on which an instructor grades, as the formgrader's extension makes it."""
    app = FormgradeExtension()
    app.load_cwd_config = False
    app.config_dir = str(course.root)
    app.initialize([], root=str(course.root))
    path = course.root / "autograded" / student / "01-bce" / NAME
    resources = {"base_url": "", "submission_id": "1", "notebook_id": "01-bce", "assignment_id": "01-bce", "index": 0}
    page, _ = HTMLExporter(config=app.config).from_filename(str(path), resources={**resources, "total": 1})
    return page


@pytest.fixture(scope="module")
def pages(fresh_course: Any) -> Any:
    """A course in which a blank and a hostile notebook were graded, and feedback was made."""
    course = fresh_course
    with (course.root / "nbgrader_config.py").open("a") as config:
        config.write('\nc.SubmissionExporter.figures = "all"\n')
    course.submit("blank", course.blank)
    course.submit("eve", hostile(course))
    assert all(done["success"] for done in course.autograde("blank", "eve"))
    assert all(course.api().generate_feedback("01-bce", student)["success"] for student in ("blank", "eve"))
    return course


def test_nothing_of_a_submission_is_live_in_feedback_or_formgrader(pages: Any) -> None:
    assert live(pages.feedback("eve")) <= live(pages.feedback("blank"))
    assert live(formgrader_page(pages, "eve")) <= live(formgrader_page(pages, "blank"))


def test_the_autograded_notebook_is_harmless_by_itself(pages: Any) -> None:
    """Also where somebody makes a page of it without the course's configuration."""

    def bare(student: str) -> str:
        path = pages.root / "autograded" / student / "01-bce" / NAME
        return HTMLExporter(template_name="classic").from_filename(str(path))[0]

    assert live(bare("eve")) <= live(bare("blank"))


def test_control_the_same_is_live_without_our_cleaning(pages: Any, tmp_path: Path) -> None:
    path = tmp_path / NAME
    submitted = pages.root / "submitted" / "eve" / "01-bce" / NAME
    path.write_bytes(re.sub(rb"attachment:(?=[a-z])", b"x:", submitted.read_bytes()))
    page, _ = HTMLExporter(template_name="classic").from_filename(str(path))
    blank, _ = HTMLExporter(template_name="classic").from_filename(
        str(pages.root / "submitted" / "blank" / "01-bce" / NAME)
    )
    new = live(page) - live(blank)
    assert {"script", "img", "iframe", "svg", "form", "meta", "link", "style", "a", "mermaid"} <= {
        item[0] for item in new
    }


def test_a_heading_cannot_take_a_score_fields_place(pages: Any) -> None:
    page = BeautifulSoup(formgrader_page(pages, "eve"), "html.parser")
    for name in pages.rows("eve"):
        [field] = page.find_all(id=name)
        assert field.name == "input"
        assert field.find_parent(class_="nbgrader_cell") is not None


def test_figures_tables_and_mathematics_survive(pages: Any) -> None:
    page = BeautifulSoup(pages.feedback("eve"), "html.parser")
    assert page.find("img", alt="an arch, highest in the middle")["src"].startswith("data:image/png;base64,")
    figures = [image for image in page.find_all("img") if len(image.get("src", "")) > 5_000]
    assert len(figures) >= 5
    assert all(len(image["alt"]) > 20 for image in figures)
    assert page.find("caption", string="rows") is not None
    assert page.find("msub") is not None
    assert "$" not in page.find(class_="lesson").get_text()


def test_an_attached_picture_survives_in_a_written_answer(course: Any) -> None:
    document = course.edited(course.blank, {"no_way_to_zero": "See ![my sketch](attachment:sketch.png)."})
    for own in document["cells"]:
        if own["metadata"].get("nbgrader", {}).get("grade_id") == "no_way_to_zero":
            own["attachments"] = {"sketch.png": {"image/png": PIXEL}}
    course.submit("ada", document)
    course.autograde("ada")
    assert course.api().generate_feedback("01-bce", "ada")["success"]
    image = BeautifulSoup(course.feedback("ada"), "html.parser").find("img", alt="my sketch")
    assert image["src"] == f"data:image/png;base64,{PIXEL}"


def test_a_verdict_says_state_points_sentence_and_hint_in_words(pages: Any) -> None:
    text = " ".join(BeautifulSoup(pages.feedback("eve"), "html.parser").get_text().split())
    assert "Raised an error: 0 of 4 points" in text
    assert "Wrong: 0 of 4 points" in text
    assert "Not attempted: 0 of 5 points" in text
    assert "Hint: " in text


def test_a_page_of_a_huge_notebook_is_made_in_time(course: Any) -> None:
    """What cleans HTML and renders code and mathematics takes minutes to hours for such cells when they are long."""
    document = course.blank
    document["cells"] += [cell("markdown", r"\\[" * 30_000), cell("markdown", r"\begin{a}" * 11_000)] * 3
    document["cells"] += [cell("code", "a." * 50_000 + "b")] * 3
    document["cells"] += [cell("code", "from IPython.display import HTML\nHTML('<div>' * 300_000)")]
    course.submit("eve", document)
    assert course.nbgrader("autograde", "01-bce").returncode == 0
    assert course.nbgrader("generate_feedback", "01-bce").returncode == 0
    assert "cut here" in course.feedback("eve")


def test_feedback_says_what_was_judged_and_by_whom(course: Any) -> None:
    """Fails where a page shows 0 for what nobody has judged."""
    course.submit("ada", course.edited(course.right, {"no_way_to_zero": "It cannot, since H(p) is its least."}))
    course.submit("bob", b"not a notebook")
    course.autograde("ada", "bob")
    with Gradebook(course.db, "loss-metrics") as book:
        book.find_grade("test_binary_entropy", "01-bce", "01-bce", "ada").manual_score = 2.5
        book.db.commit()
    said = {}
    for student in ("ada", "bob"):
        assert course.api().generate_feedback("01-bce", student)["success"]
        said[student] = " ".join(BeautifulSoup(course.feedback(student), "html.parser").get_text().split())
    most = course.rows("ada")["test_binary_entropy"].most
    assert f"Your instructor set 2.5 of {most:g} (automatic: {most:g})" in said["ada"]
    assert "no_way_to_zero Not read yet — a person will" in said["ada"]
    assert "points so far; one answer waits for a person" in said["ada"]
    assert "Deriving binary cross-entropy Not graded yet" in said["bob"]
    assert "binary_entropy Not graded yet" in said["bob"]
    assert not re.search(r"\b0(\.0)? (/|of) ", said["bob"] + said["ada"])
    with Gradebook(course.db, "loss-metrics") as book:
        book.find_grade("no_way_to_zero", "01-bce", "01-bce", "ada").manual_score = 2
        book.db.commit()
    assert course.api().generate_feedback("01-bce", "ada")["success"]
    assert "no_way_to_zero Full points: 2 of" in " ".join(
        BeautifulSoup(course.feedback("ada"), "html.parser").get_text().split()
    )


def rules(page: str) -> dict[str, str]:
    """The policy that a page gives a browser, before anything else."""
    first = BeautifulSoup(page, "html.parser").head.find("meta")
    assert first["http-equiv"] == "Content-Security-Policy"
    return dict(rule.strip().split(" ", 1) for rule in first["content"].split(";"))


def test_pages_say_what_a_browser_may_run(pages: Any) -> None:
    formgrader = rules(formgrader_page(pages, "eve"))
    assert "'self'" in formgrader["script-src"]
    assert formgrader["img-src"] == "'self' data:"
    assert formgrader["base-uri"] == formgrader["object-src"] == formgrader["frame-src"] == "'none'"
    feedback = rules(pages.feedback("eve"))
    assert feedback.pop("style-src").startswith("'sha256-")
    assert feedback.pop("img-src") == "data:"
    assert feedback == dict.fromkeys(("default-src", "base-uri", "form-action"), "'none'")


# What is hidden


LEAK = """
def {name}(*args, **kwargs):
    import sys, zlib
    given = [np.ravel(np.asarray(arg, float)).tolist() for arg in args]
    text = "LE" + "AK" + str(zlib.crc32(repr(given).encode())) + "."
    print(text)
    print(text, file=sys.stderr)
    raise RuntimeError(text)
"""
"""Gives away what it is called with, in a form that survives being cut."""


def test_no_hidden_input_test_or_reference_is_shown(course: Any) -> None:
    course.submit("eve", course.edited(course.blank, {name: LEAK.format(name=name) for name in FUNCTIONS}))
    course.submit("blank", course.blank)
    course.autograde("eve", "blank")
    for student in ("eve", "blank"):
        assert course.api().generate_feedback("01-bce", student)["success"]
        page = BeautifulSoup(course.feedback(student), "html.parser").get_text()
        notebook = (course.root / "autograded" / student / "01-bce" / NAME).read_text()
        assert [line for line in hidden_lines() if line in page or line in notebook] == []
    leaks = set(re.findall(r"LEAK(\d+)", (course.root / "autograded" / "eve" / "01-bce" / NAME).read_text()))
    leaks |= set(re.findall(r"LEAK(\d+)", course.feedback("eve")))
    assert leaks
    assert leaks <= visible_calls(course) | calls_of_the_lesson(course)


def calls_of_the_lesson(course: Any) -> set[str]:
    """What the notebook's own cells call the functions with, where nobody grades."""
    cells = course.edited(course.blank, {name: LEAK.format(name=name) for name in FUNCTIONS})["cells"]
    sources = ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]
    run = "import json, sys\nown = {'__name__': '__main__'}\nfor cell in json.load(sys.stdin):\n"
    run += "    try:\n        exec(cell, own)\n    except Exception as error:\n        print(error)\n"
    done = subprocess.run(
        [sys.executable, "-c", run],
        input=json.dumps(sources),
        cwd=course.root / "release" / "01-bce",
        env={**os.environ, "MPLBACKEND": "agg"},
        capture_output=True,
        text=True,
    )
    return set(re.findall(r"LEAK(\d+)", done.stdout))


def hidden_lines() -> set[str]:
    """The statements of the hidden suite and of the reference, as far as they are long enough to be nothing else."""
    lines = set()
    for module in (UNITS["bce"].suite, UNITS["bce"].reference):
        source = inspect.getsource(module)
        for node in ast.walk(ast.parse(source)):
            if isinstance(node, ast.FunctionDef):
                statements = [
                    n for n in node.body if not (isinstance(n, ast.Expr) and isinstance(n.value, ast.Constant))
                ]
                lines |= {(ast.get_source_segment(source, n) or "").splitlines()[0] for n in statements}
                lines |= {node.name} if node.name.startswith("test_") else set()
    return {line for line in lines if len(line) > 25}


def visible_calls(course: Any) -> set[str]:
    """What the visible examples of the suite and the visible tests of the notebook call with."""
    tests = [
        test for group in vars(UNITS["bce"].suite).values() if inspect.isclass(group) for test in vars(group).values()
    ]
    marks = [mark for test in tests for mark in getattr(test, "pytestmark", []) if mark.name == "example"]
    given = [mark.args[0] for mark in marks]
    for own in course.blank["cells"]:
        if own["metadata"].get("nbgrader", {}).get("grade"):
            for node in ast.walk(
                ast.parse("".join(own["source"])) if own["cell_type"] == "code" else ast.Module([], [])
            ):
                names = [
                    n.id for n in [getattr(node, "func", None), *getattr(node, "args", [])] if isinstance(n, ast.Name)
                ]
                if isinstance(node, ast.Call) and set(names) & set(FUNCTIONS):
                    args = [arg for arg in node.args if not isinstance(arg, ast.Name)]
                    given.append(tuple(eval(ast.unparse(arg)) for arg in args))
    values = [[np.ravel(np.asarray(arg, float)).tolist() for arg in args] for args in given]
    return {str(zlib.crc32(repr(value).encode())) for value in values}


# In a browser


class _Hits(http.server.SimpleHTTPRequestHandler):
    def __init__(self, *args: Any, hits: list[str], **kwargs: Any) -> None:
        self.hits = hits
        super().__init__(*args, **kwargs)

    def do_GET(self) -> None:
        self.hits.append(self.path)
        super().do_GET()

    def log_message(self, *_: Any) -> None:
        pass


@pytest.fixture
def site(tmp_path: Path) -> Iterator[tuple[str, Path, list[str]]]:
    """A web server on this machine: its address, its folder, and what was asked of it."""
    folder = tmp_path / "site"
    folder.mkdir()
    hits: list[str] = []
    server = http.server.ThreadingHTTPServer(
        ("127.0.0.1", 0), functools.partial(_Hits, hits=hits, directory=str(folder))
    )
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}", folder, hits
    server.shutdown()
    server.server_close()


def opened(address: str, profile: Path) -> str:
    """The title that a page has when a browser is done with it."""
    done = subprocess.run(
        [str(BROWSER), "--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking",
         "--no-first-run", f"--user-data-dir={profile}", "--virtual-time-budget=6000", "--dump-dom", address],
        capture_output=True, text=True, timeout=120, check=True,
    )  # fmt: skip
    title = BeautifulSoup(done.stdout, "html.parser").title
    return title.get_text() if title else ""


@pytest.mark.skipif(BROWSER is None, reason="no Chromium here: the same is tested without a browser above")
def test_a_browser_runs_and_loads_nothing_of_a_submission(course: Any, site: Any, tmp_path: Path) -> None:
    url, folder, hits = site
    course.submit("eve", hostile(course, url))
    assert all(done["success"] for done in course.autograde("eve"))
    assert course.api().generate_feedback("01-bce", "eve")["success"]
    (folder / "feedback.html").write_text(course.feedback("eve"))
    (folder / "formgrader.html").write_text(formgrader_page(course, "eve"))
    for name in ("feedback", "formgrader"):
        hits.clear()
        assert opened(f"{url}/{name}.html", tmp_path / "profile").startswith("01-bce")
        asked = {hit for hit in hits if not hit.startswith("/formgrader/static/")}
        assert asked <= {f"/{name}.html", "/favicon.ico"}


@pytest.mark.skipif(BROWSER is None, reason="no Chromium here: the same is tested without a browser above")
def test_control_a_browser_runs_and_loads_it_without_our_cleaning(course: Any, site: Any, tmp_path: Path) -> None:
    url, folder, hits = site
    document = hostile(course, url)
    own = [own for own in document["cells"] if own["cell_type"] == "markdown" and own["id"].startswith("own-")]
    # One of the payloads leads the browser away from the page, and one ends nbconvert.
    document["cells"] = [cell for cell in own if not re.search("attachment:|<meta", cell["source"])]
    path = tmp_path / NAME
    path.write_text(json.dumps(document))
    page, _ = HTMLExporter(template_name="classic").from_filename(str(path))
    (folder / "page.html").write_text(page)
    assert opened(f"{url}/page.html", tmp_path / "profile") == "owned"
    assert {"/frame", "/style", "/link"} <= set(hits)
