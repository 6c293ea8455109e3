"""``reportgen verify``: recompute the numbers in a PDF from the evidence inside it."""

from pathlib import Path

import click

from reportgen.cli.terminal import console, options


@click.command("verify")
@click.argument("report", type=click.Path(path_type=Path))
@click.option(
    "--retrain",
    "model",
    metavar="MODEL",
    help="Also train MODEL from the attached sources, which runs them, and compare.",
)
@click.option(
    "--data",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="With --retrain: the data file of a model that was trained on the authors' own data.",
)
@options.jobs
@options.debug
def command(report: Path, model: str | None, data: Path | None, jobs: int | None) -> int:
    """Recompute the numbers in a PDF from the evidence inside it.

    Only the PDF is read: every number on its pages, every fact and every verdict is recomputed from the
    predictions that it carries, and the code, parameters and data are checked against the keys of the
    results. No attached code is run, except with --retrain. Exit status: 0 everything agrees; 1 something
    differs; 2 undecided.
    """
    from reportgen.commands.verify.recompute import verify

    found = verify(report)
    for difference in found.differences:
        console.tell(console.styled("differs:", fg="red"), f" {difference}")
    for name, sentence in found.undecided.items():
        if name != model:
            console.tell(console.styled("undecided:", fg="yellow"), f" {sentence}")
    console.tell(
        f"{found.numbers} numbers on the pages, {found.facts} facts and {found.verdicts} verdicts agree"
    )
    statuses = {found.settled(model).exit_status}
    if model is not None:
        statuses |= _retrain(report, model, jobs or 1, data)
    if found.differences:
        console.tell(f"{len(found.differences)} differ: the report does not match what was measured")
    return next(status for status in (1, 2, 0) if status in statuses)


def _retrain(report: Path, model: str, jobs: int, data: Path | None) -> set[int]:
    """Train a model again and return the exit statuses of its seeds."""
    from reportgen.cli.terminal.progress import progress
    from reportgen.commands.verify.retrain import retrain

    with progress() as display:
        replications = retrain(report, model, display.trained, jobs, data)
    for each in replications:
        measure, before, after = each.told
        console.tell(
            f"{each.model}, seed {each.seed}: test {measure} {before} in the report, "
            f"{after} now; the same prediction for {each.agreement:.2%} of the test items"
        )
        if each.difference or each.doubt:
            word, colour = ("differs:", "red") if each.difference else ("undecided:", "yellow")
            console.tell(console.styled(word, fg=colour), f" {each.difference or each.doubt}")
    return {each.exit_status for each in replications}
