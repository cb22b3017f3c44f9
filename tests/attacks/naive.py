"""A grader as one might write it in ten minutes: the student's code and the tests share a process. The control of the
tests beside it: what gets full marks here shows that the attack is real.

Usage: python naive.py SUBMISSION. It grades `binary_entropy` and prints one JSON object, the last line of which counts.
"""

import json
import sys

import numpy as np

expected_values = [0.5, 0.6730116670092565]


def grade(path):
    from benchmarks.trials import UNITS

    reference = UNITS["bce"].reference

    student = {}
    with open(path) as file:
        exec(compile(file.read(), path, "exec"), student)  # noqa: S102 - this is what the wall is for
    inputs = np.array([0.1, 0.4])
    expected = reference.binary_entropy(inputs)
    result = student["binary_entropy"](inputs)
    assert np.allclose(result, expected)
    assert np.isclose(np.sum(result), np.sum(expected))
    for one, other in zip(result, expected):  # noqa: B905
        assert one == other or abs(one - other) < 1e-9


def main():
    try:
        grade(sys.argv[1])
        passed = True
    except Exception:
        passed = False
    print(json.dumps({"full_marks": passed}))


if __name__ == "__main__":
    main()
