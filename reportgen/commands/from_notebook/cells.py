"""Read a notebook's cells, without running anything."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from reportgen import files
from reportgen.errors import InputError, Problem, shown

LIMIT = 1 << 26  # bytes of a notebook, pictures that it shows included


@dataclass(frozen=True)
class Cell:
    """A cell, with its number from 1."""

    number: int
    kind: Literal["code", "markdown"]
    text: str


def read(path: Path) -> tuple[Cell, ...]:
    """Return the cells of code and Markdown.

    Raises
    ------
    InputError
        If it is no notebook.
    """
    text = files.text(path, LIMIT)
    try:
        found = json.loads(text)["cells"]
        cells = [(each["cell_type"], each["source"]) for each in found]
        texts = [(kind, source if isinstance(source, str) else "".join(source)) for kind, source in cells]
    except (ValueError, KeyError, TypeError, RecursionError):
        remedy = "save it in Jupyter, as .ipynb of format 4"
        raise InputError(Problem(shown(path), 0, "is not a notebook", remedy)) from None
    return tuple(
        Cell(number, kind, text)
        for number, (kind, text) in enumerate(texts, 1)
        if kind in ("code", "markdown") and text.strip()
    )
