"""Six worlds in which a model shows the same two numbers. Evidence costs points; a right verdict earns some.

Which world is which is packed below, so that reading this file tells nothing. The residuals lie in worlds.csv.
"""

from __future__ import annotations

import base64
import functools
import json
import zlib
from collections.abc import Callable

import lesson
import numpy as np

STORIES = {
    "A": "the model has memorised noise, and is worse than a constant",
    "B": "a good model; the validation labels are noisier",
    "C": "the validation inputs come from elsewhere",
    "D": "a feature knew the outcome, in the training rows only",
    "E": "a good model; few validation rows, one of them far off",
    "F": "an excellent model with many features that all matter, and few rows",
}
PRICES = {"baseline": 1, "interval": 1, "fresh rows": 3, "capacity curve": 3, "who measured": 3}
MOST = 10
"""What a right verdict earns if one is certain of it. A wrong one of which one is certain costs as much."""

_CASES = json.loads(
    zlib.decompress(
        base64.b64decode(
            "eNq9k01v2zAMhv8KobMg+Cv+SE9ZtwHdpcAw7BLkINtMrcGRAlmOaxT976Mcb4mzHHrajRRF+334im9scyjRsvUb65yxI1uzR8ZZKTtslUa2Dk"
            "UWZxlnVW9PlG63AT8f7fg25IFYBXFEYURhEKT+NPZhmCe7HWedHDv65LNGcCgPIHUNhhKlO2f7A2on4EdDRSuVVvoFrBk6kBZhb80BHJX2ynYO"
            "GtnuweynkxGl5VN0kq2qpVNGnxv/NnVYGV0L9s7Zo7Gyveb7uuSL00zkaZJeIYY8jPNC5HmcE09KxEGUiCT0oGEU8CzPRRoQIaVUjcNIpFFa+D"
            "Tzg0iK1eqj9BuojNJQY6VqrGFvLKCsGs9D95yBoVGUduhAORh8j6d6Ok0wF6rPN67lURLduOaPZteSIovvKBTwpKf5Lfzgk+h5+JVp+4PuYJA0"
            "btW2pJnkSzcV0QNeTHrwpTs+caDmP5cmJijHCeubrPGaarOgoneVZfHCKH80GUE+UFwU4exRIMI0KWaHAhHnBPwf/XnW4+s1yJcbe4oiDS8gH9"
            "Ty8zLGhiZodDtCiS+95tN15cgS01t3VucdcuPxbFA5Usu8Ed/7cvF0Pt1oC5JsdU/bYlFbWWJLzwBpVy3K2v/BDQbw9YhWoa7ov0c0xxb/WdW5"
            "lRo84NAYklbDr57WfKIhke+/Afy5dGw="
        )
    )
)
NAMES = tuple(_CASES)
_asked: set[tuple[str, str]] = set()
_verdicts: dict[str, tuple[str, float]] = {}


@functools.cache
def _columns() -> dict[str, np.ndarray]:
    return lesson.read("worlds.csv")


def residuals(world: str) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Target minus forecast: of the training, the validation and the fresh rows."""
    parts = np.split(_columns()[world] / 1000, [200, 600])
    return tuple(part[np.isfinite(part)] for part in parts)


def ask(world: str, question: str):
    """One piece of evidence. It costs points the first time; to look at it again costs nothing."""
    if world not in _CASES or question not in PRICES:
        raise ValueError(f"the worlds are {', '.join(NAMES)}; the questions are {', '.join(PRICES)}")
    case = _CASES[world]
    train, val, fresh = (part**2 for part in residuals(world))
    found = {
        "baseline": case["baseline"],
        "interval": (train, val),
        "fresh rows": fresh,
        "capacity curve": case["curve"] or "It cannot be made smaller: it was not fitted to these rows.",
        "who measured": case["says"],
    }
    _asked.add((world, question))
    print(f"{world}, {question}: {PRICES[question]} of your points. Spent so far: {spent()}.")
    return found[question]


def spent() -> int:
    """Points paid so far."""
    return sum(PRICES[question] for _, question in _asked)


def verdict(world: str, story: str | None, probability: float | None) -> None:
    """Say which story is true of a world, by its letter, and how sure you are. The last verdict counts."""
    if story is None or probability is None:
        print(f"{world}: no verdict yet. Replace each None.")
    elif str(story).upper() not in STORIES or not 0 <= probability <= 1:
        print(f"{world}: not recorded. A verdict is a letter from A to F and a probability from 0 to 1.")
    else:
        _verdicts[world] = str(story).upper(), float(probability)
        print(f"{world}: {STORIES[_verdicts[world][0]]}, {probability:.0%} sure.")


def earned(right: bool, probability: float) -> float:
    """A squared error, turned round: on average it is largest if you say what you believe."""
    return MOST * ((1 - (1 - probability) ** 2) if right else -(probability**2))


def is_closed() -> bool:
    """Whether there is a verdict on each world, or somebody only reads."""
    return lesson._only_reading or set(_verdicts) == set(NAMES)


def close_the_case() -> None:
    """What was true, and what your verdicts earned; for somebody who only reads, what was true."""
    if not is_closed():
        missing = ", ".join(name for name in NAMES if name not in _verdicts)
        print(f"The case stays open until you have a verdict on each world. Missing: {missing}.")
        print("Only reading? Run open_all() in a new cell.")
        return
    rows, total = [], 0.0
    for name in sorted(NAMES, key=story_of):
        said, sure = _verdicts.get(name, ("none", 0.0))
        points = earned(said == story_of(name), sure)
        total += points
        rows.append([name, f"{story_of(name)}: {STORIES[story_of(name)]}", said, f"{sure:.0%}", f"{points:z.1f}"])
    lesson.table(["world", "what was true", "your verdict", "sure", "points"], rows, caption="The case is closed")
    print(f"Your verdicts earned {total:z.1f} points of {MOST * len(NAMES)}, and evidence cost {spent()}.")


def story_of(world: str) -> str:
    """The letter of the story that is true."""
    return _CASES[world]["story"]


def all_evidence(interval: Callable) -> None:
    """Everything measured, in all six worlds; `interval` is the reader's own function."""
    if not is_closed():
        print("This waits until the case is closed.")
        return
    rows = []
    for name in sorted(NAMES, key=story_of):
        train, val, fresh = (part**2 for part in residuals(name))
        base, (_, low, high) = _CASES[name]["baseline"], interval(train, val)
        numbers = [train.mean(), val.mean(), base, 1 - val.mean() / base, fresh.mean()]
        rows.append([story_of(name), *(f"{value:.2f}" for value in numbers), f"{low:.2f} to {high:.2f}"])
    columns = ["story", "training", "validation", "baseline", "skill", "fresh", "interval of the gap"]
    lesson.table(columns, rows, caption="Squared errors in six worlds")
