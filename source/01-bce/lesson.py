"""What every notebook of the course uses: figures with a text alternative, tables, and a record of predictions.

Set ``AUTOGRADER_FIGURES=off`` to run a notebook for its results alone: figures are then named but not drawn.
"""

from __future__ import annotations

import base64
import html
import io
import json
import os
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from IPython.display import display

COLOURS = {
    "black": "#000000",
    "orange": "#E69F00",
    "sky": "#56B4E9",
    "green": "#009E73",
    "yellow": "#F0E442",
    "blue": "#0072B2",
    "vermilion": "#D55E00",
    "purple": "#CC79A7",
}
"""The palette of Okabe and Ito: eight colours that people with any kind of colour vision can tell apart."""

PREDICTIONS = Path("predictions.json")
_OPTIONS = ("a", "b", "c", "d")
_recorded: dict[str, dict[str, object]] = {}


class _Blank:
    """Takes every drawing call and draws nothing, so that a run without figures need not load matplotlib."""

    def __getattr__(self, name: str) -> _Blank:
        return self

    def __call__(self, *args: object, **kwargs: object) -> _Blank:
        return self


def _off() -> bool:
    return os.environ.get("AUTOGRADER_FIGURES") == "off"


def figure(
    x: str | Sequence[str],
    y: str | Sequence[str],
    *,
    title: str | Sequence[str] = "",
    height: float = 3.6,
    rows: int = 1,
):
    """Return a figure and its axes: one panel for a single x and y label, several for a list. Labels name the unit."""
    lists = [len(labels) for labels in (x, y, title) if not isinstance(labels, str)]
    panels = lists[0] if lists else 1
    xs, ys, titles = ([part] * panels if isinstance(part, str) else list(part) for part in (x, y, title))
    if _off():
        return _Blank(), (tuple(_Blank() for _ in xs) if lists else _Blank())
    from matplotlib.figure import Figure

    width = 7.2 if panels == 1 else 4.4 * panels / rows
    fig = Figure(figsize=(width, height * rows), facecolor="white", layout="constrained")
    axes = fig.subplots(rows, panels // rows, squeeze=False).ravel()
    for ax, xlabel, ylabel, heading in zip(axes, xs, ys, titles, strict=True):
        ax.set_xlabel(xlabel)
        ax.set_ylabel(ylabel)
        ax.set_title(heading, loc="left", fontsize=11)
        ax.spines[["top", "right"]].set_visible(False)
        ax.grid(alpha=0.25)
    return fig, (tuple(axes) if lists else axes[0])


def line(ax, x, y, text: str, colour: str, style: str = "-", at: int = -1, shift: tuple[float, float] = (6, 0)) -> None:
    """Draw a curve and write its name beside its point number `at`, so that no legend is needed."""
    ax.plot(x, y, style, color=COLOURS[colour], linewidth=2)
    note(ax, x[at], y[at], text, colour, shift)


def point(ax, x: float, y: float, text: str, colour: str, shift: tuple[float, float] = (8, 0)) -> None:
    """Mark one point and say what it is."""
    ax.plot([x], [y], "o", color=COLOURS[colour], markersize=7)
    note(ax, x, y, text, colour, shift)


def note(ax, x: float, y: float, text: str, colour: str = "black", shift: tuple[float, float] = (0, 0)) -> None:
    """Write text near a point; `shift` is in typographic points to the right and up."""
    side = "left" if shift[0] > 0 else "right" if shift[0] < 0 else "center"
    # Only these two of the palette are dark enough for small text on white; other labels stand beside what they name.
    ink = COLOURS[colour] if colour in ("black", "blue") else COLOURS["black"]
    style = {"color": ink, "ha": side, "va": "center", "fontsize": 10, "fontweight": "bold"}
    paper = {"facecolor": "white", "edgecolor": "none", "alpha": 0.85, "pad": 1.5}
    ax.annotate(text, (x, y), xytext=shift, textcoords="offset points", annotation_clip=False, bbox=paper, **style)


def show(fig, alt: str) -> None:
    """Display a figure with a text alternative that says what there is to see."""
    if not isinstance(alt, str) or not alt.strip():
        raise ValueError("a figure needs a text alternative: show(fig, alt='what there is to see')")
    if _off():
        display({"text/plain": f"[Figure: {alt}]"}, raw=True)
        return
    picture = io.BytesIO()
    fig.savefig(picture, format="png", dpi=110, facecolor="white", metadata={"Software": None})
    data = base64.b64encode(picture.getvalue()).decode("ascii")
    source = f'<img alt="{html.escape(alt)}" src="data:image/png;base64,{data}" style="max-width:100%">'
    display({"text/html": source, "text/plain": alt}, raw=True)
    fig.clear()


def table(head: Sequence[str], rows: Sequence[Sequence[object]], caption: str) -> None:
    """Display a table with a caption and a header row."""
    cells = [[f"{cell:.4f}" if isinstance(cell, float) else str(cell) for cell in row] for row in rows]
    left = ' style="text-align:left"'
    top = "".join(f'<th scope="col"{left}>{html.escape(name)}</th>' for name in head)
    body = "".join("<tr>" + "".join(f"<td{left}>{html.escape(cell)}</td>" for cell in row) + "</tr>" for row in cells)
    source = (
        f"<table><caption>{html.escape(caption)}</caption><thead><tr>{top}</tr></thead><tbody>{body}</tbody></table>"
    )
    plain = "\n".join([caption, " | ".join(head), *(" | ".join(row) for row in cells)])
    display({"text/html": source, "text/plain": plain}, raw=True)


def predict(id: str, answer: str | float | None, probability: float | None) -> None:
    """Record what you expect, and how sure you are of it (0 to 1), before you look."""
    if answer is None or probability is None:
        print(f"{id}: nothing recorded yet. Replace each None, run this cell, and only then go on.")
        return
    trouble = _trouble(answer, probability)
    if trouble:
        print(f"{id}: not recorded. {trouble} Change it and run this cell again.")
        return
    before = _load().get(id)
    if before is not None:
        before = {key: before[key] for key in ("answer", "probability")}
    now = {"answer": answer, "probability": float(probability)}
    _recorded[id] = now
    changed = f" (before: {before['answer']!r}, {before['probability']:.0%} sure)" if before not in (None, now) else ""
    print(f"{id}: recorded {answer!r}, {probability:.0%} sure{changed}{_save()}. Now look.")


def _trouble(answer: object, probability: object) -> str:
    """What is wrong with a prediction, in a sentence; nothing where it can be recorded."""
    number = isinstance(probability, int | float) and not isinstance(probability, bool)
    if not number or not 0 <= probability <= 1:
        return f"The probability is how sure you are, from 0 to 1 (0.8 means 80 %); yours is {probability!r}."
    if isinstance(answer, bool) or not isinstance(answer, str | int | float) or answer == "":
        return f"The answer is a letter such as 'a', or a number; yours is {answer!r}."
    if isinstance(answer, str) and answer.strip().lower() not in _OPTIONS:
        return f"The answer is the letter of one of the options above; yours is {answer!r}."
    return ""


def score_predictions(answers: Mapping[str, str], loss: Callable) -> None:
    """Score your recorded predictions with your own loss function: 1 where you were right, 0 where not."""
    made = {id: _load()[id] for id in answers if id in _load()}
    if not made:
        print("No predictions recorded yet. Answer the prediction cells above, then run this cell again.")
        return
    right = [float(str(guess["answer"]).strip().lower() == answers[id]) for id, guess in made.items()]
    sure = [guess["probability"] for guess in made.values()]
    for (id, guess), was_right in zip(made.items(), right, strict=True):
        _recorded[id] = {**guess, "right": was_right}
    _save()

    def cost(said: list[float]) -> str:
        try:
            return f"{float(loss(right, said)):.4f}"
        except NotImplementedError:
            return "known as soon as you have written the function"

    share = sum(right) / len(right)
    constant = cost([share] * len(right)) if 0 < share < 1 else "0.0000"
    for id, was_right, probability in zip(made, right, sure, strict=True):
        print(f"  {id}: {'right' if was_right else 'wrong'}, {probability:.0%} sure")
    average = sum(sure) / len(sure)
    print(f"You were right in {sum(right):.0f} of {len(right)} predictions, and {average:.0%} sure on average.")
    print(f"Your loss, in nats, is {cost(sure)}. For comparison:")
    print(f"  The same answers, had you said {share:.0%} every time (your share of right ones): {constant}.")
    print("  50% sure every time, whatever the answers: 0.6931.")
    print("  Somebody who guesses among three answers, 33% sure every time: 0.6365 on average.")


def scored_predictions() -> tuple[list[float], list[float]]:
    """Whether you were right, and how sure you were, over all units whose predictions were scored at their end."""
    try:
        found = sorted(PREDICTIONS.resolve().parent.parent.glob(f"*/{PREDICTIONS.name}"))
    except OSError:
        found = []
    here = _load()
    units = [here, *(_read(path) for path in found if path != PREDICTIONS.resolve())]
    scored = [guess for unit in units for guess in unit.values() if guess.get("right") in (0.0, 1.0)]
    return [guess["right"] for guess in scored], [guess["probability"] for guess in scored]


def _load() -> dict[str, dict[str, object]]:
    """Everything recorded in this folder and session."""
    return {**_read(PREDICTIONS), **_recorded}


def _read(path: Path) -> dict[str, dict[str, object]]:
    """What one folder holds. A damaged file counts as empty: it is the reader's own note."""
    try:
        stored = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        stored = {}
    return {
        id: guess
        for id, guess in (stored.items() if isinstance(stored, dict) else ())
        if isinstance(guess, dict) and "answer" in guess and isinstance(guess.get("probability"), float)
    }


def _save() -> str:
    try:
        PREDICTIONS.write_text(json.dumps(_load(), indent=1, sort_keys=True) + "\n", encoding="utf-8")
    except OSError:
        return ", for this session only since the folder cannot be written"
    return ""


def refuses(function: Callable, *args: object, **kwargs: object) -> bool:
    """Whether a call ends in the `ValueError` that bad input deserves."""
    try:
        function(*args, **kwargs)
    except ValueError:
        return True
    return False


def vectors(*arrays: object) -> tuple:
    """Return array-likes as float64 copies of one shape (n,), finite and with n >= 1, or raise `ValueError`.

    Unit 1 teaches how to write this; from unit 2 on it is given, so that you can think about losses.
    """
    import numpy as np

    copies = tuple(np.array(values, dtype=np.float64) for values in arrays)
    for copy in copies:
        if copy.ndim != 1 or copy.size == 0:
            raise ValueError(f"expected one dimension with at least one entry, got shape {copy.shape}")
        if copy.shape != copies[0].shape:
            raise ValueError(f"expected equal shapes, got {copies[0].shape} and {copy.shape}")
        if not np.isfinite(copy).all():
            raise ValueError("expected finite numbers, got nan or infinity")
    return copies


def tiles(ax, values) -> None:
    """Draw a small table of numbers as tiles, row by row from the top: the larger a number, the darker its tile."""
    if _off():
        return
    from matplotlib.colors import LinearSegmentedColormap

    shades = LinearSegmentedColormap.from_list("tiles", ["white", COLOURS["sky"]])
    ax.pcolormesh(values, cmap=shades, edgecolors="white", linewidth=2)
    for row, numbers in enumerate(values):
        for column, number in enumerate(numbers):
            ax.text(column + 0.5, row + 0.5, f"{number:.0f}", ha="center", va="center", fontsize=10)
    ax.invert_yaxis()
    ax.grid(False)


def matrices(*arrays: object) -> tuple:
    """Return array-likes as float64 copies of shape (n, d), finite, not empty and with one d, or raise `ValueError`."""
    import numpy as np

    copies = tuple(np.array(values, dtype=np.float64) for values in arrays)
    for copy in copies:
        if copy.ndim != 2 or copy.size == 0:
            raise ValueError(f"expected rows and columns with at least one entry, got shape {copy.shape}")
        if copy.shape[1] != copies[0].shape[1]:
            raise ValueError(f"expected the same columns, got {copies[0].shape} and {copy.shape}")
        if not np.isfinite(copy).all():
            raise ValueError("expected finite numbers, got nan or infinity")
    return copies


def score_course(*scores: Callable) -> tuple[list[float], list[float]]:
    """Score the predictions of all units at once; returns whether you were right, and how sure you were."""
    right, sure = scored_predictions()
    print(f"{len(right)} scored predictions in all units" + (":" if right else " yet; the figure below stays empty."))
    for score in scores if right else ():
        try:
            print(f"{score.__name__}: {float(score(right, sure)):.4f}")
        except NotImplementedError:
            print(f"{score.__name__}: known as soon as you have written the function")
    return right, sure
