"""Plots with a text alternative: a bar or a line chart as an SVG file, and the same numbers in words."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import matplotlib

matplotlib.use("svg")
from matplotlib import pyplot as plt

BLUE, ORANGE = "#0072B2", "#D55E00"
"""Of the Okabe–Ito set."""


def bars(path: Path, names: Sequence[str], values: Sequence[float], unit: str) -> str:
    """A horizontal bar for each name, from zero, with its value at its end."""
    figure, axes = plt.subplots(figsize=(8, 0.5 * len(names) + 1), facecolor="white", layout="constrained")
    drawn = axes.barh(range(len(names)), values, color=BLUE)
    axes.bar_label(drawn, [f" {value:,.0f}" for value in values])
    axes.set_yticks(range(len(names)), names)
    axes.invert_yaxis()
    axes.set_xlim(0, max(values) * 1.15)
    axes.set_xlabel(unit)
    axes.spines[["top", "right"]].set_visible(False)
    _save(figure, path)
    return f"Bar chart of {unit}: " + "; ".join(f"{n} {v:,.0f}" for n, v in zip(names, values, strict=True)) + "."


def lines(path: Path, sizes: Sequence[float], named: dict[str, Sequence[float]], across: str) -> str:
    """One panel for each quantity, from zero, against a logarithmic axis."""
    figure, panels = plt.subplots(
        1, len(named), figsize=(max(6, 4.4 * len(named)), 3), facecolor="white", layout="constrained", squeeze=False
    )
    for axes, (name, values) in zip(panels[0], named.items(), strict=True):
        axes.plot(sizes, values, "o-", color=ORANGE)
        said_before, paper = "", {"facecolor": "white", "edgecolor": "none", "pad": 0.5}
        for size, value in zip(sizes, values, strict=True):
            if (said := f"{value:,.0f}") != said_before:
                axes.annotate(said, (size, value), (0, 6), textcoords="offset points", ha="center", bbox=paper)
            said_before = said
        axes.set_xscale("log")
        axes.set_xticks(sizes, [f"{size:,.0f}" for size in sizes], fontsize=9)
        axes.minorticks_off()
        axes.yaxis.set_major_formatter("{x:,.0f}")
        axes.set_ylim(0, max(values) * 1.25)
        axes.set_xlabel(across)
        axes.set_title(name, loc="left", fontsize=10)
        axes.spines[["top", "right"]].set_visible(False)
    _save(figure, path)
    words = (
        f"{name}: " + ", ".join(f"{value:,.0f} at {size:,.0f}" for size, value in zip(sizes, values, strict=True))
        for name, values in named.items()
    )
    return f"Line charts against {across}. " + "; ".join(words) + "."


def _save(figure: plt.Figure, path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(path, metadata={"Date": None})
    plt.close(figure)
