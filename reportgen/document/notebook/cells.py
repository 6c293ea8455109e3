"""The cells of a report's notebook: each question's text, and what it says of models as running code."""

import base64
import os
import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from html import escape, unescape
from pathlib import Path
from typing import Any

from reportgen.document.as_markdown import title
from reportgen.document.assets import media_type
from reportgen.document.labels import Labels, labels
from reportgen.document.numbering import REFERENCES, Entry
from reportgen.document.page import Page
from reportgen.document.sections import Piece, SetSection
from reportgen.document.text import markdown, to_markdown
from reportgen.document.text.citations import listed
from reportgen.language.values import Show
from reportgen.report.types import Report

Cell = Mapping[str, Any]

_LONGEST = 31
SETUP = "from reportgen.lab import Lab\n\nlab = Lab()"
FILE = '__file__ = "{}"'
"""For code of models.py that asks where it lies."""


def write(
    report: Report, page: Page, code: Mapping[str, Sequence[str]], imports: str, unlogged: Collection[str]
) -> tuple[tuple[Cell, ...], Mapping[str, str], Mapping[str, Show]]:
    """Return the cells of the notebook of `report`, and by their ids the HTML of prose and what others show.

    See `reportgen.document.notebook.notebook.make`.
    """
    shown = {
        model
        for section in page.sections
        for piece in section.pieces
        if piece.show is not None
        for model in piece.show.models
    }
    homes = {model: place for model, place in _homes(report, page).items() if model not in shown}
    writer = _Writer(report, page, labels(report.language), code, homes, unlogged)
    writer.title()
    asks = any("__file__" in text for texts in code.values() for text in texts)
    here = Path(os.path.relpath(report.models_path, report.project)).as_posix()
    writer.code("setup", f"{SETUP}\n{FILE.format(here)}" if asks else SETUP)
    if imports:
        writer.code("imports", imports)
    for section in page.sections:
        writer.section(section)
    writer.references()
    return tuple(writer.cells), writer.html, writer.shows


def _homes(report: Report, page: Page) -> Mapping[str, str]:
    """Return for each model the first section that speaks of it, sooner of it than of all models."""
    homes: dict[str, str] = {}
    built = [section for section in page.sections if section.built]
    for section in sorted(built, key=lambda section: len(section.models) == len(report.models)):
        for model in section.models:
            homes.setdefault(model, section.id)
    return homes


@dataclass
class _Writer:
    """Writes cells in order.

    A model is introduced where some answer shows it; `homes` are the sections that introduce the others.
    Those `unlogged` have no epochs.
    """

    report: Report
    page: Page
    words: Labels
    sources: Mapping[str, Sequence[str]]
    homes: Mapping[str, str]
    unlogged: Collection[str]
    cells: list[Cell] = field(default_factory=list)
    html: dict[str, str] = field(default_factory=dict)
    shows: dict[str, Show] = field(default_factory=dict)
    _introduced: set[str] = field(default_factory=set)
    _logged: set[str] = field(default_factory=set)
    _printed: set[str] = field(default_factory=set)

    def title(self) -> None:
        self.text("title", title(self.report.title_block, self.words))

    def text(
        self, name: str, text: str, html: str = "", attachments: Mapping[str, Any] | None = None
    ) -> None:
        """Write a Markdown cell; its HTML is that of the text, if none is given."""
        cell: dict[str, Any] = {"cell_type": "markdown", "id": name, "metadata": {}, "source": text}
        if attachments:
            cell["attachments"] = attachments
        self.cells.append(cell)
        self.html[name] = html or markdown.render(text, top=0, quotes=self.words.quotes).html

    def code(self, name: str, source: str, **metadata: str) -> None:
        self.cells.append(
            {
                "cell_type": "code",
                "id": name,
                "metadata": {"reportgen": metadata} if metadata else {},
                "source": source,
                "execution_count": None,
                "outputs": [],
            }
        )

    def section(self, section: SetSection) -> None:
        heading = to_markdown.line(f"{section.number} {section.title}")
        text = f"## {self._anchor(section.id)}{heading}"
        html = (
            f'<h2 id="{section.id}"><a href="#{section.id}">{section.number}</a> '
            f"{escape(section.title)}</h2>\n"
        )
        attachments: Mapping[str, Any] = {}
        if section.asked:
            asked, asked_html, attachments = self._prose(section.asked[0])
            quoted = "\n".join(f"> {line}".rstrip() for line in asked.splitlines())
            word = self.words.question
            text += f"\n\n**{word}**\n\n{quoted}"
            html += f"<p><strong>{escape(word)}</strong></p>\n<blockquote>\n{asked_html}</blockquote>\n"
        self.text(f"{section.id}-question", text, html, attachments)
        if not section.built:
            self.text(f"{section.id}-answer-0", f"*{to_markdown.line(section.why or self.words.not_built)}*")
            return
        wanted = {piece.show for piece in section.pieces if piece.show is not None}
        for place, piece in enumerate(section.pieces):
            text, html, attachments = self._prose(piece)
            if text or html.strip():
                self.text(f"{section.id}-answer-{place}", text, html, attachments)
            if piece.show is not None:
                self._introduce(section.id, piece.show.models, wanted)
                self._display(section.id, piece.show, piece.entry)
        at_home = (model for model in section.models if self.homes.get(model) == section.id)
        self._introduce(section.id, at_home, wanted)

    def references(self) -> None:
        """Write the list of cited sources."""
        title, printed = self.words.references, self.page.references
        if not printed:
            return
        lines = (f"{number}. {to_markdown.escaped(_text(each))}" for number, each in enumerate(printed, 1))
        self.text(
            "sources",
            f"## {self._anchor(REFERENCES)}{title}\n\n" + "\n".join(lines),
            f'<h2 id="{REFERENCES}">{escape(title)}</h2>\n<ol class="references">\n{listed(printed)}</ol>\n',
        )

    def _anchor(self, name: str) -> str:
        """Return a place to link to, where some answer does: readers of notebooks know no other."""
        return f'<a id="{name}"></a>' if name in self.page.linked else ""

    def _introduce(self, section: str, models: Iterable[str], wanted: Collection[Show]) -> None:
        """Give the code of new models, and what `wanted` leaves out of parameters, layers, log and image."""
        for model in models:
            if model in self._introduced:
                continue
            self._introduced.add(model)
            new = [text for text in self.sources.get(model, ()) if text not in self._printed]
            if new:
                self._printed.update(new)
                self.code(f"{_variable(model)}-code", "\n\n\n".join(new))
            bare = model.replace('"', "")
            self.code(f"{_variable(model)}-model", f'{_variable(model)} = lab.model("{bare}")')
            for kind in ("training", "summary", "evaluation_image"):
                if Show(kind, (model,)) not in wanted:
                    self._display(section, Show(kind, (model,)))

    def _display(self, section: str, show: Show, entry: Entry | None = None) -> None:
        owner = _variable(show.models[0]) if len(show.models) == 1 else "lab"
        if show.kind == "code":
            return
        if show.kind == "evaluation_image" and show.models[0] not in {*self._logged, *self.unlogged}:
            self._logged.add(show.models[0])
            self._display(section, Show("log", show.models))
        name = f"{section}-{owner}-{show.kind.replace('_', '-')}"
        again = sum(cell["id"] == name or cell["id"].startswith(f"{name}-again-") for cell in self.cells)
        about = {"label": entry.label, "caption": entry.caption, "anchor": entry.anchor} if entry else {}
        name = f"{name}-again-{again}" if again else name
        self.shows[name] = show
        self.code(name, _call(show, self.report), **about)

    def _prose(self, piece: Piece) -> tuple[str, str, Mapping[str, Any]]:
        """Return prose as Markdown and as HTML, with the pictures that it attaches."""

        def plain(kind: str, index: int) -> str:
            if kind == "fact":
                return piece.rendered.facts[index].text
            if kind == "ref":
                entry = self.page.numbering.find(piece.rendered.refs[index])
                return entry.label if entry else ""
            if kind == "caption":
                return f"{piece.captions[index].label}."
            return piece.citations[index].text if kind == "cite" else ""

        attachments: dict[str, Any] = {}

        def picture(index: int) -> str:
            name = piece.pictures[index].name
            data = base64.b64encode(self.page.assets[f"own/{name}"]).decode()
            attachments[name] = {media_type(name): data}
            return f"attachment:{name}"

        return to_markdown.write(piece.tokens, plain, picture), piece.html, attachments


def _variable(model: str) -> str:
    """Return what a model is called in code: of a variant a name without brackets and signs."""
    name = re.sub(r"\W+", "_", model).strip("_")
    # The format allows 64 letters for the name of a cell, which this is a part of.
    return (
        name
        if len(name) <= _LONGEST or name == model
        else f"{name[:22]}_{sha256(model.encode()).hexdigest()[:8]}"
    )


def _call(show: Show, report: Report) -> str:
    """Return what shows it in a notebook: what answers write, with `lab` for report and data."""
    match show:
        case Show(kind="variants" | "variation" as kind, models=(model, *_)):
            return f'lab.family("{report.models[model].family}").{kind}()'
        case Show(dataset=name) if name:
            return f'lab.data("{name}").{show.kind}()'
        case Show(models=(model,)):
            return f"{_variable(model)}.{show.kind}()"
    return f"lab.{show.kind}({', '.join(map(_variable, show.models))})"


def _text(html: str) -> str:
    """Return the text of a source in print."""
    return unescape(re.sub(r"<[^>]*>", "", html))
