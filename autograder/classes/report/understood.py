"""What a class understood: from counts to records, as far as the size of the class allows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from msgspec.structs import replace

from autograder.classes.report import measures, sentences
from autograder.classes.report.count import BeliefKey, GroupKey, Held, usual
from autograder.classes.report.excerpt import code_of
from autograder.classes.report.gather import Gathered
from autograder.classes.report.measures import share
from autograder.classes.report.record import (
    APART,
    DIFFICULT,
    AssignmentReport,
    Belief,
    Group,
    Lesson,
    Person,
    Share,
    Task,
    Together,
    Work,
)
from autograder.classes.report.statistics import Size

_TEACH = 3
_MOST_CODE = 20
"""Groups of which the code is looked up: each takes a few notebooks to read."""

_TOGETHER = 5
"""Students who hold two beliefs, before these are said to belong together."""


def understood(found: Gathered, *, named: bool) -> AssignmentReport:
    """The report on one assignment."""
    return _Reader(found, named=named).report()


class _Reader:
    def __init__(self, found: Gathered, *, named: bool) -> None:
        self._count, self._roll, self._named = found.count, found.roll, named
        self._found, self._lesson = found, found.count.lesson
        self._size = Size.of(found.count.graded)

    def report(self) -> AssignmentReport:
        count = self._count
        by_key = {key: self._belief(key, held) for key, held in sorted(count.beliefs.items(), key=_most_students)}
        beliefs = tuple(by_key.values())
        groups, alone = self._groups()
        counted = self._size >= Size.SMALL
        report = AssignmentReport(
            assignment=self._lesson.assignment.name,
            title=self._lesson.title,
            students=len(self._roll.people) if self._roll is not None else None,
            handed_in=count.handed_in,
            graded=count.graded,
            most=self._lesson.assignment.most,
            first=(),
            teach=_teach(beliefs, groups),
            tasks=tuple(self._tasks()),
            beliefs=beliefs,
            groups=groups,
            alone=alone if counted else None,
            together=tuple(self._together(by_key)) if self._size >= Size.USUAL else (),
            total=measures.total(count) if counted else None,
            items=tuple(measures.items(count)) if counted else (),
            alpha=measures.alpha(count) if self._size >= Size.LARGE else None,
            tests=tuple(measures.tests(count)) if counted else (),
            predictions=measures.predictions(count) if counted else None,
            predicted=bool(self._lesson.questions),
            work=self._work(),
        )
        return replace(report, first=tuple(sentences.first(report, full=count.full)))

    def _share(self, count: int, of: int | None = None) -> Share | None:
        of = self._count.graded if of is None else of
        return share(count, of) if self._size >= Size.SMALL and of else None

    def _tasks(self) -> Iterator[Task]:
        for cell, name in self._count.tasks:
            lots = {lot: self._count.lots[cell][lot] for lot in (*DIFFICULT, *APART)}
            attempted = sum(lots[lot] for lot in DIFFICULT)
            counted = self._size >= Size.SMALL
            yield Task(
                name=name,
                section=self._lesson.sections.get(name),
                most=self._count.most(cell),
                lots=lots if counted else None,
                lost=round(self._count.lost[cell] / attempted, 4) if counted and attempted else None,
                attempted=attempted if counted else None,
                happened=() if counted else tuple(lot for lot, number in lots.items() if number),
            )

    def _belief(self, key: BeliefKey, held: Held) -> Belief:
        tasks = tuple(task.removeprefix("test_") for task in usual(held.tasks))
        task = key.task or (tasks[0] if tasks else "")
        entry = self._lesson.catalogue.get((task, key.name))
        said = next(iter(usual(held.hints)), None)
        hint = entry.hint if entry is not None and "{" not in entry.hint else said
        return Belief(
            name=key.name,
            layer=key.layer,
            tasks=tasks,
            words=self._lesson.words(task, key.name, key.layer, said),
            hint=hint,
            section=self._lesson.sections.get(task),
            share=self._share(held.students),
            points=round(held.points, 2) if self._size >= Size.SMALL else None,
            who=self._who(held),
        )

    def _groups(self) -> tuple[tuple[Group, ...], int]:
        """Those that more than one student is in, and how many students are alone. In a class without counts all."""
        ranked = sorted(self._count.groups.items(), key=_most_points)
        least = 2 if self._size >= Size.SMALL else 1
        shared = [(key, held) for key, held in ranked if held.students >= least]
        groups = tuple(self._group(key, held, code=place < _MOST_CODE) for place, (key, held) in enumerate(shared))
        alone = sum(held.students < least for _, held in ranked)
        return groups, alone + self._count.more_groups

    def _group(self, key: GroupKey, held: Held, *, code: bool) -> Group:
        return Group(
            task=key.task,
            signature=key.signature,
            lot=held.lot,
            failed=held.failed,
            example=self._count.example(held),
            hint=next(iter(usual(held.hints)), None),
            section=self._lesson.sections.get(key.task),
            code=code_of(self._found, key, held) if code else None,
            share=self._share(held.students),
            points=round(held.points, 2) if self._size >= Size.SMALL else None,
            who=self._who(held),
        )

    def _together(self, beliefs: Mapping[BeliefKey, Belief]) -> Iterator[Together]:
        """Pairs that occur together more often than by chance: the interval of the share among those who hold the first
        lies above the share among the rest."""
        for (one, other), both in sorted(self._count.pairs.items(), key=_most_often):
            if both < _TOGETHER:
                break
            of, holders = self._count.beliefs[one].students, self._count.beliefs[other].students
            rest = self._count.graded - of
            if not rest:
                continue
            inside, outside = share(both, of), share(holders - both, rest)
            if inside.low > outside.high:
                first, second = beliefs[one], beliefs[other]
                yield Together(
                    one=first.words,
                    other=second.words,
                    one_tasks=first.tasks,
                    other_tasks=second.tasks,
                    both=inside,
                    elsewhere=outside,
                )

    def _work(self) -> Work:
        count = self._count
        counted = self._size >= Size.SMALL
        timeouts = ((name, count.lots[cell]["timeout"]) for cell, name in count.tasks)
        return Work(
            reasons=tuple((reason, count.reasons[reason]) for reason in usual(count.reasons)),
            faults=count.faults,
            timeouts=tuple((name, number if counted else 0) for name, number in timeouts if number),
            versions=tuple(sorted(version[:12] for version in count.versions if version)),
            seeds=tuple(sorted(count.seeds)),
            more_seeds=count.more_seeds,
            not_counted=tuple(self._not_counted()),
        )

    def _not_counted(self) -> Iterator[str]:
        count = self._count
        left = count.handed_in - count.graded
        if left:
            are = "submission is" if left == 1 else "submissions are"
            yield f"{left} {are} not graded, and counted only as handed in."
        written = [task.name for task in self._lesson.assignment.tasks if task.kind == "manual"]
        if written:
            yield f"Hand-graded tasks are not in these numbers: {sentences.listed(written)}."
        if "" in count.versions:
            yield f"{count.versions['']} were graded by an earlier version, which did not write down which one it was."
        if self._roll is None:
            yield "The gradebook does not know this assignment, so that nobody can say how many did not hand in."
            return
        standings = self._roll.standings.values()
        if changed := sum(standing.by_hand for standing in standings):
            scores = "score" if changed == 1 else "scores"
            yield f"A person changed {changed} automatic {scores}; here is what the tests found."
        if late := sum(standing.penalty > 0 for standing in standings):
            have = "has a penalty" if late == 1 else "have penalties"
            yield f"{late} {have} for late work, which is not subtracted here."
        unknown = len(self._roll.standings) - count.handed_in
        if unknown > 0:
            yield (
                f"{unknown} in the gradebook {'has' if unknown == 1 else 'have'} no Report, since they were graded "
                "before Reports were kept; grade them again to have them here."
            )

    def _who(self, held: Held) -> tuple[Person, ...]:
        if not self._named:
            return ()
        people = self._roll.people if self._roll is not None else {}
        names = [(people[id].name if id in people else id, id) for id in held.holders]
        return tuple(Person(id=id, name=name) for name, id in sorted(names))


def _teach(beliefs: Sequence[Belief], groups: Sequence[Group]) -> tuple[Lesson, ...]:
    """The few things that cost the class the most, be they named or not. In a class without counts nothing is first."""
    named = [
        Lesson(
            words=b.words,
            task=", ".join(b.tasks[:3]),
            section=b.section,
            hint=b.hint,
            share=b.share,
            points=b.points,
            belief=place,
        )
        for place, b in enumerate(beliefs)
        if b.share is not None and b.points
    ]
    alike = [
        Lesson(
            words=sentences.UNNAMED,
            task=g.task,
            section=g.section,
            hint=g.hint,
            share=g.share,
            points=g.points,
            example=g.example,
            code=g.code,
            group=place,
        )
        for place, g in enumerate(groups)
        if g.share is not None and g.points and g.share.count > 1
    ]
    ranked = sorted([*named, *alike], key=lambda one: (-(one.points or 0), -(one.share.count if one.share else 0)))
    return tuple(ranked[:_TEACH])


def _most_students(item: tuple[BeliefKey, Held]) -> tuple[int, float, str, str]:
    key, held = item
    return -held.students, -held.points, key.task or "", f"{key.name} {key.said}"


def _most_points(item: tuple[GroupKey, Held]) -> tuple[int, float, str, str]:
    key, held = item
    return -held.students, -held.points, key.task, key.signature or ""


def _most_often(item: tuple[tuple[BeliefKey, BeliefKey], int]) -> tuple[int, str, str]:
    (one, other), both = item
    return -both, repr(one), repr(other)
