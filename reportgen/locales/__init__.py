"""The words and marks of each language: one TOML file a language, read when it is needed.

A file has the tables ``[numbers]``, ``[document]``, ``[figures]`` and ``[prose]``; their keys are the fields
of `reportgen.language.numbers.NumberStyle`, `reportgen.document.labels.Labels`,
`reportgen.figures.words.Words` and `reportgen.language.prose_words.ProseWords`. The table ``[examples]`` has
what stands for images where the data are none: the longest that fits, so what is not to change stands for
itself. A language is added by adding its file, here or in a project's ``templates/locales/``.
"""

import re
import string
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal

from reportgen import files
from reportgen.errors import InputError, nearest

FOLDER = Path(__file__).parent
BASE = "base"
_TAG = re.compile(r"([a-z]{2,3})(?:-(?:[a-z]{2}|\d{3}))?", re.IGNORECASE)
_OF_WORDS = (("examples",), ("items",))  # what stands in place of which words; a language needs none of them
_ITEM = re.compile(r"\{(one|many|One|Many)\}")
_FREE = ("examples", "items", "prose")  # tables whose lists, or keys, are as long as a language needs
_OF_ANY_LENGTH = ("ordinals",)
Wrong = tuple[tuple[str, ...], str, str]
"""A key, what is wrong with it, and what to do about it."""


@dataclass(frozen=True)
class Locale:
    """The language of a report: its tag, and the text of a project's own file for it, empty where none is."""

    tag: str
    own: str = ""

    def __str__(self) -> str:
        return self.tag


@cache
def known() -> tuple[str, ...]:
    """Return the languages that have a file, such as ``en``."""
    return tuple(sorted(path.stem for path in FOLDER.glob("*.toml")))


def is_tag(text: str) -> bool:
    """Tell whether a text has the form of a tag, such as ``de`` or ``de-AT``."""
    return _TAG.fullmatch(text) is not None


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


def of_examples(language: Locale | str, texts: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return texts of a language that speak of examples where they spoke of images."""
    return _instead(texts, table(language, "examples"))


def of_items(language: Locale | str, texts: Mapping[str, Any], one: str, many: str) -> Mapping[str, Any]:
    """Return texts of a language that speak of `many` items, or of `one`, where they spoke of images."""
    words = {"one": one, "many": many, "One": one[:1].upper() + one[1:], "Many": many[:1].upper() + many[1:]}

    def filled(text: str) -> str:
        return _ITEM.sub(lambda match: words[match[1]].replace("{", "{{").replace("}", "}}"), text)

    return _instead(texts, {old: filled(new) for old, new in table(language, "items").items()})


def _instead(texts: Mapping[str, Any], instead: Mapping[str, str]) -> Mapping[str, Any]:
    """Return texts with other words in place of some."""
    if not instead:
        return texts
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


def table(
    language: Locale | str, name: Literal["numbers", "document", "figures", "prose", "examples", "items"]
) -> Mapping[str, Any]:
    """Return one table of a language, its arrays as tuples.

    Raises
    ------
    InputError
        If it is no tag of a known language.
    """
    own = language.own if isinstance(language, Locale) else ""
    tables = _merged(str(language), own) if own else _read(language_of(str(language)))
    found: Mapping[str, Any] = tables[name]
    return found


def wrong(tag: str, tables: Mapping[str, Any]) -> Iterator[Wrong]:
    """Yield what is wrong in a project's own file for a language, held against English.

    It may leave out what the language of `BASE` says, which is by default the packaged one of the same name.
    """
    base = _base(tag, tables)
    if base and base not in known():
        yield (BASE,), f"there is no language {base!r}", nearest(str(base), known())
        return
    remedy = f'translate it, or begin the file with {BASE} = "en", which stands in for what is left out'
    given = {name: value for name, value in tables.items() if name != BASE}
    yield from _differing(given, _read("en"), (), "" if base else remedy)


def _differing(given: Any, model: Any, at: tuple[str, ...], remedy: str) -> Iterator[Wrong]:
    """Yield where a value is of another shape than its model; `remedy` is for what is missing."""
    match given, model:
        case dict(), Mapping():
            if at in _OF_WORDS:
                yield from (
                    ((*at, key), "is no text", "") for key in given if not isinstance(given[key], str)
                )
                return
            for key in given.keys() - model.keys():
                yield (*at, key), f'unknown key "{key}"', nearest(key, sorted(model))
            for key in model:
                if key in given:
                    yield from _differing(given[key], model[key], (*at, key), remedy)
                elif remedy and (*at, key) not in _OF_WORDS:
                    yield at, f'the key "{".".join((*at, key))}" is missing', remedy
        case str(), str():
            if _gaps(given) != _gaps(model):
                gaps = ", ".join(f"{{{gap}}}" for gap in _gaps(model)) or "no braces"
                yield at, f'"{".".join(at)}" needs {gaps}', f"in English it is {model!r}"
        case bool(), bool():
            return
        case list(), tuple() if _is_like(given, model, at):
            if at[0] not in _FREE and at[-1] not in _OF_ANY_LENGTH:
                for one, other in zip(given, model, strict=True):
                    yield from _differing(one, other, at, remedy)
        case _:
            yield at, f'"{".".join(at)}" is not of the form that it has in English', f"as in {_shown(model)}"


def _is_like(given: list[Any], model: tuple[Any, ...], at: tuple[str, ...]) -> bool:
    """Tell whether a list holds what its model holds."""
    if at[-1] in _OF_ANY_LENGTH:
        return bool(given) and all(_is_pair(each) for each in given) and given[-1][0] == "*"
    texts = all(isinstance(each, str) for each in given)
    return texts and (at[0] in _FREE or len(given) == len(model))


def _is_pair(value: Any) -> bool:
    return isinstance(value, list) and len(value) == 2 and all(isinstance(each, str) for each in value)


def _shown(model: Any) -> str:
    if isinstance(model, Mapping):
        return "a table"
    pairs = isinstance(model, tuple) and isinstance(model[0], tuple)
    return repr(list(map(list, model)) if pairs else model)[:80]


def _gaps(text: str) -> list[str]:
    try:
        return sorted({name for _, name, _, _ in string.Formatter().parse(text) if name is not None})
    except ValueError:
        return ["?"]


def _base(tag: str, tables: Mapping[str, Any]) -> str:
    language = tag.partition("-")[0].lower()
    return str(tables.get(BASE, language if language in known() else ""))


@cache
def _merged(tag: str, own: str) -> Mapping[str, Any]:
    """Return the tables of a project's own file over those of its base, key by key."""
    tables = tomllib.loads(own)
    base = _base(tag, tables)
    given: Mapping[str, Any] = _frozen(tables)
    return _over(_read(base) if base else {name: {} for (name,) in _OF_WORDS}, given)


def _over(base: Mapping[str, Any], given: Mapping[str, Any]) -> Mapping[str, Any]:
    both = {**base, **given}
    return {
        key: _over(base[key], value) if isinstance(value, Mapping) and key in base else value
        for key, value in both.items()
    }


@cache
def _read(language: str) -> Mapping[str, Any]:
    tables: Mapping[str, Any] = _frozen(tomllib.loads(files.text(FOLDER / f"{language}.toml")))
    return tables


def _frozen(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _frozen(each) for key, each in value.items()}
    return tuple(map(_frozen, value)) if isinstance(value, list) else value
