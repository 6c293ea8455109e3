"""``reportgen facts``: list the names that answers may use."""

from pathlib import Path

import click

from reportgen.cli.terminal import console, options


@click.command("facts")
@click.argument("name", default="")
@options.project
def command(name: str, project: Path, answers: Path | None, store: str | None) -> None:
    """List the names that answers may use, with their values, or only those that begin with NAME.

    Without NAME, the functions are listed as well.
    """
    from reportgen.errors import InputError
    from reportgen.pipeline.gather import measured
    from reportgen.pipeline.project import open_project
    from reportgen.results import functions, listing

    opened = open_project(project, answers, store, prose=False)
    _, _, known = measured(opened, opened.plan())
    found = [*listing(known, name), *(() if name else functions())]
    if not found:
        raise InputError(f'no name begins with "{name}"; see `reportgen facts` for all')
    width = min(max(len(entry.name) for entry in found), 44)
    for entry in found:
        value, about = console.styled(entry.text, bold=True), console.styled(entry.description, dim=True)
        console.tell(f"{entry.name:<{width}}  ", value, "  ", about)
