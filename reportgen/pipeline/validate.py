"""Report all that is wrong in the answers before anything trains: names, pictures, links, citations."""

from collections.abc import Iterator, Sequence

from reportgen.errors import InputError, Problem, shown
from reportgen.language import Show, parse
from reportgen.language.prose import outline
from reportgen.pipeline.gather import Gathered, gather
from reportgen.pipeline.project import Project
from reportgen.plan import Plan
from reportgen.report import Report
from reportgen.results import facts

_FACT = "https:\N{OBJECT REPLACEMENT CHARACTER}"  # what is filled in may be any address


def validated(project: Project, planned: Plan) -> Gathered:
    """Read the stored results and judge the report by them, as `gather` does.

    Raises
    ------
    InputError
        With every misspelled name, missing picture, link into nowhere and address that is not allowed.
    """
    wrong = list(problems(project.report))
    try:
        found = gather(project, planned)
    except InputError as error:
        raise InputError([*wrong, *error.problems]) from None
    if wrong:
        raise InputError(wrong)
    return found


def problems(report: Report) -> Iterator[Problem]:
    """Yield what is wrong with pictures and links, whatever the conditions around them say."""
    yield from _logo(report)
    for section in report.sections:
        path = shown(section.path)
        line = section.lines.get("question", 1)
        yield from _of(section.question, range(line, line + section.question.count("\n") + 1), path, report)
        text, lines = outline(parse(section.body, section.path, section.body_line))
        yield from _of(text, lines, path, report)


def _logo(report: Report) -> Iterator[Problem]:
    if logo := report.title_block.logo:
        from reportgen.document.text import images

        try:
            images.load(
                report.answers, logo, shown(report.answers / "report.toml"), report.lines.get("logo", 0)
            )
        except InputError as error:
            yield from error.problems


def _of(text: str, lines: Sequence[int], path: str, report: Report) -> Iterator[Problem]:
    if "[" not in text and "<" not in text:  # neither picture nor address: nothing to load a library for
        return
    from reportgen.document import numbering
    from reportgen.document.text import images, markdown

    try:
        prose = markdown.render(text, path=path, lines=lines, plain=lambda kind, index: _FACT)
    except InputError as error:
        yield from error.problems
        return
    sections = [section.id for section in report.sections]
    # Which figures and tables there are is known when they are set; what their anchors begin with, now.
    begin = ("appendix", "own-", *map(numbering.anchor_of, _owners(report)))
    for link in prose.links:
        if link.anchor not in sections and not link.anchor.startswith(begin):
            yield numbering.astray(link.anchor, path, link.line, sections)
    if prose.citations:
        from reportgen.document.text.citations import Citations

        cited = Citations(report.answers, report.language)
        try:
            for citation in prose.citations:
                yield from cited.unknown(citation, path)
        except InputError as error:
            yield from error.problems
    for image in prose.images:
        try:
            images.load(report.answers, image.source, path, image.line)
        except InputError as error:
            yield from error.problems


def _owners(report: Report) -> Iterator[str]:
    """Yield what the names of figures and tables begin with: models, data sets, what is of all models."""
    yield from report.models
    yield from {spec.training.dataset for spec in report.models.values()}
    of_all = facts(report, {}, {}).member("report")
    yield from (key for key in of_all.members() if isinstance(of_all.member(key), Show))
