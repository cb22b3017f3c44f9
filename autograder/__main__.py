"""The command line. Each command imports what it needs when it runs, so that each starts at once."""

from __future__ import annotations

import sys
import traceback
from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    help="Grade notebooks of the course on loss metrics, behind a wall.",
)

CourseDir = Annotated[
    Path | None, typer.Option("--course-dir", help="The course's folder. Default: where this package lies.")
]


@app.command()
def check(
    notebook: Annotated[Path, typer.Argument(help="A notebook, under whatever name and wherever it lies.")],
    json: Annotated[bool, typer.Option("--json", help="Print the Report as one JSON object.")] = False,
    seed: Annotated[int | None, typer.Option(help="Repeat a run with the seed that its Report names.")] = None,
    unit: Annotated[str | None, typer.Option(help="The unit, where the notebook does not tell.")] = None,
    course_dir: CourseDir = None,
) -> None:
    """Grade one notebook with the hidden suites.

    Exit status: 0 full marks, 1 points lost, 2 could not be graded.
    """
    from rich.console import Console

    from autograder import checking, view

    result, remark = checking.check(notebook, seed=seed, unit=unit, course=course_dir)
    if json:
        typer.echo(result.json())
    else:
        console = Console(highlight=False)
        if remark:
            view.lines(console, [remark])
        console.print(view.report(result))
    raise typer.Exit(0 if result.full_marks else 1 if result.status == "graded" else 2)


@app.command()
def demo(
    folder: Annotated[Path | None, typer.Argument(metavar="[DIR]", help="An empty folder. Default: a new one.")] = None,
) -> None:
    """Grade a small class of honest and hostile submissions, as an instructor would."""
    from rich.console import Console

    from autograder import demo as demonstration
    from autograder import view

    console = Console(highlight=False)
    try:
        where, results = demonstration.run(folder, console)
    except (FileExistsError, demonstration.DemoFailed) as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(1) from error
    for result in results:
        console.print(view.class_table(result))
    view.lines(
        console,
        [
            "The students are made up; nbgrader graded them with this course's configuration.",
            f"Feedback pages: {where}/feedback/STUDENT/UNIT/UNIT.html",
            f"Gradebook: {where}/gradebook.db and {where}/grades.csv",
            f"To look around in it: cd {where} && jupyter lab, then Nbgrader, Formgrader",
        ],
    )


@app.command()
def build(
    check: Annotated[bool, typer.Option("--check", help="Only say whether source/ and release/ are current.")] = False,
    course_dir: CourseDir = None,
) -> None:
    """Make source/ and release/ from the lessons in course/."""
    from autograder import course
    from autograder.assignment import COURSE

    root = (course_dir or COURSE).resolve()
    if not check:
        for path in course.build(root):
            typer.echo(f"wrote {path}")
        return
    old = course.stale(root)
    for path in old:
        typer.echo(f"not current: {path}", err=True)
    if old:
        typer.echo("Run `autograder build` and commit what it writes.", err=True)
        raise typer.Exit(1)
    typer.echo(f"current: source/ and release/ of {', '.join(course.units(root))}")


@app.command()
def doctor() -> None:
    """Say what the sandbox can do on this machine, by trying it. Exit status 1 where none holds."""
    from rich.console import Console

    from autograder import view
    from autograder.sandbox import doctor as wall

    console = Console(highlight=False)
    for trial in wall.trials() if sys.platform == "linux" else ():
        console.print(view.trial(trial))
    try:
        console.print(view.trial(wall.warm_trial(wall.best().way)))
    except wall.NoWall as error:
        view.lines(console, [str(error)])
        raise typer.Exit(1) from error
    view.lines(console, ["Other people's work can be graded here."])


def main() -> None:
    """The entry point of the `autograder` command. What nobody expected is status 2; 1 says that points were lost."""
    try:
        app()
    except Exception:
        traceback.print_exc()
        raise SystemExit(2) from None


if __name__ == "__main__":
    main()
