"""``reportgen train``: train models without building the report."""

from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import click

from reportgen.cli.terminal import console, options

if TYPE_CHECKING:
    from reportgen.plan import Shard


def _shard(ctx: click.Context, param: click.Parameter, value: str | None) -> "Shard | None":
    """Return the shard that is asked for."""
    from reportgen.plan import Shard

    try:
        return None if value is None else Shard.parse(value)
    except ValueError as error:
        raise click.BadParameter(str(error), ctx, param) from None


@click.command("train")
@click.argument("models", nargs=-1, metavar="[MODEL]...")
@options.project
@options.jobs
@options.threads
@options.seeds
@options.executor
@click.option(
    "--shard",
    envvar="REPORTGEN_SHARD",
    metavar="I/N",
    callback=_shard,
    help="Train only shard I of N: the models and their seeds are divided among N machines with one shared"
    " store.",
)
def command(
    models: tuple[str, ...],
    project: Path,
    answers: Path | None,
    store: str | None,
    jobs: int | None,
    threads: int | None,
    seeds: int | None,
    executor: str,
    shard: "Shard | None",
) -> None:
    """Train the stale models, or only the given MODELs.

    An interrupted training resumes from its last finished epoch. A model whose loss became NaN or infinite
    is retried only if it is given as MODEL.

    With --shard, a store at a URL must be reachable: results that stay on a machine could be lost with it.
    """
    from reportgen.cli.terminal.progress import progress
    from reportgen.cli.terminal.signals import resumable
    from reportgen.commands.train import bring_up_to_date, chosen_models
    from reportgen.pipeline.project import open_project

    opened = open_project(project, answers, store, seeds=seeds, required=shard is not None, executor=executor)
    opened.store.reach()
    wanted = chosen_models(opened.report, models)
    with closing(opened), opened.store.in_use(), resumable(), progress() as display:
        trained = bring_up_to_date(
            opened,
            opened.plan(),
            wanted,
            display.trained,
            options.workers(opened.report, jobs),
            again=bool(models),
            threads=threads or 0,
            shard=shard,
        )
    for planned in trained:
        console.tell(f"{planned.name}: trained")
    if not trained:
        console.tell(f"everything in shard {shard} is fresh" if shard else "every model is fresh")
