"""The pages that nbgrader makes of an autograded notebook: the formgrader's, and the feedback.

What students wrote is cleaned when a page is made, as it was when the notebook was written: a page may be of a notebook
that an older version wrote. And the page itself tells the browser what it may run and load.
"""

from __future__ import annotations

import base64
import hashlib
import html
from pathlib import Path
from typing import Any

from jinja2 import pass_context
from jinja2.runtime import Context
from nbconvert.exporters import HTMLExporter
from nbconvert.exporters.exporter import ResourcesDict
from nbconvert.preprocessors import Preprocessor
from nbformat import NotebookNode
from nbgrader.api import Grade
from nbgrader.preprocessors import GetGrades
from nbgrader.utils import is_solution, is_task
from traitlets.config import Config

from autograder.notebooks import markdown, markup

_TEMPLATES = Path(__file__).parent / "templates"
_MATHJAX = "https://cdnjs.cloudflare.com/ajax/libs/mathjax/2.7.7/"
_SETTINGS = (
    "window.MathJax = {messageStyle: 'none', tex2jax: {inlineMath: [['$', '$'], ['\\\\(', '\\\\)']], "
    "displayMath: [['$$', '$$'], ['\\\\[', '\\\\]']], processEscapes: true, processEnvironments: true}};"
)
_STYLE = (
    # Nothing leaves its own cell, be it a wide picture or mathematics that was told to stand elsewhere.
    ".text_cell_render, .output_area, .input_area { contain: paint; overflow: auto; } "
    ".text_cell_render img, .output_area img { max-width: 100%; }"
)
_SHARED = (
    "base-uri 'none'; object-src 'none'; frame-src 'none'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
)
_FORMGRADER = (
    # nbgrader's own page needs scripts inside of it.
    f"default-src 'self'; {_SHARED}form-action 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval' {_MATHJAX}; "
    f"font-src 'self' data: {_MATHJAX}"
)


def configure(c: Config) -> None:
    """What nbgrader_config.py says about pages."""
    here = __name__
    c.HTMLExporter.exclude_anchor_links = True  # a heading's anchor could take the place of a score's input field
    c.HTMLExporter.sanitize_html = True
    c.HTMLExporter.filters = {"markdown2html": f"{here}.markdown2html", "clean_html": f"{here}.clean_html"}
    c.HTMLExporter.preprocessors = [f"{here}.Guard"]
    c.HTMLExporter.extra_template_paths = [str(_TEMPLATES)]
    c.HTMLExporter.template_file = "guarded.html.j2"
    c.GenerateFeedback.exporter_class = f"{here}.FeedbackPage"
    c.GenerateFeedback.preprocessors = [f"{here}.Judged", "nbconvert.preprocessors.CSSHTMLHeaderPreprocessor"]
    c.FeedbackPage.preprocessors = [f"{here}.FeedbackGuard"]
    c.FeedbackPage.extra_template_basedirs = [str(_TEMPLATES)]
    c.FeedbackPage.template_name = "verdicts"
    c.FeedbackPage.template_file = "index.html.j2"


class FeedbackPage(HTMLExporter):
    """The page that goes back to a student."""


@pass_context
def markdown2html(context: Context, source: str) -> str:
    """nbconvert's filter of this name, and what comes of it cleaned."""
    return markdown.render(source, context.get("cell", {}).get("attachments"))


def clean_html(source: str) -> str:
    """nbconvert's filter of this name, with our list of what is allowed."""
    try:
        cleaned = markup.clean(source)
    except markup.TooMuch:
        return "<p>This output is too long to be shown here.</p>"
    return cleaned if markup.is_held(cleaned) else "<p>The mathematics in this output is not shown here.</p>"


class Guard(Preprocessor):
    """Gives a page its policy, and takes the markup out of names."""

    enabled = True

    def preprocess(self, nb: NotebookNode, resources: ResourcesDict) -> tuple[NotebookNode, ResourcesDict]:
        resources["guard"] = self._head(_FORMGRADER)
        for name in ("student", "first_name", "last_name", "notebook_path", "notebook_id", "assignment_id"):
            if isinstance(resources.get(name), str):
                resources[name] = html.escape(resources[name])
        return nb, resources

    def _head(self, policy: str) -> str:
        return f'<meta http-equiv="Content-Security-Policy" content="{policy}">\n<style>{_STYLE}</style>'


class FeedbackGuard(Guard):
    """The same for feedback, which runs nothing but what renders mathematics."""

    parent: HTMLExporter

    def preprocess(self, nb: NotebookNode, resources: ResourcesDict) -> tuple[NotebookNode, ResourcesDict]:
        origin = self.parent.mathjax_url.partition("?")[0].rpartition("/")[0] + "/"
        digest = base64.b64encode(hashlib.sha256(_SETTINGS.encode()).digest()).decode()
        policy = (
            f"default-src 'none'; {_SHARED}form-action 'none'; script-src 'sha256-{digest}' {origin}; "
            f"font-src data: {origin}"
        )
        resources["guard"] = self._head(html.escape(policy, quote=True).replace("&#x27;", "'"))
        resources["mathjax_settings"] = _SETTINGS
        return nb, resources


class Judged(GetGrades):
    """The gradebook's points in words. Where nobody has judged there is no zero."""

    def preprocess(self, nb: NotebookNode, resources: ResourcesDict) -> tuple[NotebookNode, ResourcesDict]:
        self._waiting: list[bool] = []
        nb, resources = super().preprocess(nb, resources)
        ours = resources["nbgrader"]
        waiting = sum(self._waiting)
        ours["said"] = f"{_number(ours['score'])} of {_number(ours['max_score'])} points"
        if waiting and waiting == len(self._waiting):
            ours["said"] = "not graded yet"
        elif waiting:
            answers = "one answer waits" if waiting == 1 else f"{waiting} answers wait"
            ours["said"] += f" so far; {answers} for a person"
        return nb, resources

    def _get_score(self, cell: NotebookNode, resources: ResourcesDict) -> None:
        super()._get_score(cell, resources)
        name = cell.metadata.nbgrader["grade_id"]
        grade = self.gradebook.find_grade(name, self.notebook_id, self.assignment_id, self.student_id)
        self._waiting.append(_waits(grade))
        cell.metadata.nbgrader["said"] = said(grade, written=is_solution(cell) or is_task(cell))


def said(grade: Grade, *, written: bool) -> str:
    """What was judged, by whom, or that it was not."""
    if _waits(grade):
        return "not read yet — a person will" if written else "not graded yet"
    points = f"{_number(grade.score)} of {_number(grade.max_score)} points"
    if grade.manual_score is None or written or grade.manual_score == grade.auto_score:
        return points
    words = f"Your instructor set {_number(grade.manual_score)} of {_number(grade.max_score)}"
    words += "" if grade.auto_score is None else f" (automatic: {_number(grade.auto_score)})"
    return words + (f", and {_number(grade.extra_credit)} extra" if grade.extra_credit else "")


def _waits(grade: Grade) -> bool:
    return grade.auto_score is None and grade.manual_score is None


def _number(points: Any) -> str:
    return f"{round(float(points or 0), 2):g}"
