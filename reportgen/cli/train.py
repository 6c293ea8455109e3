"""``reportgen train``: the experiments alone."""

from pathlib import Path

import click

from reportgen.cli.terminal import console, options


@click.command("train")
@click.argument("models", nargs=-1, metavar="[MODEL]...")
@options.project
@options.jobs
@options.threads
@options.seeds
def command(
    models: tuple[str, ...],
    project: Path,
    answers: Path | None,
    store: str | None,
    jobs: int | None,
    threads: int | None,
    seeds: int | None,
) -> None:
    """Train the stale models, or only the given MODELs.

    An interrupted training resumes from its last finished epoch. A model whose loss became NaN or infinite
    is retried only if it is given as MODEL.
    """
    from reportgen.cli.terminal.progress import progress
    from reportgen.commands.train import bring_up_to_date, chosen_models
    from reportgen.pipeline.project import open_project

    opened = open_project(project, answers, store, seeds=seeds)
    wanted = chosen_models(opened.report, models)
    with opened.store.in_use(), progress() as display:
        workers = jobs or options.number(opened.report, "jobs")
        trained = bring_up_to_date(
            opened,
            opened.plan(),
            wanted,
            display.trained,
            workers,
            again=bool(models),
            threads=threads or 0,
        )
    for planned in trained:
        console.tell(f"{planned.name}: trained")
    if not trained:
        console.tell("every model is fresh")
