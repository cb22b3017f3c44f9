"""What students get to read after a check: wrong answers as they are really given, to all functions of all units, with
the real wall. Each sentence is held against what it claims: the call is made again, by the reference and by the
student's function, and what the sentence says of both must be so.
"""

from __future__ import annotations

import contextlib
import io
import re
import sys
from collections.abc import Callable, Iterator
from dataclasses import astuple, dataclass
from typing import Any

import numpy as np
import pytest
from miniature import COURSE, cell_of, graded, lean, notebook, right, unit

from autograder.notebooks import units
from autograder.notebooks.assignment import Task
from autograder.report import CellReport
from autograder.wall.outside import doctor
from autograder.wall.outside.policy import Limits
from autograder.wall.outside.process import Lane
from benchmarks.trials import UNITS

NAMES = tuple(f"{number:02d}-{topic}" for number, topic in enumerate(UNITS, start=1))
SEED = 7
HASTY = Limits(cell_seconds=6.0, call_seconds=2.0, function_seconds=6.0, cpu_seconds=60)


@dataclass(frozen=True)
class Mistake:
    """A wrong function as students write it, whatever it is to compute, and what is to be said of it."""

    source: str
    """With the function's name `NAME`, its parameters `PARAMETERS`, as they are given on `ARGUMENTS`, the first one
    `FIRST`, and a right function `RIGHT`."""
    state: str
    message: str
    hint: str | None = ""
    """What the hint says, None where there is none to give."""
    not_for: tuple[str, ...] = ()


TEXT = ("diagnose_gap",)
NOTHING_REFUSED = ("sigmoid",)
NO_ARRAY = ("skill_score",)
PAIRS = ("early_stopping", "gap_interval", "standardize_from_train", "confusion_counts", "precision_recall")
NUMBERS_WITHOUT_ARRAYS = (*TEXT, *PAIRS)

MISTAKES = {
    "only pass": Mistake(
        "def NAME(PARAMETERS):\n    pass",
        "not-attempted",
        "NAME has not been attempted yet.",
        "Write your answer in the cell `NAME`, and run it.",
    ),
    "only pass, other parameters": Mistake(
        "def NAME(*data):\n    ...",
        "not-attempted",
        "NAME has not been attempted yet.",
        "Write your answer in the cell",
    ),
    "no return": Mistake(
        "def NAME(PARAMETERS):\n    result = 0.5",
        "wrong",
        "returned None, as a function without `return` does; ",
        "Give the value back with `return`.",
    ),
    "print": Mistake(
        "def NAME(PARAMETERS):\n    print(RIGHT(ARGUMENTS))",
        "wrong",
        "returned None, as a",
        "Printing it is not enough.",
    ),
    "exit": Mistake(
        "def NAME(PARAMETERS):\n    exit()",
        "error",
        "raised SystemExit, in your line `exit()`; ",
        "do not end Python with exit",
    ),
    "sys.exit": Mistake(
        "import sys\n\ndef NAME(PARAMETERS):\n    sys.exit('done')",
        "error",
        "raised SystemExit: done, in your line",
        "do not end Python with exit",
    ),
    "os._exit": Mistake(
        "import os\n\ndef NAME(PARAMETERS):\n    os._exit(0)", "error", " ends Python; ", "do not end Python with exit"
    ),
    "another name": Mistake(
        "def my_NAME(PARAMETERS):\n    return 0.5",
        "missing",
        "There is no function named `NAME`. The cell defines `my_NAME`.",
        "The name must be exactly `NAME`, with the parameters (ARGUMENTS).",
    ),
    "no parameters": Mistake(
        "def NAME():\n    return 0.5",
        "error",
        "raised TypeError: NAME() takes 0 positional arguments",
        "Your function takes no parameters; it is called with (ARGUMENTS).",
    ),
    "more parameters": Mistake(
        "def NAME(a, b, c, d, e, f, g):\n    return 0.5",
        "error",
        "raised TypeError: NAME() missing",
        "Your function takes (a, b, c, d, e, f, g); it is called with (ARGUMENTS).",
    ),
    "recursion": Mistake(
        "def NAME(PARAMETERS):\n    return NAME(ARGUMENTS)",
        "error",
        "raised RecursionError: maximum recursion depth exceeded, in your line `return NAME(ARGUMENTS)`; ",
        "calls itself without end",
    ),
    "input": Mistake(
        "def NAME(PARAMETERS):\n    return float(input('value? '))",
        "error",
        "raised EOFError",
        "Nobody is there to type",
    ),
    "no colon": Mistake(
        "def NAME(PARAMETERS)\n    return 0.5",
        "error",
        "`NAME` was not defined, because the cell `NAME` stops with SyntaxError: expected ':' (line 1), in your line "
        "`def NAME(PARAMETERS)`.",
        "Fix that cell first",
    ),
    "no indentation": Mistake(
        "def NAME(PARAMETERS):\nreturn 0.5", "error", "stops with IndentationError", "Fix that cell first"
    ),
    "unknown name": Mistake(
        "def NAME(PARAMETERS):\n    return totl / 2",
        "error",
        "raised NameError: name 'totl' is not defined, in your line `return totl / 2`; ",
        "look for a slip in its spelling",
    ),
    "unbound": Mistake(
        "def NAME(PARAMETERS):\n    total = total + 1\n    return total",
        "error",
        "raised UnboundLocalError",
        "Give this name a value",
    ),
    "text": Mistake(
        "def NAME(PARAMETERS):\n    return str(RIGHT(ARGUMENTS))",
        "wrong",
        "returned '",
        "without making text",
        (*TEXT, *PAIRS),
    ),
    "brackets": Mistake(
        "def NAME(PARAMETERS):\n    return [RIGHT(ARGUMENTS)]",
        "wrong",
        "would be right, as ",
        "shape",
        NUMBERS_WITHOUT_ARRAYS,
    ),
    "matrix": Mistake(
        "def NAME(PARAMETERS):\n    return np.matrix(RIGHT(ARGUMENTS))",
        "wrong",
        "returned [[",
        "shape",
        NUMBERS_WITHOUT_ARRAYS,
    ),
    "yield": Mistake(
        "def NAME(PARAMETERS):\n    yield RIGHT(ARGUMENTS)", "wrong", "returned a generator; ", "Use `return`"
    ),
    "generator": Mistake(
        "def NAME(PARAMETERS):\n    return (value for value in [1.0])",
        "wrong",
        "returned a generator; ",
        "Use `return`",
    ),
    "function": Mistake(
        "def NAME(PARAMETERS):\n    return RIGHT", "wrong", "returned a function; ", "Call the function that you return"
    ),
    "set": Mistake("def NAME(PARAMETERS):\n    return {0.5, 1.5}", "wrong", "returned a set; ", "a set has no order"),
    "dictionary": Mistake("def NAME(PARAMETERS):\n    return {'loss': 0.5}", "wrong", "returned {'loss': 0.5}; "),
    "array of objects": Mistake(
        "def NAME(PARAMETERS):\n    return np.array([None, 1.0])", "wrong", "returned an array of Python objects"
    ),
    "complex": Mistake("def NAME(PARAMETERS):\n    return 1j", "wrong", "returned a complex number; "),
    "nan": Mistake("def NAME(PARAMETERS):\n    return float('nan')", "wrong", "returned nan; "),
    "a constant": Mistake("def NAME(PARAMETERS):\n    return 0.123", "wrong", "returned 0.123; "),
    "True": Mistake("def NAME(PARAMETERS):\n    return True", "wrong", "returned True; "),
    "far too much": Mistake(
        "def NAME(PARAMETERS):\n    return [0.0] * 300_000", "wrong", "returned a value that is too large to look at; "
    ),
    "refuses all": Mistake(
        "def NAME(PARAMETERS):\n    raise ValueError('bad input')",
        "error",
        "raised ValueError: bad input, in your line `raise ValueError('bad input')`; ",
    ),
    "assert": Mistake(
        "def NAME(PARAMETERS):\n    assert False, 'later'", "error", "raised AssertionError: later", None
    ),
    "refuses nothing": Mistake(
        "def NAME(PARAMETERS):\n    try:\n        return RIGHT(ARGUMENTS)\n    except ValueError:\n        return 0.0",
        "wrong",
        "returned 0; it should raise a ValueError.",
        not_for=NOTHING_REFUSED,
    ),
    "another error": Mistake(
        "def NAME(PARAMETERS):\n"
        "    try:\n        return RIGHT(ARGUMENTS)\n    except ValueError:\n        raise TypeError('no')",
        "wrong",
        "raised TypeError: no, in your line `raise TypeError('no')`; it should raise a ValueError.",
        not_for=NOTHING_REFUSED,
    ),
    "changes its input": Mistake(
        "def NAME(PARAMETERS):\n"
        "    result = RIGHT(ARGUMENTS)\n"
        "    if isinstance(FIRST, np.ndarray) and FIRST.dtype == float:\n        FIRST += 0.25\n"
        "    return result",
        "wrong",
        ", with arrays or with lists, an argument is changed.",
        not_for=NO_ARRAY,
    ),
    "a little off": Mistake(
        "def NAME(PARAMETERS):\n    return RIGHT(ARGUMENTS) * (1 + 3e-6)",
        "wrong",
        " would be right",
        not_for=NUMBERS_WITHOUT_ARRAYS,
    ),
    "Fraction": Mistake(
        "from fractions import Fraction\n\n"
        "def NAME(PARAMETERS):\n"
        "    result = RIGHT(ARGUMENTS)\n"
        "    return Fraction(float(result)) if isinstance(result, float) and np.isfinite(result) else result",
        "passed",
        "All tests passed.",
        None,
    ),
    "Decimal": Mistake(
        "from decimal import Decimal\n\n"
        "def NAME(PARAMETERS):\n"
        "    result = RIGHT(ARGUMENTS)\n"
        "    return Decimal(float(result)) if isinstance(result, float) else result",
        "passed",
        "All tests passed.",
        None,
    ),
}
ROUNDS = 7
"""So many mistakes are made in each function, other ones in each."""


def functions(name: str) -> list[Task]:
    return [task for task in unit(name).tasks if task.kind == "function"]


TASKS = {task.name: (name, task) for name in NAMES for task in functions(name)}


def mistakes(name: str, turn: int) -> dict[str, str]:
    """Which mistake is made in each function of a unit. All of them come up, each several times."""
    kinds, made = list(MISTAKES), {}
    for task in functions(name):
        place = list(TASKS).index(task.name) * ROUNDS + turn
        while task.name in MISTAKES[kinds[place % len(kinds)]].not_for:
            place += 1
        made[task.name] = kinds[place % len(kinds)]
    return made


def typed(function: str, words: str) -> str:
    """A mistake's words, for one function."""
    name, task = TASKS[function]
    header = re.search(rf"^def {function}\((.*?)\)", right(name)[function], re.MULTILINE)
    assert header is not None
    parts = {
        "NAME": function,
        "PARAMETERS": header[1].replace("eps=EPS", "eps=2.0**-52"),
        "ARGUMENTS": ", ".join(task.parameters),
        "FIRST": task.parameters[0],
        "RIGHT": f"right_{function}",
    }
    return re.sub("|".join(parts), lambda found: parts[found[0]], words)


def helped(function: str, source: str) -> str:
    """With a right function beside it, under another name, where the mistake needs one."""
    other = f"right_{function}"
    solution = re.sub(rf"\b{function}\b", other, right(TASKS[function][0])[function])
    return f"{solution}\n\n{source}" if other in source else source


@pytest.fixture(scope="module")
def lane() -> Lane:
    return doctor.fastest(units.packages(COURSE))


@pytest.fixture(scope="module")
def said(lane: Lane) -> dict[tuple[str, str], CellReport]:
    """By function and mistake, what came back."""
    found = {}
    for name in NAMES:
        for turn in range(ROUNDS):
            made = mistakes(name, turn)
            answers = {
                function: helped(function, typed(function, MISTAKES[made[function]].source)) for function in made
            }
            result = graded(lean(notebook(name, **answers)), lane=lane, seed=SEED, limits=HASTY)
            assert result.report.status == "graded", result.report.reason
            found |= {(function, kind): cell_of(result, function) for function, kind in made.items()}
    return found


def test_many_mistakes_are_made_in_all_functions(said):
    assert len(said) >= 150
    assert {kind for _, kind in said} == set(MISTAKES)
    assert {function for function, _ in said} == set(TASKS)
    assert len(TASKS) == 26


def test_state_sentence_and_hint_fit_the_mistake(said):
    wrong = []
    for (function, kind), cell in said.items():
        print(f"\n{function}, {kind}: {cell.state}\n    {cell.message}\n    Hint: {cell.hint}", end="")
        mistake = MISTAKES[kind]
        fits = cell.state == mistake.state and typed(function, mistake.message) in cell.message
        fits &= typed(function, mistake.hint) in (cell.hint or "") if mistake.hint is not None else cell.hint is None
        wrong += [] if fits else [f"{function}, {kind}: {cell.state}: {cell.message} Hint: {cell.hint}"]
    assert wrong == []


CLAIM = re.compile(r"`(?P<call>\w+\(.*?\))` (?P<what>returned|raised) (?P<came>.+?); (?P<right>.+)\.$", re.DOTALL)
KINDS = {
    "a generator": Iterator,
    "a function": Callable,
    "a set": set,
    "a complex number": complex,
    "an array of Python objects, not of numbers": np.ndarray,
    "a value that is too large to look at": list,
}


def test_what_a_sentence_claims_of_a_call_is_so(said):
    checked, wrong = 0, []
    for (function, kind), cell in said.items():
        claim = CLAIM.search(cell.message)
        if claim is not None:
            checked += 1
            source = typed(function, MISTAKES[kind].source)
            wrong += [(function, kind, untruth, cell.message) for untruth in untruths(function, source, claim)]
    assert wrong == []
    assert checked >= 100


def untruths(function: str, source: str, claim: re.Match[str]) -> Iterator[str]:
    """What a sentence says of a visible call that is not so."""
    reference = getattr(UNITS[TASKS[function][0].partition("-")[2]].reference, function)
    right = outcome(claim["call"], {function: reference})
    space: dict[str, Any] = {"np": np, f"right_{function}": reference, "exit": sys.exit, "input": nobody}
    exec(source, space)  # noqa: S102 - our own, from above
    happened = outcome(claim["call"], space)
    if claim["right"] == "it should raise a ValueError":
        if right != "ValueError":
            yield f"the reference: {right}"
    elif " would be right" in claim["right"] and not as_told(claim["right"].partition(" would be right")[0], right):
        yield f"the reference: {right}"
    if claim["what"] == "raised":
        if not isinstance(happened, str) or happened != re.split(r"\W", claim["came"])[0]:
            yield f"the function: {happened}"
    elif not as_told(claim["came"].removesuffix(", as a function without `return` does"), happened):
        yield f"the function: {happened}"
    if claim["came"] == claim["right"].partition(" would be right")[0]:
        yield "what came back and what is right look the same"


def outcome(call: str, space: dict[str, Any]) -> Any:
    """What a call comes to in this process: a value, or the name of an error."""
    with contextlib.redirect_stdout(io.StringIO()), np.errstate(all="ignore"):
        try:
            return eval(call, {"nan": np.nan, "inf": np.inf, "np": np, **space})
        except BaseException as error:
            return type(error).__name__


def nobody(*_: object) -> str:
    raise EOFError


def as_told(words: str, value: Any) -> bool:
    """Whether this is how a value may be told."""
    if words in KINDS:
        return isinstance(value, KINDS[words])
    told = eval(words, {"nan": np.nan, "inf": np.inf})
    return near(told, value)


def near(told: Any, value: Any) -> bool:
    if isinstance(told, tuple) and isinstance(value, tuple):
        return len(told) == len(value) and all(map(near, told, value))
    if told is None or isinstance(told, str | dict | bool):
        return type(told) is type(value) and told == value
    return np.shape(told) == np.shape(value) and np.allclose(told, value, rtol=1e-5, atol=1e-15, equal_nan=True)


BEYOND = {
    "rmse": ("return [][1]", "error", "your function raises an error with other inputs of this kind."),
    "mae": ("os._exit(1)", "error", "your function ends Python with other inputs of this kind."),
    "gaussian_nll": ("return 0.5", "wrong", "your function goes wrong with other inputs of this kind."),
}
"""What goes wrong only where the visible call does not show it."""


def test_where_the_visible_call_goes_well_the_sentence_says_what_happens_with_others(lane):
    answers = {}
    for function, (line, _, _) in BEYOND.items():
        body = f"    if np.size(FIRST) > 3:\n        {line}\n    return RIGHT(ARGUMENTS)"
        source = f"import os\n\ndef NAME(PARAMETERS):\n{body}"
        answers[function] = helped(function, typed(function, source))
    result = graded(lean(notebook("02-rmse", **answers)), lane=lane, seed=SEED, limits=HASTY)
    for function, (_, state, words) in BEYOND.items():
        cell = cell_of(result, function)
        assert cell.state == state
        assert cell.message.endswith(f"` returned the right value; {words}")


def test_what_rounding_leaves_where_0_is_right_is_shown_as_0(lane):
    source = (
        "def baseline_loss(y, loss):\n"
        "    if loss == 'rmse' and np.ptp(y) == 0:\n        return 1.0\n"
        "    return right_baseline_loss(y, loss)"
    )
    cell = cell_of(
        graded(lean(notebook("03-ranges", baseline_loss=helped("baseline_loss", source))), lane=lane, seed=SEED),
        "baseline_loss",
    )
    assert cell.message.endswith("`baseline_loss([0.1, 0.1, 0.1], 'rmse')` returned 1; 0 would be right.")


@dataclass(frozen=True)
class Reply:
    """An answer as it is typed, with NAME for its name and x for the right letter, and what is to be said of it."""

    source: str
    state: str
    message: str = ""
    hint: str = ""


NOT_YET = ("not-attempted", "NAME has no value yet.", "Give it a number or a letter")
UNNAMED = ("missing", "There is no variable named `NAME`.", "Write your answer as `NAME = …`, with exactly this name.")
A_LETTER = 'Write one letter in quotes and nothing else, such as "a".'
A_NUMBER = "Write a number, such as 0.25, without quotes and without brackets."
LETTERS = (
    Reply('NAME = "x."', "passed"),
    Reply('NAME = "X"', "passed"),
    Reply('NAME = " x"', "passed"),
    Reply('NAME = "(x)"', "passed"),
    Reply("NAME = \"'x'\"", "passed"),
    Reply(
        "NAME = x",
        "error",
        "stops with NameError: name 'x' is not defined, in",
        'Put the letter in quotes: `NAME = "x"`',
    ),
    Reply("x", "error", "stops with NameError: name 'x' is not defined, in", 'Put the letter in quotes: `NAME = "x"`'),
    Reply('"x"', *UNNAMED),
    Reply('NAME: "x"', *UNNAMED),
    Reply('OTHER = "x"', *UNNAMED),
    Reply("NAME = 3", "wrong", "You answered 3, and one letter in quotes is asked for.", A_LETTER),
    Reply('NAME = ["x"]', "wrong", "You answered ['x'], and one letter in quotes is asked for.", A_LETTER),
    Reply('NAME = "x or y"', "wrong", "You answered with the text 'x or y', and one letter in quotes is", A_LETTER),
    Reply('NAME = ""', "wrong", "You answered with the text '', and one letter in quotes is asked for.", A_LETTER),
    Reply('NAME = {"x"}', "wrong", "You answered a set, and one letter in quotes is asked for.", A_LETTER),
    Reply('NAME = lambda: "x"', "wrong", "You answered a function, and one letter in quotes is asked for.", A_LETTER),
    Reply('NAME = "z"', "wrong", " You answered with the text 'z'."),
    Reply("NAME = None", *NOT_YET),
    Reply("NAME = ...", *NOT_YET),
    Reply('NAME = "x', "error", "stops with SyntaxError: unterminated string literal", "Fix that cell first"),
    Reply(
        "NAME =", "error", "stops with SyntaxError: invalid syntax (line 1), in your line `NAME =`.", "Fix that cell"
    ),
)
NUMBERS = (
    Reply("from fractions import Fraction\nNAME = Fraction(VALUE)", "passed"),
    Reply("from decimal import Decimal\nNAME = Decimal('VALUE')", "passed"),
    Reply("import numpy as np\nNAME = np.float64(VALUE)", "passed"),
    Reply(
        'NAME = "VALUE"',
        "wrong",
        "You answered with the text 'VALUE', and one number is asked for.",
        "Write the number without quotes: VALUE",
    ),
    Reply('NAME = "0,6931"', "wrong", "the text '0,6931', and one number", "Write the number without quotes: 0.6931"),
    Reply('NAME = "1/3"', "wrong", "the text '1/3', and one number", "Write the number without quotes: 1/3"),
    Reply('NAME = "50 %"', "wrong", "the text '50 %', and one number", "a percentage as a decimal: 0.25 for 25 %."),
    Reply("NAME = 50%", "error", "stops with SyntaxError: invalid syntax (line 1), in your", "Fix that cell first"),
    Reply(
        "NAME = 0,6931", "wrong", "You answered (0, 6931), and one number is asked for.", "The comma makes two numbers"
    ),
    Reply("NAME = [VALUE]", "wrong", "and one number is asked for.", "Write the number alone, without brackets"),
    Reply("NAME = VALUE,", "wrong", "and one number is asked for.", "without a comma after it"),
    Reply("NAME = 1 / 7", "wrong", " You answered 0.142857."),
    Reply("NAME = lambda: VALUE", "wrong", "You answered a function, and one number is asked for.", A_NUMBER),
    Reply("def NAME():\n    return VALUE", "wrong", "You answered a function, and one number", A_NUMBER),
    Reply("import numpy as np\nNAME = np.log", "wrong", "You answered a function, and one number", A_NUMBER),
    Reply("NAME = 1 + 0j", "wrong", "You answered a complex number, and one number is asked for.", A_NUMBER),
    Reply("NAME = {VALUE}", "wrong", "You answered a set, and one number is asked for.", A_NUMBER),
    Reply("NAME = (v for v in [VALUE])", "wrong", "You answered a generator, and one number", A_NUMBER),
    Reply("NAME = True", "wrong", "You answered True, and one number is asked for.", A_NUMBER),
    Reply('NAME = "a"', "wrong", "You answered with the text 'a', and one number is asked for.", A_NUMBER),
    Reply('NAME = float("nan")', "wrong", "You answered nan."),
    Reply("NAME = 123456.789", "wrong", " You answered 123457."),
    Reply(
        "NAME == VALUE", "error", "stops with NameError", "A single = gives the name a value: `NAME = …`. Two compare."
    ),
    Reply("NAME = input('?')", "error", "stops with EOFError", "Write the value itself: `NAME = …`"),
    Reply("VALUE", *UNNAMED),
    Reply("print(VALUE)", *UNNAMED),
    Reply("my_NAME = VALUE", *UNNAMED),
    Reply("NAME = ...", *NOT_YET),
    Reply("NAME = None", *NOT_YET),
    Reply("pass", "not-attempted", "NAME has not been attempted yet.", "Write your answer in the cell `NAME`"),
    Reply("# VALUE", "not-attempted", "NAME has not been attempted yet.", "Write your answer in the cell `NAME`"),
)


def places(pattern: str) -> list[tuple[str, str, str]]:
    """Unit, name and right value of the answers that look so."""
    found = []
    for name in NAMES:
        for task in unit(name).tasks:
            value = right(name)[task.name].rpartition("=")[2].strip() if task.kind == "answer" else ""
            found += [(name, task.name, value.strip('"'))] if re.fullmatch(pattern, value) else []
    return found


def dealt() -> Iterator[tuple[str, dict[str, Reply]]]:
    """Notebooks for all the replies: by unit, one reply to each question at most."""
    for replies, known in ((LETTERS, places(r'"[a-d]"')), (NUMBERS, places(r"-?[\d.]+"))):
        for start in range(0, len(replies), len(known)):
            made: dict[str, dict[str, Reply]] = {}
            for reply, (name, question, value) in zip(replies[start:], known, strict=False):
                parts = {"NAME": question, "OTHER": question.title(), "VALUE": value, "x": value, "X": value.upper()}
                made.setdefault(name, {})[question] = Reply(*(filled(words, parts) for words in astuple(reply)))
            yield from made.items()


def filled(words: str, parts: dict[str, str]) -> str:
    return re.sub(r"NAME|OTHER|VALUE|\b[xX]\b", lambda found: parts[found[0]], words)


def test_what_is_said_of_answers(lane):
    wrong = []
    for name, given in dealt():
        sources = {question: reply.source for question, reply in given.items()}
        result = graded(lean(notebook(name, **sources)), lane=lane, seed=SEED)
        for question, reply in given.items():
            cell = cell_of(result, question)
            print(f"\n{reply.source}\n    {cell.state}: {cell.message}\n    Hint: {cell.hint}", end="")
            fits = cell.state == reply.state and reply.message in cell.message and reply.hint in (cell.hint or "")
            wrong += [] if fits else [f"{reply.source}: {cell.state}: {cell.message} Hint: {cell.hint}"]
    assert wrong == []
