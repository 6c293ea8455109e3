"""``reportgen open``: open the last build."""

from pathlib import Path

import click

from reportgen.cli.terminal import options


@click.command("open")
@options.out
@click.option("--html", is_flag=True, help="Open the notebook's web page instead of the PDF.")
@options.debug
def command(out: Path, html: bool) -> None:
    """Open the PDF of the last build, or its web page, in the program that shows such files."""
    from reportgen.commands.outputs import outputs
    from reportgen.errors import InputError, Problem, UndecidedError, shown

    path = outputs(out).of(".html" if html else out.suffix)
    if not path.is_file():
        raise InputError(Problem(shown(path), 0, "there is no such file", f"reportgen build --out {out}"))
    if click.launch(str(path.resolve())):
        raise UndecidedError(Problem(shown(path), 0, "no program opens it", "open it by hand"))
