"""Notebooks whose cells or settings were mistreated: the assignment's own settings count, and the student's answers."""

from __future__ import annotations

import copy
import json
import sys
import time
import warnings

import pytest
from miniature import FUNCTIONS, add, blank, cell_of, find, grade_id, graded, lost, notebook, right, unit

from autograder.notebooks.submission import merge, parse
from autograder.notebooks.syntax import is_untouched, names_in

pytestmark = pytest.mark.usefixtures("nothing_left")


def test_deleted_copied_moved_retyped_and_edited_at_once():
    made = notebook()
    made["cells"] = [
        cell for cell in made["cells"] if grade_id(cell) not in ("setup", "binary_entropy", "test_kl_bernoulli")
    ]
    find(made, "kl_bernoulli")["cell_type"] = "markdown"
    find(made, "test_bce_is_symmetric")["source"] = "assert True"
    find(made, "checked")["source"] = "checked = None  # a locked helper, edited"
    for cell in made["cells"]:
        cell["metadata"]["tags"] = ["skip-execution", "raises-exception"]
        settings = cell["metadata"].get("nbgrader", {})
        if "points" in settings:
            settings |= {"points": 1000, "schema_version": 99, "locked": False, "cell_type": "raw", "checksum": "0"}
        cell["id"] = "the same for all"
    copied = copy.deepcopy(find(made, "binary_cross_entropy"))
    copied["source"] = find(blank(), "binary_cross_entropy")["source"]
    made["cells"].append(copied)
    made["cells"].append(copy.deepcopy(find(made, "test_binary_cross_entropy")))
    made["cells"].append(made["cells"].pop(0))
    made |= {"nbformat_minor": 99, "metadata": {"nbgrader": "yes", "kernelspec": 5}}
    result = graded(made)
    assert lost(result) == {"binary_entropy": ("not-attempted", 0.0)}
    assert result.report.max_score == 24
    assert sum(cell.max_score for cell in result.report.cells) == 26
    notes = " ".join(result.report.notes)
    assert "3 missing cells were put back: setup, binary_entropy, test_kl_bernoulli" in notes
    assert "2 copied cells were found" in notes


def test_a_notebook_whose_settings_were_all_lost():
    """Some editors drop what they do not know. The functions are there, so they are found by their names."""
    made = notebook()
    for cell in made["cells"]:
        cell["metadata"] = {}
    assert lost(graded(made)) == {}


def test_an_untouched_notebook_scores_nothing_and_a_right_one_everything():
    assert graded(blank()).report.score == 0
    assert graded(notebook()).report.full_marks


def test_another_languages_kernel():
    made = notebook(binary_entropy="binary_entropy <- function(q) -q*log(q) - (1-q)*log(1-q)")
    made["metadata"] = {"kernelspec": {"name": "ir", "display_name": "R", "language": "R"}}
    result = graded(made)
    assert lost(result) == {"binary_entropy": ("missing", 0.0)} or lost(result) == {"binary_entropy": ("error", 0.0)}
    assert "another language" in result.report.notes[0]


def test_cells_in_reverse_order_run_in_that_order():
    """As in a notebook: what needs an import that comes later fails, and its message says which name is missing."""
    made = notebook()
    made["cells"].reverse()
    result = graded(made)
    assert lost(result) == {"binary_cross_entropy": ("error", 0.0)}
    assert "NameError: name 'np' is not defined" in cell_of(result, "binary_cross_entropy").message


@pytest.mark.parametrize("place", ["a cell of its own", "another task's cell", "below a command", "no stub left"])
def test_a_right_function_in_another_cell(place):
    made = notebook(binary_entropy=find(blank(), "binary_entropy")["source"])
    answer = right()["binary_entropy"]
    if place == "a cell of its own":
        add(made, answer, before="test_binary_entropy")
    elif place == "another task's cell":
        find(made, "kl_bernoulli")["source"] = f"{answer}\n\n\n{right()['kl_bernoulli']}"
    elif place == "below a command":
        add(made, f"%matplotlib inline\n!ls\nfiles = !ls\n%pip install torch\n{answer}", before="test_binary_entropy")
    else:
        made["cells"].remove(find(made, "binary_entropy"))
        add(made, answer)
    assert lost(graded(made)) == {}


def test_several_copies_of_an_answer():
    """The last copy with an answer counts, wherever an untouched one comes."""
    made = notebook()
    wrong, stub = copy.deepcopy(find(made, "binary_entropy")), copy.deepcopy(find(blank(), "binary_entropy"))
    wrong["source"] = "def binary_entropy(q):\n    return 0"
    made["cells"].insert(0, wrong)
    made["cells"].append(stub)
    assert lost(graded(made)) == {}
    made["cells"].append(copy.deepcopy(wrong))
    assert lost(graded(made)) == {"binary_entropy": ("wrong", 0.0)}


@pytest.mark.parametrize(
    "body",
    [
        "pass",
        "...",
        '"""Only words."""',
        "raise NotImplementedError",
        "raise NotImplementedError('later')",
        "# a comment\n    pass",
    ],
)
def test_a_stub_in_other_words_is_not_attempted(body):
    stub = find(blank(), "binary_entropy")["source"]
    stub = "".join(stub)
    assert is_untouched(f"%%time\ndef binary_entropy(q):\n    {body}\n", stub)
    assert not is_untouched("def binary_entropy(q):\n    return q", stub)
    assert not is_untouched("def binary_entropy(q)", stub)


def test_cells_that_are_made_to_break_a_parser():
    """Deep nesting must not reach the end of the grader's own stack, nor print warnings on its terminal.

    What it does to the student's own process depends on the version of Python: an error in these cells, or so little
    memory left that the others end as well."""
    deep = ("1+" * 49_000 + "1", "(" * 9_000, "-" * 90_000 + "1", "x = 1\0")
    made = json.dumps(notebook(**dict(zip(FUNCTIONS, deep, strict=True)))).encode()
    result = graded(made)
    assert result.report.status == "graded"
    states = {name: state for name, (state, _) in lost(result).items()}
    assert {name: states[name] for name in FUNCTIONS} == dict.fromkeys(FUNCTIONS, "error")
    if sys.version_info[:2] != (3, 12):  # which keeps the memory that such a sum took to parse
        assert set(states) == set(FUNCTIONS)


def test_code_beyond_all_measure_is_not_parsed():
    """Fails by minutes where each cell is parsed for each task, and by hundreds of megabytes where it is all kept."""
    names = "\n".join(task.name for task in unit().tasks)
    made = notebook()
    for number in range(250):
        add(made, names + "".join(f"\na{number}_{line} = 1" for line in range(6_000)))
    cells, notes = parse(json.dumps(made).encode())
    began = time.process_time()
    found = merge(cells, unit(), notes)
    assert sum(map(len, found.names)) < 40_000
    assert "binary_entropy" in found.names[next(i for i, c in enumerate(found.cells) if c.id == "binary_entropy")]
    assert not any(is_untouched(cell.source, task.stub) for cell in found.cells for task in unit().tasks[:5])
    assert time.process_time() - began < 4


def test_warnings_of_a_students_text_stay_off_the_graders_terminal():
    with warnings.catch_warnings(record=True) as seen:
        warnings.simplefilter("always")
        assert names_in("binary_entropy = 1if 1else 2\n'\\d'\n") == {"binary_entropy"}
    assert seen == []
