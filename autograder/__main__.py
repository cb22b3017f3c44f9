"""The command line. Each command imports what it needs when it runs, so that each starts at once."""

from __future__ import annotations

import contextlib
import shlex
import shutil
import sys
import traceback
from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer(
    no_args_is_help=True,
    pretty_exceptions_enable=False,
)

CourseDir = Annotated[
    Path | None,
    typer.Option(
        "--course-dir", help="The course's folder. Default: the current one, or the next above with nbgrader_config.py."
    ),
]


def _names(incomplete: str) -> list[str]:
    """What a shell offers where an assignment is to be named."""
    from autograder.notebooks import assignment, units

    try:
        known = assignment.names(_course(None))
    except (OSError, units.NoCourse, units.NoSuchUnit):
        return []
    return [name for name in known if name.startswith(incomplete)]


def _is_name(name: str) -> str:
    if name in ("", ".", "..") or "/" in name:
        raise typer.BadParameter(f"{name!r} is no assignment's name. It is called like its folder in source/.")
    return name


AssignmentName = Annotated[
    str,
    typer.Argument(metavar="ASSIGNMENT", help="The assignment, such as ps1.", callback=_is_name, autocompletion=_names),
]


def _version(wanted: bool) -> None:
    if wanted:
        from autograder.report import VERSION

        typer.echo(f"autograder {VERSION}")
        raise typer.Exit


@app.callback()
def _options(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version and exit.")
    ] = False,
) -> None:
    """Grade Jupyter notebooks, with student code behind a wall."""


@app.command()
def check(
    notebook: Annotated[Path, typer.Argument(help="A notebook, under whatever name and wherever it lies.")],
    json: Annotated[bool, typer.Option("--json", help="Print the Report as one JSON object.")] = False,
    format: Annotated[
        str | None, typer.Option("--format", help="Print what another system reads: gradescope or classroom50.")
    ] = None,
    seed: Annotated[int | None, typer.Option(help="Repeat a run with the seed that its Report names.")] = None,
    unit: Annotated[str | None, typer.Option(help="The unit, if the notebook does not show it.")] = None,
    own: Annotated[
        bool, typer.Option("--own", help="It is your own work: run it also where there is no wall.")
    ] = False,
    course_dir: CourseDir = None,
) -> None:
    """Grade one notebook with the hidden suites.

    Exit status: 0 full marks, 1 points lost, 2 could not be graded.
    """
    from rich.console import Console

    from autograder.screens import check as checking
    from autograder.screens import formats, tables

    if format not in (None, *formats.FORMATS) or (json and format):
        typer.echo(f"--format may be {' or '.join(formats.FORMATS)}, and not together with --json.", err=True)
        raise typer.Exit(2)

    def is_own() -> bool:
        return own or (not json and not format and sys.stdin.isatty() and typer.confirm(checking.QUESTION, err=True))

    result, remark = checking.check(notebook, course_dir, seed=seed, unit=unit, own=is_own)
    if json:
        typer.echo(result.json())
    elif format:
        typer.echo(formats.written(format, result), nl=False)
        if result.status == "ungraded":
            typer.echo(f"Not graded: {result.reason}", err=True)
    else:
        console = Console(highlight=False)
        if remark:
            tables.lines(console, [remark])
        console.print(tables.report(result))
    raise typer.Exit(0 if result.full_marks else 1 if result.status == "graded" else 2)


@app.command()
def grade(
    name: AssignmentName,
    course_dir: CourseDir = None,
    student: Annotated[list[str] | None, typer.Option(help="Only this student. May be given many times.")] = None,
    scheduler: Annotated[str | None, typer.Option(metavar="ADDRESS", help="A running Dask scheduler.")] = None,
    workers: Annotated[int | None, typer.Option(min=1, help="Worker processes here. Default: one a core.")] = None,
    force: Annotated[bool, typer.Option("--force", help="Grade again what is already graded.")] = False,
) -> None:
    """Grade a class in parallel, into nbgrader's gradebook, with autograded notebooks.

    What is graded already is not graded again, and a run that was stopped goes on where it was. Penalties for late work
    follow the due date and the course's rule each time.

    By default the workers are processes on this machine. To use others, start a scheduler on one machine

      dask scheduler --protocol tls --host HOST --port 8786 --no-dashboard

    and workers on each, with this package installed and no folder in common

      dask worker tls://HOST:8786 --nthreads 1 --nworkers -1 --no-dashboard

    and name the scheduler here: --scheduler tls://HOST:8786. docs/instructors.md says how to make the certificates and
    where Dask is to write. Without certificates anybody who reaches a scheduler can run code on its workers.

    Exit status: 0 the class is done, and what could not be graded is flagged and named; 1 something is left to do: not
    all are in the gradebook, or the grader itself failed; 2 wrong usage, nothing was handed in, or the assignment
    itself is wrong and nobody was graded; 130 interrupted.
    """
    from rich.console import Console

    from autograder.screens import class_tables

    console = Console(highlight=False)
    try:
        tally = class_tables.grade(
            _course(course_dir),
            name,
            tuple(student or ()),
            scheduler=scheduler,
            workers=workers,
            force=force,
            console=console,
        )
    except class_tables.Stopped as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(error.status) from error
    for part in class_tables.summary(tally):
        console.print(part)
    raise typer.Exit(1 if tally.unknown or tally.unwritten or tally.odd or tally.faults else 0)


@app.command()
def feedback(
    name: AssignmentName,
    course_dir: CourseDir = None,
    student: Annotated[list[str] | None, typer.Option(help="Only this student. May be given many times.")] = None,
    workers: Annotated[int | None, typer.Option(min=1, help="Worker processes. Default: one a core.")] = None,
    show: Annotated[bool, typer.Option("--open", help="Open the page in your browser. Needs one --student.")] = False,
) -> None:
    """Make a class's feedback pages in parallel, from the gradebook and the autograded notebooks.

    Exit status: 0 all pages were made; 1 some or all were not, or nothing is graded yet; 2 wrong usage, or there is no
    such assignment or student; 130 interrupted.
    """
    from rich.console import Console

    from autograder.screens import class_tables, tables

    if show and len(student or ()) != 1:
        typer.echo("Say whose page to open: --student ID, once.", err=True)
        raise typer.Exit(2)
    console = Console(highlight=False)
    try:
        pages = class_tables.feedback(_course(course_dir), name, tuple(student or ()), workers, console)
    except class_tables.Stopped as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(error.status) from error
    said = [f"{pages.total - len(pages.failed)} of {pages.total} pages were made: feedback/STUDENT/{name}/{name}.html"]
    tables.lines(console, said + [f"Not made: {name}" for name in pages.failed])
    if show and student and not pages.failed:
        from autograder.nbgrader.course_folder import CourseFolder

        _open(CourseFolder(_course(course_dir), name).feedback(student[0]))
    raise typer.Exit(1 if pages.failed else 0)


@app.command()
def talk(
    student: Annotated[str, typer.Argument(metavar="STUDENT", help="The student's id.")],
    name: AssignmentName,
    json: Annotated[bool, typer.Option("--json", help="Print the questions and answers as one JSON object.")] = False,
    show: Annotated[bool, typer.Option("--open", help="Open the page in your browser.")] = False,
    course_dir: CourseDir = None,
) -> None:
    """Make one page for an hour with a student: each task's state, and three questions about their own code.

    The questions come from running the student's functions in the sandbox on calls that students may see: what a
    variable holds, which line runs, what would come back without a line. The answers are for you alone. The page goes
    to talk/STUDENT/ASSIGNMENT.html.

    Exit status: 0 written, 1 nothing of this student is graded yet, 2 there is no such assignment, or no sandbox here.
    """
    from rich.console import Console

    from autograder.screens import talk as talking

    try:
        written = talking.talk(_course(course_dir), name, student)
    except talking.Stopped as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(error.status) from error
    if json:
        typer.echo(written.talk.json)
    else:
        talking.show(Console(highlight=False), written)
    if show:
        _open(written.page)


@app.command()
def report(
    names: Annotated[list[str] | None, typer.Argument(metavar="[ASSIGNMENT]...", help="Such as ps1.")] = None,
    all: Annotated[bool, typer.Option("--all", help="All assignments of which something is graded, in one.")] = False,
    named: Annotated[
        bool, typer.Option("--names", help="Also write a second page and tables with students' names.")
    ] = False,
    catalogue: Annotated[
        bool, typer.Option("--catalogue", help="Also write the beginning of an entry for each large unnamed group.")
    ] = False,
    json: Annotated[bool, typer.Option("--json", help="Print the report as one JSON object.")] = False,
    course_dir: CourseDir = None,
) -> None:
    """Say what a class understood, after it was graded: a page, a CSV file of each table, and JSON.

    They go to reports/ASSIGNMENT/, or to reports/all/. They name nobody; what --names writes beside them does.

    Exit status: 0 written, 1 nothing is graded yet, 2 wrong usage or the course cannot be read.
    """
    from rich.console import Console

    from autograder.screens import class_report

    if bool(names) == all:
        typer.echo("Either name assignments (autograder report ps1) or say --all, not both.", err=True)
        raise typer.Exit(2)
    try:
        written = class_report.report(_course(course_dir), tuple(names or ()), named=named, catalogue=catalogue)
    except class_report.Stopped as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(error.status) from error
    if json:
        typer.echo(written.json)
    else:
        class_report.show(Console(highlight=False), written)


@app.command()
def extend(
    name: AssignmentName,
    student: Annotated[
        str | None, typer.Argument(metavar="[STUDENT]", help="The student's id. Without one: who has more time.")
    ] = None,
    days: Annotated[float | None, typer.Option(min=0, help="Days after the due date.")] = None,
    hours: Annotated[float | None, typer.Option(min=0, help="Hours after the due date, or after these days.")] = None,
    course_dir: CourseDir = None,
) -> None:
    """Give a student more time for an assignment, before or after they have handed in, or say who has more.

    It is nbgrader's own extension, in the gradebook. A second one takes the place of the first, and --days 0 takes it
    back. What lateness costs follows at once.

    Exit status: 0 done, 2 nothing was changed: no such assignment or student, or wrong usage.
    """
    from datetime import timedelta

    from autograder.screens import extension

    if (student is None) != (days is None and hours is None):
        typer.echo(f"Say who has how much more: autograder extend {name} {student or 'ada'} --days 2", err=True)
        raise typer.Exit(2)
    try:
        course = _course(course_dir)
        more = timedelta(days=days or 0, hours=hours or 0)
        for line in extension.give(course, name, student, more) if student else extension.given(course, name):
            typer.echo(line)
    except extension.Stopped as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(error.status) from error


@app.command()
def similar(
    name: AssignmentName,
    named: Annotated[
        bool, typer.Option("--names", help="Also write a second page and table with students' names.")
    ] = False,
    json: Annotated[bool, typer.Option("--json", help="Print what was found as one JSON object.")] = False,
    course_dir: CourseDir = None,
) -> None:
    """Find students who share code that hardly anybody else in the class has. A place to look, never a verdict.

    What the release gave and what many students have in common is taken out; names of variables, comments and spacing
    do not count. The page goes to reports/ASSIGNMENT/similar.html and names nobody; what --names writes beside it does.

    Exit status: 0 written, 1 nothing was handed in, 2 there is no such assignment or the course cannot be read.
    """
    from rich.console import Console

    from autograder.screens import similar as comparing

    try:
        written = comparing.similar(_course(course_dir), name, named=named)
    except comparing.Stopped as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(error.status) from error
    if json:
        typer.echo(written.similar.json)
    else:
        comparing.show(Console(highlight=False), written)


@app.command()
def export(
    name: AssignmentName,
    to: Annotated[
        str,
        typer.Option("--to", help="canvas, moodle, brightspace, blackboard, moodle-feedback (a zip), or questions."),
    ],
    source: Annotated[
        Path | None, typer.Option("--from", metavar="FILE", help="The file that the system itself exported.")
    ] = None,
    out: Annotated[Path | None, typer.Option(help="Where to write. Default: exports/, under the file's name.")] = None,
    column: Annotated[str | None, typer.Option(help="What the assignment is called in the file.")] = None,
    course_dir: CourseDir = None,
) -> None:
    """Put grades into the file that your learning management system exported: one column, and nothing else.

    Whoever cannot be told, waits for a person, or has handed in nothing is named, and gets no zero. `--to questions`
    needs no file: it writes one row a student and task. `--to moodle-feedback` makes the zip of feedback pages from the
    offline grading worksheet.

    Exit status: 0 everybody in the file has a grade, 1 somebody has none and is named, 2 nothing was written.
    """
    from rich.console import Console

    from autograder.screens import export as exporting

    console = Console(highlight=False, soft_wrap=True)
    try:
        status = exporting.export(_course(course_dir), name, to, source, out, column, console)
    except exporting.Stopped as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(error.status) from error
    raise typer.Exit(status)


@app.command()
def demo(
    folder: Annotated[Path | None, typer.Argument(metavar="[DIR]", help="An empty folder. Default: a new one.")] = None,
    course_dir: CourseDir = None,
) -> None:
    """Grade a small class of honest and hostile submissions, as an instructor would."""
    from rich.console import Console

    from autograder.demo import run as demonstration
    from autograder.screens import tables

    console = Console(highlight=False)
    try:
        shown = demonstration.run(folder, console, _course(course_dir))
    except demonstration.NothingToShow as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(2) from error
    except (FileExistsError, demonstration.DemoFailed) as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(1) from error
    where = shown.folder
    for result in shown.results:
        console.print(tables.class_table(result))
    tables.lines(
        console,
        [
            "The students are made up; nbgrader graded them with this course's configuration.",
            f"Feedback pages: {where}/feedback/STUDENT/UNIT/UNIT.html",
            f"Gradebook: {where}/gradebook.db and {where}/grades.csv",
            "All of it lies in that folder, which stays until you remove it.",
            "To look around in it, run this line, then open Nbgrader and Formgrader:",
        ],
    )
    # With its whole path, since nobody need have activated an environment, and as one line, so that it can be copied.
    jupyter = shutil.which("jupyter", path=str(Path(sys.executable).parent)) or "jupyter"
    typer.echo(f"cd {shlex.quote(str(where))} && {shlex.quote(jupyter)} lab\n")
    tables.lines(
        console, [f"What the whole class of {shown.size} understood of {shown.results[0].assignment.name}:", ""]
    )
    typer.echo(shown.understood.rstrip())


@app.command()
def build(
    check: Annotated[bool, typer.Option("--check", help="Only say whether source/ and release/ are current.")] = False,
    course_dir: CourseDir = None,
) -> None:
    """Make source/ and release/ from the lessons in course/.

    Exit status: 0 current, 1 --check found something that is not, 2 a lesson's text is no notebook, and nothing was
    written.
    """
    from autograder.notebooks import build as course

    root = _course(course_dir)
    written: tuple[Path, ...] = ()
    old: tuple[Path, ...] = ()
    try:
        if check:
            old = course.stale(root)
        else:
            written = course.build(root)
    except course.BrokenLesson as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(2) from error
    for path in written:
        typer.echo(f"wrote {path}")
    if not course.units(root):
        typer.echo(
            "There is no lesson as text, course/UNIT/UNIT.md, so nothing is built. Notebooks that were made by hand in "
            "source/ go to release/ with: nbgrader generate_assignment UNIT"
        )
        return
    for path in old:
        typer.echo(f"not current: {path}", err=True)
    if written_in := course.written_in(root, old):
        typer.echo(
            f"Somebody has worked in {', '.join(written_in)} and saved there. Run `autograder work`: it moves what was "
            "written to work/ and puts the original back. Then check again.",
            err=True,
        )
    elif old:
        typer.echo("Run `autograder build` and commit what it writes.", err=True)
    if old:
        raise typer.Exit(1)
    typer.echo(f"current: source/ and release/ of {', '.join(course.units(root))}")


@app.command()
def work(
    units: Annotated[list[str] | None, typer.Argument(metavar="[UNIT]...", help="Default: all units.")] = None,
    fresh: Annotated[
        bool, typer.Option("--fresh", help="Start anew. Your earlier notebook gets another name.")
    ] = False,
    course_dir: CourseDir = None,
) -> None:
    """Put a copy of each unit into work/, where learners work. What is there already is left as it is."""
    from autograder.notebooks import assignment
    from autograder.notebooks import work as copies

    root = _course(course_dir)
    if fresh and not units:
        typer.echo("Say which unit is to be fresh, for example: autograder work NAME --fresh", err=True)
        raise typer.Exit(2)
    try:
        for name in units or assignment.names(root):
            for line in copies.begin(root, name, fresh=fresh):
                typer.echo(line)
    except assignment.NoSuchAssignment as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(1) from error


@app.command()
def prove(
    name: Annotated[str, typer.Argument(metavar="UNIT", help="The unit, such as ps1.")],
    seeds: Annotated[int, typer.Option(help="How many draws of hidden inputs to try everything on.")] = 5,
    mutate: Annotated[bool, typer.Option("--mutate", help="Also change the reference, one place at a time.")] = False,
    json: Annotated[bool, typer.Option("--json", help="Print the result as one JSON object.")] = False,
    course_dir: CourseDir = None,
) -> None:
    """Prove what a unit promises: right ways pass, known mistakes and luck do not, words give nothing away.

    Exit status: 0 every promise is kept, 1 one is not, 2 the unit could not be tried.
    """
    from rich.console import Console

    from autograder.screens import proof

    raise typer.Exit(
        proof.show(_course(course_dir), name, Console(highlight=False), seeds=seeds, mutate=mutate, json=json)
    )


@app.command()
def new(
    name: Annotated[
        str | None,
        typer.Argument(
            metavar="[COURSE|UNIT]", help="A folder for a course; in one, a new unit. Default: a course here."
        ),
    ] = None,
    course_dir: CourseDir = None,
) -> None:
    """Make a course folder, or in a course a unit to start from. Nothing that is there is written over.

    A unit is made from the functions in source/UNIT/UNIT.ipynb where there is such a notebook.

    Exit status: 0 made, 2 something is in the way.
    """
    from autograder.notebooks import new as made
    from autograder.notebooks import units

    try:
        root = _course(course_dir)
    except units.NoCourse:
        lines = made.course(Path(name or "."))
    else:
        lines = made.unit(root, name) if name else made.course(root)
    try:
        for line in lines:
            typer.echo(line)
    except (OSError, made.Unreadable) as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(2) from error


@app.command()
def doctor(course_dir: CourseDir = None) -> None:
    """Say what the sandbox can do on this machine, by trying it, and what student code may import in it.

    Exit status 1 where no sandbox holds, or a package of the course is missing.
    """
    from rich.console import Console

    from autograder.notebooks import units
    from autograder.screens import tables
    from autograder.wall.outside import doctor as wall
    from autograder.wall.outside import importable, installed, private
    from autograder.wall.outside.policy import PACKAGES
    from autograder.wall.outside.process import NoWall

    console = Console(highlight=False)
    if private.cache("fonts") is None:
        tables.lines(console, ["Nothing is remembered between runs: the folder for it is not yours alone."])
    try:
        for trial in wall.trials() if sys.platform == "linux" else ():
            console.print(tables.trial(trial))
        console.print(tables.trial(wall.warm_trial(wall.best().way)))
    except NoWall as error:
        tables.lines(console, [str(error)])
        raise typer.Exit(1) from error
    packages: tuple[str, ...] = PACKAGES
    with contextlib.suppress(units.NoCourse):
        packages = units.packages(_course(course_dir))
    there = ", ".join(f"{name} {version or '(missing)'}" for name, version in installed.versions(packages).items())
    tables.lines(console, [f"Student code may import: {there}."])
    if missing := importable.missing(packages):
        tables.lines(console, [f"Nothing of this course can be graded here: {missing}"])
        raise typer.Exit(1)
    tables.lines(console, ["Other people's work can be graded here."])


def _open(page: Path) -> None:
    """Show a page in the browser, or say where it lies."""
    if typer.launch(str(page)):
        typer.echo(f"No browser could be started here. The page is {page}", err=True)


def _course(folder: Path | None) -> Path:
    """The course that somebody means: the one they name, or the one they stand in."""
    from autograder.notebooks import units

    if folder is None:
        return units.course_at(Path.cwd())
    if not (folder / units.CONFIGURATION).is_file():
        raise units.NoCourse(f"No course in {folder}: there is no {units.CONFIGURATION}.")
    return folder.resolve()


def _package_of(error: ImportError) -> str:
    """What cannot be imported: the module that is named, or else the package in whose files it went wrong."""
    if error.name:
        return error.name.partition(".")[0]
    last = Path(traceback.extract_tb(error.__traceback__)[-1].filename)
    inside = [last.relative_to(folder) for folder in sys.path if folder and last.is_relative_to(folder)]
    return min(inside, key=lambda path: len(path.parts)).parts[0].removesuffix(".py") if inside else "a module"


def main() -> None:
    """The entry point of the `autograder` command. What nobody expected is status 2; 1 says that points were lost."""
    from autograder.notebooks.units import NoCourse, NoSuchUnit

    try:
        app()
    except (NoCourse, NoSuchUnit) as error:
        print(error, file=sys.stderr)
        raise SystemExit(2) from None
    except ImportError as error:  # a package that is there and broken, or was taken away
        said = f"{type(error).__name__}: {error}".partition("\n")[0]
        name = _package_of(error)
        advice = f"Install it again: pip install --force-reinstall {name}"
        print(f"The autograder cannot run here: {name} cannot be imported ({said}). {advice}", file=sys.stderr)
        raise SystemExit(2) from None
    except Exception:
        traceback.print_exc()
        raise SystemExit(2) from None


if __name__ == "__main__":
    main()
