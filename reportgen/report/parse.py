"""Text of the authors → validated tables, or problems that name file and line."""

import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import TypeVar

from pydantic_core import ValidationError

from reportgen.errors import InputError, Problem, nearest, shown
from reportgen.report.places import Places
from reportgen.report.tables import Table, keys, validate

T = TypeVar("T", bound=Table)


def read(path: Path) -> str:
    """Return the text of a file of the authors', or say why it can't be had."""
    try:
        return path.read_text(encoding="utf-8")
    except FileNotFoundError:
        remedy = "give the project's folder with --project, or its answers with --answers"
        raise InputError(Problem(shown(path), 0, "there is no such file", remedy)) from None
    except UnicodeDecodeError as error:
        raise InputError(
            Problem(shown(path), 0, f"is not UTF-8 text: {error.reason}", "save it as UTF-8")
        ) from None
    except OSError as error:
        raise InputError(Problem(shown(path), 0, f"can't be read: {error.strerror}")) from None


def parse(
    text: str, path: Path, first_line: int, schema: type[T], problems: list[Problem]
) -> tuple[T | None, Places]:
    """Parse TOML against a schema; what is wrong is added to `problems`."""
    try:
        raw = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        found = re.search(r"at line (\d+)", str(error))
        line = first_line - 1 + (int(found[1]) if found else text.count("\n") + 1)
        message = re.sub(r" \(at .*\)$", "", str(error))
        problems.append(Problem(shown(path), line, f"is not valid TOML: {message}"))
        return None, Places("", first_line)
    places = Places(text, first_line)
    try:
        return validate(schema, raw), places
    except ValidationError as error:
        problems += [_problem(detail, path, places, schema) for detail in error.errors()]
        return None, places


def _problem(detail: Mapping[str, object], path: Path, places: Places, schema: type[Table]) -> Problem:
    """Say one pydantic error in the words of the file."""
    location = detail["loc"]
    assert isinstance(location, tuple)
    where = tuple(part for part in location if part != "[key]")
    name = ".".join(map(str, where))
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
            return Problem(
                shown(path), line, f'"{name}" is {detail["input"]!r}: {message[:1].lower()}{message[1:]}'
            )
