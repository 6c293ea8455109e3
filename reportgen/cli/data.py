"""``reportgen data``: fetch data sets ahead of time."""

from pathlib import Path

import click

from reportgen import datasets
from reportgen.cli.terminal import console, options


@click.command(
    "data",
    epilog=f"Built-in data sets: {', '.join(datasets.names())}. Every array is verified by its SHA-256.",
)
@click.argument("names", nargs=-1, metavar="[NAME]...")
@options.project
@click.option(
    "--folder",
    envvar="REPORTGEN_DATA_SOURCE",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    help="A folder to search first, with archives or arrays that you already have.",
)
@click.option("--offline", is_flag=True, help="Do not use the network.")
def command(
    names: tuple[str, ...],
    project: Path,
    answers: Path | None,
    store: str | None,
    folder: Path | None,
    offline: bool,
) -> None:
    """Fetch and verify the data sets of the report, or only those given by NAME."""
    from reportgen.cli.terminal.progress import progress
    from reportgen.errors import InputError
    from reportgen.report import load

    own = {}
    try:
        report = load(project, answers)
        own = dict(report.datasets)
        wanted = names or report.used_datasets
    except InputError:
        if not names:
            raise
        wanted = names
    with progress() as display:
        for name in wanted:
            if name in own and own[name].function:
                console.tell(f"{name}: {own[name].function}() in models.py returns it")
                continue
            place = datasets.ensure(name, own=own, progress=display.fetched, folder=folder, offline=offline)
            console.tell(f"{name}: verified, {place}")
