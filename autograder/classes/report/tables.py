"""The tables of a report. Each stands in the page below its drawing, and beside it as a CSV file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from autograder.classes.report import sentences
from autograder.classes.report.record import APART, DIFFICULT, AssignmentReport, ClassReport, Person, Share
from autograder.nbgrader.spreadsheet import Value
from autograder.report import WORDS

SAID: Mapping[str, str] = {
    **WORDS,
    "passed": "right",
    "partly": "some points",
    "ungraded": "not graded",
    "grader-fault": "fault of the grader",
}

_SHARE = ("students", "of", "share", "share from", "share to")


@dataclass(frozen=True, slots=True)
class Table:
    """A name for its file, a caption, column heads and rows."""

    name: str
    caption: str
    head: tuple[str, ...]
    rows: tuple[tuple[Value, ...], ...]


def of_assignment(report: AssignmentReport, *, named: bool) -> dict[str, Table]:
    """All tables of an assignment that hold anything, by name."""
    made = (_points, _beliefs, _together, _groups, _items, _tests, _predictions, _calibration, _work)
    tables = (table(report, named) for table in made)
    return {table.name: table for table in tables if table.rows}


def over_units(report: ClassReport) -> Table:
    """What occurs in several assignments."""
    names = [one.assignment for one in report.assignments]
    rows = tuple(
        (belief.words, *(sentences.of(share) if (share := belief.shares.get(name)) else None for name in names))
        for belief in report.over
    )
    return Table("over-units", "Students by assignment", ("belief", *names), rows)


def _points(report: AssignmentReport, named: bool) -> Table:
    lots = [*DIFFICULT, *APART]
    head = (
        "task",
        "section",
        "points",
        *(SAID[lot] for lot in lots),
        "attempted",
        "points lost on average per attempt",
    )
    rows = tuple(
        (
            task.name,
            task.section,
            task.most,
            *((task.lots[lot] if task.lots is not None else "yes" if lot in task.happened else None) for lot in lots),
            task.attempted,
            task.lost,
        )
        for task in report.tasks
    )
    return Table("points", "How each task turned out: number of students", head, rows)


def _beliefs(report: AssignmentReport, named: bool) -> Table:
    head = ("what they believe", "tasks", *_SHARE, "points lost", "hint", "section to revisit", "found as", "name")
    rows = tuple(
        (
            belief.words,
            ", ".join(belief.tasks),
            *_shares(belief.share),
            belief.points,
            belief.hint,
            belief.section,
            belief.layer,
            belief.name,
            *_who(belief.who, named),
        )
        for belief in report.beliefs
    )
    return Table("beliefs", "Misconceptions, relations and broken promises", (*head, *_WHO[:named]), rows)


def _together(report: AssignmentReport, named: bool) -> Table:
    head = ("first mistake", "second mistake", "students", "of", "share", "share among the rest")
    rows = tuple(
        (pair.one, pair.other, pair.both.count, pair.both.of, _round(pair.both.share), _round(pair.elsewhere.share))
        for pair in report.together
    )
    return Table("together", "Mistakes that the same students made", head, rows)


def _groups(report: AssignmentReport, named: bool) -> Table:
    head = ("task", "signature", *_SHARE, "points lost", "state", "fails", "an example", "hint", "section to revisit")
    rows = tuple(
        (
            group.task,
            group.signature,
            *_shares(group.share),
            group.points,
            SAID[group.lot],
            ", ".join(group.failed),
            group.example,
            group.hint,
            group.section,
            *_who(group.who, named),
        )
        for group in report.groups
    )
    return Table("unnamed", "Shared mistakes without a name", (*head, *_WHO[:named]), rows)


def _items(report: AssignmentReport, named: bool) -> Table:
    full, none = ("all points", "from", "to"), ("no points", "from", "to")
    rest = ("correlation with the rest", "from", "to")
    fifths = ("lowest fifth", "second", "third", "fourth", "highest fifth")
    head = ("task", "attempted", "mean share of points", *full, *none, *rest, *fifths, "look at")
    nothing = (None, None, None)
    rows = tuple(
        (
            item.task,
            item.attempted,
            item.mean,
            *_range(item.full),
            *_range(item.zero),
            *(item.correlation or nothing),
            *(item.fifths or (None,) * 5),
            item.flag,
        )
        for item in report.items
    )
    return Table("items", "How each task measured those who attempted it", head, rows)


def _tests(report: AssignmentReport, named: bool) -> Table:
    head = ("task", "hidden test", "kind", "passed by", *_SHARE[1:], "not judged", "fail this alone", "look at", "says")
    rows = tuple(
        (
            test.task,
            test.name,
            test.kind,
            *_shares(test.passed),
            test.not_judged,
            test.only,
            test.flag,
            test.says,
        )
        for test in report.tests
    )
    return Table("tests", "How the class did on each hidden test", head, rows)


def _predictions(report: AssignmentReport, named: bool) -> Table:
    questions = report.predictions.questions if report.predictions is not None else ()
    head = ("prediction", "section", "right", *_SHARE[1:], "how sure on average")
    rows = tuple((one.name, one.section, *_shares(one.right), one.sure) for one in questions)
    return Table("predictions", "How many predicted each result correctly", head, rows)


def _calibration(report: AssignmentReport, named: bool) -> Table:
    curve = report.predictions.curve if report.predictions is not None else ()
    rows = tuple((one.sure, *_shares(one.right)) for one in curve)
    return Table(
        "calibration",
        "How often predictions were right, by how sure students were",
        ("how sure", "right", *_SHARE[1:]),
        rows,
    )


def _work(report: AssignmentReport, named: bool) -> Table:
    work = report.work
    rows: list[tuple[Value, ...]] = [("handed in", report.handed_in), ("graded", report.graded)]
    rows += [(f"not graded: {reason}", count) for reason, count in work.reasons]
    rows += [("faults of the grader", work.faults)]
    rows += [(f"timed out: {task}", count or None) for task, count in work.timeouts]
    rows += [("version", version) for version in work.versions]
    rows += [("seed", str(seed)) for seed in work.seeds]
    rows += [("further seeds", work.more_seeds)] if work.more_seeds else []
    rows += [("not counted", said) for said in work.not_counted]
    return Table("work", "What the grader did", ("what", "how many, or which"), tuple(rows))


_WHO = ("who",)


def _who(people: Sequence[Person], named: bool) -> Iterator[Value]:
    if named:
        yield "; ".join(f"{person.name} ({person.id})" if person.name != person.id else person.id for person in people)


def _shares(share: Share | None) -> tuple[Value, ...]:
    if share is None:
        return (None,) * 5
    return share.count, share.of, _round(share.share), share.low, share.high


def _range(share: Share) -> tuple[Value, ...]:
    return _round(share.share), share.low, share.high


def _round(value: float) -> float:
    return round(value, 4)
