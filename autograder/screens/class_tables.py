"""A class while it is graded, in the terminal: the progress bar, what was found, and what stopped it."""

from __future__ import annotations

import contextlib
import errno
import functools
from collections.abc import Iterator
from pathlib import Path

from nbgrader.converters import NbGraderException
from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table
from rich.text import Text
from sqlalchemy.exc import OperationalError

from autograder.classes import feedback as feedback_pages
from autograder.classes import fleet
from autograder.classes import run as class_run
from autograder.classes.feedback import Pages
from autograder.classes.fleet import FleetLost
from autograder.classes.tally import Tally
from autograder.grading.preflight.hold import Refused
from autograder.nbgrader.course_folder import NoSuchStudent, NotGraded, NothingSubmitted
from autograder.nbgrader.ledger import Busy
from autograder.notebooks.assignment import NoSuchAssignment
from autograder.screens.bar import bar
from autograder.screens.tables import plain

_MOST = 12


class Stopped(RuntimeError):
    """The run ended early. The message says why and what to do."""

    def __init__(self, message: str, status: int = 1) -> None:
        super().__init__(message)
        self.status = status


def grade(
    course: Path,
    name: str,
    students: tuple[str, ...],
    *,
    scheduler: str | None,
    workers: int | None,
    force: bool,
    console: Console,
) -> Tally:
    """Grade a class and show how far it is. Raises `Stopped`."""
    tally: Tally | None = None
    connect = functools.partial(fleet.fleet, scheduler, workers)
    try:
        # Closed here and not by chance, so that no worker outlives an interruption.
        with _sentences(), contextlib.closing(class_run.run(course, name, students, connect, force=force)) as run:
            tally = next(run)
            with bar(console) as progress:
                its = progress.add_task(name, total=tally.total, fresh=0, failed="")
                for tally in run:
                    failed = f"{len(tally.ungraded)} not graded"
                    progress.update(its, completed=tally.done, fresh=tally.done - tally.before, failed=failed)
            return tally
    except KeyboardInterrupt as error:
        done = f"{tally.done} of {tally.total} are graded" if tally else "Nothing was graded"
        again = (
            "with --force the same command begins anew, without it only what is new or has changed is graded."
            if force
            else "run the same command to go on."
        )
        raise Stopped(f"{done}; {again}", status=130) from error


def feedback(course: Path, name: str, students: tuple[str, ...], workers: int | None, console: Console) -> Pages:
    """Make a class's feedback pages and show how far it is. Raises `Stopped`."""
    pages = Pages(0)
    try:
        with _sentences(), contextlib.closing(feedback_pages.run(course, name, students, workers)) as run:
            pages = next(run)
            with bar(console) as progress:
                its = progress.add_task(f"{name} feedback", total=pages.total, fresh=0, failed="")
                for pages in run:
                    failed = f"{len(pages.failed)} failed" if pages.failed else ""
                    progress.update(its, completed=pages.done, fresh=pages.done, failed=failed)
            return pages
    except KeyboardInterrupt as error:
        done = f"{pages.done} of {pages.total} pages were made" if pages.total else "No page was made"
        raise Stopped(f"Interrupted: {done}.", status=130) from error


def summary(tally: Tally) -> Iterator[Table | Text]:
    """How the class did, what its points were lost to, and what a person must look at."""
    graded = tally.done - len(tally.ungraded)
    strays, ungraded = len(tally.odd), len(tally.ungraded) + len(tally.odd)
    words = f"{tally.done + strays} of {tally.total + strays} submissions: {tally.full} with all automatic points, "
    yield Text(f"{words}{graded - tally.full} with some lost, {ungraded} not graded.", "bold")
    if tally.before:
        yield Text(f"Graded before: {', '.join(_before(tally))}.")
    if tally.lost:
        yield _lost(tally)
    for heading, reasons in (("Not graded:", tally.ungraded), ("Not in the gradebook:", tally.unwritten)):
        if reasons:
            yield _named(heading, reasons)
    for odd in tally.odd:
        yield Text(f"Not graded: {odd}.", "bold red")
    if tally.absent:
        said = "With a score in the gradebook, which stays, and not in submitted/: "
        yield Text(said) + Text(", ").join(map(plain, tally.absent))
    if tally.unknown:
        yield Text("These students are not in the gradebook, and this course adds nobody by itself:", "bold red")
        yield Text(", ").join(plain(name) for name in tally.unknown)


def _before(tally: Tally) -> Iterator[str]:
    """What became of those who were graded before."""
    yield f"{tally.before - tally.rewritten - tally.penalties} unchanged"
    if tally.penalties:
        yield f"{tally.penalties} {'penalty' if tally.penalties == 1 else 'penalties'} updated"
    if tally.rewritten:
        yield f"{tally.rewritten} written into the gradebook again"


def _lost(tally: Tally) -> Table:
    table = Table(title="Points lost", title_justify="left", box=SIMPLE_HEAD, pad_edge=False)
    table.add_column("function or answer", overflow="fold")
    table.add_column("to what", overflow="fold")
    table.add_column("students", justify="right")
    table.add_column("points", justify="right")
    for (where, what), points in sorted(tally.lost.items(), key=lambda item: item[1], reverse=True)[:_MOST]:
        table.add_row(plain(where), plain(what), str(tally.times[where, what]), f"{points:g}")
    rest = len(tally.lost) - _MOST
    if rest > 0:
        table.add_row(Text(f"and {rest} more"), "", "", "")
    return table


def _named(heading: str, reasons: dict[str, str]) -> Table:
    table = Table(title=heading, title_justify="left", box=SIMPLE_HEAD, pad_edge=False, show_header=False)
    for student, reason in sorted(reasons.items()):
        table.add_row(plain(student), plain(reason))
    return table


@contextlib.contextmanager
def _sentences() -> Iterator[None]:
    """What can go wrong with a whole class, in a sentence instead of a traceback."""
    again = "What was graded is kept. Fix this, then run the same command again for the rest."
    try:
        yield
    except (Refused, NothingSubmitted, NoSuchAssignment, NoSuchStudent) as error:
        raise Stopped(str(error), status=2) from error
    except (NotGraded, Busy, FleetLost, NbGraderException) as error:
        raise Stopped(str(error)) from error
    except OperationalError as error:
        raise Stopped(f"The gradebook could not be written: {error.orig}. {again}") from error
    except OSError as error:
        what = "The disk is full" if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG) else f"{error}"
        raise Stopped(f"{what}. {again}") from error
