"""How lenient a course is, by its own settings: what a result may differ by, and what each kind of test is worth.

[leniency]
rtol = 1e-4
atol = 1e-6
shares = { value = 0.90, numerical = 0.05, contract = 0.05 }
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

_MOST = 0.1
"""A tolerance beyond this accepts nearly everything."""


class NotLenient(ValueError):
    """The settings cannot be meant. The message says why."""


@dataclass(frozen=True, slots=True)
class Shares:
    """How a function's points are divided among the kinds of tests that its suite has."""

    value: float = 0.70
    numerical: float = 0.15
    contract: float = 0.15


@dataclass(frozen=True, slots=True)
class Leniency:
    """Beside the rules that the suites have of their own."""

    rtol: float = 0.0
    """A result may differ from the right one by this share of it, where its test asks for more than that."""
    atol: float = 0.0
    """And by this much."""
    shares: Shares = Shares()


def read(settings: object) -> Leniency:
    """What a course's settings say. Raises `NotLenient`."""
    found = _table(settings, {"rtol", "atol", "shares"}, "leniency")
    shares = found.pop("shares", None)
    tolerances = {name: _number(value, f"leniency.{name}", _MOST) for name, value in found.items()}
    return Leniency(**tolerances, shares=Shares() if shares is None else _shares(shares))


def _shares(settings: object) -> Shares:
    kinds = [field.name for field in fields(Shares)]
    found = _table(settings, set(kinds), "leniency.shares")
    shares = {kind: _number(found.get(kind), f"leniency.shares.{kind}", 1.0) for kind in kinds}
    if abs(sum(shares.values()) - 1) > 1e-9 or not shares["value"]:
        raise NotLenient(f"leniency.shares of {', '.join(kinds)} have to be 1 together, with some of it for value")
    return Shares(**shares)


def _table(settings: object, names: set[str], called: str) -> dict[str, Any]:
    if not isinstance(settings, Mapping):
        raise NotLenient(f"{called} must be a table of {', '.join(sorted(names))}")
    if unknown := sorted(settings.keys() - names):
        raise NotLenient(f"{called}.{unknown[0]} is not a setting; the settings are {', '.join(sorted(names))}")
    return dict(settings)


def _number(value: object, called: str, most: float) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise NotLenient(f"{called} must be a number")
    if not 0 <= value <= most:
        raise NotLenient(f"{called} must lie between 0 and {most:g}")
    return float(value)
