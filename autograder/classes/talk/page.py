"""The page for an hour with a student as one HTML file, in the style of the feedback page."""

from __future__ import annotations

import functools
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from jinja2 import Template
from markupsafe import Markup

from autograder.classes.talk.record import Talk
from autograder.nbgrader import html
from autograder.nbgrader.feedback import cells
from autograder.nbgrader.feedback.page import GROUPS, TEMPLATES
from autograder.nbgrader.feedback.tasks import Task
from autograder.words import visible

_OWN = Path(__file__).parent / "templates"


def page(talk: Talk, tasks: Sequence[Task], *, title: str, bar: Mapping[str, float] | None) -> str:
    """The whole file. `tasks` are the feedback page's, with their sentences."""
    template, style, policy = _template()
    made = template.render(
        style=Markup(style), policy=policy, talk=talk, tasks=tasks, groups=GROUPS, title=title, bar=bar
    )
    return made + "\n"


@functools.cache
def _template() -> tuple[Template, str, str]:
    made = html.environment(_OWN, TEMPLATES)
    made.finalize = _seen
    made.filters |= {"sentence": _sentence, "lines": cells.lines}
    style = "".join(path.read_text(encoding="utf-8") for path in (TEMPLATES / "feedback.css", _OWN / "talk.css"))
    return made.get_template("talk.html.j2"), style, html.policy(style)


def _seen(value: Any) -> Any:
    """What turns the direction of writing has no place in a page."""
    return visible(value) if type(value) is str else value


def _sentence(text: str) -> Markup:
    return cells.sentence(visible(text))
