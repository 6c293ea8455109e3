"""``reportgen new``: start a report."""

import shlex
import sys
from pathlib import Path

import click

from reportgen import datasets
from reportgen.cli.terminal import console
from reportgen.commands.new import NOTEBOOK, SMALL, Wishes, new, starters


def asks() -> bool:
    """Tell whether questions can be asked at a terminal."""
    return sys.stdin.isatty()


class _Start(click.ParamType):  # type: ignore[type-arg]  # generic in the newest click only
    """A starter by its name, or the path of a notebook."""

    name = "start"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Return the value, if it is one of these."""
        if value not in starters() and not value.endswith(NOTEBOOK):
            self.fail(f"{value!r} is none of {', '.join(starters())}, and no notebook (.ipynb)", param, ctx)
        return value


@click.command("new")
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--title", help="The title of the report.")
@click.option("--authors", metavar="NAMES", help="Its authors, separated by commas.")
@click.option(
    "--data",
    metavar="NAME-or-PATH",
    help=f"{', '.join(datasets.names())}; or {datasets.FORMS}.  [default: digits]",
)
@click.option("--target", metavar="COLUMN", help="The column of a table to predict.  [default: the last one]")
@click.option(
    "--from",
    "start",
    type=_Start(),
    metavar="NAME-or-NOTEBOOK",
    help=f"What to start from: {', '.join(starters())}; or a Jupyter notebook (.ipynb).  [default: {SMALL}]",
)
@click.option("--yes", "-y", is_flag=True, help="Ask nothing, and use the defaults of what is not given.")
def command(
    folder: Path,
    title: str | None,
    authors: str | None,
    data: str | None,
    target: str | None,
    start: str | None,
    yes: bool,
) -> None:
    """Start a report in FOLDER: one model, one answer with a claim and a figure, ready to build.

    Asks for what is not given. Existing files are never overwritten.
    """
    ask = not yes and asks()
    if ask and start is None:
        start = click.prompt("Start from", default=SMALL, type=_Start())
    start = start or SMALL
    if ask and title is None:
        title = click.prompt("Title", default="", show_default=False)
    if ask and authors is None:
        authors = click.prompt("Authors, separated by commas", default="", show_default=False)
    if ask and data is None and start == SMALL:
        data = click.prompt("Data (a name, a table, an .npz or a folder of images)", default="digits")
    named = tuple(name.strip() for name in (authors or "").split(",") if name.strip())
    left: list[str] = []
    wishes = Wishes((title or "").strip(), named, data or "", target or "", start)
    for path in new(folder, wishes, left.append):
        console.tell(f"wrote {path}")
    for each in left:
        console.tell(f"not converted: {each}")
    console.tell(f"next: cd {shlex.quote(str(folder))} && reportgen build")
