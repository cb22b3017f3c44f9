"""A course made by hand, whose tasks are classes: the notebook, the reference and the hidden tests."""

from __future__ import annotations

import functools
import json
import re
from pathlib import Path
from typing import Any

from autograder.grading.grade import Graded, grade
from autograder.notebooks import assignment
from autograder.notebooks.assignment import Assignment
from autograder.notebooks.submission import merge, parse
from autograder.wall.outside.policy import Limits
from autograder.wall.outside.process import Lane

RIDGE = '''class Ridge:
    """Linear regression whose coefficients are kept small by alpha."""

    def __init__(self, alpha=1.0):
        ### BEGIN SOLUTION
        if alpha < 0:
            raise ValueError("alpha")
        self.alpha = alpha
        ### END SOLUTION

    def fit(self, X, y):
        """Find coef_ and intercept_, and return the object itself."""
        ### BEGIN SOLUTION
        X, y = np.asarray(X, dtype=float), np.asarray(y, dtype=float)
        A = X - X.mean(axis=0)
        self.coef_ = np.linalg.solve(A.T @ A + self.alpha * np.eye(A.shape[1]), A.T @ (y - y.mean()))
        self.intercept_ = float(y.mean() - X.mean(axis=0) @ self.coef_)
        return self
        ### END SOLUTION

    def predict(self, X):
        ### BEGIN SOLUTION
        return np.asarray(X, dtype=float) @ self.coef_ + self.intercept_
        ### END SOLUTION'''
VECTOR = '''class Vector(list):
    """Numbers that can be added, multiplied and compared."""

    ### BEGIN SOLUTION
    @classmethod
    def zeros(cls, n):
        return cls([0.0] * n)

    def __add__(self, other):
        return Vector(a + b for a, b in zip(self, other, strict=True))

    def __rmul__(self, factor):
        return Vector(factor * a for a in self)

    def dot(self, other):
        return float(sum(a * b for a, b in zip(self, other, strict=True)))

    @property
    def norm(self):
        return self.dot(self) ** 0.5
    ### END SOLUTION'''
STACK = '''class Stack:
    """What was put on last comes off first."""

    def __init__(self):
        ### BEGIN SOLUTION
        self._items = []
        ### END SOLUTION

    ### BEGIN SOLUTION
    def push(self, item):
        self._items.append(item)

    def pop(self):
        if not self._items:
            raise ValueError("it is empty")
        return self._items.pop()

    def __len__(self):
        return len(self._items)

    def __eq__(self, other):
        return self._items == other._items
    ### END SOLUTION'''
NODE = '''class Node:
    """A tree: each node has a value and children."""

    def __init__(self, value):
        ### BEGIN SOLUTION
        self.value, self.children = value, []
        ### END SOLUTION

    def add(self, value):
        """Add a child, and return it."""
        ### BEGIN SOLUTION
        self.children.append(Node(value))
        return self.children[-1]
        ### END SOLUTION

    def total(self):
        ### BEGIN SOLUTION
        return self.value + sum(child.total() for child in self.children)
        ### END SOLUTION'''
DEEPEST = '''def deepest(tree):
    """How many nodes lie one below the other, at most."""
    ### BEGIN SOLUTION
    return 1 + max((deepest(child) for child in tree.children), default=0)
    ### END SOLUTION'''
SOURCES = {"Ridge": RIDGE, "Vector": VECTOR, "Stack": STACK, "Node": NODE, "deepest": DEEPEST}

SUITE = '''
from autograder import kit
from . import reference

def rows(rng):
    X = rng.normal(size=(6, 2))
    return X, X @ rng.normal(size=2) + rng.normal()

class Test_Ridge:
    @kit.value
    @kit.example(lambda student: student.Ridge(alpha=1.0).fit([[1.0], [2.0], [3.0]], [1.0, 2.0, 3.0]).coef_)
    @kit.hint("What does alpha add to the matrix before it is solved?")
    def test_coefficients(self, student, rng):
        """The coefficients are not right."""
        for alpha in (0.5, 2.0):
            X, y = rows(rng)
            assert kit.same(student.Ridge(alpha=alpha).fit(X, y).coef_, reference.Ridge(alpha=alpha).fit(X, y).coef_)

    @kit.value
    @kit.after("test_coefficients")
    @kit.hint("Is the intercept penalised?")
    def test_predictions(self, student, rng):
        """The predictions are not right."""
        X, y = rows(rng)
        model, right = student.Ridge(0.3), reference.Ridge(0.3)
        again = model.fit(X, y)
        assert again == model
        assert kit.same(model.predict(X), right.fit(X, y).predict(X))

    @kit.contract
    @kit.example(lambda student: student.Ridge(alpha=-1.0))
    @kit.hint("Ask when the object is made.")
    def test_alpha(self, student):
        """A negative alpha must raise ValueError."""
        kit.refused(student.Ridge, alpha=-0.1)

    @kit.contract
    @kit.hint("Work on a copy.")
    def test_inputs_stay(self, student, rng):
        """The caller's X and y must be the same after the call."""
        X, y = rows(rng)
        assert kit.identical((X, y), student.Ridge().fit.after(X, y))

class Test_Vector:
    @kit.value
    @kit.hint("Add entry by entry.")
    def test_sum(self, student, rng):
        """The sum is not right."""
        x, y = rng.normal(size=(2, 3)).tolist()
        both = student.Vector(x) + student.Vector(y)
        assert kit.same(kit.apply(both, "list"), [a + b for a, b in zip(x, y)])
        assert kit.same(kit.apply(2.5 * student.Vector(x), "list"), [2.5 * a for a in x])

    @kit.value
    @kit.hint("It is the root of the dot product with itself.")
    def test_norm(self, student, rng):
        """The norm is not right."""
        x, y = rng.normal(size=(2, 3)).tolist()
        one, other = student.Vector(x), student.Vector(y)
        assert kit.same(one.dot(other), reference.Vector(x).dot(y))
        assert kit.same(one.norm, reference.Vector(x).norm)
        assert kit.same(student.Vector.zeros(3).norm, 0.0)

class Test_Stack:
    @kit.value
    @kit.hint("Which end of the list is the top?")
    def test_order(self, student, rng):
        """Things come off in another order."""
        stack, items = student.Stack(), rng.normal(size=4).tolist()
        for item in items:
            stack.push(item)
        assert kit.apply(stack, "len") == 4
        assert kit.same([stack.pop() for _ in items], items[::-1])

    @kit.value
    @kit.hint("Compare what is in them.")
    def test_equal(self, student, rng):
        """Two stacks with the same things are equal."""
        one, other = student.Stack(), student.Stack()
        one.push(1.0)
        assert kit.apply(one, "==", other) is False
        other.push(1.0)
        assert kit.apply(one, "==", other) is True

    @kit.contract
    @kit.example(lambda student: student.Stack().pop())
    @kit.hint("Ask first.")
    def test_empty(self, student):
        """Nothing comes off an empty stack: ValueError."""
        kit.refused(student.Stack().pop)

class Test_Node:
    @kit.value
    @kit.example(lambda student: student.Node(1.0).add(2.0).value)
    @kit.hint("Add up the children's totals, too.")
    def test_total(self, student, rng):
        """The total is not right."""
        a, b, c = rng.normal(size=3).tolist()
        tree = student.Node(a)
        tree.add(b).add(c)
        assert kit.same(tree.total(), a + b + c)
        [child] = tree.children
        assert child == tree.children[0]
        assert kit.same(child.value, b)

class Test_deepest:
    @kit.value
    @kit.hint("Draw a tree.")
    def test_depth(self, student, rng):
        """The depth is not right."""
        tree = student.Node(0)
        for _ in range(int(rng.integers(2, 5))):
            tree.add(1)
        assert student.deepest(tree) == 2
        tree.children[0].add(1).add(1)
        assert student.deepest(tree) == 4
'''
MISTAKES = """
import numpy as np
from autograder.misconception import about
from . import reference

ridge = about("Ridge")

@ridge(believes="alpha is added to each coefficient's square.", hint="Look at the matrix again.")
class RidgeSquared(reference.Ridge):
    def fit(self, X, y):
        alpha, self.alpha = self.alpha, self.alpha**2
        super().fit(X, y)
        self.alpha = alpha
        return self

@ridge(believes="alpha is for scaling the target.", hint="What happens to the coefficients for alpha = 0?")
class RidgeDivided(reference.Ridge):
    def fit(self, X, y):
        return super().fit(X, np.asarray(y) / 2)

@ridge(believes="alpha can be any number.", hint="What is a negative penalty?", breaks="contract")
class RidgeOfAnyAlpha(reference.Ridge):
    def __init__(self, alpha=1.0):
        self.alpha = alpha

stack = about("Stack")

@stack(believes="What was put on first comes off first.", hint="That is a queue.")
class Queue(reference.Stack):
    def pop(self):
        if not self._items:
            raise ValueError
        return self._items.pop(0)
"""
ACCEPTED = '''
from . import reference

class Whole(reference.Ridge):
    """Everything is computed when it is asked for."""

    def fit(self, X, y):
        self._model = reference.Ridge(self.alpha).fit(X, y)
        return self

    def __getattr__(self, name):
        if name == "_model":
            raise AttributeError(name)
        return getattr(self._model, name)

    def predict(self, X):
        return list(self._model.predict(X))

def make_ridge(alpha=1.0):
    return Whole(alpha)

ACCEPTED = {"Ridge": [Whole, make_ridge], "Stack": [reference.Stack]}
'''
QUICK = Limits(cell_seconds=6.0, call_seconds=1.0, function_seconds=15.0, cpu_seconds=60)

_REGION = re.compile(r"( *)### BEGIN SOLUTION\n.*?### END SOLUTION", re.DOTALL)


def plain(source: str) -> str:
    """A solution as a student would write it."""
    return "".join(line for line in source.splitlines(keepends=True) if "### " not in line)


def course(folder: Path) -> Path:
    """A course folder with one unit, `ps1`."""
    place = folder / "course" / "ps1"
    place.mkdir(parents=True)
    (folder / "nbgrader_config.py").write_text("")
    (place / "suite.py").write_text(SUITE)
    reference = "import numpy as np\n\n" + "\n\n".join(map(plain, SOURCES.values())) + "\n"
    (place / "reference.py").write_text(reference)
    (place / "misconceptions.py").write_text(MISTAKES)
    (place / "accepted.py").write_text(ACCEPTED)
    stubs = {name: _REGION.sub(r"\1# YOUR CODE HERE\n\1raise NotImplementedError()", s) for name, s in SOURCES.items()}
    for top, cells in (("source", SOURCES), ("release", stubs)):
        (folder / top / "ps1").mkdir(parents=True)
        (folder / top / "ps1" / "ps1.ipynb").write_text(json.dumps(notebook(cells)))
    return folder


def notebook(cells: dict[str, str]) -> dict[str, Any]:
    made = [_cell("setup", "import numpy as np", locked=True)]
    for name, source in cells.items():
        made += [
            _cell(name, source, solution=True),
            _cell(f"test_{name}", f"assert {name}", grade=True, points=2, locked=True),
        ]
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    return {"cells": made, "metadata": {"kernelspec": kernel}, "nbformat": 4, "nbformat_minor": 5}


def _cell(name: str, source: str, **settings: object) -> dict[str, Any]:
    base = {"grade": False, "locked": False, "solution": False, "task": False, "schema_version": 3}
    nbgrader = {**base, "cell_type": "code", "grade_id": name, **settings}
    return {
        "id": name,
        "cell_type": "code",
        "metadata": {"nbgrader": nbgrader},
        "source": source,
        "outputs": [],
        "execution_count": None,
    }


@functools.cache
def unit(folder: Path) -> Assignment:
    return assignment.load("ps1", folder)


def graded(folder: Path, lane: Lane, limits: Limits = QUICK, **answers: str) -> Graded:
    """What the grader says of a notebook with everything right but these answers."""
    cells = {**{name: plain(source) for name, source in SOURCES.items()}, **answers}
    its = unit(folder)
    return grade(its, merge(parse(json.dumps(notebook(cells)).encode())[0], its), lane, limits=limits, seed=5)
