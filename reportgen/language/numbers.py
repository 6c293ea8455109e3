"""Format numbers by kind of quantity and by language.

A kind says what a number measures, and so how it prints, what it may be compared with and what
arithmetic makes of it (see `reportgen.language.quantity`).
"""

import math
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import cache
from typing import Final, Literal, get_args

from reportgen import locales
from reportgen.locales import Locale

Kind = Literal[
    "share",
    "points",
    "count",
    "loss",
    "seconds",
    "rate",
    "ratio",
    "probability",
    "number",
    "label",
    "amount",
]
KINDS: Final[tuple[str, ...]] = get_args(Kind)

NBSP: Final = "\N{NO-BREAK SPACE}"
NARROW: Final = "\N{NARROW NO-BREAK SPACE}"
MINUS: Final = "\N{MINUS SIGN}"
_SUPERSCRIPT = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


@dataclass(frozen=True)
class NumberStyle:
    """Marks and words of one language: its table ``[numbers]`` in `reportgen.locales`.

    Attributes
    ----------
    point, group : str
        Decimal mark, and separator of thousands.
    percent : str
        Percent sign, with the space before it.
    points : tuple of str
        Name of a percentage point, one and many.
    below_two_is_one : bool
        Whether everything below two is singular, as in French; else only one itself is.
    conjunction, to, unmeasured, diverged, undefined : str
        "and"; "to", between the ends of a range; what stands for a number that is not there yet, for one
        that turned NaN in training, and for one that can't be, such as a share of no images.
    small : tuple of str
        The numbers from zero to twelve in words.
    ordinals : tuple of pairs of str
        Endings of ordinal numbers: the first whose pattern (``*1`` is any number that ends in 1) matches.
    """

    point: str
    group: str
    percent: str
    points: tuple[str, str]
    below_two_is_one: bool
    conjunction: str
    to: str
    unmeasured: str
    diverged: str
    undefined: str
    small: tuple[str, ...]
    ordinals: tuple[tuple[str, str], ...]


@cache
def style_of(language: Locale | str) -> NumberStyle:
    """Return the style of a language tag such as ``sv`` or ``sv-FI``.

    Raises
    ------
    InputError
        If the language is not known.
    """
    return NumberStyle(**locales.table(language, "numbers"))


def decimal(value: float, digits: int, style: NumberStyle) -> str:
    """Return `value` with `digits` decimals: ``12,523,266.0``; a negative zero loses its sign.

    Four-digit whole numbers are grouped as well: ``1,250``.
    """
    text = f"{abs(value):,.{digits}f}"
    sign = MINUS if value < 0 and any(digit in "123456789" for digit in text) else ""
    return sign + text.translate({ord(","): style.group, ord("."): style.point})


def shortest(value: float, style: NumberStyle) -> str:
    """Return a configured number as its author wrote it: ``0.01``, ``0.9``, ``1 × 10⁻⁶``."""
    if value == int(value) and abs(value) < 1e15:
        return decimal(value, 0, style)
    text = repr(float(value))
    if "e" in text or abs(value) < 1e-4:
        return scientific(value, max(len(f"{value:.15g}".partition("e")[0].replace(".", "")) - 1, 0), style)
    return decimal(value, len(text.partition(".")[2]), style)


def scientific(value: float, digits: int, style: NumberStyle) -> str:
    """Return ``6.3 × 10⁻⁴``; the factor 1 is written too."""
    mantissa, _, exponent = f"{value:.{digits}e}".partition("e")
    factor = mantissa.rstrip("0").rstrip(".") if "." in mantissa and digits > 6 else mantissa
    shown = factor.replace("-", MINUS).replace(".", style.point)
    return f"{shown}{NBSP}×{NBSP}10{str(int(exponent)).translate(_SUPERSCRIPT)}"


def significant(value: float, digits: int, style: NumberStyle) -> str:
    """Return `value` to `digits` significant digits, never in powers of ten: ``153``, ``1.53``, ``0.053``."""
    if value == 0:
        return "0"
    decimals = max(digits - 1 - math.floor(math.log10(abs(value))), 0)
    return decimal(value, min(decimals, 6), style)


def percent(value: float, digits: int, style: NumberStyle) -> str:
    """Return a share of 1 as ``63.1 %``."""
    return decimal(100 * value, digits, style) + style.percent


def points(value: float, digits: int, style: NumberStyle) -> str:
    """Return a difference of shares as ``1.2 points``."""
    name = style.points[many(100 * value, digits, style)]
    return decimal(100 * value, digits, style) + NBSP + name


def many(value: float, digits: int, style: NumberStyle) -> bool:
    """Return whether a number with `digits` decimals takes the plural."""
    size = round(abs(value), digits)
    return size >= 2 if style.below_two_is_one else size != 1 or digits > 0


def ordinal(number: int, style: NumberStyle) -> str:
    """Return the place in an order: ``3rd``."""
    ending = next(ending for pattern, ending in style.ordinals if fnmatchcase(str(number), pattern))
    return decimal(number, 0, style) + ending


def span(lower: float, upper: float, digits: int, style: NumberStyle, *, difference: bool = False) -> str:
    """Return a range of shares as ``62.2–64.0 %``, or of points as ``−0.8 to 1.2 points``."""
    start = decimal(100 * lower, digits, style)
    if difference:  # a dash would be taken for a minus
        return f"{start} {style.to} {points(upper, digits, style)}"
    return f"{start}–{percent(upper, digits, style)}"


def reach(lower: float, upper: float, style: NumberStyle) -> str:
    """Return a range of amounts as ``44.9 to 51.2``."""
    return f"{significant(lower, 3, style)} {style.to} {significant(upper, 3, style)}"


def duration(seconds: float, style: NumberStyle) -> str:
    """Return ``9.8 s``, ``155 s``, ``12.4 min`` or ``3.1 h``."""
    for limit, unit, length in (
        (100, "s", 1.0),
        (300, "s", 1.0),
        (7200, "min", 60.0),
        (math.inf, "h", 3600.0),
    ):
        if abs(seconds) < limit:
            return decimal(seconds / length, 0 if limit == 300 else 1, style) + NBSP + unit
    raise AssertionError("no limit is above infinity")  # pragma: no cover


def probability(value: float, style: NumberStyle) -> str:
    """Return a p-value as ``0.031``, or ``< 0.001``."""
    if value < 0.001:
        return f"<{NBSP}{decimal(0.001, 3, style)}"
    return decimal(value, 3 if value < 0.1 else 2, style)


def printed(value: float, kind: Kind, style: NumberStyle) -> str:
    """Return a number in the form that suits its kind."""
    if math.isnan(value):
        return style.diverged
    if math.isinf(value):
        return (MINUS if value < 0 else "") + "∞"
    match kind:
        case "share":
            return percent(value, 1, style)
        case "points":
            return points(value, 1, style)
        case "count":
            return decimal(value, 0 if value == int(value) else 1, style)
        case "loss":
            return decimal(value, 3, style)
        case "seconds":
            return duration(value, style)
        case "ratio" | "amount":
            return significant(value, 3, style)
        case "probability":
            return probability(value, style)
        case "label":
            return str(int(value))
        case _:
            return shortest(value, style)
