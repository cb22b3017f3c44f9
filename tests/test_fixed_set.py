"""One notebook of each unit, with a known mistake in each function: its states and points.

They were written down before the grader and the course became two houses. A change that alters one has a defect to
name."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from miniature import graded, notebook, unit

from autograder.demo.students import as_typed
from autograder.wall.outside import doctor

FIXED = json.loads(Path(__file__).with_name("fixed_set.json").read_text())


@pytest.mark.parametrize("name", FIXED)
def test_states_and_points_are_what_they_were(name):
    its = unit(name).unit
    assert its is not None
    known = {(mistake.function, mistake.name): mistake for mistake in its.misconceptions}
    wrong = {
        function: as_typed(known[function, mistake].wrong, function)
        for function, mistake in FIXED[name]["mistakes"].items()
    }
    report = graded(notebook(name, **wrong), lane=doctor.fastest(), seed=1).report
    assert report.status == "graded"
    found = {cell.id: [cell.state, cell.score] for cell in report.cells}
    assert found == FIXED[name]["cells"]
