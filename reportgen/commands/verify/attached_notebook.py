"""Compare the notebook that a PDF carries, cell by cell, with the one that its evidence gives."""

import json
import re
from collections.abc import Iterator, Mapping
from itertools import zip_longest
from typing import Any

from reportgen.commands.verify.json_diff import Difference
from reportgen.document.displays import Display, Undrawable
from reportgen.document.notebook import outputs
from reportgen.document.notebook.notebook import Notebook
from reportgen.language import Show
from reportgen.pipeline.displays import displays
from reportgen.pipeline.gather import Gathered
from reportgen.pipeline.project import Project

_TAG = re.compile(r"<[^<>]*>")
_RESULTS = ("execute_result", "display_data")
_Results = Mapping[str, str]


def differences(
    attached: bytes | None, made: Notebook, project: Project, gathered: Gathered
) -> Iterator[Difference]:
    """Yield how the attached notebook differs: what its cells say, and what tables and figures they put out.

    Nothing of it is run. What the authors' own code prints is not compared, nor the shapes in figures: of
    these the words are, as on the pages.
    """
    try:
        found = [(_source(cell), _results(cell)) for cell in json.loads(attached or b"{}")["cells"]]
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        yield Difference("notebook", "none that can be read", f"{len(made.cells)} cells")
        return
    shown = displays(project, gathered, [show for show in made.shows.values() if show.kind != "log"])
    expected = [
        (_source(cell), _expected(made.shows.get(cell["id"]), shown, gathered)) for cell in made.cells
    ]
    none: tuple[str, _Results] = ("", {})
    for number, pair in enumerate(zip_longest(found, expected, fillvalue=none), 1):
        (old, put_out), (new, recomputed) = pair
        if old != new:
            lines = zip_longest(old.splitlines(), new.splitlines(), fillvalue="")
            yield Difference(f"notebook, cell {number}", *next(two for two in lines if two[0] != two[1]))
        elif recomputed is not None and put_out != recomputed:
            yield Difference(f"notebook, output of cell {number}", *_first(put_out, recomputed))


def _source(cell: Mapping[str, Any]) -> str:
    """Return kind and text of a cell, whose text may be a list of lines."""
    return f"{cell['cell_type']}\n{_joined(cell['source'])}"


def _results(cell: Mapping[str, Any]) -> _Results:
    """Return the words of what a cell puts out, by their media types; what code prints is none of it."""
    found: dict[str, str] = {}
    for output in cell.get("outputs", ()):
        if output["output_type"] in _RESULTS:
            for kind, value in output["data"].items():
                found[kind] = found.get(kind, "") + _words(kind, _joined(value))
    return found


def _expected(show: Show | None, shown: Mapping[Show, Display], gathered: Gathered) -> _Results | None:
    """Return what a cell must put out; None if that can't be drawn from the evidence alone."""
    if show is None:
        return {}
    if show.kind == "log":
        return {outputs.PLAIN: outputs.log(gathered.records[show.models[0]][0].history)}
    display = shown.get(show)
    if display is None or isinstance(display, Undrawable):
        return None
    made, _ = outputs.forms(display)
    return {kind: _words(kind, value) for kind, value in made.items()}


def _joined(text: str | list[str]) -> str:
    return text if isinstance(text, str) else "".join(text)


def _words(kind: str, text: str) -> str:
    return "\n".join(_TAG.sub("\n", text).split()) if kind == outputs.SVG else text


def _first(put_out: _Results, recomputed: _Results) -> tuple[str, str]:
    """Return the first line that differs, on both sides."""
    for kind in dict.fromkeys((*recomputed, *put_out)):
        lines = zip_longest(
            put_out.get(kind, "").splitlines(), recomputed.get(kind, "").splitlines(), fillvalue=""
        )
        for old, new in lines:
            if old != new:
                return old, new
    return "", ""
