"""Options that several commands share; each can also be set in the environment, as ``REPORTGEN_…``."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from reportgen.pipeline.formats import FORMATS

if TYPE_CHECKING:
    from reportgen.report import Report

F = TypeVar("F", bound=Callable[..., Any])


debug = click.option(
    "--debug",
    is_flag=True,
    expose_value=False,
    help="Print the full traceback of an error.  [env: REPORTGEN_DEBUG]",
)


def project(command: F) -> F:
    """Add --project, --answers, --store and --debug."""
    for option in (
        debug,
        click.option(
            "--store",
            envvar="REPORTGEN_STORE",
            metavar="DIR-or-URL",
            help="Where results are stored: a folder, or a URL such as s3://… to share them.",
        ),
        click.option(
            "--answers",
            envvar="REPORTGEN_ANSWERS",
            type=click.Path(path_type=Path),
            help="The folder with the answers.  [default: answers/ in the project]",
        ),
        click.option(
            "--project",
            envvar="REPORTGEN_PROJECT",
            type=click.Path(path_type=Path),
            default=Path(),
            help="The folder that contains answers/.  [default: the current folder]",
        ),
    ):
        command = option(command)
    return command


_REPORT = Path("report.pdf")
out = click.option(
    "--out",
    "-o",
    envvar="REPORTGEN_OUT",
    type=click.Path(path_type=Path),
    default=_REPORT,
    show_default=True,
    help="The report that was built; the notebook is next to a PDF, as .html and .ipynb.",
)
outs = click.option(
    "--out",
    "-o",
    "outs",
    envvar="REPORTGEN_OUT",
    type=click.Path(path_type=Path),
    multiple=True,
    default=(_REPORT,),
    show_default=str(_REPORT),
    help=f"A file to write, in the format of its extension: {', '.join(FORMATS)}; next to a .pdf, the "
    "notebook is written as .html and .ipynb. May be repeated.",
)
jobs = click.option(
    "--jobs",
    "-j",
    envvar="REPORTGEN_JOBS",
    type=click.IntRange(1, 1_000),
    metavar="N",
    help="Train N models at a time.  [default: 1]",
)
threads = click.option(
    "--threads",
    envvar="REPORTGEN_THREADS",
    type=click.IntRange(1, 1_000),
    metavar="N",
    help="Compute with N threads: machines with more or fewer cores then give the same bits."
    "  [default: as many as there are cores]",
)


def _executor(ctx: click.Context, param: click.Parameter, value: str) -> str:
    """Return the name of an executor."""
    if value == "local":
        return value
    from reportgen.executors.names import check

    try:
        return check(value)
    except ValueError as error:
        raise click.BadParameter(str(error), ctx, param) from None


executor = click.option(
    "--executor",
    envvar="REPORTGEN_EXECUTOR",
    metavar="NAME",
    default="local",
    show_default=True,
    callback=_executor,
    help="Which machines train: local | ray[:HOST:PORT] | slurm[:PARTITION]. All but local need a store at a"
    " URL that every machine can reach.",
)
seeds = click.option(
    "--seeds",
    envvar="REPORTGEN_SEEDS",
    type=click.IntRange(1, 1_000),
    metavar="N",
    help="Train every model with N seeds, whatever report.toml says: a quick replication.",
)


def workers(report: "Report", asked: int | None) -> int:
    """Return how many models train at a time: as asked, or as report.toml says."""
    value = asked or report.options.get("jobs")
    return value if isinstance(value, int) else 1
