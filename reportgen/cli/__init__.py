"""The command line: thin click commands; each lives in a module of its own, loaded when called."""

import contextlib
import gc
import importlib
import os
import shlex
import sys
from typing import NoReturn

import click

from reportgen.cli.terminal import console, options
from reportgen.cli.terminal.signals import Ended, ends_as_interrupted
from reportgen.errors import ReportgenError, nearest
from reportgen.files import home

MOST = 50  # problems printed at most; later ones mostly follow from them
GARBAGE = 100_000  # new objects between two searches for cycles; a command is short and leaves few
COMMANDS = {
    "build": "Train what is stale, then write the PDF and the notebook.",
    "bundle": "Write the archive to hand in.",
    "check": "Check requirements and claims against stored results.",
    "clean": "Remove the files that builds leave behind; stored results only if asked.",
    "data": "Fetch and verify data sets ahead of time.",
    "diff": "Compare two runs: numbers, claims, confusion matrices.",
    "export": "Write a trained model to a file that Keras loads.",
    "facts": "List the names that answers may use, with their values.",
    "new": "Start a report: a folder that is ready to build.",
    "open": "Open the PDF of the last build, or its web page.",
    "preview": "Show the report live in the browser, with verdicts and training progress.",
    "status": "Show what is fresh, what is stale, and why.",
    "store": "Manage stored results.",
    "train": "Train models without building the report.",
    "verify": "Recompute the numbers in a PDF from the evidence inside it.",
}


class LazyGroup(click.Group):
    """A group whose commands are imported when they are called, not when they are listed."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted(COMMANDS)

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        if name not in COMMANDS:
            return None
        command = importlib.import_module(f"reportgen.cli.{name}").command
        assert isinstance(command, click.Command)
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        try:
            return super().resolve_command(ctx, args)
        except click.UsageError as error:
            message = f"{error.message.rstrip('.')} ({nearest(args[0], COMMANDS)})"
            raise click.UsageError(message, ctx) from None

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(sorted(COMMANDS.items()))


def _tell_version(ctx: click.Context, param: click.Parameter, wanted: bool) -> None:
    """Print versions and end."""
    if wanted:
        from reportgen.cli.terminal import versions

        console.tell(versions.text())
        ctx.exit()


@click.group(
    cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100}
)
@click.option(
    "--version",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=_tell_version,
    help="Print the versions of reportgen, and of what computes and writes.",
)
@options.debug
@click.option(
    "--verbose",
    is_flag=True,
    envvar="REPORTGEN_VERBOSE",
    help="Print decisions and their reasons to stderr; goes before COMMAND.  [env: REPORTGEN_VERBOSE]",
)
def cli(verbose: bool) -> None:
    """Build machine-learning lab reports whose numbers are measured and whose claims are checked.

    A report is a folder with answers/, which contains the models to train, the requirements and the
    text. The layout is a theme; files in templates/ replace those of the theme.

    \b
      reportgen new my-report             start a report
      reportgen build --out report.pdf    build the whole report
      reportgen status                    show what would be trained, and why
      reportgen check                     check every claim and requirement
    \b
    Exit status: 0 everything holds; 1 a claim or requirement is false; 2 undecided
    or failed; 130 interrupted.
    Shell completion: eval "$(_REPORTGEN_COMPLETE=bash_source reportgen)" (or zsh_source,
    fish_source).
    """
    if verbose:
        from reportgen.cli.terminal.verbose import show_log

        show_log()


def main(arguments: list[str] | None = None) -> NoReturn:
    """Run the command line and exit with its status; 1 is what a command says of claims, and nothing else."""
    gc.set_threshold(GARBAGE)
    # NumPy multiplies no matrices here: its threads for that would be started, wait, and be in the way.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    given = sys.argv[1:] if arguments is None else arguments
    console.prepare()
    with ends_as_interrupted():
        status = _status(given)
    try:
        console.finish()
    except console.OutputError as error:
        status = _failed(error, debug=False)
    gc.freeze()  # what a process leaves behind need not be looked through as it ends
    sys.exit(status)


def _status(arguments: list[str]) -> int:
    """Run a command and return the exit status."""
    debug = "--debug" in arguments or bool(os.environ.get("REPORTGEN_DEBUG"))
    try:
        home.provide()
        status = cli.main(arguments, prog_name="reportgen", standalone_mode=False)
        return status if isinstance(status, int) else 0
    except click.ClickException as error:
        with contextlib.suppress(OSError, ValueError):
            error.show()
        return 2
    except (click.Abort, KeyboardInterrupt) as error:
        return _interrupted(error.__cause__ or error, arguments, 130)  # click raises Abort from Ctrl-C
    except Ended as error:
        return _interrupted(error, arguments, 128 + error.number)
    except SystemExit as error:  # click's own, when nobody reads standard output, and of shell completion
        return 2 if error.code else 0
    except Exception as error:
        return _failed(error, debug=debug)


def _failed(error: Exception, *, debug: bool) -> int:
    """Say what is wrong, and return the exit status."""
    from reportgen.cli.terminal import failures

    told = error if isinstance(error, ReportgenError) else failures.told(error)
    if debug:
        console.tell(failures.trace(error), err=True)
    if not isinstance(error, console.ClosedError):
        for problem in told.problems[:MOST]:
            console.tell(console.styled("error:", fg="red", bold=True), f" {problem}", err=True)
        if len(told.problems) > MOST:
            console.tell(f"and {len(told.problems) - MOST:,} more", err=True)
    return told.exit_status


def _interrupted(error: BaseException, arguments: list[str], status: int) -> int:
    """Say what is kept, where a command was interrupted while it trained (see `signals.resumable`)."""
    kept = getattr(error, "__notes__", [])
    told = "; ".join(["interrupted", *kept])
    if kept:
        told += f". To resume: {shlex.join(['reportgen', *arguments])}"
    console.tell(told, err=True)
    return status
