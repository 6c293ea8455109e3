"""``reportgen check``: the gate."""

import os
from pathlib import Path

import click

from reportgen.cli import options

COLOURS = {"holds": "green", "false": "red", "undecided": "yellow", "warning": "yellow"}


@click.command()
@options.project
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json", "junit", "github"]),
    default="text",
    help="How to print the verdicts.",
)
@click.option(
    "--baseline", metavar="FILE-or-REF", help="Compare with an earlier run's JSON or a git revision."
)
@click.option(
    "--allow-drop",
    type=click.FloatRange(0, 1),
    default=0.01,
    show_default=True,
    help="Drop of a test accuracy against the baseline that is accepted, as a share of 1.",
)
@click.option(
    "--strict", is_flag=True, help="Fail on typed numbers, and on what is true whatever was measured."
)
@click.option("--verbose", "-v", is_flag=True, help="Also list what holds without any doubt.")
def check(
    project: Path,
    answers: Path | None,
    store: str | None,
    form: str,
    baseline: str | None,
    allow_drop: float,
    strict: bool,
    verbose: bool,
) -> int:
    """Hold stored results against requirements and claims. Trains nothing.

    Exit status: 0 all holds; 1 something is false; 2 it can't be said, because results are missing,
    stale or damaged, or because the input is invalid.
    """
    from reportgen import claims
    from reportgen.pipeline.checking import check as judge
    from reportgen.pipeline.project import open_project

    run, typed = judge(
        open_project(project, answers, store), baseline, allow_drop, strict=strict, whole=form == "json"
    )
    if form == "text":
        for about, line in claims.text_lines(run, project, verbose=verbose):
            click.echo(click.style(line, fg=COLOURS[about]) if about else line)
    else:
        root = os.environ.get("GITHUB_WORKSPACE") if form == "github" else None
        click.echo(
            claims.formatted(run, form, project, verbose=verbose, root=Path(root) if root else None), nl=False
        )
    summary = os.environ.get("GITHUB_STEP_SUMMARY")
    if form == "github" and summary:
        with Path(summary).open("a", encoding="utf-8") as file:
            file.write(claims.job_summary(run, project))
    if typed and not strict:
        for verdict in typed:
            place = f"{verdict.path}:{verdict.line}"
            click.echo(f"{click.style('typed number:', fg='yellow')} {place}: {verdict.expression}", err=True)
    return run.exit_status
