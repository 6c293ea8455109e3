"""Let nbconvert make the frame of a notebook's page: everything but the prose."""

import base64
import re
import secrets
from collections.abc import Mapping
from html import escape
from pathlib import Path
from typing import Any

import nbformat
from jinja2 import ChoiceLoader, FileSystemLoader, FunctionLoader, StrictUndefined
from jupyter_core.paths import ENV_JUPYTER_PATH, SYSTEM_JUPYTER_PATH
from markupsafe import Markup
from nbconvert.exporters.html import HTMLExporter
from nbconvert.exporters.templateexporter import TemplateExporter

from reportgen.document.labels import labels
from reportgen.document.notebook.notebook import Notebook
from reportgen.document.templates import NOTEBOOK, Sandbox, Templates
from reportgen.document.text import images, markdown
from reportgen.document.text.highlight import highlight
from reportgen.errors import InputError, Problem

_PARTS = re.compile(r'\bdata-parts="([\d. ,-]+)"')
_VIEW = re.compile(r'\bviewBox="([\d. -]+)"')
_NARROW = re.compile(r'\bdata-narrow="#([^"]+)"')
_TERMINAL = re.compile(r"\x1b\[[0-9;]*[A-Za-z]")


def frame(notebook: Notebook, templates: Templates) -> list[str]:
    """Return the page of a notebook around its Markdown cells: one text more than there are such cells.

    The template sees that a Markdown cell is there, and its id; `notebook` has nothing in them.

    Raises
    ------
    InputError
        If the template is wrong, or does not show each Markdown cell once, by ``{{ cell | prose }}``.
    """
    sign = secrets.token_hex()  # nothing that is shown can hold it
    exporter = _Exporter(templates, notebook, sign)
    node = nbformat.from_dict(notebook.document())  # type: ignore[no-untyped-call]
    page: str
    with templates.blamed(NOTEBOOK):
        page, _ = exporter.from_notebook_node(node)
    texts = page.split(sign)
    if len(texts) != 1 + len(notebook.prose):
        message = "it does not show every Markdown cell once"
        raise InputError(Problem(templates.place(NOTEBOOK), 0, message, "show it by {{ cell | prose }}"))
    return texts


class _Exporter(HTMLExporter):
    """nbconvert's HTML exporter, in a sandbox, with this package's own outputs."""

    def __init__(self, templates: Templates, notebook: Notebook, sign: str) -> None:
        self._templates, self._sign = templates, sign
        self._words, self._contents = labels(notebook.language), notebook.contents
        # What it would do to the notebook first is for other templates, and validated step by step.
        plain: dict[str, Any] = {"default_preprocessors": [], "template_name": "base"}
        super().__init__(language_code=str(notebook.language), **plain)  # type: ignore[no-untyped-call]
        self.template_file = NOTEBOOK

    def _create_environment(self) -> Sandbox:
        def read(name: str) -> tuple[str, str, None] | None:
            return self._templates.source(name) if name.startswith("notebook/") else None

        environment = Sandbox(
            loader=ChoiceLoader([FunctionLoader(read), FileSystemLoader(_installed())]),
            autoescape=True,
            undefined=StrictUndefined,
        )
        environment.globals["words"] = self._words
        environment.globals["contents"] = self._contents
        environment.globals["style"] = lambda name: Markup(self._templates.read(f"notebook/{name}"))
        environment.filters["filter_data_type"] = list  # `_result` chooses
        environment.filters["prose"] = lambda cell: self._sign
        environment.filters["highlighted"] = lambda source: Markup(highlight(source, "python"))
        environment.filters["result"] = _result
        return environment

    def from_notebook_node(self, nb: Any, resources: Any = None, **kw: Any) -> tuple[Any, dict[str, Any]]:
        """Convert, without the parent's second parse of the page: its repairs are made in the template."""
        return TemplateExporter.from_notebook_node(self, nb, resources, **kw)


def _installed() -> list[str]:
    """Return where nbconvert's own templates are; a user's private ones don't change what is handed in."""
    return [str(Path(place) / "nbconvert/templates") for place in (*ENV_JUPYTER_PATH, *SYSTEM_JUPYTER_PATH)]


def _result(output: Mapping[str, Any], cell: Mapping[str, Any]) -> Markup:
    """Return what one output shows, in the best form that can't act."""
    data, about = output.get("data", {}), cell["metadata"].get("reportgen", {})
    label = f'<span class="label">{escape(about["label"])}</span> ' if "label" in about else ""
    caption = f"<figcaption>{label}{escape(about['caption'])}</figcaption>" if label else ""
    anchor = f' id="{escape(about["anchor"])}"' if "anchor" in about else ""
    for type_ in ("image/svg+xml", "image/png", "image/jpeg"):
        if type_ in data:
            alt = _description(output.get("metadata", {}), type_)
            picture = _picture(type_, "".join(data[type_]), alt, cell["id"])
            return Markup(f'<figure class="image"{anchor}>{picture}{caption}</figure>')
    if "text/html" in data:
        table = markdown.clean("".join(data["text/html"]))
        return Markup(f"<div{anchor}>{table.replace('<caption>', f'<caption>{label}', 1)}</div>")
    text = output.get("text", data.get("text/plain", ""))
    return Markup(f"<pre>{escape(_TERMINAL.sub('', ''.join(text)))}</pre>")


def _description(metadata: Mapping[str, Any], type_: str) -> str:
    found = metadata.get(type_, {})
    return str(found.get("alt") or metadata.get("alt") or "") if isinstance(found, Mapping) else ""


def _panels(svg: str, name: str) -> str:
    """Add what style sheets show on narrow screens: a drawing's parts, or the narrow one that it holds."""
    view, parts, narrow = _VIEW.search(svg), _PARTS.search(svg), _NARROW.search(svg)
    if narrow:
        view = _VIEW.search(svg, svg.find(f'id="{narrow[1]}"'))
    if view is None or not (parts or narrow):
        return svg
    _, _, width, height = map(float, view[1].split())
    whole = f'<use href="#{narrow[1] if narrow else name}" width="{width:g}" height="{height:g}"/>'
    views = parts[1].split(",") if parts else [view[1]]
    panels = "".join(f'<svg aria-hidden="true" viewBox="{each}">{whole}</svg>' for each in views)
    return svg.replace("<svg ", f'<svg id="{name}" ', 1) + f'<div class="panels">{panels}</div>'


def _picture(type_: str, data: str, alt: str, name: str) -> str:
    if type_ == "image/svg+xml":
        if images.is_inert(data) and "aria-labelledby" in data:
            return _panels(images.with_own_names(data, name), f"{name}-drawing")
        data = base64.b64encode(data.encode()).decode()
    return f'<img src="data:{type_};base64,{escape(data.strip())}" alt="{escape(alt)}">'
