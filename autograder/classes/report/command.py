"""Writes a class report into the course folder: reports/ASSIGNMENT/, or reports/all/."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import msgspec

from autograder.classes.report import gather, page, stub, tables
from autograder.classes.report.gather import NothingGraded
from autograder.classes.report.lesson import ANSWERS
from autograder.classes.report.record import AssignmentReport, ClassReport, OverUnits, Share
from autograder.classes.report.statistics import Size
from autograder.classes.report.understood import understood
from autograder.nbgrader import ledger, spreadsheet
from autograder.nbgrader.ledger import write_whole

FOLDER = "reports"
PAGE, NAMED, STUBS = "report.html", "with-names.html", "catalogue.py"


@dataclass(frozen=True, slots=True)
class Written:
    """A report, and where its files are."""

    report: ClassReport
    page: Path
    files: tuple[Path, ...]

    @property
    def json(self) -> str:
        return as_json(self.report)


def assignments(course: Path) -> tuple[str, ...]:
    """All of which something has been graded. Raises `NothingGraded`."""
    found = ledger.assignments(course)
    if not found:
        raise NothingGraded("Nothing has been graded yet. Run: autograder grade ASSIGNMENT")
    return found


def report(course: Path, names: Sequence[str], *, named: bool = False, catalogue: bool = False) -> Written:
    """Make and write the report on these assignments. Raises `NothingGraded` and what `assignment.load` raises."""
    folder = course / FOLDER / (names[0] if len(names) == 1 else "all")
    made, entries = [], []
    for name in names:
        found = gather.gather(course, name, named=named)
        made.append(understood(found, named=named))
        entries += list(stub.stubs(found)) if catalogue else []
    whole = ClassReport(assignments=tuple(made), over=tuple(_over(made)), named=named)
    open_ = anonymous(whole) if named else whole
    folder.mkdir(parents=True, exist_ok=True)
    files = dict(_files(open_))
    if named:
        files[NAMED] = page.page(whole)
        files |= {f"with-names-{name}": text for name, text in _files(whole) if name in ("beliefs.csv", "unnamed.csv")}
    if catalogue:
        head = '"""Entries to finish, and to move to the unit\'s misconceptions.py."""\n\n'
        files[STUBS] = head + "from autograder.misconception import misconception\n\n\n" + "\n\n".join(entries)
    for path in folder.glob("*.csv"):  # of an earlier report: what it says is no longer so
        if path.name not in files and (named or not path.name.startswith("with-names")):
            path.unlink()
    for name, text in files.items():
        # Names are for nobody else on this machine.
        write_whole(folder / name, text.encode(), 0o600 if name.startswith("with-names") else 0o644)
    return Written(open_, folder / PAGE, tuple(folder / name for name in files))


def as_json(report: ClassReport) -> str:
    """The report as one JSON object."""
    return msgspec.json.format(msgspec.json.encode(report)).decode()


def anonymous(report: ClassReport) -> ClassReport:
    """The same without anybody's name."""
    replace = msgspec.structs.replace

    def bare(one: AssignmentReport) -> AssignmentReport:
        beliefs = tuple(replace(belief, who=()) for belief in one.beliefs)
        groups = tuple(replace(group, who=()) for group in one.groups)
        return replace(one, beliefs=beliefs, groups=groups)

    return replace(report, named=False, assignments=tuple(map(bare, report.assignments)))


def _files(report: ClassReport) -> Iterator[tuple[str, str]]:
    yield PAGE, page.page(report)
    yield "report.json", as_json(report) + "\n"
    made: dict[str, tuple[tuple[str, ...], list[tuple[spreadsheet.Value, ...]]]] = {}
    for one in report.assignments:
        for name, table in tables.of_assignment(one, named=report.named).items():
            _, rows = made.setdefault(name, (("assignment", *table.head), []))
            rows += [(one.assignment, *row) for row in table.rows]
    for name, (head, rows) in made.items():
        yield f"{name}.csv", spreadsheet.text(head, rows)
    if report.over:
        rows = [
            (belief.words, name, share.count, share.of, round(share.share, 4), share.low, share.high)
            for belief in report.over
            for name, share in belief.shares.items()
        ]
        head = ("belief", "assignment", "students", "of", "share", "share from", "share to")
        yield "over-units.csv", spreadsheet.text(head, rows)


def _over(reports: Sequence[AssignmentReport]) -> Iterator[OverUnits]:
    """What occurs in more than one assignment, most students first."""
    shares: defaultdict[tuple[str, str, str], dict[str, Share]] = defaultdict(dict)
    for one in reports:
        if one.graded < Size.SMALL:
            continue
        for belief in one.beliefs:
            key = str(belief.layer), belief.name, belief.words
            alike = not belief.name.startswith(ANSWERS)  # the letters of two questions have nothing in common
            if alike and belief.share is not None and one.assignment not in shares[key]:
                shares[key][one.assignment] = belief.share
    ranked = sorted(shares.items(), key=lambda item: (-sum(s.count for s in item[1].values()), item[0]))
    for key, by_assignment in ranked:
        if len(by_assignment) > 1:
            yield OverUnits(name=key[1], words=key[2], shares=by_assignment)
