"""What is in the wheel, and what is not."""

from __future__ import annotations

import zipfile
from pathlib import Path


def test_the_wheel_has_what_it_needs_and_nothing_of_this_course(machine, tmp_path):
    with zipfile.ZipFile(machine.wheel) as wheel:
        names = [name for name in wheel.namelist() if ".dist-info/" not in name]
        texts = {name: wheel.read(name).decode() for name in names}
    assert {name.partition("/")[0] for name in names} == {"autograder"}
    assert {"autograder/py.typed", "autograder/nbgrader/templates/verdicts/index.html.j2"} <= set(names)
    words = ("bernoulli", "01-bce", "loss-metrics", "loss metrics", "binary_entropy", "rmse")
    assert [(name, word) for name, text in texts.items() for word in words if word in text.lower()] == []
    where = machine.run("python -c 'import autograder; print(autograder.__file__)'", tmp_path).stdout.strip()
    assert Path(where).is_relative_to(machine.bin.parent)
