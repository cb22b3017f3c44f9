"""Code that goes wrong in every way there is: each function pays for itself alone, and its message says what happened.

One notebook holds several that do not disturb each other, since each has to be run."""

from __future__ import annotations

from dataclasses import replace

import pytest
from miniature import QUICK, add, blank, cell_of, graded, lost, notebook, right, wall

from autograder.session.outputs import CUT
from autograder.wall.outside.policy import Policy

pytestmark = pytest.mark.usefixtures("nothing_left")

FULL = {"bernoulli_log_likelihood": 4, "binary_entropy": 4, "kl_bernoulli": 4, "binary_cross_entropy": 5}


def define(name: str, *lines: str) -> str:
    """A function of this name with the usual parameters and this body."""
    parameters = {"binary_entropy": "q", "kl_bernoulli": "q, p", "binary_cross_entropy": "y, p, eps=0"}.get(
        name, "y, p"
    )
    return "\n    ".join([f"def {name}({parameters}):", *lines])


def bodies(**lines: str) -> dict[str, str]:
    return {name: define(name, *text.split("\n")) for name, text in lines.items()}


def test_calls_that_end_python_or_never_end():
    made = notebook(
        **bodies(
            bernoulli_log_likelihood="import sys; sys.exit(0)",
            binary_entropy="import os; os._exit(0)",
            kl_bernoulli="while True: pass",
        )
    )
    result = graded(made)
    assert lost(result) == {
        "bernoulli_log_likelihood": ("error", 0.0),
        "binary_entropy": ("error", 0.0),
        "kl_bernoulli": ("timeout", 0.0),
    }
    assert "raised SystemExit: 0" in cell_of(result, "bernoulli_log_likelihood").message
    assert "ends Python" in cell_of(result, "binary_entropy").message
    assert "does not return in time" in cell_of(result, "kl_bernoulli").message
    assert "loop" in (cell_of(result, "kl_bernoulli").hint or "")


def test_cells_that_end_python_or_never_end():
    """Each of them is left out when the notebook is run anew, and all others get their full points."""
    before = {
        "bernoulli_log_likelihood": "import sys\nsys.exit(0)\n",
        "binary_entropy": "import os\nos._exit(0)\n",
        "kl_bernoulli": "while True: pass\n",
        "lowest_bce": "quit()\nexit()\n",
    }
    result = graded(notebook(**{name: text + right()[name] for name, text in before.items()}))
    assert lost(result) == {
        "bernoulli_log_likelihood": ("error", 0.0),
        "binary_entropy": ("error", 0.0),
        "kl_bernoulli": ("timeout", 0.0),
    }
    assert "stops with SystemExit" in cell_of(result, "bernoulli_log_likelihood").message
    assert "the cell `binary_entropy` ends Python or breaks it" in cell_of(result, "binary_entropy").message
    assert "the cell `kl_bernoulli` does not finish in time" in cell_of(result, "kl_bernoulli").message


def test_too_many_cells_that_end_python():
    """There is an end to running it anew, and the message says why."""
    made = notebook()
    for _ in range(4):
        add(made, "import os\nos._exit(1)")
    result = graded(made, limits=replace(QUICK, restarts=2))
    assert result.report.status == "graded"
    assert result.report.score == 0
    assert "Python ended or hung 3 times" in cell_of(result, "binary_entropy").message


def test_time_for_all_cells_together():
    """Cells for which there is no time any more are left out, not killed: what ran before keeps its points.

    A few cells after the slow one are under way with it."""
    made = notebook()
    add(
        made,
        "import time\nend = time.process_time() + 1.2\nwhile time.process_time() < end: pass",
        before="kl_bernoulli",
    )
    result = graded(made, limits=replace(QUICK, load_seconds=1.0))
    assert cell_of(result, "binary_entropy").state == "passed"
    assert cell_of(result, "binary_cross_entropy").state == "timeout"
    assert "was not run" in cell_of(result, "binary_cross_entropy").message


WARNS = """
import sys, warnings

warnings.warn("careful")
print("!", file=sys.stderr)
quiet = binary_cross_entropy


def binary_cross_entropy(*args, **kwargs):
    print("called", file=sys.stderr)
    warnings.warn("again")
    np.log(np.zeros(1))
    return quiet(*args, **kwargs)
"""


def test_a_syntax_error_an_exception_warnings_and_stderr():
    made = notebook(
        bernoulli_log_likelihood="def bernoulli_log_likelihood(y, p)\n    return 0",
        binary_entropy=right()["binary_entropy"] + "\n1 / 0",
        kl_bernoulli="1 / 0\n" + right()["kl_bernoulli"],
        binary_cross_entropy=right()["binary_cross_entropy"] + WARNS,
    )
    result = graded(made)
    assert lost(result) == {"bernoulli_log_likelihood": ("error", 0.0), "kl_bernoulli": ("error", 0.0)}
    assert "SyntaxError: expected ':'" in cell_of(result, "bernoulli_log_likelihood").message
    assert "ZeroDivisionError: division by zero, in your line `1 / 0`." in cell_of(result, "kl_bernoulli").message


def test_values_that_are_no_numbers():
    made = notebook(
        **bodies(
            bernoulli_log_likelihood="return 'high'",
            binary_entropy="print(q)",
            kl_bernoulli="return 1j * np.asarray(q)",
            binary_cross_entropy="return np.array([object()])",
        ),
        lowest_bce="lowest_bce = np.ma.array(0.0, mask=True)",
    )
    result = graded(made)
    assert lost(result) == dict.fromkeys([*FULL, "lowest_bce"], ("wrong", 0.0))
    assert "You answered a masked value, which is no number" in cell_of(result, "lowest_bce").message
    for name, words in (
        ("bernoulli_log_likelihood", "returned 'high'; -0.83933 would be right"),
        ("binary_entropy", "returned None, as a function without `return` does"),
        ("kl_bernoulli", "returned a complex number"),
        ("binary_cross_entropy", "an array of Python objects"),
    ):
        assert words in cell_of(result, name).message


CHANGES_ITS_INPUT = """
unchanged = binary_cross_entropy


def binary_cross_entropy(y, p, eps=EPS):
    result = unchanged(y, p, eps)
    if not isinstance(p, tuple):
        p[0] = 0.25
    return result
"""


def test_values_that_are_no_values_and_inputs_that_change():
    """A value that cannot cross must not become the grader's fault, nor spoil the test whether inputs are unchanged."""
    made = notebook(
        **bodies(
            bernoulli_log_likelihood="return bernoulli_log_likelihood",
            binary_entropy="knot = []\nknot.append(knot)\nreturn knot",
            kl_bernoulli="yield 1",
        ),
        binary_cross_entropy=right()["binary_cross_entropy"] + CHANGES_ITS_INPUT,
    )
    result = graded(made)
    assert result.report.status == "graded"
    assert {name: state for name, (state, _) in lost(result).items()} == dict.fromkeys(FULL, "wrong")
    assert 4.25 <= (cell_of(result, "binary_cross_entropy").score or 0) < 5
    failed = [test.name for test in cell_of(result, "binary_cross_entropy").tests if not test.passed]
    assert failed == ["test_inputs_unchanged"]


REMEMBERS = """
right_kl, memory = kl_bernoulli, []


def kl_bernoulli(q, p):
    memory.append((q, p))
    return right_kl(q, p)
"""


def test_functions_that_keep_state_or_return_the_same_array():
    """A function that is right once, and one that is always right but remembers."""
    once = "asked = []\n\n\n" + define(
        "binary_entropy", "asked.append(1)", "return q if asked[1:] else first_entropy(q)"
    )
    once += "\n\n\n" + right()["binary_entropy"].replace("def binary_entropy", "def first_entropy")
    remembering = right()["kl_bernoulli"] + REMEMBERS
    assert lost(graded(notebook(binary_entropy=once, kl_bernoulli=remembering))) == {"binary_entropy": ("wrong", 0.0)}


def test_recursion_and_memory():
    small = replace(Policy().limits, memory_mb=768)
    made = notebook(
        **bodies(
            bernoulli_log_likelihood="return bernoulli_log_likelihood(y, p)",
            binary_entropy="import ctypes; return ctypes.string_at(0)",
            kl_bernoulli="return np.zeros(10**12)",
            binary_cross_entropy="return np.zeros(40 << 20)",
        )
    )
    result = graded(made, lane=replace(wall(), policy=Policy(limits=small)))  # type: ignore[type-var]
    assert lost(result) == {
        "bernoulli_log_likelihood": ("error", 0.0),
        "binary_entropy": ("error", 0.0),
        "kl_bernoulli": ("error", 0.0),
        "binary_cross_entropy": ("wrong", 0.0),
    }
    assert "RecursionError" in cell_of(result, "bernoulli_log_likelihood").message
    assert "ends Python" in cell_of(result, "binary_entropy").message
    assert "MemoryError" in cell_of(result, "kl_bernoulli").message
    assert "a value that is too large" in cell_of(result, "binary_cross_entropy").message


def test_a_cell_that_takes_all_memory():
    small = replace(Policy().limits, memory_mb=512)
    hog = "hoard = []\nwhile True:\n    hoard.append(np.ones(1 << 22))\n"
    made = notebook(kl_bernoulli=hog + right()["kl_bernoulli"])
    result = graded(made, lane=replace(wall(), policy=Policy(limits=small)))  # type: ignore[type-var]
    assert lost(result).pop("kl_bernoulli") == ("error", 0.0)
    assert "MemoryError" in cell_of(result, "kl_bernoulli").message
    assert cell_of(result, "bernoulli_log_likelihood").state == "passed"


FLOOD = "for _ in range(300_000):\n    print('spam ' * 10)\n"


def test_a_flood_of_output_questions_and_commands():
    made = notebook(
        bernoulli_log_likelihood="for _ in range(300_000):\n    print('spam ' * 10)\n"
        + right()["bernoulli_log_likelihood"],
        binary_entropy=right()["binary_entropy"]
        + "\nquiet = binary_entropy\n\n\ndef binary_entropy(q):\n    print('x' * 10_000_000)\n    return quiet(q)",
        kl_bernoulli="name = input('Your name? ')\n" + right()["kl_bernoulli"],
        binary_cross_entropy="!ls /\nfiles = !ls\n%pip install torch\n" + right()["binary_cross_entropy"],
    )
    add(made, "%nonsense\n1")
    add(made, "import sys\nfor _ in range(100_000):\n    print('a')\n    print('b', file=sys.stderr)")
    result = graded(made)
    assert lost(result) == {"kl_bernoulli": ("error", 0.0)}
    assert "EOFError" in cell_of(result, "kl_bernoulli").message
    outputs = [output.data for run in result.runs.values() for output in run.outputs]
    assert sum(len(str(output)) for output in outputs) < 4 << 20
    assert any("[output cut here]" in output.get("text", "") for output in outputs)
    assert any("are not run here" in output.get("text", "") for output in outputs)


def test_outputs_of_many_cells_are_bounded_together():
    made = blank()
    for _ in range(11):
        add(made, "print('x' * (1 << 20))")
    result = graded(made)
    outputs = [output for run in result.runs.values() for output in run.outputs]
    assert outputs.count(CUT) >= 3
    assert sum(len(str(output.data)) for output in outputs) < 9 << 20


def test_threads_that_are_left_running():
    busy = "import threading, time\n\n\ndef tick():\n    while time.sleep(0.01) is None:\n        print(1)\n\n\n"
    busy += "for _ in range(5):\n    threading.Thread(target=tick).start()\n"
    assert lost(graded(notebook(binary_entropy=busy + right()["binary_entropy"]))) == {}


def test_names_that_are_overwritten():
    made = notebook(binary_entropy=right()["binary_entropy"] + "\nbinary_entropy = None")
    add(made, "np = 3")
    result = graded(made)
    assert cell_of(result, "binary_entropy").state == "missing"
    assert "is not a function: a cell gives this name another value" in cell_of(result, "binary_entropy").message
    assert "'int' object has no attribute" in cell_of(result, "kl_bernoulli").message
    assert cell_of(result, "lowest_bce").state == "passed"


def test_another_name_and_other_parameters():
    made = notebook(
        binary_entropy=right()["binary_entropy"].replace("def binary_entropy", "def coin_entropy"),
        kl_bernoulli="def kl_bernoulli(q):\n    return q",
    )
    result = graded(made)
    assert lost(result) == {"binary_entropy": ("missing", 0.0), "kl_bernoulli": ("error", 0.0)}
    assert "The cell defines `coin_entropy`" in cell_of(result, "binary_entropy").message
    assert cell_of(result, "kl_bernoulli").hint == "Your function takes (q); it is called with (q, p)."


HIDDEN = """
class Hidden:
    def __call__(self, q):
        return q

    @property
    def __signature__(self):
        import os

        os._exit(1)


binary_entropy = Hidden()
"""


def test_answers_and_descriptions_that_hang_or_raise():
    """To look at a value may run a student's code as well. That costs this one answer, not the rest."""
    made = notebook(
        lowest_bce="class Slow(list):\n    def __iter__(self):\n        while True: pass\n\n\nlowest_bce = Slow([1])",
        bce_is_symmetric="bce_is_symmetric = object()",
        bce_of_undecided="bce_of_undecided = 10 ** 400",
        binary_entropy=HIDDEN,
    )
    result = graded(made)
    assert lost(result) == {
        "lowest_bce": ("error", 0.0),
        "bce_is_symmetric": ("wrong", 0.0),
        "bce_of_undecided": ("wrong", 0.0),
        "binary_entropy": ("error", 0.0),
    }


UNUSUAL = {
    "bernoulli_log_likelihood": """
import math
from functools import reduce

_with_next = lambda total, pair: total + (math.log(pair[1]) if pair[1] > 0 else -math.inf)
bernoulli_log_likelihood = lambda y, p: reduce(_with_next, ((o, c if o == 1 else 1 - c) for o, c in hard(y, p)), 0.0)
""",
    "binary_entropy": """
class Entropy:
    def __call__(self, q):
        q = checked(q, "q")
        if not ((q >= 0) & (q <= 1)).all():
            raise ValueError
        return [0.0 - sum(side * np.log(side) for side in (a, 1 - a) if side > 0) for a in q.tolist()]


binary_entropy = Entropy()
""",
    "kl_bernoulli": """
from collections.abc import Sequence


class Bad(ValueError):
    pass


def kl_bernoulli(q: Sequence[float], p: Sequence[float]) -> tuple:
    q, p = checked(q, "q"), checked(p, "p")
    if q.shape != p.shape or not ((q >= 0) & (q <= 1) & (p >= 0) & (p <= 1)).all():
        raise Bad("no")

    def side(a, b):
        with np.errstate(all="ignore"):
            return np.where(a > 0, a * np.log(a / b), 0.0)

    return tuple(np.maximum(side(q, p) + side(1 - q, 1 - p), 0.0))
""",
    "binary_cross_entropy": """
def binary_cross_entropy(y, p, eps=np.finfo(float).eps):
    y, p = checked(y, "y"), checked(p, "p")
    if y.shape != p.shape or not ((y >= 0) & (y <= 1) & (p >= 0) & (p <= 1)).all() or not 0 <= eps < 0.5:
        raise ValueError
    p = np.minimum(np.maximum(p, eps), 1 - eps)
    terms = np.where(y > 0, -y * np.log(p), 0) + np.where(y < 1, -(1 - y) * np.log1p(-p), 0)
    return np.array(terms.mean())
""",
}

HELPER = """
def hard(y, p):
    y, p = checked(y, "y").tolist(), checked(p, "p").tolist()
    if len(y) != len(p) or set(y) - {0.0, 1.0} or min(p) < 0 or max(p) > 1:
        raise ValueError
    return zip(y, p)
"""


def test_right_answers_in_unusual_styles_keep_full_marks():
    """Lambdas, classes, closures, lists, tuples, 0-d arrays, errors of their own, a helper at the very end."""
    assert lost(graded(add(notebook(**UNUSUAL), HELPER))) == {}
