"""`autograder prove`: an author's promises, one line each, and what speaks against them."""

from __future__ import annotations

import json as json_of
import math
import sys
from pathlib import Path

from rich.console import Console
from rich.table import Table
from rich.text import Text

from autograder.grading.preflight import hold
from autograder.grading.preflight.hold import Refused
from autograder.grading.preflight.proof import Claim, prove, record
from autograder.grading.suite import BrokenSuite
from autograder.notebooks import assignment, units
from autograder.notebooks.assignment import NoSuchAssignment
from autograder.notebooks.units import BrokenUnit, NoSuchUnit
from autograder.wall.outside import doctor
from autograder.wall.outside.process import NoWall

_SHOWN = 8
"""Of what speaks against one promise, so many lines are shown; --json has all."""


def show(course: Path, name: str, console: Console, *, seeds: int, mutate: bool, json: bool) -> int:
    """Try the unit, print the outcome, and return the exit status."""
    claims = []
    try:
        found = assignment.load(name, course)
        if found.unit is None:
            raise NoSuchUnit(f"There is no hidden suite for {name}: write {units.folder(course).name}/{name}/suite.py.")
        hold.hold(found, course, doctor.best(found.packages))
        claims.append(Claim("the solution has full marks", int(hold.has_solution(course, name))))
        claims.append(Claim("the stub earns nothing", 1))
        claims += prove(found, found.unit, seeds=seeds, mutate=mutate)
    except Refused as error:
        claims.append(Claim("the parts fit, and the solution has full marks", 1, (str(error),)))
    except (NoSuchAssignment, NoSuchUnit, BrokenUnit, BrokenSuite, NoWall) as error:
        print(f"{name} cannot be proved: {error}", file=sys.stderr)
        return 2
    if json:
        print(json_of.dumps(record(claims, name), indent=2, ensure_ascii=False))
    else:
        console.print(_table(name, claims))
        for claim in claims:
            for line in claim.against[:_SHOWN]:
                console.print(Text(f"  {line}"))
            if len(claim.against) > _SHOWN:
                console.print(f"  … and {len(claim.against) - _SHOWN} more; --json has all.")
    return 0 if all(claim.kept for claim in claims) else 1


def _table(name: str, claims: list[Claim]) -> Table:
    table = Table(title=name, title_justify="left", box=None, pad_edge=False)
    table.add_column("promise")
    table.add_column("tried", justify="right")
    table.add_column("")
    for claim in claims:
        words = "kept" if claim.kept else f"BROKEN in {len(claim.against)}"
        words += "" if claim.score is None else f", score {math.floor(100 * claim.score)} %"  # 100 % is all of them
        table.add_row(claim.name, str(claim.tried), words if claim.tried else "nothing to try")
    return table
