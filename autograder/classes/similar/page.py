"""The page on similar code as one HTML file, in the style of the feedback page."""

from __future__ import annotations

import functools
from pathlib import Path
from typing import Any

from jinja2 import Template
from markupsafe import Markup

from autograder.classes.similar.record import Similar
from autograder.nbgrader import html
from autograder.nbgrader.feedback.page import TEMPLATES
from autograder.words import visible

_OWN = Path(__file__).parent / "templates"


def page(similar: Similar) -> str:
    """The whole file."""
    template, style, policy = _template()
    return template.render(similar=similar, style=Markup(style), policy=policy) + "\n"


@functools.cache
def _template() -> tuple[Template, str, str]:
    made = html.environment(_OWN)
    made.finalize = _seen
    style = "".join(path.read_text(encoding="utf-8") for path in (TEMPLATES / "feedback.css", _OWN / "similar.css"))
    return made.get_template("similar.html.j2"), style, html.policy(style)


def _seen(value: Any) -> Any:
    return visible(value) if type(value) is str else value
