"""Watches a student's visible calls beyond the wall, and says in a sentence where nothing can be watched."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from autograder.grading.cells import what_stopped
from autograder.grading.example import Example, Step, attempt
from autograder.grading.questions import visible
from autograder.grading.questions.definition import Definition, find
from autograder.grading.questions.expression import watched as expressions
from autograder.notebooks.assignment import Assignment, Task
from autograder.notebooks.submission import Submission
from autograder.session.dialogue import Ended, NotThere, Timeout
from autograder.session.session import Session
from autograder.wall.both.protocol import Raised, TraceCall, Traced
from autograder.words import one_line

_MOST_CALLS = 4
_FAILS = ("wrong", "error", "timeout", "ended", "missing")


@dataclass(frozen=True, slots=True)
class Watched:
    """One visible call of one task, and the lines that ran."""

    task: Task
    definition: Definition
    example: Example
    """With what the function made of it."""
    traced: Traced

    @property
    def fails(self) -> bool:
        return self.example.verdict in _FAILS


@dataclass(slots=True)
class Watch:
    """Watches the calls of one submission."""

    assignment: Assignment
    submission: Submission
    session: Session
    not_asked: list[str] = field(default_factory=list)

    def all(self) -> Iterator[Watched]:
        """Every task's calls, those first that go wrong. What cannot be watched is said in `not_asked`."""
        for task in self.assignment.tasks:
            if task.is_code:
                try:
                    yield from self._task(task)
                except NotThere:
                    self._not(task, "is not there when it is called")
                except Ended:
                    self._not(task, "ends Python when it is called")
                except Timeout:
                    self._not(task, "does not come back when it is called, and cannot be watched")

    def without(self, one: Watched, source: str, number: int) -> Traced | None:
        """What the call comes to with another cell in the place of the student's, None where that takes too long."""
        about = f"{one.task.name} {number}"
        try:
            return self.session.trace(about, request(one.example, one.definition, define=source))
        except (Timeout, Ended, NotThere):
            return None

    def _task(self, task: Task) -> Iterator[Watched]:
        if not self.submission.attempts.get(task.name):
            self._not(task, "was not attempted")
            return
        definition = find(self.submission, self.session.runs, task)
        if definition is None:
            self._not(task, self._why_none(task))
            return
        examples = visible.calls(self.assignment, task)
        if not examples:
            self._not(task, "has no visible call")
            return
        found = [one for one in self._calls(task, definition, examples) if one is not None]
        if not found:
            self._not(task, "gives another reply each time that it is called, so that no answer could be known")
        elif not any(one.traced.steps for one in found):
            self._not(task, "runs no line of its own")
        yield from sorted(found, key=lambda one: not one.fails)

    def _calls(self, task: Task, definition: Definition, examples: Sequence[Example]) -> Iterator[Watched | None]:
        endless = False
        tried = []
        for example in examples:
            if not endless:
                example = attempt(self.session, example) if example.verdict != "unjudged" else example
                endless = example.verdict == "timeout"
            tried.append(example)
        if endless:  # one call is enough, and each costs its time
            tried = [next(one for one in tried if one.verdict == "timeout")]
        tried.sort(key=lambda one: (one.verdict not in _FAILS, one.raises))
        for number, example in enumerate(_some(tried)):
            asked = request(example, definition, stop=endless)
            once, again = (self.session.trace(f"{task.name} {number}/{turn}", asked) for turn in "ab")
            yield Watched(task, definition, example, once) if once == again else None

    def _why_none(self, task: Task) -> str:
        for place in reversed(self.submission.attempts[task.name]):
            run = self.session.runs.get(place)
            if run is not None and run.state != "ran":
                return f"could not be watched, since its cell {what_stopped(run)}"
        return "is not written with `def` in a cell of the notebook, so that its lines cannot be watched"

    def _not(self, task: Task, why: str) -> None:
        self.not_asked.append(f"`{task.name}` {why}.")


def request(example: Example, definition: Definition, *, define: str = "", stop: bool = False) -> TraceCall:
    """What has the call made and watched."""
    steps = tuple(map(_plain, example.steps))
    watch = {} if define else expressions(definition)
    return TraceCall(define, example.name, tuple(example.args), dict(example.kwargs), steps, watch, stop)


def outcome(traced: Traced) -> str:
    """What came of a call, as code or in words."""
    if traced.raised is not None:
        return f"{traced.raised.kind}{_said(traced.raised)}"
    return f"`{_no_ticks(traced.returned)}`" if traced.returned else "nothing: it does not end"


def _said(raised: Raised) -> str:
    return f" (“{_no_ticks(one_line(raised.message, 80))}”)" if raised.message else ""


def _no_ticks(text: str) -> str:
    return text.replace("`", "'")


def _plain(step: Step) -> tuple[object, ...]:
    return (step.name,) if step.args is None else (step.name, step.args, dict(step.kwargs))


def _some(examples: Sequence[Example]) -> list[Example]:
    """A few of them: what goes wrong, what is right, and one that is to raise an error."""
    plain = [one for one in examples if not one.raises]
    return plain[: _MOST_CALLS - 1] + [one for one in examples if one.raises][:1]
