"""``reportgen clean``: remove the files that builds leave behind."""

from pathlib import Path

import click

from reportgen.cli.terminal import console, options


@click.command("clean")
@options.outs
@click.option("--results", is_flag=True, help="Also remove the stored results: every model is trained again.")
@click.option("--dry-run", is_flag=True, help="Only list what would be removed.")
@options.project
def command(
    outs: tuple[Path, ...],
    results: bool,
    dry_run: bool,
    project: Path,
    answers: Path | None,
    store: str | None,
) -> None:
    """Remove the outputs of builds, quick drafts included, and the figures and temporary files they keep.

    Results stay unless --results is given. A file that was changed since it was built always stays.
    """
    from reportgen.commands.clean import clean
    from reportgen.pipeline.project import open_project

    done = clean(open_project(project, answers, store, prose=False), outs, results=results, dry_run=dry_run)
    word = "would remove" if dry_run else "removed"
    for path in done.outputs:
        console.tell(f"{word} {path}")
    for path in done.kept:
        console.tell(f"kept {path}: it is not what the last build wrote")
    for key in done.results:
        console.tell(f"{word} result {key[:12]}")
    console.tell(f"{console.size(done.size)} {'would be freed' if dry_run else 'freed'}")
