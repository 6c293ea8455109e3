"""An executed notebook as one HTML file that needs no network and runs no script."""

import json
from collections.abc import Mapping
from html import escape
from itertools import zip_longest
from pathlib import Path
from typing import Any

from reportgen.artifacts import Keep, directly
from reportgen.document import markdown, marks, math
from reportgen.document.conformance import check
from reportgen.document.labels import labels
from reportgen.document.limits import limited
from reportgen.document.notebook import Notebook
from reportgen.document.templates import Templates
from reportgen.errors import shown


def html(notebook: Notebook, templates: Path, keep: Keep = directly) -> bytes:
    """Return `notebook` as a web page by the project's notebook template.

    Markdown is rendered as in the PDF (raw HTML off, sanitised), formulas become drawings, and outputs are
    shown only if they can't act: images, tables and text. `keep` keeps formulas, and the page around the
    prose, for another time.

    Raises
    ------
    InputError
        If the template is wrong.
    RenderError
        If the page would not be accessible, such as an output image without a description.
    """
    own = Templates.read_from(templates)
    quotes = labels(notebook.language).quotes
    with limited("the notebook's page"):
        frame = json.loads(keep(_frame, notebook.without_prose(), own))
        prose = [_prose(cell, quotes, keep) for cell in notebook.prose]
    page = "".join(text for pair in zip_longest(frame, prose, fillvalue="") for text in pair)
    check(page, shown(templates / "notebook"))
    return page.encode()


def _frame(notebook: Notebook, templates: Templates) -> bytes:
    """Return the page around the Markdown cells, whose text the notebook lacks."""
    from reportgen.document import exporter

    return json.dumps(exporter.frame(notebook, templates)).encode()


def _prose(cell: Mapping[str, Any], quotes: str, keep: Keep) -> str:
    """Return a Markdown cell as HTML."""
    text = "".join(cell["source"]).replace("&lt;", "<")  # raw HTML is off here, so a tag is text again
    path = f"notebook cell {cell['id']}"
    prose = markdown.render(text, path=path, name=cell["id"], top=0, quotes=quotes)
    attached = cell.get("attachments", {})

    def filler(kind: str, index: int) -> str:
        if kind == "math":
            formula = prose.formulas[index]
            drawing = math.draw(formula.tex, display=formula.display, path=path, line=formula.line, keep=keep)
            image = drawing.svg.replace(
                "<svg ",
                f'<svg class="math" role="img" aria-label="{escape(formula.tex)}" '
                f'style="width:{drawing.width:.3f}em;height:{drawing.height:.3f}em;'
                f'vertical-align:{-drawing.depth:.3f}em" ',
                1,
            )
            return f'<div class="equation">{image}</div>' if formula.display else image
        if kind == "image":
            image_ = prose.images[index]
            ((type_, data),) = attached.get(
                image_.source.removeprefix("attachment:"), {"image/png": ""}
            ).items()
            return f'<img src="data:{escape(type_)};base64,{escape(data)}" alt="{escape(image_.alt)}">'
        return ""

    return marks.fill(prose.html, filler)
