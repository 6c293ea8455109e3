"""``reportgen verify``: a PDF held against the evidence inside it."""

from pathlib import Path

import click

from reportgen.cli import options


@click.command()
@click.argument("report", type=click.Path(path_type=Path))
@click.option(
    "--retrain",
    "model",
    metavar="MODEL",
    help="Also train MODEL from the attached sources, which runs them, and compare.",
)
@options.jobs
def verify(report: Path, model: str | None, jobs: int | None) -> int:
    """Recompute what a PDF says from the evidence inside it.

    The PDF alone is read: every number on its pages, every fact and every verdict is made again from the
    predictions that it carries, and the code, parameters and data are held against the keys of the results.
    Nothing that it carries is run, except with --retrain. Exit status: 0 all agrees; 1 something differs; 2
    it can't be said.
    """
    from reportgen.pipeline.verifying import verify as compare

    found = compare(report)
    for difference in found.differences:
        click.echo(f"{click.style('differs:', fg='red')} {difference}")
    for name, sentence in found.undecided.items():
        if name != model:
            click.echo(f"{click.style('can not be said:', fg='yellow')} {sentence}")
    click.echo(
        f"{found.numbers} numbers on the pages, {found.facts} facts and {found.verdicts} verdicts agree"
    )
    statuses = {found.settled(model).exit_status}
    if model is not None:
        statuses |= _retrain(report, model, jobs or 1)
    if found.differences:
        click.echo(f"{len(found.differences)} differ: the report does not say what was measured")
    return next(status for status in (1, 2, 0) if status in statuses)


def _retrain(report: Path, model: str, jobs: int) -> set[int]:
    """Train a model again and return the exit statuses of its seeds."""
    from reportgen.cli.progress import progress
    from reportgen.pipeline.retraining import retrain

    with progress() as display:
        replications = retrain(report, model, display.trained, jobs)
    for each in replications:
        click.echo(
            f"{each.model}, seed {each.seed}: test accuracy {each.before:.2%} in the report, "
            f"{each.after:.2%} now; the same prediction for {each.agreement:.2%} of the test images"
        )
        if each.difference or each.doubt:
            word, colour = ("differs:", "red") if each.difference else ("can not be said:", "yellow")
            click.echo(f"{click.style(word, fg=colour)} {each.difference or each.doubt}")
    return {each.exit_status for each in replications}
