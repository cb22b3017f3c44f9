"""Sphinx's settings, which `pages` copies beside all that it has to read."""

from pathlib import Path

HERE = Path(__file__).resolve().parent

project = "Loss metrics"
author = project
html_title = "Loss metrics"
extensions = ["myst_nb", "jupyterlite_sphinx", "website.mathematics"]
exclude_patterns = ["_*", "lite", "lessons"]
language = "en"

nb_execution_mode = "off"  # `units` has run them
nb_merge_streams = True
myst_enable_extensions = ["dollarmath", "amsmath", "html_image"]
myst_heading_anchors = 4
suppress_warnings = ["myst.header", "myst.xref_missing", "mystnb.unknown_mime_type", "misc.highlighting_failure"]

html_theme = "pydata_sphinx_theme"
html_static_path = ["_static"]
html_css_files = ["site.css"]
html_js_files = [("site.js", {"defer": "defer"})]
html_extra_path = ["_extra"]
html_show_sourcelink = False
html_copy_source = False
html_sidebars = {"index": []}
html_math_renderer = "mathml"
html_theme_options = {
    "navbar_align": "left",
    "show_toc_level": 2,
    "secondary_sidebar_items": ["page-toc"],
    "show_prev_next": True,
    "footer_start": [],
    "footer_end": [],
    "pygments_light_style": "a11y-high-contrast-light",
    "pygments_dark_style": "a11y-high-contrast-dark",
}

jupyterlite_dir = str(HERE / "_lite")
jupyterlite_contents = ["lessons/*"]
jupyterlite_config = str(HERE / "_lite" / "build.json")
jupyterlite_bind_ipynb_suffix = False
jupyterlite_silence = True


def setup(app):
    app.connect("html-page-context", ask_nobody)


def ask_nobody(app, page, template, context, tree):
    """An extension would fetch a font for a label of its own from another host."""
    context["css_files"] = [css for css in context["css_files"] if "://" not in getattr(css, "filename", css)]
