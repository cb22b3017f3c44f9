"""The pages that nbgrader makes of an autograded notebook: the formgrader's, and the feedback.

What students wrote is cleaned when a page is made, as it was when the notebook was written: a page may be of a notebook
that an older version wrote. And the page itself tells the browser what it may run and load.
"""

from __future__ import annotations

import html
from pathlib import Path
from typing import Any

from jinja2 import pass_context
from jinja2.runtime import Context
from nbconvert.exporters import Exporter
from nbconvert.exporters.exporter import ResourcesDict
from nbconvert.preprocessors import Preprocessor
from nbformat import NotebookNode
from traitlets import List, default
from traitlets.config import Config

from autograder.nbgrader.feedback import gradebook
from autograder.nbgrader.feedback.page import page
from autograder.notebooks import markdown, markup, units
from autograder.notebooks.units import NoSuchUnit

_TEMPLATES = Path(__file__).parent / "templates"
_MATHJAX = "https://cdnjs.cloudflare.com/ajax/libs/mathjax/2.7.7/"
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
    c.GenerateFeedback.preprocessors = []


class FeedbackPage(Exporter):
    """The page that goes back to a student, whichever command or button makes it."""

    output_mimetype = "text/html"
    default_preprocessors: List[Any] = List([]).tag(config=True)  # none of nbconvert's has anything to do here

    @default("file_extension")
    def _html(self) -> str:
        return ".html"

    def from_notebook_node(
        self, nb: NotebookNode, resources: dict[str, Any] | None = None, **kwargs: Any
    ) -> tuple[Any, dict[str, Any]]:  # a text, though nbconvert's own annotation says a notebook
        made: dict[str, Any] = self._init_resources(resources)  # type: ignore[no-untyped-call]
        if self._preprocessors:  # somebody's own: to copy a notebook for nobody takes as long as all else here
            nb, made = super().from_notebook_node(nb, made, **kwargs)
        names = made["nbgrader"]
        judged = gradebook.judged(names["db_url"], names["assignment"], names["notebook"], names["student"])
        trusted = _is_ours(self.parent, names["assignment"])
        return page(nb, judged, assignment=names["assignment"], name=names["notebook"], trusted=trusted), made


def _is_ours(converter: Any, assignment: str) -> bool:
    """Whether our grader wrote the autograded notebook. Of another one nothing is believed but the gradebook."""
    try:
        return units.has(Path(converter.coursedir.root), assignment)
    except (AttributeError, NoSuchUnit):
        return False


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
        policy = f'<meta http-equiv="Content-Security-Policy" content="{_FORMGRADER}">'
        resources["guard"] = f"{policy}\n<style>{_STYLE}</style>"
        for name in ("student", "first_name", "last_name", "notebook_path", "notebook_id", "assignment_id"):
            if isinstance(resources.get(name), str):
                resources[name] = html.escape(resources[name])
        return nb, resources
