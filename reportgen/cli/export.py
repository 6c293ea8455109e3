"""``reportgen export``: write a trained model to a file."""

from functools import partial
from pathlib import Path

import click

from reportgen.cli.terminal import console, options


@click.command("export")
@click.argument("model")
@click.option(
    "--out",
    "-o",
    type=click.Path(path_type=Path),
    help="A .keras file, or .safetensors for the weights alone.  [default: MODEL.keras]",
)
@click.option("--seed", type=int, help="Which of its trainings.  [default: the first one]")
@options.project
def command(
    model: str, out: Path | None, seed: int | None, project: Path, answers: Path | None, store: str | None
) -> None:
    """Write a trained MODEL to a file that Keras loads without reportgen and models.py.

    The file is loaded once more, and its test accuracy or mean error compared with the report's, before
    it is kept.
    """
    from reportgen.cli.terminal.progress import progress
    from reportgen.commands.export import export
    from reportgen.pipeline.project import open_project
    from reportgen.results.tasks import told

    path = out or Path(f"{model}.keras")
    opened = open_project(project, answers, store, prose=False)
    with opened.store.in_use(), progress() as display:
        test = export(opened, model, path, seed, partial(display.trained, model))
    console.tell(f"wrote {path}: test {' '.join(told(test))}")
