"""Parse what the authors wrote in TOML: validated tables, or problems with file and line."""

import re
import reprlib
import tomllib
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar

from pydantic_core import ValidationError

from reportgen import files
from reportgen.errors import InputError, Problem, nearest, shown
from reportgen.report.places import Places
from reportgen.report.tables import Table, keys, validate

T = TypeVar("T", bound=Table)
_DEEP = re.compile(
    r"""(?<![A-Za-z0-9_-])(?:(?:[A-Za-z0-9_-]++|"[^"\n]*+"|'[^'\n]*+')[ \t]*+\.[ \t]*+){100}"""
)
_SHORT = reprlib.Repr()
_SHORT.maxstring = _SHORT.maxother = 80


def read(path: Path) -> str:
    """Return the text of a file of the authors', or say why it can't be had."""
    try:
        return files.text(path)
    except InputError as error:
        if path.exists() or path.is_symlink():
            raise
        remedy = "give the project's folder with --project, or its answers with --answers"
        raise InputError([replace(each, remedy=remedy) for each in error.problems]) from None


def parse(
    text: str, path: Path, first_line: int, schema: type[T], problems: list[Problem]
) -> tuple[T | None, Places]:
    """Parse TOML against a schema; what is wrong is added to `problems`."""
    raw, places = toml(text, path, first_line, problems)
    if raw is None:
        return None, places
    try:
        return validate(schema, raw), places
    except ValidationError as error:
        problems += [_problem(detail, path, places, schema) for detail in error.errors()]
        return None, places


def toml(
    text: str, path: Path, first_line: int, problems: list[Problem]
) -> tuple[dict[str, Any] | None, Places]:
    """Parse TOML, with the lines of its keys; what is wrong is added to `problems`."""
    if (long := _DEEP.search(text)) is not None:  # tomllib would take the square of their number
        line = first_line + text.count("\n", 0, long.start())
        problems.append(Problem(shown(path), line, "is not valid TOML here: a name of more than 100 parts"))
        return None, Places("", first_line)
    try:
        raw = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        found = re.search(r"at line (\d+)", str(error))
        line = first_line - 1 + (int(found[1]) if found else text.count("\n") + 1)
        message = re.sub(r" \(at .*\)$", "", str(error))
        problems.append(Problem(shown(path), line, f"is not valid TOML: {message}"))
        return None, Places("", first_line)
    except (ValueError, RecursionError) as error:  # a number of thousands of digits; brackets in brackets
        deep = isinstance(error, RecursionError)
        said = "it is nested too deeply" if deep else "it contains a number that is too large"
        problems.append(Problem(shown(path), first_line, f"is not valid TOML: {said}"))
        return None, Places("", first_line)
    return raw, Places(text, first_line)


def _problem(detail: Mapping[str, object], path: Path, places: Places, schema: type[Table]) -> Problem:
    """Say one pydantic error in the words of the file."""
    location = detail["loc"]
    assert isinstance(location, tuple)
    where = tuple(part for part in location if part != "[key]")
    name = ".".join(map(str, where))[:200]
    line = places(*where)
    match detail["type"]:
        case "extra_forbidden":
            known = keys(schema, where[:-1])
            return Problem(shown(path), line, f'unknown key "{name}"', nearest(str(where[-1]), sorted(known)))
        case "missing":
            return Problem(shown(path), line, f'the key "{name}" is missing', "add it")
        case "string_pattern_mismatch":
            return Problem(shown(path), line, f'"{name}" is not a name', "lower-case letters, digits and _")
        case _:
            message = str(detail["msg"]).removeprefix("Value error, ")
            given = _SHORT.repr(detail["input"])
            return Problem(shown(path), line, f'"{name}" is {given}: {message[:1].lower()}{message[1:]}')
