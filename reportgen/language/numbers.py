"""Format numbers by kind of quantity and by language.

A kind says what a number measures, and so how it prints, what it may be compared with and what
arithmetic makes of it (see `reportgen.language.quantity`).
"""

import math
from dataclasses import dataclass
from typing import Final, Literal, get_args

Kind = Literal[
    "share", "points", "count", "loss", "seconds", "rate", "ratio", "probability", "number", "label"
]
KINDS: Final[tuple[str, ...]] = get_args(Kind)

NBSP: Final = "\N{NO-BREAK SPACE}"
MINUS: Final = "\N{MINUS SIGN}"
_SUPERSCRIPT = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


@dataclass(frozen=True)
class NumberStyle:
    """Marks and words of one language.

    Attributes
    ----------
    point, group : str
        Decimal mark, and separator of thousands.
    points : tuple of str
        Name of a percentage point, one and many.
    conjunction, to, unmeasured, diverged, undefined : str
        "and"; "to", between the ends of a range; what stands for a number that is not there yet, for one
        that turned NaN in training, and for one that can't be, such as a share of no images.
    small : tuple of str
        The numbers from zero to twelve in words.
    """

    language: str
    point: str
    group: str
    points: tuple[str, str]
    conjunction: str
    to: str
    unmeasured: str
    diverged: str
    undefined: str
    small: tuple[str, ...]


_ENGLISH = "zero one two three four five six seven eight nine ten eleven twelve"
_SWEDISH = "noll ett två tre fyra fem sex sju åtta nio tio elva tolv"
ENGLISH: Final = NumberStyle(
    language="en",
    point=".",
    group=",",
    points=("point", "points"),
    conjunction="and",
    to="to",
    unmeasured="not measured",
    diverged="diverged",
    undefined="undefined",
    small=tuple(_ENGLISH.split()),
)
SWEDISH: Final = NumberStyle(
    language="sv",
    point=",",
    group=NBSP,
    points=("procentenhet", "procentenheter"),
    conjunction="och",
    to="till",
    unmeasured="inte uppmätt",
    diverged="divergerade",
    undefined="odefinierat",
    small=tuple(_SWEDISH.split()),
)


def style_of(language: str) -> NumberStyle:
    """Return the style of a language tag such as ``sv`` or ``sv-FI``; English for those not known."""
    return SWEDISH if language.lower().partition("-")[0] == "sv" else ENGLISH


def decimal(value: float, digits: int, style: NumberStyle = ENGLISH, *, grouped: bool = True) -> str:
    """Return `value` with `digits` decimals: ``12,523,266.0``; a negative zero loses its sign.

    Four-digit whole numbers are grouped as well: ``1,250``.
    """
    text = f"{abs(value):,.{digits}f}"
    sign = MINUS if value < 0 and any(digit in "123456789" for digit in text) else ""
    return sign + text.translate({ord(","): style.group if grouped else "", ord("."): style.point})


def shortest(value: float, style: NumberStyle = ENGLISH) -> str:
    """Return a configured number as its author wrote it: ``0.01``, ``0.9``, ``1 × 10⁻⁶``."""
    if value == int(value) and abs(value) < 1e15:
        return decimal(value, 0, style)
    text = repr(float(value))
    if "e" in text or abs(value) < 1e-4:
        return scientific(value, max(len(f"{value:.15g}".partition("e")[0].replace(".", "")) - 1, 0), style)
    return decimal(value, len(text.partition(".")[2]), style)


def scientific(value: float, digits: int, style: NumberStyle = ENGLISH) -> str:
    """Return ``6.3 × 10⁻⁴``; the factor 1 is written too."""
    mantissa, _, exponent = f"{value:.{digits}e}".partition("e")
    factor = mantissa.rstrip("0").rstrip(".") if "." in mantissa and digits > 6 else mantissa
    shown = factor.replace("-", MINUS).replace(".", style.point)
    return f"{shown}{NBSP}×{NBSP}10{str(int(exponent)).translate(_SUPERSCRIPT)}"


def significant(value: float, digits: int, style: NumberStyle = ENGLISH) -> str:
    """Return `value` to `digits` significant digits, never in powers of ten: ``153``, ``1.53``, ``0.053``."""
    if value == 0:
        return "0"
    decimals = max(digits - 1 - math.floor(math.log10(abs(value))), 0)
    return decimal(value, min(decimals, 6), style)


def percent(value: float, digits: int, style: NumberStyle = ENGLISH) -> str:
    """Return a share of 1 as ``63.1 %``."""
    return decimal(100 * value, digits, style) + NBSP + "%"


def points(value: float, digits: int, style: NumberStyle = ENGLISH) -> str:
    """Return a difference of shares as ``1.2 points``."""
    text = decimal(100 * value, digits, style)
    one = text.lstrip(MINUS) == decimal(1, digits, style) and digits == 0
    return text + NBSP + style.points[0 if one else 1]


def span(
    lower: float, upper: float, digits: int, style: NumberStyle = ENGLISH, *, difference: bool = False
) -> str:
    """Return a range of shares as ``62.2–64.0 %``, or of points as ``−0.8 to 1.2 points``."""
    start = decimal(100 * lower, digits, style)
    if difference:  # a dash would be taken for a minus
        return f"{start} {style.to} {points(upper, digits, style)}"
    return f"{start}–{percent(upper, digits, style)}"


def duration(seconds: float, style: NumberStyle = ENGLISH) -> str:
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


def probability(value: float, style: NumberStyle = ENGLISH) -> str:
    """Return a p-value as ``0.031``, or ``< 0.001``."""
    if value < 0.001:
        return f"<{NBSP}{decimal(0.001, 3, style)}"
    return decimal(value, 3 if value < 0.1 else 2, style)


def printed(value: float, kind: Kind, style: NumberStyle = ENGLISH) -> str:
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
        case "ratio":
            return significant(value, 3, style)
        case "probability":
            return probability(value, style)
        case "label":
            return str(int(value))
        case _:
            return shortest(value, style)
