"""What may stay of a student's Markdown and HTML, and what deciding that may cost."""

from __future__ import annotations

import base64
import contextlib
import io
import json
import re
import time
from html import unescape

import numpy as np
import payloads
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from miniature import COURSE
from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath
from PIL import Image

from autograder.nbgrader import pages
from autograder.notebooks import latex, markdown, markup, picture
from autograder.session import outputs
from autograder.words import visible

URL = "http://127.0.0.1:1"
NAMES = ("test_binary_entropy", "no_way_to_zero")
PNG = base64.b64encode(b"\x89PNG\r\n\x1a\n" + bytes(20)).decode()
ATTACHED = {"a.png": {"image/png": PNG}, "svg": {"image/svg+xml": "PHN2Zy8+"}, "bad.png": {"image/png": "aGVsbG8="}}
TEXTS = payloads.numbered([*payloads.MARKDOWN, *payloads.LATEX, *payloads.HTML], URL)


def rendered(shown: markdown.Shown) -> str:
    """As nbconvert does it where nobody cleans anything."""
    attachments = {name: dict(one) for name, one in shown.attachments.items()}
    return MarkdownWithMath(renderer=IPythonRenderer(escape=False, attachments=attachments)).render(shown.source)


@pytest.mark.parametrize("text", TEXTS)
def test_a_page_holds_nothing_live_wherever_it_is_rendered(text):
    shown = markdown.Page(NAMES).text(visible(text), ATTACHED)
    html = rendered(shown)
    # nbconvert's own anchors of headings aside, all that it makes is allowed.
    bare = MarkdownWithMath(
        renderer=IPythonRenderer(
            escape=False,
            exclude_anchor_links=True,
            attachments={name: dict(one) for name, one in shown.attachments.items()},
        )
    ).render(shown.source)
    assert markup.is_clean(bare)
    assert not any(f'id="{name}' in html for name in NAMES)
    assert f'src="{URL}' not in html


UNLISTED = r"""
\zzz{x}|\DeclareMathOperator{\frac}{REDEFINED}|\DeclareMathOperator*{\sum}{X}|\zz
\DeclarePairedDelimiter{\lr}{(}{)}|\DeclarePairedDelimiters{\frac}{(}{)}|\DeclarePairedDelimitersX{\frac}[2]{A}{B}{#1}
\NewDocumentCommand{\frac}{m}{x}
\definecolor{q}{rgb}{1,0,0}|\textcolor{red}{x}|\fcolorbox{red}{white}{\Huge{x}}|\Huge x
\mathtoolsset{multlined-width=9em}
\newtagform{q}{a}{b}|\setOptions{x=y}|\newcolumntype{c}{r}
\MoveEqLeft[500]x|\underbracket[50em][50em]{x}
\begin{spreadlines}{-50em}a\end{spreadlines}|\begin{multlined}[c][-50em]a\end{multlined}|\raisebox{500em}{x}
\text{\raisebox{500em}{x}}|\kernHyps{-500}
\sqrt[\uproot{9999}x]{y}|\sqrt[\leftroot{-99}x]{y}|\minCDarrowwidth{500em}
\begin{array}{p{500em}}x\end{array}|\begin{array}{>{\big}c}x\end{array}|\begin {tikzpicture}x\end{tikzpicture}
\begin{array}{w{r}{0em}}XXX\end{array}|\cellcolor{red}x|\columncolor{white}[5em][5em]|\smashoperator{\sum_{XXX}}
\hbox{x}|\vbox{x}|\char92 rule|\csname def\endcsname|\loop|\ref{x}|\eqref{x}|\ce{A}|\SI{5}{m}|\hspace*{-9em}
\begin{aligned}a\\[99em]b\end{aligned}|\begin{aligned}a\\ [ - 1 em ]b\end{aligned}|a\cr[,9999 EM]b|\hfill
\!\!\!\!\!\!\!\!\!\!\!\!\!\!\!\!\!\!\!\!\!\!|\begin\relax{align}|\begin{CD}A\end{CD}
""".replace("\n", "|").strip("|").split("|")  # fmt: skip
"""What MathJax or a package of its knows, or may know tomorrow, and no student of this course needs."""


@pytest.mark.parametrize("formula", UNLISTED)
def test_mathematics_that_is_not_on_the_list_is_shown_as_it_was_typed(formula):
    """Fails where a list says what may not be there: some package always has one more way."""
    for text in (
        f"${formula}$",
        f"so\n\\\\({formula}\\\\)",
        f"&#36;{formula.replace(chr(92), '&#92;')}&#36;",
        f"$$\n{formula}\n$$",
    ):
        assert markdown.Page().text(text).source.startswith("```text\n"), text
    assert "not shown here" in pages.clean_html(f"<p>${formula}$</p>")
    assert "text/latex" not in outputs.Cleaner().clean(bundled({"text/latex": f"${formula}$"}))[0].data["data"]


@pytest.mark.parametrize("place", sorted((COURSE / "source").glob("*/*.ipynb")), ids=lambda place: place.stem)
def test_the_lessons_own_mathematics_stays(place):
    cells = [cell for cell in json.loads(place.read_bytes())["cells"] if cell["cell_type"] == "markdown"]
    assert len(cells) > 5
    for cell in cells:
        source = "".join(cell["source"])
        assert all(map(latex.is_plain_in, latex.readings(source))), source
        assert markup.is_held(markdown.render(source)), source


# What MathJax 2.7.7 and 3 know by these names takes an address, a name, a style, a package, a definition or a length.
ACTIVE = """
Newextarrow Rule Space above abovewithdelims bbox class cssId data def enclose gdef genfrac global href hskip
hspace html htmlClass htmlData htmlId htmlStyle includegraphics kern label let llap lower mathclap mathllap
mathrlap mathtip mkern mmlToken moveleft moveright mskip mspace newcommand newenvironment providecommand raise
renewcommand renewenvironment require rlap rule skew smash style texttip toggle unicode url vcenter vphantom vskip
""".split()
SPELLINGS = (
    "$\\{}{{a}}{{b}}$",
    "\\begin{{align}}\\{}*{{a}}\\end{{align}}",
    "&#36;&#92;{}{{a}}&#36;",
    "\\\\(\\&#{first};{rest}{{a}}\\\\)",
)


@pytest.mark.parametrize("name", ACTIVE)
def test_no_page_holds_a_command_with_which_mathematics_leaves_its_place(name):
    """In the source, in what comes of it, and in the page that is made of a notebook which somebody else wrote."""
    for spelling in SPELLINGS:
        text = spelling.format(name, first=ord(name[0]), rest=name[1:])
        assert markdown.Page().text(text).source.startswith("```text\n"), text
        for html in (markdown.render(text), rendered(markdown.Page().text(text))):
            assert f"\\{name}" not in unescape(re.sub("<pre>.*</pre>", "", html, flags=re.DOTALL)), html
        assert name not in pages.clean_html(f"<table><tr><td>{text}</td></tr></table>")
        assert "text/latex" not in outputs.Cleaner().clean(bundled({"text/latex": text}))[0].data["data"]


def bundled(data: dict[str, str]) -> np.ndarray:
    shown = [{"output_type": "display_data", "data": {"text/plain": "x", **data}, "metadata": {}}]
    return np.frombuffer(json.dumps(shown).encode(), np.uint8)


@pytest.mark.parametrize("text", payloads.numbered(payloads.HTML, URL))
def test_cleaned_html_is_clean_and_stays_so(text):
    try:
        cleaned = markup.clean(text)
    except markup.TooMuch:
        return
    assert markup.is_clean(cleaned)
    assert markup.clean(cleaned) == cleaned


@pytest.mark.parametrize(
    "text",
    [
        "# A heading\n\n*a* **b** `c < d` ~~e~~\n\n- x\n- y\n\n1. a\n2. b\n\n> said\n\n---",
        "| a | b |\n|:--|--:|\n| 1 | `2` |",
        "$\\text{loss} \\\\ \\space x\\quad\\begin{array}{c}a\\\\[4pt]b\\end{array}$ \\\\[-x\\\\]",
        "costs $5, `a\\nb` or C:\\Users, and \\d+\n\n```python\nprint('x\\n')\n```\n\n$\\pi$ is about 3",
        "$$\\begin{pmatrix}a\\\\bc\\end{pmatrix}\\tag{1}$$",
        "$\\operatorname*{argmin}_\\theta \\mathcal L\\!\\left(\\theta\\right)$",
        "$\\underbrace{\\lVert x\\rVert_2^2}_{\\text{the norm}} \\xrightarrow{n\\to\\infty} 0$",
        "$\\binom nk, \\; \\{1, \\dots, n\\}$",
        "$a<b$, $$\\frac{x}{y} < 1$$ and \\begin{align}a&<b\\\\c\\end{align}",
        "```python\nx < 1\n```\n\n    y = x",
        "[a link](https://example.org/a?b=c&d=e 'title'), https://example.org and <https://example.org>",
        '3 < 4 & 5 > 2, "so" it\'s &lt;said&gt;',
        "![my sketch](attachment:a.png)",
        "<details><summary>more</summary>text</details>\n\nH<sub>2</sub>O<br>x",
        "Grüße, 你好, שלום 👩‍💻",
    ],
)
def test_honest_work_stays_as_it_was_typed(text):
    assert markdown.Page(NAMES).text(text, ATTACHED).source == text


def test_what_is_shown_as_text_is_all_there_with_its_pictures():
    text = "if p<q and r>s\n\n````\n```\n<font color=red>x</font> ![x](attachment:a.png)"
    shown = markdown.Page().text(text, ATTACHED)
    assert text in shown.source
    assert shown.source.startswith("`````text\n")
    assert list(shown.attachments.values()) == [{"image/png": PNG}]
    assert f'src="data:image/png;base64,{PNG}"' in rendered(shown)


def test_a_heading_may_have_any_name_but_ours():
    page = markdown.Page(NAMES)
    assert page.text("# Test binary entropy").source.startswith("#")
    for text in ("# test_binary_entropy", "no_way_to_zero-comment\n===", "# *test*_binary_entropy_extra_credit"):
        assert page.text(text).source.startswith("```") or "<em>" in rendered(page.text(text))


@given(st.lists(st.sampled_from([*"<>[]()!`$\\\n\"'= ", "a", "img src=x onerror=pwn(1)", "javascript:pwn(1)", "attachment:a.png", "$$", "\\begin{a}", "```"]), max_size=25))  # fmt: skip # noqa: E501
@settings(max_examples=200, deadline=None)
def test_any_text_is_clean_when_it_is_rendered(parts):
    shown = markdown.Page(NAMES).text("".join(parts), ATTACHED)
    renderer = IPythonRenderer(
        escape=False, exclude_anchor_links=True, attachments={n: dict(one) for n, one in shown.attachments.items()}
    )
    assert markup.is_clean(MarkdownWithMath(renderer=renderer).render(shown.source))


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (PNG, "image/png"),
        (base64.b64encode(b"\xff\xd8\xff\xe0").decode(), "image/jpeg"),
        (base64.b64encode(b"GIF89a").decode(), "image/gif"),
        (base64.b64encode(b"RIFF\0\0\0\0WEBPVP8 ").decode(), "image/webp"),
        (base64.b64encode(b"<svg onload=x>").decode(), None),
        (PNG + '"><script>', None),
        ("", None),
    ],
)
def test_a_picture_is_what_its_first_bytes_say(data, kind):
    assert picture.kind(data) == kind
    assert picture.is_data_address(f"data:{kind or 'image/png'};base64,{data}") == (kind is not None)
    assert picture.bundle({"image/png": data}) == ({"image/png": data} if kind == "image/png" else {})


@pytest.mark.parametrize(
    ("kind", "options"),
    [
        ("png", {}),
        ("gif", {}),
        ("jpeg", {}),
        ("jpeg", {"progressive": True, "comment": b"\xff\xc0" * 50}),
        ("webp", {}),
        ("webp", {"lossless": True}),
        ("webp", {"exif": b"Exif\0\0a word"}),
    ],
)
def test_a_picture_that_claims_too_many_pixels_is_none(kind, options):
    """Real files, whose true size is written over by a huge one. Fails where only the first bytes are looked at."""
    with io.BytesIO() as file:
        Image.new("RGB", (300, 77)).save(file, kind, **options)
        raw = file.getvalue()
    sides = {
        "png": ((300).to_bytes(4, "big") + (77).to_bytes(4, "big"), b"\0\0\xff\xff" * 2),
        "gif": ((300).to_bytes(2, "little") + (77).to_bytes(2, "little"), b"\xff" * 4),
        "jpeg": ((77).to_bytes(2, "big") + (300).to_bytes(2, "big"), b"\xff" * 4),
        "webp": ((300).to_bytes(2, "little") + (77).to_bytes(2, "little"), b"\xff\x3f" * 2),
    }
    true, huge = sides[kind]
    if options.get("lossless"):
        true, huge = (299 | 76 << 14).to_bytes(4, "little"), b"\xff\xff\xff\x0f"
    if options.get("exif"):
        true, huge = (299).to_bytes(3, "little") + (76).to_bytes(3, "little"), b"\xff\x3f\0" * 2
    assert true in raw
    bomb = raw.replace(true, huge, 1)
    name = f"image/{kind}"
    assert picture.kind(base64.b64encode(raw).decode()) == name
    assert picture.kind(base64.b64encode(bomb).decode()) is None
    assert picture.bundle({name: base64.b64encode(bomb).decode()}) == {}
    assert not picture.is_data_address(f"data:{name};base64,{base64.b64encode(bomb).decode()}")


@pytest.mark.parametrize(
    "html",
    [
        "<b " + " ".join("abcdefghij"[i % 10] + chr(0x4E00 + i) for i in range(9_950)) + ">",
        "<div>" * 10_000,
        "<div>" * 2_000 + "".join(f"<b a{i}>" for i in range(1_500)) + "</div>x" * 2_000,
        "<table>" * 4_000,
        "<a>" * 16_000,
        "<p>" + "&amp" * 12_000,
    ],
    ids=["attributes", "nested", "reopened", "tables", "links", "entities"],
)
def test_cleaning_costs_little_whatever_it_is(html):
    """Fails by seconds to minutes, and by gigabytes, where the number of tags and of those that come again is free."""
    began = time.process_time()
    with contextlib.suppress(markup.TooMuch):
        assert len(markup.clean(html)) < 5_000_000
    assert time.process_time() - began < 0.3


def test_all_texts_of_a_submission_have_one_budget():
    """Fails where each of them may take its time."""
    page = markdown.Page()
    began = time.process_time()
    shown = [page.text("\\\\[" * 6_600) for _ in range(20)]
    assert time.process_time() - began < markdown._SECONDS + 4
    assert shown[-1].source.startswith("```text\n")
