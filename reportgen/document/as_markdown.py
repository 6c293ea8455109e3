"""The report as one Markdown file with its pictures beside it, for a page that a repository shows.

It is written from the tree and with the anchors and numbers that the pages have.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from html import unescape

from reportgen.document.displays import Drawing, Listing, Table
from reportgen.document.labels import Labels, labels
from reportgen.document.numbering import REFERENCES, Entry
from reportgen.document.page import Page
from reportgen.document.sections import Piece, SetSection
from reportgen.document.text import to_markdown
from reportgen.document.text.citations import anchor
from reportgen.report.types import Report, TitleBlock

_LINK = re.compile(r'<a href="([^"]*)">[^<]*</a>')
_TAG = re.compile(r"<[^>]*>")
_PAPER = '<rect width="100%" height="100%" fill="#fff"/>'  # for pages in dark colours


@dataclass(frozen=True)
class Syntax:
    """How a reader of Markdown writes what CommonMark lacks.

    Attributes
    ----------
    anchor : callable
        A place to link to, by its name.
    caption : callable
        A paragraph below a figure or above a table, by ``figure`` or ``table`` and its Markdown.
    address : callable
        Where a picture is, by its name.
    """

    anchor: Callable[[str], str]
    caption: Callable[[str, str], str]
    address: Callable[[str], str]


def forge(folder: str) -> Syntax:
    """Return the syntax of GitHub, GitLab and Forgejo, for pictures in a folder beside the file."""
    return Syntax(
        lambda name: f'<a id="{name}"></a>', lambda kind, text: text, lambda name: f"{folder}/{name}"
    )


@dataclass
class Markdown:
    """A text, and the pictures that it shows by their names."""

    text: str
    pictures: Mapping[str, bytes]


def title(block: TitleBlock, words: Labels) -> str:
    """Return the title of a report with what stands below it."""
    line = to_markdown.line
    lines = [f"# {line(block.title)}", *map(line, filter(None, (block.course, block.assignment)))]
    lines.append(line(", ".join(block.authors)))
    if block.deadline:
        lines.append(f"{words.deadline}: {line(block.deadline)}")
    if block.abstract:
        lines.append(f"> {line(block.abstract)}")
    return "\n\n".join(lines)


def write(report: Report, page: Page, syntax: Syntax, *, made_by: str, draft: bool = False) -> Markdown:
    """Write all of a report but its title.

    Parameters
    ----------
    page : Page
        So that "Figure 3" means the same in both.
    made_by : str
        What the last line says of its origin.
    draft : bool
        Mark it as a draft, and every claim that does not hold.
    """
    words = labels(report.language)
    writer = _Writer(page, syntax, words, draft)
    blocks = [f"**{words.draft}**"] if draft else []
    blocks += [writer.contents()] if len(page.sections) > 1 else []
    for section in page.sections:
        blocks += writer.section(section)
    blocks += writer.references()
    blocks += writer.appendix()
    blocks += ["---", f"*{to_markdown.line(made_by)}*"]
    return Markdown("\n\n".join(filter(None, blocks)) + "\n", writer.pictures)


@dataclass
class _Writer:
    """Writes the parts of a report as blocks of Markdown, and gathers pictures."""

    page: Page
    syntax: Syntax
    words: Labels
    draft: bool
    pictures: dict[str, bytes] = field(default_factory=dict)

    def contents(self) -> str:
        """Return the list of what there is."""
        parts = [(each.id, f"{each.number} {each.title}") for each in self.page.sections]
        parts += [(REFERENCES, self.words.references)] if self.page.references else []
        parts += [("appendix", self.words.appendix)] if self.page.appendix else []
        return "\n".join(f"- [{to_markdown.line(name)}](#{place})" for place, name in parts)

    def section(self, section: SetSection) -> Iterator[str]:
        """Yield question and answer."""
        yield self._heading(section.id, f"{section.number} {section.title}")
        if section.asked:
            yield f"**{self.words.question}**"
            question = self._prose(section.asked[0], f"{section.id}-question-")
            yield "\n".join(f"> {line}".rstrip() for line in question.splitlines())
        if not section.built:
            yield f"*{to_markdown.line(section.why or self.words.not_built)}*"
        for piece in section.pieces:
            yield self._prose(piece, f"{section.id}-")
            if piece.show is not None and piece.entry is not None:
                yield from self._display(piece.entry, self.page.displays[piece.show])

    def references(self) -> Iterator[str]:
        """Yield the list of sources."""
        if self.page.references:
            yield self._heading(REFERENCES, self.words.references)
            yield "\n".join(
                f"{number}. {self.syntax.anchor(anchor(number))}{_printed(each)}"
                for number, each in enumerate(self.page.references, 1)
            )

    def appendix(self) -> Iterator[str]:
        """Yield how the numbers were made."""
        if self.page.appendix:
            yield self._heading("appendix", f"A {self.words.appendix}")
            yield to_markdown.line(self.words.appendix_note)
            for entry, table in self.page.appendix:
                yield from self._display(entry, table)

    def _heading(self, name: str, text: str) -> str:
        return f"## {self.syntax.anchor(name)}{to_markdown.line(text)}"

    def _display(self, entry: Entry, shown: object) -> Iterator[str]:
        """Yield a figure, table or listing with its caption."""
        match shown:
            case Drawing(svg, alt):
                name = f"{entry.anchor}.svg"
                self.pictures[name] = svg.replace("</title>", f"</title>{_PAPER}", 1).encode()
                yield self.syntax.anchor(entry.anchor) + to_markdown.image(alt, self.syntax.address(name))
                yield self._caption(entry, f"**{entry.label}**")
            case Table(columns=columns, rows=rows, totals=totals):
                yield self._caption(entry, self._label(entry))
                yield to_markdown.table([(each.title, each.number) for each in columns], [*rows, *totals])
            case Listing(code, language=language):
                yield self._caption(entry, self._label(entry))
                yield to_markdown.code(code, language)

    def _caption(self, entry: Entry, label: str) -> str:
        return self.syntax.caption(entry.kind, f"{label} {to_markdown.line(entry.caption)}")

    def _label(self, entry: Entry) -> str:
        return f"{self.syntax.anchor(entry.anchor)}**{entry.label}**"

    def _prose(self, piece: Piece, notes: str) -> str:
        def plain(kind: str, index: int) -> str:
            match kind:
                case "fact":
                    return piece.rendered.facts[index].text
                case "ref":
                    entry = self.page.numbering.find(piece.rendered.refs[index])
                    return entry.label if entry else ""
                case "cite":
                    return piece.citations[index].text
                case "caption":
                    return self._label(piece.captions[index])
                case "/claim" if self.draft:
                    verdict = self.words.verdict(piece.rendered.claims[index].holds)
                    return f" [{verdict}]" if verdict else ""
            return ""

        def linked(kind: str, index: int) -> str:
            if kind == "cite":
                return _cited(piece.citations[index].items)
            entry = self.page.numbering.find(piece.rendered.refs[index]) if kind == "ref" else None
            return f"[{entry.label}](#{entry.anchor})" if entry else ""

        def picture(index: int) -> str:
            name = piece.pictures[index].name
            self.pictures[name] = self.page.assets[f"own/{name}"]
            return self.syntax.address(name)

        def caption(index: int) -> str:
            entry = piece.pictures[index].entry
            return f"{self._label(entry)} {to_markdown.line(entry.caption)}" if entry else ""

        return to_markdown.write(piece.tokens, plain, picture, linked=linked, caption=caption, notes=notes)


def _cited(items: Sequence[tuple[int, str]]) -> str:
    each = (f"[{number}](#{anchor(number)}){to_markdown.line(behind)}" for number, behind in items)
    return f"\\[{', '.join(each)}\\]"


def _printed(source: str) -> str:
    """Return a source in print, whose HTML has links and emphasis only, as Markdown."""
    parts = _LINK.split(source)
    text = [to_markdown.line(unescape(_TAG.sub("", part))) for part in parts[::2]]
    links = [f" <{unescape(address)}>" for address in parts[1::2]] + [""]
    return "".join(part for pair in zip(text, links, strict=True) for part in pair)
