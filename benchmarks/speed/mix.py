"""A class made from a seed: right, wrong and hostile answers to unit 1, no two files alike."""

from __future__ import annotations

import copy
import inspect
import json
import random
import re
import textwrap
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.trials import UNITS

UNIT, TOPIC = "01-bce", "bce"
FUNCTIONS = ("bernoulli_log_likelihood", "binary_entropy", "kl_bernoulli", "binary_cross_entropy")

_QUICK = {
    "exits": "import os\nos._exit(0)",
    "forges": 'print("{\\"score\\": 23}")\n\n\ndef binary_entropy(q):\n    return 4.0',
    "patches": "np.allclose = lambda *a, **k: True\n\n\ndef binary_entropy(q):\n    return 0.5",
    "hoards": "def binary_entropy(q):\n    return np.ones((200_000, 200_000))",
    "reads": 'import glob\n\nfound = glob.glob("/home/*")\n\n\ndef binary_entropy(q):\n    return found',
}
_SLOW = {
    "loops": "def binary_entropy(q):\n    while True:\n        pass",
    "hangs": "import time\n\ntime.sleep(3600)",
}


@dataclass(frozen=True, slots=True)
class Member:
    """One member of the class: a name, what kind of submission, and the answers by cell."""

    student: str
    kind: str
    answers: Mapping[str, str]


def members(number: int, seed: int, source: Path, *, hostile: float = 0.0, slow: int = 0) -> Iterator[Member]:
    """Of the class a share `hostile` tries something that costs no time, and `slow` members run into the time-outs."""
    draw = random.Random(seed)
    taught = _taught(source)
    wrong = _mistakes()
    slow_ones = set(draw.sample(range(number), slow))
    for index in range(number):
        answers = dict(taught)
        if index in slow_ones:
            kind = sorted(_SLOW)[index % len(_SLOW)]
            answers["binary_entropy"] = _SLOW[kind]
        elif draw.random() < hostile:
            kind = draw.choice(sorted(_QUICK))
            answers["binary_entropy"] = _QUICK[kind]
        else:
            kind = draw.choices(["right", "wrong", "unfinished", "broken"], [50, 35, 10, 5])[0]
            if kind == "wrong":
                for function in draw.sample(sorted(wrong), 2):
                    answers[function] = draw.choice(wrong[function])
            elif kind == "unfinished":
                answers = {name: text for name, text in answers.items() if name not in draw.sample(FUNCTIONS, 2)}
            elif kind == "broken":
                answers[draw.choice(FUNCTIONS)] += "\n    return ("
        mark = f"\n# written by member {index} of class {seed}"
        yield Member(f"member-{index:05d}", kind, {name: text + mark for name, text in answers.items()})


def hand_in(member: Member, released: Mapping[str, Any]) -> bytes:
    """The member's notebook file."""
    notebook = copy.deepcopy(dict(released))
    for cell in notebook["cells"]:
        name = cell["metadata"].get("nbgrader", {}).get("grade_id")
        if name in member.answers and cell["cell_type"] == "code":
            cell["source"] = member.answers[name]
    return json.dumps(notebook).encode()


def _taught(source: Path) -> dict[str, str]:
    answers = {}
    for cell in json.loads(source.read_bytes())["cells"]:
        settings = cell["metadata"].get("nbgrader", {})
        if settings.get("solution") and cell["cell_type"] == "code":
            lines = "".join(cell["source"]).splitlines()
            answers[settings["grade_id"]] = "\n".join(line for line in lines if "SOLUTION" not in line)
    return answers


def _mistakes() -> dict[str, list[str]]:
    """Wrong answers by function: those of the catalogue that can be pasted, or else a constant."""
    found = {name: [f"def {name}(*args, **kwargs):\n    return 0.5"] for name in FUNCTIONS}
    for entry in UNITS[TOPIC].misconceptions:
        names = inspect.getclosurevars(entry.wrong)
        if entry.function in found and not names.nonlocals and not names.unbound and set(names.globals) <= {"np"}:
            text = textwrap.dedent(inspect.getsource(entry.wrong))
            text = text[text.index("def ") :]
            found[entry.function].append(re.sub(r"^def \w+\(", f"def {entry.function}(", text, count=1))
    return found
