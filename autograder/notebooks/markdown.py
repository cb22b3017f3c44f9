"""Markdown that a student wrote, as it may stand in a page that others open.

It stays as it was typed if all that comes of it, with nbconvert's renderer and by the common standard, is allowed in a
page. Otherwise the page shows the text that was typed, as text.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass

from markdown_it import MarkdownIt
from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath

from autograder.notebooks import latex, markup, picture

_SECONDS = 2.0
"""Of processor time for one submission. What comes later is shown as text."""


class _AnyLink(MarkdownIt):
    def validateLink(self, url: str) -> bool:
        """What is allowed is decided below."""
        return True


_COMMON = _AnyLink("commonmark").enable("table")
_TICKS = re.compile(r"`+")

Bundles = Mapping[str, Mapping[str, str]]


@dataclass(frozen=True, slots=True)
class Shown:
    """A cell of text as it stands in a page."""

    source: str
    attachments: Bundles


class Page:
    """The texts of one submission, one after the other."""

    def __init__(self, names: Collection[str] = ()) -> None:
        self._names = names
        self._left = _SECONDS

    def text(self, source: str, attachments: Bundles | None = None) -> Shown:
        pictures = {name: found for name, raw in (attachments or {}).items() if (found := picture.bundle(raw))}
        began = time.process_time()
        allowed = self._left > 0 and self._is_allowed(source, pictures)
        self._left -= time.process_time() - began
        return Shown(source, pictures) if allowed else _as_text(source, pictures)

    def _is_allowed(self, source: str, pictures: Bundles) -> bool:
        if not all(map(latex.is_plain_in, latex.readings(source))):
            return False
        try:
            return all(self._is_clean(make(source), pictures) for make in (_COMMON.render, _renderer(pictures)))
        except Exception:  # a renderer that stumbles here would do so in front of the person who opens the page
            return False

    def _is_clean(self, html: str, pictures: Bundles) -> bool:
        # Mathematics is looked for in what a browser shows, where `&#36;` has become a dollar.
        if "mermaid" in html or not markup.is_clean(html, pictures) or not markup.is_held(html, of_markdown=True):
            return False
        # A heading gets a name, and must not get one of ours: in the formgrader it would take a score field's place.
        return not any(name.startswith(ours) for name in markup.headings(html) for ours in self._names)


def as_text(source: str) -> str:
    """Markdown that shows this text, to the letter."""
    fence = "`" * max(3, *(len(run) + 1 for run in _TICKS.findall(source)), 3)
    return f"{fence}text\n{source}\n{fence}"


def render(source: str, attachments: Bundles | None = None) -> str:
    """The HTML that nbconvert makes of it, as far as it may stay."""
    try:
        cleaned = markup.clean(_renderer(attachments or {})(source))
        if markup.is_held(cleaned, of_markdown=True):
            return cleaned
    except Exception:  # too much, or not to be rendered at all
        pass
    return markup.clean(_renderer({})(as_text(source[:10_000])))


def _as_text(source: str, pictures: Bundles) -> Shown:
    named = {f"picture-{number}": bundle for number, bundle in enumerate(pictures.values(), 1)}
    shown = [as_text(source), *(f"![an attached picture](attachment:{name})" for name in named)]
    return Shown("\n\n".join(shown), named)


def _renderer(attachments: Bundles) -> Callable[[str], str]:
    renderer = IPythonRenderer(
        escape=False,
        attachments={name: dict(bundle) for name, bundle in attachments.items()},
        exclude_anchor_links=True,
    )
    return MarkdownWithMath(renderer=renderer).render
