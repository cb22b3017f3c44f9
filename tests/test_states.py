"""States in odd cases, with the real wall. More of them are in `bad_input/`."""

from __future__ import annotations

import re

import pytest
from miniature import COURSE, add, blank, cell_of, find, graded, lost, notebook, right
from rich.console import Console

from autograder.classes.report.tables import SAID
from autograder.nbgrader.feedback import tasks
from autograder.report import WORDS
from autograder.screens import tables


def test_a_stub_with_a_comment_or_another_nothing_is_not_attempted():
    made = blank()
    stubs = {name: "".join(find(made, name)["source"]) for name in ("bernoulli_log_likelihood", "binary_entropy")}
    first = stubs["bernoulli_log_likelihood"]
    find(made, "bernoulli_log_likelihood")["source"] = "# I do not understand this one yet\n" + first + "\n# ask Ada"
    head = "".join(line + "\n" for line in stubs["binary_entropy"].splitlines() if not line.startswith("    raise"))
    assert head != stubs["binary_entropy"]
    find(made, "binary_entropy")["source"] = head + "    pass  # later\n"
    find(made, "kl_bernoulli")["source"] = ""
    result = graded(made)
    assert {state for state, _ in lost(result).values()} == {"not-attempted"}
    assert "has not been attempted yet" in cell_of(result, "binary_entropy").message


def test_a_helper_that_is_missing_because_its_cell_failed_names_that_cell():
    """A helper in a cell of the student's own, which stops before it gets there."""
    answer = right()["binary_entropy"].replace('checked(q, "q")', "probabilities(q)")
    assert "probabilities(q)" in answer
    made = notebook(binary_entropy=answer)
    add(made, "scale = 1 / 0\n\ndef probabilities(q):\n    return q", before="binary_entropy")
    cell = cell_of(graded(made), "binary_entropy")
    assert cell.state == "error"
    assert "raised NameError" in cell.message
    assert "The cell that begins with `scale = 1 / 0` stops with ZeroDivisionError" in cell.hint
    assert "scale = 1 / 0" in cell.hint


def test_a_cell_that_failed_and_defines_something_else_is_not_blamed_for_a_name_that_is_missing():
    made = notebook(binary_entropy="def binary_entropy(q):\n    return math.log(q)")
    add(made, "scale = 1 / 0", before="binary_entropy")
    cell = cell_of(graded(made), "binary_entropy")
    assert "name 'math' is not defined" in cell.message
    assert cell.hint == "Define or import this name in a cell above, or look for a slip in its spelling."


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("return float(input('q? '))", "Nobody is there to type"),
        ("import torch", "Only NumPy, Matplotlib, IPython"),
        ("return [][0]", None),
        ("raise NotImplementedError", "YOUR CODE HERE"),
    ],
)
def test_an_error_that_is_not_about_the_formula_gets_no_hint_about_it(line, words):
    made = notebook(binary_entropy=f"def binary_entropy(q):\n    x = 1\n    {line}")
    cell = cell_of(graded(made), "binary_entropy")
    assert cell.state == "error"
    assert (words in (cell.hint or "")) if words else cell.hint is None


def test_a_name_that_is_taken_away_again_is_missing_and_not_of_another_kind():
    made = add(notebook(), "del binary_entropy")
    cell = cell_of(graded(made), "binary_entropy")
    assert cell.state == "missing"
    assert cell.message == (
        "There is no function named `binary_entropy`. A cell defines it, and it is deleted afterwards."
    )


def test_a_number_in_quotes_is_told_from_a_wrong_number():
    cell = cell_of(graded(notebook(bce_of_undecided='bce_of_undecided = "1.3863"')), "bce_of_undecided")
    assert cell.state == "wrong"
    assert "You answered with the text '1.3863'" in cell.message
    assert cell.hint == "Write the number without quotes: 1.3863"


def test_a_helper_in_another_answers_cell_that_failed_names_that_cell():
    made = notebook(
        binary_entropy="oops()\n\ndef side(weight, chance):\n    return weight * np.log(chance)",
        kl_bernoulli="def kl_bernoulli(q, p):\n    return side(checked(q, 'q'), checked(p, 'p'))",
    )
    result = graded(made)
    assert cell_of(result, "binary_entropy").state == "error"
    assert "the cell `binary_entropy` stops with NameError" in cell_of(result, "binary_entropy").message
    assert cell_of(result, "kl_bernoulli").state == "error"
    assert cell_of(result, "kl_bernoulli").hint.startswith("The cell `binary_entropy` stops with NameError")


def test_a_value_under_the_functions_name_says_so():
    result = graded(notebook(binary_entropy="binary_entropy = 0.5"))
    assert cell_of(result, "binary_entropy").state == "missing"
    assert "is not a function" in cell_of(result, "binary_entropy").message


def test_too_many_and_renamed_parameters_say_so():
    renamed = right()["binary_cross_entropy"].replace("np.finfo(np.float64).eps", "2.0**-52").replace("eps", "clip")
    result = graded(
        notebook(kl_bernoulli="def kl_bernoulli(q, p, eps):\n    return q", binary_cross_entropy=renamed),
    )
    assert cell_of(result, "kl_bernoulli").state == "error"
    assert cell_of(result, "kl_bernoulli").hint == "Your function takes (q, p, eps); it is called with (q, p)."
    assert cell_of(result, "binary_cross_entropy").hint == (
        "Your function takes (y, p, clip); it is called with (y, p, eps)."
    )


def test_an_error_inside_the_function_is_no_matter_of_parameters():
    """The names of positional parameters are the student's own business, and `len` of a number is another mistake."""
    made = notebook(kl_bernoulli="def kl_bernoulli(true, believed):\n    return len(3)")
    assert "Your function takes" not in cell_of(graded(made), "kl_bernoulli").hint


@pytest.mark.parametrize(
    "answer",
    ['np.str_("c")', 'np.array("C")', 'np.where(1 < 2, "c", "a")', 'np.array(["a", "c"])[1]', '" c "', '"ｃ"', '"ⓒ"'],
)
def test_a_letter_counts_whatever_type_of_text_holds_it(answer):
    result = graded(notebook(growth_of_confident_error=f"import numpy as np\ngrowth_of_confident_error = {answer}"))
    assert lost(result) == {}


def test_a_list_of_letters_is_a_wrong_answer_and_no_missing_one():
    result = graded(
        notebook(growth_of_confident_error='import numpy as np\ngrowth_of_confident_error = np.array(["c"])')
    )
    assert lost(result) == {"growth_of_confident_error": ("wrong", 0.0)}


def test_a_state_has_the_same_words_in_the_terminal_in_pages_and_in_the_docs():
    """Fails where a student is told "timeout" here and "Timed out" there."""
    told = (COURSE / "docs" / "students.md").read_text()
    rows = dict(re.findall(r"^\| ([a-z ]+) \| (.+) \|$", told, re.MULTILINE))
    assert rows.keys() - {"state"} == set(WORDS.values())
    on_pages = {state: word.lower() for state, (_, word) in tasks._STATES.items() if state in WORDS}
    assert on_pages.items() <= WORDS.items()
    assert {state: SAID[state] for state in on_pages if state != "passed"}.items() <= WORDS.items()
    console = Console(width=200)
    with console.capture() as captured:
        console.print(tables.report(graded(blank()).report))
    shown = re.findall("|".join(WORDS.values()), captured.get().split("Not attempted yet")[0])
    assert set(shown) == {WORDS["not-attempted"], WORDS["manual"]}
