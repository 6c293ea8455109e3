"""An executed notebook as one HTML file that needs no network and runs no script."""

import json
from itertools import zip_longest
from pathlib import Path

from reportgen.artifacts import Keep, directly
from reportgen.document.conformance import check
from reportgen.document.limits import limited
from reportgen.document.notebook.notebook import Notebook
from reportgen.document.templates import NOTEBOOK, Templates


def html(notebook: Notebook, templates: Path, keep: Keep = directly) -> bytes:
    """Return `notebook` as a web page by the project's notebook template.

    Prose is the HTML that the notebook brings, and outputs are shown only if they can't act: images, tables
    and text. `keep` keeps the page around the prose for another time.

    Raises
    ------
    InputError
        If the template is wrong.
    RenderError
        If the page would not be accessible, such as an output image without a description.
    """
    own = Templates.read_from(templates)
    with limited("the notebook's page"):
        frame = json.loads(keep(_frame, notebook.without_prose(), own))
        prose = [notebook.html[cell["id"]] for cell in notebook.prose]
    page = "".join(text for pair in zip_longest(frame, prose, fillvalue="") for text in pair)
    check(page, own.place(NOTEBOOK))
    return page.encode()


def _frame(notebook: Notebook, templates: Templates) -> bytes:
    """Return the page around the Markdown cells, whose text the notebook lacks."""
    from reportgen.document.notebook import nbconvert

    return json.dumps(nbconvert.frame(notebook, templates)).encode()
