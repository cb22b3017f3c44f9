"""What an author starts from: made from a notebook's functions, and never over something."""

from __future__ import annotations

import json
from pathlib import Path

import handmade
import numpy as np
import pytest
from miniature import COURSE, right

from autograder.grading import suite
from autograder.grading.local import Local
from autograder.notebooks import drafts, new, units
from autograder.notebooks.drafts import Source
from autograder.notebooks.units import Unit

FIT = """
def line(x, y):
    ### BEGIN SOLUTION
    x, y = _floats(x), _floats(y)
    slope = ((x - x.mean()) * (y - y.mean())).sum() / ((x - x.mean()) ** 2).sum()
    return slope, y.mean() - slope * x.mean()
    ### END SOLUTION
"""
SQUARES = "def squares(n):\n    ### BEGIN SOLUTION\n    return [i ** 2 for i in range(1, n + 1)]\n    ### END SOLUTION"
HELPER = "%matplotlib inline\nimport numpy as np\nimport os\nSCALE = 2\ndef _floats(x):\n    return np.array(x, float)"


def test_a_reference_has_the_solutions_and_what_they_need_and_no_more():
    draft = drafts.draft([Source(HELPER), Source(FIT, solution=True), Source("print(line([1, 2], [3, 4]))")])
    assert draft.functions == ("line",)
    namespace: dict[str, object] = {}
    exec(draft.reference, namespace)  # noqa: S102
    assert {"line", "_floats", "np"} <= namespace.keys()
    assert not {"SCALE", "os"} & namespace.keys()
    assert "SOLUTION" not in draft.reference


def test_a_variable_of_the_notebook_is_not_taken_for_an_argument_of_the_same_name():
    figure = Source("def curve(x):\n    return x * SCALE\nx = curve(3)\n[y for y in (x,)]")
    draft = drafts.draft([Source(HELPER), Source(FIT, solution=True), figure])
    assert "curve" not in draft.reference
    assert "def line" in draft.reference


def written(draft: drafts.Draft, course: Path) -> Unit:
    """The unit that this draft becomes."""
    place = course / "course" / "ps1"
    place.mkdir(parents=True)
    (place / "suite.py").write_text(draft.suite)
    (place / "reference.py").write_text(draft.reference)
    return units.find(course, "ps1")


@pytest.mark.parametrize(
    ("source", "name", "wrong"),
    [
        (FIT, "line", lambda x, y: (np.mean(x), np.mean(y))),
        (SQUARES, "squares", lambda n: [i**3 for i in range(1, n + 1)]),
        ("def word(n):\n    return 'ab' * n", "word", lambda n: "ab"),
        ("def double(x):\n    return x + x", "double", lambda x: x),
        ("def total(X):\n    return X.sum(axis=0)", "total", lambda X: np.sum(X, axis=1)),
        ("def shift(x, by=1):\n    return np.asarray(x) + by", "shift", lambda x, by=1: x),
    ],
    ids=lambda value: value if isinstance(value, str) and value.isidentifier() else "",
)
def test_the_suite_passes_its_reference_and_fails_what_is_wrong(tmp_path, source, name, wrong):
    """`x + x` is something else for a list, so there the second test is another one."""
    draft = drafts.draft([Source(HELPER), Source(source, solution=True)])
    assert (draft.functions, draft.unfed) == ((name,), ())
    unit = written(draft, tmp_path)
    assert sorted(test.kind for test in suite.tests(unit)) == ["contract", "numerical", "value"]
    for function, verdicts in ((getattr(unit.reference, name), {"passed"}), (wrong, {"wrong"})):
        outcomes = suite.run(unit, Local({name: function}), seed=3, cells=frozenset({f"test_{name}"}))
        assert {outcome.verdict for outcome in outcomes if outcome.kind == "value"} == verdicts, outcomes
        if verdicts == {"passed"}:
            assert {outcome.verdict for outcome in outcomes} == verdicts, outcomes


def test_a_function_that_takes_nothing_known_is_named():
    draft = drafts.draft([Source("def f(thing):\n    return thing.weight", solution=True)])
    assert draft.unfed == ("f",)
    compile(draft.suite, "suite.py", "exec")


def test_the_functions_of_a_whole_course_have_suites(tmp_path):
    """Somebody else's notebook, with helpers of its own."""
    _course(tmp_path)
    folder = tmp_path / "source" / "01-bce"
    folder.mkdir(parents=True)
    (folder / "01-bce.ipynb").write_bytes((COURSE / "source" / "01-bce" / "01-bce.ipynb").read_bytes())
    said = list(new.unit(tmp_path, "01-bce"))
    assert len([line for line in said if line.startswith("wrote")]) == 4, said
    unit = units.find(tmp_path, "01-bce")
    functions = {name for name, text in right("01-bce").items() if f"def {name}(" in text}
    assert {test.cell.removeprefix("test_") for test in suite.tests(unit)} == functions
    for name in functions:
        answers = Local({name: getattr(unit.reference, name)})
        outcomes = suite.run(unit, answers, seed=3, cells=frozenset({f"test_{name}"}))
        assert {outcome.verdict for outcome in outcomes} == {"passed"}, outcomes


def _course(folder: Path) -> None:
    assert list(new.course(folder))


def _files(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_nothing_is_written_over(tmp_path):
    _course(tmp_path)
    list(new.unit(tmp_path, "ps1"))
    before = _files(tmp_path)
    with pytest.raises(new.Occupied, match="is a course already"):
        list(new.course(tmp_path))
    with pytest.raises(new.Occupied, match="has a suite already"):
        list(new.unit(tmp_path, "ps1"))
    (tmp_path / "course" / "ps1" / "suite.py").unlink()
    (tmp_path / "course" / "ps1" / "accepted.py").write_text("mine")
    list(new.unit(tmp_path, "ps1"))
    assert _files(tmp_path) == {**before, "course/ps1/accepted.py": b"mine"}


@pytest.mark.parametrize("name", ["../up", "", ".hidden", "a/b"])
def test_a_name_that_is_no_folders_is_refused(tmp_path, name):
    root = tmp_path / "course"
    root.mkdir()
    _course(root)
    before = _files(tmp_path)
    with pytest.raises(new.Unreadable, match="is not a name"):
        list(new.unit(root, name))
    assert _files(tmp_path) == before


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"cells": [1]}', '{"cells": [{"cell_type": "code"}]}'])
def test_a_notebook_that_cannot_be_read_is_one_sentence(tmp_path, text):
    _course(tmp_path)
    path = tmp_path / "source" / "ps1" / "ps1.ipynb"
    path.parent.mkdir(parents=True)
    path.write_text(text)
    with pytest.raises(new.Unreadable, match="cannot be read as a notebook"):
        list(new.unit(tmp_path, "ps1"))
    assert not (tmp_path / "course" / "ps1").exists()


def test_an_assignment_of_several_notebooks_is_not_mixed_up(tmp_path):
    _course(tmp_path)
    (tmp_path / "source" / "ps1").mkdir(parents=True)
    (tmp_path / "source" / "ps1" / "problem1.ipynb").write_text(json.dumps({"cells": []}))
    with pytest.raises(new.Occupied, match=r"holds problem1\.ipynb"):
        list(new.unit(tmp_path, "ps1"))


def test_our_own_configuration_has_the_lines_that_every_course_has():
    assert new.lines_for_nbgrader() in (COURSE / "nbgrader_config.py").read_text()


CLASSES = {
    "Ridge": handmade.RIDGE,
    "Stack": handmade.STACK,
    "Node": handmade.NODE,
    "Running": "class Running:\n    '''A mean that is kept up to date.'''\n    def __init__(self, start):\n"
    "        self.mean, self.count = float(start), 1\n    def add(self, x):\n        self.count += 1\n"
    "        self.mean += (x - self.mean) / self.count\n    def word(self):\n        return f'{self.count} numbers'",
}
WRONG = {
    "Ridge": ("A.T @ A", "A @ A.T @ A"),
    "Stack": ("return len(self._items)", "return 0"),
    "Node": ("self.value + sum", "self.value - sum"),
    "Running": ("self.count += 1", "self.count += 2"),
}


@pytest.mark.parametrize("name", CLASSES)
def test_a_class_has_a_suite_that_its_solution_passes(tmp_path, name):
    draft = drafts.draft([Source(HELPER), Source(CLASSES[name], solution=True)])
    assert (draft.functions, draft.unfed) == ((name,), ())
    unit = written(draft, tmp_path)
    assert sorted(test.kind for test in suite.tests(unit)) == ["contract", "numerical", "value"]
    wrong: dict[str, object] = {}
    exec(draft.reference.replace(*WRONG[name]), wrong)  # noqa: S102
    for kind, passes in ((getattr(unit.reference, name), True), (wrong[name], name == "Stack")):
        outcomes = suite.run(unit, Local({name: kind}), seed=3, cells=frozenset({f"test_{name}"}))
        assert all(outcome.verdict == "passed" for outcome in outcomes) == passes, (outcomes, draft.suite)
