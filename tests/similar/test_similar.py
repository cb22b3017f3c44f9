"""Who shares rare code: found whatever the names and comments, and not where everybody has it or was given it."""

from __future__ import annotations

import json
import random
import shutil
import time

import miniature
import numpy as np
import pytest
from courses import ROOT, UNIT, Course
from nbgrader.api import Gradebook

from autograder.classes.similar import command
from autograder.classes.similar.pairs import at_most, groups, pairs
from autograder.classes.similar.prints import RUN, bare, names, prints

ODD = """def binary_entropy(q):
    # by Rosa Lind, 3 May
    q = np.asarray(q, dtype=float)
    if ((q < 0) | (q > 1)).any():
        raise ValueError("Rosa says no")
    total = np.zeros_like(q)
    for side in (q, 1 - q):
        safe = np.where(side > 0, side, 1.0)
        total = total - side * np.log(safe) / np.log(np.e)
    return np.reshape(total, q.shape)"""
COPY = """def binary_entropy(q):
    q   = np.asarray(q, dtype=float)
    if ((q < 0) | (q > 1)).any():
        raise ValueError("not a probability")

    acc = np.zeros_like(q)
    for part in (q, 1 - q):   # both sides
        ok = np.where(part > 0, part, 1.0)
        acc = acc - part * np.log(ok) / np.log(np.e)
    return np.reshape(acc, q.shape)"""
NAMES = "abcdefghklmnoprstuvwx"


def ordinary(chance: random.Random) -> str:
    """A function as one of many writes it: the same idea, and another way through it."""
    lines = ["def binary_entropy(q):"]
    for number in range(chance.randint(4, 7)):
        one, other = chance.choice(NAMES), chance.choice(NAMES)
        call = chance.choice(["np.log", "np.abs", "np.sqrt", "np.clip", "sum", "len", "np.mean", "np.exp"])
        sign = chance.choice(["+", "-", "*", "/", "**"])
        number = chance.randint(0, 99)
        lines.append(f"    {one} = {call}({other} {sign} {number}) {chance.choice('+-*')} {chance.randint(0, 9)}")
    return "\n".join([*lines, "    return q"])


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Course:
    """Forty students: all have the taught functions but for one, which two share."""
    root = tmp_path_factory.mktemp("similar") / "course"
    (root / "release").mkdir(parents=True)
    shutil.copytree(ROOT / "release" / UNIT, root / "release" / UNIT)
    shutil.copy(ROOT / "nbgrader_config.py", root)
    (root / "autograder.toml").write_text(f"units = {str(ROOT / 'course')!r}\n")
    made = Course(root)
    chance = random.Random(1)
    for place in range(38):
        made.submit(f"student{place:02}", miniature.notebook(binary_entropy=ordinary(chance)))
    made.submit("rosalind", miniature.notebook(binary_entropy=ODD))
    made.submit("copycat", miniature.notebook(binary_entropy=COPY))
    (root / "submitted" / "student00" / UNIT / f"{UNIT}.ipynb").write_bytes(b"no notebook")
    with Gradebook(made.database, "loss-metrics") as book:
        book.add_assignment(UNIT)
        book.add_student("rosalind", first_name="Rosa", last_name="Lind")
        book.db.commit()
    return made


def test_a_copy_is_found_whatever_its_names_and_comments(course: Course):
    found = command.similar(course.root, UNIT, named=True)
    assert found.similar.students == 40
    (group,) = found.similar.groups
    assert {one.number for one in group.students} == {1, 2}
    page = (course.root / "reports" / UNIT / "with-names-similar.html").read_text()
    assert "Rosa Lind (rosalind)" in page
    assert "copycat (copycat)" in page
    assert "student01" not in page
    assert "np.reshape(acc, q.shape)" in page
    assert "np.reshape(total, q.shape)" in page
    assert "no verdict" in page
    table = (course.root / "reports" / UNIT / "with-names-similar.csv").read_text()
    assert "rosalind" in table
    assert "copycat" in table


def test_names_stand_in_the_file_with_names_alone(course: Course):
    command.similar(course.root, UNIT, named=True)
    folder = course.root / "reports" / UNIT
    for file in ("similar.html", "similar.csv"):
        text = (folder / file).read_text().casefold()
        assert not any(word in text for word in ("rosa", "lind", "copycat", "3 may"))
        assert (folder / f"with-names-{file}").stat().st_mode & 0o077 == 0
    assert "np.zeros_like(q)" in (folder / "similar.html").read_text()
    assert "What it costs" not in (folder / "with-names-similar.html").read_text()  # a line of the release's
    assert "default-src &#39;none&#39;; style-src &#39;sha256-" in (folder / "similar.html").read_text()


def test_the_command_says_what_it_is_and_is_not(course: Course):
    for file in (course.root / "reports" / UNIT).glob("with-names-*"):
        file.unlink()
    done = course.here("similar", UNIT)
    assert (done.returncode, done.stderr) == (0, "")
    assert "1 group of students" in done.stdout
    assert "no verdict" in done.stdout
    assert not list((course.root / "reports" / UNIT).glob("with-names-*"))
    first = (course.root / "reports" / UNIT / "similar.html").read_bytes()
    found = json.loads(course.here("similar", UNIT, "--json").stdout)
    assert len(found["groups"]) == 1
    assert "rosalind" not in json.dumps(found)
    assert (course.root / "reports" / UNIT / "similar.html").read_bytes() == first
    assert course.here("similar", "ps9").returncode == 2


def test_what_was_given_and_what_most_have_is_taken_out():
    given = prints([ODD], all_runs=True).hashes
    assert pairs([prints([ODD]), prints([COPY]), *others(20)], np.zeros(0, np.uint64))
    assert not pairs([prints([ODD]), prints([COPY]), *others(20)], np.unique(given))
    alike = [prints([ODD]) for _ in range(10)]
    assert not pairs([*alike, *others(10)], np.zeros(0, np.uint64))
    assert len(alike) > at_most(20)


def test_known_names_count_and_others_do_not():
    text = "value = np.log(first) - np.log(second) * 3 + value ** 2"
    same = text.replace("value", "v").replace("first", "a").replace("second", "b") + "  # a remark"
    assert prints([text]).hashes.tolist() == prints([same]).hashes.tolist()
    known = names(["first = 1"])
    assert prints([text], known).hashes.tolist() != prints([same], known).hashes.tolist()
    assert prints([text.replace("log", "exp")]).hashes.tolist() != prints([text]).hashes.tolist()
    assert prints(["a = 1"]).hashes.size == 0 < RUN


def test_a_group_of_three_is_one():
    found = pairs([prints([ODD]), prints([COPY]), prints([ODD, "x = 1"]), *others(30)], np.zeros(0, np.uint64))
    assert len(found) == 3
    assert len(groups(found)) == 1


def test_three_thousand_take_seconds():
    began = time.process_time()
    crowd = others(2998)
    found = pairs([prints([ODD]), prints([COPY]), *crowd], np.zeros(0, np.uint64))
    assert [(pair.one, pair.other) for pair in found] == [(0, 1)]
    assert time.process_time() - began < 20


@pytest.mark.parametrize(
    "text", ["'''\\" * 5_000, '"' * 20_001, "(" * 20_000, "\\\n" * 10_000, "é'" * 10_000, "\x00" * 99]
)
def test_a_text_that_is_hard_to_read_takes_no_time(text: str):
    began = time.process_time()
    prints([text * 3])
    assert time.process_time() - began < 5


def test_a_line_without_what_may_tell_a_name():
    assert bare('x = "Rosa"  # Lind').rstrip() == "x = '…'"
    assert bare('"""By\nRosa\n"""\nx = 1').split("\n") == ["'…'", "", "", "x = 1"]
    assert bare("return total / np.log(2)") == "return total / np.log(2)"


def others(count: int) -> list:
    chance = random.Random(7)
    return [prints([ordinary(chance)]) for _ in range(count)]
