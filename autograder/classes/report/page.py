"""The report as one HTML file: no script, nothing from elsewhere, and nothing in it but what was escaped."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Any

import jinja2
from markupsafe import Markup, escape

from autograder.classes.report import sentences, tables
from autograder.classes.report.record import APART, DIFFICULT, ClassReport
from autograder.nbgrader import html
from autograder.words import visible

_TEMPLATES = Path(__file__).parent / "templates"
_CODE = re.compile(r"`([^`]+)`")


def page(report: ClassReport) -> str:
    """The whole file."""
    style = (_TEMPLATES / "style.css").read_text(encoding="utf-8")
    made = (
        _environment()
        .get_template("report.html.j2")
        .render(
            report=report,
            style=Markup(style),
            policy=html.policy(style),
            over=tables.over_units(report),
        )
    )
    return made + "\n"


@cache
def _environment() -> jinja2.Environment:
    environment = html.environment(_TEMPLATES)
    environment.finalize = _seen
    environment.globals |= {
        "difficult": DIFFICULT,
        "apart": APART,
        "said": tables.SAID,
        "tables_of": tables.of_assignment,
        "listed": sentences.listed,
        "told_nothing": sentences.told_nothing,
    }
    environment.filters |= {
        "code": _code,
        "number": sentences.number,
        "percent": sentences.percent,
        "of": sentences.of,
        "value": _value,
        "clip": _clip,
    }
    return environment


def _seen(value: Any) -> Any:
    """What commands a terminal or turns the direction of writing has no place in a page, either."""
    return visible(value) if type(value) is str else value


def _code(text: str) -> Markup:
    """A sentence in which what stands between backticks is code."""
    return Markup(_CODE.sub(r"<code>\1</code>", str(escape(visible(text)))))


def _clip(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[: most - 1].rstrip()}…"


def _value(value: Any) -> Any:
    """A cell of a table, for people."""
    if value is None:
        return "–"
    return sentences.number(value, 3) if isinstance(value, float) else value
