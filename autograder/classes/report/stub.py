"""The beginning of a catalogue entry for what several students do wrong in the same way: so the catalogue grows.

Nothing of a student's is code in it, since the catalogue runs outside of the wall: what they wrote is a comment.
"""

from __future__ import annotations

import json
from collections.abc import Iterator

from autograder.classes.report import sentences
from autograder.classes.report.count import GroupKey, Held
from autograder.classes.report.excerpt import code_of
from autograder.classes.report.gather import Gathered
from autograder.classes.report.lesson import Lesson
from autograder.words import one_line, visible

_MOST_LINES = 40
_LEAST = 2


def stubs(found: Gathered, most: int = 5) -> Iterator[str]:
    """An entry to finish for each of the largest groups, for course/UNIT/misconceptions.py."""
    groups = sorted(found.count.groups.items(), key=lambda item: (-item[1].students, item[0].task))
    for key, held in groups[:most]:
        if key.signature is not None and held.students >= _LEAST:
            yield _stub(found, key, held)


def _stub(found: Gathered, key: GroupKey, held: Held) -> str:
    lesson, code = found.count.lesson, code_of(found, key, held)
    lines = [
        "@misconception(",
        f"    {_text(key.task)},",
        f'    believes="TODO: what these {held.students} students believe, as a sentence.",',
        '    hint="TODO: the next step, which does not give the line away.",',
        *([f"    breaks={_text(kind)},"] if (kind := _first_kind(lesson, key, held)) != "value" else []),
        ")",
        f"def unnamed_{key.signature}({', '.join(_parameters(lesson, key.task))}):",
        *_comment(f"{sentences.students(held.students)} of {found.count.graded}; signature {key.signature}.", 4),
        *_comment(f"Fails: {', '.join(held.failed)}.", 4),
        *_comment(found.count.example(held) or "", 4),
        *_comment(f"As one of them wrote it:\n{code}" if code else "", 4),
        '    raise NotImplementedError("write it the way they wrote it")',
    ]
    return "\n".join(lines) + "\n"


def _comment(text: str, indent: int) -> Iterator[str]:
    lines = visible(text).splitlines()
    for line in lines[:_MOST_LINES]:
        yield f"{' ' * indent}# {one_line(line, 400) if not line.startswith(' ') else line.rstrip()[:400]}"
    if len(lines) > _MOST_LINES:
        yield f"{' ' * indent}# …"


def _first_kind(lesson: Lesson, key: GroupKey, held: Held) -> str:
    """The first kind of test that they fail."""
    known = [lesson.tests.get((f"test_{key.task}", name)) for name in held.failed]
    kinds = [test.kind for test in known if test is not None]
    return next((kind for kind in ("value", "numerical", "contract") if kind in kinds), "value")


def _parameters(lesson: Lesson, name: str) -> tuple[str, ...]:
    return next((task.parameters for task in lesson.assignment.tasks if task.name == name), ())


def _text(value: str) -> str:
    return json.dumps(value, ensure_ascii=False)
