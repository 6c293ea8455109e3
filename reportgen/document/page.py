"""Set a report and its filled-in answers as one page of HTML, and gather the assets it shows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from markupsafe import Markup

from reportgen.artifacts import Keep, directly
from reportgen.document import conformance
from reportgen.document.assets import Assets, address
from reportgen.document.displays import Display, Table
from reportgen.document.embed import Setter
from reportgen.document.labels import labels
from reportgen.document.limits import limited
from reportgen.document.numbering import Entry, Numbering
from reportgen.document.sections import Answered, SetSection, resolved, set_section
from reportgen.document.templates import Templates
from reportgen.document.text.citations import listed
from reportgen.errors import InputError, Problem
from reportgen.language.values import Show
from reportgen.report.types import Report

__all__ = ["Answered", "Page", "assemble"]

MANY_FIGURES = 6


@dataclass(frozen=True)
class Page:
    """A whole report as HTML.

    Attributes
    ----------
    html : str
        It refers to nothing but `assets`.
    assets : Assets
    numbering : Numbering
        Of its figures, tables and listings.
    formulas : mapping of str to str
        MathML of the images that are formulas, by their alternative texts.
    repairs : tuple of Problem
        What was mended on the way, such as a skipped heading level.
    sections : tuple of SetSection
        For the notebook.
    references : tuple of str
        The cited sources in print, as HTML, in the order of their numbers.
    displays : mapping of Show to Display
        What the answers may show.
    appendix : tuple of (Entry, Table)
        How the numbers were made.
    linked : frozenset of str
        The anchors that links in answers lead to.
    """

    html: str
    assets: Assets
    numbering: Numbering
    formulas: Mapping[str, str] = field(default_factory=dict)
    repairs: tuple[Problem, ...] = ()
    sections: tuple[SetSection, ...] = ()
    references: tuple[str, ...] = ()
    displays: Mapping[Show, Display] = field(default_factory=dict)
    appendix: tuple[tuple[Entry, Table], ...] = ()
    linked: frozenset[str] = frozenset()


def assemble(
    report: Report,
    answers: Sequence[Answered],
    displays: Mapping[Show, Display],
    appendix: Sequence[Table] = (),
    *,
    draft: bool = False,
    keep: Keep = directly,
    located: bool = False,
) -> Page:
    """Set `report` as HTML by the theme it names.

    Parameters
    ----------
    answers : sequence of Answered
        In the order of the report.
    displays : mapping of Show to Display
        Everything that the answers show.
    appendix : sequence of Table
        "How these numbers were made"; the table of what each figure and table came from is added.
    draft : bool
        Mark the page as a draft, and every claim that does not hold.
    keep : callable
        Keeps the drawing of a formula for another time.
    located : bool
        Mark blocks of text with the line of the file that they came from (``data-line``).

    Raises
    ------
    InputError
        If an answer or a template can't be set, naming file and line.
    RenderError
        If the page would not be accessible (see `reportgen.document.conformance`), or takes too long.
    """
    with limited("setting the report"):
        return _assembled(report, answers, displays, appendix, draft, keep, located)


def _assembled(
    report: Report,
    answers: Sequence[Answered],
    displays: Mapping[Show, Display],
    appendix: Sequence[Table],
    draft: bool,
    keep: Keep,
    located: bool,
) -> Page:
    words = labels(report.language)
    templates = Templates.read_from(report.templates)
    setter = Setter(report, words, displays, draft, Numbering(words), keep, located)
    sections = [set_section(setter, answered) for answered in answers]
    setter.check_links()
    logo = setter.logo(report.title_block.logo)
    tables = [*appendix, *setter.origins()]
    before = len(setter.numbering.entries)
    notes = [setter.table(table, f"appendix-{place}") for place, table in enumerate(tables, 1)]
    numbered = zip(setter.numbering.entries[before:], tables, strict=True)
    sections = [resolved(section, setter) for section in sections]
    if setter.problems:
        raise InputError(setter.problems)
    figures, references = setter.numbering.of("figure"), setter.citations.printed()
    values = {
        "title": report.title_block,
        "logo": logo,
        "words": words,
        "language": str(report.language),
        "draft": draft,
        "sections": [_trusted(section) for section in sections],
        "references": Markup(listed(references)),
        "appendix": [Markup(note) for note in notes],
        "figures": figures if len(figures) >= MANY_FIGURES else (),
        "style": lambda name: address(f"style/{name}"),
        "paper": address(f"style/base/{report.paper}.css"),
        "options": report.options,
    }
    name = f"{report.theme}/report.html.j2"
    html = templates.render(name, values)
    conformance.check(html, templates.place(name))
    styles = {f"style/{name}": data for name, data in templates.styles().items()}
    return Page(
        html,
        Assets({**styles, **setter.files}),
        setter.numbering,
        setter.formulas,
        tuple(setter.repairs),
        tuple(sections),
        references,
        displays,
        tuple(numbered),
        setter.linked,
    )


def _trusted(section: SetSection) -> SetSection:
    """Return the section with its HTML marked as such: it was sanitised, and filled with escaped text."""
    return replace(section, question=Markup(section.question), answer=Markup(section.answer))
