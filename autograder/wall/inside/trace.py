"""Watches a call of a student's code line by line: what its variables hold after each line, as short text.

All of this happens in the student's own process. So what it tells is the student's word, and is shown as such."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from types import FrameType
from typing import Any

import numpy as np

from autograder.wall.both.protocol import Stepped, Traced
from autograder.wall.inside.printed import name_of
from autograder.wall.inside.shell import is_students, raised_by

MOST_STEPS = 300
_MOST_NAMES, _MOST_ENTRIES, _MOST_TEXT = 30, 12, 80
_set_trace = sys.settrace


class _Enough(BaseException):
    """More lines have run than are told of."""


class Tracer:
    """Watches one call."""

    def __init__(self, watch: Mapping[str, Any], *, stop: bool) -> None:
        self._watch = watch
        self._stop = stop
        self._steps: list[Stepped] = []
        self._frames: dict[FrameType, int] = {}
        self._before: dict[FrameType, dict[str, str]] = {}
        self._last: dict[FrameType, int] = {}
        self._cut = False

    def watched(self, call: Callable[[], object]) -> Traced:
        """What the call returned or raised, and the lines that ran."""
        _set_trace(self._entered)
        try:
            value = call()
        except _Enough:
            return self._came_to("", None)
        except BaseException as error:
            _set_trace(None)
            return self._came_to("", raised_by(error))
        finally:
            _set_trace(None)
        return self._came_to(text_of(value) or _kind_of(value), None)

    def _came_to(self, returned: str, raised: Any) -> Traced:
        self._frames.clear()
        return Traced(tuple(self._steps), self._cut, returned, raised)

    def _entered(self, frame: FrameType, event: str, arg: Any) -> Any:
        """Python asks of each function that is called whether its lines are wanted."""
        if not is_students(frame.f_code) or frame.f_code.co_name == "<module>":
            return None
        self._frames[frame] = len(self._frames)
        self._before[frame] = _texts(frame)
        return self._stepped

    def _stepped(self, frame: FrameType, event: str, arg: Any) -> Any:
        if event in ("line", "return"):
            self._settle(frame)
        if event == "line":
            if len(self._steps) >= MOST_STEPS:
                self._cut = True
                if self._stop:
                    raise _Enough
                _set_trace(None)
                return None
            code = frame.f_code
            self._last[frame] = len(self._steps)
            seen = self._seen(frame, f"{code.co_firstlineno}:{frame.f_lineno}")
            number = self._frames.get(frame, 0)
            self._steps.append(Stepped(code.co_name[:100], code.co_firstlineno, frame.f_lineno, number, seen, {}))
        return self._stepped

    def _settle(self, frame: FrameType) -> None:
        """Note what the line that ran last in this function has changed."""
        place = self._last.pop(frame, None)
        if place is None:
            return
        now, before = _texts(frame), self._before.get(frame, {})
        self._steps[place].after.update({name: text for name, text in now.items() if before.get(name) != text})
        self._before[frame] = now

    def _seen(self, frame: FrameType, place: str) -> dict[str, str]:
        found = {}
        for expression in self._watch.get(place, ()):
            try:
                with np.errstate(all="ignore"):
                    text = text_of(eval(expression, frame.f_globals, dict(frame.f_locals)))
            except Exception:  # a name that has no value yet
                continue
            if text:
                found[expression] = text
        return found


def text_of(value: object, depth: int = 0) -> str:
    """A small value as a student would write it, empty for all that is not small or not plain."""
    if isinstance(value, np.ndarray):
        plain = value.dtype.kind in "biuf" and value.size <= _MOST_ENTRIES
        return text_of(value.tolist(), depth) if plain else ""
    if isinstance(value, np.generic):
        value = value.item()
    if value is None or type(value) is bool:
        return str(value)
    if type(value) is int:
        return str(value) if abs(value) < 10**15 else ""
    if type(value) is float:
        return f"{value:.6g}"
    if type(value) is str:
        return repr(value) if len(value) <= 40 else ""
    if type(value) in (list, tuple) and len(value) <= _MOST_ENTRIES and depth < 3:  # type: ignore[arg-type]
        parts = [text_of(one, depth + 1) for one in value]  # type: ignore[attr-defined]
        if not all(parts):
            return ""
        inner = ", ".join(parts)
        text = f"[{inner}]" if type(value) is list else f"({inner},)" if len(parts) == 1 else f"({inner})"
        return text if len(text) <= _MOST_TEXT else ""
    return ""


def _texts(frame: FrameType) -> dict[str, str]:
    found = {}
    for name, value in list(frame.f_locals.items())[:_MOST_NAMES]:
        if text := text_of(value):
            found[name[:100]] = text
    return found


def _kind_of(value: object) -> str:
    """What is not small, in words."""
    if isinstance(value, np.ndarray):
        return f"an array of shape {value.shape}"
    if isinstance(value, list | tuple | dict | set):
        return f"a {name_of(type(value))} with {len(value)} entries"
    return f"an object of the class {name_of(type(value))}"
