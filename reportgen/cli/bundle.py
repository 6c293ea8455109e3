"""``reportgen bundle``: write the archive to hand in."""

from collections import Counter
from collections.abc import Sequence
from pathlib import Path, PurePosixPath

import click

from reportgen.cli.terminal import console, options

_MANY = 20


@click.command("bundle")
@click.option(
    "--out",
    "-o",
    type=click.Path(path_type=Path),
    default=Path("submission.zip"),
    show_default=True,
    help="The archive to write.",
)
@click.option(
    "--report",
    "built",
    type=click.Path(path_type=Path),
    default=Path("report.pdf"),
    show_default=True,
    help="The built PDF, with its HTML next to it.",
)
@click.option("--with-models", is_flag=True, help="Add each trained model as a .keras file.")
@click.option(
    "--with-code", is_flag=True, help="Add answers/ and templates/, so that the report can be built again."
)
@options.project
def command(
    out: Path,
    built: Path,
    with_models: bool,
    with_code: bool,
    project: Path,
    answers: Path | None,
    store: str | None,
) -> None:
    """Write the archive to hand in: the PDF and HTML of the last build, after checking them.

    The file names in the archive are set by options.handin_pdf and options.handin_html in report.toml.
    """
    from reportgen.cli.terminal.progress import progress
    from reportgen.commands.bundle import bundle
    from reportgen.pipeline.project import open_project

    opened = open_project(project, answers, store)
    with opened.store.in_use(), progress() as display:
        names = bundle(opened, built, out, models=with_models, code=with_code, observe=display.trained)
    console.tell(f"wrote {out}: {listed(names)}")


def listed(names: Sequence[str]) -> str:
    """Return the names of files, of a folder with many files how many these are."""
    folders = {name: str(PurePosixPath(name).parent) for name in names}
    counts = Counter(folders.values())
    told = (
        name if counts[folder] <= _MANY else f"{folder}/ ({counts[folder]:,} files)"
        for name, folder in folders.items()
    )
    return ", ".join(dict.fromkeys(told))
