"""The numbers of a report that need at least ten students: totals, items, hidden tests and predictions."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from msgspec.structs import replace

from autograder.classes.report import sentences, statistics
from autograder.classes.report.count import Count
from autograder.classes.report.record import Bin, Foretold, Item, Predictions, Share, Test, Total
from autograder.classes.report.statistics import Size, wilson

_FEW = 5
"""Students with and without all points of a task, below which it has no correlation."""


def share(count: int, of: int) -> Share:
    low, high = wilson(count, of)
    return Share(count=count, of=of, low=round(low, 4), high=round(high, 4))


def total(count: Count) -> Total:
    totals, most = np.array(count.totals), count.lesson.assignment.most
    tenths = np.clip(np.ceil(10 * totals / most - 1e-9) - 1, 0, 9).astype(int) if most else np.zeros(0, int)
    histogram = tuple(int(number) for number in np.bincount(tenths, minlength=10))
    return Total(mean=round(float(totals.mean()), 4), half_have=statistics.half_have(totals), histogram=histogram)


def _scores(count: Count) -> np.ndarray:
    """Points by student and task, nan where a task was not attempted."""
    columns = [np.frombuffer(count.shares[cell], np.float32) * count.most(cell) for cell, _ in count.tasks]
    return np.column_stack(columns).astype(float) if columns else np.zeros((count.graded, 0))


def items(count: Count) -> Iterator[Item]:
    scores = _scores(count)
    known = ~np.isnan(scores)
    total = np.where(known, scores, 0.0).sum(axis=1)
    for column, (cell, name) in enumerate(count.tasks):
        tried, most = known[:, column], count.most(cell)
        if tried.sum() < Size.SMALL or not most:
            continue
        points = scores[tried, column]
        rest = total[tried] - points
        n = len(points)
        item = Item(
            task=name,
            attempted=n,
            mean=round(float(points.mean()) / most, 4),
            full=share(int((points >= most - 1e-6).sum()), n),
            zero=share(int((points <= 1e-6).sum()), n),
        )
        if n >= Size.USUAL:
            # A handful who differ from all others decide a correlation alone.
            few = min(item.full.count, n - item.full.count) < _FEW
            found = None if few or scores.shape[1] < 2 else statistics.correlation(points, rest)
            item = replace(
                item,
                correlation=None if found is None else _rounded(found),
                fifths=tuple(round(part / most, 4) for part in statistics.by_fifths(points, total[tried])),
            )
        yield replace(item, flag=sentences.item_flag(item))


def alpha(count: Count) -> tuple[float, float, float] | None:
    if len(count.lots) < statistics.TASKS_FOR_ALPHA:
        return None
    scores = _scores(count)
    whole = scores[~np.isnan(scores).any(axis=1)]
    found = statistics.alpha(whole) if len(whole) >= Size.LARGE else None
    return None if found is None else _rounded(found)


def tests(count: Count) -> Iterator[Test]:
    order = {key: place for place, key in enumerate(count.lesson.tests)}
    for key, tried in sorted(count.tests.items(), key=lambda item: order.get(item[0], len(order))):
        cell, name = key
        if tried.judged < Size.SMALL:
            continue
        known = count.lesson.tests.get(key)
        test = Test(
            task=cell.removeprefix("test_"),
            name=name,
            kind=tried.kind,
            says=known.sentence if known is not None else "",
            passed=share(tried.passed, tried.judged),
            not_judged=tried.not_judged,
            only=tried.only,
        )
        yield replace(test, flag=sentences.test_flag(test, full=count.full))


def predictions(count: Count) -> Predictions | None:
    questions = [(name, seen) for name, seen in count.foreseen.items() if seen.made]
    made = sum(seen.made for _, seen in questions)
    if count.predictors < Size.SMALL or not made:
        return None
    right = sum(seen.right for _, seen in questions)
    bins = [seen for seen in count.bins if seen.made]
    return Predictions(
        made=made,
        students=count.predictors,
        right=share(right, made),
        sure=round(sum(seen.sure for _, seen in questions) / made, 4),
        score=round(count.squares / made, 4),
        constant=round(right / made * (1 - right / made), 4),
        questions=tuple(
            Foretold(
                name=name,
                section=count.lesson.sections.get(name),
                right=share(seen.right, seen.made),
                sure=round(seen.sure / seen.made, 4),
            )
            for name, seen in questions
        ),
        curve=tuple(Bin(sure=round(seen.sure / seen.made, 4), right=share(seen.right, seen.made)) for seen in bins),
    )


def _rounded(numbers: tuple[float, float, float]) -> tuple[float, float, float]:
    one, low, high = (round(number, 3) for number in numbers)
    return one, low, high
