"""`python -m benchmarks.class_of_400 [--folder FOLDER] [--size 400]`: prints what came out, or fails.

Nothing is made short: the notebooks are really graded, the written answers get a person's points in the gradebook as
the formgrader writes them, and each file is read back as the system's importer reads it.
"""

from __future__ import annotations

import argparse
import csv
import json
import shutil
import tempfile
import zipfile
from collections import defaultdict
from pathlib import Path
from typing import Any

import numpy as np
from nbgrader.api import Gradebook

from autograder.demo.crowd import PLANTED, Crowd, Maker
from autograder.nbgrader.export.fill import number as written
from autograder.notebooks import assignment
from benchmarks.class_of_400.command import Run
from benchmarks.class_of_400.systems import SYSTEMS, address, number
from benchmarks.trials import COURSE

SEED, UNIT = 14, "01-bce"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--folder", type=Path, help="Where to make the course, which stays. Default: a scratch folder.")
    parser.add_argument("--size", type=int, default=400)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="class-of-400-") as scratch:
        run = Run(given.folder or Path(scratch))
        crowd = _hand_in(run, given.size)
        run.command("autograder", "grade", UNIT)
        _read_written_answers(run)
        run.command("autograder", "report", UNIT, "--catalogue")
        run.command("autograder", "feedback", UNIT)
        lines = [*_hold_report(run, crowd), "", *_hold_exports(run, crowd), *_hold_feedback(run, crowd)]
    print("| command | seconds | CPU seconds | MB |", "| --- | ---: | ---: | ---: |", sep="\n")
    for took in run.took:
        print(f"| `{took.command}` | {took.seconds:.1f} | {took.cpu:.1f} | {took.most:.0f} |")
    print("", *lines, sep="\n")


def _hand_in(run: Run, size: int) -> Crowd:
    """The class, and what it hands in."""
    shutil.copytree(COURSE / "source" / UNIT, run.root / "source" / UNIT, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(COURSE / "nbgrader_config.py", run.root)
    (run.root / "autograder.toml").write_text(f"units = {str(COURSE / 'course')!r}\n")
    run.command("nbgrader", "generate_assignment", UNIT)
    maker = Maker(assignment.load(UNIT, run.root), run.root)
    crowd = maker.crowd(size, seed=SEED)
    with (run.root / "students.csv").open("w", newline="") as file:
        table = csv.writer(file)
        table.writerow(["id", "first_name", "last_name", "email", "lms_user_id"])
        table.writerows([m.id, m.first, m.last, address(m), number(m)] for m in crowd.members)
    run.command("nbgrader", "db", "student", "import", "students.csv")
    for member in crowd.members:
        place = run.root / "submitted" / member.id / UNIT
        place.mkdir(parents=True)
        (place / f"{UNIT}.ipynb").write_text(json.dumps(maker.notebook(member)))
    return crowd


def _read_written_answers(run: Run) -> None:
    """As a person does it in the formgrader, in halves of a point."""
    rng = np.random.default_rng(SEED)
    with Gradebook(f"sqlite:///{run.root / 'gradebook.db'}") as gradebook:
        for submission in gradebook.assignment_submissions(UNIT):
            for grade in (grade for notebook in submission.notebooks for grade in notebook.grades):
                if grade.needs_manual_grade:
                    grade.manual_score = float(rng.integers(0, int(2 * grade.max_score) + 1)) / 2
                    grade.needs_manual_grade = False
        gradebook.db.commit()


def _scores(run: Run) -> dict[str, float]:
    """What nbgrader itself says that everybody has."""
    with Gradebook(f"sqlite:///{run.root / 'gradebook.db'}") as gradebook:
        return {found["student"]: found["score"] for found in gradebook.submission_dicts(UNIT)}


def _hold_report(run: Run, crowd: Crowd) -> list[str]:
    """The three things to teach again, for somebody who reads the report and nothing else."""
    folder = run.root / "reports" / UNIT
    [report] = json.loads((folder / "report.json").read_text())["assignments"]
    teach: list[dict[str, Any]] = report["teach"]
    planted = {way.task: (way, share) for way, share in zip(crowd.planted, PLANTED, strict=True)}
    assert {lesson["task"] for lesson in teach} == planted.keys(), (teach, planted)
    page = (folder / "report.html").read_text()
    lines = [*(f"> {sentence}" for sentence in report["first"]), ""]
    lines += [
        "| to teach again, as the report says | task | students | what was planted |",
        "| --- | --- | ---: | --- |",
    ]
    kinds = {"unnamed": "a mistake that nobody has a name for", "five times": "five times the right result"}
    for lesson in teach:
        way, share = planted[lesson["task"]]
        count = round(share * len(crowd.members))
        assert lesson["share"]["count"] == count, (lesson, way)
        assert lesson["task"] in page
        what = kinds.get(way.name, f"the known mistake `{way.name}`")
        lines.append(f"| {lesson['words']} | `{lesson['task']}` | {lesson['share']['count']} | {what}, {count} times |")
    assert "@misconception" in (folder / "catalogue.py").read_text()
    assert not [m.id for m in crowd.members if m.id in page], "the report names nobody"
    return lines


def _hold_exports(run: Run, crowd: Crowd) -> list[str]:
    """Each system's file, filled and read again."""
    scores, lines = _scores(run), []
    tasks = assignment.load(UNIT, run.root).tasks
    for name, system in SYSTEMS.items():
        source = run.root / f"{name}{system.suffix}"
        before = system.made(crowd.members, UNIT, sum(task.points for task in tasks))
        source.write_bytes(before)
        run.command("autograder", "export", UNIT, "--to", name, "--from", source.name)
        after = (run.root / "exports" / UNIT / source.name).read_bytes()
        read = system.reads(after)
        assert read == {system.called(m): written(scores[m.id]) for m in crowd.members}
        changed = {
            column
            for old, new in zip(system.rows(before), system.rows(after), strict=True)
            for column, (one, other) in enumerate(zip(old, new, strict=True))
            if one != other
        }
        assert len(changed) == 1, changed
        lines.append(f"- {name}: {len(read)} grades read back, each the gradebook's; one column changed.")
    run.command("autograder", "export", UNIT, "--to", "questions")
    points: defaultdict[str, float] = defaultdict(float)
    with (run.root / "exports" / UNIT / "questions.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    for row in rows:
        points[row["student"]] += float(row["points"] or 0)
    assert len(rows) == len(crowd.members) * len(tasks)
    assert {student: round(sum, 6) for student, sum in points.items()} == {s: round(p, 6) for s, p in scores.items()}
    known = {row["misconception"] for row in rows if row["misconception"]}
    lines.append(f"- one row a question: {len(rows)} rows, {len(known)} misconceptions.")
    return lines


def _hold_feedback(run: Run, crowd: Crowd) -> list[str]:
    """Everybody's page, and the zip that gives it back."""
    pages = [run.root / "feedback" / m.id / UNIT / f"{UNIT}.html" for m in crowd.members]
    assert all(page.is_file() for page in pages)
    (run.root / "worksheet.csv").write_bytes((run.root / "moodle.csv").read_bytes())
    run.command("autograder", "export", UNIT, "--to", "moodle-feedback", "--from", "worksheet.csv")
    with zipfile.ZipFile(run.root / "exports" / UNIT / "worksheet.zip") as file:
        given = {path.split("_")[1]: file.read(path) for path in file.namelist()}
    assert given == {number(m): page.read_bytes() for m, page in zip(crowd.members, pages, strict=True)}
    size = sum(map(len, given.values())) / len(given) / 1000
    return [f"- feedback: {len(given)} pages of {size:.0f} kB, each in the zip."]


if __name__ == "__main__":
    main()
