"""Kinds of quantities: which kind results from arithmetic on two.

====================  =======================================================
operation             gives
====================  =======================================================
``K - K``, ``K + K``  K; but share − share is points
``share ± points``    share
``K ± x``             K, for a bare number x; but share − x is points
``1 - share``         share
``K * x``, ``K / x``  K, for a bare number, a number, a rate or a ratio x
``K / K``             ratio
``share * count``     count
``seconds * count``   seconds; ``seconds / count`` too
====================  =======================================================
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final, Literal

from reportgen.language.numbers import Kind

BARE: Final = "bare"
PLAIN: Final = frozenset({"number", "ratio", "rate"})
Operand = Kind | Literal["bare"]

_NAMES: Final[Mapping[str, str]] = {
    "share": "a share",
    "points": "a difference of shares",
    "count": "a count",
    "loss": "a loss",
    "seconds": "a time",
    "rate": "a rate",
    "ratio": "a ratio",
    "probability": "a probability",
    "number": "a number",
    "amount": "an amount in the unit of the target",
    "label": "a label",
    BARE: "a bare number",
}


def kind_name(kind: Operand) -> str:
    """Return what to call a kind in a message."""
    return _NAMES[kind]


def alike(left: Kind, right: Kind) -> bool:
    """Return whether two kinds may be compared."""
    return left == right or (left in PLAIN and right in PLAIN)


def _scales(kind: Operand) -> bool:
    return kind == BARE or kind in PLAIN


def difference(left: Operand, right: Operand) -> Kind | None:
    """Return the kind of ``left - right``, or None where there is none."""
    if left == "share" and right in ("share", BARE):
        return "points"
    if left == BARE and right == "share":
        return "points"
    if left == "share" and right == "points":
        return "share"
    return _alike_sum(left, right)


def total(left: Operand, right: Operand) -> Kind | None:
    """Return the kind of ``left + right``, or None where there is none."""
    if {left, right} in ({"share"}, {"share", "points"}):
        return "share"
    return _alike_sum(left, right)


def _alike_sum(left: Operand, right: Operand) -> Kind | None:
    if "label" in (left, right) or left == "share" or right == "share":
        return None
    if left == BARE:
        return None if right == BARE else right
    if right == BARE or left == right:
        return left
    return "number" if left in PLAIN and right in PLAIN else None


def product(left: Operand, right: Operand) -> Kind | None:
    """Return the kind of ``left * right``, or None where there is none."""
    pair = {left, right}
    if "label" in pair:
        return None
    if pair == {"share", "count"} or pair == {"count"}:
        return "count"
    if pair == {"seconds", "count"}:
        return "seconds"
    if _scales(right):
        return right if left == BARE and right != BARE else None if left == BARE else left
    return right if _scales(left) and right != BARE else None


def quotient(left: Operand, right: Operand) -> Kind | None:
    """Return the kind of ``left / right``, or None where there is none."""
    if "label" in (left, right):
        return None
    if left == right:
        return "ratio"
    if left == "seconds" and right == "count":
        return "seconds"
    if _scales(right):
        return "number" if left == BARE else left
    return "number" if left == BARE and right == "count" else None


RULES: Final[Mapping[str, tuple[str, Callable[[Operand, Operand], Kind | None]]]] = {
    "+": ("add", total),
    "-": ("subtract", difference),
    "*": ("multiply", product),
    "/": ("divide", quotient),
}
