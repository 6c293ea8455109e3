"""The sandboxed language of answers: named numbers, claims and things to show, in Markdown."""

from reportgen.language.groups import Keyed, Series
from reportgen.language.lint import lint
from reportgen.language.numbers import ENGLISH, SWEDISH, Kind, NumberStyle, style_of
from reportgen.language.outcome import (
    CLOSE,
    OPEN,
    TOKEN,
    Answer,
    ClaimOutcome,
    ClaimSource,
    Comparison,
    Evaluated,
    Measured,
    PrintedFact,
    Rendered,
    TestOutcome,
)
from reportgen.language.quantity import Quantity
from reportgen.language.reading import apart, expression_names, mentioned, parse, references, unknown_names
from reportgen.language.rendering import evaluate, render, reprint
from reportgen.language.values import (
    Comparable,
    FactError,
    KindError,
    MissingError,
    Namespace,
    Root,
    Show,
    Term,
    nearest,
    published,
)

__all__ = [
    "CLOSE",
    "ENGLISH",
    "OPEN",
    "SWEDISH",
    "TOKEN",
    "Answer",
    "ClaimOutcome",
    "ClaimSource",
    "Comparable",
    "Comparison",
    "Evaluated",
    "FactError",
    "Keyed",
    "Kind",
    "KindError",
    "Measured",
    "MissingError",
    "Namespace",
    "NumberStyle",
    "PrintedFact",
    "Quantity",
    "Rendered",
    "Root",
    "Series",
    "Show",
    "Term",
    "TestOutcome",
    "apart",
    "evaluate",
    "expression_names",
    "lint",
    "mentioned",
    "nearest",
    "parse",
    "published",
    "references",
    "render",
    "reprint",
    "style_of",
    "unknown_names",
]
