"""``reportgen diff``: compare two runs."""

from pathlib import Path

import click

from reportgen.cli.terminal import console, options


@click.command("diff")
@click.argument("before")
@click.argument("after")
@options.project
@click.option("--all", "every", is_flag=True, help="Also list what the report does not print.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON for programs.")
def command(
    before: str,
    after: str,
    project: Path,
    answers: Path | None,
    store: str | None,
    every: bool,
    as_json: bool,
) -> None:
    """Compare two runs: what was changed, which numbers in the report moved, which claims flipped.

    BEFORE and AFTER are JSON files from `reportgen check --format json`, git revisions, `previous` and
    `last` for the last two builds that differed, or `now` for the report as it is.
    """
    from reportgen.commands.check import compare
    from reportgen.pipeline.project import open_project

    found = compare(open_project(project, answers, store), before, after)
    if as_json:
        console.give(found.to_json(), "json")
    else:
        console.tell("\n".join(found.text_lines(every=every)))
