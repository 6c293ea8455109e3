"""``reportgen build``: train what is stale and write the report."""

from contextlib import closing
from pathlib import Path

import click

from reportgen.cli.terminal import console, options


@click.command("build")
@options.outs
@click.option(
    "--section",
    "sections",
    multiple=True,
    metavar="ID",
    help="Train and build only what this section needs, such as q4; may be repeated.",
)
@click.option(
    "--draft",
    is_flag=True,
    help="Write the report even if claims are false or trainings fail, and mark them in it.",
)
@click.option(
    "--quick",
    is_flag=True,
    help="Build a quick draft: each model is trained on at most 1,000 items. Every page says so, and it is "
    "written next to the report: report-quick.pdf.",
)
@options.project
@options.jobs
@options.threads
@options.seeds
@options.executor
def command(
    outs: tuple[Path, ...],
    sections: tuple[str, ...],
    draft: bool,
    quick: bool,
    project: Path,
    answers: Path | None,
    store: str | None,
    jobs: int | None,
    threads: int | None,
    seeds: int | None,
    executor: str,
) -> None:
    """Train what is stale, then write the report: a PDF and the executed notebook, or other formats.

    Nothing is written unless every requirement and claim holds.
    """
    from reportgen.cli.terminal.progress import progress
    from reportgen.cli.terminal.signals import resumable
    from reportgen.commands import outputs
    from reportgen.commands.build import build
    from reportgen.pipeline.project import open_project

    if quick:
        outs = tuple(map(outputs.quick, outs))
    opened = open_project(project, answers, store, seeds=seeds, quick=quick, executor=executor)
    with closing(opened), opened.store.in_use(), resumable(), progress() as display:
        built = build(
            opened,
            outs,
            sections,
            draft=draft or quick,
            workers=options.workers(opened.report, jobs),
            threads=threads or 0,
            observe=display.trained,
            step=display.step,
        )
    for warning in built.warnings:
        console.tell(console.styled("warning:", fg="yellow"), f" {warning}", err=True)
    for section in built.missing:
        console.tell(f"section {section}: not built, because its models are not trained", err=True)
    for path in built.written:
        console.tell(f"wrote {path}")
    if not built.written:
        console.tell("nothing to do: everything is up to date")
