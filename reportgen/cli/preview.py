"""``reportgen preview``: show the report live in the browser."""

from pathlib import Path

import click

from reportgen.cli.terminal import console, options


@click.command("preview")
@options.project
@options.seeds
@options.outs
@click.option(
    "--port",
    envvar="REPORTGEN_PORT",
    type=click.IntRange(1, 65_535),
    metavar="N",
    help="Listen on this port of 127.0.0.1.  [default: any free port]",
)
@click.option(
    "--open/--no-open", "opens", default=True, help="Open the page in the browser.  [default: open]"
)
def command(
    project: Path,
    answers: Path | None,
    store: str | None,
    seeds: int | None,
    outs: tuple[Path, ...],
    port: int | None,
    opens: bool,
) -> None:
    """Show the report in the browser, and follow every edit of it.

    Beside the report stand what holds and what doesn't, training with its curves, the facts, and the
    evidence behind them. Nobody but this user's browser can open the page. Ctrl-C ends it; the training of
    a network keeps its epochs.
    """
    import contextlib

    from reportgen.pipeline import extras

    extras.require("preview")
    extras.require("document")
    from reportgen.preview.serve import serve

    def ready(address: str) -> None:
        console.tell(f"preview: {address}", err=True)
        if opens:
            click.launch(address)

    with contextlib.suppress(KeyboardInterrupt):
        serve(project, answers, store, seeds=seeds, outs=outs, port=port or 0, ready=ready)
