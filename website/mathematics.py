"""Formulas as MathML in the page, so that no script has to draw them and no other host is asked for one."""

from __future__ import annotations

import html
from typing import Any

from docutils import nodes

from autograder.notebooks.mathematics import mathml


def setup(app: Any) -> dict[str, bool]:
    app.add_html_math_renderer("mathml", inline_renderers=(_inline, None), block_renderers=(_block, None))
    return {"parallel_read_safe": True, "parallel_write_safe": True}


def _inline(translator: Any, node: nodes.Element) -> None:
    translator.body.append(_shown(node.astext(), display=False))
    raise nodes.SkipNode


def _block(translator: Any, node: nodes.Element) -> None:
    translator.body.append(f'<div class="math" tabindex="0" role="group">{_shown(node.astext(), display=True)}</div>')
    raise nodes.SkipNode


def _shown(latex: str, *, display: bool) -> str:
    """What cannot be converted stands there as it was typed."""
    return mathml(latex, display=display) or f"<code>{html.escape(latex)}</code>"
