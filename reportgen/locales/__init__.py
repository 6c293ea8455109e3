"""The words and marks of each language: one TOML file a language, read when it is needed.

A file has the tables ``[numbers]``, ``[document]`` and ``[figures]``; their keys are the fields of
`reportgen.language.numbers.NumberStyle`, `reportgen.document.labels.Labels` and
`reportgen.figures.words.Words`. The table ``[examples]`` has what stands for images where the data are none:
the longest that fits, so what is not to change stands for itself. A language is added by adding its file.
"""

import re
import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, Literal

from reportgen import files
from reportgen.errors import InputError, nearest

FOLDER = Path(__file__).parent
_TAG = re.compile(r"([a-z]{2,3})(?:-(?:[a-z]{2}|\d{3}))?", re.IGNORECASE)


@cache
def known() -> tuple[str, ...]:
    """Return the languages that have a file, such as ``en``."""
    return tuple(sorted(path.stem for path in FOLDER.glob("*.toml")))


@cache
def language_of(tag: str) -> str:
    """Return the language of a tag, without its region: ``de`` for ``de-AT``.

    Raises
    ------
    InputError
        If it is no tag of a known language.
    """
    match = _TAG.fullmatch(tag)
    if match is None or match[1].lower() not in known():
        raise InputError(f"there is no language {tag!r} ({nearest(tag[:2].lower(), known())})")
    return match[1].lower()


def of_examples(tag: str, texts: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return texts of a language that speak of examples where they spoke of images."""
    instead: Mapping[str, str] = table(tag, "examples")
    longest = sorted(instead, key=len, reverse=True)
    found = re.compile(rf"(?<![\w{{])(?:{'|'.join(map(re.escape, longest))})(?!\w)")

    def told(value: Any) -> Any:
        match value:
            case str():
                return found.sub(lambda match: instead[match[0]], value)
            case tuple():
                return tuple(map(told, value))
        return value

    return {key: told(value) for key, value in texts.items()}


def table(tag: str, name: Literal["numbers", "document", "figures", "examples"]) -> Mapping[str, Any]:
    """Return one table of the language of a tag, its arrays as tuples.

    Raises
    ------
    InputError
        If it is no tag of a known language.
    """
    found: Mapping[str, Any] = _read(language_of(tag))[name]
    return found


@cache
def _read(language: str) -> Mapping[str, Any]:
    tables: Mapping[str, Any] = _frozen(tomllib.loads(files.text(FOLDER / f"{language}.toml")))
    return tables


def _frozen(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _frozen(each) for key, each in value.items()}
    return tuple(map(_frozen, value)) if isinstance(value, list) else value
