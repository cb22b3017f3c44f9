"""The sentences of a class report: what to read first, and what a flag asks the instructor to look at."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from autograder.classes.report.record import AssignmentReport, Item, Share, Test
from autograder.classes.report.statistics import Size, wilson

UNNAMED = "A shared mistake that has no name yet."

_SPLIT = 0.1
"""The share of otherwise full marks that a test may cost before one has to ask whether it is fair."""


def number(value: float, digits: int = 1) -> str:
    return f"{value:.{digits}f}".rstrip("0").rstrip(".") if digits else f"{value:.0f}"


def percent(value: float) -> str:
    return f"{100 * value:.0f} %"


def of(share: Share) -> str:
    """A share with its interval."""
    return f"{share.count} of {share.of} ({percent(share.share)}; {100 * share.low:.0f} to {percent(share.high)})"


def students(count: int) -> str:
    return "1 student" if count == 1 else f"{count} students"


def first(report: AssignmentReport, *, full: int) -> Iterator[str]:
    """What to read first: how many and how well, where, and what they believe."""
    whole = f" of {report.students}" if report.students is not None and report.students >= report.handed_in else ""
    left = report.handed_in - report.graded
    ungraded = f", {left} of them not graded yet" if left else ""
    begin = f"{report.handed_in}{whole} handed in{ungraded}"
    if report.total is None:
        yield f"{begin}."
        yield (
            f"With fewer than {int(Size.SMALL)} graded submissions there are no numbers here, since they would say "
            "more about these students than about what was taught. Below is what occurred."
        )
        return
    half, most = number(report.total.half_have), number(report.most)
    if full == report.graded:
        yield f"{begin}; all have all {most} points that need no person."
        yield "Nothing was lost anywhere, and no belief has to be corrected."
        return
    yield f"{begin}; half have {half} of {most} or more."
    lost = [task for task in report.tasks if task.lost and task.attempted]
    if lost:
        worst = max(lost, key=lambda task: (task.lost or 0) * (task.attempted or 0))
        yield (
            f"Most points are lost on {worst.name}: on average {number(worst.lost or 0, 2)} of {number(worst.most)} "
            f"points per student who attempted it ({worst.attempted} did)."
        )
    else:
        yield "No points are lost in what was attempted."
    yield _believed(report)


def _believed(report: AssignmentReport) -> str:
    held = [belief for belief in report.beliefs if belief.share is not None]
    if held:
        top = max(held, key=lambda belief: belief.share.count if belief.share is not None else 0)
        assert top.share is not None
        words = top.words.rstrip(".")
        return f"The most frequent named mistake: {words} ({listed(top.tasks, 3)}, {students(top.share.count)})."
    shared = [group for group in report.groups if group.share is not None and group.share.count > 1]
    if shared and shared[0].share is not None:
        return (
            f"No mistake has a name; {students(shared[0].share.count)} are wrong in the same way at {shared[0].task}."
        )
    return "No mistake has a name, and none is shared."


def item_flag(item: Item) -> str | None:
    """What to look at, where even the upper end of the interval is low."""
    if item.correlation is None or item.correlation[2] >= 0.2:
        return None
    return (
        "Those who did well elsewhere did no better here: read the task as a student would, and see whether its text "
        "and its hidden tests ask for the same."
    )


def test_flag(test: Test, *, full: int) -> str | None:
    """What to look at. `full` is how many have every point."""
    if test.passed.count == 0:
        return "Nobody passes: see whether the task promises this at all, and whether the lesson says how."
    if test.only >= 3 and wilson(test.only, test.only + full)[0] > _SPLIT:
        return (
            f"{students(test.only)} who pass everything else fail this test alone: see whether the task says what it "
            "asks for."
        )
    return None


def told_nothing(tests: Sequence[Test]) -> int:
    """How many tests do not distinguish between students, since everybody passes."""
    return sum(test.passed.count == test.passed.of for test in tests)


def listed(names: Sequence[str], most: int = 8) -> str:
    rest = f" and {len(names) - most} more" if len(names) > most else ""
    return ", ".join(names[:most]) + rest
