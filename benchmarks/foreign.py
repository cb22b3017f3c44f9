"""What the grader says of functions by another hand, from a folder of them.

A folder holds Python files, each with a list `CASES` of dicts: `function`, `code` (what stands in the cell), `belief`
(one sentence on what somebody who writes it believes), and `right` (True, False, or the words "right" and "wrong").
The code runs in this process, with NumPy, `math` and the lesson's helpers at hand, and without the wall: so read it
before you run it.

Whether a name is right only a person can say, and not the one who wrote the diagnosis. `sheet` writes what was said
beside each code, and what a person wrote down is read by `judged`, a file of lines `ID NAME right` or `ID NAME wrong`.
"""

from __future__ import annotations

import ast
import importlib.util
import math
import runpy
import warnings
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from autograder.classes.report.statistics import wilson
from autograder.grading.diagnosis.finding import Finding
from autograder.grading.diagnosis.inquiry import diagnose
from autograder.grading.local import Local
from benchmarks.table import table
from benchmarks.trials import COURSE, UNITS, functions, outcomes, topics
from benchmarks.ways import Way

SEED = 20_260_101
COLUMNS = ("named", "described", "promise", "unnamed")
_LAYERS = {"catalogue": "named", "relation": "described", "promise": "promise"}
_RIGHT = {"right": True, "wrong": False}


@dataclass(frozen=True, slots=True)
class Case:
    """One function by another hand."""

    ident: str
    function: str
    code: str
    belief: str
    right: bool

    @property
    def way(self) -> Way:
        return Way(topic_of(self.function), self.function, f"foreign {self.ident}", compiled(self))


@dataclass(frozen=True, slots=True)
class Said:
    """What the grader said of it."""

    case: Case
    passed: bool
    kind: str
    """Of the first hidden test that failed."""
    finding: Finding | None

    @property
    def column(self) -> str:
        return "unnamed" if self.finding is None else _LAYERS[self.finding.layer]

    @property
    def name(self) -> str:
        return "-" if self.finding is None else self.finding.name


def cases(folder: Path) -> Iterator[Case]:
    """The cases of a folder, or of one file."""
    for path in sorted(folder.rglob("*.py")) if folder.is_dir() else [folder]:
        for number, one in enumerate(runpy.run_path(str(path)).get("CASES", ())):
            if not isinstance(one, Mapping):  # a function of its own, as in tests/diagnosis/unseen
                function, belief, way, right = one
                yield Case(f"{path.stem}.{way.__name__}", function, way, belief, right)
                continue
            belief = one.get("belief") or one.get("believes") or ""
            right = one.get("right", one.get("verdict", False))
            ident = str(one.get("id") or one.get("name") or f"{number:03d}")
            yield Case(f"{path.stem}.{ident}", one["function"], one["code"], belief, _RIGHT.get(right, right) is True)


@cache
def topic_of(function: str) -> str:
    return next(topic for topic in topics() if function in functions(topic))


def compiled(case: Case) -> Callable[..., Any]:
    """The function that the code defines; one that raises what the code raises, where it cannot be run."""
    if callable(case.code):
        return case.code
    namespace: dict[str, Any] = {"np": np, "numpy": np, "math": math, "__name__": "__main__", **helpers()}
    try:
        exec(compile(case.code, f"<{case.ident}>", "exec"), namespace)  # noqa: S102
        return namespace[case.function]  # type: ignore[no-any-return]
    except Exception as error:
        return _raising(type(error)(*error.args))


def _raising(error: Exception) -> Callable[..., Any]:
    def function(*_: Any, **__: Any) -> Any:
        raise error

    return function


@cache
def helpers() -> Mapping[str, Any]:
    """What the lessons hand to their readers: `vectors`, and the `checked` of unit 1."""
    spec = importlib.util.spec_from_file_location("lesson", COURSE / "course" / "lesson.py")
    assert spec is not None
    assert spec.loader is not None
    lesson = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(lesson)
    text = (COURSE / "course" / "01-bce" / "01-bce.md").read_text()
    start = text.index("def checked(")
    namespace: dict[str, Any] = {"np": np}
    exec(ast.unparse(_function(text[start : text.index("```", start)])), namespace)  # noqa: S102
    return {"vectors": lesson.vectors, "checked": namespace["checked"], "EPS": float(np.finfo(np.float64).eps)}


def _function(text: str) -> ast.stmt:
    return next(node for node in ast.parse(text).body if isinstance(node, ast.FunctionDef))


def judge(every: Iterable[Case], seed: int = SEED) -> list[Said]:
    """What the hidden tests and the diagnosis say of each."""
    found = []
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for case in every:
            topic = topic_of(case.function)
            way = compiled(case)
            said = outcomes(topic, case.function, way, seed)
            failed = [outcome for outcome in said if outcome.verdict != "passed"]
            student = Local({case.function: way})
            finding = diagnose(UNITS[topic], f"test_{case.function}", said, student, {}).finding if failed else None
            found.append(Said(case, not failed, failed[0].kind if failed else "", finding))
    return found


def judged(path: Path | None) -> Mapping[tuple[str, str], bool]:
    """What a person wrote down: whether a name is right for a case. A name that has changed since is not judged."""
    if path is None or not path.exists():
        return {}
    lines = [line.split() for line in path.read_text().splitlines() if line.strip() and not line.startswith("#")]
    return {(ident, name): _RIGHT[word] for ident, name, word in (line[:3] for line in lines)}


def tables(said: Sequence[Said], known: Mapping[tuple[str, str], bool]) -> str:
    """The shares, of all, by function and by the kind of the first failed test."""
    right, wrong = [s for s in said if s.case.right], [s for s in said if not s.case.right]
    accepted, rejected = sum(s.passed for s in right), sum(not s.passed for s in wrong)
    failed = [s for s in wrong if not s.passed]
    looked = [s for s in failed if (s.case.ident, s.name) in known]
    bad = sum(not known[s.case.ident, s.name] for s in looked)
    good = len(looked) - bad
    named = sum(s.finding is not None for s in failed)
    lines = [
        f"- right ones accepted: {share(accepted, len(right))}",
        f"- wrong ones rejected: {share(rejected, len(wrong))}",
        f"- of these named, described, or with a broken promise: {share(named, len(failed))}",
        f"- names that another hand judged: {len(looked)}, {good} of them right and {bad} wrong",
        f"- of the rejected ones named rightly or described rightly: {share(good, len(failed))}",
        f"- of the rejected ones named wrongly: {share(bad, len(failed))}",
    ]
    groups: dict[str, list[Said]] = defaultdict(list)
    for one in failed:
        groups[f"`{one.case.function}`"].append(one)
        groups[f"first failed: {one.kind}"].append(one)
        groups["**all**"].append(one)
    rows = [
        [name, len(some), *(_percent(Counter(s.column for s in some)[column], len(some)) for column in COLUMNS)]
        for name, some in sorted(groups.items(), key=lambda item: (item[0][0] != "`", item[0][0] == "*", item[0]))
    ]
    return "\n".join(lines) + "\n\n" + table(("rejected functions", "number", *COLUMNS), rows)


def sheet(said: Sequence[Said]) -> str:
    """Each code with what was said, for a person to judge."""
    parts = []
    for one in said:
        if one.case.right or one.passed or callable(one.case.code):
            continue
        finding = one.finding
        words = "(nothing)"
        if finding is not None:
            words = f"{finding.layer}, {finding.name}, parameter {finding.parameter}, also {finding.also}"
        parts.append(
            f"## {one.case.ident} {one.name}\n\nBelieves: {one.case.belief}\n\n"
            f"```python\n{one.case.code.strip()}\n```\n\n"
            f"Said: {words}\n\nHint: {finding.hint if finding else ''}\n"
        )
    return "\n".join(parts)


def share(part: int, whole: int) -> str:
    """A share with its 95 % interval by Wilson's formula."""
    if not whole:
        return "none"
    low, high = wilson(part, whole)
    return f"{part} of {whole} ({part / whole:.1%}, 95 % interval {low:.1%} to {high:.1%})"


def _percent(part: int, whole: int) -> str:
    return f"{part} ({part / whole:.0%})"
