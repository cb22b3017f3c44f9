"""The reference with one small change: another operator, another constant, a statement left out."""

from __future__ import annotations

import ast
import copy
import inspect
import tomllib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from types import FunctionType
from typing import Any

from autograder.notebooks.units import Unit

EQUIVALENT = "equivalent.toml"
"""Beside the suite: changes that change nothing that was promised, by function, each with the reason."""

_OPERATORS: dict[type[ast.AST], tuple[type[ast.AST], ...]] = {
    ast.Add: (ast.Sub,),
    ast.Sub: (ast.Add,),
    ast.Mult: (ast.Div,),
    ast.Div: (ast.Mult,),
    ast.Pow: (ast.Mult,),
    ast.Lt: (ast.LtE, ast.Gt),
    ast.LtE: (ast.Lt, ast.GtE),
    ast.Gt: (ast.GtE, ast.Lt),
    ast.GtE: (ast.Gt, ast.LtE),
    ast.Eq: (ast.NotEq,),
    ast.NotEq: (ast.Eq,),
    ast.And: (ast.Or,),
    ast.Or: (ast.And,),
}


@dataclass(frozen=True, slots=True)
class Mutant:
    """One change, and the function or class with it."""

    line: int
    before: str
    after: str
    function: Callable[..., Any]


def mutants(unit: Unit, name: str) -> Iterator[Mutant]:
    """The function or class of the reference, changed in one place each time, but for the changes known to change
    nothing."""
    module = unit.reference
    original = getattr(module, name)
    if not isinstance(original, FunctionType | type) or original.__module__ != module.__name__:
        return
    tree = ast.parse(inspect.getsource(module))
    known = _equivalent(unit).get(name, {})
    seen = {ast.unparse(_named(tree, name))}
    for changed, node, place in _changes(tree, name):
        text = ast.unparse(_named(changed, name))
        words = f"{ast.unparse(node)} → {place}"
        if text in seen or words in known:
            continue
        seen.add(text)
        before, _, after = words.partition(" → ")
        yield Mutant(getattr(node, "lineno", 0), before, after, _function(changed, name, module))


def _changes(tree: ast.Module, name: str) -> Iterator[tuple[ast.Module, ast.AST, str]]:
    """The whole module, changed in one place of the function: with the node as it was, and in words as it is."""
    nodes = list(ast.walk(_named(tree, name)))
    words = {id(part) for node in nodes if isinstance(node, ast.Raise) for part in ast.walk(node)}
    for index, node in enumerate(nodes):
        for change in _options(node) if id(node) not in words else ():  # what an error says is nobody's promise
            whole = copy.deepcopy(tree)
            target = list(ast.walk(_named(whole, name)))[index]
            around = _around(nodes, index)
            shown = list(ast.walk(_named(whole, name)))[around]
            change(target)
            ast.fix_missing_locations(whole)
            yield whole, nodes[around], ast.unparse(shown)
        for field in ("body", "orelse"):
            block = getattr(node, field, None)
            for place, statement in enumerate(block) if isinstance(block, list) else ():
                if isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant):
                    continue  # a docstring
                whole = copy.deepcopy(tree)
                target = list(ast.walk(_named(whole, name)))[index]
                getattr(target, field)[place] = ast.Pass()
                ast.fix_missing_locations(whole)
                yield whole, statement, "left out"


def _around(nodes: list[ast.AST], index: int) -> int:
    """Where the expression is that tells what a changed number is for, of anything else where it is itself."""
    found = index
    while isinstance(nodes[found], ast.Constant | ast.keyword):
        found = next(place for place, node in enumerate(nodes) if nodes[found] in ast.iter_child_nodes(node))
    return found if isinstance(nodes[found], ast.expr) else index


def _options(node: ast.AST) -> Iterator[Callable[[ast.AST], None]]:
    if isinstance(node, ast.BinOp | ast.BoolOp):
        for operator in _OPERATORS.get(type(node.op), ()):
            yield _sets("op", operator())
    elif isinstance(node, ast.Compare):
        for place, own in enumerate(node.ops):
            for operator in _OPERATORS.get(type(own), ()):
                yield _sets("ops", [*node.ops[:place], operator(), *node.ops[place + 1 :]])
    elif isinstance(node, ast.Constant) and isinstance(node.value, int | float):
        number = node.value
        others = (not number,) if isinstance(number, bool) else (number + 1, number - 1)
        for other in others:
            yield _sets("value", other)
    elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        yield _sets("op", ast.UAdd())


def _sets(field: str, value: object) -> Callable[[ast.AST], None]:
    return lambda node: setattr(node, field, value)


def _named(tree: ast.Module, name: str) -> ast.FunctionDef | ast.ClassDef:
    return next(node for node in tree.body if isinstance(node, ast.FunctionDef | ast.ClassDef) and node.name == name)


def _function(tree: ast.Module, name: str, module: Any) -> Callable[..., Any]:
    """The changed function, in the reference's own surroundings."""
    names = dict(vars(module))
    only = ast.Module([_named(tree, name)], [])
    code = compile(only, f"{name} of the reference, changed", "exec")
    exec(code, names)  # noqa: S102  (the author's own reference, changed in one place)
    function: Callable[..., Any] = names[name]
    return function


def _equivalent(unit: Unit) -> dict[str, dict[str, str]]:
    data = unit.files.get(f"{unit.name}/{EQUIVALENT}")
    return tomllib.loads(data.decode()) if data else {}
