"""A first suite and reference for the functions that an instructor's notebook defines.

The solutions are run here, as the author's own code, to find inputs that they take.
"""

from __future__ import annotations

import ast
import contextlib
import inspect
import io
import itertools
import re
import symtable
import warnings
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from autograder import kit
from autograder.notebooks import class_drafts

_MARKER = re.compile(r"^\s*#+ *(BEGIN|END) SOLUTION.*$\n?", re.MULTILINE)
_DRAWS = 5
_MOST = 400
"""Ways to choose the arguments that are tried."""

_DRAWN = {
    "numbers": "rng.normal(size=n)",
    "matrix": "rng.normal(size=(n, 3))",
    "positive": "rng.uniform(0.5, 2, size=n)",
    "whole": "int(rng.integers(1, 9))",
    "number": "float(rng.uniform(0.5, 2))",
    "probabilities": "rng.uniform(0.05, 0.95, size=n)",
    "labels": "rng.integers(0, 2, size=n)",
}
"""How each kind of argument is drawn, the most likely first."""


@dataclass(frozen=True, slots=True)
class Source:
    """One code cell that carries no points."""

    text: str
    solution: bool = False


@dataclass(frozen=True, slots=True)
class Draft:
    functions: tuple[str, ...]
    reference: str
    suite: str
    unfed: tuple[str, ...] = ()
    """The functions for which no inputs were found."""


def draft(cells: Sequence[Source]) -> Draft:
    """A suite of one value, one numerical and one contract test for each function and class of a solution cell."""
    trees = [(cell, tree) for cell in cells if (tree := _tree(_MARKER.sub("", cell.text))) is not None]
    functions = tuple(
        dict.fromkeys(
            node.name
            for cell, tree in trees
            if cell.solution
            for node in tree.body
            if isinstance(node, ast.FunctionDef | ast.ClassDef)
        )
    )
    reference = _reference([tree for _, tree in trees], functions)
    defined = _run(reference)
    texts, unfed = [], []
    for name in functions:
        found = defined.get(name)
        if inspect.isclass(found):
            text, fed = class_drafts.tests(found, _DRAWN)
        else:
            drawn = _arguments(found) if found is not None else None
            text, fed = _tests(name, drawn, found), drawn is not None
        texts.append(text)
        unfed += [] if fed else [name]
    return Draft(functions, reference, _SUITE + "".join(texts), tuple(unfed))


def _tree(text: str) -> ast.Module | None:
    """The cell as a tree, without IPython's own lines."""
    try:
        return ast.parse("\n".join(line for line in text.splitlines() if not line.lstrip().startswith(("%", "!"))))
    except SyntaxError:
        return None


def _reference(trees: Sequence[ast.Module], functions: Sequence[str]) -> str:
    """The functions, and of everything else that the notebook defines what they need."""
    imports: dict[str, ast.stmt] = {}
    known: dict[str, ast.stmt] = {}
    for node in itertools.chain.from_iterable(tree.body for tree in trees):
        if isinstance(node, ast.Import | ast.ImportFrom):
            imports |= {(alias.asname or alias.name).partition(".")[0]: node for alias in node.names}
        elif isinstance(node, ast.FunctionDef | ast.ClassDef):
            known[node.name] = node
        elif isinstance(node, ast.Assign):
            known |= {target.id: node for target in node.targets if isinstance(target, ast.Name)}
    waiting, needed = list(functions), dict.fromkeys(functions)
    while waiting:
        used = _from_outside(symtable.symtable(ast.unparse(known[waiting.pop()]), "a cell", "exec"))
        fresh = [name for name in sorted(set(used)) if name in known and name not in needed]
        waiting += fresh
        needed |= dict.fromkeys(fresh)
    body = [node for name, node in known.items() if name in needed]
    names = {node.id for top in body for node in ast.walk(top) if isinstance(node, ast.Name)}
    used_imports = dict.fromkeys(ast.unparse(node) for name, node in imports.items() if name in names)
    texts = [ast.unparse(node) for node in dict.fromkeys(body)]
    parts = ['"""The right functions: the solutions of the instructor\'s notebook."""', *used_imports]
    return (
        "\n\n".join(["\n".join(parts[:1]), "\n".join(parts[1:])] if parts[1:] else parts)
        + "".join(f"\n\n\n{text}" for text in texts)
        + "\n"
    )


def _from_outside(table: symtable.SymbolTable) -> Iterator[str]:
    """The names that some code looks up where it stands: not the arguments and variables of its functions."""
    for symbol in table.get_symbols():
        if symbol.is_global() or (table.get_type() == "module" and symbol.is_referenced()):
            yield symbol.get_name()
    for inner in table.get_children():
        yield from _from_outside(inner)


def _run(reference: str) -> dict[str, Callable[..., Any]]:
    namespace: dict[str, Any] = {"__name__": "reference"}
    with contextlib.suppress(Exception), contextlib.redirect_stdout(io.StringIO()):
        exec(compile(reference, "reference.py", "exec"), namespace)  # noqa: S102 - the author's own solutions
    own = {name: value for name, value in namespace.items() if inspect.isfunction(value) or inspect.isclass(value)}
    return {name: value for name, value in own.items() if value.__module__ == "reference"}


def _arguments(function: Callable[..., Any]) -> tuple[str, ...] | None:
    """Of which kind its arguments may be: the first choice for which it returns something, and not always the same."""
    wanted = [
        parameter.name
        for parameter in inspect.signature(function).parameters.values()
        if parameter.default is parameter.empty and parameter.kind in (0, 1)
    ]
    kinds = [sorted(_DRAWN, key=lambda kind: kind != "matrix") if name.isupper() else list(_DRAWN) for name in wanted]
    for chosen in itertools.islice(itertools.product(*kinds), _MOST):
        with contextlib.suppress(Exception), warnings.catch_warnings(), contextlib.redirect_stdout(io.StringIO()):
            warnings.simplefilter("error")
            results = [function(*drawn) for drawn in _drawings(chosen)]
            if all(map(_is_comparable, results)) and not kit.identical(results[0], results[1]):
                return chosen
    return None


def _drawings(chosen: Sequence[str]) -> Iterator[list[Any]]:
    for seed in range(_DRAWS):
        rng = np.random.default_rng(seed)
        n = int(rng.integers(4, 9))
        yield [eval(_DRAWN[kind], {"rng": rng, "n": n}) for kind in chosen]


def _takes_lists(function: Callable[..., Any], chosen: Sequence[str]) -> bool:
    """Whether lists are as good to it as arrays."""
    if not any(_DRAWN[kind].startswith("rng.") for kind in chosen):
        return False
    for drawn in _drawings(chosen):
        try:
            with contextlib.redirect_stdout(io.StringIO()):
                lists = [one.tolist() if isinstance(one, np.ndarray) else one for one in drawn]
                other, result = function(*lists), function(*drawn)
        except Exception:
            return False
        if not (other == result if isinstance(result, str) else kit.same(other, result)):
            return False
    return True


def _is_comparable(result: object) -> bool:
    if isinstance(result, str):
        return True
    array = np.asarray(result)
    return array.dtype.kind in "iuf" and array.size > 0 and bool(np.isfinite(array).all()) and kit.same(result, array)


def _tests(name: str, chosen: tuple[str, ...] | None, function: Callable[..., Any] | None) -> str:
    drawn = ", ".join(_DRAWN[kind] for kind in chosen or ())
    size = "    n = int(rng.integers(4, 9))\n" if re.search(r"\bn\b", drawn) else ""
    example, compare = "", "kit.same({}, {})"
    if chosen and function is not None:
        first = next(_drawings(chosen))
        shown = [np.round(one, 2).tolist() if isinstance(one, np.ndarray | float) else one for one in first]
        with contextlib.suppress(Exception):
            if isinstance(function(*shown), str):
                compare = "kit.said({}, {})"
            example = f"    @kit.example({', '.join(map(repr, shown))})\n"
    else:
        size = "    # How are inputs drawn that the function takes?\n"
    equal = compare.format(f"student.{name}(*given)", f"reference.{name}(*given)")
    care = _LISTS if chosen and function is not None and _takes_lists(function, chosen) else _MORE
    return _CLASS.format(
        name=name,
        size=size,
        drawn=f"({drawn},)" if drawn else "()",
        example=example,
        equal=equal,
        care=care.format(name=name),
    )


_SUITE = '''"""The hidden tests. One class for each cell that carries points: Test_NAME grades the cell test_NAME.

A test is of one kind. Its docstring is the sentence that a student reads, and so is its hint: make them say more.
"""

from __future__ import annotations

from autograder import kit

from . import reference
'''

_LISTS = '''    @kit.hint("Convert what comes in first. A list counts as much as an array.")
    def test_lists(self, student, rng):
        """For lists in the place of arrays the result is not right."""
        given = tuple(one.tolist() if hasattr(one, "tolist") else one for one in arguments_of_{name}(rng))
'''

_MORE = '''    @kit.hint("What happens for very large, very small and equal numbers?")
    def test_unusual_numbers(self, student, rng):
        """For unusual inputs the result is not right."""
        given = arguments_of_{name}(rng)  # which inputs are unusual here?
'''

_CLASS = '''

def arguments_of_{name}(rng):
    """Inputs that nobody sees. One seed a run: everybody graded together gets the same."""
{size}    return {drawn}


class Test_{name}:
    @kit.value
{example}    @kit.hint("Compute one small case by hand. Does your function return the same?")
    def test_values(self, student, rng):
        """For some inputs the result is not right."""
        for _ in range(5):
            given = arguments_of_{name}(rng)
            assert {equal}

    @kit.numerical
{example}{care}        assert {equal}

    @kit.contract
{example}    @kit.hint("Work on a copy of what comes in, and change only that.")
    def test_inputs_stay(self, student, rng):
        """The inputs are not what they were before the call."""
        given = arguments_of_{name}(rng)
        assert kit.identical(given, tuple(student.{name}.after(*given)))
'''
