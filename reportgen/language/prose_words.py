"""What stands beside a number in prose and tells what it is: words of a language, as patterns.

Texts of every language speak of neural networks in English words as well, so these always count.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, fields
from functools import cache

from reportgen import locales
from reportgen.locales import Locale

_SPACE = r"[\s\u00a0\u202f]"


@dataclass(frozen=True)
class ProseWords:
    """Words of one language: its table ``[prose]`` in `reportgen.locales`; ``*`` stands for any letters.

    Attributes
    ----------
    percent, units : tuple of str
        What follows a percentage, and a number of things.
    labels, joins : tuple of str
        What comes before the number of a figure or a version, and between two of these.
    level_after, level_before : tuple of str
        What follows or precedes a level of confidence.
    configured, measured, required : tuple of str
        What a number near them is: chosen, a result, or asked for.
    got : tuple of str
        What says that a result follows, after something was asked for.
    """

    percent: tuple[str, ...]
    units: tuple[str, ...]
    labels: tuple[str, ...]
    joins: tuple[str, ...]
    level_after: tuple[str, ...]
    level_before: tuple[str, ...]
    configured: tuple[str, ...]
    measured: tuple[str, ...]
    required: tuple[str, ...]
    got: tuple[str, ...]


@dataclass(frozen=True)
class Patterns:
    """These words as patterns; `grouped` says whether a full stop may group digits."""

    percent: re.Pattern[str]
    unit: re.Pattern[str]
    label: re.Pattern[str]
    level_after: re.Pattern[str]
    level_before: re.Pattern[str]
    configured: re.Pattern[str]
    measured: re.Pattern[str]
    required: re.Pattern[str]
    got: re.Pattern[str]
    grouped: bool


@cache
def patterns(language: Locale | str) -> Patterns:
    """Return the patterns of a language, those of English among them."""
    english = locales.table("en", "prose")
    here = locales.table(language, "prose")
    word = {each.name: _any((*english[each.name], *here[each.name])) for each in fields(ProseWords)}
    return Patterns(
        percent=_made(rf"[\s\u00a0\u202f-]*(?:%|‰|{word['percent']})"),
        unit=_made(rf"{_SPACE}*{word['units']}"),
        label=_made(
            rf"(?:{word['labels']}[.:]?|[§#]){_SPACE}*(?:\d[\d.,–\s-]*(?:{word['joins']}|–|-)?\s*)?$"
        ),
        level_after=_made(rf"[\s\u00a0-]*%?[\s\u00a0-]*{word['level_after']}"),
        level_before=_made(rf"{word['level_before']}\s*(?:=|\b\w{{1,4}}\b)?\s*$"),
        configured=_made(word["configured"]),
        measured=_made(word["measured"]),
        required=_made(word["required"]),
        got=_made(rf"\d|{word['got']}"),
        grouped=locales.table(language, "numbers")["point"] != ".",
    )


def _made(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)


def _any(words: Iterable[str]) -> str:
    """Return a pattern of any of these words, the longest first."""
    return f"(?:{'|'.join(map(_one, sorted(dict.fromkeys(words), key=len, reverse=True)))})"


def _one(word: str) -> str:
    begins = "" if word.startswith("*") else r"(?<!\w)"
    ends = r"\w*" if word.endswith("*") else r"(?!\w)"
    parts = (re.escape(part) for part in word.strip("*").split())
    return begins + r"[\s\u00a0_-]+".join(parts) + ends
