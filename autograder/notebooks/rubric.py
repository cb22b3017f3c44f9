"""A unit's rubric for its written answers: what a person looks for, and what each part is worth.

course/NAME/rubric.toml, with a table for each written answer's cell:

[why]
"Names the assumption." = 1
"Gives a counter-example." = 1
"""

from __future__ import annotations

import math
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass

from autograder.notebooks.units import BrokenUnit, Unit

FILE = "rubric.toml"


@dataclass(frozen=True, slots=True)
class Criterion:
    """One part of a full answer."""

    says: str
    points: float


def rubric(unit: Unit | None) -> Mapping[str, tuple[Criterion, ...]]:
    """By cell what a full answer has, in the author's order; empty where the unit has none. Raises `BrokenUnit`."""
    data = unit.files.get(f"{unit.name}/{FILE}") if unit is not None else None
    if unit is None or data is None:
        return {}
    place = f"{unit.place}/{FILE}"
    try:
        tables = tomllib.loads(data.decode())
    except ValueError as error:
        raise BrokenUnit(f"{place} cannot be read: {error}") from error
    return {cell: _criteria(place, cell, table) for cell, table in tables.items()}


def _criteria(place: str, cell: str, table: object) -> tuple[Criterion, ...]:
    if not isinstance(table, dict) or not table or not all(map(_is_points, table.values())):
        raise BrokenUnit(f'{place}: [{cell}] must have lines such as "Names the assumption." = 1')
    return tuple(Criterion(says, float(points)) for says, points in table.items())


def _is_points(value: object) -> bool:
    return type(value) in (int, float) and math.isfinite(value) and value > 0  # type: ignore[arg-type, operator]
