"""The command line: thin click commands; each lives in a module of its own, loaded when called."""

import gc
import importlib
import os
import shlex
import sys
from typing import Any

import click

from reportgen import __version__
from reportgen.errors import ReportgenError

GARBAGE = 100_000  # new objects between two searches for cycles; a command is short and leaves few
COMMANDS = {
    "build": "Train what is stale, then write the PDF and the notebook.",
    "bundle": "Write the archive that is handed in.",
    "check": "Hold stored results against requirements and claims.",
    "data": "Fetch and verify data sets ahead of time.",
    "diff": "Compare two runs: numbers, claims, confusions.",
    "facts": "List the names that answers may use, with their values.",
    "status": "Tell what is fresh, and what is stale and why.",
    "store": "Look after stored results.",
    "train": "Train models without building the report.",
    "verify": "Recompute what a PDF says from the evidence inside it.",
}


class LazyGroup(click.Group):
    """A group whose commands are imported when they are called, not when they are listed."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted(COMMANDS)

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        if name not in COMMANDS:
            return None
        command = getattr(importlib.import_module(f"reportgen.cli.{name}"), name)
        assert isinstance(command, click.Command)
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        try:
            return super().resolve_command(ctx, args)
        except click.UsageError as error:
            import difflib

            near = difflib.get_close_matches(args[0], COMMANDS, n=1)
            if not near:
                raise
            raise click.UsageError(f"{error.message} Did you mean {near[0]!r}?", ctx) from None

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(sorted(COMMANDS.items()))


@click.group(
    cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100}
)
@click.version_option(__version__, prog_name="reportgen")
def cli() -> None:
    """Build machine-learning lab reports whose numbers are measured and whose claims are checked.

    A report project has two folders: answers/ says which models to train, what must hold and
    what the authors have to say; templates/ say what it looks like.

    \b
      reportgen build --out report.pdf    the whole hand-in
      reportgen status                    what would be trained, and why
      reportgen check                     does everything the report says hold?
    \b
    Exit status: 0 all holds; 1 a claim or requirement is false; 2 it could not
    be decided or done; 130 interrupted.
    Shell completion: eval "$(_REPORTGEN_COMPLETE=bash_source reportgen)" (or zsh_source,
    fish_source).
    """


def main(arguments: list[str] | None = None) -> Any:
    """Run the command line and exit with its status; errors of ours are told without a traceback."""
    gc.set_threshold(GARBAGE)
    # NumPy multiplies no matrices here: its threads for that would be started, wait, and be in the way.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    try:
        status = cli.main(arguments, standalone_mode=False)
    except click.exceptions.Exit as error:
        status = error.exit_code
    except click.ClickException as error:
        error.show()
        status = 2
    except (click.Abort, KeyboardInterrupt):
        command = shlex.join(["reportgen", *(sys.argv[1:] if arguments is None else arguments)])
        click.echo(f"interrupted; finished epochs are kept. To go on: {command}", err=True)
        status = 130
    except ReportgenError as error:
        for problem in error.problems:
            click.echo(f"{click.style('error:', fg='red', bold=True)} {problem}", err=True)
        status = error.exit_status
    except BrokenPipeError:
        sys.stderr.close()
        status = 2
    gc.freeze()  # what a process leaves behind need not be looked through as it ends
    sys.exit(status if isinstance(status, int) else 0)
