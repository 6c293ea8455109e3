"""Read the ``[datasets.*]`` tables of report.toml as the authors' own data sets."""

import os
import shlex
from collections.abc import Mapping
from pathlib import Path, PurePosixPath
from typing import Any
from urllib.parse import unquote, urlsplit

from reportgen import files
from reportgen.errors import InputError, Place, Problem, shown
from reportgen.report.dataset_file import TABLES, DatasetFile
from reportgen.report.places import Places
from reportgen.report.schema import DatasetTable, File

_OF_TABLES = ("target", "test", "seed", "missing", "group", "time", "leave_out", "text")


def specify_data(
    file: File, path: Path, places: Places, answers: Path, problems: list[Problem]
) -> dict[str, DatasetFile]:
    """Return the data sets that report.toml declares, by name; what is wrong is added to `problems`."""
    found = {}
    for name, table in file.datasets.items():
        try:
            found[name] = _declared(name, table, answers, path, places)
        except InputError as error:
            problems += error.problems
    return found


def _declared(name: str, table: DatasetTable, answers: Path, path: Path, places: Places) -> DatasetFile:
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
        remedy = f"{table.path or 'a function'} is not one: tables are {' and '.join(TABLES)} files"
        raise InputError(Problem(shown(path), at, f"{key} is only for tables", remedy))
    if is_table and not table.target:
        remedy = 'name the column to predict: target = "..."'
        raise InputError(
            Problem(shown(path), place.line, f"data set {name} is a table without a target", remedy)
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
            message = f'"{table.path[:200]}" is not an address that data can be fetched from'
            raise InputError(Problem(shown(place.path), place.line, message, "https://HOST/…/FILE"))
        found = None
    else:
        path = Path(os.path.realpath(answers / table.path))
        found = files.inside(answers, table.path)
    if found is None and not table.sha256:
        message = f'"{table.path[:200]}" lies outside answers/'
        remedy = f'pin its content: sha256 = "…", as printed by: {_printing(path, table.path)}'
        raise InputError(Problem(shown(place.path), place.line, message, remedy))
    return found or path, table.path if url else ""


def _printing(path: Path, name: str) -> str:
    """Return the command that prints the digest of a file, or of a folder."""
    if not path.is_dir():
        return f"sha256sum {shlex.quote(name[:200])}"
    listed = "find . -type f | LC_ALL=C sort | xargs -d '\\n' sha256sum | sha256sum"
    return f"cd {shlex.quote(name[:200])} && {listed}"
