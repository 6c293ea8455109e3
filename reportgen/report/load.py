"""Load an ``answers/`` folder as a frozen, validated `Report`; all errors are reported at once."""

import os
import re
import shlex
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path, PurePosixPath
from typing import Any
from urllib.parse import unquote, urlsplit

from reportgen import files, language, themes
from reportgen.errors import InputError, Place, Problem, nearest, shown
from reportgen.report.locale import chosen
from reportgen.report.model_tables import specify
from reportgen.report.parse import parse, read
from reportgen.report.places import Places
from reportgen.report.schema import MANY, DatasetTable, File, FrontMatter, ReportTable
from reportgen.report.types import TABLES, DatasetFile, ModelSpec, Published, Report, Section, TitleBlock

_ANSWER = re.compile(r"^(\d+)-[^.]+\.md$")
_MARK = "+++"
_OF_TABLES = ("target", "test", "seed", "missing", "group", "time", "leave_out", "text")


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
    models = specify(file, path, places, answers / "models.py", problems)
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
        datasets={
            name: _dataset(name, table, answers, path, places) for name, table in file.datasets.items()
        },
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


def _dataset(name: str, table: DatasetTable, answers: Path, path: Path, places: Places) -> DatasetFile:
    place = Place(path, places("datasets", name))
    given: dict[str, Any] = {
        each: tuple(value) if isinstance(value, list) else value
        for each, value in table.given().items()
        if each in _OF_TABLES
    }
    if bool(table.path) == bool(table.function):
        message = (
            f"data set {name} has {'both a path and' if table.path else 'neither a path nor'} a function"
        )
        remedy = 'path = "FILE", or function = "NAME" of a function in models.py'
        raise InputError(Problem(shown(path), place.line, message, remedy))
    file, url = _file(answers, table, Place(path, places("datasets", name, "path")))
    is_table = file.suffix.lower() in TABLES
    if table.group and table.time:
        message = "a table is split by group or by time, not by both"
        raise InputError(
            Problem(shown(path), places("datasets", name, "time"), message, "leave one of them out")
        )
    names = table.target if isinstance(table.target, list) else []
    if names:
        given |= {"target": "", "targets": tuple(names)} if names[1:] else {"target": names[0]}
    if not is_table and table.task == "regression" and given.get("targets"):
        given.pop("target")
    elif given and not is_table:
        key = next(iter(given))
        at = places("datasets", name, key)
        remedy = f"{table.path or 'a function'} is none: tables are {' and '.join(TABLES)} files"
        raise InputError(Problem(shown(path), at, f"{key} is a key of tables", remedy))
    if is_table and not table.target:
        remedy = 'name the column to predict: target = "..."'
        raise InputError(
            Problem(shown(path), place.line, f"data set {name} is a table without target", remedy)
        )
    if wrong := _of_task(table, given, is_table):
        at = places("datasets", name, "task") if table.task else place.line
        raise InputError(Problem(shown(path), at, f"data set {name}: {wrong[0]}", wrong[1]))
    labels = given["targets"] if table.task == "multilabel" and is_table else tuple(table.classes or ())
    return DatasetFile(
        name,
        table.title or name,
        file,
        labels,
        table.validation,
        place,
        sha256=table.sha256 or "",
        url=url,
        function=table.function or "",
        items=(table.items[0], table.items[1]) if table.items else None,
        multilabel=table.task == "multilabel",
        **given,
    )


def _of_task(table: DatasetTable, given: Mapping[str, Any], is_table: bool) -> tuple[str, str] | None:
    """Return what does not go together in what a data set says of its labels, and a remedy."""
    several, columns = bool(given.get("targets")), 'target = ["...", "..."]'
    named = 'name classes = ["...", "..."]'
    if table.task == "regression":
        remedy = f'{named}, or set task = "regression" to predict a number'
        return ("a number has no classes", remedy) if table.classes else None
    if table.task == "multilabel" and is_table:
        if table.classes:
            return "the labels of a table are named by its columns", f"leave classes out: {columns}"
        return None if several else ("it has one label", f"name the columns, two at least: {columns}")
    if several:
        remedy = (
            'set task = "multilabel" where each says yes or no, task = "regression" where they are numbers'
        )
        return "it has several columns to predict, and no task says what they are", remedy
    if table.classes:
        return None
    if table.task == "multilabel":
        return "its labels are not named", named
    return "its classes are not named", f'{named}, or set task = "regression" to predict a number'


def _file(answers: Path, table: DatasetTable, place: Place) -> tuple[Path, str]:
    """Return where the file of a data set lies, or its name and its address.

    What lies in the report's own folder is read; anything else only with the digest of what it has to be.
    """
    if table.function:
        return answers / "models.py", ""
    if url := "://" in table.path:
        path = Path(PurePosixPath(unquote(urlsplit(table.path).path)).name)
        if not table.path.startswith("https://") or not path.name:
            message = f'"{table.path[:200]}" is no address that data are fetched from'
            raise InputError(Problem(shown(place.path), place.line, message, "https://HOST/…/FILE"))
        found = None
    else:
        path = Path(os.path.realpath(answers / table.path))
        found = files.inside(answers, table.path)
    if found is None and not table.sha256:
        message = f'"{table.path[:200]}" lies outside answers/'
        remedy = f'say what it has to be: sha256 = "…", which is printed by: {_printing(path, table.path)}'
        raise InputError(Problem(shown(place.path), place.line, message, remedy))
    return found or path, table.path if url else ""


def _printing(path: Path, name: str) -> str:
    """Return the command that prints the digest of a file, or of a folder."""
    if not path.is_dir():
        return f"sha256sum {shlex.quote(name[:200])}"
    listed = "find . -type f | LC_ALL=C sort | xargs -d '\\n' sha256sum | sha256sum"
    return f"cd {shlex.quote(name[:200])} && {listed}"


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
        remedy = f"begin it with a line {_MARK}, the key title (question is another one), and a line {_MARK}"
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
