"""What a student's functions saw of the hidden inputs must not come back to the student, on whatever road."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterable, Iterator
from typing import Any

import numpy as np
import pytest
from miniature import QUICK, UNIT, cell_of, graded, notebook, right, unit, unit_of, wall

from autograder.grading import suite
from autograder.grading.conversation import conversation
from autograder.grading.diagnosis.inquiry import bench_of
from autograder.grading.grade import Graded
from autograder.grading.local import Local
from autograder.grading.opening import opened
from autograder.notebooks.submission import merge, parse
from autograder.session.dialogue import StudentError
from autograder.session.session import Session

pytestmark = pytest.mark.usefixtures("nothing_left")

SEED = 20

STASH = """
import json, sys

if "stash" not in globals():
    stash = []


def digits(value):
    return json.dumps(value, default=lambda array: array.tolist())


def told():
    return " ".join(stash[:-31:-1])
"""

TELLING = {
    # in the message, the class and the line of an error, and on every later call
    "bernoulli_log_likelihood": """
def bernoulli_log_likelihood(y, p):
    stash.append(digits([y, p]))
    name = "E" + "".join(c for c in told() if c.isalnum())
    raise type(name[:90], (Exception,), {})(told())
""",
    # printed, and as the value itself; and into another answer, another function's parameters, another cell's outputs
    "binary_entropy": """
def binary_entropy(q):
    stash.append(digits(q))
    print(told())
    print(told(), file=sys.stderr)
    from IPython.display import display, HTML
    display(HTML(told()))
    globals()["lowest_bce"] = float(np.ravel(q)[0]) if np.size(q) else 0.0
    globals()["bce_is_symmetric"] = told()[:60]
    import inspect
    name = "x" + "".join(c if c.isalnum() else "_" for c in stash[-1])[:50]
    signature = inspect.Signature([inspect.Parameter(name, inspect.Parameter.POSITIONAL_ONLY)])
    kl_bernoulli.__signature__ = binary_cross_entropy.__signature__ = signature
    with open("told.txt", "a") as file:
        file.write(told())
    return told()
""",
    # a name of an error that exists, chosen by what was seen; values that are the inputs
    "kl_bernoulli": """
def kl_bernoulli(q, p):
    stash.append(digits([q, p]))
    raise TypeError(told())
""",
    # the process ended, and another one started: whatever was kept in files or names is gone
    "binary_cross_entropy": """
EPS = 1e-15


def binary_cross_entropy(y, p, eps=EPS):
    stash.append(digits([y, p]))
    if len(stash) > 120:
        import os
        os._exit(3)
    return stash
""",
}


def _aimed(name: str, *pairs: tuple[str, str]) -> str:
    code = TELLING[name]
    for ours, theirs in pairs:
        assert ours in code
        code = code.replace(ours, theirs)
    return code


ROADS = {
    "01-bce": TELLING,
    "02-rmse": {
        "gaussian_nll": _aimed(
            "bernoulli_log_likelihood", ("bernoulli_log_likelihood(y, p)", "gaussian_nll(y, p, sigma)")
        ),
        "rmse": _aimed(
            "binary_entropy",
            ("binary_entropy(q)", "rmse(q, other)"),
            ("lowest_bce", "nll_of_tiny_errors"),
            ("bce_is_symmetric", "unit_of_mse"),
            ("kl_bernoulli.__signature__ = binary_cross_entropy.__signature__", "mae.__signature__"),
        ),
        "mae": _aimed("kl_bernoulli", ("kl_bernoulli(q, p)", "mae(q, p)")),
    },
}


def _numbers(value: Any) -> Iterator[float]:
    array = np.asarray(value)
    if array.dtype.kind == "f" and array.dtype.itemsize == 8:
        yield from (number for number in array.ravel().tolist() if np.isfinite(number) and len(repr(number)) > 12)


def hidden_numbers(name: str) -> set[str]:
    """The digits of the inputs that only the hidden tests and the fixed probes use."""
    its = unit(name).unit
    cells = [task.cell for task in unit(name).tasks if task.kind == "function"]
    turns = [turn for cell in cells for turn in conversation(its, Local(vars(its.reference)), cell, SEED).turns]
    probes = [probe for cell in cells for probe in bench_of(its, cell).probes]
    found = _digits(turn.args for turn in turns) | _digits(probe.call.args for probe in probes)
    assert len(found) > 300
    return {digits for digits in found if len(set(digits[:6])) > 2}


def recognised(text: str, hidden: set[str]) -> set[str]:
    """The numbers with six digits or more in this text that are the beginning of a hidden one, cut or rounded.

    All digits of a number are compared: among thousands of hidden ones some share six with a number of the lesson.
    """
    runs = {run.lstrip("0")[:15] for run in re.findall(r"\d{6,}", text.replace(".", "").replace("_", ""))}

    def is_hidden(run: str) -> bool:
        return any(0 <= int(run) - int(one[: len(run)].ljust(len(run), "0")) <= 1 for one in hidden)

    return {run for run in runs if len(run) > 5 and is_hidden(run)}


def shown(result: Graded) -> str:
    """All that comes out of a run, but for pictures, in which any digits may stand."""
    outputs = json.dumps([output.data for run in result.runs.values() for output in run.outputs])
    return re.sub(r"base64,[A-Za-z0-9+/=]+", "", result.report.json() + outputs + repr(result.runs))


def _digits(given: Iterable[tuple[Any, ...]]) -> set[str]:
    """As many of each of these numbers as a float has."""
    numbers = {number for args in given for arg in args for number in _numbers(arg)}
    return {f"{number:.15g}".partition("e")[0].replace(".", "").lstrip("0-") for number in numbers}


def telltale(name: str = UNIT) -> dict[str, Any]:
    made = notebook(name, **{**right(name), **ROADS[name]})
    made["cells"].insert(
        0, {"cell_type": "code", "metadata": {}, "source": STASH, "outputs": [], "execution_count": None}
    )
    return made


@pytest.mark.parametrize("name", ROADS)
def test_nothing_that_was_seen_comes_back(name):
    hidden = hidden_numbers(name)
    result = graded(telltale(name), seed=SEED, figures="all")
    by_itself = recognised(shown(graded(notebook(name), seed=SEED)), hidden)  # what the lesson happens to print
    assert recognised(shown(result), hidden) <= by_itself
    assert len(by_itself) < 3
    # And the control, with a number that does not end in a zero where it is rounded: digits are compared from six on.
    one, rounded = next(
        (o, r) for o in sorted(hidden) if len(o) == 15 and len(r := f"{float('0.' + o):.6f}"[2:].rstrip("0")) == 6
    )
    assert recognised(f"{one[0]}.{one[1:]} 0.{rounded}", {one}) == {one, rounded}
    # What was answered before the first hidden input is what counts, and what is shown.
    if name == UNIT:  # in the other one the lesson's own cells call the functions, which then overwrite the answers
        assert cell_of(result, "lowest_bce").state == "passed"
        assert cell_of(result, "bce_is_symmetric").state == "passed"
    assert result.report.status == "graded"


@pytest.mark.parametrize(
    ("name", "raising", "returning", "answer", "described"),
    [
        ("01-bce", "bernoulli_log_likelihood", "binary_entropy", "lowest_bce", "kl_bernoulli"),
        ("02-rmse", "gaussian_nll", "rmse", "nll_of_tiny_errors", "mae"),
    ],
)
def test_the_functions_do_tell(name, raising, returning, answer, described):
    """The control: asked with a number that nobody knows, the same functions send it back on each of the roads."""
    made = json.dumps(telltale(name)).encode()
    cells, notes = parse(made)
    with Session(wall(), merge(cells, unit(name), notes), unit(name).files, QUICK) as session:
        secret = 0.123456789
        more = () if name == "01-bce" else (1.0,)
        with pytest.raises(StudentError) as caught:
            session.call(raising, ([1], [secret], *more), {})
        assert "123456789" in caught.value.raised.message
        assert "123456789" in caught.value.raised.kind
        assert "123456789" in session.call(returning, ([secret], *more), {})
        assert session.answer(answer) == secret, "asked for the first time after the call, it would be the input"
        assert "123456789" in "".join(session.describe(described).parameters or ())


def test_a_fault_of_a_suite_does_not_quote_what_was_returned(tmp_path, caplog):
    """Should a hidden test fail by itself over a strange value, the report says its name and the log the rest."""
    made = unit_of(
        tmp_path,
        suite="from autograder import kit\n\n\n"
        "class Test_binary_entropy:\n    @kit.value\n    def test_it(self, student, rng):\n"
        '        """A sentence."""\n        raise KeyError(student.binary_entropy([0.987654321]))\n',
    )

    class Echo(Local):
        def call(self, name, args, kwargs, *, after=False):
            return f"it was {args}"

    (outcome,) = suite.run(made, Echo({}), seed=1, cells=frozenset({"test_binary_entropy"}))
    assert (outcome.verdict, outcome.detail) == ("fault", "KeyError")
    assert "987654321" not in repr(outcome)


ESCAPES = """
class Evil(Exception):
    pass


Evil.__name__ = "\\x1b[2J\\x1b]0;owned\\x07[bold red]Evil[/]"


def binary_entropy(q):
    raise Evil("\\x1b[31mred\\x9b5m [link=http://127.0.0.1]click[/link] [bold]x[/bold] \\u202egnp\\r\\nscore: 23")
"""


def test_messages_cannot_command_a_terminal(tmp_path, aim):
    """Escapes, Rich's markup, directions and line breaks arrive as harmless text, on a real terminal's settings too."""
    path = tmp_path / "x.ipynb"
    its, name, _ = aim
    answer = next(task.name for task in unit(its).tasks if task.kind == "answer")
    said = {name: ESCAPES.replace("binary_entropy(q)", f"{name}(*_)"), answer: f'{answer} = "\\x1b[2J[red]\\ud800"'}
    path.write_text(json.dumps(notebook(its, **said)))
    printed = []
    for options in ([], ["--json"]):
        ran = subprocess.run(
            [sys.executable, "-m", "autograder", "check", str(path), *options],
            env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path)), "COLUMNS": "80"},
            capture_output=True,
            text=True,
            timeout=60,
        )
        assert ran.returncode == 1, ran.stderr
        printed.append(ran.stdout)
    for text in printed:
        assert not {char for char in text if ord(char) < 32 and char != "\n"}
        assert not {"\x9b", "\u202e"} & set(text)
    assert "[bold red]Evil[/]" in " ".join(printed[0].split())
    assert "[link=http://127.0.0.1]click[/link]" in " ".join(printed[0].split())
    assert not [line for line in printed[0].splitlines() if line.startswith("score")]


def test_what_sentences_are_written_from_does_not_change_any_more(aim):
    """The same functions, which tell all they saw: what they said before is a record that they cannot reach."""
    its, name, other = aim
    cells, notes = parse(json.dumps(telltale(its)).encode())
    submission = merge(cells, unit(its), notes)
    with Session(wall(), submission, unit(its).files, QUICK) as session:
        said = opened(unit(its), submission, session)
        before = repr(said)
        inputs = ([0.123456789],) if name == "binary_entropy" else ([0.123456789], [1.0])
        assert "123456789" in session.call(name, inputs, {})
        session.runs.clear()
    assert repr(said) == before
    if its == UNIT:  # in the other one the lesson's own cells call the functions before
        assert said.answers["lowest_bce"].failed is None
        assert said.described[other].parameters == ("q", "p")
