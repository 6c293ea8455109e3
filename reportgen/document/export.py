"""An executed notebook as one HTML file that needs no network and runs no script."""

import base64
import re
from collections.abc import Mapping
from functools import cache, partial
from html import escape
from pathlib import Path
from typing import Any

import nbformat
from jinja2 import ChoiceLoader, FileSystemLoader, FunctionLoader, StrictUndefined
from jupyter_core.paths import ENV_JUPYTER_PATH, SYSTEM_JUPYTER_PATH
from markupsafe import Markup
from nbconvert.exporters.html import HTMLExporter
from nbconvert.exporters.templateexporter import TemplateExporter

from reportgen.document import images, markdown, marks, math
from reportgen.document.conformance import check
from reportgen.document.highlight import highlight
from reportgen.document.keeping import Keep
from reportgen.document.labels import labels
from reportgen.document.limits import limited
from reportgen.document.notebook import Notebook
from reportgen.document.templates import Sandbox, Templates
from reportgen.errors import shown

_NAME = "notebook/index.html.j2"
_TERMINAL = re.compile(r"\x1b\[[0-9;]*[A-Za-z]")


def html(notebook: Notebook, templates: Path, keep: Keep = lambda key, make: make()) -> bytes:
    """Return `notebook` as a web page by the project's notebook template.

    Markdown is rendered as in the PDF (raw HTML off, sanitised), formulas become drawings (which
    ``keep(key, make)`` keeps for another time), and outputs are shown only if they can't act: images,
    tables and text.

    Raises
    ------
    InputError
        If the template is wrong.
    RenderError
        If the page would not be accessible, such as an output image without a description.
    """
    own = Templates(templates)
    node = nbformat.from_dict(notebook.document())  # type: ignore[no-untyped-call]
    with limited("the notebook's page"), own.blamed(_NAME):
        page: str
        page, _ = _exporter(own, notebook.language, keep).from_notebook_node(node)
    check(page, shown(templates / _NAME))
    return page.encode()


@cache
def _exporter(templates: Templates, language: str, keep: Keep) -> "_Exporter":
    return _Exporter(templates, language, keep)


class _Exporter(HTMLExporter):
    """nbconvert's HTML exporter, in a sandbox, with this package's own Markdown and outputs."""

    def __init__(self, templates: Templates, language: str, keep: Keep) -> None:
        self._templates = templates
        self._keep = keep
        self._words = labels(language)
        # What it would do to the notebook first is for other templates, and validated step by step.
        plain: dict[str, Any] = {"default_preprocessors": [], "template_name": "base"}
        super().__init__(language_code=language, **plain)  # type: ignore[no-untyped-call]
        self.template_file = _NAME

    def _create_environment(self) -> Sandbox:
        def read(name: str) -> tuple[str, str, None] | None:
            return self._templates.source(name) if name.startswith("notebook/") else None

        environment = Sandbox(
            loader=ChoiceLoader([FunctionLoader(read), FileSystemLoader(_installed())]),
            autoescape=True,
            undefined=StrictUndefined,
        )
        environment.globals["words"] = self._words
        environment.globals["style"] = lambda name: Markup(self._templates.read(f"notebook/{name}"))
        environment.filters["filter_data_type"] = list  # `_result` chooses
        environment.filters["prose"] = partial(_prose, quotes=self._words.quotes, keep=self._keep)
        environment.filters["highlighted"] = lambda source: Markup(highlight(source, "python"))
        environment.filters["result"] = _result
        return environment

    def from_notebook_node(self, nb: Any, resources: Any = None, **kw: Any) -> tuple[Any, dict[str, Any]]:
        """Convert, without the parent's second parse of the page: its repairs are made in the template."""
        return TemplateExporter.from_notebook_node(self, nb, resources, **kw)


def _installed() -> list[str]:
    """Return where nbconvert's own templates are; a user's private ones don't change what is handed in."""
    return [str(Path(place) / "nbconvert/templates") for place in (*ENV_JUPYTER_PATH, *SYSTEM_JUPYTER_PATH)]


def _prose(cell: Mapping[str, Any], quotes: str, keep: Keep) -> Markup:
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

    return Markup(marks.fill(prose.html, filler))


def _result(output: Mapping[str, Any], cell: Mapping[str, Any]) -> Markup:
    """Return what one output shows, in the best form that can't act."""
    data, about = output.get("data", {}), cell["metadata"].get("reportgen", {})
    label = f'<span class="label">{escape(about["label"])}</span> ' if "label" in about else ""
    caption = f"<figcaption>{label}{escape(about['caption'])}</figcaption>" if label else ""
    for type_ in ("image/svg+xml", "image/png", "image/jpeg"):
        if type_ in data:
            alt = _description(output.get("metadata", {}), type_)
            picture = _picture(type_, "".join(data[type_]), alt, cell["id"])
            return Markup(f'<figure class="image">{picture}{caption}</figure>')
    if "text/html" in data:
        table = markdown.clean("".join(data["text/html"]))
        return Markup(table.replace("<caption>", f"<caption>{label}", 1))
    text = output.get("text", data.get("text/plain", ""))
    return Markup(f"<pre>{escape(_TERMINAL.sub('', ''.join(text)))}</pre>")


def _description(metadata: Mapping[str, Any], type_: str) -> str:
    found = metadata.get(type_, {})
    return str(found.get("alt") or metadata.get("alt") or "") if isinstance(found, Mapping) else ""


def _picture(type_: str, data: str, alt: str, name: str) -> str:
    if type_ == "image/svg+xml":
        if images.is_inert(data) and "aria-labelledby" in data:
            return images.with_own_names(data, name)
        data = base64.b64encode(data.encode()).decode()
    return f'<img src="data:{type_};base64,{escape(data.strip())}" alt="{escape(alt)}">'
