"""What a grade depends on, as a digest: the submission's bytes, and all that grades them."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

import msgspec

from autograder.notebooks import units
from autograder.notebooks.assignment import Assignment
from autograder.notebooks.handed_in import HandedIn
from autograder.wall.outside.policy import Figures


def of_submission(handed_in: HandedIn, sidecars: Mapping[str, bytes], grader: str) -> str:
    """The digest of a submission and of what grades it, by its fingerprint: where it is the same, so is the grade."""
    digest = hashlib.sha256(grader.encode())
    for part in (repr((handed_in.named, handed_in.reason)).encode(), handed_in.data):
        digest.update(hashlib.sha256(part).digest())
    for name, data in sorted(sidecars.items()):
        digest.update(hashlib.sha256(name.encode() + b"\0" + data).digest())
    return digest.hexdigest()


def of_grader(assignment: Assignment, *, figures: Figures) -> str:
    """The digest of an assignment as it was given out, and of the suite, reference and package that grade it."""
    given = {
        "name": assignment.name,
        "cells": assignment.cells,
        "files": dict(assignment.files),
        "metadata": assignment.metadata,
        "figures": figures,
        "version": units.version(assignment.unit),
    }
    return hashlib.sha256(msgspec.json.encode(given, order="sorted")).hexdigest()
