"""The cells of a report's notebook: each question's text, and what it says of models as running code."""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from reportgen.document import images, markdown
from reportgen.document.labels import Labels, labels
from reportgen.document.numbering import Numbering
from reportgen.document.setting import Answered
from reportgen.errors import shown as named
from reportgen.language.outcome import TOKEN, Rendered
from reportgen.language.values import Show
from reportgen.report.model import Report

Cell = Mapping[str, Any]

SETUP = "from reportgen.lab import Lab\n\nlab = Lab()"
_SHOW = re.compile("\ue000show:([0-9]+)\ue001")
_FENCED = r"^ {0,3}(`{3,}|~{3,}).*?^ {0,3}\2[`~]*\s*$"
_CODE = re.compile(rf"({_FENCED}|(`+)(?!`).+?(?<!`)\3(?!`))", re.MULTILINE | re.DOTALL)
_TAG = re.compile(r"<(?=[A-Za-z/!?])(?!https?://|mailto:)")


def write(
    report: Report,
    answers: Sequence[Answered],
    code: Mapping[str, str],
    numbering: Numbering,
    imports: str,
) -> tuple[Cell, ...]:
    """Return the cells of the notebook of `report` (see `reportgen.document.notebook.make`)."""
    rendered = [answered.rendered for answered in answers if answered.rendered]
    shown = {model for each in rendered for show in each.shows for model in show.models}
    writer = _Writer(report, labels(report.language), code, numbering, shown)
    writer.title()
    writer.code("setup", SETUP)
    if imports:
        writer.code("imports", imports)
    for answered in answers:
        writer.section(answered)
    return tuple(writer.cells)


@dataclass
class _Writer:
    """Writes cells in order. `shown` are the models that some answer shows, where they are introduced."""

    report: Report
    words: Labels
    sources: Mapping[str, str]
    numbering: Numbering
    shown: Collection[str]
    cells: list[Cell] = field(default_factory=list)
    _introduced: set[str] = field(default_factory=set)
    _logged: set[str] = field(default_factory=set)

    def title(self) -> None:
        block = self.report.title_block
        lines = [f"# {_escaped(block.title)}", *map(_escaped, filter(None, (block.course, block.assignment)))]
        lines.append(_escaped(", ".join(block.authors)))
        if block.deadline:
            lines.append(f"{self.words.deadline}: {_escaped(block.deadline)}")
        if block.abstract:
            lines.append(f"> {_escaped(block.abstract)}")
        self.text("title", "\n\n".join(lines))

    def text(self, name: str, source: str, attachments: Mapping[str, Any] | None = None) -> None:
        cell: dict[str, Any] = {"cell_type": "markdown", "id": name, "metadata": {}, "source": source}
        if attachments:
            cell["attachments"] = attachments
        self.cells.append(cell)

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

    def section(self, answer: Answered) -> None:
        section, rendered = answer.section, answer.rendered
        question = "\n".join(f"> {line}".rstrip() for line in neutral(section.question).strip().splitlines())
        heading = f"## {section.number} {_escaped(section.title)}"
        self.text(f"{section.id}-question", f"{heading}\n\n**{self.words.question}**\n\n{question}")
        if rendered is None:
            self.text(f"{section.id}-answer-0", f"*{_escaped(answer.why or self.words.not_built)}*")
            return
        wanted = set(rendered.shows)
        for place, (prose, show) in enumerate(_split(rendered)):
            if prose.strip():
                self._prose(answer, f"{section.id}-answer-{place}", prose)
            if show is not None:
                self._introduce(section.id, show.models, wanted)
                self._display(section.id, show)
        self._introduce(section.id, (model for model in section.models if model not in self.shown), wanted)

    def _introduce(self, section: str, models: Iterable[str], wanted: Collection[Show]) -> None:
        """Give the code of models that are new, and what `wanted` leaves out of layers, log and image."""
        for model in models:
            if model in self._introduced:
                continue
            self._introduced.add(model)
            if model in self.sources:
                self.code(f"{model}-code", self.sources[model].rstrip())
            self.code(f"{model}-model", f'{model} = lab.model("{model}")')
            for kind in ("summary", "evaluation_image"):
                if Show(kind, (model,)) not in wanted:
                    self._display(section, Show(kind, (model,)))

    def _display(self, section: str, show: Show) -> None:
        owner = show.models[0] if show.models else "lab"
        name = f"{section}-{owner}-{show.kind.replace('_', '-')}"
        if show.kind == "code" or any(cell["id"] == name for cell in self.cells):
            return
        if show.kind == "evaluation_image" and owner not in self._logged:
            self._logged.add(owner)
            self._display(section, Show("log", show.models))
        entry = self.numbering.find(show)
        about = {"label": entry.label, "caption": entry.caption} if entry else {}
        self.code(name, f"{owner}.{show.kind}()", **about)

    def _prose(self, answer: Answered, name: str, prose: str) -> None:
        rendered = answer.rendered
        assert rendered is not None

        def plain(match: re.Match[str]) -> str:
            kind, index = match[1], int(match[2])
            if kind == "fact":
                return rendered.facts[index].text
            if kind == "ref":
                entry = self.numbering.find(rendered.refs[index])
                return entry.label if entry else ""
            return ""

        text = TOKEN.sub(plain, prose).strip()
        attachments: dict[str, Any] = {}
        path = named(answer.section.path)
        for image in markdown.render(text, path=path, first_line=answer.section.body_line).images:
            label, kind, data = images.attachment(self.report.answers, image, path)
            attachments[label] = {kind: data}
            text = text.replace(f"]({image.source}", f"](attachment:{label}")
        self.text(name, neutral(markdown.levelled(text, top=3)), attachments)


def _split(rendered: Rendered) -> Iterator[tuple[str, Show | None]]:
    """Yield the prose before each show, with the show; at last the prose after."""
    end = 0
    for found in _SHOW.finditer(rendered.markdown):
        yield rendered.markdown[end : found.start()], rendered.shows[int(found[1])]
        end = found.end()
    yield rendered.markdown[end:], None


def _escaped(text: str) -> str:
    """Return plain text as Markdown."""
    return re.sub(r"([\\`*_\[\]<>#$])", r"\\\1", text)


def neutral(text: str) -> str:
    """Return Markdown in which no tag is one, whoever renders it; code stays as it is."""
    pieces: list[str] = []
    end = 0
    for found in _CODE.finditer(text):
        pieces += [_TAG.sub("&lt;", text[end : found.start()]), found[0]]
        end = found.end()
    return "".join([*pieces, _TAG.sub("&lt;", text[end:])])
