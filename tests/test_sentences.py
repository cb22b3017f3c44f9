"""All that a student may read, in one place. `pytest -s tests/test_sentences.py` prints it, to be read as prose."""

from __future__ import annotations

import re

import pytest

from autograder.grading.cells import what_stopped
from autograder.grading.example import Example
from autograder.grading.explanation import explain
from autograder.grading.hidden import Outcome
from autograder.grading.opening import Opened
from autograder.notebooks.submission import Submission
from autograder.session.dialogue import CellRun, Described, Raised
from autograder.words import sentence
from benchmarks.trials import UNITS, topics

NEVER = ("assert", "False is not true", "np.allclose", "Expected", "incorrect", "Error:", "stupid", "obviously")
"""Words of machines, and words that help nobody."""


def suites_say(topic: str) -> list[tuple[str, str, str | None]]:
    """For each hidden test of a topic: where it stands, its sentence and its hint."""
    said = []
    for name, cls in vars(UNITS[topic].suite).items():
        if name.startswith("Test_"):
            for test_name, test in vars(cls).items():
                if test_name.startswith("test_"):
                    hint = next((mark.args[0] for mark in test.pytestmark if mark.name == "hint"), None)
                    said.append((f"{name[5:]}, {test_name[5:]}", " ".join((test.__doc__ or "").split()), hint))
            said += [(f"{name[5:]}, answer {a!r}", words, None) for a, words in getattr(cls, "meanings", {}).items()]
    return said


def troubles(words: str, never: tuple[str, ...] = NEVER) -> list[str]:
    """What is wrong with a sentence, as far as a machine can see it."""
    found = [f"says {word!r}" for word in never if word in words]
    if not re.match(r"[\w`']", words) or words.startswith("Test"):
        found.append("does not begin as a sentence")
    if not words.endswith((".", "?")):
        found.append("does not end as a sentence")
    if len(words) > 200:
        found.append(f"{len(words)} characters")
    if "  " in words or "\n" in words:
        found.append("white space")
    return found


@pytest.mark.parametrize("topic", topics())
def test_what_the_suites_say(topic):
    said = suites_say(topic)
    wrong = []
    print(f"\n\n{topic}")
    for place, words, hint in said:
        print(f"  {place}\n    {words}")
        if hint:
            print(f"    Hint: {hint}")
        wrong += [(place, trouble, text) for text in (words, hint) if text for trouble in troubles(text)]
        # What a test says stands alone; a hint, or what is said of an answer, may ask.
        wrong += [(place, "asks", words)] if words.endswith("?") and hint else []
        code = re.search(r"np\.|\*\*|return |\[i\]", words) if hint and "answer" not in place else None
        wrong += [(place, "code in the sentence", words)] if code else []
    assert wrong == []


@pytest.mark.parametrize("topic", topics())
def test_what_the_catalogue_says(topic):
    wrong = []
    for entry in UNITS[topic].misconceptions:
        print(f"\n  {entry.function}, {entry.name}\n    {entry.believes}\n    Hint: {entry.hint}", end="")
        wrong += [(entry.name, trouble) for words in (entry.believes, entry.hint) for trouble in troubles(words, ())]
    assert wrong == []


OPENED = Opened(
    Submission(cells=()),
    fault="",
    runs={},
    described={"binary_cross_entropy": Described(callable=True, parameters=("y", "p", "eps"))},
    answers={},
    others={},
)
"""A submission that has said no more than what the function is."""


def _raised(kind: str, message: str, line: str, *, refused: bool = False) -> Raised:
    return Raised(kind, refused, message, line)


def states() -> list[tuple[str, str, str | None]]:
    """What is said in each state, for one function and one visible call."""
    from miniature import unit

    task = next(task for task in unit().tasks if task.name == "binary_cross_entropy")
    call = {"name": task.name, "args": ([1, 0], [0.8, 0.4]), "kwargs": {}}
    examples = {
        "wrong": Example(**call, expected=0.3669845875).returning(0.7339691751, "wrong"),
        "wrong shape": Example(**call, expected=0.3669845875).returning([0.2231435513, 0.5108256238], "wrong"),
        "no return": Example(**call, expected=0.3669845875).returning(None, "wrong"),
        "wrong, where an error is right": Example(**call, raises=True).returning(0.7339691751, "wrong"),
        "right on the example": Example(**call, expected=0.3669845875).returning(0.3669845875, "passed"),
        "error": Example(
            **call,
            expected=0.3669845875,
            verdict="error",
            raised=_raised("IndexError", "list index out of range", "total += p[i + 1]"),
        ),
        "ValueError": Example(
            **call,
            expected=0.3669845875,
            verdict="error",
            raised=_raised("ValueError", "math domain error", "math.log(p - 1)", refused=True),
        ),
        "timeout": Example(**call, expected=0.3669845875, verdict="timeout"),
        "ended": Example(**call, expected=0.3669845875, verdict="ended"),
    }
    said = []
    for name, example in examples.items():
        verdict = example.verdict if example.verdict != "passed" else "wrong"
        outcome = Outcome(
            "test_binary_cross_entropy",
            "test_hard_labels",
            "contract" if example.raises else "value",
            "For labels of 0 and 1 with ordinary forecasts the loss is not right yet.",
            verdict,
            hint="Take the surprise at what happened, for each entry.",
            example=example,
        )
        state, message, hint = explain(task, (outcome,), OPENED)
        said.append((f"{state} ({name})", message, hint))
    boom = CellRun("raised", raised=Raised("NameError", False, "name 'x' is not defined", "y = x"))
    for run in (boom, CellRun("timeout"), CellRun("ended"), CellRun("left out")):
        said.append(("a cell", sentence(f"the cell `entropy` {what_stopped(run)}."), None))
    return said


def test_what_the_states_say():
    said = states()
    wrong = []
    print()
    for state, message, hint in said:
        print(f"\n  {state}\n    {message}\n    Hint: {hint}", end="")
        parts = re.split(r"(?<=\.) (?=[A-Z`])", message)
        wrong += [(state, trouble) for part in parts for trouble in troubles(part, NEVER[:3])]
        wrong += [(state, trouble) for trouble in troubles(hint)] if hint else []
    assert wrong == []
    words = {state: message for state, message, _ in said}
    for state in ("wrong (wrong)", "error (error)", "timeout (timeout)"):
        assert "`binary_cross_entropy([1, 0], [0.8, 0.4])`" in words[state]
        assert "0.366985 would be right" in words[state]
    assert "returned 0.733969" in words["wrong (wrong)"]
    assert "in your line `total += p[i + 1]`" in words["error (error)"]
    assert "0.366985 would be right, as one number" in words["wrong (wrong shape)"]
    assert "returned None, as a function without `return` does" in words["wrong (no return)"]
    assert "it should raise a ValueError" in words["wrong (wrong, where an error is right)"]
