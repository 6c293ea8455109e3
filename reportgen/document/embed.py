"""Embed in texts what they refer to: numbered figures and tables, formulas, images.

A text is parsed once. What stands on the pages of the PDF and what stands in the notebook's page is the
same HTML, in which pictures, formulas and what is shown are marks until everything has its number (see
`reportgen.document.text.deferred`).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from html import escape

from reportgen import datasets
from reportgen.artifacts import Keep, directly
from reportgen.document import table_markup
from reportgen.document.assets import address
from reportgen.document.displays import Column, Display, Listing, Table, Undrawable
from reportgen.document.labels import Labels
from reportgen.document.numbering import REFERENCES, Entry, Numbering, astray, kind_of
from reportgen.document.tables import KEY_DIGITS
from reportgen.document.text import formulas, images
from reportgen.document.text.citations import Citations, Cited
from reportgen.document.text.deferred import OWN, Pending
from reportgen.document.text.highlight import highlight
from reportgen.document.text.reading import Caption, Citation, Formula, Image, Link
from reportgen.errors import InputError, Problem, shown
from reportgen.language.values import Show
from reportgen.report.types import Report


@dataclass(frozen=True)
class Picture:
    """An image of the authors' own: its name among the files, and its number where it has a caption."""

    name: str = ""
    entry: Entry | None = None


@dataclass
class Setter:
    """Sets what the sections of a report hold, in order, and gathers what they need.

    Attributes
    ----------
    displays : mapping of Show to Display
        What the answers may show.
    draft : bool
        Mark claims that do not hold.
    located : bool
        Mark blocks of text with the line of the file that they came from.
    keep : callable
        Keeps the drawing of a formula for another time.
    files : dict of str to bytes
        Images by the name that the HTML calls them.
    formulas : dict of str to str
        MathML of the images that are formulas, by their alternative texts.
    problems, repairs : list of Problem
        What can't be set; what was mended.
    opened : list of str
        The authors' files that were opened.
    citations : Citations
        The sources, numbered as they are cited.
    pending : Pending
        What stands as a mark until everything is set.
    """

    report: Report
    words: Labels
    displays: Mapping[Show, Display]
    draft: bool
    numbering: Numbering
    keep: Keep = directly
    located: bool = False
    files: dict[str, bytes] = field(default_factory=dict)
    formulas: dict[str, str] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    repairs: list[Problem] = field(default_factory=list)
    opened: list[str] = field(default_factory=list)
    pending: Pending = field(init=False)
    citations: Citations = field(init=False)
    _links: list[tuple[Link, str]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.pending = Pending(self.numbering, self.files, self.problems)
        self.citations = Citations(self.report.answers, self.report.language)

    def check_links(self) -> None:
        """See that every link into the report leads somewhere."""
        sections = [each.id for each in self.report.sections]
        sections += [REFERENCES] if self.citations.any else []
        shown = [each.anchor for each in self.numbering.entries]
        for link, path in self._links:
            if link.anchor not in sections and link.anchor not in shown:
                self.problems.append(astray(link.anchor, path, link.line, sections, shown))

    def table(self, table: Table, name: str, show: Show | None = None) -> str:
        """Number and set a table; one that an answer shows may move to the foot of a page."""
        entry = self.numbering.enter("table", name, table.caption, show=show, sources=table.sources)
        kind = show.kind if show else "provenance"
        return table_markup.html(
            table, label=entry.label, id_=entry.anchor, kind=kind, whole=show is not None
        )

    def display(self, show: Show, place: Problem) -> str:
        """Number and set what `show` names, and return a mark for it."""
        before = len(self.numbering.entries)
        html = self._display(show, place)
        entry = self.numbering.entries[before] if len(self.numbering.entries) > before else None
        return self.pending.display(show, entry, html)

    def _display(self, show: Show, place: Problem) -> str:
        found = self.displays.get(show)
        if found is None:
            self.problems.append(Problem(place.path, place.line, f"there is nothing to show for {show.name}"))
            return ""
        if isinstance(found, Undrawable):
            self.problems.append(
                Problem(place.path, place.line, f"{show.name}: {found.reason}", found.remedy)
            )
            return ""
        name = "-".join(filter(None, (show.dataset, *show.models, show.kind)))
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
        names = [models[model].title for model in show.models if model in models]
        if show.dataset:
            names = [datasets.title(show.dataset, self.report.datasets)]
        return self.words.titles.get(show.kind, "").format(model=", ".join(names))

    def formula(self, formula: Formula, path: str) -> str:
        """Draw a formula and return a mark for it."""
        drawing = formulas.draw(
            formula.tex, display=formula.display, path=path, line=formula.line, keep=self.keep
        )
        self.formulas[formula.tex] = drawing.mathml
        return self.pending.formula(formula, drawing)

    def own_image(self, image: Image, path: str) -> tuple[Picture, str]:
        """Load an image of the authors' own, and return it with a mark. One with a caption is numbered."""
        try:
            name, data = images.load(self.report.answers, image.source, path, image.line)
        except InputError as error:
            self.problems += error.problems
            return Picture(), ""
        self.files[f"own/{name}"] = data
        self.opened.append(image.source)
        picture = self.pending.picture(name, image.alt)
        if not image.caption:
            return Picture(name), picture
        show = Show(OWN, (image.source,))
        entry = self.numbering.enter("figure", f"own-{name}", image.caption, show=show)
        label = f'<span class="label">{entry.label}</span>'
        return Picture(name, entry), (
            f'<span class="figure own" id="{entry.anchor}">{picture}'
            f'<span class="caption">{label} {escape(image.caption)}</span></span>'
        )

    def logo(self, source: str) -> str:
        """Load the logo of the title page; return its address, empty where there is none."""
        if not source:
            return ""
        line = self.report.lines.get("logo", 0)
        try:
            name, data = images.load(self.report.answers, source, shown(self.report.toml), line)
        except InputError as error:
            self.problems += error.problems
            return ""
        self.files[f"own/{name}"] = data
        return address(f"own/{name}")

    def caption(self, caption: Caption) -> tuple[Entry, str]:
        """Number a table of the authors' own; return its label as HTML, too."""
        show = Show(OWN, (caption.name,)) if caption.name else None
        entry = self.numbering.enter("table", f"own-{caption.name or 'table'}", caption.text, show=show)
        return entry, f'<span class="label" id="{entry.anchor}">{escape(entry.label)}</span>'

    def cite(self, citation: Citation, path: str) -> Cited:
        """Number the sources that are cited in one place."""
        if problems := self.citations.unknown(citation, path):
            self.problems += problems
            return Cited()
        return self.citations.cite(citation)

    def keep_links(self, links: Iterable[Link], path: str) -> None:
        """Remember links into the report, for `check_links`."""
        self._links += [(link, path) for link in links]

    @property
    def linked(self) -> frozenset[str]:
        """The anchors that links lead to."""
        return frozenset(link.anchor for link, _ in self._links)

    def origins(self) -> Iterable[Table]:
        """Yield the table that names the results behind every figure and table set so far."""
        shown: dict[tuple[str, ...], list[str]] = {}
        for entry in self.numbering.entries:
            if entry.sources:
                shown.setdefault(entry.sources, []).append(entry.label)
        rows = tuple(
            (", ".join(labels), ", ".join(key[:KEY_DIGITS] for key in sources))
            for sources, labels in shown.items()
        )
        words = self.words
        columns = (Column(words.display), Column(words.results, code=True))
        if rows:
            yield Table(words.origins_table, columns, rows)
