"""Load an ``answers/`` folder as a frozen, validated `Report`; all errors are reported at once."""

import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from reportgen import language, themes
from reportgen.errors import InputError, Place, Problem, nearest, shown
from reportgen.report.dataset_tables import specify_data
from reportgen.report.locale import chosen
from reportgen.report.model_tables import specify_models
from reportgen.report.parse import parse, read
from reportgen.report.schema import File, FrontMatter, ReportTable
from reportgen.report.types import ModelSpec, Published, Report, Section, TitleBlock
from reportgen.report.value_types import MANY

_ANSWER = re.compile(r"^(\d+)-[^.]+\.md$")
_MARK = "+++"


def load(
    project: Path, answers: Path | None = None, templates: Path | None = None, *, prose: bool = True
) -> Report:
    """Read and validate a report project.

    Parameters
    ----------
    project : Path
        The folder in which ``answers/`` stands, and ``templates/`` where the report has any.
    answers, templates : Path, optional
        Other folders than these two.
    prose : bool
        Whether to read the answers; without them the report has no sections.

    Raises
    ------
    InputError
        With every problem found in report.toml and in the answers, each with file and line.
    """
    answers = answers or project / "answers"
    templates = templates or project / "templates"
    path = answers / "report.toml"
    problems: list[Problem] = []
    file, places = parse(read(path), path, 1, File, problems)
    sections = _sections(answers, problems) if prose else []
    if file is None:
        raise InputError(problems)
    if file.report.theme not in (known := themes.names(templates)):
        message = f'there is no theme "{file.report.theme}", neither in {shown(templates)}/ nor in reportgen'
        remedy = nearest(file.report.theme, known)
        problems.append(Problem(shown(path), places("report", "theme"), message, remedy))
    place = Place(path, places("report", "language"))
    locale = chosen(file.report.language, templates, place, problems)
    models = specify_models(file, path, places, answers / "models.py", problems)
    datasets = specify_data(file, path, places, answers, problems)
    if problems:
        raise InputError(problems)
    return Report(
        project=project,
        answers=answers,
        templates=templates,
        title_block=_title_block(file.report),
        language=locale,
        theme=file.report.theme,
        paper=file.report.paper,
        models_path=answers / "models.py",
        models=models,
        datasets=datasets,
        sections=tuple(replace(section, models=_used(section.models, models)) for section in sections),
        published={
            name: Published(
                name, table.value, table.kind, table.source, Place(path, places("published", name))
            )
            for name, table in file.published.items()
        },
        options=file.options.given(),
        option_lines={name: places("options", name) for name in file.options.given()},
        lines={key: places("report", key) for key in ("title", "course", "assignment", "abstract", "logo")},
    )


def _title_block(table: ReportTable) -> TitleBlock:
    return TitleBlock(
        table.title,
        table.course,
        table.assignment,
        str(table.deadline),
        tuple(table.authors),
        table.abstract,
        table.logo,
    )


def _sections(answers: Path, problems: list[Problem]) -> list[Section]:
    """Read the answers in file-name order; `models` holds every root name that they use."""
    paths = sorted(path for path in answers.glob("*.md") if _ANSWER.match(path.name))
    if not paths:
        problems.append(
            Problem(shown(answers), 0, "there are no answers", "name them 01-some-title.md, 02-…")
        )
    if len(paths) > MANY:
        message = f"there are {len(paths):,} answers; the limit is {MANY:,}"
        problems.append(Problem(shown(answers), 0, message))
        return []
    sections: dict[str, Section] = {}
    for number, path in enumerate(paths, 1):
        section = _section(path, number, problems)
        if section is None:
            continue
        if section.id in sections:
            message = f'the id "{section.id}" is also used by {shown(sections[section.id].path)}'
            problems.append(Problem(shown(path), 1, message, "give one of them another id"))
        sections[section.id] = section
    return list(sections.values())


def _section(path: Path, number: int, problems: list[Problem]) -> Section | None:
    try:
        lines = re.findall(r"[^\n]*\n|[^\n]+", read(path))
    except InputError as error:
        problems += error.problems
        return None
    end = next((index for index, line in enumerate(lines[1:], 1) if line.strip() == _MARK), None)
    if end is None or lines[0].strip() != _MARK:
        remedy = f"begin it with a line {_MARK}, the keys title and, if need be, question, and a line {_MARK}"
        problems.append(Problem(shown(path), 1, "has no front matter", remedy))
        return None
    matter, places = parse("".join(lines[1:end]), path, 2, FrontMatter, problems)
    body, body_line = "".join(lines[end + 1 :]), end + 2
    try:
        roots = language.parse(body, path, body_line).roots
    except InputError as error:
        problems += error.problems
        return None
    if matter is None:
        return None
    identity = matter.id or f"q{int(path.name.split('-')[0])}"
    return Section(
        identity,
        number,
        matter.title,
        matter.question.strip(),
        body,
        body_line,
        path,
        tuple(roots),
        {key: places(key) for key in ("title", "question")},
    )


def _used(roots: tuple[str, ...], models: Mapping[str, ModelSpec]) -> tuple[str, ...]:
    """Return the models that an answer depends on; one that speaks of the whole report needs all."""
    if "report" in roots:
        return tuple(models)
    return tuple(name for name, spec in models.items() if name in roots or spec.family in roots)
