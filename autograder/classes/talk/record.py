"""What an instructor takes to an hour with a student, as records: the page and the JSON are made from these."""

from __future__ import annotations

import msgspec

from autograder.grading.questions.question import Question


class Standing(msgspec.Struct, frozen=True, kw_only=True):
    """How one task stands."""

    name: str
    state: str
    status: str
    """State and points in words."""
    says: str
    """What the student was told."""
    hint: str
    comment: str


class Talk(msgspec.Struct, frozen=True, kw_only=True):
    """One student and one assignment."""

    schema: int = 1
    student: str
    name: str
    assignment: str
    points: str
    tasks: tuple[Standing, ...]
    questions: tuple[Question, ...]
    not_asked: tuple[str, ...]
    """What could not be asked, and why."""
    notes: tuple[str, ...]
    """What is to be known first."""

    @property
    def json(self) -> str:
        return msgspec.json.format(msgspec.json.encode(self)).decode()
