"""Declare in report.toml what was taken from a notebook."""

from collections.abc import Sequence

from reportgen.commands.from_notebook.convert import Taken
from reportgen.commands.toml import written

DATASET = "notebook"
_HELD_OUT = 100


def declared(taken: Taken, name: str, title: str, authors: Sequence[str]) -> str:
    """Return report.toml; `name` is the notebook's. The data set is `DATASET`, or comes from elsewhere."""
    lines = [
        "#:schema report.schema.json",
        f"# What the report trains, as {name} does. `reportgen build` trains it and writes report.pdf.",
        "",
        "[report]",
        f"title = {written(title or taken.title or 'My report')}",
        f"authors = {written(list(authors) or ['A. Author'])}",
        "",
        "[training]",
        f"dataset = {written(DATASET)}",
    ]
    for model in taken.models:
        keys = {key: value for key, value in model.keys.items() if key != "regression"}
        lines += ["", f"[models.{model.name}]", f"title = {written(model.title)}"]
        lines += [f"{key} = {written(value)}" for key, value in keys.items()]
    if taken.data:
        lines += [
            "",
            f"[datasets.{DATASET}]",
            f"title = {written(f'data of {name}')}",
            f'function = "{taken.data}"',
        ]
        if taken.regression:
            lines.append('task = "regression"')
        else:
            guess = (
                "" if taken.classes else "  # FILL IN: the names of the classes, in the order of the labels"
            )
            lines.append(f"classes = {written(list(taken.classes) or ['0', '1'])}{guess}")
        lines.append(f"validation = {_HELD_OUT}  # at the end of the training items that are held out")
    return "\n".join(lines) + "\n"
