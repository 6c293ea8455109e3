"""``reportgen check``: check requirements and claims."""

import math
import os
from pathlib import Path

import click

from reportgen import claims
from reportgen.cli.terminal import console, options

COLOURS = {"holds": "green", "false": "red", "undecided": "yellow", "warning": "yellow"}


def _finite(ctx: click.Context, param: click.Parameter, value: float) -> float:
    """Refuse NaN, which no drop is larger than."""
    if math.isnan(value):
        raise click.BadParameter("must be a number from 0 to 1", ctx, param)
    return value


@click.command("check")
@options.project
@click.option(
    "--format",
    "form",
    type=click.Choice(list(claims.FORMATS)),
    default="text",
    help="Output format of the verdicts.",
)
@click.option(
    "--baseline",
    metavar="FILE-or-REF",
    help="Compare with the JSON file of an earlier run, or with a git revision.",
)
@click.option(
    "--allow-drop",
    type=click.FloatRange(0, 1),
    callback=_finite,
    default=claims.ALLOWED,
    show_default=True,
    help="Largest accepted drop in test accuracy, or rise of a mean error, from the baseline, as a fraction.",
)
@click.option(
    "--strict", is_flag=True, help="Fail on typed numbers, and on claims that are true whatever was measured."
)
@click.option("--verbose", "-v", is_flag=True, help="Also list claims that hold without a warning.")
def command(
    project: Path,
    answers: Path | None,
    store: str | None,
    form: str,
    baseline: str | None,
    allow_drop: float,
    strict: bool,
    verbose: bool,
) -> int:
    """Check requirements and claims against stored results. Trains nothing.

    Exit status: 0 everything holds; 1 something is false; 2 undecided, because results are missing,
    stale or damaged, or because the input is invalid.
    """
    from reportgen.commands.check import check
    from reportgen.pipeline.project import open_project

    run, typed = check(
        open_project(project, answers, store), baseline, allow_drop, strict=strict, whole=form == "json"
    )
    if form == "text":
        for about, line in claims.text_lines(run, project, verbose=verbose):
            console.tell(console.styled(line, fg=COLOURS[about]) if about else line)
    else:
        root = os.environ.get("GITHUB_WORKSPACE") if form == "github" else None
        document = claims.formatted(run, form, project, verbose=verbose, root=Path(root) if root else None)
        console.give(document, claims.FORMATS[form].syntax)
    summary = os.environ.get("GITHUB_STEP_SUMMARY")
    if form == "github" and summary:
        _append(Path(summary), claims.job_summary(run, project))
    if typed and not strict:
        for verdict in typed:
            place = f"{verdict.path}:{verdict.line}"
            typed_number = console.styled("typed number:", fg="yellow")
            console.tell(typed_number, f" {place}: {verdict.expression}", err=True)
    return run.exit_status


def _append(path: Path, text: str) -> None:
    """Add to the summary of a job on GitHub; the verdict stands, whether or not it can be written."""
    try:
        with path.open("a", encoding="utf-8", errors="backslashreplace") as file:
            file.write(text)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        warning = console.styled("warning:", fg="yellow")
        console.tell(warning, f" GITHUB_STEP_SUMMARY {path} can't be written: {reason}", err=True)
