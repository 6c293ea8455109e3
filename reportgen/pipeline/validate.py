"""Report all that is wrong in the answers before anything trains: names, pictures, links, citations."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

from reportgen.errors import InputError, Problem, shown
from reportgen.language import Show, parse
from reportgen.language.prose import outline
from reportgen.pipeline.gather import Gathered, gather
from reportgen.pipeline.project import Project
from reportgen.plan import Plan
from reportgen.report import Report
from reportgen.results import facts

if TYPE_CHECKING:
    from reportgen.document.text.reading import Citation

_FACT = "https:\N{OBJECT REPLACEMENT CHARACTER}"  # what is filled in may be any address


def validated(project: Project, planned: Plan) -> Gathered:
    """Read the stored results and judge the report by them, as `gather` does.

    Raises
    ------
    InputError
        With every misspelled name, missing picture, link into nowhere and address that is not allowed.
    """
    with all_told(project.report):
        return gather(project, planned)


@contextmanager
def all_told(report: Report) -> Iterator[None]:
    """Raise an InputError with every problem of the answers, and with those of the block, which reads them.

    Raises
    ------
    InputError
        As `validated`.
    """
    wrong = list(problems(report))
    try:
        yield
    except InputError as error:
        raise InputError([*wrong, *error.problems]) from None
    if wrong:
        raise InputError(wrong)


def problems(report: Report) -> Iterator[Problem]:
    """Yield what is wrong with pictures, links and citations, whatever the conditions around them say."""
    cited: list[tuple[Citation, str]] = []
    to_sources: list[tuple[str, int]] = []
    yield from _logo(report)
    for section in report.sections:
        path = shown(section.path)
        line = section.lines.get("question", 1)
        yield from _of(
            section.question,
            range(line, line + section.question.count("\n") + 1),
            path,
            report,
            cited,
            to_sources,
        )
        text, lines = outline(parse(section.body, section.path, section.body_line))
        yield from _of(text, lines, path, report, cited, to_sources)
    yield from _unknown_sources(report, cited)
    if to_sources and not cited:
        from reportgen.document import numbering

        yield from (numbering.astray(numbering.REFERENCES, path, line, ()) for path, line in to_sources)


def _logo(report: Report) -> Iterator[Problem]:
    if logo := report.title_block.logo:
        from reportgen.document.text import images

        try:
            images.load(report.answers, logo, shown(report.toml), report.lines.get("logo", 0))
        except InputError as error:
            yield from error.problems


def _unknown_sources(report: Report, cited: Sequence[tuple["Citation", str]]) -> Iterator[Problem]:
    """Yield the citations of sources that are not there; the file of sources is read once, if at all."""
    if not cited:
        return
    from reportgen.document.text.citations import Citations

    citations = Citations(report.answers, report.language)
    try:
        for citation, path in cited:
            yield from citations.unknown(citation, path)
    except InputError as error:
        yield from error.problems


def _of(
    text: str,
    lines: Sequence[int],
    path: str,
    report: Report,
    cited: list[tuple["Citation", str]],
    to_sources: list[tuple[str, int]],
) -> Iterator[Problem]:
    """Yield what is wrong in one text; add its citations to `cited`, links to their list to `to_sources`."""
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
        if link.anchor == numbering.REFERENCES:
            to_sources.append((path, link.line))
        elif link.anchor not in sections and not link.anchor.startswith(begin):
            yield numbering.astray(link.anchor, path, link.line, sections)
    cited += [(citation, path) for citation in prose.citations]
    for image in prose.images:
        try:
            images.load(report.answers, image.source, path, image.line)
        except InputError as error:
            yield from error.problems


def _owners(report: Report) -> Iterator[str]:
    """Yield what the names of figures and tables begin with: models, data sets, what is of all models."""
    yield from report.models
    yield from report.used_datasets
    of_all = facts(report, {}, {}).member("report")
    yield from (key for key in of_all.members() if isinstance(of_all.member(key), Show))
