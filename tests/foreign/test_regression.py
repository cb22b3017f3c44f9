"""A course on linear regression, on a machine that has the wheel alone: a function, a class and a word, data beside the
notebook, SciPy allowed."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

pytest.importorskip("scipy")

SETUP = "import numpy as np\nfrom scipy import stats\n\nx, y = np.loadtxt('points.tsv', delimiter='\\t', unpack=True)"
SOLUTION = """def fit_line(x, y):
    \"\"\"Slope and intercept of the least squares line.\"\"\"
    ### BEGIN SOLUTION
    x, y = np.asarray(x, dtype=float), np.asarray(y, dtype=float)
    slope = ((x - x.mean()) * (y - y.mean())).sum() / ((x - x.mean()) ** 2).sum()
    return float(slope), float(y.mean() - slope * x.mean())
    ### END SOLUTION"""
VISIBLE = (
    "slope, intercept = fit_line([0, 1, 2], [1, 3, 5])\nassert abs(slope - 2) < 1e-9 and abs(intercept - 1) < 1e-9"
)
RIDGE = """class Ridge:
    \"\"\"Least squares with small coefficients: alpha times their squares is added to the sum of squared errors.\"\"\"

    def __init__(self, alpha=1.0):
        ### BEGIN SOLUTION
        if alpha < 0:
            raise ValueError("alpha")
        self.alpha = alpha
        ### END SOLUTION

    def fit(self, X, y):
        \"\"\"Find the coefficients coef_, and return the object.\"\"\"
        ### BEGIN SOLUTION
        X, y = np.asarray(X, dtype=float), np.asarray(y, dtype=float)
        self.coef_ = np.linalg.solve(X.T @ X + self.alpha * np.eye(X.shape[1]), X.T @ y)
        return self
        ### END SOLUTION

    def predict(self, X):
        ### BEGIN SOLUTION
        return np.asarray(X, dtype=float) @ self.coef_
        ### END SOLUTION"""
WORD = "shrinks = None\n### BEGIN SOLUTION\nshrinks = 'coefficients'\n### END SOLUTION"
BY_HAND = '''
    @kit.value
    @kit.example(lambda student: student.Ridge(alpha=1.0).fit([[1.0], [2.0]], [1.0, 2.0]).coef_)
    @kit.hint("What does alpha add to the matrix before you solve?")
    def test_alpha(self, student, rng):
        """A larger alpha must give smaller coefficients."""
        _, (X, y), _ = given_to_Ridge(rng)
        assert kit.same(student.Ridge(alpha=3.0).fit(X, y).coef_, reference.Ridge(alpha=3.0).fit(X, y).coef_)

    @kit.contract
    @kit.example(lambda student: student.Ridge(alpha=-1.0))
    @kit.hint("Ask when the object is made.")
    def test_negative_alpha(self, student, rng):
        """A negative alpha must raise ValueError."""
        kit.refused(student.Ridge, -0.5)


class Test_shrinks:
    @kit.value
    @kit.hint("Which of them has alpha as a factor?")
    def test_answer(self, student, rng):
        """Alpha makes something else small."""
        assert kit.said(student.answer("shrinks"), "coefficients")
'''
MISTAKES = """

@misconception(
    "fit_line",
    believes="The line goes through the origin.",
    hint="Take the points (0, 1) and (1, 1). Which line goes through both?",
)
def through_the_origin(x, y):
    x, y = np.asarray(x, dtype=float), np.asarray(y, dtype=float)
    return float((x * y).sum() / (x * x).sum()), 0.0


@misconception(
    "Ridge",
    believes="The penalty is the square of alpha.",
    hint="Which power of alpha stands in front of the coefficients?",
)
class SquaredAlpha:
    def __init__(self, alpha=1.0):
        self.alpha = alpha

    def fit(self, X, y):
        X, y = np.asarray(X, dtype=float), np.asarray(y, dtype=float)
        self.coef_ = np.linalg.solve(X.T @ X + self.alpha**2 * np.eye(X.shape[1]), X.T @ y)
        return self

    def predict(self, X):
        return np.asarray(X, dtype=float) @ self.coef_
"""
WITH_SCIPY = "def fit_line(x, y):\n    line = stats.linregress(x, y)\n    return line.slope, line.intercept"
ORIGIN = "def fit_line(x, y):\n    x, y = np.asarray(x), np.asarray(y)\n    return (x * y).sum() / (x * x).sum(), 0.0"
PEEK = """import glob, sys
found = [path for top in ('/home', '/root', '/tmp') for path in glob.glob(top + '/**/suite.py', recursive=True)]
from autograder.notebooks.units import find

def fit_line(x, y):
    return find('.', 'ols').reference.fit_line(x, y)"""
LIAR = """class Always(float):
    __eq__ = __lt__ = __gt__ = lambda self, other: True
np.allclose = lambda *given, **named: True

def fit_line(x, y):
    return Always(1), Always(1)"""


HONEST_RIDGE = """from scipy import linalg

class Ridge:
    def __init__(self, alpha=1.0):
        if not alpha >= 0:
            raise ValueError
        self.alpha = alpha

    def fit(self, X, y):
        X = np.array(X, float)
        A = np.vstack([X, np.sqrt(self.alpha) * np.eye(X.shape[1])])
        self._fitted = linalg.lstsq(A, np.append(y, np.zeros(X.shape[1])))[0]
        return self

    @property
    def coef_(self):
        return list(self._fitted)

    def predict(self, X):
        return tuple(np.dot(X, self._fitted))"""
OWN = "class Ridge:\n    def __init__(self, alpha=1.0): self.alpha = alpha\n"
FITS = f"{OWN}    def fit(self, X, y): return self\n"
WRONG = {
    "squared": RIDGE.replace("self.alpha * np.eye", "self.alpha**2 * np.eye"),
    "silent": RIDGE.replace("        return self\n", ""),
}
HOSTILE = {
    "getattr": f"{OWN}    def __getattr__(self, name): return self\n    def __call__(self, *a): return self",
    "reduce": f"import os\n{OWN}    def __reduce__(self): return os.system, ('touch TRACE',)\n"
    "    __reduce_ex__ = lambda self, n: self.__reduce__()\n    coef_ = predict = fit = lambda self, *a: self",
    "class": f"{FITS}    __class__ = property(lambda self: np.ndarray)\n"
    "    coef_ = property(lambda self: self)\n    def predict(self, X): return self",
    "eq": f"{FITS}    __eq__ = __ne__ = lambda self, other: True\n    __hash__ = None\n"
    "    coef_ = property(lambda self: self)\n    def predict(self, X): return self",
    "metaclass": "class Meta(type):\n    def __call__(cls, *a, **k): return cls\n"
    "    def __getattr__(cls, name): return cls\nclass Ridge(metaclass=Meta):\n    def fit(*a): return Ridge",
    "loops": f"{FITS}    @property\n    def coef_(self):\n        while True: pass",
    "huge": f"{FITS}    coef_ = property(lambda self: np.zeros(1 << 25))",
    "dunder": f"{FITS}    __array__ = __len__ = __iter__ = __float__ = lambda s, *a: s\n"
    "    def __getattribute__(self, name): return name",
}
"""None of these earns anything, and none keeps the others from being graded."""


def plain(source: str) -> str:
    return "\n".join(line for line in source.splitlines() if "### " not in line)


def notebook() -> dict[str, object]:
    """As nbgrader's own extension makes it: cells that carry no function keep the ids that it gave them."""

    def cell(name: str, source: str, **settings: object) -> dict[str, object]:
        base = {"grade": False, "solution": False, "locked": False, "task": False, "schema_version": 3}
        metadata = {"nbgrader": {**base, "grade_id": name, "cell_type": "code", **settings}}
        return {"cell_type": "code", "id": name, "metadata": metadata, "source": source} | {
            "outputs": [],
            "execution_count": None,
        }

    return {
        "cells": [
            cell("cell-3f7a1bd02c91e6aa", SETUP, locked=True),
            cell("fit_line", SOLUTION, solution=True),
            cell("test_fit_line", VISIBLE, grade=True, locked=True, points=4),
            cell("cell-5c0a9e11d2b37f48", "assert stats is not None", locked=True),
            cell("Ridge", RIDGE, solution=True),
            cell("test_Ridge", "assert Ridge().fit([[1]], [2]).coef_ is not None", grade=True, locked=True, points=4),
            cell("shrinks", WORD, solution=True),
            cell("test_shrinks", "assert isinstance(shrinks, str)", grade=True, locked=True, points=1),
            cell("cell-90c2d4e41b7d8833", "assert len(x) == 5, 'the data lie beside the notebook'", locked=True),
        ],
        "metadata": {"kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"}},
        "nbformat": 4,
        "nbformat_minor": 5,
    }


@pytest.fixture(scope="module")
def course(machine, tmp_path_factory) -> Path:
    home = tmp_path_factory.mktemp("elsewhere")
    machine.run("autograder new regression", home)
    course = home / "regression"
    (course / "autograder.toml").write_text('packages = ["numpy", "scipy"]\n')
    (course / "source" / "ols").mkdir(parents=True)
    (course / "source" / "ols" / "ols.ipynb").write_text(json.dumps(notebook()))
    (course / "source" / "ols" / "points.tsv").write_text("".join(f"{n}\t{2 * n + 1}\n" for n in range(5)))
    machine.run("autograder new ols", course)
    with (course / "course" / "ols" / "misconceptions.py").open("a") as file:
        file.write(MISTAKES)
    with (course / "course" / "ols" / "suite.py").open("a") as file:
        file.write(BY_HAND)
    machine.run("nbgrader generate_assignment ols", course)
    return course


def submit(course: Path, student: str, **answers: str) -> Path:
    """The release with everything right but these answers."""
    folder = course / "submitted" / student / "ols"
    shutil.copytree(course / "release" / "ols", folder)
    path = folder / "ols.ipynb"
    document = json.loads(path.read_text())
    given = {"fit_line": plain(SOLUTION), "Ridge": plain(RIDGE), "shrinks": plain(WORD), **answers}
    for cell in document["cells"]:
        name = cell["metadata"].get("nbgrader", {}).get("grade_id")
        cell["source"] = given.get(name, cell["source"])
    path.write_text(json.dumps(document))
    return path


def test_a_class_is_graded_from_start_to_end(machine, course, tmp_path):
    proof = json.loads(machine.run("autograder prove ols --json", course).stdout)
    assert proof["kept"], proof
    lines = {"ben": ORIGIN, "eve": PEEK, "lou": LIAR}
    paths = {student: submit(course, student, fit_line=answer) for student, answer in lines.items()}
    word = "shrinks = np.str_('coefficients')"
    paths["ada"] = submit(course, "ada", fit_line=WITH_SCIPY, Ridge=HONEST_RIDGE, shrinks=word)
    paths["word"] = submit(course, "word", shrinks="shrinks = ['coefficients']")
    for name, answer in {**WRONG, **HOSTILE}.items():
        paths[name] = submit(course, name, Ridge=plain(answer).replace("TRACE", str(tmp_path / "trace")))
    (paths["eve"].parent / "nbgrader_config.py").write_text("raise SystemExit('planted')")
    (paths["eve"].parent / "points.tsv").write_text("1\t1\n")
    report = json.loads(machine.run(f"autograder check {paths['ada']} --json", course).stdout)
    assert report["score"] == report["max_score"] == 9
    report = json.loads(machine.run("autograder check ols.ipynb --json", paths["ben"].parent, status=1).stdout)
    assert [cell["misconception"] for cell in report["cells"]] == ["through_the_origin", None, None]
    machine.run("autograder check ols.ipynb", paths["eve"].parent, status=1)
    machine.run("nbgrader autograde ols", course)
    machine.run("nbgrader export --to first.csv", course)
    machine.run("autograder grade ols --workers 1 --force", course)
    machine.run("nbgrader export --to second.csv", course)
    entries = [json.loads(file.read_bytes()) for file in (course / ".autograder" / "ledger" / "ols").glob("*.json")]
    reports = {entry["student"]: entry["report"] for entry in entries}
    for name in (*WRONG, *HOSTILE):
        line, ridge, _ = cells = reports[name]["cells"]
        assert [cell["state"] == "passed" for cell in cells] == [True, False, True], (name, cells)
        assert (line["function"], ridge["function"]) == ("fit_line", "Ridge")
        assert ridge["score"] == 0 or name in WRONG, (name, ridge)
    assert reports["squared"]["cells"][1]["misconception"] == "SquaredAlpha"
    assert "`Ridge(alpha=1).fit([[1], [2]], [1, 2])` returned None" in reports["silent"]["cells"][1]["message"]
    rows = [line.split(",") for line in (course / "second.csv").read_text().splitlines()]
    score, student = rows[0].index("score"), rows[0].index("student_id")
    scores = {row[student]: float(row[score]) for row in rows[1:]}
    assert all(5 < scores.pop(name) < 9 for name in WRONG), "what needs no other alpha, and no chain, is right"
    assert scores == {"ada": 9, "ben": 5, "eve": 5, "lou": 5, "word": 8, **dict.fromkeys(HOSTILE, 5)}
    assert (course / "first.csv").read_text() == (course / "second.csv").read_text()
    assert not (tmp_path / "trace").exists()
    machine.run("autograder feedback ols --workers 1", course)
    assert "Which line goes through both?" in (course / "feedback" / "ben" / "ols" / "ols.html").read_text()
    assert "Which power of alpha" in (course / "feedback" / "squared" / "ols" / "ols.html").read_text()


def test_a_package_that_the_course_does_not_name_cannot_be_imported(machine, course, tmp_path):
    copied = tmp_path / "regression"
    shutil.copytree(course, copied, ignore=shutil.ignore_patterns("submitted", "autograded", "feedback", "*.db"))
    (copied / "autograder.toml").write_text('packages = ["numpy"]\n')
    said = " ".join(machine.run("autograder check source/ols/ols.ipynb", copied, status=2).stdout.split())
    assert "The locked cell `cell-3f7a1bd02c91e6aa` of the untouched ols" in said
    assert "No module named 'scipy'" in said
