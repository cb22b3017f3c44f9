"""HTML that somebody else wrote, down to what only shows something. A parser reads it, and a list says what may stay.

Nothing that stays runs, loads, names itself, leaves its place or takes input.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterator
from html import unescape
from html.parser import HTMLParser

import nh3
from pygments.token import STANDARD_TYPES

from autograder.notebooks import latex, picture

MAX_TAGS, MAX_REPEATED = 5_000, 200_000
"""Of one piece. What an HTML parser makes of unclosed `<b>` and the like grows with their number times that of tags."""

_TAGS = frozenset(
    "a abbr b blockquote br caption code dd del details div dl dt em figcaption figure h1 h2 h3 h4 h5 h6 hr i img kbd "
    "li mark ol p pre q s samp small span strong sub summary sup table tbody td tfoot th thead tr u ul var".split()
)
_REOPENED = re.compile(r"<(?:a|b|big|code|em|font|i|nobr|s|small|strike|strong|tt|u)[\s/>]", re.IGNORECASE)
_ATTRIBUTES = {
    "a": {"href"},
    "code": {"class"},
    "div": {"class"},
    "img": {"alt", "src", "width", "height"},
    "ol": {"start"},
    "span": {"class"},
    "td": {"colspan", "rowspan", "style"},
    "th": {"colspan", "rowspan", "scope", "style"},
    "tr": {"style"},
}
_CLOSED_BY_OTHERS = frozenset("dd dt li p tbody td tfoot th thead tr".split())
_EMPTY = frozenset(("br", "hr", "img"))
_COLOURS = frozenset(STANDARD_TYPES.values())
"""What coloured code calls its parts."""

_VALUES = {
    "class": re.compile(r"highlight|language-[\w+-]{1,20}"),
    "href": re.compile(r"https?://.+|#.*", re.DOTALL | re.IGNORECASE),
    "scope": re.compile(r"row|col|rowgroup|colgroup"),
    **dict.fromkeys(("width", "height", "start"), re.compile(r"\d{1,4}")),
    **dict.fromkeys(("colspan", "rowspan"), re.compile(r"\d{1,3}")),
}
_INLINE = frozenset("a abbr b br del em i kbd mark q s samp small span strong sub summary sup u var".split())


class TooMuch(ValueError):
    """More markup than is worth the time, and more than an honest page has."""


def clean(html: str, attached: Collection[str] = ()) -> str:
    """What may stay of the HTML. Addresses of these attachments do. Raises `TooMuch`."""
    tags = html.count("<")
    if tags > MAX_TAGS or tags * len(_REOPENED.findall(html)) > MAX_REPEATED:
        raise TooMuch

    def kept(tag: str, name: str, value: str) -> str | None:
        if name == "src":
            own = value.removeprefix("attachment:") in attached if value.startswith("attachment:") else False
            return value if own or picture.is_data_address(value) else None
        if name == "class" and tag == "span":
            return value if value in _COLOURS else None
        return value if name not in _VALUES or _VALUES[name].fullmatch(value) else None

    return nh3.clean(
        html,
        tags=set(_TAGS),
        attributes=_ATTRIBUTES,
        attribute_filter=kept,
        filter_style_properties={"text-align"},
        url_schemes={"http", "https", "data", "attachment"},
        clean_content_tags={"script", "style", "template", "noscript", "title", "textarea", "iframe", "svg", "math"},
        link_rel="noopener noreferrer",
    )


def is_clean(html: str, attached: Collection[str] = ()) -> bool:
    """Whether nothing of the HTML would have to go."""
    try:
        cleaned = clean(html, attached)
    except TooMuch:
        return False
    return list(_parts(html)) == list(_parts(cleaned))


def is_held(html: str, *, of_markdown: bool = False) -> bool:
    """Whether the mathematics that a browser finds in this clean HTML stays in its place. In code it looks for none."""
    return "\\" not in unescape(html) or all(latex.is_plain_in(text, of_markdown=of_markdown) for text in _texts(html))


def _texts(html: str) -> Iterator[str]:
    """What stands together, without code."""
    text, depth = "", 0
    for kind, value, _ in _parts(html):
        if kind == "text":
            text += "" if depth else f" {value} "
        elif value in ("code", "pre"):
            depth += {"start": 1, "end": -1}.get(kind, 0)
        elif value not in _INLINE:
            yield text
            text = ""
    yield text


def headings(html: str) -> Iterator[str]:
    """The names that nbconvert and others give to the headings of this HTML, so that links lead there."""
    text: list[str] | None = None
    for kind, value, _ in _parts(html):
        if re.fullmatch("h[1-6]", value) and kind in ("start", "end"):
            if text is not None:
                yield "".join(text).strip().replace(" ", "-")
            text = [] if kind == "start" else None
        elif kind == "text" and text is not None:
            text.append(value)


def _parts(html: str) -> Iterator[tuple[str, str, tuple[tuple[str, str | None], ...]]]:
    """Tags and texts in their order, without what differs between two ways to write the same."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    text = ""
    for kind, value, attributes in reader.parts:
        if kind == "text":
            text += value
            continue
        if text.strip():
            yield "text", " ".join(text.split()), ()
        text = ""
        yield kind, value, attributes
    if text.strip():
        yield "text", " ".join(text.split()), ()


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[tuple[str, str, tuple[tuple[str, str | None], ...]]] = []
        self._open: Counter[str] = Counter()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        kept = tuple(sorted((name, re.sub(r"[\s;]", "", value or "")) for name, value in attrs if name != "rel"))
        self.parts.append(("start", tag, kept))
        self._open[tag] += tag not in _EMPTY

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)  # the stroke of `<b/>` closes nothing

    def handle_endtag(self, tag: str) -> None:
        if not self._open[tag]:
            self.parts.append(("stray", tag, ()))
        elif re.fullmatch("h[1-6]|code|pre", tag):
            self.parts.append(("end", tag, ()))
        self._open[tag] -= 1

    def handle_data(self, data: str) -> None:
        self.parts.append(("text", data, ()))

    def handle_comment(self, data: str) -> None:
        self.parts.append(("comment", data, ()))

    handle_pi = unknown_decl = handle_comment

    def handle_decl(self, decl: str) -> None:
        self.handle_comment(decl)

    def close(self) -> None:
        super().close()
        left = sorted(tag for tag, number in self._open.items() if number > 0 and tag not in _CLOSED_BY_OTHERS)
        self.parts += [("open", tag, ()) for tag in left]
