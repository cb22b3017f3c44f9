"""Points come from the Report. What a cell prints, its tags and its metadata earn nothing and cost nothing.

Each of these gets other points from nbgrader alone, which the controls show.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from miniature import FUNCTIONS

TESTS = tuple(f"test_{name}" for name in FUNCTIONS)
TEST = "test_bernoulli_log_likelihood"
SOLUTION = "bernoulli_log_likelihood"
ENDINGS = {
    "a NumPy zero": "np.float64(0.0)",
    "nan": "float('nan')",
    "less than nothing": "-1",
    "text": "'full marks, please'",
    "above the maximum": "1000",
    "a list": "[4, 4]",
    "infinity": "float('inf')",
    "forged display": "from IPython.display import display; display({'text/plain': '4'}, raw=True)",
}
STUDENTS = tuple(words.replace(" ", "-") for words in ENDINGS)


@pytest.fixture
def stock(course: Any) -> Any:
    """The course with nbgrader's own autograding."""
    config = course.root / "nbgrader_config.py"
    config.write_text(re.sub(r"c\.Autograde\.\w+ = (\[.*?\n\]|.*?$)", "", config.read_text(), flags=re.S | re.M))
    assert "c.Autograde" not in config.read_text()
    return course


def ended(course: Any, ending: str) -> dict[str, Any]:
    """The blank notebook, with a test cell that does nothing but end in this expression."""
    return course.edited(course.blank, {TEST: f"import numpy as np\n{ending}"})


@pytest.fixture(scope="module")
def forged(fresh_course: Any) -> Any:
    """A class in which everybody ends the cells in another expression."""
    course = fresh_course
    for student, ending in zip(STUDENTS, ENDINGS.values(), strict=True):
        document = ended(course, ending)
        # Also where the cell is unlocked for nbgrader, copied, or the student's own, and in the student's function.
        last = [cell for cell in document["cells"] if cell["cell_type"] == "code"][-1]
        document["cells"].append({**last, "metadata": {}})
        function = f"def {SOLUTION}(y, p):\n    print('4')\n    return 4\n{ending}"
        course.submit(student, course.edited(document, {SOLUTION: function}))
    done = course.nbgrader("autograde", "01-bce")
    assert done.returncode == 0, done.stderr
    return course


@pytest.mark.parametrize("student", STUDENTS)
def test_no_output_earns_points(forged: Any, student: str) -> None:
    assert forged.automatic(student) == (0.0, False)


def test_control_such_outputs_are_full_marks_for_nbgrader_alone(stock: Any) -> None:
    """Each locked test cell ends in a student's value, as a test of partial credit does."""
    tails = dict(zip(TESTS, ("np.float64(0.0)", "float('nan')", "-1", "'text'"), strict=True))
    values = {test: f"import numpy as np\n{tail}" for test, tail in tails.items()}
    make_it_the_masters_own(stock, values)
    stock.submit("eve", stock.edited(stock.blank, values))
    [done] = stock.autograde("eve")
    assert done["success"], done
    rows = stock.rows("eve")
    assert {test: rows[test].auto for test in tails} == {test: rows[test].most for test in tails}
    assert min(rows[test].most for test in tails) > 0


def make_it_the_masters_own(course: Any, values: dict[str, str]) -> None:
    """nbgrader puts the master's text back into a locked cell: let the master's text be this."""
    path = course.root / "source" / "01-bce" / "01-bce.ipynb"
    path.write_text(json.dumps(course.edited(json.loads(path.read_text()), values)))
    done = course.nbgrader("generate_assignment", "01-bce", "--force")
    assert done.returncode == 0, done.stderr


NOISE = "import sys, warnings\nwarnings.warn('look out')\nprint('noise', file=sys.stderr)\n"


def grade_id(cell: dict[str, Any]) -> str | None:
    return cell["metadata"].get("nbgrader", {}).get("grade_id")


def shouting(course: Any) -> dict[str, Any]:
    """Right answers, in a notebook where every function and every cell writes to stderr."""
    document = course.right
    for cell in document["cells"]:
        if cell["cell_type"] == "code" and grade_id(cell) == SOLUTION:
            wrapper = (
                f"_quiet = {SOLUTION}\ndef {SOLUTION}(y, p):\n    {NOISE.strip().replace(chr(10), chr(10) + '    ')}\n"
                "    return _quiet(y, p)\n"
            )
            cell["source"] = "".join(cell["source"]) + "\n" + wrapper
    return document


def test_noise_on_stderr_costs_nothing(course: Any) -> None:
    course.submit("ada", shouting(course))
    [done] = course.autograde("ada")
    assert done["success"], done
    assert course.rows("ada")[TEST].auto == 4.0
    assert course.automatic("ada") == (course.most, False)


def test_control_noise_on_stderr_costs_all_points_with_nbgrader_alone(stock: Any) -> None:
    stock.submit("ada", shouting(stock))
    [done] = stock.autograde("ada")
    assert done["success"], done
    assert stock.rows("ada")[TEST].auto == 0.0


def skipped(course: Any) -> dict[str, Any]:
    document = course.blank
    for cell in document["cells"]:
        cell["metadata"]["tags"] = ["skip-execution"]
    return document


def test_a_cell_that_asks_not_to_be_run_earns_nothing(course: Any) -> None:
    course.submit("eve", skipped(course))
    course.autograde("eve")
    assert course.automatic("eve") == (0.0, False)


def test_control_a_cell_that_asks_not_to_be_run_has_full_marks_with_nbgrader_alone(stock: Any) -> None:
    stock.submit("eve", skipped(stock))
    stock.autograde("eve")
    assert stock.rows("eve")[TEST].auto == 4.0


def test_the_maximum_is_the_assignments_whatever_the_metadata_say(course: Any) -> None:
    document = course.right
    for cell in document["cells"]:
        if cell["metadata"].get("nbgrader"):
            cell["metadata"]["nbgrader"].update(points=100, grade=True, locked=False, solution=False, task=True)
    course.submit("eve", document)
    course.autograde("eve")
    assert course.automatic("eve") == (course.most, False)


def test_the_gradebook_holds_what_the_grader_says(course: Any, tmp_path: Path) -> None:
    """Half right: the same numbers as `grading.grade` gives, row by row."""
    from autograder.grading.grade import grade
    from autograder.notebooks import assignment, submission
    from autograder.wall.outside import doctor

    wrong = "def binary_entropy(q):\n    import numpy as np\n    return -np.asarray(q) * np.log(q)\n"
    path = course.submit(
        "mix", course.edited(course.right, {"binary_entropy": wrong, "lowest_bce": "lowest_bce = 0.7"})
    )
    course.autograde("mix")
    unit = assignment.load("01-bce", course.root)
    report = grade(unit, submission.read(path, unit), doctor.best()).report
    automatic = {cell.id: cell.score for cell in report.cells if cell.state != "manual"}
    assert automatic == {name: row.auto for name, row in course.rows("mix").items() if name in automatic}
    assert 0 < sum(automatic.values()) < course.most
