"""The style that every lesson keeps. Each rule names the cells that break it; the list of rules only grows."""

from __future__ import annotations

import ast
import builtins
import functools
import re
import symtable
from collections.abc import Callable, Iterator
from itertools import groupby, pairwise
from statistics import median

import pytest
from nbformat import NotebookNode

from autograder.notebooks import build

RULES: list[Callable[[NotebookNode], Iterator[str]]] = []
SUBGOALS = ("convert", "validate", "clip", "reduce", "compute", "choose", "update")


def rule(check: Callable[[NotebookNode], Iterator[str]]) -> Callable[[NotebookNode], Iterator[str]]:
    RULES.append(check)
    return check


@pytest.mark.parametrize("check", RULES, ids=lambda check: check.__name__)
def test_style(lesson, check):
    """The rule's docstring says what is wanted."""
    assert list(check(lesson)) == [], check.__doc__


TOLD = {
    "04-confidence",
}
"""Units that still say what was seen below the question. The rules of `done` are for the others; this list shrinks."""


def done(check: Callable[[NotebookNode], Iterator[str]]) -> Callable[[NotebookNode], Iterator[str]]:
    """A rule for the units in which a prediction opens what it asks about."""

    @rule
    @functools.wraps(check)
    def only_there(nb: NotebookNode) -> Iterator[str]:
        if any(calls(cell, "reveal") for cell in nb.cells):
            yield from check(nb)

    return only_there


def test_the_units_that_still_tell_are_these(lesson, unit):
    assert any(calls(cell, "reveal") for cell in lesson.cells) == (unit not in TOLD)


# What is in a notebook


def markdown(nb: NotebookNode) -> list[NotebookNode]:
    return [cell for cell in nb.cells if cell.cell_type == "markdown"]


def code(nb: NotebookNode) -> list[NotebookNode]:
    return [cell for cell in nb.cells if cell.cell_type == "code"]


def grader(cell: NotebookNode) -> dict[str, object]:
    return cell.metadata.get("nbgrader", {})


def is_collapsed(cell: NotebookNode) -> bool:
    return bool(cell.metadata.get("jupyter", {}).get("source_hidden"))


def is_computed(node: ast.expr | None) -> bool:
    """A text with a computed part: an f-string with something to fill in, or what a function returned."""
    return any(isinstance(part, ast.FormattedValue | ast.Call) for part in ast.walk(node or ast.Constant("")))


def is_manual(cell: NotebookNode) -> bool:
    return bool(grader(cell).get("grade") and grader(cell).get("solution"))


def visible(source: str) -> str:
    """The source without its solution: what a student gets to read."""
    return re.sub(r"(?ms)^[^\n]*BEGIN SOLUTION.*?END SOLUTION[^\n]*", _stub, source)


def _stub(region: re.Match[str]) -> str:
    return re.match(" *", region[0])[0] + "raise NotImplementedError"


def solution(source: str) -> str:
    found = re.search(r"(?ms)### BEGIN SOLUTION\n(.*?)\n *### END SOLUTION", source)
    return found.group(1) if found else ""


def tree(cell: NotebookNode) -> ast.Module:
    return ast.parse(cell.source)


def calls(cell: NotebookNode, name: str) -> list[ast.Call]:
    """Calls of a function by its plain name."""
    if cell.cell_type != "code":
        return []
    return [
        node
        for node in ast.walk(tree(cell))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == name
    ]


def argument(call: ast.Call, name: str) -> ast.expr | None:
    return next((keyword.value for keyword in call.keywords if keyword.arg == name), None)


def text(node: ast.expr | None) -> str:
    """A string argument: the literal, the parts of an f-string, or the entries of a list of strings."""
    return " ".join(
        part.value for part in ast.walk(node or ast.Constant("")) if isinstance(part, ast.Constant) and part.value
        and isinstance(part.value, str)
    )  # fmt: skip


def headings(nb: NotebookNode) -> list[tuple[int, str, str]]:
    """Level, text and cell of each heading."""
    return [
        (len(hashes), title, cell.id)
        for cell in markdown(nb)
        for hashes, title in re.findall(r"(?m)^(#{1,6}) (.+)$", cell.source)
    ]


def words(source: str) -> int:
    """Words of running text; a formula counts as one, a table's rules and mark-up as none."""
    plain = re.sub(r"\$\$.*?\$\$|\$[^$]+\$|`[^`]+`", " formula ", source, flags=re.DOTALL)
    return len(re.findall(r"\w[\w’'.-]*", re.sub(r"<[^>]+>|\|[-:| ]+\||https?://\S+", " ", plain)))


def functions(nb: NotebookNode) -> list[NotebookNode]:
    """The cells in which a function is to be written."""
    return [
        cell
        for cell in code(nb)
        if grader(cell).get("solution") and any(isinstance(node, ast.FunctionDef) for node in tree(cell).body)
    ]


def quizzes(nb: NotebookNode) -> list[NotebookNode]:
    """The cells in which an answer is to be written."""
    written = {cell.id for cell in functions(nb)}
    return [cell for cell in code(nb) if grader(cell).get("solution") and cell.id not in written]


# The words


@rule
def one_title_and_no_skipped_level(nb):
    """One H1, in the first cell; no heading level is skipped; no heading occurs twice."""
    found = headings(nb)
    if [cell for level, _, cell in found if level == 1] != [nb.cells[0].id]:
        yield "the first cell has the only H1"
    for (before, _, _), (level, title, cell) in pairwise(found):
        if level > before + 1:
            yield f"{cell}: '{title}' skips a level"
    titles = [title for _, title, _ in found]
    yield from (f"'{title}' occurs twice" for title in set(titles) if titles.count(title) > 1)


@rule
def opens_with_aim_time_and_objectives(nb):
    """The first cell says the aim, the time and at least three things one will be able to do."""
    opening = nb.cells[0].source
    for part in ("**Aim.**", "**Time.**", "**You will be able to**"):
        if part not in opening:
            yield f"{nb.cells[0].id}: no {part}"
    if len(re.findall(r"(?m)^- ", opening)) < 3:
        yield f"{nb.cells[0].id}: fewer than three objectives"


@rule
def starts_with_two_retrieval_questions(nb):
    """The second cell asks two questions from memory and folds the answers away."""
    cell = nb.cells[1]
    if cell.cell_type != "markdown" or len(re.findall(r"(?m)^\d\. .*\?$", cell.source)) != 2:
        yield f"{cell.id}: two numbered questions"
    if "<details><summary>Answers</summary>" not in cell.source:
        yield f"{cell.id}: answers to unfold"


@rule
def ends_with_an_exit_ticket(nb):
    """The last cell is the exit ticket, with at least two questions."""
    last = nb.cells[-1]
    if not last.source.startswith("## Exit ticket") or last.source.count("?") < 2:
        yield f"{last.id}: '## Exit ticket' with questions"


@rule
def a_model_answer_has_as_many_sentences_as_are_asked_for(nb):
    """The model answer to "in three to five sentences" has three to five."""
    number = {"three": 3, "four": 4, "five": 5, "six": 6, "seven": 7}
    for cell in filter(is_manual, markdown(nb)):
        low, high = (number[word] for word in re.search(r"(\w+) to (\w+) sentences", cell.source).groups())
        answer = re.search(r"(?s)BEGIN SOLUTION -->\n(.*?)\n<!--", cell.source)[1]
        count = len(re.split(r"(?<=[.?!])\)?\s+(?=\(?[A-Z])", answer.strip()))
        if not low <= count <= high:
            yield f"{cell.id}: {count} sentences, {low} to {high} are asked for"


@rule
def short_cells_of_text(nb):
    """At most 150 words a Markdown cell, and 80 in the median."""
    counts = {cell.id: words(visible(cell.source)) for cell in markdown(nb)}
    yield from (f"{cell}: {count} words" for cell, count in counts.items() if count > 150)
    if median(counts.values()) > 80:
        yield f"the median is {median(counts.values())} words"


@rule
def tables_have_a_header(nb):
    """A Markdown table has a header row with a name in every column; a computed table has a caption."""
    for cell in markdown(nb):
        lines = cell.source.splitlines()
        for above, line in pairwise(lines):
            if re.fullmatch(r"\|(\s*:?-+:?\s*\|)+", line) and not all(p.strip() for p in above.strip("|").split("|")):
                yield f"{cell.id}: '{above}'"
    for cell in code(nb):
        for call in calls(cell, "table"):
            named = isinstance(call.args[0], ast.Name) or text(call.args[0])
            if not text(argument(call, "caption")) or not named:
                yield f"{cell.id}: table without caption or header"


@rule
def no_filler(nb):
    """Words that belittle the reader's trouble or fill the line are left out."""
    for cell in markdown(nb):
        for word in re.findall(
            r"(?i)\b(simply|obviously|clearly|trivial(?:ly)?|of course|basically|delve)\b", cell.source
        ):
            yield f"{cell.id}: '{word}'"


@rule
def nothing_of_a_machine(nb):
    """No path of a machine and no address of a local server in any cell."""
    for cell in nb.cells:
        for found in re.findall(r"(?:/home|/root|/work|/tmp|/Users|C:\\)\S*|localhost\S*|127\.0\.0\.1", cell.source):
            yield f"{cell.id}: '{found}'"


# The rhythm


@rule
def no_long_runs(nb):
    """Never more than two Markdown or three code cells in a row."""
    for kind, run in groupby(nb.cells, key=lambda cell: cell.cell_type):
        cells = list(run)
        if len(cells) > {"markdown": 2, "code": 3}[kind]:
            yield f"{cells[0].id} to {cells[-1].id}: {len(cells)} {kind} cells"


@rule
def something_to_look_at(nb):
    """Between two figures, tables or exercises lie at most six cells; between two figures or tables at most ten."""
    for limit, exercises in ((6, True), (10, False)):
        since = 0
        for cell in nb.cells:
            seen = any(calls(cell, name) for name in ("show", "table", "move")) or re.search(
                r"(?m)^\|[-:| ]+\|$", cell.source
            )
            since = 0 if seen or (exercises and grader(cell).get("points")) else since + 1
            if since == limit + 1:
                yield f"{cell.id}: {since} cells without"


@rule
def a_recorded_prediction_before_each_figure(nb):
    """Before each figure stands a prompt '**Predict.**' and then a call of predict(), one for each figure."""
    waiting = 0
    for before, cell in zip([None, *nb.cells], nb.cells, strict=False):
        if calls(cell, "predict"):
            waiting += 1
            if before is None or "**Predict.**" not in before.source:
                yield f"{cell.id}: no '**Predict.**' in the cell before"
        if calls(cell, "show"):
            if not waiting:
                yield f"{cell.id}: a figure without a prediction"
            waiting = 0


@rule
def predictions_are_many_and_apart(nb):
    """At least four predictions, each with its own id, and unanswered."""
    made = [call for cell in code(nb) for call in calls(cell, "predict")]
    ids = [call.args[0].value for call in made]
    if len(ids) < 4 or len(set(ids)) < len(ids):
        yield f"ids: {ids}"
    for call in made:
        if any(keyword.value.value is not None for keyword in call.keywords) or len(call.keywords) != 2:
            yield f"{call.args[0].value}: answer=None, probability=None"


@rule
def a_sentence_after_each_figure(nb):
    """The first Markdown cell after a figure starts with '**Seen:**', or what was seen opens after the guess."""
    opens = any(calls(cell, "reveal") for cell in nb.cells)
    for place, cell in enumerate(nb.cells if not opens else ()):
        if calls(cell, "show"):
            after = next((later for later in nb.cells[place + 1 : place + 4] if later.cell_type == "markdown"), None)
            if after is None or not after.source.startswith("**Seen:** "):
                yield f"{cell.id}: no '**Seen:**' after the figure"


# What is done and not told


@done
def what_was_seen_opens_after_the_guess(nb):
    """After each predict() one reveal(), with a sentence on each option of the prompt; no '**Seen:**' in text."""
    waiting: dict[str, str] = {}
    for before, cell in zip([None, *nb.cells], nb.cells, strict=False):
        for call in calls(cell, "predict"):
            waiting[call.args[0].value] = before.source if before else ""
        for call in calls(cell, "reveal"):
            name, right = (argument.value for argument in call.args[:2])
            options = set(re.findall(r"(?m)^- ([a-d]): ", waiting.pop(name, "")))
            given = {keyword.arg for keyword in call.keywords} - {"seen"}
            if given != options or right not in {*options, None} or argument(call, "seen") is None:
                yield f"{name}: {sorted(options)} in the prompt, {sorted(given)} opened, {right} is right"
        if cell.cell_type == "markdown" and "**Seen:**" in cell.source:
            yield f"{cell.id}: says what was seen before there is a guess"
    yield from (f"{name}: never opened" for name in waiting)


@done
def a_cell_that_draws_or_opens_is_collapsed(nb):
    """Its source holds the answer. Only what a reader should read or change stays in sight."""
    for cell in code(nb):
        if (calls(cell, "show") or calls(cell, "reveal")) and not is_collapsed(cell):
            yield f"{cell.id}: jupyter: source_hidden: true"


@done
def a_figure_and_a_table_wait_for_their_guess(nb):
    """Between predict("ID") and reveal("ID"), show() and table() have after="ID"."""
    waiting = ""
    for cell in code(nb):
        for name in ("show", "table"):
            for call in calls(cell, name):
                if waiting and text(argument(call, "after")) != waiting:
                    yield f'{cell.id}: {name}() without after="{waiting}"'
        for call in calls(cell, "predict"):
            waiting = call.args[0].value
        if calls(cell, "reveal"):
            waiting = ""


@done
def a_text_alternative_is_computed(nb):
    """The alt of a figure is an f-string with numbers from the data: it cannot go stale."""
    for cell in code(nb):
        yield from (
            f"{cell.id}: a literal alt" for call in calls(cell, "show") if not is_computed(argument(call, "alt"))
        )


@done
def no_letter_is_a_strategy(nb):
    """Each of the letters a, b and c is right for at least one prediction and for at most half of them."""
    right = [call.args[1].value for cell in code(nb) for call in calls(cell, "reveal")]
    for letter in "abc":
        if not 0 < right.count(letter) <= len(right) / 2:
            yield f"{letter} is right {right.count(letter)} times in {len(right)}"


@done
def the_first_cell_says_how_to_check(nb):
    """With the grader and without it."""
    for part in ("%load_ext autograder", "%check", "%hint", "Without"):
        if part not in nb.cells[0].source:
            yield f"{nb.cells[0].id}: no {part}"


@done
def what_is_written_is_used(nb):
    """After each function, a cell that is no test calls it, below `with yours():` since it may not be written yet."""
    for cell in functions(nb):
        name = grader(cell)["grade_id"]
        later = code(nb)[code(nb).index(cell) + 1 :]
        uses = [other for other in later if not grader(other) and calls(other, name)]
        if not any("with yours():" in other.source for other in uses):
            yield f"{name}: never used"


@done
def something_moves_is_derived_and_is_unmasked(nb):
    """In each unit a number to move, two tasks to change one, a derivation to fill in and a function to unmask."""
    prose = " ".join(cell.source for cell in markdown(nb))
    if not any(calls(cell, "move") for cell in nb.cells):
        yield "nothing to move()"
    if not any(calls(cell, "compare") for cell in nb.cells):
        yield "no derivation to compare()"
    if prose.count("**Change one number.**") < 2:
        yield "fewer than two '**Change one number.**'"
    if not any(str(grader(cell).get("grade_id", "")).startswith("unmask_") for cell in nb.cells):
        yield "no cell unmask_…"


SHARED = {"02-rmse", "04-confidence", "05-scale", "06-overfitting", "07-choosing"}
"""Units with a name that a cell takes from another one, and that two cells give different values. It shrinks."""


def test_a_cell_can_be_run_again_after_all_others(lesson, unit):
    """What it takes from another cell comes from one cell only, so that later ones do not change what it shows."""
    givers: dict[str, int] = {}
    taken: set[tuple[str, str]] = set()
    for cell in code(lesson):
        table = symtable.symtable(cell.source, cell.id, "exec")
        given = {symbol.get_name() for symbol in table.get_symbols() if symbol.is_assigned()}
        taken |= {(cell.id, name) for name in _read_first(cell) if name not in dir(builtins)}
        for name in given:
            givers[name] = givers.get(name, 0) + 1
    found = sorted((cell, name) for cell, name in taken if givers.get(name, 0) > 1)
    assert bool(found) == (unit in SHARED), found


def _read_first(cell: NotebookNode) -> set[str]:
    """Names that a cell reads in a statement before it has given them a value itself."""
    given: set[str] = set()
    read: set[str] = set()
    for statement in tree(cell).body:
        outer = symtable.symtable(ast.unparse(statement), cell.id, "exec")
        given |= {symbol.get_name() for symbol in outer.get_symbols() if symbol.is_assigned()}
        tables = [outer]
        for table in tables:
            tables += table.get_children()
            loose = (s for s in table.get_symbols() if s.is_referenced() and (table is outer or s.is_global()))
            read |= {symbol.get_name() for symbol in loose} - given
    return read


# The figures


@rule
def every_figure_has_a_text_alternative(nb):
    """show() gets a literal alt of 30 characters or more; images in Markdown and HTML have one, too."""
    for cell in code(nb):
        for call in calls(cell, "show"):
            if len(text(argument(call, "alt"))) < 30:
                yield f"{cell.id}: show() without alt"
    for cell in markdown(nb):
        if re.search(r"!\[\s*\]\(", cell.source) or re.search(r"<img(?![^>]*\balt=\"[^\"]+\")", cell.source):
            yield f"{cell.id}: an image without alt"


@rule
def every_axis_is_labelled(nb):
    """figure() gets an x and a y label, and shows a unit or says that it is a probability, a number or a name."""
    plain = r"\(.+\)|probability|number|forecast|confidence|model|eps|log10|epoch|step|threshold|weight"
    for cell in code(nb):
        for call in (*calls(cell, "figure"), *calls(cell, "move")):
            for axis in ("x", "y"):
                label = text(argument(call, axis))
                if not re.search(plain, label):
                    yield f"{cell.id}: {axis} label '{label}'"


@rule
def figures_come_from_the_helper(nb):
    """Figures are made by figure() and shown by show(): no pyplot, no other way to a picture."""
    for cell in code(nb):
        for found in re.findall(r"\bplt\b|pyplot|savefig|IPython\.display|\.imshow\(|%matplotlib", cell.source):
            yield f"{cell.id}: {found}"


COLOURED = {"color", "c", "facecolor", "edgecolor", "cmap"}


@rule
def colours_of_okabe_and_ito(nb):
    """Colours come from the palette by name, never as a code or from another set; black is black."""
    for cell in code(nb):
        for node in ast.walk(tree(cell)):
            # (c is also the name of an option, with a sentence on it)
            option = isinstance(node, ast.keyword) and node.arg == "c" and len(text(node.value).split()) > 1
            if isinstance(node, ast.keyword) and node.arg in COLOURED and not option:
                named = isinstance(node.value, ast.Subscript) and ast.unparse(node.value.value) == "COLOURS"
                if not named and ast.unparse(node.value) not in ("'black'", "'white'"):
                    yield f"{cell.id}: {node.arg}={ast.unparse(node.value)}"
        for found in re.findall(r"#[0-9A-Fa-f]{6}\b", cell.source):
            yield f"{cell.id}: {found}"


@rule
def labels_rather_than_legends(nb):
    """No legend: the name of a line stands beside it."""
    yield from (f"{cell.id}: legend" for cell in code(nb) if ".legend(" in cell.source)


# The code


@rule
def short_cells_of_code(nb):
    """At most ten visible lines a code cell, twice that where it is collapsed; docstrings, blank lines and the lines of
    a long show() or reveal() are not counted."""
    for cell in code(nb):
        source = visible(cell.source)
        parsed = ast.parse(source)
        lines = {number for number, line in enumerate(source.splitlines(), start=1) if line.strip()}
        for node in ast.walk(parsed):
            if isinstance(node, ast.FunctionDef) and ast.get_docstring(node):
                lines -= set(range(node.body[0].lineno, node.body[0].end_lineno + 1))
            if isinstance(node, ast.Call) and ast.unparse(node.func) in ("show", "reveal"):
                lines -= set(range(node.lineno + 1, node.end_lineno + 1))
        if len(lines) > (20 if is_collapsed(cell) else 10):
            yield f"{cell.id}: {len(lines)} lines"


@rule
def lines_that_fit(nb):
    """Code lines of at most 110 characters, so that few screens have to scroll; 120 in a cell that is collapsed."""
    for cell in code(nb):
        most = 120 if is_collapsed(cell) else 110
        yield from (f"{cell.id}: {len(line)}: {line}" for line in cell.source.splitlines() if len(line) > most)


@rule
def solutions_label_their_steps(nb):
    """A function's solution names its steps in comments, at least two of which start with a subgoal word."""
    for cell in functions(nb):
        comments = re.findall(r"# (.*)", solution(cell.source))
        if sum(comment.startswith(SUBGOALS) for comment in comments) < 2:
            yield f"{cell.id}: comments are {comments}"


# The grader's metadata


@rule
def metadata_is_whole(nb):
    """Schema 3, a cell type that is true, ids that occur once, and no task cells."""
    ids = [grader(cell)["grade_id"] for cell in nb.cells if grader(cell)]
    yield from (f"{name} occurs {ids.count(name)} times" for name in set(ids) if ids.count(name) > 1)
    wanted = {"cell_type", "grade", "grade_id", "locked", "schema_version", "solution", "task"}
    for cell in nb.cells:
        data = grader(cell)
        if data and (data["schema_version"] != 3 or data["cell_type"] != cell.cell_type or data["task"]):
            yield f"{cell.id}: {dict(data)}"
        if data and set(data) - {"points"} != wanted:
            yield f"{cell.id}: keys {sorted(set(data) ^ wanted)}"
        if data and data["grade"] != ("points" in data):
            yield f"{cell.id}: points belong to graded cells and to no others"
        if not data and "BEGIN SOLUTION" in cell.source:
            yield f"{cell.id}: a solution in a cell without metadata"


@rule
def an_answer_is_followed_by_its_test(nb):
    """The cell NAME is open and writes NAME; the next cell is test_NAME, locked, with points."""
    for place, cell in enumerate(nb.cells):
        data = grader(cell)
        if cell.cell_type != "code" or not data.get("solution"):
            continue
        name, after = data["grade_id"], grader(nb.cells[place + 1])
        if data["grade"] or data["locked"]:
            yield f"{name}: an answer is neither graded itself nor locked"
        expected = {"grade_id": f"test_{name}", "grade": True, "locked": True, "solution": False}
        if {key: after.get(key) for key in expected} != expected:
            yield f"{name}: the next cell is {dict(after)}"
        names = {node.name for node in tree(cell).body if isinstance(node, ast.FunctionDef)} | {
            target.id for node in tree(cell).body if isinstance(node, ast.Assign) for target in node.targets
        }
        if name not in names:
            yield f"{name}: the cell defines {names}"


@rule
def only_tests_and_written_answers_have_points(nb):
    """Points stand in cells test_NAME (locked) and in written answers, and there is at least one of the latter."""
    if not any(is_manual(cell) for cell in markdown(nb)):
        yield "no written answer"
    for cell in nb.cells:
        data = grader(cell)
        if data.get("grade") and not is_manual(cell) and not str(data["grade_id"]).startswith("test_"):
            yield f"{cell.id}: graded, but no test"
        if is_manual(cell) and (cell.cell_type != "markdown" or data["locked"]):
            yield f"{cell.id}: a written answer is an open Markdown cell"
        if data.get("points", 1) <= 0:
            yield f"{cell.id}: no points"


@rule
def run_all_goes_on(nb):
    """Visible tests and quiz answers may fail without stopping Run All; no other cell may."""
    may_fail = {cell.id for cell in code(nb) if grader(cell).get("grade")} | {cell.id for cell in quizzes(nb)}
    tagged = {cell.id for cell in nb.cells if "raises-exception" in cell.metadata.get("tags", [])}
    yield from (f"{cell}: raises-exception is missing or too much" for cell in may_fail ^ tagged)


@rule
def functions_keep_their_contract_visible(nb):
    """Signature and docstring of a function stand outside the solution."""
    for cell in functions(nb):
        parsed = ast.parse(visible(cell.source))
        function = next(node for node in parsed.body if isinstance(node, ast.FunctionDef))
        if function.name != grader(cell)["grade_id"] or not ast.get_docstring(function):
            yield f"{cell.id}: {function.name}"


@rule
def quiz_answers_say_what_to_write(nb):
    """Above a quiz answer stands a comment 'NAME = what to write', and the answer is hidden."""
    for cell in quizzes(nb):
        name = grader(cell)["grade_id"]
        if not re.match(rf"# {name} = \S", cell.source) or re.search(rf"(?m)^{name} =", visible(cell.source)):
            yield f"{name}: {visible(cell.source)}"


@rule
def visible_tests_say_so_and_explain(nb):
    """A visible test calls itself that, and each of its asserts has a message."""
    for cell in code(nb):
        if grader(cell).get("grade"):
            if not cell.source.startswith("# Visible test"):
                yield f"{cell.id}: starts with '{cell.source.splitlines()[0]}'"
            asserts = [node for node in ast.walk(tree(cell)) if isinstance(node, ast.Assert)]
            if not asserts or any(node.msg is None for node in asserts):
                yield f"{cell.id}: an assert without a message, or no assert"
            if re.search(r"HIDDEN TESTS|BEGIN SOLUTION", cell.source):
                yield f"{cell.id}: something hidden in a visible test"


# The rules themselves

BREAKS: dict[str, tuple[str, str]] = {
    "one_title_and_no_skipped_level": ("\n## ", "\n#### "),
    "opens_with_aim_time_and_objectives": ("**Time.**", "Time:"),
    "starts_with_two_retrieval_questions": ("<details>", "<p>"),
    "ends_with_an_exit_ticket": ("## Exit ticket", "## Good-bye"),
    "a_model_answer_has_as_many_sentences_as_are_asked_for": (
        "in three to five sentences",
        "in six to seven sentences",
    ),
    "short_cells_of_text": ("**Aim.**", "**Aim.** " + "word " * 151),
    "tables_have_a_header": ("caption=", "text="),
    "no_filler": ("**Aim.**", "**Aim.** Simply"),
    "nothing_of_a_machine": ("**Aim.**", "**Aim.** /home/me"),
    "no_long_runs": ("ipython3\npredict(", "ipython3\n" + 2 * "pass\n```\n\n```{code-cell} ipython3\n" + "predict("),
    "something_to_look_at": ("show(fig,", "print("),
    "a_recorded_prediction_before_each_figure": ("predict(", "print("),
    "predictions_are_many_and_apart": ("answer=None", "answer='a'"),
    "a_sentence_after_each_figure": ("reveal(", "print("),
    "what_was_seen_opens_after_the_guess": ("seen=", "saw="),
    "a_cell_that_draws_or_opens_is_collapsed": ("source_hidden: true", "source_hidden: false"),
    "a_figure_and_a_table_wait_for_their_guess": ("after=", "later="),
    "a_text_alternative_is_computed": ("alt=f", "alt="),
    "no_letter_is_a_strategy": ('", "b", seen=', '", "c", seen='),
    "the_first_cell_says_how_to_check": ("%hint", "hint"),
    "what_is_written_is_used": ("with yours():", "if True:"),
    "something_moves_is_derived_and_is_unmasked": ("compare(", "print("),
    "every_figure_has_a_text_alternative": ("alt=", "text="),
    "every_axis_is_labelled": (", y=", ", z="),
    "figures_come_from_the_helper": ("show(fig,", "plt.show(fig,"),
    "colours_of_okabe_and_ito": ('color="black"', 'color="red"'),
    "labels_rather_than_legends": ("ax.set(", "ax.legend("),
    "short_cells_of_code": ("predict(", "pass\n" * 10 + "predict("),
    "lines_that_fit": ("predict(", "# " + "long " * 25 + "\npredict("),
    "solutions_label_their_steps": ("# reduce", "# finish"),
    "metadata_is_whole": ("schema_version: 3", "schema_version: 2"),
    "an_answer_is_followed_by_its_test": ("grade_id: test_", "grade_id: check_"),
    "only_tests_and_written_answers_have_points": ("grade_id: test_", "grade_id: check_"),
    "run_all_goes_on": ("tags: [raises-exception]", "tags: []"),
    "functions_keep_their_contract_visible": ("\ndef ", "\ndef my_"),
    "quiz_answers_say_what_to_write": (" = a number", ": a number"),
    "visible_tests_say_so_and_explain": ("# Visible test", "# Test"),
}


def test_every_rule_can_fail(root, tmp_path):
    """A rule that no change of a real lesson breaks would hold nothing."""
    assert set(BREAKS) == {check.__name__ for check in RULES}
    unit = build.units(root)[0]
    text = (root / "course" / unit / f"{unit}.md").read_text()
    for check in RULES:
        old, new = BREAKS[check.__name__]
        broken = tmp_path / f"{check.__name__}.md"
        broken.write_text(text.replace(old, new))
    deaf = [check.__name__ for check in RULES if not list(check(build.notebook(tmp_path / f"{check.__name__}.md")))]
    assert deaf == []
