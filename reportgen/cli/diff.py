"""``reportgen diff``: what moved between two runs."""

from pathlib import Path

import click

from reportgen.cli import console, options


@click.command()
@click.argument("before")
@click.argument("after")
@options.project
@click.option("--json", "as_json", is_flag=True, help="Print JSON for programs.")
def diff(
    before: str, after: str, project: Path, answers: Path | None, store: str | None, as_json: bool
) -> None:
    """Compare two runs: which numbers moved, which claims turned, which confusions changed.

    BEFORE and AFTER are JSON files of `reportgen check --format json`, git revisions, `previous` and
    `last` for the last two builds that differed, or `now` for the report as it stands.
    """
    from reportgen import claims
    from reportgen.pipeline.checking import check, earlier
    from reportgen.pipeline.project import open_project

    opened = open_project(project, answers, store)
    runs = [check(opened)[0] if name == "now" else earlier(opened, name) for name in (before, after)]
    found = claims.difference(*runs)
    if as_json:
        console.give(found.to_json(), "json")
    else:
        console.tell("\n".join(found.text_lines()))
