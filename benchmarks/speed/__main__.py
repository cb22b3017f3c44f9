"""The benchmarks' command line. Each prints Markdown for docs/performance.md and writes its plot beside that."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from autograder.wall.outside.policy import Figures
from benchmarks.speed import chart, checks, cluster, growth, measure, pages
from benchmarks.speed import single as singles
from benchmarks.speed.compare import STOCK, STOCK_ALIKE, Result
from benchmarks.speed.compare import compare as compared
from benchmarks.trials import COURSE

app = typer.Typer(add_completion=False, no_args_is_help=True, help=__doc__, pretty_exceptions_enable=False)

Plots = Annotated[Path, typer.Option(help="Where the plots go.")]
_PLOTS = COURSE / "docs" / "performance"


@app.command()
def compare(
    submissions: Annotated[int, typer.Option(help="Size of the class.")] = 60,
    stock: Annotated[int, typer.Option(help="How many of them the slow ways get; 0 for all.")] = 20,
    hostile: Annotated[float, typer.Option(help="Share of the class that tries to cheat, without delay.")] = 0.1,
    slow: Annotated[int, typer.Option(help="How many run into time-outs.")] = 0,
    seed: int = 1,
    plots: Plots = _PLOTS,
) -> None:
    """Stock nbgrader, ours through nbgrader, and ours in parallel, on one class."""
    _head(f"{submissions} submissions, {hostile:.0%} hostile, {slow} with time-outs, seed {seed}.")
    results = []
    for result in compared(submissions, seed, hostile=hostile, slow=slow, stock=stock):
        results.append(result)
        typer.echo(f"<!-- {result.way}: {result.cost.seconds:.1f} s -->")
    _table(results, ratio=True)
    name = f"compare-{slow}-slow.svg"
    said = chart.bars(plots / name, [r.way for r in results], [r.per_minute for r in results], "submissions a minute")
    typer.echo(f"\n![{said}](performance/{name})")


@app.command()
def grow(
    sizes: Annotated[str, typer.Option(help="Class sizes, separated by commas.")] = "10,30,100,300,1000,3000",
    workers: int = 2,
    figures: Figures = "own",
    seed: int = 1,
    plots: Plots = _PLOTS,
) -> None:
    """Larger and larger classes: time a submission and the command's memory."""
    numbers = tuple(int(size) for size in sizes.split(","))
    _head(f"{workers} workers, {figures} figures, seed {seed}.")
    results = []
    for result in growth.grow(numbers, seed, workers=workers, figures=figures):
        results.append(result)
        typer.echo(f"<!-- {result.way}: {result.cost.seconds:.1f} s -->")
    _table(results, ratio=False)
    panels = {
        "ms a submission, start included": [r.cost.seconds / r.submissions * 1000 for r in results],
        "MB of the command itself": [r.cost.own_mb for r in results],
        "MB of all processes": [r.cost.peak_mb for r in results],
    }
    said = chart.lines(plots / "growth.svg", numbers, panels, "submissions")
    typer.echo(f"\n![{said}](performance/growth.svg)")


@app.command()
def single(number: int = 100, seed: int = 1, figures: Figures = "own") -> None:
    """One submission in a warm worker: processor time on both sides of the wall."""
    _head(f"{number} submissions, 10% hostile, {figures} figures, seed {seed}.")
    cost = singles.single(number, seed, figures)
    typer.echo(
        f"Processor time, medians: {cost.whole:.0f} ms a submission from file to Report and autograded notebook, "
        f"of which {cost.trusted:.0f} ms on the trusted side; {cost.sandbox:.0f} ms to make and end an empty sandbox."
    )


@app.command("check")
def one_notebook(number: int = 10, seed: int = 1) -> None:
    """One notebook in a shell, cold, and one function in a kernel."""
    _head(f"{number} times each, seed {seed}.")
    typer.echo("| | seconds, median | least | CPU seconds, median | least |\n| --- | ---: | ---: | ---: | ---: |")
    for one in checks.checks(number, seed):
        cpu = f"{one.cpu:.2f} | {one.least_cpu:.2f}" if one.cpu == one.cpu else " | "
        typer.echo(f"| {one.what} | {one.seconds:.2f} | {one.least:.2f} | {cpu} |")


@app.command("feedback")
def feedback(number: int = 300, stock: int = 20, seed: int = 1) -> None:
    """A class's feedback pages, by nbgrader's own command and by ours."""
    _head(f"{number} submissions, of which nbgrader's own command gets {stock}, seed {seed}.")
    results = list(pages.feedback(number, stock, seed))
    _table(results, ratio=False)
    typer.echo(f"\n{results[0].per_minute / results[1].per_minute:.1f} times as many a minute.")


@app.command("cluster")
def simulate(seed: int = 1, plots: Plots = _PLOTS) -> None:
    """A simulated cluster with the costs measured here: 100,000 submissions, 2 to 512 workers."""
    _head(f"100,000 submissions, simulated, seed {seed}.")
    costs = cluster.measured(seed)
    mark = sorted(costs.mark)[len(costs.mark) // 2] * 1000
    typer.echo(
        f"Measured here: a worker takes {mark:.0f} ms a submission (median), the command writes page, ledger and "
        f"gradebook in {costs.write * 1000:.1f} ms a submission, the cluster adds {costs.task * 1000:.1f} ms a task.\n"
    )
    typer.echo("| workers | minutes | submissions a minute | scheduler busy | writer busy | limit |")
    typer.echo("| ---: | ---: | ---: | ---: | ---: | --- |")
    looks = list(cluster.outlook(costs, seed))
    for look in looks:
        typer.echo(
            f"| {look.workers} | {look.seconds / 60:,.1f} | {100_000 / look.seconds * 60:,.0f} "
            f"| {look.scheduler:.0%} | {look.writer:.0%} | {look.limit} |"
        )
    rates = {"submissions a minute": [100_000 / look.seconds * 60 for look in looks]}
    said = chart.lines(plots / "cluster.svg", [look.workers for look in looks], rates, "workers")
    typer.echo(f"\n![{said}](performance/cluster.svg)")


def _head(what: str) -> None:
    typer.echo(f"Machine: {measure.machine()}.\n\n{what}\n")


def _table(results: Sequence[Result], *, ratio: bool) -> None:
    typer.echo(
        "\n| | submissions | seconds | submissions a minute | CPU ms each | peak MB, all | peak MB, command |"
        + (f" times {STOCK_ALIKE} | times stock |" if ratio else "")
    )
    typer.echo("| --- | ---: | ---: | ---: | ---: | ---: | ---: |" + (" ---: | ---: |" if ratio else ""))
    stock = {r.way: r.per_minute for r in results}
    for r in results:
        typer.echo(
            f"| {r.way} | {r.submissions} | {r.cost.seconds:.1f} | {r.per_minute:.0f} | {r.cpu_each:.0f} "
            f"| {r.cost.peak_mb:.0f} | {r.cost.own_mb:.0f} |"
            + (f" {r.per_minute / stock[STOCK_ALIKE]:.1f} | {r.per_minute / stock[STOCK]:.1f} |" if ratio else "")
        )


if __name__ == "__main__":
    app()
