# ruff: noqa: E501
"""In a real browser nothing of a submission runs, asks elsewhere, or stands where a score does.

The pages are those that people open: the formgrader and the autograded notebook in a real JupyterLab, and the feedback.
"""

from __future__ import annotations

import base64
import datetime
import functools
import http.server
import json
import os
import re
import shutil
import socket
import ssl
import struct
import subprocess
import sys
import threading
import time
import urllib.request
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import payloads
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from nbgrader.api import Gradebook
from selenium import webdriver

BROWSER = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome", "chrome"))), None)
DRIVER = shutil.which("chromedriver")
UNIT = "01-bce"
NAME = f"{UNIT}.ipynb"
FIELDS = "input.score, input.extra-credit, .scoring-buttons button, textarea.comment"

pytestmark = pytest.mark.skipif(not BROWSER or not DRIVER, reason="no Chromium with its driver here")


def png() -> str:
    """A picture of one dot."""
    parts = [(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0)), (b"IDAT", zlib.compress(b"\0\0")), (b"IEND", b"")]
    chunks = [struct.pack(">I", len(d)) + n + d + struct.pack(">I", zlib.crc32(n + d)) for n, d in parts]
    return base64.b64encode(b"\x89PNG\r\n\x1a\n" + b"".join(chunks)).decode()


PIXEL = png()
ATTACHED = {
    "a.png": {"image/png": PIXEL},
    "a&amp;b.png": {"image/png": PIXEL},
    "svg": {"image/svg+xml": base64.b64encode(b"<svg xmlns='http://www.w3.org/2000/svg' onload='pwn(801)'/>").decode()},
    "html": {"text/html": base64.b64encode(b"<script>pwn(802)</script>").decode()},
    "quote": {"image/png": '" onerror="pwn(803)'},
    '"onerror=pwn(804)': {"image/png": PIXEL, "image/svg+xml": "<svg onload=pwn(804)/>"},
}

HONEST = """### Honest work

| loss | value |
|:-----|------:|
| RMSE | *0.5* |

- a list, and [a link](https://example.org/page)
- `code` and $x^2 < 1$

![my sketch](attachment:a.png)

```python
x < 1
```
"""

FRAME = (
    "from IPython.display import HTML\n"
    "HTML('<div><style scoped>.dataframe th {color: red}</style><table border=\"1\" class=\"dataframe\"><thead>"
    "<tr style=\"text-align: right;\"><th></th><th>loss</th></tr></thead><tbody><tr><th>0</th><td>0.25</td></tr></tbody>"
    "</table></div>')"
)  # fmt: skip


class Canary(http.server.SimpleHTTPRequestHandler):
    """A server whose folder holds the feedback, and that remembers what else was asked of it."""

    def __init__(self, *args: Any, asked: list[str], **kwargs: Any) -> None:
        self.asked = asked
        super().__init__(*args, **kwargs)

    def do_GET(self) -> None:
        self.asked.append(self.path)
        super().do_GET()

    do_POST = do_HEAD = do_GET

    def log_message(self, *_: Any) -> None:
        pass


def cell(kind: str, source: str, number: int, **more: Any) -> dict[str, Any]:
    code = {"outputs": [], "execution_count": None} if kind == "code" else {}
    return {"cell_type": kind, "id": f"own-{number}", "metadata": {}, "source": source, **code, **more}


def hostile(course: Any, url: str) -> dict[str, Any]:
    """The blank notebook with every payload wherever a student can write."""
    texts = payloads.numbered([*payloads.MARKDOWN, *payloads.LATEX, *payloads.HTML], url)
    html = payloads.numbered(payloads.HTML, url, 400)
    bundles = [
        json.loads(payloads.told(json.dumps(bundle), url, 700 + number))
        for number, bundle in enumerate(payloads.BUNDLES)
    ]
    shown = "from IPython.display import HTML, display\n"
    codes = [
        f"{shown}for text in {html[start : start + 40]!r}:\n    display(HTML(text))"
        for start in range(0, len(html), 40)
    ]
    codes += [
        f"{shown}for data in {bundles!r}:\n    display(data, raw=True, metadata={{'text/html': {{'isolated': True}}}})"
    ]
    codes += [f"import sys\nprint({text!r})\nprint({text!r}, file=sys.stderr)" for text in html[40:44]]
    codes += [f"raise ValueError({text!r})" for text in html[44:48]] + [FRAME]
    document = course.edited(
        course.blank,
        {
            "no_way_to_zero": "\n\n".join(texts[:40]),
            "binary_entropy": f"def binary_entropy(q):\n    raise TypeError({html[40]!r})",
            "kl_bernoulli": f"def kl_bernoulli(q, p):\n    return {html[60]!r}",
            "bce_is_symmetric": f"bce_is_symmetric = {html[61]!r}",
        },
    )
    for own in document["cells"]:
        if own["metadata"].get("nbgrader", {}).get("grade_id") == "no_way_to_zero":
            own["attachments"] = ATTACHED
        own["metadata"] |= {"tags": ['x" onclick="pwn(810)'], "name": "<script>pwn(811)</script>"}
        if own["cell_type"] == "code":
            own["outputs"] = [{"output_type": "display_data", "data": bundle, "metadata": {}} for bundle in bundles]
    number = iter(range(10_000))
    document["cells"] += [cell("markdown", text, next(number), attachments=ATTACHED) for text in [*texts, HONEST]]
    document["cells"] += [
        cell("raw", text, next(number), metadata={"raw_mimetype": "text/html", "format": "text/html"})
        for text in texts[::9]
    ]
    document["cells"] += [cell("code", text, next(number)) for text in codes]
    document["metadata"] |= {
        "title": "</title><script>pwn(820)</script>",
        "authors": [{"name": "<script>pwn(821)</script>"}],
        "kernelspec": {"name": "<script>pwn(822)</script>", "display_name": "<img src=x onerror=pwn(823)>"},
        "language_info": {"name": "python", "pygments_lexer": "<script>pwn(824)</script>"},
        "widgets": {"application/vnd.jupyter.widget-state+json": {"state": {"m": {"x": "</script><script>pwn(825)"}}}},
    }
    return document


@pytest.fixture(scope="module")
def canary(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Path, list[str]]]:
    folder, asked = tmp_path_factory.mktemp("canary"), []
    handler = functools.partial(Canary, asked=asked, directory=str(folder))
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}", folder, asked
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="module")
def graded(fresh_course: Any, canary: Any) -> Any:
    """A course in which a student handed in everything above, and others have such names."""
    url, folder, _ = canary
    course = fresh_course
    course.submit("eve", hostile(course, url))
    [done] = course.autograde("eve")
    assert done["success"], done
    assert course.api().generate_feedback(UNIT, "eve")["success"]
    (folder / "feedback.html").write_text(course.feedback("eve"))
    for number, name in enumerate(payloads.NAMES):
        if "/" not in name:
            course.submit(payloads.told(name, url, 900 + number), course.blank)
    with Gradebook(course.db, "loss-metrics") as book:
        student = book.find_student("eve")
        student.first_name, student.last_name = "<img src=x onerror=pwn(910)>", "<script>pwn(911)</script>"
        book.db.commit()
    return course


@pytest.fixture(scope="module")
def lab(graded: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a JupyterLab on the course, which trusts the autograded notebook."""
    own = tmp_path_factory.mktemp("jupyter")
    settings = own / "settings" / "@jupyterlab" / "notebook-extension"
    settings.mkdir(parents=True)
    (settings / "tracker.jupyterlab-settings").write_text('{"windowingMode": "none"}')
    env = {name: value for name, value in os.environ.items() if name != "JUPYTER_NO_CONFIG"}
    env |= {
        "JUPYTER_CONFIG_DIR": str(own / "config"),
        "JUPYTER_DATA_DIR": str(own / "data"),
        "JUPYTER_RUNTIME_DIR": str(own / "runtime"),
        "JUPYTERLAB_SETTINGS_DIR": str(own / "settings"),
        "JUPYTERLAB_WORKSPACES_DIR": str(own / "workspaces"),
    }
    page = graded.root / "autograded" / "eve" / UNIT / NAME
    subprocess.run([sys.executable, "-m", "jupyter", "trust", str(page)], env=env, check=True, capture_output=True)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "jupyter", "lab", "--no-browser", "--allow-root", f"--ServerApp.port={port}"]
    command += ["--ServerApp.ip=127.0.0.1", "--IdentityProvider.token=", "--ServerApp.port_retries=0"]
    with (own / "log").open("wb") as log:
        server = subprocess.Popen(command, cwd=graded.root, env=env, stdout=log, stderr=log)
        try:
            url = f"http://127.0.0.1:{port}"
            until(lambda: urllib.request.urlopen(f"{url}/api", timeout=5).status == 200, 90)
            yield url
        finally:
            server.terminate()
            try:
                server.wait(20)
            except subprocess.TimeoutExpired:
                server.kill()
                server.wait()


CDN = "cdnjs.cloudflare.com"
MATHJAX = f"https://{CDN}/ajax/libs/mathjax/2.7.7/"
"""Where nbgrader's pages load it from, and where the tests' own server stands in for that address."""


@pytest.fixture(scope="module")
def mathjax(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """The port of a server with the real MathJax that the pages ask for. 0 where it is not to be had: the pages are
    then looked at without it, as somebody sees them who is offline."""
    top = tmp_path_factory.mktemp("cdn")
    package = Path(os.environ["MATHJAX"]) if os.environ.get("MATHJAX") else packed(top)
    if package is None or not (package / "MathJax.js").is_file():
        yield 0
        return
    place = top / "www" / "ajax" / "libs" / "mathjax"
    place.mkdir(parents=True)
    (place / "2.7.7").symlink_to(package.resolve())
    handler = functools.partial(Canary, asked=[], directory=str(top / "www"))
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate(top / "certificate.pem"))
    server.socket = context.wrap_socket(server.socket, server_side=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server.server_port
    server.shutdown()
    server.server_close()


def packed(top: Path) -> Path | None:
    """The package as npm has it, by its ordinary client, if there is one and it answers."""
    if not shutil.which("npm"):
        return None
    command = ["npm", "pack", "mathjax@2.7.7", "--prefer-offline", "--fetch-retries=0", "--fetch-timeout=20000"]
    try:
        subprocess.run(command, cwd=top, capture_output=True, check=True, timeout=60)
        wanted = [f"package/{name}" for name in ("MathJax.js", "latest.js", "config", "extensions", "jax", "fonts")]
        subprocess.run(["tar", "xzf", "mathjax-2.7.7.tgz", *wanted], cwd=top, check=True, timeout=60)
    except (OSError, subprocess.SubprocessError):
        return None
    return top / "package"


def certificate(path: Path) -> Path:
    """A certificate for the other address, with its key, that nobody believes but the browser of these tests."""
    key, now = ec.generate_private_key(ec.SECP256R1()), datetime.datetime.now(datetime.UTC)
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, CDN)])
    made = x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
    made = made.not_valid_before(now).not_valid_after(now + datetime.timedelta(days=1))
    signed = made.add_extension(x509.SubjectAlternativeName([x509.DNSName(CDN)]), False).sign(key, hashes.SHA256())
    pem = serialization.Encoding.PEM
    own = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    path.write_bytes(own + signed.public_bytes(pem))
    return path


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory, mathjax: int) -> Iterator[Any]:
    options = webdriver.ChromeOptions()
    options.binary_location = BROWSER
    options.set_capability("goog:loggingPrefs", {"performance": "ALL"})
    options.set_capability("unhandledPromptBehavior", "accept")
    for argument in (
        "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run",
        "--disable-background-networking", "--window-size=1200,1000",
        f"--host-resolver-rules={f'MAP {CDN}:443 127.0.0.1:{mathjax}, ' if mathjax else ''}MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
        "--ignore-certificate-errors",
        f"--user-data-dir={tmp_path_factory.mktemp('profile')}",
    ):  # fmt: skip
        options.add_argument(argument)
    driver = webdriver.Chrome(options=options, service=webdriver.ChromeService(DRIVER))
    try:
        driver.set_page_load_timeout(90)
        # A script of a submission calls this, in whatever frame it is; it is not asked of any server.
        source = "window.pwn = n => { console.error('pwned ' + n); try { (top.hits ??= []).push(n) } catch {} }"
        driver.execute_cdp_cmd("Page.addScriptToEvaluateOnNewDocument", {"source": source})
        yield driver
    finally:
        driver.quit()


def until(done: Any, seconds: float) -> Any:
    """The first true answer. An error is an answer that is not true."""
    end = time.monotonic() + seconds
    while True:
        try:
            if answer := done():
                return answer
        except Exception:
            if time.monotonic() > end:
                raise
        assert time.monotonic() < end, "it took too long"
        time.sleep(0.2)


STIR = """
const own = [...document.querySelectorAll(arguments[0])].flatMap(part => [part, ...part.querySelectorAll('*')]);
const kinds = ['mouseover', 'mouseenter', 'pointerover', 'focus', 'wheel', 'copy', 'keydown', 'dblclick', 'auxclick',
  'toggle', 'scroll', 'animationstart', 'animationend', 'load', 'error', 'begin', 'end'];
for (const one of own) {
  for (const kind of kinds) one.dispatchEvent(new Event(kind, {cancelable: true}));
  const address = one.closest('a')?.href ?? '';
  if (address && !String(address).startsWith('http')) one.dispatchEvent(new MouseEvent('click', {cancelable: true}));
}
return own.length;
"""
"""Does to everything that is shown what a person may do to it by chance."""

LIVE = """
const found = [];
for (const one of [...document.querySelectorAll(arguments[0])].flatMap(part => [...part.querySelectorAll('*')])) {
  const name = one.localName;
  // What MathJax made of a formula: by classes and kinds of script that no student's HTML may have.
  if (one.closest("[class*='MathJax'], [class*='mjx-'], script[type^='math/']")) {
    if ((one.id && !/^(MathJax|MJX|mjx-eqn)/.test(one.id)) || one.href || one.closest("[style*='url(']") ||
        one.textContent === 'REDEFINED')
      found.push(one.outerHTML.slice(0, 200));
    continue;
  }
  if (/^(script|iframe|object|embed|link|meta|base|form|input|button|select|textarea|style|video|audio|template)$/.test(name))
    found.push(one.outerHTML.slice(0, 200));
  for (const {name: key, value} of one.attributes)
    if (/^on/i.test(key) || /^\\s*(javascript|vbscript):/i.test(value) || (/^(id|name)$/.test(key)) ||
        (/^(src|srcset|poster|background|data|action)$/.test(key) && !/^data:image\\/(png|jpeg|gif|webp);base64,/.test(value)))
      found.push(key + '=' + value.slice(0, 200));
}
return found;
"""

COVERED = """
const wrong = [];
for (const one of document.querySelectorAll(arguments[0])) {
  one.scrollIntoView({block: 'center'});
  const box = one.getBoundingClientRect();
  if (!box.width || !box.height) continue;
  const top = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);
  if (top !== one && !one.contains(top)) wrong.push([one.outerHTML.slice(0, 120), top && top.outerHTML.slice(0, 120)]);
}
return wrong;
"""


SET = """
if (!window.MathJax || !MathJax.Hub || !MathJax.isReady) return false;
MathJax.Hub.Queue(() => { window.isSet = true });
return !!window.isSet && document.querySelectorAll('.mjx-chtml').length > 0;
"""
"""Whether MathJax has been through the whole page, and found something to do."""


def settle(driver: Any, mathjax: int) -> None:
    if mathjax:
        until(lambda: driver.execute_script(SET), 60)


def hits(driver: Any) -> list[Any]:
    return driver.execute_script("return window.top.hits || []")


def requests(driver: Any) -> set[str]:
    """What the browser asked for since this was last looked at."""
    messages = [json.loads(entry["message"])["message"] for entry in driver.get_log("performance")]
    sent = [one["params"]["request"]["url"] for one in messages if one["method"] == "Network.requestWillBeSent"]
    return {url for url in sent if url.startswith(("http:", "https:", "ws:", "wss:"))}


def only(asked: set[str], *ours: str) -> set[str]:
    """What was asked for but of these."""
    return {
        url
        for url in asked
        if not url.startswith((*ours, MATHJAX)) and not re.search("/favicon.ico$|/fonts/glyphicons", url)
    }


def test_feedback(graded: Any, canary: Any, browser: Any) -> None:
    url, _, asked = canary
    requests(browser), asked.clear()
    browser.get(f"{url}/feedback.html")
    browser.execute_script("for (const one of document.querySelectorAll('details')) one.open = true")
    assert browser.execute_script(STIR, "#notebook") > 1_000
    time.sleep(1.5)
    assert hits(browser) == []
    assert only(requests(browser), f"{url}/feedback.html") == set()
    assert set(asked) <= {"/feedback.html", "/favicon.ico"}
    assert browser.execute_script(LIVE, ".source, .outputs") == []
    assert browser.execute_script(COVERED, "#points, .task h3, .own > h3") == []
    honest(browser, ".source", ".outputs")


def test_formgrader(graded: Any, canary: Any, lab: str, browser: Any, mathjax: int) -> None:
    _, _, asked = canary
    requests(browser), asked.clear()
    with Gradebook(graded.db, "loss-metrics") as book:
        [notebook] = book.find_submission(UNIT, "eve").notebooks
        address = f"{lab}/formgrader/submissions/{notebook.id}/"
    browser.get(address)
    names = graded.rows("eve")
    until(lambda: browser.execute_script("return document.querySelectorAll('input.score').length") == len(names), 30)
    until(
        lambda: browser.execute_script("return !!$('#' + arguments[0]).attr('placeholder')", "test_binary_entropy"), 30
    )
    settle(browser, mathjax)
    assert browser.execute_script(STIR, ".text_cell_render, .output_area, .input_area") > 1_000
    browser.execute_script("toggle_name(true)")
    time.sleep(1.5)
    assert hits(browser) == []
    assert only(requests(browser), lab) == set()
    assert asked == []
    assert browser.execute_script(LIVE, ".text_cell_render, .output_area") == []
    assert browser.execute_script(COVERED, FIELDS) == []
    for name in names:
        found = browser.execute_script(
            "return [...document.querySelectorAll('[id=\"' + arguments[0] + '\"], [name=\"' + arguments[0] + '\"]')]"
            ".map(one => one.localName + (one.closest('.nbgrader_cell') ? '' : '?'))",
            name,
        )
        assert found == ["input"], name
    assert (
        browser.execute_script("return [...document.querySelectorAll('input.score')].some(one => one.value === '22')")
        is False
    )
    honest(browser, ".text_cell_render", ".output_html")


@pytest.mark.parametrize(
    "page",
    [
        f"manage_submissions/{UNIT}",
        f"gradebook/{UNIT}/{UNIT}",
        "manage_students",
        "manage_students/eve",
        "manage_assignments",
    ],
)
def test_lists_of_the_formgrader(page: str, canary: Any, lab: str, browser: Any) -> None:
    """nbgrader's own pages: what a student is called runs nothing there."""
    requests(browser)
    browser.get(f"{lab}/formgrader/{page}")
    until(lambda: browser.execute_script("return document.querySelectorAll('tbody tr').length"), 30)
    time.sleep(0.5)
    assert hits(browser) == []
    assert only(requests(browser), lab) == set()


def test_the_autograded_notebook_in_jupyterlab(canary: Any, lab: str, browser: Any) -> None:
    _, _, asked = canary
    requests(browser), asked.clear()
    browser.get(f"{lab}/lab/tree/autograded/eve/{UNIT}/{NAME}?reset")
    last = "return [...document.querySelectorAll('.jp-Notebook .jp-RenderedMarkdown')].some(one => one.textContent.includes('Honest work'))"
    until(lambda: browser.execute_script(last), 120)
    until(
        lambda: browser.execute_script(
            "return document.querySelectorAll('.jp-Notebook .jp-OutputArea-output').length > 100"
        ),
        60,
    )
    assert browser.execute_script(STIR, ".jp-RenderedMarkdown, .jp-OutputArea-output") > 1_000
    time.sleep(3)
    assert hits(browser) == []
    assert only(requests(browser), lab, lab.replace("http", "ws")) == set()
    assert asked == []
    honest(browser, ".jp-RenderedMarkdown", ".jp-OutputArea-output")
    # JupyterLab brings its own MathJax, another version: it had something to do as well.
    assert browser.execute_script("return document.querySelectorAll('.jp-RenderedMarkdown mjx-container').length > 0")


def honest(browser: Any, texts: str, outputs: str) -> None:
    """What was honest work is there as it was meant."""
    part = f"[...document.querySelectorAll('{texts}')].find(one => one.textContent.includes('Honest work'))"
    for selector in (
        "h3",
        "table td em",
        "ul li a[href='https://example.org/page']",
        "li code",
        "img[alt='my sketch']",
        "pre",
    ):
        assert browser.execute_script(f'return !!{part}.querySelector("{selector}")'), selector
    assert browser.execute_script(f"return {part}.querySelector('img').naturalWidth") == 1
    frame = f"[...document.querySelectorAll('{outputs} table')].find(one => one.textContent.includes('0.25'))"
    # Feedback has no heading that says nothing: the empty one of such tables is a cell there.
    assert browser.execute_script(f"return {frame}.querySelectorAll('th, thead td').length") == 3


def test_control_all_this_is_live_without_our_cleaning(canary: Any, browser: Any) -> None:
    """Fails where the corpus would find nothing in an open page either."""
    url, folder, asked = canary
    asked.clear()
    ran: set[Any] = set()
    texts = payloads.numbered(payloads.HTML, url)
    for start in range(0, len(texts), 40):
        for number, text in enumerate(texts[start : start + 40], start):
            (folder / f"live-{number}.html").write_text(f"<!DOCTYPE html><body>{text}")
        frames = "".join(f"<iframe src=live-{number}.html></iframe>" for number in range(start, start + 40))
        (folder / "live.html").write_text(f"<!DOCTYPE html><body>{frames}")
        browser.get(f"{url}/live.html")
        stir = "for (let i = 0; i < window.length; i++) try { new window[i].Function(arguments[0]).call(0, 'body') } catch {}"
        browser.execute_script(stir, STIR)
        time.sleep(0.5)
        ran |= set(hits(browser))
    elsewhere = {match[1] for path in asked if (match := re.match(r"/(\d+)/", path))}
    assert len(ran) > 60, sorted(ran)
    assert len(elsewhere) > 20, sorted(elsewhere)


LOADED = """<!DOCTYPE html><body><p>$x^2$</p>{}
<script>window.MathJax = {{messageStyle: 'none', tex2jax: {{inlineMath: [['$', '$'], ['\\\\(', '\\\\)']]}}}}</script>
<script src="{}MathJax.js?config=TeX-AMS_CHTML-full"></script>"""


def test_control_mathematics_is_live_without_our_cleaning(
    canary: Any, browser: Any, mathjax: int, graded: Any, lab: str
) -> None:
    """With the MathJax that nbgrader's pages load. Fails where the pages above were looked at without it."""
    if not mathjax:
        pytest.skip(
            "MathJax 2.7.7 is not at hand: neither did `npm pack mathjax@2.7.7` answer, nor does the variable MATHJAX "
            "name the folder of the unpacked package. That no page holds a command of its is tested in test_markup.py"
        )
    url, folder, _ = canary
    texts = payloads.numbered(payloads.LATEX, url)
    (folder / "mathematics.html").write_text(LOADED.format("".join(f"<p>{text}</p>" for text in texts), MATHJAX))
    browser.get(f"{url}/mathematics.html")
    settle(browser, mathjax)
    browser.execute_script(STIR, "body")
    time.sleep(0.5)
    links = {n for n, text in enumerate(texts) if "ref{javascript" in text and "$" in text[:5]}
    assert len(set(hits(browser)) & links) >= 3, hits(browser)
    assert browser.execute_script("return !!document.getElementById('test_binary_entropy')")
    wide = "return [...document.querySelectorAll('body *')].some(one => one.getBoundingClientRect().width > 5000)"
    assert browser.execute_script(wide)
    redefined = "return [...document.querySelectorAll('[class*=mjx-]')].some(one => one.textContent === 'REDEFINED')"
    assert browser.execute_script(redefined)
    assert browser.execute_script(
        "return [...document.querySelectorAll('*')].some(one => one.style.position === 'fixed')"
    )
