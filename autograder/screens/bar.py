"""The bar that shows how far a class is, and how fast it goes."""

from __future__ import annotations

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, ProgressColumn, Task, TextColumn
from rich.text import Text

_SOON = 2.0
"""Seconds, and as many done, before anything is said of the pace."""


def bar(console: Console) -> Progress:
    """For tasks with the fields `fresh`, what was done in this run and not before, and `failed`, a few words."""
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        _Pace(),
        TextColumn("{task.fields[failed]}"),
        console=console,
    )


class _Pace(ProgressColumn):
    """How many a minute, of those that were really done, and how long it still takes, or took."""

    def render(self, task: Task) -> Text:
        fresh, seconds = task.fields["fresh"], task.elapsed or 0.0
        told = fresh >= _SOON and seconds >= _SOON
        said = [f"{fresh / seconds * 60:.0f}/min"] if told else []
        if task.finished:
            said += [_clock(task.finished_time or 0.0)]
        elif told and task.remaining is not None:
            said += [f"{_clock(task.remaining / fresh * seconds)} left"]
        return Text(" ".join(said))


def _clock(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}"
