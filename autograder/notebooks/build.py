"""From the lessons as text to notebooks: course/ → source/ (for instructors) → release/ (for students)."""

from __future__ import annotations

import re
import shutil
import tempfile
import warnings
from pathlib import Path

import jupytext
import nbformat

from autograder.notebooks import given, work
from autograder.notebooks.given import Unreleasable
from autograder.words import one_line

HELPER = "lesson.py"
"""The module that lies beside every notebook, copied from course/ where there is one."""

DATA = "data"
"""The folder below course/ with tables and modules. Each lies beside the notebooks of the units that name it."""

BUILT = ("source", "release")
_LEFT_BY_READERS = {"__pycache__", ".ipynb_checkpoints", "predictions.json"}


class BrokenLesson(ValueError):
    """A lesson's text is no notebook. The message names the file and the line, and says why."""


def units(root: Path) -> tuple[str, ...]:
    """The units of the course in their order: a folder course/UNIT that holds UNIT.md."""
    return tuple(sorted(text.stem for text in (root / "course").glob("*/*.md") if text.stem == text.parent.name))


def build(root: Path) -> tuple[Path, ...]:
    """Bring source/ and release/ in line with course/. Returns the files that were written or removed.

    What somebody wrote in release/ is kept, in work/."""
    with tempfile.TemporaryDirectory(prefix="course-") as scratch:
        fresh = _rendered(root, Path(scratch))
    changed = _differences(root, fresh)
    saved = [work.take(root, name) for name in units(root) if given.path_of(Path(), name) in changed]
    for path in changed:
        if path in fresh:
            (root / path).parent.mkdir(parents=True, exist_ok=True)
            (root / path).write_bytes(fresh[path])
        else:
            (root / path).unlink()
    return (*(path.relative_to(root) for path in saved if path), *changed)


def stale(root: Path) -> tuple[Path, ...]:
    """The files of source/ and release/ that are missing, different or superfluous; empty when all is current."""
    with tempfile.TemporaryDirectory(prefix="course-") as scratch:
        return _differences(root, _rendered(root, Path(scratch)))


def written_in(root: Path, paths: tuple[Path, ...]) -> tuple[str, ...]:
    """Which of these are released notebooks that somebody has worked in."""
    changed = [name for name in units(root) if given.path_of(Path(), name) in paths]
    return tuple(f"release/{name}" for name in changed if work.theirs(root, name) is not None)


def notebook(text: Path) -> nbformat.NotebookNode:
    """The instructor's notebook for one lesson, the same to the byte whenever it is made from the same text.

    Raises `BrokenLesson`."""
    try:
        pages: nbformat.NotebookNode = jupytext.read(text, fmt="md:myst")
        kernelspec = {"display_name": "Python 3", "language": "python", "name": "python3"}
        language = {
            "name": "python",
            "pygments_lexer": "ipython3",
        }  # as JupyterLab writes it into course/
        pages.metadata = nbformat.from_dict({"kernelspec": kernelspec, "language_info": language})
        pages.nbformat, pages.nbformat_minor = 4, 5
        for number, cell in enumerate(pages.cells, start=1):
            cell.id = cell.metadata.get("nbgrader", {}).get("grade_id", f"cell-{number:03d}")
            if cell.cell_type == "code":
                cell.outputs, cell.execution_count = [], None
        with warnings.catch_warnings(action="ignore"):  # of two cells with one id nbgrader tells, and stops
            nbformat.validate(pages)
    except Exception as error:  # jupytext, YAML and JSON have an error each, and metadata can be anything
        said = re.search(r"line (\d+)", str(error))
        raise _broken(text, int(said[1]) if said else None, str(error)) from error
    return pages


def _broken(text: Path, line: int | None, why: str) -> BrokenLesson:
    where = f", line {line}" if line else ""
    return BrokenLesson(f"course/{text.parent.name}/{text.name}{where}: {one_line(why, 300)}")


def _line_of(text: Path, cell: str | None) -> int | None:
    """The last line that gives a cell this id: where two have it, the second one is the slip."""
    given = re.compile(rf"""grade_id['"]?: *['"]?{re.escape(cell or "")}['"]?[ ,]*(?:$|")""")
    lines = text.read_text(encoding="utf-8").splitlines()
    found = [number for number, line in enumerate(lines, 1) if given.search(line)]
    return found[-1] if cell and found else None


def _rendered(root: Path, scratch: Path) -> dict[Path, bytes]:
    """The contents of all built files, by path below the root; made in a scratch folder."""
    names = units(root)
    for unit in names:
        folder = scratch / "source" / unit
        folder.mkdir(parents=True)
        text = nbformat.writes(notebook(root / "course" / unit / f"{unit}.md"), indent=1)
        (folder / f"{unit}.ipynb").write_text(text + "\n", encoding="utf-8")
        if (root / "course" / HELPER).is_file():
            shutil.copyfile(root / "course" / HELPER, folder / HELPER)
        for given_file in (root / "course" / DATA).glob("*.*"):
            if given_file.name in text:
                shutil.copyfile(given_file, folder / given_file.name)
    try:
        given.generate(root, scratch, names)
    except Unreleasable as error:
        text = root / "course" / error.name / f"{error.name}.md"
        cell = f"the cell {error.cell}: " if error.cell else ""
        raise _broken(text, _line_of(text, error.cell), f"{cell}{error.why}") from error
    files = (path for top in BUILT for path in (scratch / top).rglob("*") if path.is_file())
    return {path.relative_to(scratch): path.read_bytes() for path in sorted(files)}


def _differences(root: Path, fresh: dict[Path, bytes]) -> tuple[Path, ...]:
    """Which paths differ between the folders at the root and the fresh build. Notebooks that were made by hand, and not
    from a lesson in course/, are nobody's to remove."""
    present = {
        path.relative_to(root)
        for top in BUILT
        for unit in units(root)
        for path in (root / top / unit).rglob("*")
        if path.is_file() and not _LEFT_BY_READERS & set(path.parts)
    }
    different = (path for path in fresh if path not in present or (root / path).read_bytes() != fresh[path])
    return tuple(sorted({*different, *(present - fresh.keys())}))
