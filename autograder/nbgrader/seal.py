"""Puts the seal on a released notebook: nbgrader runs this last of all, as `nbgrader_config.py` says."""

from __future__ import annotations

from typing import Any

from nbconvert.preprocessors import Preprocessor
from nbformat import NotebookNode, from_dict
from traitlets import Bool

from autograder.notebooks import given


class Seal(Preprocessor):
    """Writes down what the cells say when students are given them."""

    enabled = Bool(True).tag(config=True)  # as nbgrader's own are

    def preprocess(self, nb: NotebookNode, resources: Any) -> tuple[NotebookNode, Any]:
        return from_dict(given.sealed(nb)), resources
