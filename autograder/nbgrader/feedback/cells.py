"""Cells of a notebook as HTML that needs no script: what was written, coloured code, and what it printed and drew.

What comes of a submission is cleaned as everywhere, and then fitted into the page: its headings below the page's own,
its tables and formulas where they can be scrolled, its mathematics as MathML.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Iterator, Mapping
from html import escape, unescape
from typing import Any

from markupsafe import Markup
from nbconvert.filters import ansi2html
from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath
from pygments import highlight
from pygments.filter import Filter
from pygments.formatters import HtmlFormatter
from pygments.lexer import Lexer
from pygments.lexers import get_lexer_by_name
from pygments.token import Comment, Keyword, Name, Number, Operator, String, Text

from autograder.notebooks import markup, picture
from autograder.notebooks.markdown import Bundles
from autograder.notebooks.mathematics import mathml

_TAG = re.compile(r'<(/?)([a-z][a-z0-9]*)((?: [a-z-]+="[^"]*")*)>')
_ALIGNED = re.compile(r' style="text-align:\s*(left|right|center)[^"]*"')
_EMPTY = re.compile(r'<th((?: [a-z-]+="[^"]*")*)>\s*</th>')
"""A heading that says nothing is none."""

_SCOPE = re.compile(r' scope="[^"]*"')
NOTHING = Markup("")
_OPEN, _CLOSE = "\ue000", "\ue001"
_HELD = re.compile(f"{_OPEN}(\\d+){_CLOSE}")
"""Stands for a formula while what is around it is cleaned."""

_COLOURED = (Keyword, Operator.Word, Name.Builtin, Name.Function, Name.Class, Name.Decorator, String, Number, Comment)
"""What of the code has a colour in the style of the page. All else needs no tags, which would be most of the page."""
_DOLLARS = re.compile(r"\s*(\$\$?|\\\[|\\\()(.*?)(\$\$?|\\\]|\\\))\s*", re.DOTALL)


def text(source: str, attachments: Bundles | None = None) -> Markup:
    """Markdown as HTML."""
    return _text(source) if not attachments else _rendered(source, attachments)


@functools.lru_cache(maxsize=2_000)
def _text(source: str) -> Markup:
    """Kept, as a class has the same lesson."""
    return _rendered(source, {})


def _rendered(source: str, attachments: Bundles) -> Markup:
    try:
        renderer = _Renderer(attachments)
        made = MarkdownWithMath(renderer=renderer).render(source.replace(_OPEN, "�").replace(_CLOSE, "�"))
        if markup.is_held(source):
            return Markup(_fitted(markup.clean(made), renderer.formulas))
    except Exception:  # too much, or not to be rendered at all
        pass
    return Markup(f"<pre>{escape(source[:10_000], quote=False)}</pre>")


class _Renderer(IPythonRenderer):
    """nbconvert's, which keeps the formulas aside."""

    def __init__(self, attachments: Bundles) -> None:
        attached = {name: dict(bundle) for name, bundle in attachments.items()}
        super().__init__(escape=False, attachments=attached, exclude_anchor_links=True)
        self.formulas: list[tuple[str, bool]] = []

    def block_math(self, body: str) -> str:
        return self._held(body, display=True)

    def inline_math(self, body: str) -> str:
        return self._held(body, display=False)

    def latex_environment(self, name: str, body: str) -> str:
        return self._held(f"\\begin{{{name}}}{body}\\end{{{name}}}", display=True)

    def _held(self, latex: str, *, display: bool) -> str:
        self.formulas.append((latex, display))
        return f"{_OPEN}{len(self.formulas) - 1}{_CLOSE}"


def _fitted(html: str, formulas: list[tuple[str, bool]] | None = None) -> str:
    """Cleaned HTML as it fits into the page. The cleaner writes each tag in one way only, so that an expression can
    read it."""
    known = formulas or []
    html = _EMPTY.sub(lambda match: f"<td{_SCOPE.sub('', match[1])}></td>", html)
    made: list[str] = []
    place = 0
    for match in _TAG.finditer(html):
        made.append(_with_formulas(html[place : match.start()], known))
        made.append(_tag(match, html, known))
        place = match.end()
    made.append(_with_formulas(html[place:], known))
    return "".join(made)


def _with_formulas(between: str, formulas: list[tuple[str, bool]]) -> str:
    between = between.replace("<", "&lt;")  # there is none; if there were, it would be text
    return _HELD.sub(lambda match: _formula(match, formulas), between)


def _formula(match: re.Match[str], formulas: list[tuple[str, bool]]) -> str:
    latex, display = formulas[int(match[1])]
    shown = mathml(latex, display=display)
    if shown is None:
        return f"<code>{escape(_in_dollars(latex, display), quote=False)}</code>"
    return _aligned(_wide(shown, "formula") if display else shown)


def _in_dollars(latex: str, display: bool) -> str:
    return f"$${latex}$$" if display else f"${latex}$"


def _wide(html: str, what: str) -> str:
    """Can be scrolled by itself, also with the keyboard."""
    return f'<span class="wide" role="group" aria-label="{what}" tabindex="0">{html}</span>'


def _aligned(tags: str) -> str:
    """The alignment as a class: the page allows no styles but its own."""
    return _ALIGNED.sub(r' class="\1"', tags)


def _tag(match: re.Match[str], html: str, formulas: list[tuple[str, bool]]) -> str:
    end, name, attributes = match.groups()
    attributes = _HELD.sub(lambda held: escape(_in_dollars(*formulas[int(held[1])])), attributes)
    if re.fullmatch("h[1-6]", name):  # below the headings of the page, however deep it was meant to be
        return "</h3>" if end else f'<h3 class="{name}">'
    if name == "table":
        return "</table></div>" if end else '<div class="wide" role="group" aria-label="table" tabindex="0"><table>'
    if name == "img" and ' alt="' not in attributes:
        attributes += ' alt="a picture"'
    if name == "a" and not end and html.startswith("</a>", match.end()):
        return f"<a{attributes}>link"
    return f"<{end}{name}{_aligned(attributes)}>"


class _Few(Filter):
    """Leaves the colours that the page has."""

    def filter(self, lexer: Lexer, stream: Iterable[tuple[Any, str]]) -> Iterator[tuple[Any, str]]:
        for kind, value in stream:
            yield (kind if any(kind in one for one in _COLOURED) else Text), value


_PYTHON = get_lexer_by_name("ipython3", ensurenl=False)  # IPython's own, which knows its magics
_PYTHON.add_filter(_Few())
_COLOURS = HtmlFormatter(nowrap=True)


@functools.lru_cache(maxsize=2_000)
def code(source: str) -> Markup:
    """Python, coloured."""
    return Markup(f'<pre class="code"><code>{highlight(source, _PYTHON, _COLOURS)}</code></pre>')


def lines(source: str) -> list[Markup]:
    """Python, coloured, line by line."""
    return [Markup(line) for line in highlight(source, _PYTHON, _COLOURS).rstrip("\n").split("\n")]


def outputs(found: list[Mapping[str, Any]]) -> Iterator[Markup]:
    """What a cell printed, drew and raised."""
    for output in found:
        shown = _output(output)
        if shown:
            yield shown


def _output(output: Mapping[str, Any]) -> Markup:
    kind = output.get("output_type")
    if kind == "stream":
        return _printed(str(output.get("text", "")), "error" if output.get("name") == "stderr" else "")
    if kind == "error":
        return _printed("\n".join(output.get("traceback", [])), "error")
    data = output.get("data", {})
    if isinstance(html := data.get("text/html"), str):
        return _html(html)
    if isinstance(latex := data.get("text/latex"), str):
        return _latex(latex)
    for mime, drawn in picture.bundle(data).items():
        return Markup(f'<img alt="a figure that this cell drew" src="data:{mime};base64,{drawn}">')
    plain = data.get("text/plain")
    return _printed(plain, "") if isinstance(plain, str) else NOTHING


def _printed(text: str, kind: str) -> Markup:
    return Markup(f'<pre class="printed {kind}">{ansi2html(text)}</pre>') if text.strip() else NOTHING


@functools.lru_cache(maxsize=500)
def _html(html: str) -> Markup:
    try:
        return Markup(f'<div class="shown">{_fitted(markup.clean(html))}</div>')
    except markup.TooMuch:
        return Markup("<p>This output is too long to be shown here.</p>")


def _latex(latex: str) -> Markup:
    match = _DOLLARS.fullmatch(latex)
    shown = mathml(match[2] if match else latex, display=True)
    return Markup(_aligned(_wide(shown, "formula"))) if shown else _printed(latex, "")


def sentence(said: str) -> Markup:
    """What the grader says, with its code as code."""
    return Markup(re.sub(r"`([^`]+)`", r"<code>\1</code>", escape(said, quote=False)))


def first_heading(source: str) -> str:
    """The first heading of a text, without its signs."""
    found = re.search(r"^#{1,6}\s+(.+?)\s*#*$", source, re.MULTILINE)
    return re.sub(r"[`*_$\\]", "", unescape(found[1])) if found else ""
