"""What every notebook of the course uses: predictions that open what they ask about, figures, tables, sliders, data.

Set ``AUTOGRADER_FIGURES=off`` to run a notebook for its results alone: figures are then named but not drawn. Set
``LESSON_OPEN=1`` to run it for a reader who only reads: nothing then waits for a guess, as after `open_all()`.
"""

from __future__ import annotations

import base64
import contextlib
import html
import io
import json
import math
import os
import sys
from collections.abc import Callable, Sequence
from importlib.util import find_spec
from pathlib import Path

from IPython import get_ipython
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
_only_reading = os.environ.get("LESSON_OPEN") == "1"

# Figures and tables


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


def level(ax, y: float, text: str, x: float, shift: tuple[float, float] = (0, 8)) -> None:
    """Draw a dashed line across the panel at the height `y`, and write at `x` what it is."""
    ax.axhline(y, color="black", linestyle="--", linewidth=1.2)
    note(ax, x, y, text, shift=shift)


def upright(ax, x: float, text: str, y: float, shift: tuple[float, float] = (6, 0)) -> None:
    """Draw a dashed line up the panel at `x`, and write at the height `y` what it is."""
    ax.axvline(x, color="black", linestyle="--", linewidth=1.2)
    note(ax, x, y, text, shift=shift)


def band(ax, x, low, high, colour: str = "sky") -> None:
    """Shade what lies between two curves: what chance leaves open."""
    ax.fill_between(x, low, high, color=COLOURS[colour], alpha=0.35, linewidth=0)


def dots(ax, x, y, colour: str, marker: str = "o", size: float = 14) -> None:
    """Draw data points, open enough to be seen where they lie upon each other."""
    ax.scatter(x, y, s=size, marker=marker, color=COLOURS[colour], alpha=0.55, linewidths=0)


def bars(ax, names: Sequence[str], values: Sequence[float], texts: Sequence[str], colour: str = "sky") -> None:
    """Draw one bar a name, from the top down, with a text at its end."""
    ax.barh(range(len(values)), values, color=COLOURS[colour], edgecolor="black")
    for row, (value, text) in enumerate(zip(values, texts, strict=True)):
        note(ax, value, row, text, shift=(5, 0))
    ax.set(yticks=range(len(values)), yticklabels=list(names))
    ax.invert_yaxis()


def show(fig, alt: str, after: str = "") -> None:
    """Display a figure with a text alternative that says what there is to see.

    Where it is what the prediction `after` asks about, it stays folded until a guess is recorded.
    """
    if not isinstance(alt, str) or not alt.strip():
        raise ValueError("a figure needs a text alternative: show(fig, alt='what there is to see')")
    if _off():
        display({"text/plain": f"[Figure: {alt}]" if _opened(after) else _waits("figure", after)}, raw=True)
        return
    picture = io.BytesIO()
    fig.savefig(picture, format="png", dpi=110, facecolor="white", metadata={"Software": None})
    data = base64.b64encode(picture.getvalue()).decode("ascii")
    source = f'<img alt="{html.escape(alt)}" src="data:image/png;base64,{data}" style="max-width:100%">'
    _put(source, alt, "figure", after)


def _put(source: str, plain: str, kind: str, after: str) -> None:
    """Display what may have to wait for a guess."""
    if not _opened(after):
        plain = _waits(kind, after)
        source = f"<details><summary>{plain}</summary>{source}</details>"
    display({"text/html": source, "text/plain": plain}, raw=True)


def _waits(kind: str, after: str) -> str:
    return f"A {kind} that waits for your guess: {after}."


def table(head: Sequence[str], rows: Sequence[Sequence[object]], caption: str, after: str = "") -> None:
    """Display a table with a caption and a header row; `after` is as in `show`."""
    cells = [[f"{cell:.4f}" if isinstance(cell, float) else str(cell) for cell in row] for row in rows]
    left = ' style="text-align:left"'
    top = "".join(f'<th scope="col"{left}>{html.escape(name)}</th>' for name in head)
    body = "".join("<tr>" + "".join(f"<td{left}>{html.escape(cell)}</td>" for cell in row) + "</tr>" for row in cells)
    source = (
        f"<table><caption>{html.escape(caption)}</caption><thead><tr>{top}</tr></thead><tbody>{body}</tbody></table>"
    )
    plain = "\n".join([caption, " | ".join(head), *(" | ".join(row) for row in cells)])
    _put(source, plain, "table", after)


# What a reader moves, derives and reads


def move(
    draw: Callable,
    values: Sequence[float],
    *,
    name: str,
    x: str,
    y: str,
    still: int = 3,
    height: float = 3.6,
    after: str = "",
) -> None:
    """Let a reader move one number: `draw(ax, value)` draws one panel and returns what it shows, in a sentence.

    With a slider where somebody sits at a notebook that has ipywidgets; elsewhere as `still` panels side by side.
    Either waits for the guess `after`, as in `show`.
    """
    if _has_sliders():
        if not _opened(after):
            print(_waits("slider", after))
            return
        import ipywidgets

        def redraw(value: float) -> None:
            fig, ax = figure(x=x, y=y, title=f"{name} = {value:g}", height=height)
            show(fig, alt=f"{name} = {value:g}: {draw(ax, value)}")

        slider = ipywidgets.SelectionSlider(
            options=[(f"{value:g}", value) for value in values],
            value=values[0],  # not the middle, where the answer often is
            description=name,
            continuous_update=False,
        )
        display(ipywidgets.interactive(redraw, value=slider))
        return
    some = [values[round(k * (len(values) - 1) / (still - 1))] for k in range(still)]
    fig, axes = figure(x=[x] * still, y=y, title=[f"{name} = {value:g}" for value in some], height=height)
    said = [f"{name} = {value:g}: {draw(ax, value)}" for ax, value in zip(axes, some, strict=True)]
    show(fig, alt=" ".join(said), after=after)


def _has_sliders() -> bool:
    """Whether a person could move one: a page that nbconvert makes, or a grader, asks no questions of anybody."""
    kernel = getattr(get_ipython(), "kernel", None)
    at_the_keyboard = getattr(kernel, "_allow_stdin", sys.platform == "emscripten")
    return not _off() and kernel is not None and at_the_keyboard and find_spec("ipywidgets") is not None


def central_difference(function: Callable, h: float = 1e-5) -> Callable:
    """The slope of a function, measured: it goes h to the right and h to the left, and compares."""
    return lambda x: (function(x + h) - function(x - h)) / (2 * h)


def compare(step: str, yours: Callable, measured: Callable, at: Sequence[object]) -> None:
    """Check one step of a derivation by numbers: what you wrote, against what is measured, at some points."""
    for x in at:
        if x in (None, ...) or (mine := yours(x)) in (None, ...):
            print(_unfilled(step))
            return
        if not math.isclose(mine, right := measured(x), rel_tol=1e-4, abs_tol=1e-6):
            print(f"{step}: not yet. At {x:.4g} yours is {mine:.4f}, and the measured value is {right:.4f}.")
            return
    print(f"{step}: agrees with the measurement at {', '.join(f'{x:.4g}' for x in at)}.")


def flat(step: str, measured: Callable, at: object) -> None:
    """Check a place that you found: whether the slope measured there is 0."""
    if at in (None, ...):
        print(_unfilled(step))
        return
    import numpy as np

    with np.errstate(all="ignore"):  # the place may lie where there is no function
        slope = measured(at)
    if not math.isfinite(slope):
        print(f"{step}: not yet. At {at:.4g} there is no slope to measure.")
    elif abs(slope) > 1e-6:
        print(f"{step}: not yet. At {at:.4g} the slope is {slope:.4f}, not 0.")
    else:
        print(f"{step}: at {at:.4g} the slope is 0.")


def _unfilled(step: str) -> str:
    return f"{step}: not filled in yet. Replace the three dots, and run this cell again."


@contextlib.contextmanager
def yours():
    """For cells that use what the reader writes: until it is written, they say so in a line."""
    try:
        yield
    except NotImplementedError:
        print("This waits for the function above: run it again when you have written that.")


def read(name: str) -> dict[str, object]:
    """The columns of a CSV file beside the notebook, as arrays by name. Lines that start with # say whose it is."""
    import numpy as np

    lines = [line for line in Path(name).read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
    head, *rows = (line.split(",") for line in lines)
    return {title: np.array([float(row[place]) for row in rows]) for place, title in enumerate(head)}


# Predictions


def predict(id: str, answer: str | float | None, probability: float | None) -> None:
    """Record what you expect, and how sure you are of it (0 to 1), before you look."""
    if answer is None or probability is None:
        print(f"{id}: nothing recorded yet. Replace each None, run this cell, and only then go on.")
        return
    trouble = _trouble(answer, probability)
    if trouble:
        print(f"{id}: not recorded. {trouble} Change it and run this cell again.")
        return
    known = _load().get(id, {})
    before = {key: known[key] for key in ("answer", "probability")} if known else None
    now = {"answer": answer, "probability": float(probability)}
    if "right" in known:  # a guess made after the look is no prediction
        changed = "." if before == now else ", and it stays: you have seen the answer since."
        print(f"{id}: your guess was {before['answer']!r}, {before['probability']:.0%} sure{changed}")
        return
    _recorded[id] = now
    changed = f" (before: {before['answer']!r}, {before['probability']:.0%} sure)" if before not in (None, now) else ""
    print(f"{id}: recorded {answer!r}, {probability:.0%} sure{changed}{_save()}. Now look.")


def reveal(id: str, right: str | None, seen: str, **options: str) -> None:
    """Say what there was to see, whether the recorded guess is right, and one sentence on each option."""
    if not _opened(id):
        print(
            f"{id}: closed until you guess. In the cell with predict({id!r}, ...), replace the first None by a letter"
        )
        print("in quotes and the second by how sure you are, from 0 to 1. Run all from there to here again.")
        print("Only reading? Run open_all() in a new cell: it opens everything of this kind.")
        return
    guess = _load().get(id)
    said = str(guess["answer"]).strip().lower() if guess else ""
    lines = [f"**Seen:** {seen}"]
    if guess and right:
        _recorded[id] = {**guess, "right": float(said == right), "options": len(options)}
        _save()
        verdict = "**Right.**" if said == right else f"**Not this time:** {right} is right."
        lines.insert(0, f"{verdict} You said {said}, {guess['probability']:.0%} sure.")
    marks = {said: " (your answer)"}
    lines += ["\n".join(f"- **{letter}**{marks.get(letter, '')}: {text}" for letter, text in options.items())]
    text = "\n\n".join(lines)
    display({"text/markdown": text, "text/plain": text.replace("**", "")}, raw=True)


def open_all() -> None:
    """For somebody who only reads: from now on nothing in this notebook waits for a guess."""
    global _only_reading
    _only_reading = True
    print("Nothing waits for a guess any more. Run again what you have run already.")


def _opened(id: str) -> bool:
    return not id or _only_reading or id in _load()


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


def score_predictions(*given) -> None:
    """Score your opened predictions with your own loss function: 1 where you were right, 0 where not."""
    *answers, loss = given
    for id, guess in _load().items():  # units whose predictions do not open yet bring their answers here
        if answers and id in answers[0]:
            _recorded[id] = {**guess, "right": float(str(guess["answer"]).strip().lower() == answers[0][id])}
    _save()
    made = {id: guess for id, guess in _load().items() if guess.get("right") in (0.0, 1.0)}
    if not made:
        print("No predictions recorded yet. Fill in the prediction cells above, run what follows each, then this cell.")
        return
    for id, guess in sorted(made.items(), key=lambda item: (item[1]["right"], -item[1]["probability"])):
        print(f"  {id}: {'right' if guess['right'] else 'wrong'}, {guess['probability']:.0%} sure")
    right, sure = [guess["right"] for guess in made.values()], [guess["probability"] for guess in made.values()]
    share, average = sum(right) / len(right), sum(sure) / len(sure)
    constant = _cost(loss, right, [share] * len(right)) if 0 < share < 1 else "0.0000"
    print(f"You were right in {sum(right):.0f} of {len(right)} predictions, and {average:.0%} sure on average.")
    print(f"Your loss is {_cost(loss, right, sure)}. For comparison:")
    print(f"  The same answers, had you said {share:.0%} every time (your share of right ones): {constant}.")
    print(f"  Somebody who guesses among the options, and says so: {_cost(loss, *_guesser(made))} on average.")
    print(f"  50% sure every time, whatever the answers: {_cost(loss, right, [0.5] * len(right))}.")
    calibration(*scored_predictions())


def _cost(loss: Callable, right: Sequence[float], said: Sequence[float]) -> str:
    try:
        return f"{float(loss(right, said)):.4f}"
    except NotImplementedError:
        return "known as soon as you have written the function"


def _guesser(made: dict[str, dict[str, object]]) -> tuple[list[float], list[float]]:
    """What a guesser among k options meets in the long run, right once in k times: outcomes, and 1/k said each time."""
    options = [guess.get("options") or 3 for guess in made.values()]
    rounds = math.lcm(*options)
    right = [float(turn < rounds // k) for k in options for turn in range(rounds)]
    return right, [1 / k for k in options for _ in range(rounds)]


FEW = 10
"""Scored predictions, below which a curve of how often one is right says nothing."""


def calibration(right: Sequence[float], sure: Sequence[float]) -> None:
    """Draw, over all units, how often you were right where you were about so sure, with 95 % intervals."""
    if len(right) < FEW:
        print(f"From {FEW} scored predictions in all units on, a figure shows how well you know what you know.")
        print(f"You have {len(right)}.")
        return
    fig, ax = figure(x="how sure you were (probability)", y="how often you were right (share)", height=4.6)
    ax.plot([0, 1], [0, 1], "--", color=COLOURS["black"], linewidth=1.2)
    note(ax, 0.12, 0.12, "on the line: as often right as sure", shift=(10, -4))
    said = []
    for low, high in ((0, 0.4), (0.4, 0.6), (0.6, 0.8), (0.8, 0.95), (0.95, 1.01)):
        inside = [k for k, value in enumerate(sure) if low <= value < high]
        if inside:
            n, hits = len(inside), sum(right[k] for k in inside)
            mean = sum(sure[k] for k in inside) / n
            ax.plot([mean] * 2, wilson(hits, n), color=COLOURS["blue"], linewidth=2)
            lift = 9 if len(said) % 2 else -9  # neighbours may lie close
            point(ax, mean, hits / n, f"{hits:.0f} of {n}", "blue", shift=(8, lift))
            said.append(f"about {mean:.0%} sure, right in {hits:.0f} of {n}")
    ax.set(xlim=(0, 1.12), ylim=(0, 1.05), aspect="equal")
    show(fig, alt="Your own predictions in all units, with 95 % intervals: " + "; ".join(said) + ".")


def wilson(hits: float, n: int, z: float = 1.96) -> tuple[float, float]:
    """The 95 % interval of a share by Wilson's formula, which holds its promise for few cases better than the usual."""
    middle, spread = hits / n + z * z / (2 * n), z * math.sqrt(hits * (n - hits) / n**3 + z * z / (4 * n * n))
    return (middle - spread) / (1 + z * z / n), (middle + spread) / (1 + z * z / n)


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
    print(f"{len(right)} scored predictions in all units" + (":" if right else " yet."))
    for score in scores if right else ():
        try:
            print(f"{score.__name__}: {float(score(right, sure)):.4f}")
        except NotImplementedError:
            print(f"{score.__name__}: known as soon as you have written the function")
    return right, sure
