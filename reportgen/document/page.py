"""From a report and its filled-in answers to one HTML page and the assets it shows."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from html import escape

from markupsafe import Markup

from reportgen.document import conformance, images, markdown, marks, math, tables
from reportgen.document.assets import Assets, address
from reportgen.document.displays import Column, Display, Drawing, Listing, Table
from reportgen.document.highlight import highlight
from reportgen.document.labels import Labels, labels
from reportgen.document.numbering import Numbering, kind_of
from reportgen.document.templates import Templates
from reportgen.errors import InputError, Problem, shown
from reportgen.language.outcome import ClaimOutcome, Rendered
from reportgen.language.values import Show
from reportgen.report.model import Report, Section

MANY_FIGURES = 6


@dataclass(frozen=True)
class Answered:
    """A section with its answer filled in; `rendered` is None for one that was never built."""

    section: Section
    rendered: Rendered | None


@dataclass(frozen=True)
class Page:
    """A whole report as HTML.

    Attributes
    ----------
    html : str
        Complete page; it refers to nothing but `assets`.
    assets : Assets
    numbering : Numbering
        Of its figures, tables and listings.
    formulas : frozenset of str
        Alternative texts of the images that are formulas.
    repairs : tuple of Problem
        What was mended on the way, such as a skipped heading level.
    """

    html: str
    assets: Assets
    numbering: Numbering
    formulas: frozenset[str] = frozenset()
    repairs: tuple[Problem, ...] = ()


@dataclass
class _Setting:
    """What is gathered while the sections are set, in order."""

    report: Report
    words: Labels
    displays: Mapping[Show, Display]
    draft: bool
    numbering: Numbering
    files: dict[str, bytes] = field(default_factory=dict)
    formulas: set[str] = field(default_factory=set)
    references: list[tuple[Show, Problem]] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    repairs: list[Problem] = field(default_factory=list)


def assemble(
    report: Report,
    answers: Sequence[Answered],
    displays: Mapping[Show, Display],
    appendix: Sequence[Table] = (),
    *,
    draft: bool = False,
) -> Page:
    """Set `report` as one HTML page by the theme it names.

    Parameters
    ----------
    answers : sequence of Answered
        In the order of the report.
    displays : mapping of Show to Display
        Everything that the answers show.
    appendix : sequence of Table
        "How these numbers were made".
    draft : bool
        Mark the page as a draft, and every claim that does not hold.

    Raises
    ------
    InputError
        If an answer or a template can't be set, naming file and line.
    RenderError
        If the page would not be accessible (see `reportgen.document.conformance`).
    """
    words = labels(report.language)
    templates = Templates(report.templates)
    if report.theme not in templates.themes():
        known = ", ".join(templates.themes()) or "none"
        raise InputError(
            Problem(
                shown(report.templates), 0, f"there is no theme {report.theme!r} here", f"themes: {known}"
            )
        )
    setting = _Setting(report, words, displays, draft, Numbering(words))
    sections = [_section(setting, answer) for answer in answers]
    notes = [
        Markup(_table(setting, table, f"appendix-{place}", None))
        for place, table in enumerate((*appendix, *_origins(setting)), 1)
    ]
    if setting.problems:
        raise InputError(setting.problems)
    for section in sections:
        section["answer"] = Markup(marks.fill(str(section["answer"]), _refer(setting)))
    if setting.problems:
        raise InputError(setting.problems)
    styles = {f"style/{name}": data for name, data in templates.styles().items()}
    paper = f"base/{report.paper}.css"
    if f"style/{paper}" not in styles:
        raise InputError(
            Problem(shown(report.templates), 0, f"there is no paper {report.paper!r}", f"add {paper}")
        )
    figures = setting.numbering.of("figure")
    html = templates.render(
        f"{report.theme}/report.html.j2",
        {
            "title": report.title_block,
            "words": words,
            "language": report.language,
            "draft": draft,
            "sections": sections,
            "appendix": notes,
            "figures": figures if len(figures) >= MANY_FIGURES else (),
            "style": lambda name: address(f"style/{name}"),
            "paper": address(f"style/{paper}"),
            "options": report.options,
        },
    )
    return Page(
        conformance.checked(html, shown(report.templates)),
        Assets({**styles, **setting.files}),
        setting.numbering,
        frozenset(setting.formulas),
        tuple(setting.repairs),
    )


def _section(setting: _Setting, answer: Answered) -> dict[str, object]:
    section, rendered = answer.section, answer.rendered
    path = shown(section.path)
    question = _prose(setting, section.question, path, 1, f"{section.id}-question", section, None)
    body = ""
    if rendered is not None:
        body = _prose(setting, rendered.markdown, path, section.body_line, section.id, section, rendered)
    return {
        "id": section.id,
        "number": section.number,
        "title": section.title,
        "question": Markup(question),
        "answer": Markup(body),
        "built": rendered is not None,
    }


def _prose(
    setting: _Setting, text: str, path: str, line: int, name: str, section: Section, rendered: Rendered | None
) -> str:
    def plain(kind: str, index: int) -> str:
        return rendered.facts[index].text if rendered is not None and kind == "fact" else ""

    prose = markdown.render(
        text,
        path=path,
        first_line=line,
        lines=rendered.lines if rendered is not None else (),
        name=name,
        quotes=setting.words.quotes,
        plain=plain,
    )
    setting.repairs += prose.repairs

    def filler(kind: str, index: int) -> str:
        if kind == "math":
            return _formula(setting, prose.formulas[index], path)
        if kind == "image":
            return _own_image(setting, prose.images[index], path)
        if rendered is None:
            return ""
        match kind:
            case "fact":
                fact = rendered.facts[index]
                missing = " missing" if fact.missing else ""
                return (
                    f'<span class="fact{missing}" id="{name}-fact-{index}" data-fact="{escape(fact.expression)}">'
                    f"{escape(fact.text)}</span>"
                )
            case "claim":
                return _claim_opening(setting, rendered.claims[index])
            case "/claim":
                return _claim_closing(setting, rendered.claims[index])
            case "show":
                return _show(setting, rendered.shows[index], Problem(path, section.body_line, ""))
            case "ref":
                setting.references.append((rendered.refs[index], Problem(path, section.body_line, "")))
                return marks.mark("ref", len(setting.references) - 1)
        return ""

    return marks.fill(prose.html, filler)


def _claim_opening(setting: _Setting, claim: ClaimOutcome) -> str:
    doubted = setting.draft and not claim.holds
    return f'<span class="claim{" doubted" if doubted else ""}" data-claim="{escape(claim.expression)}">'


def _claim_closing(setting: _Setting, claim: ClaimOutcome) -> str:
    if not setting.draft or claim.holds:
        return "</span>"
    words = setting.words
    verdict = words.claim_undecided if claim.holds is None else words.claim_false
    return f'</span> <span class="verdict">[{escape(verdict)}]</span>'


def _formula(setting: _Setting, formula: markdown.Formula, path: str) -> str:
    drawing = math.draw(formula.tex, display=formula.display, path=path, line=formula.line)
    name = f"math/{math.name(drawing)}.svg"
    setting.formulas.add(formula.tex)
    setting.files[name] = drawing.svg.replace("currentColor", "#000").encode()
    kind = "display" if formula.display else "inline"
    image = (
        f'<img class="math {kind}" src="{address(name)}" alt="{escape(formula.tex)}" '
        f'style="width:{drawing.width:.3f}em;vertical-align:{-drawing.depth:.3f}em">'
    )
    return f'<div class="equation">{image}</div>\n' if formula.display else image


def _own_image(setting: _Setting, image: markdown.Image, path: str) -> str:
    try:
        name, data = images.load(setting.report.answers, image.source, path, image.line)
    except InputError as error:
        setting.problems += error.problems
        return ""
    setting.files[f"own/{name}"] = data
    shown_image = f'<img class="own" src="{address(f"own/{name}")}" alt="{escape(image.alt)}">'
    if not image.caption:
        return shown_image
    entry = setting.numbering.enter("figure", f"own-{name}", image.caption)
    return (
        f'<span class="figure own" id="{entry.anchor}">{shown_image}<span class="caption">'
        f'<span class="label">{entry.label}</span> {escape(image.caption)}</span></span>'
    )


def _show(setting: _Setting, show: Show, place: Problem) -> str:
    display = setting.displays.get(show)
    if display is None:
        name = f"{'.'.join((*show.models, show.kind))}"
        setting.problems.append(Problem(place.path, place.line, f"there is nothing to show for {name}"))
        return ""
    name = "-".join((*show.models, show.kind))
    if isinstance(display, Table):
        return _table(setting, display, name, show)
    entry = setting.numbering.enter(
        kind_of(display),
        name,
        display.caption,
        title=_title(setting, show),
        show=show,
        sources=display.sources,
    )
    caption = (
        f'<figcaption><span class="label">{escape(entry.label)}</span> {escape(display.caption)}</figcaption>'
    )
    if isinstance(display, Listing):
        return (
            f'<figure class="listing" id="{entry.anchor}">{caption}\n'
            f"{highlight(display.code, display.language)}</figure>\n"
        )
    file = f"figures/{entry.anchor}.svg"
    setting.files[file] = display.svg.encode()
    return (
        f'<figure class="drawing float {escape(show.kind)}" id="{entry.anchor}">'
        f'<img src="{address(file)}" alt="{escape(display.alt)}">{caption}</figure>\n'
    )


def _title(setting: _Setting, show: Show) -> str:
    """Return what a figure is, for lists: its caption tells how to read it."""
    pattern = setting.words.titles.get(show.kind, "")
    names = (setting.report.models[model].title for model in show.models if model in setting.report.models)
    return pattern.format(model=", ".join(names))


def _table(setting: _Setting, table: Table, name: str, show: Show | None) -> str:
    entry = setting.numbering.enter("table", name, table.caption, show=show, sources=table.sources)
    return tables.html(
        table,
        label=entry.label,
        id_=entry.anchor,
        kind=show.kind if show else "provenance",
        floating=show is not None,
    )


def _origins(setting: _Setting) -> tuple[Table, ...]:
    """Return the table that names the results behind every figure and table."""
    words = setting.words
    rows = tuple(
        (entry.label, entry.title, ", ".join(key[: tables.KEY_DIGITS] for key in entry.sources))
        for entry in setting.numbering.entries
        if entry.sources
    )
    columns = (Column(words.display), Column(words.shows), Column(words.results, code=True))
    return (Table(words.origins_table, columns, rows),) if rows else ()


def _refer(setting: _Setting) -> Callable[[str, int], str]:
    def filler(kind: str, index: int) -> str:
        show, place = setting.references[index]
        entry = setting.numbering.find(show)
        if entry is None:
            name = ".".join((*show.models, show.kind))
            setting.problems.append(
                Problem(place.path, place.line, f"ref({name}) refers to something that the report does not show",
                        f"show it: {{{{ {name} }}}}")
            )  # fmt: skip
            return ""
        return f'<a class="ref" href="#{entry.anchor}">{entry.label}</a>'

    return filler
