"""The files that four systems export come back with one column filled, and their own importers would read them.

Each importer's rules are written down here once more, from what the systems say of them.
"""

from __future__ import annotations

import csv
import io
import re
import subprocess
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from courses import Course, nbgrader
from nbgrader.api import Gradebook

from autograder.nbgrader.entry import Entry
from autograder.nbgrader.export.fill import Differs, fill, number
from autograder.nbgrader.export.sheet import NoSheet, Sheet
from autograder.nbgrader.export.system import NoColumn, System
from autograder.nbgrader.ledger import Ledger
from autograder.nbgrader.roll import NotInGradebook, Roll
from autograder.report import CellReport, State, graded, ungraded

NAME = "ps1"
POINTS = {"anna": 17.5, "bjorn": 0.0, "o'hara": 20.0, "=cmd": 3.25, "zoe": 12.0, "gone": 8.0}
"""What those have who are graded. `cara` waits for a person, `dora` has handed in nothing."""

PEOPLE = {
    "anna": ("Anna", "Müller", "anna@example.org", "901"),
    "bjorn": ("Björn", "Ødegård, jr.", "bjorn@example.org", "902"),
    "o'hara": ('Siobhán "Sio"', "O'Hara", "sio@example.org", "903"),
    "=cmd": ("=HYPERLINK(1)", "+Formula", "cmd@example.org", "904"),
    "zoe": ("Zoe", "Twin", "zoe@example.org", "905"),
    "zora": ("Zoe", "Twin", "zora@example.org", "906"),
    "cara": ("Cara", "Waits", "cara@example.org", "907"),
    "dora": ("Dora", "Nothing", "dora@example.org", "908"),
    "gone": ("Gone", "Elsewhere", "gone@example.org", "909"),
}


@pytest.fixture(scope="session")
def book(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A gradebook in which everybody above stands."""
    url = f"sqlite:///{tmp_path_factory.mktemp('book') / 'gradebook.db'}"
    with Gradebook(url) as found:
        found.add_assignment(NAME)
        found.add_notebook(NAME, NAME)
        found.add_grade_cell("test_f", NAME, NAME, max_score=18, cell_type="code")
        found.add_grade_cell("written", NAME, NAME, max_score=2, cell_type="markdown")
        for id, (first, last, email, lms) in PEOPLE.items():
            found.add_student(id, first_name=first, last_name=last, email=email, lms_user_id=lms)
            if id in POINTS or id == "cara":
                found.add_submission(NAME, id)
                one, other = found.find_grade("test_f", NAME, NAME, id), found.find_grade("written", NAME, NAME, id)
                one.auto_score = min(POINTS.get(id, 10.0), 18)
                other.manual_score = None if id == "cara" else max(POINTS[id] - 18, 0)
        found.db.commit()
    return url


@pytest.fixture(scope="session")
def roll(book: str) -> Roll:
    return Roll.of(book, NAME)


def table(*rows: list[str], delimiter: str = ",", end: str = "\r\n", all_quoted: bool = False) -> str:
    made = io.StringIO()
    how = csv.QUOTE_ALL if all_quoted else csv.QUOTE_MINIMAL
    csv.writer(made, delimiter=delimiter, lineterminator=end, quoting=how).writerows(rows)
    return made.getvalue()


IN_FILE = ["anna", "bjorn", "o'hara", "=cmd", "zoe", "cara", "dora"]


def canvas() -> bytes:
    head = ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", "ps10 (11)", "ps1 (12)", "Current Score"]
    rows = [
        [f"{PEOPLE[id][1]}, {PEOPLE[id][0]}", PEOPLE[id][3], "", PEOPLE[id][2], "Sec, 1", "4.00", "", "(read only)"]
        for id in IN_FILE
    ]
    rows += [["Nobody, Known", "777", "", "known@example.org", "Sec", "", "5", ""]]
    rows += [["Student, Test", "666", "", "test", "Sec", "", "", ""]]
    points = ["    Points Possible", "", "", "", "", "10", "20", "(read only)"]
    posted = ["", "", "", "", "", "Manual Posting", "", ""]
    return ("\ufeff" + table(head, posted, points, *rows)).encode()


def canvas_reads(data: bytes) -> dict[str, str]:
    """Students by ID; assignments by `Title (id)`; a title without an id would be a new assignment; the row of points
    possible writes points."""
    rows = list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))
    assert all(re.search(r"\(\d+\)$", head) for head in rows[0][5:7]), "a new assignment would be made"
    assert rows[2][0].strip() == "Points Possible"
    assert rows[2][6] == "20"
    return {row[1]: row[6] for row in rows[3:]}


def moodle(delimiter: str = ",") -> bytes:
    head = ["ID", "Vollständiger Name", "ID-Nummer", "E-Mail-Adresse", "Status", "Bewertung", "Bestwertung"]
    head += ["Bewertung kann geändert werden", "Zuletzt geändert (Abgabe)", "Feedback als Kommentar"]
    rows = [
        [
            f"Teilnehmer/in{500 + place}",
            f"{PEOPLE[id][0]} {PEOPLE[id][1]}",
            id,
            PEOPLE[id][2],
            "Zur Bewertung\nabgegeben",
            "",
            "20,00",
            "Ja",
            "Montag, 1. Juni 2026, 12:00",
            "",
        ]
        for place, id in enumerate(IN_FILE)
    ]
    rows += [["Teilnehmer/in599", "Nie Gesehen", "x99", "x@example.org", "", "", "20,00", "Ja", "-", ""]]
    return table(head, *rows, delimiter=delimiter, end="\n").encode()


def moodle_reads(data: bytes) -> dict[str, str]:
    """By the number after the word for a participant, whatever the language; a grade may have a full stop."""
    rows = list(csv.reader(io.StringIO(data.decode(), newline="")))
    for row in rows[1:]:
        assert row[5] == "" or 0 <= float(row[5]) <= float(row[6].replace(",", "."))
    return {re.sub(r"\D", "", row[0]): row[5] for row in rows[1:]}


def brightspace() -> bytes:
    head = ["OrgDefinedId", "Username", "Last Name", "First Name", "Email"]
    head += ["ps1 Points Grade <Numeric MaxPoints:20 Weight:5 Category:Work>", "ps2 Points Grade <Numeric MaxPoints:5>"]
    rows = [
        [f"#{PEOPLE[id][3]}", f"#{id}", PEOPLE[id][1], PEOPLE[id][0], PEOPLE[id][2], "", "1", "#"] for id in IN_FILE
    ]
    rows += [["#1", "#stranger", "Stranger", "A", "s@example.org", "7", "", "#"]]
    return table([*head, "End-of-Line Indicator"], *rows).encode()


def brightspace_reads(data: bytes) -> dict[str, str]:
    """Ids have a # before them, and each line ends with one below `End-of-Line Indicator`."""
    rows = list(csv.reader(io.StringIO(data.decode(), newline="")))
    assert rows[0][-1] == "End-of-Line Indicator"
    assert all(row[-1] == "#" and row[0].startswith("#") for row in rows[1:])
    return {row[1][1:]: row[5] for row in rows[1:]}


def blackboard() -> bytes:
    head = ["Last Name", "First Name", "Username", "Student ID", "Last Access", "Availability"]
    head += ["ps1 [Total Pts: 20 Score] |4711", "Note [Total Pts: 0 Text] |4712"]
    rows = [[PEOPLE[id][1], PEOPLE[id][0], id, PEOPLE[id][3], "", "Yes", "", "a;b"] for id in IN_FILE]
    rows += [["Stranger", "A", "stranger", "1", "", "Yes", "9", ""]]
    return b"\xff\xfe" + table(head, *rows, delimiter="\t", end="\n", all_quoted=True).encode("utf-16-le")


def blackboard_reads(data: bytes) -> dict[str, str]:
    """UTF-16 with tabs; a column without `|number` would be a column of text worth 0."""
    rows = list(csv.reader(io.StringIO(data.decode("utf-16"), newline=""), delimiter="\t"))
    assert re.search(r"\|\d+$", rows[0][6])
    return {row[2]: row[6] for row in rows[1:]}


@dataclass(frozen=True)
class Case:
    make: Callable[[], bytes]
    reads: Callable[[bytes], dict[str, str]]
    column: int
    called: Callable[[str], str]
    """What the system calls a student."""
    stranger: tuple[str, str]
    """Of somebody unknown, and what stood in their cell."""


CASES: dict[System, Case] = {
    "canvas": Case(canvas, canvas_reads, 6, lambda id: PEOPLE[id][3], ("777", "5")),
    "moodle": Case(moodle, moodle_reads, 5, lambda id: str(500 + IN_FILE.index(id)), ("599", "")),
    "brightspace": Case(brightspace, brightspace_reads, 5, lambda id: id, ("stranger", "7")),
    "blackboard": Case(blackboard, blackboard_reads, 6, lambda id: id, ("stranger", "9")),
}


@pytest.mark.parametrize("system", CASES)
def test_the_importer_reads_every_grade_and_no_silent_zero(system: System, roll: Roll) -> None:
    case = CASES[system]
    found = fill(system, case.make(), roll, NAME)
    read = case.reads(found.data)
    for id in IN_FILE:
        want = number(POINTS[id]) if id in POINTS else ""
        assert read[case.called(id)] == want, id
    assert read[case.stranger[0]] == case.stranger[1]
    assert found.waiting == ("cara",)
    assert found.nothing == ("dora",)
    assert found.absent == ("gone",)
    assert len(found.strangers) == 1
    assert not found.remark


@pytest.mark.parametrize("system", CASES)
def test_exactly_one_column_changes_and_not_one_other_byte(system: System, roll: Roll) -> None:
    case = CASES[system]
    before, after = Sheet.read(case.make()), Sheet.read(fill(system, case.make(), roll, NAME).data)
    assert (before.mark, before.encoding, before.delimiter) == (after.mark, after.encoding, after.delimiter)
    assert len(before.lines) == len(after.lines)
    changed = {
        (row, column)
        for row, (old, new) in enumerate(zip(before.lines, after.lines, strict=True))
        for column, (one, other) in enumerate(zip(old.cells, new.cells, strict=True))
        if one.raw != other.raw
    }
    assert {column for _, column in changed} == {case.column}
    assert len(changed) == len(IN_FILE) - 2
    assert [line.end for line in before.lines] == [line.end for line in after.lines]


@pytest.mark.parametrize("system", CASES)
def test_a_file_that_is_read_and_not_filled_is_the_same_file(system: System) -> None:
    data = CASES[system].make()
    assert Sheet.read(data).data() == data


def test_a_semicolon_and_another_language_are_no_trouble(roll: Roll) -> None:
    found = fill("moodle", moodle(";"), roll, NAME)
    assert b";17.5;" in found.data


def test_a_language_that_is_not_known_asks_for_the_column(roll: Roll) -> None:
    data = moodle().replace(b"Bewertung,", b"Gradum,", 1)
    with pytest.raises(NoColumn, match="--column"):
        fill("moodle", data, roll, NAME)
    assert fill("moodle", data, roll, NAME, "Gradum").filled


@pytest.mark.parametrize(
    ("system", "old", "new", "says"),
    [
        ("canvas", b"ps1 (12)", b"ps1", "No column is called ps1"),
        ("canvas", b"ps10 (11)", b"ps1 (11)", "Several columns are called ps1"),
        ("brightspace", b"End-of-Line Indicator", b"End", "End-of-Line Indicator"),
        ("blackboard", " |4711".encode("utf-16-le"), b"", "No column is called ps1"),
    ],
)
def test_what_the_importer_would_take_for_something_new_is_refused(
    system: System, old: bytes, new: bytes, says: str, roll: Roll
) -> None:
    with pytest.raises(NoColumn, match=re.escape(says)):
        fill(system, CASES[system].make().replace(old, new, 1), roll, NAME)


def test_another_title_is_named(roll: Roll) -> None:
    data = canvas().replace(b"ps1 (12)", b'"Problem set, 1 (12)"')
    assert fill("canvas", data, roll, NAME, "Problem set, 1").filled


def test_a_column_of_other_points_is_said_and_one_that_is_too_small_refused(roll: Roll) -> None:
    assert "is for 100 points" in fill("moodle", moodle().replace(b"20,00", b"100,00"), roll, NAME).remark
    with pytest.raises(Differs, match="more points than it can hold"):
        fill("moodle", moodle().replace(b"20,00", b"10,00"), roll, NAME)


def test_two_of_one_name_are_told_by_their_ids_or_not_at_all(roll: Roll) -> None:
    data = table(["Student", "ID", "ps1 (12)"], ["Twin, Zoe", "", ""], ["Twin, Zoe", "905", ""]).encode()
    found = fill("canvas", data, roll, NAME)
    assert (found.filled, found.strangers) == (("zoe",), ("Twin, Zoe",))
    assert [line.value(2) for line in Sheet.read(found.data).lines[1:]] == ["", "12"]


def test_a_row_that_is_cut_off_is_named(roll: Roll) -> None:
    data = table(["Student", "ID", "ps1 (12)"], ["Müller, Anna", "901"], ["x", "902", ""]).encode()
    found = fill("canvas", data, roll, NAME)
    assert (found.filled, found.strangers) == (("bjorn",), ("Müller, Anna 901",))


@pytest.mark.parametrize("data", [b"", b"no table", b'a,"b\nc', b"\xff\xfe\x00"])
def test_what_is_no_table_is_named(data: bytes, roll: Roll) -> None:
    with pytest.raises((NoSheet, NoColumn)):
        fill("canvas", data, roll, NAME)


def test_half_points_have_a_full_stop_and_no_tail() -> None:
    assert [number(value) for value in (17.5, 20.0, 0.0, 1 / 3, 100.0)] == ["17.5", "20", "0", "0.3333", "100"]


def test_an_assignment_that_nobody_has_is_named(book: str) -> None:
    with pytest.raises(NotInGradebook, match="autograder grade other"):
        Roll.of(book, "other")


@pytest.mark.parametrize("system", CASES)
def test_nbgraders_own_export_does_the_same(system: System, book: str, roll: Roll, tmp_path: Path) -> None:
    case, name = CASES[system], f"{system.capitalize()}Exporter"
    source, target = tmp_path / "exported.csv", tmp_path / "filled.csv"
    source.write_bytes(case.make())
    options = [f"--exporter=autograder.nbgrader.exporters.{name}", f"--{name}.source={source}", f"--to={target}"]
    done = nbgrader(tmp_path, "export", *options, f"--assignment=['{NAME}']", f"--db={book}")
    assert done.returncode == 0, done.stderr
    assert target.read_bytes() == fill(system, case.make(), roll, NAME).data
    assert source.read_bytes() == case.make()
    assert "cara" in done.stderr
    assert "dora" in done.stderr


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ([], "Name the file that your system exported: --CanvasExporter.source=FILE"),
        (["--CanvasExporter.source=none.csv"], "No such file or directory: 'none.csv'"),
        (["--CanvasExporter.source=sheet.csv"], "The file has no columns"),
        (["--CanvasExporter.source=sheet.csv", "--assignment=['ps1', 'ps2']"], "Name one assignment"),
    ],
)
def test_nbgraders_own_export_ends_in_one_sentence(options: list[str], says: str, book: str, tmp_path: Path) -> None:
    (tmp_path / "sheet.csv").write_text("no table")
    exporter = "--exporter=autograder.nbgrader.exporters.CanvasExporter"
    done = nbgrader(tmp_path, "export", exporter, "--assignment=['ps1']", f"--db={book}", *options)
    assert done.returncode == 1
    assert says in done.stderr
    assert "Traceback" not in done.stderr


@pytest.fixture
def course(tmp_path: Path, book: str) -> Path:
    (tmp_path / "nbgrader_config.py").write_text(f"c = get_config()\nc.CourseDirectory.db_url = {book!r}\n")
    return tmp_path


def run(course: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return Course(course).here("export", NAME, *arguments)


def test_the_command_writes_beside_and_names_who_is_left(course: Path, roll: Roll) -> None:
    (course / "gradebook.csv").write_bytes(canvas())
    done = run(course, "--to", "canvas", "--from", "gradebook.csv")
    assert done.returncode == 1, done.stderr
    assert (course / "exports" / NAME / "gradebook.csv").read_bytes() == fill("canvas", canvas(), roll, NAME).data
    for who in ("Known", "cara", "dora", "gone"):
        assert who in done.stdout
    again = run(course, "--to", "canvas", "--from", "gradebook.csv", "--out", "gradebook.csv")
    assert (again.returncode, (course / "gradebook.csv").read_bytes()) == (2, canvas())


def test_the_feedback_zip_is_read_by_moodles_importer(course: Path) -> None:
    (course / "sheet.csv").write_bytes(moodle().replace("Björn Ødegård, jr.".encode(), "Björn_Ødegård_jr.".encode()))
    for id in ("anna", "bjorn"):
        page = course / "feedback" / id / NAME / f"{NAME}.html"
        page.parent.mkdir(parents=True)
        page.write_text(f"<p>{id}</p>")
    done = run(course, "--to", "moodle-feedback", "--from", "sheet.csv")
    assert done.returncode == 1, done.stderr
    assert "zoe" in done.stdout
    options = ["--MoodleFeedbackExporter.source=sheet.csv", f"--assignment=['{NAME}']", "--to=same.zip"]
    exporter = "--exporter=autograder.nbgrader.exporters.MoodleFeedbackExporter"
    by_nbgrader = nbgrader(course, "export", exporter, *options)
    assert by_nbgrader.returncode == 0, by_nbgrader.stderr
    assert (course / "same.zip").read_bytes() == (course / "exports" / NAME / "sheet.zip").read_bytes()
    read = {}
    with zipfile.ZipFile(course / "exports" / NAME / "sheet.zip") as file:
        for path in file.namelist():
            parts = next(parts for part in path.split("/") if len(parts := part.split("_", 4)) >= 4)
            assert parts[1].isdigit()
            assert parts[2:4] == ["assignsubmission", "file"]
            read[int(parts[1])] = file.read(path).decode()
    assert read == {500: "<p>anna</p>", 501: "<p>bjorn</p>"}


def cell(name: str, state: State, score: float | None, most: float, wrong: str | None = None) -> CellReport:
    return CellReport(id=name, function=None, state=state, score=score, max_score=most, message="", misconception=wrong)


def test_one_row_a_question_has_the_points_that_the_gradebook_has(course: Path) -> None:
    """A person's points are in it, and where nobody has judged there is no zero."""
    ledger = Ledger(course, NAME)
    for id in ("anna", "cara", "=cmd", "o'hara"):
        cells = [cell("test_f", "wrong", 10.0, 18.0, "forgot_the_mean"), cell("written", "manual", None, 2.0)]
        ledger.put(Entry(student=id, key="", report=graded(NAME, cells, seed=1)))
    ledger.put(Entry(student="bjorn", key="", report=ungraded(NAME, "There is no notebook.")))
    done = run(course, "--to", "questions")
    assert done.returncode == 0, done.stderr
    exporter = "--exporter=autograder.nbgrader.exporters.QuestionsExporter"
    by_nbgrader = nbgrader(course, "export", exporter, f"--assignment=['{NAME}']", "--to=same.csv")
    assert by_nbgrader.returncode == 0, by_nbgrader.stderr
    assert (course / "same.csv").read_bytes() == (course / "exports" / NAME / "questions.csv").read_bytes()
    with (course / "exports" / NAME / "questions.csv").open(encoding="utf-8", newline="") as file:
        head, *rows = csv.reader(file)
    assert head == ["student", "task", "state", "points", "of", "misconception"]
    assert sorted(rows) == sorted(
        [
            ["anna", "f", "wrong", "17.5", "18.0", "forgot_the_mean"],
            ["anna", "written", "manual", "0.0", "2.0", ""],
            ["cara", "f", "wrong", "10.0", "18.0", "forgot_the_mean"],
            ["cara", "written", "manual", "", "2.0", ""],
            ["'=cmd", "f", "wrong", "3.25", "18.0", "forgot_the_mean"],
            ["'=cmd", "written", "manual", "0.0", "2.0", ""],
            ["o'hara", "f", "wrong", "18.0", "18.0", "forgot_the_mean"],
            ["o'hara", "written", "manual", "2.0", "2.0", ""],
            ["bjorn", "f", "ungraded", "0.0", "18.0", ""],
            ["bjorn", "written", "ungraded", "0.0", "2.0", ""],
        ]
    )
