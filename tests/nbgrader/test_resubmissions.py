"""Whatever is handed in after a graded submission, its score never stays without a flag."""

from __future__ import annotations

import copy
import json
import os
import re
import shutil
from pathlib import Path
from typing import Any

import pytest

NAME = "01-bce.ipynb"


def not_json(path: Path) -> None:
    path.write_text("my answer is 42")


def no_notebook(path: Path) -> None:
    path.write_text('{"answer": 42}')


def empty_file(path: Path) -> None:
    path.write_bytes(b"")


def cut_off(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:20_000])


def cells_are_no_list(path: Path) -> None:
    path.write_text('{"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": {"a": 1}}')


def forty_megabytes(path: Path) -> None:
    document = json.loads(path.read_text())
    document["cells"][0]["source"] = "x" * (40 << 20)
    path.write_text(json.dumps(document))


def link(path: Path) -> None:
    shutil.move(path, path.parents[3] / "elsewhere.ipynb")
    path.symlink_to(path.parents[3] / "elsewhere.ipynb")


def dangling_link(path: Path) -> None:
    path.unlink()
    path.symlink_to("nowhere.ipynb")


def endless_device(path: Path) -> None:
    path.unlink()
    path.symlink_to("/dev/zero")


def pipe(path: Path) -> None:
    path.unlink()
    os.mkfifo(path)


def folder_of_that_name(path: Path) -> None:
    path.unlink()
    path.mkdir()


def other_unit(path: Path) -> None:
    path.unlink()
    path.with_name("02-rmse.ipynb").write_text('{"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": []}')


def two_of_other_names(path: Path) -> None:
    shutil.copy(path, path.with_name("first.ipynb"))
    shutil.move(path, path.with_name("second.ipynb"))


def time_stamp_of_nonsense(path: Path) -> None:
    path.with_name("timestamp.txt").write_text("yesterday, or so")


def time_stamp_without_end(path: Path) -> None:
    path.with_name("timestamp.txt").symlink_to("/dev/zero")


def deep_nesting(path: Path) -> None:
    path.write_text("[" * 200_000)


UNGRADED = [
    not_json,
    no_notebook,
    empty_file,
    cut_off,
    cells_are_no_list,
    forty_megabytes,
    link,
    dangling_link,
    endless_device,
    pipe,
    folder_of_that_name,
    other_unit,
    two_of_other_names,
    time_stamp_of_nonsense,
    time_stamp_without_end,
    deep_nesting,
]


@pytest.mark.parametrize("replace", UNGRADED, ids=lambda replace: replace.__name__)
def test_an_ungraded_resubmission_has_no_score_and_waits_for_a_person(resubmitted: Any, replace: Any) -> None:
    rows = resubmitted.rows(replace.__name__)
    assert rows
    assert all(row.auto is None and row.waits for row in rows.values()), rows
    assert "Not graded" in "".join(resubmitted.autograded(replace.__name__)["cells"][0]["source"])
    assert "No response." not in resubmitted.comments(replace.__name__).values()


def test_no_notebook_at_all_is_flagged_when_a_class_is_graded(course_with_ada: Any) -> None:
    course = course_with_ada
    (course.submitted("ada") / NAME).unlink()
    course.submit("bob", course.blank)
    [done] = course.autograde("*")
    assert done["success"], done
    assert course.automatic("ada") == (None, True)
    assert course.automatic("bob") == (0.0, False)


def the_button(course: Any) -> None:
    [done] = course.autograde("ada")
    assert done["success"], done


def the_command(course: Any) -> None:
    done = course.nbgrader("autograde", "01-bce", "--student", "ada", "--force")
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("grade", [the_button, the_command], ids=lambda grade: grade.__name__)
def test_an_empty_folder_is_flagged_when_it_is_all_that_is_graded(course_with_ada: Any, grade: Any) -> None:
    course = course_with_ada
    (course.submitted("ada") / NAME).unlink()
    grade(course)
    assert course.automatic("ada") == (None, True)
    assert "there is no notebook at all" in "".join(course.autograded("ada")["cells"][0]["source"])
    course.submit("ada", course.right)
    grade(course)
    assert course.automatic("ada") == (course.most, False)


def test_a_class_is_graded_by_what_lies_there_and_not_by_time_stamps_alone(course_with_ada: Any) -> None:
    """Fails where a notebook that has gone, or has other bytes, keeps its score because its time stamp is the same."""
    course = course_with_ada
    for student in ("bob", "cat"):
        course.submit(student, course.blank)
    for student in ("ada", "bob", "cat"):
        (course.submitted(student) / "timestamp.txt").write_text("2026-01-02 00:00:00 UTC")
    [done] = course.autograde("*")
    assert done["success"], done
    (course.submitted("bob") / NAME).write_bytes((course.submitted("ada") / NAME).read_bytes())
    full = course.automatic("ada")
    (course.submitted("ada") / NAME).unlink()
    run = course.nbgrader("autograde", "01-bce")
    assert run.returncode == 0, run.stderr
    assert course.automatic("ada") == (None, True)
    assert course.automatic("bob") == full
    assert full[0] > 0
    assert re.findall("Skipping existing assignment: .*/(.*)/01-bce", run.stderr) == ["cat"], run.stderr


def test_a_notebook_that_nbgrader_does_not_see_is_graded_all_the_same(course_with_ada: Any) -> None:
    """Fails where a name that begins with a dot is taken for one that nbgrader finds."""
    course = course_with_ada
    place = course.submitted("ada") / NAME
    place.rename(place.with_name(".mine.ipynb"))
    the_button(course)
    assert course.automatic("ada") == (course.most, False)


def test_a_notebook_of_another_name_is_graded_where_there_was_none(course_with_ada: Any) -> None:
    course = course_with_ada
    place = course.submitted("ada") / NAME
    kept = place.read_bytes()
    place.unlink()
    the_button(course)
    place.with_name("my answers.ipynb").write_bytes(kept)
    the_button(course)
    assert course.automatic("ada") == (course.most, False)


def test_reading_the_configuration_and_grading_write_nothing_into_submitted_folders(course_with_ada: Any) -> None:
    course = course_with_ada
    (course.submitted("ada") / NAME).unlink()
    (course.root / "submitted" / "ada" / "other").mkdir()
    before = sorted(course.root.glob("submitted/**/*"))
    course.api()
    the_button(course)
    assert sorted(course.root.glob("submitted/**/*")) == before


def linked_folder(course: Any) -> None:
    shutil.move(course.submitted("ada"), course.root / "elsewhere")
    (course.root / "submitted" / "ada" / "01-bce").symlink_to(course.root / "elsewhere")


def linked_student(course: Any) -> None:
    shutil.move(course.root / "submitted" / "ada", course.root / "elsewhere")
    (course.root / "submitted" / "ada").symlink_to(course.root / "elsewhere")


def file_instead_of_a_folder(course: Any) -> None:
    shutil.rmtree(course.submitted("ada"))
    (course.root / "submitted" / "ada" / "01-bce").write_text("see my mail")


@pytest.mark.parametrize("replace", [linked_folder, linked_student, file_instead_of_a_folder])
def test_what_is_no_folder_of_the_students_own_is_flagged(course_with_ada: Any, replace: Any) -> None:
    """Fails where a link to a classmate's work earns what the classmate earns."""
    course = course_with_ada
    replace(course)
    course.submit("bob", course.blank)
    [done] = course.autograde("*")
    assert done["success"], done
    assert course.automatic("ada") == (None, True)
    assert course.automatic("bob") == (0.0, False)
    said = "".join(course.autograded("ada")["cells"][0]["source"])
    assert "is not a folder" in said or "is a link to another place" in said
    assert course.flagged() == {"ada"}


ODD = ["line\nbreak", "tab\tbed", "\x1b[31m", os.fsdecode(b"no\xfftext"), "back\u202eward"]


def test_folders_that_no_student_can_have_cost_nobody_else(course_with_ada: Any) -> None:
    course = course_with_ada
    for name in ODD:
        course.submit(name, course.blank)
    course.submit("it's [me] {1}, *?", course.right)
    done = course.nbgrader("autograde", "01-bce", "--force")
    assert done.returncode == 0, done.stderr
    assert done.stderr.count("is not a student's id") == len(ODD), done.stderr
    assert course.automatic("it's [me] {1}, *?") == (course.most, False)
    assert course.automatic("ada") == (course.most, False)


def empty_notebook(document: dict[str, Any]) -> None:
    document["cells"] = []


def all_test_cells_deleted(document: dict[str, Any]) -> None:
    document["cells"] = [cell for cell in document["cells"] if not cell["metadata"].get("nbgrader", {}).get("grade")]


def all_named_cells_deleted(document: dict[str, Any]) -> None:
    document["cells"] = [cell for cell in document["cells"] if "nbgrader" not in cell["metadata"]]


def test_cells_duplicated(document: dict[str, Any]) -> None:
    document["cells"] += [copy.deepcopy(cell) for cell in document["cells"] if cell["metadata"].get("nbgrader")]


test_cells_duplicated.__test__ = False  # type: ignore[attr-defined]


def schema_of_the_future(document: dict[str, Any]) -> None:
    for cell in document["cells"]:
        cell["metadata"].get("nbgrader", {}).update(schema_version=99)


def schema_of_the_past(document: dict[str, Any]) -> None:
    for cell in document["cells"]:
        cell["metadata"].get("nbgrader", {}).update(schema_version=1)


def metadata_of_nonsense(document: dict[str, Any]) -> None:
    for cell in document["cells"]:
        cell["metadata"] = {"nbgrader": cell["metadata"].get("nbgrader", {}).get("grade_id")}


def skip_execution(document: dict[str, Any]) -> None:
    for cell in document["cells"]:
        cell["metadata"]["tags"] = ["skip-execution"]


def hundred_points(document: dict[str, Any]) -> None:
    for cell in document["cells"]:
        cell["metadata"].get("nbgrader", {}).update(points=100)


def old_format(document: dict[str, Any]) -> None:
    cells = document.pop("cells")
    for cell in cells:
        if cell["cell_type"] == "code":
            cell.update(input=cell.pop("source"), language="python", collapsed=False)
    document.update(nbformat=3, nbformat_minor=0, worksheets=[{"cells": cells, "metadata": {}}])


def other_language(document: dict[str, Any]) -> None:
    document["metadata"] = {"kernelspec": {"name": "ir", "language": "R", "display_name": "R"}}


def kernel_that_nobody_has(document: dict[str, Any]) -> None:
    document["metadata"]["kernelspec"] = {"name": "../../evil", "display_name": "x", "language": "python"}


GRADED = [
    (empty_notebook, 0.0),
    (all_test_cells_deleted, 1.0),
    (all_named_cells_deleted, 0.0),
    (test_cells_duplicated, 1.0),
    (schema_of_the_future, 1.0),
    (schema_of_the_past, 1.0),
    (metadata_of_nonsense, None),
    (skip_execution, 1.0),
    (hundred_points, 1.0),
    (old_format, 1.0),
    (other_language, 1.0),
    (kernel_that_nobody_has, 1.0),
]


ANSWERS = ("right", "blank")


@pytest.fixture(scope="module")
def resubmitted(fresh_course: Any) -> Any:
    """Everybody had full marks, and then handed in something odd, each student another thing. The class was graded once
    more, by what lies there."""
    course = fresh_course
    names = [f"{answers}-{change.__name__}" for change, _ in GRADED for answers in ANSWERS]
    names += ["bob", *(replace.__name__ for replace in UNGRADED)]
    for name in names:
        course.submit(name, course.right)
    done = course.nbgrader("autograde", "01-bce")
    assert done.returncode == 0, done.stderr[-3000:]
    assert {course.automatic(name) for name in names} == {(course.most, False)}
    for change, _ in GRADED:
        for answers in ANSWERS:
            document = getattr(course, answers)
            change(document)
            course.submit(f"{answers}-{change.__name__}", document)
    for replace in UNGRADED:
        replace(course.submitted(replace.__name__) / NAME)
    course.submit("bob", course.blank)
    done = course.nbgrader("autograde", "01-bce")
    assert done.returncode == 0, done.stderr[-3000:]
    return course


@pytest.mark.parametrize(("change", "share"), GRADED, ids=[change.__name__ for change, _ in GRADED])
@pytest.mark.parametrize("answers", ANSWERS)
def test_an_odd_notebook_scores_what_its_answers_deserve(
    resubmitted: Any, change: Any, share: float | None, answers: str
) -> None:
    """`share` is of the points that the same answers have in an ordinary notebook; None: whatever, but a number."""
    student = f"{answers}-{change.__name__}"
    score, waits = resubmitted.automatic(student)
    assert not waits
    if share is not None:
        assert score == (resubmitted.most * share if answers == "right" else 0.0)
    assert score is not None
    assert 0.0 <= score <= resubmitted.most
    assert all(row.auto is None or row.auto <= row.most for row in resubmitted.rows(student).values())


def test_an_ordinary_notebook_among_them_has_what_it_deserves(resubmitted: Any) -> None:
    assert resubmitted.automatic("bob") == (0.0, False)
