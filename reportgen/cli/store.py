"""``reportgen store``: manage stored results."""

from datetime import timedelta
from pathlib import Path

import click

from reportgen.cli.terminal import console, options


@click.group("store")
def command() -> None:
    """Manage stored results."""


@command.command("list")
@options.project
def list_(project: Path, answers: Path | None, store: str | None) -> None:
    """List stored results with size and age; those of the current report also by name."""
    from reportgen.commands.store import named
    from reportgen.pipeline.project import open_project

    opened = open_project(project, answers, store)
    names = named(opened)
    found = opened.store.list()
    for each in found:
        label = ", ".join(names.get(each.key, ())) or "–"
        console.tell(f"{each.key[:12]}  {console.size(each.size):>9}  {_age(each.age):>8}  {label}")
    console.tell(
        f"{len(found)} results, {console.size(sum(each.size for each in found))}, in {opened.store.root}"
    )


@command.command()
@options.project
def verify(project: Path, answers: Path | None, store: str | None) -> int:
    """Verify every byte of every result; damaged results are set aside and listed."""
    from reportgen.pipeline.project import open_project

    found = open_project(project, answers, store).store.verify()
    for key in found.damaged:
        console.tell(f"{key[:12]}: damaged, set aside; it will be trained again")
    console.tell(
        f"{found.results} results, {console.size(found.size)}: {len(found.damaged) or 'none'} damaged"
    )
    return 2 if found.damaged else 0


@command.command()
@options.project
@click.option("--dry-run", is_flag=True, help="Only list what would be removed.")
@click.option(
    "--builds",
    type=click.IntRange(min=0),
    default=10,
    show_default=True,
    help="Keep what the last N builds used.",
)
@click.option(
    "--shared",
    type=click.IntRange(min=1),
    metavar="DAYS",
    help="Prune the shared store instead: remove uploads that were cut off more than DAYS days ago,"
    " and files and checkpoints of trainings that nobody has sent since.",
)
def prune(
    project: Path, answers: Path | None, store: str | None, dry_run: bool, builds: int, shared: int | None
) -> None:
    """Remove everything that neither the current report nor its last builds need.

    Results in a shared store always stay: nobody here knows who needs them.
    """
    from reportgen.commands.store import needed
    from reportgen.pipeline.project import open_project

    opened = open_project(project, answers, store)
    word = "would remove" if dry_run else "removed"
    if shared is not None:
        gone = opened.store.prune_shared(timedelta(days=shared), dry_run)
        for name in gone:
            console.tell(f"{word} {name} in the shared store")
        console.tell(f"{len(gone)} leftovers {'found' if dry_run else 'removed'}")
        return
    removed = opened.store.prune(lambda: needed(opened.reread(), builds), dry_run)
    for key in removed.keys:
        console.tell(f"{word} result {key[:12]}: {opened.store.root / 'results' / key[:2] / key}")
    for name in removed.others:
        console.tell(f"{word} {opened.store.root / name}")
    console.tell(f"{console.size(removed.size)} {'would be freed' if dry_run else 'freed'}")


@command.command()
@click.argument("archive", type=click.Path(path_type=Path, dir_okay=False))
@options.project
def export(archive: Path, project: Path, answers: Path | None, store: str | None) -> None:
    """Write the results of the current report to one ARCHIVE file."""
    from reportgen.pipeline.project import open_project

    opened = open_project(project, answers, store)
    moved = opened.store.export(archive, sorted(opened.plan(build=False).keys))
    console.tell(f"{len(moved.keys)} results, {console.size(moved.size)}, written to {archive}")


@command.command("import")
@click.argument("archive", type=click.Path(path_type=Path, dir_okay=False, exists=True))
@options.project
def import_(archive: Path, project: Path, answers: Path | None, store: str | None) -> None:
    """Import the results in ARCHIVE, each verified."""
    from reportgen.pipeline.project import open_project

    moved = open_project(project, answers, store).store.import_(archive)
    console.tell(f"{len(moved.keys)} results, {console.size(moved.size)}, imported")


def _age(seconds: float) -> str:
    for unit, length in (("d", 86400), ("h", 3600), ("min", 60)):
        if seconds >= length:
            return f"{seconds / length:.0f} {unit}"
    return f"{seconds:.0f} s"
