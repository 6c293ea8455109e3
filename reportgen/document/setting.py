"""One section at a time, from Markdown with marks to HTML; figures and tables are numbered on the way.

A text is parsed once. What stands on the pages of the PDF and what stands in the notebook's page is the
same HTML, in which pictures, formulas and what is shown are marks until everything has its number:
`Setter.resolve` fills them in for the one or the other.
"""

import base64
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from html import escape
from typing import Literal

from markdown_it.token import Token

from reportgen.artifacts import Keep, directly
from reportgen.document import images, markdown, marks, math, tables
from reportgen.document.assets import address, media_type
from reportgen.document.displays import Column, Display, Listing, Table
from reportgen.document.grammar import Formula, Image, Link
from reportgen.document.highlight import highlight
from reportgen.document.labels import Labels
from reportgen.document.numbering import Entry, Numbering, kind_of
from reportgen.errors import InputError, Problem, shown
from reportgen.language.outcome import ClaimOutcome, PrintedFact, Rendered
from reportgen.language.values import Show, nearest
from reportgen.report.model import Report, Section

Medium = Literal["pdf", "web"]
OWN = "image"  # the kind of show that an image of the authors' own is


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
    pictures : tuple of str
        Names of the images of the text, by their numbers in the tokens.
    rendered : Rendered
        What the marks in the tokens stand for.
    show : Show or None
    entry : Entry or None
        Its number and anchor.
    """

    html: str
    tokens: tuple[Token, ...]
    pictures: tuple[str, ...]
    rendered: Rendered
    show: Show | None = None
    entry: Entry | None = None


@dataclass(frozen=True)
class SetSection:
    """A section as HTML; `built` says whether there is an answer, and `why` there is none.

    `asked` and `pieces` are question and answer once more, for the notebook; `files` are those of the
    authors' that were opened for it.
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


@dataclass
class Setter:
    """Sets the sections of a report in order and gathers what they need.

    Attributes
    ----------
    displays : mapping of Show to Display
        What the answers may show.
    draft : bool
        Mark claims that do not hold.
    keep : callable
        Keeps the drawing of a formula for another time.
    files : dict of str to bytes
        Images by the name that the HTML calls them.
    formulas : set of str
        Alternative texts of the images that are formulas.
    problems, repairs : list of Problem
        What can't be set; what was mended.
    """

    report: Report
    words: Labels
    displays: Mapping[Show, Display]
    draft: bool
    numbering: Numbering
    keep: Keep = directly
    files: dict[str, bytes] = field(default_factory=dict)
    formulas: set[str] = field(default_factory=set)
    problems: list[Problem] = field(default_factory=list)
    repairs: list[Problem] = field(default_factory=list)
    _references: list[tuple[Show, Problem]] = field(default_factory=list)
    _links: list[tuple[Link, str]] = field(default_factory=list)
    _shown: list[tuple[Show, Entry | None, str]] = field(default_factory=list)
    _drawn: list[tuple[Formula, math.Drawing]] = field(default_factory=list)
    _pictures: list[tuple[str, str]] = field(default_factory=list)
    _opened: list[str] = field(default_factory=list)

    def section(self, answered: Answered) -> SetSection:
        """Set a section; what needs all numbers stays a mark until all sections are set (see `resolve`)."""
        section, rendered = answered.section, answered.rendered
        path = shown(section.path)
        opened = len(self._opened)
        asked = _Text(self, section, path, f"{section.id}-question", Rendered(section.question))
        question, questions = asked.set(1)
        answer: str = ""
        pieces: tuple[Piece, ...] = ()
        if rendered is not None:
            answer, pieces = _Text(self, section, path, section.id, rendered).set(section.body_line)
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
            tuple(dict.fromkeys(self._opened[opened:])),
        )

    def resolved(self, section: SetSection) -> SetSection:
        """Return a section with all marks filled in, now that everything has its number."""
        return replace(
            section,
            question=self.resolve(section.question, "pdf"),
            answer=self.resolve(section.answer, "pdf"),
            asked=tuple(map(self._for_web, section.asked)),
            pieces=tuple(map(self._for_web, section.pieces)),
        )

    def _for_web(self, piece: Piece) -> Piece:
        return replace(piece, html=self.resolve(piece.html, "web"))

    def resolve(self, html: str, medium: Medium) -> str:
        """Fill in the marks."""

        def filled(kind: str, index: int) -> str:
            match kind:
                case "ref":
                    return self._refer(index)
                case "shown":
                    return self._shown[index][2] if medium == "pdf" else ""
                case "drawn":
                    return self._formula(*self._drawn[index], medium)
                case "picture":
                    return self._picture(*self._pictures[index], medium)
            return ""

        return marks.fill(html, filled)

    def check_links(self) -> None:
        """See that every link into the report leads somewhere."""
        anchors = {
            *(each.id for each in self.report.sections),
            *(each.anchor for each in self.numbering.entries),
        }
        for link, path in self._links:
            if link.anchor not in anchors:
                message = f"a link leads to #{link.anchor}, which is not there"
                remedy = nearest(link.anchor, sorted(anchors)) or "link to a section, such as #q1"
                self.problems.append(Problem(path, link.line, message, remedy))

    def refer(self, show: Show, place: Problem) -> str:
        """Return a mark for a cross-reference."""
        self._references.append((show, place))
        return marks.mark("ref", len(self._references) - 1)

    def _refer(self, index: int) -> str:
        show, place = self._references[index]
        if entry := self.numbering.find(show):
            return f'<a class="ref" href="#{entry.anchor}">{entry.label}</a>'
        name = ".".join((*show.models, show.kind))
        problem = Problem(
            place.path,
            place.line,
            f"ref({name}) refers to something that the report does not show",
            f"show it: {{{{ {name} }}}}",
        )
        if show.kind == OWN:
            (name,) = show.models
            remedy = f'show it with a caption: ![what it shows]({name} "Its caption")'
            problem = replace(problem, message=f"ref({name!r}) names no image with a caption", remedy=remedy)
        if problem not in self.problems:
            self.problems.append(problem)
        return ""

    def table(self, table: Table, name: str, show: Show | None = None) -> str:
        """Number and set a table; one that an answer shows may move to the foot of a page."""
        entry = self.numbering.enter("table", name, table.caption, show=show, sources=table.sources)
        kind = show.kind if show else "provenance"
        return tables.html(table, label=entry.label, id_=entry.anchor, kind=kind, whole=show is not None)

    def display(self, show: Show, place: Problem) -> str:
        """Number and set what `show` names, and return a mark for it."""
        before = len(self.numbering.entries)
        html = self._display(show, place)
        entry = self.numbering.entries[before] if len(self.numbering.entries) > before else None
        self._shown.append((show, entry, html))
        return marks.mark("shown", len(self._shown) - 1)

    def shown(self, since: int) -> Iterable[tuple[Show, Entry | None]]:
        """Return what was shown, the first `since` excepted."""
        return [(show, entry) for show, entry, _ in self._shown[since:]]

    @property
    def shows(self) -> int:
        """How much was shown."""
        return len(self._shown)

    def _display(self, show: Show, place: Problem) -> str:
        found = self.displays.get(show)
        name = "-".join((*show.models, show.kind))
        if found is None:
            self.problems.append(Problem(place.path, place.line, f"there is nothing to show for {name}"))
            return ""
        if isinstance(found, Table):
            return self.table(found, name, show)
        title = self._title(show)
        entry = self.numbering.enter(
            kind_of(found), name, found.caption, title=title, show=show, sources=found.sources
        )
        caption = f'<span class="label">{escape(entry.label)}</span> {escape(found.caption)}'
        if isinstance(found, Listing):
            code = highlight(found.code, found.language)
            return (
                f'<figure class="listing" id="{entry.anchor}"><figcaption>{caption}</figcaption>\n'
                f"{code}</figure>\n"
            )
        file = f"figures/{entry.anchor}.svg"
        self.files[file] = found.svg.encode()
        return (
            f'<figure class="drawing whole {escape(show.kind)}" id="{entry.anchor}">'
            f'<img src="{address(file)}" alt="{escape(found.alt)}">'
            f"<figcaption>{caption}</figcaption></figure>\n"
        )

    def _title(self, show: Show) -> str:
        """Return what a figure is, for lists: its caption tells how to read it."""
        models = self.report.models
        names = (models[model].title for model in show.models if model in models)
        return self.words.titles.get(show.kind, "").format(model=", ".join(names))

    def formula(self, formula: Formula, path: str) -> str:
        """Draw a formula and return a mark for it."""
        drawing = math.draw(
            formula.tex, display=formula.display, path=path, line=formula.line, keep=self.keep
        )
        self.formulas.add(formula.tex)
        self._drawn.append((formula, drawing))
        return marks.mark("drawn", len(self._drawn) - 1)

    def _formula(self, formula: Formula, drawing: math.Drawing, medium: Medium) -> str:
        size = f"width:{drawing.width:.3f}em;vertical-align:{-drawing.depth:.3f}em"
        tex = escape(formula.tex)
        if medium == "web":  # in the colour of the text around it, be it light or dark
            about = f'class="math" role="img" aria-label="{tex}" style="height:{drawing.height:.3f}em;{size}"'
            image = drawing.svg.replace("<svg ", f"<svg {about} ", 1)
        else:
            name = f"math/{math.name(drawing)}.svg"
            self.files[name] = drawing.svg.replace("currentColor", "#000").encode()
            kind = "display" if formula.display else "inline"
            image = f'<img class="math {kind}" src="{address(name)}" alt="{tex}" style="{size}">'
        return f'<div class="equation">{image}</div>\n' if formula.display else image

    def own_image(self, image: Image, path: str) -> tuple[str, str]:
        """Load an image of the authors' own; return its name and a mark. One with a caption is numbered."""
        try:
            name, data = images.load(self.report.answers, image.source, path, image.line)
        except InputError as error:
            self.problems += error.problems
            return "", ""
        self.files[f"own/{name}"] = data
        self._opened.append(image.source)
        self._pictures.append((name, image.alt))
        picture = marks.mark("picture", len(self._pictures) - 1)
        if not image.caption:
            return name, picture
        show = Show(OWN, (image.source,))
        entry = self.numbering.enter("figure", f"own-{name}", image.caption, show=show)
        label = f'<span class="label">{entry.label}</span>'
        return name, (
            f'<span class="figure own" id="{entry.anchor}">{picture}'
            f'<span class="caption">{label} {escape(image.caption)}</span></span>'
        )

    def _picture(self, name: str, alt: str, medium: Medium) -> str:
        source = address(f"own/{name}")
        if medium == "web":
            data = base64.b64encode(self.files[f"own/{name}"]).decode()
            source = f"data:{media_type(name)};base64,{data}"
        return f'<img class="own" src="{source}" alt="{escape(alt)}">'

    def keep_links(self, links: Iterable[Link], path: str) -> None:
        """Remember links into the report, for `check_links`."""
        self._links += [(link, path) for link in links]

    def origins(self) -> Iterable[Table]:
        """Yield the table that names the results behind every figure and table set so far."""
        rows = tuple(
            (entry.label, entry.title, ", ".join(key[: tables.KEY_DIGITS] for key in entry.sources))
            for entry in self.numbering.entries
            if entry.sources
        )
        words = self.words
        columns = (Column(words.display), Column(words.shows), Column(words.results, code=True))
        if rows:
            yield Table(words.origins_table, columns, rows)


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
        pictures = [""] * len(prose.images)

        def filled(kind: str, index: int) -> str:
            if kind == "math":
                return setter.formula(prose.formulas[index], self.path)
            if kind == "image":
                pictures[index], html = setter.own_image(prose.images[index], self.path)
                return html
            return self._fill(kind, index)

        whole: list[str] = []
        ended: list[tuple[str, tuple[Token, ...], Show | None, Entry | None]] = []
        html: str = ""
        tokens: tuple[Token, ...] = ()
        for block in prose.blocks:
            before = setter.shows
            text = marks.fill(block.html, filled)
            whole.append(text)
            html, tokens = html + text, (*tokens, *block.tokens)
            for show, entry in setter.shown(before):
                ended.append((html, tokens, show, entry))
                html, tokens = "", ()
        ended.append((html, tokens, None, None))
        pieces = (
            Piece(html, tokens, tuple(pictures), self.rendered, show, entry)
            for html, tokens, show, entry in ended
        )
        return "".join(whole), tuple(pieces)

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
                return self.setter.refer(self.rendered.refs[index], place)
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
        words = self.setter.words
        verdict = words.claim_undecided if claim.holds is None else words.claim_false
        return f'</span> <span class="verdict">[{escape(verdict)}]</span>'
