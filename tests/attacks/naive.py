"""A grader as one might write it in ten minutes: the student's code and the tests share a process. The control of the
tests beside it: what gets full marks here shows that the attack is real.

Usage: python naive.py FOLDER. Each FOLDER/TOPIC-*.py is graded in a process of its own, which writes one JSON object to
a file beside it, the last line of which counts.
"""

import json
import os
import sys
from pathlib import Path

import numpy as np

from benchmarks.trials import UNITS

expected_values = [0.5, 0.6730116670092565]
GRADED = {
    "bce": ("binary_entropy", (np.array([0.1, 0.4]),)),
    "rmse": ("rmse", (np.array([0.1, 0.4]), np.array([0.3, 1.0]))),
}


def each(value):
    return value if hasattr(value, "__iter__") else [value]


def grade(path):
    topic = path.name.partition("-")[0]
    reference, (name, inputs) = UNITS[topic].reference, GRADED[topic]
    student = {}
    exec(compile(path.read_text(), path, "exec"), student)  # noqa: S102 - this is what the wall is for
    expected = getattr(reference, name)(*inputs)
    result = student[name](*inputs)
    assert np.allclose(result, expected)
    assert np.isclose(np.sum(result), np.sum(expected))
    for one, other in zip(each(result), each(expected)):  # noqa: B905
        assert one == other or abs(one - other) < 1e-9


def main(path):
    try:
        grade(path)
        passed = True
    except Exception:
        passed = False
    print(json.dumps({"full_marks": passed}), flush=True)


if __name__ == "__main__":
    for path in sorted(Path(sys.argv[1]).glob("*.py")):
        pid = os.fork()
        if pid == 0:
            with open(path.with_suffix(".json"), "wb") as file:
                os.dup2(file.fileno(), 1)
            main(path)
            sys.exit(0)
        os.waitpid(pid, 0)
