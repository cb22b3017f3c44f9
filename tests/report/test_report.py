"""A class report is right about a class whose mistakes are known, since they were planted."""

from __future__ import annotations

import ast
import csv
import html
import json
import re
import time
import tracemalloc
from collections.abc import Callable
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import made
import pytest
from miniature import UNIT, unit

from autograder.classes.report import command, page, tables
from autograder.classes.report.command import Written
from autograder.classes.report.count import Count
from autograder.classes.report.excerpt import excerpt
from autograder.classes.report.lesson import Lesson
from autograder.classes.report.record import AssignmentReport
from autograder.demo.crowd import PLANTED, Crowd
from autograder.nbgrader import ledger
from autograder.nbgrader.course_folder import CourseFolder
from autograder.nbgrader.entry import Entry
from autograder.nbgrader.ledger import Ledger
from autograder.nbgrader.roll import Person
from autograder.report import graded, ungraded

Report = Callable[..., Written]


@pytest.fixture
def report(tmp_path: Path) -> Report:
    def of(crowd: Crowd, **options: bool) -> Written:
        made.put(made.folder(tmp_path), crowd)
        return command.report(tmp_path, [UNIT], **options)

    return of


def one(written: Written) -> AssignmentReport:
    return written.report.assignments[0]


def rows(written: Written, name: str) -> list[dict[str, str]]:
    with (written.page.parent / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_three_things_to_teach_again_are_those_that_were_planted(report: Report, seed: int) -> None:
    size = 120
    crowd = made.maker().crowd(size, seed=seed)
    found = one(report(crowd))
    assert {lesson.task for lesson in found.teach} == {way.task for way in crowd.planted}
    for way, share in zip(crowd.planted, PLANTED, strict=True):
        [lesson] = [lesson for lesson in found.teach if lesson.task == way.task]
        assert lesson.share is not None
        assert lesson.share.count == round(share * size)
        assert lesson.section
        if way.name == "unnamed":
            assert f"`{way.task}(" in (lesson.example or "")
            assert lesson.group is not None
        elif way.name == "five times":
            assert "5" in lesson.words
        else:
            assert lesson.words == Lesson(unit()).catalogue[way.task, way.name].believes


def test_what_to_read_first_is_made_of_the_numbers(report: Report) -> None:
    crowd = made.maker().crowd(120, seed=1)
    written = report(crowd)
    found = one(written)
    text = html.unescape(re.sub("<[^>]+>", "", written.page.read_text()))
    assert "120 handed in" in found.first[0]
    assert "Most points are lost on binary_cross_entropy" in found.first[1]
    assert f"{round(PLANTED[0] * 120)} students" in found.first[2]
    assert all(sentence in text for sentence in found.first)


def test_the_group_without_a_name_has_one_example_and_becomes_the_beginning_of_an_entry(report: Report) -> None:
    crowd = made.maker().crowd(60, seed=1)
    way = next(way for way in crowd.planted if way.name == "unnamed")
    written = report(crowd, catalogue=True)
    group = one(written).groups[0]
    assert (group.task, group.share and group.share.count) == (way.task, round(PLANTED[1] * 60))
    assert f"`{way.task}(" in (group.example or "")
    text = (written.page.parent / command.STUBS).read_text()
    functions = [node for node in ast.parse(text).body if isinstance(node, ast.FunctionDef)]
    assert f"unnamed_{group.signature}" == functions[0].name
    for function in functions:
        assert [type(line) for line in function.body] == [ast.Raise], "nothing of a student's may be code: it runs here"
    assert f"    # def {way.task}(" in text
    assert f'@misconception(\n    "{way.task}"' in text


def test_an_entry_that_was_begun_can_be_finished(report: Report) -> None:
    """The file is Python that runs, with what a catalogue needs."""
    written = report(made.maker().crowd(60, seed=1), catalogue=True)
    names: dict[str, object] = {}
    exec((written.page.parent / command.STUBS).read_text(), names)  # noqa: S102 - ours, and only comments of theirs
    assert [getattr(value, "function", None) for name, value in names.items() if name.startswith("unnamed_")]


def test_a_class_of_nine_has_no_statistic_at_all(report: Report) -> None:
    written = report(made.maker().crowd(9, seed=1))
    found = one(written)
    assert found.total is None
    assert not found.items
    assert not found.tests
    assert found.predictions is None
    assert all(belief.share is None and belief.points is None for belief in found.beliefs)
    assert all(task.lots is None and task.lost is None for task in found.tasks)
    assert found.beliefs
    assert "%" not in re.sub(r"<style>.*?</style>|at 95 %", "", written.page.read_text(), flags=re.DOTALL)


def test_a_class_of_twenty_has_shares_with_intervals_and_no_correlation(report: Report) -> None:
    found = one(report(made.maker().crowd(20, seed=1)))
    assert all(belief.share is not None and belief.share.low < belief.share.share for belief in found.beliefs)
    assert found.items
    assert all(item.correlation is None and not item.fifths and item.flag is None for item in found.items)
    assert found.alpha is None
    assert not found.together


def test_a_large_class_has_all_of_it(report: Report) -> None:
    found = one(report(made.maker().crowd(120, seed=1)))
    assert any(item.correlation is not None for item in found.items)
    assert all(len(item.fifths) == 5 for item in found.items)
    assert found.alpha is not None


@pytest.mark.parametrize("way", [0, 1])
def test_all_right_and_all_wrong(report: Report, way: int) -> None:
    makes = made.maker()
    found = one(report(made.everybody(40, **{task.name: makes.ways(task)[way] for task in makes.tasks})))
    assert ("all have all 24 points" in found.first[0]) == (way == 0)
    assert bool(found.teach) == (way == 1)
    assert all(item.correlation is None for item in found.items)


def test_where_a_drawing_writes_a_number_it_stands_at_that_number(report: Report) -> None:
    written = report(made.maker().crowd(80, seed=2))
    drawings = re.findall(r"<svg[^>]*>.*?</svg>", written.page.read_text(encoding="utf-8"), re.DOTALL)
    (beliefs,) = [text for text in drawings if "The most frequent mistakes with a name" in text]
    ticks = re.findall(r'<text class="soft" x="(\d+)" y="\d+" text-anchor="\w+">(\d+) %</text>', beliefs)
    assert len(ticks) == 5
    assert [int(x) / 700 * int(ticks[-1][1]) for x, _ in ticks] == pytest.approx([int(percent) for _, percent in ticks])
    (items,) = [text for text in drawings if "How each task tells students apart" in text]
    drawn = [float(x) for x in re.findall(r'<circle class="\w+" cx="([-\d.]+)"', items)]
    found = [item.correlation[0] for item in one(written).items if item.correlation]
    assert len(found) > 2
    assert drawn == pytest.approx([760 + 120 * r for r in found], abs=0.1)


def test_what_was_not_attempted_says_nothing_of_the_difficulty(report: Report) -> None:
    makes = made.maker()
    task = makes.tasks[0]
    half = made.everybody(20)
    left = made.everybody(20, **{task.name: makes.ways(task)[-1]})
    others = [replace_id(member, f"t{place:04d}") for place, member in enumerate(left.members)]
    found = one(report(Crowd((*half.members, *others), ())))
    [item] = [item for item in found.items if item.task == task.name]
    assert (item.mean, item.attempted) == (1.0, 20)
    [where] = [where for where in found.tasks if where.name == task.name]
    assert where.lots is not None
    assert (where.lots["not-attempted"], where.lots["passed"], where.lost) == (20, 20, 0.0)


def test_the_ungraded_are_apart_with_their_reasons(report: Report, tmp_path: Path) -> None:
    put = Ledger(made.folder(tmp_path), UNIT).put
    for number in range(4):
        failed = ungraded(UNIT, "It is no notebook.", max_score=23)
        put(Entry(student=f"u{number}", key="made", report=failed, final=number > 0, version="v"))
    found = one(report(made.maker().crowd(30, seed=1)))
    assert (found.handed_in, found.graded, found.work.faults) == (34, 30, 1)
    assert found.work.reasons == (("It is no notebook.", 4),)
    assert "4 of them not graded yet" in found.first[0]
    assert any("4 submissions are not graded" in said for said in found.work.not_counted)
    assert all(task.lots is not None and task.lots["ungraded"] == 4 for task in found.tasks)


def test_predictions_have_a_curve_and_a_score(report: Report) -> None:
    crowd = made.maker().crowd(60, seed=1)
    found = one(report(crowd)).predictions
    assert found is not None
    right = {question.name: question.right for question in Lesson(unit()).questions}
    made_ = [(right[name], *guess) for member in crowd.members for name, guess in member.guesses.items()]
    assert (found.made, found.right.count) == (len(made_), sum(want == answer for want, answer, _ in made_))
    score = sum((sure - (want == answer)) ** 2 for want, answer, sure in made_) / len(made_)
    assert found.score == pytest.approx(score, abs=1e-4)
    assert sum(bin.right.of for bin in found.curve) == found.made


def test_a_test_that_splits_those_with_otherwise_full_marks_is_a_suspect(report: Report, tmp_path: Path) -> None:
    known = made.verdicts()
    full = tuple(known[task.name, "right" if task.kind != "manual" else ""] for task in unit().tasks)
    place = next(place for place, cell in enumerate(full) if len(cell.tests) > 3)
    cell = full[place]
    tests = (*cell.tests[:-1], replace(cell.tests[-1], passed=False))
    lost = replace(cell, state="wrong", score=cell.max_score - 0.2, tests=tests)
    put = Ledger(made.folder(tmp_path), UNIT).put
    for number in range(12):
        cells = (*full[:place], lost, *full[place + 1 :])
        put(Entry(student=f"x{number}", key="made", report=graded(UNIT, cells, seed=1), version="v"))
    found = one(report(made.everybody(30)))
    [flagged] = [test for test in found.tests if test.flag]
    assert (flagged.name, flagged.only, flagged.passed.count) == (cell.tests[-1].name, 12, 30)
    assert "12 students who pass everything else fail this test alone" in (flagged.flag or "")


class Tags(HTMLParser):
    """What a browser would see of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.names: set[str] = set()
        self.attributes: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.names.add(tag)
        self.attributes |= {name for name, _ in attrs}


HOSTILE = '<script>alert(1)</script><img src=x onerror=alert(2)>=HYPERLINK("http://127.0.0.1")\u202e &amp; \'"`'


def test_nothing_of_a_submission_is_live_in_the_page_and_the_tables(report: Report, tmp_path: Path) -> None:
    known = dict(made.verdicts())
    bad = replace(known["kl_bernoulli", "unnamed"], message=HOSTILE, hint=f"={HOSTILE}", signature="<b>x</b>")
    put = Ledger(made.folder(tmp_path), UNIT).put
    for number in range(12):
        cells = tuple(bad if c.id == bad.id else c for c in _full(known))
        who = f"=cmd|' /C calc'!A{number}<script>"
        put(Entry(student=who, key="made", report=graded(UNIT, cells, seed=1), version=HOSTILE))
    written = report(made.everybody(20), named=True)
    for name in (command.PAGE, command.NAMED):
        text = (written.page.parent / name).read_text()
        assert "&lt;script&gt;alert(1)" in text
        assert "Content-Security-Policy" in text
        assert "\u202e" not in text
        seen = Tags()
        seen.feed(text)
        assert not seen.names & {"script", "img", "b", "link", "iframe", "object", "form", "base"}
        assert {name for name in seen.attributes if name.startswith("on") or name in ("src", "style")} == set()
        assert {link[:2] for link in re.findall(r'href="([^"]*)"', text)} <= {"#a"}, "only within the page"
    for path in written.page.parent.glob("*.csv"):
        for row in csv.reader(path.open(newline="")):
            assert not [cell for cell in row if cell.startswith(("=", "@", "\t")) or "\u202e" in cell], path


def test_nobody_is_named_but_where_that_was_asked_for(report: Report, tmp_path: Path) -> None:
    known = dict(made.verdicts())
    tells = replace(known["kl_bernoulli", "unnamed"], message="It returned 'I am Zarathustra'.", signature="tells")
    put = Ledger(made.folder(tmp_path), UNIT).put
    for number in range(12):
        cells = tuple(tells if c.id == tells.id else c for c in _full(known))
        put(Entry(student="zarathustra" * (number + 1), key="made", report=graded(UNIT, cells, seed=1), version="v"))
    written = report(made.maker().crowd(20, seed=1), named=True, catalogue=True)
    for path in written.page.parent.iterdir():
        named = path.name.startswith("with-names")
        assert named or "arathustra" not in path.read_text(), path
        assert path.stat().st_mode & 0o077 == 0 or not named
    assert "zarathustra" in (written.page.parent / command.NAMED).read_text()
    assert next(group for group in one(written).groups if group.signature == "tells").example is None


def test_without_names_the_report_is_the_same_for_everybody_under_other_names(report: Report, tmp_path: Path) -> None:
    crowd = made.maker().crowd(40, seed=1)
    first = report(crowd).page.read_text()
    other = tmp_path / "other"
    renamed = tuple(replace_id(member, f"other-{place}") for place, member in enumerate(crowd.members))
    made.put(made.folder(other), Crowd(renamed, crowd.planted))
    assert command.report(other, [UNIT]).page.read_text() == first


def test_every_table_of_the_page_lies_beside_it(report: Report) -> None:
    written = report(made.maker().crowd(60, seed=1))
    found = one(written)
    for name, table in tables.of_assignment(found, named=False).items():
        assert len(rows(written, f"{name}.csv")) == len(table.rows)
        assert name == "work" or table.caption in written.page.read_text()
    assert json.loads((written.page.parent / "report.json").read_text()) == json.loads(written.json)
    beliefs = rows(written, "beliefs.csv")
    assert int(beliefs[0]["students"]) == found.beliefs[0].share.count  # type: ignore[union-attr]


def test_several_assignments_are_one_page_with_what_runs_through_them(tmp_path: Path) -> None:
    for name in (UNIT, "02-rmse"):
        made.put(made.folder(tmp_path, name), made.maker(name).crowd(30, seed=1), name)
    written = command.report(tmp_path, command.assignments(tmp_path))
    assert [one.assignment for one in written.report.assignments] == [UNIT, "02-rmse"]
    assert written.page == tmp_path / "reports" / "all" / "report.html"
    assert {row["assignment"] for row in rows(written, "points.csv")} == {UNIT, "02-rmse"}
    over = {belief.name: belief.shares for belief in written.report.over}
    assert set(over["times_constant"]) == {UNIT, "02-rmse"}


def test_three_thousand_in_a_few_seconds_and_flat_memory(tmp_path: Path) -> None:
    """Time of the processor, so that a busy machine is no failure: a third of the class in a third of the time."""
    made.put(made.folder(tmp_path), made.maker().crowd(1_000, seed=1))
    began = time.process_time()
    command.report(tmp_path, [UNIT])
    assert time.process_time() - began < 20 / 3
    entries = list(ledger.entries(tmp_path, UNIT))
    count = Count(Lesson(unit()), named=False)
    sizes = []
    for _ in range(2):
        tracemalloc.start()
        for _ in range(3):
            for entry in entries:
                count.add(entry.report, Person(entry.student), entry.version, final=True)
        sizes.append(tracemalloc.get_traced_memory()[0])
        tracemalloc.stop()
    assert sizes[1] < 3_000 * 12 * 16, "a few bytes a student and task"


def _full(known: dict[tuple[str, str], object]) -> list:
    return [known[task.name, "" if task.kind == "manual" else "right"] for task in unit().tasks]


def replace_id(member: made.Member, id: str) -> made.Member:
    return made.Member(id, member.first, member.last, member.ways, member.guesses)


def test_the_page_is_the_same_each_time_it_is_made(report: Report) -> None:
    written = report(made.maker().crowd(40, seed=1))
    assert page.page(written.report) == written.page.read_text()


def test_two_formulas_of_one_name_are_two_beliefs(report: Report, tmp_path: Path) -> None:
    known = dict(made.verdicts())
    wrong = replace(known["kl_bernoulli", "five times"], misconception="another_formula", layer="relation")
    put = Ledger(made.folder(tmp_path), UNIT).put
    for number in range(12):
        hint = f"Your result is {'q - p' if number < 8 else 'q + 2.5 p'}. Compare it with the text."
        cells = tuple(replace(wrong, hint=hint) if c.id == wrong.id else c for c in _full(known))
        put(Entry(student=f"f{number}", key="made", report=graded(UNIT, cells, seed=1), version="v"))
    found = {belief.words: belief.share for belief in one(report(made.everybody(20))).beliefs}
    assert {words: share.count for words, share in found.items() if share} == {
        "The result is q - p.": 8,
        "The result is q + 2.5 p.": 4,
    }


def test_the_code_of_a_function_is_shown_without_anything_that_tells_whose_it_is() -> None:
    source = """
# by Zarathustra
def loss(labels, p):
    '''Zarathustra wrote this.'''
    by_zarathustra = np.log(p)  # Zarathustra
    def zarathustra(x, *, zara=1):
        "Zarathustra"
        return f"Zarathustra {x}"
    import zarathustra.tools as zz
    print("<script>alert(1)</script>", by_zarathustra.zarathustra, zarathustra(3, zara=2))
    return -by_zarathustra.sum()
"""
    found = excerpt([source, "def other(): pass", "def loss(: broken"], "loss", {"labels", "p"})
    assert "zara" not in found.lower()
    assert "script" not in found
    assert found.splitlines()[:2] == ["def loss(labels, p):", "    name2 = np.log(p)"]
    assert "return -name2.sum()" in found
    ast.parse(found)
    long = excerpt(["def loss(p):\n" + "    p = p + " + "1 + " * 200 + "1\n" * 1 + "    p += 1\n" * 500], "loss", {"p"})
    assert len(long) < 24 * 120


def test_a_card_without_a_name_has_the_code_of_one_of_them_and_a_link(report: Report, tmp_path: Path) -> None:
    crowd = made.maker().crowd(60, seed=1)
    way = next(way for way in crowd.planted if way.name == "unnamed")
    top = made.folder(tmp_path)
    source = f"def {way.task}(y):  # mine\n    return '<b>' + 2 * y"
    notebook = json.dumps({"cells": [{"cell_type": "code", "source": source}]})
    report(crowd)  # makes the folders
    for member in crowd.members:
        CourseFolder(top, UNIT).autograded.page(member.id).write_text(notebook)
    written = command.report(tmp_path, [UNIT])
    [lesson] = [lesson for lesson in one(written).teach if lesson.task == way.task]
    assert lesson.code is not None
    assert lesson.code.endswith("return '…' + 2 * y")
    assert lesson.hint == one(written).groups[0].hint
    text = written.page.read_text()
    assert html.escape(lesson.code.splitlines()[-1], quote=True).replace("&#x27;", "&#39;") in text
    [target] = re.findall(r'<a href="#([^"]+)">More about this group', text)
    assert f'id="{target}"' in text
