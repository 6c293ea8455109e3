"""Set a section as HTML: whole for the pages, in pieces for the notebook; each text is parsed once."""

import re
from dataclasses import dataclass, replace
from html import escape

from markdown_it.token import Token

from reportgen.document.embed import Picture, Setter
from reportgen.document.numbering import Entry
from reportgen.document.text import markdown, placeholders
from reportgen.document.text.citations import Cited
from reportgen.errors import Problem, shown
from reportgen.language.outcome import ClaimOutcome, PrintedFact, Rendered
from reportgen.language.values import Show
from reportgen.report.types import Section


@dataclass(frozen=True)
class Answered:
    """A section with its answer filled in; `rendered` is None where there is none, `why` says why."""

    section: Section
    rendered: Rendered | None
    why: str = ""


@dataclass(frozen=True)
class Piece:
    """Prose of a text, and what is shown behind it.

    Attributes
    ----------
    html : str
        As a web page shows it, without what is shown.
    tokens : tuple of Token
        The same, parsed.
    pictures : tuple of Picture
        The images of the text, by their numbers in the tokens.
    rendered : Rendered
        What the marks in the tokens stand for.
    citations : tuple of Cited
    captions : tuple of Entry
        Citations of the text and its tables with a caption, by their numbers in the tokens.
    show : Show or None
    entry : Entry or None
        Its number and anchor.
    """

    html: str
    tokens: tuple[Token, ...]
    pictures: tuple[Picture, ...]
    rendered: Rendered
    citations: tuple[Cited, ...] = ()
    captions: tuple[Entry, ...] = ()
    show: Show | None = None
    entry: Entry | None = None


@dataclass(frozen=True)
class SetSection:
    """A section as HTML; `built` says whether there is an answer, and `why` there is none.

    `asked` and `pieces` are question (empty where there is none) and answer once more, for the notebook;
    `files` are those of the authors' that were opened for it.
    """

    id: str
    number: int
    title: str
    question: str
    answer: str
    built: bool
    why: str = ""
    models: tuple[str, ...] = ()
    asked: tuple[Piece, ...] = ()
    pieces: tuple[Piece, ...] = ()
    files: tuple[str, ...] = ()


def set_section(setter: Setter, answered: Answered) -> SetSection:
    """Set a section; what needs all numbers stays a mark until all sections are set (see `resolved`)."""
    section, rendered = answered.section, answered.rendered
    path = shown(section.path)
    opened = len(setter.opened)
    _look_for_formulas(setter, section, path)
    asked = _Text(setter, section, path, f"{section.id}-question", Rendered(section.question))
    question, questions = asked.set(section.lines.get("question", 1)) if section.question else ("", ())
    answer: str = ""
    pieces: tuple[Piece, ...] = ()
    if rendered is not None:
        answer, pieces = _Text(setter, section, path, section.id, rendered).set(section.body_line)
    return SetSection(
        section.id,
        section.number,
        section.title,
        question,
        answer,
        rendered is not None,
        answered.why,
        section.models,
        questions,
        pieces,
        tuple(dict.fromkeys(setter.opened[opened:])),
    )


def _look_for_formulas(setter: Setter, section: Section, path: str) -> None:
    """Note that a formula in a title stays as written: contents and bookmarks hold plain text."""
    if "$" in section.title and markdown.render(section.title.replace("<", "&lt;"), top=0).formulas:
        message = "a title is plain text: the formula in it is not set"
        remedy = "write it in words, or with letters such as L₂"
        setter.repairs.append(Problem(path, section.lines.get("title", 1), message, remedy))


def resolved(section: SetSection, setter: Setter) -> SetSection:
    """Return a section with all marks filled in, now that everything has its number."""

    def for_web(pieces: tuple[Piece, ...]) -> tuple[Piece, ...]:
        return tuple(replace(each, html=setter.pending.resolve(each.html, "web")) for each in pieces)

    return replace(
        section,
        question=setter.pending.resolve(section.question, "pdf"),
        answer=setter.pending.resolve(section.answer, "pdf"),
        asked=for_web(section.asked),
        pieces=for_web(section.pieces),
    )


@dataclass(frozen=True)
class _Text:
    """One text of a section: its question, or its answer with what its marks stand for."""

    setter: Setter
    section: Section
    path: str
    name: str
    rendered: Rendered

    def set(self, first_line: int) -> tuple[str, tuple[Piece, ...]]:
        """Return the text as HTML with the setter's marks, whole and in pieces."""
        setter = self.setter
        prose = markdown.render(
            self.rendered.markdown,
            path=self.path,
            first_line=first_line,
            lines=self.rendered.lines,
            name=self.name,
            quotes=setter.words.quotes,
            plain=self._plain,
        )
        setter.repairs += prose.repairs
        setter.keep_links(prose.links, self.path)
        pictures = [Picture()] * len(prose.images)
        cited, labels = [Cited()] * len(prose.citations), list[Entry]()

        def filled(kind: str, index: int) -> str:
            if kind == "math":
                return setter.formula(prose.formulas[index], self.path)
            if kind == "image":
                pictures[index], html = setter.own_image(prose.images[index], self.path)
                return html
            if kind == "cite":
                cited[index] = setter.cite(prose.citations[index], self.path)
                return cited[index].html
            if kind == "caption":
                entry, html = setter.caption(prose.captions[index])
                labels.append(entry)
                return html
            return self._fill(kind, index)

        whole: list[str] = []
        ended: list[tuple[str, tuple[Token, ...], Show | None, Entry | None]] = []
        html: str = ""
        tokens: tuple[Token, ...] = ()
        for block in prose.blocks:
            before = len(setter.pending.shown)
            text = placeholders.fill(block.html, filled)
            if setter.located:
                text = self._located(text, block, first_line)
            whole.append(text)
            html, tokens = html + text, (*tokens, *block.tokens)
            for show, entry, _ in setter.pending.shown[before:]:
                ended.append((html, tokens, show, entry))
                html, tokens = "", ()
        ended.append((html, tokens, None, None))
        pieces = (
            Piece(html, tokens, tuple(pictures), self.rendered, tuple(cited), tuple(labels), show, entry)
            for html, tokens, show, entry in ended
        )
        return "".join(whole), tuple(pieces)

    def _located(self, html: str, block: markdown.Block, first_line: int) -> str:
        """Return a block's HTML with the line of the file that it came from."""
        if not (lines := block.tokens[0].map):
            return html
        line = self.rendered.lines[lines[0]] if self.rendered.lines else first_line + lines[0]
        return re.sub(r"^<\w+", rf'\g<0> data-line="{line}"', html)

    def _plain(self, kind: str, index: int) -> str:
        return self.rendered.facts[index].text if kind == "fact" else ""

    def _fill(self, kind: str, index: int) -> str:
        place = Problem(self.path, self.section.body_line, "")
        match kind:
            case "fact":
                return self._fact(self.rendered.facts[index], index)
            case "claim":
                return self._opening(self.rendered.claims[index])
            case "/claim":
                return self._closing(self.rendered.claims[index])
            case "show":
                return self.setter.display(self.rendered.shows[index], place)
            case "ref":
                return self.setter.pending.reference(self.rendered.refs[index], place)
        return ""

    def _fact(self, fact: PrintedFact, index: int) -> str:
        kind = "fact missing" if fact.missing else "fact"
        about = f'class="{kind}" id="{self.name}-fact-{index}" data-fact="{escape(fact.expression)}"'
        return f"<span {about}>{escape(fact.text)}</span>"

    def _opening(self, claim: ClaimOutcome) -> str:
        kind = "claim doubted" if self.setter.draft and not claim.holds else "claim"
        return f'<span class="{kind}" data-claim="{escape(claim.expression)}">'

    def _closing(self, claim: ClaimOutcome) -> str:
        if claim.holds or not self.setter.draft:
            return "</span>"
        verdict = self.setter.words.verdict(claim.holds)
        return f'</span> <span class="verdict">[{escape(verdict)}]</span>'
