"""A learner works: in a copy, or in release/ all the same, where saving must not change what the grader knows."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import pytest
from courses import Course
from miniature import COURSE, UNIT, add, blank, find, notebook

from autograder.notebooks import assignment, given, work


@pytest.fixture
def course(tmp_path: Path) -> Path:
    """The course's folder, as somebody has cloned it, with two units."""
    for top in ("course", "source", "release"):
        for name in (UNIT, "02-rmse"):
            shutil.copytree(COURSE / top / name, tmp_path / top / name)
    for module in (COURSE / "course").glob("*.py"):
        shutil.copy(module, tmp_path / "course")
    shutil.copytree(COURSE / "course" / "data", tmp_path / "course" / "data")
    shutil.copy(COURSE / "nbgrader_config.py", tmp_path)
    return tmp_path


def run(course: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """What the command does, in this process."""
    return Course(course).here(*arguments, "--course-dir", str(course))


def save(path: Path, document: dict) -> None:
    """Write it as JupyterLab does, outputs and all."""
    for number, cell in enumerate(document["cells"], start=1):
        if cell["cell_type"] == "code":
            cell["execution_count"] = number
            cell["outputs"] = [{"output_type": "stream", "name": "stdout", "text": "an output"}]
    path.write_text(json.dumps(document, indent=1, ensure_ascii=False))


def released(course: Path) -> Path:
    return given.path_of(course, UNIT)


def test_right_work_that_is_saved_in_release_keeps_full_marks(course):
    save(released(course), notebook())
    for name in ("lesson.py", "mine.py"):
        (released(course).parent / name).write_text("raise SystemExit")
    ran = run(course, "check", str(released(course)), "--json")
    report = json.loads(ran.stdout)
    assert (ran.returncode, report["score"]) == (0, 24.0)


def test_what_was_given_out_is_the_same_whatever_is_saved_in_release(course):
    before = assignment.load(UNIT, course)
    changed = notebook()
    changed["cells"].remove(find(changed, "test_binary_entropy"))
    find(changed, "test_kl_bernoulli")["metadata"]["nbgrader"]["points"] = 40
    add(changed, "binary_entropy = None")
    save(released(course), changed)
    (released(course).parent / f"{UNIT}-Copy1.ipynb").write_text(json.dumps(changed))
    assert assignment.load(UNIT, course) == before
    assert assignment.names(course) == (UNIT, "02-rmse")


def test_without_source_an_edited_release_is_refused_and_a_note_or_a_run_is_not(course):
    shutil.rmtree(course / "source")
    save(released(course), add(blank(), "a note of my own", kind="markdown"))
    assert assignment.load(UNIT, course).tasks == assignment.load(UNIT, COURSE).tasks
    save(released(course), notebook())
    ran = run(course, "check", str(released(course)))
    assert ran.returncode == 2
    assert "was edited after it was given out" in " ".join(ran.stdout.split())


def test_build_says_that_somebody_worked_in_release_and_work_moves_that_away(course):
    mine = add(blank(), 'predict("peak", answer="a", probability=0.8)')
    save(released(course), mine)
    checked = run(course, "build", "--check")
    assert checked.returncode == 1
    assert f"Somebody has worked in release/{UNIT} and saved there. Run `autograder work`: it moves" in checked.stderr
    assert "commit" not in checked.stderr
    moved = run(course, "work")
    assert moved.returncode == 0, moved.stderr
    assert f"work/{UNIT}/{UNIT}.ipynb: what was written in release/{UNIT}, where the original is back" in moved.stdout
    assert json.loads((course / "work" / UNIT / f"{UNIT}.ipynb").read_text()) == mine
    assert released(course).read_bytes() == given.path_of(COURSE, UNIT).read_bytes()
    assert run(course, "build", "--check").returncode == 0


def test_build_keeps_what_somebody_wrote_in_release(course):
    save(released(course), notebook())
    assert run(course, "work", UNIT).returncode == 0
    save(released(course), blank(binary_entropy="the second attempt"))
    built = run(course, "build")
    assert f"wrote work/{UNIT}/{UNIT}-2.ipynb" in built.stdout, built.stderr
    assert "the second attempt" in (course / "work" / UNIT / f"{UNIT}-2.ipynb").read_text()
    assert "the second attempt" not in (course / "work" / UNIT / f"{UNIT}.ipynb").read_text()


def test_a_copy_to_work_in_is_made_once_and_anew_on_demand_and_nothing_is_lost(course):
    first = list(work.begin(course, UNIT))
    assert first == [f"work/{UNIT}/{UNIT}.ipynb: a fresh copy to work in"]
    path = course / "work" / UNIT / f"{UNIT}.ipynb"
    assert path.read_bytes() == released(course).read_bytes()
    save(path, notebook())
    (path.parent / "predictions.json").write_text("{}")
    mine = path.read_bytes()
    assert list(work.begin(course, UNIT)) == []
    assert path.read_bytes() == mine
    kept, made = work.begin(course, UNIT, fresh=True)
    assert kept == f"work/{UNIT}/{UNIT}.ipynb: your earlier notebook is now {UNIT}-2.ipynb"
    assert made == first[0]
    assert path.with_stem(f"{UNIT}-2").read_bytes() == mine
    assert path.read_bytes() == released(course).read_bytes()
    assert {file.name for file in path.parent.iterdir()} == {
        f"{UNIT}.ipynb",
        f"{UNIT}-2.ipynb",
        "lesson.py",
        "breast_cancer.csv",
        "predictions.json",
    }


def test_a_unit_that_has_changed_since_is_said_and_the_work_is_left_alone(course):
    list(work.begin(course, UNIT))
    text = course / "course" / UNIT / f"{UNIT}.md"
    text.write_text(text.read_text().replace("points: 4", "points: 5", 1))
    assert run(course, "build").returncode == 0
    assert list(work.begin(course, UNIT)) == [
        f"work/{UNIT}/{UNIT}.ipynb: the unit has changed since. To get the new one: autograder work {UNIT} --fresh"
    ]


def test_the_command_says_what_it_did_and_what_it_cannot(course):
    ran = run(course, "work")
    assert ran.stdout.splitlines() == [
        f"work/{name}/{name}.ipynb: a fresh copy to work in" for name in (UNIT, "02-rmse")
    ]
    assert run(course, "work").stdout == ""
    everything = run(course, "work", "--fresh")
    assert everything.returncode == 2
    assert "Say which unit is to be fresh" in everything.stderr
    unknown = run(course, "work", "99-none")
    assert unknown.returncode == 1
    assert "There is no assignment '99-none'" in unknown.stderr


def test_a_seal_that_a_merge_of_two_versions_broke_is_nobody_s_work(course):
    merged = blank(binary_entropy="def binary_entropy(q):\n    ...")
    released(course).write_text(json.dumps(merged))
    built = run(course, "build")
    assert built.returncode == 0, built.stderr
    assert not (course / "work").exists()
