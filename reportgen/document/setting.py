"""One section at a time, from Markdown with marks to HTML; figures and tables are numbered on the way."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from html import escape

from reportgen.artifacts import Keep, directly
from reportgen.document import images, markdown, marks, math, tables
from reportgen.document.assets import address
from reportgen.document.displays import Column, Display, Listing, Table
from reportgen.document.grammar import Formula, Image
from reportgen.document.highlight import highlight
from reportgen.document.labels import Labels
from reportgen.document.numbering import Numbering, kind_of
from reportgen.errors import InputError, Problem, shown
from reportgen.language.outcome import ClaimOutcome, PrintedFact, Rendered
from reportgen.language.values import Show
from reportgen.report.model import Report, Section


@dataclass(frozen=True)
class Answered:
    """A section with its answer filled in; `rendered` is None where there is none, `why` says why."""

    section: Section
    rendered: Rendered | None
    why: str = ""


@dataclass(frozen=True)
class SetSection:
    """A section as HTML; `built` says whether there is an answer, and `why` there is none."""

    id: str
    number: int
    title: str
    question: str
    answer: str
    built: bool
    why: str = ""


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

    def section(self, answered: Answered) -> SetSection:
        """Set a section; cross-references stay marks until all are set (see `resolve`)."""
        section, rendered = answered.section, answered.rendered
        path = shown(section.path)
        question = _Text(self, section, path, f"{section.id}-question", Rendered(section.question))
        answer = _Text(self, section, path, section.id, rendered) if rendered else None
        return SetSection(
            section.id,
            section.number,
            section.title,
            question.html(1),
            answer.html(section.body_line) if answer else "",
            rendered is not None,
            answered.why,
        )

    def resolve(self, html: str) -> str:
        """Fill in the cross-references, now that everything has its number."""
        return marks.fill(html, self._refer)

    def refer(self, show: Show, place: Problem) -> str:
        """Return a mark for a cross-reference."""
        self._references.append((show, place))
        return marks.mark("ref", len(self._references) - 1)

    def _refer(self, kind: str, index: int) -> str:
        show, place = self._references[index]
        if entry := self.numbering.find(show):
            return f'<a class="ref" href="#{entry.anchor}">{entry.label}</a>'
        name = ".".join((*show.models, show.kind))
        message = f"ref({name}) refers to something that the report does not show"
        self.problems.append(Problem(place.path, place.line, message, f"show it: {{{{ {name} }}}}"))
        return ""

    def table(self, table: Table, name: str, show: Show | None = None) -> str:
        """Number and set a table; one that an answer shows may move to the foot of a page."""
        entry = self.numbering.enter("table", name, table.caption, show=show, sources=table.sources)
        kind = show.kind if show else "provenance"
        return tables.html(table, label=entry.label, id_=entry.anchor, kind=kind, whole=show is not None)

    def display(self, show: Show, place: Problem) -> str:
        """Number and set what `show` names."""
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
        """Set a formula as an image."""
        drawing = math.draw(
            formula.tex, display=formula.display, path=path, line=formula.line, keep=self.keep
        )
        name = f"math/{math.name(drawing)}.svg"
        self.formulas.add(formula.tex)
        self.files[name] = drawing.svg.replace("currentColor", "#000").encode()
        size = f"width:{drawing.width:.3f}em;vertical-align:{-drawing.depth:.3f}em"
        kind = "display" if formula.display else "inline"
        image = f'<img class="math {kind}" src="{address(name)}" alt="{escape(formula.tex)}" style="{size}">'
        return f'<div class="equation">{image}</div>\n' if formula.display else image

    def own_image(self, image: Image, path: str) -> str:
        """Set an image of the authors' own; one with a caption is numbered."""
        try:
            file, data = images.load(self.report.answers, image.source, path, image.line)
        except InputError as error:
            self.problems += error.problems
            return ""
        self.files[f"own/{file}"] = data
        picture = f'<img class="own" src="{address(f"own/{file}")}" alt="{escape(image.alt)}">'
        if not image.caption:
            return picture
        entry = self.numbering.enter("figure", f"own-{file}", image.caption)
        label = f'<span class="label">{entry.label}</span>'
        return (
            f'<span class="figure own" id="{entry.anchor}">{picture}'
            f'<span class="caption">{label} {escape(image.caption)}</span></span>'
        )

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

    def html(self, first_line: int) -> str:
        prose = markdown.render(
            self.rendered.markdown,
            path=self.path,
            first_line=first_line,
            lines=self.rendered.lines,
            name=self.name,
            quotes=self.setter.words.quotes,
            plain=self._plain,
        )
        self.setter.repairs += prose.repairs

        def filled(kind: str, index: int) -> str:
            if kind == "math":
                return self.setter.formula(prose.formulas[index], self.path)
            if kind == "image":
                return self.setter.own_image(prose.images[index], self.path)
            return self._fill(kind, index)

        return marks.fill(prose.html, filled)

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
