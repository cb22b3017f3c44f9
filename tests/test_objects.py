"""Classes as tasks: the objects are beyond the wall, and what they do there costs themselves and nobody else."""

from __future__ import annotations

import builtins
import json

import handmade
import numpy as np
import pytest
from handmade import RIDGE, graded, plain
from miniature import wall

from autograder.grading.preflight import hold, proof
from autograder.notebooks.submission import Cell, Submission, merge, parse
from autograder.session.dialogue import Ended, Lost, Timeout
from autograder.session.session import Session
from autograder.wall.both.protocol import Request, UseObject
from autograder.wall.both.wire import unpack
from autograder.wall.outside import doctor
from autograder.wall.outside.process import Waited


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    return handmade.course(tmp_path_factory.mktemp("classes"))


def states(result):
    assert result.report.status == "graded", result.report.reason
    return {cell.function: cell.state for cell in result.report.cells if cell.state != "passed"}


def cell(result, name):
    return next(one for one in result.report.cells if one.function == name)


def ridge(old: str, new: str) -> str:
    assert old in RIDGE
    return plain(RIDGE.replace(old, new))


def test_right_classes_have_full_marks(course):
    result = graded(course, wall())
    assert states(result) == {}, [c for c in result.report.cells if c.state != "passed"]
    assert result.report.score == 10


@pytest.mark.parametrize(
    ("answer", "state", "words"),
    [
        (ridge("        return self\n", ""), "wrong", "returned None, as a function without `return` does; an object"),
        (
            ridge("self.coef_ =", "self.coefs ="),
            "error",
            "raised AttributeError: 'Ridge' object has no attribute 'coef_'",
        ),
        (ridge("self.alpha * np.eye", "0 * np.eye"), "wrong", ".coef_` returned [1]; [0.666667] would be right"),
        (ridge("    def fit(", "    def fitt("), "error", "'Ridge' object has no attribute 'fit'"),
        (
            ridge("    def __init__(self, alpha=1.0):", "    def __init__(self):\n        alpha = 1"),
            "error",
            "unexpected",
        ),
        ("def Ridge(alpha=1.0):\n    return alpha", "wrong", "`Ridge(alpha=1)` returned 1; an object with `.fit("),
        ("class Ridge:\n    alpha = 1", "error", "Ridge() takes no arguments"),
        ("Ridge = 3", "missing", "`Ridge` is not a class"),
        ("class Rigde:\n    alpha = 1", "missing", "There is no class named `Ridge`. The cell defines `Rigde`."),
        (ridge("        return self\n", "        while True: pass\n"), "timeout", "does not return in time"),
        (ridge("        return self\n", "        import os; os._exit(0)\n"), "error", "ends Python"),
        (ridge("        return self\n", "        import time; time.sleep(60)\n"), "timeout", "does not return in time"),
        (ridge("raise ValueError", "raise KeyError"), "wrong", "`Ridge(alpha=-1)` raised KeyError"),
        (ridge("np.asarray(X, dtype=float), np", "X.sort() or X, np"), "error", ""),
    ],
    ids=range(14),
)
def test_a_wrong_class_is_told_what_it_does(course, answer, state, words):
    result = graded(course, wall(), Ridge=answer)
    found = cell(result, "Ridge")
    assert (states(result), found.score < 2) == ({"Ridge": state}, True)
    assert words in found.message, found.message


def test_what_comes_after_is_not_judged_and_one_method_that_hangs_costs_no_other_task(course):
    slow = ridge("    def predict(self, X):\n", "    def predict(self, X):\n        while True: pass\n")
    result = graded(course, wall(), Ridge=slow)
    assert states(result) == {"Ridge": "timeout"}
    assert {test.name: test.passed for test in cell(result, "Ridge").tests} == {
        "test_coefficients": True,
        "test_predictions": False,
        "test_alpha": True,
        "test_inputs_stay": True,
    }
    assert "alpha" not in (cell(result, "Ridge").hint or "")


BARE = "class Ridge:\n    def __init__(self, alpha=1.0): pass\n"
FITS = f"{BARE}    def fit(self, X, y): return self\n"
TABLE = "import gc\nfrom autograder.wall.both.objects import Table, Thing\n"
HOSTILE = {
    "answers to every name": f"{BARE}    def __getattr__(self, name): return self\n"
    "    __call__ = lambda self, *a, **k: self",
    "says that it is something else": "class Ridge(float):\n"
    "    def __new__(cls, alpha=1.0): return super().__new__(cls)\n"
    "    __class__ = property(lambda self: 1 / 0)\n    def fit(self, X, y): return self\n"
    "    coef_ = property(lambda self: self)",
    "is equal to everything": "class Yes(type):\n    __eq__ = lambda *_: True\n    __hash__ = lambda *_: 1\n"
    "class Ridge(metaclass=Yes):\n    def __init__(self, alpha=1.0): pass\n    def __eq__(self, other): return True\n"
    "    def __hash__(self): return 1\n    def fit(self, X, y): return Ridge()\n    coef_ = 1.0\n"
    "    def predict(self, X): return Ridge()",
    "pickles into something": "import os\nclass Ridge:\n    def __init__(self, alpha=1.0): self.coef_ = self\n"
    "    def __reduce__(self): return os.system, ('touch {trace}',)\n"
    "    __reduce_ex__ = lambda self, n: self.__reduce__()\n"
    "    __deepcopy__ = __copy__ = __getstate__ = lambda *a: 1 / 0\n    def fit(self, X, y): return self",
    "a property that loops": f"{FITS}    @property\n    def coef_(self):\n        while True: pass",
    "a huge attribute": f"{FITS}    coef_ = np.zeros(1 << 24)\n    def predict(self, X): return [self] * 100_000",
    "a metaclass that loops": "class Slow(type):\n    @property\n    def __module__(cls):\n        while True: pass\n"
    "class Ridge(metaclass=Slow):\n    def __init__(self, alpha=1.0): pass",
    "a metaclass that says no": "class No(type):\n    def __getattribute__(cls, name): raise SystemExit\n"
    "class Ridge(metaclass=No):\n    def __init__(self, alpha=1.0): pass",
    "a name that is none": f"{FITS}    @property\n"
    "    def coef_(self): return type('<script>' * 999 + chr(27), (), {})()",
    "more objects than are kept": f"{FITS}    @property\n    def coef_(self): return [Ridge() for _ in range(15_000)]",
    "an object without end": f"{FITS}    @property\n    def coef_(self):\n"
    "        x = []\n        x.append(x)\n        return x",
    "returns what it was asked": f"{BARE}    def fit(self, *a): return a\n"
    "    def __getattribute__(self, name): return lambda *a, **k: name",
    "raises what ends tests": "class Ridge:\n    def __init__(self, alpha=1.0): raise KeyboardInterrupt",
    "an error that is odd": "class Odd(Exception):\n    __str__ = __repr__ = lambda self: 1 / 0\n"
    "    __class__ = property(lambda self: 1 / 0)\nclass Ridge:\n    def __init__(self, alpha=1.0): raise Odd",
    "an attribute that is a module": f"{FITS}    coef_ = np\n    predict = np.linalg",
    "nothing that could be multiplied": f"{FITS}    coef_ = None\n    predict = 3",
}
TABLES = {
    "an empty table": f"{TABLE}{BARE}    def fit(self, X, y):\n        for one in gc.get_objects():\n"
    "            if type(one) is Table: one._objects.clear()\n        return self",
    "other numbers": f"{TABLE}Table.thing = lambda self, value: Thing(9_999, 'Ridge')\n{FITS}",
    "numbers that are none": f"{TABLE}Table.thing = lambda self, value: Thing(-1, 'x' * 10_000)\n{FITS}",
    "no numbers at all": f"{TABLE}Table.thing = lambda self, value: None\n"
    f"Table.has_kind = lambda self, kind: True\n{FITS}",
    "text for a number": f"{TABLE}Table.thing = lambda self, value: Thing('1', 7)\n{FITS}",
}
"""What a process does that has changed what keeps its objects: that is about all of its classes."""


@pytest.mark.parametrize("name", TABLES)
def test_a_process_that_gives_other_numbers_breaks_nothing_here(course, name):
    result = graded(course, wall(), Ridge=TABLES[name])
    assert "Ridge" in states(result)
    assert cell(result, "Ridge").score == 0


@pytest.mark.parametrize("name", HOSTILE)
def test_a_class_that_cheats_earns_nothing_and_breaks_nothing(course, tmp_path, name):
    result = graded(course, wall(), Ridge=HOSTILE[name].replace("{trace}", str(tmp_path / "trace")))
    assert states(result).keys() == {"Ridge"}, states(result)
    assert cell(result, "Ridge").score == 0, cell(result, "Ridge")
    assert "\x1b" not in result.report.json()
    assert len(cell(result, "Ridge").message) < 400
    assert not (tmp_path / "trace").exists()


def test_a_unit_of_classes_passes_the_preflight_and_keeps_its_promises(course):
    its = handmade.unit(course)
    assert [task.kind for task in its.tasks] == ["class"] * 4 + ["function"]
    assert its.tasks[0].parameters == ("alpha",)
    hold.hold(its, course, wall())
    claims = {claim.name: claim for claim in proof.prove(its, its.unit, seeds=2, mutate=True)}
    unnoticed = claims.pop("changes of the reference are noticed")
    assert {name: claim.against for name, claim in claims.items() if not claim.kept} == {}
    assert all(claim.tried for claim in claims.values() if claim.name != "wrong answers lose points")
    assert unnoticed.tried > 20
    assert "self.alpha * np.eye(A.shape[1])" not in " ".join(unnoticed.against)


@pytest.mark.parametrize(
    ("name", "function", "old", "new"),
    [
        ("RidgeSquared", "Ridge", "self.alpha * np.eye", "self.alpha**2 * np.eye"),
        ("RidgeDivided", "Ridge", "np.asarray(y, dtype=float)", "np.asarray(y, dtype=float) / 2"),
        ("Queue", "Stack", "self._items.pop()", "self._items.pop(0)"),
    ],
)
def test_a_known_wrong_class_is_named(course, name, function, old, new):
    source = handmade.SOURCES[function]
    assert old in source
    found = cell(graded(course, wall(), **{function: plain(source.replace(old, new))}), function)
    assert (found.state, found.misconception) == ("wrong", name)
    assert found.hint


def test_a_class_that_checks_nothing_is_named_and_one_that_is_wrong_in_another_way_is_not(course):
    careless = cell(graded(course, wall(), Ridge=ridge("if alpha < 0", "if False")), "Ridge")
    assert (careless.misconception, careless.score) == ("RidgeOfAnyAlpha", 1.82)
    other = cell(graded(course, wall(), Ridge=ridge("self.alpha * np.eye", "2 * self.alpha * np.eye")), "Ridge")
    assert (other.state, other.misconception) == ("wrong", None)


def test_an_object_is_gone_with_its_process(course):
    its = handmade.unit(course)
    cells = {name: plain(source) for name, source in handmade.SOURCES.items()}
    cells["Node"] += "\n    def hang(self):\n        while True: pass\n"
    cells["Node"] += "\n    def end(self):\n        import os; os._exit(0)\n"
    submission = merge(parse(json.dumps(handmade.notebook(cells)).encode())[0], its)
    with Session(wall(), submission, its.files, handmade.QUICK) as session:
        tree = session.call("Node", (1.0,), {})
        assert repr(tree) == "<a Node object>"
        assert session.use(tree, "add", (2.0,), {}) != tree
        assert session.use(tree, ".", ("children",), {}) == [session.use(tree, ".", ("children",), {})[0]]
        assert session.call("deepest", (tree,), {}) == 2
        for method, error in (("end", Ended), ("hang", Timeout)):
            fresh = session.call("Node", (1.0,), {})
            with pytest.raises(error):
                session.use(fresh, method, (), {})
            for lost in (tree, fresh):
                with pytest.raises(Lost):
                    session.use(lost, "total", (), {})
                with pytest.raises(Lost):
                    session.call("deepest", (lost,), {})
            with pytest.raises(error):  # and is not tried again
                session.use(session.call("Node", (1.0,), {}), method, (), {})
        assert session.use(session.call("Node", (1.0,), {}), "total", (), {}) == 1
    with Session(wall(), submission, its.files, handmade.QUICK) as another:
        another.call("Node", (1.0,), {})
        with pytest.raises(Lost):
            another.use(tree, "total", (), {})


class Stalling:
    """A lane on a machine that is so busy that one object waits for its answer once."""

    def __init__(self, lane, what):
        self.lane, self.what = lane, what

    def open(self, *, figures):
        return Stalled(self.lane.open(figures=figures), self)


class Stalled:
    def __init__(self, process, lane):
        self.process, self.lane = process, lane

    def __getattr__(self, name):
        return getattr(self.process, name)

    def ask_all(self, requests, *rest):
        for request in requests:
            asked = unpack(request, Request)
            if isinstance(asked, UseObject) and asked.what == self.lane.what:
                self.lane.what = None
                self.process.end()
                raise Waited("it waited more than it worked")
        return self.process.ask_all(requests, *rest)


@pytest.mark.parametrize("what", ["fit", "predict", "pop", "list", "total"])
def test_a_test_whose_object_was_lost_on_a_busy_machine_is_run_once_more(course, what):
    lane = Stalling(wall(), what)
    result = graded(course, lane)
    assert lane.what is None, "it has happened"
    assert states(result) == {}


@pytest.mark.parametrize("name", ["right", *HOSTILE])
def test_a_warm_process_keeps_objects_as_well(course, name):
    result = graded(course, doctor.fastest(), **({} if name == "right" else {"Ridge": HOSTILE[name]}))
    assert states(result).keys() == ({"Ridge"} if name != "right" else set()), states(result)


@pytest.mark.parametrize("alias", ["list", "dict", "tuple", "float", "str"])
def test_a_class_that_is_one_of_pythons_own_makes_values(alias):
    """Messages are made of lists: a process that kept them as objects could not reply to anything any more."""
    empty = getattr(builtins, alias)()
    with Session(wall(), Submission((Cell(type="code", source=f"Stack = {alias}"),)), {}, handmade.QUICK) as session:
        assert session.call("Stack", (), {}) == empty
        assert session.call("Stack", (), {}) == empty


@pytest.mark.parametrize(
    ("kind", "made", "value"),
    [
        ("float", "super().__new__(cls, x + 1)", 3.0),
        ("tuple", "super().__new__(cls, (x, x + 1))", (2, 3)),
        ("list", "[x]", [2]),
        ("np.ndarray", "np.array([x, 1.0]).view(cls)", np.array([2.0, 1.0])),
    ],
)
def test_a_function_may_be_written_as_a_class_of_numbers(kind, made, value):
    methods = f"    def __new__(cls, x): return {made}\n    def __init__(self, x): pass"
    source = f"import numpy as np\nclass f({kind}):\n{methods}"
    cells = Submission((Cell(type="code", source=source),))
    with Session(wall(), cells, {}, handmade.QUICK, functions=("f",)) as session:
        assert np.array_equal(session.call("f", (2,), {}), value)
