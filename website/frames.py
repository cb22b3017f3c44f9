"""What a reader moves in a notebook, as pictures with a slider: no Python is needed, and without script all show."""

from __future__ import annotations

import base64
import html
import io
from collections.abc import Callable, Sequence
from typing import Any


def move(
    draw: Callable[[Any, float], str],
    values: Sequence[float],
    *,
    name: str,
    x: str,
    y: str,
    still: int = 3,
    height: float = 3.6,
    after: str = "",
) -> None:
    """Takes what the lesson's `move` takes, and waits for a guess as that does."""
    import lesson

    figures = []
    for value in values:
        title = f"{name} = {value:g}"
        figure, axes = lesson.figure(x=x, y=y, title=title, height=height)
        alt = f"{title}: {draw(axes, value)}"
        picture = io.BytesIO()
        figure.savefig(picture, format="png", dpi=90, facecolor="white", metadata={"Software": None})
        figure.clear()
        data = base64.b64encode(picture.getvalue()).decode("ascii")
        image = f'<img alt="{html.escape(alt)}" src="data:image/png;base64,{data}">'
        figures.append(f'<figure data-value="{html.escape(title)}">{image}</figure>')
    slider = f'<input type="range" min="0" max="{len(values) - 1}" value="{len(values) // 2}">'
    label = f"<label hidden>{html.escape(name)} {slider}</label>"
    source = f'<div class="frames still">{label}{"".join(figures)}</div>'
    lesson._put(source, f"{name}, from {values[0]:g} to {values[-1]:g}", "slider", after)
