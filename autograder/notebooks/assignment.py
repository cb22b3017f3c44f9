"""What a unit is: its cells, points and functions, read from the notebook that students were given."""

from __future__ import annotations

import ast
import contextlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from autograder.notebooks import beside, given, units
from autograder.notebooks.units import Unit
from autograder.wall.outside.policy import PACKAGES


class NoSuchAssignment(LookupError):
    """The course has no such assignment, or its student version cannot be read. The message says what to do."""


@dataclass(frozen=True, slots=True)
class Cell:
    """One notebook cell. `id` is nbgrader's grade id, None where the cell is not one of the assignment's own."""

    type: Literal["code", "markdown", "raw"]
    source: str
    id: str | None = None
    locked: bool = False
    metadata: Mapping[str, Any] = field(default_factory=dict)
    attachments: Mapping[str, Any] = field(default_factory=dict)
    runs: bool = True
    """False for a stub that was put back only to be shown: it must not overwrite what the student wrote elsewhere."""

    @property
    def nbgrader(self) -> Mapping[str, Any]:
        settings: Mapping[str, Any] = self.metadata.get("nbgrader", {})
        return settings


@dataclass(frozen=True, slots=True)
class Task:
    """One points-carrying cell and what it grades."""

    cell: str
    name: str
    kind: Literal["function", "class", "answer", "manual"]
    points: float
    stub: str
    """What the solution cell says before a student has written anything."""
    parameters: tuple[str, ...] = ()

    @property
    def is_code(self) -> bool:
        """Whether what is graded is called, and not read."""
        return self.kind in ("function", "class")


@dataclass(frozen=True, slots=True)
class Assignment:
    name: str
    cells: tuple[Cell, ...]
    tasks: tuple[Task, ...]
    files: Mapping[str, bytes]
    """What lies beside the notebook, such as `lesson.py`: always ours, never the submission's."""
    metadata: Mapping[str, Any]
    unit: Unit | None = None
    """What grades it; None where that is left to nbgrader."""

    @property
    def packages(self) -> tuple[str, ...]:
        """What student code may import."""
        return self.unit.packages if self.unit is not None else PACKAGES

    @property
    def most(self) -> float:
        """The points that are to be had without a person."""
        return sum(task.points for task in self.tasks if task.kind != "manual")

    def solution(self, name: str) -> Cell | None:
        return next((cell for cell in self.cells if cell.id == name), None)


def names(course: Path) -> tuple[str, ...]:
    """The assignments that the course has released, in order."""
    return tuple(sorted(path.stem for path in (course / "release").glob("*/*.ipynb") if path.stem == path.parent.name))


def hold_known(name: str, course: Path) -> None:
    """Raise `NoSuchAssignment` where nothing of this name was released, with hidden tests or without."""
    if not (course / "release" / name).is_dir():
        raise _unknown(name, course)


def _unknown(name: str, course: Path) -> NoSuchAssignment:
    known = ", ".join(names(course)) or "none"
    return NoSuchAssignment(
        f"There is no assignment {name!r} in this course (released: {known}). "
        "Run `autograder build` or `nbgrader generate_assignment` first."
    )


@contextlib.contextmanager
def explained(name: str, course: Path) -> Iterator[None]:
    """What `given` raises, as `NoSuchAssignment`."""
    try:
        yield
    except FileNotFoundError as error:
        raise _unknown(name, course) from error
    except beside.TooLarge as error:
        raise NoSuchAssignment(f"{name!r} cannot be graded: {error}.") from error
    except given.Edited as error:
        raise NoSuchAssignment(f"{error} Keep a copy of what is yours, and get release/{name} anew.") from error
    except (OSError, ValueError) as error:
        raise NoSuchAssignment(f"The student version of {name!r} cannot be read ({error}). Make it anew.") from error


def load(name: str, course: Path) -> Assignment:
    """The assignment as students were given it. Raises `NoSuchAssignment`."""
    with explained(name, course):
        document = given.read(course, name)
        files = given.files(course, name, document)
    cells = tuple(_trusted(raw) for raw in document["cells"])
    return Assignment(
        name=name,
        cells=cells,
        tasks=_tasks(cells),
        files=files,
        metadata=document.get("metadata", {}),
        unit=units.find(course, name) if units.has(course, name) else None,
    )


def of(cell_ids: set[str], file_name: str, course: Path) -> Assignment | None:
    """The assignment that a notebook belongs to: by its cells' ids, and by its file name where ids do not decide."""
    assignments = [load(name, course) for name in names(course)]
    scores = [len(cell_ids & {cell.id for cell in assignment.cells if cell.id}) for assignment in assignments]
    best = max(scores, default=0)
    if best and scores.count(best) == 1:
        return assignments[scores.index(best)]
    return next((assignment for assignment in assignments if file_name.startswith(assignment.name)), None)


def _trusted(raw: Mapping[str, Any]) -> Cell:
    nbgrader = raw["metadata"].get("nbgrader", {})
    source = raw["source"]
    return Cell(
        type=raw["cell_type"],
        source=source if isinstance(source, str) else "".join(source),
        id=nbgrader.get("grade_id"),
        locked=bool(nbgrader) and not nbgrader.get("solution", False),
        metadata=raw["metadata"],
        attachments=raw.get("attachments", {}),
    )


def _tasks(cells: tuple[Cell, ...]) -> tuple[Task, ...]:
    solutions = {cell.id: cell for cell in cells if cell.nbgrader.get("solution")}
    tasks = []
    for cell in cells:
        if not cell.nbgrader.get("grade") or cell.id is None:
            continue
        points = float(cell.nbgrader["points"])
        if cell.id in solutions:
            tasks.append(Task(cell=cell.id, name=cell.id, kind="manual", points=points, stub=cell.source))
            continue
        name = cell.id.removeprefix("test_")
        stub = solutions[name].source if name in solutions else ""
        kind, parameters = signature_of(stub, name)
        tasks.append(Task(cell.id, name, kind, points, stub, parameters))
    return tuple(tasks)


def signature_of(source: str, name: str) -> tuple[Literal["function", "class", "answer"], tuple[str, ...]]:
    """What the source makes of the name, and the parameters with which that is called."""
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return "answer", ()
    for node in ast.walk(tree):
        if isinstance(node, _FUNCTION) and node.name == name:
            return "function", _parameters(node)
        if isinstance(node, ast.ClassDef) and node.name == name:
            makers = [one for one in node.body if isinstance(one, _FUNCTION) and one.name == "__init__"]
            return "class", _parameters(makers[-1])[1:] if makers else ()
    return "answer", ()


_FUNCTION = (ast.FunctionDef, ast.AsyncFunctionDef)


def _parameters(node: ast.FunctionDef | ast.AsyncFunctionDef) -> tuple[str, ...]:
    return tuple(arg.arg for arg in (*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs))
